"""The timetable, who still has no time, and one block."""

from __future__ import annotations

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cases.models import CaseState
from cardqueue.cases.words import REASON_WORDS
from cardqueue.core.access import POLICE, Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.core.i18n import show_span
from cardqueue.core.pages import PAGE_SIZE, Page, page_number
from cardqueue.lib.clock import now_at
from cardqueue.organisation.models import Campaign, Window
from cardqueue.organisation.queries import list_cells, list_quotas, list_windows
from cardqueue.scheduling import queries, views
from cardqueue.scheduling.models import Block, PlanState
from cardqueue.scheduling.queries import Standing
from cardqueue.scheduling.routes.blueprint import scheduling

READERS = (Role.COMMITTEE, Role.CELL_SECRETARY, *POLICE)


@scheduling.get("/plan")
@access(*READERS)
def plan_page() -> ResponseReturnValue:
    """The timetable: a committee's own cells, a secretary's own cell, or all blocks of a station."""
    scope, campaign = current_scope(), current_campaign()
    if scope.is_police:
        return _station_page(campaign)
    if scope.role is Role.CELL_SECRETARY:
        return _cell_page(campaign)
    return _committee_page(campaign)


@scheduling.get("/plan/unplaced")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def unplaced() -> ResponseReturnValue:
    """Members without a time: first those whose case keeps them out, then those whom the plan can take."""
    scope, campaign = current_scope(), current_campaign()
    standings = queries.list_standings(
        db.session(), campaign.id, scope.committee_id, at=now_at(), cell_id=scope.cell_id
    )
    wanted = request.args.get("only", "")
    cell_id = request.args.get("cell", type=int)
    rows = sorted(
        (s for s in standings if _is_listed(s, wanted) and cell_id in (None, s.cell_id)),
        key=lambda s: not s.is_blocked,
    )
    number = min(page_number(request.args), max(1, -(-len(rows) // PAGE_SIZE)))
    page = Page(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, PAGE_SIZE, len(rows))
    cells = list_cells(db.session(), scope.committee_id)
    return render_template(
        "scheduling/unplaced.html",
        page=page,
        wanted={name: value for name, value in request.args.items() if name != "page" and value},
        cells={cell.id: cell.name for cell in cells},
        is_committee=scope.role is Role.COMMITTEE,
        blocked_count=sum(s.is_blocked for s in standings),
        waiting_count=sum(s.is_waiting for s in standings),
        reason_words=REASON_WORDS,
        case_url=_case_url,
    )


@scheduling.get("/plan/blocks/<int:block_id>")
@access(*READERS)
def block_page(block_id: int) -> ResponseReturnValue:
    """One block: who comes when, and why this window."""
    block = reach_block(block_id)
    campaign = current_campaign()
    windows = {w.id: w for w in list_windows(db.session(), campaign.id, station_ids=_stations_of(block))}
    return render_template(
        "scheduling/block.html",
        block=block,
        window_name=show_span(block.window.span),
        appointments=queries.appointments_of_block(db.session(), block.id),
        why=views.why(block.explanation, windows) if block.explanation else None,
        is_late=views.is_late(block.start_at, campaign),
        may_change=current_scope().role is Role.COMMITTEE and block.start_at > now_at(),
        has_other_parts=bool(queries.other_blocks_of_cell(db.session(), block, at=now_at())),
        slips_url=optional_url("slips.choose", cell=block.cell_id),
    )


def reach_block(block_id: int) -> Block:
    """A block of the person's committee, cell or station.

    Raises: NotFound("BLOCK_NOT_FOUND").
    """
    scope = current_scope()
    block = queries.find_block(db.session(), current_campaign().id, block_id)
    if block is None:
        raise NotFound("BLOCK_NOT_FOUND")
    seen = block.window.station_id in scope.station_ids if scope.is_police else scope.may_see_cell(block.cell)
    if not seen:
        raise NotFound("BLOCK_NOT_FOUND")
    return block


def optional_url(endpoint: str, **values: object) -> str:
    """The address of another feature's page, empty where this installation has none."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""  # type: ignore[arg-type]


def _case_url(member_id: int) -> str:
    return optional_url("cases.case", member_id=member_id)


def _committee_page(campaign: Campaign) -> str:
    scope, session, at = current_scope(), db.session(), now_at()
    windows = list_windows(session, campaign.id, station_ids=scope.station_ids)
    usable = [w for w in windows if w.end_at > at]
    standings = queries.list_standings(session, campaign.id, scope.committee_id, at=at)
    rows = queries.blocks_of_committee(session, campaign.id, scope.committee_id)
    cells = list_cells(session, scope.committee_id)
    by_cell = queries.cells_of(standings)
    to_do = sum(s.is_counted and s.state is not CaseState.DONE for s in standings)
    minutes = queries.planned_minutes(session, campaign, scope.station_ids)
    proposal = queries.find_proposal(session, campaign.id, scope.committee_id)
    return render_template(
        "scheduling/plan.html",
        campaign=campaign,
        late=_late(campaign),
        make_up_count=queries.count_make_ups(session, campaign.id, scope.committee_id, at=at),
        proposal=proposal,
        agreement=views.agreement_of(
            proposal, queries.stations_of(session, proposal), queries.answers_of(session, proposal)
        )
        if proposal
        else None,
        published=[
            plan
            for plan in queries.list_recent_plans(session, campaign.id, scope.committee_id)
            if plan.state == PlanState.PUBLISHED
        ],
        sum=views.sum_in_words(to_do, minutes, usable or windows),
        open=views.open_in_words(usable) if usable else "",
        windows=[views.fill_of(campaign, w, has_many=len(scope.station_ids) > 1) for w in usable],
        quotas=[
            quota
            for quota in list_quotas(session, campaign.id, station_ids=scope.station_ids)
            if quota.committee_id == scope.committee_id
        ],
        has_windows=any(w.start_at > at for w in windows),
        days=_days(rows, campaign, windows),
        counts=_counts(standings),
        waiting_cells=[
            (cell, sum(s.is_waiting for s in by_cell.get(cell.id, [])))
            for cell in cells
            if any(s.is_waiting for s in by_cell.get(cell.id, []))
        ],
        organisation_url=optional_url("organisation.overview"),
        slips_url=optional_url("slips.choose"),
    )


def _station_page(campaign: Campaign) -> str:
    scope, session, at = current_scope(), db.session(), now_at()
    windows = list_windows(session, campaign.id, station_ids=scope.station_ids)
    rows = queries.blocks_of_station(session, campaign.id, scope.station_id)
    return render_template(
        "scheduling/station.html",
        campaign=campaign,
        late=_late(campaign) if scope.role is Role.STATION_CHIEF else [],
        requests=queries.submitted_to(session, campaign.id, scope.station_id)
        if scope.role is Role.STATION_CHIEF
        else [],
        windows=[views.fill_of(campaign, w, has_many=False) for w in windows if w.end_at > at],
        days=_days(rows, campaign, windows),
        organisation_url=optional_url("organisation.overview") if scope.role is Role.STATION_CHIEF else "",
    )


def _cell_page(campaign: Campaign) -> str:
    scope, session, at = current_scope(), db.session(), now_at()
    rows = queries.blocks_of_committee(session, campaign.id, scope.committee_id, cell_id=scope.cell_id)
    standings = queries.list_standings(session, campaign.id, scope.committee_id, at=at, cell_id=scope.cell_id)
    return render_template(
        "scheduling/cell.html",
        campaign=campaign,
        days=_days(rows, campaign, []),
        counts=_counts(standings),
        members=[s for s in standings if s.appointment is not None],
        wish_url=url_for("scheduling.wish", cell_id=scope.cell_id),
        slips_url=optional_url("slips.choose"),
    )


def _late(campaign: Campaign) -> list[views.Lateness]:
    """The stations that run late now, to whoever may let others come later."""
    scope = current_scope()
    found = queries.delays_of_stations(db.session(), campaign, scope.station_ids, at=now_at())
    return [one for one in (views.lateness_of(station, scope.committee_ids) for station in found) if one.is_late]


def _days(rows: list[queries.BlockRow], campaign: Campaign, windows: list[Window]) -> list[views.Day]:
    turns = views.turns_of_blocks(rows, campaign, lambda block_id: url_for("scheduling.block_page", block_id=block_id))
    return views.days_of(turns, windows)


def _counts(standings: list[Standing]) -> dict[str, int]:
    return {
        "placed": sum(s.appointment is not None and s.state is not CaseState.DONE for s in standings),
        "waiting": sum(s.is_waiting for s in standings),
        "blocked": sum(s.is_blocked and s.appointment is None for s in standings),
        "done": sum(s.is_counted and s.state is CaseState.DONE for s in standings),
        "outside": sum(not s.is_counted for s in standings),
    }


def _is_listed(standing: Standing, only: str) -> bool:
    match only:
        case "blocked":
            return standing.is_blocked
        case "waiting":
            return standing.is_waiting
        case _:
            return standing.is_blocked or standing.is_waiting


def _stations_of(block: Block) -> set[int]:
    stations = {station.id for station in queries.list_stations(db.session(), block.cell.committee_id)}
    return stations | {block.window.station_id}
