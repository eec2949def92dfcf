"""Alembic's entry: runs on the connection that `migrating.upgrade` hands over. No batch mode: it would drop triggers silently."""

from alembic import context

from examsrv.storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=False, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
