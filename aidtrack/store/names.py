"""Search of names as plain indexed rows: distinct folded words, their one-deletion keys, and who bears them.

All of it is derived: `rebuild` makes it anew from the people.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from aidtrack.store.base import Base, Id, Note


class NameToken(Base):
    """A distinct folded word: `plain` for prefixes, `sound` for one symbol a sound."""

    __tablename__ = "name_token"
    __table_args__ = (Index("ix_name_token_sound", "sound"),)
    exchange = "derived"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    plain: Mapped[Note] = mapped_column(unique=True)
    sound: Mapped[Note]


class NameDelete(Base):
    """A sound with one symbol left out, so that one typing slip still meets its word."""

    __tablename__ = "name_delete"
    exchange = "derived"
    key: Mapped[Note] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("name_token.id", ondelete="CASCADE"), primary_key=True, index=True)


class PersonToken(Base):
    """Who bears a word."""

    __tablename__ = "person_token"
    exchange = "derived"
    token_id: Mapped[int] = mapped_column(ForeignKey("name_token.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
