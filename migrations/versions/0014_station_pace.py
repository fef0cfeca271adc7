"""How long one member takes at a station: measured, or fixed by a person."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "station_pace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("variance", sa.Float(), nullable=False),
        sa.Column("observed_count", sa.Integer(), nullable=False),
        sa.Column("dropped_count", sa.Integer(), nullable=False),
        sa.Column("dropped_run", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fixed_minutes", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("fixed_reason", sa.String(length=300), nullable=True),
        sa.Column("fixed_by", sa.String(length=64), nullable=True),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trial_count", sa.Integer(), nullable=False),
        sa.Column("trial_minutes", sa.Float(), nullable=False),
        sa.CheckConstraint(
            "(fixed_minutes IS NULL) = (fixed_reason IS NULL)", name=op.f("ck_station_pace_fixed_has_reason")
        ),
        sa.CheckConstraint("fixed_minutes > 0", name=op.f("ck_station_pace_fixed_positive")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_station_pace_minutes_positive")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_station_pace_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_station_pace_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_pace")),
        sa.UniqueConstraint("campaign_id", "station_id", name=op.f("uq_station_pace_campaign_id_station_id")),
    )
    op.create_index(op.f("ix_station_pace_station_id"), "station_pace", ["station_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_station_pace_station_id"), table_name="station_pace")
    op.drop_table("station_pace")
