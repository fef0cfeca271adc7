"""The hash-only hand-over against known answers: the same rosters, the same engine, a registry of keyed hashes."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.matching.files import REALISTIC, STRESS, World, make_world, write_world
from benchmarks.matching.judging import Verdict, judge
from benchmarks.report import Row
from cardqueue.core.database import table_of
from cardqueue.lib.clock import today_on
from cardqueue.verification.engine.matching import Matcher
from cardqueue.verification.engine.posterior import ASSUMED
from cardqueue.verification.engine.running import Matching, read_registry
from cardqueue.verification.engine.shapes import Decision, Place
from cardqueue.verification.handover.files import Handover, write_handover
from cardqueue.verification.handover.hashing import HandoverKey, new_key
from cardqueue.verification.models import HashedRecord, PopulationExtract
from cardqueue.verification.registries.hashes import HashesRegistry

_SEED = 2026
_NOBODY = "so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,que_quan,so_cmnd_cu\n"


def measure() -> Iterator[Row]:
    """What a hand-over finds, and how fast, on the rosters that `match` is measured with."""
    with tempfile.TemporaryDirectory() as name:
        yield from _measure(Path(name))


def _measure(folder: Path) -> Iterator[Row]:
    for profile, mistaken in (("realistic", REALISTIC), ("stress", STRESS)):
        world = make_world(_SEED, 3_500, 40_000, mistaken)
        write_world(world, folder)
        verdict, exporting, matching = match_hashed(world, folder)
        if profile == "realistic":
            yield Row("hash-only 40,000: hash and sort", f"{exporting:.1f} s")
            yield Row("  match 3,500", f"{matching:.1f} s")
        wrong = verdict.wrong_matches + verdict.wrong_proposals
        yield Row(f"  {profile}: wrong persons", f"{wrong} of {verdict.rows:,}", goal="0", is_met=not wrong)
        linked = verdict.share("named", "findable")
        goal, is_met = ("≥ 99.5 %", linked >= 0.995) if profile == "realistic" else ("", True)
        yield Row("  right person named", f"{linked:.2%}", goal=goal, is_met=is_met)
        reached = verdict.share("reached", "findable")
        yield Row("  right person named or a candidate", f"{reached:.2%}", goal="≥ 99.8 %", is_met=reached >= 0.998)
        yield Row("  rows without a mistake called match", f"{verdict.share('clean_matched', 'clean'):.2%}")
        yield Row("  duplicate groups found", f"{verdict.share('groups_found', 'groups'):.2%}")


def match_hashed(world: World, folder: Path) -> tuple[Verdict, float, float]:
    """Hash a world's registry and match its roster; the verdict, and the seconds of both."""
    key = new_key()
    path = folder / "handover.cqh"
    start = time.perf_counter()
    hashed = (
        key.record(number, old, words, born, sex, Place(province, district, commune))
        for number, old, words, *_keys, born, sex, province, district, commune in read_registry(folder / "registry.csv")
    )
    write_handover(path, key, hashed, made_on=today_on().isoformat(), note=lambda _count: None)
    exporting = time.perf_counter() - start
    with Session(sa.create_engine(f"sqlite:///{folder / 'hashed.sqlite'}")) as session:
        registry = _loaded(session, key, path, folder / "roster.csv")
        start = time.perf_counter()
        decisions = list(_decided(registry, folder))
        matching = time.perf_counter() - start
    # A person whom no number led to has the hash for a name; the answers know the number.
    names = {f"#{key.number(int(person.number)):016x}": person.number for person in world.registry}
    answers = [_as_read(decision, names) for decision in decisions]
    return judge(world.rows, answers), exporting, matching


def _loaded(session: Session, key: HandoverKey, path: Path, roster: Path) -> HashesRegistry:
    table = _table_alone(table_of(HashedRecord))
    table.drop(session.connection(), checkfirst=True)
    table.create(session.connection())
    rows = [{**row._asdict(), "extract_id": 1} for row in Handover(path).rows()]
    session.execute(sa.insert(table), rows)
    session.commit()
    with roster.open(encoding="utf-8", newline="") as source:
        numbers = [row["so_dinh_danh"] for row in csv.DictReader(source)]
    extract = PopulationExtract(id=1, campaign_id=1, record_count=len(rows))
    return HashesRegistry(
        session,
        [extract],
        key=lambda _extract: key,
        numbers=lambda: (number for number in numbers if len(number) == 12 and number.isdecimal()),
    )


def _table_alone(table: sa.Table) -> sa.Table:
    """The product's table with its indexes, without the tables that it points to."""
    columns = (sa.Column(column.name, column.type, primary_key=column.primary_key) for column in table.columns)
    alone = sa.Table(table.name, sa.MetaData(), *columns)
    for index in table.indexes:
        sa.Index(index.name, *(alone.c[column.name] for column in index.columns))
    return alone


def _decided(registry: HashesRegistry, folder: Path) -> Iterator[Decision]:
    nobody = folder / "nobody.csv"
    nobody.write_text(_NOBODY, encoding="utf-8")
    with Matching() as matching:
        matching.load(folder / "roster.csv", nobody, folder / "cells.csv")
        matching._matcher = Matcher(registry, ASSUMED)  # noqa: SLF001 - its own registry, of nobody, is passed over
        matching.run()
        yield from (decision for _, decision in matching.decisions())


def _as_read(decision: Decision, names: dict[str, str]) -> dict[str, str]:
    return {
        "status": decision.status,
        "pid": names.get(decision.pid, decision.pid),
        "fields": ";".join(decision.fields),
        "candidates": ";".join(names.get(one, one) for one in decision.candidates),
        "score": f"{decision.score:.4f}",
    }
