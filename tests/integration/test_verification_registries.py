"""Registries are found by entry points: the product's own, a fourth of somebody else, and ones that do not work."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from cardqueue.lib.clock import now_at
from cardqueue.verification.engine.names import name_words
from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.registry import Pair, Rows, compared
from cardqueue.verification.engine.shapes import Figures, Place, Record
from cardqueue.verification.models import Check, CheckStatus, ExtractState, PopulationExtract
from cardqueue.verification.registries import sources
from cardqueue.verification.registries.sources import OWN, RegistryUnusable, adapter_named, installed
from cardqueue.verification.services import match_changed
from tests.factories.people import Town, make_town
from tests.factories.verification import compare_all

ROOT = Path(__file__).resolve().parents[2]


class VillageBook:
    """A fictitious fourth registry: two people, found by their numbers alone."""

    people: Sequence[Record] = ()

    def __init__(self, session: Session, extracts: Sequence[PopulationExtract]) -> None:
        self.frequencies = Frequencies(len(self.people), {}, {})

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        return {}

    def close(self, rows: Rows) -> Iterator[Pair]:
        for row, evidence in rows.items():
            for person in self.people:
                if person.pid == evidence.number.number:
                    yield compared(row, evidence, person, lambda: 1)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        return iter(())


class Broken:
    """It asks nothing."""


@pytest.fixture
def fourth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that brings a registry is installed, and two that do not work."""

    def of_group(**asked: Any) -> tuple[EntryPoint, ...]:
        assert asked == {"group": "cardqueue.registries"}
        return (
            EntryPoint("village", f"{__name__}:VillageBook", sources.GROUP),
            EntryPoint("gone", "nowhere_at_all:Registry", sources.GROUP),
            EntryPoint("broken", f"{__name__}:Broken", sources.GROUP),
            EntryPoint("records", f"{__name__}:Broken", sources.GROUP),
        )

    monkeypatch.setattr(sources, "entry_points", of_group)


def answer_from(session: Session, town: Town, name: str) -> None:
    """Let an extract of that kind be in force for the town's station."""
    session.add(
        PopulationExtract(
            campaign_id=town.campaign.id,
            station_id=town.station.id,
            filename="so-thon",
            registry_name=name,
            state=ExtractState.LOADED,
            record_count=2,
            imported_by="a.station_chief",
            imported_at=now_at(),
            is_in_force=True,
        )
    )
    session.commit()


def test_what_the_product_brings_is_registered_like_everything_else() -> None:
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert said["project"]["entry-points"][sources.GROUP] == {point.name: point.value for point in OWN}
    for point in OWN:
        assert all(hasattr(point.load(), part) for part in ("frequencies", "settled", "close", "wide")), point.name


def test_a_fourth_registry_verifies_members(session: Session, fourth: None, monkeypatch: pytest.MonkeyPatch) -> None:
    town = make_town(session)
    answer_from(session, town, "village")
    first, second = town.members[:2]
    monkeypatch.setattr(
        VillageBook,
        "people",
        [
            Record(
                member.citizen_id or "",
                name_words(name),
                Figures(member.birth_year or 0, 2, 14),
                2 if member.sex == "female" else 1,
                "",
                Place(),
            )
            for member, name in ((first, first.full_name), (second, "Trần Văn Khác"))
        ],
    )
    done = compare_all(session, town)
    assert done.by_status[CheckStatus.MATCH] == 1
    assert done.by_status[CheckStatus.NOT_FOUND] == len(town.members) - 2
    check = session.scalars(sa.select(Check).where(Check.member_id == second.id)).one()
    assert check.status == CheckStatus.AMBIGUOUS and "full_name" in check.differences


@pytest.mark.usefixtures("fourth")
def test_the_product_s_own_names_are_not_taken_by_another() -> None:
    assert [point.name for point in installed()] == ["records", "hashes", "card", "broken", "gone", "village"]
    assert adapter_named("records").__name__ == "RecordsRegistry"


@pytest.mark.usefixtures("fourth")
@pytest.mark.parametrize(
    ("name", "code", "problem"),
    [
        ("nobody", "REGISTRY_UNKNOWN", ""),
        ("card", "REGISTRY_UNKNOWN", ""),
        ("gone", "REGISTRY_NOT_LOADED", "nowhere_at_all"),
        ("broken", "REGISTRY_NOT_LOADED", "settled"),
    ],
)
def test_a_registry_that_cannot_be_used_is_named(name: str, code: str, problem: str) -> None:
    with pytest.raises(RegistryUnusable) as raised:
        adapter_named(name)
    assert raised.value.reason_code == code
    assert raised.value.values["name"] == name and problem in raised.value.values["problem"]


@pytest.mark.usefixtures("fourth")
def test_the_page_says_in_words_which_registry_does_not_work(
    session: Session, sign_in: Callable[[str], FlaskClient]
) -> None:
    town = make_town(session)
    answer_from(session, town, "gone")
    answer = sign_in("a.station_chief").post("/verify/match", follow_redirects=True)
    assert "“gone”" in answer.text and "nowhere_at_all" in answer.text


@pytest.mark.usefixtures("fourth")
def test_a_registry_that_does_not_work_holds_up_no_other_campaign(session: Session) -> None:
    town, other = make_town(session, "a"), make_town(session, "b")
    answer_from(session, town, "gone")
    answer_from(session, other, "village")
    # Runs begin one after the other, then go on piece by piece.
    for _ in range(8):
        match_changed(session, now_at())
        session.commit()
    checked = session.scalars(sa.select(Check.campaign_id)).all()
    assert set(checked) == {other.campaign.id}
