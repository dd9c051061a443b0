"""What a family may have now at this window, why, and if not, when again.

Reads what the pure rules ask for: members of today, home place and all above it, what these people were covered by
anywhere. The answer itself is `domain.entitlement`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import entitlement
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.entitlement import Allowance, Basis, Covering, Family, Member
from aidtrack.errors import NotFound, Text
from aidtrack.services import days
from aidtrack.services.campaigns.rules import RuleRow, rule_rows, running_rules
from aidtrack.services.stock.ledger import available, find_shelf
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverPerson, HandOverVoid
from aidtrack.store.people import Household, HouseholdMember, Person, PersonNeed, Settlement

Names = Mapping[str, str]

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


def allowances(session: Session, by: Actor, household_id: UUID, *, day: date | None = None) -> tuple[AllowanceRow, ...]:
    """What this family may have on `day` (default: the open day) at this window, in the order of the rules.

    Rules that are not for this family are left out; `try_rules` shows them too.
    """
    day = day or days.current_day(session, by)
    rules = running_rules(session, by, day)
    answers = judge(session, rules, household_id, day)
    shelf = find_shelf(session, by)
    held = available(session, shelf, day) if shelf else {}
    windows = _windows(session, by)
    here = _gives_here(session, by)
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
    return tuple(zip(rules, judge(session, rules, household_id, day), strict=True))


def judge(session: Session, rules: Sequence[RuleRow], household_id: UUID, day: date) -> tuple[Allowance, ...]:
    """The pure rules asked about one family with everything its members were covered by, anywhere."""
    family = family_of(session, household_id, day)
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


def _gives_here(session: Session, by: Actor) -> frozenset[str] | None:
    """The items this window gives, None for all; somebody without a window sees them all."""
    gives = session.scalar(select(Desk.gives).where(Desk.id == by.desk_id)) if by.desk_id else None
    return None if gives is None else frozenset(str(item) for item in gives)


def _windows(session: Session, by: Actor) -> Sequence[tuple[int, frozenset[str] | None]]:
    query = select(Desk.number, Desk.gives, Desk.stages).where(Desk.site_id == by.site, Desk.is_active)
    rows = session.execute(query.order_by(Desk.number)).all()
    return [
        (n, None if gives is None else frozenset(map(str, gives))) for n, gives, stages in rows if "hand_over" in stages
    ]


def _elsewhere(
    item_id: UUID, here: frozenset[str] | None, windows: Sequence[tuple[int, frozenset[str] | None]]
) -> tuple[int, ...] | None:
    """None when this window gives the item, else the numbers of those that do."""
    if here is None or item_id.hex in here:
        return None
    return tuple(number for number, gives in windows if gives is None or item_id.hex in gives)


def family_of(session: Session, household_id: UUID, day: date) -> Family:
    """A household as the rules see it on `day`: members of today, their age and needs, home place with all above it."""
    home = session.execute(
        select(Household.settlement_id, Household.lodging).where(Household.id == household_id)
    ).one_or_none()
    if home is None:
        raise NotFound("no-household", Text("This family is not registered here."))
    return Family(_members(session, household_id, day), _places_above(session, home[0]), home[1] or None)


def _members(session: Session, household_id: UUID, day: date) -> tuple[Member, ...]:
    query = (
        select(Person.id, Person.sex, Person.birth_date, Person.birth_precision, HouseholdMember.presence)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(HouseholdMember.household_id == household_id, HouseholdMember.since_day <= day)
        .where((HouseholdMember.until_day.is_(None)) | (HouseholdMember.until_day > day))
        .order_by(HouseholdMember.no)
    )
    rows = session.execute(query).all()
    needs = _needs(session, [row[0] for row in rows], day)
    return tuple(
        Member(person, presence == "here", sex or None, _age(born, precision, day), needs.get(person, frozenset()))
        for person, sex, born, precision, presence in rows
    )


def _age(born: date | None, precision: str, day: date) -> int | None:
    return Birth(born, Precision(precision)).age_at(day) if born and precision else None


def _needs(session: Session, persons: Sequence[UUID], day: date) -> dict[UUID, frozenset[str]]:
    query = select(PersonNeed.person_id, PersonNeed.need).where(
        PersonNeed.person_id.in_(persons), (PersonNeed.until_day.is_(None)) | (PersonNeed.until_day > day)
    )
    found: dict[UUID, frozenset[str]] = {}
    for person, need in session.execute(query):
        found[person] = found.get(person, frozenset()) | {need}
    return found


def _places_above(session: Session, settlement_id: UUID | None) -> frozenset[UUID]:
    found: set[UUID] = set()
    while settlement_id is not None and settlement_id not in found:
        found.add(settlement_id)
        settlement_id = session.scalar(select(Settlement.parent_id).where(Settlement.id == settlement_id))
    return frozenset(found)


def coverings(session: Session, persons: Sequence[UUID], items: Iterable[UUID]) -> list[Covering]:
    """By what these people were covered, at any centre and in any household; cancelled hand-overs do not count."""
    query = (
        select(HandOverPerson.person_id, HandOverLine.item_id, HandOver.day, HandOverLine.person_ids)
        .join(HandOver, HandOver.id == HandOverPerson.hand_over_id)
        .join(HandOverLine, HandOverLine.hand_over_id == HandOver.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOverPerson.person_id.in_(persons), HandOverLine.item_id.in_(list(items)))
        .where(HandOverVoid.id.is_(None))
    )
    return [
        Covering(person, item, day)
        for person, item, day, only in session.execute(query)
        if only is None or person.hex in only
    ]
