"""Why a record may be a member's: every combination of levels has its words."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from flask_babel import Babel

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.levels import NameLevel, PlaceLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.rules import Field, Level
from cardqueue.verification.rules.reasons import LEVELS, Part, Sureness, differing_fields, reason_of, sureness_of
from cardqueue.verification.words import level_word, masked_number, reason_words

SAME = {
    "name": NameLevel.SAME,
    "date": DateLevel.EQUAL,
    "number": NumberLevel.EQUAL,
    "sex": SexLevel.SAME,
    "place": PlaceLevel.UNKNOWN,
}


def said(**levels: int) -> str:
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    with app.test_request_context():
        return reason_words(reason_of({**SAME, **levels}))


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ({"number": NumberLevel.NEAR}, "Số định danh sai 1 chữ số; họ tên và ngày sinh trùng khớp"),
        ({"number": NumberLevel.MISSING}, "Hồ sơ chưa có số định danh; họ tên và ngày sinh trùng khớp"),
        ({"name": NameLevel.MARKS}, "Họ tên khác dấu; số định danh và ngày sinh trùng khớp"),
        (
            {"name": NameLevel.NONE, "date": DateLevel.OTHER},
            "Họ tên khác hẳn; ngày sinh khác năm; số định danh trùng khớp",
        ),
        ({"sex": SexLevel.DIFFERS}, "Giới tính khác; số định danh, họ tên và ngày sinh trùng khớp"),
        ({"place": PlaceLevel.COMMUNE}, "Số định danh, họ tên, ngày sinh và quê quán trùng khớp"),
    ],
)
def test_the_reason_says_what_differs_and_what_agrees(levels: dict[str, int], words: str) -> None:
    assert said(**levels) == words


def test_every_combination_of_levels_has_words() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    with app.test_request_context():
        for levels in itertools.product(*(LEVELS[part] for part in Part)):
            assert reason_words(reason_of(dict(zip(map(str, Part), levels, strict=True)))).strip()


def test_every_way_to_differ_from_a_candidate_is_a_level_of_the_pages_with_a_word() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="vi")
    with app.test_request_context():
        for part in Part:
            for level in LEVELS[part]:
                for field, word in differing_fields({str(part): level}).items():
                    assert field in Field and level_word(Level(word))


def test_nothing_differs_where_everything_agrees() -> None:
    assert differing_fields(SAME) == {}
    assert differing_fields({**SAME, "sex": SexLevel.UNKNOWN}) == {Field.SEX: "missing"}


@pytest.mark.parametrize(
    ("probability", "sureness"),
    [(0.99, Sureness.LIKELY), (0.9, Sureness.LIKELY), (0.5, Sureness.POSSIBLE), (0.05, Sureness.UNLIKELY)],
)
def test_a_probability_is_said_as_people_say_it(probability: float, sureness: Sureness) -> None:
    assert sureness_of(probability) is sureness


def test_of_a_candidates_number_the_last_three_digits_are_shown() -> None:
    assert masked_number("003150000123") == "*********123"
    assert masked_number("") == ""
