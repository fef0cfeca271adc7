"""The plain tables: the population extract, the files for `cardqueue match`, and the truth."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from cardqueue.demo.entries import Record
from cardqueue.demo.files.sheets import Located, workbook
from cardqueue.demo.planting import Office

POPULATION_COLUMNS = ("so_dinh_danh", "ho_ten", "ngay_sinh", "gioi_tinh", "que_quan", "so_cmnd_cu")
MATCH_COLUMNS = (
    "row_id", "ho_ten", "ngay_sinh", "gioi_tinh", "so_dinh_danh", "que_quan", "so_the_dang", "chi_bo",
)  # fmt: skip
TRUTH_COLUMNS = (
    "file", "sheet", "row", "member_key", "kind", "field", "written", "correct", "state", "codes", "verification",
    "differing",
)  # fmt: skip
MEMBER_COLUMNS = (
    "member_key", "full_name", "sex", "birth_on", "citizen_id", "old_id", "card_no", "cell", "is_secretary", "status",
    "joined_on", "official_on", "phone", "evening",
)  # fmt: skip
#: A worksheet holds no more lines than this, the header included.
EXCEL_ROWS = 1_048_576


def write_population(office: Office, path: Path) -> None:
    """Writes the population extract, as CSV or as a workbook after the file's ending.

    Raises: ValueError when the lines do not fit into a worksheet.
    """
    rows = [_population_row(record) for record in office.population]
    if path.suffix == ".csv":
        _write_csv(path, POPULATION_COLUMNS, rows)
        return
    if len(rows) >= EXCEL_ROWS:
        raise ValueError(f"{len(rows)} residents do not fit into a worksheet: ask for less than {EXCEL_ROWS}")
    with workbook(path) as book:
        sheet = book.add_worksheet("DAN_CU")
        for number, row in enumerate([POPULATION_COLUMNS, *rows]):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
        sheet.set_column(0, len(POPULATION_COLUMNS) - 1, 22)


def write_match_files(l1: Sequence[Located], office: Office, roster: Path, cells: Path) -> None:
    """Writes the L1 list as text, row by row, and the list of cells of the year before."""
    rows = (
        (
            str(place.row),
            place.entry.full_name,
            str(place.entry.birth_on),
            place.entry.sex,
            str(place.entry.citizen_id),
            place.entry.member.origin,
            place.entry.card_no,
            place.entry.cell,
        )
        for place in l1
    )
    _write_csv(roster, MATCH_COLUMNS, rows)
    known = ((member.card_no, member.cell.name) for member in office.commune.people if member.card_no)
    _write_csv(cells, ("so_the_dang", "chi_bo"), known)


def write_truth(places: Sequence[Located], office: Office, population_names: Iterable[str], path: Path) -> None:
    """Writes one line per error and file: where it stands, what it is, what it should be, what has to be found."""
    rows: list[tuple[str, ...]] = [
        (
            place.file,
            place.sheet,
            str(place.row),
            place.entry.member.key,
            label.kind,
            label.field,
            str(getattr(place.entry, label.field, "")),
            label.correct,
            label.state,
            label.codes,
            label.verification,
            label.differing,
        )
        for place in places
        for label in place.labels
    ]
    for name in population_names:
        sheet = "" if name.endswith(".csv") else "DAN_CU"
        for number, record in enumerate(office.population, 2):
            for label in record.labels:
                key = record.key.removesuffix("-2")
                written = str(getattr(record, label.field, ""))
                rows.append(
                    (name, sheet, str(number), key, label.kind, label.field, written, label.correct, "", "", "", "")
                )
    _write_csv(path, TRUTH_COLUMNS, rows)


def write_members(office: Office, pending: dict[str, str], path: Path) -> None:
    """Writes everybody as they truly are, with what the evening of the day finds: done, or why pending."""
    rows = (
        (
            member.key,
            member.full_name,
            member.sex,
            str(member.birth_on.year) if member.is_year_only else member.birth_on.isoformat(),
            member.citizen_id,
            member.old_id,
            member.card_no,
            member.cell.name,
            "yes" if member.key == member.cell.secretary_key else "",
            member.status,
            member.joined_on.isoformat(),
            member.official_on.isoformat() if member.official_on else "",
            member.phone,
            pending.get(member.key, "done") if member.is_eligible else "",
        )
        for member in office.commune.people
    )
    _write_csv(path, MEMBER_COLUMNS, rows)


def _population_row(record: Record) -> tuple[str, ...]:
    return (record.citizen_id, record.full_name, record.birth_on, record.sex, record.origin, record.old_id)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
