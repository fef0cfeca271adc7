"""One member: the officer sees both sides and decides; the committee sees which field differs and what to bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_account, current_campaign, current_scope
from cardqueue.cases.models import CaseState, PendingReason
from cardqueue.cases.queries import find_case
from cardqueue.cases.rules import default_due_on
from cardqueue.core.access import POLICE, Role, access
from cardqueue.core.database import db
from cardqueue.core.errors import Conflict, Refused
from cardqueue.lib.clock import now_at, today_on
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member
from cardqueue.verification import queries, services, views
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.forms import DecisionForm
from cardqueue.verification.models import Check, CheckStatus, Decision
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.routes.revealing import has_looked, keep_look
from cardqueue.verification.routes.worklist import kept_in, wanted_here
from cardqueue.verification.rules import Field, Level, Person
from cardqueue.verification.rules.reasons import reason_of
from cardqueue.verification.services import Outcome, Typed
from cardqueue.verification.services.deciding.values import allowed_decisions, differences_from
from cardqueue.verification.services.matching import person_of_member
from cardqueue.verification.words import DECISIONS, HINTS, case_note, reason_words

_FIELD_OF_REFUSAL = {
    "REASON_MISSING": "reason",
    "NOTHING_TYPED": "citizen_id",
    "NUMBER_NEEDED": "citizen_id",
    "NUMBER_SEX": "citizen_id",
    "NUMBER_YEAR": "citizen_id",
    "NUMBER_TAKEN": "citizen_id",
}
_NEIGHBOURS = 6
# More candidates than these stand behind a disclosure.
_SHOWN_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a member stands on the worklist: the rows around, who comes before and next, and how many are left."""

    rows: list[views.Row]
    preceding: int | None
    following: int | None
    open_count: int


@verification.get("/verify/<int:member_id>")
@access(*POLICE, Role.COMMITTEE, writes=True)
def member(member_id: int) -> ResponseReturnValue:
    """One member: the officer decides, the committee sees which field differs and what was confirmed."""
    campaign, check = current_campaign(), _check(member_id)
    if not current_scope().is_police:
        return render_template(
            "verification/member.html",
            **_summary(check),
            changes=views.changes(check, person_of_member(check.member)),
            history=_history(check),
            is_open=check.status != CheckStatus.MATCH and check.decision not in queries.SETTLED,
        )
    people = _people(check)
    shown = _sole_candidate(check) if people else None
    keep_look(check.member, shown or "", candidates=len(check.candidates))
    return _decision_page(campaign, check, _new_form(check, shown), people, shown)


@verification.post("/verify/<int:member_id>/reveal")
@access(*POLICE)
def reveal(member_id: int) -> ResponseReturnValue:
    """Show a candidate's whole record; who looked at whose is kept."""
    campaign, check = current_campaign(), _check(member_id)
    shown, people = request.form.get("record", ""), _people(check)
    if request.form.get("seen") != check.evidence or shown not in people:
        raise Conflict("CHECK_HAS_MOVED_ON")
    keep_look(check.member, shown or "", candidates=len(check.candidates))
    return _decision_page(campaign, check, _new_form(check, shown), people, shown)


