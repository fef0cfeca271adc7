"""Same-day delays: later only, an hour's notice, a dead band, the order kept, inside the window, nobody lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cardqueue.lib.intervals import Interval
from cardqueue.scheduling.rules.delays import (
    LEAD,
    Delay,
    Due,
    Later,
    Pulse,
    is_sound,
    last_time,
    lines_of,
    measure,
    still_in_time,
)

START = datetime(2030, 8, 9, 0, 0, tzinfo=UTC)
WINDOW = Interval(START, START + timedelta(minutes=270))
IN_TIME = Pulse(0, (), 0, None, 2)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def plan(count: int, *, every: int = 5, per_step: int = 2, come_until: int = -1) -> list[Due]:
    """Two members every five minutes, who take five minutes of a line each; two lines."""
    return [Due(n + 1, at(n // per_step * every), 500, n // per_step * every <= come_until) for n in range(count)]


def late_by(pulse: Pulse, due: list[Due], now: int = 30, *, lines: int = 2) -> Delay:
    return measure(WINDOW, lines, due, pulse, 5.0, at(now))


def test_a_station_on_time_moves_nobody() -> None:
    delay = late_by(IN_TIME, plan(80, come_until=30))
    assert (delay.minutes, delay.later, delay.unserved_count) == (0, (), 0)


def test_a_queue_of_ten_before_two_lines_of_five_minutes_is_a_delay_of_about_25_minutes() -> None:
    delay = late_by(Pulse(12, (), 0, None, 2), plan(60, come_until=30))
    assert delay.minutes == 25
    moves = {later.appointment_id: later.to_at - later.from_at for later in delay.later}
    assert moves == {n: timedelta(minutes=25) for n in range(37, 61)}
    assert min(later.from_at for later in delay.later) == at(90)


def test_a_gap_in_the_plan_swallows_the_delay() -> None:
    before = plan(26, come_until=30)
    after = [Due(100 + n, at(150 + n // 2 * 5), 500, False) for n in range(20)]
    assert late_by(Pulse(12, (), 0, None, 2), before + after).later == ()


def test_less_than_the_dead_band_is_not_worth_telling() -> None:
    assert late_by(Pulse(7, (), 0, None, 2), plan(60, come_until=30)).later == ()


def test_a_pace_slower_than_planned_makes_later_members_later() -> None:
    slow = Pulse(8, (1.0, 2.0), 12, 7.0, 2)
    delay = late_by(slow, plan(60, come_until=30))
    moves = [later.to_at - later.from_at for later in delay.later]
    assert moves == sorted(moves) and moves[-1] > moves[0]
    assert delay.unserved_count == 0


def test_a_lost_line_counts_only_while_people_wait_for_it() -> None:
    assert lines_of(Pulse(0, (), 9, 5.0, 1), 2) == 2
    assert lines_of(Pulse(4, (), 9, 5.0, 1), 2) == 1
    assert lines_of(Pulse(4, (), 9, 5.0, 0), 2) == 2


def test_whoever_would_not_have_a_turn_before_the_end_is_counted() -> None:
    due = [Due(n + 1, at(n // 2 * 5), 500, n // 2 * 5 <= 30) for n in range(108)]
    delay = late_by(Pulse(30, (), 0, None, 2), due)
    assert delay.unserved_count > 0
    assert max(later.to_at for later in delay.later) <= last_time(WINDOW)


def test_a_line_that_was_taken_away_since_is_a_delay() -> None:
    # Planned for two lines, the window has one by now; whoever has come has been served.
    assert late_by(Pulse(4, (), 10, 5.0, 1), plan(60, come_until=30), lines=1).later
    assert not late_by(Pulse(2, (), 10, 5.0, 2), plan(60, come_until=30), lines=2).later


def test_a_window_without_a_line_says_nothing() -> None:
    assert late_by(Pulse(9, (), 0, None, 0), plan(20), lines=0).later == ()


def test_a_move_whose_hour_has_begun_is_left_out() -> None:
    due = {one.appointment_id: one for one in plan(60)}
    moves = [Later(1, at(90), at(110)), Later(2, at(95), at(115))]
    assert still_in_time(moves, due, at(31)) == moves[1:]


def test_moves_are_unsound_when_they_are_earlier_too_late_off_the_grid_or_overtake() -> None:
    due = [Due(1, at(100), 500, False), Due(2, at(110), 500, False)]
    assert is_sound([Later(1, at(100), at(115)), Later(2, at(110), at(125))], due, WINDOW)
    assert not is_sound([Later(1, at(100), at(115))], due, WINDOW)
    assert not is_sound([Later(2, at(110), at(95))], due, WINDOW)
    assert not is_sound([Later(2, at(110), at(270))], due, WINDOW)
    assert not is_sound([Later(2, at(110), at(127))], due, WINDOW)


dues = st.lists(st.tuples(st.integers(0, 53), st.integers(100, 900), st.booleans()), min_size=0, max_size=70).map(
    lambda rows: [Due(n, at(5 * step), work, has_come) for n, (step, work, has_come) in enumerate(rows, start=1)]
)
pulses = st.builds(
    Pulse,
    st.integers(0, 60),
    st.lists(st.floats(0, 60), max_size=4).map(tuple),
    st.integers(0, 40),
    st.one_of(st.none(), st.floats(0.5, 30)),
    st.integers(0, 4),
)


@settings(max_examples=300, deadline=None)
@given(due=dues, pulse=pulses, now=st.integers(0, 269), lines=st.integers(0, 4))
def test_every_promise_holds_whatever_happens_at_the_counter(
    due: list[Due], pulse: Pulse, now: int, lines: int
) -> None:
    delay = measure(WINDOW, lines, due, pulse, 5.0, at(now))
    by_id = {one.appointment_id: one for one in due}
    assert delay.minutes >= 0
    assert len({later.appointment_id for later in delay.later}) == len(delay.later)
    for later in delay.later:
        one = by_id[later.appointment_id]
        assert later.from_at == one.arrive_at and not one.has_come
        assert later.to_at > later.from_at
        assert later.from_at >= at(now) + LEAD
        assert later.to_at <= last_time(WINDOW)
        assert later.to_at.minute % 5 == 0
    assert is_sound(delay.later, [one for one in due if not one.has_come], WINDOW)
    assert still_in_time(delay.later, by_id, at(now)) == list(delay.later)
    assert measure(WINDOW, lines, list(reversed(due)), pulse, 5.0, at(now)) == delay


@settings(max_examples=100, deadline=None)
@given(due=dues, pulse=pulses, now=st.integers(0, 200))
def test_a_longer_queue_never_makes_anybody_come_sooner(due: list[Due], pulse: Pulse, now: int) -> None:
    longer = Pulse(
        pulse.waiting_count + 6,
        pulse.serving_minutes,
        pulse.finished_count,
        pulse.finished_minutes,
        # All lines at work in both, so that the queue alone differs.
        0,
    )
    shorter = Pulse(pulse.waiting_count, pulse.serving_minutes, pulse.finished_count, pulse.finished_minutes, 0)
    one, other = (measure(WINDOW, 2, due, each, 5.0, at(now)) for each in (shorter, longer))
    assert one.minutes <= other.minutes
    later = {move.appointment_id: move.to_at for move in other.later}
    assert all(later.get(move.appointment_id, move.from_at) >= move.to_at for move in one.later)


@settings(max_examples=200, deadline=None)
@given(due=dues, pulse=pulses, now=st.integers(0, 200), lines=st.integers(1, 4))
def test_nobody_is_told_twice_of_the_same_delay(due: list[Due], pulse: Pulse, now: int, lines: int) -> None:
    moved = {later.appointment_id: later.to_at for later in measure(WINDOW, lines, due, pulse, 5.0, at(now)).later}
    after = [
        Due(one.appointment_id, moved.get(one.appointment_id, one.arrive_at), one.work, one.has_come) for one in due
    ]
    again = measure(WINDOW, lines, after, pulse, 5.0, at(now)).later
    assert not {later.appointment_id for later in again} & moved.keys()
