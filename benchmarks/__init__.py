"""How fast the heavy steps are: `make bench`, or `python -m benchmarks slips` for one of them.

    import    3,000 rows of an Excel list, as the wizard reads them
    plan      a commune of 365 and a district of 3,500 members, proposed by the planner
    waiting   plans of many shapes and of a city, played by the simulator; the plain rules of an office on the same day
    slips     1,000 slips on A5 in one PDF, beside the same pages without their QR codes
    counter   check-ins and the search by name over HTTP, beside bare Flask + SQLAlchemy doing the least that could do
    match     3,500 rows against 40,000 population records, judged against known answers, beside two quick ways

Seconds depend on the machine and on whatever else runs on it; ratios hardly do. So whatever can be measured beside
something bare is: in the same run, in turns, the median of the turns. A missed goal is printed, never an error: a
busy machine must not turn a build red. The goals and one run stand in docs/performance.md.
"""
