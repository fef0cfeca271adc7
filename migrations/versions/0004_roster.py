"""Members, list imports and remembered columns."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "column_memory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_column_memory_committee_id_committee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_memory")),
        sa.UniqueConstraint("committee_id", "signature", name=op.f("uq_column_memory_committee_id_signature")),
    )
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.Column("undo", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["committee_id"], ["committee.id"], name=op.f("fk_roster_import_committee_id_committee")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    op.create_index(op.f("ix_roster_import_committee_id"), "roster_import", ["committee_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=80), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=True),
        sa.Column("messages", sa.LargeBinary(), nullable=True),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["roster_import.id"], name=op.f("fk_import_row_import_id_roster_import"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "sheet", "row", name=op.f("uq_import_row_import_id_sheet_row")),
    )
    op.create_index(op.f("ix_import_row_import_id"), "import_row", ["import_id"], unique=False)
    op.create_index(op.f("ix_import_row_state"), "import_row", ["state"], unique=False)
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("search_key", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=240), nullable=False),
        sa.Column("birth_on", sa.String(length=10), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=6), nullable=True),
        sa.Column("citizen_id", sa.LargeBinary(), nullable=True),
        sa.Column("citizen_id_hash", sa.String(length=64), nullable=True),
        sa.Column("old_id", sa.LargeBinary(), nullable=True),
        sa.Column("old_id_hash", sa.String(length=64), nullable=True),
        sa.Column("card_no", sa.LargeBinary(), nullable=True),
        sa.Column("card_no_hash", sa.String(length=64), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("joined_on", sa.String(length=10), nullable=True),
        sa.Column("official_on", sa.String(length=10), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("needs_help", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cell_id"], ["cell.id"], name=op.f("fk_member_cell_id_cell")),
        sa.ForeignKeyConstraint(["committee_id"], ["committee.id"], name=op.f("fk_member_committee_id_committee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_index(op.f("ix_member_card_no_hash"), "member", ["card_no_hash"], unique=False)
    op.create_index(op.f("ix_member_cell_id"), "member", ["cell_id"], unique=False)
    op.create_index(op.f("ix_member_citizen_id_hash"), "member", ["citizen_id_hash"], unique=False)
    op.create_index(op.f("ix_member_committee_id"), "member", ["committee_id"], unique=False)
    op.create_index("ix_member_committee_search", "member", ["committee_id", "search_key"], unique=False)
    op.create_index(op.f("ix_member_old_id_hash"), "member", ["old_id_hash"], unique=False)
    op.create_index(op.f("ix_member_search_key"), "member", ["search_key"], unique=False)
    op.create_index(
        "uq_member_committee_citizen",
        "member",
        ["committee_id", "citizen_id_hash"],
        unique=True,
        sqlite_where=sa.text("citizen_id_hash IS NOT NULL AND removed_at IS NULL"),
        postgresql_where=sa.text("citizen_id_hash IS NOT NULL AND removed_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_member_committee_citizen",
        table_name="member",
        sqlite_where=sa.text("citizen_id_hash IS NOT NULL AND removed_at IS NULL"),
        postgresql_where=sa.text("citizen_id_hash IS NOT NULL AND removed_at IS NULL"),
    )
    op.drop_index(op.f("ix_member_search_key"), table_name="member")
    op.drop_index(op.f("ix_member_old_id_hash"), table_name="member")
    op.drop_index("ix_member_committee_search", table_name="member")
    op.drop_index(op.f("ix_member_committee_id"), table_name="member")
    op.drop_index(op.f("ix_member_citizen_id_hash"), table_name="member")
    op.drop_index(op.f("ix_member_cell_id"), table_name="member")
    op.drop_index(op.f("ix_member_card_no_hash"), table_name="member")
    op.drop_table("member")
    op.drop_index(op.f("ix_import_row_state"), table_name="import_row")
    op.drop_index(op.f("ix_import_row_import_id"), table_name="import_row")
    op.drop_table("import_row")
    op.drop_index(op.f("ix_roster_import_committee_id"), table_name="roster_import")
    op.drop_table("roster_import")
    op.drop_table("column_memory")
