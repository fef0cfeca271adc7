"""Printing check sheets.

Numbers are printed whole when the committee prints: a member cannot check a number that is masked, and the sheet goes
into the hand of the person whose number it is. What that costs is kept small: the tear-off that comes back carries no
number, every sheet says who printed it and when, and the trail says that numbers were whole. A cell secretary, who
never sees a whole number on a screen, does not get one by printing either: there the member copies the number from
the identity card into boxes, and whoever enters the tear-off compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import SystemRandom

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.cleaning.models import CheckSheet, SheetState
from cardqueue.cleaning.queries.sheets import listed_values
from cardqueue.cleaning.rules.sheets import HANDBOOK, SheetField
from cardqueue.cleaning.sheets_pdf import SheetFace, SheetRow, draw_sheets
from cardqueue.cleaning.words_sheets import FIELD_WORDS, shown
from cardqueue.core.audit import actor_of, record
from cardqueue.core.database import insert_or_skip
from cardqueue.core.errors import Refused
from cardqueue.core.i18n import in_vietnamese
from cardqueue.lib.clock import format_date, format_time, to_local
from cardqueue.lib.slip_code import new_code
from cardqueue.organisation.letterhead import bare_cell_name, contact_of, issuer_of, place_and_date
from cardqueue.organisation.models import Campaign, Committee
from cardqueue.organisation.queries import list_cells
from cardqueue.roster.models import Member

_RANDOM = SystemRandom()


def print_sheets(
    session: Session,
    campaign: Campaign,
    committee: Committee,
    members: Sequence[Member],
    *,
    whole_numbers: bool,
    return_by: date | None,
    at: datetime,
) -> bytes:
    """Draw the sheets of members in the order given, and remember when and by whom. Printing again keeps the code.

    Raises: Refused("NO_SHEETS") for nobody, Refused("SHEETS_CLOSED").
    """
    require_open(campaign)
    if not members:
        raise Refused("NO_SHEETS")
    sheets = _sheets_for_print(session, campaign, members, at)
    cells = {cell.id: cell.name for cell in list_cells(session, committee.id)}
    texts = _Texts(committee, at, actor_of(session), return_by, whole_numbers, cells)
    with in_vietnamese():
        pdf = draw_sheets(_faces(members, sheets, texts))
    single = members[0].id if len(members) == 1 else None
    record(
        session,
        "cleaning.print_sheets",
        f"member:{single}" if single else f"campaign:{campaign.id}",
        after={
            "sheets": len(members),
            "whole_numbers": whole_numbers,
            "cells": sorted({member.cell_id for member in members}),
        },
        committee_id=committee.id,
    )
    return pdf


def reveal_sheet(session: Session, member: Member) -> None:
    """Leave a trace of whole numbers shown on the member's page."""
    record(session, "cleaning.reveal_sheet", f"member:{member.id}", committee_id=member.committee_id)


def insert_sheet(session: Session, campaign_id: int, member_id: int, state: SheetState, at: datetime) -> bool:
    """Make a sheet, printed or answered on the screen; False when somebody else made it at the same moment."""
    is_printed = state is SheetState.PRINTED
    made = insert_or_skip(
        session,
        CheckSheet,
        campaign_id=campaign_id,
        member_id=member_id,
        code=new_code(_RANDOM),
        state=state,
        printed_at=at if is_printed else None,
        returned_at=None if is_printed else at,
        open_fields=[],
        opened_case=False,
    )
    return made is not None


def require_open(campaign: Campaign) -> None:
    """Sheets are printed and taken back while the campaign runs.

    Raises: Refused("SHEETS_CLOSED").
    """
    if campaign.closed_at is not None:
        raise Refused("SHEETS_CLOSED")


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the sheets of one run have in common."""

    committee: Committee
    at: datetime
    printed_by: str
    return_by: date | None
    whole_numbers: bool
    cells: Mapping[int, str]


def _faces(members: Sequence[Member], sheets: Mapping[int, CheckSheet], texts: _Texts) -> Iterator[SheetFace]:
    issuer, contact = issuer_of(texts.committee), contact_of(texts.committee)
    issued = place_and_date(texts.committee.place_name, to_local(texts.at).date())
    return_to = "cho đồng chí Bí thư chi bộ"
    if texts.return_by is not None:
        return_to += f" trước ngày {format_date(texts.return_by)}"
    printed = f"In lúc {format_time(texts.at)} ngày {format_date(texts.at)} · người in: {texts.printed_by}"
    labels = {one: str(FIELD_WORDS[one]) for one in HANDBOOK}
    for member in members:
        values = listed_values(member)
        yield SheetFace(
            issuer=issuer,
            place_and_date=issued,
            name=member.full_name,
            cell=bare_cell_name(member.cell.name),
            rows=[
                SheetRow(
                    labels[one],
                    shown(one, values[one], texts.cells, whole=texts.whole_numbers),
                    has_boxes=one is SheetField.CITIZEN_ID,
                )
                for one in HANDBOOK
            ],
            code=sheets[member.id].code,
            return_to=return_to,
            contact=contact,
            printed=printed,
            shows_whole_numbers=texts.whole_numbers,
        )


def _sheets_for_print(
    session: Session, campaign: Campaign, members: Sequence[Member], at: datetime
) -> dict[int, CheckSheet]:
    """Every member's sheet, marked as printed; a member without one gets one."""
    wanted = {member.id for member in members}
    committee_id = members[0].committee_id
    known = _sheets_of(session, campaign.id, committee_id, wanted)
    missing = [member for member in members if member.id not in known]
    for member in missing:
        insert_sheet(session, campaign.id, member.id, SheetState.PRINTED, at)
    if missing:
        # Somebody else may have printed some of them at the same moment; theirs then stand.
        known = _sheets_of(session, campaign.id, committee_id, wanted)
    actor = actor_of(session)
    for sheet in known.values():
        sheet.printed_at, sheet.printed_by = at, actor
    session.flush()
    return known


def _sheets_of(session: Session, campaign_id: int, committee_id: int, wanted: set[int]) -> dict[int, CheckSheet]:
    rows = session.scalars(
        sa.select(CheckSheet)
        .join(Member, Member.id == CheckSheet.member_id)
        .where(CheckSheet.campaign_id == campaign_id, Member.committee_id == committee_id)
    )
    return {sheet.member_id: sheet for sheet in rows if sheet.member_id in wanted}
