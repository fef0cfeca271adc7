"""The people of the demo commune: the members in their cells, and the other residents.

Everyone is invented. The shape is that of a small rural commune: many old people in the villages, young ones at the
police and the schools, brothers and sisters, a few twins, several people of one name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from cardqueue.demo.cells import HIGHLAND_VILLAGE, Cell, CellKind, make_cells
from cardqueue.demo.draws import Weighted, pick, stream
from cardqueue.demo.names import family_name, highland_name, kinh_name, personal_names
from cardqueue.demo.numbers import Numbers
from cardqueue.lib.citizen_id import Sex

Status = Literal["official", "exempt", "transferring", "under_review", "probationary", "left", "deceased"]

COMMUNE, PROVINCE = "Xã Suối Mây", "Lâm Đồng"
#: Ages and stays are counted to this day, so that the same seed gives the same people in any year.
AS_OF = date(2026, 9, 1)
#: Members and cells of the real commune that the demo takes its shape from; nine more people stand outside the count.
MEMBERS, CELLS, OUTSIDE = 365, 26, 9

_OUTSIDE_PATTERN: tuple[Status, ...] = (
    "probationary", "deceased", "probationary", "left", "probationary",
    "deceased", "probationary", "left", "probationary",
)  # fmt: skip

Ages = Weighted[tuple[int, int]]
_WORKING: Ages = (((23, 30), 18), ((31, 45), 50), ((46, 58), 32))
_AGES: dict[CellKind, Ages] = {
    "village": (((20, 34), 10), ((35, 49), 16), ((50, 59), 17), ((60, 69), 22), ((70, 79), 22), ((80, 95), 13)),
    "retired": (((57, 69), 48), ((70, 79), 35), ((80, 95), 17)),
    "police": (((22, 30), 35), ((31, 50), 65)),
    "military": (((21, 30), 35), ((31, 50), 65)),
    "school": _WORKING,
    "office": _WORKING,
    "health": _WORKING,
}
_RESIDENT_AGES: Ages = (((14, 29), 30), ((30, 44), 28), ((45, 59), 22), ((60, 74), 14), ((75, 97), 6))
_WOMEN: dict[CellKind, float] = {
    "village": 0.36, "retired": 0.36, "police": 0.12, "military": 0.06, "school": 0.72, "office": 0.4, "health": 0.65,
}  # fmt: skip
_ORIGINS: Weighted[str] = (
    (f"Suối Mây, {PROVINCE}", 60), (f"Đồi Cát, {PROVINCE}", 14), (f"Bến Lau, {PROVINCE}", 9),
    ("Đồng Lúa Vàng, Quảng Ngãi", 6), ("Cồn Gió, Nghệ An", 6), ("Rừng Thông, Thanh Hóa", 5),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as they truly are, before any list gets them wrong.

    `birth_on` is 1 January where only the year is known (`is_year_only`).
    """

    key: str
    full_name: str
    sex: Sex
    birth_on: date
    is_year_only: bool
    citizen_id: str
    old_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Member(Person):
    """A party member of the commune; `card_no`, `phone` and `official_on` may be missing."""

    cell: Cell
    status: Status
    joined_on: date
    official_on: date | None
    left_on: date | None
    card_no: str
    card_issued_on: date | None
    phone: str

    @property
    def is_eligible(self) -> bool:
        """Whether the member counts: probationary, left and deceased people stand outside."""
        return self.status not in ("probationary", "left", "deceased")

    @property
    def age(self) -> int:
        """Full years on the demo's reference day."""
        return AS_OF.year - self.birth_on.year - ((AS_OF.month, AS_OF.day) < (self.birth_on.month, self.birth_on.day))


@dataclass(frozen=True, slots=True)
class Commune:
    """The demo commune: cells with their members, in the order in which an office lists them."""

    seed: int
    name: str
    province: str
    cells: tuple[Cell, ...]
    people: tuple[Member, ...]

    @property
    def members(self) -> tuple[Member, ...]:
        """Those who count: everybody to be invited."""
        return tuple(person for person in self.people if person.is_eligible)

    @property
    def outside(self) -> tuple[Member, ...]:
        """Probationary, left and deceased people, who stand on the lists and do not count."""
        return tuple(person for person in self.people if not person.is_eligible)

    def of_cell(self, cell: Cell) -> tuple[Member, ...]:
        """Everybody whom the list of one cell names."""
        return tuple(person for person in self.people if person.cell.number == cell.number)


