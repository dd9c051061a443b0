"""People who go on under another card: a separate card for some of a family, or a place in a family that is known already.

Nobody leaves their history behind: what these people were covered by counts where they live now (data.md §4). Goods never move here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import ADULT, LONGEST_NOTE, Lodging, Presence, Relation
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Problem, Text
from aidtrack.services.identity.classes import class_of_many, lock_family
from aidtrack.services.people.held import held, members_now
from aidtrack.services.people.protection import child_alone
from aidtrack.services.people.register import HouseholdReceipt, household_receipt, new_card
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.people import Card, Household, HouseholdMember, Person, Settlement


@dataclass(frozen=True, slots=True)
class SeparationDraft:
    """Who lives elsewhere now, where and how. Without a place or a way of living the old ones stay; without an address the old one stays
    with the way of living.
    """

    household_id: UUID
    version: int
    person_ids: frozenset[UUID]
    settlement_id: UUID | None = None
    lodging: Lodging | None = None
    address: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoveDraft:
    """Who lives with which other family now."""

    household_id: UUID
    version: int
    person_ids: frozenset[UUID]
    to_household_id: UUID
    reason: str = ""


def separate_card(session: Session, by: Actor, *, request_id: UUID, draft: SeparationDraft) -> HouseholdReceipt:
    """A new card for those of the family who live elsewhere; somebody stays. What each of them had counts for the new card too.

    A child without parents goes nowhere without the coordinator and a reason; a card that leaves a child without an adult is
    protected.
    """
    by.require(Permission.REGISTER)
    draft = replace(draft, reason=clean(draft.reason), address=clean(draft.address))
    with journal.operation(session, by, request_id, "separate_card", because=draft.reason, draft=draft) as op:
        if op.is_repeat:
            return household_receipt(session, _of_card(session, op.only("card")))
        lock_family(session, draft.household_id)
        day = op.day or current_day(session, by)
        old = held(session, draft.household_id, draft.version)
        going = _going(session, draft.household_id, draft.person_ids, somebody_stays=True)
        _expect_place(session, draft)
        _watch_over_child(session, by, old.id, draft.reason, day)
        new = _new_family(session, by, old, draft, day)
        _settle_in(session, new, going, day)
        _leave(session, old, going, day)
        journal.add_many(session, Card, [new_card(by, new.id)])
        _protect_children(session, (old, new), day)
        return household_receipt(session, new.id)


def move_member(session: Session, by: Actor, *, request_id: UUID, draft: MoveDraft) -> UUID:
    """These people belong to the other family from today on, with everything they were covered by; returns that family's id.

    When everybody goes, the old card is empty and waits: whoever comes back finds it by its number.
    """
    by.require(Permission.REGISTER)
    draft = replace(draft, reason=clean(draft.reason))
    with journal.operation(session, by, request_id, "move_member", because=draft.reason, draft=draft) as op:
        if op.is_repeat:
            return draft.to_household_id
        lock_family(session, draft.household_id, draft.to_household_id)
        day = op.day or current_day(session, by)
        old = held(session, draft.household_id, draft.version)
        new = held(session, draft.to_household_id)
        going = _going(session, old.id, draft.person_ids, somebody_stays=False)
        _expect_others(session, new.id, going, is_same=old.id == new.id)
        _watch_over_child(session, by, old.id, draft.reason, day)
        _settle_in(session, new, going, day)
        _leave(session, old, going, day)
        new.version += 1
        _protect_children(session, (old, new), day)
        return new.id


def _of_card(session: Session, card_id: UUID) -> UUID:
    return session.get_one(Card, card_id).household_id


def _going(
    session: Session, household_id: UUID, person_ids: Collection[UUID], *, somebody_stays: bool
) -> list[HouseholdMember]:
    """The memberships of those who go; InvalidInput when they are none, not of this family, or everybody."""
    members = members_now(session, household_id)
    going = [row for row in members if row.person_id in person_ids]
    if not person_ids:
        raise InvalidInput([Problem("people", Text("Tick who lives elsewhere now."))])
    if len(going) != len(person_ids):
        words = Text("One of these people is not in this family any more: open it again.")
        raise InvalidInput([Problem("people", words)])
    if somebody_stays and len(going) == len(members):
        raise InvalidInput([Problem("people", Text("Somebody must stay: one card goes on as it is."))])
    return going


def _expect_others(session: Session, household_id: UUID, going: Sequence[HouseholdMember], *, is_same: bool) -> None:
    if is_same:
        raise InvalidInput([Problem("other", Text("This is the same family. Scan the card of the other one."))])
    there = {row.person_id for row in members_now(session, household_id)}
    records = class_of_many(session, [row.person_id for row in going])
    if any(there & known for known in records.values()):
        raise InvalidInput([Problem("people", Text("One of these people is in the other family already."))])


def _watch_over_child(session: Session, by: Actor, household_id: UUID, reason: str, day: date) -> None:
    """A child without parents is given to nobody at a window (field.md §1, 12)."""
    if child_alone(session, household_id, day):
        by.require(Permission.SETTLE)
        if not reason:
            words = Text("A child without parents joins a family only with a reason: write who decided it and why.")
            raise InvalidInput([Problem("reason", words)])


def _expect_place(session: Session, draft: SeparationDraft) -> None:
    found = []
    if draft.settlement_id and session.get(Settlement, draft.settlement_id) is None:
        found.append(Problem("settlement_id", Text("This place is not in the list.")))
    if len(draft.address) > LONGEST_NOTE:
        found.append(Problem("address", Text("Longer than {n} characters: shorten it.", n=LONGEST_NOTE)))
    if found:
        raise InvalidInput(found)


def _new_family(session: Session, by: Actor, old: Household, draft: SeparationDraft, day: date) -> Household:
    lodging = draft.lodging or old.lodging
    stays_there = lodging == old.lodging
    new = Household(
        id=new_id(), site_id=by.site, settlement_id=draft.settlement_id or old.settlement_id,
        origin_text=old.origin_text, lodging=lodging, address=draft.address or (old.address if stays_there else ""),
        arrived_on=old.arrived_on, registered_day=day, registered_at=by.now(), how_confirmed=old.how_confirmed,
        language=old.language, is_protected=old.is_protected,
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def _settle_in(session: Session, family: Household, going: Sequence[HouseholdMember], day: date) -> None:
    """They are members from today on, and here; without a card holder the first adult of them is it."""
    query = select(func.max(HouseholdMember.no)).where(HouseholdMember.household_id == family.id)
    first = (session.scalar(query) or 0) + 1
    holder = None if family.head_id else _card_holder(session, going, day)
    for no, row in enumerate(going, first):
        relation = Relation.HEAD.value if row.person_id == holder else ""
        session.add(
            HouseholdMember(
                id=new_id(), household_id=family.id, person_id=row.person_id, no=no, relation=relation,
                presence=Presence.HERE.value, since_day=day,
            )
        )  # fmt: skip
    family.head_id = family.head_id or holder
    session.flush()


def _leave(session: Session, family: Household, going: Sequence[HouseholdMember], day: date) -> None:
    """They are no members any more; if the card holder goes, the first adult who stays holds the card."""
    for row in going:
        row.until_day = day
        row.version += 1
    session.flush()
    if family.head_id in {row.person_id for row in going}:
        family.head_id = _card_holder(session, members_now(session, family.id), day)
    session.flush()


def _card_holder(session: Session, rows: Sequence[HouseholdMember], day: date) -> UUID | None:
    """The first adult, else the first whose age nobody knows, else the first."""
    people = {p.id: p for p in session.scalars(select(Person).where(Person.id.in_([row.person_id for row in rows])))}

    def rank(row: HouseholdMember) -> tuple[int, int]:
        one = people[row.person_id]
        age = Birth(one.birth_date, Precision(one.birth_precision)).age_at(day) if one.birth_date else None
        return (1 if age is None else 0 if age >= ADULT else 2, row.no)

    return min(rows, key=rank).person_id if rows else None


def _protect_children(session: Session, families: Sequence[Household], day: date) -> None:
    """A card that is now a child without an adult is found only by itself or the shift lead."""
    for family in families:
        if not family.is_protected and child_alone(session, family.id, day):
            family.is_protected = True
    session.flush()
