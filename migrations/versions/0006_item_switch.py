"""How an item is given on one day at one centre: to all, to those served first, a ration, or not.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
a table rebuilt with `batch_alter_table` gets its append-only triggers again; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType

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
    _keep("item_switch", FIXED)


def _keep(table: str, columns: list[str]) -> None:
    """No row of the table is changed or deleted any more."""
    if op.get_bind().dialect.name == "sqlite":
        then = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    else:
        then = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    names = ", ".join(f'"{name}"' for name in columns)
    op.execute(f'CREATE TRIGGER "{table}_keeps" BEFORE UPDATE OF {names} ON "{table}" {then}')
    op.execute(f'CREATE TRIGGER "{table}_stays" BEFORE DELETE ON "{table}" {then}')


def downgrade() -> None:
    op.drop_table("item_switch")
