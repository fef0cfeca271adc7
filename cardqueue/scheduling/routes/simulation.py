"""A day tried out before it comes: played many times, as planned and with what may go wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import POLICE, Role, access
from cardqueue.core.database import db
from cardqueue.core.i18n import show_day, show_number
from cardqueue.lib.clock import now_at, to_local
from cardqueue.organisation.models import Campaign, Window
from cardqueue.organisation.queries import list_windows
from cardqueue.scheduling import queries, views
from cardqueue.scheduling.models import PlanState
from cardqueue.scheduling.routes.blueprint import scheduling
from cardqueue.scheduling.rules.measures import key
from cardqueue.scheduling.rules.proposal import Proposal
from cardqueue.scheduling.rules.simulation import SCENARIOS, Coming, Trouble, to_play
from cardqueue.scheduling.simulator.playing import RUNS, simulate
from cardqueue.scheduling.words import TROUBLE_WORDS


@scheduling.get("/plan/simulation")
@access(Role.COMMITTEE, *POLICE)
def simulation() -> ResponseReturnValue:
    """One day of the plan, or of the open proposal, played many times."""
    session, scope, campaign = db.session(), current_scope(), current_campaign()
    windows = list_windows(session, campaign.id, station_ids=scope.station_ids)
    days = sorted({to_local(window.start_at).date() for window in windows})
    is_proposal = scope.role is Role.COMMITTEE and request.args.get("of") == "proposal"
    coming, minutes = _coming(campaign, windows, is_proposal=is_proposal)
    expected = {to_local(one.arrive_at).date() for one in coming}
    day = _chosen_day([one for one in days if one in expected] or days)
    trouble = Trouble(request.args["trouble"]) if request.args.get("trouble") in list(Trouble) else Trouble.NONE
    todays = [window for window in windows if to_local(window.start_at).date() == day]
    ids = {window.id for window in todays}
    problem, plan = to_play(campaign, todays, [one for one in coming if one.window_id in ids], minutes)
    result = simulate(problem, plan, scenario=SCENARIOS[trouble])
    by_key = {key(window.id): window for window in todays}
    stations = {window.station_id: window.station.name for window in todays}
    return render_template(
        "scheduling/simulation.html",
        runs=RUNS,
        day=day,
        days=[(one.isoformat(), show_day(one)) for one in days if one in expected],
        trouble=trouble,
        troubles=[(one.value, word) for one, word in TROUBLE_WORDS.items()],
        is_proposal=is_proposal,
        minutes=show_number(minutes),
        result=result,
        mean=views.minutes(result.mean_wait),
        p95=views.minutes(result.p95_wait),
        overtime=views.minutes(result.overtime),
        windows=views.numbers_of(result, todays, with_station=len(stations) > 1),
        charts=[
            (
                station_id,
                name,
                views.chart_of([one for one in result.windows if by_key[one.window].station_id == station_id]),
            )
            for station_id, name in sorted(stations.items())
        ],
    )


def _coming(campaign: Campaign, windows: Sequence[Window], *, is_proposal: bool) -> tuple[list[Coming], float]:
    """Who is to come as the plan stands, or as it would stand once the proposal is published; minutes per member."""
    session, scope = db.session(), current_scope()
    booked = [
        Coming(b.member_id, b.birth_year, b.cell_id, b.window_id, b.arrive_at)
        for b in queries.booked_in(session, [window.id for window in windows])
    ]
    plan = queries.find_proposal(session, campaign.id, scope.committee_id) if is_proposal else None
    if plan is None or plan.state != PlanState.PROPOSED:
        return booked, queries.planned_minutes(session, campaign, scope.station_ids)
    proposal = Proposal.from_json(plan.proposal)
    standings = queries.list_standings(session, campaign.id, plan.committee_id, at=now_at())
    born = {standing.member_id: standing.birth_year for standing in standings}
    proposed = [
        Coming(member_id, born.get(member_id), turn.cell_id, turn.window_id, arrive_at)
        for turn in proposal.turns
        for member_id, arrive_at in zip(turn.members, turn.arrivals, strict=True)
    ]
    replaced = {one.member_id for one in proposed} | set(proposal.dropped)
    return [one for one in booked if one.member_id not in replaced] + proposed, float(plan.minutes_per_member)


def _chosen_day(days: Sequence[date]) -> date | None:
    """The day in the address; else the first one to come."""
    wanted = request.args.get("day", "")
    chosen = [day for day in days if day.isoformat() == wanted]
    today = to_local(now_at()).date()
    return next(iter([*chosen, *(day for day in days if day >= today), *days]), None)
