"""Papers that follow another: counted after it was signed for, received after it was sent, taken back. What was seen the first time of
what was counted twice. The least a centre wants to have of an item.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType
from aidtrack.store.guards import keep_rows

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DOCUMENT = [
    "id", "site_id", "kind", "year", "number", "code", "day", "at", "other_party", "paper_number", "cause", "note", "facts",
]  # fmt: skip
COUNT_LINE = ["id", "document_id", "place_id", "item_id", "lot_id", "seen", "book", "counted_at", "note"]
FOLLOWS = "fk_document_follows_id"


def upgrade() -> None:
    _let_go("document")
    with op.batch_alter_table("document") as table:
        table.add_column(sa.Column("follows_id", IdType(), nullable=True))
        table.create_foreign_key(FOLLOWS, "document", ["follows_id"], ["id"], ondelete="RESTRICT")
        table.create_index("ix_document_follows_id", ["follows_id"])
    keep_rows("document", [*DOCUMENT, "follows_id"])
    _let_go("count_line")
    with op.batch_alter_table("count_line") as table:
        table.add_column(sa.Column("first_seen", sa.Integer(), nullable=True))
    keep_rows("count_line", [*COUNT_LINE, "first_seen"])
    _create_levels()


def _create_levels() -> None:
    op.create_table(
        "stock_level",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("least >= 0", name=op.f("ck_stock_level_least")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stock_level_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_stock_level_item_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_level")),
        sa.UniqueConstraint("site_id", "item_id", name=op.f("uq_stock_level_site_id_item_id")),
    )


def _let_go(table: str) -> None:
    """Its triggers come off; `keep_rows` puts them on again with the new columns."""
    on = "" if op.get_bind().dialect.name == "sqlite" else f' ON "{table}"'
    for name in ("keeps", "stays"):
        op.execute(f'DROP TRIGGER IF EXISTS "{table}_{name}"{on}')


def downgrade() -> None:
    op.drop_table("stock_level")
    _let_go("count_line")
    with op.batch_alter_table("count_line") as table:
        table.drop_column("first_seen")
    keep_rows("count_line", COUNT_LINE)
    _let_go("document")
    with op.batch_alter_table("document") as table:
        table.drop_index("ix_document_follows_id")
        table.drop_constraint(FOLLOWS, type_="foreignkey")
        table.drop_column("follows_id")
    keep_rows("document", DOCUMENT)
