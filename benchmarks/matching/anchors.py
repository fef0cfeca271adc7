"""The quick ways of matching, as scripts on the internet have them: to see what care is worth."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from rapidfuzz import fuzz

from cardqueue.lib.partial_date import read_date

_ALIKE = 90


def exact_join(roster: Path, registry: Path) -> list[dict[str, str]]:
    """The number decides; the fields are compared as lower-case text."""
    records = {record["so_dinh_danh"]: record for record in _rows(registry)}
    return [_decision(row, records.get(row["so_dinh_danh"].strip())) for row in _rows(roster)]


def exact_then_fuzzy(roster: Path, registry: Path) -> list[dict[str, str]]:
    """The number decides if the name is alike; else the most alike name among those born that day."""
    records, of_day = {}, defaultdict(list)
    for record in _rows(registry):
        records[record["so_dinh_danh"]] = record
        of_day[record["ngay_sinh"]].append(record)
    decisions = []
    for row in _rows(roster):
        best = records.get(row["so_dinh_danh"].strip())
        if best is None or _similarity(row, best) < _ALIKE - 5:
            near = of_day.get(_born(row), [])
            best = max(near, key=lambda record, row=row: _similarity(row, record), default=best)
            if best is not None and _similarity(row, best) < _ALIKE:
                best = None
        decisions.append(_decision(row, best))
    return decisions


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _similarity(row: dict[str, str], record: dict[str, str]) -> float:
    return fuzz.ratio(row["ho_ten"].strip().lower(), record["ho_ten"].lower())


def _born(row: dict[str, str]) -> str:
    value = read_date(row["ngay_sinh"]).value
    return str(value) if value else ""


def _decision(row: dict[str, str], record: dict[str, str] | None) -> dict[str, str]:
    if record is None:
        return {"status": "not_found", "pid": "", "fields": "", "candidates": "", "score": "0"}
    differs = {
        "ho_ten": row["ho_ten"].strip().lower() != record["ho_ten"].lower(),
        "ngay_sinh": _born(row) != record["ngay_sinh"],
        "gioi_tinh": row["gioi_tinh"] != record["gioi_tinh"],
        "so_dinh_danh": row["so_dinh_danh"].strip() != record["so_dinh_danh"],
    }
    return {
        "status": "mismatch" if any(differs.values()) else "match",
        "pid": record["so_dinh_danh"],
        "fields": ";".join(name for name, is_different in differs.items() if is_different),
        "candidates": "",
        "score": f"{_similarity(row, record) / 100:.4f}",
    }
