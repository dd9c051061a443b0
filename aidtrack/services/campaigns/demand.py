"""How many families a rule is for, and how many the shelf is enough for.

Counted in SQL over the families registered here, so that it stays quick at a million people. What one family may
have is `allowances`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Enough, Switch
from aidtrack.domain.categories import CHILD_UNTIL, MANY_CHILDREN, OLDER_FROM, FamilyKind
from aidtrack.domain.entitlement import Basis, Filters, Rule
from aidtrack.domain.links import count_families
from aidtrack.services import days
from aidtrack.services.campaigns.rules import RuleRow, rule_rows, running_rules
from aidtrack.services.campaigns.switching import switches
from aidtrack.services.identity.classes import class_of_many, joined_families, portions
from aidtrack.services.stock.ledger import available_at
from aidtrack.services.stock.sizes import sizes_of, with_sizes
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.people import Household, HouseholdMember, Person, PersonNeed, Settlement

PACE_AFTER = 5
"""So many families must have been served before a time of day is forecast from their pace."""

FORECAST = timedelta(hours=12)
"""Beyond this the shelf lasts the day: no time is said."""


MANY_FAMILIES = 2000
"""From so many families on an average is kept while their number stays about the same."""

Sizes = tuple[tuple[int, int], ...]
_Conditions = tuple[ColumnElement[bool], ...]
_counted: WeakKeyDictionary[Engine, tuple[int, dict[tuple[Filters, bool, date], Sizes]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Then:
    """A day that is over: the rules as they stood at its end, and until when words count that say who is one family. Families are those
    registered by then, with the members of then.
    """

    rules: tuple[RuleRow, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Fits:
    """How many registered families and people a rule is for, and the units one round of it takes."""

    families: int
    people: int
    units: int


def fits(session: Session, rule: Rule, day: date) -> Fits:
    """Families with at least one fitting member here, those members, and what they take when all come once."""
    return _fits(rule, _sizes(session, rule.filters, rule.basis is Basis.HOUSEHOLD, day, joined_families(session)))


def _fits(rule: Rule, sizes: Sizes) -> Fits:
    families = people = units = 0
    for size, number in sizes:
        families, people = families + number, people + size * number
        units += rule.units(size, size) * number
    return Fits(families, people, units)


def _sizes(
    session: Session, wanted: Filters, whole: bool, day: date, joined: Sequence[frozenset[UUID]], *, is_over: bool = False
) -> Sizes:
    """How many families of each size fit: of fitting members, or of everybody here when the `whole` family counts. A `joined` family is
    one, with each of its people once. `is_over`: those of that day, not of today.
    """
    here = _is_member_here(day if is_over else None)
    counted = _fitting(wanted, day, here).subquery()
    sizes = select(counted.c.people, func.count()).group_by(counted.c.people)
    rows = session.execute(_sizes_of_families(counted.c.household_id, here) if whole else sizes)
    found: Counter[int] = Counter(dict(iter(rows)))
    found.update(_of_joined(session, _fitting(wanted, day, here), here if whole else None, joined))
    return tuple((size, number) for size, number in sorted(found.items()) if number)


def _of_joined(
    session: Session, families: Select[*tuple[Any, ...]], whole: _Conditions | None, joined: Sequence[frozenset[UUID]]
) -> Counter[int]:
    """What joined families change in the sizes: their cards that fit taken out, each family put in as one."""
    changed: Counter[int] = Counter()
    fitting = _people_of(session, families.group_by(None), {card for family in joined for card in family})
    met = [family for family in joined if not family.isdisjoint(fitting)]
    everybody = select(HouseholdMember.household_id).where(*whole) if whole is not None else None
    of = fitting if everybody is None else _people_of(session, everybody, {card for family in met for card in family})
    changed.subtract(len(of[card]) for card in fitting)
    alike = class_of_many(session, {who for people in of.values() for who in people}) if met else {}
    changed.update(len({min(alike[who]) for card in family for who in of.get(card, ())}) for family in met)
    return changed


def _people_of(session: Session, families: Select[*tuple[Any, ...]], cards: Set[UUID]) -> dict[UUID, list[UUID]]:
    """By card, whom such a question about families counts."""
    found: dict[UUID, list[UUID]] = {}
    asked = families.with_only_columns(HouseholdMember.household_id, HouseholdMember.person_id)
    for some in portions(cards):
        for card, person in session.execute(asked.where(HouseholdMember.household_id.in_(some))):
            found.setdefault(card, []).append(person)
    return found


@dataclass(frozen=True, slots=True)
class RuleReach:
    """A rule against families and shelf: whom it is for, what one round takes, and for how many families there is
    enough.
    """

    row: RuleRow
    fits: Fits
    can_be_given: int
    switch: Switch | None = None

    @property
    def enough(self) -> int | None:
        """Average families the shelf is enough for; None when the rule fits nobody yet."""
        return self.can_be_given * self.fits.families // self.fits.units if self.fits.units else None


def reach(session: Session, by: Actor, campaign_id: UUID) -> tuple[RuleReach, ...]:
    """Every rule of a programme with how far it reaches today."""
    day = days.current_day(session, by)
    held = can_be_given(session, by, day)
    counted: dict[tuple[Filters, bool], Sizes] = {}
    today, joined = switches(session, by.site, day), joined_families(session)
    found = []
    for row in rule_rows(session, by, campaign_id):
        key = row.rule.filters, row.rule.basis is Basis.HOUSEHOLD
        if key not in counted:
            counted[key] = _sizes(session, *key, day, joined)
        item = row.rule.item_id
        found.append(RuleReach(row, _fits(row.rule, counted[key]), held.get(item, 0), today.get(item)))
    return tuple(found)


def can_be_given(session: Session, by: Actor, day: date) -> Mapping[UUID, int]:
    """What all shelves of the centre can give, an item with all its sizes."""
    return with_sizes(available_at(session, by.site, day), sizes_of(session))


def enough_for(session: Session, by: Actor, day: date | None = None) -> Mapping[UUID, Enough]:
    """For each item some rule gives: how many average families what can be given is enough for, until when by
    today's pace.

    An item no registered family fits has no answer.
    """
    day = day or days.current_day(session, by)
    held = can_be_given(session, by, day)
    per_hour = pace(session, by, day)
    found = {}
    for item, one in rounds(session, by, day).items():
        if one.units and one.families:
            number = held.get(item, 0) * one.families // one.units
            found[item] = Enough(number, _until(by.now(), number, per_hour))
    return found


@dataclass(frozen=True, slots=True)
class Round:
    """One round of an item: the units it takes when every family it is for comes once."""

    units: int
    families: int


def rounds(session: Session, by: Actor, day: date, then: Then | None = None) -> Mapping[UUID, Round]:
    """By item, in the order of the rules; of several rules for one item the widest counts the families. `then`: of a day that is over."""
    found: dict[UUID, Round] = {}
    known = _known(session) if then is None else {}
    joined = joined_families(session, then.until if then else None)
    for row in running_rules(session, by, day) if then is None else then.rules:
        key = (row.rule.filters, row.rule.basis is Basis.HOUSEHOLD, day)
        if key not in known:
            known[key] = _sizes(session, *key, joined, is_over=then is not None)
        one, before = _fits(row.rule, known[key]), found.get(row.rule.item_id, Round(0, 0))
        found[row.rule.item_id] = Round(before.units + one.units, max(before.families, one.families))
    return found


def still_to_come(session: Session, by: Actor, day: date, then: Then | None = None) -> Mapping[UUID, int]:
    """Families each item is for that have not had it within its time: who can still come for it, by item. A family counts once, however
    many cards it holds. `then`: of a day that is over.
    """
    found: dict[UUID, int] = {}
    joined = joined_families(session, then.until if then else None)
    for row in running_rules(session, by, day) if then is None else then.rules:
        sizes = _sizes(session, row.rule.filters, row.rule.basis is Basis.HOUSEHOLD, day, joined, is_over=then is not None)
        left = max(_fits(row.rule, sizes).families - _had(session, row, day, joined), 0)
        found[row.rule.item_id] = max(found.get(row.rule.item_id, 0), left)
    return found


def families_among(
    session: Session, cards: Select[*tuple[Any, ...]], card: InstrumentedAttribute[Any], then: Then | None = None
) -> int:
    """How many families these cards are: one that holds several counts once. `then`: by what was said until a day was over."""
    joined = joined_families(session, then.until if then else None)
    number = select(func.count()).select_from(cards.with_only_columns(card).distinct().subquery())
    return (session.scalar(number) or 0) - _more_cards(session, cards, card, joined)


def _more_cards(
    session: Session, families: Select[*tuple[Any, ...]], card: InstrumentedAttribute[Any], joined: Sequence[frozenset[UUID]]
) -> int:
    """How many of these cards are one more of a family that is among them already."""
    if not joined:
        return 0
    chosen = families.with_only_columns(card).distinct()
    several = sorted(frozenset[UUID]().union(*joined))
    found = {one for some in portions(several) for one in session.scalars(chosen.where(card.in_(some)))}
    return len(found) - count_families(found, joined)


def _had(session: Session, row: RuleRow, day: date, joined: Sequence[frozenset[UUID]]) -> int:
    """Families that had something by this rule, in any of its editions, and are not due again on `day`."""
    query = (
        select(func.count(func.distinct(HandOver.household_id)))
        .join(HandOverLine, HandOverLine.hand_over_id == HandOver.id)
        .join(CampaignRule, CampaignRule.id == HandOverLine.rule_id)
        .join(Household, Household.id == HandOver.household_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(CampaignRule.campaign_id == row.campaign_id, CampaignRule.no == row.no)
        .where(HandOverVoid.id.is_(None) | (HandOverVoid.day > day))
        .where(HandOver.day <= day, HandOver.day > _last_day_over(row.rule, day), Household.status == "active")
    )
    return (session.scalar(query) or 0) - _more_cards(session, query, HandOver.household_id, joined)


def _last_day_over(rule: Rule, day: date) -> date:
    """The newest day a hand-over of which counts no more on `day`."""
    if rule.monthly:
        return day.replace(day=1) - timedelta(days=1)
    return date.min if rule.renew_days is None else day - timedelta(days=rule.renew_days)


def _known(session: Session) -> dict[tuple[Filters, bool, date], Sizes]:
    """Sizes counted before. The average of thousands of families does not move with one more: only when their number
    has changed by a hundredth are they counted again; fewer families are counted every time.
    """
    engine = session.connection().engine
    number = session.scalar(select(func.count()).select_from(Household)) or 0
    before, sizes = _counted.get(engine, (0, {}))
    if before < MANY_FAMILIES or abs(number - before) * 100 > before:
        sizes = {}
        _counted[engine] = (number, sizes)
    return sizes


def pace(session: Session, by: Actor, day: date) -> float | None:
    """Families served an hour today, from the first hand-over till now; None until enough were served."""
    query = (
        select(func.count(func.distinct(HandOver.household_id)), func.min(HandOver.at))
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.site_id == by.site, HandOver.day == day, HandOverVoid.id.is_(None))
    )
    served, first = session.execute(query).one()
    if served < PACE_AFTER:
        return None
    hours = (by.now() - first) / timedelta(hours=1)
    return served / hours if hours > 0 else None


def _until(now: datetime, families: int, per_hour: float | None) -> datetime | None:
    if not per_hour:
        return None
    lasts = timedelta(hours=families / per_hour)
    return now + lasts if lasts <= FORECAST else None


# ── families that fit, in SQL ────────────────────────────────────────────────────────────────────


def _fitting(wanted: Filters, day: date, here: _Conditions) -> Select[UUID, int]:
    """One row a family that fits: how many of its members here do."""
    query = (
        select(HouseholdMember.household_id.label("household_id"), func.count().label("people"))
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(Household.status == "active", *here, *_home(wanted, day, here))
        .group_by(HouseholdMember.household_id)
    )
    if wanted.looks_at_members:
        query = query.join(Person, Person.id == HouseholdMember.person_id).where(*_person(wanted, day))
    return query


def _is_member_here(then: date | None = None) -> _Conditions:
    """A member of today, or of a day that is over; who was elsewhere for a time then is not known any more."""
    if then is None:
        return HouseholdMember.until_day.is_(None), HouseholdMember.presence == "here"
    still = HouseholdMember.until_day.is_(None) | (HouseholdMember.until_day > then)
    return HouseholdMember.since_day <= then, still, HouseholdMember.presence == "here"


def _sizes_of_families(chosen: ColumnElement[UUID], here: _Conditions) -> Select[int, int]:
    people = (
        select(func.count().label("people"))
        .where(HouseholdMember.household_id.in_(select(chosen)), *here)
        .group_by(HouseholdMember.household_id)
        .subquery()
    )
    return select(people.c.people, func.count()).group_by(people.c.people)


def _home(wanted: Filters, day: date, here: _Conditions) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.settlements:
        found.append(Household.settlement_id.in_(_below(wanted.settlements)))
    if wanted.lodgings:
        found.append(Household.lodging.in_(wanted.lodgings))
    if wanted.without_lodgings:
        found.append(Household.lodging.not_in(wanted.without_lodgings))
    if wanted.registered_from is not None:
        found.append(Household.registered_day >= wanted.registered_from)
    if wanted.registered_to is not None:
        found.append(Household.registered_day <= wanted.registered_to)
    if wanted.size_from is not None or wanted.size_to is not None:
        found.append(Household.id.in_(_of_size(wanted, here)))
    if wanted.kinds:
        found.append(Household.id.in_(_of_kinds(wanted.kinds, day, here)))
    return found


def _of_kinds(kinds: Iterable[str], day: date, here: _Conditions) -> Select[UUID]:
    """Families of one of these kinds, as `domain.categories` tells them by the ages of those who are here."""
    people = func.count()
    known = Person.birth_date.is_not(None)
    children = func.sum(case((and_(known, ~_born_by(day, CHILD_UNTIL + 1)), 1), else_=0))
    older = func.sum(case((and_(known, _born_by(day, OLDER_FROM)), 1), else_=0))
    told = {
        FamilyKind.WITH_CHILDREN: children > 0,
        FamilyKind.LARGE: children >= MANY_CHILDREN,
        FamilyKind.ONE_ADULT: and_(children > 0, people - children == 1),
        FamilyKind.OLDER_ONLY: older == people,
    }
    query = select(HouseholdMember.household_id).join(Person, Person.id == HouseholdMember.person_id)
    chosen = query.where(*here).group_by(HouseholdMember.household_id)
    return chosen.having(or_(*(told[FamilyKind(kind)] for kind in sorted(kinds))))


def _of_size(wanted: Filters, here: _Conditions) -> Select[UUID]:
    """Families with as many people here as the rule asks."""
    people = func.count()
    least = people >= (wanted.size_from or 0)
    most = people <= wanted.size_to if wanted.size_to is not None else literal(True)
    chosen = select(HouseholdMember.household_id).where(*here)
    return chosen.group_by(HouseholdMember.household_id).having(and_(least, most))


def _below(places: Iterable[UUID]) -> Select[UUID]:
    """The places and everything below them."""
    tree = select(Settlement.id).where(Settlement.id.in_(list(places))).cte(recursive=True)
    tree = tree.union(select(Settlement.id).where(Settlement.parent_id == tree.c.id))
    return select(tree.c.id)


def _person(wanted: Filters, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.sex is not None:
        found.append(Person.sex == wanted.sex)
    if wanted.needs:
        current = or_(PersonNeed.until_day.is_(None), PersonNeed.until_day > day)
        found.append(Person.id.in_(select(PersonNeed.person_id).where(PersonNeed.need.in_(wanted.needs), current)))
    if wanted.age_from is not None or wanted.age_to is not None:
        found.append(Person.birth_date.is_not(None))
    if wanted.age_from is not None:
        found.append(_born_by(day, wanted.age_from))
    if wanted.age_to is not None:
        found.append(~_born_by(day, wanted.age_to + 1))
    return found


def _born_by(day: date, age: int) -> ColumnElement[bool]:
    """Whether somebody is `age` or older on `day`, as `Birth.age_at` counts it for each precision."""
    year = day.year - age
    if year < 1:
        return literal(False)
    last_month = date(year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)
    exact = day.replace(year=year, day=min(day.day, last_month.day))
    return or_(
        and_(Person.birth_precision == "day", Person.birth_date <= exact),
        and_(Person.birth_precision == "month", Person.birth_date <= last_month),
        and_(Person.birth_precision.in_(("year", "age")), Person.birth_date <= date(year, 12, 31)),
    )
