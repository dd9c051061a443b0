"""Goods that no family line speaks of: what organisations were given, for how many people, and what went out on the free table.

Only reads, for the reports that show them apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.stock import Destination, DocumentKind, Unit
from aidtrack.errors import Text
from aidtrack.services.stock.papers import taken_back
from aidtrack.store.stock import Document, Item, Movement


@dataclass(frozen=True, slots=True)
class GivenGoods:
    """So many units of an item."""

    item_id: UUID
    names: Mapping[str, str]
    unit: Text
    quantity: int


@dataclass(frozen=True, slots=True)
class PartnerIssue:
    """What an organisation was given on one waybill, and for how many people, as it says."""

    organisation: str
    people: int
    document: str
    lines: tuple[GivenGoods, ...]


def partner_issues(session: Session, by: Actor, day: date) -> tuple[PartnerIssue, ...]:
    """The waybills to organisations of a day that stand, in the order they were written."""
    by.require(Permission.STOCK_SEE)
    lines: dict[UUID, list[GivenGoods]] = defaultdict(list)
    for document, *goods in session.execute(_goods(by, day, Destination.ORGANISATION, Movement.document_id)):
        lines[document].append(_given(*goods))
    query = select(Document).where(Document.id.in_(lines)).order_by(Document.at, Document.number)
    return tuple(
        PartnerIssue(row.other_party, int(row.facts.get("people", 0)), row.code, tuple(lines[row.id]))
        for row in session.scalars(query)
    )


def free_table_goods(session: Session, by: Actor, day: date) -> tuple[GivenGoods, ...]:
    """What went out on the free table on a day, by box or kilogram."""
    by.require(Permission.STOCK_SEE)
    return tuple(_given(*goods) for goods in session.execute(_goods(by, day, Destination.FREE_TABLE)))


def _goods(by: Actor, day: date, to: Destination, *by_what: Any) -> Select[Any]:
    columns = (*by_what, Item.id, Item.code, Item.names, Item.unit)
    names = (*by_what, Item.id, Item.names, Item.unit)
    return (
        select(*names, func.sum(Movement.quantity))
        .join_from(Document, Movement, Movement.document_id == Document.id)
        .join(Item, Item.id == Movement.item_id)
        .where(Document.site_id == by.site, Document.day == day, Document.kind == DocumentKind.WAYBILL.value)
        .where(Document.facts["to"].as_string() == to.value, ~taken_back(Document))
        .group_by(*columns)
        .order_by(Item.code)
    )


def _given(item_id: UUID, names: Mapping[str, str], unit: str, quantity: int) -> GivenGoods:
    return GivenGoods(item_id, names, Unit(unit).text, int(quantity))