@verification.post("/verify/<int:member_id>")
@access(*POLICE)
def decide(member_id: int) -> ResponseReturnValue:
    """Save what the officer decided, and go on to the next member."""
    session, campaign, check = db.session(), current_campaign(), _check(member_id)
    following = _place(campaign, check).following
    people, form = _people(check), DecisionForm()
    shown = _shown_before(check, form.record.data or "")
    _offer(form, check, people, shown)
    if not form.validate_on_submit():
        return _decision_page(campaign, check, form, people, shown), 422
    typed = Typed(form.values(), form.reason.data or "", form.owner_id.data or None, form.due_on.data, shown)
    try:
        outcome = services.decide(
            session, campaign, check, Decision(form.decision.data), typed, seen=form.seen.data or "", at=now_at()
        )
    except Conflict:
        raise
    except Refused as refused:
        form.show_refusal(refused, _FIELD_OF_REFUSAL.get(refused.reason_code, "decision"))
        return _decision_page(campaign, check, form, people, shown), 422
    kept = kept_in(wanted_here())
    if outcome is Outcome.DIFFERS_ELSEWHERE:
        flash(_("Đã sửa số định danh; dữ liệu dân cư của số này còn khác ở mục khác."), "warning")
        return redirect(url_for("verification.member", member_id=member_id, **kept))
    name = check.member.full_name
    if outcome is Outcome.PROPOSED:
        flash(_("Đã đề nghị đổi số định danh của đồng chí %(name)s; cần người thứ hai xác nhận.", name=name), "info")
    else:
        flash(_("Đã lưu kết luận về đồng chí %(name)s.", name=name), "good")
    if following is None:
        return redirect(url_for("verification.worklist", **kept))
    return redirect(url_for("verification.member", member_id=following, **kept))


def _decision_page(
    campaign: Campaign, check: Check, form: DecisionForm, people: Mapping[str, Person], shown: str | None
) -> str:
    session, scope = db.session(), current_scope()
    _offer(form, check, people, shown)
    ours = person_of_member(check.member)
    cards = views.candidate_cards(check, people)
    others = _others(check)
    return render_template(
        "verification/decide.html",
        **_summary(check),
        form=form,
        cards=[] if shown else cards[:_SHOWN_CANDIDATES],
        more_cards=[] if shown else cards[_SHOWN_CANDIDATES:],
        compared=_compared(check, ours, people, shown),
        reason=_reason(check, shown) if shown or len(cards) == 1 else "",
        has_hidden=bool(people) and shown is None,
        is_chosen_among=shown is not None and len(cards) > 1,
        has_records=bool(people) or not check.candidates,
        hints=HINTS,
        changes=views.changes(check, ours) if check.decision in queries.SETTLED else [],
        number_says=views.number_says(ours.citizen_id),
        others=[other for other in others if other.committee_id in scope.committee_ids],
        others_elsewhere=sum(other.committee_id not in scope.committee_ids for other in others),
        proposal=queries.find_proposal(session, check),
        history=_history(check),
        place=_place(campaign, check),
        case_notes=_case_notes(check),
        kept=kept_in(wanted_here()),
    )


def _check(member_id: int) -> Check:
    committee_ids = current_scope().committee_ids
    return queries.find_check(db.session(), current_campaign().id, member_id, committee_ids=committee_ids)


def _people(check: Check) -> Mapping[str, Person]:
    """The candidates' values, by the record's hash; empty where the source shows none."""
    hashes = [candidate["record"] for candidate in check.candidates]
    return queries.find_people(db.session(), check.campaign_id, check.member.committee_id, hashes)


def _sole_candidate(check: Check) -> str | None:
    """The record that the list itself names by its number: nothing of it has to be hidden."""
    if check.status == CheckStatus.NOT_FOUND or len(check.candidates) != 1:
        return None
    candidate = check.candidates[0]
    return str(candidate["record"]) if candidate["levels"]["number"] == NumberLevel.EQUAL else None


def _shown_before(check: Check, shown: str) -> str | None:
    """The record that the form was shown with, if this person has had it shown."""
    return shown if shown and has_looked(check.member, shown) else None


def _new_form(check: Check, shown: str | None) -> DecisionForm:
    due_on = default_due_on(PendingReason.WRONG_INFO, today_on())
    return DecisionForm(formdata=None, due_on=due_on, seen=check.evidence, record=shown or "")


