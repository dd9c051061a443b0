"""Proves T10 row by row: what stands in the append-only tables is what the journal wrote down, no more and no less; and that
nobody rewrote the journal.

Reads only. A row deleted or changed behind the program's back is found here even where every sum still agrees.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.errors import Text
from aidtrack.services.check.failure import Failure
from aidtrack.store.base import Base, plain
from aidtrack.store.journal import Change, broken_links

_AT_ONCE = 5_000


def failures(session: Session) -> Iterator[Failure]:
    """Rows that are gone, rows nobody wrote, rows that differ from what was written."""
    for model in sorted(_append_only(), key=lambda one: str(one.__tablename__)):
        yield from _table(session, model)
    for writer, seq in broken_links(session):
        yield Failure("T10-chain", Text("Operation {seq} of the journal was changed.", seq=seq), f"{writer.hex}/{seq}")


def _append_only() -> list[type[Base]]:
    return [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.exchange == "append"]


def _table(session: Session, model: type[Base]) -> Iterator[Failure]:
    name = str(model.__tablename__)
    written = _written(session, name)
    for key, values in _standing(session, model):
        told = written.pop(key, None)
        if told is None:
            words = Text("Table {table}: a row stands there that no operation wrote.", table=name)
            yield Failure("T10-unknown-row", words, f"{name}/{key}")
        elif told != values:
            words = Text("Table {table}: a row was changed after it was written.", table=name)
            yield Failure("T10-changed-row", words, f"{name}/{key}")
    for key in written:
        words = Text("Table {table}: a row that was written is gone.", table=name)
        yield Failure("T10-missing-row", words, f"{name}/{key}")


def _written(session: Session, table: str) -> dict[str, dict[str, Any]]:
    query = select(Change.row_id, Change.body).where(Change.table_name == table)
    rows = session.execute(query.execution_options(yield_per=_AT_ONCE))
    return {row_id: body["new"] for row_id, body in rows if "new" in body and "was" not in body}


def _standing(session: Session, model: type[Base]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of the table with its key and the values the journal keeps: set ones that are not derived."""
    table: Any = model.__table__
    kept = [column for column in table.columns if not column.info.get("derived")]
    keys = [kept.index(column) for column in table.primary_key.columns]
    for row in session.execute(select(*kept).execution_options(yield_per=_AT_ONCE)):
        values = {c.key: plain(value) for c, value in zip(kept, row, strict=True) if value not in (None, "")}
        yield "/".join(str(plain(row[index])) for index in keys), values
