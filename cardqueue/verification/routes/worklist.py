"""The worklist, one member's decision, and the list of corrections."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cases.models import PendingReason
from cardqueue.cases.rules import default_due_on
from cardqueue.core.access import POLICE, Role, access
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.core.errors import Conflict, Refused
from cardqueue.core.pages import page_of
from cardqueue.lib.clock import now_at, today_on
from cardqueue.lib.spreadsheet import write_xlsx
from cardqueue.organisation.models import Campaign
from cardqueue.verification import queries, services, views
from cardqueue.verification.forms import DecisionForm
from cardqueue.verification.models import Check, CheckStatus, Decision, PopulationRecord
from cardqueue.verification.queries import SETTLED, Wanted
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.rules import Level, may_follow_record
from cardqueue.verification.services import Typed
from cardqueue.verification.services.deciding import differences_of
from cardqueue.verification.services.extracts import require_open
from cardqueue.verification.services.matching import person_of_member, person_of_record
from cardqueue.verification.words import DECISIONS, HINTS, KINDS, STAGES

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIELD_OF_REFUSAL = {
    "REASON_MISSING": "reason",
    "NOTHING_TYPED": "citizen_id",
    "NUMBER_NEEDED": "citizen_id",
    "NUMBER_SEX": "citizen_id",
    "NUMBER_YEAR": "citizen_id",
    "NUMBER_TAKEN": "citizen_id",
}
_NEIGHBOURS = 6


@verification.get("/verify")
@access(*POLICE, Role.COMMITTEE)
def worklist() -> ResponseReturnValue:
    """Whose data differs, who comes first, and how each cell stands."""
    session, scope, campaign, wanted = db.session(), current_scope(), current_campaign(), _wanted()
    query = queries.worklist_query(campaign.id, committee_ids=scope.committee_ids, wanted=wanted)
    page = page_of(session, query, request.args)
    times = queries.appointment_times(session, campaign.id, [check.member_id for check in page.rows])
    cells = queries.count_by_cell(session, campaign.id, committee_ids=scope.committee_ids)
    stages = queries.count_stages(session, campaign.id, committee_ids=scope.committee_ids)
    rows = [views.worklist_row(check, times.get(check.member_id)) for check in page.rows]
    return render_template(
        "verification/worklist.html",
        page=page,
        rows=rows,
        first_id=rows[0].member_id if rows and wanted.stage == "open" and page.number == 1 else None,
        cells=cells,
        total=queries.total_of(cells),
        open_count=stages["open"],
        wanted=wanted,
        kept=_kept(wanted),
        stage_tabs=[
            {
                "label": label,
                "url": url_for("verification.worklist", **_kept(replace(wanted, stage=stage))),
                "current": stage == wanted.stage,
                "count": stages[stage],
            }
            for stage, label in STAGES.items()
        ],
        kinds=KINDS,
        extracts=queries.list_extracts_in_force(session, campaign.id, committee_ids=scope.committee_ids),
    )


@verification.post("/verify/match")
@access(*POLICE)
def match() -> ResponseReturnValue:
    """Compare now."""
    campaign = current_campaign()
    require_open(campaign)
    done = services.match_records(db.session(), campaign, committee_ids=current_scope().committee_ids, at=now_at())
    flash(
        _("Đã đối soát %(count)s đồng chí; %(changed)s có kết quả mới.", count=done.compared, changed=done.changed),
        "good",
    )
    return redirect(url_for("verification.worklist"))


@verification.get("/verify/<int:member_id>")
@access(*POLICE, Role.COMMITTEE, writes=True)
def member(member_id: int) -> ResponseReturnValue:
    """One member: the officer decides, the committee sees which field differs and what was confirmed."""
    scope, campaign = current_scope(), current_campaign()
    check = queries.find_check(db.session(), campaign.id, member_id, committee_ids=scope.committee_ids)
    if not scope.is_police:
        return render_template(
            "verification/member.html", **_summary(check), changes=views.changes(check, person_of_member(check.member))
        )
    form = DecisionForm(due_on=default_due_on(PendingReason.WRONG_INFO, today_on()), seen=check.evidence)
    return _decision_page(campaign, check, form)


@verification.post("/verify/<int:member_id>")
@access(*POLICE)
def decide(member_id: int) -> ResponseReturnValue:
    """Save what the officer decided, and go on to the next member."""
    scope, campaign, session = current_scope(), current_campaign(), db.session()
    check = queries.find_check(session, campaign.id, member_id, committee_ids=scope.committee_ids)
    following = _place(campaign, check).following
    form = DecisionForm()
    form.offer(_decisions(check, _records(check)), _owners(check), differing=check.differences)
    if not form.validate_on_submit():
        return _decision_page(campaign, check, form), 422
    typed = Typed(form.values(), form.reason.data or "", form.owner_id.data or None, form.due_on.data)
    try:
        settled = services.decide(
            session, campaign, check, Decision(form.decision.data), typed, seen=form.seen.data or "", at=now_at()
        )
    except Conflict:
        raise
    except Refused as refused:
        form.show_refusal(refused, _FIELD_OF_REFUSAL.get(refused.reason_code, "decision"))
        return _decision_page(campaign, check, form), 422
    if not settled:
        flash(_("Đã sửa số định danh; dữ liệu dân cư của số này còn khác ở mục khác."), "warning")
        return redirect(url_for("verification.member", member_id=member_id, **_kept(_wanted())))
    flash(_("Đã lưu kết luận về đồng chí %(name)s.", name=check.member.full_name), "good")
    if following is None:
        return redirect(url_for("verification.worklist"))
    return redirect(url_for("verification.member", member_id=following, **_kept(_wanted())))


@verification.get("/verify/corrections.xlsx")
@access(Role.COMMITTEE, writes=True)
def corrections() -> ResponseReturnValue:
    """The list of what to correct, for the cells."""
    scope, campaign, session = current_scope(), current_campaign(), db.session()
    rows = queries.list_corrections(session, campaign.id, committee_ids=scope.committee_ids)
    table = views.corrections_table(rows, [person_of_member(check.member) for check, _case in rows])
    target = io.BytesIO()
    write_xlsx(target, [table])
    record(
        session,
        "verification.export_corrections",
        f"campaign:{campaign.id}",
        after={"members": len(rows)},
        committee_id=scope.committee_id,
    )
    target.seek(0)
    return send_file(target, mimetype=_XLSX, as_attachment=True, download_name=_("danh-sach-can-chinh-ly.xlsx"))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a member stands on the worklist: the rows around, who comes next, and how many are left."""

    rows: list[views.Row]
    following: int | None
    open_count: int


