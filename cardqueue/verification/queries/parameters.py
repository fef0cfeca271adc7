"""The posterior's parameters that hold: those accepted last, else the assumed ones."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.verification.engine.estimating import parameters_from
from cardqueue.verification.engine.matching import ENGINE_VERSION
from cardqueue.verification.engine.posterior import ASSUMED, Parameters
from cardqueue.verification.models import MatchingParameters


def newest_parameters(session: Session) -> MatchingParameters | None:
    """The parameters accepted last, if any ever were."""
    return session.scalar(sa.select(MatchingParameters).order_by(MatchingParameters.id.desc()).limit(1))


def current_parameters(session: Session) -> Parameters:
    """The parameters that hold."""
    return rules_in_force(session)[0]


def rules_in_force(session: Session) -> tuple[Parameters, str]:
    """The parameters that hold, and the version that a check says it rests on: of the rules, and of the parameters."""
    accepted = newest_parameters(session)
    if accepted is None:
        return ASSUMED, ENGINE_VERSION
    return parameters_from(accepted.values), f"{ENGINE_VERSION}+{accepted.id}"
