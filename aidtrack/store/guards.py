"""Triggers that keep a table as it was written. Migrations put them on; the mappings say which tables want them (`store.schema`)."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op


def release_rows(table: str) -> None:
    """In a migration: the table's triggers go, so that it can be rebuilt; `keep_rows` follows in the same migration."""
    on = "" if op.get_bind().dialect.name == "sqlite" else f' ON "{table}"'
    for name in ("keeps", "stays"):
        op.execute(f'DROP TRIGGER "{table}_{name}"{on}')


def keep_rows(table: str, columns: Iterable[str]) -> None:
    """In a migration: from now on no row of the table is deleted, and none of these columns is changed.

    On PostgreSQL `refuse_change()` must be there (revision 0001 makes it).
    """
    if op.get_bind().dialect.name == "sqlite":
        then = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    else:
        then = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    names = ", ".join(f'"{name}"' for name in columns)
    op.execute(f'CREATE TRIGGER "{table}_keeps" BEFORE UPDATE OF {names} ON "{table}" {then}')
    op.execute(f'CREATE TRIGGER "{table}_stays" BEFORE DELETE ON "{table}" {then}')
