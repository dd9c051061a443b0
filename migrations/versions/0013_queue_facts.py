"""What the queue keeps beside its numbers: blocks for paper rolls, tomorrow's slots, who was told "not today", how disputes ended.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FIXED = {
    "number_block": "id operation_id site_id day lane first last at",
    "slot": "id operation_id ticket_id day hour at",
    "turned_away": "id operation_id site_id household_id day said next_day at",
    "dispute": "id operation_id site_id household_id ticket_id hand_over_id stopped_id day outcome next_day at",
}


def upgrade() -> None:
    op.create_table(
        "number_block",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_number_block_operation_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_number_block_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_block")),
        sa.CheckConstraint("first > 0 AND last >= first", name=op.f("ck_number_block_numbers")),
        sa.UniqueConstraint("site_id", "day", "lane", "first", name=op.f("uq_number_block_site_id_day_lane_first")),
    )
    op.create_index(op.f("ix_number_block_operation_id"), "number_block", ["operation_id"])
    op.create_table(
        "slot",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("ticket_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_slot_operation_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_slot_ticket_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
    )
    op.create_index(op.f("ix_slot_operation_id"), "slot", ["operation_id"])
    op.create_index(op.f("ix_slot_ticket_id"), "slot", ["ticket_id"])
    op.create_table(
        "turned_away",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_turned_away_operation_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_turned_away_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_turned_away_household_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turned_away")),
        sa.UniqueConstraint("household_id", "day", name=op.f("uq_turned_away_household_id_day")),
    )
    op.create_index(op.f("ix_turned_away_operation_id"), "turned_away", ["operation_id"])
    op.create_index("ix_turned_away_day", "turned_away", ["site_id", "day"])
    op.create_table(
        "dispute",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("ticket_id", IdType(), nullable=True),
        sa.Column("hand_over_id", IdType(), nullable=True),
        sa.Column("stopped_id", IdType(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_dispute_operation_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_dispute_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_dispute_household_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_dispute_ticket_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["hand_over_id"], ["hand_over.id"], name=op.f("fk_dispute_hand_over_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["stopped_id"], ["person.id"], name=op.f("fk_dispute_stopped_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.CheckConstraint(
            "outcome IN ('our_error', 'wrong_family', 'other_collector', 'signature', 'good_faith')", name=op.f("ck_dispute_outcome")
        ),
    )
    op.create_index(op.f("ix_dispute_operation_id"), "dispute", ["operation_id"])
    op.create_index(op.f("ix_dispute_household_id"), "dispute", ["household_id"])
    op.create_index("ix_dispute_day", "dispute", ["site_id", "day"])
    for table, columns in FIXED.items():
        keep_rows(table, columns.split())


def downgrade() -> None:
    for table in reversed(FIXED):
        op.drop_table(table)
