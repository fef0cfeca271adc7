"""Delimited text (.csv, .tsv): its encoding and delimiter found from the text itself."""

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
    start = text[:2000].lstrip().lower()
    if start.startswith(("<html", "<!doctype", "<table", "<?xml", "<meta", "<head")):
        raise NotASpreadsheet(Refusal.WEB_PAGE)
    if start.startswith(("%pdf", "{\\rtf", "{", "[")):
        raise NotASpreadsheet(Refusal.OTHER_KIND)
    text, delimiter = _delimiter(text)
    csv.field_size_limit(1024 * 1024)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise NotASpreadsheet(Refusal.UNPACKS_TOO_LARGE)
    return Sheet(name, [row + [""] * (width - len(row)) for row in rows])


def _decode(content: bytes) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strict(content[len(bom) :], encoding)
    sample = content[:4096]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    # Of two bytes, plain letters have one zero: always the same one.
    if max(low, high) > len(sample) // 8 and min(low, high) == 0:
        return _strict(content, "utf-16-le" if high else "utf-16-be")
    if low + high or any(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in sample):
        raise NotASpreadsheet(Refusal.OTHER_KIND)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_one_byte(content)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error


def _decode_one_byte(content: bytes) -> str:
    """Windows' Vietnamese code page, or Western letters typed for an old font: whichever reads as Vietnamese."""
    vietnamese = unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))
    western = content.decode("cp1252", errors="replace")
    return max((vietnamese, western), key=lambda text: plausibility(text[:20_000].splitlines()))


def _delimiter(text: str) -> tuple[str, str]:
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
