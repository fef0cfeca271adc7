"""User accounts and failed sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_at"), "sign_in_failure", ["at"], unique=False)
    op.create_index(op.f("ix_sign_in_failure_username"), "sign_in_failure", ["username"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("full_name", sa.String(length=80), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("cell_id", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("province_code", sa.String(length=2), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role = 'admin' AND committee_id IS NULL AND cell_id IS NULL AND station_id IS NULL AND province_code IS NULL) OR (role = 'committee' AND committee_id IS NOT NULL) OR (role = 'cell_secretary' AND cell_id IS NOT NULL) OR (role IN ('officer', 'station_chief') AND station_id IS NOT NULL) OR (role = 'supervisor' AND province_code IS NOT NULL)",
            name=op.f("ck_user_account_scope_fits_role"),
        ),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_user_account_cell_id_cell")),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_user_account_committee_id_committee")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["province.code"], name=op.f("fk_user_account_province_code_province")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_user_account_station_id_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_account_fs_uniquifier")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_index(op.f("ix_user_account_cell_id"), "user_account", ["cell_id"], unique=False)
    op.create_index(op.f("ix_user_account_committee_id"), "user_account", ["committee_id"], unique=False)
    op.create_index(op.f("ix_user_account_station_id"), "user_account", ["station_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_user_account_station_id"), table_name="user_account")
    op.drop_index(op.f("ix_user_account_committee_id"), table_name="user_account")
    op.drop_index(op.f("ix_user_account_cell_id"), table_name="user_account")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_sign_in_failure_username"), table_name="sign_in_failure")
    op.drop_index(op.f("ix_sign_in_failure_at"), table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
