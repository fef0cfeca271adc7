"""Loading an extract: in chunks, each a transaction of its own, and in force only when it is whole.

A chunk is read and prepared outside any transaction and stored in a short one, so that a load of millions holds nobody
up. It says how far the file has been read; whoever goes on after a crash, or beside somebody who already does, finds
out by that whether it is still their turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record
from cardqueue.core.database import EncryptedText, is_postgresql, table_of
from cardqueue.core.errors import Refused
from cardqueue.core.keyring import current_keyring
from cardqueue.verification.models import ExtractState, PopulationExtract
from cardqueue.verification.rules import ExtractFault
from cardqueue.verification.services.extracts.faults import MOST_FAULTS, FaultyExtract
from cardqueue.verification.services.extracts.purging import purge_in_force, require_open

#: Lines of a transaction: a tenth of a second for others to wait.
CHUNK_LINES = 2_000
_EXTRACT = table_of(PopulationExtract)


class Read(NamedTuple):
    """One line of a file: its columns, nothing where it says nothing, or what is wrong with it.

    Units: `line` counts from 1, for people to find it by; `read_count` are the bytes read so far.
    """

    line: int
    read_count: int
    said: Mapping[str, Any] | Sequence[ExtractFault]


class Loader(Protocol):
    """How the lines of one file become the rows of one table.

    The table has `id`, `extract_id`, `number_key` and whatever the lines say; encrypted columns are given as text.
    `same` names the columns in which two rows agree that say the same, of which one is kept; empty where the file has
    none such.
    """

    @property
    def table(self) -> sa.Table:
        """Where the rows go."""

    @property
    def same(self) -> Sequence[str]:
        """By which columns rows say the same."""

    def lines(self, after: int) -> Iterator[Read]:
        """The lines behind a line, in their order; faults that end the reading come as the last of them."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some lines, ready to be stored. Units: `line_count` and `read_count` are lines and bytes since the beginning."""

    rows: Sequence[Mapping[str, Any]]
    line_count: int
    read_count: int


def read_chunks(loader: Loader, *, after_line: int = 0, lines: int = CHUNK_LINES) -> Iterator[Chunk]:
    """The rows of a file behind a line, encrypted, in chunks. Needs no transaction.

    From the first fault on there are no more chunks, but the rest of the file is looked through for others.
    Raises: FaultyExtract at the end of the file.
    """
    encrypted = [column.name for column in loader.table.columns if isinstance(column.type, EncryptedText)]
    encrypt = current_keyring().encrypt
    faults: list[ExtractFault] = []
    fault_count = 0
    rows: list[Mapping[str, Any]] = []
    line, read_count, last = after_line, 0, after_line
    for line, read_count, said in loader.lines(after_line):
        if not isinstance(said, Mapping):
            fault_count += len(said)
            faults += said[: MOST_FAULTS - len(faults)]
        elif said and not faults:
            rows.append({**said, **{name: encrypt(said[name]) for name in encrypted}})
        if line - last >= lines and not faults:
            yield Chunk(rows, line, read_count)
            rows, last = [], line
    if faults:
        raise FaultyExtract(faults, fault_count)
    if line > last:
        yield Chunk(rows, line, read_count)


def store_chunk(session: Session, extract_id: int, table: sa.Table, chunk: Chunk, *, after_line: int) -> bool:
    """Store a chunk; False, and nothing stored, where the load was given up or somebody else has gone on with it."""
    went_on = session.execute(
        sa.update(_EXTRACT)
        .where(
            _EXTRACT.c.id == extract_id,
            _EXTRACT.c.state == ExtractState.LOADING,
            _EXTRACT.c.line_count == after_line,
        )
        .values(
            line_count=chunk.line_count,
            read_count=chunk.read_count,
            record_count=_EXTRACT.c.record_count + len(chunk.rows),
        )
    )
    if went_on.rowcount != 1:  # type: ignore[attr-defined]
        return False
    if chunk.rows:
        _insert(session, extract_id, table, chunk.rows)
    return True


def put_in_force(session: Session, extract_id: int, loader: Loader, at: datetime) -> PopulationExtract | None:
    """Let a whole extract take the place of the one before it, which is purged in the same transaction.

    Of rows that say the same one is kept. None where the load was given up or is in force already.
    Raises: Refused("EXTRACT_EMPTY"), Refused("VERIFICATION_CLOSED").
    """
    extract = session.get(PopulationExtract, extract_id, with_for_update=True, populate_existing=True)
    if extract is None or extract.state != ExtractState.LOADING:
        return None
    require_open(extract.campaign)
    if not extract.record_count:
        raise Refused("EXTRACT_EMPTY")
    if loader.same:
        extract.record_count -= _keep_one_of_the_same(session, extract_id, loader)
    purge_in_force(session, extract.campaign_id, extract.station_id, at)
    extract.state, extract.is_in_force, extract.content = ExtractState.LOADED, True, None
    extract.imported_at = at
    if extract.byte_count is not None:
        extract.read_count = extract.byte_count
    session.flush()
    record(
        session,
        "verification.import_extract",
        f"extract:{extract.id}",
        after={"filename": extract.filename, "registry": extract.registry_name, "records": extract.record_count},
        station_id=extract.station_id,
    )
    return extract


def fail_load(session: Session, extract_id: int, table: sa.Table, faulty: FaultyExtract) -> None:
    """Give a load up for the faults of its file: they are kept for whoever brought it, and nothing else of it is."""
    extract = session.get(PopulationExtract, extract_id, with_for_update=True, populate_existing=True)
    if extract is None or extract.state != ExtractState.LOADING:
        return
    session.execute(sa.delete(table).where(table.c.extract_id == extract_id))
    extract.state, extract.content, extract.record_count = ExtractState.FAILED, None, 0
    extract.faults = faulty.as_json()
    session.flush()
    record(
        session,
        "verification.fail_extract",
        f"extract:{extract.id}",
        after={"filename": extract.filename, "faults": faulty.count},
        station_id=extract.station_id,
    )


def _insert(session: Session, extract_id: int, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows as they are, encrypted values included; on PostgreSQL by COPY."""
    names = list(rows[0])
    values = [(extract_id, *(row[name] for name in names)) for row in rows]
    columns = ", ".join(("extract_id", *names))
    connection = session.connection()
    if is_postgresql(session):
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for one in values:
                copy.write_row(one)
        return
    marks = ", ".join("?" * (len(names) + 1))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", values)  # noqa: S608


def _keep_one_of_the_same(session: Session, extract_id: int, loader: Loader) -> int:
    """Delete all but the first of rows that say the same; returns how many went.

    The few numbers that stand there twice are found in the index; only their rows are looked at.
    """
    table, names = loader.table, loader.same
    twice = (
        sa.select(table.c.number_key)
        .where(table.c.extract_id == extract_id)
        .group_by(table.c.number_key)
        .having(sa.func.count() > 1)
    )
    numbered = (
        sa.select(
            table.c.id,
            sa.func.row_number()
            .over(partition_by=[table.c[name] for name in names], order_by=table.c.id)
            .label("place"),
        )
        .where(table.c.extract_id == extract_id, table.c.number_key.in_(twice))
        .subquery()
    )
    surplus = sa.select(numbered.c.id).where(numbered.c.place > 1)
    return session.execute(sa.delete(table).where(table.c.id.in_(surplus))).rowcount  # type: ignore[attr-defined,no-any-return]
