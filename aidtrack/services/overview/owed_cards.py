"""Promises and the wait list by card number, for the paper kit: without power a window still knows what is put aside for whom.

No names. Protected families are left out: they are served by the shift lead alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.errors import Names, Text
from aidtrack.services import promises
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.people import Household


@dataclass(frozen=True, slots=True)
class PromisedCard:
    """A promise that is open: `ready` of its `units` stand aside; until when, or from when `supplier` brings it."""

    names: Names
    card: str
    units: int
    ready: int
    until: date
    supplier: str


@dataclass(frozen=True, slots=True)
class WaitingCard:
    """A place in the wait list of an item, from 1. Nothing is owed."""

    names: Names
    place: int
    card: str
    units: int
    since: date
    unit: Text


@dataclass(frozen=True, slots=True)
class OwedCards:
    """What is promised, then who waits, item by item in the order of coming."""

    heading: Heading
    promised: tuple[PromisedCard, ...]
    waiting: tuple[WaitingCard, ...]


def owed_cards(session: Session, by: Actor, day: date) -> OwedCards:
    """As it stands now, under the head of that day."""
    by.require(Permission.REPORT)
    hidden = _protected(session)
    promised = [
        PromisedCard(row.names, row.card, row.owed, min(row.aside, row.owed), row.until, row.supplier)
        for row in promises.open_promises(session, by, day)
        if row.household_id not in hidden
    ]
    waiting = [
        WaitingCard(row.names, row.place, row.card, row.quantity, row.since, row.unit)
        for row in promises.open_places(session, by)
        if row.household_id not in hidden
    ]
    return OwedCards(heading_of(session, by, day), tuple(promised), tuple(waiting))


def _protected(session: Session) -> frozenset[UUID]:
    return frozenset(session.scalars(select(Household.id).where(Household.is_protected)))
