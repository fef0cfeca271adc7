"""Reads of slips: who is due one, whether it was printed as it stands now, and the lists that go with them.

Everything counts appointments that are in force, from a day on, of members in the denominator. Members who are done
are due no slip, but stay on the lists of their day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from cardqueue.cases.models import Case, CaseState
from cardqueue.lib.clock import to_local
from cardqueue.organisation.letterhead import issuer_of, place_of
from cardqueue.organisation.models import Campaign, Cell, Committee, Province, Station
from cardqueue.roster.models import Member
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.slips.drawing import Layout, draw_slips
from cardqueue.slips.faces import list_row, slip_face, specimen_face
from cardqueue.slips.fitting import SlipTextTooLong
from cardqueue.slips.lists import CellList, DoorList
from cardqueue.slips.models import PrintedSlip
from cardqueue.slips.rules import SlipFace, SlipState, content_hash, slip_state


@dataclass(frozen=True, slots=True)
class Slip:
    """An appointment with the face of its slip, and whether that was printed."""

    appointment: Appointment
    face: SlipFace
    fingerprint: str
    state: SlipState
    printed: PrintedSlip | None

    @property
    def is_due(self) -> bool:
        """Whether the member does not yet hold this slip."""
        return self.state is not SlipState.PRINTED


@dataclass(frozen=True, slots=True)
class SlipGroup:
    """The slips of one cell for one day."""

    cell: Cell
    day_on: date
    first_at: datetime
    last_at: datetime
    counts: Counter[SlipState]

    @property
    def total(self) -> int:
        """How many slips the group has."""
        return self.counts.total()


@dataclass(frozen=True, slots=True)
class DoorDay:
    """One day at a station."""

    day_on: date
    count: int
    first_at: datetime
    last_at: datetime


def list_slips(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    *,
    at: datetime,
    cell_id: int | None = None,
    day_on: date | None = None,
    member_id: int | None = None,
) -> list[Slip]:
    """The slips of a committee's members who are to come today or later, by cell, day and time."""
    issued_on = to_local(at).date()
    committee = session.get_one(Committee, committee_id)
    query = (
        _in_force(issued_on)
        .add_columns(PrintedSlip, _printed_before())
        .outerjoin(PrintedSlip, PrintedSlip.appointment_id == Appointment.id)
        .where(
            Appointment.campaign_id == campaign.id,
            Member.committee_id == committee_id,
            Case.state != CaseState.DONE,
            *_chosen(cell_id, day_on, member_id),
        )
    )
    slips = []
    for appointment, _state, printed, was_printed_before in session.execute(query):
        face = slip_face(appointment, campaign, committee, issued_on=issued_on)
        fingerprint = content_hash(face)
        known = printed.content_hash if printed else None
        state = slip_state(fingerprint, known, replaces_printed=was_printed_before)
        if was_printed_before or (known and known != fingerprint):
            face = slip_face(appointment, campaign, committee, issued_on=issued_on, replaces=True)
        slips.append(Slip(appointment, face, fingerprint, state, printed))
    return slips


def group_slips(slips: Iterable[Slip]) -> list[SlipGroup]:
    """The slips by cell and day, in their order."""
    groups = []
    for (_, day_on), members in groupby(slips, key=lambda slip: (slip.appointment.member.cell_id, _day(slip))):
        group = list(members)
        times = [slip.appointment.arrive_at for slip in group]
        counts = Counter(slip.state for slip in group)
        groups.append(SlipGroup(group[0].appointment.member.cell, day_on, min(times), max(times), counts))
    return groups


def count_unprinted(session: Session, campaign_id: int, committee_id: int, *, from_on: date) -> int:
    """How many appointments from a day on have no slip yet; cheap, for the dashboard."""
    query = (
        _in_force(from_on)
        .outerjoin(PrintedSlip, PrintedSlip.appointment_id == Appointment.id)
        .where(
            Appointment.campaign_id == campaign_id,
            Member.committee_id == committee_id,
            Case.state != CaseState.DONE,
            PrintedSlip.appointment_id.is_(None),
        )
    )
    counted = query.order_by(None).with_only_columns(sa.func.count(Appointment.id), maintain_column_froms=True)
    return session.scalar(counted) or 0


