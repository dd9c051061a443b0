"""Search of names as plain indexed rows: lines as in a telephone book, the distinct words of names, and their one-deletion keys.

All of it is derived and can be made anew from the people (`rebuild`); a desk changes it in the transaction that changes a name. What a
line says is `domain.finding`, reading lines at every key `store.name_lookup`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Index, Text, and_, bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from aidtrack.domain.finding import PARTS, lines_of, lines_of_part
from aidtrack.domain.names import EDITION, NameWord, kept_keys, name_words
from aidtrack.store.asking import is_on_server
from aidtrack.store.base import Base, Id
from aidtrack.store.people import Household, HouseholdMember

# Bytes decide the order of words on both databases: a range of prefixes must not follow the rules of a dictionary.
Folded = Annotated[str, mapped_column(Text().with_variant(Text(collation="C"), "postgresql"))]

Progress = Callable[[int, int], None]
"""Called with what is done and what there is; raising from it gives the work up."""

ON_A_SERVER = frozenset({"ix_name_line_line", "ix_name_slip_key"})
"""Indexes a server has instead of the keys of two tables; in a file a table without row ids is its own index."""
_AT_ONCE = 20_000
_ONLY = 1


class NameWordRow(Base):
    """A distinct word of any name: `plain` for beginnings, its letters as `written`, `sound` for one symbol a sound."""

    __tablename__ = "name_word"
    __table_args__ = (Index("ix_name_word_sound", "sound"), {"sqlite_with_rowid": False})
    exchange = "derived"
    plain: Mapped[Folded] = mapped_column(primary_key=True)
    written: Mapped[Folded] = mapped_column(primary_key=True)
    sound: Mapped[Folded]


class NameSlip(Base):
    """What a word is found by though it is not typed like it: a sound with one symbol left out, a reading of Latin letters."""

    __tablename__ = "name_slip"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it, nobody changes it
    exchange = "derived"
    key: Mapped[Folded] = mapped_column(primary_key=True)
    plain: Mapped[Folded] = mapped_column(primary_key=True)


class NameLine(Base):
    """A person under one word of the name. No foreign key: it would cost a look at every line, and `rebuild` forgives everything.

    On a server the table has an index by line alone (`ON_A_SERVER`): the key would be a second copy of everything, and nobody asks by it.
    """

    __tablename__ = "name_line"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it, nobody changes it
    exchange = "derived"
    line: Mapped[Folded] = mapped_column(primary_key=True)
    person_id: Mapped[Id] = mapped_column(primary_key=True)


class NameIndex(Base):
    """By which edition of the folds the words and lines were made; no row: not yet."""

    __tablename__ = "name_index"
    exchange = "derived"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[int]


class Bearer(NamedTuple):
    """A person as the search knows one."""

    person_id: UUID
    family_name: str
    given_name: str
    patronymic: str
    year: int | None

    @property
    def names(self) -> tuple[str, str, str]:
        return (self.family_name, self.given_name, self.patronymic)


_GONE = delete(NameLine).where(
    and_(NameLine.line == bindparam("old_line"), NameLine.person_id == bindparam("old_person"))
)


def index_people(session: Session, people: Iterable[Bearer]) -> None:
    """Makes people findable; empty names are findable by nothing."""
    words: set[NameWord] = set()
    rows: list[dict[str, Any]] = []
    for one in people:
        words.update(word for name in one.names if name for word in name_words(name))
        rows += [{"line": line, "person_id": one.person_id} for line in lines_of(*one.names, one.year)]
    if rows:
        _keep_words(session, sorted(words))
        session.connection().execute(insert(NameLine), sorted(rows, key=lambda row: row["line"]))


def forget_people(session: Session, people: Iterable[Bearer]) -> None:
    """Takes people, as they were called until now, out of the search; their words stay for others."""
    rows = [{"old_line": line, "old_person": p.person_id} for p in people for line in lines_of(*p.names, p.year)]
    if rows:
        session.connection().execute(_GONE, rows)


def _keep_words(session: Session, words: Sequence[NameWord]) -> None:
    """Adds the words that are new, in their order, so that two desks never wait for each other in a ring."""
    adding = insert_on_postgresql if is_on_server(session) else insert_on_sqlite
    word = adding(NameWordRow).on_conflict_do_nothing().returning(NameWordRow.plain, NameWordRow.written)
    rows = [{"plain": one.plain, "written": one.written, "sound": one.sound} for one in words]
    new = {tuple(row) for row in session.connection().execute(word, rows)}
    keys = {(key, one.plain) for one in words if (one.plain, one.written) in new for key in kept_keys(one)}
    if keys:
        slip = adding(NameSlip).on_conflict_do_nothing()
        session.connection().execute(slip, [{"key": key, "plain": plain} for key, plain in sorted(keys)])


# ── all of it anew ───────────────────────────────────────────────────────────────────────────────


def is_stale(session: Session) -> bool:
    """Whether the words and lines were made by an older edition of the folds, or never."""
    return (session.scalar(select(NameIndex.edition)) or 0) < EDITION


def rebuild_if_stale(session: Session) -> None:
    """Makes the search anew when the folds have changed; of several that ask at once the first does it."""
    if is_stale(session):
        _take_turn(session)
        if is_stale(session):
            rebuild(session)


def rebuild(session: Session, progress: Progress | None = None) -> int:
    """Makes words and lines anew from the people and returns how many people there are. In one transaction: others see the old ones."""
    _take_turn(session)
    connection = session.connection()
    for table in (NameLine, NameSlip, NameWordRow, NameIndex):
        connection.execute(delete(table))
    hidden = _withdrawn(session)
    total = connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one()
    tell = progress or (lambda done, of: None)
    words: set[NameWord] = set()
    # One kind of line after the other: each is sorted by itself, and only a third of the lines is in memory.
    for no, part in enumerate(PARTS):
        entries = [entry for person in _people(connection, hidden) for entry in _entries(person, part, words)]
        entries.sort()
        tell(no * total // 3, total)
        _fill(connection, "name_line", ("line", "person_id"), _unpacked(entries, is_on_server(session)))
        tell((no + 1) * total // 3, total)
    _fill_words(connection, words)
    connection.execute(insert(NameIndex), [{"id": _ONLY, "edition": EDITION}])
    return int(total)


def _take_turn(session: Session) -> None:
    if is_on_server(session):
        session.connection().exec_driver_sql("LOCK TABLE name_line IN SHARE ROW EXCLUSIVE MODE")


def _withdrawn(session: Session) -> set[UUID]:
    """Who is in no family that counts. Two plain questions: as one, a server that knows nothing of its tables yet takes minutes for it."""
    members = select(HouseholdMember.person_id).join(Household, Household.id == HouseholdMember.household_id)
    gone = members.where(Household.status != "active")
    left = set(session.scalars(gone))
    return left - set(session.scalars(members.where(Household.status == "active", HouseholdMember.person_id.in_(gone)))) if left else left


def _people(connection: Connection, hidden: set[UUID]) -> Iterator[tuple[bytes, str, str, str, int | None]]:
    sql = "SELECT id, family_name, given_name, patronymic, birth_date FROM person"
    rows = connection.exec_driver_sql(sql, execution_options={"stream_results": True, "yield_per": _AT_ONCE})
    without = {one.bytes for one in hidden}
    for key, family, given, father, born in rows:
        person = key.bytes if isinstance(key, UUID) else bytes(key)
        if person not in without:
            yield person, family, given, father, int(str(born)[:4]) if born else None


def _entries(person: tuple[bytes, str, str, str, int | None], part: str, words: set[NameWord]) -> Iterator[bytes]:
    """The lines of one kind, each with its person in one string of bytes: a third of the memory of a pair."""
    key, family, given, father, year = person
    words.update(name_words((family, given, father)[PARTS.index(part)]))
    for line in lines_of_part(part, (family, given, father), year):
        yield line.encode("utf-8", "surrogatepass") + b"\0" + key


def _unpacked(entries: Iterable[bytes], as_uuid: bool) -> Iterator[tuple[str, Any]]:
    for entry in entries:
        line, key = entry[:-17].decode("utf-8", "surrogatepass"), entry[-16:]
        yield line, UUID(bytes=key) if as_uuid else key


def _fill_words(connection: Connection, words: set[NameWord]) -> None:
    _fill(connection, "name_word", ("plain", "written", "sound"), sorted((w.plain, w.written, w.sound) for w in words))
    _fill(
        connection,
        "name_slip",
        ("key", "plain"),
        sorted({(key, word.plain) for word in words for key in kept_keys(word)}),
    )


def _fill(connection: Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Adds many rows in their order, the quickest way the database has."""
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", some)
