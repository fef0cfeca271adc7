"""Forms of the accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import EqualTo

from cardqueue.core.forms import BaseForm, required


class PasswordForm(BaseForm):
    """The person's own password."""

    old = PasswordField(_l("Mật khẩu hiện nay"), required(_l("Đồng chí nhập mật khẩu hiện nay.")))
    new = PasswordField(_l("Mật khẩu mới"), required(_l("Đồng chí nhập mật khẩu mới.")))
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"), [EqualTo("new", message=_l("Hai lần nhập mật khẩu mới chưa giống nhau."))]
    )