def list_cell_lists(
    session: Session,
    campaign: Campaign,
    committee_id: int,
    *,
    from_on: date,
    cell_id: int | None = None,
    day_on: date | None = None,
) -> list[CellList]:
    """A list per cell, day and place, ready to draw."""
    committee = session.get_one(Committee, committee_id)
    query = _in_force(from_on).where(
        Appointment.campaign_id == campaign.id, Member.committee_id == committee_id, *_chosen(cell_id, day_on)
    )
    found = [appointment for appointment, _state in session.execute(query)]

    def together(appointment: Appointment) -> tuple[str, int, date, int, str]:
        cell = appointment.member.cell
        return cell.sort_key, cell.id, appointment.day_on, appointment.station_id, appointment.window.place

    lists = []
    for (_, _, on, _, _), members in groupby(sorted(found, key=together), key=together):
        group = list(members)
        lists.append(
            CellList(
                issuer=issuer_of(committee),
                cell=list_row(group[0]).cell,
                on=on,
                place=place_of(group[0].station, group[0].window.place),
                rows=[list_row(appointment) for appointment in group],
            )
        )
    return lists


def list_door_days(session: Session, station_id: int, *, from_on: date) -> list[DoorDay]:
    """The days on which somebody is invited to a station, of every committee that it serves."""
    query = (
        _in_force(from_on)
        .where(Appointment.station_id == station_id)
        .order_by(None)
        .with_only_columns(
            Appointment.day_on,
            sa.func.count(Appointment.id),
            sa.func.min(Appointment.arrive_at),
            sa.func.max(Appointment.arrive_at),
            maintain_column_froms=True,
        )
        .group_by(Appointment.day_on)
        .order_by(Appointment.day_on)
    )
    return [DoorDay(*row) for row in session.execute(query)]


def find_door_list(session: Session, station_id: int, day_on: date) -> DoorList:
    """Everybody who is invited to a station on a day; who is done already is ticked."""
    station = session.get_one(Station, station_id)
    province = session.get_one(Province, station.province_code)
    query = _in_force(day_on).where(Appointment.station_id == station_id, Appointment.day_on == day_on)
    return DoorList(
        issuer=(f"Công an {province.name}".upper(), station.name.upper()),
        on=day_on,
        place=place_of(station),
        rows=[list_row(appointment, arrived=state == CaseState.DONE) for appointment, state in session.execute(query)],
    )


def check_campaign_texts(
    session: Session, campaign: Campaign, committee: Committee, *, at: datetime
) -> list[tuple[Layout, SlipTextTooLong]]:
    """The layouts on which the campaign's texts do not fit, each with the text that is too long.

    It tries a slip with the committee's longest cell name and station address; long names of members are not tried.
    """
    names = session.scalars(sa.select(Cell.name).where(Cell.committee_id == committee.id))
    longest_cell = max(names, key=len, default="")
    station = max(committee.stations, key=lambda one: len(place_of(one)), default=None)
    face = specimen_face(campaign, committee, station, cell_name=longest_cell, at=at)
    problems = []
    for layout in Layout:
        try:
            draw_slips([face], layout)
        except SlipTextTooLong as error:
            problems.append((layout, error))
    return problems


def slip_days(groups: Sequence[SlipGroup]) -> list[date]:
    """The days that occur in groups, earliest first."""
    return sorted({group.day_on for group in groups})


def _in_force(from_on: date) -> sa.Select[Appointment, CaseState]:
    return (
        sa.select(Appointment, Case.state)
        .join(Appointment.member)
        .join(Member.cell)
        .join(Case, sa.and_(Case.member_id == Member.id, Case.campaign_id == Appointment.campaign_id))
        .options(contains_eager(Appointment.member).contains_eager(Member.cell))
        .options(joinedload(Appointment.station), joinedload(Appointment.window))
        .where(Appointment.state == AppointmentState.ACTIVE, Appointment.day_on >= from_on, Case.is_counted)
        .order_by(Cell.sort_key, Cell.id, Appointment.day_on, Appointment.arrive_at, Appointment.queue_number)
    )


def _chosen(cell_id: int | None, day_on: date | None, member_id: int | None = None) -> Iterator[sa.ColumnElement[bool]]:
    """What narrows a list to the chosen cell, day and member; nothing for None."""
    if cell_id is not None:
        yield Member.cell_id == cell_id
    if day_on is not None:
        yield Appointment.day_on == day_on
    if member_id is not None:
        yield Member.id == member_id


def _printed_before() -> sa.ColumnElement[bool]:
    """Whether an earlier appointment of the same member had its slip printed: the member may still hold it."""
    earlier, print_of_it = aliased(Appointment), aliased(PrintedSlip)
    return (
        sa.exists()
        .where(
            earlier.campaign_id == Appointment.campaign_id,
            earlier.member_id == Appointment.member_id,
            earlier.id != Appointment.id,
            print_of_it.appointment_id == earlier.id,
        )
        .label("printed_before")
    )


def _day(slip: Slip) -> date:
    return slip.appointment.day_on
