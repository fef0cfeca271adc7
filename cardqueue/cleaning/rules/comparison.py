"""Two lists of members side by side: who stayed the same, changed, vanished or appeared, and who is in doubt.

Rows are brought together one kind of evidence after the other, and only where each of the two has no other candidate:
equal in everything, or in all that both lists speak of with a number among it; the card number; the citizen ID; name
and full birth date; name, partial birth date and cell. A number alone is not enough: name, birth or the other number
has to agree. Rows that differ are never matched by the name alone. Exchanging the two lists mirrors the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cardqueue.lib.names import same_name_key, search_key
from cardqueue.lib.partial_date import PartialDate
from cardqueue.roster.rules.cells import cell_key

# A key that very many rows share (a column filled with one value) says nothing about anybody.
_MOST_CANDIDATES = 400
_FULL_DATE = 10
_NEW_CARD_DIGITS = 12


class Part(StrEnum):
    """What a list can say about a person and two lists can say differently."""

    CELL = "cell"
    FULL_NAME = "full_name"
    BIRTH_ON = "birth_on"
    SEX = "sex"
    CITIZEN_ID = "citizen_id"
    CARD_NO = "card_no"
    JOINED_ON = "joined_on"
    OFFICIAL_ON = "official_on"


class Why(StrEnum):
    """Why a row is in doubt: it shares a number, or the name with something else, with rows that may not be it."""

    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person of a list; "" where the list says nothing.

    Shapes: `place` is where the row stands, as people find it; dates are ISO and may be partial; numbers are digits.
    """

    place: str
    full_name: str
    cell: str = ""
    birth_on: str = ""
    sex: str = ""
    citizen_id: str = ""
    card_no: str = ""
    joined_on: str = ""
    official_on: str = ""

    def value(self, part: Part) -> str:
        """What the list says."""
        return str(getattr(self, part.value))


