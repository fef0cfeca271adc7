"""Invented names with the frequencies of real ones: by sex, by generation, and of the highland peoples.

Nobody's name is copied: family, middle and given names are drawn separately.
Source: family-name shares and the length of names by generation, published samples on hoten.org (Nguyễn about 31 %,
73 % of the young men's names have three words, 65 % of the young women's four); "Văn" for half and "Thị" for three
quarters of the older cohorts are assumptions.
"""

from __future__ import annotations

from random import Random

from cardqueue.demo.draws import Weighted, pick
from cardqueue.lib.citizen_id import Sex

FAMILY: Weighted[str] = (
    ("Nguyễn", 32.0), ("Trần", 10.8), ("Lê", 9.0), ("Phạm", 6.3), ("Huỳnh", 4.0), ("Phan", 3.6), ("Võ", 3.2),
    ("Đặng", 2.2), ("Bùi", 2.1), ("Hoàng", 2.0), ("Đỗ", 1.7), ("Hồ", 1.5), ("Ngô", 1.5), ("Vũ", 1.4), ("Dương", 1.2),
    ("Lý", 1.0), ("Trương", 1.0), ("Đinh", 0.9), ("Mai", 0.8), ("Lương", 0.7), ("Đoàn", 0.7), ("Trịnh", 0.6),
    ("Cao", 0.6), ("Tô", 0.5), ("Thái", 0.5), ("Châu", 0.5), ("Tạ", 0.4), ("Hà", 0.4), ("Lâm", 0.4), ("Đào", 0.4),
    ("Tống", 0.2), ("Kiều", 0.2), ("Quách", 0.2), ("Ung", 0.1),
)  # fmt: skip

_MALE_MIDDLE_OLD: Weighted[str] = (
    ("Văn", 52), ("", 8), ("Hữu", 6), ("Đức", 5), ("Xuân", 5), ("Ngọc", 4), ("Quang", 3), ("Minh", 3), ("Đình", 3),
    ("Công", 3), ("Thanh", 3), ("Quốc", 2), ("Bá", 1), ("Thế", 1), ("Sỹ", 1),
)  # fmt: skip
_MALE_MIDDLE_YOUNG: Weighted[str] = (
    ("Văn", 18), ("Minh", 10), ("Quốc", 8), ("Đức", 8), ("Thanh", 7), ("Ngọc", 6), ("Hoàng", 6), ("Anh", 5),
    ("Công", 4), ("Hữu", 4), ("Duy", 4), ("Gia", 3), ("Tuấn", 3), ("Trọng", 3), ("Đình", 3), ("Thành", 3), ("", 2),
)  # fmt: skip
_FEMALE_MIDDLE_YOUNG: Weighted[str] = (
    ("Ngọc", 12), ("Thanh", 9), ("Kim", 8), ("Thùy", 8), ("Hồng", 7), ("Phương", 7), ("Thu", 6), ("Mỹ", 6),
    ("Bích", 5), ("Minh", 5), ("Hoài", 4), ("Quỳnh", 4), ("Tuyết", 3), ("Diệu", 3), ("Khánh", 3), ("Bảo", 3),
)  # fmt: skip


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MALE_OLD = _words(
    "Hòa Bình Thắng Sơn Hùng Dũng Tâm Minh Đức Lợi Phúc Thành Long Hải Quý Thọ Sáu Bảy Tám Chín Mười Ba Tư Năm "
    "Út Lý Sỹ Kỳ Đồng Tấn Cường Hậu Nghĩa Trung Hiếu Khoa Ân Phước Lộc Thạnh Toại Khỏe Xuân Thu"
)
_MALE_MID = _words(
    "Hùng Dũng Tuấn Sơn Hải Minh Thành Cường Hòa Nam Long Bình Thắng Tùng Quang Trung Hiếu Phong Lâm Khánh Vinh "
    "Phương Toàn Thịnh Quý Đạt An Tiến Hưng Duy Kỳ Thuận Hoàng Nghĩa Sỹ Tài Lợi"
)
_MALE_YOUNG = _words(
    "Huy Khang Minh Bảo Phát Khoa Long Nam Đạt Khánh Hiếu Anh Tuấn Phúc Nghĩa Hoàng Kiệt Quân Thịnh Trí Nhân "
    "Duy Tú Vũ Hải Đăng Lộc Tài Hòa Quý"
)
_FEMALE_OLD = _words(
    "Lan Hoa Hồng Hương Mai Thủy Nga Liên Tuyết Hạnh Phượng Sáu Bảy Tám Chín Mười Ba Tư Năm Út Hai Hòa Lý Mỹ "
    "Huệ Xuân Thu Cúc Đào Loan Nguyệt Thúy Khỏe Tỵ Lài Bông Sen"
)
_FEMALE_MID = _words(
    "Hương Thủy Hà Lan Hạnh Hằng Nga Hoa Thảo Thúy Phương Hồng Loan Dung Yến Vân Thu Trang Oanh Tâm Mỹ Hiền "
    "Tuyền Ngân Liễu Diễm Thy Hòa Quyên Nhung Lý Nguyệt"
)
_FEMALE_YOUNG = _words(
    "Trang Linh Vy Thảo Ngân Anh My Trâm Nhi Hân Như Thy Uyên Quỳnh Trinh Duyên Thư Ngọc Tiên Yến Nhung Mai "
    "Phương Hoài Thúy Châu Giang"
)

