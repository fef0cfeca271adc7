"""The automatic plan: a proposal that books nothing, and publishing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import to_local
from cardqueue.organisation.models import Campaign, Cell, Window
from cardqueue.scheduling.models import Appointment, Block, Plan, PlanState
from cardqueue.scheduling.planner import engine, shapes
from cardqueue.scheduling.queries import (
    Standing,
    booked_in,
    cells_of,
    committee_minutes,
    find_proposal,
    list_open_windows,
    list_standings,
    quotas_of,
    travel_minutes,
    windows_by_id,
    wishes_of_committee,
)
from cardqueue.scheduling.rules.measures import key, planner_window, queue_minutes, wall_clock
from cardqueue.scheduling.rules.planning import Booked, Guest, Question, to_problem, to_proposal
from cardqueue.scheduling.rules.proposal import Mode, Proposal, Turn
from cardqueue.scheduling.rules.whatif import Kind, Outlook, Variant, choices, outlook, remedy, vary
from cardqueue.scheduling.services.agreeing import require_agreed
from cardqueue.scheduling.services.ledger import (
    Seat,
    drop_empty_blocks,
    end_appointments,
    lock_stations,
    require_open,
    seat_members,
)

# A plan made before others booked may still fit and yet send everybody at the same hour: from here on, look again.
CROWDED_MINUTES = 20


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did, in members; `skipped` got no time because their case or appointment had changed since."""

    created_count: int
    moved_count: int
    kept_count: int
    cancelled_count: int
    skipped_count: int


def plan_campaign(
    session: Session, campaign: Campaign, committee_id: int, mode: Mode, *, at: datetime, until_on: date | None = None
) -> Plan:
    """Let the planner propose times for a committee's members; nothing is booked yet. It replaces an open proposal.

    With `until_on`, nobody new is placed after that day.

    Raises: Refused("NO_WINDOWS"), Refused("NOBODY_TO_PLACE"), Refused("PLANNING_CLOSED").
    """
    asked = _ask(session, campaign, committee_id, mode, at)
    question, problem, keep = asked.question, asked.problem, asked.keep
    if until_on is not None:
        problem = vary(problem, keep, Variant(Kind.EARLIER, day=until_on))
    answer = engine.plan(problem, keep=keep)
    seen = outlook(problem, answer, asked.ours)
    proposal = replace(
        to_proposal(answer, question, mode),
        outlook=seen,
        remedy=None if seen.is_complete else remedy(problem, keep, asked.ours),
    )
    if (older := find_proposal(session, campaign.id, committee_id)) is not None:
        older.state = PlanState.DISCARDED
        session.flush()
    plan = Plan(
        campaign_id=campaign.id,
        committee_id=committee_id,
        state=PlanState.PROPOSED,
        minutes_per_member=Decimal(str(question.minutes)),
        proposal=proposal.to_json(),
        created_by=actor_of(session),
        created_at=at,
    )
    session.add(plan)
    session.flush()
    counts = {"mode": mode.value, "placed": proposal.placed_count, "unplaced": len(proposal.unplaced)}
    record(session, "scheduling.propose", f"plan:{plan.id}", after=counts, committee_id=committee_id)
    return plan


def what_if(
    session: Session, campaign: Campaign, committee_id: int, mode: Mode, *, at: datetime
) -> list[tuple[Variant, Outlook]]:
    """What a proposal would bring, and what one day less or one line more would change. Nothing is written.

    Raises: Refused("NO_WINDOWS"), Refused("NOBODY_TO_PLACE"), Refused("PLANNING_CLOSED").
    """
    asked = _ask(session, campaign, committee_id, mode, at)
    now = outlook(asked.problem, engine.plan(asked.problem, keep=asked.keep), asked.ours)
    answers = [(Variant(), now)]
    for variant in choices(asked.problem, now):
        varied = vary(asked.problem, asked.keep, variant)
        answers.append((variant, outlook(varied, engine.plan(varied, keep=asked.keep), asked.ours)))
    return answers


def discard_plan(session: Session, plan: Plan) -> None:
    """Put a proposal aside.

    Raises: Conflict("PLAN_NOT_OPEN") when it was published or put aside already.
    """
    _require_proposed(plan)
    plan.state = PlanState.DISCARDED
    session.flush()
    record(session, "scheduling.discard", f"plan:{plan.id}", committee_id=plan.committee_id)


