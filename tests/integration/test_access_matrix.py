"""Every route × every role: who may not, is refused; and another commune's objects do not exist.

The walk follows the URL map, so a new route is covered as soon as it stands there. Only a new *kind of argument* needs
a line here: in OBJECTS when it names something that belongs to a commune, in SHARED when it is the same for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from cardqueue.accounts.models import User
from cardqueue.core.access import Role
from cardqueue.core.http import LIBRARY_ACCESS, view_access
from cardqueue.core.nonces import new_nonce
from cardqueue.lib.clock import now_at
from cardqueue.notices.models import Notice, NoticeKind
from cardqueue.roster.models import ImportRow, RosterImport
from cardqueue.roster.services import import_file
from cardqueue.verification.models import CheckStatus, Decision, DecisionRecord, DecisionState
from cardqueue.verification.services.extracts import keep_upload
from tests.factories.appointments import invite
from tests.factories.counter import case_of, make_waiting
from tests.factories.people import Town, make_town
from tests.factories.scheduling import make_plan
from tests.factories.verification import bring, compare_all, csv_of, lines_of

SignIn = Callable[[str], FlaskClient]

# What each argument of an address may be called with: a commune's own object of that kind.
OBJECTS: dict[str, Callable[[Session, Town], object]] = {
    "block_id": lambda session, town: invite(session, town, town.members[:2])[0].block_id,
    "campaign_id": lambda session, town: town.campaign.id,
    "case_id": lambda session, town: case_of(session, town, town.members[0]).id,
    "cell_id": lambda session, town: town.cells[0].id,
    "committee_id": lambda session, town: town.committee.id,
    "decision_id": lambda session, town: _decided(session, town),
    "extract_id": lambda session, town: _compared_and_brought_again(session, town),
    "import_id": lambda session, town: _imported(session, town),
    "line_id": lambda session, town: town.station.lines[0].id,
    "member_id": lambda session, town: town.members[0].id,
    "notice_id": lambda session, town: _noticed(session, town),
    "plan_id": lambda session, town: _submitted(session, town),
    # After the list itself, above.
    "row_id": lambda session, town: _row_of_an_import(session, town),
    "station_id": lambda session, town: town.station.id,
    "visit_id": lambda session, town: make_waiting(session, town, town.members[1], now_at(), since_at=now_at()).id,
    "window_id": lambda session, town: town.windows[0].id,
}

# The same for another cell than the secretary's, in the same commune.
OBJECTS_OF_ANOTHER_CELL: dict[str, Callable[[Session, Town], object]] = {
    "block_id": lambda session, town: invite(session, town, town.members[4:6], first_number=50)[0].block_id,
    "case_id": lambda session, town: case_of(session, town, town.members[4]).id,
    "cell_id": lambda session, town: town.cells[1].id,
    "member_id": lambda session, town: town.members[4].id,
    "notice_id": lambda session, town: _noticed(session, town, cell=1),
}

# Arguments that mean the same for everybody.
SHARED: dict[str, object] = {
    "commune_code": "23122",
    "day": "2030-08-09",
    "filename": "css/app.css",
    "province_code": "68",
    "user_id": 1,
}

# Pages that are meant for everybody, signed in or not.
PUBLIC = {"core.choose_language", "core.health"}

# Pages that are nothing without a question.
ASKED = {"organisation.copy_day": "?day=2030-08-09"}

# Whoever runs the installation has no "other commune".
EVERYWHERE = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Call:
    """One method of one route."""

    rule: Rule
    method: str

    @property
    def roles(self) -> frozenset[Role] | None:
        """Who may use it; None for everybody."""
        declared = view_access(self.rule.endpoint)
        assert declared is not None
        return declared.roles

    def address(self, values: dict[str, object]) -> str:
        """The address with its arguments filled in."""
        adapter = current_app.url_map.bind("localhost")
        return adapter.build(self.rule.endpoint, {name: values[name] for name in self.rule.arguments}, self.method)

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.rule.endpoint})"


@dataclass(frozen=True)
class Towns:
    """Objects by argument name: of the person's own commune, of another one, and of another cell of the own one."""

    own: dict[str, object]
    other: dict[str, object]
    other_cell: dict[str, object]


