"""What the database knows of people, as records to compare: each with what its family shares and the family around it.

Reads only. Protected families are left out: they are nobody's candidates (field.md §1, 11).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.identity import Known
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.errors import Names
from aidtrack.services.people.view import birth_of
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonDocument, Settlement

_MOST_IDS = 5_000
_P, _M, _H, _D = Person.__table__, HouseholdMember.__table__, Household.__table__, PersonDocument.__table__


@dataclass(frozen=True, slots=True)
class Record:
    """A person as written down, and where: `known` stands alone, its family are the records of the same household."""

    person_id: UUID
    household_id: UUID
    no: int
    external_id: str
    known: Known


_COLUMNS = (
    _M.c.person_id, _M.c.household_id, _M.c.no, _M.c.relation, _P.c.external_id, _P.c.family_name, _P.c.given_name,
    _P.c.patronymic, _P.c.sex, _P.c.birth_date, _P.c.birth_precision, _P.c.phone, _P.c.address, _P.c.origin_text,
    _H.c.head_id, _H.c.phone.label("family_phone"), _H.c.address.label("family_address"), _H.c.batch_id,
    _H.c.origin_text.label("family_origin"), Settlement.names,
)  # fmt: skip
_PEOPLE = (
    select(*_COLUMNS)
    .select_from(_H)
    .join(_M, and_(_M.c.household_id == _H.c.id, _M.c.until_day.is_(None)))
    .join(_P, _P.c.id == _M.c.person_id)
    .outerjoin(Settlement, Settlement.id == _H.c.settlement_id)
    .where(_H.c.status == "active")
    .order_by(_M.c.household_id, _M.c.no)
)
_DOCUMENTS = select(_D.c.person_id, _D.c.number).join(
    _M, and_(_M.c.person_id == _D.c.person_id, _M.c.until_day.is_(None))
)
_WANTED: BindParameter[Any] = bindparam("households", expanding=True)
_WHO: BindParameter[Any] = bindparam("people", expanding=True)
_PEOPLE_OF, _DOCUMENTS_OF = _PEOPLE.where(_H.c.id.in_(_WANTED)), _DOCUMENTS.where(_M.c.household_id.in_(_WANTED))
# Built once each: a form asks at every change, and building a statement takes longer than running it.
_SEEN, _SEEN_OF = (query.where(_H.c.is_protected.is_(False)) for query in (_PEOPLE, _PEOPLE_OF))
_THEIRS = aliased(_M)
_HOMES = select(_THEIRS.c.household_id).where(_THEIRS.c.person_id.in_(_WHO), _THEIRS.c.until_day.is_(None))
_CARD = select(func.max(Card.number)).where(Card.household_id == _H.c.id, Card.is_valid).scalar_subquery()
_SEEN_AROUND = _SEEN.where(_H.c.id.in_(_HOMES)).add_columns(_CARD.label("card_number"))


def records_of(
    session: Session, households: Collection[UUID] | None = None, *, with_protected: bool = False
) -> tuple[Record, ...]:
    """Everybody who is a member now, of these households or of all, families together; nobody of a protected one.

    `with_protected` is for who settles a pair that is known already.
    """
    ask = session.connection()
    if households is None:
        rows, documents = ask.execute(_PEOPLE if with_protected else _SEEN).all(), ask.execute(_DOCUMENTS).all()
    else:
        ids = sorted(households)
        parts = [{"households": ids[start : start + _MOST_IDS]} for start in range(0, len(ids), _MOST_IDS)]
        people = _PEOPLE_OF if with_protected else _SEEN_OF
        rows = [row for part in parts for row in ask.execute(people, part)]
        documents = [row for part in parts for row in ask.execute(_DOCUMENTS_OF, part)]
    return records_from(rows, _papers(documents))


def members_around(session: Session, people: Collection[UUID]) -> Sequence[Any]:
    """A row for everybody of the families these people are members of now, families together, with the number of their card; nobody of a
    protected one. `records_from` makes records of them."""
    return session.connection().execute(_SEEN_AROUND, {"people": list(people)}).all() if people else ()


def records_from(rows: Iterable[Any], papers: Mapping[UUID, Sequence[str]]) -> tuple[Record, ...]:
    """The records of such rows, with the numbers of their papers."""
    return tuple(_record(row, papers.get(row.person_id, ())) for row in rows)


def _papers(rows: Iterable[Any]) -> Mapping[UUID, Sequence[str]]:
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for person_id, number in rows:
        found[person_id].append(number)
    return found


def _record(row: Any, papers: Sequence[str]) -> Record:
    """A family typed at the desk has its places and its phone once; a list taken in gives each row its own."""
    shared = row.batch_id is None
    is_head = row.person_id == row.head_id
    known = Known(
        family_name=row.family_name,
        given_name=row.given_name,
        patronymic=row.patronymic,
        sex=row.sex,
        birth=birth_of(row.birth_date, row.birth_precision),
        documents=tuple(papers),
        phones=tuple(phone for phone in (row.phone, row.family_phone if shared and is_head else "") if phone),
        home=row.origin_text or ((row.family_origin or place_of(row.names)) if shared else ""),
        address=row.address or (row.family_address if shared else ""),
        relation=row.relation,
    )
    return Record(row.person_id, row.household_id, row.no, row.external_id, known)


def place_of(names: Names | None) -> str:
    """A settlement by one of its names, the same one every time."""
    return next((names[lang] for lang in ("ru", "uk", "en") if names.get(lang)), "") if names else ""


def with_family(record: Record, family: Iterable[Record]) -> Known:
    """The record with the others of its household around it."""
    return replace(record.known, others=tuple(one.known for one in family if one.person_id != record.person_id))


def draft_as_known(draft: HouseholdDraft, settlement: Names | None = None) -> tuple[Known, ...]:
    """The members of a form as records, each without the others."""
    home = draft.origin_text or place_of(settlement)
    return tuple(_member(member, draft, home, is_head=no == 0) for no, member in enumerate(draft.members))


def _member(member: MemberDraft, draft: HouseholdDraft, home: str, *, is_head: bool) -> Known:
    return Known(
        family_name=member.family_name,
        given_name=member.given_name,
        patronymic=member.patronymic,
        sex=member.sex or "",
        birth=member.birth,
        documents=(member.document.number,) if member.document else (),
        phones=tuple(phone for phone in (member.phone, draft.phone if is_head else "") if phone),
        home=member.origin_text or home,
        address=member.address or draft.address,
        relation=member.relation or "",
    )
