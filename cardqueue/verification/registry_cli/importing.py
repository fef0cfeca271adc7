"""``cardqueue registry import``: an extract of any size, from a file on this machine."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cardqueue.verification.registry_cli.refusals import said_of_refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cardqueue.organisation.models import Campaign, Station
    from cardqueue.verification.models import PopulationExtract
    from cardqueue.verification.rules import Column, ExtractFault
    from cardqueue.verification.services.extracts import BroughtFile, Chunk, FaultyExtract, Reading

BAD_FILE: Final = 2
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_TOLD_EVERY_SECONDS: Final = 1.0
#: Rows of a transaction: a few transactions a second, so that others get in between.
_LINES: Final = 10_000
# What stands in a file of population records by its own titles, and what the product calls it.
_COLUMN_NAMES: Final = {
    "so_dinh_danh": "citizen_id",
    "ho_ten": "full_name",
    "ngay_sinh": "birth_on",
    "gioi_tinh": "sex",
    "que_quan": "hometown",
    "so_cmnd_cu": "old_number",
}
_EXPECTED: Final = {
    "missing": "expected a value, found nothing; fill it in, or take the whole line out",
    "not_a_citizen_id": "expected 12 digits",
    "rounded_number": "expected 12 digits; a spreadsheet rounded them, so format the column as text and export again",
    "not_a_name": "expected a name in letters; see whether the line is shifted",
    "lost_letters": "expected letters, found what a program could not write; export again as UTF-8",
    "not_a_date": "expected a date such as 02/01/1950, 1950-01-02 or 1950",
    "month_first": "expected day before month; format the column as day/month/year and export again",
    "not_a_sex": "expected Nam or Nữ",
    "wrong_width": "the line has another number of values than the header; it is cut, or a value is not quoted",
    "shifted": "many of the first lines have numbers for names or names for numbers; the columns are shifted",
    "bad_letters": "expected text, found damaged bytes; export again as UTF-8",
    "line_too_long": "expected a line end within 100,000 characters, found none",
    "open_quotation": "a quotation that is opened here is not closed where it should be",
    "no_person": "no line below the titles names a person",
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a person says the file is to be read."""

    sheet: str | None
    header_row: int | None
    columns: str | None


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--station", required=True, help="The station's name or number.")
@click.option("--campaign", required=True, help="The campaign's name or number.")
@click.option(
    "--columns",
    help="Where the titles do not say: so_dinh_danh=A,ho_ten=B,ngay_sinh=C,gioi_tinh=D,que_quan=E,so_cmnd_cu=F.",
)
@click.option("--header-row", type=click.IntRange(0, 1000), help="The row of the titles; 0 where there is none.")
@click.option("--sheet", help="The sheet, where a workbook has several.")
@click.option("--resume", is_flag=True, help="Go on where an import of this very file was cut short.")
@click.option("--lines", default=_LINES, show_default=True, type=click.IntRange(1), help="Lines of a transaction.")
def import_file(
    file: Path,
    station: str,
    campaign: str,
    columns: str | None,
    header_row: int | None,
    sheet: str | None,
    resume: bool,
    lines: int,
) -> None:
    """Load FILE (.csv of any size; .xlsx, .xls, .ods up to 10 MB) as the population records of a station.

    FILE may also be a hash-only hand-over (.cqh) whose key this server has (`cardqueue registry keep-key`).

    The extract before it stays in force until the new one is whole; then it is purged in the same transaction. A bad
    file ends with exit code 2 and one line per fault, and nothing of it is kept. A command that was cut short left
    nothing in force: go on with --resume, or begin anew without.
    """
    from cardqueue.core.commands import opened_database
    from cardqueue.core.database import writing
    from cardqueue.core.errors import Refused
    from cardqueue.verification.loading import load
    from cardqueue.verification.registry_cli.places import find_campaign, find_station
    from cardqueue.verification.services.extracts import FaultyExtract, UnreadableExtract

    with opened_database() as session:
        at_station, in_campaign = find_station(session, station), find_campaign(session, campaign)
        try:
            with writing(session):
                if resume:
                    extract = _cut_short(session, in_campaign, at_station, file)
                else:
                    extract = _begin(session, in_campaign, at_station, file, _Wanted(sheet, header_row, columns))
                extract_id, byte_count, count = extract.id, extract.byte_count or 1, extract.record_count
            _give_memory(session)
            progress = _Progress(byte_count, count)
            is_whole = load(session, extract_id, file=file, lines=lines, note=progress.note)
            progress.end()
        except FaultyExtract as faulty:
            _tell_faults(file.name, faulty)
            raise SystemExit(BAD_FILE) from None
        except UnreadableExtract as unreadable:
            click.echo(f"{file.name}: {unreadable.refusal.value.replace('_', ' ')}", err=True)
            raise SystemExit(BAD_FILE) from None
        except Refused as refused:
            raise click.ClickException(said_of_refusal(refused)) from None
        if not is_whole:
            raise click.ClickException("The import was given up, or another one has gone on with it.")
        click.echo(_said_of(session, extract_id))


