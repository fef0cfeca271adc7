"""The list of provinces and communes: filled once, then the administrator's own to correct."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.core.audit import record, record_change
from cardqueue.core.errors import Refused
from cardqueue.lib.names import clean, search_key
from cardqueue.organisation.models import Commune, Province

COLUMNS = ("commune_code", "commune", "kind", "province_code", "province")
PROVINCE_CODE = re.compile(r"[0-9]{2}")
COMMUNE_CODE = re.compile(r"[0-9]{5}")
LONGEST_NAME = 80
LONGEST_KIND = 20


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One commune with its province, as a line of the file gives it."""

    commune_code: str
    commune: str
    kind: str
    province_code: str
    province: str


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a line of the file; `line` counts from 1, the heading included."""

    line: int
    code: str
    found: str


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """What an import changes in the list."""

    new_count: int
    changed_count: int
    unchanged_count: int


def load_units_if_empty(session: Session) -> int:
    """Fill the list of provinces and communes from the file that comes with the product; returns how many communes.

    Source: codes of Decision 19/2025/QĐ-TTg as of 1 July 2025, 34 provinces and 3,321 communes; see `data/README.md`.
    """
    if session.scalar(sa.select(sa.func.count()).select_from(Commune)):
        return 0
    text = files("cardqueue.organisation").joinpath("data/communes.csv").read_text(encoding="utf-8")
    rows, _ = read_units(text)
    _write_units(session, rows)
    return len(rows)


def read_units(text: str) -> tuple[list[UnitRow], list[RowError]]:
    """The rows of a unit file, and what is wrong with it.

    Shapes: CSV with the columns of `COLUMNS` in any order, separated by commas or semicolons; errors carry a code:
    COLUMN_MISSING, COMMUNE_CODE, PROVINCE_CODE, NAME_MISSING, NAME_TOO_LONG, KIND_TOO_LONG, CODE_TWICE,
    PROVINCE_NAMED_TWICE, NO_ROWS.
    """
    body = text.removeprefix("\ufeff")
    heading = body.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(body), delimiter=";" if heading.count(";") > heading.count(",") else ",")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        return [], [RowError(1, "COLUMN_MISSING", ", ".join(missing))]
    rows: list[UnitRow] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    provinces: dict[str, str] = {}
    for raw in reader:
        row = UnitRow(**{name: clean(raw[name] or "") for name in COLUMNS})
        faults = list(_faults(row))
        if row.commune_code in seen:
            faults.append(("CODE_TWICE", row.commune_code))
        if provinces.setdefault(row.province_code, row.province) != row.province:
            faults.append(("PROVINCE_NAMED_TWICE", row.province))
        seen.add(row.commune_code)
        rows.append(row)
        errors += [RowError(reader.line_num, code, found) for code, found in faults]
    if not rows:
        errors.append(RowError(1, "NO_ROWS", ""))
    return rows, errors


def compare_units(session: Session, rows: Iterable[UnitRow]) -> UnitChanges:
    """What importing the rows would change. Communes that the rows do not name stay."""
    known = {code: (name, kind, province) for code, name, kind, province in session.execute(_COMMUNE_VALUES)}
    new = changed = same = 0
    for row in rows:
        match known.get(row.commune_code):
            case None:
                new += 1
            case values if values == (row.commune, row.kind, row.province_code):
                same += 1
            case _:
                changed += 1
    return UnitChanges(new, changed, same)


def import_units(session: Session, rows: Sequence[UnitRow]) -> UnitChanges:
    """Add the communes and provinces that are new and correct those that differ; nothing is removed."""
    changes = compare_units(session, rows)
    _write_units(session, rows)
    record(
        session,
        "organisation.import_units",
        "units:communes",
        after={"new": changes.new_count, "changed": changes.changed_count, "unchanged": changes.unchanged_count},
    )
    return changes


def save_province(session: Session, code: str, name: str) -> Province:
    """Add a province, or correct the name of the one with this code.

    Raises: Refused("PROVINCE_CODE").
    """
    if not PROVINCE_CODE.fullmatch(code):
        raise Refused("PROVINCE_CODE")
    province = session.get(Province, code)
    before = {"name": province.name} if province else {}
    if province is None:
        province = Province(code=code, name=name)
        session.add(province)
    province.name = clean(name)
    session.flush()
    record_change(session, "organisation.save_province", f"province:{code}", before, {"name": province.name})
    return province


def save_commune(session: Session, code: str, *, name: str, kind: str, province_code: str) -> Commune:
    """Add a commune, or correct the one with this code.

    Raises: Refused("COMMUNE_CODE").
    """
    if not COMMUNE_CODE.fullmatch(code):
        raise Refused("COMMUNE_CODE")
    commune = session.get(Commune, code)
    before = _described(commune) if commune else {}
    if commune is None:
        commune = Commune(code=code)
        session.add(commune)
    commune.name, commune.kind, commune.province_code = clean(name), clean(kind), province_code
    commune.search_key = search_key(commune.name)
    session.flush()
    session.refresh(commune)
    record_change(session, "organisation.save_commune", f"commune:{code}", before, _described(commune))
    return commune


_COMMUNE_VALUES = sa.select(Commune.code, Commune.name, Commune.kind, Commune.province_code)


def _faults(row: UnitRow) -> Iterable[tuple[str, str]]:
    if not COMMUNE_CODE.fullmatch(row.commune_code):
        yield "COMMUNE_CODE", row.commune_code
    if not PROVINCE_CODE.fullmatch(row.province_code):
        yield "PROVINCE_CODE", row.province_code
    if not row.commune or not row.province:
        yield "NAME_MISSING", row.commune or row.province
    if max(len(row.commune), len(row.province)) > LONGEST_NAME:
        yield "NAME_TOO_LONG", row.commune
    if len(row.kind) > LONGEST_KIND:
        yield "KIND_TOO_LONG", row.kind


def _write_units(session: Session, rows: Sequence[UnitRow]) -> None:
    named = {row.province_code: row.province for row in rows}
    _upsert(session, Province, [{"code": code, "name": name} for code, name in named.items()])
    _upsert(
        session,
        Commune,
        [
            {
                "code": row.commune_code,
                "name": row.commune,
                "kind": row.kind,
                "province_code": row.province_code,
                "search_key": search_key(row.commune),
            }
            for row in rows
        ],
    )


def _upsert(session: Session, table: type[Province] | type[Commune], values: list[dict[str, str]]) -> None:
    known = set(session.scalars(sa.select(table.code)))
    if new := [one for one in values if one["code"] not in known]:
        session.execute(sa.insert(table), new)
    if old := [one for one in values if one["code"] in known]:
        session.execute(sa.update(table), old)
    session.expire_all()


def _described(commune: Commune) -> dict[str, str]:
    return {"name": commune.name, "kind": commune.kind, "province_code": commune.province_code}
