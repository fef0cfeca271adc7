"""Words in cells: sex, standing in the Party, names of cells, marks that repeat the row above."""

import re
from dataclasses import dataclass
from enum import StrEnum

from cardqueue.lib.cell_text import text_of
from cardqueue.lib.citizen_id import Sex
from cardqueue.lib.legacy_fonts import FAMILY_NAMES, Encoding, decode, decode_if_legacy, encoding_of
from cardqueue.lib.names import clean, search_key


class MemberStatus(StrEnum):
    """A member's standing in the Party."""

    OFFICIAL = "official"
    PROBATIONARY = "probationary"
    EXEMPT = "exempt"
    TRANSFERRING = "transferring"
    UNDER_REVIEW = "under_review"
    LEFT = "left"
    DECEASED = "deceased"


# In this order: "đang xem xét xóa tên" is under review, "chuyển đến" has arrived.
_STATUS_WORDS: tuple[tuple[MemberStatus, re.Pattern[str]], ...] = tuple(
    (status, re.compile(pattern))
    for status, pattern in (
        (MemberStatus.UNDER_REVIEW, r"xem xet|dinh chi|cho (xu ly|ky luat)|dang (bi )?(ky luat|kiem tra|dieu tra)"),
        (MemberStatus.DECEASED, r"tu tran|qua doi|\bda mat(?! the)\b|^mat$|\bchet\b|hy sinh|\btu vong\b"),
        (MemberStatus.LEFT, r"ra khoi dang|\bra dang\b|khai tru|xoa ten|xin ra|\broi dang\b"),
        (MemberStatus.PROBATIONARY, r"du bi|\bdv ?db\b|^db$"),
        (MemberStatus.EXEMPT, r"\bmien\b"),
        (MemberStatus.OFFICIAL, r"chuyen (sinh hoat |sh )?(dang )?den|chinh thuc|\bdvct\b|^ct$"),
        (MemberStatus.TRANSFERRING, r"\bchuyen\b"),
        (MemberStatus.OFFICIAL, r"(?<!nghi )sinh hoat|hoat dong|binh thuong|^(dang|con) sh|tham gia|co mat"),
    )
)
# A remark may speak of anything ("chuyển công tác", "mất thẻ"): only these words change a member's standing.
_STATUS_REMARK = re.compile(
    r"du bi|\bdvdb\b|mien (sinh hoat|sh|cong tac|ct)|\bchuyen (sinh hoat|sh)\b|xem xet (ky luat|xoa ten|khai tru)"
    r"|dinh chi|tu tran|qua doi|da (mat|chet)(?! the)\b|xoa ten|khai tru|ra khoi dang"
)
_DITTO = re.compile(r"[-–— ]*(?:nt|n t|như trên|nhu tren|[\"“”〃″']+|,,)[-–— .]*\Z", re.IGNORECASE)

# With their accents: Trường is a school, Trương a family; tổ is a group, Tô a family.
_UNIT = re.compile(
    r"(?:chi (?:bộ|bo|ủy|uỷ)|cb\d*|đảng (?:bộ|ủy|uỷ)|dang bo|tổ (?:đảng|dân phố|\d)|thôn|khu|khóm|ấp|bản|buôn|bon|xóm|"
    r"làng|trường|trạm|công an|quân sự|hưu trí|cơ quan|khối|ủy ban|uỷ ban|ubnd|văn phòng|hợp tác xã|htx|mặt trận|hội|"
    r"phòng|trung tâm|doanh nghiệp|công ty|đơn vị|bch|ban chỉ huy|xã|phường)\b"
)
_BIRTH_IN_NAME = re.compile(
    r"[\s,;(\-–]+(?:(?:ngày|năm)?\s*sinh|sn|sinh\s+(?:ngày|năm))?[\s:.]*"
    r"(?P<date>\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2}/\d{4}|\d{4})\b.*",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"(?:đ/c|đ\.c|đồng chí|dc)[.:]?\s+", re.IGNORECASE)
_TITLE = re.compile(r"(?:ông|bà)[.:]?\s+", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^)]*\)?\s*\Z|\s+[-–]\s+.*\Z")
_LIST_MARK = re.compile(r"\A\s*(?:[IVXLC]{1,6}|[A-Za-z]|\d{1,3})\s*[.)\-/:]+\s*(?=\D)|\A\s*[-+*•]\s*")
_CELL_IN_TITLE = re.compile(r"\bchi\s+bộ\s*[:\-–]?\s*(?P<name>\S.*)", re.IGNORECASE)
_AFTER_CELL_NAME = re.compile(
    r"\s*(?:[(;|]|\bnăm\s+\d{4}|\btính đến|\bđến ngày|\btháng \d|"
    r"\bthuộc đảng|\btrực thuộc|[,\-–]\s*(?:đảng (?:bộ|ủy|uỷ)|xã|phường|huyện)\b|"
    r"\btham gia|\bđổi thẻ|\bphục vụ|\bđề nghị|\bđợt\b|:\s*\d+).*",
    re.IGNORECASE,
)
_HEADCOUNT = re.compile(r"\s*[:(\-–]*\s*\d+\s*(?:đảng viên|đồng chí|đ/c|đ\.c|người|đv)\b.*", re.IGNORECASE)


