"""What the new-family form asks of the services: keeping what is half typed, reading a family to change, saving.

Every function is a job of its own: it is given a session and who asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aidtrack.domain.people import HouseholdDraft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.people import HouseholdReceipt
    from aidtrack.services.settlements import SettlementRow

DRAFT = "register"


def kept(session: Session, by: Actor) -> Mapping[str, Any] | None:
    """What was half typed before, by the same person."""
    from aidtrack.services import drafts

    return drafts.kept_draft(session, by, kind=DRAFT)


def keep(session: Session, by: Actor, *, body: Mapping[str, Any]) -> None:
    """Writes down what is half typed."""
    from aidtrack.services import drafts

    drafts.keep_draft(session, by, kind=DRAFT, body=body)


def drop(session: Session, by: Actor) -> None:
    """Nothing is half typed any more."""
    from aidtrack.services import drafts

    drafts.drop_draft(session, by, kind=DRAFT)


def family_to_edit(session: Session, by: Actor, *, household_id: UUID) -> tuple[HouseholdDraft, SettlementRow | None]:
    """The family as a form, and the place it is from with its words."""
    from aidtrack.services import people, settlements

    draft = people.household_draft(session, by, household_id)
    return draft, settlements.settlement(session, draft.settlement_id) if draft.settlement_id else None


def change(
    session: Session, by: Actor, *, request_id: UUID, household_id: UUID, draft: HouseholdDraft
) -> HouseholdReceipt:
    """Saves a family that is there; the receipt is that of its card."""
    from aidtrack.services import people

    people.change_household(session, by, request_id=request_id, household_id=household_id, draft=draft)
    return people.household_receipt(session, household_id)
