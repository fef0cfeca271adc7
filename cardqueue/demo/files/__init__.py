"""The demo's files: Excel lists in three layouts, the population extract, and the truth about every planted error.

l1_file_nhap_lieu.xlsx        the data entry file of the member database (two merged header rows)
l2_danh_sach_xuat.xlsx        the export of the member system (names in capitals)
l4_danh_sach_chi_bo.xlsx      hand-made, one sheet per cell
dan_cu.csv, dan_cu.xlsx       the population extract, the same lines in the same order
match_roster.csv, match_cells.csv   the L1 list and the cells of the year before, for `cardqueue match`
truth.csv, members.csv        the label of every error; everybody as they truly are
README.txt                    says in Vietnamese that all of it is invented
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from cardqueue.demo.files.l1 import write_l1
from cardqueue.demo.files.l2 import write_l2
from cardqueue.demo.files.l4 import write_l4
from cardqueue.demo.files.tables import write_match_files, write_members, write_population, write_truth
from cardqueue.demo.planting import Office
from cardqueue.demo.story import evening_pending

L1_NAME, L2_NAME, L4_NAME = "l1_file_nhap_lieu.xlsx", "l2_danh_sach_xuat.xlsx", "l4_danh_sach_chi_bo.xlsx"
POPULATION_NAMES = ("dan_cu.csv", "dan_cu.xlsx")
MATCH_ROSTER_NAME, MATCH_CELLS_NAME = "match_roster.csv", "match_cells.csv"
TRUTH_NAME, MEMBERS_NAME, README_NAME = "truth.csv", "members.csv", "README.txt"


def write_demo(office: Office, out: Path, *, replace: bool = False) -> Path:
    """Writes all files into a new folder, which appears complete or not at all.

    Raises: FileExistsError when `out` exists and is not empty, unless `replace` is set and a demo wrote it;
    OSError when it cannot be written.
    """
    out = out.absolute()
    is_demo = (out / TRUTH_NAME).is_file() and (out / README_NAME).is_file()
    if out.exists() and not (out.is_dir() and (not any(out.iterdir()) or (replace and is_demo))):
        raise FileExistsError(f"{out} already exists and is not an empty folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = out.parent / f".{out.name}.{secrets.token_hex(4)}"
    staging.mkdir()
    try:
        _write_all(office, staging)
        if out.exists():
            shutil.rmtree(out)
        staging.rename(out)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return out


def _write_all(office: Office, folder: Path) -> None:
    l1 = write_l1(office, folder / L1_NAME)
    l2 = write_l2(office, folder / L2_NAME)
    l4 = write_l4(office, folder / L4_NAME)
    for name in POPULATION_NAMES:
        write_population(office, folder / name)
    write_match_files(l1, office, folder / MATCH_ROSTER_NAME, folder / MATCH_CELLS_NAME)
    write_truth([*l1, *l2, *l4], office, POPULATION_NAMES, folder / TRUTH_NAME)
    pending = evening_pending(office)
    write_members(office, pending, folder / MEMBERS_NAME)
    (folder / README_NAME).write_text(_readme(office, pending), encoding="utf-8")


def _readme(office: Office, pending: dict[str, str]) -> str:
    commune = office.commune
    members, cells, outside = len(commune.members), len(commune.cells), len(commune.outside)
    return f"""DỮ LIỆU HƯ CẤU - DÙNG THỬ VÀ TẬP HUẤN
{commune.name}, tỉnh {commune.province} (không có thật)

Mọi người, tên gọi, ngày sinh, số giấy tờ, số điện thoại và địa chỉ trong thư mục này đều do máy tính bịa ra. Nếu trùng
với ai thì chỉ là ngẫu nhiên. Không số nào có thể thuộc về một người có thật:
- Số định danh cá nhân: ba số đầu (003, 005, 007, 009, 013...) chưa từng được cấp cho tỉnh nào.
- Số CMND cũ: bắt đầu bằng 000. Số thẻ đảng viên cũ: bắt đầu bằng 99.
- Số điện thoại: bắt đầu bằng 05700, đầu số chưa cấp cho nhà mạng nào.
Vì vậy khi đọc các tệp này bằng dòng lệnh cần thêm --fictitious-ids, nếu không dòng nào cũng bị hỏi về ba số đầu.

Quy mô: {members} đảng viên thuộc diện đổi thẻ của {cells} chi bộ; ngoài ra {outside} người ngoài diện (dự bị,
đã từ trần, đã ra khỏi Đảng). Cuối ngày thu nhận còn {len(pending)} đồng chí chưa thực hiện.
Số mầm (seed): {commune.seed}.

CÁC TỆP
{L1_NAME}      File nhập liệu 4.0: tiêu đề hai hàng 6-7, dữ liệu từ hàng 8, 31 cột A-AE
{L2_NAME}      Danh sách xuất từ hệ thống: họ tên chữ in hoa
{L4_NAME}    Danh sách làm tay: mỗi chi bộ một trang tính, năm sinh chia hai cột Nam, Nữ
{POPULATION_NAMES[0]}, {POPULATION_NAMES[1]}        Trích dữ liệu dân cư: {len(office.population)} người
{MATCH_ROSTER_NAME}, {MATCH_CELLS_NAME}   Danh sách L1 và chi bộ năm trước, để đối chiếu bằng dòng lệnh
{TRUTH_NAME}                   Đáp án: mọi lỗi đã cài sẵn, ở tệp nào, trang nào, hàng nào, giá trị đúng là gì
{MEMBERS_NAME}                 Đáp án: từng người đúng như "thật", và kết quả cuối ngày
"""
