"""People who use the program: users, their roles for a time, half-filled forms, settings of the organisation."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
