"""A new family with what was answered about who may be the same, saved as one operation.

Owns no rows: registering is `people`'s, words about pairs are `identity`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.people import HouseholdDraft
from aidtrack.errors import Text
from aidtrack.services import people
from aidtrack.services.identity import links
from aidtrack.services.people import HouseholdReceipt
from aidtrack.store import journal
from aidtrack.store.people import HouseholdMember


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody known who looks like a member of the new family: `member_no` of the draft, counted from 0."""

    member_no: int
    person_id: UUID
    score: float
    reasons: tuple[Text, ...] = ()


def register_newcomer(
    session: Session,
    by: Actor,
    *,
    request_id: UUID,
    draft: HouseholdDraft,
    others: Sequence[Alike] = (),
    perhaps: Sequence[Alike] = (),
) -> HouseholdReceipt:
    """Registers the family; `others` are remembered as other people, `perhaps` wait for the evening. Idempotent by `request_id`."""
    others, perhaps = tuple(others), tuple(perhaps)
    with journal.operation(
        session, by, request_id, "register_household", draft=draft, others=others, perhaps=perhaps
    ) as op:
        if op.is_repeat:
            return people.household_receipt(session, op.only("household"))
        receipt = people.register_household(session, by, request_id=request_id, draft=draft)
        members = _members(session, receipt.household_id)
        if others:
            pairs = [(members[one.member_no], one.person_id) for one in others]
            links.say_different(session, by, request_id=request_id, pairs=pairs)
        if perhaps:
            left = [links.PairToSettle(members[p.member_no], p.person_id, p.score, p.reasons) for p in perhaps]
            links.leave_for_evening(session, by, request_id=request_id, pairs=left)
        return receipt


def _members(session: Session, household_id: UUID) -> Sequence[UUID]:
    query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)
    return session.scalars(query.order_by(HouseholdMember.no)).all()
