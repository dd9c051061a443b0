"""R1: who was served that day, where they come from, what they were due and what they received.

Reads the hand-overs of the day that stand: one cancelled on a later day stood on this one. People are counted once, by their age on
the day; a family that came twice is one family.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import age_on
from aidtrack.domain.handover import COHORTS, UNKNOWN_AGE, cohort
from aidtrack.domain.people import Lodging, Need, Sex
from aidtrack.domain.stock import Unit
from aidtrack.errors import Text
from aidtrack.services.overview.figures import (
    CohortFigures,
    DistributionReport,
    DueFigures,
    LodgingFigures,
    Names,
    OriginCell,
    OriginFigures,
    QueueReport,
    StockReport,
)
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.queue import count_queue
from aidtrack.services.overview.stock import count_stock
from aidtrack.store.handover import HandOver, HandOverDecline, HandOverLine, HandOverPerson, HandOverVoid
from aidtrack.store.people import Household, Person, PersonNeed, Settlement
from aidtrack.store.stock import Item

_GROUPS = (*COHORTS, UNKNOWN_AGE)
_DIFFICULTY = (Need.MOBILITY.value, Need.SENSES.value)
_SEXES = (
    (Sex.FEMALE.value, Text("Women and girls")),
    (Sex.MALE.value, Text("Men and boys")),
    (Sex.OTHER.value, Text("Other")),
    ("", Text("Sex not stated")),
)
_MOST_PROBLEMS = 3
_Districts = Mapping[UUID | None, UUID]


@dataclass(frozen=True, slots=True)
class _Family:
    """A family served that day."""

    id: UUID
    district: UUID | None
    lodging: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Served:
    """A person in a family served that day."""

    id: UUID
    household_id: UUID
    sex: str
    cohort: str
    has_difficulty: bool


@dataclass(frozen=True, slots=True)
class _Day:
    """Who was served, the district of each family, and what the districts are called."""

    families: Sequence[_Family]
    people: Sequence[_Served]
    names: Mapping[UUID | None, Names]

    @property
    def home(self) -> dict[UUID, UUID | None]:
        return {family.id: family.district for family in self.families}


def count_distribution(session: Session, by: Actor, day: date) -> DistributionReport:
    """The figures of the distribution of a day; NotFound for a day that never was."""
    frame = frame_of(session, by, day)
    queue, shelves = count_queue(session, by, day), count_stock(session, by, day)
    districts = _districts(session)
    families, people = _families(session, frame, districts), _people(session, frame)
    served = _Day(families, people, _names(session, (family.district for family in families)))
    items, allowed_more = _items(session, frame)
    counted = {group: sum(p.cohort == group for p in people) for group in _GROUPS}
    return DistributionReport(
        heading=frame.heading,
        opened=queue.opened,
        closed=queue.closed,
        pauses=queue.pauses,
        windows=_windows(session, frame),
        families=len(families),
        new=sum(family.is_new for family in families),
        cohorts=_cohorts(people),
        with_difficulty=_by_age(Text("of these hard to walk, see, hear or speak"), [p for p in people if p.has_difficulty]),
        children=sum(counted[group] for group in COHORTS[:3]),
        older=counted[COHORTS[-1]],
        items=items,
        origins=_origins(served, _to_date(session, frame, districts)),
        cells=_cells(served),
        lodgings=_lodgings(families),
        issued=shelves.reconciliation.issued,
        returned=shelves.reconciliation.returned,
        served_first=next((lane.served for lane in queue.lanes if lane.letter == "K"), 0),
        numbers_served=queue.total.served,
        left_unserved=queue.left_unserved,
        numbers=queue.total.issued,
        allowed_more=allowed_more,
        cancelled=shelves.reconciliation.cancelled,
        problems=_problems(queue, shelves),
    )  # fmt: skip


# ── families and people ──────────────────────────────────────────────────────────────────────────


def _stands(frame: Frame) -> ColumnElement[bool]:
    """Of this centre, and not cancelled by the end of that day; for a query that joins the voids."""
    later = HandOverVoid.id.is_(None) | (HandOverVoid.day > frame.day)
    return and_(HandOver.site_id == frame.site_id, later)


def _families(session: Session, frame: Frame, districts: _Districts) -> list[_Family]:
    query = (
        select(Household.id, Household.settlement_id, Household.lodging, func.min(HandOver.day))
        .join(HandOver, HandOver.household_id == Household.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(_stands(frame), HandOver.day <= frame.day)
        .group_by(Household.id, Household.settlement_id, Household.lodging)
        .having(func.max(HandOver.day) == frame.day)
    )
    return [
        _Family(household, districts.get(settlement, settlement), lodging, first == frame.day)
        for household, settlement, lodging, first in session.execute(query)
    ]


def _people(session: Session, frame: Frame) -> list[_Served]:
    """Everybody covered that day, once; one who was covered with two families counts with the later one."""
    query = (
        select(Person.id, HandOver.household_id, Person.sex, Person.birth_date, Person.birth_precision)
        .join(HandOverPerson, HandOverPerson.person_id == Person.id)
        .join(HandOver, HandOver.id == HandOverPerson.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(_stands(frame), HandOver.day == frame.day)
        .order_by(HandOver.at, HandOver.id)
    )
    found = {row.id: row for row in session.execute(query)}
    hard = _with_difficulty(session, frame)
    return [
        _Served(
            row.id,
            row.household_id,
            row.sex,
            cohort(age_on(frame.day, row.birth_date, row.birth_precision)),
            row.id in hard,
        )
        for row in found.values()
    ]


def _with_difficulty(session: Session, frame: Frame) -> set[UUID]:
    query = select(PersonNeed.person_id).where(
        PersonNeed.need.in_(_DIFFICULTY),
        PersonNeed.since_day <= frame.day,
        PersonNeed.until_day.is_(None) | (PersonNeed.until_day > frame.day),
    )
    return set(session.scalars(query))


def _cohorts(people: Sequence[_Served]) -> tuple[CohortFigures, ...]:
    """Women, men, and the other two only where there is somebody."""
    rows = [_by_age(name, [p for p in people if p.sex == sex]) for sex, name in _SEXES]
    return tuple(row for n, row in enumerate(rows) if n < 2 or row.total)


def _by_age(name: Text, people: Sequence[_Served]) -> CohortFigures:
    counted = Counter(p.cohort for p in people)
    return CohortFigures(name, tuple(counted[group] for group in _GROUPS))


def _windows(session: Session, frame: Frame) -> int:
    query = select(func.count(HandOver.desk_id.distinct())).where(
        HandOver.site_id == frame.site_id, HandOver.day == frame.day
    )
    return session.scalar(query) or 0


# ── where from, where now ────────────────────────────────────────────────────────────────────────


def _districts(session: Session) -> dict[UUID | None, UUID]:
    """The district each place lies in; a place right under a region stands for itself."""
    rows = session.execute(select(Settlement.id, Settlement.parent_id, Settlement.kind)).all()
    kinds = {place: kind for place, _, kind in rows}
    return {
        place: parent if kind == "place" and parent and kinds.get(parent) == "district" else place
        for place, parent, kind in rows
    }


def _origins(served: _Day, so_far: Counter[UUID | None]) -> tuple[OriginFigures, ...]:
    """Most families first; those who named no place last."""
    home = served.home
    people = Counter(home[person.household_id] for person in served.people)
    new = Counter(family.district for family in served.families if family.is_new)
    rows = [
        OriginFigures(served.names.get(place), count, people[place], new[place], so_far[place])
        for place, count in Counter(home.values()).items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.names is None, -row.families, str(row.names))))


def _to_date(session: Session, frame: Frame, districts: _Districts) -> Counter[UUID | None]:
    """Families with a hand-over that stands, up to that day, by district."""
    query = (
        select(Household.settlement_id, func.count(Household.id.distinct()))
        .join(HandOver, HandOver.household_id == Household.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(_stands(frame), HandOver.day <= frame.day)
        .group_by(Household.settlement_id)
    )
    found: Counter[UUID | None] = Counter()
    for settlement, count in session.execute(query):
        found[districts.get(settlement, settlement)] += count
    return found


def _names(session: Session, places: Iterable[UUID | None]) -> dict[UUID | None, Names]:
    query = select(Settlement.id, Settlement.names).where(Settlement.id.in_({place for place in places if place}))
    return {place: names for place, names in session.execute(query)}  # noqa: C416 - rows are tuples only here


def _cells(served: _Day) -> tuple[OriginCell, ...]:
    """People by district, sex and age group together."""
    home = served.home
    counted = Counter((home[p.household_id], p.sex, p.cohort) for p in served.people)
    rows = [OriginCell(served.names.get(place), sex, group, n) for (place, sex, group), n in counted.items()]
    return tuple(sorted(rows, key=lambda row: (row.names is None, str(row.names), row.sex, _GROUPS.index(row.cohort))))


def _lodgings(families: Sequence[_Family]) -> tuple[LodgingFigures, ...]:
    """Most families first; not stated last."""
    counted = Counter(family.lodging for family in families)
    rows = [LodgingFigures(Lodging(code).text if code else None, count) for code, count in counted.items()]
    return tuple(sorted(rows, key=lambda row: (row.name is None, -row.families, str(row.name))))


# ── what they were due ───────────────────────────────────────────────────────────────────────────


def _items(session: Session, frame: Frame) -> tuple[tuple[DueFigures, ...], int]:
    """Every item with its units due, given and not wanted, and how many lines were more than the rule allows."""
    sums: dict[UUID, list[int]] = defaultdict(lambda: [0, 0, 0])
    more = 0
    for item, due, given, over in _lines(session, frame):
        sums[item] = [a + b for a, b in zip(sums[item], (due, given, due - given), strict=True)]
        more += over
    for item, declined in _declines(session, frame):
        sums[item] = [a + b for a, b in zip(sums[item], (declined, 0, declined), strict=True)]
    rows = session.execute(select(Item.id, Item.names, Item.unit).where(Item.id.in_(sums)).order_by(Item.code))
    return tuple(DueFigures(names, Unit(unit).text, *sums[item]) for item, names, unit in rows), more


def _lines(session: Session, frame: Frame) -> Iterable[tuple[UUID, int, int, int]]:
    """(item, units due, units given, lines over what was allowed); more than was allowed was due by the approval."""
    line = HandOverLine
    over = case((line.quantity > line.allowed, 1), else_=0)
    due = case((line.quantity > line.allowed, line.quantity), else_=line.allowed)
    query = (
        select(line.item_id, func.sum(due), func.sum(line.quantity), func.sum(over))
        .join(HandOver, HandOver.id == line.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(_stands(frame), HandOver.day == frame.day)
        .group_by(line.item_id)
    )
    return [(item, int(units), int(given), int(lines)) for item, units, given, lines in session.execute(query)]


def _declines(session: Session, frame: Frame) -> Iterable[tuple[UUID, int]]:
    query = (
        select(HandOverDecline.item_id, func.sum(HandOverDecline.allowed))
        .join(HandOver, HandOver.id == HandOverDecline.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(_stands(frame), HandOver.day == frame.day)
        .group_by(HandOverDecline.item_id)
    )
    return [(item, int(units)) for item, units in session.execute(query)]


# ── what must be said ────────────────────────────────────────────────────────────────────────────


def _problems(queue: QueueReport, shelves: StockReport) -> tuple[Text, ...]:
    """At most three sentences a clerk would ask about: what ran out, who was not reached, what is not explained."""
    return tuple(
        [*_ran_out(shelves), *_not_reached(queue), *_not_explained(shelves), *_scarce(shelves)][:_MOST_PROBLEMS]
    )


def _ran_out(shelves: StockReport) -> list[Text]:
    gone = [item for item in shelves.items if item.flow.issued and item.available <= 0]
    return [Text("{item}: nothing left at the end of the day.", item=item.names) for item in gone]


def _not_reached(queue: QueueReport) -> list[Text]:
    found = []
    if queue.closed and queue.total.waiting:
        found.append(
            Text.plural(
                "{n} number goes on tomorrow and is called first.",
                "{n} numbers go on tomorrow and are called first.",
                n=queue.total.waiting,
            )
        )
    if queue.pauses and queue.total.waits:
        longest = queue.total.waits.longest
        found.append(Text("Pause: every number kept its place. The longest wait was {n} min.", n=longest))
    return found


def _not_explained(shelves: StockReport) -> list[Text]:
    if not shelves.unexplained:
        return []
    return [
        Text.plural(
            "{n} difference of a count is not explained yet.",
            "{n} differences of a count are not explained yet.",
            n=shelves.unexplained,
        )
    ]


def _scarce(shelves: StockReport) -> list[Text]:
    """What runs out first tomorrow."""
    scarce = sorted((item for item in shelves.items if item.until and item.families), key=lambda i: i.families or 0)
    return [
        Text(
            "{item}: left for about {n} families, enough until about {time} tomorrow.",
            item=item.names,
            n=item.families,
            time=item.until,
        )
        for item in scarce[:1]
    ]
