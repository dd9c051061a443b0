"""Looking a newcomer up among everybody: people with one phone or paper, and how common a name is.

Every question has an end and is written once: it costs the same among a thousand people and among a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache, partial
from itertools import chain
from uuid import UUID

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from aidtrack.store.asking import Question, Rows, is_on_server
from aidtrack.store.name_lookup import keys_of, person_of
from aidtrack.store.people import Household, Person, PersonDocument

COUNTED_TO = 500
_MOST_OF_NUMBER = 30
_AFTER_SPACE = "!"

_P, _H, _D = Person.__table__.c, Household.__table__.c, PersonDocument.__table__.c
_OF_PHONE = union_all(
    select(
        select(_P.id).where(_P.phone_key.in_(bindparam("phones", expanding=True))).limit(_MOST_OF_NUMBER).subquery()
    ),
    select(
        select(_H.head_id)
        .where(_H.phone_key.in_(bindparam("phones", expanding=True)))
        .limit(_MOST_OF_NUMBER)
        .subquery()
    ),
)
_OF_PAPER = select(_D.person_id).where(_D.number_key.in_(bindparam("papers", expanding=True))).limit(_MOST_OF_NUMBER)


def people_of_numbers(session: Session, phones: Collection[str], papers: Collection[str]) -> set[UUID]:
    """Who has one of these phones (as keys), or heads a family that has it, or one of these papers."""
    ask, found = session.connection(), set[UUID]()
    if phones:
        found.update(who for who in ask.execute(_OF_PHONE, {"phones": list(phones)}).scalars() if who)
    if papers:
        found.update(ask.execute(_OF_PAPER, {"papers": list(papers)}).scalars())
    return found


def papers_of(session: Session, people: Sequence[UUID]) -> Question[dict[UUID, list[str]]]:
    """The numbers of the papers of these people; who has none is left out."""
    place = "%s" if is_on_server(session) else "?"
    sql = f"SELECT person_id, number FROM person_document WHERE person_id IN ({', '.join([place] * len(people))}) ORDER BY id"
    return Question([(sql, keys_of(session, people))] if people else [], _by_person)


def _by_person(parts: Sequence[Rows]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for key, number in chain(*parts):
        found.setdefault(person_of(key), []).append(number)
    return found


def crowd_of(session: Session, words: Iterable[tuple[str, str]]) -> Question[tuple[int, dict[tuple[str, str], int]]]:
    """About how many people there are, without counting them; and (part of the name, plain word) → how many people bear it there, counted
    up to `COUNTED_TO`."""
    wanted = list(dict.fromkeys(words))
    facts = tuple(end for part, word in wanted for end in (f"{part}{word} ", f"{part}{word}{_AFTER_SPACE}"))
    return Question([(_counting(len(wanted), is_on_server(session)), facts)], partial(_counted, wanted))


def _counted(wanted: Sequence[tuple[str, str]], parts: Sequence[Rows]) -> tuple[int, dict[tuple[str, str], int]]:
    (((people, *counts),),) = parts
    return int(people), dict(zip(wanted, counts, strict=True))


@cache
def _counting(words: int, is_on_postgres: bool) -> str:
    place, people = (
        ("%s", "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'person'::regclass")
        if is_on_postgres
        else ("?", "SELECT coalesce(max(rowid), 0) FROM person")
    )
    one = f"SELECT count(*) FROM (SELECT 1 FROM name_line WHERE line >= {place} AND line < {place} LIMIT {COUNTED_TO}) AS l"
    return f"SELECT ({people}){f', ({one})' * words}"
