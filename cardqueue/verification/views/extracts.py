"""Extracts and the faults of their files, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cardqueue.verification.models import PopulationExtract
from cardqueue.verification.services.extracts import FaultyExtract
from cardqueue.verification.words_extracts import FAULTS, STATES, found_of, place_of


@dataclass(frozen=True, slots=True)
class ExtractView:
    """An extract with its state in words, and how far it has come. Units: `percent` of the bytes of its file."""

    extract: PopulationExtract
    percent: int
    word: str
    kind: str


@dataclass(frozen=True, slots=True)
class FaultView:
    """A place in a file: where it is; what stands there, what is expected and what to do."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class FaultsView:
    """The first faults, and how many more there are."""

    rows: Sequence[FaultView]
    more: int


def extract_view(extract: PopulationExtract) -> ExtractView:
    """An extract as a page shows it."""
    percent = min(100, 100 * extract.read_count // extract.byte_count) if extract.byte_count else 0
    word, kind = STATES[extract.state]
    return ExtractView(extract, percent, str(word), kind)


def faults_view(faulty: FaultyExtract | None) -> FaultsView | None:
    """The faults of a file as a page shows them."""
    if faulty is None or not faulty.faults:
        return None
    rows = [
        FaultView(place_of(one), " ".join(filter(None, (found_of(one), str(FAULTS[one.fault])))))
        for one in faulty.faults
    ]
    return FaultsView(rows, faulty.count - len(rows))
