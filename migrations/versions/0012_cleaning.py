"""Check sheets that members return, and how good each cell's data was day by day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_quality_day_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_quality_day_cell_id_cell")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_day")),
        sa.UniqueConstraint(
            "campaign_id", "cell_id", "taken_on", name=op.f("uq_quality_day_campaign_id_cell_id_taken_on")
        ),
    )
    op.create_index(op.f("ix_quality_day_cell_id"), "quality_day", ["cell_id"], unique=False)
    op.create_table(
        "check_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_by", sa.String(length=64), nullable=True),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("open_fields", sa.JSON(), nullable=False),
        sa.Column("opened_case", sa.Boolean(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(state = 'printed') = (returned_at IS NULL)", name=op.f("ck_check_sheet_returned_has_time")
        ),
        sa.CheckConstraint(
            "state <> 'printed' OR printed_at IS NOT NULL", name=op.f("ck_check_sheet_printed_has_time")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_check_sheet_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_check_sheet_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_sheet")),
        sa.UniqueConstraint("campaign_id", "member_id", name=op.f("uq_check_sheet_campaign_id_member_id")),
        sa.UniqueConstraint("code", name=op.f("uq_check_sheet_code")),
    )
    op.create_index(op.f("ix_check_sheet_member_id"), "check_sheet", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_check_sheet_member_id"), table_name="check_sheet")
    op.drop_table("check_sheet")
    op.drop_index(op.f("ix_quality_day_cell_id"), table_name="quality_day")
    op.drop_table("quality_day")
