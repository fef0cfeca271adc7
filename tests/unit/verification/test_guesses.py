"""Names that a row's name may have been, tried against hashes."""

from __future__ import annotations

import pytest

from cardqueue.verification.engine.levels import NameLevel, words_level
from cardqueue.verification.engine.names import name_words
from cardqueue.verification.registries.guesses import guessed_names


@pytest.mark.parametrize(
    ("typed", "meant", "level"),
    [
        ("Nguyễn Văn Hugn", "Nguyễn Văn Hùng", NameLevel.TYPO),
        ("Nguyễn Văn Hùn", "Nguyễn Văn Hùng", NameLevel.TYPO),
        ("Nguyyễn Văn Hùng", "Nguyễn Văn Hùng", NameLevel.TYPO),
        ("Nguyễn Văn Trung", "Nguyễn Văn Chung", NameLevel.TYPO),
        ("NguyễnVăn Hùng", "Nguyễn Văn Hùng", NameLevel.MARKS),
        ("Trần Hùng", "Trần Văn Hùng", NameLevel.SHORTENED),
        ("Trần Thị Ngọc Lan", "Trần Thị Lan", NameLevel.SHORTENED),
    ],
)
def test_what_people_do_to_a_name_is_guessed_back(typed: str, meant: str, level: NameLevel) -> None:
    record = name_words(meant)
    bare = tuple(word.translate(str.maketrans("ăâđêôơư", "aadeoou")).rstrip("0123456789") for word in record)
    guesses = dict(reversed(list(guessed_names(name_words(typed)))))
    assert guesses[bare] is level
    # The level is never better than the one that a readable record would have.
    assert level <= words_level(name_words(typed), record)


@pytest.mark.parametrize("typed", ["", "A", "Lê"])
def test_too_little_of_a_name_is_not_guessed_about(typed: str) -> None:
    assert list(guessed_names(name_words(typed))) == []


def test_one_name_costs_about_a_thousand_guesses_at_most() -> None:
    assert len(list(guessed_names(name_words("Nguyễn Hoàng Phương Quỳnh Trang")))) < 1_800
    assert len(list(guessed_names(name_words("NguyễnHoàngPhươngTrang")))) < 2_500
