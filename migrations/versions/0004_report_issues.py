"""The figures of signed-off days, kept as they were printed.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, JsonType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FIXED = ["id", "site_id", "day", "report", "revision", "figures", "because", "at"]


def upgrade() -> None:
    op.create_table(
        "report_issue",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("report", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("figures", JsonType, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_report_issue_revision")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_report_issue_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_issue")),
        sa.UniqueConstraint(
            "site_id", "day", "report", "revision", name=op.f("uq_report_issue_site_id_day_report_revision")
        ),
    )
    keep_rows("report_issue", FIXED)


def downgrade() -> None:
    op.drop_table("report_issue")
