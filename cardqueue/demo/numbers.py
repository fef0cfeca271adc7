"""Numbers that belong to nobody, in the shape of those that do.

| number | shape | why it cannot be anybody's |
|---|---|---|
| citizen ID | PPP G YY NNNNNN, consistent with sex and birth year | the province code PPP was never issued |
| old ID (CMND) | 9 digits | starts with 000; real ones start with a province's 01 to 38 |
| old card | 8 digits | starts with 99; no province has that code |
| mobile phone | 10 digits | starts with 0570 0: network code 57 was never given to an operator |

Because of the first line the reading rule ID_PREFIX and the population matching have to be told that a list is
fictitious.
Source: Thông tư 07/2016/TT-BCA Điều 7 (structure); the 63 province codes of its Phụ lục 1; the gaps between them are
listed here. Thông tư 22/2014/TT-BTTTT (telephone numbers; of the codes 5x only 52, 55, 56, 58 and 59 are in use).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

from cardqueue.demo.draws import Weighted, pick
from cardqueue.lib.citizen_id import Sex

#: Province codes that no citizen ID starts with. The first stands for the demo province, the others for elsewhere.
NEVER_ISSUED_PREFIXES = ("009", "003", "005", "007", "013", "016", "018", "021", "023")
#: Also never issued, and outside the demo's own list: what the planted ID_PREFIX row carries.
STRANGE_PREFIX = "099"

_PREFIX_SHARES: Weighted[str] = tuple(
    (prefix, 62.0 if index == 0 else 38.0 / (len(NEVER_ISSUED_PREFIXES) - 1))
    for index, prefix in enumerate(NEVER_ISSUED_PREFIXES)
)


class Numbers:
    """Hands out fictitious numbers, each once.

    Serials inside one prefix, sex and year are dense, as real ones are: a one-digit typing error may then hit
    somebody else, which is what matching has to survive.
    """

    def __init__(self, rng: Random, taken: Sequence[str] = ()) -> None:
        """`taken` are citizen IDs that others already carry."""
        self._rng = rng
        self._serials: dict[str, int] = {}
        for number in taken:
            self._serials[number[:6]] = max(self._serials.get(number[:6], 0), int(number[6:]))
        self._old_ids = 10 * len(taken)
        self._cards = 0
        self._phones = 0

    def citizen_id(self, sex: Sex, birth_on: date, prefix: str | None = None) -> str:
        """The next citizen ID that agrees with a sex and a birth year."""
        stem = self._stem(sex, birth_on, prefix or pick(self._rng, _PREFIX_SHARES))
        return self._next_under(stem, self._rng.randint(1, 9))

    def neighbour(self, citizen_id: str) -> str:
        """The number right after another one: how twins are registered."""
        return self._next_under(citizen_id[:6], 1)

    def _next_under(self, stem: str, step: int) -> str:
        """The number `step` after the last one handed out under a stem of six digits."""
        serial = (self._serials.get(stem) or self._rng.randint(1_000, 89_000)) + step
        if serial > 999_999:
            raise ValueError(f"more people than serial numbers under {stem}")
        self._serials[stem] = serial
        return f"{stem}{serial:06}"

    def old_id(self) -> str:
        """An old nine-digit number."""
        self._old_ids += self._rng.randint(1, 9)
        if self._old_ids > 999_999:
            self._old_ids = self._rng.randint(1, 9)
        return f"000{self._old_ids:06}"

    def card(self) -> str:
        """An old eight-digit card number."""
        self._cards += self._rng.randint(1, 3)
        return f"99{self._cards % 1_000_000:06}"

    def phone(self) -> str:
        """A mobile number that rings nowhere."""
        self._phones += self._rng.randint(1, 3)
        return f"05700{self._phones % 100_000:05}"

    @staticmethod
    def _stem(sex: Sex, birth_on: date, prefix: str) -> str:
        century = (birth_on.year - 1900) // 100
        return f"{prefix}{2 * century + (sex is Sex.FEMALE)}{birth_on.year % 100:02}"
