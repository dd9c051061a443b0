"""Registering a family: everything typed is cleaned and checked, then saved with its card in one operation of few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.contacts import document_key, normal_phone, phone_key
from aidtrack.domain.documents import tail_of, with_kind
from aidtrack.domain.ids import new_card_number, new_id, new_token
from aidtrack.domain.people import DocumentDraft, HouseholdDraft, MemberDraft, Need, is_child_alone, problems_of
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import InvalidInput, NotFound, Problem, Text
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.names import Bearer, index_people
from aidtrack.store.people import (
    Card,
    ChildAlone,
    Collector,
    Household,
    HouseholdMember,
    Person,
    PersonDocument,
    PersonNeed,
    PrivacyNotice,
    Settlement,
)

NOTICE_EDITION = "1"
TAIL_DIGITS = 4

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class HouseholdReceipt:
    """What registering gives back: the family and the card to print."""

    household_id: UUID
    card_number: str
    token: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where imported rows came from: the file taken in, and the key that knows the same rows again."""

    batch_id: UUID
    key: str


def register_household(
    session: Session, by: Actor, *, request_id: UUID, draft: HouseholdDraft, source: Source | None = None
) -> HouseholdReceipt:
    """Saves a family with a new card. Idempotent by `request_id`. InvalidInput tells all problems of the draft at once.

    A child without parents is protected from the start, and the shift lead is called to this window without a sound.
    Imported families (`source`) may have a card holder without a name: a list that only counts people is taken in too.
    """
    by.require(Permission.IMPORT if source else Permission.REGISTER)
    with journal.operation(session, by, request_id, "register_household", draft=draft, source=source) as op:
        if op.is_repeat:
            return household_receipt(session, op.only("household"))
        day = op.day or current_day(session, by)
        draft = cleaned(draft)
        _expect_valid(session, draft, day, name_needed=source is None)
        return _save(session, by, draft, day, source)


def household_receipt(session: Session, household_id: UUID) -> HouseholdReceipt:
    """The family's card that is valid now."""
    query = select(Card.number, Card.token).where(Card.household_id == household_id, Card.is_valid)
    found = session.execute(query.order_by(Card.issued_at.desc()).limit(1)).first()
    if found is None:
        raise NotFound("no-card", Text("This family has no valid card."))
    return HouseholdReceipt(household_id, found.number, found.token)


def cleaned(draft: HouseholdDraft) -> HouseholdDraft:
    """The draft with every text through the one door, and phones as they are dialled."""
    return replace(
        draft,
        members=tuple(_cleaned_member(member) for member in draft.members),
        origin_text=clean(draft.origin_text),
        address=clean(draft.address),
        phone=normal_phone(clean(draft.phone)),
        collector_name=clean(draft.collector_name),
        collector_authority=clean(draft.collector_authority),
        note=clean_note(draft.note),
        external_id=clean(draft.external_id),
        came_with=clean(draft.came_with),
        found_at=clean(draft.found_at),
    )


def _cleaned_member(member: MemberDraft) -> MemberDraft:
    number = clean(member.document.number) if member.document else ""
    return replace(
        member,
        family_name=clean(member.family_name),
        given_name=clean(member.given_name),
        patronymic=clean(member.patronymic),
        phone=normal_phone(clean(member.phone)),
        address=clean(member.address),
        origin_text=clean(member.origin_text),
        note=clean_note(member.note),
        external_id=clean(member.external_id),
        document=with_kind(DocumentDraft(number, member.document.kind)) if member.document and number else None,
    )


def _expect_valid(session: Session, draft: HouseholdDraft, day: date, *, name_needed: bool) -> None:
    problems = problems_of(draft, day, name_needed=name_needed)
    if draft.settlement_id and session.get(Settlement, draft.settlement_id) is None:
        problems.append(Problem("settlement_id", Text("This place is not in the list.")))
    if problems:
        raise InvalidInput(problems)


def _save(session: Session, by: Actor, draft: HouseholdDraft, day: date, source: Source | None) -> HouseholdReceipt:
    household_id, now = new_id(), by.now()
    is_alone = source is None and is_child_alone(draft, day)  # a list that was taken in calls nobody
    people = [person_row(member) for member in draft.members]
    head_id = people[0]["id"]
    household = household_values(draft) | {
        "id": household_id, "site_id": by.site, "head_id": head_id, "registered_day": day, "registered_at": now,
        "batch_id": source.batch_id if source else None, "import_key": source.key if source else "",
        "is_protected": _is_protected(draft, day, source),
    }  # fmt: skip
    journal.add_many(session, Household, [household])
    add_people(session, household_id, list(zip(people, draft.members, strict=True)), day, first_no=1)
    card = new_card(by, household_id)
    journal.add_many(session, Card, [card])
    journal.add_many(session, Collector, _collector_rows(draft, household_id))
    journal.add_many(session, PrivacyNotice, _notice_rows(draft, household_id, by))
    if is_alone:
        journal.add_many(session, ChildAlone, [_child_row(draft, household_id, by)])
    return HouseholdReceipt(household_id, card["number"], card["token"])


