"""Changing a family: what was typed anew, members who come and go, a lost card, an import taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need, is_child_alone, problems_of
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Problem, Refused, Text
from aidtrack.services.people.children import write_how_it_came
from aidtrack.services.people.held import held, members_now
from aidtrack.services.people.protection import child_alone
from aidtrack.services.people.register import (
    HouseholdReceipt,
    add_people,
    cleaned,
    document_row,
    household_receipt,
    household_values,
    new_card,
    person_row,
    person_values,
)
from aidtrack.services.people.view import HouseholdView, household_view
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.base import Base
from aidtrack.store.handover import HandOver
from aidtrack.store.intake import Submission
from aidtrack.store.names import Bearer, forget_people, index_people
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonDocument, PersonNeed, Settlement
from aidtrack.store.queueing import Ticket


def change_household(
    session: Session, by: Actor, *, request_id: UUID, household_id: UUID, draft: HouseholdDraft, reason: str = ""
) -> HouseholdView:
    """Saves the family as the draft says; a member left out of it has left the family today, and stays in its history.

    Conflict when somebody saved the family after the draft was filled. The first member is the card holder. A child without
    parents is protected; whatever ends that, such as an adult who joins, is saved by the coordinator only, with a `reason`.
    """
    by.require(Permission.REGISTER)
    given = {"reason": reason} if reason else {}
    with journal.operation(
        session,
        by,
        request_id,
        "change_household",
        because=clean(reason),
        household_id=household_id,
        draft=draft,
        **given,
    ) as op:
        if op.is_repeat:
            return household_view(session, by, household_id)
        day = current_day(session, by)
        household = held(session, household_id, draft.version)
        draft = cleaned(draft)
        _expect_valid(session, household_id, draft, day)
        _watch_over_children(session, by, household, draft, day, reason)
        _assign(household, household_values(draft) | {"external_id": draft.external_id or household.external_id})
        head_id = _change_members(session, household_id, draft, day)
        household.head_id = head_id
        write_how_it_came(session, household_id, draft.came_with, draft.found_at)
        session.flush()
        return household_view(session, by, household_id)


def _expect_valid(session: Session, household_id: UUID, draft: HouseholdDraft, day: date) -> None:
    problems = problems_of(draft, day, name_needed=False)
    if draft.settlement_id and session.get(Settlement, draft.settlement_id) is None:
        problems.append(Problem("settlement_id", Text("This place is not in the list.")))
    known = {member.person_id for member in members_now(session, household_id)}
    if any(m.person_id and m.person_id not in known for m in draft.members):
        problems.append(Problem("members", Text("One of these people is not in this family any more: open it again.")))
    if problems:
        raise InvalidInput(problems)


def _watch_over_children(
    session: Session, by: Actor, household: Household, draft: HouseholdDraft, day: date, reason: str
) -> None:
    """Who registers at a window never gives a child to a family; whoever does says why (field.md §1, 12)."""
    if is_child_alone(draft, day):
        household.is_protected = True
    elif child_alone(session, household.id, day):
        by.require(Permission.SETTLE)
        if not clean(reason):
            words = Text("A child without parents joins a family only with a reason: write who decided it and why.")
            raise InvalidInput([Problem("reason", words)])


def _change_members(session: Session, household_id: UUID, draft: HouseholdDraft, day: date) -> UUID:
    """Changes, adds and ends memberships; the id of the new card holder."""
    rows = {member.person_id: member for member in members_now(session, household_id)}
    kept = [member for member in draft.members if member.person_id]
    for person_id in rows.keys() - {member.person_id for member in kept}:
        rows[person_id].until_day = day
        rows[person_id].version += 1
    _change_people(session, {m.person_id: m for m in kept if m.person_id}, rows, day)
    new = [(person_row(member), member) for member in draft.members if not member.person_id]
    highest = max((row.no for row in rows.values()), default=0)
    add_people(session, household_id, new, day, first_no=highest + 1)
    head_id: UUID = draft.members[0].person_id or new[0][0]["id"]
    return head_id


def _change_people(
    session: Session, drafts: dict[UUID, MemberDraft], rows: dict[UUID, HouseholdMember], day: date
) -> None:
    people = session.scalars(select(Person).where(Person.id.in_(drafts)).order_by(Person.id).with_for_update())
    renamed: list[tuple[Bearer, Bearer]] = []
    for person in people:
        draft, before = drafts[person.id], _bearer(person)
        if _assign(person, person_values(draft)):
            person.version += 1
        if before != _bearer(person):
            renamed.append((before, _bearer(person)))
        if _assign(rows[person.id], {"relation": draft.relation or "", "presence": draft.presence}):
            rows[person.id].version += 1
        _change_document(session, person.id, draft)
    _change_needs(session, drafts, day)
    if renamed:
        forget_people(session, [before for before, _ in renamed])
        index_people(session, [after for _, after in renamed])


def _bearer(person: Person) -> Bearer:
    year = person.birth_date.year if person.birth_date else None
    return Bearer(person.id, person.family_name, person.given_name, person.patronymic, year)


def _assign(row: Base, values: dict[str, Any]) -> bool:
    """Sets what differs; whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _change_document(session: Session, person_id: UUID, draft: MemberDraft) -> None:
    query = select(PersonDocument).where(PersonDocument.person_id == person_id).order_by(PersonDocument.id.desc())
    known = session.scalars(query.limit(1)).first()
    if draft.document is None:
        if known is not None:
            session.delete(known)
        return
    values = document_row(person_id, draft.document)
    if known is None:
        journal.add_many(session, PersonDocument, [values])
    else:
        _assign(known, values)


