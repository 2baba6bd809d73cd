"""Write the next migration: `python scripts/new_migration.py "add media"`. Compares models with a new database."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from app.models.database import open_sqlite
from app.models.migrations.run import configuration


def main(message: str) -> None:
    """Migrate a new database to the head, compare it with the models, and write what differs."""
    with tempfile.TemporaryDirectory() as folder:
        head = ScriptDirectory.from_config(configuration()).get_current_head()
        database = open_sqlite(Path(folder) / "compare.db", bytes(32), create=True)
        try:
            with database.writers.begin() as connection:
                next_id = f"{int(head or 0) + 1:04}"
                command.revision(configuration(connection), message, autogenerate=True, rev_id=next_id)
        finally:
            database.close()


if __name__ == "__main__":
    main(sys.argv[1])