@dataclass(frozen=True, slots=True)
class Changed:
    """One person in both lists with what differs. Shapes: `parts` maps what changed to (old, new)."""

    old: int
    new: int
    parts: dict[Part, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row that belongs to nobody for certain; `others` are the rows of the other list that it may be."""

    index: int
    others: tuple[int, ...]
    why: Why


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing gave, as indexes into the two lists: every row of each stands in exactly one group."""

    same: tuple[tuple[int, int], ...]
    changed: tuple[Changed, ...]
    gone: tuple[int, ...]
    appeared: tuple[int, ...]
    old_doubts: tuple[Doubt, ...]
    new_doubts: tuple[Doubt, ...]


def compare_lists(old: Sequence[Entry], new: Sequence[Entry]) -> Comparison:
    """Bring two lists together and say what differs. A part that either list never mentions is not compared."""
    pairs = pair_up(old, new)
    told = _told(old) & _told(new)
    same, changed = [], []
    for left, right in sorted(pairs.items()):
        if parts := _differing(old[left], new[right], told):
            changed.append(Changed(left, right, parts))
        else:
            same.append((left, right))
    taken = set(pairs.values())
    left_over = [index for index in range(len(old)) if index not in pairs]
    right_over = [index for index in range(len(new)) if index not in taken]
    old_doubts = _doubts(old, left_over, new, right_over)
    new_doubts = _doubts(new, right_over, old, left_over)
    return Comparison(
        same=tuple(same),
        changed=tuple(changed),
        gone=_without(left_over, old_doubts),
        appeared=_without(right_over, new_doubts),
        old_doubts=old_doubts,
        new_doubts=new_doubts,
    )


def pair_up(old: Sequence[Entry], new: Sequence[Entry]) -> dict[int, int]:
    """Whom both lists mean. Shapes: index in the old list → index in the new one; nobody is meant twice."""
    told = _told(old) & _told(new)
    pairing = _Pairing(old, new)
    pairing.pair_equal(_content)
    pairing.pair_equal(lambda entry: _comparable_content(entry, told))
    pairing.pair_by(lambda entry: entry.card_no, _confirms_number)
    pairing.pair_by(lambda entry: entry.citizen_id, _confirms_number)
    pairing.pair_by(_name_and_day, _numbers_allow)
    pairing.pair_by(_name_birth_and_cell, _numbers_allow)
    return pairing.found


class _Pairing:
    """Rows brought together, one kind of evidence after the other."""

    def __init__(self, old: Sequence[Entry], new: Sequence[Entry]) -> None:
        self._old, self._new = old, new
        self.found: dict[int, int] = {}
        self._taken: set[int] = set()

    def pair_equal(self, content: Callable[[Entry], object]) -> None:
        """Pair rows that say the very same, the first with the first: a row that stands twice in both is no doubt."""
        for left, right in self._groups(content):
            for index, other in zip(left, right, strict=False):
                self._pair(index, other)

    def pair_by(self, key: Callable[[Entry], object], agree: Callable[[Entry, Entry], bool]) -> None:
        """Pair rows with an equal key that agree, where neither has another candidate; no key is no evidence."""
        met: list[tuple[int, int]] = []
        for left, right in self._groups(key):
            if len(left) * len(right) <= _MOST_CANDIDATES:
                near = [(one, two) for one in left for two in right if agree(self._old[one], self._new[two])]
                met += [pair for pair in near if _is_alone(pair, near)]
        for index, other in met:
            self._pair(index, other)

    def _pair(self, index: int, other: int) -> None:
        self.found[index] = other
        self._taken.add(other)

    def _groups(self, key: Callable[[Entry], object]) -> Iterator[tuple[list[int], list[int]]]:
        left = _by_key((index for index in range(len(self._old)) if index not in self.found), self._old, key)
        right = _by_key((index for index in range(len(self._new)) if index not in self._taken), self._new, key)
        return ((left[value], right[value]) for value in left if value in right)


def _is_alone(pair: tuple[int, int], pairs: Sequence[tuple[int, int]]) -> bool:
    return sum(pair[0] == one or pair[1] == two for one, two in pairs) == 1


def _by_key(
    indexes: Iterable[int], entries: Sequence[Entry], key: Callable[[Entry], object]
) -> dict[object, list[int]]:
    groups: dict[object, list[int]] = defaultdict(list)
    for index in indexes:
        if value := key(entries[index]):
            groups[value].append(index)
    return groups


def _content(entry: Entry) -> tuple[str, ...]:
    return tuple(_compared(entry, part) for part in Part)


def _comparable_content(entry: Entry, told: set[Part]) -> object:
    """All that both lists speak of, where a number is among it."""
    said = [(part, "" if _is_new_card(part, entry) else _compared(entry, part)) for part in Part if part in told]
    return tuple(said) if any(value for part, value in said if part in (Part.CITIZEN_ID, Part.CARD_NO)) else None


def _is_new_card(part: Part, entry: Entry) -> bool:
    return part is Part.CARD_NO and len(entry.card_no) == _NEW_CARD_DIGITS


def _name_and_day(entry: Entry) -> object:
    return (same_name_key(entry.full_name), entry.birth_on) if len(entry.birth_on) == _FULL_DATE else None


def _name_birth_and_cell(entry: Entry) -> object:
    cell = cell_key(entry.cell)
    return (same_name_key(entry.full_name), entry.birth_on, cell) if entry.birth_on and cell else None


def _confirms_number(one: Entry, other: Entry) -> bool:
    """Whether anything besides the one equal number says the same: numbers are copied into wrong rows now and then."""
    numbers = [(one.citizen_id, other.citizen_id), (one.card_no, other.card_no)]
    if all(a and a == b for a, b in numbers) or search_key(one.full_name) == search_key(other.full_name):
        return True
    return bool(one.birth_on and other.birth_on) and _date(one).agrees_with(_date(other))


def _numbers_allow(one: Entry, other: Entry) -> bool:
    """Whether not everything that tells people apart speaks against it."""
    numbers = [(one.citizen_id, other.citizen_id), (one.card_no, other.card_no)]
    return not all(a and b and len(a) == len(b) and a != b for a, b in numbers)


def _told(entries: Sequence[Entry]) -> set[Part]:
    """What a list speaks of at all."""
    return {part for part in Part if any(entry.value(part) for entry in entries)}


def _differing(old: Entry, new: Entry, told: set[Part]) -> dict[Part, tuple[str, str]]:
    return {
        part: (old.value(part), new.value(part))
        for part in Part
        if part in told
        and _compared(old, part) != _compared(new, part)
        and not (part is Part.CARD_NO and _is_another_card(old.card_no, new.card_no))
    }


def _compared(entry: Entry, part: Part) -> str:
    match part:
        case Part.FULL_NAME:
            return same_name_key(entry.full_name)
        case Part.CELL:
            return cell_key(entry.cell)
        case _:
            return entry.value(part)


def _is_another_card(one: str, other: str) -> bool:
    """The new card's 12 digits repeat the citizen ID: beside the old card's 8, or beside nothing, they tell nothing."""
    return len(one) != len(other) and _NEW_CARD_DIGITS in (len(one), len(other))


def _doubts(
    entries: Sequence[Entry], left_over: Sequence[int], others: Sequence[Entry], others_over: Sequence[int]
) -> tuple[Doubt, ...]:
    """The rows left over that may still be somebody of the other list."""
    by_number: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(others):
        for number in {entry.citizen_id, entry.card_no} - {""}:
            by_number[number].append(index)
    by_name = _by_key(others_over, others, lambda entry: search_key(entry.full_name))
    doubts = []
    for index in left_over:
        entry = entries[index]
        numbers = {entry.citizen_id, entry.card_no} - {""}
        if same_number := {other for number in numbers for other in by_number.get(number, ())}:
            doubts.append(Doubt(index, tuple(sorted(same_number)), Why.NUMBER))
            continue
        namesakes = by_name.get(search_key(entry.full_name), [])
        if may_be := [other for other in namesakes if _may_be_one_person(entry, others[other])]:
            doubts.append(Doubt(index, tuple(may_be), Why.NAME))
    return tuple(doubts)


def _may_be_one_person(one: Entry, other: Entry) -> bool:
    """Of two with one name: born in the same year, or in the same cell where a year is not known."""
    if one.birth_on and other.birth_on:
        return one.birth_on[:4] == other.birth_on[:4]
    return bool(cell_key(one.cell)) and cell_key(one.cell) == cell_key(other.cell)


def _without(indexes: Sequence[int], doubts: Iterable[Doubt]) -> tuple[int, ...]:
    doubtful = {doubt.index for doubt in doubts}
    return tuple(index for index in indexes if index not in doubtful)


def _date(entry: Entry) -> PartialDate:
    return PartialDate.from_iso(entry.birth_on)
