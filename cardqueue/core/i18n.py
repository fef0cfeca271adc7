"""Languages: Vietnamese by default (the msgids are Vietnamese), English on request; how values look on a screen."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask, request, session
from flask_babel import Babel

from cardqueue.core.paths import bundled
from cardqueue.lib import clock

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def init_i18n(app: Flask) -> None:
    """Attach translations and display filters."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Ho_Chi_Minh"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(bundled("translations"))
    Babel(app, locale_selector=language)
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


def show_date(value: date | datetime | None) -> str:
    """dd/MM/yyyy; an instant is shown on the Vietnamese calendar."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = clock.to_local(value).date()
    return clock.format_date(value)


def show_time(value: datetime | None) -> str:
    """'7 giờ 30' in Vietnam."""
    return "" if value is None else clock.format_time(clock.to_local(value))


def show_datetime(value: datetime | None) -> str:
    """'7 giờ 30 ngày 09/08/2025' in Vietnam."""
    return "" if value is None else f"{show_time(value)} ngày {show_date(value)}"


def show_percent(part: int, whole: int) -> str:
    """A share with a comma and one digit, '88,8%'; '0%' of nothing."""
    if whole == 0:
        return "0%"
    return f"{part * 100 / whole:.1f}".replace(".", ",").removesuffix(",0") + "%"


def show_count(value: int) -> str:
    """A count with dots between thousands, '3.500'."""
    return f"{value:,}".replace(",", ".")


def show_values(values: dict[str, object] | None) -> str:
    """The values of an audit row on one line, "state: done; reason: –"."""
    return "; ".join(f"{name}: {'–' if value is None else value}" for name, value in (values or {}).items())
