"""One family as the desk shows it, and as a draft to change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.contacts import masked_phone
from aidtrack.domain.names import initials
from aidtrack.domain.people import (
    DocumentDraft,
    DocumentKind,
    HouseholdDraft,
    HowConfirmed,
    Lodging,
    MemberDraft,
    Need,
    Presence,
    Relation,
    Sex,
    no_family,
)
from aidtrack.errors import Names
from aidtrack.services.people.children import how_it_came
from aidtrack.services.today import current_day
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonDocument, PersonNeed, Settlement


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the family table shows it; `age` None where no birth is known."""

    no: int
    person_id: UUID
    name: str
    given_name: str
    patronymic: str
    family_name: str
    sex: Sex | None
    age: int | None
    birth: Birth | None
    relation: Relation | None
    presence: Presence
    needs: tuple[Need, ...]

    @property
    def is_named(self) -> bool:
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A family on the desk. Names of places by language; the phone only as far as the public may see it.

    How a child without parents came is for the shift lead only.
    """

    id: UUID
    version: int
    head_name: str
    card_number: str
    settlement: Names
    origin_text: str
    lodging: Lodging | None
    address: str
    phone_masked: str
    registered_day: date
    arrived_on: date | None
    how_confirmed: HowConfirmed | None
    note: str
    external_id: str
    is_protected: bool
    head_id: UUID
    members: tuple[MemberRow, ...]
    came_with: str = ""
    found_at: str = ""

    @property
    def needs(self) -> tuple[Need, ...]:
        """What helps anybody of the family, each once."""
        return tuple(dict.fromkeys(need for member in self.members for need in member.needs))

    @property
    def unnamed(self) -> int:
        """Members counted but not yet named."""
        return sum(not member.is_named for member in self.members)

    @property
    def here(self) -> int:
        """Members who are here now."""
        return sum(member.presence is Presence.HERE for member in self.members)


def masked_name(family_name: str, given_name: str, patronymic: str) -> str:
    """«Ткаченко М. П.»: what a volunteer's list shows."""
    return f"{family_name} {initials((given_name, patronymic))}".strip()


def birth_of(first: date | None, precision: str) -> Birth | None:
    """The birth as stored."""
    return Birth(first, Precision(precision)) if first else None


def household_view(session: Session, by: Actor, household_id: UUID, *, day: date | None = None) -> HouseholdView:
    """The family with the members it has on `day` (the current one); ages are those of that day. NotFound if it is not there."""
    by.require(Permission.FIND)
    on = day or current_day(session, by)
    found = _household(session, household_id)
    members = _members(session, household_id, on)
    head = next((m for m in members if m.person_id == found.head_id), members[0] if members else None)
    sees_all = found.is_protected and by.may(Permission.PROTECT)
    came_with, found_at = how_it_came(session, household_id) if sees_all else ("", "")
    return HouseholdView(
        id=found.id,
        version=found.version,
        head_name=head.name if head else "",
        card_number=found.number or "",
        settlement=found.names or {},
        origin_text=found.origin_text,
        lodging=Lodging(found.lodging) if found.lodging else None,
        address=found.address,
        phone_masked=masked_phone(found.phone),
        registered_day=found.registered_day,
        arrived_on=found.arrived_on,
        how_confirmed=HowConfirmed(found.how_confirmed) if found.how_confirmed else None,
        note=found.note,
        external_id=found.external_id,
        is_protected=found.is_protected,
        head_id=found.head_id,
        members=members,
        came_with=came_with,
        found_at=found_at,
    )


