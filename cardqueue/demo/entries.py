"""What an office has typed about each member, and what the population extract says: the rows before any file layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cardqueue.demo.cells import Cell
from cardqueue.demo.errors import KINDS, State, Verification
from cardqueue.demo.people import Member, Person, Status
from cardqueue.lib.citizen_id import Sex

STATUS_WORDS: dict[Status, str] = {
    "official": "Đang sinh hoạt",
    "exempt": "Miễn công tác và sinh hoạt đảng",
    "transferring": "Đang chuyển sinh hoạt đảng",
    "under_review": "Đang xem xét kỷ luật",
    "probationary": "Đảng viên dự bị",
    "left": "Đã ra khỏi Đảng",
    "deceased": "Đã từ trần",
}
SEX_WORDS = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}


@dataclass(frozen=True, slots=True)
class Label:
    """The truth about one error of one row."""

    kind: str
    field: str
    correct: str
    state: State
    codes: str
    verification: Verification
    differing: str

    @classmethod
    def of(cls, kind: str, correct: str, *, verification: Verification | None = None) -> Label:
        """The label of a kind as its catalogue entry says; `verification` where this row's own result is another."""
        entry = KINDS[kind]
        result = verification or entry.verification
        differing = entry.differing if result == "mismatch" else ""
        return cls(kind, entry.field, correct, entry.state, entry.codes, result, differing)


@dataclass(slots=True)
class Entry:
    """One member as typed: texts, except a number where a spreadsheet has turned the text into one."""

    member: Member
    list_cell: Cell
    full_name: str
    sex: str
    birth_on: str | int
    citizen_id: str | int
    new_card_no: str
    card_no: str
    cell: str
    joined_on: str
    official_on: str
    status: str
    is_legacy_font: bool = False
    labels: list[Label] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the population extract; `labels` say what is wrong with it."""

    key: str
    citizen_id: str
    full_name: str
    birth_on: str
    sex: str
    origin: str
    old_id: str
    labels: tuple[Label, ...] = ()


def entry_of(member: Member) -> Entry:
    """A member typed without a mistake; what is true and unusual is labelled."""
    entry = Entry(
        member=member,
        list_cell=member.cell,
        full_name=member.full_name,
        sex=SEX_WORDS[member.sex],
        birth_on=str(member.birth_on.year) if member.is_year_only else in_vietnamese(member.birth_on),
        citizen_id=member.citizen_id,
        new_card_no=member.citizen_id if member.is_eligible else "",
        card_no=member.card_no,
        cell=member.cell.name,
        joined_on=in_vietnamese(member.joined_on),
        official_on=in_vietnamese(member.official_on),
        status=STATUS_WORDS[member.status],
    )
    found: Verification = "not_found" if member.status == "deceased" else "match"
    if member.is_year_only:
        entry.labels.append(Label.of("DOB_PARTIAL", str(entry.birth_on), verification=found))
    if member.joined_on < _eighteenth_birthday(member):
        entry.labels.append(Label.of("JOINED_UNDER_18", entry.joined_on, verification=found))
    if member.status != "official":
        entry.labels.append(Label.of("STATUS", entry.status, verification=found))
    return entry


def record_of(person: Person) -> Record:
    """A person as the population extract has them: capitals, ISO date or year."""
    return Record(
        key=person.key,
        citizen_id=person.citizen_id,
        full_name=person.full_name.upper(),
        birth_on=str(person.birth_on.year) if person.is_year_only else person.birth_on.isoformat(),
        sex=SEX_WORDS[person.sex],
        origin=person.origin,
        old_id=person.old_id,
    )


def in_vietnamese(day: date | None) -> str:
    """A date as offices write it; nothing for no date."""
    return f"{day:%d/%m/}{day.year:04}" if day else ""


def _eighteenth_birthday(member: Member) -> date:
    born = member.birth_on
    return date(born.year + 18, born.month, min(born.day, 28) if born.month == 2 else born.day)
