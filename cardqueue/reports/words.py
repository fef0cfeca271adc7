"""What the dashboard says."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from cardqueue.reports.rules import Standing, TodoKind

STANDING_WORDS = {
    Standing.EMPTY: _l("Chưa có danh sách"),
    Standing.FINISHED: _l("Xong"),
    Standing.UNDER_WAY: _l("Đang làm"),
    Standing.NOT_INVITED: _l("Chưa hẹn"),
    Standing.WRONG_INFO: _l("Có sai thông tin"),
}
STANDING_KINDS = {
    Standing.EMPTY: "neutral",
    Standing.FINISHED: "good",
    Standing.UNDER_WAY: "info",
    Standing.NOT_INVITED: "neutral",
    Standing.WRONG_INFO: "bad",
}

TODO_WORDS = {
    TodoKind.NO_ROSTER: _l("Chưa có danh sách đảng viên: nhập từ tệp Excel."),
    TodoKind.UNCHECKED: _l("Còn %(count)s trường hợp chưa đối soát xong."),
    TodoKind.OVERDUE: _l("%(count)s trường hợp chưa thực hiện đã quá hạn xử lý."),
    TodoKind.PROPOSAL: _l("Có lịch đề xuất chưa công bố."),
    TodoKind.UNPLACED: _l("%(count)s đồng chí chưa có giờ hẹn."),
    TodoKind.UNPRINTED: _l("%(count)s giấy hẹn chưa in."),
    TodoKind.NO_OWNER: _l("%(count)s trường hợp chưa thực hiện chưa giao người xử lý."),
}
TODO_ENDPOINTS = {
    TodoKind.NO_ROSTER: "roster.members",
    TodoKind.UNCHECKED: "verification.worklist",
    TodoKind.OVERDUE: "cases.pending",
    TodoKind.PROPOSAL: "scheduling.plan_page",
    TodoKind.UNPLACED: "scheduling.plan_page",
    TodoKind.UNPRINTED: "slips.choose",
    TodoKind.NO_OWNER: "cases.pending",
}
