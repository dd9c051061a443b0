"""All mappings together, and the triggers that keep append-only tables append-only."""

from __future__ import annotations

from aidtrack.store import accounts, campaigns, days, handover, intake, journal, names, people, queueing, stock
from aidtrack.store.base import Base

ROOMS = (accounts, campaigns, days, handover, intake, journal, names, people, queueing, stock)

metadata = Base.metadata


def append_only() -> dict[str, list[str]]:
    """Tables whose rows are never changed or deleted, each with the columns that may be rebuilt (derived ones)."""
    found = {}
    for mapper in Base.registry.mappers:
        if mapper.class_.exchange == "append":
            table = mapper.local_table
            found[str(table.name)] = [c.name for c in table.columns if c.info.get("derived")]  # type: ignore[attr-defined]
    return dict(sorted(found.items())) | {"change": [], "operation": ["hash"]}


def sqlite_triggers(table: str, fixed: list[str]) -> list[str]:
    """SQLite: updates of the `fixed` columns and every delete are refused."""
    columns = ", ".join(f'"{name}"' for name in fixed)
    return [
        f'CREATE TRIGGER "{table}_keeps" BEFORE UPDATE OF {columns} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        f'CREATE TRIGGER "{table}_stays" BEFORE DELETE ON "{table}" BEGIN SELECT RAISE(ABORT, \'{table} is append-only\'); END',
    ]


POSTGRES_FUNCTION = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)


def postgres_triggers(table: str, fixed: list[str]) -> list[str]:
    """PostgreSQL: the same by one function."""
    columns = ", ".join(f'"{name}"' for name in fixed)
    return [
        f'CREATE TRIGGER "{table}_keeps" BEFORE UPDATE OF {columns} ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        f'CREATE TRIGGER "{table}_stays" BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    ]


def fixed_columns() -> dict[str, list[str]]:
    """Of each append-only table the columns that never change."""
    return {
        table: [c.name for c in metadata.tables[table].columns if c.name not in derived]
        for table, derived in append_only().items()
    }