def make_commune(seed: int = 1, *, members: int = MEMBERS, cells: int | None = None) -> Commune:
    """The demo commune of a seed.

    Shapes: `members` eligible people, about 2.5 % more outside the count; `cells` defaults to 26 per 365 members.
    Raises: ValueError when the members do not fit into the cells.
    """
    rng = stream(seed, "people")
    numbers = Numbers(stream(seed, "numbers"))
    drawn = make_cells(stream(seed, "cells"), members, cells or default_cells(members))
    outside = _outside(rng, drawn, members)
    all_cells: list[Cell] = []
    people: list[Member] = []
    villages = 0
    for cell in drawn:
        villages += cell.kind == "village"
        listed = _cell_members(rng, numbers, cell, villages)
        ordered = sorted(listed, key=lambda member: (member.joined_on, member.citizen_id))
        secretary = _secretary(rng, ordered)
        ordered.sort(key=lambda member: member is not secretary)
        ordered += [_outsider(rng, numbers, cell, status) for status in outside.get(cell.number, ())]
        first = len(people) + 1
        named = replace(cell, secretary_key=f"M{first:04}")
        all_cells.append(named)
        people += [replace(m, key=f"M{number:04}", cell=named) for number, m in enumerate(ordered, first)]
    return Commune(seed, COMMUNE, PROVINCE, tuple(all_cells), tuple(_with_statuses(rng, people)))


def default_cells(members: int) -> int:
    """As many cells as a commune of this size has: 26 for 365."""
    return max(1, round(members * CELLS / MEMBERS))


def make_residents(commune: Commune, count: int) -> list[Person]:
    """Other people of the commune's population records, members' namesakes, brothers and sisters among them."""
    rng = stream(commune.seed, "residents")
    numbers = Numbers(rng, taken=[person.citizen_id for person in commune.people])
    residents = []
    for number in range(1, count + 1):
        person = _person(rng, numbers, _RESIDENT_AGES, 0.5, 0.02)
        kin = rng.random()
        if kin < 0.06:
            person = _sibling(rng, person, rng.choice(commune.people))
        elif kin < 0.08:
            person = _namesake(rng, numbers, person, rng.choice(commune.people))
        residents.append(replace(person, key=f"R{number:05}"))
    return residents


def _cell_members(rng: Random, numbers: Numbers, cell: Cell, village_number: int) -> list[Member]:
    people: list[Person] = []
    highland = 0.65 if cell.name.startswith(HIGHLAND_VILLAGE) else 0.01
    for position in range(cell.member_count):
        person = _person(rng, numbers, _AGES[cell.kind], _WOMEN[cell.kind], highland)
        if cell.kind == "village" and position == 2 and village_number % 5 == 1:
            person = _twin(rng, numbers, people[1])
        elif cell.kind == "village" and position == 4 and village_number % 4 == 2:
            person = _namesake(rng, numbers, person, people[0])
        elif cell.kind == "village" and people and rng.random() < 0.06:
            person = _sibling(rng, person, people[-1])
        people.append(person)
    return [_member(rng, numbers, person, cell) for person in people]


def _person(rng: Random, numbers: Numbers, ages: Ages, women: float, highland: float) -> Person:
    youngest, oldest = pick(rng, ages)
    sex = Sex.FEMALE if rng.random() < women else Sex.MALE
    birth_on = _years_before(AS_OF, rng.randint(youngest, oldest)) - timedelta(days=rng.randint(1, 364))
    is_year_only = birth_on.year < 1946 and rng.random() < 0.3
    if is_year_only:
        birth_on = date(birth_on.year, 1, 1)
    name = highland_name(rng, sex) if rng.random() < highland else kinh_name(rng, sex, birth_on.year)
    citizen_id = numbers.citizen_id(sex, birth_on)
    old_id = numbers.old_id() if birth_on.year < 2006 and rng.random() < 0.8 else ""
    return Person("", name, sex, birth_on, is_year_only, citizen_id, old_id, pick(rng, _ORIGINS))


def _twin(rng: Random, numbers: Numbers, of: Person) -> Person:
    """Same parents, same day, same sex, the next number, another given name."""
    stem = of.full_name.rsplit(" ", 1)[0] if " " in of.full_name else of.full_name
    given = personal_names(rng, of.sex, of.birth_on.year).split()[-1]
    while given in of.full_name:
        given = personal_names(rng, of.sex, of.birth_on.year).split()[-1]
    return replace(
        of, full_name=f"{stem} {given}", citizen_id=numbers.neighbour(of.citizen_id), old_id=numbers.old_id()
    )


