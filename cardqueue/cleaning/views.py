"""What comparing two lists gave, made ready to be read: words, masked numbers, lines to pick from, an Excel file."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode, b85decode, b85encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from zlib import compress, decompress

from flask_babel import gettext as _

from cardqueue.cleaning.rules.comparison import Changed, Comparison, Doubt, Entry, Part
from cardqueue.cleaning.words import APPEARED, DOUBT, GONE, KINDS, PARTS, WHYS
from cardqueue.core.errors import NotFound, Refused
from cardqueue.core.keyring import UnreadableSecret, current_keyring
from cardqueue.lib.citizen_id import mask_citizen_id
from cardqueue.lib.names import display_case
from cardqueue.lib.partial_date import PartialDate
from cardqueue.lib.spreadsheet import CellValue, Table
from cardqueue.roster.rules.cells import cell_key
from cardqueue.roster.words import SEX_WORDS

# A form field beyond this would be refused by the server when it comes back.
_LONGEST_SEAL = 450_000
_MOST_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A person about whom the lists differ. Shapes: `kinds` are keys of `words.KINDS`; places are rows of the files."""

    kinds: tuple[str, ...]
    name: str
    old_cell: str
    new_cell: str
    old_place: str
    new_place: str
    said: tuple[str, ...]

    @property
    def cell_keys(self) -> frozenset[str]:
        """The cells that the line concerns, however their names are written."""
        return frozenset({cell_key(self.old_cell), cell_key(self.new_cell)} - {""})


