"""The planner: cells into windows, members onto arrival times. Pure: no database, no web, no clock.

``engine.plan`` is the way in; ``free_time`` serves booking by hand; ``difference`` compares two plans; ``files``
reads and writes them. Source: Kaandorp & Koole 2007 (doi 10.1007/s10729-007-9015-x); Zacharias & Pinedo 2017; Kuiper
& Lee 2022; own simulations.
"""
