"""Alembic migrations: every change of the schema since the first table."""
