"""How good the data is: six words, by cell or commune, today and day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cardqueue.accounts.current import current_campaign, current_scope
from cardqueue.cleaning import exports
from cardqueue.cleaning.queries.quality import (
    AssessedMember,
    Quality,
    QualityOnDay,
    assess_members,
    list_days,
    quality_by_cell,
    quality_by_commune,
    total_quality,
)
from cardqueue.cleaning.routes.blueprint import cleaning
from cardqueue.cleaning.routes.files import file_answer, workbook_of
from cardqueue.cleaning.rules.quality import Word, count_words
from cardqueue.cleaning.words import DEFINITIONS, FAULTS, LACKS, WORDS
from cardqueue.core.access import Role, access
from cardqueue.core.audit import record
from cardqueue.core.database import db
from cardqueue.core.i18n import show_date, show_percent
from cardqueue.lib.clock import now_at, today_on
from cardqueue.organisation.models import Cell
from cardqueue.roster.words import FIELD_WORDS

_DAYS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Trend:
    """One word day by day: `shares` in percent, drawn as bars; `said` is the same in words."""

    word: str
    shares: Sequence[int]
    said: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """A member whose data lacks something: which words, and why."""

    member_id: int
    name: str
    words: str
    why: str


@cleaning.get("/cleaning/quality")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, Role.SUPERVISOR)
def quality() -> ResponseReturnValue:
    """The six words for every cell; for the province every commune, in numbers alone."""
    scope = current_scope()
    if scope.cell_id is not None:
        return redirect(url_for("cleaning.cell_quality", cell_id=scope.cell_id))
    rows, days = _rows(), _days()
    total = total_quality(rows)
    return render_template(
        "cleaning/quality.html",
        rows=rows,
        total=total,
        by_commune=scope.role is Role.SUPERVISOR,
        **_shown(total, days),
    )


@cleaning.get("/cleaning/quality/<int:cell_id>")
@access(Role.COMMITTEE, Role.CELL_SECRETARY)
def cell_quality(cell_id: int) -> ResponseReturnValue:
    """The six words for one cell, and whose data lacks what."""
    session, scope, campaign = db.session(), current_scope(), current_campaign()
    cell = scope.require_cell(session.get(Cell, cell_id))
    members = assess_members(session, campaign.id, committee_ids=scope.committee_ids, at=now_at(), cell_id=cell.id)
    now = Quality(cell.id, cell.name, len(members), count_words(one.assessment for one in members))
    days = list_days(session, campaign.id, committee_ids=scope.committee_ids, since_on=_since(), cell_id=cell.id)
    return render_template(
        "cleaning/quality_cell.html",
        cell_name=cell.name,
        total=now,
        lacking=[_lacking(one) for one in members if one.assessment.lacking],
        **_shown(now, days),
    )


@cleaning.get("/cleaning/quality.xlsx")
@access(Role.COMMITTEE, Role.CELL_SECRETARY, Role.SUPERVISOR, writes=True)
def quality_file() -> ResponseReturnValue:
    """The same numbers in Excel, with the definitions."""
    scope, campaign, rows = current_scope(), current_campaign(), _rows()
    heading = _("Xã, phường") if scope.role is Role.SUPERVISOR else _("Chi bộ")
    tables = exports.quality_tables(rows, total_quality(rows), _days(), heading=heading)
    record(
        db.session(),
        "cleaning.export_quality",
        f"campaign:{campaign.id}",
        after={"rows": len(rows)},
        committee_id=next(iter(scope.committee_ids)) if len(scope.committee_ids) == 1 else None,
    )
    return file_answer(workbook_of(tables), f"chat-luong-du-lieu-{today_on():%Y%m%d}.xlsx")


def _rows() -> list[Quality]:
    session, scope, campaign = db.session(), current_scope(), current_campaign()
    if scope.role is Role.SUPERVISOR:
        return quality_by_commune(session, campaign.id, committee_ids=scope.committee_ids)
    return quality_by_cell(session, campaign.id, committee_ids=scope.committee_ids, at=now_at(), cell_id=scope.cell_id)


def _days() -> list[QualityOnDay]:
    scope, campaign = current_scope(), current_campaign()
    if scope.role is Role.SUPERVISOR:
        # Every cell of a province for a month is too much for a page; its communes have their own days.
        return []
    return list_days(
        db.session(), campaign.id, committee_ids=scope.committee_ids, since_on=_since(), cell_id=scope.cell_id
    )


def _since() -> date:
    return today_on() - timedelta(days=_DAYS_SHOWN)


def _shown(now: Quality, days: Sequence[QualityOnDay]) -> dict[str, object]:
    """What both pages show alike: shares, trends, definitions."""
    return {
        "words": WORDS,
        "definitions": [{"label": WORDS[word], "value": DEFINITIONS[word]} for word in Word],
        "shares": {word.value: show_percent(now.counts[word], now.member_count) for word in Word},
        "days": days,
        "trends": [_trend(word, days) for word in Word] if len(days) > 1 else [],
    }


def _trend(word: Word, days: Sequence[QualityOnDay]) -> Trend:
    shares = [round(100 * day.counts.get(word, 0) / day.member_count) if day.member_count else 0 for day in days]
    said = _(
        "%(word)s: %(first)s%% ngày %(from)s, %(last)s%% ngày %(to)s",
        word=WORDS[word],
        first=shares[0],
        last=shares[-1],
        **{"from": show_date(days[0].on), "to": show_date(days[-1].on)},
    )
    return Trend(str(WORDS[word]), shares, said)


def _lacking(one: AssessedMember) -> Lacking:
    found = one.assessment
    why = [str(FAULTS[fault]) for fault in found.faults]
    if found.missing:
        names = ", ".join(_in_a_sentence(str(FIELD_WORDS[name])) for name in found.missing)
        why.insert(0, _("thiếu %(fields)s", fields=names))
    why += [str(LACKS[lack]) for lack in found.lacks]
    words = ", ".join(str(WORDS[word]) for word in found.lacking)
    return Lacking(one.member_id, one.full_name, words, "; ".join(why))


def _in_a_sentence(title: str) -> str:
    """A title within a sentence; only its first letter loses its capital, or "Đảng" would lose its own."""
    return title[:1].lower() + title[1:]
