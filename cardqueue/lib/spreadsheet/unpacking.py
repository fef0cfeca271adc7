"""A look into a zipped spreadsheet before it is parsed, so that no small file can fill the memory.

A parser holds a sheet as a full rectangle: one cell at XFD1048576 asks for 17 thousand million cells. So the size of
the unpacked parts and of each sheet's rectangle is measured on the compressed stream first.
"""

import re
import zipfile
from xml.etree import ElementTree

from cardqueue.lib.spreadsheet.shapes import NotASpreadsheet, Refusal

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_CELLS = 4_000_000
_MAX_PARTS = 2_000
_CHUNK = 1024 * 1024

# A cell with something in it; a cell that is only formatted closes itself and counts for nothing.
_FILLED_CELL = re.compile(rb'<(?:\w+:)?c [^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"(?:[^<>/]|/(?!>))*>')
_CELL_WITHOUT_PLACE = re.compile(rb"<(?:\w+:)?c(?![^<>]*\br=)[ >]")

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def check_package(package: zipfile.ZipFile) -> None:
    """Refuse a package that unpacks to more than a list can hold, or whose parts are not what their headers say.

    Raises: NotASpreadsheet, zipfile.BadZipFile, zlib.error.
    """
    parts = package.infolist()
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise NotASpreadsheet(Refusal.UNPACKS_TOO_LARGE)
    if any(part.flag_bits & 1 for part in parts):
        raise NotASpreadsheet(Refusal.PASSWORD)
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
        if part.filename == "content.xml":
            _check_ods_content(package, part)
        else:
            # Reading to the end also checks the part's length and sum against its header.
            _check_part(package, part, is_sheet)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, is_sheet: bool) -> None:
    bottom = right = unplaced = 0
    columns: set[bytes] = set()
    rest = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not is_sheet:
                continue
            cells = rest + chunk
            for column, row in _FILLED_CELL.findall(cells):
                columns.add(column)
                bottom = max(bottom, int(row))
            unplaced += len(_CELL_WITHOUT_PLACE.findall(cells))
            cut = cells.rfind(b"<")
            rest = cells[cut:] if len(cells) - cut < 4096 else b""
    right = max(map(_column_number, columns), default=0)
    if bottom * right + unplaced > MAX_CELLS:
        raise NotASpreadsheet(Refusal.UNPACKS_TOO_LARGE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_ods_content(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Count the cells of an .ods, where one element may stand for a million repeated rows."""
    with package.open(part) as stream:
        bottom = right = 0
        for _, element in ElementTree.iterparse(stream):  # noqa: S314 - expat bounds entity expansion itself
            if element.tag == f"{_TABLE}table-row":
                width = _filled_width(element)
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", 1))
                bottom += repeated if width else min(repeated, 1_000)
                right = max(right, width)
                if bottom * right > MAX_CELLS:
                    raise NotASpreadsheet(Refusal.UNPACKS_TOO_LARGE)
                element.clear()
            elif element.tag == f"{_TABLE}table":
                bottom = right = 0
                element.clear()


def _filled_width(row: ElementTree.Element) -> int:
    width = filled = 0
    for cell in row:
        width += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        if len(cell):
            filled = width
    return filled
