"""The search takes less room on a server: a line is found by its words, and nobody asks for it by its key.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In a file these tables are their own index; on a server the key is a second copy of every line.
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_constraint("pk_name_line", "name_line")
    op.create_index("ix_name_line_line", "name_line", ["line"], postgresql_with={"fillfactor": 100})
    op.drop_constraint("pk_name_slip", "name_slip")
    op.create_index("ix_name_slip_key", "name_slip", ["key"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.drop_index("ix_name_slip_key", "name_slip")
    op.create_primary_key("pk_name_slip", "name_slip", ["key", "plain"])
    op.drop_index("ix_name_line_line", "name_line")
    op.create_primary_key("pk_name_line", "name_line", ["line", "person_id"])
