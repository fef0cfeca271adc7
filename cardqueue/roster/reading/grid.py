"""A sheet seen as a grid of texts, with its merged cells known by the cell they stand in."""

from collections.abc import Iterable, Sequence

from cardqueue.lib.cell_text import text_of
from cardqueue.lib.spreadsheet import CellValue, MergedRange, Sheet


class Grid:
    """Cells of a sheet by row and column. Units: rows and columns count from 0; outside the sheet all is empty."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.height = len(sheet.rows)
        self.width = max(map(len, sheet.rows), default=0)
        self.knows_merges = sheet.merged is not None
        self._range_of = {
            (row, column): merged
            for merged in sheet.merged or ()
            # A title merged over a whole column would fill the memory and means nothing here.
            for row in range(merged.top, min(merged.bottom, merged.top + 2_000) + 1)
            for column in range(merged.left, min(merged.right, merged.left + 200) + 1)
        }

    def value(self, row: int, column: int) -> CellValue:
        """What the cell holds; of a merged range only its first cell holds anything."""
        if not 0 <= row < self.height or not 0 <= column < len(self.sheet.rows[row]):
            return ""
        return self.sheet.rows[row][column]

    def raw_text(self, row: int, column: int) -> str:
        """The text of a cell with its line breaks, and with the letters of old fonts untouched."""
        value = self.value(row, column)
        return value.strip() if isinstance(value, str) else text_of(value)

    def merged_at(self, row: int, column: int) -> MergedRange | None:
        """The merged range that the cell belongs to."""
        return self._range_of.get((row, column))

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The cell that holds what is seen at this place."""
        merged = self.merged_at(row, column)
        return (merged.top, merged.left) if merged else (row, column)

    def filled_columns(self, row: int) -> Sequence[int]:
        """The columns of a row that hold anything."""
        return [column for column in range(self.width) if self.raw_text(row, column)]

    def texts(self, row: int) -> Iterable[str]:
        """All texts of a row, from the left."""
        return (self.raw_text(row, column) for column in self.filled_columns(row))
