"""At a glance: most records that some key leads to cannot be meant, and are told without being compared in full."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from cardqueue.verification.engine.dates import DateLevel, date_level
from cardqueue.verification.engine.evidence import Evidence
from cardqueue.verification.engine.names import Words, bare
from cardqueue.verification.engine.numbers import NumberLevel, number_level
from cardqueue.verification.engine.shapes import Record

# Below this likeness two names have nothing of each other.
_NOTHING_ALIKE: Final = 60
#: Where more are born on one day, the day alone points to nobody.
FEW: Final = 12


class Sought:
    """Who is looked for, in the form in which most of those who cannot be meant are told at a glance."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._names = [_Glance(bare(words)) for words in evidence.name.readings if words]
        self._tells_nothing = not self._names or evidence.name.pattern is not None

    def may_be(self, record: Record, born_that_day: int) -> bool:
        """Whether a record is worth comparing: it has something of the name, or the number with some of the date.

        What is left out here would come out far below any probability that counts.
        """
        if self._tells_nothing or not record.words or self._is_alike(bare(record.words)):
            return True
        level = number_level(self._evidence.number, record.pid, record.old_number)
        if level in (NumberLevel.EQUAL, NumberLevel.OLD):
            return True
        if level in (NumberLevel.CLOSE, NumberLevel.NEAR):
            return date_level(self._evidence.born, record.born) >= DateLevel.ONE_PART
        return born_that_day <= FEW and self._evidence.born == record.born

    def _is_alike(self, words: Words) -> bool:
        given, front, run = words[-1], words[:2], "".join(words)
        return any(
            given == name.given or front == name.front or fuzz.ratio(run, name.run) >= _NOTHING_ALIKE
            for name in self._names
        )


class _Glance:
    __slots__ = ("front", "given", "run")

    def __init__(self, words: Words) -> None:
        self.given, self.front, self.run = words[-1], words[:2], "".join(words)