def _decision_page(campaign: Campaign, check: Check, form: DecisionForm) -> str:
    session, scope = db.session(), current_scope()
    records = _records(check)
    form.offer(_decisions(check, records), _owners(check), differing=check.differences)
    record(
        session,
        "verification.view",
        f"member:{check.member_id}",
        after={"records": len(records)},
        committee_id=check.member.committee_id,
        station_id=scope.station_id,
    )
    ours = person_of_member(check.member)
    is_twice = Level.HELD_TWICE in check.differences.values()
    others = queries.list_other_holders(session, campaign.id, check.member) if is_twice else []
    return render_template(
        "verification/decide.html",
        **_summary(check),
        form=form,
        compared=views.compared(ours, [person_of_record(found) for found in records], check.differences),
        table_columns=[_("Thông tin"), _("Hồ sơ đảng viên"), *_record_titles(len(records))],
        hints=HINTS,
        changes=views.changes(check, ours) if check.decision in SETTLED else [],
        number_says=views.number_says(ours.citizen_id),
        others=[other for other in others if other.committee_id in scope.committee_ids],
        others_elsewhere=sum(other.committee_id not in scope.committee_ids for other in others),
        place=_place(campaign, check),
        kept=_kept(_wanted()),
    )


def _record_titles(count: int) -> list[str]:
    if count > 1:
        return [_("Dữ liệu dân cư %(number)s", number=number + 1) for number in range(count)]
    return [_("Dữ liệu dân cư")]


def _summary(check: Check) -> dict[str, object]:
    times = queries.appointment_times(db.session(), check.campaign_id, [check.member_id])
    word, kind = views.state_of(check)
    return {
        "check": check,
        "member": check.member,
        "arrive_at": times.get(check.member_id),
        "word": word,
        "kind": kind,
        "decision_word": DECISIONS[check.decision] if check.decision else "",
    }


def _records(check: Check) -> list[PopulationRecord]:
    if check.record_hash is None:
        return []
    found = queries.list_records(db.session(), check.campaign_id, check.member.committee_id, check.record_hash)
    return list({one.content_hash: one for one in found}.values())


def _decisions(check: Check, records: list[PopulationRecord]) -> list[Decision]:
    """What may be decided: nobody is right where there is nothing to compare."""
    allowed = list(Decision)
    if not records or not may_follow_record(CheckStatus(check.status), differences_of(check)):
        allowed.remove(Decision.RECORD_RIGHT)
    if check.status == CheckStatus.MISSING:
        allowed.remove(Decision.ROSTER_RIGHT)
    return allowed


def _owners(check: Check) -> list[tuple[int, str]]:
    return [(user.id, user.full_name) for user in queries.list_followers(db.session(), check.member)]


def _place(campaign: Campaign, check: Check) -> _Place:
    """The member's place among the open cases that the person filtered for."""
    session, scope, wanted = db.session(), current_scope(), replace(_wanted(), stage="open")
    ids = queries.list_open_member_ids(session, campaign.id, committee_ids=scope.committee_ids, wanted=wanted)
    position = ids.index(check.member_id) if check.member_id in ids else -1
    start = max(0, position - 1)
    query = queries.worklist_query(campaign.id, committee_ids=scope.committee_ids, wanted=wanted)
    near = session.scalars(query.offset(start).limit(_NEIGHBOURS)).all()
    times = queries.appointment_times(session, campaign.id, [one.member_id for one in near])
    rows = [views.worklist_row(one, times.get(one.member_id)) for one in near]
    # After the last one comes the first that was passed over.
    following = next((one for one in [*ids[position + 1 :], *ids] if one != check.member_id), None)
    return _Place(rows, following, len(ids))


def _wanted() -> Wanted:
    """What the address asks to see; anything unknown asks for everything."""
    cell, kind, stage = (request.args.get(name, "") for name in ("cell", "kind", "stage"))
    return Wanted(
        int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else None,
        kind if kind in KINDS else "",
        stage if stage in STAGES else "open",
    )


def _kept(wanted: Wanted) -> dict[str, Any]:
    """The address's part that says the same again."""
    said = {"cell": str(wanted.cell_id or ""), "kind": wanted.kind, "stage": wanted.stage}
    return {name: value for name, value in said.items() if value and value != "open"}
