"""Taking check sheets back, and settling what members corrected.

A correction opens a case for the member, so that it has somebody who follows it up and a day. Only the telephone number
is changed at once: whoever takes the sheet may change it anyway, and nobody should lose an appointment over it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from cardqueue.accounts.models import User
from cardqueue.cases.models import Case, CaseState, PendingReason
from cardqueue.cases.services import get_case, open_case, resolve_case
from cardqueue.cleaning.models import CheckSheet, SheetState
from cardqueue.cleaning.queries.sheets import listed_values, still_open
from cardqueue.cleaning.rules.sheets import COMMITTEE_FIELDS, Said, SheetField, differing, with_note
from cardqueue.cleaning.services.sheets import insert_sheet, require_open
from cardqueue.cleaning.words_sheets import NOTE_MARK, case_note
from cardqueue.core.access import Role
from cardqueue.core.audit import actor_of, record
from cardqueue.core.errors import Conflict, NotFound
from cardqueue.organisation.models import Campaign
from cardqueue.roster.models import Member, MemberStatus, Sex
from cardqueue.roster.services import PersonDetails, change_contact, change_member
from cardqueue.verification.models import Check

# In the note of the case; notes are kept, and so Vietnamese for everybody.
SETTLED = "các mục ghi khác đã xử lý xong"


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of a sheet that came back.

    `corrected` are the fields that wait for somebody; `due_on` is set when the member is pending on their account.
    """

    state: SheetState
    corrected: Sequence[SheetField] = ()
    phone_changed: bool = False
    due_on: date | None = None
    is_done_already: bool = False


def seen_mark(sheet: CheckSheet | None) -> str:
    """What a page carries along so that a sheet returned meanwhile is noticed; "" for one not returned yet."""
    return sheet.returned_at.isoformat() if sheet is not None and sheet.returned_at else ""


def take_back(session: Session, campaign: Campaign, member: Member, said: Said, *, seen: str, at: datetime) -> Returned:
    """Keep what a member answered; nothing that differs from the list means that everything is right.

    `seen` is the mark (`seen_mark`) that the page carried. A member who looked at the screen needs no printed sheet.

    Raises: Conflict("SHEET_RETURNED_MEANWHILE"), Refused("SHEETS_CLOSED").
    """
    require_open(campaign)
    sheet = _sheet_to_return(session, campaign, member, seen, at)
    before = sheet.state if sheet.returned_by or sheet.printed_at else None
    said = differing(said, listed_values(member))
    phone = said.values.get(SheetField.PHONE)
    waiting = [one for one in SheetField if one in said.values and one is not SheetField.PHONE]
    sheet.state = SheetState.CORRECTED if said.values else SheetState.CONFIRMED
    sheet.said = said.to_json() if said.values else None
    sheet.open_fields = [str(one) for one in waiting]
    sheet.returned_at, sheet.returned_by = at, actor_of(session)
    if phone:
        change_contact(session, member, phone=phone, needs_help=member.needs_help, at=at)
    case = _case_of(session, campaign, member)
    is_done = case is not None and case.state == CaseState.DONE
    if case is not None and not is_done:
        if waiting:
            _ask_about(session, case, sheet, said, at)
        else:
            _withdraw(session, case, sheet, at)
    session.flush()
    record(
        session,
        "cleaning.return_sheet",
        f"member:{member.id}",
        before={"state": before},
        after={"state": sheet.state, "fields": [str(one) for one in SheetField if one in said.values]},
        committee_id=member.committee_id,
    )
    due_on = case.due_on if case is not None and waiting and not is_done else None
    return Returned(SheetState(sheet.state), waiting, phone is not None, due_on, bool(waiting) and is_done)


def settle(
    session: Session,
    campaign: Campaign,
    member: Member,
    *,
    apply: Collection[SheetField] = (),
    keep: Collection[SheetField] = (),
    seen: str,
    at: datetime,
) -> list[SheetField]:
    """Settle corrections of a returned sheet: take values over into the list, or leave the list as it is.

    Only the Party's own facts are taken over here; a name, birth date, sex or citizen ID the police settle. The last
    one that is settled settles the case that the sheet opened. Returns what still waits.

    Raises: Conflict("SHEET_MOVED_ON") when one of them no longer waits; Refused("SHEETS_CLOSED").
    """
    require_open(campaign)
    sheet = _lock(session, campaign.id, member.id)
    if sheet is None:
        raise NotFound("SHEET_NOT_FOUND")
    waiting = still_open(sheet)
    if seen_mark(sheet) != seen or not {*apply, *keep} <= set(waiting) or not set(apply) <= COMMITTEE_FIELDS:
        raise Conflict("SHEET_MOVED_ON")
    said = Said.from_json(sheet.said)
    if apply:
        values = {one: said.values[one] for one in apply}
        change_member(session, member, _details_with(member, values), at=at)
    left = [one for one in waiting if one not in apply and one not in keep]
    sheet.open_fields = [str(one) for one in left]
    case = _case_of(session, campaign, member)
    if not left and case is not None:
        _withdraw(session, case, sheet, at)
    session.flush()
    record(
        session,
        "cleaning.settle_sheet",
        f"member:{member.id}",
        before={"open": [str(one) for one in waiting]},
        after={"open": sheet.open_fields, "applied": sorted(apply), "kept": sorted(keep)},
        committee_id=member.committee_id,
    )
    return left


