"""The posterior's parameters that hold: those accepted last, else the assumed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from enum import IntEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.levels import NameLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.engine.posterior import ASSUMED, Parameters
from cardqueue.verification.models import MatchingParameters

_Level = TypeVar("_Level", bound=IntEnum)


def newest_parameters(session: Session) -> MatchingParameters | None:
    """The parameters accepted last, if any ever were."""
    return session.scalar(sa.select(MatchingParameters).order_by(MatchingParameters.id.desc()).limit(1))


def current_parameters(session: Session) -> Parameters:
    """The parameters that hold."""
    accepted = newest_parameters(session)
    return read_parameters(accepted.values) if accepted is not None else ASSUMED


def read_parameters(values: Mapping[str, Any]) -> Parameters:
    """Parameters as stored. Shapes: `{"name": {"same": 0.955, …}, "date": …, …, "outside_share": 0.01}`."""
    return Parameters(
        _read(NameLevel, values["name"]),
        _read(DateLevel, values["date"]),
        _read(NumberLevel, values["number"]),
        _read(SexLevel, values["sex"]),
        values["outside_share"],
    )


def stored_parameters(parameters: Parameters) -> dict[str, Any]:
    """Parameters as they are stored."""
    return {
        part: {level.name.lower(): share for level, share in value.items()} if isinstance(value, Mapping) else value
        for part, value in asdict(parameters).items()
    }


def _read(levels: type[_Level], shares: Mapping[str, float]) -> dict[_Level, float]:
    return {levels[name.upper()]: share for name, share in shares.items()}
