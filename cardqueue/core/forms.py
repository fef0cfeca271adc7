"""The base of every form: text arrives NFC and trimmed, and the built-in messages speak Vietnamese."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

# WTForms ships no Vietnamese; these are the built-in sentences that our fields can produce.
_BUILT_IN = {
    "This field is required.": _l("Đồng chí điền mục này."),
    "Not a valid choice.": _l("Đồng chí chọn một mục trong danh sách."),
    "Not a valid choice": _l("Đồng chí chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": _l("Đồng chí chọn một mục trong danh sách."),
    "Not a valid integer value.": _l("Mục này phải là số nguyên – ví dụ 4."),
    "Not a valid decimal value.": _l("Mục này phải là số – ví dụ 4,5."),
    "Not a valid float value.": _l("Mục này phải là số – ví dụ 4,5."),
    "Not a valid date value.": _l("Ngày phải có đủ ngày, tháng, năm – ví dụ 09/08/2025."),
    "Not a valid time value.": _l("Giờ phải có giờ và phút – ví dụ 07:30."),
    "Not a valid datetime value.": _l("Ngày giờ chưa đúng – ví dụ 07:30 09/08/2025."),
}


class _Messages:
    def gettext(self, text: str) -> str:
        return str(_BUILT_IN.get(text, text))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(_BUILT_IN.get(singular if n == 1 else plural, singular if n == 1 else plural))


def clean_text(value: Any) -> Any:
    """NFC and trimmed, leaving anything but text alone."""
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


class BaseForm(FlaskForm):  # type: ignore[misc]
    """Every form of the product."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """WTForms' hooks."""

        # The edge has checked the token already, once, for every writing request.
        csrf = False

        def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Add the text filter to every text field."""
            field_class = getattr(unbound_field, "field_class", None)
            if field_class is not None and issubclass(field_class, (StringField, TextAreaField)):
                options["filters"] = [clean_text, *options.get("filters", ())]
            return super().bind_field(form, unbound_field, options)

        def get_translations(self, form: Form) -> _Messages:
            """Vietnamese for the built-in messages."""
            return _Messages()

    def add_error(self, field_name: str, message: str) -> None:
        """Show an error that a service found at the field it belongs to."""
        field = self[field_name]
        field.errors = [*field.errors, message]


def required(message: str) -> Sequence[Any]:
    """The field must be filled in; the message says with what."""
    return [DataRequired(message=message)]


def chosen(message: str) -> Sequence[Any]:
    """One of the choices must be chosen."""
    return [InputRequired(message=message)]


def at_most(length: int) -> Length:
    """Text of at most `length` letters."""
    return Length(max=length, message=_l("Nhiều nhất %(max)d chữ.", max=length))


def between(smallest: float, largest: float) -> NumberRange:
    """A number within both bounds."""
    return NumberRange(
        min=smallest, max=largest, message=_l("Số phải từ %(min)s đến %(max)s.", min=smallest, max=largest)
    )


def may_be_empty() -> Optional:
    """The field may stay empty."""
    return Optional()
