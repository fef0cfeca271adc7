"""Forms of the roster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)

from cardqueue.core.forms import BaseForm, at_most, between, may_be_empty, required
from cardqueue.core.logs import mask_numbers
from cardqueue.lib.partial_date import PartialDate
from cardqueue.lib.phone import format_phone, read_phone
from cardqueue.organisation.models import Cell
from cardqueue.roster.models import Member, MemberStatus, Sex
from cardqueue.roster.reading import ColumnGuess, Field, RosterRow, Severity, field_label
from cardqueue.roster.rules.cells import CREATE, SKIP, UnknownCell, cell_key, choice_of, chosen_key
from cardqueue.roster.rules.layouts import MOST_HEADER_ROWS, Layout
from cardqueue.roster.rules.rows import Finding
from cardqueue.roster.words import SEX_WORDS, STATUS_WORDS, sentence

# Asked for on every list, and those that only some lists have.
MAIN_FIELDS = (
    Field.NAME,
    Field.SEX,
    Field.BIRTH,
    Field.CITIZEN_ID,
    Field.CARD_NO,
    Field.CELL,
    Field.JOINED,
    Field.OFFICIAL,
    Field.PHONE,
    Field.STATUS,
)
OTHER_FIELDS = (
    Field.FAMILY_NAMES,
    Field.GIVEN_NAME,
    Field.MALE,
    Field.FEMALE,
    Field.BIRTH_DAY,
    Field.BIRTH_MONTH,
    Field.BIRTH_YEAR,
    Field.OLD_ID,
    Field.OLD_CARD_NO,
    Field.JOINED_AND_OFFICIAL,
    Field.PROBATIONARY,
    Field.MOVED_OUT,
    Field.LEFT_PARTY,
    Field.DECEASED,
    Field.NOTE,
    Field.NUMBER,
)
_LONGEST_CHOICE = 90
_SEXES = [SelectChoice(sex.value, word) for sex, word in SEX_WORDS.items()]
_STATUSES = [SelectChoice(status.value, word) for status, word in STATUS_WORDS.items()]


class UploadForm(BaseForm):
    """A list to be read."""

    file = FileField(_l("Tệp danh sách đảng viên"))


class SheetForm(BaseForm):
    """Whether and how one sheet is read."""

    reads = BooleanField(_l("Đọc trang tính này"))
    header_row = IntegerField(_l("Tiêu đề bắt đầu ở dòng số"), [between(0, 200)])
    header_row_count = IntegerField(_l("Tiêu đề chiếm mấy dòng"), [between(0, MOST_HEADER_ROWS)])
    cell_name = StringField(_l("Chi bộ của cả trang tính"), [may_be_empty(), at_most(120)])


class ColumnsForm(BaseForm):
    """Which column of a layout holds what; one select for each field, named as the field."""

    def offer(self, columns: Sequence[ColumnGuess]) -> None:
        """Offer the columns that there are, each with its title and samples."""
        choices = [SelectChoice("", _l("Không có trong tệp")), *(_column_choice(column) for column in columns)]
        for field in (*MAIN_FIELDS, *OTHER_FIELDS):
            self[field.value].choices = choices

    def chosen(self) -> dict[int, Field]:
        """The columns with what they hold. Call it after validation: each column stands once."""
        return {int(self[field.value].data): field for field in (*MAIN_FIELDS, *OTHER_FIELDS) if self[field.value].data}

    def validate_once_each(self) -> bool:
        """Whether no column was chosen twice; says so at the second field otherwise."""
        taken: dict[str, Field] = {}
        for field in (*MAIN_FIELDS, *OTHER_FIELDS):
            value = self[field.value].data
            if value and value in taken:
                first = field_label(taken[value], _)
                self.add_error(field.value, _("Cột này đã chọn cho mục “%(first)s”.", first=first))
            elif value:
                taken[value] = field
        return not self.errors


for _field in (*MAIN_FIELDS, *OTHER_FIELDS):
    setattr(ColumnsForm, _field.value, SelectField())


def columns_form(layout: Layout, number: int) -> ColumnsForm:
    """The form of a layout, filled with what its columns were taken for."""
    guessed = {field.value: str(column) for column, field in layout.fields.items()}
    form = ColumnsForm(prefix=f"layout{number}", data=guessed)
    for field in (*MAIN_FIELDS, *OTHER_FIELDS):
        form[field.value].label.text = field_label(field, _)
    form.offer(layout.columns)
    return form


class PersonForm(BaseForm):
    """A person as people write one: dates may be partial, numbers may have blanks."""

    full_name = StringField(_l("Họ và tên"), [*required(_l("Đồng chí ghi họ và tên.")), at_most(120)])
    # Not checked: a person whose sex is not known yet has neither chosen.
    sex = RadioField(_l("Giới tính"), choices=_SEXES, validate_choice=False)
    birth_on = StringField(_l("Ngày sinh"), [at_most(40)])
    citizen_id = StringField(_l("Số định danh cá nhân"), [at_most(40)])
    old_id = StringField(_l("Số CMND cũ"), [at_most(40)])
    card_no = StringField(_l("Số thẻ đảng viên"), [at_most(40)])
    joined_on = StringField(_l("Ngày vào Đảng"), [at_most(40)])
    official_on = StringField(_l("Ngày chính thức"), [at_most(40)])
    phone = StringField(_l("Số điện thoại"), [at_most(40)])
    status = SelectField(_l("Trạng thái"), choices=_STATUSES)

    def values(self) -> dict[Field, str]:
        """What was typed, as a list would have it."""
        sex = self.sex.data if self.sex.data in set(Sex) else ""
        return {
            Field.NAME: self.full_name.data or "",
            Field.SEX: str(SEX_WORDS[Sex(sex)]) if sex else "",
            Field.BIRTH: self.birth_on.data or "",
            Field.CITIZEN_ID: self.citizen_id.data or "",
            Field.OLD_ID: self.old_id.data or "",
            Field.CARD_NO: self.card_no.data or "",
            Field.JOINED: self.joined_on.data or "",
            Field.OFFICIAL: self.official_on.data or "",
            Field.PHONE: self.phone.data or "",
            Field.STATUS: self.status.data or "",
        }

    def show_findings(self, findings: Iterable[Finding], *, severities: Iterable[Severity]) -> None:
        """Show findings of these severities at the fields they belong to."""
        wanted = frozenset(severities)
        for finding in findings:
            if finding.severity in wanted:
                self.add_error(_FORM_FIELDS.get(finding.field or Field.NAME, "full_name"), sentence(finding))


class RowForm(PersonForm):
    """A row of a list, to be corrected."""

    cell = StringField(_l("Chi bộ"), [at_most(120)])

    def values(self) -> dict[Field, str]:
        """What was typed, as a list would have it."""
        return super().values() | {Field.CELL: self.cell.data or ""}


class MemberForm(PersonForm):
    """A member of the list."""

    cell = SelectField(_l("Chi bộ"))
    needs_help = BooleanField(_l("Cần hỗ trợ khi đến điểm thu nhận"))

    def offer(self, cells: Sequence[Cell]) -> None:
        """Offer the committee's cells."""
        self.cell.choices = [SelectChoice(str(cell.id), cell.name) for cell in cells]


