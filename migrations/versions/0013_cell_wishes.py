"""What cells say about the times at which they can come."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cell_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("unavailable_dates", sa.JSON(), nullable=False),
        sa.Column("preferred_dates", sa.JSON(), nullable=False),
        sa.Column("preferred_parts", sa.JSON(), nullable=False),
        sa.Column("said_by", sa.String(length=64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_cell_wish_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_cell_wish_cell_id_cell")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell_wish")),
        sa.UniqueConstraint("campaign_id", "cell_id", name=op.f("uq_cell_wish_campaign_id_cell_id")),
    )
    op.create_index(op.f("ix_cell_wish_cell_id"), "cell_wish", ["cell_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_cell_wish_cell_id"), table_name="cell_wish")
    op.drop_table("cell_wish")
