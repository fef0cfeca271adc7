"""English is complete: every Vietnamese sentence of a screen has one, with the same values in it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
METHODS = [("cardqueue/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2)}
VALUE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
VIETNAMESE = re.compile(r"[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


@cache
def sentences() -> frozenset[str]:
    """Every msgid of the product."""
    found = set()
    for folder, (pattern, method) in (("cardqueue", METHODS[0]), ("templates", METHODS[1])):
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / folder), method_map=[(pattern.split("/", 1)[1], method)], keywords=KEYWORDS
        ):
            found.update([message] if isinstance(message, str) else [part for part in message if part])
    return frozenset(found)


@cache
def english() -> Catalog:
    """The English catalogue."""
    with (ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_sentence_has_an_english_one() -> None:
    assert len(sentences()) > 200
    missing = [text for text in sorted(sentences()) if not _translated(text)]
    assert missing == []


def test_the_english_sentences_carry_the_same_values() -> None:
    wrong = [
        text
        for text in sorted(sentences())
        if (other := _translated(text)) and set(VALUE.findall(text)) != set(VALUE.findall(other))
    ]
    assert wrong == []


def test_no_english_sentence_is_still_vietnamese() -> None:
    names = {"Tiếng Việt"}
    left = [
        text
        for text in sorted(sentences() - names)
        if (other := _translated(text)) and other == text and VIETNAMESE.search(text)
    ]
    assert left == []


def _translated(text: str) -> str:
    message = english().get(text)
    if message is None or message.fuzzy:
        return ""
    return message.string if isinstance(message.string, str) else "".join(message.string or ())
