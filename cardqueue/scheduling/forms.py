"""Forms of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from cardqueue.core.forms import BaseForm, ClockField, chosen
from cardqueue.lib.clock import from_local, to_local
from cardqueue.organisation.models import Window


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