def calls(app: Flask) -> list[Call]:
    """Every method of every route whose arguments are known; HEAD and OPTIONS follow GET."""
    known = OBJECTS.keys() | SHARED.keys()
    rules = sorted((rule for rule in app.url_map.iter_rules() if rule.arguments <= known), key=lambda rule: rule.rule)
    return [Call(rule, method) for rule in rules for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


@pytest.fixture
def towns(app: Flask, session: Session) -> Towns:
    """Two communes in two provinces, with an object of every kind in each."""
    first, second = make_town(session, "a"), make_town(session, "b")
    second.committee.province_code = second.station.province_code = second.campaign.province_code = "01"
    supervisor = session.query(User).filter_by(username="b.supervisor").one()
    supervisor.province_code = "01"
    session.commit()
    made = []
    for town in (first, second):
        made.append(SHARED | {name: make(session, town) for name, make in OBJECTS.items()})
        session.commit()
    other_cell = {name: make(session, first) for name, make in OBJECTS_OF_ANOTHER_CELL.items()}
    session.commit()
    return Towns(made[0], made[1], other_cell)


@pytest.fixture
def callers(app: Flask, towns: Towns, sign_in: SignIn) -> dict[Role | None, FlaskClient]:
    """A browser for every role of the first commune, and one that nobody has signed in with."""
    return {None: app.test_client()} | {role: sign_in(f"a.{role}") for role in Role}


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    with app.test_request_context():
        silent = {str(call) for call in calls(app) if view_access(call.rule.endpoint) is None}
    assert not silent, f"say who may use them, with @access, @signed_in or @public: {sorted(silent)}"


def test_only_the_library_and_health_are_open_to_strangers(app: Flask) -> None:
    with app.test_request_context():
        public = {call.rule.endpoint for call in calls(app) if call.roles is None}
    assert public - set(LIBRARY_ACCESS) <= PUBLIC, f"a stranger may open {sorted(public)}: list it in PUBLIC if meant"


def test_every_argument_of_every_address_is_known_here(app: Flask) -> None:
    unknown = {
        f"{name} of {rule.rule}"
        for rule in app.url_map.iter_rules()
        for name in rule.arguments
        if name not in OBJECTS and name not in SHARED
    }
    assert not unknown, f"add to OBJECTS or SHARED in {__file__}: {sorted(unknown)}"


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_whoever_lacks_the_role_is_refused_everywhere(
    app: Flask, towns: Towns, callers: dict[Role | None, FlaskClient]
) -> None:
    wrong = []
    for call in calls(app):
        if call.roles is None:
            continue
        address = call.address(towns.own)
        for role, client in callers.items():
            if role in call.roles:
                continue
            answer = client.open(address, method=call.method)
            if not _is_refusal(call, role, answer.status_code, answer.location):
                wrong.append(f"{call} as {role or 'a stranger'}: {answer.status_code}")
    assert not wrong, "\n".join(["", *wrong])


def test_the_objects_of_another_commune_do_not_exist(
    app: Flask, towns: Towns, callers: dict[Role | None, FlaskClient]
) -> None:
    wrong = []
    for call in calls(app):
        for role in sorted((call.roles or frozenset()) - EVERYWHERE):
            for values in _foreign(call, towns):
                answer = callers[role].open(call.address(values), method=call.method, **_body(call))
                if answer.status_code != 404:
                    wrong.append(f"{call} as {role} → {call.address(values)}: {answer.status_code}")
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_the_objects_of_another_cell_do_not_exist_for_a_secretary(
    app: Flask, towns: Towns, callers: dict[Role | None, FlaskClient]
) -> None:
    wrong = []
    for call in calls(app):
        if Role.CELL_SECRETARY not in (call.roles or ()):
            continue
        for name in call.rule.arguments & set(OBJECTS_OF_ANOTHER_CELL):
            address = call.address(towns.own | {name: towns.other_cell[name]})
            answer = callers[Role.CELL_SECRETARY].open(address, method=call.method, **_body(call))
            if answer.status_code != 404:
                wrong.append(f"{call} → {address}: {answer.status_code}")
    assert not wrong, "\n".join(["", *wrong])


def test_ones_own_objects_do_exist(app: Flask, towns: Towns, callers: dict[Role | None, FlaskClient]) -> None:
    wrong = []
    for call in calls(app):
        if call.method != "GET" or call.rule.endpoint in LIBRARY_ACCESS:
            continue
        for role in sorted(call.roles or frozenset()):
            address = call.address(towns.own) + ASKED.get(call.rule.endpoint, "")
            status = _status_of(callers[role], address)
            if isinstance(status, str) or (status >= 400 and status not in (409, 410, 422)):
                wrong.append(f"{call} as {role} → {address}: {status}")
    assert not wrong, "\n".join(["", *wrong])


def _status_of(client: FlaskClient, address: str) -> int | str:
    """The status of a page, or what went wrong in it, so that one broken page does not hide the others."""
    try:
        return client.get(address).status_code
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _is_refusal(call: Call, role: Role | None, status: int, location: str | None) -> bool:
    if role is not None:
        return status == 403
    if call.method == "GET" and not call.rule.rule.startswith("/api/"):
        return status == 302 and (location or "").startswith("/sign-in")
    return status == 401


def _body(call: Call) -> dict[str, Any]:
    """What a device sends along, so that only the object can be what is wrong."""
    if call.method == "GET":
        return {}
    return {"json" if call.rule.rule.startswith("/api/") else "data": {"nonce": new_nonce()}}


def _foreign(call: Call, towns: Towns) -> Iterator[dict[str, object]]:
    """The other commune's object in each argument alone, beside the person's own in the others; then all at once."""
    names = [name for name in call.rule.arguments if name in OBJECTS]
    for name in names:
        yield towns.own | {name: towns.other[name]}
    if len(names) > 1:
        yield towns.own | {name: towns.other[name] for name in names}


def _compared_and_brought_again(session: Session, town: Town) -> int:
    """Every member is compared with one extract; another one waits for its columns."""
    content = csv_of(*lines_of(town))
    bring(session, town, content)
    compare_all(session, town)
    station_id = town.station.id
    return keep_upload(session, town.campaign, station_id, filename="dan_cu.csv", content=content, at=now_at()).id


def _decided(session: Session, town: Town) -> int:
    """A change of a citizen ID that waits for a second person."""
    member = town.members[0]
    kept = DecisionRecord(
        campaign_id=town.campaign.id,
        member_id=member.id,
        state=DecisionState.PROPOSED,
        decision=Decision.BOTH_WRONG,
        status=CheckStatus.MISMATCH,
        evidence="",
        engine_version="",
        decided_by=town.username(Role.OFFICER),
        decided_at=now_at(),
    )
    session.add(kept)
    session.flush()
    return kept.id


def _imported(session: Session, town: Town) -> int:
    """A list that was read and waits for its last check."""
    content = "Họ và tên,Ngày sinh,Giới tính,Chi bộ\nNguyễn Thị Mẫu,02/01/1950,Nữ,Chi bộ thôn 1\n".encode()
    return import_file(session, town.committee.id, "danh_sach.csv", content, at=now_at()).id


def _submitted(session: Session, town: Town) -> int:
    """A proposal that the station's chief can answer."""
    plan = make_plan(session, town)
    plan.submitted_at = now_at()
    session.flush()
    return plan.id


def _row_of_an_import(session: Session, town: Town) -> int:
    """The first row of the commune's list."""
    made = sa.select(ImportRow.id).join(RosterImport).where(RosterImport.committee_id == town.committee.id)
    return session.scalars(made.order_by(ImportRow.id)).first() or 0


def _noticed(session: Session, town: Town, cell: int = 0) -> int:
    notice = Notice(
        campaign_id=town.campaign.id,
        cell_id=town.cells[cell].id,
        kind=NoticeKind.INVITED,
        key=f"matrix:{town.prefix}:{cell}",
        text="Chi bộ được mời.",
        created_at=now_at(),
    )
    session.add(notice)
    session.flush()
    return notice.id
