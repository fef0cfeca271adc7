"""Sign-in by username and password through Flask-Security, and the lock after several wrong passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, request
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_in
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    uia_username_mapper,
    user_failed_authn,
)
from sqlalchemy.orm import Session
from wtforms import PasswordField, StringField, SubmitField

from cardqueue.accounts.current import current_account
from cardqueue.accounts.models import SignInFailure, User
from cardqueue.accounts.scope import scope_of
from cardqueue.accounts.services import find_account
from cardqueue.config import Settings
from cardqueue.core.audit import act_as, record
from cardqueue.core.database import db
from cardqueue.lib.clock import now_at
from cardqueue.organisation.current import SCOPE_OF_REQUEST

LOCK_AFTER = 5
LOCK_MINUTES = 15


class SignInForm(LoginForm):
    """Username and password."""

    # Nobody signs in by e-mail: None takes the library's field out of the form.
    email = None
    username = StringField(_l("Tên đăng nhập"))
    password = PasswordField(_l("Mật khẩu"))
    submit = SubmitField(_l("Đăng nhập"))

    def validate(self, **kwargs: Any) -> bool:
        """Refuse a locked account before its password is even looked at."""
        username = (self.username.data or "").strip()
        if is_locked(db.session(), username):
            self.password.errors = [
                _l("Nhập sai mật khẩu nhiều lần. Tài khoản tạm khóa %(minutes)d phút.", minutes=LOCK_MINUTES)
            ]
            return False
        self.ifield, self.user = self.username, find_account(db.session(), username)
        if super().validate(**kwargs):
            return True
        # One sentence for every case: a stranger does not learn which usernames exist.
        self.username.errors = []
        self.password.errors = [_l("Tên đăng nhập hoặc mật khẩu không đúng. Đồng chí kiểm tra lại cả hai.")]
        return False


def is_locked(session: Session, username: str) -> bool:
    """Whether too many wrong passwords came for this username in the last minutes."""
    since = now_at() - timedelta(minutes=LOCK_MINUTES)
    failures = session.scalar(
        sa.select(sa.func.count())
        .select_from(SignInFailure)
        .where(SignInFailure.username == username.lower(), SignInFailure.at > since)
    )
    return (failures or 0) >= LOCK_AFTER


def init_security(app: Flask, settings: Settings) -> None:
    """Attach sign-in to an application."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 — the name of the method, not a password
        SECURITY_PASSWORD_SINGLE_HASH=True,
        # A test signs in hundreds of times; there the hash is the same kind, at its lowest cost.
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=(
            {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1} if settings.testing else {}
        ),
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"username": {"mapper": uia_username_mapper, "case_insensitive": True}}],
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/sign-in",
        SECURITY_REDIRECT_HOST=[],
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        # No pages of the library beside these two: no second sign-in for "fresh" sessions, no static files.
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CSRF_PROTECT_MECHANISMS=["basic", "session"],
        SECURITY_LOGIN_USER_TEMPLATE="accounts/sign_in.html",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=9),
    )
    datastore = _Accounts(db, User, _NoRoles)
    Security(app, datastore, login_form=SignInForm)
    app.extensions[SCOPE_OF_REQUEST] = lambda: scope_of(db.session(), current_account())
    user_failed_authn.connect(_remember_failure, app)
    user_logged_in.connect(_remember_sign_in, app)


class _Accounts(SQLAlchemyUserDatastore):
    """Where Flask-Security finds accounts; who is signed in is asked in every request, with a statement built once."""

    _SIGNED_IN = sa.select(User).where(User.fs_uniquifier == sa.bindparam("fs_uniquifier"))

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        """The account with a certain value in one column."""
        if kwargs.keys() == {"fs_uniquifier"} and not case_insensitive:
            return cast(User | None, db.session.scalar(self._SIGNED_IN, kwargs))
        return cast(User | None, super().find_user(case_insensitive, **kwargs))


class _NoRoles(RoleMixin):
    """Flask-Security wants a table of roles; our one role a person is a column of the account."""

    name = ""


def _remember_failure(_app: Flask, **_details: Any) -> None:
    username = (request.form.get("username") or "").strip().lower()[:64]
    session = db.session()
    session.add(SignInFailure(username=username, at=now_at()))
    act_as(session, username or "-")
    record(session, "accounts.sign_in_failed", f"username:{username}")
    session.flush()


def _remember_sign_in(_app: Flask, user: User, **_details: Any) -> None:
    session = db.session()
    session.execute(sa.delete(SignInFailure).where(SignInFailure.username == user.username.lower()))
    act_as(session, user.username)
    record(session, "accounts.sign_in", f"user:{user.id}")
