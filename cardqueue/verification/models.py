"""Tables of the verification."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cardqueue.core.database import Base, EncryptedText
from cardqueue.organisation.models import Campaign, Station
from cardqueue.roster.models import Member


class CheckStatus(StrEnum):
    """What comparing a member with the population records gave."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    DUPLICATE = "duplicate"
    # The list lacks a value, and nothing that it has differs.
    MISSING = "missing"
    # Several people may be meant, or one on thin evidence: an officer has to look.
    AMBIGUOUS = "ambiguous"


class Decision(StrEnum):
    """What an officer decided about a difference."""

    RECORD_RIGHT = "record_right"
    ROSTER_RIGHT = "roster_right"
    BOTH_WRONG = "both_wrong"
    ASK_CELL = "ask_cell"
    # None of the candidates is the person: the member stays open, as not found.
    NOBODY = "nobody"


class DecisionState(StrEnum):
    """How far a decision has come: one that changes a citizen ID waits for a second person."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REFUSED = "refused"
    UNDONE = "undone"


class ExtractState(StrEnum):
    """How far an extract has come on its way into force."""

    UPLOADED = "uploaded"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"
    PURGED = "purged"


class PopulationExtract(Base):
    """One extract of population records that the police brought for their station; the newest whole one is in force.

    `registry_name` names the kind of source that reads it. `content` keeps an upload until its columns are named and
    its lines are loaded, for a day at most. Loading goes on where it stopped: `line_count` lines are read so far, and
    nothing of an extract counts before it is in force. `matched_at` is when the members were last compared with it.
    """

    __tablename__ = "population_extract"
    __table_args__ = (
        sa.Index(
            "uq_population_extract_one_in_force",
            "campaign_id",
            "station_id",
            unique=True,
            sqlite_where=sa.text("is_in_force"),
            postgresql_where=sa.text("is_in_force"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    station_id: Mapped[int] = mapped_column(sa.ForeignKey("station.id"), index=True)
    filename: Mapped[str] = mapped_column(sa.String(200))
    registry_name: Mapped[str] = mapped_column(sa.String(40), default="records")
    state: Mapped[ExtractState] = mapped_column(sa.String(10), default=ExtractState.UPLOADED)
    # How the file is to be read: sheet, header row, columns.
    reading: Mapped[dict[str, Any] | None]
    # Which file it is, so that only the same one is gone on with: SHA-256 in hex, and bytes.
    content_digest: Mapped[str | None] = mapped_column(sa.String(64))
    byte_count: Mapped[int | None] = mapped_column(sa.BigInteger)
    # Progress: bytes and lines read, records kept.
    read_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    line_count: Mapped[int] = mapped_column(default=0)
    record_count: Mapped[int] = mapped_column(default=0)
    # What was wrong with the file, `[{"row": 3, "column": "C", "problem": "not_a_date", …}]`; values are masked.
    faults: Mapped[list[dict[str, Any]] | None] = mapped_column(sa.JSON)
    imported_by: Mapped[str] = mapped_column(sa.String(64))
    imported_at: Mapped[datetime]
    is_in_force: Mapped[bool] = mapped_column(default=False)
    purged_at: Mapped[datetime | None]
    matched_at: Mapped[datetime | None]
    # Megabytes: read from the database by whoever asks for it, and by nobody else.
    content: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)

    campaign: Mapped[Campaign] = relationship()
    station: Mapped[Station] = relationship()


class PopulationRecord(Base):
    """One person of an extract. Everything that names the person is encrypted; look-ups go by blind keys.

    A blind key is the first 63 bits of a keyed hash. `number_key` is of the 12-digit number, `identity_key` of number,
    name, birth date and sex together, `name_key` of the folded name, `given_key` of its last word, `old_key` of the
    nine-digit number, `prefix_key` of the first seven digits, `content_key` of all that the record says.
    Shapes: `born` is yyyymmdd with zeros for what is unknown, `sex` 0, 1 (male) or 2 (female).
    """

    __tablename__ = "population_record"
    __table_args__ = (
        sa.Index("ix_population_record_number", "extract_id", "number_key"),
        sa.Index("ix_population_record_name", "extract_id", "name_key", "born"),
        sa.Index("ix_population_record_born", "extract_id", "born", "given_key"),
        sa.Index("ix_population_record_prefix", "extract_id", "prefix_key"),
        sa.Index(
            "ix_population_record_old",
            "extract_id",
            "old_key",
            sqlite_where=sa.text("old_key IS NOT NULL"),
            postgresql_where=sa.text("old_key IS NOT NULL"),
        ),
    )

    # SQLite numbers rows by itself for INTEGER alone.
    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    extract_id: Mapped[int] = mapped_column(sa.ForeignKey("population_extract.id", ondelete="CASCADE"))
    number_key: Mapped[int] = mapped_column(sa.BigInteger)
    identity_key: Mapped[int] = mapped_column(sa.BigInteger)
    name_key: Mapped[int] = mapped_column(sa.BigInteger)
    given_key: Mapped[int] = mapped_column(sa.BigInteger)
    old_key: Mapped[int | None] = mapped_column(sa.BigInteger)
    prefix_key: Mapped[int] = mapped_column(sa.BigInteger)
    content_key: Mapped[int] = mapped_column(sa.BigInteger)
    born: Mapped[int]
    sex: Mapped[int] = mapped_column(sa.SmallInteger)
    # Number, name, hometown and old number, joined by tabs.
    person: Mapped[str] = mapped_column(EncryptedText)


class HashedRecord(Base):
    """One person of a hash-only hand-over: keyed hashes made on the police's machine, and nothing else.

    `number_key` finds the person; `old_key` and `name_date_key` (of the folded name) find one whose number is missing,
    and `person_key` then shows whether exact name, date and sex agree, `place_key` whether the hometown does as well.
    The bound keys show only whether a value agrees to whoever already has the number. Shapes: every key is 63 bits.
    """

    __tablename__ = "hashed_record"
    __table_args__ = (
        sa.Index("ix_hashed_record_number", "extract_id", "number_key"),
        sa.Index("ix_hashed_record_name_date", "extract_id", "name_date_key"),
        sa.Index(
            "ix_hashed_record_old",
            "extract_id",
            "old_key",
            sqlite_where=sa.text("old_key IS NOT NULL"),
            postgresql_where=sa.text("old_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    extract_id: Mapped[int] = mapped_column(sa.ForeignKey("population_extract.id", ondelete="CASCADE"))
    number_key: Mapped[int] = mapped_column(sa.BigInteger)
    old_key: Mapped[int | None] = mapped_column(sa.BigInteger)
    name_date_key: Mapped[int] = mapped_column(sa.BigInteger)
    person_key: Mapped[int] = mapped_column(sa.BigInteger)
    place_key: Mapped[int] = mapped_column(sa.BigInteger)
    bound_name_key: Mapped[int] = mapped_column(sa.BigInteger)
    bound_folded_name_key: Mapped[int] = mapped_column(sa.BigInteger)
    bound_date_key: Mapped[int] = mapped_column(sa.BigInteger)
    bound_year_key: Mapped[int] = mapped_column(sa.BigInteger)
    bound_sex_key: Mapped[int] = mapped_column(sa.BigInteger)


class Check(Base):
    """A member's newest comparison in a campaign, and what was decided about it.

    `evidence` is a keyed hash of both sides, so that only members whose evidence changed come out anew.
    `decided_evidence` is what the officer saw when deciding: when an import brings exactly that back, the decision
    holds and its values are applied again.
    """

    __tablename__ = "verification_check"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "member_id"),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decision_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    status: Mapped[CheckStatus] = mapped_column(sa.String(12), index=True)
    # The differing fields with their level, `{"full_name": "marks", "birth_on": "swapped"}`.
    differences: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    # Whether a difference stands between the member and an appointment; false once it is decided.
    blocks: Mapped[bool] = mapped_column(default=False)
    # The person compared with, by the keyed hash of the number: it outlives the replacement of an extract.
    record_hash: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    # Who may be meant, best first, for the officer alone:
    # `[{"record": keyed hash, "levels": {"name": 8, "date": 4, …}, "probability": 0.93}]`.
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    # The probability that the first candidate is the person, as the engine of that version saw it.
    score: Mapped[float | None]
    engine_version: Mapped[str] = mapped_column(sa.String(40), default="")
    # The newest comparison with the citizen card at the desk: `{"kind": "citizen_card", "outcome": "agrees", "fields":
    # {…}, "by": …, "at": …, "evidence": …}`; nothing of what the card says.
    card_comparison: Mapped[dict[str, Any] | None]
    # The row of the same person that stays, when this one is a duplicate.
    duplicate_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    evidence: Mapped[str] = mapped_column(sa.String(64))
    decided_evidence: Mapped[str | None] = mapped_column(sa.String(64))
    # Whether the member's ledger case was opened from here, and so is ours to resolve.
    opened_case: Mapped[bool] = mapped_column(default=False)
    checked_at: Mapped[datetime]
    decision: Mapped[Decision | None] = mapped_column(sa.String(16))
    # What the decision made of each differing field, encrypted JSON `{"birth_on": ["1950", "1950-02-01"]}`: the value
    # on the list and the one that holds. The committee sees these and never the record itself.
    confirmed: Mapped[str | None] = mapped_column(EncryptedText)
    decided_by: Mapped[str | None] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(EncryptedText)

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    duplicate_of: Mapped[Member | None] = relationship(foreign_keys=[duplicate_of_id])


class DecisionRecord(Base):
    """One decision of an officer, kept for good: who, when, on what evidence, what it changed, what became of it.

    The newest applied one is what `Check.decision` says. `before` and `values` are encrypted JSON: what undoing puts
    back, and what the decision wrote. `levels` and `score` are the evidence as the engine of `engine_version` saw it;
    from them the engine's parameters are estimated again.
    """

    __tablename__ = "verification_decision"
    __table_args__ = (
        sa.Index("ix_verification_decision_member", "campaign_id", "member_id"),
        sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    state: Mapped[DecisionState] = mapped_column(sa.String(10))
    decision: Mapped[Decision] = mapped_column(sa.String(16))
    status: Mapped[CheckStatus] = mapped_column(sa.String(12))
    # The candidate that the officer took for the person, by the keyed hash of the number; None for nobody.
    record_hash: Mapped[str | None] = mapped_column(sa.String(64))
    evidence: Mapped[str] = mapped_column(sa.String(64))
    levels: Mapped[dict[str, Any] | None]
    score: Mapped[float | None]
    engine_version: Mapped[str] = mapped_column(sa.String(40))
    reason: Mapped[str | None] = mapped_column(EncryptedText)
    before: Mapped[str | None] = mapped_column(EncryptedText)
    values: Mapped[str | None] = mapped_column(EncryptedText)
    decided_by: Mapped[str] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime]
    # The second person, who confirmed or refused a change of the citizen ID.
    answered_by: Mapped[str | None] = mapped_column(sa.String(64))
    answered_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(sa.String(64))
    undone_at: Mapped[datetime | None]
    # Why it was refused or undone.
    answer: Mapped[str | None] = mapped_column(EncryptedText)

    member: Mapped[Member] = relationship()


class MatchingRun(Base):
    """How far comparing the members of one committee has come; each committee of a campaign has one such row.

    `basis` says what they are compared with: extracts in force, engine, parameters. A run with a basis of its own looks
    at everybody, any other at those who changed since `changed_since_at`. It goes cell by cell, each piece in a
    transaction of its own: `done_cell_id` is the last cell that is done, in the order of their ids.
    """

    __tablename__ = "matching_run"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "committee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    committee_id: Mapped[int] = mapped_column(sa.ForeignKey("committee.id"))
    basis: Mapped[str] = mapped_column(sa.String(64))
    changed_since_at: Mapped[datetime | None]
    done_cell_id: Mapped[int] = mapped_column(default=0)
    # Progress: members to look at, looked at, and those who came out anew; cases opened and resolved.
    member_count: Mapped[int] = mapped_column(default=0)
    compared_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    opened_count: Mapped[int] = mapped_column(default=0)
    resolved_count: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[str] = mapped_column(sa.String(64))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class MatchingParameters(Base):
    """Parameters of the posterior, estimated from officers' decisions and accepted by a person; the newest are used."""

    __tablename__ = "matching_parameters"

    id: Mapped[int] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    decision_count: Mapped[int]
    accepted_by: Mapped[str] = mapped_column(sa.String(64))
    accepted_at: Mapped[datetime]
