"""Reading a spreadsheet of any of the kinds an office has, recognised by content and not by its name."""

import io
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

from cardqueue.lib.spreadsheet.delimited import read_delimited
from cardqueue.lib.spreadsheet.parsing import parse, parse_apart
from cardqueue.lib.spreadsheet.shapes import NotASpreadsheet, Refusal, Workbook
from cardqueue.lib.spreadsheet.unpacking import check_package

MAX_BYTES = 10 * 1024 * 1024

# All that the zip module raises for a broken package, an unknown method of packing included.
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(source: Path | bytes, name: str = "") -> Workbook:
    """Read a file, or its bytes, as a workbook. A delimited text becomes one sheet, called like the file.

    Raises: NotASpreadsheet where nothing can be read, with the reason in plain words.
    """
    if isinstance(source, Path):
        if source.stat().st_size > MAX_BYTES:
            raise NotASpreadsheet(Refusal.TOO_LARGE)
        return read_workbook(source.read_bytes(), source.name)
    if not source.strip(b"\0 \r\n\t"):
        raise NotASpreadsheet(Refusal.EMPTY)
    if len(source) > MAX_BYTES:
        raise NotASpreadsheet(Refusal.TOO_LARGE)
    if source.startswith(_ZIP):
        return _read_zipped(source)
    if source.startswith(_OLE):
        return _read_ole(source)
    return Workbook("csv", [read_delimited(source, Path(name).stem or "Sheet1")])


def _read_zipped(content: bytes) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
                kind = "xlsx"
            elif "content.xml" in names and b"spreadsheet" in package.read("mimetype")[:100]:
                kind = "ods"
            else:
                raise NotASpreadsheet(Refusal.OTHER_KIND)
            check_package(package)
    except (*_BROKEN_ZIP, ElementTree.ParseError, KeyError, ValueError) as error:
        raise NotASpreadsheet(Refusal.DAMAGED) from error
    return parse(content, kind)


def _read_ole(content: bytes) -> Workbook:
    # An .xlsx with a password travels inside the container that .xls and .doc files use.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise NotASpreadsheet(Refusal.PASSWORD)
    if "WordDocument".encode("utf-16-le") in content or "PowerPoint Document".encode("utf-16-le") in content:
        raise NotASpreadsheet(Refusal.OTHER_KIND)
    return parse_apart(content, "xls")
