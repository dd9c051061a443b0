"""A number may be sent to one window: the event says to which, the number shows for which it waits.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType
from aidtrack.store.guards import keep_rows, release_rows

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

EVENT = ["id", "operation_id", "ticket_id", "no", "kind", "at", "desk_id", "household_id", "stage", "reason", "undoes_no"]
TICKET = ["id", "site_id", "day", "lane", "number", "issued_at", "from_id"]


def upgrade() -> None:
    release_rows("ticket_event")
    with op.batch_alter_table("ticket_event") as batch:
        batch.add_column(sa.Column("to_desk_id", IdType(), nullable=True))
        batch.create_foreign_key(op.f("fk_ticket_event_to_desk_id"), "desk", ["to_desk_id"], ["id"], ondelete="RESTRICT")
    keep_rows("ticket_event", [*EVENT, "to_desk_id"])
    release_rows("ticket")
    with op.batch_alter_table("ticket") as batch:
        batch.add_column(sa.Column("for_desk_id", IdType(), nullable=True))
        batch.create_foreign_key(op.f("fk_ticket_for_desk_id"), "desk", ["for_desk_id"], ["id"], ondelete="RESTRICT")
    keep_rows("ticket", TICKET)


def downgrade() -> None:
    for table, column, kept in (("ticket_event", "to_desk_id", EVENT), ("ticket", "for_desk_id", TICKET)):
        release_rows(table)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_{column}"), type_="foreignkey")
            batch.drop_column(column)
        keep_rows(table, kept)
