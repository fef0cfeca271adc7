"""Forms of a hash-only hand-over: the key, once, and the file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField

from cardqueue.core.forms import BaseForm
from cardqueue.verification.handover.hashing import HandoverKey, UnreadableKey, read_key
from cardqueue.verification.words_handover import KEY_FAULTS

_LONGEST_KEY = 2_000


class KeyForm(BaseForm):
    """The key of a hand-over, pasted or as its file."""

    text = TextAreaField(_l("Nội dung tệp khóa"))
    key_file = FileField(_l("Hoặc chọn tệp khóa"))

    def key(self) -> HandoverKey | None:
        """The key; None, with the fault at its field, where there is none."""
        given = self.key_file.data
        content = given.read(_LONGEST_KEY) if given else (self.text.data or "").encode()
        try:
            return read_key(content.decode("utf-8", "replace")[:_LONGEST_KEY])
        except UnreadableKey as error:
            self.add_error("key_file" if given else "text", str(KEY_FAULTS[error.fault]))
            return None

    def forget(self) -> None:
        """Let no page carry the key back."""
        self.text.data, self.text.raw_data = "", None


class HandoverForm(BaseForm):
    """The file of a hand-over."""

    file = FileField(_l("Tệp bàn giao (.cqh)"), [FileRequired(_l("Đồng chí chọn tệp bàn giao mã băm."))])