# K'Ho, Ê-đê and Gia Rai names do not follow family-middle-given; the marks inside them must survive every import.
_KHO_MALE = ("K’Brèo", "K’Brọi", "K’Tẻo", "K’Lình", "K’Mbrảo", "K’Sét", "K’Đỉu", "K’Văn Tuấn", "K’Thế Hải")
_KHO_FEMALE = ("Ka Nhài", "Ka Brết", "Ka Lệ Hằng", "Ka Thị Mỹ", "Ka Sum", "Ka Đèo", "Ka Rin")
_EDE_MALE = ("Y Blô", "Y Thuăn", "Y Krông", "Y Wih", "Y Moan")
_EDE_FEMALE = ("H’Bia", "H’Lan", "H’Nuêl", "H’Yar", "H’Zina")
_EDE_CLANS = ("Êban", "Niê", "Mlô", "Kbuôr", "Byă")
_JRAI = {Sex.MALE: ("Ksor Y Thân", "Rơ Châm Đức", "Siu Hlơn"), Sex.FEMALE: ("Ksor H’Lan", "Rơ Mah H’Uyên", "Siu H’Mai")}

_OLD_BEFORE, _YOUNG_FROM = 1962, 1985


def family_name(rng: Random) -> str:
    """A family name with its real frequency."""
    return pick(rng, FAMILY)


def personal_names(rng: Random, sex: Sex, birth_year: int) -> str:
    """Middle and given names of a generation, without the family name."""
    return _male(rng, birth_year) if sex is Sex.MALE else _female(rng, birth_year)


def kinh_name(rng: Random, sex: Sex, birth_year: int) -> str:
    """A full name: family, middle, given."""
    return f"{family_name(rng)} {personal_names(rng, sex, birth_year)}"


def highland_name(rng: Random, sex: Sex) -> str:
    """A K'Ho, Ê-đê or Gia Rai name."""
    people = pick(rng, (("kho", 70), ("ede", 22), ("jrai", 8)))
    if people == "kho":
        return rng.choice(_KHO_MALE if sex is Sex.MALE else _KHO_FEMALE)
    if people == "ede":
        return f"{rng.choice(_EDE_MALE if sex is Sex.MALE else _EDE_FEMALE)} {rng.choice(_EDE_CLANS)}"
    return rng.choice(_JRAI[sex])


def _male(rng: Random, birth_year: int) -> str:
    if birth_year < _OLD_BEFORE:
        middle, given = pick(rng, _MALE_MIDDLE_OLD), rng.choice(_MALE_OLD)
    elif birth_year < _YOUNG_FROM:
        middle = pick(rng, _MALE_MIDDLE_OLD if rng.random() < 0.5 else _MALE_MIDDLE_YOUNG)
        given = rng.choice(_MALE_MID)
    else:
        middle, given = pick(rng, _MALE_MIDDLE_YOUNG), rng.choice(_MALE_YOUNG)
        if rng.random() < 0.25:
            middle = f"{middle} {pick(rng, _MALE_MIDDLE_YOUNG)}"
    return _joined(middle, given)


def _female(rng: Random, birth_year: int) -> str:
    if birth_year < _OLD_BEFORE:
        given, modern = rng.choice(_FEMALE_OLD), 0.12
    elif birth_year < _YOUNG_FROM:
        given, modern = rng.choice(_FEMALE_MID), 0.4
    else:
        given, modern = rng.choice(_FEMALE_YOUNG), 0.75
    if rng.random() >= modern:
        return _joined("Thị", given)
    second = pick(rng, _FEMALE_MIDDLE_YOUNG)
    if rng.random() < 0.6:
        return _joined(f"Thị {second}", given)
    return _joined(second, given)


def _joined(middle: str, given: str) -> str:
    # "Minh Minh" and "Ngọc Ngọc" are nobody's name.
    words = [word for word in dict.fromkeys(middle.split()) if word and word != given]
    return " ".join([*words, given])