def publish_plan(session: Session, plan: Plan, *, at: datetime) -> Published:
    """Book a proposal: all of it, or nothing.

    Raises: Conflict("PLAN_NOT_OPEN"), Conflict("WINDOW_FULL"), Conflict("PLAN_OUTDATED") when a window has begun or
    was filled by others meanwhile, so that people would wait, Conflict("DAY_QUOTA_FULL") when more would come on a day
    than the committee may send, Conflict("PLAN_NOT_CONFIRMED") before the chiefs have
    confirmed it; Refused("PLANNING_CLOSED").
    """
    require_open(plan.campaign)
    lock_stations(session, plan.committee_id)
    session.refresh(plan, with_for_update=True)
    _require_proposed(plan)
    require_agreed(session, plan)
    proposal = Proposal.from_json(plan.proposal)
    standings = {s.member_id: s for s in list_standings(session, plan.campaign_id, plan.committee_id, at=at)}
    turns = [_still_wanted(turn, proposal, standings) for turn in proposal.turns]
    windows = windows_by_id(session, proposal.window_ids)
    _require_fresh(session, proposal, turns, windows, at)

    blocks_before = {s.appointment.block_id for s in standings.values() if s.appointment and s.appointment.block_id}
    dropped = _dropped(proposal, standings)
    end_appointments(session, dropped, at=at)
    seats = [
        seat
        for turn in turns
        if turn.members
        for seat in _seats(windows, turn, _add_block(session, plan, turn, proposal))
    ]
    seated = seat_members(session, plan.campaign_id, seats, at=at)
    _require_quota(session, plan, seats)
    drop_empty_blocks(session, blocks_before)
    if proposal.mode is Mode.ANEW:
        _supersede(session, plan)
    plan.state, plan.published_at = PlanState.PUBLISHED, at
    session.flush()
    result = Published(
        seated.created_count,
        seated.moved_count,
        seated.kept_count,
        len(dropped),
        proposal.placed_count - len(seats),
    )
    record(
        session,
        "scheduling.publish",
        f"plan:{plan.id}",
        after={
            "created": result.created_count,
            "moved": result.moved_count,
            "kept": result.kept_count,
            "cancelled": result.cancelled_count,
            "skipped": result.skipped_count,
        },
        committee_id=plan.committee_id,
    )
    return result


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as the planner gets it; `ours` are the planner's ids of the cells to be placed."""

    question: Question
    problem: shapes.Problem
    keep: shapes.Plan

    @property
    def ours(self) -> list[str]:
        return [key(cell_id) for cell_id in self.question.guests]


def _ask(session: Session, campaign: Campaign, committee_id: int, mode: Mode, at: datetime) -> _Asked:
    require_open(campaign)
    question = _question(session, campaign, committee_id, mode, at)
    if not question.windows:
        raise Refused("NO_WINDOWS")
    if not question.guests:
        raise Refused("NOBODY_TO_PLACE")
    return _Asked(question, *to_problem(question))


def _question(session: Session, campaign: Campaign, committee_id: int, mode: Mode, at: datetime) -> Question:
    # People are not sent into a window that has begun; those who must come again are rebooked one by one.
    # A round of the mobile team is for those who live where it goes: a person decides who that is.
    windows = [
        w
        for w in list_open_windows(session, campaign.id, committee_id, at=at)
        if w.start_at > at and w.line_count and not w.is_mobile
    ]
    quota = quotas_of(session, campaign.id, committee_id).smallest
    if quota is not None:
        # On a day that has begun, those who came in its earlier windows count too: it is left to booking by hand.
        windows = [w for w in windows if to_local(w.start_at).date() > to_local(at).date()]
    standings = list_standings(session, campaign.id, committee_id, at=at)
    booked = booked_in(session, [window.id for window in windows])
    movable = _movable(session, campaign, committee_id, booked) if mode is Mode.ANEW else {}
    ours = {s.member_id: s for s in standings}
    guests: dict[int, list[Guest]] = {}
    linked: dict[int, set[datetime]] = {}
    for cell_id, people in cells_of(standings).items():
        wanted = [s for s in people if s.is_waiting or (s.may_be_invited and s.member_id in movable)]
        if wanted:
            guests[cell_id] = [Guest(s.member_id, s.birth_year) for s in wanted]
            linked[cell_id] = {s.appointment.arrive_at for s in people if s.appointment and s.member_id not in movable}
    return Question(
        campaign=campaign,
        minutes=committee_minutes(session, campaign, committee_id),
        windows=windows,
        guests=guests,
        before=[b for b in movable.values() if ours[b.member_id].may_be_invited],
        staying=[b for b in booked if b.member_id not in movable],
        linked_days={cell_id: frozenset(to_local(t).date() for t in times) for cell_id, times in linked.items()},
        known={s.member_id: s.appointment.id for s in standings if s.appointment},
        wishes=wishes_of_committee(session, campaign.id, committee_id),
        travel=travel_minutes(session, guests),
        dropped=tuple(sorted(m for m in movable if not ours[m].may_be_invited)),
        committee_id=committee_id,
        day_quota=quota,
    )


def _movable(session: Session, campaign: Campaign, committee_id: int, booked: Sequence[Booked]) -> dict[int, Booked]:
    """The appointments that a plan from scratch may move: in the committee's own blocks that no person placed."""
    automatic = set(
        session.scalars(
            sa.select(Block.id)
            .join(Block.cell)
            .where(
                Block.campaign_id == campaign.id,
                Block.is_manual.is_(False),
                Cell.committee_id == committee_id,
            )
        )
    )
    return {b.member_id: b for b in booked if b.block_id in automatic}


