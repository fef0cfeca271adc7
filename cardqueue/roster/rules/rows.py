"""A row of a list between the steps of the wizard: its facts, what is the matter with it, and where it is shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from cardqueue.lib.citizen_id import Sex
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.reading import Code, Field, MemberStatus, RosterRow, RowState, Severity
from cardqueue.roster.reading.dates import DateHabit, DateHabits
from cardqueue.roster.reading.judging import Circumstances, judge
from cardqueue.roster.reading.messages import Message
from cardqueue.roster.reading.rows import RawRow
from cardqueue.roster.reading.whole_list import compare_rows

FIRST_AGE = 18
# Said again whenever another row changes, since they compare rows with each other.
_OF_THE_WHOLE_LIST = frozenset({Code.ID_DUP, Code.PERSON_DUP, Code.CARD_DUP})
# With these a row names nobody, or somebody who is on a list already. Any other error is one for the police to settle:
# the member belongs on the list, and is invited only when verification has settled it.
_NAMES_NOBODY_NEW = frozenset(
    {Code.NAME_MISSING, Code.NAME_FORMAT, Code.CELL_MISSING, Code.ID_DUP, Code.PERSON_DUP, "ID_ELSEWHERE"}
)


class ListCode(StrEnum):
    """What is the matter with a row beside the list that stands already."""

    CELL_MOVED = "CELL_MOVED"
    ID_ELSEWHERE = "ID_ELSEWHERE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a row: by the reader (`Code`), or beside the list that stands (`ListCode`)."""

    code: Code | ListCode
    severity: Severity
    field: Field | None = None
    found: str = ""
    expected: str = ""
    suggestion: str = ""

    @classmethod
    def of(cls, message: Message) -> Finding:
        """What the reader said."""
        return cls(message.code, message.severity, message.field, message.found, message.expected, message.suggestion)

    @property
    def message(self) -> Message:
        """The same as the reader's own message.

        Raises: ValueError for what the reader does not say.
        """
        return Message(Code(self.code), self.severity, self.field, self.found, self.expected, self.suggestion)


