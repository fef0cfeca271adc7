"""The simulator: small cases reckoned by hand, people who neither vanish nor double, and known scenarios."""

import json
from dataclasses import replace
from datetime import timedelta
from math import inf
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from cardqueue.scheduling.cli import plan as plan_command
from cardqueue.scheduling.cli import simulate as simulate_command
from cardqueue.scheduling.planner.engine import plan
from cardqueue.scheduling.planner.shapes import Params, Plan, Problem, Reserve, Slip
from cardqueue.scheduling.simulator.files import result_table
from cardqueue.scheduling.simulator.guests import Crowd, Invitation
from cardqueue.scheduling.simulator.playing import percentile, simulate
from cardqueue.scheduling.simulator.serving import serve
from cardqueue.scheduling.simulator.shapes import Guest, Scenario
from tests.factories.instances import make_campaign, make_cell, make_window
from tests.unit.scheduling.test_files import INSTANCE

CERTAIN = Params(cv=0.0, no_show=0.0, walkin=0.0, late_mean=0.0, late_sd=0.0)
AS_PLANNED = Scenario(speed_spread=0.0)


def all_at_the_opening(size: int, *, lines: int = 1, params: Params = CERTAIN) -> tuple[Problem, Plan]:
    problem = Problem((make_window(lines=lines),), (make_cell("C", size),), params)
    slips = tuple(Slip(member.id, make_window().id, make_window().start) for member in problem.cells[0].members)
    return problem, Plan((), slips, (), (), (), ())


def test_three_who_come_at_once_to_one_line_wait_0_4_and_8_minutes() -> None:
    result = simulate(*all_at_the_opening(3), runs=2, scenario=AS_PLANNED)
    assert result.mean_wait == pytest.approx(4.0)
    assert result.p95_wait == pytest.approx(8.0)
    assert result.overtime == 0
    assert [moment.p50 for moment in result.windows[0].room] == [0, 0, 0, 3, 2, 1, 0]


def test_seventy_at_the_opening_of_one_line_of_270_minutes_work_10_minutes_longer() -> None:
    assert simulate(*all_at_the_opening(70), runs=1, scenario=AS_PLANNED).overtime == pytest.approx(10.0)


def test_a_pooled_queue_calls_the_earliest_slip_and_never_punishes_the_punctual() -> None:
    late = Guest("late", due=0, arrive=9, service=5)
    punctual = Guest("punctual", due=5, arrive=5, service=5)
    early = Guest("early", due=8, arrive=1, service=5)
    busy = Guest("busy", due=0, arrive=0, service=10)
    visits = serve([busy, early, punctual, late], [1.0])
    assert [(visit.guest.name, visit.start) for visit in visits] == [
        ("busy", 0),
        ("punctual", 10),
        ("early", 15),
        ("late", 20),
    ]
    assert [visit.wait for visit in visits] == [0, 5, 7, 11]


def test_served_before_the_slip_is_no_wait() -> None:
    (visit,) = serve([Guest("early", due=30, arrive=-5, service=4)], [2.0])
    assert (visit.start, visit.end, visit.wait) == (0, 2, 0)


def test_an_outage_delays_who_is_being_served_and_who_comes() -> None:
    guests = [Guest("before", 0, 0, 6), Guest("amid", 7, 7, 4)]
    assert [(visit.start, visit.end) for visit in serve(guests, [1.0], outage=(5.0, 30.0))] == [(0, 31), (31, 35)]
    assert serve(guests[1:], [1.0], outage=(5.0, 30.0))[0].start == 30


def test_without_a_line_nobody_can_be_served() -> None:
    with pytest.raises(ValueError, match="line"):
        serve([Guest("a", 0, 0, 4)], [])


