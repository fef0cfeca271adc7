"""The evening report to the Standing Committee, ready to print, number and sign; the same tallies as the screen.

It is Vietnamese whatever the language of the screen, and names nobody's number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from cardqueue.cases.models import Case, PendingReason
from cardqueue.cases.queries import Tally
from cardqueue.cases.words import REASON_WORDS
from cardqueue.core.i18n import in_vietnamese
from cardqueue.core.pdf.paper import Column, Paper
from cardqueue.lib.clock import format_date, format_day, format_time, to_local
from cardqueue.organisation.letterhead import bare_cell_name, issuer_of, place_and_date
from cardqueue.organisation.models import Campaign, CampaignKind, Committee, Window
from cardqueue.reports.queries import Evening, OpenDay, Progress
from cardqueue.reports.rules import percent_of

SYMBOL = "Số          -BC/ĐU"
ABOUT = {
    CampaignKind.EXCHANGE: "kết quả đổi thẻ đảng viên",
    CampaignKind.FIRST_ISSUE: "kết quả phát thẻ đảng viên",
    CampaignKind.REISSUE: "kết quả cấp lại thẻ đảng viên",
}
LINES_TO_WRITE_ON = 4

_WRONG = (PendingReason.WRONG_INFO, PendingReason.ID_MISSING, PendingReason.NO_OLD_CARD)
_ABSENT = (PendingReason.NO_SHOW, PendingReason.AWAY, PendingReason.BUSY, PendingReason.WEAK_HEALTH)

_CELL_COLUMNS = (
    Column("STT", 12, is_centred=True),
    Column("Chi bộ", 52),
    Column("Trong diện", 19, is_centred=True),
    Column("Đã thu nhận", 20, is_centred=True),
    Column("Tỷ lệ", 20, is_centred=True),
    Column("Chưa thực hiện", 22, is_centred=True),
    Column("Chưa đến lượt", 20, is_centred=True),
)
_PENDING_COLUMNS = (
    Column("STT", 12, is_centred=True),
    Column("Họ và tên", 37),
    Column("Năm sinh", 13, is_centred=True),
    Column("Chi bộ", 35),
    Column("Lý do", 29),
    Column("Người xử lý", 24),
    Column("Hạn xử lý", 24, is_centred=True),
)


def draw_evening_report(campaign: Campaign, committee: Committee, evening: Evening) -> bytes:
    """The report as PDF."""
    with in_vietnamese():
        return _Report(campaign, committee, evening).drawn()


class _Report:
    """Writes the report from top to bottom."""

    def __init__(self, campaign: Campaign, committee: Committee, evening: Evening) -> None:
        self.campaign = campaign
        self.committee = committee
        self.evening = evening
        self.total = evening.total
        self.until = f"{format_time(evening.at)} {_day(to_local(evening.at).date())}"
        self.about = ABOUT[CampaignKind(campaign.kind)]
        self.paper = Paper(title=f"Báo cáo {self.about}")

    def drawn(self) -> bytes:
        superior, issuer = issuer_of(self.committee)
        self.paper.heading(
            superior=superior,
            issuer=issuer,
            number=SYMBOL,
            place_and_date=place_and_date(self.committee.place_name, to_local(self.evening.at).date()),
        )
        self.paper.title("BÁO CÁO", self.about)
        self.paper.paragraph(f"{self._basis()}{self.committee.name} báo cáo {self.about} đến {self.until} như sau:")
        self._progress_of_work()
        self._results()
        self._pending()
        self._difficulties()
        self._what_comes()
        self.paper.ending(
            f"Trên đây là báo cáo {self.about} của {self.committee.name} đến {self.until}.",
            recipients=(
                f"- Ban Thường vụ {self.committee.name},",
                "- .................................,",
                "- Lưu Đảng ủy.",
            ),
            on_behalf_of="T/M BAN THƯỜNG VỤ",
        )
        return self.paper.finished()

    def _basis(self) -> str:
        """What the campaign is founded on, as the words before who reports: "Thực hiện A; B, "."""
        lines = (line.strip().rstrip(".;,") for line in self.campaign.legal_basis.splitlines())
        named = "; ".join(line for line in lines if line)
        return f"Thực hiện {named}, " if named else ""

    def _progress_of_work(self) -> None:
        campaign, paper, evening = self.campaign, self.paper, self.evening
        paper.section("I- TÌNH HÌNH TRIỂN KHAI")
        cells = sum(1 for row in evening.rows if row.tally.invited)
        paper.paragraph(
            f"1. {campaign.name}: bắt đầu từ {_day(campaign.starts_on)}, hạn hoàn thành {_day(campaign.deadline_on)}; "
            f"{_count(self.total.invited)} đảng viên trong diện, thuộc {_count(cells)} chi bộ."
        )
        days = len({day.on for day in evening.past})
        spans = sum(len(day.windows) for day in evening.past)
        if days:
            paper.paragraph(f"2. Đã tổ chức thu nhận {_count(days)} ngày, {_count(spans)} buổi:")
            self._days(evening.past)
        else:
            paper.paragraph("2. Chưa có buổi thu nhận nào.")
        measured = evening.minutes
        minutes = _decimal(campaign.minutes_per_member if measured is None else measured)
        source = (
            f"số trung vị của {_count(evening.served)} lượt"
            if measured is not None
            else "theo kế hoạch, chưa đủ số lượt để đo"
        )
        paper.paragraph(f"3. Thời gian thu nhận một đồng chí tại dây chuyền: {minutes} phút ({source}).")

    def _results(self) -> None:
        total, today, paper = self.total, self.evening.today, self.paper
        paper.section("II- KẾT QUẢ")
        paper.part("1. Kết quả chung")
        paper.paragraph(
            f"Đã thu nhận {_share(total.done, total.invited)} đảng viên trong diện; chưa thực hiện, có lý do: "
            f"{_count(total.pending)}; chưa đến lượt: {_count(total.not_yet)}."
        )
        paper.paragraph(f"Ngoài diện (dự bị, từ trần, ra khỏi Đảng): {_count(total.outside)}.")
        paper.paragraph(
            f"Riêng {_day(to_local(self.evening.at).date())}: {_count(today.due)} đồng chí có giờ hẹn, "
            f"{_count(today.came)} đồng chí đã đến, {_count(today.done)} đồng chí đã thu nhận."
        )
        paper.part("2. Kết quả theo chi bộ")
        rows = [(str(number), *_cell_line(row)) for number, row in enumerate(self.evening.rows, 1)]
        paper.table(_CELL_COLUMNS, rows, ("", "Tổng cộng", *_numbers(total)))

    def _pending(self) -> None:
        total, paper = self.total, self.paper
        paper.section("III- TRƯỜNG HỢP CHƯA THỰC HIỆN")
        if not total.pending:
            paper.paragraph("Không có trường hợp nào chưa thực hiện mà có lý do.")
            return
        paper.part("1. Theo lý do")
        paper.paragraph(f"Tổng số {_count(total.pending)} trường hợp, trong đó:")
        for reason, count in sorted(total.by_reason.items(), key=lambda item: -item[1]):
            paper.paragraph(f"- {REASON_WORDS[reason]}: {_count(count)}.")
        paper.part("2. Danh sách")
        paper.table(
            _PENDING_COLUMNS, [_pending_line(number, case) for number, case in enumerate(self.evening.pending, 1)]
        )

    def _difficulties(self) -> None:
        paper = self.paper
        paper.section("IV- KHÓ KHĂN, VƯỚNG MẮC")
        paper.paragraph(f"1. Về thông tin, giấy tờ: {_by_reason(self.total, _WRONG)}.")
        paper.paragraph(f"2. Về việc tham gia: {_by_reason(self.total, _ABSENT)}.")
        paper.to_be_written("3. Khó khăn, vướng mắc khác:", LINES_TO_WRITE_ON)

    def _what_comes(self) -> None:
        paper, coming, total = self.paper, self.evening.coming, self.total
        paper.section("V- ĐỀ XUẤT, THỜI GIAN HOÀN THÀNH")
        left = total.invited - total.done
        expected = sum(day.expected for day in coming)
        if coming:
            paper.paragraph(
                f"1. Còn {_count(left)} đồng chí trong diện chưa thu nhận, {_count(expected)} đồng chí đã có giờ hẹn "
                "trong các buổi tiếp theo:"
            )
            self._days(coming, with_expected=True)
        else:
            paper.paragraph(
                f"1. Còn {_count(left)} đồng chí trong diện chưa thu nhận; chưa có buổi thu nhận tiếp theo."
            )
        last_due_on = max((case.due_on for case in self.evening.pending if case.due_on), default=None)
        due = f"; các trường hợp chưa thực hiện có hạn xử lý chậm nhất {_day(last_due_on)}" if last_due_on else ""
        paper.paragraph(f"2. Hạn hoàn thành của đợt: {_day(self.campaign.deadline_on)}{due}.")
        paper.to_be_written("3. Đề xuất, kiến nghị:", LINES_TO_WRITE_ON)

    def _days(self, days: Iterable[OpenDay], *, with_expected: bool = False) -> None:
        for day in days:
            spans = ", ".join(_span(window) for window in day.windows)
            booked = f"{_count(day.expected)} đồng chí có giờ hẹn" if day.expected else "chưa hẹn đồng chí nào"
            expected = f"; {booked}" if with_expected else ""
            self.paper.paragraph(f"- {format_day(day.on)}: {spans}, tại {day.station.name}{expected}.")


def _cell_line(row: Progress) -> Sequence[str]:
    return bare_cell_name(row.name), *_numbers(row.tally)


def _numbers(tally: Tally) -> Sequence[str]:
    share = f"{_decimal(percent_of(tally.done, tally.invited))}%"
    return _count(tally.invited), _count(tally.done), share, _count(tally.pending), _count(tally.not_yet)


def _pending_line(number: int, case: Case) -> Sequence[str]:
    return (
        str(number),
        case.member.full_name,
        str(case.member.birth_year or ""),
        bare_cell_name(case.member.cell.name),
        str(REASON_WORDS[PendingReason(case.reason or "")]),
        case.owner.full_name if case.owner else "",
        format_date(case.due_on) if case.due_on else "",
    )


def _by_reason(total: Tally, reasons: Iterable[PendingReason]) -> str:
    """'12 trường hợp sai lệch thông tin, 3 trường hợp chưa có số định danh'."""
    counted = [
        f"{_count(total.by_reason[reason])} trường hợp {_uncapitalised(str(REASON_WORDS[reason]))}"
        for reason in reasons
        if total.by_reason.get(reason)
    ]
    return "; ".join(counted) or "không có trường hợp nào"


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _span(window: Window) -> str:
    return f"{format_time(window.start_at)} – {format_time(window.end_at)} ({window.line_count} dây chuyền)"


def _day(on: date) -> str:
    """'ngày 09/8/2025'."""
    return format_day(on).partition(", ")[2]


def _share(part: int, whole: int) -> str:
    return f"{_decimal(percent_of(part, whole))}% ({_count(part)}/{_count(whole)})"


def _decimal(value: float | Decimal) -> str:
    """'88,77', and '50' without needless zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _count(value: int) -> str:
    """'3.500'."""
    return f"{value:,}".replace(",", ".")
