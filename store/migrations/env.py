"""Alembic's way in: the caller hands over a connection, and the transaction to migrate in."""

from alembic import context

from store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
