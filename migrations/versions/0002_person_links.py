"""Words about pairs of people, and pairs left to be settled.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, JsonType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIXED = {
    "person_link": ["id", "a_id", "b_id", "verdict", "no", "operation_id", "day", "at", "reason"],
    "similar_pair": ["id", "a_id", "b_id", "score", "reasons", "operation_id", "day", "at"],
}


def upgrade() -> None:
    op.create_table(
        "person_link",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("a_id", IdType(), nullable=False),
        sa.Column("b_id", IdType(), nullable=False),
        sa.Column("verdict", sa.String(64), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict IN ('same', 'different', 'open')", name=op.f("ck_person_link_verdict")),
        sa.CheckConstraint("a_id < b_id", name=op.f("ck_person_link_order")),
        *_keys("person_link"),
    )
    op.create_index("ix_person_link_pair", "person_link", ["a_id", "b_id", "no"])
    op.create_index("ix_person_link_b", "person_link", ["b_id"])
    op.create_index(op.f("ix_person_link_operation_id"), "person_link", ["operation_id"])
    op.create_table(
        "similar_pair",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("a_id", IdType(), nullable=False),
        sa.Column("b_id", IdType(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", JsonType, nullable=False),
        sa.Column("operation_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("a_id < b_id", name=op.f("ck_similar_pair_order")),
        sa.CheckConstraint("score BETWEEN 0 AND 1000", name=op.f("ck_similar_pair_score")),
        *_keys("similar_pair"),
    )
    op.create_index("ix_similar_pair_pair", "similar_pair", ["a_id", "b_id"])
    op.create_index(op.f("ix_similar_pair_b_id"), "similar_pair", ["b_id"])
    op.create_index(op.f("ix_similar_pair_operation_id"), "similar_pair", ["operation_id"])
    for table, columns in FIXED.items():
        keep_rows(table, columns)


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["a_id"], ["person.id"], name=op.f(f"fk_{table}_a_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["b_id"], ["person.id"], name=op.f(f"fk_{table}_b_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f(f"fk_{table}_operation_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    op.drop_table("similar_pair")
    op.drop_table("person_link")
