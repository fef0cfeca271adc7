"""Writes of the organisation."""

from __future__ import annotations

import csv
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.lib.names import search_key
from cardqueue.organisation.models import Commune, Province


def load_units_if_empty(session: Session) -> int:
    """Fill the list of provinces and communes from the file that comes with the product; returns how many communes.

    Source: codes of Decision 19/2025/QĐ-TTg as of 1 July 2025, 34 provinces and 3,321 communes; see `data/README.md`.
    """
    if session.scalar(sa.select(sa.func.count()).select_from(Commune)):
        return 0
    text = files("cardqueue.organisation").joinpath("data/communes.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    provinces = {row["province_code"]: row["province"] for row in rows}
    session.execute(sa.insert(Province), [{"code": code, "name": name} for code, name in provinces.items()])
    session.execute(
        sa.insert(Commune),
        [
            {
                "code": row["commune_code"],
                "name": row["commune"],
                "kind": row["kind"],
                "province_code": row["province_code"],
                "search_key": search_key(row["commune"]),
            }
            for row in rows
        ],
    )
    return len(rows)
