"""A small application that shows every component at once, to be checked by a parser, by axe and by eye."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)

from cardqueue.core.forms import BaseForm, required
from cardqueue.core.http import CONTENT_SECURITY_POLICY
from cardqueue.core.paths import PACKAGE, bundled
from cardqueue.core.words import error_words

REASONS = {"BUSY": "Bận công tác", "WEAK_HEALTH": "Sức khỏe yếu", "AWAY": "Vắng mặt ở địa phương"}
CELLS = {"1": "Chi bộ thôn Dân Thuận", "2": "Chi bộ Trường THCS Hàm Thạnh"}
THINGS = {"card": "Thẻ đảng viên cũ", "citizen_card": "Thẻ căn cước"}


def choices(words: dict[str, str]) -> list[SelectChoice]:
    """WTForms' choices of values and their words."""
    return [SelectChoice(value, word) for value, word in words.items()]


@dataclass(frozen=True)
class Item:
    """What the application passes to the layout: an entry of the navigation, a tab, a crumb."""

    label: str
    url: str = "/"
    current: bool = False


@dataclass(frozen=True)
class Account:
    """Who is signed in."""

    full_name: str = "Nguyễn Thị Bưởi"


class GalleryForm(BaseForm):
    """One field of every kind."""

    full_name = StringField("Họ và tên", validators=required("Đồng chí điền họ và tên."))
    minutes = IntegerField("Số phút một lượt", validators=required("Đồng chí điền số phút."))
    slip_code = StringField("Quét phiếu hẹn hoặc gõ mã phiếu")
    password = PasswordField("Mật khẩu", validators=required("Đồng chí điền mật khẩu."))
    note = TextAreaField("Ghi chú", validators=required("Đồng chí ghi lý do."))
    cell = SelectField("Chi bộ", choices=choices(CELLS))
    reason = RadioField("Lý do", choices=choices(REASONS), validators=required("Đồng chí chọn một lý do."))
    bring = SelectMultipleField("Cần mang theo", choices=choices(THINGS))
    priority = BooleanField("Đi lại khó khăn, được ưu tiên")
    born_on = DateField("Ngày sinh", validators=required("Ngày sinh phải có đủ ngày, tháng, năm – ví dụ 02/01/1950."))
    opens = TimeField("Giờ mở cửa")
    roster = FileField("Tệp danh sách")


def create_gallery() -> Flask:
    """The application: / shows everything, /loi the same with errors, /bao-loi, /xac-nhan and /bang single layouts."""
    app = Flask("gallery", static_folder=str(PACKAGE / "static"), template_folder=None)
    app.config.update(SECRET_KEY="gallery", BABEL_DEFAULT_LOCALE="vi", TESTING=True)
    here = Path(__file__).parent / "templates"
    app.jinja_loader = ChoiceLoader([FileSystemLoader(here), FileSystemLoader(bundled("templates"))])
    Babel(app)
    CSRFProtect(app)
    app.add_template_global(lambda filename: url_for("static", filename=filename), "static_url")
    app.context_processor(_page_context)
    app.after_request(_secure)
    app.add_url_rule("/", view_func=_show_all)
    app.add_url_rule("/loi", view_func=_show_errors)
    app.add_url_rule("/bao-loi", view_func=_show_error_page)
    app.add_url_rule("/xac-nhan", view_func=_show_confirmation)
    app.add_url_rule("/bang", view_func=_show_board)
    app.add_url_rule("/sign-out", endpoint="security.logout", methods=["POST"], view_func=_show_all)
    app.add_url_rule("/again", view_func=_answer_nothing)
    return app


def _page_context() -> dict[str, object]:
    words = (
        "Tổng quan",
        "Danh sách",
        "Đối soát",
        "Lịch hẹn",
        "Giấy hẹn",
        "Quầy tiếp nhận",
        "Chưa thực hiện",
        "Thông báo",
    )
    return {
        "language": "vi",
        "unit_name": "Đảng ủy xã Hàm Thạnh",
        "version": "0.0.0",
        "nav_items": [Item(word, current=word == "Đối soát") for word in words],
        "account": Account(),
        "account_items": [Item("Đổi mật khẩu")],
        "session_seconds": 8 * 60,
        "session_url": "/again",
    }


def _secure(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _show_all() -> ResponseReturnValue:
    flash("Đã lưu 352 đồng chí.", "good")
    return render_template(
        "gallery.html", form=GalleryForm(MultiDict({"full_name": "Trần Văn Đường", "reason": "BUSY"}))
    )


def _show_errors() -> ResponseReturnValue:
    form = GalleryForm(MultiDict({"full_name": "<b>&'\"", "cell": "2"}))
    form.validate()
    return render_template("gallery.html", form=form), 422


def _show_error_page() -> ResponseReturnValue:
    return render_template("errors/error.html", status=404, words=error_words(404)), 404


def _show_confirmation() -> ResponseReturnValue:
    return render_template(
        "layouts/confirm.html",
        heading="Bỏ 12 lượt hẹn của Chi bộ thôn Dân Thuận?",
        explanation=[
            "12 đồng chí sẽ chuyển về danh sách chưa hẹn.",
            "Phiếu đã in của 12 đồng chí không còn dùng được.",
        ],
        confirm_text="Bỏ 12 lượt hẹn",
        cancel_url="/",
        dangerous=True,
        hidden_fields={"block": "7"},
    )


def _show_board() -> ResponseReturnValue:
    return render_template("board.html")


def _answer_nothing() -> ResponseReturnValue:
    return "", 204
