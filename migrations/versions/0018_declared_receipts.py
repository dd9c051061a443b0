"""What a family declares it had from another centre, by the stamps on its card.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "declared_receipt",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("stamped_on", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_declared_receipt_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_declared_receipt_item_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_receipt")),
    )
    op.create_index(op.f("ix_declared_receipt_household_id"), "declared_receipt", ["household_id"])
    op.create_index(op.f("ix_declared_receipt_day"), "declared_receipt", ["day"])
    keep_rows("declared_receipt", ["id", "household_id", "item_id", "stamped_on", "day", "at"])


def downgrade() -> None:
    op.drop_table("declared_receipt")
