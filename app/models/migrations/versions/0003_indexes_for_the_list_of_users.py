"""Add the indexes that the list of a million users is read off."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Accounts by unit without their rows; names and logins by how they begin."""
    op.drop_index(op.f("ix_account_unit_id"), "account")
    op.create_index("ix_account_list", "account", ["unit_id", "kind", "id", "state"])
    _create_index_for_beginnings("ix_account_login_begins", "account", "login_key")
    _create_index_for_beginnings("ix_person_name_begins", "person", "name")


def _create_index_for_beginnings(name: str, table: str, column: str) -> None:
    """SQLite's LIKE reads an index without case only, PostgreSQL's one that compares byte by byte."""
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(name, table, [sa.text(f"{column} COLLATE NOCASE")])
    else:
        op.create_index(name, table, [column], postgresql_ops={column: "text_pattern_ops"})
