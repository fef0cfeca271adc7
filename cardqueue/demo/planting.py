"""Plants labelled errors: takes the true people, gives what the lists and the population extract say about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from random import Random

from cardqueue.demo import misspelling
from cardqueue.demo.draws import stream
from cardqueue.demo.entries import SEX_WORDS, Entry, Label, Record, entry_of, in_vietnamese, record_of
from cardqueue.demo.errors import KINDS, Planting
from cardqueue.demo.numbers import STRANGE_PREFIX
from cardqueue.demo.people import AS_OF, Commune, Member, Person
from cardqueue.lib.citizen_id import Sex


@dataclass(frozen=True, slots=True)
class Office:
    """What the offices hold: the entries in list order, and the lines of the population extract."""

    commune: Commune
    entries: tuple[Entry, ...]
    population: tuple[Record, ...]

    @property
    def planted(self) -> dict[str, list[str]]:
        """Keys of the members that carry each kind of label."""
        keys: dict[str, list[str]] = {}
        for entry in self.entries:
            for label in entry.labels:
                keys.setdefault(label.kind, []).append(entry.member.key)
        return keys


@dataclass(slots=True)
class _Context:
    """What a mutation may look at: chance, and who else there is."""

    rng: Random
    commune: Commune
    residents: list[Person]
    carried_ids: frozenset[str]
    serial: int = 0


def plant(commune: Commune, residents: list[Person], planting: Planting) -> Office:
    """The lists and the extract of a commune with the wanted errors, at most one planted per member.

    Raises: ValueError when a kind finds no member left that it fits.
    """
    entries = [entry_of(member) for member in commune.people]
    carried = frozenset(person.citizen_id for person in (*commune.people, *residents))
    context = _Context(stream(commune.seed, "errors"), commune, residents, carried)
    # A kind that fits few people chooses before the kinds that fit everybody.
    wanted = sorted(planting.scaled(len(commune.members)).items(), key=lambda item: _choosiness(item[0]))
    population = {person.key: record_of(person) for person in (*commune.people, *residents)}
    for person in commune.people:
        if person.status == "deceased":
            del population[person.key]
    for kind, count in wanted:
        for _ in range(count):
            if kind in _ROWS:
                _ROWS[kind](context, entries)
            elif kind in _RECORDS:
                _plant_record(context, kind, entries, population)
            else:
                _plant_value(context, kind, entries)
    lines = list(population.values())
    context.rng.shuffle(lines)
    return Office(commune, tuple(entries), tuple(lines))


def _plant_value(context: _Context, kind: str, entries: list[Entry]) -> None:
    change = _VALUES[kind]
    for entry in _candidates(context, kind, entries):
        context.serial += 1
        field = KINDS[kind].field
        before = getattr(entry, field)
        after = change(context, entry)
        if after is None:
            continue
        setattr(entry, field, after)
        entry.labels.append(Label.of(kind, str(before)))
        if field == "citizen_id":
            # An office copies the number into the card column only where it is sure of it.
            entry.new_card_no = ""
        return
    raise _nobody_left(kind)


def _nobody_left(kind: str) -> ValueError:
    return ValueError(f"nobody is left to plant {kind} on: ask for more people or fewer errors")


def _free(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.member.is_eligible and not entry.labels]


def _candidates(context: _Context, kind: str, entries: list[Entry]) -> list[Entry]:
    free = _free(entries)
    context.rng.shuffle(free)
    if kind == "NAME_TCVN3":
        # Old fonts live on one old computer: all such rows stand in one cell, the one where most of them can.
        used = [e.list_cell.number for e in entries if e.is_legacy_font]
        fitting = [e for e in free if misspelling.in_tcvn3(e.full_name)]
        if not fitting:
            return []
        number = used[0] if used else Counter(e.list_cell.number for e in fitting).most_common(1)[0][0]
        free.sort(key=lambda e: e.list_cell.number != number)
    return free


def _plant_record(context: _Context, kind: str, entries: list[Entry], population: dict[str, Record]) -> None:
    for entry in _candidates(context, kind, entries):
        record = population.get(entry.member.key)
        changed = _RECORDS[kind](context, entry.member, record) if record else None
        if record is None or changed is None:
            continue
        label = Label.of(kind, str(getattr(entry, KINDS[kind].field, "")))
        entry.labels.append(label)
        if kind == "POP_NOT_FOUND":
            del population[record.key]
        elif kind in ("POP_TWO_NUMBERS", "POP_LINE_TWICE"):
            population[f"{record.key}-2"] = replace(changed, labels=(label,))
        else:
            population[record.key] = replace(changed, labels=(label,))
        return
    raise _nobody_left(kind)


# Rows: errors that concern two entries at once.


def _copied_from_the_row_above(context: _Context, entries: list[Entry]) -> None:
    pairs = [
        (above, below)
        for above, below in pairwise(entries)
        if above.list_cell == below.list_cell and len(_free([above, below])) == 2 and not _are_kin(above, below)
    ]
    if not pairs:
        raise _nobody_left("ID_DUP")
    above, below = context.rng.choice(pairs)
    above.labels.append(Label.of("ID_DUP", str(above.citizen_id), verification="match"))
    below.labels.append(Label.of("ID_DUP", str(below.citizen_id)))
    below.citizen_id, below.new_card_no = above.citizen_id, ""


def _are_kin(one: Entry, other: Entry) -> bool:
    return one.full_name.split()[0] == other.full_name.split()[0]


def _listed_twice(context: _Context, entries: list[Entry]) -> None:
    _repeat(context, entries, "ROW_DUPLICATED", lambda entry: entry.list_cell.number)


def _listed_in_two_cells(context: _Context, entries: list[Entry]) -> None:
    cells = context.commune.cells
    _repeat(context, entries, "ROW_IN_TWO_CELLS", lambda entry: entry.list_cell.number % len(cells) + 1)


def _repeat(context: _Context, entries: list[Entry], kind: str, to_cell: Callable[[Entry], int]) -> None:
    free = _free(entries)
    if not free:
        raise _nobody_left(kind)
    entry = context.rng.choice(free)
    cell = context.commune.cells[to_cell(entry) - 1]
    second = replace(entry, list_cell=cell, cell=cell.name, labels=[Label.of(kind, "")])
    entry.labels.append(Label.of(kind, "", verification="match"))
    last_of_cell = max(index for index, other in enumerate(entries) if other.list_cell.number == cell.number)
    entries.insert(last_of_cell + 1, second)


_ROWS: Mapping[str, Callable[[_Context, list[Entry]], None]] = {
    "ID_DUP": _copied_from_the_row_above,
    "ROW_DUPLICATED": _listed_twice,
    "ROW_IN_TWO_CELLS": _listed_in_two_cells,
}


# Values: each takes the entry and gives what was typed instead, or None where the kind does not fit the member.

_Change = Callable[[_Context, Entry], "str | int | None"]


def _wrong_length(context: _Context, entry: Entry) -> str:
    # 13 digits (one typed twice) or 7: never 10 or 11, which a reader may take for lost zeros, nor 8 or 9.
    number = entry.member.citizen_id
    return f"{number}{number[-1]}" if context.serial % 2 else number[:7]


def _separated(context: _Context, entry: Entry) -> str:
    number = entry.member.citizen_id
    groups = (number[:3], number[3:6], number[6:9], number[9:])
    return (" ".join(groups), ".".join(groups), f"'{number}")[context.serial % 3]


def _one_digit_off(context: _Context, entry: Entry) -> str | None:
    number = entry.member.citizen_id
    at = context.rng.randint(6, 11)
    other = f"{number[:at]}{(int(number[at]) + context.rng.randint(1, 9)) % 10}{number[at + 1 :]}"
    return None if other in context.carried_ids else other


def _transposed(context: _Context, entry: Entry) -> str | None:
    number = entry.member.citizen_id
    at = context.rng.randint(6, 10)
    other = f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}"
    return None if other == number or other in context.carried_ids else other


def _of_somebody_else(context: _Context, entry: Entry) -> str | None:
    """The number of a resident of the same sex and year: nothing on the list contradicts it."""
    member = entry.member
    fitting = [
        r.citizen_id for r in context.residents if (r.sex, r.birth_on.year) == (member.sex, member.birth_on.year)
    ]
    return context.rng.choice(fitting) if fitting else None


def _other_sex(context: _Context, entry: Entry) -> str:
    return SEX_WORDS[Sex.FEMALE if entry.member.sex is Sex.MALE else Sex.MALE]


def _born(change: Callable[[_Context, date], str | int | None]) -> _Change:
    return lambda context, entry: change(context, entry.member.birth_on)


def _other_year(context: _Context, born: date) -> str | None:
    years = context.rng.choice((-10, -2, -1, 1, 2))
    if not 1932 <= born.year <= 1995 or (born.month, born.day) == (2, 29):
        return None
    return in_vietnamese(born.replace(year=born.year + years))


def _impossible_year(context: _Context, born: date) -> str | None:
    if (born.month, born.day) == (2, 29):
        return None
    return in_vietnamese(born.replace(year=AS_OF.year - 8 if context.serial % 2 else 1899))


def _swapped(_: _Context, born: date) -> str | None:
    return f"{born.month:02}/{born.day:02}/{born.year}" if born.day <= 12 and born.day != born.month else None


def _us_order(_: _Context, born: date) -> str | None:
    return f"{born.month:02}/{born.day:02}/{born.year}" if born.day > 12 else None


def _other_day(context: _Context, born: date) -> str | None:
    return in_vietnamese(born.replace(day=born.day % 28 + 1)) if born.day <= 28 else None


def _other_month(context: _Context, born: date) -> str | None:
    return in_vietnamese(born.replace(month=born.month % 12 + 1)) if born.day <= 28 else None


def _official_too_early(_: _Context, entry: Entry) -> str:
    joined_on = entry.member.joined_on
    return in_vietnamese(date(joined_on.year - 1, joined_on.month, min(joined_on.day, 28)))


def _moved(context: _Context, entry: Entry) -> str | None:
    others = [cell for cell in context.commune.cells if cell.number != entry.list_cell.number]
    if not others or entry.member.key == entry.member.cell.secretary_key:
        return None
    entry.list_cell = context.rng.choice(others)
    return entry.list_cell.name


def _bad_card(context: _Context, entry: Entry) -> str:
    return entry.card_no[:7] if context.serial % 2 else f"{entry.card_no[:2]}.{entry.card_no[2:]}A"


def _card_of_another_number(context: _Context, entry: Entry) -> str | None:
    return _one_digit_off(context, entry)


def _named(change: Callable[[str], str | None]) -> _Change:
    return lambda _, entry: change(entry.full_name)


def _in_old_font(_: _Context, entry: Entry) -> str | None:
    legacy = misspelling.in_tcvn3(entry.full_name)
    entry.is_legacy_font = legacy is not None
    return legacy


_VALUES: Mapping[str, _Change] = {
    "ID_MISSING": lambda _, entry: "",
    "ID_LENGTH": _wrong_length,
    "ID_SCIENTIFIC": lambda _, entry: f"{int(entry.member.citizen_id):.2E}",
    "ID_OLD_CMND": lambda _, entry: entry.member.old_id or None,
    "ID_LEADING_ZERO": lambda _, entry: int(entry.member.citizen_id),
    "ID_SEPARATORS": _separated,
    "ID_PREFIX": lambda _, entry: STRANGE_PREFIX + entry.member.citizen_id[3:],
    "ID_ONE_DIGIT": _one_digit_off,
    "ID_TRANSPOSED": _transposed,
    "ID_OTHER_PERSON": _of_somebody_else,
    "SEX_MISMATCH": _other_sex,
    "YEAR_MISMATCH": _born(_other_year),
    "AGE_RANGE": _born(_impossible_year),
    "DOB_YEAR_ONLY": _born(lambda _, born: str(born.year) if born.year < 1965 else None),
    "DOB_ZERO_DAY": _born(lambda _, born: f"00/{born.month:02}/{born.year}" if born.year < 1965 else None),
    "DOB_SWAP": _born(_swapped),
    "DOB_US_ORDER": _born(_us_order),
    "DOB_SERIAL": _born(lambda _, born: (born - date(1899, 12, 30)).days),
    "DOB_DAY": _born(_other_day),
    "DOB_MONTH": _born(_other_month),
    "OFFICIAL_BEFORE_JOINED": _official_too_early,
    "NAME_TYPO": _named(misspelling.with_typo),
    "NAME_NO_MARKS": _named(misspelling.without_marks),
    "NAME_WRONG_MARK": _named(misspelling.with_wrong_mark),
    "NAME_IY": _named(misspelling.with_i_for_y),
    "NAME_OTHER_MIDDLE": _named(misspelling.with_other_middle),
    "NAME_NO_MIDDLE": _named(misspelling.without_middle),
    "NAME_TONE_PLACE": _named(misspelling.with_tone_moved),
    "NAME_TCVN3": _in_old_font,
    "NAME_NFD": _named(misspelling.decomposed),
    "NAME_SPACES": _named(misspelling.with_stray_spaces),
    "NAME_ETH": _named(misspelling.with_icelandic_eth),
    "CELL_UNKNOWN": lambda _, entry: f"{entry.cell.replace('Chi bộ', 'CB')} (cũ)",
    "CELL_MOVED": _moved,
    "CARD_FORMAT": _bad_card,
    "CARD_NOT_ID": _card_of_another_number,
}


# Records: the population extract's own differences.


def _twice(context: _Context, member: Member, record: Record) -> Record | None:
    """The same person under a second number, from before a correction of the register."""
    number = record.citizen_id
    other = f"{number[:6]}{(int(number[6:]) + 500_000) % 1_000_000:06}"
    return None if other in context.carried_ids else replace(record, citizen_id=other, old_id="")


def _misheard(_: _Context, member: Member, record: Record) -> Record | None:
    name = misspelling.with_typo(member.full_name)
    return replace(record, full_name=name.upper()) if name else None


_RECORDS: Mapping[str, Callable[[_Context, Member, Record], Record | None]] = {
    "POP_NOT_FOUND": lambda _, member, record: record,
    "POP_TWO_NUMBERS": _twice,
    "POP_LINE_TWICE": lambda _, member, record: record,
    "POP_YEAR_ONLY": lambda _, member, record: replace(record, birth_on=record.birth_on[:4]),
    "POP_NAME_TYPO": _misheard,
    "POP_SEX": lambda _, member, record: replace(record, sex="Nữ" if record.sex == "Nam" else "Nam"),
}

_CHOOSY = (
    "NAME_IY", "NAME_TONE_PLACE", "NAME_ETH", "NAME_TCVN3", "ID_OTHER_PERSON", "DOB_SWAP", "DOB_ZERO_DAY",
    "DOB_YEAR_ONLY", "NAME_TYPO", "POP_NAME_TYPO", "NAME_OTHER_MIDDLE", "NAME_WRONG_MARK", "ID_DUP",
)  # fmt: skip


def _choosiness(kind: str) -> tuple[int, str]:
    return (_CHOOSY.index(kind) if kind in _CHOOSY else len(_CHOOSY), kind)
