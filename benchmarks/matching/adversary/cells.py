"""What happens to one row: its name, its number, its date, its sex, its columns."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from urllib.parse import quote

from benchmarks.matching.people import Person, birth_text, sex_text
from benchmarks.matching.rows import EITHER, SAFE, Mistake, Neighbourhood, Typed, numbers, perhaps
from cardqueue.lib.citizen_id import Sex

_KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "k",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip
_PAD = {
    "0": "1", "1": "24", "2": "135", "3": "26", "4": "157", "5": "2468", "6": "359", "7": "48", "8": "579", "9": "68",
}  # fmt: skip
_ROMAN: tuple[str, ...] = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_SHIFTED = str.maketrans("0123456789", ")!@#$%^&*(")
_CYRILLIC = str.maketrans("aeopcyxAEOPCHKMTB", "аеорсухАЕОРСНКМТВ")
_VIQR = {
    "\u0301": "'", "\u0300": "`", "\u0309": "?", "\u0303": "~", "\u0323": ".", "\u0302": "^", "\u0306": "(",
    "\u031b": "+",
}  # fmt: skip
_VNI = dict(zip(_VIQR, "12345687", strict=True))
_TELEX = dict(zip(_VIQR, "sfrxj", strict=False))
# What a camera makes of small marks.
_SCAN = str.maketrans("ễểếềữửứừựộổốồỗặẵẳắằợởớờỡ", "êêêêưưưưưôôôôôăăăăăơơơơơ")


def _names(change: Callable[[str, Random], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        name = change(person.name, near.rng)
        if name is None or name.split() == person.name.split():
            return None
        return replace(row, name=name, right=right, fields=frozenset(fields), perhaps=perhaps(right, "ho_ten"))

    return mistake


def _dates(change: Callable[[date, Random], str | None], right: tuple[str, ...], *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        birth = change(person.born, near.rng) if len(person.known_born) > 4 else None
        if birth is None or birth == birth_text(person.born):
            return None
        return replace(row, birth=birth, right=right, fields=frozenset(fields), perhaps=perhaps(right, "ngay_sinh"))

    return mistake


#: What only encodings did: a good reader may undo it all, another may leave it to a person.
SAFE_OR_SAME = (*EITHER, "ambiguous")


# Names -----------------------------------------------------------------------------------------------------------


def _hit(name: str, rng: Random, change: Callable[[str], str]) -> str | None:
    """One letter, not the first of a word, changed by hasty fingers."""
    places = [at for at in range(1, len(name)) if name[at].isalpha() and name[at - 1].isalpha()]
    if not places:
        return None
    at = rng.choice(places)
    return name[:at] + change(name[at]) + name[at + 1 :]


def _typed_keys(marks: dict[str, str], d: str, *, behind: bool) -> Callable[[str, Random], str]:
    """A name in the keys of a typing program: each mark behind its letter, or tones behind the word."""

    def typed(name: str, rng: Random) -> str:
        words = []
        for word in name.replace("đ", d).replace("Đ", d.capitalize()).split():
            keys, tone = "", ""
            for letter in unicodedata.normalize("NFD", word):
                key = marks.get(letter, letter)
                if behind and letter in "\u0301\u0300\u0309\u0303\u0323":
                    tone = key
                elif letter == "\u0302" and "\u0302" not in marks:
                    keys += keys[-1].lower()
                elif letter in "\u0306\u031b" and letter not in marks:
                    keys += "w"
                else:
                    keys += key
            words.append(keys + tone)
        return " ".join(words)

    return typed


def _one_word(change: Callable[[str, Random], str], at: int) -> Callable[[str, Random], str]:
    def changed(name: str, rng: Random) -> str:
        words = name.split()
        words[at] = change(words[at], rng)
        return " ".join(words)

    return changed


def _garbled(name: str, codec: str) -> str | None:
    return "".join(bytes([byte]).decode(codec, "replace") for byte in name.encode())


def _twice_garbled(name: str, rng: Random) -> str:
    once = "".join(_latin(byte) for byte in name.encode())
    return "".join(_latin(byte) for byte in once.encode())


def _latin(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _cut(length: int) -> Callable[[str, Random], str | None]:
    return lambda name, rng: name[:length].rstrip() if len(name) > length else None


def _family(name: str, rng: Random) -> str | None:
    others = {"Vũ": "Võ", "Võ": "Vũ", "Hoàng": "Huỳnh", "Huỳnh": "Hoàng", "Phan": "Phạm", "Đỗ": "Đổ", "Lý": "Lí"}
    first, _, rest = name.partition(" ")
    return f"{others[first]} {rest}" if first in others else None


def _spelled_by_ear(name: str, rng: Random) -> str | None:
    for right, wrong in (("Ph", "F"), ("D", "Dz"), ("Gi", "J"), ("Kh", "K"), ("Ng", "Ngh"), ("uy", "i")):
        if right in name[3:]:
            return name[:3] + name[3:].replace(right, wrong, 1)
    return None


def _highland(name: str, rng: Random) -> str | None:
    if "’" not in name:
        return None
    return name.replace("’", rng.choice(("'", " ", "", ". ", "-", "´ ", "ʼ")))


def _plain_letters(name: str, rng: Random) -> str:
    """The letters that only the languages of the highlands have, typed with what a Vietnamese keyboard gives."""
    return name.translate(str.maketrans("ĔĬŎŬČƁÑĕĭŏŭčƀñƀ", "EIOUCBNeioucbnb"))


_TELEX_WORD = _typed_keys(_TELEX, "dd", behind=True)
NAMES: dict[str, Mistake] = {
    "n_key_beside": _names(lambda n, r: _hit(n, r, lambda x: r.choice(_KEYS.get(_bare(x), "x"))), SAFE, "ho_ten"),
    "n_letter_doubled": _names(lambda n, r: _hit(n, r, lambda x: x + x), SAFE, "ho_ten"),
    "n_letter_lost": _names(lambda n, r: _hit(n, r, lambda x: ""), SAFE, "ho_ten"),
    "n_letter_added": _names(lambda n, r: _hit(n, r, lambda x: x + r.choice("aeioubghmnt")), SAFE, "ho_ten"),
    "n_two_slips": _names(
        lambda n, r: _hit(_hit(n, r, lambda x: x + x) or "", r, lambda x: r.choice(_KEYS.get(_bare(x), "x"))),
        SAFE, "ho_ten",
    ),
    "n_viqr": _names(_typed_keys(_VIQR, "dd", behind=False), SAFE, "ho_ten"),
    "n_vni_keys": _names(_typed_keys(_VNI, "d9", behind=True), SAFE, "ho_ten"),
    "n_vni_keys_inside": _names(_typed_keys(_VNI, "d9", behind=False), SAFE, "ho_ten"),
    "n_telex_inside": _names(_typed_keys(_TELEX, "dd", behind=False), SAFE, "ho_ten"),
    "n_telex_capitals": _names(lambda n, r: _TELEX_WORD(n, r).upper(), SAFE, "ho_ten"),
    "n_telex_last_word": _names(_one_word(_TELEX_WORD, -1), SAFE, "ho_ten"),
    "n_telex_first_word": _names(_one_word(_TELEX_WORD, 0), SAFE, "ho_ten"),
    "n_cut_20": _names(_cut(20), SAFE, "ho_ten"),
    "n_cut_15": _names(_cut(15), SAFE, "ho_ten"),
    "n_cut_10": _names(_cut(10), SAFE, "ho_ten"),
    "n_capitals": _names(lambda n, r: n.upper(), EITHER),
    "n_small": _names(lambda n, r: n.lower(), EITHER),
    "n_numbered": _names(lambda n, r: f"{r.randint(1, 99)}. {n}", EITHER, "ho_ten"),
    "n_dash_in_front": _names(lambda n, r: f"- {n}", EITHER),
    "n_number_behind": _names(lambda n, r: f"{n} {r.randint(1, 3)}", EITHER, "ho_ten"),
    "n_office_behind": _names(lambda n, r: f"{n} - Bí thư", EITHER, "ho_ten"),
    "n_note_behind": _names(lambda n, r: f"{n} (đã chuyển đi)", EITHER, "ho_ten"),
    "n_star": _names(lambda n, r: f"{n} *", EITHER),
    "n_date_behind": _names(lambda n, r: f"{n}, sinh năm 19{r.randint(30, 99)}", EITHER, "ho_ten"),
    "n_baptised": _names(lambda n, r: f"{r.choice(('Maria', 'Giuse', 'Têrêsa', 'Phêrô'))} {n}", SAFE, "ho_ten"),
    "n_nickname_first": _names(lambda n, r: f"Ba Lúa ({n})", SAFE, "ho_ten"),
    "n_nickname_first_also": _names(lambda n, r: f"Tư Rớt tức {n}", SAFE, "ho_ten"),
    "n_wife_of": _names(lambda n, r: f"{n} (vợ ông Trần Văn Bình)", EITHER, "ho_ten"),
    "n_hyphens": _names(lambda n, r: n.replace(" ", "-"), EITHER, "ho_ten"),
    "n_underscores": _names(lambda n, r: n.replace(" ", "_"), EITHER, "ho_ten"),
    "n_dots_between": _names(lambda n, r: n.replace(" ", "."), EITHER, "ho_ten"),
    "n_line_break": _names(lambda n, r: n.replace(" ", "\n", 1), EITHER),
    "n_quotes": _names(lambda n, r: f'"{n}"', EITHER),
    "n_no_blanks": _names(lambda n, r: n.replace(" ", ""), SAFE, "ho_ten"),
    "n_blank_in_word": _names(lambda n, r: re.sub(r"^(\w\w)", r"\1 ", n), SAFE_OR_SAME, "ho_ten"),
    "n_word_twice": _names(_one_word(lambda w, r: f"{w} {w}", 1), SAFE, "ho_ten"),
    "n_given_comma_first": _names(lambda n, r: f"{n.split()[-1]}, {' '.join(n.split()[:-1])}", SAFE, "ho_ten"),
    "n_middle_more": _names(_one_word(lambda w, r: f"{w} Thanh", 0), SAFE, "ho_ten"),
    "n_family_variant": _names(_family, SAFE, "ho_ten"),
    "n_by_ear": _names(_spelled_by_ear, SAFE, "ho_ten"),
    "n_highland": _names(_highland, SAFE, "ho_ten"),
    "n_highland_letters": _names(_plain_letters, SAFE, "ho_ten"),
    "n_scanned_marks": _names(lambda n, r: n.translate(_SCAN), SAFE, "ho_ten"),
    "n_scanned_letters": _names(lambda n, r: n.replace("l", "1").replace("o", "0").replace("I", "l"), SAFE, "ho_ten"),
    "n_cyrillic": _names(lambda n, r: n.translate(_CYRILLIC), SAFE_OR_SAME, "ho_ten"),
    "n_cp1258_garbled": _names(lambda n, r: _garbled(n, "cp1258"), SAFE_OR_SAME, "ho_ten"),
    "n_mac_garbled": _names(lambda n, r: _garbled(n, "mac-roman"), SAFE_OR_SAME, "ho_ten"),
    "n_twice_garbled": _names(_twice_garbled, SAFE_OR_SAME, "ho_ten"),
    "n_percent": _names(lambda n, r: quote(n), SAFE_OR_SAME, "ho_ten"),
    "n_escapes": _names(lambda n, r: json.dumps(n)[1:-1], SAFE_OR_SAME, "ho_ten"),
    "n_html_hex": _names(
        lambda n, r: "".join(f"&#x{ord(x):x};" if ord(x) > 127 else x for x in n), EITHER, "ho_ten"
    ),
    "n_lost_as_boxes": _names(lambda n, r: re.sub(r"[^\x00-\xff]", "\ufffd", n), SAFE, "ho_ten"),
    "n_lost_silently": _names(lambda n, r: re.sub(r"[^\x00-\xff]", "", n), SAFE, "ho_ten"),
    "n_wide": _names(lambda n, r: "".join(chr(ord(x) + 0xFEE0) if "!" <= x <= "~" else x for x in n), EITHER),
    "n_all_apart": _names(lambda n, r: " ".join(n.replace(" ", "")), SAFE, "ho_ten"),
    "n_tone_on_next": _names(lambda n, r: _tone_late(n), SAFE_OR_SAME, "ho_ten"),
}  # fmt: skip


def _bare(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()


def _tone_late(name: str) -> str:
    """The tone typed after the blank: `Nguyên ~Văn`."""
    marks = "\u0301\u0300\u0309\u0303\u0323"
    return re.sub(f"([{marks}])(\\w*) ", r"\2 \1", unicodedata.normalize("NFD", name))


# Numbers ---------------------------------------------------------------------------------------------------------


def _far_exchange(number: str, rng: Random) -> str | None:
    a, b = sorted(rng.sample(range(6, 12), 2))
    if b - a < 2 or number[a] == number[b]:
        return None
    return number[:a] + number[b] + number[a + 1 : b] + number[a] + number[b + 1 :]


def _pad(number: str, rng: Random) -> str:
    at = rng.randrange(3, 12)
    return number[:at] + rng.choice(_PAD[number[at]]) + number[at + 1 :]


def _two_digits(number: str, rng: Random) -> str:
    return _pad(_pad(number, rng), rng)


NUMBERS: dict[str, Mistake] = {
    "i_pad_slip": numbers(_pad, SAFE, "so_dinh_danh"),
    "i_two_pad_slips": numbers(_two_digits, SAFE, "so_dinh_danh"),
    "i_far_exchange": numbers(_far_exchange, SAFE, "so_dinh_danh"),
    "i_pairs_exchanged": numbers(lambda n, r: n[:8] + n[10:] + n[8:10], SAFE, "so_dinh_danh"),
    "i_other_province": numbers(lambda n, r: "098" + n[3:], SAFE, "so_dinh_danh"),
    "i_other_sex_digit": numbers(lambda n, r: f"{n[:3]}{int(n[3]) ^ 1}{n[4:]}", SAFE, "so_dinh_danh"),
    "i_other_century": numbers(lambda n, r: f"{n[:3]}{int(n[3]) ^ 2}{n[4:]}", SAFE, "so_dinh_danh"),
    "i_other_year": numbers(lambda n, r: f"{n[:4]}{(int(n[4:6]) + 11) % 100:02}{n[6:]}", SAFE, "so_dinh_danh"),
    "i_serial_new": numbers(lambda n, r: f"{n[:6]}{r.randrange(700_000, 999_999)}", SAFE, "so_dinh_danh"),
    "i_hashes": numbers(lambda n, r: "############", SAFE, "so_dinh_danh"),
    "i_nines": numbers(lambda n, r: "999999999999", SAFE, "so_dinh_danh"),
    "i_counted": numbers(lambda n, r: "012345678912", SAFE, "so_dinh_danh"),
    "i_zeros": numbers(lambda n, r: "000000000000", SAFE, "so_dinh_danh"),
    "i_with_issue_date": numbers(lambda n, r: f"{n} cấp ngày 12/05/2021", EITHER),
    "i_with_office": numbers(lambda n, r: f"{n} (Cục CSQLHC)", EITHER),
    "i_float": numbers(lambda n, r: f"{float(n):.1f}", EITHER),
    "i_exact_scientific": numbers(lambda n, r: f"{int(n):.10E}", EITHER),
    "i_commas": numbers(lambda n, r: f"{int(n):,}", EITHER),
    "i_arabic_wide": numbers(lambda n, r: n.translate(str.maketrans("0123456789", "０１２３４５６７８９")), EITHER),
    "i_question_marks": numbers(lambda n, r: n[:10] + "??", SAFE, "so_dinh_danh"),
    "i_masked": numbers(lambda n, r: f"{n[:3]}******{n[-3:]}", SAFE, "so_dinh_danh"),
    "i_telephone": numbers(lambda n, r: f"0570{r.randrange(10**6):06}", SAFE, "so_dinh_danh"),
    "i_two_lost_in_front": numbers(lambda n, r: n[2:], EITHER),
    "i_last_lost": numbers(lambda n, r: n[:-1], SAFE, "so_dinh_danh"),
    "i_blank_for_digit": numbers(lambda n, r: f"{n[:7]} {n[8:]}", SAFE, "so_dinh_danh"),
    "i_zero_more": numbers(lambda n, r: f"0{n}", SAFE, "so_dinh_danh"),
    "i_shifted_keys": numbers(lambda n, r: n.translate(_SHIFTED), SAFE, "so_dinh_danh"),
    "i_scanned": numbers(lambda n, r: n.replace("0", "o").replace("8", "B").replace("5", "S"), EITHER, "so_dinh_danh"),
}  # fmt: skip


def _of_relative(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    if near.twin is None or (near.twin.name, near.twin.born) == (person.name, person.born):
        # With the number, the name and the birth date of somebody else, nobody could know.
        return None
    return replace(row, number=near.twin.number, right=SAFE, fields=frozenset({"so_dinh_danh"}))


def _of_namesake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    """A missing number looked up by the name alone, which found somebody else."""
    other = near.other
    if other.number == person.number or other.name != person.name or other.born == person.born:
        return None
    return replace(row, number=other.number, right=SAFE, fields=frozenset({"so_dinh_danh"}))


def _of_namesake_with_slip(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    """The same, and the birth date has a slip as well."""
    written = _of_namesake(row, person, near)
    if written is None or len(person.known_born) <= 4:
        return None
    fields = frozenset({"so_dinh_danh", "ngay_sinh"})
    return replace(written, birth=_slip_in_date(person.born, near.rng), fields=fields)


def _old(change: Callable[[str], str]) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        if not person.old_number:
            return None
        return replace(row, number=change(person.old_number), right=SAFE, fields=frozenset({"so_dinh_danh"}))

    return mistake


def _card_in_number(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, number=row.card, right=SAFE, fields=frozenset({"so_dinh_danh"}))


NUMBERS |= {
    "i_of_relative": _of_relative,
    "i_of_namesake": _of_namesake,
    "i_of_namesake_with_slip": _of_namesake_with_slip,
    "i_old_words": _old(lambda old: f"CMND {old}"),
    "i_old_padded": _old(lambda old: f"000{old}"),
    "i_old_zero_lost": _old(lambda old: old.lstrip("0")),
    "i_old_spaces": _old(lambda old: f"{old[:3]} {old[3:6]} {old[6:]}"),
    "i_card": _card_in_number,
}


# Dates -----------------------------------------------------------------------------------------------------------


def _utc(born: date, rng: Random) -> str:
    at = datetime(born.year, born.month, born.day, tzinfo=UTC) - timedelta(hours=7)
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def _lost_separator(born: date, rng: Random) -> str:
    return f"{born:%d/%m%Y}"


DATES: dict[str, Mistake] = {
    "d_run_together": _dates(lambda b, r: f"{b:%d%m%Y}", EITHER),
    "d_run_zero_lost": _dates(lambda b, r: f"{b.day}{b:%m%Y}" if b.day < 10 else None, SAFE_OR_SAME, "ngay_sinh"),
    "d_run_year_first": _dates(lambda b, r: f"{b:%Y%m%d}", EITHER),
    "d_run_short": _dates(lambda b, r: f"{b:%d%m%y}", SAFE_OR_SAME, "ngay_sinh"),
    "d_separator_lost": _dates(_lost_separator, SAFE_OR_SAME, "ngay_sinh"),
    "d_short_year_alone": _dates(lambda b, r: f"{b:%y}", SAFE, "ngay_sinh"),
    "d_age": _dates(lambda b, r: f"{2026 - b.year} tuổi", SAFE, "ngay_sinh"),
    "d_zodiac": _dates(lambda b, r: f"{b.year} (Canh Tý)", SAFE, "ngay_sinh"),
    "d_century_later": _dates(lambda b, r: f"{b:%d/%m}/{b.year + 100}", SAFE, "ngay_sinh"),
    "d_century_earlier": _dates(lambda b, r: f"{b:%d/%m}/{b.year - 100}", SAFE, "ngay_sinh"),
    "d_day_before": _dates(lambda b, r: birth_text(b - timedelta(days=1)), SAFE, "ngay_sinh"),
    "d_utc": _dates(_utc, SAFE_OR_SAME, "ngay_sinh"),
    "d_1904": _dates(lambda b, r: birth_text(b + timedelta(days=1462)), SAFE, "ngay_sinh"),
    "d_joined_party": _dates(lambda b, r: birth_text(b + timedelta(days=r.randint(7_000, 11_000))), SAFE, "ngay_sinh"),
    "d_lunar_year": _dates(lambda b, r: f"{b.year - 1}", SAFE, "ngay_sinh"),
    "d_excel_nought": _dates(lambda b, r: "00/01/1900", SAFE, "ngay_sinh"),
    "d_excel_nought_shown": _dates(lambda b, r: "30/12/1899", SAFE, "ngay_sinh"),
    "d_weekday": _dates(lambda b, r: f"Thứ sáu, {birth_text(b)}", EITHER),
    "d_letters": _dates(lambda b, r: birth_text(b).replace("0", "O").replace("1", "l"), SAFE, "ngay_sinh"),
    "d_slash_twice": _dates(lambda b, r: f"{b:%d//%m/%Y}", EITHER),
    "d_backslashes": _dates(lambda b, r: f"{b:%d\\%m\\%Y}", EITHER),
    "d_blanks": _dates(lambda b, r: f"{b:%d %m %Y}", EITHER),
    "d_blanks_inside": _dates(lambda b, r: f"{b:%d / %m / %Y}", EITHER),
    "d_commas": _dates(lambda b, r: f"{b:%d,%m,%Y}", EITHER),
    "d_full_stop_behind": _dates(lambda b, r: f"{b:%d/%m/%Y}.", EITHER),
    "d_english": _dates(lambda b, r: f"{b:%d-%b-%Y}", EITHER),
    "d_english_short": _dates(lambda b, r: f"{b:%d-%b-%y}" if b.year < 1999 else None, EITHER),
    "d_english_month_first": _dates(lambda b, r: f"{b:%B %d, %Y}", EITHER),
    "d_apostrophe": _dates(lambda b, r: f"'{birth_text(b)}", EITHER),
    "d_year_five": _dates(lambda b, r: f"{b:%d/%m}/{b.year}{b.year % 10}", SAFE, "ngay_sinh"),
    "d_year_three": _dates(lambda b, r: f"{b:%d/%m}/{str(b.year)[:3]}", SAFE, "ngay_sinh"),
    "d_year_exchanged": _dates(lambda b, r: f"{b:%d/%m}/19{str(b.year)[:1:-1]}", SAFE, "ngay_sinh"),
    "d_pad_slip": _dates(lambda b, r: _slip_in_date(b, r), SAFE, "ngay_sinh"),
    "d_two_parts": _dates(lambda b, r: f"{b.day % 28 + 1:02}/{b.month % 12 + 1:02}/{b.year}", SAFE, "ngay_sinh"),
    "d_first_of_month": _dates(lambda b, r: f"01/{b:%m/%Y}" if b.day > 1 else None, SAFE, "ngay_sinh"),
    "d_issue_date": _dates(lambda b, r: f"{r.randint(1, 28):02}/{r.randint(1, 12):02}/2021", SAFE, "ngay_sinh"),
    "d_roman_month": _dates(lambda b, r: f"{b.day}/{_ROMAN[b.month - 1]}/{b.year}", SAFE_OR_SAME, "ngay_sinh"),
    "d_two_years": _dates(lambda b, r: f"{b.year}/{b.year + 1}", SAFE, "ngay_sinh"),
    "d_swapped_decimal": _dates(lambda b, r: f"{b:%d.%m}" + f".{b.year}", EITHER),
}  # fmt: skip


def _slip_in_date(born: date, rng: Random) -> str:
    text = birth_text(born)
    at = rng.choice([at for at in range(len(text)) if text[at].isdigit() and at not in (6, 7)])
    return text[:at] + rng.choice(_PAD[text[at]]) + text[at + 1 :]


# Sex and columns -------------------------------------------------------------------------------------------------


def _sexes(male: str, female: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        text = male if person.sex is Sex.MALE else female
        return replace(row, sex=text, right=EITHER, perhaps=frozenset({"gioi_tinh"}))

    return mistake


def _exchanged(a: str, b: str, *fields: str) -> Mistake:
    def mistake(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
        values = {a: getattr(row, b), b: getattr(row, a)}
        return replace(row, **values, right=SAFE, fields=frozenset(fields))

    return mistake


def _all_in_name(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    fields = frozenset({"ho_ten", "ngay_sinh"})
    return replace(row, name=f"{row.name}, {row.birth}", birth="", right=SAFE, fields=fields)


def _number_in_name(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    fields = frozenset({"ho_ten", "so_dinh_danh"})
    return replace(row, name=f"{row.name} - {row.number}", number="", right=SAFE, fields=fields)


def _born_in_sex(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    fields = frozenset({"gioi_tinh", "ngay_sinh"})
    return replace(row, sex=row.birth, birth="", right=SAFE, fields=fields)


def _other_sex_twice(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    other = Sex.FEMALE if person.sex is Sex.MALE else Sex.MALE
    fields = frozenset({"gioi_tinh", "so_dinh_danh"})
    number = f"{person.number[:3]}{int(person.number[3]) ^ 1}{person.number[4:]}"
    if number in near.taken:
        return None
    return replace(row, sex=sex_text(other), number=number, right=SAFE, fields=fields)


def _elsewhere(row: Typed, person: Person, near: Neighbourhood) -> Typed | None:
    return replace(row, number="", origin="Quảng Trạch, Quảng Bình", right=SAFE, fields=frozenset({"so_dinh_danh"}))


REST: dict[str, Mistake] = {
    "s_letters": _sexes("M", "F"),
    "s_old_font": _sexes("Nam", "N÷"),
    "s_garbled": _sexes("Nam", "Ná»¯"),
    "s_marks_lost": _sexes("NAM", "N?"),
    "s_wrong_tone": _sexes("Nạm", "Nử"),
    "s_both": _sexes("Nam/Nữ", "Nam/Nữ"),
    "s_cross": _sexes("x", ""),
    "c_birth_and_number": _exchanged("birth", "number", "ngay_sinh", "so_dinh_danh"),
    "c_number_and_card": _exchanged("number", "card", "so_dinh_danh"),
    "c_sex_and_birth": _exchanged("sex", "birth", "gioi_tinh", "ngay_sinh"),
    "c_name_and_sex": _exchanged("name", "sex", "ho_ten", "gioi_tinh"),
    "c_name_and_number": _exchanged("name", "number", "ho_ten", "so_dinh_danh"),
    "c_name_and_origin": _exchanged("name", "origin", "ho_ten"),
    "c_date_in_name": _all_in_name,
    "c_number_in_name": _number_in_name,
    "c_born_in_sex": _born_in_sex,
    "c_sex_twice": _other_sex_twice,
    "c_no_number_elsewhere": _elsewhere,
}