def _begin(session: Session, campaign: Campaign, station: Station, file: Path, wanted: _Wanted) -> PopulationExtract:
    from cardqueue.lib.clock import now_at
    from cardqueue.verification.handover.files import is_handover
    from cardqueue.verification.services import handovers
    from cardqueue.verification.services.extracts import BroughtFile, begin_file_load, digest_of

    if is_handover(file):
        return handovers.bring_handover_file(session, campaign, station.id, file, digest=digest_of(file), at=now_at())
    brought = BroughtFile(file, file.name)
    return begin_file_load(
        session,
        campaign,
        station.id,
        filename=file.name,
        reading=_reading(brought, wanted).as_json(),
        digest=digest_of(file),
        byte_count=brought.byte_count,
        at=now_at(),
    )


def _cut_short(session: Session, campaign: Campaign, station: Station, file: Path) -> PopulationExtract:
    from cardqueue.verification.registry_cli.places import find_cut_short
    from cardqueue.verification.services.extracts import digest_of

    extract = find_cut_short(session, campaign, station)
    if extract is None:
        raise click.ClickException("No import of this station was cut short; begin without --resume.")
    if (extract.byte_count, extract.content_digest) != (file.stat().st_size, digest_of(file)):
        raise click.ClickException(
            f"{file.name} is not the file whose import was cut short ({extract.filename},"
            f" {extract.byte_count:,} bytes). Give that one, or begin anew without --resume."
        )
    return extract


def _reading(brought: BroughtFile, wanted: _Wanted) -> Reading:
    """How the file is to be read: by its titles, and by what was said on the command line."""
    from cardqueue.verification.rules import find_columns
    from cardqueue.verification.services.extracts import FaultyExtract, Reading, settle_reading

    if brought.faults:
        raise FaultyExtract(brought.faults)
    guess = find_columns(brought.head)
    sheet = wanted.sheet or guess.sheet
    if all(one.name != sheet for one in brought.head.sheets):
        raise click.BadParameter(f"there is no sheet {sheet}.", param_hint="--sheet")
    header_row = guess.header_row if wanted.header_row is None else wanted.header_row
    if wanted.columns is not None:
        rows = brought.head.sheet(sheet).rows
        titles = [str(title) for title in rows[header_row - 1]] if 0 < header_row <= len(rows) else []
        columns = _named_columns(wanted.columns, titles)
    elif guess.is_certain and sheet == guess.sheet:
        columns = guess.columns
    else:
        raise click.UsageError(_uncertain(guess.candidates))
    return settle_reading(brought, Reading(sheet, header_row, columns))


