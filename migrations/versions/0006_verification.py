"""Population extracts, records and checks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "population_extract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("record_count", sa.Integer(), nullable=False),
        sa.Column("imported_by", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_in_force", sa.Boolean(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_population_extract_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_population_extract_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_extract")),
    )
    op.create_index(op.f("ix_population_extract_campaign_id"), "population_extract", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_population_extract_station_id"), "population_extract", ["station_id"], unique=False)
    op.create_index(
        "uq_population_extract_one_in_force",
        "population_extract",
        ["campaign_id", "station_id"],
        unique=True,
        sqlite_where=sa.text("is_in_force"),
        postgresql_where=sa.text("is_in_force"),
    )
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
    op.create_table(
        "verification_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("blocks", sa.Boolean(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=True),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("decided_evidence", sa.String(length=64), nullable=True),
        sa.Column("opened_case", sa.Boolean(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("confirmed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_verification_check_decision_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_verification_check_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_verification_check_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_check")),
        sa.UniqueConstraint("campaign_id", "member_id", name=op.f("uq_verification_check_campaign_id_member_id")),
    )
    op.create_index(op.f("ix_verification_check_campaign_id"), "verification_check", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_verification_check_member_id"), "verification_check", ["member_id"], unique=False)
    op.create_index(op.f("ix_verification_check_status"), "verification_check", ["status"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_verification_check_status"), table_name="verification_check")
    op.drop_index(op.f("ix_verification_check_member_id"), table_name="verification_check")
    op.drop_index(op.f("ix_verification_check_campaign_id"), table_name="verification_check")
    op.drop_table("verification_check")
    op.drop_index("ix_population_record_extract_citizen", table_name="population_record")
    op.drop_table("population_record")
    op.drop_index(
        "uq_population_extract_one_in_force",
        table_name="population_extract",
        sqlite_where=sa.text("is_in_force"),
        postgresql_where=sa.text("is_in_force"),
    )
    op.drop_index(op.f("ix_population_extract_station_id"), table_name="population_extract")
    op.drop_index(op.f("ix_population_extract_campaign_id"), table_name="population_extract")
    op.drop_table("population_extract")
