"""Lines of hand-overs say whether they were due only because a new home has its own.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.guards import keep_rows, release_rows

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LINE = [
    "id", "hand_over_id", "no", "rule_id", "item_id", "lot_id", "quantity", "allowed", "person_ids", "substitute_of_id",
]  # fmt: skip


def upgrade() -> None:
    release_rows("hand_over_line")
    op.add_column("hand_over_line", sa.Column("by_new_home", sa.Boolean(), nullable=False, server_default=sa.false()))
    keep_rows("hand_over_line", [*LINE, "by_new_home"])


def downgrade() -> None:
    release_rows("hand_over_line")
    op.drop_column("hand_over_line", "by_new_home")
    keep_rows("hand_over_line", LINE)
