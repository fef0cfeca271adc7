"""What happens to a row before it reaches us. Every mistake says which decisions are right about the row it leaves.

Some are on everybody's list, many are not: the engine has to survive those that nobody thought of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from benchmarks.matching.name_mistakes import NAMES
from benchmarks.matching.people import Person, birth_text, sex_text
from benchmarks.matching.rows import EITHER, PROPOSED, SAFE, Mistake, Neighbourhood, Typed, numbers, perhaps
from cardqueue.lib.citizen_id import Sex


def _born(change: Callable[[date, Random], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        birth = change(person.born, near.rng) if len(person.known_born) > 4 else None
        if birth is None:
            return None
        return replace(row, birth=birth, right=right, fields=frozenset(fields), perhaps=perhaps(right, "ngay_sinh"))

    return mistake


def _both(first: Mistake, second: Mistake) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        one, two = first(row, person, near), second(row, person, near)
        if one is None or two is None:
            return None
        changed = {
            name: getattr(two, name)
            for name in ("name", "birth", "sex", "number")
            if getattr(two, name) != getattr(row, name)
        }
        return replace(one, **changed, right=SAFE, fields=one.fields | two.fields, perhaps=one.perhaps | two.perhaps)

    return mistake


# Numbers ---------------------------------------------------------------------------------------------------------


def _other_digit(number: str, rng: Random, at: int | None = None) -> str:
    place = rng.randrange(3, 12) if at is None else at
    digit = rng.choice([x for x in "0123456789" if x != number[place]])
    return number[:place] + digit + number[place + 1 :]


def _transposed(number: str, rng: Random) -> str | None:
    places = [at for at in range(3, 11) if number[at] != number[at + 1]]
    at = rng.choice(places)
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def _dropped(number: str, rng: Random) -> str:
    at = rng.randrange(1, 12)
    return number[:at] + number[at + 1 :]


def _doubled(number: str, rng: Random) -> str:
    at = rng.randrange(12)
    return number[: at + 1] + number[at:]


NUMBERS: dict[str, Mistake] = {
    "id_missing": numbers(lambda number, rng: "", SAFE, "so_dinh_danh"),
    "id_dash": numbers(lambda number, rng: "không có", SAFE, "so_dinh_danh"),
    "id_typo": numbers(lambda number, rng: _other_digit(number, rng), PROPOSED, "so_dinh_danh"),
    "id_transposed": numbers(_transposed, PROPOSED, "so_dinh_danh"),
    "id_two_typos": numbers(lambda n, rng: _other_digit(_other_digit(n, rng, 4), rng, 9), SAFE, "so_dinh_danh"),
    "id_digit_missing": numbers(_dropped, PROPOSED, "so_dinh_danh"),
    "id_digit_doubled": numbers(_doubled, PROPOSED, "so_dinh_danh"),
    "id_zero_lost": numbers(lambda number, rng: number.lstrip("0"), EITHER),
    "id_decimal": numbers(lambda number, rng: f"{number.lstrip('0')}.0", EITHER),
    "id_dots": numbers(lambda number, rng: f"{number[:3]}.{number[3:6]}.{number[6:9]}.{number[9:]}", EITHER),
    "id_spaces": numbers(lambda number, rng: f" {number[:4]} {number[4:8]} {number[8:]}", EITHER),
    "id_apostrophe": numbers(lambda number, rng: f"'{number}", EITHER),
    "id_words": numbers(lambda number, rng: f"CCCD: {number}", EITHER),
    "id_rounded": numbers(lambda number, rng: f"{int(number):.2E}", SAFE, "so_dinh_danh"),
    "id_rounded_less": numbers(lambda number, rng: f"{int(number):.5E}".replace(".", ","), SAFE, "so_dinh_danh"),
    "id_letters": numbers(lambda n, rng: n.replace("0", "O").replace("1", "l"), EITHER, "so_dinh_danh"),
    "id_cut": numbers(lambda number, rng: number[:9] + "…", SAFE, "so_dinh_danh"),
    "id_cut_in_front": numbers(lambda number, rng: number[-7:], SAFE, "so_dinh_danh"),
    "id_garbage": numbers(lambda n, rng: f"{n[:6]}{rng.randrange(500_000, 999_999)}", SAFE, "so_dinh_danh"),
}  # fmt: skip


def _old_number(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    if not person.old_number:
        return None
    return replace(row, number=person.old_number, right=PROPOSED, fields=frozenset({"so_dinh_danh"}))


def _old_number_mistyped(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    if not person.old_number:
        return None
    number = _other_digit(f"000{person.old_number}", near.rng, near.rng.randrange(5, 12))[3:]
    return replace(row, number=number, right=SAFE, fields=frozenset({"so_dinh_danh"}))


def _both_numbers(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(
        row, number=f"{person.old_number} / {person.number}", right=EITHER, perhaps=frozenset({"so_dinh_danh"})
    )


def _number_of(whose: Callable[[Neighbourhood], Person | None]) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        other = whose(near)
        if other is None:
            return None
        return replace(row, number=other.number, right=SAFE, fields=frozenset({"so_dinh_danh"}))

    return mistake


def _number_as_card(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, number="", card=person.number, right=SAFE, fields=frozenset({"so_dinh_danh"}))


NUMBERS |= {
    "id_old": _old_number,
    "id_old_mistyped": _old_number_mistyped,
    "id_both": _both_numbers,
    "id_of_somebody": _number_of(lambda near: near.other),
    "id_of_twin": _number_of(lambda near: near.twin),
    "id_in_card_column": _number_as_card,
}


# Dates and the rest ----------------------------------------------------------------------------------------------


def _swapped(born: date, rng: Random) -> str | None:
    return f"{born.month:02}/{born.day:02}/{born.year}" if born.day <= 12 and born.day != born.month else None


def _month_first(born: date, rng: Random) -> str | None:
    return f"{born:%m/%d/%Y}" if born.day > 12 else None


def _other_part(born: date, rng: Random) -> str:
    part = rng.choice("dmy")
    if part == "d":
        return birth_text(born.replace(day=born.day % 28 + 1))
    if part == "m":
        return f"{born.day:02}/{born.month % 12 + 1:02}/{born.year}"
    return f"{born.day:02}/{born.month:02}/{born.year + rng.choice((-1, 1, -2, 2))}"


def _serial(born: date, rng: Random) -> str:
    return str((born - date(1899, 12, 30)).days)


def _first_january(born: date, rng: Random) -> str | None:
    return f"01/01/{born.year}" if born.day > 1 and born.month > 1 else None


def _any_date(born: date, rng: Random) -> str:
    return birth_text(date(1950, 1, 1) + timedelta(days=rng.randrange(15_000)))


def _short_year(born: date, rng: Random) -> str | None:
    return f"{born:%d/%m/%y}" if 1931 <= born.year <= 1999 else None


DATES: dict[str, Mistake] = {
    "date_dashes": _born(lambda born, rng: f"{born:%d-%m-%Y}", EITHER),
    "date_dots": _born(lambda born, rng: f"{born.day}.{born.month}.{born.year}", EITHER),
    "date_iso": _born(lambda born, rng: f"{born.isoformat()} 00:00:00", EITHER),
    "date_words": _born(lambda born, rng: f"ngày {born.day} tháng {born.month} năm {born.year}", EITHER),
    "date_serial": _born(_serial, EITHER),
    "date_short_year": _born(_short_year, EITHER),
    "date_year_first": _born(lambda born, rng: f"{born:%Y/%m/%d}", EITHER),
    "date_short_year_first": _born(lambda b, rng: f"{b:%y/%m/%d}" if 1932 <= b.year <= 1999 else None, EITHER),
    "date_month_first": _born(_month_first, EITHER),
    "date_swapped": _born(_swapped, PROPOSED, "ngay_sinh"),
    "date_year_only": _born(lambda born, rng: str(born.year), PROPOSED, "ngay_sinh"),
    "date_month_only": _born(lambda born, rng: f"{born.month}/{born.year}", PROPOSED, "ngay_sinh"),
    "date_no_day": _born(lambda born, rng: f"00/{born.month:02}/{born.year}", PROPOSED, "ngay_sinh"),
    "date_part": _born(_other_part, PROPOSED, "ngay_sinh"),
    "date_decade": _born(lambda born, rng: f"{born:%d/%m}/{born.year + 10}", PROPOSED, "ngay_sinh"),
    "date_first_january": _born(_first_january, SAFE, "ngay_sinh"),
    "date_lunar": _born(lambda born, rng: birth_text(born - timedelta(days=rng.randint(22, 50))), SAFE, "ngay_sinh"),
    "date_impossible": _born(lambda born, rng: f"31/02/{born.year}", SAFE, "ngay_sinh"),
    "date_blank": _born(lambda born, rng: "", SAFE, "ngay_sinh"),
    "date_unreadable": _born(lambda born, rng: "không nhớ", SAFE, "ngay_sinh"),
    "date_of_somebody": _born(_any_date, SAFE, "ngay_sinh"),
}  # fmt: skip


def _sex_other(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    other = Sex.FEMALE if person.sex is Sex.MALE else Sex.MALE
    return replace(row, sex=sex_text(other), right=PROPOSED, fields=frozenset({"gioi_tinh"}))


def _sex_blank(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, sex="", right=EITHER, fields=frozenset({"gioi_tinh"}))


def _sex_written_otherwise(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, sex="nam " if person.sex is Sex.MALE else "NU", right=EITHER, perhaps=frozenset({"gioi_tinh"}))


def _cell_moved(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, cell="Chi bộ thôn Đá Lạ", right=PROPOSED, fields=frozenset({"chi_bo"}))


def _cell_written_otherwise(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, cell=row.cell.replace("Chi bộ thôn ", "CB Thôn 0"), right=EITHER, perhaps=frozenset({"chi_bo"}))


def _name_and_date_exchanged(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    fields = frozenset({"ho_ten", "ngay_sinh"})
    return replace(row, name=row.birth, birth=row.name, right=SAFE, fields=fields)


def _name_of_somebody(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, name=near.other.name, right=SAFE, fields=frozenset({"ho_ten"}))


REST: dict[str, Mistake] = {
    "sex_other": _sex_other,
    "sex_blank": _sex_blank,
    "sex_otherwise": _sex_written_otherwise,
    "cell_moved": _cell_moved,
    "cell_otherwise": _cell_written_otherwise,
    "columns_name_and_date": _name_and_date_exchanged,
    "name_of_somebody": _name_of_somebody,
}

PAIRS: dict[str, Mistake] = {
    "bare+date_part": _both(NAMES["name_bare"], DATES["date_part"]),
    "bare+id_missing": _both(NAMES["name_bare"], NUMBERS["id_missing"]),
    "typo+id_typo": _both(NAMES["name_typo"], NUMBERS["id_typo"]),
    "typo+id_missing": _both(NAMES["name_typo"], NUMBERS["id_missing"]),
    "short+id_missing": _both(NAMES["name_short"], NUMBERS["id_missing"]),
    "swapped+id_missing": _both(DATES["date_swapped"], NUMBERS["id_missing"]),
    "year_only+id_missing": _both(DATES["date_year_only"], NUMBERS["id_missing"]),
    "date_part+id_typo": _both(DATES["date_part"], NUMBERS["id_typo"]),
    "wrong_mark+id_typo": _both(NAMES["name_wrong_mark"], NUMBERS["id_typo"]),
    "wrong_mark+date_part": _both(NAMES["name_wrong_mark"], DATES["date_part"]),
    "short+sex": _both(NAMES["name_short"], REST["sex_other"]),
    "bare+id_old": _both(NAMES["name_bare"], NUMBERS["id_old"]),
}
