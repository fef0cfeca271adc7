"""From a row as it stands to a person's facts, each with what is the matter with it.

The facts are what the list says, never what could be concluded: a sex that the citizen ID alone states is not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from cardqueue.lib.card_no import CardKind, read_card_no
from cardqueue.lib.cell_text import is_blank, number_of, text_of
from cardqueue.lib.citizen_id import CitizenIdReading, IdProblem, Sex, read_citizen_id
from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.lib.names import clean
from cardqueue.lib.partial_date import DateFlag, DateReading, PartialDate
from cardqueue.lib.phone import read_phone
from cardqueue.roster.reading.dates import DateHabit, DateHabits, find_dates
from cardqueue.roster.reading.fields import Field
from cardqueue.roster.reading.messages import Code, Message, RowState, Severity, state_of
from cardqueue.roster.reading.rows import RawRow
from cardqueue.roster.reading.values import (
    MemberStatus,
    WrittenName,
    is_mark,
    read_name,
    read_sex,
    read_status,
    read_status_remark,
)

YOUNGEST, OLDEST = 18, 110
_ORDINARY_NAME = re.compile(r"[^\W\d_]+(?:[ .'’‘ʼ`\-]+[^\W\d_]+){1,6}\.?")
_BIRTH_FIELDS = (Field.BIRTH, Field.BIRTH_YEAR, Field.MALE, Field.FEMALE)
_STATUS_COLUMNS = {
    Field.DECEASED: MemberStatus.DECEASED,
    Field.LEFT_PARTY: MemberStatus.LEFT,
    Field.MOVED_OUT: MemberStatus.TRANSFERRING,
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person of a list as read. Units: `row` counts from 1, as Excel shows it; `phone` is E.164.

    Shapes: `citizen_id` has 12 digits; `old_id` is a CMND as found; `card_no` is the old card's 8 digits, or
    the new card's 12 (`new_card_no`) where the list knows no other.
    """

    sheet: str
    row: int
    full_name: str
    birth_on: PartialDate | None
    sex: Sex | None
    citizen_id: str | None
    old_id: str | None
    card_no: str | None
    new_card_no: str | None
    cell: str | None
    joined_on: PartialDate | None
    official_on: PartialDate | None
    phone: str | None
    status: MemberStatus
    messages: tuple[Message, ...]

    @property
    def state(self) -> RowState:
        """What the messages come to."""
        return state_of(self.messages)

    def with_messages(self, more: Iterable[Message]) -> "RosterRow":
        """The same row with further messages."""
        return replace(self, messages=(*self.messages, *more))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a row is judged by besides itself: the day, the habits of its list, whether made-up numbers are meant."""

    on: date
    habits: DateHabits
    cell_name: str | None
    names_cells: bool
    fictitious_ids: bool


def judge(raw: RawRow, circumstances: Circumstances) -> RosterRow:
    """Read a raw row and say what is the matter with each of its facts."""
    return _Judge(raw, circumstances).row()


class _Judge:
    def __init__(self, raw: RawRow, circumstances: Circumstances) -> None:
        self._raw = raw
        self._around = circumstances
        self._messages: list[Message] = []

    def row(self) -> RosterRow:
        written = self._name()
        identity = self._identity()
        sex = self._sex(written, identity)
        birth = self._birth(written, identity)
        joined, official = self._joined_and_official(birth)
        old_card, new_card = self._cards(identity)
        return RosterRow(
            sheet=self._raw.sheet,
            row=self._raw.row,
            full_name=written.name,
            birth_on=birth,
            sex=sex,
            citizen_id=identity.number,
            old_id=self._old_id(identity),
            card_no=old_card or new_card,
            new_card_no=new_card,
            cell=self._cell(),
            joined_on=joined,
            official_on=official,
            phone=self._phone(),
            status=self._status(written),
            messages=tuple(self._messages),
        )

    def _value(self, held: Field) -> object:
        return self._raw.values.get(held, "")

    def _has(self, *fields: Field) -> bool:
        return any(held in self._raw.has for held in fields)

    def _error(self, code: Code, held: Field, found: str = "", expected: str = "", suggestion: str = "") -> None:
        self._messages.append(Message(code, Severity.ERROR, held, found, expected, suggestion))

    def _warn(self, code: Code, held: Field, found: str = "", expected: str = "", suggestion: str = "") -> None:
        self._messages.append(Message(code, Severity.WARNING, held, found, expected, suggestion))

    def _name(self) -> WrittenName:
        written = read_name(self._raw.name)
        if written.encoding is not Encoding.UNICODE:
            code = Code.NAME_TCVN3 if written.encoding is Encoding.TCVN3 else Code.NAME_VNI
            self._warn(code, Field.NAME, self._raw.name, suggestion=written.name)
        if not written.name:
            self._error(Code.NAME_MISSING, Field.NAME)
        elif not _ORDINARY_NAME.fullmatch(written.name):
            self._warn(Code.NAME_FORMAT, Field.NAME, written.name)
        return written

    def _identity(self) -> CitizenIdReading:
        reading = read_citizen_id(self._value(Field.CITIZEN_ID))
        for problem in reading.problems:
            match problem:
                case IdProblem.PREFIX:
                    if not self._around.fictitious_ids:
                        self._warn(Code.ID_PREFIX, Field.CITIZEN_ID, (reading.number or "")[:3])
                case IdProblem.LEADING_ZERO:
                    self._warn(Code.ID_LEADING_ZERO, Field.CITIZEN_ID, reading.found, suggestion=reading.number or "")
                case _:
                    self._error(Code(problem.value), Field.CITIZEN_ID, reading.found)
        return reading

    def _old_id(self, identity: CitizenIdReading) -> str | None:
        number = number_of(self._value(Field.OLD_ID))
        return number if number.isdecimal() and len(number) in (8, 9) else identity.old_number

    def _sex(self, written: WrittenName, identity: CitizenIdReading) -> Sex | None:
        male, female = (not is_blank(self._value(held)) for held in (Field.MALE, Field.FEMALE))
        if male and female:
            return self._sex_of_both(identity)
        sex = read_sex(self._value(Field.SEX)) or written.sex
        if male or female:
            sex = Sex.MALE if male else Sex.FEMALE
        elif sex is None and self._has(Field.FEMALE) and not self._has(Field.MALE, Field.SEX):
            # A single column "Nữ" is ticked for women and left empty for men.
            sex = Sex.MALE
        if sex is None:
            self._note_missing_sex(identity)
        elif identity.sex and identity.sex is not sex:
            self._error(Code.SEX_MISMATCH, Field.SEX, sex.value, identity.sex.value)
        return sex

    def _sex_of_both(self, identity: CitizenIdReading) -> Sex | None:
        """Both columns are filled: only the citizen ID can tell which is meant."""
        found = f"{text_of(self._value(Field.MALE))} / {text_of(self._value(Field.FEMALE))}"
        if identity.sex:
            self._warn(Code.SEX_UNCLEAR, Field.SEX, found, suggestion=identity.sex.value)
        else:
            self._error(Code.SEX_UNCLEAR, Field.SEX, found)
        return identity.sex

    def _note_missing_sex(self, identity: CitizenIdReading) -> None:
        stated = identity.sex.value if identity.sex else ""
        if not is_blank(self._value(Field.SEX)):
            self._warn(Code.SEX_UNCLEAR, Field.SEX, text_of(self._value(Field.SEX)), suggestion=stated)
        elif self._has(Field.SEX, Field.MALE, Field.FEMALE):
            self._warn(Code.SEX_MISSING, Field.SEX, suggestion=stated)

    def _birth(self, written: WrittenName, identity: CitizenIdReading) -> PartialDate | None:
        reading = self._confirmed_year(self._birth_reading(written, identity), identity)
        birth = reading.value
        if birth is None:
            if DateFlag.MISSING not in reading.flags:
                self._error(Code.DOB_INVALID, Field.BIRTH, reading.found)
            elif self._has(*_BIRTH_FIELDS):
                self._warn(Code.DOB_MISSING, Field.BIRTH)
            return None
        meant = birth.display()
        if reading.flags & {DateFlag.SERIAL, DateFlag.MONTH_FIRST}:
            self._warn(Code.DOB_SWAP, Field.BIRTH, reading.found, suggestion=meant)
        if DateFlag.TWO_DIGIT_YEAR in reading.flags:
            self._warn(Code.DOB_SHORT_YEAR, Field.BIRTH, reading.found, suggestion=meant)
        if DateFlag.PARTIAL in reading.flags:
            self._warn(Code.DOB_PARTIAL, Field.BIRTH, meant)
        if identity.birth_year and identity.birth_year != birth.year:
            self._error(Code.YEAR_MISMATCH, Field.BIRTH, str(birth.year), str(identity.birth_year))
        oldest, youngest = _age(birth.earliest, self._around.on), _age(birth.latest, self._around.on)
        if oldest < YOUNGEST or youngest > OLDEST:
            self._error(Code.AGE, Field.BIRTH, str(max(oldest, 0)))
        return birth

    def _birth_reading(self, written: WrittenName, identity: CitizenIdReading) -> DateReading:
        """The date of birth from wherever the list has it: its own column, its sex's column, or three columns."""
        read = self._around.habits.birth.read
        readings = [
            read(value)
            for held in (Field.BIRTH, Field.MALE, Field.FEMALE)
            if not is_blank(value := self._value(held)) and not is_mark(value)
        ]
        if len(readings) > 1 and identity.birth_year:
            readings.sort(key=lambda reading: reading.value is None or reading.value.year != identity.birth_year)
        if readings:
            return readings[0]
        if written.birth:
            return read(written.birth)
        year = text_of(self._value(Field.BIRTH_YEAR))
        day, month = (text_of(self._value(held)) or "0" for held in (Field.BIRTH_DAY, Field.BIRTH_MONTH))
        return read(f"{day}/{month}/{year}" if self._has(Field.BIRTH_MONTH) and year else self._value(Field.BIRTH_YEAR))

    def _confirmed_year(self, reading: DateReading, identity: CitizenIdReading) -> DateReading:
        """A year of two digits is no longer in doubt where the citizen ID states the same two."""
        value, stated = reading.value, identity.birth_year
        if value and stated and DateFlag.TWO_DIGIT_YEAR in reading.flags and value.year % 100 == stated % 100:
            return DateReading(reading.found, replace(value, year=stated), reading.flags - {DateFlag.TWO_DIGIT_YEAR})
        return reading

    def _joined_and_official(self, birth: PartialDate | None) -> tuple[PartialDate | None, PartialDate | None]:
        joined_cell, official_cell = self._value(Field.JOINED), self._value(Field.OFFICIAL)
        both = self._value(Field.JOINED_AND_OFFICIAL) or (joined_cell if len(find_dates(joined_cell)) == 2 else "")
        if not is_blank(both):
            first, second, *_ = [*find_dates(both), "", ""]
            joined_cell, official_cell = first or both, second
        if is_blank(joined_cell) and not is_mark(self._value(Field.PROBATIONARY)):
            joined_cell = self._value(Field.PROBATIONARY)
        joined = self._date(Field.JOINED, joined_cell, self._around.habits.joined)
        official = self._date(Field.OFFICIAL, official_cell, self._around.habits.official)
        if birth and joined and _age(birth.earliest, joined.latest) < YOUNGEST:
            self._warn(Code.AGE, Field.JOINED, joined.display())
        if joined and official and official.latest < joined.earliest:
            self._warn(Code.AGE, Field.OFFICIAL, official.display(), joined.display())
        return joined, official

    def _date(self, held: Field, value: object, habit: DateHabit) -> PartialDate | None:
        if is_blank(value) or is_mark(value):
            return None
        reading = habit.read(value)
        if reading.value is None:
            self._warn(Code.DATE_INVALID, held, reading.found)
        elif reading.flags & {DateFlag.SERIAL, DateFlag.MONTH_FIRST}:
            self._warn(Code.DATE_SWAP, held, reading.found, suggestion=reading.value.display())
        if reading.value and reading.value.earliest > self._around.on:
            self._warn(Code.DATE_FUTURE, held, reading.value.display())
        return reading.value

    def _cards(self, identity: CitizenIdReading) -> tuple[str | None, str | None]:
        """The numbers of the old card and of the new one, each from whichever column has it."""
        numbers: dict[CardKind, str] = {}
        for held in (Field.CARD_NO, Field.OLD_CARD_NO):
            reading = read_card_no(self._value(held))
            if not reading.is_well_formed or reading.lost_zero:
                self._warn(Code.CARD_FORMAT, held, reading.found, suggestion=reading.number or "")
            if reading.kind and reading.number:
                numbers.setdefault(reading.kind, reading.number)
        new = numbers.get(CardKind.NEW)
        if new and identity.number and new != identity.number:
            self._warn(Code.CARD_FORMAT, Field.CARD_NO, new, identity.number)
        return numbers.get(CardKind.OLD), new

    def _cell(self) -> str | None:
        given = self._value(Field.CELL)
        cell = "" if is_blank(given) else text_of(given)
        cell = cell or self._raw.cell_above or self._around.cell_name or ""
        if not cell and self._around.names_cells:
            self._warn(Code.CELL_MISSING, Field.CELL)
        return clean(cell) or None

    def _phone(self) -> str | None:
        reading = read_phone(self._value(Field.PHONE))
        if not reading.is_usable:
            self._warn(Code.PHONE_FORMAT, Field.PHONE, reading.found)
        return reading.number

    def _status(self, written: WrittenName) -> MemberStatus:
        given = self._value(Field.STATUS)
        stated = None if is_blank(given) else read_status(given)
        if stated is None and not is_blank(given):
            self._warn(Code.STATUS_UNKNOWN, Field.STATUS, text_of(given))
        if stated and stated is not MemberStatus.OFFICIAL:
            return self._noted(stated, text_of(given), Severity.NOTE)
        implied, words = self._implied_status(written)
        if implied is None or implied is MemberStatus.OFFICIAL:
            return MemberStatus.OFFICIAL
        # A remark against what the status column says wants a person's eye.
        return self._noted(implied, words, Severity.WARNING if stated else Severity.NOTE)

    def _noted(self, status: MemberStatus, words: str, severity: Severity) -> MemberStatus:
        self._messages.append(Message(Code.STATUS, severity, Field.STATUS, words, suggestion=status.value))
        return status

    def _implied_status(self, written: WrittenName) -> tuple[MemberStatus | None, str]:
        """The standing that other columns, remarks or the heading above imply."""
        for held, status in _STATUS_COLUMNS.items():
            if not is_blank(self._value(held)):
                return status, text_of(self._value(held))
        if is_mark(self._value(Field.PROBATIONARY)):
            return MemberStatus.PROBATIONARY, text_of(self._value(Field.PROBATIONARY))
        for remark in (self._value(Field.NOTE), written.remark):
            if remarked := read_status_remark(remark):
                return remarked, text_of(remark)
        return self._raw.status_above, ""


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
