"""Who waits for whom before a plan is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cardqueue.core.i18n import show_datetime
from cardqueue.organisation.models import Station
from cardqueue.scheduling.models import Plan, PlanAnswer
from cardqueue.scheduling.queries import missing_answers


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a proposal has come.

    Shapes: `sentence` says who waits for whom; `answers` are station, answer and reason; `may_publish` and `may_submit`
    are the committee's next steps.
    """

    is_needed: bool
    sentence: str
    kind: str
    answers: list[tuple[str, str, str, str]]
    may_publish: bool
    may_submit: bool


def agreement_of(plan: Plan, stations: Sequence[Station], answers: Sequence[PlanAnswer]) -> Agreement:
    """The state of a proposal between the committee and the chiefs of its stations."""
    missing = missing_answers(stations, answers)
    sent_back = [answer for answer in answers if not answer.is_confirmed]
    needed = plan.campaign.chief_confirms
    waits = needed and plan.submitted_at is not None and bool(missing) and not sent_back
    return Agreement(
        is_needed=needed,
        sentence=_sentence(plan.submitted_at, missing, sent_back) if needed else "",
        kind="warning" if sent_back else "good" if not missing else "info",
        answers=[
            (
                answer.station.name,
                str(_("Xác nhận")) if answer.is_confirmed else str(_("Gửi lại")),
                answer.reason or "",
                show_datetime(answer.answered_at),
            )
            for answer in answers
        ],
        may_publish=not needed or not missing,
        may_submit=needed and bool(missing) and not waits,
    )


def _sentence(submitted_at: datetime | None, missing: Sequence[Station], sent_back: Sequence[PlanAnswer]) -> str:
    if sent_back:
        first = sent_back[0]
        return str(_("%(station)s gửi lại đề xuất: %(reason)s", station=first.station.name, reason=first.reason or ""))
    if not missing:
        return str(_("Trưởng điểm thu nhận đã xác nhận. Việc tiếp theo: công bố lịch."))
    names = ", ".join(station.name for station in missing)
    if submitted_at is None:
        return str(_("Đề xuất cần Trưởng điểm thu nhận xác nhận trước khi công bố: %(stations)s.", stations=names))
    when = show_datetime(submitted_at)
    return str(_("Đang chờ Trưởng điểm %(stations)s xác nhận, gửi lúc %(when)s.", stations=names, when=when))
