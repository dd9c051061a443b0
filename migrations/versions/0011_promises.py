"""Announced deliveries, promises with the goods put aside for them, and the wait list; how much of each lot stands aside.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FIXED = {
    "announcement_line": ["id", "announcement_id", "item_id", "quantity"],
    "promise_person": ["promise_id", "person_id"],
    "reservation": ["id", "promise_id", "place_id", "item_id", "lot_id", "quantity", "kind", "hand_over_line_id", "day", "at"],
    "wait_end": ["id", "wait_entry_id", "because", "hand_over_id", "promise_id", "day", "at"],
}


def upgrade() -> None:
    with op.batch_alter_table("balance") as batch:
        batch.add_column(sa.Column("reserved", sa.Integer(), nullable=False, server_default="0"))
        batch.create_check_constraint(op.f("ck_balance_reserved"), "reserved >= 0 AND reserved <= quantity")
    op.create_table(
        "announcement",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("donor", sa.String(200), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("document_id", IdType(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("document_id IS NULL OR cancelled_on IS NULL", name=op.f("ck_announcement_one_end")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_announcement_document_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_announcement_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_site", "announcement", ["site_id", "expected_on"])
    op.create_table(
        "announcement_line",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("announcement_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
        sa.CheckConstraint("promised >= 0 AND promised <= quantity", name=op.f("ck_announcement_line_promised")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_announcement_line_quantity")),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_announcement_line_announcement_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_announcement_line_item_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_line")),
        sa.UniqueConstraint("announcement_id", "item_id", name=op.f("uq_announcement_line_announcement_id_item_id")),
    )
    op.create_index("ix_announcement_line_item_id", "announcement_line", ["item_id"])
    op.create_table(
        "promise",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("rule_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("owed", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("line_id", IdType(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(ended_on IS NULL) = (ended_because IS NULL)", name=op.f("ck_promise_end")),
        sa.CheckConstraint(
            "ended_because IN ('not_coming', 'not_wanted', 'not_fetched', 'other_help', 'mistake')", name=op.f("ck_promise_ended_because")
        ),
        sa.CheckConstraint("owed >= 0 AND owed <= quantity", name=op.f("ck_promise_owed")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_promise_quantity")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_promise_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_promise_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["announcement_line.id"], name=op.f("fk_promise_line_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["campaign_rule.id"], name=op.f("fk_promise_rule_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_promise_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index("ix_promise_household", "promise", ["household_id"])
    op.create_index("ix_promise_line", "promise", ["line_id"])
    op.create_index("ix_promise_open", "promise", ["site_id", "item_id", "ended_on"])
    op.create_table(
        "promise_person",
        sa.Column("promise_id", IdType(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_promise_person_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_promise_person_promise_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("promise_id", "person_id", name=op.f("pk_promise_person")),
    )
    op.create_index("ix_promise_person_person_id", "promise_person", ["person_id"])
    op.create_table(
        "reservation",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("promise_id", IdType(), nullable=False),
        sa.Column("place_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("lot_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("hand_over_line_id", IdType(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("kind IN ('put_aside', 'given', 'returned', 'released')", name=op.f("ck_reservation_kind")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_reservation_quantity")),
        sa.ForeignKeyConstraint(
            ["hand_over_line_id"], ["hand_over_line.id"], name=op.f("fk_reservation_hand_over_line_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_reservation_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_reservation_lot_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["place_id"], ["stock_place.id"], name=op.f("fk_reservation_place_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_reservation_promise_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index("ix_reservation_line", "reservation", ["hand_over_line_id"])
    op.create_index("ix_reservation_lot", "reservation", ["place_id", "item_id", "lot_id"])
    op.create_index("ix_reservation_promise", "reservation", ["promise_id"])
    op.create_table(
        "wait_entry",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("rule_id", IdType(), nullable=False),
        sa.Column("item_id", IdType(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_wait_entry_quantity")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_wait_entry_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_wait_entry_item_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["campaign_rule.id"], name=op.f("fk_wait_entry_rule_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_wait_entry_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wait_entry")),
    )
    op.create_index("ix_wait_entry_household", "wait_entry", ["household_id"])
    op.create_index("ix_wait_entry_item", "wait_entry", ["site_id", "item_id"])
    op.create_table(
        "wait_end",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("wait_entry_id", IdType(), nullable=False),
        sa.Column("because", sa.String(64), nullable=False),
        sa.Column("hand_over_id", IdType(), nullable=True),
        sa.Column("promise_id", IdType(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("because IN ('given', 'promised', 'left')", name=op.f("ck_wait_end_because")),
        sa.CheckConstraint("(because = 'given') = (hand_over_id IS NOT NULL)", name=op.f("ck_wait_end_hand_over")),
        sa.CheckConstraint("(because = 'promised') = (promise_id IS NOT NULL)", name=op.f("ck_wait_end_promise")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_wait_end_hand_over_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promise.id"], name=op.f("fk_wait_end_promise_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["wait_entry_id"], ["wait_entry.id"], name=op.f("fk_wait_end_wait_entry_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wait_end")),
    )
    op.create_index("ix_wait_end_entry", "wait_end", ["wait_entry_id"])
    for table, columns in FIXED.items():
        keep_rows(table, columns)


def downgrade() -> None:
    op.drop_table("wait_end")
    op.drop_table("wait_entry")
    op.drop_table("reservation")
    op.drop_table("promise_person")
    op.drop_table("promise")
    op.drop_table("announcement_line")
    op.drop_table("announcement")
    with op.batch_alter_table("balance") as batch:
        batch.drop_constraint(op.f("ck_balance_reserved"), type_="check")
        batch.drop_column("reserved")
