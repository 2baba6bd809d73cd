"""Create the tables of the first version."""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime
from app.models.triggers import create_triggers

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables of the first version."""
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        info={"append_only": True},
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_operation"), ["operation"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("series", name=op.f("uq_counter_series")),
    )
    op.create_table(
        "person",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=False),
        sa.Column("id_digest", sa.LargeBinary(), nullable=False),
        sa.Column("mobile", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("office_phone", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id_digest", name=op.f("uq_person_id_digest")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_uid")),
    )
    op.create_table(
        "unit",
        sa.Column(
            "kind",
            sa.Enum(
                "province",
                "city",
                "county",
                "school",
                "city-school",
                "university",
                "province-school",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "retired", name="unitstatus", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("reports_to_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("division_code", sa.String(), nullable=True),
        sa.Column("school_code", sa.String(), nullable=True),
        sa.Column("school_type", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("statistical", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'province') = (reports_to_id IS NULL)", name=op.f("ck_unit_one_root")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["unit.id"], name=op.f("fk_unit_merged_into_id_unit")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.ForeignKeyConstraint(["reports_to_id"], ["unit.id"], name=op.f("fk_unit_reports_to_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("school_code", name=op.f("uq_unit_school_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_unit_uid")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_division_code"), ["division_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_unit_path", ["path"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_reports_to_id"), ["reports_to_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("annex2", "annex4", name="formkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "printed",
                "submitted",
                "accepted",
                "approved",
                "executed",
                "returned",
                "rejected",
                "withdrawn",
                name="applicationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("applicant_digest", sa.LargeBinary(), nullable=False),
        sa.Column("applicant_name", sa.String(), nullable=False),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_application_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_application_uid")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_applicant_digest"), ["applicant_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "office",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("founded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("signing_public", sa.LargeBinary(), nullable=False),
        sa.Column("signing_private", sa.LargeBinary(), nullable=False),
        sa.Column("receiving_public", sa.String(), nullable=False),
        sa.Column("receiving_private", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_single")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_office_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("uid", name=op.f("uq_office_uid")),
    )
    op.create_table(
        "unit_change",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "retired", name="unitstatus", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("division_code", sa.String(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("reports_to_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into_id"], ["unit.id"], name=op.f("fk_unit_change_merged_into_id_unit")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_change_parent_id_unit")),
        sa.ForeignKeyConstraint(["reports_to_id"], ["unit.id"], name=op.f("fk_unit_change_reports_to_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_change_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_change")),
        info={"append_only": True},
    )
    with op.batch_alter_table("unit_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_change_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("login_key", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("management", "business", name="accountkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "created",
                "active",
                "disabled",
                name="accountstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.LargeBinary(), nullable=True),
        sa.Column("converted_from", sa.String(), nullable=False),
        sa.Column("activated_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("password_set_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'management') = (slot_id IS NOT NULL)", name=op.f("ck_account_slot_of_management")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_account_application_id_application")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("application_id", name=op.f("uq_account_application_id")),
        sa.UniqueConstraint("login_key", name=op.f("uq_account_login_key")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_account_slot_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_account_uid")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "post",
            sa.Enum("system", "security", "auditor", name="post", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_appointment_account_id_account")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_appointment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_appointment_current",
            ["account_id", "post"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "certificate_request",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("holder_digest", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "forwarded",
                "province-approved",
                "code-issued",
                "key-generated",
                "issued",
                "written",
                "confirmed",
                "returned",
                "rejected",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("filed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_certificate_request_account_id_account")),
        sa.ForeignKeyConstraint(["desk_id"], ["unit.id"], name=op.f("fk_certificate_request_desk_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_certificate_request_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_request")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_request_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_request_uid")),
    )
    with op.batch_alter_table("certificate_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_request_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_desk_id"), ["desk_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_request_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_certificate_request_living",
            ["account_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('rejected', 'confirmed')"),
            postgresql_where=sa.text("state NOT IN ('rejected', 'confirmed')"),
        )

    op.create_table(
        "decision",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "edit",
                "print",
                "submit",
                "accept",
                "review",
                "execute",
                "return",
                "reject",
                "withdraw",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "before",
            sa.Enum(
                "draft",
                "printed",
                "submitted",
                "accepted",
                "approved",
                "executed",
                "returned",
                "rejected",
                "withdrawn",
                name="before",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "draft",
                "printed",
                "submitted",
                "accepted",
                "approved",
                "executed",
                "returned",
                "rejected",
                "withdrawn",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "post",
            sa.Enum("system", "security", "auditor", name="post", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_decision_account_id_account")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("uid", name=op.f("uq_decision_uid")),
        info={"append_only": True},
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_application_id"), ["application_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_revision_account_id_account")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_revision_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_revision_application_id_number")),
        sa.UniqueConstraint("uid", name=op.f("uq_revision_uid")),
        info={"append_only": True},
    )
    op.create_table(
        "role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subsystem", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "uq_role_current",
            ["account_id", "subsystem", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "used_password",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("set_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_used_password_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_password")),
        info={"append_only": True},
    )
    with op.batch_alter_table("used_password", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_password_account_id"), ["account_id"], unique=False)

    op.create_table(
        "download_code",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["certificate_request.id"], name=op.f("fk_download_code_request_id_certificate_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download_code")),
    )
    with op.batch_alter_table("download_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_download_code_request_id"), ["request_id"], unique=False)

    op.create_table(
        "request_move",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "forward",
                "approve",
                "return",
                "reject",
                "refile",
                "issue-code",
                "generate",
                "issue",
                "write",
                "prove",
                name="requeststep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "before",
            sa.Enum(
                "requested",
                "forwarded",
                "province-approved",
                "code-issued",
                "key-generated",
                "issued",
                "written",
                "confirmed",
                "returned",
                "rejected",
                name="before",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "requested",
                "forwarded",
                "province-approved",
                "code-issued",
                "key-generated",
                "issued",
                "written",
                "confirmed",
                "returned",
                "rejected",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "post",
            sa.Enum("system", "security", "auditor", name="post", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("moved_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_request_move_account_id_account")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["certificate_request.id"], name=op.f("fk_request_move_request_id_certificate_request")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_request_move_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_move")),
        sa.UniqueConstraint("uid", name=op.f("uq_request_move_uid")),
        info={"append_only": True},
    )
    with op.batch_alter_table("request_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_move_request_id"), ["request_id"], unique=False)

    op.create_table(
        "sign_off",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint("step BETWEEN 1 AND 4", name=op.f("ck_sign_off_step")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_off_account_id_account")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_sign_off_revision_id_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint("revision_id", "step", name=op.f("uq_sign_off_revision_id_step")),
        sa.UniqueConstraint("uid", name=op.f("uq_sign_off_uid")),
        info={"append_only": True},
    )
    op.create_table(
        "enrolment",
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("token_serial", sa.String(), nullable=False),
        sa.Column("key_kind", sa.String(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "intended",
                "key",
                "issued",
                "written",
                "proved",
                name="enrolmentstep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("leased_to", sa.String(), nullable=False),
        sa.Column("leased_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["download_code.id"], name=op.f("fk_enrolment_code_id_download_code")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["certificate_request.id"], name=op.f("fk_enrolment_request_id_certificate_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("code_id", name=op.f("uq_enrolment_code_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_enrolment_uid")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_request_id"), ["request_id"], unique=False)
        batch_op.create_index(
            "uq_enrolment_open",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("step <> 'proved'"),
            postgresql_where=sa.text("step <> 'proved'"),
        )

    op.create_table(
        "certificate",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("not_before", UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_after", UtcDateTime(timezone=True), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_certificate_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["certificate_request.id"], name=op.f("fk_certificate_request_id_certificate_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_certificate_enrolment_id")),
        sa.UniqueConstraint("issuer", "serial", name=op.f("uq_certificate_issuer_serial")),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_uid")),
        info={"append_only": True},
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_request_id"), ["request_id"], unique=False)
    create_triggers(
        op.get_bind(),
        [
            "audit_event",
            "certificate",
            "decision",
            "request_move",
            "revision",
            "sign_off",
            "unit_change",
            "used_password",
        ],
    )