class ContactForm(BaseForm):
    """What a cell secretary keeps up to date."""

    phone = StringField(_l("Số điện thoại"), [at_most(40)])
    needs_help = BooleanField(_l("Cần hỗ trợ khi đến điểm thu nhận"))

    def validate_phone(self, field: StringField) -> None:
        """The number is one that can be dialled."""
        if not read_phone(field.data or "").is_usable:
            raise ValidationError(_("Số điện thoại chưa đúng – ví dụ 0912 345 678."))


class CellChoiceForm(BaseForm):
    """What a cell that the committee has not yet is."""

    choice = SelectField(_l("Là chi bộ nào"))

    def offer(self, cell: UnknownCell, cells: Sequence[Cell], unknown: Sequence[UnknownCell]) -> None:
        """Offer a new cell, those that stand, and the other new ones; near names first."""
        names = {choice_of(cell_key(one.name)): one.name for one in cells}
        names |= {choice_of(one.key): one.name for one in unknown if one.key and one.key != cell.key}
        near = [SelectChoice(value, _("Có phải là %(name)s?", name=names[value])) for value in cell.near]
        others = [SelectChoice(value, name) for value, name in names.items() if value not in cell.near]
        create = [SelectChoice(CREATE, _("Tạo chi bộ mới: %(name)s", name=cell.name))] if cell.key else []
        ask = [] if self.choice.data else [SelectChoice("", _l("Đồng chí chọn"))]
        self.choice.choices = [*ask, *near, *create, *others, SelectChoice(SKIP, _l("Không lưu các dòng này"))]

    def validate_choice(self, field: SelectField) -> None:
        """Something was chosen."""
        if not field.data or (field.data not in (CREATE, SKIP) and chosen_key(field.data) is None):
            raise ValidationError(_("Đồng chí chọn một mục trong danh sách."))


