"""What to read of a sheet and how: guessed first, shown to a person, corrected, then used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cardqueue.lib.legacy_fonts import Encoding
from cardqueue.roster.reading.fields import Field


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """How one sheet is read.

    Units: `header_row` counts from 1, as Excel shows it; 0 with no header rows is a list without titles. `columns`
    counts from 0. `cell_name` is the cell of every row that names none itself.
    """

    sheet: str
    header_row: int
    header_row_count: int
    columns: Mapping[int, Field]
    cell_name: str | None = None
    encoding: Encoding = Encoding.UNICODE

    def as_dict(self) -> dict[str, Any]:
        """The choice in plain JSON types, to be kept with an import."""
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "header_row_count": self.header_row_count,
            "columns": {str(column): field.value for column, field in self.columns.items()},
            "cell_name": self.cell_name,
            "encoding": self.encoding.value,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SheetChoice":
        """Read back what `as_dict` gave.

        Raises: KeyError, ValueError for anything else.
        """
        return cls(
            sheet=data["sheet"],
            header_row=data["header_row"],
            header_row_count=data["header_row_count"],
            columns={int(column): Field(field) for column, field in data["columns"].items()},
            cell_name=data["cell_name"],
            encoding=Encoding(data["encoding"]),
        )


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A column as guessed. Units: `index` counts from 0, `letter` is Excel's; `confidence` from 0 to 1."""

    index: int
    letter: str
    title: str
    field: Field | None
    confidence: float
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """A sheet as guessed; `is_list` says whether it is one to read. `choice` is what reading it so would take."""

    sheet: str
    is_visible: bool
    is_list: bool
    header_row: int
    header_row_count: int
    columns: tuple[ColumnGuess, ...]
    cell_name: str | None
    encoding: Encoding
    confidence: float

    @property
    def choice(self) -> SheetChoice:
        """The guess as a choice that needs no correction."""
        return SheetChoice(
            self.sheet,
            self.header_row,
            self.header_row_count,
            {column.index: column.field for column in self.columns if column.field},
            self.cell_name,
            self.encoding,
        )

    @property
    def signature(self) -> str:
        """The titles of the columns as one text, equal for lists of the same layout."""
        return "|".join(column.title for column in self.columns)


def column_letter(index: int) -> str:
    """Excel's letters for a column that counts from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