def _namesake(rng: Random, numbers: Numbers, person: Person, of: Person) -> Person:
    """Somebody else of the same name and sex, every second time also of the same year."""
    same_year = date(of.birth_on.year, rng.randint(1, 12), rng.randint(1, 28))
    birth_on = same_year if rng.random() < 0.5 else person.birth_on
    return replace(
        person,
        full_name=of.full_name,
        sex=of.sex,
        birth_on=birth_on,
        is_year_only=False,
        citizen_id=numbers.citizen_id(of.sex, birth_on),
    )


def _sibling(rng: Random, person: Person, of: Person) -> Person:
    """The same family name and origin; the birth date and the number stay the person's own."""
    family = of.full_name.split()[0] if "’" not in of.full_name else family_name(rng)
    return replace(
        person, full_name=f"{family} {personal_names(rng, person.sex, person.birth_on.year)}", origin=of.origin
    )


def _member(rng: Random, numbers: Numbers, person: Person, cell: Cell) -> Member:
    joined_on = _joined_on(rng, person)
    official_on = _years_after(joined_on, 1) + timedelta(days=rng.choice((0, 0, 0, 1, 15, 31, 61)))
    phone = numbers.phone() if rng.random() < 0.9 else ""
    return Member(
        key="",
        full_name=person.full_name,
        sex=person.sex,
        birth_on=person.birth_on,
        is_year_only=person.is_year_only,
        citizen_id=person.citizen_id,
        old_id=person.old_id,
        origin=person.origin,
        cell=cell,
        status="official",
        joined_on=joined_on,
        official_on=official_on,
        left_on=None,
        card_no=numbers.card(),
        card_issued_on=max(date(2004, 2, 3), official_on + timedelta(days=30)),
        phone=phone,
    )


def _joined_on(rng: Random, person: Person) -> date:
    # In the war years people joined at 16 or 17: rare, and true although a rule has to ask about it.
    if 1940 <= person.birth_on.year <= 1957 and not person.is_year_only and rng.random() < 0.1:
        return _years_after(person.birth_on, 16) + timedelta(days=rng.randint(0, 600))
    earliest = _years_after(person.birth_on, 18) + timedelta(days=1)
    if person.is_year_only:
        earliest = date(person.birth_on.year + 19, 1, 1)
    latest = min(_years_after(person.birth_on, 48), AS_OF - timedelta(days=450))
    days = int(rng.triangular(0, max(0, (latest - earliest).days), max(0, (latest - earliest).days) / 3))
    return earliest + timedelta(days=days)


def _outside(rng: Random, cells: list[Cell], members: int) -> dict[int, list[Status]]:
    """Who stands outside the count, by cell number."""
    count = max(3, round(members * OUTSIDE / MEMBERS))
    placed: dict[int, list[Status]] = {}
    for index in range(count):
        placed.setdefault(rng.choice(cells).number, []).append(_OUTSIDE_PATTERN[index % len(_OUTSIDE_PATTERN)])
    return placed


def _outsider(rng: Random, numbers: Numbers, cell: Cell, status: Status) -> Member:
    ages: Ages = (((22, 35), 1),) if status == "probationary" else _AGES["village"][2:]
    member = _member(rng, numbers, _person(rng, numbers, ages, 0.4, 0.0), cell)
    if status == "probationary":
        joined_on = AS_OF - timedelta(days=rng.randint(30, 330))
        return replace(member, status=status, joined_on=joined_on, official_on=None, card_no="", card_issued_on=None)
    return replace(member, status=status, left_on=AS_OF - timedelta(days=rng.randint(20, 400)))


def _secretary(rng: Random, members: list[Member]) -> Member:
    """Somebody in the best age to lead a cell, else the one nearest to it."""
    fitting = [member for member in members if 35 <= member.age <= 66 and member.phone]
    return rng.choice(fitting) if fitting else min(members, key=lambda member: abs(member.age - 50))


def _with_statuses(rng: Random, people: list[Member]) -> list[Member]:
    """Marks the exempt, those who are moving away, and those under review, none of them a secretary."""
    ordinary = [m for m in people if m.is_eligible and m.key != m.cell.secretary_key]
    old = [m.key for m in ordinary if m.age >= 78]
    young = [m.key for m in ordinary if m.age < 65]
    statuses: dict[str, Status] = dict.fromkeys(rng.sample(old, len(old) // 4), "exempt")
    leaving = rng.sample(young, min(len(young), max(2, len(people) // 125)))
    statuses |= {key: "under_review" if index % 3 == 0 else "transferring" for index, key in enumerate(leaving)}
    return [replace(m, status=statuses[m.key]) if m.key in statuses else m for m in people]


def _years_before(day: date, years: int) -> date:
    return _years_after(day, -years)


def _years_after(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28) if day.month == 2 else day.day)
