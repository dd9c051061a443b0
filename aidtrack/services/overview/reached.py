"""Who was reached in the days of a report and where they come from: what R1 to R4 and the others count alike.

Reads the hand-overs that stand: one cancelled after those days stood in them. People are counted once, by their age at the hand-over; a
family that came twice is one family. Who was written down twice, and joined by the end of those days, is one, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.birth import age_on
from aidtrack.domain.handover import COHORTS, UNKNOWN_AGE, cohort
from aidtrack.domain.people import Lodging, Need, Sex
from aidtrack.errors import Names, Text
from aidtrack.services.overview.figures import (
    CohortFigures,
    LodgingFigures,
    OriginCell,
    OriginFigures,
)
from aidtrack.services.overview.heading import Frame
from aidtrack.services.overview.once import Once, once_in
from aidtrack.store.base import by_first
from aidtrack.store.handover import HandOver, HandOverPerson, HandOverVoid
from aidtrack.store.people import Household, Person, PersonNeed, Settlement

GROUPS = (*COHORTS, UNKNOWN_AGE)
_DIFFICULTY = (Need.MOBILITY.value, Need.SENSES.value)
_SEX_NAMES = {
    Sex.FEMALE.value: Text("Women and girls"),
    Sex.MALE.value: Text("Men and boys"),
    Sex.OTHER.value: Text("Other"),
    "": Text("Sex not stated"),
}
HARD = Text("of these hard to walk, see, hear or speak")
Districts = Mapping[UUID | None, UUID]


@dataclass(frozen=True, slots=True)
class Family:
    """A family served in those days; it is new where its first hand-over ever lies in them."""

    id: UUID
    settlement: UUID | None
    district: UUID | None
    lodging: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Served:
    """A person in a family served in those days."""

    id: UUID
    household_id: UUID
    sex: str
    cohort: str
    has_difficulty: bool

    @property
    def sex_name(self) -> Text:
        return _SEX_NAMES[self.sex]


@dataclass(frozen=True, slots=True)
class Reached:
    """Who was served, the district of each family, and what the districts are called."""

    families: Sequence[Family]
    people: Sequence[Served]
    names: Mapping[UUID | None, Names]

    @property
    def home(self) -> dict[UUID, UUID | None]:
        return {family.id: family.district for family in self.families}


# ── families and people ──────────────────────────────────────────────────────────────────────────


def stands(frame: Frame) -> ColumnElement[bool]:
    """Of this centre, and not cancelled by the end of those days; for a query that joins the voids."""
    later = HandOverVoid.id.is_(None) | (HandOverVoid.day > frame.day)
    return and_(HandOver.site_id == frame.site_id, later)


def in_days(frame: Frame) -> ColumnElement[bool]:
    """Handed over on one of the days of the frame."""
    return HandOver.day.between(frame.first, frame.day)


def hand_overs_of(session: Session, frame: Frame) -> int:
    """How many hand-overs of those days stand: a family that came three times was handed over to three times."""
    query = select(func.count(HandOver.id)).outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
    return session.scalar(query.where(stands(frame), in_days(frame))) or 0


def families_of(session: Session, frame: Frame, districts: Districts, once: Once | None = None) -> list[Family]:
    """Every family with a hand-over of those days that stands, once; one with several cards as its newest hand-over knew it."""
    once = once or once_in(session, frame)
    first, last = func.min(HandOver.day), func.max(HandOver.day)
    query = (
        select(Household.id, Household.settlement_id, Household.lodging, first, last)
        .join(HandOver, HandOver.household_id == Household.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(stands(frame), HandOver.day <= frame.day)
        .group_by(Household.id, Household.settlement_id, Household.lodging)
        .having((last >= frame.first) | Household.id.in_(list(once.cards)))
        .order_by(func.max(HandOver.at), Household.id)
    )
    rows = session.execute(query).all()
    before = {once.card(row[0]) for row in rows if row[3] < frame.first}
    found = {
        once.card(card): Family(once.card(card), place, districts.get(place, place), lodging, once.card(card) not in before)
        for card, place, lodging, _, newest in rows
        if newest >= frame.first
    }
    return list(found.values())


def people_of(session: Session, frame: Frame, once: Once) -> list[Served]:
    """Everybody covered in those days, once, as old as at the last hand-over; of two families the later one counts."""
    query = (
        select(Person.id, HandOver.household_id, HandOver.day, Person.sex, Person.birth_date, Person.birth_precision)
        .join(HandOverPerson, HandOverPerson.person_id == Person.id)
        .join(HandOver, HandOver.id == HandOverPerson.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(stands(frame), in_days(frame))
        .order_by(HandOver.at, HandOver.id)
    )
    found = {once.person(row.id): row for row in session.execute(query)}
    hard = {once.person(person) for person in _with_difficulty(session, frame)}
    return [
        Served(
            person,
            once.card(row.household_id),
            row.sex,
            cohort(age_on(row.day, row.birth_date, row.birth_precision)),
            person in hard,
        )
        for person, row in found.items()
    ]


def _with_difficulty(session: Session, frame: Frame) -> set[UUID]:
    query = select(PersonNeed.person_id).where(PersonNeed.need.in_(_DIFFICULTY), *_noted(frame))
    return set(session.scalars(query))


def _noted(frame: Frame) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What was noted of somebody on the last of the days."""
    until = PersonNeed.until_day.is_(None) | (PersonNeed.until_day > frame.day)
    return PersonNeed.since_day <= frame.day, until


