"""The cells (chi bộ) of the demo commune: what kinds there are, what they are called, how many members each has.

Source: the shape of a real commune of 365 members in 26 cells; cells of 5 to 40 members are what the press reports
(means of 15 to 32).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

CellKind = Literal["village", "school", "office", "health", "police", "military", "retired"]

SMALLEST, LARGEST = 5, 40

# One commune's worth, in the order in which such lists print them: kind, relative size, name without the word "Chi bộ".
_PATTERN: tuple[tuple[CellKind, float, str], ...] = (
    ("office", 1.3, "Cơ quan Đảng - Đoàn thể"),
    ("office", 1.5, "Cơ quan Ủy ban nhân dân"),
    ("police", 1.2, "Công an xã"),
    ("military", 0.5, "Quân sự xã"),
    ("health", 0.55, "Trạm Y tế"),
    ("school", 0.9, "Trường Mầm non Hoa Sim"),
    ("school", 1.1, "Trường Tiểu học Suối Mây 1"),
    ("school", 0.8, "Trường Tiểu học Suối Mây 2"),
    ("school", 1.2, "Trường THCS Suối Mây"),
    ("school", 1.0, "Trường THPT Suối Mây"),
    ("office", 0.4, "Ban Quản lý rừng Suối Mây"),
    ("village", 3.4, "thôn 1"),
    ("village", 1.9, "thôn 2"),
    ("village", 1.4, "thôn 3"),
    ("village", 1.1, "thôn 4"),
    ("village", 1.0, "thôn 5"),
    ("village", 0.8, "thôn 6"),
    ("village", 1.3, "thôn Đồi Thông"),
    ("village", 0.9, "thôn Bàu Sen"),
    ("village", 0.7, "thôn Gò Đá"),
    ("village", 0.8, "thôn Đạ Mây"),
    ("village", 0.6, "thôn Suối Cạn"),
    ("village", 1.0, "thôn Tân Hòa"),
    ("retired", 2.2, "Hưu trí 1"),
    ("retired", 1.6, "Hưu trí 2"),
    ("office", 0.35, "Hợp tác xã Nông nghiệp Suối Mây"),
)
#: The village where most people are K'Ho, Ê-đê or Gia Rai.
HIGHLAND_VILLAGE = "Chi bộ thôn Đạ Mây"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and whoever leads it."""

    number: int
    name: str
    kind: CellKind
    member_count: int
    secretary_key: str = ""


def make_cells(rng: Random, members: int, cells: int) -> list[Cell]:
    """Cells of 5 to 40 that together hold exactly `members`.

    Raises: ValueError when that many members do not fit into that many cells.
    """
    if not cells >= 1 or not cells * SMALLEST <= members <= cells * LARGEST:
        raise ValueError(
            f"{members} members do not fit into {cells} cells of {SMALLEST} to {LARGEST}: "
            f"choose between {-(-members // LARGEST)} and {members // SMALLEST} cells"
        )
    patterns = [_PATTERN[_pattern_index(index, cells)] for index in range(cells)]
    sizes = _sizes(members, [weight * rng.uniform(0.85, 1.15) for _, weight, _ in patterns])
    return [
        Cell(index + 1, _name(name, index), kind, size)
        for index, ((kind, _, name), size) in enumerate(zip(patterns, sizes, strict=True))
    ]


def _pattern_index(index: int, cells: int) -> int:
    # A commune of few cells has some of every kind; one of many has the whole pattern several times.
    return index * len(_PATTERN) // cells if cells < len(_PATTERN) else index % len(_PATTERN)


def _name(name: str, index: int) -> str:
    # Beyond one commune's worth the cells repeat, as after a merger: told apart by a number.
    round_number = index // len(_PATTERN)
    suffix = f" khu {round_number + 1}" if round_number else ""
    return f"Chi bộ {name}{suffix}"


def _sizes(members: int, weights: list[float]) -> list[int]:
    """Whole sizes within the limits, as close to the weights as they can be."""
    total = sum(weights)
    wanted = [members * weight / total for weight in weights]
    sizes = [min(LARGEST, max(SMALLEST, round(size))) for size in wanted]
    while (missing := members - sum(sizes)) != 0:
        step = 1 if missing > 0 else -1
        movable = [i for i, size in enumerate(sizes) if SMALLEST <= size + step <= LARGEST]
        # The cell that is furthest from its wanted size moves first; ties go to the first cell.
        sizes[max(movable, key=lambda i: step * (wanted[i] - sizes[i]))] += step
    return sizes
