"""Which class answers for which kind of registry: entry points of the group `cardqueue.registries`.

The product's own adapters stand in that group like everybody else's (`pyproject.toml`). A checkout that is not
installed has no entry points, so they are written down here once more; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, TypeAlias

from sqlalchemy.orm import Session

from cardqueue.core.errors import Refused
from cardqueue.verification.engine.registry import Registry
from cardqueue.verification.models import PopulationExtract

GROUP: Final = "cardqueue.registries"
OWN: Final = (
    EntryPoint("records", "cardqueue.verification.registries.records:RecordsRegistry", GROUP),
    EntryPoint("hashes", "cardqueue.verification.registries.hashes:HashesRegistry", GROUP),
    EntryPoint("card", "cardqueue.verification.registries.card:CardRegistry", GROUP),
)
#: What a class that answers for extracts is called with.
Adapter: TypeAlias = Callable[[Session, Sequence[PopulationExtract]], Registry]
_ASKED: Final = ("settled", "close", "wide")


class RegistryUnusable(Refused):
    """A registry that is named by an extract and cannot be used; `problem` is for whoever installed it."""

    def __init__(self, reason_code: str, name: str, problem: str = "") -> None:
        super().__init__(reason_code, name=name, problem=problem)


def adapter_named(name: str) -> Adapter:
    """The class that answers for extracts of a kind.

    Raises: RegistryUnusable("REGISTRY_UNKNOWN") when nothing is installed under that name that answers for extracts,
    "REGISTRY_NOT_LOADED" when it cannot be imported or is no registry.
    """
    found = next((point for point in installed() if point.name == name), None)
    if found is None:
        raise RegistryUnusable("REGISTRY_UNKNOWN", name)
    try:
        adapter: Any = found.load()
    except Exception as error:
        # Whatever somebody else's module does when it is imported, this product says which one it was.
        raise RegistryUnusable(
            "REGISTRY_NOT_LOADED", name, f"{found.value}: {type(error).__name__}: {error}"
        ) from error
    if getattr(adapter, "is_at_desk", False):
        raise RegistryUnusable("REGISTRY_UNKNOWN", name)
    missing = [part for part in _ASKED if not hasattr(adapter, part)]
    if missing:
        raise RegistryUnusable("REGISTRY_NOT_LOADED", name, f"{found.value}: {', '.join(missing)}")
    return adapter  # type: ignore[no-any-return]  # what an entry point names is only known when it is called


def installed() -> Iterator[EntryPoint]:
    """Every registry there is, the product's own first: no other takes their names."""
    own = {point.name for point in OWN}
    yield from OWN
    yield from sorted((point for point in entry_points(group=GROUP) if point.name not in own), key=lambda one: one.name)