def _is_protected(draft: HouseholdDraft, day: date, source: Source | None) -> bool:
    """A child without parents is. In a list taken in only where it says so: many lists name one person a row."""
    if source is None:
        return is_child_alone(draft, day)
    return any(Need.CHILD_ALONE in member.needs for member in draft.members)


def _child_row(draft: HouseholdDraft, household_id: UUID, by: Actor) -> dict[str, Any]:
    seen = by.now() if by.may(Permission.PROTECT) else None  # a shift lead who writes it down need not be called
    facts = {"came_with": draft.came_with, "found_at": draft.found_at, "desk_id": by.desk_id, "called_at": by.now()}
    return {"household_id": household_id, "seen_at": seen} | facts


def household_values(draft: HouseholdDraft) -> dict[str, Any]:
    """The columns of a household that are typed."""
    return {
        "settlement_id": draft.settlement_id, "origin_text": draft.origin_text, "lodging": draft.lodging or "",
        "address": draft.address, "phone": draft.phone, "phone_key": phone_key(draft.phone), "arrived_on": draft.arrived_on,
        "how_confirmed": draft.how_confirmed or "", "language": draft.notice_language, "note": draft.note,
        "external_id": draft.external_id,
    }  # fmt: skip


def person_values(member: MemberDraft) -> dict[str, Any]:
    """The columns of a person that are typed."""
    return {
        "family_name": member.family_name, "given_name": member.given_name, "patronymic": member.patronymic,
        "sex": member.sex or "", "birth_date": member.birth.first if member.birth else None,
        "birth_precision": member.birth.precision if member.birth else "", "phone": member.phone,
        "phone_key": phone_key(member.phone), "address": member.address, "origin_text": member.origin_text,
        "note": member.note, "external_id": member.external_id,
    }  # fmt: skip


def person_row(member: MemberDraft) -> dict[str, Any]:
    """A new person."""
    return {"id": new_id()} | person_values(member)


def add_people(
    session: Session,
    household_id: UUID,
    people: Sequence[tuple[dict[str, Any], MemberDraft]],
    day: date,
    *,
    first_no: int,
) -> None:
    """New people, their time in the household from `day` on, their papers, what helps them; and they can be found."""
    journal.add_many(session, Person, [row for row, _ in people])
    members: Rows = [
        {"household_id": household_id, "person_id": row["id"], "no": no, "relation": member.relation or "",
         "presence": member.presence, "since_day": day}
        for no, (row, member) in enumerate(people, first_no)
    ]  # fmt: skip
    journal.add_many(session, HouseholdMember, members)
    journal.add_many(session, PersonDocument, [document_row(row["id"], m.document) for row, m in people if m.document])
    journal.add_many(session, PersonNeed, need_rows(((row["id"], member) for row, member in people), day))
    index_people(session, [bearer(row) for row, _ in people])


def bearer(row: Mapping[str, Any]) -> Bearer:
    """A person's row as the search knows it."""
    born = row["birth_date"]
    return Bearer(row["id"], row["family_name"], row["given_name"], row["patronymic"], born.year if born else None)


def document_row(person_id: UUID, document: DocumentDraft) -> dict[str, Any]:
    """A paper with the form it is compared in."""
    return {
        "person_id": person_id, "kind": document.kind or "", "number": document.number,
        "number_key": document_key(document.number), "tail": tail_of(document),
    }  # fmt: skip


def need_rows(people: Iterable[tuple[UUID, MemberDraft]], day: date) -> Rows:
    """What helps whom, from `day` on."""
    return [
        {"person_id": person_id, "need": need, "since_day": day}
        for person_id, member in people
        for need in sorted(member.needs)
    ]


def new_card(by: Actor, household_id: UUID) -> dict[str, Any]:
    """A card with a fresh number and token."""
    number = new_card_number()
    return {
        "site_id": by.site, "household_id": household_id, "number": number, "tail": number[-TAIL_DIGITS:],
        "token": new_token(), "issued_at": by.now(),
    }  # fmt: skip


def _collector_rows(draft: HouseholdDraft, household_id: UUID) -> Rows:
    if not draft.collector_name:
        return []
    authority = draft.collector_authority
    return [{"household_id": household_id, "name": draft.collector_name, "kind": "proxy", "how_known": authority}]


def _notice_rows(draft: HouseholdDraft, household_id: UUID, by: Actor) -> Rows:
    if not draft.notice_language:
        return []
    row = {"household_id": household_id, "edition": NOTICE_EDITION, "language": draft.notice_language, "how": "spoken"}
    return [row | {"at": by.now()}]