def _household(session: Session, household_id: UUID) -> Any:
    h = Household
    columns = (
        h.id, h.version, h.head_id, h.origin_text, h.lodging, h.address, h.phone, h.registered_day, h.arrived_on,
        h.how_confirmed, h.note, h.external_id, h.is_protected, h.settlement_id, h.language, Settlement.names, Card.number,
    )  # fmt: skip
    query = (
        select(*columns)
        .outerjoin(Settlement, Settlement.id == h.settlement_id)
        .outerjoin(Card, (Card.household_id == h.id) & Card.is_valid)
        .where(h.id == household_id, h.status == "active")
        .order_by(Card.issued_at.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        raise no_family()
    return found


def _members(session: Session, household_id: UUID, on: date) -> tuple[MemberRow, ...]:
    rows = _member_rows(session, household_id, on)
    needs = _needs(session, [row.person_id for row in rows], on)
    return tuple(_member(no, row, on, needs[row.person_id]) for no, row in enumerate(rows, 1))


def _member(no: int, row: Any, on: date, needs: list[Need]) -> MemberRow:
    birth = birth_of(row.birth_date, row.birth_precision)
    names = (row.family_name, row.given_name, row.patronymic)
    return MemberRow(
        no=no,
        person_id=row.person_id,
        name=" ".join(name for name in names if name),
        given_name=row.given_name,
        patronymic=row.patronymic,
        family_name=row.family_name,
        sex=Sex(row.sex) if row.sex else None,
        age=birth.age_at(on) if birth else None,
        birth=birth,
        relation=Relation(row.relation) if row.relation else None,
        presence=Presence(row.presence),
        needs=tuple(needs),
    )


def _member_rows(session: Session, household_id: UUID, on: date) -> list[Any]:
    m, p = HouseholdMember, Person
    columns = (
        m.person_id, m.relation, m.presence, p.family_name, p.given_name, p.patronymic, p.sex, p.birth_date,
        p.birth_precision, p.phone, p.address, p.origin_text, p.note, p.external_id,
    )  # fmt: skip
    query = select(*columns).join(p, p.id == m.person_id).where(m.household_id == household_id, m.since_day <= on)
    return list(session.execute(query.where(m.until_day.is_(None) | (m.until_day > on)).order_by(m.no)))


def _needs(session: Session, people: list[UUID], on: date) -> defaultdict[UUID, list[Need]]:
    n = PersonNeed
    query = select(n.person_id, n.need).where(n.person_id.in_(people), n.since_day <= on)
    found: defaultdict[UUID, list[Need]] = defaultdict(list)
    for person_id, need in session.execute(query.where(n.until_day.is_(None) | (n.until_day > on)).order_by(n.need)):
        found[person_id].append(Need(need))
    return found


def household_draft(session: Session, by: Actor, household_id: UUID) -> HouseholdDraft:
    """The family as a form to change, with the version it was filled from; the card holder first."""
    by.require(Permission.REGISTER)
    found = _household(session, household_id)
    on = current_day(session, by)
    rows = sorted(_member_rows(session, household_id, on), key=lambda row: bool(row.person_id != found.head_id))
    people = [row.person_id for row in rows]
    needs, papers = _needs(session, people, on), _papers(session, people)
    came_with, found_at = how_it_came(session, household_id)
    return HouseholdDraft(
        members=tuple(_member_draft(row, frozenset(needs[row.person_id]), papers.get(row.person_id)) for row in rows),
        settlement_id=found.settlement_id,
        origin_text=found.origin_text,
        lodging=Lodging(found.lodging) if found.lodging else None,
        address=found.address,
        phone=found.phone,
        how_confirmed=HowConfirmed(found.how_confirmed) if found.how_confirmed else None,
        note=found.note,
        external_id=found.external_id,
        arrived_on=found.arrived_on,
        notice_language=found.language,
        came_with=came_with,
        found_at=found_at,
        version=found.version,
    )


def _papers(session: Session, people: list[UUID]) -> dict[UUID, DocumentDraft]:
    query = select(PersonDocument.person_id, PersonDocument.number, PersonDocument.kind)
    rows = session.execute(query.where(PersonDocument.person_id.in_(people)).order_by(PersonDocument.id))
    return {row.person_id: DocumentDraft(row.number, DocumentKind(row.kind) if row.kind else None) for row in rows}


def _member_draft(row: Any, needs: frozenset[Need], document: DocumentDraft | None) -> MemberDraft:
    return MemberDraft(
        person_id=row.person_id,
        family_name=row.family_name,
        given_name=row.given_name,
        patronymic=row.patronymic,
        sex=Sex(row.sex) if row.sex else None,
        birth=birth_of(row.birth_date, row.birth_precision),
        relation=Relation(row.relation) if row.relation else None,
        presence=Presence(row.presence),
        needs=needs,
        document=document,
        phone=row.phone,
        address=row.address,
        origin_text=row.origin_text,
        note=row.note,
        external_id=row.external_id,
    )
