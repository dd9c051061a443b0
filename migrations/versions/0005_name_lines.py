"""Names are found by lines as in a telephone book, not by postings; and whoever opens a family is written down.

Rules of a migration: it runs in one transaction with foreign keys off and must lose no row (`store.migrate` counts them before and after);
an append-only table, new or rebuilt with `batch_alter_table`, gets its triggers by `keep_rows`; it never imports the mappings, which move on.

The lines are derived: they are made at the first opening of the database after this (`store.names`), as the old tables are after a downgrade.
"""

import sqlalchemy as sa
from alembic import op

from aidtrack.store.base import IdType, MomentType
from aidtrack.store.guards import keep_rows

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPENING = ["id", "household_id", "by_id", "by_name", "site_id", "day", "at", "how"]


def folded() -> sa.types.TypeEngine[str]:
    """Text in the order of its bytes on both databases."""
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_index("ix_person_token_person", table_name="person_token")
    for table in ("person_token", "name_delete", "name_token"):
        op.drop_table(table)
    op.create_table(
        "name_word",
        sa.Column("plain", folded(), nullable=False),
        sa.Column("written", folded(), nullable=False),
        sa.Column("sound", folded(), nullable=False),
        sa.PrimaryKeyConstraint("plain", "written", name=op.f("pk_name_word")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_name_word_sound", "name_word", ["sound"])
    op.create_table(
        "name_slip",
        sa.Column("key", folded(), nullable=False),
        sa.Column("plain", folded(), nullable=False),
        sa.PrimaryKeyConstraint("key", "plain", name=op.f("pk_name_slip")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_line",
        sa.Column("line", folded(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.PrimaryKeyConstraint("line", "person_id", name=op.f("pk_name_line")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_index",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_index")),
    )
    _create_openings()


def _create_openings() -> None:
    op.create_table(
        "family_opening",
        sa.Column("id", IdType(), nullable=False),
        sa.Column("household_id", IdType(), nullable=False),
        sa.Column("by_id", IdType(), nullable=True),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("site_id", IdType(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MomentType(), nullable=False),
        sa.Column("how", sa.String(64), nullable=False),
        sa.CheckConstraint("how IN ('name', 'code', 'queue', 'list')", name=op.f("ck_family_opening_how")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_family_opening_household_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_family_opening_site_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_opening")),
    )
    op.create_index("ix_family_opening_day", "family_opening", ["site_id", "day"])
    op.create_index(op.f("ix_family_opening_household_id"), "family_opening", ["household_id"])
    keep_rows("family_opening", OPENING)


def downgrade() -> None:
    for table in ("family_opening", "name_index", "name_line", "name_slip", "name_word"):
        op.drop_table(table)
    op.create_table(
        "name_token",
        sa.Column("id", big(), autoincrement=False, nullable=False),
        sa.Column("plain", folded(), nullable=False),
        sa.Column("sound", folded(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_token")),
        sa.UniqueConstraint("plain", name=op.f("uq_name_token_plain")),
    )
    op.create_index("ix_name_token_sound", "name_token", ["sound"])
    op.create_table(
        "name_delete",
        sa.Column("key", folded(), nullable=False),
        sa.Column("token_id", big(), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["name_token.id"], name=op.f("fk_name_delete_token_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "token_id", name=op.f("pk_name_delete")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_token",
        sa.Column("token_id", big(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", IdType(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_token_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["token_id"], ["name_token.id"], name=op.f("fk_person_token_token_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("token_id", "part", "person_id", name=op.f("pk_person_token")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_token_person", "person_token", ["person_id", "token_id"])
