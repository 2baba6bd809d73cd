"""Add UKEY libraries that an office registers, and the index that lists a unit's events."""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add UKEY libraries, and read lists of the log off one index."""
    op.create_table(
        "ukey_library",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "withdrawn",
                name="librarystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_ukey_library_confirmed")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR confirmed_at IS NOT NULL", name=op.f("ck_ukey_library_confirmed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name=op.f("fk_ukey_library_confirmed_by_id_account")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["account.id"], name=op.f("fk_ukey_library_proposed_by_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ukey_library_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ukey_library")),
    )
    op.create_index(op.f("ix_ukey_library_unit_id"), "ukey_library", ["unit_id"])
    op.create_index(
        "uq_ukey_library_living",
        "ukey_library",
        ["path", "machine"],
        unique=True,
        sqlite_where=sa.text("state <> 'withdrawn'"),
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    # Not in a batch: that would make the log's table anew, without its triggers.
    op.drop_index(op.f("ix_audit_event_unit_id"), "audit_event")
    op.create_index(
        "ix_audit_event_list", "audit_event", ["unit_id", "id", "at", "operation", "account_id", "outcome"]
    )
