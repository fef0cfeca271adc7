"""Sources of population records, each answering to `engine.registry.Registry`.

records   an open extract: the table of encrypted records with blind keys
hashes    a hash-only hand-over, made by `verification.handover` (key_files: its keys on this server)
card      one person: the citizen card that an officer scans
sources   which class answers for which name: entry points, where a further one is found as well

`PopulationExtract.registry_name` names the one that answers for an extract. docs/registries.md tells how to write one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from cardqueue.verification.engine.posterior import Frequencies
from cardqueue.verification.engine.registry import Pair, Registry, Rows
from cardqueue.verification.engine.shapes import Record
from cardqueue.verification.models import PopulationExtract
from cardqueue.verification.registries.sources import adapter_named


def open_registry(session: Session, extracts: Sequence[PopulationExtract]) -> Registry:
    """One registry over all extracts, of whatever kinds."""
    by_name: dict[str, list[PopulationExtract]] = defaultdict(list)
    for extract in extracts:
        by_name[extract.registry_name].append(extract)
    opened = [adapter_named(name)(session, some) for name, some in by_name.items()]
    return opened[0] if len(opened) == 1 else _Several(opened)


class _Several:
    """Registries of different kinds, asked one after the other."""

    def __init__(self, registries: Iterable[Registry]) -> None:
        self._registries = list(registries)

    @property
    def frequencies(self) -> Frequencies:
        """The largest one's: the same people stand in all of them."""
        return max((one.frequencies for one in self._registries), key=lambda found: found.size)

    def settled(self, rows: Rows) -> Mapping[int, Record]:
        """Rows that one of them settles; the first one's answer counts."""
        found: dict[int, Record] = {}
        for one in self._registries:
            found |= one.settled({row: evidence for row, evidence in rows.items() if row not in found})
        return found

    def close(self, rows: Rows) -> Iterator[Pair]:
        """The near records of all of them."""
        for one in self._registries:
            yield from one.close(rows)

    def wide(self, rows: Rows) -> Iterator[Pair]:
        """The further records of all of them."""
        for one in self._registries:
            yield from one.wide(rows)