def close_settled(session: Session, at: datetime) -> int:
    """Settle the cases of sheets whose corrections the list says by now: the police, or the next list, agreed.

    Returns how many were settled.
    """
    sheets = session.scalars(
        sa.select(CheckSheet)
        .join(CheckSheet.campaign)
        .options(contains_eager(CheckSheet.campaign), joinedload(CheckSheet.member))
        .where(CheckSheet.opened_case, Campaign.closed_at.is_(None))
        .order_by(CheckSheet.id)
    )
    closed = 0
    for sheet in sheets:
        if still_open(sheet):
            continue
        sheet.open_fields = []
        if (case := _case_of(session, sheet.campaign, sheet.member)) is not None:
            _withdraw(session, case, sheet, at)
            closed += 1
    session.flush()
    return closed


def _sheet_to_return(session: Session, campaign: Campaign, member: Member, seen: str, at: datetime) -> CheckSheet:
    """The member's sheet, locked for the rest of the transaction; made where there was none."""
    sheet = _lock(session, campaign.id, member.id)
    is_new = sheet is None and insert_sheet(session, campaign.id, member.id, SheetState.CONFIRMED, at)
    if sheet is None:
        sheet = _lock(session, campaign.id, member.id)
    if sheet is None:
        raise NotFound("SHEET_NOT_FOUND")
    if ("" if is_new else seen_mark(sheet)) != seen:
        raise Conflict("SHEET_RETURNED_MEANWHILE", by=sheet.returned_by or "", at=sheet.returned_at)
    return sheet


def _lock(session: Session, campaign_id: int, member_id: int) -> CheckSheet | None:
    return session.scalar(
        sa.select(CheckSheet)
        .where(CheckSheet.campaign_id == campaign_id, CheckSheet.member_id == member_id)
        .with_for_update(of=CheckSheet)
        .execution_options(populate_existing=True)
    )


def _case_of(session: Session, campaign: Campaign, member: Member) -> Case | None:
    """The member's case, locked; None for a member who takes no part in the campaign."""
    try:
        return get_case(session, campaign.id, member.id)
    except NotFound:
        return None


def _ask_about(session: Session, case: Case, sheet: CheckSheet, said: Said, at: datetime) -> None:
    """Let the case say what the member wrote; one that is pending already keeps its reason, owner and day."""
    note = with_note(case.note, case_note(said), mark=NOTE_MARK)
    owner_id = case.owner_id or _default_owner(session, case.member.committee_id, sheet)
    if case.state == CaseState.PENDING:
        reason = PendingReason(case.reason or "")
        open_case(session, case, reason, at=at, owner_id=owner_id, due_on=case.due_on, note=note)
        return
    open_case(session, case, PendingReason.WRONG_INFO, at=at, owner_id=owner_id, note=note)
    sheet.opened_case = True


def _withdraw(session: Session, case: Case, sheet: CheckSheet, at: datetime) -> None:
    """Settle the case that the sheet opened, unless the population records still speak against the member."""
    is_ours = sheet.opened_case and case.state == CaseState.PENDING and case.reason == PendingReason.WRONG_INFO
    sheet.opened_case = False
    if is_ours and not _is_blocked(session, case):
        resolve_case(session, case, at=at, note=f"{NOTE_MARK}: {SETTLED}")


def _is_blocked(session: Session, case: Case) -> bool:
    query = sa.select(Check.id).where(
        Check.campaign_id == case.campaign_id, Check.member_id == case.member_id, Check.blocks
    )
    return session.scalar(query) is not None


def _default_owner(session: Session, committee_id: int, sheet: CheckSheet) -> int | None:
    """Whoever of the committee enters the sheet, else printed it, else the committee's first account."""
    staff = session.execute(
        sa.select(User.username, User.id)
        .where(User.committee_id == committee_id, User.role == Role.COMMITTEE, User.active)
        .order_by(User.id)
    ).all()
    ids = {str(username): int(user_id) for username, user_id in staff}
    wanted = (actor_of(session), sheet.printed_by or "", *ids)
    return next((ids[username] for username in wanted if username in ids), None)


def _details_with(member: Member, values: Mapping[SheetField, str]) -> PersonDetails:
    changes: dict[str, Any] = {
        one.value: int(value) if one is SheetField.CELL else value for one, value in values.items()
    }
    details = PersonDetails(
        full_name=member.full_name,
        cell_id=member.cell_id,
        birth_on=member.birth_on,
        sex=Sex(member.sex) if member.sex else None,
        citizen_id=member.citizen_id,
        old_id=member.old_id,
        card_no=member.card_no,
        joined_on=member.joined_on,
        official_on=member.official_on,
        phone=member.phone,
        status=MemberStatus(member.status),
        needs_help=member.needs_help,
    )
    return replace(details, **changes)
