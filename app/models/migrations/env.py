"""What Alembic runs for each command."""

from alembic import context

from app.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    user_module_prefix="",
    transaction_per_migration=False,
)
context.run_migrations()
