"""The citizen card at the desk: scanned, compared, forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.core.access import POLICE, access
from cardqueue.core.database import db
from cardqueue.core.forms import BaseForm
from cardqueue.lib.clock import now_at
from cardqueue.verification import queries
from cardqueue.verification.models import Check
from cardqueue.verification.registries.card import BadScan
from cardqueue.verification.routes.blueprint import verification
from cardqueue.verification.routes.worklist import kept_in, wanted_here
from cardqueue.verification.rules import Field
from cardqueue.verification.services.card import CardComparison, CardOutcome, compare_card
from cardqueue.verification.words import FIELDS, level_word
from cardqueue.verification.words_card import NEXT_STEPS, OUTCOMES, SCAN_FAULTS


class CardForm(BaseForm):
    """One scan."""

    scan = StringField(_l("Mã QR trên thẻ căn cước"))

    def forget(self) -> None:
        """Let no page carry the scan back."""
        self.scan.data, self.scan.raw_data = "", None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the page says of a comparison. Shapes: `fields` are pairs of a field and how it stands."""

    heading: LazyString
    kind: str
    next_step: LazyString
    fields: list[tuple[LazyString, str]]
    name: str


@verification.get("/verify/<int:member_id>/card")
@access(*POLICE)
def card(member_id: int) -> ResponseReturnValue:
    """A field that waits for a scan."""
    return _page(_check(member_id), CardForm(formdata=None))


@verification.post("/verify/<int:member_id>/card")
@access(*POLICE)
def scan_card(member_id: int) -> ResponseReturnValue:
    """Compare what was scanned; the answer shows the outcome once, and the field is empty again."""
    check, form = _check(member_id), CardForm()
    scan = form.scan.data or ""
    form.forget()
    try:
        compared = compare_card(
            db.session(), current_campaign(), check, scan, station_id=current_scope().station_id, at=now_at()
        )
    except BadScan as bad:
        form.add_error("scan", str(SCAN_FAULTS[bad.fault]))
        return _page(check, form), 422
    return _page(check, form, _answer(compared))


def _check(member_id: int) -> Check:
    scope = current_scope()
    return queries.find_check(db.session(), current_campaign().id, member_id, committee_ids=scope.committee_ids)


def _page(check: Check, form: CardForm, answer: _Answer | None = None) -> str:
    return render_template(
        "verification/card.html",
        member=check.member,
        form=form,
        answer=answer,
        kept=kept_in(wanted_here()),
    )


def _answer(compared: CardComparison) -> _Answer:
    heading, kind = OUTCOMES[compared.outcome]
    fields = [(FIELDS[name], _standing(compared, name)) for name in (Field.CITIZEN_ID, Field.BIRTH_ON)]
    shows_fields = compared.outcome is not CardOutcome.OTHER_PERSON
    return _Answer(heading, kind, NEXT_STEPS[compared.outcome], fields if shows_fields else [], compared.name)


def _standing(compared: CardComparison, name: Field) -> str:
    level = compared.differences.get(name)
    return level_word(level) if level else _("khớp")
