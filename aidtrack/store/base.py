"""The ground all mappings stand on: column types that mean the same on both databases, and what of a row travels.

Owns no table. Each mapped class declares `exchange`: *append* is only ever inserted, *fields* is edited and versioned, *derived* can be
rebuilt from the others, *local* never leaves this database. Only the first two are journaled (data.md §6).
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal, TypeVar, cast
from uuid import UUID, SafeUUID

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeEngine

from aidtrack.domain.ids import new_id
from aidtrack.errors import Conflict
from aidtrack.errors import Text as Words

Key = TypeVar("Key")
Value = TypeVar("Value")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class IdType(TypeDecorator[UUID]):
    """A UUID: 16 bytes on SQLite, native on PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _NATIVE_ID if dialect.name == "postgresql" else _BYTES

    # The processors themselves, not what happens between two others: ids are half of all values that come and go.
    def bind_processor(self, dialect: Dialect) -> Any:
        return None if dialect.name == "postgresql" else _bytes_of

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return None if dialect.name == "postgresql" else _uuid_of


_BYTES, _NATIVE_ID = LargeBinary(16), Uuid(as_uuid=True)
_UNKNOWN = SafeUUID.unknown
# What `UUID(bytes=…)` writes after it has told six ways to say one apart: a list decodes thousands, an allowance hundreds.
_set_int, _set_is_safe = (UUID.__dict__[name].__set__ for name in ("int", "is_safe"))


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.int.to_bytes(16)


def _uuid_of(value: bytes | None) -> UUID | None:
    if value is None:
        return None
    made = object.__new__(UUID)
    _set_int(made, int.from_bytes(value))
    _set_is_safe(made, _UNKNOWN)
    return made


class MomentType(TypeDecorator[datetime]):
    """An aware moment in UTC: sortable ISO text on SQLite, timestamptz on PostgreSQL."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _NATIVE_MOMENT if dialect.name == "postgresql" else _ISO

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else datetime.fromisoformat(value)


_ISO, _NATIVE_MOMENT = String(27), DateTime(timezone=True)
JsonType = JSON().with_variant(JSONB(), "postgresql")

Exchange = Literal["append", "fields", "derived", "local"]
Id = Annotated[UUID, mapped_column(IdType)]
OwnId = Annotated[UUID, mapped_column(IdType, primary_key=True, default=new_id)]
Moment = Annotated[datetime, mapped_column(MomentType)]
DayDate = Annotated[date, mapped_column(Date)]
Word = Annotated[str, mapped_column(String(200))]
Note = Annotated[str, mapped_column(Text)]
Code = Annotated[str, mapped_column(String(64))]
Json = Annotated[dict[str, Any], mapped_column(JsonType)]
JsonList = Annotated[list[Any], mapped_column(JsonType)]
Quantity = Annotated[int, mapped_column(Integer)]


class Base(DeclarativeBase):
    """The root of all mappings."""

    metadata = MetaData(naming_convention=NAMES)
    exchange: ClassVar[Exchange]
    subject_column: ClassVar[str] = ""
    """The column that names the person a row is about; empty where a row is about nobody."""


def table_of(model: type[Base]) -> Table:
    """The table of a mapped class, for statements that are made once and asked often."""
    return cast(Table, model.__table__)


class Versioned:
    """A row people edit: `version` counts its saves, drafts carry the version they were filled from."""

    version: Mapped[int] = mapped_column(Integer, default=1)


def expect_version(row: Versioned, version: int) -> None:
    """Raises Conflict when `row` was saved since the draft was filled; otherwise counts this save."""
    if row.version != version:
        raise Conflict(
            "changed-meanwhile", Words("Somebody saved this meanwhile. Look at the new values, then save again.")
        )
    row.version += 1


def by_first(session: Session, query: Select[Key, Value]) -> dict[Key, Value]:
    """What a question of two columns answers, each second one under its first."""
    return {key: value for key, value in session.execute(query)}  # noqa: C416  rows are no pairs to the type checker


def plain(value: Any) -> Any:
    """A column value as JSON knows it."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def to_json(value: Any) -> str:
    """Compact JSON with the letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain)
