"""What happens to a row before it reaches us. Every mistake says which decisions are right about the row it leaves.

Some are on everybody's list, many are not: the engine has to survive those that nobody thought of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from benchmarks.matching.people import Person, birth_text, sex_text
from cardqueue.demo import misspelling
from cardqueue.lib.citizen_id import ISSUED_PREFIXES, Sex

MATCH, EITHER, PROPOSED, SAFE, LOST = (
    ("match",), ("match", "mismatch"), ("mismatch",), ("mismatch", "ambiguous"), ("not_found", "ambiguous"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A roster row with its answer.

    Shapes: `pid` is empty where nobody is right; `fields` are those that differ, `perhaps` those that either answer may
    name; `group` joins rows that are one person.
    """

    name: str
    birth: str
    sex: str
    number: str
    origin: str
    card: str
    cell: str
    pid: str
    kind: str = "clean"
    right: tuple[str, ...] = MATCH
    fields: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Whom a mistake may mix somebody up with."""

    rng: Random
    other: Person
    twin: Person | None = None
    taken: frozenset[str] = field(default=frozenset())


Mistake = Callable[[Typed, Person, Neighbourhood], Typed | None]


def typed_well(person: Person, rng: Random, card: str, cell: str) -> Typed:
    """A row without a mistake, in the ways in which good rows differ."""
    name = person.name.upper() if rng.random() < 0.1 else person.name
    birth = birth_text(person.born) if len(person.known_born) > 4 else person.known_born
    if rng.random() < 0.1 and len(birth) > 4:
        birth = f"{person.born.day}/{person.born.month}/{person.born.year}"
    origin = rng.choice((person.origin, person.origin, person.origin_now, person.province))
    return Typed(name, birth, sex_text(person.sex), person.number, origin, card, cell, person.number)


def _named(change: Callable[[str], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        name = change(person.name)
        if name is None or name == person.name:
            return None
        return replace(row, name=name, right=right, fields=frozenset(fields), perhaps=_perhaps(right, "ho_ten"))

    return mistake


def _numbered(change: Callable[[str, Random], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        number = change(person.number, near.rng)
        if number is None or number in near.taken or number[:3] in ISSUED_PREFIXES:
            return None
        return replace(
            row, number=number, right=right, fields=frozenset(fields), perhaps=_perhaps(right, "so_dinh_danh")
        )

    return mistake


def _born(change: Callable[[date, Random], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        birth = change(person.born, near.rng) if len(person.known_born) > 4 else None
        if birth is None:
            return None
        return replace(row, birth=birth, right=right, fields=frozenset(fields), perhaps=_perhaps(right, "ngay_sinh"))

    return mistake


def _perhaps(right: tuple[str, ...], column: str) -> frozenset[str]:
    return frozenset({column}) if right == EITHER else frozenset()


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


# Names -----------------------------------------------------------------------------------------------------------


def _words(change: Callable[[list[str]], list[str] | None]) -> Callable[[str], str | None]:
    def changed(name: str) -> str | None:
        words = name.split()
        result = change(words) if len(words) >= 3 and "’" not in name else None
        return " ".join(result) if result else None

    return changed


def _lost_letters(name: str) -> str:
    return "".join("?" if ord(letter) > 255 else letter for letter in name)


def _utf8_as_latin(name: str) -> str:
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in name.encode())


_TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j", "\u0306": "w", "\u031b": "w"}


def _telex(name: str) -> str:
    words = []
    for word in name.replace("đ", "dd").replace("Đ", "Dd").split():
        tone, letters = "", ""
        for letter in unicodedata.normalize("NFD", word):
            if letter == "\u0302":
                letters += letters[-1].lower()
            elif letter in "\u0306\u031b":
                letters += "w"
            elif letter in _TELEX:
                tone = _TELEX[letter]
            else:
                letters += letter
        words.append(letters + tone)
    return " ".join(words)


_VNI_TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
_VNI_HATS = {
    "\u0302": {"": "â", "\u0301": "á", "\u0300": "à", "\u0309": "å", "\u0303": "ã", "\u0323": "ä"},
    "\u0306": {"": "ê", "\u0301": "é", "\u0300": "è", "\u0309": "ú", "\u0303": "ü", "\u0323": "ë"},
}


def _vni(name: str) -> str | None:
    out = ""
    for letter in name:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        tone = next((mark for mark in marks if mark in _VNI_TONES), "")
        hat = next((mark for mark in marks if mark in _VNI_HATS), "")
        if letter in "đĐ":
            out += "ñ" if letter == "đ" else "Ñ"
        elif base in "iIyY" and marks:
            return None
        elif hat:
            out += base + _VNI_HATS[hat][tone]
        elif "\u031b" in marks:
            out += {"o": "ô", "u": "ö", "O": "Ô", "U": "Ö"}[base] + _VNI_TONES.get(tone, "")
        else:
            out += base + (_VNI_TONES[tone] if tone else "")
    return out


def _typo(name: str) -> str | None:
    words = name.split()
    at = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[at]
    return " ".join([*words[:at], word[:-2] + word[-1] + word[-2], *words[at + 1 :]]) if len(word) > 3 else None


NAMES: dict[str, Mistake] = {
    "name_tone": _named(misspelling.with_tone_moved, MATCH),
    "name_decomposed": _named(misspelling.decomposed, MATCH),
    "name_spaces": _named(misspelling.with_stray_spaces, MATCH),
    "name_eth": _named(misspelling.with_icelandic_eth, MATCH),
    "name_tcvn3": _named(misspelling.in_tcvn3, MATCH),
    "name_vni": _named(_vni, EITHER),
    "name_utf8_as_latin": _named(_utf8_as_latin, EITHER),
    "name_html": _named(lambda name: "".join(f"&#{ord(x)};" if ord(x) > 255 else x for x in name), EITHER),
    "name_zero_width": _named(lambda name: name.replace(" ", " \u200b"), MATCH),
    "name_full_stop": _named(lambda name: f"{name}.", MATCH),
    "name_iy": _named(misspelling.with_i_for_y, PROPOSED, "ho_ten"),
    "name_bare": _named(misspelling.without_marks, PROPOSED, "ho_ten"),
    "name_wrong_mark": _named(misspelling.with_wrong_mark, PROPOSED, "ho_ten"),
    "name_misheard": _named(misspelling.with_typo, PROPOSED, "ho_ten"),
    "name_typo": _named(_typo, PROPOSED, "ho_ten"),
    "name_lost_letters": _named(_lost_letters, PROPOSED, "ho_ten"),
    "name_telex": _named(_telex, PROPOSED, "ho_ten"),
    "name_title": _named(lambda name: f"Bà {name}", EITHER, "ho_ten"),
    "name_comrade": _named(lambda name: f"đ/c {name}", EITHER, "ho_ten"),
    "name_degree": _named(lambda name: f"ThS. {name}", EITHER, "ho_ten"),
    "name_nickname": _named(lambda name: f"{name} (Tư Rớt)", EITHER, "ho_ten"),
    "name_also": _named(lambda name: f"{name} tức Ba Lúa", EITHER, "ho_ten"),
    "name_letter_behind": _named(lambda name: f"{name} (B)", EITHER, "ho_ten"),
    "name_year_behind": _named(lambda name: f"{name} - 1950", EITHER, "ho_ten"),
    "name_joined": _named(lambda name: name.replace(" ", "", 1), EITHER, "ho_ten"),
    "name_given_first": _named(_words(lambda words: [words[-1], *words[:-1]]), PROPOSED, "ho_ten"),
    "name_western_order": _named(_words(lambda words: [*words[1:], words[0]]), PROPOSED, "ho_ten"),
    "name_short": _named(misspelling.without_middle, PROPOSED, "ho_ten"),
    "name_initial": _named(_words(lambda words: [words[0], f"{words[1][0]}.", *words[2:]]), PROPOSED, "ho_ten"),
    "name_initials": _named(_words(lambda w: [f"{x[0]}." for x in w[:-1]] + w[-1:]), PROPOSED, "ho_ten"),
    "name_ng": _named(lambda name: re.sub("^Nguyễn", "Ng.", name), PROPOSED, "ho_ten"),
    "name_other_middle": _named(misspelling.with_other_middle, PROPOSED, "ho_ten"),
    "name_family_missing": _named(_words(lambda words: words[1:]), SAFE, "ho_ten"),
    "name_given_missing": _named(_words(lambda words: words[:-1]), SAFE, "ho_ten"),
    "name_new": _named(_words(lambda words: [words[0], "Thiện", "Tâm"]), SAFE, "ho_ten"),
    "name_blank": _named(lambda name: "", SAFE, "ho_ten"),
}  # fmt: skip


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
    "id_missing": _numbered(lambda number, rng: "", SAFE, "so_dinh_danh"),
    "id_dash": _numbered(lambda number, rng: "không có", SAFE, "so_dinh_danh"),
    "id_typo": _numbered(lambda number, rng: _other_digit(number, rng), PROPOSED, "so_dinh_danh"),
    "id_transposed": _numbered(_transposed, PROPOSED, "so_dinh_danh"),
    "id_two_typos": _numbered(lambda n, rng: _other_digit(_other_digit(n, rng, 4), rng, 9), SAFE, "so_dinh_danh"),
    "id_digit_missing": _numbered(_dropped, PROPOSED, "so_dinh_danh"),
    "id_digit_doubled": _numbered(_doubled, PROPOSED, "so_dinh_danh"),
    "id_zero_lost": _numbered(lambda number, rng: number.lstrip("0"), EITHER),
    "id_decimal": _numbered(lambda number, rng: f"{number.lstrip('0')}.0", EITHER),
    "id_dots": _numbered(lambda number, rng: f"{number[:3]}.{number[3:6]}.{number[6:9]}.{number[9:]}", EITHER),
    "id_spaces": _numbered(lambda number, rng: f" {number[:4]} {number[4:8]} {number[8:]}", EITHER),
    "id_apostrophe": _numbered(lambda number, rng: f"'{number}", EITHER),
    "id_words": _numbered(lambda number, rng: f"CCCD: {number}", EITHER),
    "id_rounded": _numbered(lambda number, rng: f"{int(number):.2E}", SAFE, "so_dinh_danh"),
    "id_rounded_less": _numbered(lambda number, rng: f"{int(number):.5E}".replace(".", ","), SAFE, "so_dinh_danh"),
    "id_letters": _numbered(lambda n, rng: n.replace("0", "O").replace("1", "l"), EITHER, "so_dinh_danh"),
    "id_cut": _numbered(lambda number, rng: number[:9] + "…", SAFE, "so_dinh_danh"),
    "id_cut_in_front": _numbered(lambda number, rng: number[-7:], SAFE, "so_dinh_danh"),
    "id_garbage": _numbered(lambda n, rng: f"{n[:6]}{rng.randrange(500_000, 999_999)}", SAFE, "so_dinh_danh"),
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
