"""The least a centre wants to have of an item: with less the page warns.

Owns these numbers only; what can be given is the book's answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import stock
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import InvalidInput
from aidtrack.store import journal
from aidtrack.store.stock import StockLevel


def least_levels(session: Session, by: Actor) -> Mapping[UUID, int]:
    """The least this centre wants to have of each item; items without one are left out."""
    query = select(StockLevel.item_id, StockLevel.least).where(StockLevel.site_id == by.site, StockLevel.least > 0)
    return dict(session.execute(query).all())


def save_level(session: Session, by: Actor, *, request_id: UUID, item_id: UUID, least: int) -> UUID:
    """From now on with less than this the page warns; 0 warns never. Returns the level's id."""
    by.require(Permission.STOCK_MOVE)
    with journal.operation(session, by, request_id, "save_level", item_id=item_id, least=least) as op:
        if op.is_repeat:
            return op.only("stock_level")
        problems = stock.quantity_problems("least", least, zero=True)
        if problems:
            raise InvalidInput(problems)
        row = _level(session, by, item_id)
        row.least = least
        session.add(row)
        session.flush()
        return row.id


def _level(session: Session, by: Actor, item_id: UUID) -> StockLevel:
    query = select(StockLevel).where(StockLevel.site_id == by.site, StockLevel.item_id == item_id)
    row = session.scalar(query.with_for_update())
    if row is None:
        return StockLevel(id=new_id(), site_id=by.site, item_id=item_id)
    row.version += 1
    return row
