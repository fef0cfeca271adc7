"""Times proposed to members who must come again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "make_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=False),
        sa.Column("arrive_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("waiting_since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_good_hour", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_make_up_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_make_up_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["window.id"], name=op.f("fk_make_up_window_id_window"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_make_up")),
        sa.UniqueConstraint("campaign_id", "member_id", name=op.f("uq_make_up_campaign_id_member_id")),
    )
    op.create_index(op.f("ix_make_up_member_id"), "make_up", ["member_id"], unique=False)
    op.create_index(op.f("ix_make_up_window_id"), "make_up", ["window_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_make_up_window_id"), table_name="make_up")
    op.drop_index(op.f("ix_make_up_member_id"), table_name="make_up")
    op.drop_table("make_up")
