"""Proves T10 row by row: what stands in the tables is what the journal wrote down, no more and no less; and that nobody rewrote
the journal.

Reads only. A row deleted or changed behind the program's back is found here even where every sum still agrees.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.errors import Text
from aidtrack.services.check.failure import Failure
from aidtrack.store.base import Base, plain
from aidtrack.store.journal import CAPTURED, Change, Operation, broken_links

_AT_ONCE = 5_000
Values = dict[str, Any]


def failures(session: Session) -> Iterator[Failure]:
    """Rows that are gone, rows nobody wrote, rows that differ from what was written."""
    for model in sorted(_journaled(), key=lambda one: str(one.__tablename__)):
        yield from _table(session, model)
    for writer, seq in broken_links(session):
        yield Failure("T10-chain", Text("Operation {seq} of the journal was changed.", seq=seq), f"{writer.hex}/{seq}")


def _journaled() -> list[type[Base]]:
    return [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.exchange in CAPTURED]


def _table(session: Session, model: type[Base]) -> Iterator[Failure]:
    name = str(model.__tablename__)
    written, changed = _written(session, name)
    for key, values in _standing(session, model):
        told = written.pop(key, None)
        if told is None:
            words = Text("Table {table}: a row stands there that no operation wrote.", table=name)
            yield Failure("T10-unknown-row", words, f"{name}/{key}")
        elif not _come_to(told, changed.get(key, ()), values):
            words = Text("Table {table}: a row was changed after it was written.", table=name)
            yield Failure("T10-changed-row", words, f"{name}/{key}")
    for key in written:
        words = Text("Table {table}: a row that was written is gone.", table=name)
        yield Failure("T10-missing-row", words, f"{name}/{key}")


def _written(session: Session, table: str) -> tuple[dict[str, Values], dict[str, list[Values]]]:
    """Of each row of a table what it was written with, and the changes after that."""
    query = select(Change.row_id, Change.body).join(Operation, Operation.id == Change.operation_id)
    rows = session.execute(
        query.where(Change.table_name == table)
        .order_by(Operation.arrival, Change.no)
        .execution_options(yield_per=_AT_ONCE)
    )
    written: dict[str, Values] = {}
    changed: dict[str, list[Values]] = {}
    for row_id, body in rows:
        if "gone" in body:
            written.pop(row_id, None)
            changed.pop(row_id, None)
        elif "was" in body:
            changed.setdefault(row_id, []).append(body)
        else:
            written[row_id] = body["new"]
    return written, changed


def _come_to(written: Values, changes: Sequence[Values], standing: Values) -> bool:
    """Whether each change begins where another ended and the last one ends at what stands there.

    In whatever order they are told: two desks may write one row in the opposite order of their arrival.
    """
    if not changes:
        return written == standing
    names = {*written, *standing, *(name for body in changes for name in body["new"])}
    return all(_ends(written.get(name), changes, name) == [_sign(standing.get(name))] for name in names)


def _ends(first: Any, changes: Sequence[Values], name: str) -> list[str]:
    """The values a field came to and never left."""
    ends = Counter([_sign(first)])
    for body in changes:
        if name in body["new"]:
            ends[_sign(body["new"][name])] += 1
            ends[_sign(body["was"][name])] -= 1
    return [value for value, times in ends.items() for _ in range(abs(times))]


def _sign(value: Any) -> str:
    return "" if value in (None, "") else json.dumps(value, sort_keys=True, ensure_ascii=False)


def _standing(session: Session, model: type[Base]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of the table with its key and the values the journal keeps: set ones that are not derived."""
    table: Any = model.__table__
    kept = [column for column in table.columns if not column.info.get("derived")]
    keys = [kept.index(column) for column in table.primary_key.columns]
    for row in session.execute(select(*kept).execution_options(yield_per=_AT_ONCE)):
        values = {c.key: plain(value) for c, value in zip(kept, row, strict=True) if value not in (None, "")}
        yield "/".join(str(plain(row[index])) for index in keys), values
