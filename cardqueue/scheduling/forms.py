"""Forms of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired

from cardqueue.core.forms import AmountField, BaseForm, ClockField, at_most, between, chosen, required
from cardqueue.core.i18n import show_day
from cardqueue.lib.clock import from_local, to_local
from cardqueue.lib.intervals import Interval
from cardqueue.organisation.models import Window
from cardqueue.scheduling.planner.shapes import Part
from cardqueue.scheduling.rules.wishes import Wishes
from cardqueue.scheduling.words import PART_WORDS


class PlaceForm(BaseForm):
    """Where a cell is placed by hand: a window, and the time at which its first members come."""

    window = SelectField(_l("Khung giờ"), chosen(_l("Đồng chí chọn một khung giờ.")), coerce=int)
    start = ClockField(_l("Giờ bắt đầu"))

    def offer(self, windows: Sequence[tuple[int, str]]) -> None:
        """Offer the windows to choose from."""
        self.window.choices = list(windows)

    def start_at(self, window: Window) -> datetime | None:
        """The instant that was typed, on the window's day; None for the first gap."""
        if self.start.data is None:
            return None
        return from_local(to_local(window.start_at).date(), self.start.data)


class GapForm(BaseForm):
    """Which of the free places a member gets."""

    gap = RadioField(_l("Giờ hẹn mới"), chosen(_l("Đồng chí chọn một giờ hẹn.")))

    def offer(self, gaps: Sequence[tuple[str, Any]]) -> None:
        """Offer the free places."""
        self.gap.choices = list(gaps)


class DivideForm(BaseForm):
    """Other lines during a part of a window; no line is a break."""

    start = ClockField(_l("Từ"), [InputRequired(_l("Đồng chí nhập giờ bắt đầu thay đổi."))])
    end = ClockField(_l("Đến"))
    line_count = IntegerField(
        _l("Số dây chuyền trong khoảng này"), [InputRequired(_l("Đồng chí nhập số dây chuyền.")), between(0, 99)]
    )

    def validate_end(self, field: ClockField) -> None:
        """It must be later than the start."""
        if field.data and self.start.data and field.data <= self.start.data:
            raise ValidationError(_l("Giờ kết thúc phải sau giờ bắt đầu."))

    def change_of(self, window: Window) -> Interval:
        """When the lines are others, on the window's day; until its end where no end was typed."""
        day = to_local(window.start_at).date()
        start_at = from_local(day, self.start.data)
        end_at = from_local(day, self.end.data) if self.end.data else max(start_at, window.end_at)
        return Interval(start_at, end_at)


class MinutesForm(BaseForm):
    """The minutes per member that a person knows better than the stamps."""

    minutes = AmountField(_l("Số phút một lượt"), [InputRequired(_l("Đồng chí nhập số phút.")), between(1, 60)])
    reason = StringField(_l("Lý do"), [*required(_l("Đồng chí ghi lý do chọn số phút này.")), at_most(300)])


class AnswerForm(BaseForm):
    """What a station's chief says to a proposal."""

    answer = RadioField(
        _l("Ý kiến của Trưởng điểm"),
        chosen(_l("Đồng chí chọn xác nhận hoặc gửi lại.")),
        choices=[
            SelectChoice("confirm", _l("Xác nhận: điểm thu nhận làm được theo lịch này")),
            SelectChoice("send_back", _l("Gửi lại để xếp khác")),
        ],
    )
    reason = StringField(_l("Lý do gửi lại"), [at_most(300)])

    def validate_reason(self, field: StringField) -> None:
        """The committee has to know what to change."""
        if self.answer.data == "send_back" and not field.data:
            raise ValidationError(_("Đồng chí ghi lý do để Đảng ủy biết cần đổi gì."))


class WithdrawForm(BaseForm):
    """Why a published plan is taken back."""

    reason = StringField(_l("Lý do thu hồi"), [*required(_l("Đồng chí ghi lý do thu hồi.")), at_most(300)])


class WishesForm(BaseForm):
    """When a cell cannot come, when it would rather come, and how long its members travel."""

    unavailable = SelectMultipleField(_l("Ngày chi bộ không đến được"))
    preferred = SelectMultipleField(_l("Ngày chi bộ mong muốn"))
    parts = SelectMultipleField(
        _l("Buổi chi bộ mong muốn"), choices=[SelectChoice(part.value, word) for part, word in PART_WORDS.items()]
    )
    travel_minutes = IntegerField(
        _l("Số phút đi đến điểm thu nhận"),
        [InputRequired(_l("Đồng chí nhập số phút; ở gần thì nhập 0.")), between(0, 600)],
    )

    @classmethod
    def of(cls, wishes: Wishes, travel_minutes: int) -> WishesForm:
        """The form as a cell filled it last."""
        return cls(
            data={
                "unavailable": [day.isoformat() for day in wishes.unavailable_dates],
                "preferred": [day.isoformat() for day in wishes.preferred_dates],
                "parts": list(wishes.preferred_parts),
                "travel_minutes": travel_minutes,
            }
        )

    def offer(self, days: Sequence[date]) -> None:
        """Ask about these days."""
        choices = [SelectChoice(day.isoformat(), show_day(day)) for day in days]
        self.unavailable.choices = self.preferred.choices = choices

    def validate_preferred(self, field: SelectMultipleField) -> None:
        """A day on which nobody can come is no wish."""
        both = sorted(set(field.data) & set(self.unavailable.data or []))
        if both:
            day = show_day(date.fromisoformat(both[0]))
            raise ValidationError(
                _("%(day)s vừa là ngày không đến được vừa là ngày mong muốn: đồng chí bỏ một trong hai.", day=day)
            )

    @property
    def wishes(self) -> Wishes:
        """What was ticked."""
        return Wishes(
            frozenset(map(date.fromisoformat, self.unavailable.data or ())),
            frozenset(map(date.fromisoformat, self.preferred.data or ())),
            frozenset(map(Part, self.parts.data or ())),
        )
