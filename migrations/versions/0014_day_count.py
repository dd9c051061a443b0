"""What was counted by hand of a day's papers: signed lines, papers with names.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_count",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("day_id", IdType(), nullable=False),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_day_count_number")),
        sa.ForeignKeyConstraint(["day_id"], ["day.id"], name=op.f("fk_day_count_day_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_count")),
    )
    op.create_index(op.f("ix_day_count_day_id"), "day_count", ["day_id"])
    keep_rows("day_count", ["id", "day_id", "topic", "number", "at"])


def downgrade() -> None:
    op.drop_table("day_count")
