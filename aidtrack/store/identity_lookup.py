"""Looking a newcomer up among everybody: people with one phone or paper, and how common a name is.

Every question has an end and is written once: it costs the same among a thousand people and among a million.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

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


def people_about(session: Session) -> int:
    """About how many people there are, without counting them."""
    sql = (
        "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'person'::regclass"
        if _is_postgres(session)
        else "SELECT coalesce(max(rowid), 0) FROM person"
    )
    return int(session.connection().exec_driver_sql(sql).scalar_one())


def bearers_of(session: Session, words: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(part of the name, plain word) → how many people bear it there, counted up to `COUNTED_TO`."""
    wanted = list(dict.fromkeys(words))
    if not wanted:
        return {}
    facts = tuple(end for part, word in wanted for end in (f"{part}{word} ", f"{part}{word}{_AFTER_SPACE}"))
    counts = session.connection().exec_driver_sql(_counting(len(wanted), "%s" if _is_postgres(session) else "?"), facts)
    return dict(zip(wanted, counts.one(), strict=True))


@cache
def _counting(words: int, place: str) -> str:
    one = f"(SELECT count(*) FROM (SELECT 1 FROM name_line WHERE line >= {place} AND line < {place} LIMIT {COUNTED_TO}) AS l)"
    return f"SELECT {', '.join([one] * words)}"


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
