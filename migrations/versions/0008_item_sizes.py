"""Sizes of an item: rows of the catalogue of their own, with own stock, under the rules of the item they are a size of.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PARENT = "fk_item_variant_of_id"


def upgrade() -> None:
    with op.batch_alter_table("item") as batch:
        batch.add_column(sa.Column("variant_of_id", IdType(), nullable=True))
        batch.add_column(sa.Column("size", sa.String(200), nullable=False, server_default=""))
        batch.create_foreign_key(PARENT, "item", ["variant_of_id"], ["id"], ondelete="RESTRICT")
        batch.create_index("ix_item_variant_of_id", ["variant_of_id"])


def downgrade() -> None:
    with op.batch_alter_table("item") as batch:
        batch.drop_index("ix_item_variant_of_id")
        batch.drop_constraint(PARENT, type_="foreignkey")
        batch.drop_column("size")
        batch.drop_column("variant_of_id")