def read_sex(value: object) -> Sex | None:
    """The sex that a cell names, alone or before other things ("Nam, Kinh, Không")."""
    words = search_key(text_of(value)).split()
    if not words:
        return None
    if words[0] in ("nam", "male", "m", "trai", "ong"):
        return Sex.MALE
    return Sex.FEMALE if words[0] in ("nu", "female", "f", "gai", "ba") else None


def read_status(value: object) -> MemberStatus | None:
    """The standing that a cell names, or None where its words are unknown."""
    folded = search_key(text_of(value))
    return next((status for status, words in _STATUS_WORDS if words.search(folded)), None) if folded else None


def read_status_remark(value: object) -> MemberStatus | None:
    """The standing that a remark states beyond doubt, or None."""
    return read_status(value) if _STATUS_REMARK.search(search_key(text_of(value))) else None


def is_ditto(value: object) -> bool:
    """Whether a cell only repeats the one above ("nt", a quotation mark)."""
    return isinstance(value, str) and _DITTO.match(value.strip()) is not None


def is_mark(value: object) -> bool:
    """Whether a cell is ticked rather than filled in."""
    return (isinstance(value, str) and value.strip().lower() in ("x", "v", "✓", "✔", "√", "có", "+", "1")) or value in (
        1,
        True,
    )


def looks_like_a_person(name: str) -> bool:
    """Whether a text reads like a person's name by its first word, and not like a unit's."""
    words = clean(decode_if_legacy(name)).lower().split()
    return 2 <= len(words) <= 6 and words[0].strip(".,") in FAMILY_NAMES and not re.search(r"[\d:;/]", name)


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name as it was written, without what was written around it; `encoding` is the old font's it was typed for,
    `birth` a date of birth that stood in the same cell.
    """

    name: str
    remark: str = ""
    sex: Sex | None = None
    encoding: Encoding = Encoding.UNICODE
    birth: str = ""


def read_name(text: str) -> WrittenName:
    """Take a name out of its cell: a title before it, a remark or another name of the same person behind it."""
    encoding = encoding_of(text)
    birth = ""
    if dated := _BIRTH_IN_NAME.search(text):
        text, birth = text[: dated.start()], dated["date"]
    lines = [clean(decode(line, encoding)) for line in text.splitlines()]
    name = lines[0] if len(lines) == 2 and all(map(looks_like_a_person, lines)) else clean(" ".join(lines))
    if addressed := _ADDRESS.match(name):
        name = name[addressed.end() :]
    sex = None
    if (title := _TITLE.match(name)) and looks_like_a_person(name[title.end() :]):
        name, sex = name[title.end() :], read_sex(title[0])
    remark = ""
    if aside := _ASIDE.search(name):
        name, remark = name[: aside.start()], aside[0].strip(" ()-–,;")
    if (names := re.split(r"\s*[,;/]\s*", name)) and len(names) > 1 and looks_like_a_person(names[0]):
        name = names[0]
    return WrittenName(name.strip(' .,;:-–*"“”'), remark, sex, encoding, birth)


def unit_named(text: str) -> str | None:
    """The cell or unit that a row between people names ("II. Chi bộ thôn 2 (15 đảng viên)"), or None."""
    name = clean(_HEADCOUNT.sub("", _LIST_MARK.sub("", clean(text))))
    name = re.sub(r"\s*\(.*\)?\Z|[:.;,]+\Z", "", name).strip()
    if re.match(r"(?:đơn vị\s*:?\s*)?chi bộ\b", name, re.IGNORECASE):
        return cell_in_title(name)
    return name if is_unit_name(name) and " " in name else None


def cell_in_title(text: str) -> str | None:
    """The cell that a title above a list names ("DANH SÁCH ĐẢNG VIÊN CHI BỘ THÔN 3 NĂM 2026"), or None."""
    found = _CELL_IN_TITLE.search(clean(text))
    if not found:
        return None
    name = clean(_HEADCOUNT.sub("", _AFTER_CELL_NAME.sub("", found[0]))).rstrip(":.,;-–) ")
    name = re.sub(r"\A(chi bộ)\s*[:\-–]\s*", r"\1 ", name, flags=re.IGNORECASE)
    rest = search_key(name).removeprefix("chi bo").strip()
    if not rest or rest.startswith(("truc thuoc", "dang sinh hoat", "co so truc", "trong", "thuoc")):
        return None
    return name


def is_unit_name(text: str) -> bool:
    """Whether a text (a sheet's name) can be the name of a cell."""
    return _UNIT.match(clean(text).lower()) is not None
