"""A registry of invented people, dense in namesakes, twins and neighbouring numbers as real ones are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from cardqueue.demo.draws import Weighted, pick
from cardqueue.demo.names import family_name, highland_name, personal_names
from cardqueue.demo.numbers import NEVER_ISSUED_PREFIXES
from cardqueue.lib.citizen_id import Sex

_COMMUNES = ("Suối Mây", "Đồi Cát", "Bến Lau", "Đá Trắng", "Rừng Thông", "Cồn Gió", "Đồng Lúa", "Bãi Sậy")
_PROVINCES: Weighted[str] = (("Bình Thuận", 70), ("Lâm Đồng", 8), ("Nghệ An", 8), ("Quảng Ngãi", 7), ("Nam Định", 7))
_NOW = {"Bình Thuận": "Lâm Đồng", "Nam Định": "Ninh Bình"}
_PREFIXES: Weighted[str] = tuple((prefix, 65.0 if at == 0 else 5.0) for at, prefix in enumerate(NEVER_ISSUED_PREFIXES))
_FIRST_DAY = date(1930, 1, 1)
_DAYS = 29_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the registry has them. Shapes: `known_born` is what the registry knows, `born` the truth."""

    number: str
    name: str
    born: date
    sex: Sex
    commune: str
    province: str
    old_number: str
    known_born: str

    @property
    def origin(self) -> str:
        """Hometown as the registry writes it."""
        return f"{self.commune}, {self.province}"

    @property
    def origin_now(self) -> str:
        """Hometown after the mergers of 2025."""
        return f"Xã {self.commune}, {_NOW.get(self.province, self.province)}"


class Population:
    """Draws people; serial numbers are dense, so that a mistyped number often is somebody else's."""

    def __init__(self, rng: Random, size: int) -> None:
        self._rng = rng
        self._span = max(12_000, size // 60)
        self._taken: set[str] = set()
        self._old = 0

    def draw(self, count: int) -> list[Person]:
        """People in the order of nothing."""
        people: list[Person] = []
        while len(people) < count:
            person = self._person()
            people.append(person)
            kin = self._rng.random()
            if kin < 0.01:
                people.append(self.twin(person))
            elif kin < 0.011:
                people.append(self.namesake(person))
        return people[:count]

    def twin(self, of: Person) -> Person:
        """The same family name, day and place, the next number."""
        given = personal_names(self._rng, of.sex, of.born.year)
        while given.split()[-1] in of.name:
            given = personal_names(self._rng, of.sex, of.born.year)
        number = self._free(of.number[:6], int(of.number[6:]) + 1)
        return replace(of, number=number, name=f"{of.name.split()[0]} {given}", old_number=self._old_number())

    def namesake(self, of: Person) -> Person:
        """Another person with the same name, sex and birth date."""
        number = self._number(f"{pick(self._rng, _PREFIXES)}{of.number[3:6]}")
        place = self._rng.choice(_COMMUNES)
        return replace(of, number=number, commune=place, old_number=self._old_number())

    def _person(self) -> Person:
        rng = self._rng
        sex = Sex.MALE if rng.random() < 0.55 else Sex.FEMALE
        born = _FIRST_DAY + timedelta(days=rng.randrange(_DAYS))
        known = born.isoformat()
        if born.year < 1960 and rng.random() < 0.05:
            known = f"{born.year}"
        elif born.year < 1965 and rng.random() < 0.04:
            born = date(born.year, 1, 1)
            known = born.isoformat()
        own_name = f"{family_name(rng)} {personal_names(rng, sex, born.year)}"
        name = highland_name(rng, sex) if rng.random() < 0.007 else own_name
        stem = f"{pick(rng, _PREFIXES)}{2 * (born.year // 100 - 19) + (sex is Sex.FEMALE)}{born.year % 100:02}"
        old = self._old_number() if rng.random() < 0.8 else ""
        return Person(
            self._number(stem),
            name,
            born,
            sex,
            rng.choice(_COMMUNES),
            pick(rng, _PROVINCES),
            old,
            known,
        )

    def _number(self, stem: str) -> str:
        return self._free(stem, self._rng.randint(1, self._span))

    def _free(self, stem: str, serial: int) -> str:
        while (number := f"{stem}{serial:06}") in self._taken:
            serial += 1
        self._taken.add(number)
        return number

    def _old_number(self) -> str:
        self._old += self._rng.choice((1, 1, 2, 7))
        return f"00{self._old:07}"


def birth_text(born: date) -> str:
    """A date as most lists write it."""
    return f"{born:%d/%m/%Y}"


def sex_text(sex: Sex) -> str:
    """A sex as lists write it."""
    return "Nam" if sex is Sex.MALE else "Nữ"


def twins_among(people: Sequence[Person]) -> dict[str, Person]:
    """Brothers and sisters of the same day with the number before: by the number of each."""
    by_number = {person.number: person for person in people}
    found = {}
    for person in people:
        other = by_number.get(f"{int(person.number) - 1:012}")
        if other and other.born == person.born and other.name.split()[0] == person.name.split()[0]:
            found[person.number], found[other.number] = other, person
    return found