def needs_of(session: Session, frame: Frame, people: Sequence[Served]) -> dict[Need, int]:
    """How many of these people each thing helps."""
    here, found, once = {person.id for person in people}, dict[Need, set[UUID]](), once_in(session, frame)
    for record, need in session.execute(select(PersonNeed.person_id, PersonNeed.need).where(*_noted(frame))):
        person = once.person(record)
        if person in here and need in set(Need):
            found.setdefault(Need(need), set()).add(person)
    return {need: len(found[need]) for need in Need if need in found}


def cohort_rows(people: Sequence[Served]) -> tuple[CohortFigures, ...]:
    """Women, men, and the other two only where there is somebody."""
    rows = [by_age(name, [p for p in people if p.sex == sex]) for sex, name in _SEX_NAMES.items()]
    return tuple(row for n, row in enumerate(rows) if n < 2 or row.total)


def by_age(name: Text, people: Sequence[Served]) -> CohortFigures:
    """How many of them are in each age group."""
    counted = Counter(p.cohort for p in people)
    return CohortFigures(name, tuple(counted[group] for group in GROUPS))


def windows_of(session: Session, frame: Frame) -> int:
    """How many windows handed over."""
    query = select(func.count(HandOver.desk_id.distinct())).where(HandOver.site_id == frame.site_id, in_days(frame))
    return session.scalar(query) or 0


def reached(session: Session, frame: Frame, districts: Districts) -> Reached:
    """Families and people of those days, with the names of their districts."""
    once = once_in(session, frame)
    families = families_of(session, frame, districts, once)
    return Reached(families, people_of(session, frame, once), place_names(session, (family.district for family in families)))


# ── where from, where now ────────────────────────────────────────────────────────────────────────


def districts_of(session: Session) -> dict[UUID | None, UUID]:
    """The district each place lies in; a place right under a region stands for itself."""
    rows = session.execute(select(Settlement.id, Settlement.parent_id, Settlement.kind)).all()
    kinds = {place: kind for place, _, kind in rows}
    return {
        place: parent if kind == "place" and parent and kinds.get(parent) == "district" else place
        for place, parent, kind in rows
    }


def origins_of(served: Reached, so_far: Counter[UUID | None]) -> tuple[OriginFigures, ...]:
    """By district: most families first; those who named no place last."""
    home = served.home
    people = Counter(home[person.household_id] for person in served.people)
    new = Counter(family.district for family in served.families if family.is_new)
    rows = [
        OriginFigures(served.names.get(place), count, people[place], new[place], so_far[place])
        for place, count in Counter(home.values()).items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.names is None, -row.families, str(row.names))))


def families_to_date(session: Session, frame: Frame) -> Counter[UUID | None]:
    """Families with a hand-over that stands, up to the last of those days, by the place they came from."""
    once = once_in(session, frame)
    served = (
        select(Household.id, Household.settlement_id, func.max(HandOver.at).label("newest"))
        .join(HandOver, HandOver.household_id == Household.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(stands(frame), HandOver.day <= frame.day)
        .group_by(Household.id, Household.settlement_id)
        .subquery()
    )
    several = served.c.id.in_(list(once.cards))
    alone = select(served.c.settlement_id, func.count()).where(~several).group_by(served.c.settlement_id)
    found: Counter[UUID | None] = Counter(dict(session.execute(alone).all()))
    cards = session.execute(select(served).where(several).order_by(served.c.newest, served.c.id))
    return found + Counter({once.card(card): place for card, place, _ in cards}.values())


def by_district(places: Counter[UUID | None], districts: Districts) -> Counter[UUID | None]:
    """What was counted by place, by district."""
    found: Counter[UUID | None] = Counter()
    for place, count in places.items():
        found[districts.get(place, place)] += count
    return found


def place_names(session: Session, places: Iterable[UUID | None]) -> dict[UUID | None, Names]:
    query = select(Settlement.id, Settlement.names).where(Settlement.id.in_({place for place in places if place}))
    return by_first(session, query)


def cells_of(served: Reached) -> tuple[OriginCell, ...]:
    """People by district, sex and age group together."""
    home = served.home
    counted = Counter((home[p.household_id], p.sex, p.cohort) for p in served.people)
    rows = [OriginCell(served.names.get(place), sex, group, n) for (place, sex, group), n in counted.items()]
    return tuple(sorted(rows, key=lambda row: (row.names is None, str(row.names), row.sex, GROUPS.index(row.cohort))))


def lodgings_of(families: Sequence[Family]) -> tuple[LodgingFigures, ...]:
    """Most families first; not stated last."""
    counted = Counter(family.lodging for family in families)
    rows = [LodgingFigures(Lodging(code).text if code else None, count) for code, count in counted.items()]
    return tuple(sorted(rows, key=lambda row: (row.name is None, -row.families, str(row.name))))
