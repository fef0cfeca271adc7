"""Where a run keeps its tables: a private file, or temporary tables of a PostgreSQL server. One SQL serves both.

Nothing of a registry is left behind, however the process ends: SQLite opened without a name is a file that is already
deleted while it is used, and PostgreSQL drops the temporary tables of a connection that is gone.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import psycopg

_JOIN = re.compile("(?<!LEFT) JOIN ")


class DatabaseFailed(Exception):
    """The database could not do its work: no space left, no such server."""


class Database(Protocol):
    """What a run asks of its database.

    Shapes: statements mark their parameters by `?`, the number that every row has by itself by `{rowid}`, and begin
    with CREATE `{temporary}` TABLE.
    """

    def run(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement; all its rows, which have to be few."""

    def stream(
        self, statement: str, parameters: Sequence[object] = (), *, led_by_first: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement as they are wanted; `led_by_first` keeps joins in the order in which they stand."""

    def load(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Put rows into a table, all of its columns in their order."""

    def change(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement for every row of parameters."""

    def count_through(self, *tables: str) -> None:
        """Tell the planner what tables hold by now."""

    def end(self) -> None:
        """Give everything up."""


class PrivateFile:
    """SQLite in a file of its own."""

    _SETTINGS = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -200000;
    PRAGMA temp_store = FILE;
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.executescript(self._SETTINGS)
        # One transaction that is never committed: every commit would walk through all pages in memory.
        self._connection.execute("BEGIN")
        self._places: dict[str, str] = {}

    def run(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement; all its rows."""
        try:
            return self._connection.execute(self._in_our_words(statement), parameters).fetchall()
        except sqlite3.Error as error:
            raise _failed(error) from error

    def stream(
        self, statement: str, parameters: Sequence[object] = (), *, led_by_first: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement as they are wanted."""
        # SQLite never turns a CROSS JOIN round.
        statement = _JOIN.sub(" CROSS JOIN ", statement) if led_by_first else statement
        try:
            yield from self._connection.execute(self._in_our_words(statement), parameters)
        except sqlite3.Error as error:
            raise _failed(error) from error

    def load(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Put rows into a table."""
        if table not in self._places:
            columns = self._connection.execute(f"SELECT * FROM {table} LIMIT 0").description  # noqa: S608 - our names
            self._places[table] = ", ".join("?" * len(columns))
        self.change(f"INSERT INTO {table} VALUES ({self._places[table]})", rows)  # noqa: S608

    def change(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement for every row of parameters."""
        try:
            self._connection.executemany(statement, rows)
        except sqlite3.Error as error:
            raise _failed(error) from error

    def count_through(self, *tables: str) -> None:
        """Nothing: the order of joins is said where it matters."""

    def end(self) -> None:
        """Close the file, which is gone with that."""
        self._connection.close()

    @staticmethod
    def _in_our_words(statement: str) -> str:
        # The whole file is temporary; SQLite would keep temporary tables in a second one.
        return statement.format(rowid="rowid", temporary="")


class TemporaryTables:
    """The temporary tables of one connection to a PostgreSQL server."""

    # Server-side cursors are always read to their end, and temporary tables live in the memory of their connection.
    _SETTINGS = (
        "SET temp_buffers = '256MB'",
        "SET work_mem = '64MB'",
        "SET maintenance_work_mem = '512MB'",
        "SET cursor_tuple_fraction = 1",
        "SET client_encoding = 'UTF8'",
        "SET jit = off",
    )
    _AT_ONCE = 5_000

    def __init__(self, url: str) -> None:
        """Raises: DatabaseFailed."""
        import psycopg

        self._errors = psycopg.Error
        self._names = count(1)
        try:
            self._connection: psycopg.Connection[tuple[Any, ...]] = psycopg.connect(
                url.replace("postgresql+psycopg://", "postgresql://", 1), application_name="cardqueue match"
            )
            for setting in self._SETTINGS:
                self._connection.execute(setting)
        except psycopg.Error as error:
            raise DatabaseFailed(_first_line(error)) from None

    def run(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement; all its rows."""
        try:
            cursor = self._connection.execute(self._in_our_words(statement), parameters)
            return cursor.fetchall() if cursor.description else []
        except self._errors as error:
            raise DatabaseFailed(_first_line(error)) from error

    def stream(
        self, statement: str, parameters: Sequence[object] = (), *, led_by_first: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement as they are wanted."""
        try:
            with self._connection.cursor(f"rows_{next(self._names)}") as cursor:
                cursor.itersize = self._AT_ONCE
                # Without other ways of joining, the few keys lead into the index of the many records.
                ways = "off" if led_by_first else "on"
                for way in ("enable_hashjoin", "enable_mergejoin"):
                    self._connection.execute(f"SET {way} = {ways}")
                cursor.execute(self._in_our_words(statement), parameters)
                yield from cursor
        except self._errors as error:
            raise DatabaseFailed(_first_line(error)) from error

    def load(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Put rows into a table."""
        rest = iter(rows)
        try:
            # Rows may themselves come out of this database, and its connection does one thing at a time.
            while batch := list(islice(rest, self._AT_ONCE)):
                with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in batch:
                        copy.write_row(row)
        except self._errors as error:
            raise DatabaseFailed(_first_line(error)) from error

    def change(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement for every row of parameters."""
        try:
            with self._connection.cursor() as cursor:
                cursor.executemany(self._in_our_words(statement), rows)
        except self._errors as error:
            raise DatabaseFailed(_first_line(error)) from error

    def count_through(self, *tables: str) -> None:
        """Tell the planner what tables hold by now; nobody else counts temporary tables."""
        for table in tables:
            self.run(f"ANALYZE {table}")

    def end(self) -> None:
        """Leave; the tables go with the connection."""
        with closing(self._connection):
            pass

    @staticmethod
    def _in_our_words(statement: str) -> str:
        # Statements are our own; values only ever come as parameters.
        return statement.format(rowid="ctid", temporary="TEMPORARY").replace("?", "%s")


def open_database(url: str | None) -> Database:
    """The tables of a run on a PostgreSQL server, or in a private file.

    Raises: DatabaseFailed.
    """
    return TemporaryTables(url) if url else PrivateFile()


def _failed(error: sqlite3.Error) -> DatabaseFailed:
    return DatabaseFailed(f"the temporary file in {tempfile.gettempdir()}: {error}")


def _first_line(error: Exception) -> str:
    """What a server says, without the statement that it repeats behind."""
    return str(error).strip().split("\n", 1)[0]
