"""The base of every form: text arrives NFC and trimmed, and the built-in messages speak Vietnamese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, Field, Form, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from cardqueue.core.errors import Refused
from cardqueue.core.i18n import show_number
from cardqueue.core.words import error_words, refusal_words

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

    def show_refusal(self, refusal: Refused, field_name: str) -> None:
        """Show at a field what a service refused, in the words of its reason code."""
        words = refusal_words(refusal.reason_code, refusal.values) or error_words(refusal.status)
        self.add_error(field_name, f"{words.explanation} {words.next_step}".strip())


class DayField(DateField):  # type: ignore[misc]
    """A date typed as dd/mm/yyyy, taken loosely."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        formats = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d"]
        super().__init__(label, validators, format=formats, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Spaces around the date are no fault; an empty field is no date."""
        texts = [text for value in valuelist if (text := clean_text(value))]
        super().process_formdata(texts)


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day as people write it: 7:30, 7 giờ 30, 7h30, 7 giờ, 7."""

    # The library's field is untyped; a time or nothing.
    data: Any

    _WRITTEN = re.compile(r"(\d{1,2})(?:\s*(?:giờ|gio|h|g|:|\.)\s*(\d{1,2})?\s*(?:phút|p)?)?\Z", re.IGNORECASE)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read hours and minutes; an empty field is no time."""
        self.data = None
        text = clean_text(valuelist[0]) if valuelist else ""
        if not text:
            return
        written = self._WRITTEN.match(text)
        if written is None or int(written[1]) > 23 or int(written[2] or 0) > 59:
            raise ValueError(str(_BUILT_IN["Not a valid time value."]))
        self.data = time(int(written[1]), int(written[2] or 0))


class AmountField(DecimalField):  # type: ignore[misc]
    """A number with a decimal comma or point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a comma as the decimal point."""
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist if value.strip()])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else show_number(self.data)


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
