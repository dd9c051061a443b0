"""Who is counted once in a report: a family that holds several cards, and somebody who is written down more than once.

As it was known at the end of the days of the report: what was said later changes no paper of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy.orm import InstrumentedAttribute, Session

from aidtrack.services.identity.classes import joined_families, portions, stand_ins
from aidtrack.services.overview.heading import Frame


@dataclass(frozen=True, slots=True)
class Once:
    """Which card stands for all cards of its family, and which record for all of somebody; whoever is not named stands alone."""

    cards: Mapping[UUID, UUID]
    people: Mapping[UUID, UUID]

    def card(self, one: UUID) -> UUID:
        return self.cards.get(one, one)

    def person(self, one: UUID) -> UUID:
        return self.people.get(one, one)


def once_in(session: Session, frame: Frame) -> Once:
    """Whom the days of this report know to be one. A quick question where nobody was ever joined."""
    joined = joined_families(session, frame.until)
    return Once({card: min(family) for family in joined for card in family}, stand_ins(session, frame.until))


Found = Counter[tuple[Any, ...]]


def each_once(
    session: Session, found_by: Select[*tuple[Any, ...]], who: InstrumentedAttribute[Any], stand_in: Mapping[UUID, UUID]
) -> Found:
    """How many families or people a query finds, each once, by what it selects; () is all of them where it selects nothing."""
    keys = tuple(found_by.selected_columns)
    counted = found_by.add_columns(func.count(who.distinct())).group_by(*keys)
    number: Found = Counter({tuple(key): n for *key, n in session.execute(counted)})
    return number - _more_of_the_same(session, found_by.add_columns(who).distinct(), who, stand_in)


def _more_of_the_same(
    session: Session, found_by: Select[*tuple[Any, ...]], who: InstrumentedAttribute[Any], stand_in: Mapping[UUID, UUID]
) -> Found:
    """How many cards or records are one more of somebody who is counted already."""
    rows = [row for some in portions(sorted(stand_in)) for row in session.execute(found_by.where(who.in_(some)))]
    several = Counter((tuple(key), stand_in[one]) for *key, one in rows)
    more: Found = Counter()
    for (key, _), n in several.items():
        more[key] += n - 1
    return more
