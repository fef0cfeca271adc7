"""Forms of the organisation, of campaigns and of opening windows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Regexp, ValidationError

from cardqueue.core.forms import (
    AmountField,
    BaseForm,
    ClockField,
    DayField,
    at_most,
    between,
    chosen,
    may_be_empty,
    required,
)
from cardqueue.lib.phone import format_phone, read_phone
from cardqueue.organisation.models import CampaignKind, Cell, CellKind, Committee, Province, Station
from cardqueue.organisation.rules import DAY_PARTS, MOST_DAYS_AT_ONCE, Opening, list_days, opening_on
from cardqueue.organisation.services import CampaignDetails, CellDetails, CommitteeDetails, StationDetails
from cardqueue.organisation.words import CAMPAIGN_KIND_WORDS, CELL_KIND_WORDS, WEEKDAY_WORDS

_WEEKDAYS = [SelectChoice(day, word) for day, word in enumerate(WEEKDAY_WORDS)]
_CELL_KINDS = [SelectChoice(kind.value, word) for kind, word in CELL_KIND_WORDS.items()]
_CAMPAIGN_KINDS = [SelectChoice(kind.value, word) for kind, word in CAMPAIGN_KIND_WORDS.items()]
_PROVINCE = _l("Đồng chí chọn tỉnh, thành phố.")


def _province_choices(provinces: Sequence[Province]) -> list[SelectChoice]:
    return [SelectChoice("", _l("Chọn tỉnh, thành phố")), *(SelectChoice(one.code, one.name) for one in provinces)]


class CommitteeForm(BaseForm):
    """A committee, and the stations where its members come."""

    name = StringField(_l("Tên đảng ủy"), [*required(_l("Đồng chí nhập tên đảng ủy.")), at_most(120)])
    superior_name = StringField(
        _l("Tên cấp trên"), [*required(_l("Đồng chí nhập tên cấp trên, ví dụ ĐẢNG BỘ TỈNH LÂM ĐỒNG.")), at_most(120)]
    )
    place_name = StringField(_l("Địa danh"), [*required(_l("Đồng chí nhập địa danh, ví dụ Hàm Thạnh.")), at_most(80)])
    province_code = SelectField(_l("Tỉnh, thành phố"), chosen(_PROVINCE))
    commune_code = HiddenField()
    contact_name = StringField(_l("Người liên hệ"), [at_most(80)])
    contact_phone = StringField(_l("Điện thoại liên hệ"), [at_most(30)])
    station_ids = SelectMultipleField(_l("Điểm thu nhận phục vụ"), coerce=int)

    def offer(self, provinces: Sequence[Province], stations: Sequence[Station]) -> None:
        """Offer the provinces and stations to choose from."""
        self.province_code.choices = _province_choices(provinces)
        self.station_ids.choices = [SelectChoice(station.id, station.name) for station in stations]

    @property
    def details(self) -> CommitteeDetails:
        """What was typed."""
        return CommitteeDetails(
            name=self.name.data,
            superior_name=self.superior_name.data,
            place_name=self.place_name.data,
            province_code=self.province_code.data,
            commune_code=self.commune_code.data or None,
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
        )


class StationForm(BaseForm):
    """A station."""

    name = StringField(_l("Tên điểm thu nhận"), [*required(_l("Đồng chí nhập tên điểm thu nhận.")), at_most(120)])
    address = StringField(_l("Địa chỉ"), [at_most(200)])
    phone = StringField(_l("Điện thoại"), [at_most(30)])
    province_code = SelectField(_l("Tỉnh, thành phố"), chosen(_PROVINCE))

    def offer(self, provinces: Sequence[Province]) -> None:
        """Offer the provinces to choose from."""
        self.province_code.choices = _province_choices(provinces)

    @property
    def details(self) -> StationDetails:
        """What was typed."""
        return StationDetails(
            name=self.name.data,
            province_code=self.province_code.data,
            address=self.address.data or "",
            phone=self.phone.data or "",
        )


class NewStationForm(StationForm):
    """A station with its first lines."""

    line_count = IntegerField(_l("Số dây chuyền"), [InputRequired(_l("Đồng chí nhập số dây chuyền.")), between(1, 30)])


class LineForm(BaseForm):
    """A line of a station."""

    number = IntegerField(_l("Số dây chuyền"), [InputRequired(_l("Đồng chí nhập số của dây chuyền.")), between(1, 99)])
    desk = StringField(_l("Tên bàn"), [*required(_l("Đồng chí nhập tên bàn, ví dụ Bàn 1.")), at_most(40)])
    is_active = BooleanField(_l("Đang sử dụng"), default=True)


class CellForm(BaseForm):
    """A cell of a committee."""

    name = StringField(_l("Tên chi bộ"), [*required(_l("Đồng chí nhập tên chi bộ.")), at_most(120)])
    kind = SelectField(
        _l("Loại chi bộ"), choices=[SelectChoice(kind.value, word) for kind, word in CELL_KIND_WORDS.items()]
    )
    org_code = StringField(_l("Mã tổ chức đảng"), [at_most(20)])
    secretary_name = StringField(_l("Bí thư chi bộ"), [at_most(80)])
    secretary_phone = StringField(_l("Điện thoại của Bí thư"), [at_most(30)])
    travel_minutes = IntegerField(
        _l("Số phút đi đến điểm thu nhận"),
        [InputRequired(_l("Đồng chí nhập số phút; ở gần thì nhập 0.")), between(0, 600)],
    )

    @classmethod
    def of(cls, cell: Cell) -> CellForm:
        """The form as a cell fills it."""
        kept = {name: getattr(cell, name) for name in CellDetails.__dataclass_fields__}
        return cls(data=kept | {"kind": str(cell.kind), "secretary_phone": format_phone(cell.secretary_phone)})

    def validate_secretary_phone(self, field: StringField) -> None:
        """Only a number that can be dialled is kept."""
        if not read_phone(field.data).is_usable:
            raise ValidationError(_l("Số điện thoại phải có 10 chữ số, ví dụ 0912 345 678."))

    @property
    def details(self) -> CellDetails:
        """What was typed."""
        return CellDetails(
            name=self.name.data,
            kind=CellKind(self.kind.data),
            org_code=self.org_code.data or None,
            secretary_name=self.secretary_name.data or "",
            secretary_phone=read_phone(self.secretary_phone.data).number,
            travel_minutes=self.travel_minutes.data,
        )


class CampaignForm(BaseForm):
    """A campaign: dates, numbers, texts, and who takes part."""

    name = StringField(_l("Tên đợt"), [*required(_l("Đồng chí nhập tên đợt.")), at_most(120)])
    kind = RadioField(
        _l("Loại"), choices=[SelectChoice(kind.value, word) for kind, word in CAMPAIGN_KIND_WORDS.items()]
    )
    province_code = SelectField(_l("Tỉnh, thành phố"), chosen(_PROVINCE))
    starts_on = DayField(_l("Ngày bắt đầu"), chosen(_l("Đồng chí nhập ngày bắt đầu.")))
    deadline_on = DayField(_l("Hạn hoàn thành"), chosen(_l("Đồng chí nhập hạn hoàn thành.")))
    committee_ids = SelectMultipleField(_l("Đảng bộ tham gia"), coerce=int)
    minutes_per_member = AmountField(
        _l("Số phút một lượt"), [InputRequired(_l("Đồng chí nhập số phút một lượt.")), between(0.5, 60)]
    )
    early_minutes = IntegerField(
        _l("Đến sớm nhiều nhất"), [InputRequired(_l("Đồng chí nhập số phút được đến sớm.")), between(0, 240)]
    )
    late_minutes = IntegerField(
        _l("Đến muộn nhiều nhất"), [InputRequired(_l("Đồng chí nhập số phút được đến muộn.")), between(0, 240)]
    )
    legal_basis = TextAreaField(_l("Căn cứ"), [at_most(2000)])
    slip_title = StringField(_l("Tiêu đề giấy hẹn"), [*required(_l("Đồng chí nhập tiêu đề giấy hẹn.")), at_most(80)])
    bring_text = TextAreaField(_l("Mang theo"), [at_most(600)])
    dress_text = TextAreaField(_l("Trang phục"), [at_most(300)])
    note_text = TextAreaField(_l("Dặn thêm"), [at_most(600)])
    reserve_percent = IntegerField(_l("Để dành cho người hẹn lại"), [may_be_empty(), between(0, 50)])
    chief_confirms = BooleanField(_l("Trưởng điểm thu nhận xác nhận lịch trước khi công bố"))
    has_fictitious_ids = BooleanField(_l("Đợt diễn tập, dùng số định danh giả"))

    def offer(self, provinces: Sequence[Province], committees: Sequence[Committee]) -> None:
        """Offer the provinces and committees to choose from."""
        self.province_code.choices = _province_choices(provinces)
        self.committee_ids.choices = [SelectChoice(committee.id, committee.name) for committee in committees]

    @property
    def details(self) -> CampaignDetails:
        """What was typed."""
        typed = {name: self[name].data for name in CampaignDetails.__dataclass_fields__}
        return CampaignDetails(
            **typed | {"kind": CampaignKind(self.kind.data), "reserve_percent": self.reserve_percent.data or 0}
        )


_LINES = [InputRequired(_l("Đồng chí nhập số dây chuyền.")), between(0, 99)]


class WindowForm(BaseForm):
    """One opening window."""

    day_on = DayField(_l("Ngày"), chosen(_l("Đồng chí nhập ngày.")))
    start = ClockField(_l("Từ"), [InputRequired(_l("Đồng chí nhập giờ bắt đầu."))])
    end = ClockField(_l("Đến"), [InputRequired(_l("Đồng chí nhập giờ kết thúc."))])
    line_count = IntegerField(_l("Số dây chuyền"), _LINES)
    place = StringField(_l("Nơi đội lưu động đến"), [at_most(200)])

    def validate_end(self, field: ClockField) -> None:
        """It must be later than the start."""
        if field.data and self.start.data and field.data <= self.start.data:
            raise ValidationError(_l("Giờ kết thúc phải sau giờ bắt đầu."))

    @property
    def opening(self) -> Opening:
        """The window that is wanted."""
        return opening_on(self.day_on.data, self.start.data, self.end.data, self.line_count.data, self.place.data or "")


class ChangedWindowForm(BaseForm):
    """When an existing window ends, and its lines."""

    end = ClockField(_l("Đến"), [InputRequired(_l("Đồng chí nhập giờ kết thúc."))])
    line_count = IntegerField(_l("Số dây chuyền"), _LINES)


class WindowSeriesForm(BaseForm):
    """The same parts of several days. A part without times is left out."""

    first_on = DayField(_l("Từ ngày"), chosen(_l("Đồng chí nhập ngày đầu.")))
    last_on = DayField(_l("Đến ngày"), chosen(_l("Đồng chí nhập ngày cuối.")))
    weekdays = SelectMultipleField(_l("Các thứ trong tuần"), coerce=int, choices=_WEEKDAYS, default=list(range(7)))
    morning_start = ClockField(_l("Sáng từ"), [may_be_empty()], default=DAY_PARTS["morning"][0])
    morning_end = ClockField(_l("Sáng đến"), [may_be_empty()], default=DAY_PARTS["morning"][1])
    afternoon_start = ClockField(_l("Chiều từ"), [may_be_empty()], default=DAY_PARTS["afternoon"][0])
    afternoon_end = ClockField(_l("Chiều đến"), [may_be_empty()], default=DAY_PARTS["afternoon"][1])
    evening_start = ClockField(_l("Tối từ"), [may_be_empty()])
    evening_end = ClockField(_l("Tối đến"), [may_be_empty()])
    line_count = IntegerField(_l("Số dây chuyền"), _LINES)

    def validate_last_on(self, field: DayField) -> None:
        """Not before the first day, and not so far that a typing mistake makes thousands of windows."""
        if not (field.data and self.first_on.data):
            return
        if field.data < self.first_on.data:
            raise ValidationError(_l("Ngày cuối phải từ ngày đầu trở đi."))
        if (field.data - self.first_on.data).days >= MOST_DAYS_AT_ONCE:
            raise ValidationError(_l("Mỗi lần thêm nhiều nhất %(most)d ngày.", most=MOST_DAYS_AT_ONCE))

    def validate(self, extra_validators: Any = None) -> bool:
        """A part of the day has both times, in order, or none."""
        fits = super().validate(extra_validators)
        for part in DAY_PARTS:
            start, end = self[f"{part}_start"], self[f"{part}_end"]
            if start.errors or end.errors:
                continue
            if (start.data is None) != (end.data is None):
                self.add_error(f"{part}_end", _l("Đồng chí nhập cả hai giờ, hoặc để trống cả hai."))
                fits = False
            elif start.data and end.data <= start.data:
                self.add_error(f"{part}_end", _l("Giờ kết thúc phải sau giờ bắt đầu."))
                fits = False
        return bool(fits)

    @property
    def openings(self) -> list[Opening]:
        """The windows that are wanted."""
        spans = [(self[f"{part}_start"].data, self[f"{part}_end"].data) for part in DAY_PARTS]
        days = list_days(self.first_on.data, self.last_on.data, self.weekdays.data)
        return [opening_on(day, *span, self.line_count.data) for day in days for span in spans if span[0]]


class CopyDayForm(BaseForm):
    """The days that get the windows of another day."""

    first_on = DayField(_l("Từ ngày"), chosen(_l("Đồng chí nhập ngày đầu.")))
    last_on = DayField(_l("Đến ngày"), chosen(_l("Đồng chí nhập ngày cuối.")))
    weekdays = SelectMultipleField(_l("Các thứ trong tuần"), coerce=int, choices=_WEEKDAYS, default=list(range(7)))
    validate_last_on = WindowSeriesForm.validate_last_on

    def days_without(self, source_on: date) -> list[date]:
        """The days that were chosen; the copied day itself is none of them."""
        return [day for day in list_days(self.first_on.data, self.last_on.data, self.weekdays.data) if day != source_on]


class QuotasForm(BaseForm):
    """The members per day of each committee that shares a station; an empty field is no limit."""

    @classmethod
    def for_committees(cls, committees: Sequence[Committee]) -> type[QuotasForm]:
        """The form with a field for each committee."""
        fields = {
            f"committee_{committee.id}": IntegerField(committee.name, [may_be_empty(), between(1, 5000)])
            for committee in committees
        }
        return type("QuotasForm", (cls,), fields)

    @property
    def quotas(self) -> dict[int, int | None]:
        """What was typed, by committee id."""
        return {int(name.removeprefix("committee_")): value for name, value in self.data.items()}


class ProvinceForm(BaseForm):
    """A province of the unit list."""

    code = StringField(_l("Mã tỉnh"), [Regexp(r"^[0-9]{2}$", message=_l("Mã tỉnh có 2 chữ số, ví dụ 68."))])
    name = StringField(_l("Tên tỉnh, thành phố"), [*required(_l("Đồng chí nhập tên tỉnh, thành phố.")), at_most(80)])


class CommuneForm(BaseForm):
    """A commune of the unit list."""

    code = StringField(_l("Mã xã"), [Regexp(r"^[0-9]{5}$", message=_l("Mã xã có 5 chữ số, ví dụ 23122."))])
    name = StringField(
        _l("Tên xã, phường, đặc khu"), [*required(_l("Đồng chí nhập tên, ví dụ Xã Hàm Thạnh.")), at_most(80)]
    )
    kind = SelectField(_l("Loại"), choices=[SelectChoice(kind, kind) for kind in ("Xã", "Phường", "Đặc khu")])
    province_code = SelectField(_l("Tỉnh, thành phố"), chosen(_PROVINCE))

    def offer(self, provinces: Sequence[Province]) -> None:
        """Offer the provinces to choose from."""
        self.province_code.choices = _province_choices(provinces)


class UnitFileForm(BaseForm):
    """A newer unit list."""

    file = FileField(_l("Tệp danh mục (CSV)"))
