"""Day badges: a printed code for one role and one day, and who works under it.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("user_id", IdType(), nullable=True),
        sa.Column("ended_at", MomentType(), nullable=True),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("pin", sa.Text(), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_badge_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_badge_user_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("site_id", "day", "number", name=op.f("uq_badge_site_id_day_number")),
        sa.UniqueConstraint("token", name=op.f("uq_badge_token")),
    )
    op.create_index(op.f("ix_badge_user_id"), "badge", ["user_id"])


def downgrade() -> None:
    op.drop_table("badge")
