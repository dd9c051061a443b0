"""People who use the program: users, their roles for a time, half-filled forms, settings of the organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from aidtrack.store.base import Base, Code, DayDate, Id, Json, Moment, Note, OwnId, Versioned, Word


class User(Versioned, Base):
    """Somebody who signs in. `password` is an argon2id hash, empty for people who are chosen by name on plain files.

    The columns marked derived are private to this database: they are not journaled and never travel.
    """

    __tablename__ = "user_account"
    exchange = "fields"
    id: Mapped[OwnId]
    name: Mapped[Word] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[Note] = mapped_column(default="", info={"derived": True})
    is_pin: Mapped[bool] = mapped_column(default=False, info={"derived": True})
    wrong_tries: Mapped[int] = mapped_column(default=0, info={"derived": True})
    locked_until: Mapped[Moment | None] = mapped_column(default=None, info={"derived": True})
    language: Mapped[Code] = mapped_column(default="ru", info={"derived": True})
    text_size: Mapped[Code] = mapped_column(default="normal", info={"derived": True})
    theme: Mapped[Code] = mapped_column(default="system", info={"derived": True})


class RoleGrant(Base):
    """A role a user holds at a site (None: everywhere) from one day to another (None: open)."""

    __tablename__ = "role_grant"
    exchange = "fields"
    id: Mapped[OwnId]
    user_id: Mapped[Id] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)
    role: Mapped[Code]
    site_id: Mapped[Id | None] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"), default=None)
    from_day: Mapped[DayDate]
    until_day: Mapped[DayDate | None] = mapped_column(default=None)


class Badge(Base):
    """A printed code for one role and day; whoever scans it first gives a name and a PIN (`user_id` is then set).

    Token, PIN and tries are private to this database: they are not journaled and never travel.
    """

    __tablename__ = "badge"
    __table_args__ = (UniqueConstraint("site_id", "day", "number"),)
    exchange = "fields"
    id: Mapped[OwnId]
    site_id: Mapped[Id] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    day: Mapped[DayDate]
    number: Mapped[int]
    role: Mapped[Code]
    user_id: Mapped[Id | None] = mapped_column(
        ForeignKey("user_account.id", ondelete="RESTRICT"), default=None, index=True
    )
    ended_at: Mapped[Moment | None] = mapped_column(default=None)
    token: Mapped[Code] = mapped_column(unique=True, info={"derived": True})
    pin: Mapped[Note] = mapped_column(default="", info={"derived": True})
    wrong_tries: Mapped[int] = mapped_column(default=0, info={"derived": True})


class Setting(Base):
    """One answer of the organisation, by key."""

    __tablename__ = "setting"
    exchange = "fields"
    key: Mapped[Word] = mapped_column(primary_key=True)
    value: Mapped[Json]


class Draft(Base):
    """A form somebody has not saved yet, kept with the encrypted file so that nothing typed is lost."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_key", "kind"), CheckConstraint("kind <> ''", name="kind"))
    exchange = "local"
    id: Mapped[OwnId]
    user_key: Mapped[Word]
    kind: Mapped[Code]
    body: Mapped[Json]
    at: Mapped[Moment]


def grants_on(session: Session, day: date, site_id: UUID | None) -> list[RoleGrant]:
    """The role grants in force on `day` at a site, in the order they were given; those without a site hold everywhere."""
    where = (RoleGrant.from_day <= day, or_(RoleGrant.until_day.is_(None), RoleGrant.until_day >= day))
    query = select(RoleGrant).where(*where).order_by(RoleGrant.id)
    if site_id is not None:
        query = query.where(or_(RoleGrant.site_id.is_(None), RoleGrant.site_id == site_id))
    return list(session.scalars(query))


def roles_of(grants: Iterable[RoleGrant], user_id: UUID) -> list[str]:
    """The roles one user has among `grants`, each once."""
    return list(dict.fromkeys(grant.role for grant in grants if grant.user_id == user_id))


def setting_of(session: Session, key: str) -> dict[str, Any]:
    """The organisation's answer to `key`; empty when it was never given."""
    row = session.get(Setting, key)
    return dict(row.value) if row else {}


def put_setting(session: Session, key: str, value: dict[str, Any]) -> None:
    """Keeps an answer of the organisation, inside the open operation."""
    row = session.get(Setting, key, with_for_update=True)
    if row is None:
        session.add(Setting(key=key, value=value))
    else:
        row.value = value
    session.flush()