@dataclass(frozen=True, slots=True)
class Report:
    """What comparing two lists gave, without anything that cannot be shown."""

    old_name: str
    new_name: str
    old_count: int
    new_count: int
    same_count: int
    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines are of each kind; a line can be of several."""
        return {kind: sum(kind in line.kinds for line in self.lines) for kind in KINDS}

    @property
    def cells(self) -> dict[str, str]:
        """The cells of the lines. Shapes: key → name, in the order of the names."""
        names: dict[str, str] = {}
        for line in self.lines:
            for name in (line.new_cell, line.old_cell):
                names.setdefault(cell_key(name), name)
        names.pop("", None)
        return dict(sorted(names.items(), key=lambda item: item[0]))

    def pick(self, kind: str, cell: str) -> list[Line]:
        """The lines of a kind and a cell, each "" for all."""
        return [
            line for line in self.lines if (not kind or kind in line.kinds) and (not cell or cell in line.cell_keys)
        ]

    def counts_by_cell(self) -> list[tuple[str, dict[str, int]]]:
        """The counts of every cell that a line concerns."""
        table = []
        for key, name in self.cells.items():
            lines = [line for line in self.lines if key in line.cell_keys]
            table.append((name, {kind: sum(kind in line.kinds for line in lines) for kind in KINDS}))
        return table


def report_of(found: Comparison, old: Sequence[Entry], new: Sequence[Entry], *, old_name: str, new_name: str) -> Report:
    """A comparison in words: whoever changed, vanished, appeared or is in doubt, in that order."""
    lines = [
        *(_changed_line(one, old[one.old], new[one.new]) for one in found.changed),
        *(_line(GONE, old[index], is_new=False) for index in found.gone),
        *(_line(APPEARED, new[index], is_new=True) for index in found.appeared),
        *(_doubt_line(doubt, old[doubt.index], new, is_new=False) for doubt in found.old_doubts),
        *(_doubt_line(doubt, new[doubt.index], old, is_new=True) for doubt in found.new_doubts),
    ]
    return Report(old_name, new_name, len(old), len(new), len(found.same), tuple(lines))


def seal(report: Report, committee_id: int) -> str:
    """The report as a text that only this server can read: it travels in the page, and nothing is kept of it.

    Raises: Refused("TOO_DIFFERENT") when it is too long to come back.
    """
    plain = json.dumps([committee_id, asdict(report)], ensure_ascii=False, separators=(",", ":"))
    packed = b85encode(compress(plain.encode(), 9)).decode()
    sealed = b64encode(current_keyring().encrypt(packed)).decode()
    if len(sealed) > _LONGEST_SEAL:
        raise Refused("TOO_DIFFERENT")
    return sealed


def unseal(text: str, committee_id: int) -> Report:
    """Read back what `seal` gave to the same committee.

    Raises: NotFound("COMPARISON_LOST") for anything else.
    """
    try:
        packed = current_keyring().decrypt(b64decode(text, validate=True))
        owner, kept = json.loads(decompress(b85decode(packed)))
    except (UnreadableSecret, ValueError) as error:
        raise NotFound("COMPARISON_LOST") from error
    if owner != committee_id:
        raise NotFound("COMPARISON_LOST")
    lines = (Line(**{**line, "kinds": tuple(line["kinds"]), "said": tuple(line["said"])}) for line in kept["lines"])
    return Report(**{**kept, "lines": tuple(lines)})


def comparison_tables(report: Report, lines: Sequence[Line]) -> list[Table]:
    """The lines of a comparison, and its counts, altogether and by cell."""
    header = [
        _("STT"),
        _("Họ và tên"),
        _("Loại"),
        _("Nội dung"),
        _("Chi bộ ở danh sách cũ"),
        _("Chi bộ ở danh sách mới"),
        _("Dòng ở danh sách cũ"),
        _("Dòng ở danh sách mới"),
    ]
    rows: list[Sequence[CellValue]] = [
        [
            number,
            line.name,
            "; ".join(str(KINDS[kind]) for kind in line.kinds),
            "; ".join(line.said),
            line.old_cell,
            line.new_cell,
            line.old_place,
            line.new_place,
        ]
        for number, line in enumerate(lines, start=1)
    ]
    counts: list[Sequence[CellValue]] = [
        (_("Danh sách cũ: %(name)s", name=report.old_name), report.old_count),
        (_("Danh sách mới: %(name)s", name=report.new_name), report.new_count),
        (_("Không đổi"), report.same_count),
        *((str(KINDS[kind]), count) for kind, count in report.counts.items()),
    ]
    titles = [str(word) for word in KINDS.values()]
    by_cell: list[Sequence[CellValue]] = [[name, *counted.values()] for name, counted in report.counts_by_cell()]
    return [
        Table(_("Khác nhau"), header, rows, widths=(6, 28, 28, 60, 28, 28, 14, 14)),
        Table(_("Tổng hợp"), [_("Nội dung"), _("Số đồng chí")], counts, widths=(50, 14)),
        Table(_("Theo chi bộ"), [_("Chi bộ"), *titles], by_cell, widths=(36,)),
    ]


def shown_value(part: str, value: str) -> str:
    """A value as people write it, numbers masked."""
    if not value:
        return str(_("để trống"))
    match part:
        case Part.BIRTH_ON | Part.JOINED_ON | Part.OFFICIAL_ON:
            return PartialDate.from_iso(value).display()
        case Part.SEX:
            return str({sex.value: word for sex, word in SEX_WORDS.items()}[value])
        case Part.CITIZEN_ID | Part.CARD_NO:
            return mask_citizen_id(value)
        case _:
            return value


def masked_pair(old: str, new: str) -> tuple[str, str]:
    """Two numbers masked, but with the digits in which they differ: masked alike they would look the same."""
    if not old or not new or len(old) != len(new):
        return mask_citizen_id(old), mask_citizen_id(new)
    masks = mask_citizen_id(old), mask_citizen_id(new)
    differs = [a != b for a, b in zip(old, new, strict=True)]
    shown = [
        "".join(digit if seen else hidden for digit, hidden, seen in zip(number, mask, differs, strict=True))
        for number, mask in zip((old, new), masks, strict=True)
    ]
    return shown[0], shown[1]


def _changed_line(one: Changed, old: Entry, new: Entry) -> Line:
    said = tuple(_change(part, *values) for part, values in one.parts.items())
    kinds = tuple(part.value for part in one.parts)
    return Line(kinds, display_case(new.full_name), old.cell, new.cell, old.place, new.place, said)


def _change(part: Part, old: str, new: str) -> str:
    if part in (Part.CITIZEN_ID, Part.CARD_NO) and old and new:
        before, after = masked_pair(old, new)
    else:
        before, after = shown_value(part, old), shown_value(part, new)
    return str(_("%(field)s: %(old)s → %(new)s", field=PARTS[part], old=before, new=after))


def _line(kind: str, entry: Entry, *, is_new: bool, said: tuple[str, ...] = ()) -> Line:
    born = str(_("Ngày sinh: %(date)s", date=shown_value(Part.BIRTH_ON, entry.birth_on)))
    places: Mapping[str, str] = {
        "old_cell": "" if is_new else entry.cell,
        "new_cell": entry.cell if is_new else "",
        "old_place": "" if is_new else entry.place,
        "new_place": entry.place if is_new else "",
    }
    return Line((kind,), display_case(entry.full_name), **places, said=said or (born,))


def _doubt_line(doubt: Doubt, entry: Entry, others: Sequence[Entry], *, is_new: bool) -> Line:
    named = [
        str(_("%(name)s (dòng %(place)s)", name=display_case(others[index].full_name), place=others[index].place))
        for index in doubt.others
    ]
    more = ["…"] if len(named) > _MOST_OTHERS else []
    values = {"why": WHYS[doubt.why], "others": "; ".join([*named[:_MOST_OTHERS], *more])}
    said = (
        _("Ở danh sách mới, %(why)s với đồng chí ở danh sách cũ: %(others)s", **values)
        if is_new
        else _("Ở danh sách cũ, %(why)s với đồng chí ở danh sách mới: %(others)s", **values)
    )
    return _line(DOUBT, entry, is_new=is_new, said=(str(said),))