def _offer(form: DecisionForm, check: Check, people: Mapping[str, Person], shown: str | None) -> None:
    readable = [shown] if shown in people else []
    is_tied = check.status in (CheckStatus.MISMATCH, CheckStatus.MISSING)
    form.offer(
        allowed_decisions(check, [one for one in readable if one]),
        [(user.id, user.full_name) for user in queries.list_followers(db.session(), check.member)],
        differing=check.differences if is_tied else list(Field),
    )


def _compared(check: Check, ours: Person, people: Mapping[str, Person], shown: str | None) -> list[views.Compared]:
    """Both sides next to each other, as far as the source and the officer's steps so far show them."""
    if shown and shown in people:
        # What differed has been settled, one way or the other.
        differences = {} if check.decision in queries.SETTLED else differences_from(check, shown)
        return views.compared(ours, people[shown], differences)
    if check.candidates and not people and len(check.candidates) == 1:
        return views.compared_blind(ours, differences_from(check, check.candidates[0]["record"]))
    return views.compared_alone(ours)


def _reason(check: Check, shown: str | None) -> str:
    for candidate in check.candidates:
        if shown in (None, candidate["record"]):
            return reason_words(reason_of(candidate["levels"]))
    return ""


def _others(check: Check) -> list[Member]:
    """The other members who carry the same number, or are taken for the same person."""
    others = []
    if Level.HELD_TWICE in check.differences.values():
        others = queries.list_other_holders(db.session(), check.campaign_id, check.member)
    if check.duplicate_of is not None and check.duplicate_of not in others:
        others.append(check.duplicate_of)
    return others


def _case_notes(check: Check) -> list[str]:
    """What others wrote about the pending member, such as what a returned check sheet says."""
    case = find_case(db.session(), check.campaign_id, check.member_id, committee_ids=current_scope().committee_ids)
    if case is None or case.state != CaseState.PENDING:
        return []
    own = case_note(check.differences)
    return [part for part in (case.note or "").split("\n") if part.strip() and part != own]


def _summary(check: Check) -> dict[str, object]:
    session = db.session()
    times = queries.appointment_times(session, check.campaign_id, [check.member_id])
    names = queries.names_of_accounts(session, [check.decided_by] if check.decided_by else [])
    word, kind = views.state_of(check, waits=queries.find_proposal(session, check) is not None)
    return {
        "check": check,
        "member": check.member,
        "arrive_at": times.get(check.member_id),
        "word": word,
        "kind": kind,
        "decision_word": DECISIONS[check.decision] if check.decision else "",
        "decider": names.get(check.decided_by or "", check.decided_by),
    }


def _history(check: Check) -> list[views.Entry]:
    session, account = db.session(), current_account()
    decisions = queries.list_decisions(session, check.campaign_id, check.member_id)
    people = {name for kept in decisions for name in (kept.decided_by, kept.answered_by, kept.undone_by) if name}
    return views.history(
        decisions,
        queries.names_of_accounts(session, people),
        username=account.username,
        is_police=current_scope().is_police,
        is_chief=account.role == Role.STATION_CHIEF,
    )


def _place(campaign: Campaign, check: Check) -> _Place:
    """The member's place among the open cases that the person filtered for."""
    session, scope, wanted = db.session(), current_scope(), replace(wanted_here(), stage="open")
    ids = queries.list_open_member_ids(session, campaign.id, committee_ids=scope.committee_ids, wanted=wanted)
    position = ids.index(check.member_id) if check.member_id in ids else -1
    start = max(0, position - 1)
    query = queries.worklist_query(campaign.id, committee_ids=scope.committee_ids, wanted=wanted)
    near = session.scalars(query.offset(start).limit(_NEIGHBOURS)).all()
    times = queries.appointment_times(session, campaign.id, [one.member_id for one in near])
    rows = [views.worklist_row(one, times.get(one.member_id)) for one in near]
    # After the last one comes the first that was passed over.
    following = next((one for one in [*ids[position + 1 :], *ids] if one != check.member_id), None)
    return _Place(rows, ids[position - 1] if position > 0 else None, following, len(ids))