@pytest.mark.parametrize("seed", range(5))
def test_everybody_who_comes_is_served_once_one_at_a_time_per_line_and_nobody_before_coming(seed: int) -> None:
    invitations = [Invitation(f"M{i:03}", f"C{i // 9}", float(i // 4 * 5), i % 7 == 0) for i in range(150)]
    draw = Random(seed)
    guests = Crowd(invitations, 270, Params(), Scenario()).guests(draw)
    visits = serve(guests, [0.95, 1.0, 1.05])
    assert sorted(visit.guest.name for visit in visits) == sorted(guest.name for guest in guests)
    assert all(visit.start >= max(0.0, visit.guest.arrive) and visit.end > visit.start for visit in visits)
    for visit in visits:
        assert sum(other.start <= visit.start < other.end for other in visits) <= 3


def test_as_many_come_as_the_parameters_say_and_not_outside_the_bounds_of_lateness() -> None:
    invitations = [Invitation(f"M{i:04}", f"C{i // 20}", 60.0) for i in range(2_000)]
    guests = Crowd(invitations, 270, Params(late_sd=30.0), Scenario()).guests(Random(1))
    invited = [guest for guest in guests if guest.is_invited]
    assert len(invited) == pytest.approx(2_000 * 0.92, rel=0.02)
    assert len(guests) - len(invited) == pytest.approx(2_000 * 0.03, rel=0.3)
    assert min(guest.arrive for guest in invited) == 45 and max(guest.arrive for guest in invited) == 80
    assert sum(guest.service for guest in guests) / len(guests) == pytest.approx(4.0, rel=0.03)


def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    problem = make_campaign(1, 300, 2)
    proposal = plan(problem)
    assert simulate(problem, proposal, runs=5, seed=4) == simulate(problem, proposal, runs=5, seed=4)
    assert simulate(problem, proposal, runs=5, seed=4) != simulate(problem, proposal, runs=5, seed=5)


def test_slower_later_fewer_and_interrupted_is_worse() -> None:
    problem = make_campaign(1, 300, 1)
    proposal = plan(problem)
    usual = simulate(problem, proposal, runs=20)
    for scenario in (Scenario(slow=1.15), Scenario(lost_lines=1), Scenario(outage_min=25)):
        assert simulate(problem, proposal, runs=20, scenario=scenario).mean_wait > usual.mean_wait
    later = simulate(problem, proposal, runs=20, scenario=Scenario(later_min=15))
    assert later.overtime >= usual.overtime


def test_a_reserve_given_away_brings_its_people() -> None:
    problem, few = all_at_the_opening(3)
    window = problem.windows[0]
    kept = replace(few, reserve=(Reserve(window.id, window.end - timedelta(minutes=40), window.end, 4),))
    assert simulate(problem, kept, runs=1, scenario=AS_PLANNED).served == 3
    assert simulate(problem, kept, runs=1, scenario=replace(AS_PLANNED, make_ups=1.0)).served == 7


def test_a_plan_without_people_gives_zeros() -> None:
    result = simulate(Problem((make_window(),), ()), Plan((), (), (), (), (), ()), runs=3)
    assert (result.invited, result.mean_wait, result.p95_wait, result.overtime) == (0, 0.0, 0.0, 0.0)
    assert len(list(result_table(result))) == 2


def test_the_percentile_is_the_smallest_value_that_the_share_does_not_exceed() -> None:
    assert percentile([1.0, 2.0, 3.0, inf], 0.5) == 2.0
    assert percentile([1.0, 2.0, 3.0], 1.0) == 3.0
    assert percentile([], 0.5) == 0.0


def test_the_command_prints_a_line_per_window_and_writes_the_same_figures(tmp_path: Path) -> None:
    instance, proposal, out = (tmp_path / name for name in ("instance.json", "plan.json", "result.json"))
    instance.write_text(json.dumps(INSTANCE), encoding="utf-8")
    planned = CliRunner().invoke(plan_command, [str(instance), "--out", str(proposal), "--simulate"])
    assert planned.exit_code == 0 and "mean wait" in planned.output
    args = [str(instance), str(proposal), "--runs", "5", "--slow", "1.15", "--out", str(out)]
    done = CliRunner().invoke(simulate_command, args)
    assert done.exit_code == 0, done.output
    document = json.loads(out.read_text(encoding="utf-8"))
    assert document["schema"] == "cardqueue-simulation/1"
    assert document["instance"] == "small" and document["runs"] == 5
    assert document["overall"]["invited"] == 140
    assert done.output.splitlines()[0].startswith("window")
    assert len(done.output.splitlines()) == len(document["windows"]) + 2


def test_a_bad_plan_file_ends_with_2_and_a_line_per_fault(tmp_path: Path) -> None:
    instance, proposal = tmp_path / "instance.json", tmp_path / "plan.json"
    instance.write_text(json.dumps(INSTANCE), encoding="utf-8")
    faulty = {"schema": "cardqueue-plan/1", "members": [{"id": 3, "arrive": "soon"}], "reserve": [{"window": "D1S"}]}
    proposal.write_text(json.dumps(faulty), encoding="utf-8")
    done = CliRunner().invoke(simulate_command, [str(instance), str(proposal)])
    assert done.exit_code == 2
    assert "plan.json: members[0].id" in done.stderr and "plan.json: reserve[0].start" in done.stderr
