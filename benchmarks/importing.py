"""3,000 rows of an Excel list: read alone, and on the whole way from the file into the roster."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.report import Row, median_seconds, seconds_of
from cardqueue.app import create_app
from cardqueue.core.database import db, writing
from cardqueue.demo.errors import Planting
from cardqueue.demo.files.l1 import write_l1
from cardqueue.demo.files.l2 import write_l2
from cardqueue.demo.people import AS_OF, make_commune, make_residents
from cardqueue.demo.planting import Office, plant
from cardqueue.lib.clock import now_at
from cardqueue.lib.spreadsheet import read_workbook
from cardqueue.roster.reading import RosterRow, look_at, read_rows
from cardqueue.roster.services import accept_all_rows, confirm_import, import_file
from tests.databases import SqliteDatabases, settings_for
from tests.factories.people import make_town

MEMBERS = 3_000


def measure() -> Iterator[Row]:
    """The two layouts that offices have most, with the errors that offices make."""
    office = _office()
    with tempfile.TemporaryDirectory(prefix="cardqueue-bench-") as name:
        folder = Path(name)
        databases = SqliteDatabases(folder)
        for layout, write in (("data entry file", write_l1), ("system export", write_l2)):
            path = folder / f"{layout}.xlsx"
            write(office, path)
            count = len(_read(path))
            with _office_at_work(databases.new_url(), folder) as committee_id:
                import_seconds = seconds_of(partial(_import, committee_id, path))
            for what, seconds in (("read", median_seconds(partial(_read, path))), ("import", import_seconds)):
                yield Row(f"{what} {count:,} rows, {layout}", f"{seconds:.1f} s, {count / seconds:,.0f} rows/s")


def _office() -> Office:
    commune = make_commune(1, members=MEMBERS)
    return plant(commune, make_residents(commune, 3_000), Planting())


def _read(path: Path) -> list[RosterRow]:
    """Guess the columns and judge every row, without a database."""
    workbook = read_workbook(path)
    choices = [guess.choice for guess in look_at(workbook) if guess.is_list]
    return read_rows(workbook, choices, on=AS_OF, fictitious_ids=True)


@contextlib.contextmanager
def _office_at_work(url: str, folder: Path) -> Iterator[int]:
    """The application with one committee that has no list yet; gives the committee's id."""
    app = create_app(settings_for(url, folder))
    with app.app_context():
        yield make_town(db.session(), cells=1, members_per_cell=0).committee.id
        db.session.remove()
        db.engine.dispose()


def _import(committee_id: int, path: Path) -> None:
    """Upload, read, take every row that names a member, and save, as three requests of the wizard would."""
    with writing(db.session()) as session:
        made = import_file(session, committee_id, path.name, path.read_bytes(), at=now_at(), fictitious_ids=True)
    with writing(session):
        accept_all_rows(session, made)
    with writing(session):
        confirm_import(session, made, at=now_at(), decide_as_usual=True)
