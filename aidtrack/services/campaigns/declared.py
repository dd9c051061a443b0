"""What families declare they had from another centre, as far as a rule counts it. It follows the people, like everything received.

Reads only. Writing it down is `services.people.foreign_cards`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.entitlement import Covering, Rule
from aidtrack.domain.foreign_cards import NEVER_WITHHELD
from aidtrack.store.people import DeclaredReceipt, HouseholdMember
from aidtrack.store.stock import Item


def declared_coverings(session: Session, whose: Mapping[UUID, UUID], rules: Iterable[Rule]) -> list[Covering]:
    """Everybody of `whose` (records, each with the person it is) who belonged to a family on the day it declared an item that one of the
    rules counts. Goods that are never withheld are none, whatever a rule says: somebody may have sorted them anew since it was written.
    """
    items = [rule.item_id for rule in rules if rule.counts_declared]
    if not items:
        return []
    return _of(session, whose, items)


def _of(session: Session, whose: Mapping[UUID, UUID], items: Sequence[UUID]) -> list[Covering]:
    told, member = DeclaredReceipt, HouseholdMember
    was_there = (member.since_day <= told.day) & (member.until_day.is_(None) | (member.until_day > told.day))
    query = (
        select(member.person_id, told.item_id, told.stamped_on, told.household_id)
        .join(member, member.household_id == told.household_id)
        .join(Item, Item.id == told.item_id)
        .where(was_there, member.person_id.in_(list(whose)), told.item_id.in_(items))
        .where(Item.category != "", Item.category.not_in(NEVER_WITHHELD))
    )
    return [
        Covering(whose[person], item, on, household_id=household, is_declared=True)
        for person, item, on, household in session.execute(query)
    ]
