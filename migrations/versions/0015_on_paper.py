"""Hand-overs typed in from paper; a line of a sheet that was typed wrongly and taken back is typed again.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows, release_rows

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SIGNED = ["site_id", "day", "desk_id", "sheet", "line"]
_ONCE, _AGAIN = "uq_hand_over_site_id_day_desk_id_sheet_line", "uq_hand_over_site_id_day_desk_id_sheet_line_again"
_HAND_OVER = [
    "id", "site_id", "household_id", "ticket_id", "desk_id", "day", "at", "collector_id", "collector_text", "sheet", "line",
    "people", "cohorts", "served_ticket", "how_known", "sign_off", "counts_from",
]  # fmt: skip


def upgrade() -> None:
    release_rows("hand_over")
    with op.batch_alter_table("hand_over") as batch:
        batch.add_column(sa.Column("again", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint(_ONCE, type_="unique")
        batch.create_unique_constraint(_AGAIN, [*_SIGNED, "again"])
    keep_rows("hand_over", [*_HAND_OVER, "again"])
    op.create_table(
        "paper_entry",
        sa.Column("hand_over_id", IdType(), nullable=False),
        sa.Column("document_id", IdType(), nullable=True),
        sa.Column("typed_at", MomentType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_paper_entry_hand_over_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_paper_entry_document_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("hand_over_id", name=op.f("pk_paper_entry")),
    )
    op.create_index(op.f("ix_paper_entry_document_id"), "paper_entry", ["document_id"])
    keep_rows("paper_entry", ["hand_over_id", "document_id", "typed_at"])


def downgrade() -> None:
    op.drop_table("paper_entry")
    release_rows("hand_over")
    with op.batch_alter_table("hand_over") as batch:
        batch.drop_constraint(_AGAIN, type_="unique")
        batch.create_unique_constraint(_ONCE, _SIGNED)
        batch.drop_column("again")
    keep_rows("hand_over", _HAND_OVER)
