"""What a family may have now at this window, why, and if not, when again.

Reads what the pure rules ask for: members of today, home place and all above it, what these people were covered by
anywhere. The answer itself is `domain.entitlement`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from aidtrack.domain import entitlement
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.entitlement import Allowance, Basis, Covering, Family, Member
from aidtrack.errors import NotFound, Text
from aidtrack.services import days
from aidtrack.services.campaigns.rules import RuleRow, rule_rows, running_rules
from aidtrack.services.identity.classes import class_of_many
from aidtrack.services.stock.ledger import available, find_shelf
from aidtrack.store.base import table_of
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverPerson, HandOverVoid
from aidtrack.store.people import Household, HouseholdMember, Person, PersonNeed, Settlement

Names = Mapping[str, str]

# Statements made once: building one anew costs more than running it.
_DESK, _HOUSEHOLD, _PERSON, _MEMBER, _NEED, _PLACE, _HAND, _COVERED, _LINE, _VOID = map(
    table_of,
    (
        Desk, Household, Person, HouseholdMember, PersonNeed, Settlement, HandOver, HandOverPerson, HandOverLine,
        HandOverVoid,
    ),
)  # fmt: skip
_WINDOWS = (
    select(_DESK.c.id, _DESK.c.number, _DESK.c.gives, _DESK.c.shelf_id, _DESK.c.is_active, _DESK.c.stages)
    .where(_DESK.c.site_id == bindparam("site"))
    .order_by(_DESK.c.number)
)
_HOME = select(_HOUSEHOLD.c.settlement_id, _HOUSEHOLD.c.lodging).where(_HOUSEHOLD.c.id == bindparam("household"))
_MEMBERS = (
    select(_PERSON.c.id, _PERSON.c.sex, _PERSON.c.birth_date, _PERSON.c.birth_precision, _MEMBER.c.presence)
    .join_from(_PERSON, _MEMBER, _MEMBER.c.person_id == _PERSON.c.id)
    .where(
        _MEMBER.c.household_id == bindparam("household"),
        _MEMBER.c.since_day <= bindparam("day"),
        _MEMBER.c.until_day.is_(None) | (_MEMBER.c.until_day > bindparam("day")),
    )
    .order_by(_MEMBER.c.no)
)
_NEEDS = select(_NEED.c.person_id, _NEED.c.need).where(
    _NEED.c.person_id.in_(bindparam("persons", expanding=True)),
    _NEED.c.until_day.is_(None) | (_NEED.c.until_day > bindparam("day")),
)
_UP = select(_PLACE.c.id, _PLACE.c.parent_id).where(_PLACE.c.id == bindparam("home")).cte("above", recursive=True)
_UP = _UP.union(select(_PLACE.c.id, _PLACE.c.parent_id).where(_PLACE.c.id == _UP.c.parent_id))
_ABOVE = select(_UP.c.id)
_COVERINGS = (
    select(_COVERED.c.person_id, _LINE.c.item_id, _HAND.c.day, _LINE.c.person_ids)
    .join_from(_COVERED, _HAND, _HAND.c.id == _COVERED.c.hand_over_id)
    .join(_LINE, _LINE.c.hand_over_id == _HAND.c.id)
    .outerjoin(_VOID, _VOID.c.hand_over_id == _HAND.c.id)
    .where(
        _COVERED.c.person_id.in_(bindparam("persons", expanding=True)),
        _LINE.c.item_id.in_(bindparam("items", expanding=True)),
        _VOID.c.id.is_(None),
    )
)

GIVE, NOT_TODAY, OTHER_WINDOW, NONE_LEFT = "give", "not_today", "other_window", "none_left"


@dataclass(frozen=True, slots=True)
class AllowanceRow:
    """What one rule gives a family now, as the desk shows it. `covered` are the persons the whole of `due` is for.

    `state`: give · not_today (grey, `next_day`) · other_window (`windows` give it) · none_left (nothing on this shelf).
    """

    rule_id: UUID
    campaign_id: UUID
    item_id: UUID
    item_names: Names
    unit: Text
    basis: Basis
    due: int
    covered: tuple[UUID, ...]
    last_day: date | None
    next_day: date | None
    reason: Text
    state: str
    per_person: int
    available: int
    windows: tuple[int, ...] = ()

    def covers(self, quantity: int) -> tuple[UUID, ...]:
        """The persons a hand-over of `quantity` is for: what `hand_over_line.person_ids` keeps."""
        if quantity <= 0:
            return ()
        return self.covered if self.basis is Basis.HOUSEHOLD else self.covered[: -(-quantity // self.per_person)]


def allowances(
    session: Session, by: Actor, household_id: UUID, *, day: date | None = None, family: Family | None = None
) -> tuple[AllowanceRow, ...]:
    """What this family may have on `day` (default: the open day) at this window, in the order of the rules.

    `family` spares reading it again where it was read under its locks. Rules that are not for this family are left out;
    `try_rules` shows them too.
    """
    day = day or days.current_day(session, by)
    rules = running_rules(session, by, day)
    answers = judge(session, rules, family or family_of(session, household_id, day), day)
    windows = _windows(session, by.site)
    here = next((one for one in windows if one.id == by.desk_id), None)
    shelf = (here.shelf_id if here else None) or find_shelf(session, by)
    held = available(session, shelf, day) if shelf else {}
    return tuple(
        _allowance_row(row, answer, held.get(row.rule.item_id, 0), _elsewhere(row.rule.item_id, here, windows))
        for row, answer in zip(rules, answers, strict=True)
        if answer.fits
    )


def try_rules(
    session: Session, by: Actor, household_id: UUID, *, campaign_id: UUID | None = None
) -> tuple[tuple[RuleRow, Allowance], ...]:
    """Every rule with its answer for one family, those that do not fit too, with the reason: the coordinator's
    trial.
    """
    by.require(Permission.CAMPAIGN)
    day = days.current_day(session, by)
    rules = rule_rows(session, by, campaign_id) if campaign_id else running_rules(session, by, day)
    return tuple(zip(rules, judge(session, rules, family_of(session, household_id, day), day), strict=True))


def judge(session: Session, rules: Sequence[RuleRow], family: Family, day: date) -> tuple[Allowance, ...]:
    """The pure rules asked about one family with everything its members were covered by, anywhere."""
    covered = coverings(session, [m.person_id for m in family.here], {row.rule.item_id for row in rules})
    return entitlement.allowance([row.rule for row in rules], family, covered, day)


def _allowance_row(row: RuleRow, answer: Allowance, held: int, elsewhere: tuple[int, ...] | None) -> AllowanceRow:
    state, reason = _state(answer, held, elsewhere)
    return AllowanceRow(
        rule_id=row.rule.id,
        campaign_id=row.campaign_id,
        item_id=row.rule.item_id,
        item_names=row.item_names,
        unit=row.unit,
        basis=row.rule.basis,
        due=answer.due,
        covered=answer.persons,
        last_day=answer.last_day,
        next_day=answer.next_day,
        reason=reason,
        state=state,
        per_person=row.rule.quantity,
        available=held,
        windows=elsewhere or (),
    )


def _state(answer: Allowance, held: int, elsewhere: tuple[int, ...] | None) -> tuple[str, Text]:
    if not answer.due:
        return NOT_TODAY, answer.reason
    if elsewhere is not None:
        return OTHER_WINDOW, Text("given at another window")
    return (GIVE, answer.reason) if held else (NONE_LEFT, Text("the book has none on this shelf"))


@dataclass(frozen=True, slots=True)
class _WindowRow:
    """A window as allowances see it: what it gives, None for all, and from which shelf."""

    id: UUID
    number: int
    gives: frozenset[str] | None
    shelf_id: UUID | None
    hands_over: bool

    def gives_item(self, item_id: UUID) -> bool:
        return self.gives is None or item_id.hex in self.gives


def _windows(session: Session, site_id: UUID) -> Sequence[_WindowRow]:
    rows = session.connection().execute(_WINDOWS, {"site": site_id})
    return [
        _WindowRow(desk, n, _items(gives), shelf, is_active and "hand_over" in stages)
        for desk, n, gives, shelf, is_active, stages in rows
    ]


def _items(gives: list[str] | None) -> frozenset[str] | None:
    return None if gives is None else frozenset(map(str, gives))


def _elsewhere(item_id: UUID, here: _WindowRow | None, windows: Sequence[_WindowRow]) -> tuple[int, ...] | None:
    """None when this window gives the item, else the numbers of those that do; somebody without a window sees them all."""
    if here is None or here.gives_item(item_id):
        return None
    return tuple(one.number for one in windows if one.hands_over and one.gives_item(item_id))


def family_of(session: Session, household_id: UUID, day: date) -> Family:
    """A household as the rules see it on `day`: members of today, their age and needs, home place with all above it."""
    session.flush()
    home = session.connection().execute(_HOME, {"household": household_id}).one_or_none()
    if home is None:
        raise NotFound("no-household", Text("This family is not registered here."))
    return Family(_members(session, household_id, day), _places_above(session, home[0]), home[1] or None)


def _members(session: Session, household_id: UUID, day: date) -> tuple[Member, ...]:
    rows = _each_once(session, session.connection().execute(_MEMBERS, {"household": household_id, "day": day}).all())
    needs = _needs(session, [row[0] for row in rows], day)
    return tuple(
        Member(person, presence == "here", sex or None, _age(born, precision, day), needs.get(person, frozenset()))
        for person, sex, born, precision, presence in rows
    )


def _each_once(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    """Somebody written down twice in one family counts once: the record that is here, else the first."""
    joined = class_of_many(session, [row.id for row in rows])
    kept: dict[UUID, Row[*tuple[Any, ...]]] = {}
    for row in rows:
        stand_in = min(joined[row.id])
        if stand_in not in kept or (row.presence == "here" and kept[stand_in].presence != "here"):
            kept[stand_in] = row
    return list(kept.values())


def _age(born: date | None, precision: str, day: date) -> int | None:
    return Birth(born, Precision(precision)).age_at(day) if born and precision else None


def _needs(session: Session, persons: Sequence[UUID], day: date) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, frozenset[str]] = {}
    for person, need in session.connection().execute(_NEEDS, {"persons": list(persons), "day": day}):
        found[person] = found.get(person, frozenset()) | {need}
    return found


def _places_above(session: Session, settlement_id: UUID | None) -> frozenset[UUID]:
    """The home place and everything it lies in."""
    if settlement_id is None:
        return frozenset()
    return frozenset(session.connection().execute(_ABOVE, {"home": settlement_id}).scalars())


def coverings(session: Session, persons: Sequence[UUID], items: Iterable[UUID]) -> list[Covering]:
    """By what these people were covered, at any centre, in any household and under any of their records; cancelled
    hand-overs do not count.
    """
    joined = class_of_many(session, persons)
    whose = {record: person for person, records in joined.items() for record in records}
    rows = session.connection().execute(_COVERINGS, {"persons": list(whose), "items": list(items)})
    return [
        Covering(whose[person], item, day) for person, item, day, only in rows if only is None or person.hex in only
    ]
