"""Blind keys for the matching engine, hash-only hand-overs, decisions kept for good, parameters."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


_CHECKS = sa.table(
    "verification_check",
    sa.column("id", sa.Integer),
    sa.column("differences", sa.JSON),
)
_AT_ONCE = 1_000

# How a field differs, in the words of the engine's levels.
_NEW_LEVELS = {
    ("full_name", "variant_iy"): "spelling",
    ("full_name", "diacritics_differ"): "marks",
    ("full_name", "different"): "none",
    ("birth_on", "different"): "other",
    ("sex", "different"): "differs",
}
_OLD_LEVELS = {
    ("full_name", "spelling"): "variant_iy",
    ("full_name", "bare"): "diacritics_differ",
    ("full_name", "marks"): "diacritics_differ",
    **{("full_name", level): "different" for level in ("order", "typo", "shortened", "resembles", "none")},
    **{("birth_on", level): "different" for level in ("one_part", "same_year", "other")},
    ("sex", "differs"): "different",
    ("citizen_id", "old"): "missing",
    **{("citizen_id", level): "unknown" for level in ("near", "close", "different")},
}


def upgrade() -> None:
    op.create_table(
        "matching_parameters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("decision_count", sa.Integer(), nullable=False),
        sa.Column("accepted_by", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_parameters")),
    )
    op.create_table(
        "matching_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("changed_since_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_cell_id", sa.Integer(), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("compared_count", sa.Integer(), nullable=False),
        sa.Column("changed_count", sa.Integer(), nullable=False),
        sa.Column("opened_count", sa.Integer(), nullable=False),
        sa.Column("resolved_count", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_matching_run_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_matching_run_committee_id_committee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matching_run")),
        sa.UniqueConstraint("campaign_id", "committee_id", name=op.f("uq_matching_run_campaign_id_committee_id")),
    )
    op.create_table(
        "hashed_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.BigInteger(), nullable=False),
        sa.Column("old_key", sa.BigInteger(), nullable=True),
        sa.Column("name_date_key", sa.BigInteger(), nullable=False),
        sa.Column("person_key", sa.BigInteger(), nullable=False),
        sa.Column("place_key", sa.BigInteger(), nullable=False),
        sa.Column("bound_name_key", sa.BigInteger(), nullable=False),
        sa.Column("bound_folded_name_key", sa.BigInteger(), nullable=False),
        sa.Column("bound_date_key", sa.BigInteger(), nullable=False),
        sa.Column("bound_year_key", sa.BigInteger(), nullable=False),
        sa.Column("bound_sex_key", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"],
            ["population_extract.id"],
            name=op.f("fk_hashed_record_extract_id_population_extract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hashed_record")),
    )
    op.create_index("ix_hashed_record_name_date", "hashed_record", ["extract_id", "name_date_key"], unique=False)
    op.create_index("ix_hashed_record_number", "hashed_record", ["extract_id", "number_key"], unique=False)
    op.create_index(
        "ix_hashed_record_old",
        "hashed_record",
        ["extract_id", "old_key"],
        unique=False,
        sqlite_where=sa.text("old_key IS NOT NULL"),
        postgresql_where=sa.text("old_key IS NOT NULL"),
    )
    op.create_table(
        "verification_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=True),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("engine_version", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("values", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_verification_decision_undone_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_verification_decision_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_verification_decision_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_decision")),
    )
    op.create_index(
        "ix_verification_decision_member", "verification_decision", ["campaign_id", "member_id"], unique=False
    )
    op.add_column(
        "population_extract", sa.Column("registry_name", sa.String(length=40), nullable=False, server_default="records")
    )
    op.add_column(
        "population_extract", sa.Column("state", sa.String(length=10), nullable=False, server_default="purged")
    )
    op.add_column("population_extract", sa.Column("reading", sa.JSON(), nullable=True))
    op.add_column("population_extract", sa.Column("content_digest", sa.String(length=64), nullable=True))
    op.add_column("population_extract", sa.Column("byte_count", sa.BigInteger(), nullable=True))
    op.add_column("population_extract", sa.Column("read_count", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("population_extract", sa.Column("line_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("population_extract", sa.Column("faults", sa.JSON(), nullable=True))
    op.add_column("verification_check", sa.Column("candidates", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("verification_check", sa.Column("score", sa.Double(), nullable=True))
    op.add_column(
        "verification_check", sa.Column("engine_version", sa.String(length=40), nullable=False, server_default="")
    )
    op.add_column("verification_check", sa.Column("card_comparison", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_verification_check_record_hash"), "verification_check", ["record_hash"], unique=False)

    # Records are kept in another form from here on, with keys that only the file itself can give: the extract has to be
    # imported again. What officers decided stays.
    op.execute("DELETE FROM population_record")
    op.drop_table("population_record")
    op.create_table(
        "population_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.BigInteger(), nullable=False),
        sa.Column("identity_key", sa.BigInteger(), nullable=False),
        sa.Column("name_key", sa.BigInteger(), nullable=False),
        sa.Column("given_key", sa.BigInteger(), nullable=False),
        sa.Column("old_key", sa.BigInteger(), nullable=True),
        sa.Column("prefix_key", sa.BigInteger(), nullable=False),
        sa.Column("content_key", sa.BigInteger(), nullable=False),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.Column("sex", sa.SmallInteger(), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"],
            ["population_extract.id"],
            name=op.f("fk_population_record_extract_id_population_extract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_record")),
    )
    op.create_index("ix_population_record_born", "population_record", ["extract_id", "born", "given_key"], unique=False)
    op.create_index("ix_population_record_name", "population_record", ["extract_id", "name_key", "born"], unique=False)
    op.create_index("ix_population_record_number", "population_record", ["extract_id", "number_key"], unique=False)
    op.create_index(
        "ix_population_record_old",
        "population_record",
        ["extract_id", "old_key"],
        unique=False,
        sqlite_where=sa.text("old_key IS NOT NULL"),
        postgresql_where=sa.text("old_key IS NOT NULL"),
    )
    op.create_index("ix_population_record_prefix", "population_record", ["extract_id", "prefix_key"], unique=False)
    op.execute("UPDATE population_extract SET is_in_force = false, purged_at = imported_at WHERE is_in_force")
    with op.batch_alter_table("verification_check") as batch:
        batch.add_column(sa.Column("duplicate_of_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_verification_check_duplicate_of_id_member"), "member", ["duplicate_of_id"], ["id"]
        )
    op.execute("UPDATE verification_check SET status = 'missing' WHERE status = 'no_id'")
    # Records are found by another key from here on; comparing again brings it.
    op.execute("UPDATE verification_check SET record_hash = NULL")
    _translate(_NEW_LEVELS)


def downgrade() -> None:
    _translate(_OLD_LEVELS)
    op.execute("UPDATE verification_check SET record_hash = NULL")
    op.execute("UPDATE verification_check SET status = 'no_id' WHERE status = 'missing'")
    op.execute("UPDATE verification_check SET status = 'not_found' WHERE status = 'ambiguous'")
    with op.batch_alter_table("verification_check") as batch:
        batch.drop_constraint(op.f("fk_verification_check_duplicate_of_id_member"), type_="foreignkey")
        batch.drop_column("duplicate_of_id")
    op.drop_index(op.f("ix_verification_check_record_hash"), table_name="verification_check")
    for column in ("card_comparison", "engine_version", "score", "candidates"):
        op.drop_column("verification_check", column)
    for column in (
        "faults",
        "line_count",
        "read_count",
        "byte_count",
        "content_digest",
        "reading",
        "state",
        "registry_name",
    ):
        op.drop_column("population_extract", column)
    for table in ("verification_decision", "hashed_record", "matching_run", "matching_parameters", "population_record"):
        op.drop_table(table)
    op.create_table(
        "population_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("extract_id", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.LargeBinary(), nullable=False),
        sa.Column("citizen_id_hash", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_on", sa.String(length=10), nullable=False),
        sa.Column("sex", sa.String(length=6), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["extract_id"],
            ["population_extract.id"],
            name=op.f("fk_population_record_extract_id_population_extract"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_record")),
    )
    op.create_index(
        "ix_population_record_extract_citizen", "population_record", ["extract_id", "citizen_id_hash"], unique=False
    )


def _translate(levels: Mapping[tuple[str, str], str]) -> None:
    connection, last = op.get_bind(), 0
    while rows := connection.execute(
        sa.select(_CHECKS.c.id, _CHECKS.c.differences).where(_CHECKS.c.id > last).order_by(_CHECKS.c.id).limit(_AT_ONCE)
    ).all():
        last = rows[-1].id
        for check_id, differences in rows:
            translated = {field: levels.get((field, level), level) for field, level in differences.items()}
            if translated != differences:
                connection.execute(_CHECKS.update().where(_CHECKS.c.id == check_id).values(differences=translated))
