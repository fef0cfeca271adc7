"""Visits, their intervals and scans."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["user_account.id"], name=op.f("fk_scan_officer_id_user_account")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_scan_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    op.create_index(op.f("ix_scan_station_id"), "scan", ["station_id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_visit_closed_has_outcome")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_visit_closed_by_somebody")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_visit_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_visit_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user_account.id"], name=op.f("fk_visit_closed_by_id_user_account")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_visit_member_id_member")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_visit_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_campaign_id"), "visit", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_visit_member_id"), "visit", ["member_id"], unique=False)
    op.create_index("ix_visit_station_day", "visit", ["station_id", "day_on"], unique=False)
    op.create_index(
        "ix_visit_station_open",
        "visit",
        ["station_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "uq_visit_one_open",
        "visit",
        ["campaign_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "visit_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind != 'serving' OR (officer_id IS NOT NULL AND line_id IS NOT NULL)",
            name=op.f("ck_visit_stage_served_by"),
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_visit_stage_ends_after_start")),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_visit_stage_line_id_line")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user_account.id"], name=op.f("fk_visit_stage_officer_id_user_account")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_stage_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_stage")),
    )
    op.create_index(
        "ix_visit_stage_open",
        "visit_stage",
        ["kind"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(op.f("ix_visit_stage_visit_id"), "visit_stage", ["visit_id"], unique=False)
    op.create_index(
        "uq_visit_stage_one_open",
        "visit_stage",
        ["visit_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_visit_stage_one_per_line",
        "visit_stage",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND kind = 'serving'"),
        postgresql_where=sa.text("ended_at IS NULL AND kind = 'serving'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_visit_stage_one_per_line",
        table_name="visit_stage",
        sqlite_where=sa.text("ended_at IS NULL AND kind = 'serving'"),
        postgresql_where=sa.text("ended_at IS NULL AND kind = 'serving'"),
    )
    op.drop_index(
        "uq_visit_stage_one_open",
        table_name="visit_stage",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_visit_stage_visit_id"), table_name="visit_stage")
    op.drop_index(
        "ix_visit_stage_open",
        table_name="visit_stage",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("visit_stage")
    op.drop_index(
        "uq_visit_one_open",
        table_name="visit",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(
        "ix_visit_station_open",
        table_name="visit",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_visit_station_day", table_name="visit")
    op.drop_index(op.f("ix_visit_member_id"), table_name="visit")
    op.drop_index(op.f("ix_visit_campaign_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_scan_station_id"), table_name="scan")
    op.drop_table("scan")
