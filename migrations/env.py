"""How alembic meets the database: always on the connection `aidtrack.store.migrate` hands over, inside its transaction."""

from alembic import context

from aidtrack.store import schema

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=schema.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
    transactional_ddl=True,
)
context.run_migrations()
