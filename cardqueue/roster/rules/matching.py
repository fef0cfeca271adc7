"""Whom a row of a list means, and what it changes: pure comparisons of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cardqueue.lib.names import compare_names, is_all_capitals, search_key
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.reading import MemberStatus, RosterRow

# What is kept of a person, in the order in which changes are listed.
FIELDS = (
    "full_name",
    "birth_on",
    "sex",
    "citizen_id",
    "old_id",
    "card_no",
    "cell_id",
    "joined_on",
    "official_on",
    "phone",
    "status",
)
_DATES = ("birth_on", "joined_on", "official_on")
OLD_CARD_DIGITS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A member as the list has them; `is_removed` for one who stood on it before."""

    id: int
    values: Mapping[str, object]
    search_key: str
    cell_key: str
    is_removed: bool = False


def match_rows(rows: Sequence[RosterRow], cell_keys: Sequence[str], known: Iterable[Known]) -> dict[int, Known]:
    """Whom the rows mean: by citizen ID, else card number, else old ID with name, else name, birth and cell together.

    Shapes: index of the row → member; nobody is meant twice. Who was removed comes back by the citizen ID alone.
    """
    members = list(known)
    listed = [member for member in members if not member.is_removed]
    # The newest of several entries is the one that comes back.
    removed = sorted((member for member in members if member.is_removed), key=lambda member: -member.id)
    numbers = [row.citizen_id or "" for row in rows]
    names = [search_key(row.full_name) for row in rows]
    old_ids = [f"{row.old_id} {name}" if row.old_id else "" for row, name in zip(rows, names, strict=True)]
    persons = [_person(name, row.birth_on, key) for name, row, key in zip(names, rows, cell_keys, strict=True)]
    meeting = _Meeting(rows)
    meeting.meet(numbers, {member: _text(member, "citizen_id") for member in listed})
    meeting.meet(
        [row.card_no or "" for row in rows],
        {member: _text(member, "card_no") for member in listed},
        agree=_may_be_one_person,
    )
    meeting.meet(old_ids, {member: _old_id_with_name(member) for member in listed})
    meeting.meet(persons, {member: _person_of(member) for member in listed}, only_unique=True)
    meeting.meet(numbers, {member: _text(member, "citizen_id") for member in removed})
    return meeting.found


class _Meeting:
    """Rows and members brought together, one kind of evidence after the other."""

    def __init__(self, rows: Sequence[RosterRow]) -> None:
        self._rows = rows
        self.found: dict[int, Known] = {}
        self._taken: set[int] = set()

    def meet(
        self,
        keys: Sequence[str],
        members: Mapping[Known, str],
        *,
        only_unique: bool = False,
        agree: Callable[[RosterRow, Known], bool] = lambda row, member: True,
    ) -> None:
        """Bring those together whose keys are equal; an empty key is no evidence."""
        by_key: dict[str, list[Known]] = defaultdict(list)
        for member, key in members.items():
            if key and member.id not in self._taken:
                by_key[key].append(member)
        waiting: dict[str, list[int]] = defaultdict(list)
        for index, key in enumerate(keys):
            if key in by_key and index not in self.found:
                waiting[key].append(index)
        for key, indexes in waiting.items():
            if not only_unique or len(indexes) == len(by_key[key]) == 1:
                self._give(indexes, by_key[key], agree)

    def _give(self, indexes: list[int], members: list[Known], agree: Callable[[RosterRow, Known], bool]) -> None:
        for index in indexes:
            for member in members:
                if member.id not in self._taken and agree(self._rows[index], member):
                    self.found[index] = member
                    self._taken.add(member.id)
                    break


def values_of(row: RosterRow, cell_id: int | str | None, *, says_status: bool) -> dict[str, object]:
    """What a row says about a person; a field that it says nothing about is None."""
    return {
        "full_name": row.full_name or None,
        "birth_on": str(row.birth_on) if row.birth_on else None,
        "sex": row.sex,
        "citizen_id": row.citizen_id,
        "old_id": row.old_id,
        "card_no": row.card_no,
        "cell_id": cell_id,
        "joined_on": str(row.joined_on) if row.joined_on else None,
        "official_on": str(row.official_on) if row.official_on else None,
        "phone": row.phone,
        # A list without a column for it says nothing about those whom it does not single out.
        "status": row.status if says_status or row.status is not MemberStatus.OFFICIAL else None,
    }


def differences(member: Known, said: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What a list changes: field → (as it stands, as the list says). An empty place in a list takes nothing away."""
    return {
        name: (member.values[name], said[name])
        for name in FIELDS
        if said[name] is not None and not _says_no_more(name, member.values[name], said[name])
    }


def _says_no_more(name: str, standing: object, said: object) -> bool:
    """Whether the list only repeats what is known, perhaps less exactly."""
    if standing is None:
        return False
    if standing == said:
        return True
    if name == "full_name":
        same = compare_names(str(standing), str(said)).is_same
        return same and not (is_all_capitals(str(standing)) and not is_all_capitals(str(said)))
    if name in _DATES:
        old, new = PartialDate.from_iso(str(standing)), PartialDate.from_iso(str(said))
        return old.agrees_with(new) and len(str(new)) <= len(str(old))
    if name == "card_no":
        # The new card repeats the citizen ID; the old number is the one that tells more.
        return len(str(standing)) == OLD_CARD_DIGITS and len(str(said)) != OLD_CARD_DIGITS
    return False


def _may_be_one_person(row: RosterRow, member: Known) -> bool:
    """A card number is copied wrongly now and then: name or birth has to agree too."""
    same_birth = row.birth_on is not None and str(row.birth_on) == member.values["birth_on"]
    return same_birth or search_key(row.full_name) == member.search_key


def _person(name: str, birth: object, cell: str) -> str:
    return f"{name}|{birth}|{cell}" if birth else ""


def _person_of(member: Known) -> str:
    return _person(member.search_key, member.values["birth_on"], member.cell_key)


def _old_id_with_name(member: Known) -> str:
    number = _text(member, "old_id")
    return f"{number} {member.search_key}" if number else ""


def _text(member: Known, name: str) -> str:
    value = member.values[name]
    return "" if value is None else str(value)
