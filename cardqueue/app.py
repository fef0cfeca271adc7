"""The application: the only module that knows every feature."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_migrate import Migrate
from jinja2 import FileSystemLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from cardqueue import __version__
from cardqueue.accounts.current import current_scope, find_current_campaign
from cardqueue.accounts.security import init_security
from cardqueue.config import Settings
from cardqueue.core.access import Role
from cardqueue.core.database import db, init_database
from cardqueue.core.http import CardqueueApp, init_http, may_open
from cardqueue.core.i18n import LANGUAGES, init_i18n, language
from cardqueue.core.keyring import Keyring, use_keyring
from cardqueue.core.logs import init_logs
from cardqueue.core.paths import PACKAGE, bundled

FEATURES = (
    "core",
    "organisation",
    "accounts",
    "roster",
    "cases",
    "verification",
    "cleaning",
    "scheduling",
    "slips",
    "notices",
    "counter",
    "reports",
)
MAX_UPLOAD_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


def create_app(settings: Settings) -> Flask:
    """Build the application of one installation."""
    init_logs()
    use_keyring(Keyring(settings.data_keys, settings.lookup_key))
    app = CardqueueApp("cardqueue", static_folder=str(PACKAGE / "static"), template_folder=None)
    app.config.update(
        TESTING=settings.testing,
        # Form fields beside a full-size file; a larger body is refused with 413 before it is read.
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES + 256 * 1024,
        MAX_FORM_PARTS=20_000,
    )
    app.extensions["cardqueue_settings"] = settings
    app.jinja_loader = FileSystemLoader(bundled("templates"))
    if settings.proxy_count:
        n = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    init_database(app, settings.database_url)
    Migrate(app, db, directory=str(bundled("migrations")))
    # The edge comes first: its transaction must begin before Flask-Security reads the user.
    init_http(app)
    init_i18n(app)
    init_security(app, settings)
    for feature in FEATURES:
        _attach(app, feature)
    app.context_processor(_page_context)
    app.add_template_global(_static_url, "static_url")
    return app


def _attach(app: Flask, feature: str) -> None:
    """Register the blueprints of a feature's routes and api, and import its jobs."""
    for name in ("models", "routes", "api", "jobs"):
        module_name = f"cardqueue.{feature}.{name}"
        if importlib.util.find_spec(module_name) is None:
            continue
        module = importlib.import_module(module_name)
        for value in vars(module).values():
            if isinstance(value, Blueprint) and value.import_name.startswith(module_name):
                app.register_blueprint(value)


def _static_url(filename: str) -> str:
    """The address of a built asset; it changes with the file, so that browsers may keep it."""
    path = PACKAGE / "static" / filename
    version = int(path.stat().st_mtime) if path.is_file() else __version__
    return url_for("static", filename=filename, v=version)


def _page_context() -> dict[str, object]:
    """What the layouts need on every page; an error page must not need the database."""
    context: dict[str, object] = {
        "version": __version__,
        "language": language(),
        "languages": LANGUAGES,
        "unit_name": "",
        "Role": Role,
    }
    if g.get("error_page") or not (current_user and current_user.is_authenticated):
        return context
    return context | {
        "unit_name": _unit_name(),
        "account": current_user,
        "account_items": [NavItem(_("Đổi mật khẩu"), url_for("accounts.password"), False)],
        "campaign": find_current_campaign(),
        "scope": current_scope(),
        "nav_items": _navigation(),
        "session_seconds": int(current_app.permanent_session_lifetime.total_seconds()),
        "session_url": url_for("accounts.stay"),
    }


def _unit_name() -> str:
    user = current_user
    if user.cell:
        return str(user.cell.name)
    for unit in (user.committee, user.station, user.province):
        if unit:
            return str(unit.name)
    return str(_("Quản trị hệ thống"))


def _navigation() -> list[NavItem]:
    """What a person may open, in the order of the work; the same declarations that guard the routes decide."""
    entries = (
        (_("Tổng quan"), "reports.dashboard"),
        (_("Danh sách"), "roster.members"),
        (_("Đối soát"), "verification.worklist"),
        (_("Làm sạch"), "cleaning.overview"),
        (_("Lịch hẹn"), "scheduling.plan_page"),
        (_("Giấy hẹn"), "slips.choose"),
        (_("Quầy tiếp nhận"), "counter.desk"),
        (_("Chưa thực hiện"), "cases.pending"),
        (_("Thông báo"), "notices.outbox"),
        (_("Đợt và đơn vị"), "organisation.overview"),
        (_("Tài khoản"), "accounts.accounts"),
        (_("Nhật ký"), "core.audit_trail"),
    )
    return [
        NavItem(label, url_for(endpoint), current=(request.blueprint or "") == endpoint.split(".")[0])
        for label, endpoint in entries
        if may_open(endpoint)
    ]
