"""A share kept for make-ups, a committee's members per day at a shared station, rounds of the mobile team."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("reserve_percent", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "day_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("member_count > 0", name=op.f("ck_day_quota_member_count_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_day_quota_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_day_quota_committee_id_committee")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_day_quota_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_quota")),
        sa.UniqueConstraint(
            "campaign_id",
            "station_id",
            "committee_id",
            name=op.f("uq_day_quota_campaign_id_station_id_committee_id"),
        ),
    )
    op.create_index(op.f("ix_day_quota_committee_id"), "day_quota", ["committee_id"], unique=False)
    op.create_index(op.f("ix_day_quota_station_id"), "day_quota", ["station_id"], unique=False)
    _rebuild_windows(with_place=True)


def downgrade() -> None:
    _rebuild_windows(with_place=False)
    op.drop_index(op.f("ix_day_quota_station_id"), table_name="day_quota")
    op.drop_index(op.f("ix_day_quota_committee_id"), table_name="day_quota")
    op.drop_table("day_quota")
    op.drop_column("campaign", "reserve_percent")


def _rebuild_windows(*, with_place: bool) -> None:
    """Two windows may begin together where they are in different places: another rule of uniqueness."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_on_sqlite(with_place)
        return
    old, new = "uq_window_campaign_id_station_id_start_at", "uq_window_campaign_id_station_id_start_at_place"
    columns = ["campaign_id", "station_id", "start_at"]
    if with_place:
        op.add_column("window", sa.Column("place", sa.String(length=200), nullable=False, server_default=""))
        op.drop_constraint(op.f(old), "window", type_="unique")
        op.create_unique_constraint(op.f(new), "window", [*columns, "place"])
    else:
        op.drop_constraint(op.f(new), "window", type_="unique")
        op.create_unique_constraint(op.f(old), "window", columns)
        op.drop_column("window", "place")


def _rebuild_on_sqlite(with_place: bool) -> None:
    """SQLite changes no constraint of a table: its rows go out and come back.

    Blocks and appointments refer to them meanwhile, so the references are looked at when everything is done. Proposed
    make-ups go with the windows that leave; they are kept beside them.
    """
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE kept_window AS SELECT * FROM window")
    op.execute("CREATE TEMPORARY TABLE kept_make_up AS SELECT * FROM make_up")
    op.execute("DROP TABLE window")
    place = [sa.Column("place", sa.String(length=200), nullable=False, server_default="")] if with_place else []
    unique = ["campaign_id", "station_id", "start_at", *(["place"] if with_place else [])]
    op.create_table(
        "window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        *place,
        sa.Column("capacity_work", sa.Integer(), nullable=False),
        sa.Column("booked_work", sa.Integer(), nullable=False),
        sa.CheckConstraint("booked_work <= capacity_work", name=op.f("ck_window_not_overbooked")),
        sa.CheckConstraint("booked_work >= 0", name=op.f("ck_window_booked_not_negative")),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_window_ends_after_start")),
        sa.CheckConstraint("line_count >= 0", name=op.f("ck_window_lines_not_negative")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_window_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_window_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window")),
        sa.UniqueConstraint(*unique, name=op.f("uq_window_" + "_".join(unique))),
    )
    op.create_index(op.f("ix_window_campaign_id"), "window", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_window_station_id"), "window", ["station_id"], unique=False)
    op.execute(
        "INSERT INTO window (id, campaign_id, station_id, start_at, end_at, line_count, capacity_work, booked_work)"
        " SELECT id, campaign_id, station_id, start_at, end_at, line_count, capacity_work, booked_work FROM kept_window"
    )
    op.execute("INSERT INTO make_up SELECT * FROM kept_make_up WHERE id NOT IN (SELECT id FROM make_up)")
    op.execute("DROP TABLE kept_window")
    op.execute("DROP TABLE kept_make_up")
