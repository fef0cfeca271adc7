"""How long one member takes, in words: the value in use, how sure it is, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.core.i18n import show_count, show_number
from cardqueue.organisation.models import Campaign, Station
from cardqueue.scheduling.models import StationPace
from cardqueue.scheduling.queries import minutes_of, pace_of
from cardqueue.scheduling.rules.pace import PRIOR_WEIGHT, Pace


@dataclass(frozen=True, slots=True)
class PaceShown:
    """A station's pace as the page shows it."""

    station: str
    minutes: str
    measured: str
    sure: str
    observed: str
    dropped: str
    is_fixed: bool
    fixed: StationPace | None
    trial: str
    trial_started_at: datetime | None
    is_trial_running: bool


def pace_in_words(station: Station, row: StationPace | None, campaign: Campaign) -> PaceShown:
    """What the page says of a station."""
    pace = pace_of(row, campaign)
    is_fixed = row is not None and row.fixed_minutes is not None
    return PaceShown(
        station=station.name,
        minutes=show_number(minutes_of(row, campaign)),
        measured=show_number(round(pace.minutes, 2)) if pace.observed else "",
        sure=_sure(pace),
        observed=show_count(pace.observed),
        dropped=show_count(pace.dropped),
        is_fixed=is_fixed,
        fixed=row if is_fixed else None,
        trial=_trial(row),
        trial_started_at=row.trial_started_at if row else None,
        is_trial_running=bool(row and row.trial_started_at and not row.trial_ended_at),
    )


def _sure(pace: Pace) -> str:
    if not pace.observed:
        return str(_("Chưa đo: đây là số giả định của đợt."))
    if not pace.is_measured:
        return str(
            _(
                "Mới đo %(count)s lượt: số giả định còn ảnh hưởng nhiều, cần ít nhất %(enough)s lượt.",
                count=pace.observed,
                enough=round(PRIOR_WEIGHT),
            )
        )
    return str(
        _(
            "Số thật hầu như chắc chắn nằm giữa %(low)s và %(high)s phút.",
            low=show_number(round(max(0.0, pace.minutes - pace.margin), 1)),
            high=show_number(round(pace.minutes + pace.margin, 1)),
        )
    )


def _trial(row: StationPace | None) -> str:
    if row is None or row.trial_started_at is None:
        return ""
    if not row.trial_count:
        return str(_("Chưa có lượt nào xong từ khi bắt đầu đo."))
    return str(
        _(
            "%(count)s lượt, trung bình %(minutes)s phút.",
            count=row.trial_count,
            minutes=show_number(round(row.trial_minutes / row.trial_count, 1)),
        )
    )
