"""Matching as a command in its own process: quality against known answers, time and memory, beside the quick ways."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.matching.adversary.worlds import make_adversary
from benchmarks.matching.anchors import exact_join, exact_then_fuzzy
from benchmarks.matching.files import REALISTIC, STRESS, World, make_world, write_world
from benchmarks.matching.judging import Verdict, judge, read_decisions
from benchmarks.report import Row, median_seconds
from cardqueue.lib.names import compare_names, same_name_key

_MEMBERS, _RESIDENTS = 3_500, 40_000
_SEED = 2026
# Never used to choose anything in the engine.
_UNSEEN = 7_001

#: Another way of matching: from a folder with roster.csv and registry.csv to decisions in the roster's order.
Anchor = Callable[[Path], list[dict[str, str]]]
ANCHORS: Mapping[str, Anchor] = {
    "exact join": lambda folder: exact_join(folder / "roster.csv", folder / "registry.csv"),
    "exact join + rapidfuzz": lambda folder: exact_then_fuzzy(folder / "roster.csv", folder / "registry.csv"),
}
_WORLDS: Mapping[str, Callable[[], World]] = {
    "realistic": lambda: make_world(_SEED, _MEMBERS, _RESIDENTS, REALISTIC),
    "stress": lambda: make_world(_SEED, _MEMBERS, _RESIDENTS, STRESS),
    "adversary, realistic": lambda: make_adversary(_UNSEEN, _MEMBERS, _RESIDENTS, REALISTIC),
    "adversary, stress": lambda: make_adversary(_UNSEEN, _MEMBERS, _RESIDENTS, STRESS),
}


@dataclass(frozen=True, slots=True)
class _Run:
    verdict: Verdict
    seconds: float


def measure() -> Iterator[Row]:
    """Rosters as offices have them, and rosters in which most rows went wrong, from two independent generators."""
    yield from measure_beside(ANCHORS)


def measure_beside(anchors: Mapping[str, Anchor]) -> Iterator[Row]:
    """The same beside any other ways of matching."""
    yield Row("matching, and beside it", "cardqueue match", " / ".join(anchors))
    for profile, draw in _WORLDS.items():
        world = draw()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_world(world, folder)
            seconds, megabytes = _match(folder)
            ours = judge(world.rows, read_decisions(folder / "out.csv"))
            others = [_judged(world, anchor, folder) for anchor in anchors.values()]
        beside = " / ".join(f"{other.seconds:.1f} s" for other in others)
        yield _row(f"{profile}: {_MEMBERS:,} × {_RESIDENTS:,}", f"{seconds:.1f} s", "≤ 3 s", seconds <= 3, beside)
        yield _row("  memory", f"{megabytes:.0f} MB", "≤ 200 MB", megabytes <= 200)
        yield from _quality(ours, [other.verdict for other in others])
        if profile.endswith("stress"):
            yield from _kinds(ours, [other.verdict for other in others])


def measure_names() -> Iterator[Row]:
    """Keys and comparisons of more names than are remembered, of syllables that are."""
    people = make_world(_SEED, 100, 20_000).registry
    names = list(dict.fromkeys(f"{person.name} {at % 97}" for at, person in enumerate(people)))
    capitals = [name.upper() for name in names]
    for what, work in (
        ("the key of a name", lambda: [same_name_key(name) for name in names]),
        ("two names compared", lambda: [compare_names(a, b) for a, b in zip(names, capitals, strict=True)]),
    ):
        seconds = median_seconds(work) / len(names)
        yield _row(what, f"{seconds * 1e6:.1f} µs", "≤ 30 µs", seconds <= 30e-6)


def _judged(world: World, anchor: Anchor, folder: Path) -> _Run:
    start = time.perf_counter()
    decisions = anchor(folder)
    return _Run(judge(world.rows, decisions), time.perf_counter() - start)


def _match(folder: Path) -> tuple[float, float]:
    """Seconds and the peak of memory of the command; the benchmark's own memory at its start counts too."""
    files = [f"--{name}={folder / name}.csv" for name in ("roster", "registry", "cells")]
    command = [sys.executable, "-m", "cardqueue", "match", *files, f"--out={folder / 'out.csv'}"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def _quality(verdict: Verdict, anchors: list[Verdict]) -> Iterator[Row]:
    def beside(value: str) -> str:
        return " / ".join(value.format(anchor=anchor) for anchor in anchors)

    def share(what: str, part: str, whole: str, goal: float) -> Row:
        measured = verdict.share(part, whole)
        others = " / ".join(f"{anchor.share(part, whole):.2%}" for anchor in anchors)
        return _row(f"  {what}", f"{measured:.2%}", f"≥ {goal:.1%}", measured >= goal, others)

    matches, said = verdict.wrong_matches, f"{verdict.wrong_matches} of {verdict.rows:,}"
    yield _row("  wrong matches", said, "0", matches == 0, beside("{anchor.wrong_matches}"))
    wrong = verdict.wrong_proposals
    goal_met = wrong * 10_000 <= verdict.rows
    yield _row("  wrong person proposed", str(wrong), "≤ 1 in 10,000", goal_met, beside("{anchor.wrong_proposals}"))
    yield share("rows without a mistake called match", "clean_matched", "clean", 0.999)
    yield share("right person named", "named", "findable", 0.965)
    yield share("right person named or a candidate", "reached", "findable", 0.998)
    yield share("duplicate groups found", "groups_found", "groups", 0.99)
    flagged = verdict.wrongly_flagged
    yield _row("  rows wrongly called duplicates", str(flagged), "0", flagged == 0, beside("{anchor.wrongly_flagged}"))
    yield share("fields named that differ", "fields_right", "fields_said", 0.995)
    yield share("differing fields that are named", "fields_right", "fields_true", 0.995)
    error, others = verdict.calibration_error, beside("{anchor.calibration_error:.3f}")
    yield _row("  calibration error (ECE)", f"{error:.4f}", "≤ 0.01", error <= 0.01, others)
    yield Row("  Brier score", f"{verdict.brier:.4f}", beside("{anchor.brier:.4f}"))
    for count, mean, right in verdict.bins:
        yield Row("    scored, and right", f"{mean:.3f}, {right:.3f} of {count:,}")


def _kinds(verdict: Verdict, anchors: list[Verdict]) -> Iterator[Row]:
    """What became of every kind of mistake: precision and recall of the person named, and who was in sight."""
    yield Row("  by kind of mistake", "precision, recall, in sight", "precision, recall")
    for kind in sorted(verdict.kinds):
        rows, precision, recall, reach = verdict.of_kind(kind)
        if kind.startswith("absent"):
            tied = [one.kinds[kind]["wrong"] for one in (verdict, *anchors)]
            yield Row(f"    {kind} ({rows})", f"{tied[0]} tied to somebody", " / ".join(map(str, tied[1:])))
            continue
        others = " / ".join("{1:.2f}, {2:.2f}".format(*anchor.of_kind(kind)) for anchor in anchors)
        yield Row(f"    {kind} ({rows})", f"{precision:.2f}, {recall:.2f}, {reach:.2f}", others)


def _row(what: str, measured: str, goal: str, is_met: bool, beside: str = "") -> Row:
    return Row(what, measured, beside=beside, goal=goal, is_met=is_met)
