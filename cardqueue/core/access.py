"""Who may use a route: every view declares it, `core.http` enforces it, a test walks the URL map.

A role says what kind of work a person does; the scope (`accounts.scope`) says on whose data. A person without the
role gets 403; an object outside the person's scope gets 404, as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What kind of work a person does."""

    ADMIN = "admin"
    COMMITTEE = "committee"
    CELL_SECRETARY = "cell_secretary"
    OFFICER = "officer"
    STATION_CHIEF = "station_chief"
    SUPERVISOR = "supervisor"


POLICE = (Role.OFFICER, Role.STATION_CHIEF)


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declares: its roles (None: everybody, signed in or not) and whether a GET of it writes.

    Units: `most_bytes` is what may be sent to it, None for as much as to any other view.
    """

    roles: frozenset[Role] | None
    writes: bool = False
    most_bytes: int | None = None


def access(*roles: Role, writes: bool = False, most_bytes: int | None = None) -> Callable[[View], View]:
    """Declare the roles that may use a view.

    `writes` is for a GET that leaves a trace, such as an export: it then runs in a writing transaction. Every other
    method always does. `most_bytes` is for a view to which larger files than usual are sent.
    """
    if not roles:
        raise ValueError("name the roles, or use @public")
    return _declare(Access(frozenset(roles), writes, most_bytes))


def signed_in(view: View) -> View:
    """Declare that everybody who is signed in may use a view."""
    return _declare(Access(frozenset(Role)))(view)


def public(view: View) -> View:
    """Declare that a view needs no sign-in."""
    return _declare(Access(None))(view)


def _declare(declared: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        view.access = declared  # type: ignore[attr-defined]
        return view

    return decorate


def declared_access(view: Callable[..., Any]) -> Access | None:
    """What a view declared, None when it declared nothing."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None
