"""A commune's list compared with population records as the pages do it, beside the command on the same people."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.matching.files import REALISTIC, make_world, write_world
from benchmarks.report import Row, seconds_of
from cardqueue.app import create_app
from cardqueue.core.audit import act_as
from cardqueue.core.database import db, writing
from cardqueue.lib.clock import now_at
from cardqueue.verification.engine.running import Matching
from cardqueue.verification.services import advance_runs, import_extract, match_records, start_runs
from tests.databases import SqliteDatabases, settings_for
from tests.factories.people import Town, make_town
from tests.factories.verification import add_roster, write_roster

_SEED = 2026
_CELLS = 20


def measure(members: int = 3_500, residents: int = 40_000) -> Iterator[Row]:
    """Bring the records, compare everybody, compare again; the longest piece is how long others wait at most."""
    with tempfile.TemporaryDirectory(prefix="cardqueue-bench-") as name:
        folder = Path(name)
        world = make_world(_SEED, members, residents, REALISTIC)
        write_world(world, folder)
        app = create_app(settings_for(SqliteDatabases(folder).new_url(), folder))
        with app.app_context():
            session = db.session()
            town = make_town(session, "a", cells=_CELLS, members_per_cell=0)
            people = add_roster(session, town, town.cells, world.rows)
            session.commit()
            write_roster(folder / "roster.csv", people)
            count, before = len(people), _megabytes()
            brought = seconds_of(partial(_bring, session, town, (folder / "registry.csv").read_bytes()))
            after_import = _megabytes()
            pieces = list(_pieces(session, town))
            first, after = sum(pieces), _megabytes()
            again = seconds_of(partial(_again, session, town))
        command = seconds_of(partial(_command, folder))
    yield Row(f"verify: bring {residents:,} records", f"{brought:.1f} s")
    yield Row(
        f"  compare {count:,} members", f"{first:.1f} s", f"{command:.1f} s by command, load included",
        first / command, "≤ 5 s", first <= 5,
    )  # fmt: skip
    yield Row(
        "  longest piece", f"{max(pieces):.2f} s", f"{len(pieces)} pieces", goal="≤ 1.5 s", is_met=max(pieces) <= 1.5
    )
    yield Row("  compare again, nothing new", f"{again:.1f} s", f"{first:.1f} s at first", again / first)
    yield Row("  memory", f"{after:.0f} MB", f"{before:.0f} MB before, {after_import:.0f} MB with the records brought")


def _bring(session: Session, town: Town, content: bytes) -> None:
    with writing(session):
        act_as(session, "a.station_chief")
        import_extract(session, town.campaign, town.station.id, filename="dan_cu.csv", content=content, at=now_at())


def _pieces(session: Session, town: Town) -> Iterator[float]:
    committee_ids = {town.committee.id}
    with writing(session):
        start_runs(session, town.campaign, committee_ids=committee_ids, at=now_at())
    going = True

    def advance() -> None:
        nonlocal going
        with writing(session):
            going = advance_runs(session, town.campaign.id, committee_ids=committee_ids, at=now_at())
        session.expunge_all()

    while going:
        yield seconds_of(advance)


def _again(session: Session, town: Town) -> None:
    with writing(session):
        match_records(session, town.campaign, committee_ids={town.committee.id}, at=now_at())


def _command(folder: Path) -> None:
    with Matching() as matching:
        matching.load(folder / "roster.csv", folder / "registry.csv")
        matching.run()


def _megabytes() -> float:
    """The most memory that the process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
