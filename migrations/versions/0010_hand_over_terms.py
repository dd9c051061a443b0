"""Hand-overs that are more than one family with a card: who allowed more, what stands in for what, numbers on pieces, several families,
people who are not registered, corrections, sheets that go to families at home.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, JsonType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HAND_OVER = [
    "id", "site_id", "household_id", "ticket_id", "desk_id", "day", "at", "collector_id", "collector_text", "sheet",
    "line", "people", "cohorts", "served_ticket",
]  # fmt: skip
LINE = ["id", "hand_over_id", "no", "rule_id", "item_id", "lot_id", "quantity", "allowed", "person_ids"]
VOID = ["id", "hand_over_id", "goods", "reason", "replaced_by_id", "day", "at"]
SIGN_OFF = "sign_off IN ('sheet', 'none', 'witnesses')"


def upgrade() -> None:
    _hand_over()
    _line()
    _void()
    with op.batch_alter_table("campaign") as table:
        table.add_column(sa.Column("sign_off", sa.String(64), nullable=False, server_default="sheet"))
        table.create_check_constraint(op.f("ck_campaign_sign_off"), SIGN_OFF)
    op.add_column("item", sa.Column("is_numbered", sa.Boolean(), nullable=False, server_default=sa.false()))
    _numbers()
    _approvals()
    _deliveries()


def _hand_over() -> None:
    _let_go("hand_over")
    with op.batch_alter_table("hand_over") as table:
        table.alter_column("household_id", existing_type=IdType(), nullable=True)
        table.add_column(sa.Column("how_known", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("sign_off", sa.String(64), nullable=False, server_default="sheet"))
        table.add_column(sa.Column("counts_from", sa.Date(), nullable=True))
        table.create_check_constraint(op.f("ck_hand_over_sign_off"), SIGN_OFF)
    keep_rows("hand_over", [*HAND_OVER, "how_known", "sign_off", "counts_from"])


def _line() -> None:
    _let_go("hand_over_line")
    with op.batch_alter_table("hand_over_line") as table:
        table.alter_column("rule_id", existing_type=IdType(), nullable=True)
        table.add_column(sa.Column("substitute_of_id", IdType(), nullable=True))
        table.create_foreign_key(
            op.f("fk_hand_over_line_substitute_of_id"), "item", ["substitute_of_id"], ["id"], ondelete="RESTRICT"
        )
    keep_rows("hand_over_line", [*LINE, "substitute_of_id"])


def _void() -> None:
    _let_go("hand_over_void")
    with op.batch_alter_table("hand_over_void") as table:
        table.add_column(sa.Column("kind", sa.String(64), nullable=False, server_default="cancelled"))
        table.create_check_constraint(
            op.f("ck_hand_over_void_kind"), "kind IN ('cancelled', 'corrected', 'exchanged')"
        )
    keep_rows("hand_over_void", [*VOID, "kind"])


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _let_go(table: str) -> None:
    """Its triggers come off; `keep_rows` puts them on again with the new columns."""
    on = "" if _is_sqlite() else f' ON "{table}"'
    for name in ("keeps", "stays"):
        op.execute(f'DROP TRIGGER IF EXISTS "{table}_{name}"{on}')


def _key(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="RESTRICT")


def _numbers() -> None:
    name = "hand_over_number"
    op.create_table(
        name,
        sa.Column("hand_over_line_id", IdType(), nullable=False),
        sa.Column("number", sa.String(200), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        _key(name, "hand_over_line_id", "hand_over_line"),
        _key(name, "item_id", "item"),
        sa.PrimaryKeyConstraint("hand_over_line_id", "number", name=op.f("pk_hand_over_number")),
    )
    op.create_index("ix_hand_over_number_item", name, ["item_id", "number"])
    keep_rows(name, ["hand_over_line_id", "number", "item_id"])


def _approvals() -> None:
    op.create_table(
        "approval",
        sa.Column("hand_over_id", IdType(), nullable=False),
        sa.Column("approver_id", IdType(), nullable=True),
        sa.Column("approver_name", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('need', 'our_mistake', 'good_faith', 'size', 'other')", name=op.f("ck_approval_reason")
        ),
        _key("approval", "hand_over_id", "hand_over"),
        _key("approval", "approver_id", "user_account"),
        sa.PrimaryKeyConstraint("hand_over_id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_approver_id"), "approval", ["approver_id"])
    keep_rows("approval", ["hand_over_id", "approver_id", "approver_name", "reason", "note", "at"])


def _deliveries() -> None:
    op.create_table(
        "delivery_sheet",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(200), nullable=False),
        sa.Column("household_ids", JsonType, nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        _key("delivery_sheet", "site_id", "site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_sheet")),
        sa.UniqueConstraint("site_id", "day", "number", name=op.f("uq_delivery_sheet_site_id_day_number")),
    )
    keep_rows("delivery_sheet", ["id", "site_id", "day", "number", "carrier", "household_ids", "at"])
    op.create_table(
        "delivery_return",
        sa.Column("sheet_id", IdType(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        _key("delivery_return", "sheet_id", "delivery_sheet"),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_delivery_return")),
    )
    keep_rows("delivery_return", ["sheet_id", "note", "at"])


def downgrade() -> None:
    for table in ("delivery_return", "delivery_sheet", "approval", "hand_over_number"):
        op.drop_table(table)
    op.drop_column("item", "is_numbered")
    with op.batch_alter_table("campaign") as table:
        table.drop_constraint(op.f("ck_campaign_sign_off"), type_="check")
        table.drop_column("sign_off")
    _back()


def _back() -> None:
    for table in ("hand_over_void", "hand_over_line", "hand_over"):
        _let_go(table)
    with op.batch_alter_table("hand_over_void") as void:
        void.drop_constraint(op.f("ck_hand_over_void_kind"), type_="check")
        void.drop_column("kind")
    with op.batch_alter_table("hand_over_line") as line:
        line.drop_constraint(op.f("fk_hand_over_line_substitute_of_id"), type_="foreignkey")
        line.drop_column("substitute_of_id")
        line.alter_column("rule_id", existing_type=IdType(), nullable=False)
    with op.batch_alter_table("hand_over") as hand:
        hand.drop_constraint(op.f("ck_hand_over_sign_off"), type_="check")
        for column in ("counts_from", "sign_off", "how_known"):
            hand.drop_column(column)
        hand.alter_column("household_id", existing_type=IdType(), nullable=False)
    keep_rows("hand_over_void", VOID)
    keep_rows("hand_over_line", LINE)
    keep_rows("hand_over", HAND_OVER)
