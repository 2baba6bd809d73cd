"""Alembic migrations: made by `alembic revision --autogenerate`, run when a database is opened."""
