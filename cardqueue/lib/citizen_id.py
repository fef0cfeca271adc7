"""The citizen's personal number (số định danh cá nhân): 12 digits that carry place, century, sex and year of birth.

Source: Luật Căn cước 2023, article 12; Nghị định 137/2015, article 13. PPP G YY NNNNNN: the place where the birth was
registered, a digit for century and sex (even is male), two of the year, six at random. There is no check digit.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from cardqueue.lib.cell_text import is_blank, number_of, text_of

# Every one of the 63 provinces of before July 2025 numbers its people with 0 and its old two-digit code.
ISSUED_PREFIXES = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang", "010": "Lào Cai",
    "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái", "017": "Hòa Bình", "019": "Thái Nguyên",
    "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang", "025": "Phú Thọ", "026": "Vĩnh Phúc",
    "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng", "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam",
    "036": "Nam Định", "037": "Ninh Bình", "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình",
    "045": "Quảng Trị", "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi",
    "052": "Bình Định", "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận",
    "062": "Kon Tum", "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước",
    "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai", "077": "Bà Rịa - Vũng Tàu", "079": "TP. Hồ Chí Minh",
    "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh", "086": "Vĩnh Long", "087": "Đồng Tháp",
    "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ", "093": "Hậu Giang", "094": "Sóc Trăng",
    "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip

_TWELVE = re.compile(r"(?<!\d)\d{12}(?!\d)")
_NINE = re.compile(r"(?<!\d)\d{9}(?!\d)")


class Sex(StrEnum):
    """Sex as the population records know it."""

    MALE = "male"
    FEMALE = "female"


class IdProblem(StrEnum):
    """What is the matter with a citizen ID as it stands in a cell."""

    MISSING = "ID_MISSING"
    LENGTH = "ID_LENGTH"
    OLD_CMND = "ID_OLD_CMND"
    LEADING_ZERO = "ID_LEADING_ZERO"
    PREFIX = "ID_PREFIX"


@dataclass(frozen=True, slots=True)
class CitizenIdReading:
    """A citizen ID as a cell gives it.

    Shapes: `number` has 12 digits or is None; `old_number` is a 9-digit CMND as found (8 digits where a program dropped
    its zero); `found` is what the cell held, without blanks.
    """

    found: str
    number: str | None = None
    old_number: str | None = None
    problems: tuple[IdProblem, ...] = ()

    @property
    def sex(self) -> Sex | None:
        """The sex that the number states, if there is a number."""
        return sex_of(self.number) if self.number else None

    @property
    def birth_year(self) -> int | None:
        """The year of birth that the number states, if there is a number."""
        return birth_year_of(self.number) if self.number else None

    @property
    def has_issued_prefix(self) -> bool:
        """Whether the first three digits are those of a Vietnamese province; people born abroad have others."""
        return self.number is not None and self.number[:3] in ISSUED_PREFIXES


def read_citizen_id(value: object) -> CitizenIdReading:
    """Read a citizen ID from a cell of any type.

    A province's number starts with 0, which a spreadsheet drops from a number: 10 or 11 digits that do not start with 0
    are restored, and said so. Eight or nine digits are an old CMND and are never padded.
    """
    found = number_of(value)
    if is_blank(value) or not found.strip("0"):
        return CitizenIdReading("", problems=(IdProblem.MISSING,))
    if not found.isdecimal():
        return _read_mixed(found, text_of(value))
    if len(found) == 12:
        return _with_prefix_checked(CitizenIdReading(found, found))
    if len(found) in (10, 11) and not found.startswith("0"):
        return _with_prefix_checked(CitizenIdReading(found, found.zfill(12), problems=(IdProblem.LEADING_ZERO,)))
    if len(found) in (8, 9):
        return CitizenIdReading(found, old_number=found, problems=(IdProblem.OLD_CMND,))
    return _read_mixed(found, text_of(value))


def sex_of(number: str) -> Sex:
    """The sex that a 12-digit number states."""
    return Sex.FEMALE if int(number[3]) % 2 else Sex.MALE


def birth_year_of(number: str) -> int:
    """The year of birth that a 12-digit number states."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def mask_citizen_id(number: str | None) -> str:
    """An identifying number with its middle hidden, for screens and print: `0600******01`."""
    if not number:
        return ""
    shown = 4 if len(number) >= 12 else 2
    if len(number) < 8:
        return "*" * len(number)
    return number[:shown] + "*" * (len(number) - shown - 2) + number[-2:]


def _read_mixed(found: str, text: str) -> CitizenIdReading:
    """Two numbers, or words around one: the only run of 12 digits is the citizen ID, a run of 9 beside it the CMND."""
    twelve, nine = set(_TWELVE.findall(text)), set(_NINE.findall(text))
    old_number = nine.pop() if len(nine) == 1 else None
    if len(twelve) == 1:
        return _with_prefix_checked(CitizenIdReading(found, twelve.pop(), old_number))
    if not twelve and old_number:
        return CitizenIdReading(found, old_number=old_number, problems=(IdProblem.OLD_CMND,))
    return CitizenIdReading(found, problems=(IdProblem.LENGTH,))


def _with_prefix_checked(reading: CitizenIdReading) -> CitizenIdReading:
    if reading.has_issued_prefix:
        return reading
    return CitizenIdReading(reading.found, reading.number, reading.old_number, (*reading.problems, IdProblem.PREFIX))
