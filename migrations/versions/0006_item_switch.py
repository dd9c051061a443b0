"""How an item is given on one day at one centre: to all, to those served first, a ration, or not.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FIXED = ["id", "site_id", "item_id", "day", "no", "giving", "ration", "at"]


def upgrade() -> None:
    op.create_table(
        "item_switch",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("giving", sa.String(64), nullable=False),
        sa.Column("ration", sa.Integer(), nullable=True),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("giving IN ('all', 'served_first', 'ration', 'none')", name=op.f("ck_item_switch_giving")),
        sa.CheckConstraint("ration > 0", name=op.f("ck_item_switch_ration")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_item_switch_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_switch_item_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_switch")),
        sa.UniqueConstraint("site_id", "day", "item_id", "no", name=op.f("uq_item_switch_site_id_day_item_id_no")),
    )
    keep_rows("item_switch", FIXED)


def downgrade() -> None:
    op.drop_table("item_switch")