def _change_needs(session: Session, drafts: dict[UUID, MemberDraft], day: date) -> None:
    query = select(PersonNeed).where(PersonNeed.person_id.in_(drafts), PersonNeed.until_day.is_(None))
    known = list(session.scalars(query))
    for need in known:
        if Need(need.need) not in drafts[need.person_id].needs:
            need.until_day = day
    have = {(need.person_id, need.need) for need in known}
    rows = [
        {"person_id": person_id, "need": need, "since_day": day}
        for person_id, draft in drafts.items()
        for need in sorted(draft.needs)
        if (person_id, need) not in have
    ]
    journal.add_many(session, PersonNeed, rows)


def reissue_card(
    session: Session, by: Actor, *, request_id: UUID, household_id: UUID, reason: str = ""
) -> HouseholdReceipt:
    """A new card for a lost one: the old number and token are valid no longer."""
    by.require(Permission.REGISTER)
    with journal.operation(
        session, by, request_id, "reissue_card", because=reason, household_id=household_id, reason=reason
    ) as op:
        if op.is_repeat:
            return household_receipt(session, household_id)
        held(session, household_id).version += 1
        for card in session.scalars(select(Card).where(Card.household_id == household_id, Card.is_valid)):
            card.state = "revoked"
        journal.add_many(session, Card, [new_card(by, household_id)])
        return household_receipt(session, household_id)


def withdraw_household(session: Session, by: Actor, *, request_id: UUID, household_id: UUID) -> None:
    """Takes back an imported family nobody has served: it is found and counted no more, its rows and history stay.

    Refused when it was changed, has a queue number or received something.
    """
    by.require(Permission.IMPORT)
    with journal.operation(session, by, request_id, "withdraw_household", household_id=household_id) as op:
        if op.is_repeat:
            return
        household = held(session, household_id)
        if household.version > 1 or _is_used(session, household_id):
            raise Refused("family-in-use", Text("This family was changed or served since: it stays."))
        household.status = "withdrawn"
        household.version += 1
        session.flush()
        ids = [member.person_id for member in members_now(session, household_id)]
        forget_people(session, [_bearer(one) for one in session.scalars(select(Person).where(Person.id.in_(ids)))])


def _is_used(session: Session, household_id: UUID) -> bool:
    for column in (Ticket.household_id, HandOver.household_id, Submission.household_id):
        if session.scalar(select(column).where(column == household_id).limit(1)):
            return True
    return False
