"""People as they stand beside each other when somebody decides whether they are one: everything written of them, and their family.

Reads only, and only for who settles similar records. Whose words count is `classes`; what they come to is `links`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.birth import Birth
from aidtrack.domain.documents import tail_of
from aidtrack.domain.identity import Known
from aidtrack.domain.people import DocumentDraft, DocumentKind, Lodging, Relation, Sex
from aidtrack.errors import Names
from aidtrack.services.identity import known
from aidtrack.store.handover import HandOver, HandOverPerson, HandOverVoid
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonDocument, Settlement


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its kind and the last digits that may be shown."""

    kind: DocumentKind | None
    tail: str


@dataclass(frozen=True, slots=True)
class Record:
    """One written-down person with the family it stands in. `known` is what is compared, never shown."""

    person_id: UUID
    household_id: UUID
    names: tuple[str, str, str]
    sex: Sex | None
    birth: Birth | None
    relation: Relation | None
    phones: tuple[str, ...]
    papers: tuple[Paper, ...]
    settlement: Names
    origin_text: str
    lodging: Lodging | None
    address: str
    card_number: str
    registered_day: date
    is_protected: bool
    others: tuple[UUID, ...]
    received: int
    last_received: date | None
    known: Known

    @property
    def name(self) -> str:
        """The whole name; empty for somebody counted but not named."""
        return " ".join(part for part in self.names if part)


def records(session: Session, people: Iterable[UUID]) -> dict[UUID, Record]:
    """These people as they are written now; who belongs to no family any more is left out."""
    rows = _rows(session, set(people))
    families: defaultdict[UUID, list[known.Record]] = defaultdict(list)
    for one in known.records_of(session, {row.household_id for row in rows.values()}, with_protected=True):
        families[one.household_id].append(one)
    papers, given = _papers(session, rows), _received(session, rows)
    return {
        person: _record(row, papers[person], given.get(person, (0, None)), families[row.household_id])
        for person, row in rows.items()
    }


def _rows(session: Session, people: Collection[UUID]) -> dict[UUID, Any]:
    h, m, p = Household, HouseholdMember, Person
    columns = (
        p.id, p.family_name, p.given_name, p.patronymic, p.sex, p.phone, p.address, p.origin_text, m.relation, m.household_id,
        h.phone.label("family_phone"), h.address.label("family_address"), h.origin_text.label("family_origin"), h.lodging,
        h.registered_day, h.is_protected, Settlement.names, Card.number,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(m, m.person_id == p.id)
        .join(h, h.id == m.household_id)
        .outerjoin(Settlement, Settlement.id == h.settlement_id)
        .outerjoin(Card, (Card.household_id == h.id) & Card.is_valid)
        .where(p.id.in_(people), m.until_day.is_(None), h.status == "active")
    )
    return {row.id: row for row in session.execute(query)}


def _papers(session: Session, people: Collection[UUID]) -> defaultdict[UUID, list[DocumentDraft]]:
    d = PersonDocument
    query = select(d.person_id, d.number, d.kind).where(d.person_id.in_(list(people))).order_by(d.id)
    found: defaultdict[UUID, list[DocumentDraft]] = defaultdict(list)
    for person, number, kind in session.execute(query):
        found[person].append(DocumentDraft(number, DocumentKind(kind) if kind else None))
    return found


def _received(session: Session, people: Collection[UUID]) -> dict[UUID, tuple[int, date | None]]:
    query = (
        select(HandOverPerson.person_id, func.count(), func.max(HandOver.day))
        .join(HandOver, HandOver.id == HandOverPerson.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOverPerson.person_id.in_(list(people)), HandOverVoid.id.is_(None))
        .group_by(HandOverPerson.person_id)
    )
    return {person: (count, last) for person, count, last in session.execute(query)}


def _record(
    row: Any, papers: Iterable[DocumentDraft], given: tuple[int, date | None], family: Sequence[known.Record]
) -> Record:
    own = next(one for one in family if one.person_id == row.id)
    return Record(
        person_id=row.id,
        household_id=row.household_id,
        names=(row.family_name, row.given_name, row.patronymic),
        sex=Sex(row.sex) if row.sex else None,
        birth=own.known.birth,
        relation=Relation(row.relation) if row.relation else None,
        phones=tuple(dict.fromkeys(phone for phone in (row.phone, row.family_phone) if phone)),
        papers=tuple(Paper(paper.kind, tail_of(paper)) for paper in papers),
        settlement=row.names or {},
        origin_text=row.origin_text or row.family_origin,
        lodging=Lodging(row.lodging) if row.lodging else None,
        address=row.address or row.family_address,
        card_number=row.number or "",
        registered_day=row.registered_day,
        is_protected=row.is_protected,
        others=tuple(one.person_id for one in family if one is not own),
        received=given[0],
        last_received=given[1],
        known=known.with_family(own, family),
    )
