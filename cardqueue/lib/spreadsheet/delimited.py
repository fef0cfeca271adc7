"""Delimited text (.csv, .tsv): its encoding and delimiter found from the text itself."""

import codecs
import csv
import io
import unicodedata
from collections import Counter

from cardqueue.lib.legacy_fonts import plausibility
from cardqueue.lib.spreadsheet.shapes import NotASpreadsheet, Refusal, Sheet
from cardqueue.lib.spreadsheet.unpacking import MAX_CELLS

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DELIMITERS = ",;\t|"
_FIRST_LINES = 50


def read_delimited(content: bytes, name: str) -> Sheet:
    """Read delimited text as one sheet of text cells.

    Raises: NotASpreadsheet for binary content and for web pages.
    """
    text = _decode(content)
    refuse_other_kinds(text)
    text, delimiter = find_delimiter(text)
    csv.field_size_limit(1024 * 1024)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise NotASpreadsheet(Refusal.UNPACKS_TOO_LARGE)
    return Sheet(name, [row + [""] * (width - len(row)) for row in rows])


def refuse_other_kinds(text: str) -> None:
    """Let only a table pass.

    Raises: NotASpreadsheet for a web page and for other texts that are no table.
    """
    start = text[:2000].lstrip().lower()
    if start.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta", "<head")):
        raise NotASpreadsheet(Refusal.WEB_PAGE)
    if start.startswith(("%pdf", "{\\rtf", "{", "[")):
        raise NotASpreadsheet(Refusal.OTHER_KIND)


def encoding_of_sample(sample: bytes) -> str:
    """The encoding of a text by its beginning. UTF-8 with a few damaged bytes is UTF-8: whoever reads on meets them.

    Raises: NotASpreadsheet for binary content.
    """
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    if wide := _wide_encoding(sample):
        return wide
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(sample)
    damaged = text.count("\ufffd")
    letters = sum(letter > "\x7f" for letter in text) - damaged
    return "utf-8" if letters >= 4 * damaged else _one_byte_encoding(sample)


def _decode(content: bytes) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content[len(bom) :], encoding)
    if wide := _wide_encoding(content):
        return _strict(content, wide)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", content.decode(_one_byte_encoding(content), errors="replace"))


def _wide_encoding(content: bytes) -> str:
    """UTF-16 without a mark in front, or nothing.

    Raises: NotASpreadsheet for binary content.
    """
    sample = content[:4096]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    # Of two bytes, plain letters have one zero: always the same one.
    if max(low, high) > len(sample) // 8 and min(low, high) == 0:
        return "utf-16-le" if high else "utf-16-be"
    if low + high or any(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in sample):
        raise NotASpreadsheet(Refusal.OTHER_KIND)
    return ""


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error


def _one_byte_encoding(content: bytes) -> str:
    """Windows' Vietnamese code page, or Western letters typed for an old font: whichever reads as Vietnamese."""

    def reads(encoding: str) -> int:
        text = unicodedata.normalize("NFC", content.decode(encoding, errors="replace"))
        return plausibility(text[:20_000].splitlines())

    return max(("cp1258", "cp1252"), key=reads)


def find_delimiter(text: str) -> tuple[str, str]:
    """The text without Excel's `sep=` line, and the delimiter that splits most lines into equally many fields."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return rest, first.strip()[4]
    lines = [line for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES] if line.strip()]

    def support(delimiter: str) -> tuple[int, int]:
        counts = Counter(_unquoted(line).count(delimiter) for line in lines)
        counts.pop(0, None)
        fields, votes = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return votes, fields

    return text, max(_DELIMITERS, key=support)


def _unquoted(line: str) -> str:
    return "".join(line.split('"')[::2])
