"""Rosters with answers: single mistakes, mistakes of whole blocks, rows given twice, people whom the registry lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from benchmarks.matching.adversary.blocks import BLOCKS
from benchmarks.matching.adversary.cells import DATES, NAMES, NUMBERS, REST
from benchmarks.matching.adversary.families import Registry, draw_registry
from benchmarks.matching.files import World
from benchmarks.matching.people import Person, birth_text, sex_text
from benchmarks.matching.rows import LOST, MATCH, SAFE, Mistake, Neighbourhood, Typed
from cardqueue.lib.citizen_id import Sex

CELLS: dict[str, Mistake] = {**NAMES, **NUMBERS, **DATES, **REST}
_NOW = {"Bình Thuận": "Lâm Đồng", "Quảng Nam": "Đà Nẵng", "Thừa Thiên Huế": "Huế", "Hà Nam": "Ninh Bình"}
_BLOCK = 12
#: How many members the registry lacks, and how many of its records are faulty themselves.
_ABSENT, _FAULTY = 0.01, 0.01


def make_adversary(seed: int, members: int, residents: int, mistaken: float) -> World:
    """Draw a world; the same arguments draw the same one."""
    rng = Random(f"adversary:{seed}:{members}:{residents}")
    registry = draw_registry(rng, residents)
    chosen = _members(rng, registry, members)
    absent = {person.number for person in chosen if rng.random() < _ABSENT}
    writer = _Writer(rng, registry, mistaken)
    good = [writer.row(person, at) for at, person in enumerate(chosen)]
    rows = writer.spoiled(dict(zip((row.pid for row in good), chosen, strict=True)), good)
    rows = [_lost(row) if row.pid in absent else row for row in rows]
    present = [person for person in registry.people if person.number not in absent]
    records, faulty = _with_faults(rng, present)
    rows = [_against(row, faulty) for row in rows]
    rng.shuffle(rows)
    return World(tuple(rows), tuple(records), tuple((row.card, row.cell) for row in good))


def _members(rng: Random, registry: Registry, count: int) -> list[Person]:
    """Members at random; one in ten has a relative or a namesake to be mixed up with."""
    doubles = sorted({person.number: person for person in registry.doubles.values()}.values(), key=lambda x: x.number)
    chosen = dict.fromkeys(rng.sample(doubles, min(len(doubles), count // 10)))
    return list(chosen | dict.fromkeys(rng.sample(registry.people, count)))[:count]


class _Writer:
    def __init__(self, rng: Random, registry: Registry, mistaken: float) -> None:
        self._rng, self._registry, self._mistaken = rng, registry, mistaken
        self._taken = frozenset(person.number for person in registry.people)
        self._namesakes: dict[tuple[str, Sex], list[Person]] = defaultdict(list)
        for person in registry.people:
            self._namesakes[person.name, person.sex].append(person)

    def row(self, person: Person, at: int) -> Typed:
        birth = birth_text(person.born) if len(person.known_born) > 4 else person.known_born
        commune, district = person.commune.split(", ")
        origin = self._rng.choice(
            (
                person.origin,
                f"xã {commune}, huyện {district}, tỉnh {person.province}",
                f"{commune} - {district} - {person.province}",
                f"Xã {commune}, {_NOW.get(person.province, 'TP. Hồ Chí Minh')}",
                f"{district}, {person.province}",
                person.province,
            )
        )
        cell = f"Chi bộ thôn {self._rng.randint(1, 30)}"
        return Typed(
            person.name, birth, sex_text(person.sex), person.number, origin, f"99.{at:06}", cell, person.number
        )

    def spoiled(self, people: dict[str, Person], good: list[Typed]) -> list[Typed]:
        """Half of what goes wrong does so in blocks."""
        rng, rows = self._rng, list[Typed]()
        runs = [good[at : at + _BLOCK] for at in range(0, len(good), _BLOCK)]
        for run in runs:
            if rng.random() < self._mistaken / 2:
                kind = rng.choice(tuple(BLOCKS))
                rows.extend(row if row in run else replace(row, kind=kind) for row in BLOCKS[kind](run, rng))
                continue
            for row in run:
                written = self._one(row, people[row.pid]) if rng.random() < self._mistaken / 2 else row
                rows.extend(self._twice(written, row, people[row.pid]) if rng.random() < 0.02 else [written])
        return rows

    def _one(self, row: Typed, person: Person) -> Typed:
        namesake = self._rng.choice(self._namesakes[person.name, person.sex])
        other = namesake if namesake is not person else self._rng.choice(self._registry.people)
        near = Neighbourhood(self._rng, other, self._registry.doubles.get(person.number), self._taken)
        for _ in range(5):
            kind = self._rng.choice(tuple(CELLS))
            written = CELLS[kind](row, person, near)
            if written is not None:
                return replace(written, kind=kind)
        return row

    def _twice(self, row: Typed, good: Typed, person: Person) -> list[Typed]:
        again = self._one(good, person)
        if self._rng.random() < 0.3:
            again = replace(again, card="")
        group = f"g{person.number}"
        return [
            replace(one, group=group, kind="twice", right=(*one.right, "duplicate", *SAFE, *MATCH))
            for one in (row, again)
        ]


def _lost(row: Typed) -> Typed:
    return replace(row, pid="", kind="absent", right=(*LOST, "duplicate"), fields=frozenset())


def _with_faults(rng: Random, people: Iterable[Person]) -> tuple[list[Person], dict[str, tuple[str, str]]]:
    """The registry with its own mistakes; by number what went wrong and in which field."""
    records: list[Person] = []
    faulty: dict[str, tuple[str, str]] = {}
    for person in people:
        if rng.random() >= _FAULTY:
            records.append(person)
            continue
        fault = rng.choice(tuple(_FAULTS))
        field, change = _FAULTS[fault]
        records.extend(change(person, rng))
        faulty[person.number] = (fault, field)
    return records, faulty


def _twice_in_registry(person: Person, rng: Random) -> list[Person]:
    """Registered again under a number that differs in its serial, as after a correction."""
    return [person, replace(person, number=f"{person.number[:6]}{rng.randrange(900_000, 999_999)}", old_number="")]


_FAULTS: dict[str, tuple[str, Callable[[Person, Random], list[Person]]]] = {
    "r_name_slip": ("ho_ten", lambda one, rng: [replace(one, name=f"{one.name[:-1]}{one.name[-1] * 2}")]),
    "r_name_bare": (
        "ho_ten",
        lambda one, rng: [replace(one, name=" ".join([*one.name.split()[:-1], "Thanh", one.name.split()[-1]]))],
    ),
    "r_sex": ("gioi_tinh", lambda one, rng: [replace(one, sex=Sex.FEMALE if one.sex is Sex.MALE else Sex.MALE)]),
    "r_year_only": ("ngay_sinh", lambda one, rng: [replace(one, known_born=str(one.born.year))]),
    "r_first_january": ("ngay_sinh", lambda one, rng: [replace(one, known_born=f"{one.born.year}-01-01")]),
    "r_twice": ("", _twice_in_registry),
    "r_no_old_number": ("", lambda one, rng: [replace(one, old_number="")]),
}


def _against(row: Typed, faulty: dict[str, tuple[str, str]]) -> Typed:
    """The answer where the registry is wrong: the fault is named too, or the row is left to a person."""
    if row.pid not in faulty:
        return row
    fault, field = faulty[row.pid]
    fields = row.fields | ({field} if field else set())
    is_same = field == "ngay_sinh" and row.kind != "clean"
    return replace(
        row,
        kind=fault if row.kind == "clean" else row.kind,
        right=(*row.right, *SAFE),
        fields=fields,
        perhaps=row.perhaps
        | ({field} if field and (is_same or (len(row.birth) == 4 or row.birth.startswith("01/01"))) else set()),
    )
