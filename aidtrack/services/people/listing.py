"""Families as the coordinator's list shows them, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.errors import Names
from aidtrack.store.people import Card, Household, HouseholdMember, Person, Settlement


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in the list; `registered_at` and `id` of the last row ask for the next page."""

    id: UUID
    family_name: str
    given_name: str
    patronymic: str
    card_number: str
    settlement: Names
    origin_text: str
    lodging: str
    people: int
    registered_day: date
    registered_at: datetime
    is_protected: bool


def families(
    session: Session,
    by: Actor,
    *,
    settlement_id: UUID | None = None,
    lodging: str = "",
    only: Sequence[UUID] | None = None,
    after: FamilyRow | None = None,
    limit: int = 100,
) -> tuple[FamilyRow, ...]:
    """The newest first; the page after the row `after`; `only` these families. Only for who may see names."""
    by.require(Permission.SEE_NAMES)
    h, p = Household, Person
    columns = (
        h.id, p.family_name, p.given_name, p.patronymic, Card.number, Settlement.names, h.origin_text, h.lodging,
        h.registered_day, h.registered_at, h.is_protected, _people().label("people"),
    )  # fmt: skip
    query = _matching(select(*columns), by.site, settlement_id, lodging)
    if only is not None:
        query = query.where(h.id.in_(only))
    query = (
        query.outerjoin(p, p.id == h.head_id)
        .outerjoin(Settlement, Settlement.id == h.settlement_id)
        .outerjoin(Card, (Card.household_id == h.id) & Card.is_valid)
    )
    if after is not None:
        same_moment = and_(h.registered_at == after.registered_at, h.id < after.id)
        query = query.where(or_(h.registered_at < after.registered_at, same_moment))
    rows = session.execute(query.order_by(h.registered_at.desc(), h.id.desc()).limit(limit))
    return tuple(
        FamilyRow(r.id, r.family_name or "", r.given_name or "", r.patronymic or "", r.number or "", r.names or {},
                  r.origin_text, r.lodging, r.people, r.registered_day, r.registered_at, r.is_protected)
        for r in rows
    )  # fmt: skip


def family_count(
    session: Session, by: Actor, *, settlement_id: UUID | None = None, lodging: str = ""
) -> tuple[int, int]:
    """How many families and people the filter fits."""
    by.require(Permission.SEE_NAMES)
    count = _matching(select(func.count()), by.site, settlement_id, lodging).select_from(Household)
    members = _matching(select(func.count(HouseholdMember.id)), by.site, settlement_id, lodging)
    members = members.select_from(Household).join(HouseholdMember, HouseholdMember.household_id == Household.id)
    people = session.scalar(members.where(HouseholdMember.until_day.is_(None)))
    return session.scalar(count) or 0, people or 0


def _people() -> Any:
    counted = select(func.count(HouseholdMember.id)).where(HouseholdMember.household_id == Household.id)
    return counted.where(HouseholdMember.until_day.is_(None)).correlate(Household).scalar_subquery()


def _matching(query: Select[Any], site_id: UUID, settlement_id: UUID | None, lodging: str) -> Select[Any]:
    query = query.where(Household.status == "active", Household.site_id == site_id)
    if settlement_id:
        query = query.where(Household.settlement_id == settlement_id)
    if lodging:
        query = query.where(Household.lodging == lodging)
    return query
