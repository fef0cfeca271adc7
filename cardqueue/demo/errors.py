"""The catalogue of planted errors: what each kind is, and what reading and verification must make of it.

A row's expected state is the one of reading the file alone, told that the numbers are fictitious (see
`cardqueue.demo.numbers`); a row that carries several labels has the worst of their states, and a row without a label is
valid and matches. Codes are those of the reading rules that must be among the messages (another person's number may
also contradict the year); an empty code means that reading cannot see the error.
Verification is what a complete comparison with the population extract has to find, named as in its decision files.

The default counts are per 365 members: about one row in five carries something, most of it harmless, and about forty
need a person; twelve of those are still unsettled in the evening (`cardqueue.demo.story`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cardqueue.demo.people import MEMBERS

State = Literal["valid", "look", "wrong"]
Verification = Literal["match", "mismatch", "not_found", "duplicate"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of error."""

    name: str
    field: str
    state: State
    codes: str
    verification: Verification
    differing: str
    count: int


_ID, _DOB, _NAME = "so_dinh_danh", "ngay_sinh", "ho_ten"

# fmt: off
_TABLE: tuple[Kind, ...] = (
    # The citizen ID on the list
    Kind("ID_MISSING",             "citizen_id", "wrong", "ID_MISSING",         "mismatch",  _ID,   3),
    Kind("ID_LENGTH",              "citizen_id", "wrong", "ID_LENGTH",          "mismatch",  _ID,   2),
    Kind("ID_SCIENTIFIC",          "citizen_id", "wrong", "ID_LENGTH",          "mismatch",  _ID,   1),
    Kind("ID_OLD_CMND",            "citizen_id", "wrong", "ID_OLD_CMND",        "mismatch",  _ID,   2),
    Kind("ID_LEADING_ZERO",        "citizen_id", "look",  "ID_LEADING_ZERO",    "match",     "",    3),
    Kind("ID_SEPARATORS",          "citizen_id", "valid", "",                   "match",     "",    3),
    Kind("ID_DUP",                 "citizen_id", "wrong", "ID_DUP",             "mismatch",  _ID,   1),
    Kind("ID_PREFIX",              "citizen_id", "valid", "ID_PREFIX",          "mismatch",  _ID,   1),
    Kind("ID_ONE_DIGIT",           "citizen_id", "valid", "",                   "mismatch",  _ID,   2),
    Kind("ID_TRANSPOSED",          "citizen_id", "valid", "",                   "mismatch",  _ID,   2),
    Kind("ID_OTHER_PERSON",        "citizen_id", "valid", "",                   "mismatch",  _ID,   1),
    # Sex and birth date on the list
    Kind("SEX_MISMATCH",           "sex",        "wrong", "SEX_MISMATCH",       "mismatch",  "gioi_tinh", 2),
    Kind("YEAR_MISMATCH",          "birth_on",   "wrong", "YEAR_MISMATCH",      "mismatch",  _DOB,  2),
    Kind("AGE_RANGE",              "birth_on",   "wrong", "AGE|YEAR_MISMATCH",  "mismatch",  _DOB,  2),
    Kind("DOB_YEAR_ONLY",          "birth_on",   "look",  "DOB_PARTIAL",        "mismatch",  _DOB,  3),
    Kind("DOB_ZERO_DAY",           "birth_on",   "look",  "DOB_PARTIAL",        "mismatch",  _DOB,  1),
    Kind("DOB_SWAP",               "birth_on",   "valid", "",                   "mismatch",  _DOB,  2),
    Kind("DOB_US_ORDER",           "birth_on",   "look",  "DOB_SWAP",           "match",     "",    2),
    Kind("DOB_SERIAL",             "birth_on",   "look",  "DOB_SWAP",           "match",     "",    2),
    Kind("DOB_DAY",                "birth_on",   "valid", "",                   "mismatch",  _DOB,  1),
    Kind("DOB_MONTH",              "birth_on",   "valid", "",                   "mismatch",  _DOB,  1),
    Kind("OFFICIAL_BEFORE_JOINED", "official_on", "look", "AGE",                "match",     "",    1),
    # The name on the list
    Kind("NAME_TYPO",              "full_name",  "valid", "",                   "mismatch",  _NAME, 2),
    Kind("NAME_NO_MARKS",          "full_name",  "valid", "",                   "mismatch",  _NAME, 2),
    Kind("NAME_WRONG_MARK",        "full_name",  "valid", "",                   "mismatch",  _NAME, 1),
    Kind("NAME_IY",                "full_name",  "valid", "",                   "mismatch",  _NAME, 2),
    Kind("NAME_OTHER_MIDDLE",      "full_name",  "valid", "",                   "mismatch",  _NAME, 1),
    Kind("NAME_NO_MIDDLE",         "full_name",  "valid", "",                   "mismatch",  _NAME, 1),
    Kind("NAME_TONE_PLACE",        "full_name",  "valid", "",                   "match",     "",    3),
    Kind("NAME_TCVN3",             "full_name",  "look",  "NAME_TCVN3",         "match",     "",    3),
    Kind("NAME_NFD",               "full_name",  "valid", "",                   "match",     "",    2),
    Kind("NAME_SPACES",            "full_name",  "valid", "",                   "match",     "",    3),
    Kind("NAME_ETH",               "full_name",  "valid", "",                   "match",     "",    1),
    # Cell and card on the list
    Kind("CELL_UNKNOWN",           "cell",       "valid", "CELL_UNKNOWN",       "mismatch",  "chi_bo", 1),
    Kind("CELL_MOVED",             "cell",       "valid", "CELL_MOVED",         "mismatch",  "chi_bo", 2),
    Kind("CARD_FORMAT",            "card_no",    "look",  "CARD_FORMAT",        "match",     "",    2),
    Kind("CARD_NOT_ID",            "new_card_no", "look", "CARD_FORMAT",        "match",     "",    1),
    # Rows
    Kind("ROW_DUPLICATED",         "row",        "wrong", "ID_DUP",             "duplicate", "",    1),
    Kind("ROW_IN_TWO_CELLS",       "row",        "wrong", "ID_DUP",             "duplicate", "",    1),
    # The list is right, the population extract differs
    Kind("POP_NOT_FOUND",          "row",        "valid", "",                   "not_found", "",    2),
    Kind("POP_TWO_NUMBERS",        "row",        "valid", "",                   "match",     "",    1),
    Kind("POP_LINE_TWICE",         "row",        "valid", "",                   "match",     "",    1),
    Kind("POP_YEAR_ONLY",          "birth_on",   "valid", "",                   "mismatch",  _DOB,  2),
    Kind("POP_NAME_TYPO",          "full_name",  "valid", "",                   "mismatch",  _NAME, 1),
    Kind("POP_SEX",                "sex",        "valid", "",                   "mismatch",  "gioi_tinh", 1),
    # True and unusual: nothing is planted, the reader may ask
    Kind("DOB_PARTIAL",            "birth_on",   "look",  "DOB_PARTIAL",        "match",     "",    0),
    Kind("JOINED_UNDER_18",        "joined_on",  "look",  "AGE",                "match",     "",    0),
    Kind("STATUS",                 "status",     "valid", "STATUS",             "match",     "",    0),
)
# fmt: on

#: Every kind of label by its name.
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _TABLE}


@dataclass(frozen=True, slots=True)
class Planting:
    """How many rows get each kind of error, per 365 members; kinds left out get none.

    Shapes: `counts` maps names of `KINDS` to counts; a count above zero plants at least one whatever the size.
    """

    counts: Mapping[str, int] = field(default_factory=lambda: {kind.name: kind.count for kind in _TABLE if kind.count})

    @classmethod
    def none(cls) -> Planting:
        """Flawless lists."""
        return cls({})

    def scaled(self, members: int) -> dict[str, int]:
        """The counts for a commune of another size."""
        return {name: max(1, round(count * members / MEMBERS)) for name, count in self.counts.items() if count > 0}
