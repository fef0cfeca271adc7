"""What happens to many rows at once: a column moved, dragged, filled or sorted without the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from benchmarks.matching.rows import SAFE, Typed

Block = Callable[[list[Typed], Random], list[Typed]]
_FIELD = {"name": "ho_ten", "birth": "ngay_sinh", "sex": "gioi_tinh", "number": "so_dinh_danh"}


def _column(column: str, values: Callable[[list[str], Random], Sequence[str]]) -> Block:
    """One column of a run of rows replaced; only the rows whose value changed are mistaken."""

    def block(rows: list[Typed], rng: Random) -> list[Typed]:
        replaced = values([getattr(row, column) for row in rows], rng)
        return [
            row if value == getattr(row, column) else _wrong(row, column, value)
            for row, value in zip(rows, replaced, strict=True)
        ]

    return block


def _wrong(row: Typed, column: str, value: str) -> Typed:
    changed: dict[str, Any] = {column: value}
    return replace(row, **changed, right=SAFE, fields=frozenset({_FIELD[column]}))


def _dragged(numbers: list[str], rng: Random) -> list[str]:
    return [f"{int(numbers[0]) + step:012}" if numbers[0].isdigit() else "" for step in range(len(numbers))]


def _tens(numbers: list[str], rng: Random) -> list[str]:
    # Excel keeps fifteen figures of a number, and some programs only nine.
    return [f"{number[:9]}000" if number.isdigit() else number for number in numbers]


def _month_first(rows: list[Typed], rng: Random) -> list[Typed]:
    changed = []
    for row in rows:
        day, *rest = row.birth.split("/")
        if len(rest) != 2:
            changed.append(row)
            continue
        text = f"{rest[0]}/{day}/{rest[1]}"
        is_other = text != row.birth and int(day) <= 12
        changed.append(
            _wrong(row, "birth", text)
            if is_other
            else replace(row, birth=text, right=("match", "mismatch"), perhaps=frozenset({"ngay_sinh"}))
        )
    return changed


def _exchanged_columns(rows: list[Typed], rng: Random) -> list[Typed]:
    fields = frozenset({"so_dinh_danh"})
    return [replace(row, number=row.card, card=row.number, right=SAFE, fields=fields) for row in rows]


def _two_in_one(rows: list[Typed], rng: Random) -> list[Typed]:
    """Pairs of rows merged into one; the first is the one that the row is about."""
    merged = []
    for first, second in zip(rows[::2], rows[1::2], strict=False):
        values: dict[str, Any] = {
            column: f"{getattr(first, column)}\n{getattr(second, column)}" for column in ("name", "birth", "number")
        }
        fields = frozenset({"ho_ten", "ngay_sinh", "so_dinh_danh"})
        merged.append(replace(first, **values, right=(*SAFE, "not_found"), fields=fields))
    return merged


BLOCKS: dict[str, Block] = {
    "b_numbers_down": _column("number", lambda values, rng: [values[-1], *values[:-1]]),
    "b_numbers_up": _column("number", lambda values, rng: [*values[1:], values[0]]),
    "b_numbers_dragged": _column("number", _dragged),
    "b_numbers_filled": _column("number", lambda values, rng: values[:1] * len(values)),
    "b_numbers_sorted": _column("number", lambda values, rng: sorted(values)),
    "b_numbers_rounded": _column("number", _tens),
    "b_dates_down": _column("birth", lambda values, rng: [values[-1], *values[:-1]]),
    "b_dates_filled": _column("birth", lambda values, rng: values[:1] * len(values)),
    "b_dates_sorted": _column("birth", lambda values, rng: sorted(values)),
    "b_names_down": _column("name", lambda values, rng: [values[-1], *values[:-1]]),
    "b_names_sorted": _column("name", lambda values, rng: sorted(values)),
    "b_sexes_filled": _column("sex", lambda values, rng: values[:1] * len(values)),
    "b_month_first": _month_first,
    "b_number_and_card": _exchanged_columns,
    "b_two_in_one": _two_in_one,
}
