"""Languages: Vietnamese by default (the msgids are Vietnamese), English on request; how values look on a screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from gettext import NullTranslations
from typing import cast

from babel import support
from babel.dates import format_date
from flask import Flask, g, has_app_context, request, session
from flask_babel import Babel, Domain
from flask_babel import gettext as _

from cardqueue.core.paths import bundled
from cardqueue.lib import clock
from cardqueue.lib.intervals import Interval

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


class _Words(Domain):  # type: ignore[misc]
    """Looks the catalogue of a request up once, not again for each of a page's two hundred texts."""

    def get_translations(self) -> NullTranslations:
        """The texts in the language of this request."""
        if not has_app_context():
            return cast(NullTranslations, super().get_translations())
        if "translations" not in g:
            g.translations = super().get_translations()
        return cast(NullTranslations, g.translations)


def init_i18n(app: Flask) -> None:
    """Attach translations and display filters."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(bundled("translations"))
    Babel(app, locale_selector=language).domain_instance = _Words()
    app.add_template_filter(show_date, "localdate")
    app.add_template_filter(show_time, "localtime")
    app.add_template_filter(show_datetime, "localdatetime")
    app.add_template_filter(show_percent, "percent")
    app.add_template_filter(show_count, "thousands")
    app.add_template_filter(show_values, "listed")


def language() -> str:
    """The language of this request: the person's choice, else Vietnamese."""
    try:
        chosen = session.get("language") or request.args.get("lang")
    except RuntimeError:
        return "vi"
    return chosen if chosen in LANGUAGES else "vi"


@contextmanager
def in_vietnamese() -> Iterator[None]:
    """Texts made inside are Vietnamese, whatever the language of the screen: papers, which others read."""
    kept = g.pop("translations", None)
    g.translations = support.NullTranslations()
    try:
        yield
    finally:
        g.pop("translations")
        if kept is not None:
            g.translations = kept


def show_date(value: date | datetime | None) -> str:
    """'09/08/2025' in every language; an instant is shown on the Vietnamese calendar."""
    return "" if value is None else clock.format_date(value)


def show_day(value: date | datetime) -> str:
    """'Thứ Bảy, ngày 09/8/2025', in English 'Saturday 09/08/2025'."""
    if language() == "vi":
        return clock.format_day(value)
    day = clock.to_local(value).date() if isinstance(value, datetime) else value
    return format_date(day, "EEEE dd/MM/yyyy", locale=language())


def show_time(value: datetime | time | None) -> str:
    """'7 giờ 30', in English '7:30'; an instant is shown on the Vietnamese clock."""
    if value is None:
        return ""
    shown = clock.format_time(value)
    return shown if language() == "vi" else shown.replace(" giờ ", ":")


def show_datetime(value: datetime | None) -> str:
    """'7 giờ 30 ngày 09/08/2025', in English '7:30 on 09/08/2025'."""
    return "" if value is None else str(_("%(time)s ngày %(day)s", time=show_time(value), day=show_date(value)))


def show_span(span: Interval) -> str:
    """'7 giờ 00 – 11 giờ 30 ngày 09/08/2025': a span within one day."""
    start, end = show_time(span.start_at), show_time(span.end_at)
    return str(_("%(start)s – %(end)s ngày %(day)s", start=start, end=end, day=show_date(span.start_at)))


def show_percent(part: int, whole: int) -> str:
    """A share with at most one decimal, '88,8%'; '0%' of nothing."""
    return show_number(Decimal(round(part * 1000 / whole)) / 10 if whole else 0) + "%"


def show_count(value: int) -> str:
    """A count with marks between thousands: '3.500', in English '3,500'."""
    return f"{value:,}" if language() == "en" else f"{value:,}".replace(",", ".")


def show_number(value: Decimal | float) -> str:
    """A number with its decimals and no needless zeros: '4,5', in English '4.5'."""
    shown = f"{Decimal(str(value)).normalize():f}"
    return shown if language() == "en" else shown.replace(".", ",")


def show_values(values: dict[str, object] | None) -> str:
    """The values of an audit row on one line, "state: done; reason: –"."""
    return "; ".join(f"{name}: {'–' if value is None else value}" for name, value in (values or {}).items())
