"""Provinces, communes, committees, cells, stations, lines, campaigns and windows."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "province",
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_province")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("slip_title", sa.String(length=80), nullable=False),
        sa.Column("bring_text", sa.Text(), nullable=False),
        sa.Column("dress_text", sa.Text(), nullable=False),
        sa.Column("note_text", sa.Text(), nullable=False),
        sa.Column("minutes_per_member", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("early_minutes", sa.Integer(), nullable=False),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("has_fictitious_ids", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_campaign_province_code_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_province_code"), "campaign", ["province_code"], unique=False)
    op.create_table(
        "committee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("superior_name", sa.String(length=120), nullable=False),
        sa.Column("place_name", sa.String(length=80), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("contact_name", sa.String(length=80), nullable=False),
        sa.Column("contact_phone", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_committee_province_code_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee")),
        sa.UniqueConstraint("name", name=op.f("uq_committee_name")),
    )
    op.create_index(op.f("ix_committee_province_code"), "committee", ["province_code"], unique=False)
    op.create_table(
        "commune",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("search_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_commune_province_code_province")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
    )
    op.create_index(op.f("ix_commune_province_code"), "commune", ["province_code"], unique=False)
    op.create_index(op.f("ix_commune_search_key"), "commune", ["search_key"], unique=False)
    op.create_table(
        "station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["province_code"], ["province.code"], name=op.f("fk_station_province_code_province")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("name", name=op.f("uq_station_name")),
    )
    op.create_index(op.f("ix_station_province_code"), "station", ["province_code"], unique=False)
    op.create_table(
        "campaign_committee",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_committee_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_campaign_committee_committee_id_committee")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "committee_id", name=op.f("pk_campaign_committee")),
    )
    op.create_index(op.f("ix_campaign_committee_committee_id"), "campaign_committee", ["committee_id"], unique=False)
    op.create_table(
        "cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("search_key", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("org_code", sa.String(length=20), nullable=True),
        sa.Column("secretary_name", sa.String(length=80), nullable=False),
        sa.Column("secretary_phone", sa.LargeBinary(), nullable=True),
        sa.Column("travel_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_cell_committee_id_committee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell")),
        sa.UniqueConstraint("committee_id", "search_key", name=op.f("uq_cell_committee_id_search_key")),
    )
    op.create_index(op.f("ix_cell_committee_id"), "cell", ["committee_id"], unique=False)
    op.create_table(
        "committee_station",
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_committee_station_committee_id_committee")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_committee_station_station_id_station")),
        sa.PrimaryKeyConstraint("committee_id", "station_id", name=op.f("pk_committee_station")),
    )
    op.create_index(op.f("ix_committee_station_station_id"), "committee_station", ["station_id"], unique=False)
    op.create_table(
        "line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_line_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("station_id", "number", name=op.f("uq_line_station_id_number")),
    )
    op.create_index(op.f("ix_line_station_id"), "line", ["station_id"], unique=False)
    op.create_table(
        "window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("capacity_work", sa.Integer(), nullable=False),
        sa.Column("booked_work", sa.Integer(), nullable=False),
        sa.CheckConstraint("booked_work <= capacity_work", name=op.f("ck_window_not_overbooked")),
        sa.CheckConstraint("booked_work >= 0", name=op.f("ck_window_booked_not_negative")),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_window_ends_after_start")),
        sa.CheckConstraint("line_count >= 0", name=op.f("ck_window_lines_not_negative")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_window_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_window_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window")),
        sa.UniqueConstraint(
            "campaign_id", "station_id", "start_at", name=op.f("uq_window_campaign_id_station_id_start_at")
        ),
    )
    op.create_index(op.f("ix_window_campaign_id"), "window", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_window_station_id"), "window", ["station_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_window_station_id"), table_name="window")
    op.drop_index(op.f("ix_window_campaign_id"), table_name="window")
    op.drop_table("window")
    op.drop_index(op.f("ix_line_station_id"), table_name="line")
    op.drop_table("line")
    op.drop_index(op.f("ix_committee_station_station_id"), table_name="committee_station")
    op.drop_table("committee_station")
    op.drop_index(op.f("ix_cell_committee_id"), table_name="cell")
    op.drop_table("cell")
    op.drop_index(op.f("ix_campaign_committee_committee_id"), table_name="campaign_committee")
    op.drop_table("campaign_committee")
    op.drop_index(op.f("ix_station_province_code"), table_name="station")
    op.drop_table("station")
    op.drop_index(op.f("ix_commune_search_key"), table_name="commune")
    op.drop_index(op.f("ix_commune_province_code"), table_name="commune")
    op.drop_table("commune")
    op.drop_index(op.f("ix_committee_province_code"), table_name="committee")
    op.drop_table("committee")
    op.drop_index(op.f("ix_campaign_province_code"), table_name="campaign")
    op.drop_table("campaign")
    op.drop_table("province")
