"""The posterior's parameters that hold: those accepted last, else the assumed ones."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cardqueue.verification.engine.estimating import parameters_from
from cardqueue.verification.engine.posterior import ASSUMED, Parameters
from cardqueue.verification.models import MatchingParameters


def newest_parameters(session: Session) -> MatchingParameters | None:
    """The parameters accepted last, if any ever were."""
    return session.scalar(sa.select(MatchingParameters).order_by(MatchingParameters.id.desc()).limit(1))


def current_parameters(session: Session) -> Parameters:
    """The parameters that hold."""
    accepted = newest_parameters(session)
    return parameters_from(accepted.values) if accepted is not None else ASSUMED