class Tab(StrEnum):
    """Where the wizard shows a row."""

    VALID = "valid"
    LOOK = "look"
    WRONG = "wrong"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with everything that is to be said about it."""

    row: RosterRow
    findings: tuple[Finding, ...]

    @property
    def state(self) -> RowState:
        """What the findings come to."""
        severities = {finding.severity for finding in self.findings}
        if Severity.ERROR in severities:
            return RowState.WRONG
        return RowState.LOOK if Severity.WARNING in severities else RowState.VALID


def tab_of(state: str, *, is_accepted: bool, is_left_out: bool) -> Tab:
    """Where a row is shown; an accepted one counts as valid."""
    if is_left_out:
        return Tab.LEFT_OUT
    return Tab.VALID if is_accepted else Tab(state)


def may_be_accepted(findings: Iterable[Finding]) -> bool:
    """Whether a person may take the row as it stands: it names a member who is not on a list yet."""
    return all(finding.severity is not Severity.ERROR or finding.code not in _NAMES_NOBODY_NEW for finding in findings)


def read_person(
    values: Mapping[Field, str], *, on: date, fictitious_ids: bool, sheet: str = "", row: int = 0
) -> RosterRow:
    """Judge a person typed into a form as the reader judges a row. `on` is the day that ages are reckoned for.

    Shapes: `values` are texts as a list has them; the status may also be a value of `MemberStatus`.
    """
    chosen = values.get(Field.STATUS, "")
    if chosen in set(MemberStatus):
        others: dict[Field, str] = {field: text for field, text in values.items() if field is not Field.STATUS}
        person = read_person(others, on=on, fictitious_ids=fictitious_ids, sheet=sheet, row=row)
        return replace(person, status=MemberStatus(chosen))
    birth = DateHabit((on.year - FIRST_AGE) % 100)
    other = DateHabit(on.year % 100)
    raw = RawRow(sheet, row, values.get(Field.NAME, ""), dict(values), frozenset(values))
    return judge(raw, Circumstances(on, DateHabits(birth, other, other), None, Field.CELL in values, fictitious_ids))


def compare_with_each_other(rows: Sequence[RosterRow]) -> list[RosterRow]:
    """The rows with what only the whole list shows said anew."""
    alone = [replace(row, messages=_own(row.messages)) for row in rows]
    return compare_rows(alone)


def check_rows(
    rows: Sequence[RosterRow], *, taken_elsewhere: frozenset[str], moved: Mapping[int, tuple[str, str]]
) -> list[CheckedRow]:
    """What is to be said about rows that were compared with each other.

    Shapes: `taken_elsewhere` are citizen IDs of other units' members; `moved` maps the index of a row to the cell it
    names and the cell where the member stands.
    """
    extra: dict[int, list[Finding]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.citizen_id and row.citizen_id in taken_elsewhere:
            extra[index].append(Finding(ListCode.ID_ELSEWHERE, Severity.ERROR, Field.CITIZEN_ID, found=row.citizen_id))
        if index in moved:
            named, standing = moved[index]
            extra[index].append(Finding(ListCode.CELL_MOVED, Severity.WARNING, Field.CELL, named, standing))
    return [CheckedRow(row, (*map(Finding.of, row.messages), *extra[index])) for index, row in enumerate(rows)]


def row_to_json(row: RosterRow) -> str:
    """The facts of a row as they are kept."""
    return json.dumps(
        {
            "full_name": row.full_name,
            "birth_on": str(row.birth_on) if row.birth_on else None,
            "sex": row.sex,
            "citizen_id": row.citizen_id,
            "old_id": row.old_id,
            "card_no": row.card_no,
            "new_card_no": row.new_card_no,
            "cell": row.cell,
            "joined_on": str(row.joined_on) if row.joined_on else None,
            "official_on": str(row.official_on) if row.official_on else None,
            "phone": row.phone,
            "status": row.status,
        },
        ensure_ascii=False,
    )


def row_from_json(sheet: str, number: int, values: str, findings: Iterable[Finding]) -> RosterRow:
    """Read back what `row_to_json` kept, with the reader's own messages."""
    kept: dict[str, Any] = json.loads(values)
    messages = tuple(finding.message for finding in findings if not isinstance(finding.code, ListCode))
    return RosterRow(
        sheet=sheet,
        row=number,
        full_name=kept["full_name"],
        birth_on=_date(kept["birth_on"]),
        sex=Sex(kept["sex"]) if kept["sex"] else None,
        citizen_id=kept["citizen_id"],
        old_id=kept["old_id"],
        card_no=kept["card_no"],
        new_card_no=kept["new_card_no"],
        cell=kept["cell"],
        joined_on=_date(kept["joined_on"]),
        official_on=_date(kept["official_on"]),
        phone=kept["phone"],
        status=MemberStatus(kept["status"]),
        messages=messages,
    )


def findings_to_json(findings: Iterable[Finding]) -> str:
    """Findings as they are kept."""
    return json.dumps(
        [[one.code, one.severity, one.field, one.found, one.expected, one.suggestion] for one in findings],
        ensure_ascii=False,
    )


def findings_from_json(text: str | None) -> tuple[Finding, ...]:
    """Read back what `findings_to_json` kept."""
    return tuple(
        Finding(
            ListCode(code) if code in ListCode.__members__ else Code(code),
            Severity(severity),
            Field(field) if field else None,
            *texts,
        )
        for code, severity, field, *texts in json.loads(text or "[]")
    )


def _own(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(message for message in messages if message.code not in _OF_THE_WHOLE_LIST)


def _date(text: str | None) -> PartialDate | None:
    return PartialDate.from_iso(text) if text else None
