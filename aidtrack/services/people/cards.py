"""The other cards of a family that was registered twice and joined: they stay valid, and this one knows of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.services.identity.classes import household_class
from aidtrack.services.people.protection import may_see
from aidtrack.store.people import Card, Household


def other_cards(session: Session, by: Actor, household_id: UUID) -> tuple[str, ...]:
    """The numbers of the other valid cards of this family, those of protected ones for the shift lead only."""
    by.require(Permission.FIND)
    others = household_class(session, household_id) - {household_id}
    query = (
        select(Card.number, Household.is_protected)
        .join(Household, Household.id == Card.household_id)
        .where(Card.household_id.in_(others), Card.is_valid)
        .order_by(Card.number)
    )
    return tuple(number for number, is_protected in session.execute(query) if may_see(by, is_protected))
