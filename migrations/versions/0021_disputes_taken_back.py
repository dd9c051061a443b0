"""How a dispute ended may be taken back: a counter-entry that names it.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dispute_undo",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("dispute_id", IdType(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_dispute_undo_operation_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_undo_dispute_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_undo")),
        sa.UniqueConstraint("dispute_id", name=op.f("uq_dispute_undo_dispute_id")),
    )
    op.create_index(op.f("ix_dispute_undo_operation_id"), "dispute_undo", ["operation_id"])
    keep_rows("dispute_undo", ["id", "operation_id", "dispute_id", "at"])


def downgrade() -> None:
    op.drop_table("dispute_undo")
