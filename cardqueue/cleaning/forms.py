"""Forms of the lists."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField

from cardqueue.core.forms import BaseForm


class ListForm(BaseForm):
    """A form that takes lists of members as files."""


class WriteBackForm(ListForm):
    """The committee's own list, to get it back with its results."""

    file = FileField(_l("File nhập liệu 4.0"))


class CompareForm(ListForm):
    """Two lists to be compared; without the second one the members stand in its place."""

    old = FileField(_l("Danh sách cũ"))
    new = FileField(_l("Danh sách mới"))
