"""The ledger of a campaign and its history."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_ledger_case_done_has_time")),
        sa.CheckConstraint(
            "(state = 'pending') = (reason IS NOT NULL)", name=op.f("ck_ledger_case_pending_has_reason")
        ),
        sa.CheckConstraint("state IN ('not_yet', 'done', 'pending')", name=op.f("ck_ledger_case_known_state")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_ledger_case_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ledger_case_member_id_member")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_ledger_case_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_case")),
        sa.UniqueConstraint("campaign_id", "member_id", name=op.f("uq_ledger_case_campaign_id_member_id")),
    )
    op.create_index("ix_ledger_case_campaign_state", "ledger_case", ["campaign_id", "state"], unique=False)
    op.create_index(op.f("ix_ledger_case_member_id"), "ledger_case", ["member_id"], unique=False)
    op.create_index(op.f("ix_ledger_case_owner_id"), "ledger_case", ["owner_id"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("from_state", sa.String(length=10), nullable=False),
        sa.Column("to_state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["ledger_case.id"], name=op.f("fk_case_event_case_id_ledger_case")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_case_event_owner_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index(op.f("ix_case_event_case_id"), "case_event", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_case_event_case_id"), table_name="case_event")
    op.drop_table("case_event")
    op.drop_index(op.f("ix_ledger_case_owner_id"), table_name="ledger_case")
    op.drop_index(op.f("ix_ledger_case_member_id"), table_name="ledger_case")
    op.drop_index("ix_ledger_case_campaign_state", table_name="ledger_case")
    op.drop_table("ledger_case")
