"""Whatever a workbook holds, reading it ends in rows or in none, never in a crash."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cardqueue.lib.spreadsheet import Sheet, Workbook
from cardqueue.roster.reading import describe, look_at
from tests.unit.roster.lists import as_read, read

TEXTS = st.sampled_from(
    [
        "",
        " ",
        "STT",
        "Họ và tên",
        "Năm sinh",
        "Nam",
        "Nữ",
        "CCCD",
        "Chi bộ thôn 1",
        "Lê Văn An",
        "NguyÔn V¨n B×nh",
        "nt",
        '"',
        "-",
        "#N/A",
        "x",
        "Tổng cộng",
        "T/M CHI BỘ",
        "005050000001",
        "6.00E+10",
        "31/02/1950",
        "00/00/0000",
        "=1+1",
        "\u200b",
        "(1)",
        "1/2/3/4",
        "%(found)s",
    ]
)
CELLS = st.one_of(
    TEXTS,
    st.text(max_size=12),
    st.floats(),
    st.integers(-(10**15), 10**15),
    st.booleans(),
    st.none(),
    st.dates(date(1850, 1, 1), date(2150, 1, 1)),
    st.just(datetime(1950, 2, 1, 7, 30)),  # noqa: DTZ001
    st.just(time(7, 30)),
    st.just(timedelta(hours=40)),
)
HEADS = st.sampled_from(
    [
        [],
        [["STT", "Họ và tên", "Năm sinh", "CCCD", "Chi bộ", "Trạng thái", "Ngày vào Đảng"]],
        [["STT", "Họ và tên", "Năm sinh", "", "CCCD", "SĐT", "Ghi chú"], ["", "", "Nam", "Nữ", "", "", ""]],
        [["Số TT", "Họ đệm", "Tên", "Nam/nữ, dân tộc", "Ngày vào Đảng, ngày chính thức", "Số thẻ", "Từ trần"]],
    ]
)


@settings(max_examples=150, deadline=None)
@given(HEADS, st.lists(st.lists(CELLS, max_size=8), max_size=8))
def test_no_cells_break_the_reader(head: list[list[object]], rows: list[list[object]]) -> None:
    book = as_read({"a": [*head, *rows]})
    for row in read(book):
        assert row.full_name or row.state == "wrong"
        assert all(describe(message, str) for message in row.messages)


def test_an_empty_workbook_has_no_lists() -> None:
    assert [guess.is_list for guess in look_at(Workbook("ods", [Sheet("a", []), Sheet("b", [[]])]))] == [False, False]
