"""Families nobody may find but by their own card or the shift lead (field.md §1, 11), and children without parents (12).

Owns the mark, who may set it, and who may see whom. Nothing of it is shown where the public looks: a protected family is
“see the shift lead” and no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.people import ADULT, Need, no_family
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Problem, Refused, Text
from aidtrack.services.identity.classes import household_class
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.people import Household, HouseholdMember, Person, PersonNeed

SEE_LEAD = Text("See the shift lead")


def may_see(by: Actor, is_protected: bool) -> bool:
    """Whether a family may be shown to this person where its card was not scanned."""
    return not is_protected or by.may(Permission.PROTECT)


def protect_household(session: Session, by: Actor, *, request_id: UUID, household_id: UUID, reason: str) -> None:
    """From now on the family is found only by its own cards or by the shift lead. The reason stands in the journal."""
    by.require(Permission.PROTECT)
    reason = clean(reason)
    with journal.operation(
        session, by, request_id, "protect_household", because=reason, household_id=household_id, reason=reason
    ) as op:
        if not op.is_repeat:
            _mark(session, household_id, reason, is_protected=True)


def lift_protection(session: Session, by: Actor, *, request_id: UUID, household_id: UUID, reason: str) -> None:
    """The family is found like any other again. That of a child without parents only the coordinator lifts."""
    by.require(Permission.PROTECT)
    reason = clean(reason)
    with journal.operation(
        session, by, request_id, "lift_protection", because=reason, household_id=household_id, reason=reason
    ) as op:
        if op.is_repeat:
            return
        if _alone(
            session, HouseholdMember.household_id.in_(household_class(session, household_id)), current_day(session, by)
        ):
            by.require(Permission.SETTLE)
        _mark(session, household_id, reason, is_protected=False)


def _mark(session: Session, household_id: UUID, reason: str, *, is_protected: bool) -> None:
    """Marks every card of the family: one that was forgotten would give it away."""
    cards = _locked(session, household_id)
    if not reason:
        raise InvalidInput([Problem("reason", Text("Write why: the reason stands in the journal."))])
    if cards[household_id].is_protected is is_protected:
        raise Refused("marked-already", Text("Somebody did this already: look again."))
    for card in cards.values():
        if card.is_protected is not is_protected:
            card.is_protected = is_protected
            card.version += 1
    session.flush()


def _locked(session: Session, household_id: UUID) -> dict[UUID, Household]:
    """All cards of this family, in the order of ids."""
    cards = household_class(session, household_id)
    query = select(Household).where(Household.id.in_(cards), Household.status == "active").order_by(Household.id)
    found = {row.id: row for row in session.scalars(query.with_for_update())}
    if household_id not in found:
        raise no_family()
    return found


# ── a child without parents ──────────────────────────────────────────────────────────────────────


def child_alone(session: Session, household_id: UUID, day: date) -> bool:
    """A child without parents is ticked, or everybody's age is known and nobody is an adult."""
    return household_id in _alone(session, HouseholdMember.household_id == household_id, day)


def children_alone(session: Session, people: Collection[UUID], day: date) -> frozenset[UUID]:
    """The families of these people that are a child without parents."""
    theirs = select(HouseholdMember.household_id).where(
        HouseholdMember.person_id.in_(people), HouseholdMember.until_day.is_(None)
    )
    return _alone(session, HouseholdMember.household_id.in_(theirs), day)


def _alone(session: Session, which: Any, day: date) -> frozenset[UUID]:
    m, p, n = HouseholdMember, Person, PersonNeed
    current = n.until_day.is_(None) | (n.until_day > day)
    rows = session.execute(
        select(m.household_id, p.birth_date, p.birth_precision, n.id)
        .join(p, p.id == m.person_id)
        .outerjoin(n, (n.person_id == p.id) & (n.need == Need.CHILD_ALONE) & current)
        .where(which, or_(m.until_day.is_(None), m.until_day > day))
    )
    ages: defaultdict[UUID, list[int | None]] = defaultdict(list)
    ticked = set()
    for household, born, precision, need in rows:
        ages[household].append(Birth(born, Precision(precision)).age_at(day) if born and precision else None)
        if need is not None:
            ticked.add(household)
    young = {one for one, known in ages.items() if all(age is not None and age < ADULT for age in known)}
    return frozenset(ticked | young)
