"""Writing texts into an .xlsx that somebody else made, leaving every other byte of its sheets as it was.

A library that reads a workbook and writes it again loses what it does not know: drop-down lists that point at hidden
sheets, pictures, drawn signatures. So the cells are changed in the sheet's own XML, and all other parts are copied.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cardqueue.lib.spreadsheet.shapes import NotASpreadsheet, Refusal

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ID = re.compile(r"\{.*/relationships\}id\Z")
_ROW = re.compile(rb"<((?:\w+:)?)row\b([^<>]*?)(?:/>|>(.*?)</\1row\s*>)", re.DOTALL)
_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*?)(?:/>|>.*?</(?:\w+:)?c\s*>)", re.DOTALL)
_NUMBER = re.compile(rb'\br="(\d+)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})\d+"')
_STYLE = re.compile(rb'\bs="\d+"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_CALCULATION_CHAIN = re.compile(r'<[^<>]*calcChain\.xml"[^<>]*/>')
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAX_TEXT = 32_767


def fill_cells(content: bytes, sheet: str, texts: Mapping[tuple[int, int], str]) -> bytes:
    """The workbook with texts in some cells of one sheet; each keeps the look of the cell that stood there.

    Only rows that the sheet has are filled. Shapes: `texts` maps (row, column), both counted from 0, to the text.

    Raises: NotASpreadsheet for anything but an .xlsx; KeyError when it has no such sheet.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            part = _part_of(package, sheet)
            filled, drops_formulas = _fill(package.read(part), _by_row(texts))
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
                for info in package.infolist():
                    data = filled if info.filename == part else package.read(info)
                    if drops_formulas and (data := _without_calculation_chain(info.filename, data)) == b"":
                        continue
                    written.writestr(info, data, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error
    return target.getvalue()


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    if _WORKBOOK not in package.namelist():
        raise NotASpreadsheet(Refusal.OTHER_KIND)
    workbook = ElementTree.fromstring(package.read(_WORKBOOK))  # noqa: S314 - expat itself stops entities that grow
    relations = ElementTree.fromstring(package.read(_RELATIONS))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            key = next(value for name, value in element.items() if _ID.match(name))
            target = targets[key]
            return target[1:] if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)


def _by_row(texts: Mapping[tuple[int, int], str]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in texts.items():
        rows.setdefault(row, {})[column] = text
    return rows


def _fill(xml: bytes, texts: Mapping[int, Mapping[int, str]]) -> tuple[bytes, bool]:
    """The sheet with its texts, and whether a formula had to make room for one."""
    drops_formulas = False
    number = 0

    def fill_row(found: re.Match[bytes]) -> bytes:
        nonlocal drops_formulas, number
        prefix, attributes, body = found[1], found[2], found[3] or b""
        given = _NUMBER.search(attributes)
        number = int(given[1]) if given else number + 1
        if not (wanted := texts.get(number - 1)):
            return found[0]
        new_body, dropped = _fill_row(body, prefix, number, wanted)
        drops_formulas = drops_formulas or dropped
        # Spans only hasten reading, and would be wrong once a cell stands behind the last one.
        return b"<%srow%s>%s</%srow>" % (prefix, _SPANS.sub(b"", attributes), new_body, prefix)

    return _ROW.sub(fill_row, xml), drops_formulas


def _fill_row(body: bytes, prefix: bytes, number: int, texts: Mapping[int, str]) -> tuple[bytes, bool]:
    cells: list[tuple[int, bytes]] = []
    styles: dict[int, bytes] = {}
    dropped = False
    column, end = -1, 0
    for found in _CELL.finditer(body):
        end = found.end()
        place = _PLACE.search(found[1])
        column = _column(place[1]) if place else column + 1
        if column not in texts:
            cells.append((column, found[0]))
            continue
        style = _STYLE.search(found[1])
        styles[column] = b" " + style[0] if style else b""
        dropped = dropped or _FORMULA.search(found[0]) is not None
    for wanted, text in texts.items():
        cells.append((wanted, _cell(prefix, wanted, number, styles.get(wanted, b""), text)))
    return b"".join(cell for _, cell in sorted(cells, key=lambda one: one[0])) + body[end:], dropped


def _cell(prefix: bytes, column: int, number: int, style: bytes, text: str) -> bytes:
    place = b'r="%s%d"%s' % (_letters(column), number, style)
    if not (value := escape(_NOT_IN_XML.sub("", text)[:_MAX_TEXT]).encode()):
        return b"<%sc %s/>" % (prefix, place)
    return b'<%sc %s t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (
        prefix, place, prefix, prefix, value, prefix, prefix, prefix,
    )  # fmt: skip


def _without_calculation_chain(filename: str, data: bytes) -> bytes:
    """Excel calls a file damaged whose list of formulas names a cell without one; it makes the list anew by itself."""
    if filename == "xl/calcChain.xml":
        return b""
    if filename in ("[Content_Types].xml", _RELATIONS):
        return _CALCULATION_CHAIN.sub("", data.decode()).encode()
    return data


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _letters(column: int) -> bytes:
    letters = b""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters
