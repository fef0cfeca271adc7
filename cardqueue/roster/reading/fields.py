"""What a column of a list can hold, and by which titles it is known.

Titles are compared after folding accents and case, in the order of `_TITLES`: the first pattern that fits decides. A
title is tried as it stands and as if it were typed for one of the old fonts.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from cardqueue.lib.legacy_fonts import Encoding, decode
from cardqueue.lib.names import clean, search_key


class Field(StrEnum):
    """What a column holds. The last group is recognised so that it can be left out: it is never kept."""

    NUMBER = "number"
    NAME = "name"
    FAMILY_NAMES = "family_names"
    GIVEN_NAME = "given_name"
    SEX = "sex"
    BIRTH = "birth"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    MALE = "male"
    FEMALE = "female"
    CITIZEN_ID = "citizen_id"
    OLD_ID = "old_id"
    CARD_NO = "card_no"
    OLD_CARD_NO = "old_card_no"
    CELL = "cell"
    JOINED = "joined"
    OFFICIAL = "official"
    JOINED_AND_OFFICIAL = "joined_and_official"
    PROBATIONARY = "probationary"
    PHONE = "phone"
    STATUS = "status"
    MOVED_OUT = "moved_out"
    LEFT_PARTY = "left_party"
    DECEASED = "deceased"
    NOTE = "note"
    CHECK_RESULT = "check_result"
    CHECK_DETAIL = "check_detail"

    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    ORIGIN = "origin"
    OTHER = "other"


# Sensitive or useless for an appointment: read past, never read.
LEFT_OUT = frozenset({Field.ETHNICITY, Field.RELIGION, Field.ORIGIN, Field.OTHER})
# One of these beside the name makes a sheet a list of people.
IDENTIFYING = frozenset(
    {
        Field.SEX,
        Field.BIRTH,
        Field.BIRTH_YEAR,
        Field.MALE,
        Field.FEMALE,
        Field.CITIZEN_ID,
        Field.OLD_ID,
        Field.CARD_NO,
        Field.OLD_CARD_NO,
        Field.JOINED,
        Field.OFFICIAL,
        Field.JOINED_AND_OFFICIAL,
    }
)

_LONGEST_TITLE = 90

_TITLES: tuple[tuple[Field, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (Field.CHECK_RESULT, r"^ket qua kiem tra"),
        (Field.CHECK_DETAIL, r"^chi tiet loi"),
        (Field.NUMBER, r"^(s ?t ?t|tt|so tt|so thu tu|thu tu|no)( \d)?$"),
        # "CCCD, ngày cấp" holds the number first; "Ngày cấp CCCD" holds none.
        (Field.CITIZEN_ID, r"^(so )?(cccd|can cuoc|dinh danh|cmnd cccd|cc)\b.* cap\b"),
        (
            Field.OTHER,
            r"\b(ngay|noi|co quan|thoi gian|nam) cap\b|ten (cha|me|vo|chong|bo|con)\b|ten goi khac|bi danh",
        ),
        (Field.OTHER, r"nguoi (gioi thieu|than)|de nghi xoa|chuyen den|noi cu tru|so quyet dinh|ngay roi"),
        (Field.FAMILY_NAMES, r"^ho( va)?( ten| chu)? (dem|lot)$|^ho$|^ho (dem|lot)|^ho va (chu |ten )?(dem|lot)"),
        (
            Field.NAME,
            r"^(ho|ho va) ?ten\b|^hoten|^ho ten|^ten dang vien|^dang vien$|^(full )?name$|^ten( khai sinh)?$|^hovaten",
        ),
        (Field.MALE, r"^(ngay thang |ngay |)nam sinh nam$|^ngay sinh nam$"),
        (Field.FEMALE, r"^nu$|sinh nu$"),
        (
            Field.SEX,
            r"^gioi( tinh)?\b|^gt$|^phai\b|^nam (nu|hay nu|hoac nu)\b|^sex$|^gender$",
        ),
        (Field.ETHNICITY, r"^dan toc"),
        (Field.RELIGION, r"^ton giao"),
        (Field.ORIGIN, r"que quan|nguyen quan|^que$|noi sinh$|khai sinh|sinh quan"),
        (
            Field.BIRTH,
            r"\b(ngay|thang|nam)\b.*\bsinh$|\bsinh (ngay|nam)\b|^sinh$|\b(ngay|nam) sinh\b(?! hoat)|birth|^dob$",
        ),
        (Field.BIRTH, r"^n ?(t ?n ?)?s$"),
        (Field.CITIZEN_ID, r"cccd|can cuoc|dinh danh|ddcn|\bsddcn|so dd\b|\bcitizen|^(so )?cc$|\bso cc\b|cc cd"),
        (Field.OLD_ID, r"cmnd|cmtnd|\bcmt\b|chung minh"),
        (Field.OLD_CARD_NO, r"the\b.*(qd|quyet dinh) ?85|so the.*\bcu\b|the (dang|dv|dang vien) cu"),
        (Field.CARD_NO, r"\bthe (dang|dv)\b|\bso the\b|^the$|\bthe dang vien|so tdv"),
        (
            Field.JOINED_AND_OFFICIAL,
            r"(vao dang|ket nap|du bi).*\b(ngay|thang|nam|va) .*chinh thuc|^(vao dang|ket nap) chinh thuc$",
        ),
        (Field.OFFICIAL, r"chinh thuc|\bngay ct\b"),
        (Field.JOINED, r"\bvao dang\b|ket nap|\bngay vd\b|^vao d$"),
        (Field.PROBATIONARY, r"^(dang vien |dv )?du bi$|^dv ?db$|^db$"),
        (Field.PHONE, r"dien thoai|\bsdt\b|\bso dt\b|^dt\b|phone|di dong|mobile|zalo|\btel\b|lien (he|lac)"),
        (Field.MOVED_OUT, r"chuyen di\b|chuyen (sinh hoat|sh)( dang)? di"),
        (Field.DECEASED, r"^tu tran|^chet|^qua doi|^ngay mat$"),
        (Field.LEFT_PARTY, r"^(ngay )?(ra khoi dang|ra dang)|^khai tru|^xoa ten"),
        (Field.STATUS, r"trang thai|tinh trang(?! (hon nhan|suc khoe))|^(dien|loai) (dang vien|dv)|^dien$|^status"),
        (Field.OTHER, r"chuc (vu|danh)|bi thu|nghe nghiep|trinh do|dia chi|thuong tru|tam tru|noi o|hoc van"),
        (
            Field.CELL,
            r"\bchi bo\b|to chuc dang|^don vi\b|^cb$|\bdang bo (bo phan|co so)|sinh hoat (dang )?tai|noi sinh hoat",
        ),
        (Field.NOTE, r"^ghi chu|^note|^luu y|^gc$"),
    )
)
_PARTS_OF_BIRTH = {"ngay": Field.BIRTH_DAY, "thang": Field.BIRTH_MONTH, "nam": Field.BIRTH_YEAR}


def fold(text: str) -> str:
    """A title in lower case, without accents, marks and line breaks."""
    return search_key(text)


@lru_cache(maxsize=4096)
def field_of_title(*parts: str) -> Field | None:
    """The field that a column's title names, or None for a title unknown to us.

    Shapes: `parts` are the texts of a title over several header rows, from the top ("Năm sinh", "Nữ").
    """
    for encoding in Encoding:
        if field := _field_of(tuple(clean(decode(part, encoding)) for part in parts if part.strip())):
            return field
    return None


def _field_of(parts: tuple[str, ...]) -> Field | None:
    if not parts:
        return None
    if len(parts) == 1:
        return _field_of_one(parts[0])
    top, last = _field_of_one(parts[-2]), _field_of_one(parts[-1])
    if special := _field_under(top, parts[-1]):
        return special
    return last or _match(fold(" ".join(parts))) or top or _field_of(parts[:-1])


def _field_under(top: Field | None, sub_title: str) -> Field | None:
    """What a sub-title means under a title that it only divides."""
    sub = fold(sub_title)
    is_year = "ă" in sub_title.lower()
    if sub == "nam" and not is_year:
        return Field.MALE
    if top in (Field.BIRTH, Field.BIRTH_YEAR) and sub in _PARTS_OF_BIRTH:
        return _PARTS_OF_BIRTH[sub]
    if top in (Field.JOINED, Field.OFFICIAL, Field.JOINED_AND_OFFICIAL):
        if "chinh thuc" in sub:
            return Field.OFFICIAL
        if re.search(r"du bi|ket nap|vao dang", sub):
            return Field.JOINED
    if top is Field.NAME and sub in ("ten", "ho"):
        return Field.GIVEN_NAME if sub == "ten" else Field.FAMILY_NAMES
    return None


def _field_of_one(title: str) -> Field | None:
    lower, folded = title.lower(), fold(title)
    if folded == "nam":
        return None if "ă" in lower else Field.MALE
    if "chinh thuc" in folded and re.search(r"vao dang|ket nap|du bi", folded):
        # "Ngày vào Đảng, ngày chính thức" holds two dates; "Ngày vào Đảng chính thức" only one.
        is_pair = len(re.findall(r"\bngay\b", folded)) > 1 or re.search(r"[,;/&\n]| - | và ", lower)
        return Field.JOINED_AND_OFFICIAL if is_pair else Field.OFFICIAL
    return _match(folded)


@lru_cache(maxsize=4096)
def _match(folded: str) -> Field | None:
    if not folded or len(folded) > _LONGEST_TITLE:
        return None
    return next((field for field, pattern in _TITLES if pattern.search(folded)), None)


def resolve(fields: Sequence[Field | None]) -> list[Field | None]:
    """The fields of a sheet's columns so that each stands once: the first column of several, and no old ID alone.

    A list with one column of identity papers has them there, whatever its title calls them.
    """
    resolved: list[Field | None] = []
    for field in fields:
        taken = field in resolved and field not in LEFT_OUT
        resolved.append(None if taken else field)
    if Field.CITIZEN_ID not in resolved and Field.OLD_ID in resolved:
        resolved[resolved.index(Field.OLD_ID)] = Field.CITIZEN_ID
    if Field.CARD_NO not in resolved and Field.OLD_CARD_NO in resolved:
        resolved[resolved.index(Field.OLD_CARD_NO)] = Field.CARD_NO
    if Field.FAMILY_NAMES in resolved and Field.NAME in resolved and Field.GIVEN_NAME not in resolved:
        resolved[resolved.index(Field.NAME)] = Field.GIVEN_NAME
    return resolved
