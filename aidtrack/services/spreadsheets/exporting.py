"""People as a table: every field back, one row a person. To whom it goes, and by whom, is `services.disclosures`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.disclosures import FIELDS
from aidtrack.services.people.view import birth_of
from aidtrack.services.spreadsheets.reading import write_table
from aidtrack.store.people import Card, Household, HouseholdMember, Person, PersonDocument, PersonNeed

EXPORT_FIELDS = FIELDS


@dataclass(frozen=True, slots=True)
class PeopleSheet:
    """The people of the centre as rows of text under `fields`."""

    rows: tuple[tuple[str, ...], ...]
    families: int
    fields: tuple[str, ...] = EXPORT_FIELDS


def people_sheet(session: Session, by: Actor, fields: tuple[str, ...] = EXPORT_FIELDS) -> PeopleSheet:
    """Everybody who is a member now, families in the order they were registered, with these fields. Needs the permission.

    Only `services.disclosures` lets it out of the program: there it is registered.
    """
    by.require(Permission.EXPORT_NAMES)
    people = session.execute(_everybody(by.site)).all()
    sizes = Counter(row.household_id for row in people)
    numbers, needs = _documents(session, by.site), _needs(session, by.site)
    wanted = [EXPORT_FIELDS.index(field) for field in fields]
    rows = (_row(row, sizes[row.household_id], numbers.get(row.person_id, ""), needs[row.person_id]) for row in people)
    return PeopleSheet(tuple(tuple(row[n] for n in wanted) for row in rows), len(sizes), fields)


def write_people(path: Path, kind: str, sheet: PeopleSheet) -> None:
    """Writes CSV or XLSX; StoreTrouble when it cannot be written."""
    write_table(path, kind, sheet.fields, sheet.rows)


def _everybody(site_id: UUID) -> Any:
    h, m, p = Household, HouseholdMember, Person
    columns = (
        h.id.label("household_id"), h.head_id, h.external_id.label("family"), h.lodging, h.note.label("family_note"),
        h.phone.label("family_phone"), h.address.label("family_address"), h.origin_text.label("family_origin"), h.batch_id,
        m.person_id, m.relation, p.external_id, p.family_name, p.given_name, p.patronymic, p.sex, p.birth_date,
        p.birth_precision, p.phone, p.address, p.origin_text, p.note, Card.number,
    )  # fmt: skip
    query = select(*columns).join(m, m.household_id == h.id).join(p, p.id == m.person_id)
    query = query.outerjoin(Card, (Card.household_id == h.id) & Card.is_valid)
    query = query.where(h.site_id == site_id, h.status == "active", m.until_day.is_(None))
    return query.order_by(h.registered_at, h.id, m.no)


def _documents(session: Session, site_id: UUID) -> dict[UUID, str]:
    """Of everybody the newest paper."""
    d = PersonDocument
    return {row.person_id: row.number for row in session.execute(_of_site(select(d.person_id, d.number), d, site_id))}


def _needs(session: Session, site_id: UUID) -> defaultdict[UUID, list[str]]:
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    query = _of_site(select(PersonNeed.person_id, PersonNeed.need), PersonNeed, site_id)
    for row in session.execute(query.where(PersonNeed.until_day.is_(None))):
        found[row.person_id].append(row.need)
    return found


def _of_site(query: Any, table: Any, site_id: UUID) -> Any:
    m, h = HouseholdMember, Household
    query = query.join(m, m.person_id == table.person_id).join(h, h.id == m.household_id)
    return query.where(h.site_id == site_id, h.status == "active", m.until_day.is_(None)).order_by(table.id)


def _row(row: Any, size: int, document: str, needs: Iterable[str]) -> tuple[str, ...]:
    birth = birth_of(row.birth_date, row.birth_precision)
    is_head = row.person_id == row.head_id
    # A family typed at the desk has its phone and places once; a list taken in gives each row its own back.
    shared = is_head and row.batch_id is None
    note = "\n".join(part for part in (row.family_note if is_head else "", row.note) if part)
    return (
        row.external_id, _family(row, size), row.relation, row.family_name, row.given_name, row.patronymic, row.sex,
        birth.iso if birth else "", row.phone or (row.family_phone if shared else ""), document,
        row.address or (row.family_address if shared else ""), row.origin_text or (row.family_origin if shared else ""),
        row.lodging if is_head else "", ";".join(sorted(needs)), note, row.number or "",
    )  # fmt: skip


def _family(row: Any, size: int) -> str:
    """What keeps the members of a family together in the file: its own id, else the card number where there are several."""
    return str(row.family or (row.number if size > 1 and row.number else ""))