def _require_proposed(plan: Plan) -> None:
    if plan.state != PlanState.PROPOSED:
        raise Conflict("PLAN_NOT_OPEN")


def _still_wanted(turn: Turn, proposal: Proposal, standings: Mapping[int, Standing]) -> Turn:
    """The turn without members whose case or appointment has changed since the proposal was made."""
    keep = [
        n
        for n, member_id in enumerate(turn.members)
        if (s := standings.get(member_id)) is not None
        and s.may_be_invited
        and (s.appointment.id if s.appointment else None) == proposal.was.get(member_id)
    ]
    return Turn(
        turn.cell_id,
        turn.window_id,
        turn.start_at,
        turn.end_at,
        tuple(turn.members[n] for n in keep),
        tuple(turn.arrivals[n] for n in keep),
        tuple(turn.works[n] for n in keep),
    )


def _dropped(proposal: Proposal, standings: Mapping[int, Standing]) -> list[Appointment]:
    no_room = {unplaced.member_id for unplaced in proposal.unplaced}
    return [
        s.appointment
        for s in (standings[m] for m in proposal.dropped if m in standings)
        if s.appointment is not None
        and s.appointment.id == proposal.was.get(s.member_id)
        and (s.member_id in no_room or not s.may_be_invited)
    ]


def _require_fresh(
    session: Session, proposal: Proposal, turns: Sequence[Turn], windows: Mapping[int, Window], at: datetime
) -> None:
    ours = {member_id for turn in turns for member_id in turn.members} | set(proposal.dropped)
    others: dict[int, list[tuple[datetime, int]]] = {}
    for booked in booked_in(session, proposal.window_ids):
        if booked.member_id not in ours:
            others.setdefault(booked.window_id, []).append((wall_clock(booked.arrive_at), booked.work))
    for window_id in proposal.window_ids:
        window = windows.get(window_id)
        if window is None or window.start_at <= at:
            raise Conflict("PLAN_OUTDATED", window="" if window is None else window.span)
        # The window may have been shortened or divided since.
        arrivals = [arrive_at for turn in turns if turn.window_id == window_id for arrive_at in turn.arrivals]
        if not all(window.span.contains(arrive_at) for arrive_at in arrivals):
            raise Conflict("PLAN_OUTDATED", window=window.span)
        theirs = others.get(window_id, [])
        if sum(work for _, work in theirs) <= proposal.foreign_work.get(window_id, 0):
            continue
        mine = [
            (wall_clock(arrive_at), work)
            for turn in turns
            if turn.window_id == window_id
            for arrive_at, work in zip(turn.arrivals, turn.works, strict=True)
        ]
        shape = planner_window(window)
        wait = queue_minutes(shape, theirs + mine)
        if wait > max(CROWDED_MINUTES, queue_minutes(shape, theirs)) and _fits(window, theirs + mine):
            raise Conflict("PLAN_OUTDATED", window=window.span)


def _require_quota(session: Session, plan: Plan, seats: Sequence[Seat]) -> None:
    """Somebody may have been booked by hand, or the quota lowered, since the proposal was made."""
    quotas = quotas_of(session, plan.campaign_id, plan.committee_id)
    for seat in seats:
        quota = quotas.of(seat.window)
        if quota is not None and quota.invited > quota.most:
            day = to_local(seat.arrive_at).date()
            raise Conflict("DAY_QUOTA_FULL", day=day, over=quota.invited - quota.most)


def _fits(window: Window, arrivals: Sequence[tuple[datetime, int]]) -> bool:
    """What does not fit at all is told with its number of line-minutes by the ledger."""
    return sum(work for _, work in arrivals) <= window.capacity_work


def _add_block(session: Session, plan: Plan, turn: Turn, proposal: Proposal) -> Block:
    block = Block(
        campaign_id=plan.campaign_id,
        cell_id=turn.cell_id,
        window_id=turn.window_id,
        plan_id=plan.id,
        start_at=turn.start_at,
        end_at=turn.end_at,
        explanation=proposal.explanations.get(turn.cell_id),
    )
    session.add(block)
    session.flush()
    return block


def _seats(windows: Mapping[int, Window], turn: Turn, block: Block) -> list[Seat]:
    return [
        Seat(member_id, windows[turn.window_id], arrive_at, work, block.id)
        for member_id, arrive_at, work in zip(turn.members, turn.arrivals, turn.works, strict=True)
    ]


def _supersede(session: Session, plan: Plan) -> None:
    session.execute(
        sa.update(Plan)
        .where(
            Plan.campaign_id == plan.campaign_id,
            Plan.committee_id == plan.committee_id,
            Plan.state == PlanState.PUBLISHED,
            Plan.id != plan.id,
        )
        .values(state=PlanState.SUPERSEDED)
    )