def _named_columns(said: str, titles: list[str]) -> dict[Column, int]:
    """Read `so_dinh_danh=A,ho_ten=2,ngay_sinh=Ngày sinh`: letters, numbers from 1, or titles."""
    from cardqueue.verification.rules import NEEDED, Column

    columns: dict[Column, int] = {}
    for part in said.split(","):
        name, _, place = (word.strip() for word in part.partition("="))
        if name not in _COLUMN_NAMES:
            raise click.BadParameter(f"{name!r} is none of {', '.join(_COLUMN_NAMES)}.", param_hint="--columns")
        columns[Column(_COLUMN_NAMES[name])] = _place(place, titles)
    missing = [name for name, column in _COLUMN_NAMES.items() if column in NEEDED and Column(column) not in columns]
    if missing:
        raise click.BadParameter(f"{', '.join(missing)} is missing.", param_hint="--columns")
    if len(set(columns.values())) < len(columns):
        raise click.BadParameter("one column is named twice.", param_hint="--columns")
    return columns


def _place(text: str, titles: list[str]) -> int:
    if text in titles:
        return titles.index(text)
    if text.isdecimal() and int(text) > 0:
        return int(text) - 1
    if 1 <= len(text) <= 3 and text.isascii() and text.isalpha():
        place = 0
        for letter in text.upper():
            place = place * 26 + ord(letter) - 64
        return place - 1
    raise click.BadParameter(f"there is no column {text!r}: a letter, a number or a title.", param_hint="--columns")


def _uncertain(candidates: Mapping[Any, Any]) -> str:
    """Which columns the titles leave open."""
    from cardqueue.verification.rules import NEEDED, column_letter

    names = {column: name for name, column in _COLUMN_NAMES.items()}
    open_ones = [
        f"{names[column]} (columns {', '.join(map(column_letter, found))})" if found else f"{names[column]} (none)"
        for column in NEEDED
        if len(found := candidates.get(column, ())) != 1
    ]
    return f"The titles do not say which column holds {', '.join(open_ones)}; name all columns with --columns."


def _give_memory(session: Session) -> None:
    """Let SQLite keep more of the indexes than its 2 MB: every record goes into five places of them."""
    from cardqueue.core.database import is_postgresql

    if not is_postgresql(session):
        session.connection().exec_driver_sql("PRAGMA cache_size=-262144")
        # The same page is written again and again; it goes into the file once for fifty thousand and not for four.
        session.connection().exec_driver_sql("PRAGMA wal_autocheckpoint=50000")
        session.rollback()


def _tell_faults(name: str, faulty: FaultyExtract) -> None:
    for one in faulty.faults:
        click.echo(f"{name}: {_where(one)}{_EXPECTED[one.fault]}{_found(one)}", err=True)
    if faulty.count > len(faulty.faults):
        click.echo(f"{name}: and {faulty.count - len(faulty.faults):,} more", err=True)


def _where(fault: ExtractFault) -> str:
    names = {column: name for name, column in _COLUMN_NAMES.items()}
    named = f" ({names[fault.field]})" if fault.field else ""
    place = [f"line {fault.line}"] if fault.line else []
    place += [f"column {fault.column}{named}"] if fault.column else []
    return f"{', '.join(place)}: " if place else ""


def _found(fault: ExtractFault) -> str:
    return f"; found {fault.found!r}" if fault.found else ""


def _said_of(session: Session, extract_id: int) -> str:
    from cardqueue.verification.models import PopulationExtract

    extract = session.get_one(PopulationExtract, extract_id, populate_existing=True)
    return f"{extract.record_count:,} people in force for {extract.station.name}: {extract.filename}"


class _Progress:
    """How far it is, on one line of the terminal's other stream."""

    def __init__(self, byte_count: int, count: int) -> None:
        self._begun = self._told = time.monotonic()
        self._byte_count, self._count, self._new = byte_count, count, 0

    def note(self, chunk: Chunk) -> None:
        """Tell it every second."""
        self._new += len(chunk.rows)
        now = time.monotonic()
        if now - self._told >= _TOLD_EVERY_SECONDS:
            self._told = now
            percent = 100 * chunk.read_count // self._byte_count
            rate = self._new / (now - self._begun)
            click.echo(
                f"\r{percent:3} %, {self._count + self._new:,} people, {rate:,.0f} a second ", err=True, nl=False
            )

    def end(self) -> None:
        """Leave the line."""
        if self._told != self._begun:
            click.echo(err=True)
