"""What a member says on a check sheet: reading it, telling where it differs from the list, and who settles that.

Source: the fields are those that the electronic handbook (Sổ tay đảng viên điện tử) shows, in its order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cardqueue.lib.card_no import read_card_no
from cardqueue.lib.citizen_id import Sex, mask_citizen_id, read_citizen_id
from cardqueue.lib.names import clean, same_name_key
from cardqueue.lib.partial_date import PartialDate, read_date
from cardqueue.lib.phone import format_phone, read_phone

FIRST_AGE = 18
LONGEST_NAME = 120


class SheetField(StrEnum):
    """What a member can say something about; the value is the name of the member's column.

    `REMARK` is whatever else stands on the tear-off.
    """

    FULL_NAME = "full_name"
    BIRTH_ON = "birth_on"
    SEX = "sex"
    JOINED_ON = "joined_on"
    OFFICIAL_ON = "official_on"
    CARD_NO = "card_no"
    CELL = "cell_id"
    CITIZEN_ID = "citizen_id"
    PHONE = "phone"
    REMARK = "remark"


# The rows of a sheet.
HANDBOOK = tuple(one for one in SheetField if one is not SheetField.REMARK)
# What the population records know too: only the police settle these.
POLICE_FIELDS = frozenset({SheetField.FULL_NAME, SheetField.BIRTH_ON, SheetField.SEX, SheetField.CITIZEN_ID})
# The Party's own facts: the committee takes them over from the sheet.
COMMITTEE_FIELDS = frozenset({SheetField.JOINED_ON, SheetField.OFFICIAL_ON, SheetField.CARD_NO, SheetField.CELL})
NUMBERS = frozenset({SheetField.CITIZEN_ID, SheetField.CARD_NO})
_DATES = frozenset({SheetField.BIRTH_ON, SheetField.JOINED_ON, SheetField.OFFICIAL_ON})


class Fault(StrEnum):
    """Why something typed cannot be what the member meant."""

    NOT_A_DATE = "not_a_date"
    IN_THE_FUTURE = "in_the_future"
    NOT_A_CITIZEN_ID = "not_a_citizen_id"
    NOT_A_CARD_NO = "not_a_card_no"
    NOT_A_PHONE = "not_a_phone"


@dataclass(frozen=True, slots=True)
class Said:
    """What a member wrote, by field.

    Shapes: dates as ISO text, perhaps partial; sex as its value; the cell as its id; telephone numbers in E.164.
    """

    values: Mapping[SheetField, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(self.values, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | None) -> Said:
        """Read back what `to_json` wrote; nothing for None."""
        return cls({SheetField(name): value for name, value in json.loads(text or "{}").items()})


def read_said(typed: Mapping[SheetField, str], *, on: date) -> tuple[Said, dict[SheetField, Fault]]:
    """Read what was typed from a tear-off, and say what cannot be read. Empty fields are no correction.

    A number or date is kept although it may contradict another: whether the member is right is for others to settle.
    """
    values: dict[SheetField, str] = {}
    faults: dict[SheetField, Fault] = {}
    for one, text in typed.items():
        if not text.strip():
            continue
        read = _read(one, text, on)
        if isinstance(read, Fault):
            faults[one] = read
        else:
            values[one] = read
    return Said(values), faults


def differing(said: Said, listed: Mapping[SheetField, str]) -> Said:
    """What of it the list does not say already."""
    return Said({one: value for one, value in said.values.items() if not agrees(one, value, listed.get(one, ""))})


def agrees(one: SheetField, said: str, listed: str) -> bool:
    """Whether list and member mean the same; capitals, spaces and the place of a tone mark make no other name."""
    if one is SheetField.FULL_NAME:
        return same_name_key(said) == same_name_key(listed)
    return one is not SheetField.REMARK and said == listed


def open_fields(fields: Iterable[str], said: Said, listed: Mapping[SheetField, str]) -> list[SheetField]:
    """Which corrections still wait, in the order of the sheet: one that the list says by now has settled itself."""
    named = set(fields)
    return [
        one for one in SheetField if one in named and not agrees(one, said.values.get(one, ""), listed.get(one, ""))
    ]


def displayed(one: SheetField, value: str, *, whole: bool) -> str:
    """A value as people write it; `whole` leaves numbers unmasked. Sex and cell are words, put by the caller."""
    if not value:
        return ""
    if one in _DATES:
        return PartialDate.from_iso(value).display()
    if one in NUMBERS:
        return grouped(value if whole else mask_citizen_id(value))
    return format_phone(value) if one is SheetField.PHONE else value


def grouped(number: str) -> str:
    """A long number in groups of four, as it is read out: `0031 6000 0001`."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def with_note(old: str | None, note: str, *, mark: str) -> str:
    """A case's note with the sheet's own part added, or put in place of an earlier one that begins with `mark`."""
    kept = [part for part in (old or "").split("\n") if part.strip() and not part.startswith(mark)]
    return "\n".join([*kept, note])


def _read(one: SheetField, text: str, on: date) -> str | Fault:
    match one:
        case SheetField.FULL_NAME:
            return clean(text)[:LONGEST_NAME]
        case SheetField.BIRTH_ON | SheetField.JOINED_ON | SheetField.OFFICIAL_ON:
            youngest = FIRST_AGE if one is SheetField.BIRTH_ON else 0
            value = read_date(text, last_short_year=(on.year - youngest) % 100).value
            if value is None:
                return Fault.NOT_A_DATE
            return Fault.IN_THE_FUTURE if value.earliest > on else str(value)
        case SheetField.SEX:
            return Sex(text).value
        case SheetField.CARD_NO:
            return read_card_no(text).number or Fault.NOT_A_CARD_NO
        case SheetField.CITIZEN_ID:
            return read_citizen_id(text).number or Fault.NOT_A_CITIZEN_ID
        case SheetField.PHONE:
            return read_phone(text).number or Fault.NOT_A_PHONE
        case _:
            return text.strip()
