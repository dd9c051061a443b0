"""A family as the rules see it on a day: who is here, how old and with which needs, from where; and which records are whose.

Reads only. What the family may have is `allowances`, what it was promised `owed`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, and_, bindparam, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.birth import age_on
from aidtrack.domain.entitlement import Family, Member
from aidtrack.domain.people import no_family
from aidtrack.services.campaigns.owed import NOTHING, Owed, owed_to
from aidtrack.services.identity.classes import WORD, class_of_many, last_among, said_about
from aidtrack.store.base import table_of
from aidtrack.store.identity import PersonLink
from aidtrack.store.people import Household, HouseholdMember, Person, PersonNeed, Settlement

_HOUSEHOLD, _PERSON, _MEMBER, _NEED, _PLACE, _LINK = map(
    table_of, (Household, Person, HouseholdMember, PersonNeed, Settlement, PersonLink)
)


def _on_day(table: Any) -> Any:
    """Still so on `day`."""
    return table.c.until_day.is_(None) | (table.c.until_day > bindparam("day"))


# A family is known since its card holder is: a separate card makes nobody a newcomer.
_HEAD = _MEMBER.alias("head")
_KNOWN_SINCE = select(func.min(_HEAD.c.since_day)).where(_HEAD.c.person_id == _HOUSEHOLD.c.head_id).scalar_subquery()
# One question: a row for each member, each of their needs and each word about them, or one for a family without members.
_FAMILY = (
    select(
        _HOUSEHOLD.c.settlement_id,
        _HOUSEHOLD.c.lodging,
        func.coalesce(_KNOWN_SINCE, _HOUSEHOLD.c.registered_day, type_=Date).label("known_since"),
        _MEMBER.c.person_id,
        _MEMBER.c.presence,
        _PERSON.c.sex,
        _PERSON.c.birth_date,
        _PERSON.c.birth_precision,
        _NEED.c.need,
        *WORD,
    )
    .select_from(_HOUSEHOLD)
    .outerjoin(
        _MEMBER,
        and_(_MEMBER.c.household_id == _HOUSEHOLD.c.id, _MEMBER.c.since_day <= bindparam("day"), _on_day(_MEMBER)),
    )
    .outerjoin(_PERSON, _PERSON.c.id == _MEMBER.c.person_id)
    .outerjoin(_NEED, and_(_NEED.c.person_id == _PERSON.c.id, _on_day(_NEED)))
    .outerjoin(_LINK, said_about(_PERSON.c.id))
    .where(_HOUSEHOLD.c.id == bindparam("household"))
    .order_by(_MEMBER.c.no)
)
_UP = select(_PLACE.c.id, _PLACE.c.parent_id).where(_PLACE.c.id == bindparam("home")).cte("above", recursive=True)
_UP = _UP.union(select(_PLACE.c.id, _PLACE.c.parent_id).where(_PLACE.c.id == _UP.c.parent_id))
_ABOVE = select(_UP.c.id)


@dataclass(frozen=True, slots=True)
class Home:
    """The family that asks, under which card, which of its members each record is (joined ones are one), and what it is owed."""

    household_id: UUID
    family: Family
    whose: Mapping[UUID, UUID]
    owed: Owed = NOTHING


def home_of(session: Session, household_id: UUID, day: date) -> Home:
    """A household on `day`: members of today, their age and needs, home place with all above it. What it is owed: `with_owed`."""
    session.flush()
    rows = session.connection().execute(_FAMILY, {"household": household_id, "day": day}).all()
    if not rows:
        raise no_family()
    people = {row.person_id for row in rows if row.person_id is not None}
    joined = class_of_many(session, people, last_among(row[-len(WORD) :] for row in rows))
    home, members = rows[0], _members(rows, joined, day)
    family = Family(members, _places_above(session, home.settlement_id), home.lodging or None, home.known_since)
    whose = {record: one.person_id for one in family.here for record in joined[one.person_id]}
    return Home(household_id, family, whose)


def with_owed(session: Session, home: Home) -> Home:
    """The family with everything that is promised to it now."""
    return replace(home, owed=owed_to(session, home.household_id, list(home.whose)))


def family_of(session: Session, household_id: UUID, day: date) -> Family:
    """Only the household as the rules see it on `day`."""
    return home_of(session, household_id, day).family


def _members(rows: Sequence[Row[*tuple[Any, ...]]], joined: Mapping[UUID, AbstractSet[UUID]], day: date) -> tuple[Member, ...]:
    """Somebody written down twice in one family counts once: the record that is here, else the first."""
    kept: dict[UUID, Row[*tuple[Any, ...]]] = {}
    needs: dict[UUID, set[str]] = defaultdict(set)
    for row in rows:
        if row.person_id is None:
            continue
        needs[row.person_id] |= {row.need} - {None}
        stand_in = min(joined[row.person_id])
        if stand_in not in kept or (row.presence == "here" and kept[stand_in].presence != "here"):
            kept[stand_in] = row
    return tuple(_member(row, frozenset(needs[row.person_id]), day) for row in kept.values())


def _member(row: Row[*tuple[Any, ...]], needs: frozenset[str], day: date) -> Member:
    age = age_on(day, row.birth_date, row.birth_precision)
    return Member(row.person_id, row.presence == "here", row.sex or None, age, needs)


def _places_above(session: Session, settlement_id: UUID | None) -> frozenset[UUID]:
    """The home place and everything it lies in."""
    if settlement_id is None:
        return frozenset()
    return frozenset(session.connection().execute(_ABOVE, {"home": settlement_id}).scalars())
