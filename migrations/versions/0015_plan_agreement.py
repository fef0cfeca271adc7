"""Proposals are submitted to the chiefs of the stations, answered, and withdrawn after publishing."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("chief_confirms", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("plan", sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plan", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plan", sa.Column("withdrawn_reason", sa.String(length=300), nullable=True))
    op.create_table(
        "plan_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("is_confirmed OR reason IS NOT NULL", name=op.f("ck_plan_answer_sent_back_has_reason")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_answer_plan_id_plan")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_plan_answer_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_answer")),
        sa.UniqueConstraint("plan_id", "station_id", name=op.f("uq_plan_answer_plan_id_station_id")),
    )
    op.create_index(op.f("ix_plan_answer_station_id"), "plan_answer", ["station_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_answer_station_id"), table_name="plan_answer")
    op.drop_table("plan_answer")
    for column in ("withdrawn_reason", "withdrawn_at", "submitted_at"):
        op.drop_column("plan", column)
    op.drop_column("campaign", "chief_confirms")
