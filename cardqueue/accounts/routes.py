"""Pages of the accounts: one's own password, and the administrator's list of everybody."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import login_user, verify_password

from cardqueue.accounts import queries, services
from cardqueue.accounts.current import current_account
from cardqueue.accounts.forms import AccountForm, NewAccountForm, PasswordForm, RoleForm
from cardqueue.accounts.models import User
from cardqueue.accounts.words import ROLE_HINTS, ROLE_WORDS
from cardqueue.core.access import Role, access, signed_in
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.http import error_answer, wants_json
from cardqueue.core.pages import page_of
from cardqueue.organisation.queries import list_cells, list_provinces

accounts = Blueprint("accounts", __name__)

# What a person may still do before changing the password that somebody else gave them.
BEFORE_OWN_PASSWORD = frozenset(
    {
        "static",
        "accounts.password",
        "accounts.stay",
        "core.choose_language",
        "core.health",
        "security.login",
        "security.logout",
    }
)


@accounts.before_app_request
def lead_to_own_password() -> ResponseReturnValue | None:
    """Somebody who signs in with a password that another person knows chooses one of their own first."""
    if request.endpoint is None or request.endpoint in BEFORE_OWN_PASSWORD:
        return None
    if not (current_user.is_authenticated and current_user.must_change_password):
        return None
    if wants_json():
        return error_answer(403, "PASSWORD_MUST_CHANGE")
    return redirect(url_for("accounts.password"))


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
    form, account = PasswordForm(), current_account()
    if form.validate_on_submit():
        if not verify_password(form.old.data, account.password):
            form.add_error("old", _("Mật khẩu hiện nay không đúng."))
        elif len(form.new.data) < services.MIN_PASSWORD_LENGTH:
            least = services.MIN_PASSWORD_LENGTH
            form.add_error("new", _("Mật khẩu mới phải có ít nhất %(least)d ký tự.", least=least))
        elif form.new.data == form.old.data:
            form.add_error("new", _("Mật khẩu mới phải khác mật khẩu hiện nay."))
        else:
            services.change_password(db.session(), account, form.new.data)
            login_user(account)
            flash(_("Đã đổi mật khẩu."), "good")
            return redirect("/")
    page = render_template("accounts/password.html", form=form, must_change=account.must_change_password)
    return page, 422 if form.errors else 200


@accounts.get("/accounts", endpoint="accounts")
@access(Role.ADMIN)
def list_accounts() -> ResponseReturnValue:
    """Everybody who may sign in, narrowed by role, unit and name."""
    wanted = {name: request.args.get(name, "").strip() for name in ("q", "role", "unit")}
    query = queries.account_query(role=_role_of(wanted["role"]), unit=wanted["unit"], text=wanted["q"])
    return render_template(
        "accounts/accounts.html",
        page=page_of(db.session(), query, request.args),
        wanted=wanted,
        committees=queries.list_committee_choices(db.session()),
        stations=queries.list_station_choices(db.session()),
        role_words=ROLE_WORDS,
    )


@accounts.route("/accounts/new", methods=["GET", "POST"])
@access(Role.ADMIN)
def new_account() -> ResponseReturnValue:
    """Create an account: first its role, then the person and the unit; its first password is shown once."""
    role = _role_of(request.args.get("role"))
    if role is None:
        return _role_page(url_for("accounts.new_account"), _("Tài khoản mới: chọn vai trò"), RoleForm(formdata=None))
    units = _units_for(role)
    if units is None:
        return _committee_page(url_for("accounts.new_account"), role)
    form = NewAccountForm()
    form.offer(role, units)
    if form.validate_on_submit():
        try:
            user, first_password = services.create_account(
                db.session(),
                username=form.username.data,
                full_name=form.full_name.data,
                role=role,
                unit=form.unit_of(role),
            )
        except Refused as refusal:
            form.show_refusal(refusal, "username")
        else:
            return _password_page(user, first_password)
    page = render_template("accounts/account_form.html", form=form, user=None, role=role, role_words=ROLE_WORDS)
    return page, 422 if form.errors else 200


@accounts.route("/accounts/<int:user_id>", methods=["GET", "POST"])
@access(Role.ADMIN)
def edit_account(user_id: int) -> ResponseReturnValue:
    """Change a person's name, role (`?role=`) or unit."""
    user = _account(user_id)
    role = _role_of(request.args.get("role")) or Role(user.role)
    units = _units_for(role, user)
    if units is None:
        return _committee_page(url_for("accounts.edit_account", user_id=user_id), role)
    unit = user.committee_id or user.cell_id or user.station_id or user.province_code or ""
    form = AccountForm(data={"full_name": user.full_name, "unit": str(unit) if role == user.role else ""})
    form.offer(role, units)
    if form.validate_on_submit():
        try:
            services.change_account(
                db.session(),
                user,
                full_name=form.full_name.data,
                role=role,
                unit=form.unit_of(role),
                active=user.active,
            )
        except Refused as refusal:
            form.show_refusal(refusal, "full_name")
        else:
            flash(_("Đã lưu tài khoản %(username)s.", username=user.username), "good")
            return redirect(url_for("accounts.accounts"))
    page = render_template("accounts/account_form.html", form=form, user=user, role=role, role_words=ROLE_WORDS)
    return page, 422 if form.errors else 200


