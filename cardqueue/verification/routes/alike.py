"""One decision for many members who differ only in the spelling of the name: look, choose, check again, save."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import POLICE, access
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.core.errors import Refused
from cardqueue.lib.clock import now_at
from cardqueue.verification import queries, services, views
from cardqueue.verification.forms import AlikeForm
from cardqueue.verification.models import Check, Decision
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.rules import Person, Segment
from cardqueue.verification.services.matching import person_of_member
from cardqueue.verification.words import HARMLESS_LEVELS

# As many as a person looks through at once.
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Line:
    """A member in the list. Shapes: `theirs` is None where the source shows no values."""

    member_id: int
    name: str
    cell: str
    evidence: str
    ours: list[Segment]
    theirs: list[Segment] | None
    is_chosen: bool


@verification.get("/verify/alike")
@access(*POLICE, writes=True)
def alike() -> ResponseReturnValue:
    """Everybody who differs at one level, both spellings side by side, all of them chosen."""
    lines = _lines(_checks(_level()), chosen=None)
    record(
        db.session(),
        "verification.view_alike",
        f"campaign:{current_campaign().id}",
        after={"members": len(lines)},
        station_id=current_scope().station_id,
    )
    return _page(AlikeForm(), lines)


@verification.post("/verify/alike")
@access(*POLICE)
def decide_alike() -> ResponseReturnValue:
    """First show what would be saved, then save it."""
    session, campaign, form = db.session(), current_campaign(), AlikeForm()
    seen = _seen()
    lines = _lines(_checks(_level()), chosen=seen.keys())
    if not form.validate_on_submit():
        return _page(form, lines), 422
    decision, reason = Decision(form.decision.data), form.reason.data or ""
    if request.form.get("confirmed") != str(len(seen)):
        if decision is Decision.ROSTER_RIGHT and not reason:
            form.show_refusal(Refused("REASON_MISSING"), "reason")
        if not seen:
            form.show_refusal(Refused("NOBODY_CHOSEN"), "decision")
        if form.errors:
            return _page(form, lines), 422
        return _page(form, [line for line in lines if line.is_chosen], confirming=seen)
    try:
        done = services.decide_alike(
            session,
            campaign,
            seen,
            decision,
            committee_ids=current_scope().committee_ids,
            reason=reason,
            at=now_at(),
        )
    except Refused as refused:
        form.show_refusal(refused, "reason" if refused.reason_code == "REASON_MISSING" else "decision")
        return _page(form, lines), 422
    if done.left_out:
        flash(_("Để nguyên vì thông tin vừa thay đổi: %(names)s.", names=", ".join(done.left_out)), "warning")
    if not done.done:
        return redirect(url_for("verification.worklist"))
    flash(_("Đã lưu kết luận về %(count)s đồng chí.", count=len(done.done)), "good")
    return redirect(url_for("verification.decision", decision_id=done.done[0].id))


def _level() -> str:
    """The level that the address asks for; the first that somebody differs at otherwise."""
    asked = request.args.get("level", "")
    if asked in queries.HARMLESS:
        return asked
    counts = _counts()
    return next((level for level, count in counts.items() if count), queries.HARMLESS[0])


def _counts() -> dict[str, int]:
    return queries.count_alike(db.session(), current_campaign().id, committee_ids=current_scope().committee_ids)


def _checks(level: str) -> list[Check]:
    return queries.list_alike(
        db.session(), current_campaign().id, committee_ids=current_scope().committee_ids, level=level, most=_AT_ONCE
    )


def _seen() -> dict[int, str]:
    """The chosen members and the evidence that the page showed. Shapes: values are `id:evidence`."""
    pairs = (value.split(":", 1) for value in request.form.getlist("chosen") if ":" in value)
    return {int(number): evidence for number, evidence in pairs if number.isascii() and number.isdigit()}


def _lines(checks: list[Check], *, chosen: Collection[int] | None) -> list[_Line]:
    session = db.session()
    people: dict[str, Person] = {}
    for committee_id in {check.member.committee_id for check in checks}:
        hashes = [check.record_hash or "" for check in checks if check.member.committee_id == committee_id]
        people |= queries.find_people(session, current_campaign().id, committee_id, hashes)
    lines = []
    for check in checks:
        ours, found = person_of_member(check.member), people.get(check.record_hash or "")
        spelled = views.spelled(ours, found) if found else ([Segment(ours.full_name)], None)
        lines.append(
            _Line(
                check.member_id,
                check.member.full_name,
                check.member.cell.name,
                check.evidence,
                list(spelled[0]),
                list(spelled[1]) if spelled[1] is not None else None,
                chosen is None or check.member_id in chosen,
            )
        )
    return lines


def _page(form: AlikeForm, lines: list[_Line], *, confirming: Mapping[int, str] | None = None) -> str:
    level, counts = _level(), _counts()
    if lines and all(line.theirs is None for line in lines):
        # A source without values gives nothing to follow.
        form.decision.choices = [one for one in form.decision.choices if one.value == Decision.ROSTER_RIGHT]
    return render_template(
        "verification/alike.html" if confirming is None else "verification/alike_check.html",
        form=form,
        lines=lines,
        confirming=confirming or {},
        level=level,
        level_word=HARMLESS_LEVELS[level],
        total=counts[level],
        tabs_of_levels=[
            {
                "label": word,
                "url": url_for("verification.alike", level=one),
                "current": one == level,
                "count": counts[one],
            }
            for one, word in HARMLESS_LEVELS.items()
        ],
    )
