"""Forms of the accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import EqualTo, Regexp

from cardqueue.accounts.services import Unit
from cardqueue.accounts.words import ROLE_WORDS
from cardqueue.core.access import Role
from cardqueue.core.forms import BaseForm, at_most, chosen, required


class PasswordForm(BaseForm):
    """The person's own password."""

    old = PasswordField(_l("Mật khẩu hiện nay"), required(_l("Đồng chí nhập mật khẩu hiện nay.")))
    new = PasswordField(_l("Mật khẩu mới"), required(_l("Đồng chí nhập mật khẩu mới.")))
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"), [EqualTo("new", message=_l("Hai lần nhập mật khẩu mới chưa giống nhau."))]
    )


class RoleForm(BaseForm):
    """What kind of work the account is for; sent with GET, since it only leads to the next form."""

    role = RadioField(
        _l("Vai trò"),
        chosen(_l("Đồng chí chọn một vai trò.")),
        choices=[SelectChoice(role.value, word) for role, word in ROLE_WORDS.items()],
    )


class AccountForm(BaseForm):
    """A person and the unit that the role needs; an administrator has none."""

    full_name = StringField(_l("Họ và tên"), [*required(_l("Đồng chí nhập họ và tên.")), at_most(80)])
    unit = SelectField(_l("Đơn vị"), chosen(_l("Đồng chí chọn đơn vị.")))

    def offer(self, role: Role, units: list[tuple[str, str]]) -> None:
        """Offer the units of the role."""
        if role is Role.ADMIN:
            del self.unit
        else:
            self.unit.choices = [
                SelectChoice("", _l("Chọn đơn vị")),
                *(SelectChoice(value, name) for value, name in units),
            ]

    def unit_of(self, role: Role) -> Unit:
        """The chosen unit, at the place that the role needs."""
        match role:
            case Role.ADMIN:
                return Unit()
            case Role.COMMITTEE:
                return Unit(committee_id=int(self.unit.data))
            case Role.CELL_SECRETARY:
                return Unit(cell_id=int(self.unit.data))
            case Role.OFFICER | Role.STATION_CHIEF:
                return Unit(station_id=int(self.unit.data))
            case _:
                return Unit(province_code=self.unit.data)


class NewAccountForm(AccountForm):
    """An account that does not exist yet."""

    username = StringField(
        _l("Tên đăng nhập"),
        [
            *required(_l("Đồng chí nhập tên đăng nhập.")),
            at_most(64),
            Regexp(
                r"^[A-Za-z0-9._-]+\Z",
                message=_l("Tên đăng nhập chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch ngang, gạch dưới."),
            ),
        ],
    )
