"""What is lent comes back: what became of each thing on loan; and a programme of several centres.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, JsonType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FIXED = ["id", "hand_over_line_id", "outcome", "reason", "day", "at"]


def upgrade() -> None:
    op.add_column("campaign", sa.Column("sites", JsonType, nullable=True))
    op.create_table(
        "loan_return",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("hand_over_line_id", IdType(), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("outcome IN ('shelf', 'set_aside', 'kept')", name=op.f("ck_loan_return_outcome")),
        sa.ForeignKeyConstraint(
            ["hand_over_line_id"], ["hand_over_line.id"], name=op.f("fk_loan_return_hand_over_line_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_return")),
        sa.UniqueConstraint("hand_over_line_id", name=op.f("uq_loan_return_hand_over_line_id")),
    )
    op.create_index("ix_loan_return_day", "loan_return", ["day"])
    keep_rows("loan_return", FIXED)


def downgrade() -> None:
    op.drop_table("loan_return")
    with op.batch_alter_table("campaign") as batch:
        batch.drop_column("sites")
