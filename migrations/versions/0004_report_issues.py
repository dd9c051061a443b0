"""The figures of signed-off days, kept as they were printed.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
a table rebuilt with `batch_alter_table` gets its append-only triggers again; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, JsonType, MomentType

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
    _keep("report_issue", FIXED)


def _keep(table: str, columns: list[str]) -> None:
    """No row of the table is changed or deleted any more."""
    if op.get_bind().dialect.name == "sqlite":
        then = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    else:
        then = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    names = ", ".join(f'"{name}"' for name in columns)
    op.execute(f'CREATE TRIGGER "{table}_keeps" BEFORE UPDATE OF {names} ON "{table}" {then}')
    op.execute(f'CREATE TRIGGER "{table}_stays" BEFORE DELETE ON "{table}" {then}')


def downgrade() -> None:
    op.drop_table("report_issue")
