"""Children who came without parents: with whom, where found, and that the shift lead was called.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "child_alone",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("came_with", sa.Text(), nullable=False),
        sa.Column("found_at", sa.Text(), nullable=False),
        sa.Column("desk_id", IdType(), nullable=True),
        sa.Column("called_at", MomentType(), nullable=False),
        sa.Column("seen_at", MomentType(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _key("household", "household_id"),
        _key("desk", "desk_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_alone")),
        sa.UniqueConstraint("household_id", name=op.f("uq_child_alone_household_id")),
    )


def _key(parent: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_child_alone_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete="RESTRICT")


def downgrade() -> None:
    op.drop_table("child_alone")
