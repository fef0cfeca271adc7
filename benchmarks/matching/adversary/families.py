"""A registry made of households, so that strangers resemble one another as relatives and neighbours do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from benchmarks.matching.people import Person
from cardqueue.demo.draws import Weighted, pick
from cardqueue.demo.names import family_name, personal_names
from cardqueue.demo.numbers import NEVER_ISSUED_PREFIXES
from cardqueue.lib.citizen_id import Sex

_DISTRICTS = {
    "Suối Mây": ("Đồi Cát", "Bến Lau", "Hòa Thắng", "Tân Lập"),
    "Rừng Thông": ("Đá Trắng", "Phú Lạc", "Tân Lập"),
    "Cồn Gió": ("Bãi Sậy", "Hàm Kiệm", "Mỹ Thạnh"),
}
_PROVINCES: Weighted[str] = (
    ("Bình Thuận", 80), ("Quảng Nam", 6), ("Thừa Thiên Huế", 5), ("Hà Nam", 5), ("Bà Rịa - Vũng Tàu", 4),
)  # fmt: skip
# Peoples whose names are not family, middle and given, and whose letters no Vietnamese keyboard has.
_UNUSUAL = (
    "K’Brọi", "K’Srèh", "K’Măng Tới", "Ka Bích Hạnh", "Ka Dơng", "Y Bliă Êban", "Y Thuăn Niê Kđăm", "Y Č Mlô",
    "H’Bŭč Niê", "H’Đăm Ayŭn", "H’Wê Ƀuôn Yă", "Rơ Châm Hyưnh", "Ksor H’Ƀrưn", "Siu Y Ñinh", "Thạch Sa Rây",
    "Sơn Thị Sô Phia", "Kim Ngọc Sa Bươl", "Danh Chanh Đa", "Thổ Văn Ghê", "Lưu Thị Mà Ní", "Đàng Năng Thọ",
    "Bá Trung Kừ", "Vàng A Sử", "Giàng Thị Dở", "Lò Văn Ơn", "Tráng A Páo",
)  # fmt: skip
_FIRST, _LAST = 1935, 2006


@dataclass(frozen=True, slots=True)
class Registry:
    """Everybody, in the order in which households were drawn, with whom each may be mixed up."""

    people: tuple[Person, ...]
    #: Relatives and namesakes of some, by number.
    doubles: dict[str, Person]


def draw_registry(rng: Random, size: int) -> Registry:
    """Draw households until there are enough people."""
    drawn = _Households(rng, size)
    people: list[Person] = []
    while len(people) < size:
        people.extend(drawn.household())
    known = {person.number for person in people[:size]}
    doubles = {number: other for number, other in drawn.doubles.items() if number in known and other.number in known}
    return Registry(tuple(people[:size]), doubles)


class _Households:
    def __init__(self, rng: Random, size: int) -> None:
        self._rng = rng
        self._span = max(9_000, size // 50)
        self._taken: set[str] = set()
        self._old = 1_000
        self.doubles: dict[str, Person] = {}

    def household(self) -> Iterator[Person]:
        rng = self._rng
        district = rng.choice(tuple(_DISTRICTS))
        place, province = f"{rng.choice(_DISTRICTS[district])}, {district}", pick(rng, _PROVINCES)
        family, year = family_name(rng), rng.randint(_FIRST, _LAST - 25)
        father = self._person(family, Sex.MALE, year, place, province)
        yield father
        yield self._person(family_name(rng), Sex.FEMALE, year + rng.randint(-3, 8), place, province)
        middle = personal_names(rng, Sex.MALE, year).split()[0]
        born = year + rng.randint(21, 25)
        for _ in range(rng.choice((0, 1, 2, 2, 3, 4))):
            if born > _LAST:
                break
            sex = rng.choice((Sex.MALE, Sex.FEMALE))
            child = self._person(family, sex, born, place, province)
            if sex is Sex.MALE and rng.random() < 0.5:
                child = replace(child, name=f"{family} {middle} {child.name.split()[-1]}")
            if sex is Sex.MALE and rng.random() < 0.03:
                child = replace(child, name=father.name)
                self._double(child, father)
            yield child
            luck = rng.random()
            if luck < 0.02:
                yield self._double(self._twin(child), child)
            elif luck < 0.023:
                yield self._double(self._namesake(child), child)
            born += rng.randint(1, 4)

    def _double(self, one: Person, other: Person) -> Person:
        self.doubles |= {one.number: other, other.number: one}
        return one

    def _twin(self, of: Person) -> Person:
        sex = of.sex if self._rng.random() < 0.7 else (Sex.FEMALE if of.sex is Sex.MALE else Sex.MALE)
        stem = f"{of.number[:3]}{int(of.number[3]) // 2 * 2 + (sex is Sex.FEMALE)}{of.number[4:6]}"
        *front, given = of.name.split()
        other = personal_names(self._rng, sex, of.born.year).split()[-1]
        while other == given:
            other = personal_names(self._rng, sex, of.born.year).split()[-1]
        number = self._free(stem, int(of.number[6:]) + self._rng.choice((1, 1, 2)))
        return replace(of, number=number, name=" ".join([*front, other]), sex=sex, old_number=self._old_number())

    def _namesake(self, of: Person) -> Person:
        """Another person with the same name who was born on the same day, or in the same year."""
        born = of.born if self._rng.random() < 0.5 else _day(self._rng, of.born.year)
        number = self._free(of.number[:6], self._rng.randint(1, self._span))
        place = f"{self._rng.choice(_DISTRICTS['Cồn Gió'])}, Cồn Gió"
        return replace(
            of, number=number, born=born, known_born=born.isoformat(), commune=place, old_number=self._old_number()
        )

    def _person(self, family: str, sex: Sex, year: int, place: str, province: str) -> Person:
        rng = self._rng
        born = _day(rng, year)
        known = born.isoformat()
        if year < 1960 and rng.random() < 0.08:
            born, known = date(year, 1, 1), rng.choice((f"{year}", f"{year}-01-01"))
        name = rng.choice(_UNUSUAL) if rng.random() < 0.02 else f"{family} {personal_names(rng, sex, year)}"
        prefix = NEVER_ISSUED_PREFIXES[0] if rng.random() < 0.8 else rng.choice(NEVER_ISSUED_PREFIXES)
        stem = f"{prefix}{2 * (year // 100 - 19) + (sex is Sex.FEMALE)}{year % 100:02}"
        old = self._old_number() if year < 2003 and rng.random() < 0.8 else ""
        return Person(self._free(stem, rng.randint(1, self._span)), name, born, sex, place, province, old, known)

    def _free(self, stem: str, serial: int) -> str:
        while (number := f"{stem}{serial:06}") in self._taken:
            serial += 1
        self._taken.add(number)
        return number

    def _old_number(self) -> str:
        self._old += self._rng.choice((1, 1, 1, 3, 10))
        return f"00{self._old:07}"


def _day(rng: Random, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=rng.randrange(365))