@accounts.get("/accounts/<int:user_id>/role")
@access(Role.ADMIN)
def change_role(user_id: int) -> ResponseReturnValue:
    """Choose another role for an account; the next page asks for its unit."""
    user = _account(user_id)
    form = RoleForm(formdata=None, data={"role": str(user.role)})
    heading = _("Vai trò của %(username)s", username=user.username)
    return _role_page(url_for("accounts.edit_account", user_id=user_id), heading, form)


@accounts.route("/accounts/<int:user_id>/close", methods=["GET", "POST"])
@access(Role.ADMIN)
def close_account(user_id: int) -> ResponseReturnValue:
    """Let nobody sign in with an account any more, after a question."""
    user = _account(user_id)
    if request.method == "POST":
        services.close_account(db.session(), user)
        flash(_("Đã khóa tài khoản %(username)s.", username=user.username), "good")
        return redirect(url_for("accounts.accounts"))
    return render_template(
        "layouts/confirm.html",
        heading=_("Khóa tài khoản %(username)s?", username=user.username),
        explanation=[
            _("Đồng chí %(name)s sẽ bị đăng xuất ngay và không đăng nhập được nữa.", name=user.full_name),
            _("Tài khoản vẫn còn trong nhật ký và mở lại được."),
        ],
        confirm_text=_("Khóa tài khoản"),
        cancel_url=url_for("accounts.accounts"),
        dangerous=True,
    )


@accounts.post("/accounts/<int:user_id>/reopen")
@access(Role.ADMIN)
def reopen_account(user_id: int) -> ResponseReturnValue:
    """Let a person sign in again."""
    user = _account(user_id)
    services.reopen_account(db.session(), user)
    flash(_("Đã mở lại tài khoản %(username)s.", username=user.username), "good")
    return redirect(url_for("accounts.accounts"))


@accounts.route("/accounts/<int:user_id>/password", methods=["GET", "POST"])
@access(Role.ADMIN)
def reset_password(user_id: int) -> ResponseReturnValue:
    """Give a person a new first password, after a question; it is shown once."""
    user = _account(user_id)
    if request.method == "POST":
        return _password_page(user, services.reset_password(db.session(), user))
    return render_template(
        "layouts/confirm.html",
        heading=_("Cấp lại mật khẩu cho %(username)s?", username=user.username),
        explanation=[
            _("Mật khẩu hiện nay hết dùng ngay và đồng chí %(name)s bị đăng xuất.", name=user.full_name),
            _("Mật khẩu mới hiện một lần trên trang sau, để in hoặc đọc cho đồng chí ấy."),
        ],
        confirm_text=_("Cấp lại mật khẩu"),
        cancel_url=url_for("accounts.accounts"),
        dangerous=True,
    )


def _account(user_id: int) -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound("ACCOUNT_NOT_FOUND")
    return user


def _role_of(text: str | None) -> Role | None:
    return Role(text) if text in set(Role) else None


def _units_for(role: Role, user: User | None = None) -> list[tuple[str, str]] | None:
    """The units to choose from; None when a committee has to be chosen first, whose cells they are."""
    match role:
        case Role.ADMIN:
            return []
        case Role.SUPERVISOR:
            return [(province.code, province.name) for province in list_provinces(db.session())]
        case Role.CELL_SECRETARY:
            committee_id = _committee_for_cells(user)
            if committee_id is None:
                return None
            return [(str(cell.id), cell.name) for cell in list_cells(db.session(), committee_id)]
        case Role.COMMITTEE:
            return queries.list_committee_choices(db.session())
        case _:
            return queries.list_station_choices(db.session())


def _committee_for_cells(user: User | None) -> int | None:
    """The committee that the address names, else the person's own, else the only one there is."""
    if (asked := request.args.get("committee", type=int)) is not None:
        return asked
    if user is not None and user.cell is not None:
        return user.cell.committee_id
    committees = queries.list_committee_choices(db.session())
    return int(committees[0][0]) if len(committees) == 1 else None


def _role_page(url: str, heading: str, form: RoleForm) -> str:
    return render_template("accounts/choose_role.html", form=form, heading=heading, url=url, role_hints=ROLE_HINTS)


def _committee_page(url: str, role: Role) -> str:
    committees = queries.list_committee_choices(db.session())
    return render_template("accounts/choose_committee.html", url=url, role=role, committees=committees)


def _password_page(user: User, first_password: str) -> str:
    return render_template("accounts/first_password.html", user=user, first_password=first_password)
