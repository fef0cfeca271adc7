"""Matching as a command in its own process: quality against known answers, time and memory, beside two quick ways."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.matching.anchors import exact_join, exact_then_fuzzy
from benchmarks.matching.files import REALISTIC, STRESS, make_world, write_world
from benchmarks.matching.judging import Verdict, judge, read_decisions
from benchmarks.report import Row

_SEED = 2026


@dataclass(frozen=True, slots=True)
class _Run:
    verdict: Verdict
    seconds: float
    megabytes: float


def measure() -> Iterator[Row]:
    """A commune's roster as offices have them, then one in which most rows went wrong in one of a hundred ways."""
    for profile, mistaken in (("realistic", REALISTIC), ("stress", STRESS)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            world = make_world(_SEED, 3_500, 40_000, mistaken)
            write_world(world, folder)
            seconds, megabytes = _match(folder)
            run = _Run(judge(world.rows, read_decisions(folder / "out.csv")), seconds, megabytes)
            anchors = [
                judge(world.rows, anchor(folder / "roster.csv", folder / "registry.csv"))
                for anchor in (exact_join, exact_then_fuzzy)
            ]
        if profile == "realistic":
            yield _row("match 3,500 × 40,000", f"{run.seconds:.1f} s", "≤ 3 s", run.seconds <= 3)
            yield _row("  memory", f"{run.megabytes:.0f} MB", "≤ 200 MB", run.megabytes <= 200)
        yield from _quality(profile, run.verdict, anchors)


def per_kind(members: int = 3_500, residents: int = 40_000) -> str:
    """A table of what became of every kind of mistake: `python -m benchmarks.matching.measuring`."""
    world = make_world(_SEED, members, residents, STRESS)
    with tempfile.TemporaryDirectory() as name:
        write_world(world, Path(name))
        _match(Path(name))
        verdict = judge(world.rows, read_decisions(Path(name) / "out.csv"))
    lines = [f"{'mistake':26}{'rows':>6}{'named':>8}{'in sight':>10}{'wrong':>7}  otherwise"]
    for kind, outcomes in sorted(verdict.kinds.items()):
        seen = Counter({outcome.rstrip("!"): 0 for outcome in outcomes})
        for outcome, count in outcomes.items():
            seen[outcome.rstrip("!")] += count
        rest = ", ".join(f"{count} {name}" for name, count in seen.items() if name not in ("named", "reached", "wrong"))
        rows = sum(seen.values()) - seen["fields"]
        lines.append(f"{kind:26}{rows:6}{seen['named']:8}{seen['named'] + seen['reached']:10}{seen['wrong']:7}  {rest}")
    return "\n".join(lines)


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


def _quality(profile: str, verdict: Verdict, anchors: list[Verdict]) -> Iterator[Row]:
    def beside(value: str) -> str:
        return " / ".join(value.format(anchor=anchor) for anchor in anchors)

    def share(what: str, part: str, whole: str, goal: float) -> Row:
        measured = verdict.share(part, whole)
        others = " / ".join(f"{anchor.share(part, whole):.2%}" for anchor in anchors)
        return _row(f"  {what}", f"{measured:.2%}", f"≥ {goal:.1%}", measured >= goal, others)

    matches, said = verdict.wrong_matches, f"{verdict.wrong_matches} of {verdict.rows:,}"
    yield _row(f"{profile}: wrong matches", said, "0", matches == 0, beside("{anchor.wrong_matches}"))
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


def _row(what: str, measured: str, goal: str, is_met: bool, beside: str = "") -> Row:
    return Row(what, measured, beside=beside, goal=goal, is_met=is_met)


if __name__ == "__main__":
    print(per_kind())
