"""Reading lists of members out of any workbook: pure, without database or web.

    workbook → look_at → SheetGuess (shown, corrected) → SheetChoice → read_rows → RosterRow

`grid` and `headers` find the table, `fields` knows the titles, `guessing` puts them together into a guess; `rows` walks
down to the people; `judging` reads one person, `whole_list` compares them all; `messages` holds what can be said.
"""

from collections.abc import Iterable
from datetime import date

from cardqueue.lib.cell_text import is_blank
from cardqueue.lib.spreadsheet import Workbook
from cardqueue.roster.reading.choices import ColumnGuess, SheetChoice, SheetGuess
from cardqueue.roster.reading.dates import DateHabit, DateHabits, habit_of
from cardqueue.roster.reading.fields import LEFT_OUT, Field
from cardqueue.roster.reading.guessing import look_at
from cardqueue.roster.reading.judging import Circumstances, RosterRow, judge
from cardqueue.roster.reading.messages import Code, Message, RowState, Severity, describe, field_label
from cardqueue.roster.reading.rows import RawRow, find_people
from cardqueue.roster.reading.values import MemberStatus
from cardqueue.roster.reading.whole_list import compare_rows

__all__ = [
    "LEFT_OUT",
    "Code",
    "ColumnGuess",
    "Field",
    "MemberStatus",
    "Message",
    "RosterRow",
    "RowState",
    "Severity",
    "SheetChoice",
    "SheetGuess",
    "describe",
    "field_label",
    "look_at",
    "read_rows",
]

_YOUNGEST_AT_BIRTHDAY = 18


def read_rows(
    workbook: Workbook, choices: Iterable[SheetChoice], *, on: date, fictitious_ids: bool = False
) -> list[RosterRow]:
    """Read the people of the chosen sheets, in their order, each with what is the matter with it.

    `on` is the day that ages are reckoned for. `fictitious_ids` silences one rule, for demonstrations: that the first
    three digits of a citizen ID must be a province's.

    Raises: KeyError for a sheet that the workbook has not.
    """
    chosen = list(choices)
    people = [(choice, find_people(workbook.sheet(choice.sheet), choice)) for choice in chosen]
    names_cells = any(_names_a_cell(choice, rows) for choice, rows in people)
    judged = [
        judge(row, Circumstances(on, habits, choice.cell_name, names_cells, fictitious_ids))
        for choice, rows in people
        for habits in [_habits(rows, on)]
        for row in rows
    ]
    return compare_rows(judged)


def _names_a_cell(choice: SheetChoice, rows: list[RawRow]) -> bool:
    return bool(choice.cell_name) or any(row.cell_above or not is_blank(row.values.get(Field.CELL)) for row in rows)


def _habits(rows: list[RawRow], on: date) -> DateHabits:
    def habit(last_short_year: int, *fields: Field) -> DateHabit:
        return habit_of((row.values.get(field) for row in rows for field in fields), last_short_year % 100)

    return DateHabits(
        birth=habit(on.year - _YOUNGEST_AT_BIRTHDAY, Field.BIRTH, Field.MALE, Field.FEMALE),
        joined=habit(on.year, Field.JOINED),
        official=habit(on.year, Field.OFFICIAL),
    )
