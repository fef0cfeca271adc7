"""Plans, blocks and appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("minutes_per_member", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_plan_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_plan_committee_id_committee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_index(op.f("ix_plan_campaign_id"), "plan", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_plan_committee_id"), "plan", ["committee_id"], unique=False)
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_manual", sa.Boolean(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=True),
        sa.CheckConstraint("end_at > start_at", name=op.f("ck_block_ends_after_start")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_block_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_block_cell_id_cell")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_block_plan_id_plan")),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_block_window_id_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    op.create_index(op.f("ix_block_campaign_id"), "block", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_block_cell_id"), "block", ["cell_id"], unique=False)
    op.create_index(op.f("ix_block_window_id"), "block", ["window_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("block_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("arrive_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=False),
        sa.Column("work", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("work > 0", name=op.f("ck_appointment_work_positive")),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_appointment_block_id_block")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_appointment_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_appointment_member_id_member")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["appointment.id"], name=op.f("fk_appointment_replaced_by_id_appointment")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_appointment_station_id_station")),
        sa.ForeignKeyConstraint(["window_id"], ["window.id"], name=op.f("fk_appointment_window_id_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("code", name=op.f("uq_appointment_code")),
    )
    op.create_index(op.f("ix_appointment_block_id"), "appointment", ["block_id"], unique=False)
    op.create_index(op.f("ix_appointment_campaign_id"), "appointment", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_appointment_member_id"), "appointment", ["member_id"], unique=False)
    op.create_index(op.f("ix_appointment_window_id"), "appointment", ["window_id"], unique=False)
    op.create_index(
        "uq_appointment_one_active",
        "appointment",
        ["campaign_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_appointment_queue_number",
        "appointment",
        ["station_id", "day_on", "queue_number"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_appointment_queue_number",
        table_name="appointment",
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_index(
        "uq_appointment_one_active",
        table_name="appointment",
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_index(op.f("ix_appointment_window_id"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_member_id"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_campaign_id"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_block_id"), table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(op.f("ix_block_window_id"), table_name="block")
    op.drop_index(op.f("ix_block_cell_id"), table_name="block")
    op.drop_index(op.f("ix_block_campaign_id"), table_name="block")
    op.drop_table("block")
    op.drop_index(op.f("ix_plan_committee_id"), table_name="plan")
    op.drop_index(op.f("ix_plan_campaign_id"), table_name="plan")
    op.drop_table("plan")
