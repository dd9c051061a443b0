"""The register of disclosures: to whom names were given, on what paper, by which two people.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, JsonType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FIXED = [
    "id", "site_id", "year", "number", "code", "mark", "day", "at", "asked_by", "paper", "purpose", "fields", "people", "families",
    "given_by_id", "given_by", "second_id", "second", "is_locked",
]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(200), nullable=False),
        sa.Column("mark", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("paper", sa.String(200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("fields", JsonType, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("families", sa.Integer(), nullable=False),
        sa.Column("given_by_id", IdType(), nullable=True),
        sa.Column("given_by", sa.String(200), nullable=False),
        sa.Column("second_id", IdType(), nullable=True),
        sa.Column("second", sa.String(200), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_disclosure_people")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_disclosure_site_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["user_account.id"], name=op.f("fk_disclosure_given_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["second_id"], ["user_account.id"], name=op.f("fk_disclosure_second_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("site_id", "year", "number", name=op.f("uq_disclosure_site_id_year_number")),
    )
    op.create_index("ix_disclosure_day", "disclosure", ["site_id", "day"])
    keep_rows("disclosure", FIXED)


def downgrade() -> None:
    op.drop_table("disclosure")
