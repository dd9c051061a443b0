"""A card of another centre becomes the card of the family here, and what is stamped on it is written down as declared.

Declared receipts are reported (R10). In an allowance they count only where the rule of a programme says so, and never for food, water,
hygiene and what babies need: nobody goes without those for what another centre may have given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain import foreign_cards as rules
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.foreign_cards import Stamp
from aidtrack.domain.ids import new_id, new_token
from aidtrack.domain.people import no_family
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Problem, Text
from aidtrack.services.people.register import TAIL_DIGITS, HouseholdReceipt, household_receipt
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.people import Card, DeclaredReceipt, Household
from aidtrack.store.stock import Item


def take_over_card(
    session: Session, by: Actor, *, request_id: UUID, household_id: UUID, number: str, stamps: tuple[Stamp, ...] = ()
) -> HouseholdReceipt:
    """The family goes on with the card it holds: its number is the family's here too, the card given here is valid no longer.

    Its QR code is not known here: the number finds it. InvalidInput for a number that fits no card, or one another family has.
    """
    by.require(Permission.REGISTER)
    number = rules.card_digits(clean(number))
    facts = {"household_id": household_id, "number": number, "stamps": stamps}
    with journal.operation(session, by, request_id, "take_over_card", facts=facts) as op:
        if op.is_repeat:
            return household_receipt(session, household_id)
        day = current_day(session, by)
        household = session.get(Household, household_id, with_for_update=True)
        if household is None:
            raise no_family()
        problems = rules.problems_of(number, stamps, day) + _taken(session, household_id, number)
        if problems:
            raise InvalidInput(problems)
        _take_over(session, by, household, number)
        declared = [
            {"id": new_id(), "household_id": household_id, "item_id": item, "stamped_on": on, "day": day, "at": by.now()}
            for item, on in stamps
        ]
        journal.add_many(session, DeclaredReceipt, declared)
        return household_receipt(session, household_id)


def _taken(session: Session, household_id: UUID, number: str) -> list[Problem]:
    other = select(Card.id).where(Card.number == number, Card.household_id != household_id)
    if session.scalar(other.limit(1)) is None:
        return []
    return [Problem("number", Text("Another family here has this card. Scan it: it opens that family."))]


def _take_over(session: Session, by: Actor, household: Household, number: str) -> None:
    cards = session.scalars(select(Card).where(Card.household_id == household.id)).all()
    if any(card.number == number and card.state == "active" for card in cards):
        return
    household.version += 1
    for card in cards:
        card.state = "revoked"
    session.flush()
    row = {
        "site_id": by.site, "household_id": household.id, "number": number, "tail": number[-TAIL_DIGITS:],
        "token": new_token(), "issued_at": by.now(),
    }  # fmt: skip
    journal.add_many(session, Card, [row])


def declared_of_day(session: Session, by: Actor, day: date) -> Sequence[tuple[dict[str, str], date, int]]:
    """What families declared on a day: item, stamped day, how many families; by item and day."""
    by.require(Permission.REPORT)
    query = (
        select(Item.names, DeclaredReceipt.stamped_on, func.count(DeclaredReceipt.household_id.distinct()))
        .join(Item, Item.id == DeclaredReceipt.item_id)
        .join(Household, Household.id == DeclaredReceipt.household_id)
        .where(DeclaredReceipt.day == day, Household.site_id == by.site)
        .group_by(Item.id, Item.names, Item.code, DeclaredReceipt.stamped_on)
        .order_by(Item.code, DeclaredReceipt.stamped_on)
    )
    return [(names, on, families) for names, on, families in session.execute(query)]
