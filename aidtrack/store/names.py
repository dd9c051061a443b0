"""Search of names as plain indexed rows: distinct folded words, their one-deletion keys, and who bears them.

All of it is derived and can be made anew from the people. The id of a word is computed from the word, so that two desks that meet
the same new word at once write the same row and nobody has to ask for its id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, Text, delete, insert
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from aidtrack.domain.names import NameWord, delete_keys, name_words
from aidtrack.store.base import Base, Big, Id

# Bytes decide the order of words on both databases: a range of prefixes must not follow the rules of a dictionary.
Folded = Annotated[str, mapped_column(Text().with_variant(Text(collation="C"), "postgresql"))]

FAMILY, GIVEN, PATRONYMIC = 0, 1, 2


class NameToken(Base):
    """A distinct folded word: `plain` for prefixes, `sound` for one symbol a sound."""

    __tablename__ = "name_token"
    __table_args__ = (Index("ix_name_token_sound", "sound"),)
    exchange = "derived"
    id: Mapped[Big] = mapped_column(primary_key=True, autoincrement=False)
    plain: Mapped[Folded] = mapped_column(unique=True)
    sound: Mapped[Folded]


class NameDelete(Base):
    """A sound, whole or with one symbol left out, so that one typing slip still meets its word."""

    __tablename__ = "name_delete"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it, nobody changes it
    exchange = "derived"
    key: Mapped[Folded] = mapped_column(primary_key=True)
    token_id: Mapped[Big] = mapped_column(ForeignKey("name_token.id", ondelete="CASCADE"), primary_key=True)


class PersonToken(Base):
    """Who bears a word, and as what part of the name: surnames come first, so that a short prefix finds them first."""

    __tablename__ = "person_token"
    __table_args__ = (Index("ix_person_token_person", "person_id", "token_id"), {"sqlite_with_rowid": False})
    exchange = "derived"
    token_id: Mapped[Big] = mapped_column(ForeignKey("name_token.id", ondelete="RESTRICT"), primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[Id] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


def token_id(plain: str) -> int:
    """63 bits of the word's digest; two of a million words meet with a chance of 1 in 18 million."""
    return int.from_bytes(hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1


def index_people(session: Session, people: Iterable[tuple[UUID, str, str, str]]) -> None:
    """Makes people findable: (person, family name, given name, patronymic); empty names are findable by nothing."""
    words: dict[str, NameWord] = {}
    postings: set[tuple[int, int, UUID]] = set()
    for person_id, *names in people:
        for part, name in enumerate(names):
            for word in name_words(name) if name else ():
                words[word.plain] = word
                postings.add((token_id(word.plain), part, person_id))
    if not postings:
        return
    _keep_words(session, list(words.values()))
    rows = [{"token_id": token, "part": part, "person_id": person} for token, part, person in sorted(postings)]
    session.connection().execute(insert(PersonToken), rows)


def forget_people(session: Session, person_ids: Sequence[UUID]) -> None:
    """Takes people out of the search; their words stay for others."""
    session.execute(
        delete(PersonToken).where(PersonToken.person_id.in_(person_ids)),
        execution_options={"synchronize_session": False},
    )


def _keep_words(session: Session, words: Sequence[NameWord]) -> None:
    """Adds the words that are new, in the order of their ids, so that two desks never wait for each other in a ring."""
    ordered = sorted((token_id(word.plain), word.plain, word.sound) for word in words)
    rows = [{"id": number, "plain": plain, "sound": sound} for number, plain, sound in ordered]
    postgres = session.get_bind().dialect.name == "postgresql"
    adding = (insert_on_postgresql if postgres else insert_on_sqlite)(NameToken).on_conflict_do_nothing()
    new = set(session.connection().execute(adding.returning(NameToken.id), rows).scalars())
    keys = [
        {"key": key, "token_id": number} for number, _, sound in ordered if number in new for key in delete_keys(sound)
    ]
    if keys:
        session.connection().execute(insert(NameDelete), keys)
