"""Commands of the data cleaning."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cardqueue.cleaning import views
from cardqueue.cleaning.reading import read_entries
from cardqueue.cleaning.rules import comparison
from cardqueue.core.errors import Refused
from cardqueue.core.words import refusal_words
from cardqueue.lib.clock import today_on
from cardqueue.lib.spreadsheet import NotASpreadsheet, write_xlsx

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


class NothingCompared(click.ClickException):
    """The command found nothing to compare; says why and ends with 2."""

    exit_code = 2


@click.command("compare-lists")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The .xlsx file to write.")
def compare_lists(old: Path, new: Path, out: Path) -> None:
    """Compare an OLD and a NEW list of members and write who changed, vanished or appeared. Needs no database."""
    before, after = _read(old), _read(new)
    found = comparison.compare_lists(before, after)
    report = views.report_of(found, before, after, old_name=old.name, new_name=new.name)
    draft = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        write_xlsx(draft, views.comparison_tables(report, report.lines))
        draft.replace(out)
    except OSError as error:
        raise NothingCompared(f"{out}: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    click.echo(f"{len(before)} and {len(after)} rows, {len(report.lines)} differ → {out}")


def _read(path: Path) -> list[comparison.Entry]:
    try:
        return read_entries(path, path.name, on=today_on())
    except (NotASpreadsheet, OSError) as error:
        raise NothingCompared(f"{path.name}: {error}") from error
    except Refused as refusal:
        words = refusal_words(refusal.reason_code, refusal.values)
        raise NothingCompared(f"{path.name}: {words.explanation if words else refusal.reason_code}") from refusal
