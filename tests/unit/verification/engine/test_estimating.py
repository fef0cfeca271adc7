"""Parameters estimated from decisions: slow, bounded, monotone, and without any power to make a match."""

from __future__ import annotations

import json
from dataclasses import replace
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.matching.files import make_world, write_world
from benchmarks.matching.judging import judge, read_decisions
from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.estimating import BAND, Seen, estimate, parameters_from, reweighed, values_of
from cardqueue.verification.engine.files import write_decisions
from cardqueue.verification.engine.levels import NameLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.engine.posterior import ASSUMED, Parameters
from cardqueue.verification.engine.running import Matching

PARTS = ("name", "date", "number", "sex")
COUNTS = st.integers(0, 100_000)
SEEN = st.builds(
    Seen,
    levels=st.fixed_dictionaries(
        {part: st.dictionaries(st.sampled_from(sorted(map(int, getattr(ASSUMED, part)))), COUNTS) for part in PARTS}
    ),
    confirmed=COUNTS,
    nobody=COUNTS,
    undecided=COUNTS,
    matched=COUNTS,
)


def test_without_decisions_the_assumed_values_stay() -> None:
    found = estimate(Seen(matched=5_000, undecided=300))
    for part in PARTS:
        for level, share in getattr(ASSUMED, part).items():
            assert isclose(getattr(found, part)[level], share)
    assert isclose(found.outside_share, ASSUMED.outside_share)


def test_a_few_decisions_change_little() -> None:
    levels: dict[str, dict[int, int]] = {
        "name": {NameLevel.MARKS: 5},
        "date": {DateLevel.EQUAL: 5},
        "number": {NumberLevel.EQUAL: 5},
    }
    found = estimate(Seen(levels, confirmed=5, undecided=300, matched=3_000))
    assert ASSUMED.name[NameLevel.MARKS] < found.name[NameLevel.MARKS] < 1.25 * ASSUMED.name[NameLevel.MARKS]
    assert found.name[NameLevel.TYPO] == pytest.approx(ASSUMED.name[NameLevel.TYPO], rel=0.05)


def test_many_decisions_are_believed() -> None:
    levels: dict[str, dict[int, int]] = {
        "name": {NameLevel.SAME: 900, NameLevel.MARKS: 1_600},
        "date": {DateLevel.EQUAL: 2_500},
        "number": {NumberLevel.EQUAL: 2_500},
        "sex": {SexLevel.SAME: 2_500},
    }
    found = estimate(Seen(levels, confirmed=2_500, matched=60_000))
    assert found.name[NameLevel.MARKS] == pytest.approx(1_600 / 62_500, rel=0.05)
    assert found.number[NumberLevel.NEAR] < ASSUMED.number[NumberLevel.NEAR] / 4


def test_matches_count_no_more_than_what_was_decided_beside_them() -> None:
    levels: dict[str, dict[int, int]] = {"name": {NameLevel.MARKS: 100}}
    whole = estimate(Seen(levels, confirmed=100, matched=10_000))
    begun = estimate(Seen({"name": {NameLevel.MARKS: 10}}, confirmed=10, undecided=90, matched=10_000))
    assert whole.name[NameLevel.MARKS] == pytest.approx(begun.name[NameLevel.MARKS], rel=0.12)
    naive = estimate(Seen({"name": {NameLevel.MARKS: 10}}, confirmed=10, matched=10_000))
    assert naive.name[NameLevel.MARKS] < begun.name[NameLevel.MARKS] / 2


@given(SEEN)
def test_nothing_leaves_its_band_and_the_best_level_stays_the_best(seen: Seen) -> None:
    found = estimate(seen)
    for part in PARTS:
        shares, assumed = getattr(found, part), getattr(ASSUMED, part)
        best = max(assumed)
        assert shares[best] == max(shares.values()) < 1
        for level, share in shares.items():
            assert assumed[level] / BAND * 0.999 <= share
            assert level is best or share <= assumed[level] * BAND * 1.001
    assert ASSUMED.outside_share / BAND <= found.outside_share <= ASSUMED.outside_share * BAND


@given(SEEN, st.sampled_from(PARTS), st.data(), st.integers(1, 10_000))
def test_more_pairs_at_a_level_never_make_it_count_less(seen: Seen, part: str, data: st.DataObject, more: int) -> None:
    level = data.draw(st.sampled_from(sorted(getattr(ASSUMED, part))))
    before = getattr(estimate(seen), part)[level]
    counts = {**seen.levels[part], level: seen.levels[part].get(level, 0) + more}
    after = getattr(estimate(replace(seen, levels={**seen.levels, part: counts})), part)[level]
    assert after >= before or isclose(after, before)


@given(SEEN)
def test_parameters_survive_being_stored(seen: Seen) -> None:
    found = estimate(seen)
    assert parameters_from(json.loads(json.dumps(values_of(found)))) == found


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": 1},
        {**values_of(ASSUMED), "name": {"same": 0.9}},
        {**values_of(ASSUMED), "sex": {"same": 1.5, "differs": 0.1}},
        {**values_of(ASSUMED), "sex": {"same": float("nan"), "differs": 0.1}},
        {**values_of(ASSUMED), "sex": {"same": "much", "differs": 0.1}},
        {**values_of(ASSUMED), "outside_share": 0},
    ],
)
def test_what_is_no_parameters_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"expected|no parameters|could not convert"):
        parameters_from(values)


def test_probabilities_move_with_the_parameters_and_stay_probabilities() -> None:
    level = {"name": int(NameLevel.MARKS), "date": 5, "number": int(NumberLevel.EQUAL), "sex": 2}
    same = {**level, "name": int(NameLevel.SAME)}
    candidates = [(same, 0.5), (level, 0.4)]
    assert reweighed(candidates, ASSUMED, ASSUMED) == pytest.approx([0.5, 0.4])
    likelier = replace(ASSUMED, name={**ASSUMED.name, NameLevel.MARKS: 0.05})
    first, second = reweighed(candidates, ASSUMED, likelier)
    assert second > 0.4 and first < 0.5 and first + second < 1


SHARE = st.floats(1e-4, 0.9999)


def _any_parameters() -> st.SearchStrategy[Parameters]:
    parts = {part: st.fixed_dictionaries(dict.fromkeys(getattr(ASSUMED, part), SHARE)) for part in PARTS}
    return st.builds(Parameters, **parts, outside_share=SHARE)


@pytest.fixture(scope="module")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(make_world(11, members=60, residents=400, mistaken=0.9), folder)
    return folder


@settings(max_examples=12, deadline=None)
@given(parameters=_any_parameters())
def test_no_parameters_whatever_can_make_a_wrong_match(world_folder: Path, parameters: Parameters) -> None:
    world = make_world(11, members=60, residents=400, mistaken=0.9)
    out = world_folder / "out.csv"
    with Matching(parameters) as matching:
        matching.load(world_folder / "roster.csv", world_folder / "registry.csv", world_folder / "cells.csv")
        matching.run()
        write_decisions(out, matching.decisions())
    assert judge(world.rows, read_decisions(out)).wrong_matches == 0
