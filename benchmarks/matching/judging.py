"""Decisions against answers."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.matching.rows import Typed

_BINS = 10


@dataclass(slots=True)
class Verdict:
    """What came out. Units: counts of rows, shares from 0 to 1."""

    rows: int = 0
    wrong_matches: int = 0
    wrong_proposals: int = 0
    clean: int = 0
    clean_matched: int = 0
    findable: int = 0
    named: int = 0
    reached: int = 0
    groups: int = 0
    groups_found: int = 0
    wrongly_flagged: int = 0
    fields_right: int = 0
    fields_said: int = 0
    fields_true: int = 0
    calibration_error: float = 0.0
    brier: float = 0.0
    #: Ten bins of scores: how many rows, their mean score, and the share that was right.
    bins: list[tuple[int, float, float]] = field(default_factory=list)
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[tuple[Typed, dict[str, str]]] = field(default_factory=list)

    def of_kind(self, kind: str) -> tuple[int, float, float, float]:
        """Of one kind of mistake: rows, precision and recall of the person named, share named or among candidates."""
        outcomes = Counter[str]()
        for outcome, count in self.kinds.get(kind, {}).items():
            outcomes[outcome.rstrip("!")] += count
        rows = outcomes.total() - outcomes["fields"]
        named, reached, wrong = outcomes["named"], outcomes["reached"], outcomes["wrong"]
        return rows, named / (named + wrong or 1), named / (rows or 1), (named + reached) / (rows or 1)

    def share(self, part: str, whole: str) -> float:
        """One count as a share of another; 1 of nothing."""
        total = getattr(self, whole)
        return float(getattr(self, part) / total) if total else 1.0


def read_decisions(path: Path) -> list[dict[str, str]]:
    """The decisions in the order of the roster."""
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def judge(rows: Sequence[Typed], decisions: Sequence[dict[str, str]]) -> Verdict:
    """Judge decisions about rows in the same order."""
    verdict = Verdict(rows=len(rows))
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row, decision in zip(rows, decisions, strict=True):
        said = decision["pid"] or decision["candidates"].split(";")[0]
        if said:
            score = float(decision["score"])
            bins[min(int(score * _BINS), _BINS - 1)].append((score, said == row.pid))
        if row.group:
            groups[row.group].append(decision)
        _judge_person(verdict, row, decision)
        _judge_fields(verdict, row, decision)
    verdict.groups = len(groups)
    verdict.groups_found = sum(_is_found(group) for group in groups.values())
    total = sum(map(len, bins.values()))
    for _, entries in sorted(bins.items()):
        mean = sum(score for score, _ in entries) / len(entries)
        right = sum(is_right for _, is_right in entries) / len(entries)
        verdict.bins.append((len(entries), mean, right))
        verdict.calibration_error += abs(mean - right) * len(entries) / total
        verdict.brier += sum((score - is_right) ** 2 for score, is_right in entries) / total
    return verdict


def _judge_person(verdict: Verdict, row: Typed, decision: dict[str, str]) -> None:
    status, pid = decision["status"], decision["pid"]
    wrong = bool(pid) and pid != row.pid
    reached = pid == row.pid or row.pid in decision["candidates"].split(";")
    if row.pid:
        verdict.findable += 1
        verdict.named += pid == row.pid
        verdict.reached += reached
    if row.kind == "clean" and not row.group:
        verdict.clean += 1
        verdict.clean_matched += status == "match"
    verdict.wrong_matches += wrong and status == "match"
    verdict.wrong_proposals += wrong and status != "match"
    verdict.wrongly_flagged += status == "duplicate" and not row.group
    outcome = "wrong" if wrong else "named" if pid else "reached" if row.pid and reached else status
    if status not in row.right and not wrong:
        outcome += "!"
    verdict.kinds[row.kind][outcome] += 1
    if wrong or status not in row.right or (row.pid and not reached) or (status == "duplicate" and not row.group):
        verdict.wrong.append((row, decision))


def _judge_fields(verdict: Verdict, row: Typed, decision: dict[str, str]) -> None:
    if decision["status"] not in ("match", "mismatch") or decision["pid"] != row.pid or row.group:
        return
    said = set(filter(None, decision["fields"].split(";"))) - row.perhaps
    true = set(row.fields) - row.perhaps
    verdict.fields_right += len(said & true)
    verdict.fields_said += len(said)
    verdict.fields_true += len(true)
    if said != true:
        verdict.kinds[row.kind]["fields!"] += 1
        verdict.wrong.append((row, decision))


def _is_found(group: Sequence[dict[str, str]]) -> bool:
    """Whether exactly one row of a group stays and the others point to the same person."""
    kept = [one for one in group if one["status"] != "duplicate"]
    return len(kept) == 1 and len({one["pid"] for one in group}) == 1
