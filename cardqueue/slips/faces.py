"""From the rows of a campaign to what stands on paper: slip faces and the rows of lists."""

from __future__ import annotations

from datetime import date, datetime

from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.organisation.letterhead import bare_cell_name, contact_of, issuer_of, mobile_team_of, place_and_date
from cardqueue.organisation.models import Campaign, Committee, Station
from cardqueue.scheduling.models import Appointment
from cardqueue.slips.lists import ListRow
from cardqueue.slips.rules import DEFAULT_TITLE, REVISION, SlipFace, sentences

SPECIMEN_CODE = "1000000000000009"


def slip_face(
    appointment: Appointment, campaign: Campaign, committee: Committee, *, issued_on: date, replaces: bool = False
) -> SlipFace:
    """What the slip of an appointment shows; its member, cell, station and window must be loaded."""
    member, station, away = appointment.member, appointment.station, appointment.window.place
    return SlipFace(
        issuer=issuer_of(committee),
        place_and_date=place_and_date(committee.place_name, issued_on),
        title=campaign.slip_title or DEFAULT_TITLE,
        name=member.full_name,
        birth_year=str(member.birth_year or ""),
        cell=bare_cell_name(member.cell.name),
        arrive_at=appointment.arrive_at,
        place=away or station.name,
        address=mobile_team_of(station) if away else station.address,
        queue_number=str(appointment.queue_number),
        code=appointment.code,
        bring=sentences(campaign.bring_text),
        notes=sentences(campaign.dress_text, campaign.note_text),
        contact=contact_of(committee),
        citizen_id=mask_citizen_id(member.citizen_id),
        old_card=mask_citizen_id(member.card_no),
        revision=REVISION if replaces else "",
    )


def specimen_face(
    campaign: Campaign, committee: Committee, station: Station | None, *, cell_name: str, at: datetime
) -> SlipFace:
    """A slip of nobody with the campaign's texts and the longest cell, to see whether everything fits on paper."""
    return SlipFace(
        issuer=issuer_of(committee),
        place_and_date=place_and_date(committee.place_name, at.date()),
        title=campaign.slip_title or DEFAULT_TITLE,
        name="Nguyễn Hoàng Thượng Phương Nghiêm",
        birth_year="1950",
        cell=bare_cell_name(cell_name),
        arrive_at=at,
        place=station.name if station else "",
        address=station.address if station else "",
        queue_number="100",
        code=SPECIMEN_CODE,
        bring=sentences(campaign.bring_text),
        notes=sentences(campaign.dress_text, campaign.note_text),
        contact=contact_of(committee),
        citizen_id="0000******00",
        revision=REVISION,
    )


def list_row(appointment: Appointment, *, arrived: bool = False) -> ListRow:
    """The line of an appointment on a list."""
    member = appointment.member
    return ListRow(
        queue_number=str(appointment.queue_number),
        arrive_at=appointment.arrive_at,
        name=member.full_name,
        birth_year=str(member.birth_year or ""),
        cell=bare_cell_name(member.cell.name),
        arrived=arrived,
    )
