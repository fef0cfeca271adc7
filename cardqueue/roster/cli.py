"""Commands about lists of members."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from cardqueue.lib.clock import today_on
from cardqueue.lib.spreadsheet import CellValue, NotASpreadsheet, Workbook, read_workbook, write_csv
from cardqueue.roster.reading import Message, RosterRow, describe, look_at, read_rows

COLUMNS = (
    "file",
    "sheet",
    "row",
    "full_name",
    "birth_on",
    "sex",
    "citizen_id",
    "old_id",
    "card_no",
    "cell",
    "joined_on",
    "official_on",
    "phone",
    "status",
    "state",
    "messages",
)


class NothingRead(click.ClickException):
    """The command found nothing to read; says why and ends with 2."""

    exit_code = 2


@click.command("read-roster")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The CSV file to write.")
@click.option("--fictitious-ids", is_flag=True, help="Accept citizen IDs of provinces that do not exist (demo data).")
def read_roster(file: Path, out: Path, fictitious_ids: bool) -> None:
    """Read a list of members as the import wizard would, and write its rows as CSV. Needs no database."""
    try:
        workbook = read_workbook(file)
    except (NotASpreadsheet, OSError) as error:
        raise NothingRead(f"{file.name}: {error}") from error
    rows = _read(workbook, file.name, fictitious_ids)
    try:
        _write_whole(out, (_record(file.name, row) for row in rows))
    except OSError as error:
        raise NothingRead(f"{out}: {error}") from error
    click.echo(f"{len(rows)} rows → {out}")


def _read(workbook: Workbook, name: str, fictitious_ids: bool) -> list[RosterRow]:
    choices = [guess.choice for guess in look_at(workbook) if guess.is_list]
    if not choices:
        raise NothingRead(f"{name}: no sheet holds a list of people with their names")
    rows = read_rows(workbook, choices, on=today_on(), fictitious_ids=fictitious_ids)
    if not rows:
        raise NothingRead(f"{name}: the list has a header but no people under it")
    return rows


def _record(file: str, row: RosterRow) -> list[CellValue]:
    return [
        file,
        row.sheet,
        row.row,
        row.full_name,
        _text(row.birth_on),
        _text(row.sex),
        _text(row.citizen_id),
        _text(row.old_id),
        _text(row.card_no),
        _text(row.cell),
        _text(row.joined_on),
        _text(row.official_on),
        _text(row.phone),
        row.status.value,
        row.state.value,
        "|".join(map(_sentence, row.messages)),
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _sentence(message: Message) -> str:
    return f"{message.code}: {describe(message, str)}".replace("|", "/")


def _write_whole(out: Path, records: Iterator[list[CellValue]]) -> None:
    """Write beside the target and move into place, so that nobody ever reads half a file."""
    draft = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with draft.open("w", encoding="utf-8", newline="") as target:
            write_csv(target, COLUMNS, records)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
