"""The slip a family carries away for what it was not given: a place in the wait list, or a promise with its date.

No name stands on it. What is owed is `services.promises`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.stock import Unit
from aidtrack.errors import Names, NotFound, Text
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.services.promises.views import cards_of
from aidtrack.services.stock import aside
from aidtrack.store.promises import Promise, WaitEntry
from aidtrack.store.stock import Item


@dataclass(frozen=True, slots=True)
class OwedSlip:
    """`until` is the date of a promise and None in the wait list; `is_aside`: the goods stand ready."""

    heading: Heading
    card_tail: str
    names: Names
    unit: Text
    quantity: int
    until: date | None = None
    is_aside: bool = False


def wait_slip(session: Session, by: Actor, *, entry_id: UUID) -> OwedSlip:
    """The slip of a place in the wait list."""
    by.require(Permission.HAND_OVER)
    row = session.get(WaitEntry, entry_id)
    if row is None or row.site_id != by.site:
        raise NotFound("no-place", Text("This place is not in the wait list of this centre."))
    return _slip(session, by, row, row.quantity, None, is_aside=False)


def promise_slip(session: Session, by: Actor, *, promise_id: UUID) -> OwedSlip:
    """The slip of a promise: it carries the date."""
    by.require(Permission.HAND_OVER)
    row = session.get(Promise, promise_id)
    if row is None or row.site_id != by.site or not row.owed:
        raise NotFound("no-promise", Text("This promise is not open any more."))
    return _slip(session, by, row, row.owed, row.until_on, is_aside=bool(aside.standing(session, [promise_id])))


def _slip(
    session: Session, by: Actor, row: Promise | WaitEntry, quantity: int, until: date | None, *, is_aside: bool
) -> OwedSlip:
    item = session.execute(select(Item.names, Item.unit).where(Item.id == row.item_id)).one()
    card = cards_of(session, [row.household_id]).get(row.household_id, "")
    heading = heading_of(session, by, row.day)
    return OwedSlip(heading, card[-4:], item.names, Unit(item.unit).text, quantity, until, is_aside)