class SaveForm(BaseForm):
    """Who of those no longer listed leaves the list."""

    remove = SelectMultipleField(_l("Đưa khỏi danh sách những đồng chí được chọn"), coerce=int)

    def offer(self, gone: Sequence[Member]) -> None:
        """Offer those whom the list does not name any more."""
        self.remove.choices = [SelectChoice(member.id, f"{member.full_name} – {member.cell.name}") for member in gone]


def row_data(row: RosterRow, findings: Iterable[Finding]) -> dict[str, str]:
    """What a row says, as it would be typed; what could not be read stands as it was found."""
    found = {
        finding.field: finding.found
        for finding in findings
        if finding.severity is not Severity.NOTE and finding.found and finding.field
    }

    def text(field: Field, value: str | None) -> str:
        return value or found.get(field, "")

    return {
        "full_name": row.full_name,
        "sex": row.sex or "",
        "birth_on": text(Field.BIRTH, _display(row.birth_on)),
        "citizen_id": text(Field.CITIZEN_ID, row.citizen_id),
        "old_id": row.old_id or "",
        "card_no": text(Field.CARD_NO, row.card_no),
        "cell": row.cell or "",
        "joined_on": text(Field.JOINED, _display(row.joined_on)),
        "official_on": text(Field.OFFICIAL, _display(row.official_on)),
        "phone": text(Field.PHONE, format_phone(row.phone)),
        "status": row.status.value,
    }


def member_data(member: Member) -> Mapping[str, object]:
    """What is kept of a member, as it would be typed."""

    def day(text: str | None) -> str:
        return PartialDate.from_iso(text).display() if text else ""

    return {
        "full_name": member.full_name,
        "sex": member.sex or "",
        "birth_on": day(member.birth_on),
        "citizen_id": member.citizen_id or "",
        "old_id": member.old_id or "",
        "card_no": member.card_no or "",
        "cell": str(member.cell_id),
        "joined_on": day(member.joined_on),
        "official_on": day(member.official_on),
        "phone": format_phone(member.phone),
        "status": MemberStatus(member.status).value,
        "needs_help": member.needs_help,
    }


_FORM_FIELDS = {
    Field.NAME: "full_name",
    Field.SEX: "sex",
    Field.BIRTH: "birth_on",
    Field.CITIZEN_ID: "citizen_id",
    Field.OLD_ID: "old_id",
    Field.CARD_NO: "card_no",
    Field.OLD_CARD_NO: "card_no",
    Field.CELL: "cell",
    Field.JOINED: "joined_on",
    Field.OFFICIAL: "official_on",
    Field.PHONE: "phone",
    Field.STATUS: "status",
}


def _column_choice(column: ColumnGuess) -> SelectChoice:
    samples = "; ".join(mask_numbers(sample) for sample in column.samples)
    text = f"{column.letter} · {column.title or '–'}" + (f" ({samples})" if samples else "")
    return SelectChoice(str(column.index), text if len(text) <= _LONGEST_CHOICE else f"{text[:_LONGEST_CHOICE]}…")


def _display(value: PartialDate | None) -> str:
    return value.display() if value else ""
