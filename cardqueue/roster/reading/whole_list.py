"""What only the whole list shows: one number twice, one person twice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from cardqueue.lib.names import same_name_key
from cardqueue.roster.reading.fields import Field
from cardqueue.roster.reading.judging import RosterRow
from cardqueue.roster.reading.messages import Code, Message, Severity

_NAMED_PLACES = 5


def compare_rows(rows: Sequence[RosterRow]) -> list[RosterRow]:
    """The rows with a message on each that stands twice, saying where else it stands."""
    found: dict[int, list[Message]] = defaultdict(list)
    for group in _groups(rows, lambda row: row.citizen_id or row.old_id):
        for index, places in _elsewhere(rows, group):
            number = rows[index].citizen_id or rows[index].old_id or ""
            found[index].append(Message(Code.ID_DUP, Severity.ERROR, Field.CITIZEN_ID, number, suggestion=places))
    for group in _groups(rows, _person):
        if len({rows[index].citizen_id for index in group}) > 1 or rows[group[0]].citizen_id is None:
            for index, places in _elsewhere(rows, group):
                name = rows[index].full_name
                found[index].append(Message(Code.PERSON_DUP, Severity.WARNING, Field.NAME, name, suggestion=places))
    for group in _groups(rows, lambda row: row.card_no):
        if len({rows[index].citizen_id or rows[index].full_name for index in group}) > 1:
            for index, places in _elsewhere(rows, group):
                number = rows[index].card_no or ""
                found[index].append(Message(Code.CARD_DUP, Severity.WARNING, Field.CARD_NO, number, suggestion=places))
    return [row.with_messages(found[index]) if index in found else row for index, row in enumerate(rows)]


def _person(row: RosterRow) -> object:
    if row.birth_on is None or not row.birth_on.is_complete or not row.full_name:
        return None
    return same_name_key(row.full_name), row.birth_on


def _groups(rows: Sequence[RosterRow], key: Callable[[RosterRow], object]) -> Iterable[list[int]]:
    groups: dict[object, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if value := key(row):
            groups[value].append(index)
    return [group for group in groups.values() if len(group) > 1]


def _elsewhere(rows: Sequence[RosterRow], group: list[int]) -> Iterable[tuple[int, str]]:
    """Each row of a group with the places of the others: its row alone on the same sheet, else with the sheet."""
    for index in group:
        sheet = rows[index].sheet
        places = [
            str(rows[other].row) if rows[other].sheet == sheet else f"{rows[other].sheet}!{rows[other].row}"
            for other in group
            if other != index
        ]
        more = "…" if len(places) > _NAMED_PLACES else ""
        yield index, ", ".join(places[:_NAMED_PLACES]) + more
