"""R15: what goes to families at home. Card tail, first name, street and door; no surname, no needs, nobody “lives alone”."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.errors import Names, Text
from aidtrack.services.handover.deliveries import due_at_home, sheet_out
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.store.handover import DeliverySheet
from aidtrack.store.people import Card, Household, Person


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One door: the last four digits of the card, a first name, the address, and what is brought."""

    card_tail: str
    first_name: str
    address: str
    goods: tuple[tuple[Names, int, Text], ...]


@dataclass(frozen=True, slots=True)
class DeliveryPaper:
    """One numbered copy and its doors, street after street."""

    heading: Heading
    number: int
    carrier: str
    lines: tuple[DeliveryLine, ...]

    @property
    def code(self) -> str:
        """“R15-2”: the copy as it is signed out and in."""
        return f"R15-{self.number}"


def delivery_paper(session: Session, by: Actor, *, sheet_id: UUID) -> DeliveryPaper:
    """A copy that was signed out, to be printed."""
    by.require(Permission.PROTECT)
    sheet = sheet_out(session, sheet_id)
    row = session.get_one(DeliverySheet, sheet_id)
    lines = tuple(_line(session, by, UUID(hex=one)) for one in row.household_ids)
    return DeliveryPaper(heading_of(session, by, sheet.day), sheet.number, sheet.carrier, lines)


def _line(session: Session, by: Actor, household_id: UUID) -> DeliveryLine:
    query = (
        select(Card.number, Person.given_name, Household.address)
        .join(Household, Household.id == Card.household_id)
        .outerjoin(Person, Person.id == Household.head_id)
        .where(Household.id == household_id, Card.is_valid)
    )
    number, name, address = session.execute(query.limit(1)).one()
    goods = tuple((row.item_names, row.due, row.unit) for row in due_at_home(session, by, household_id))
    return DeliveryLine(number[-4:], name or "", address, goods)
