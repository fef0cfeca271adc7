"""What of the roster a person may reach; everything else does not exist for them."""

from __future__ import annotations

from flask import request

from cardqueue.accounts.current import current_scope
from cardqueue.core.database import db
from cardqueue.core.errors import NotFound
from cardqueue.roster import queries
from cardqueue.roster.models import ImportRow, Member, RosterImport
from cardqueue.roster.services.reading import require_open


def the_member(member_id: int) -> Member:
    """A member of the person's committee, or of the own cell."""
    scope = current_scope()
    found = queries.find_member(db.session(), member_id, committee_ids=scope.committee_ids)
    if found is None or not scope.may_see_cell(found.cell):
        raise NotFound("MEMBER_NOT_FOUND")
    return found


def the_import(import_id: int, *, for_update: bool = False) -> RosterImport:
    """An import of the person's committee."""
    scope = current_scope()
    found = queries.find_import(db.session(), import_id, committee_ids=scope.committee_ids, for_update=for_update)
    if found is None:
        raise NotFound("IMPORT_NOT_FOUND")
    return found


def the_open_import(import_id: int) -> RosterImport:
    """An import that is still on its way; whoever would change it waits until another person has done."""
    found = the_import(import_id, for_update=request.method == "POST")
    require_open(found)
    return found


def the_row(roster_import: RosterImport, row_id: int) -> ImportRow:
    """A row of an import."""
    found = queries.find_row(db.session(), roster_import.id, row_id)
    if found is None:
        raise NotFound("IMPORT_NOT_FOUND")
    return found
