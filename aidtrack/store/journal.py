"""One journal, three uses: audit trail, idempotency record, later the unit of exchange (house.md §4, data.md §6).

Owns the tables `operation` and `change`, the operation a session is in, and the automatic capture of what its flushes changed.
Browsing the journal is `services.journal`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Insert,
    Integer,
    Table,
    UniqueConstraint,
    bindparam,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column
from sqlalchemy.orm.attributes import get_history

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Conflict, Text
from aidtrack.store.base import Base, Code, DayDate, Id, Json, Moment, Note, Word, plain, to_json
from aidtrack.store.days import day_of

CAPTURED = ("append", "fields")
_OPEN = "open operation"
WRITER = "writer"


class Operation(Base):
    """One thing a user did: who, where, when, what. Its id is the request id; `hash` chains the operations of one writer."""

    __tablename__ = "operation"
    __table_args__ = (UniqueConstraint("writer", "seq"), Index("ix_operation_day", "site_id", "day"))
    exchange = "local"
    arrival: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    id: Mapped[Id] = mapped_column(unique=True)
    digest: Mapped[Code]
    writer: Mapped[Id]
    seq: Mapped[int]
    kind: Mapped[Code] = mapped_column(index=True)
    actor_id: Mapped[Id | None] = mapped_column(default=None)
    actor_name: Mapped[Word]
    site_id: Mapped[Id | None] = mapped_column(default=None)
    desk_id: Mapped[Id | None] = mapped_column(default=None)
    at: Mapped[Moment]
    day: Mapped[DayDate]
    reason: Mapped[Note] = mapped_column(default="")
    hash: Mapped[Code] = mapped_column(default="")


class Change(Base):
    """What an operation did to one row: the new values, and the old ones where it changed them."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_row", "row_id"), Index("ix_change_subject", "subject_id"))
    exchange = "local"
    operation_id: Mapped[Id] = mapped_column(ForeignKey("operation.id", ondelete="RESTRICT"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[Code]
    row_id: Mapped[Word]
    subject_id: Mapped[Id | None] = mapped_column(default=None)
    salt: Mapped[Code]
    body: Mapped[Json]
    body_hash: Mapped[Code]


class Writer(Base):
    """The chain a database file writes under; a restored or copied file becomes a new writer."""

    __tablename__ = "writer"
    exchange = "local"
    id: Mapped[Id] = mapped_column(primary_key=True)
    since: Mapped[Moment]
    is_current: Mapped[bool]


# Statements made once: building and hashing one anew costs more than running it.
_OPERATION = cast(Table, Operation.__table__)
_CHANGE = cast(Table, Change.__table__)
_SAME = select(_OPERATION.c.digest).where(_OPERATION.c.id == bindparam("request"))
_LAST = select(_OPERATION).where(_OPERATION.c.writer == bindparam("chain")).order_by(_OPERATION.c.seq.desc()).limit(1)
_BEFORE = select(
    _SAME.scalar_subquery().label("digest"),
    _LAST.with_only_columns(_OPERATION.c.seq).scalar_subquery().label("seq"),
    _LAST.with_only_columns(_OPERATION.c.hash).scalar_subquery().label("hash"),
)
_SEAL = update(_OPERATION).where(_OPERATION.c.id == bindparam("request")).values(hash=bindparam("sealed"))


@cache
def inserting(table: Table) -> Insert:
    """The one insert statement of a table."""
    return insert(table)


@dataclass
class Open:
    """The operation a session is in. `is_repeat`: this request was done before, only its receipt is wanted."""

    id: UUID
    is_repeat: bool
    session: Session
    previous_hash: str = ""
    head: str = ""
    day: date | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)

    def ids(self, table: str) -> list[UUID]:
        """Ids of the rows of `table` this operation inserted or changed, in order, each once."""
        self.session.flush()
        rows = (
            [c["row_id"] for c in self.changes if c["table_name"] == table] if not self.is_repeat else self._kept(table)
        )
        return [UUID(hex=row) for row in dict.fromkeys(rows)]

    def only(self, table: str) -> UUID:
        """The first row of `table` this operation touched."""
        return self.ids(table)[0]

    def _kept(self, table: str) -> Sequence[str]:
        query = select(Change.row_id).where(Change.operation_id == self.id, Change.table_name == table)
        return self.session.scalars(query.order_by(Change.no)).all()


@contextmanager
def operation(
    session: Session, by: Actor, request_id: UUID, kind: str, /, *, because: str = "", **arguments: Any
) -> Iterator[Open]:
    """Opens the operation of a use case, or joins the one that is open already.

    Idempotent by `request_id`: the second time `is_repeat` is true and the caller re-reads its receipt. The same id with another
    kind or other arguments raises Conflict. `because` is the reason in the words of the person who gave one.
    """
    opened: Open | None = session.info.get(_OPEN)
    if opened is not None:
        yield opened
        return
    digest, writer = digest_of(kind, arguments), session.info[WRITER]
    before = session.connection().execute(_BEFORE, {"request": request_id, "chain": writer}).one()
    if before.digest is not None:
        if before.digest != digest:
            raise Conflict("other-content", Text("This was sent before with other content. Start it again."))
        yield Open(request_id, True, session)
        return
    head = {"id": request_id, "digest": digest, "writer": writer, "seq": (before.seq or 0) + 1, "kind": kind, "reason": because}
    opened = _begin(session, by, head, before.hash or "")
    session.info[_OPEN] = opened
    try:
        yield opened
        session.flush()
    except BaseException:
        session.info.pop(_OPEN, None)
        raise


def _begin(session: Session, by: Actor, head: Mapping[str, Any], previous_hash: str) -> Open:
    now = by.now()
    day = day_of(session, by.site_id, now) if by.site_id else now.date()
    row = {
        **head, "actor_id": by.user_id, "actor_name": by.name, "site_id": by.site_id, "desk_id": by.desk_id, "at": now,
        "day": day, "hash": "",
    }  # fmt: skip
    session.connection().execute(inserting(_OPERATION), [row])
    return Open(row["id"], False, session, previous_hash=previous_hash, head=_seal(row), day=day)


_SEALED = (
    "id",
    "digest",
    "writer",
    "seq",
    "kind",
    "actor_id",
    "actor_name",
    "site_id",
    "desk_id",
    "at",
    "day",
    "reason",
)


def _seal(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(to_json([row[name] for name in _SEALED]).encode()).hexdigest()


def _body_hash(salt: str, body: Mapping[str, Any]) -> str:
    # Keys in order of the alphabet: PostgreSQL keeps a JSON object, not how it was written.
    return hashlib.sha256(
        f"{salt}{json.dumps(body, sort_keys=True, ensure_ascii=False, default=plain)}".encode()
    ).hexdigest()


def digest_of(kind: str, arguments: Mapping[str, Any]) -> str:
    """Equal for equal arguments, whatever process computes it (dataclasses by their fields)."""
    whole = f"{kind}:{_canonical(arguments)}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:40]  # what was typed is cleaned later


def _canonical(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{k}={_canonical(v)}" for k, v in sorted(value.items(), key=lambda kv: str(kv[0]))) + "}"
    if isinstance(value, tuple | list):
        return "[" + ",".join(_canonical(v) for v in value) + "]"
    if isinstance(value, set | frozenset):
        return "(" + ",".join(sorted(_canonical(v) for v in value)) + ")"
    fields = getattr(type(value), "__dataclass_fields__", None)
    return _canonical({name: getattr(value, name) for name in fields}) if fields else str(plain(value))


def current(session: Session) -> Open:
    """The operation this session is in; asking outside of one is a bug."""
    opened: Open | None = session.info.get(_OPEN)
    if opened is None:
        raise RuntimeError("a change outside an operation")
    return opened


# ── capture ──────────────────────────────────────────────────────────────────────────────────────


def capture(session: type[Session]) -> None:
    """Makes every flush of this session class journal what it changed."""
    event.listen(session, "after_flush", _after_flush)
    event.listen(session, "before_commit", _before_commit)
    event.listen(session, "after_rollback", _forget)
    event.listen(session, "after_commit", _forget)
    event.listen(session, "do_orm_execute", _refuse_bulk)


def add_many(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Inserts many rows of one table by Core, journaled like the others; missing ids and defaults are filled in."""
    table: Table = model.__table__  # type: ignore[assignment]
    full = [_complete(table, row) for row in rows]
    if not full:
        return
    session.flush()
    session.connection().execute(inserting(table), full)
    if model.exchange in CAPTURED:
        opened = current(session)
        for row in full:
            _note(opened, model, _key(table, row), {"new": _kept_values(table, row)}, row.get(model.subject_column))


def _complete(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for key, has_default, default in _shape(table).columns:
        if key in row:
            whole[key] = row[key]
        elif has_default:
            whole[key] = default(None) if callable(default) else default
    return whole


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a table is asked for each row: its columns with their defaults, its key, what of it is derived."""

    columns: tuple[tuple[str, bool, Any], ...]
    key: tuple[str, ...]
    derived: frozenset[str]


@cache
def _shape(table: Table) -> _Shape:
    columns = tuple((c.key, c.default is not None, getattr(c.default, "arg", None)) for c in table.columns)
    derived = frozenset(c.key for c in table.columns if c.info.get("derived"))
    return _Shape(columns, tuple(c.key for c in table.primary_key.columns), derived)


def _key(table: Table, row: Mapping[str, Any]) -> str:
    return "/".join(str(plain(row[key])) for key in _shape(table).key)


def _kept_values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    derived = _shape(table).derived
    told = {k: plain(v) for k, v in row.items() if k not in derived}
    return {k: v for k, v in told.items() if v is not None and v != ""}


def _after_flush(session: Session, _context: object) -> None:
    for row in session.new:
        if row.exchange in CAPTURED:
            _capture(session, row, {"new": _kept_values(row.__table__, _values(row))})
    for row in session.dirty:
        if row.exchange in CAPTURED and (body := _difference(row)):
            _capture(session, row, body)
    for row in session.deleted:
        if row.exchange in CAPTURED:
            _capture(session, row, {"gone": _kept_values(row.__table__, _values(row))})


def _capture(session: Session, row: Base, body: dict[str, Any]) -> None:
    subject = getattr(row, type(row).subject_column) if type(row).subject_column else None
    _note(current(session), type(row), _key(row.__table__, _values(row)), body, subject)  # type: ignore[arg-type]


def _values(row: Base) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in inspect(row).mapper.column_attrs}


def _difference(row: Base) -> dict[str, Any]:
    new, was = {}, {}
    for attribute in inspect(row).mapper.column_attrs:
        history = get_history(row, attribute.key)
        if history.has_changes() and not attribute.columns[0].info.get("derived"):
            new[attribute.key] = plain(history.added[0] if history.added else None)
            was[attribute.key] = plain(history.deleted[0] if history.deleted else None)
    return {"new": new, "was": was} if new else {}


def _note(opened: Open, model: type[Base], row_id: str, body: dict[str, Any], subject: UUID | None) -> None:
    salt = os.urandom(8).hex()
    opened.changes.append(
        {
            "operation_id": opened.id,
            "no": len(opened.changes) + 1,
            "table_name": model.__tablename__,
            "row_id": row_id,
            "subject_id": subject,
            "salt": salt,
            "body": body,
            "body_hash": _body_hash(salt, body),
        }
    )


def _before_commit(session: Session) -> None:
    opened: Open | None = session.info.get(_OPEN)
    if opened is None or opened.is_repeat:
        return
    session.flush()
    connection = session.connection()
    if opened.changes:
        connection.execute(inserting(_CHANGE), opened.changes)
    connection.execute(_SEAL, {"request": opened.id, "sealed": _chained(opened)})


def settle(session: Session) -> None:
    """Ends the open operation inside its transaction, so that a batch may do several: each stands in the journal by itself."""
    _before_commit(session)
    _forget(session)


def _chained(opened: Open) -> str:
    return _link(opened.previous_hash, opened.head, (c["body_hash"] for c in opened.changes))


def _link(previous: str, own: str, bodies: Iterable[str]) -> str:
    return hashlib.sha256("".join([previous, own, *bodies]).encode()).hexdigest()


def broken_links(session: Session) -> list[tuple[UUID, int]]:
    """(writer, seq) of every operation whose rows are not what its chain sealed; empty when nobody touched the journal."""
    bodies: dict[UUID, list[str]] = {}
    altered = set()
    for change in session.execute(
        select(Change.operation_id, Change.salt, Change.body, Change.body_hash).order_by(Change.no)
    ):
        bodies.setdefault(change.operation_id, []).append(change.body_hash)
        if _body_hash(change.salt, change.body) != change.body_hash:
            altered.add(change.operation_id)
    broken, heads = [], dict[UUID, str]()
    for row in session.execute(select(Operation.__table__).order_by(Operation.writer, Operation.seq)).mappings():
        expected = _link(heads.get(row["writer"], ""), _seal(dict(row)), bodies.get(row["id"], ()))
        if row["hash"] != expected or row["id"] in altered:
            broken.append((row["writer"], row["seq"]))
        heads[row["writer"]] = row["hash"]
    return broken


def _forget(session: Session) -> None:
    """A buffer must not survive its transaction: what was rolled back was never done."""
    session.info.pop(_OPEN, None)


def _refuse_bulk(state: ORMExecuteState) -> None:
    """A bulk write would bypass the journal; `add_many` is the one that does not."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table = getattr(state.statement, "table", None)
    captured = {m.class_.__tablename__ for m in Base.registry.mappers if m.class_.exchange in CAPTURED}
    if table is not None and table.name in captured:
        raise RuntimeError(f"a bulk write to {table.name} would bypass the journal")


# ── the writer of a file ─────────────────────────────────────────────────────────────────────────


def writer_of(session: Session) -> UUID | None:
    """The chain this database writes under, if it keeps one of its own (a SQLite file does)."""
    return session.scalar(select(Writer.id).where(Writer.is_current))


def become_new_writer(connection: Connection, now: datetime) -> UUID:
    """Starts a new chain: for a new, a restored or a copied file."""
    connection.execute(update(Writer).values(is_current=False))
    writer = new_id()
    connection.execute(insert(Writer.__table__), [{"id": writer, "since": now, "is_current": True}])  # type: ignore[arg-type]
    return writer


def chain_head(session: Session, site_id: UUID, days: tuple[date, date], until: datetime | None = None) -> str:
    """The first eight digits of the hash of the newest operation of these days, up to `until`, as papers carry it: two equal papers have
    the same; empty where nothing was done.

    An operation under way has no hash yet, and the signing itself is left out: what it keeps and what is printed after it agree.
    """
    of_days = (Operation.site_id == site_id, Operation.day.between(*days))
    query = select(Operation.hash).where(*of_days, Operation.hash != "", Operation.kind != "sign_off")
    if until is not None:
        query = query.where(Operation.at <= until)
    found = session.scalar(query.order_by(Operation.arrival.desc()).limit(1))
    return f"{found[:4]} {found[4:8]}".upper() if found else ""
