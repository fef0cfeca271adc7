"""Pages of the accounts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import login_user, verify_password

from cardqueue.accounts.current import current_account
from cardqueue.accounts.forms import PasswordForm
from cardqueue.accounts.services import MIN_PASSWORD_LENGTH, change_password
from cardqueue.core.access import signed_in
from cardqueue.core.database import db

accounts = Blueprint("accounts", __name__)


@accounts.get("/stay")
@signed_in
def stay() -> ResponseReturnValue:
    """Prolong the session of somebody who is still typing."""
    session.modified = True
    return "", 204


@accounts.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Change one's own password."""
    form = PasswordForm()
    if form.validate_on_submit():
        account = current_account()
        if not verify_password(form.old.data, account.password):
            form.add_error("old", _("Mật khẩu hiện nay không đúng."))
        elif len(form.new.data) < MIN_PASSWORD_LENGTH:
            form.add_error("new", _("Mật khẩu mới phải có ít nhất %(least)d ký tự.", least=MIN_PASSWORD_LENGTH))
        else:
            change_password(db.session(), account, form.new.data)
            login_user(account)
            flash(_("Đã đổi mật khẩu."), "good")
            return redirect("/")
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200
