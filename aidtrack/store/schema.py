"""All mappings together, and which of their columns never change once written (migrations make the triggers that see to it)."""

from __future__ import annotations

from aidtrack.store import (
    accounts,
    campaigns,
    days,
    disclosures,
    handover,
    identity,
    intake,
    journal,
    names,
    on_paper,
    people,
    promises,
    queueing,
    stock,
)
from aidtrack.store.base import Base

ROOMS = (accounts, campaigns, days, disclosures, handover, identity, intake, journal, names, on_paper, people, promises, queueing, stock)

metadata = Base.metadata


def append_only() -> dict[str, list[str]]:
    """Tables whose rows are never changed or deleted, each with the columns that may be rebuilt (derived ones)."""
    found = {}
    for mapper in Base.registry.mappers:
        if mapper.class_.exchange == "append":
            table = mapper.local_table
            found[str(table.name)] = [c.name for c in table.columns if c.info.get("derived")]  # type: ignore[attr-defined]
    return dict(sorted(found.items())) | {"change": [], "operation": ["hash"]}


def fixed_columns() -> dict[str, list[str]]:
    """Of each append-only table the columns that never change."""
    return {
        table: [c.name for c in metadata.tables[table].columns if c.name not in derived]
        for table, derived in append_only().items()
    }
