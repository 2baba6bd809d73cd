"""The triggers that keep append-only tables append-only, on both databases.

Alembic's batch mode drops SQLite's triggers silently: migrations make them anew, and each start checks that they exist.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from app.models.base import Base

LOG = "audit_event"


def append_only_tables() -> list[str]:
    """Names of the tables whose rows are never updated or deleted."""
    return sorted(name for name, table in Base.metadata.tables.items() if table.info.get("append_only"))


def expected_triggers() -> set[str]:
    """Names of the triggers that must exist."""
    names = {f"{table}_{event}" for table in append_only_tables() for event in ("keep", "stay")}
    return names | {f"{LOG}_next"}


def found_triggers(connection: Connection) -> set[str]:
    """Names of the triggers that do exist."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    return set(connection.execute(text(query)).scalars())


def create_triggers(connection: Connection, tables: Iterable[str]) -> None:
    """Make the triggers of these append-only tables (called by migrations)."""
    statements = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for table in tables:
        for statement in statements(table):
            connection.execute(text(statement))


def _sqlite(table: str) -> list[str]:
    made = [
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END",
        f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    ]
    if table == LOG:
        made.append(
            f"CREATE TRIGGER {table}_next BEFORE INSERT ON {table} "
            f"WHEN NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM {table}) "
            "BEGIN SELECT RAISE(ABORT, 'not the next'); END"
        )
    return made


def _postgresql(table: str) -> list[str]:
    refuse = (
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    made = [
        refuse,
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()",
        f"CREATE TRIGGER {table}_stay BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse()",
    ]
    if table == LOG:
        gap = (
            "CREATE OR REPLACE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM {table}) THEN "
            "RAISE EXCEPTION 'not the next'; END IF; RETURN NEW; END $$"
        )
        made += [
            gap,
            f"CREATE TRIGGER {table}_next BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_gap()",
        ]
    return made
