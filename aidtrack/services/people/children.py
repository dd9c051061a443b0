"""Children without parents: the silent call of the shift lead to a window, and what the child said about how it came.

Owns the record of the call. Who is a child alone is a rule of `domain.people`; that the family is protected, of `protection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.errors import NotFound, Text
from aidtrack.store import journal
from aidtrack.store.days import Desk
from aidtrack.store.people import ChildAlone, Household


@dataclass(frozen=True, slots=True)
class CallRow:
    """A window that asks for the shift lead; `window` None: the call came from no window."""

    household_id: UUID
    window: int | None
    at: datetime


def open_calls(session: Session, by: Actor) -> tuple[CallRow, ...]:
    """Who waits for the shift lead at this centre, the first one first; nothing for anybody else."""
    if not by.may(Permission.PROTECT):
        return ()
    query = (
        select(ChildAlone.household_id, Desk.number, ChildAlone.called_at)
        .join(Household, Household.id == ChildAlone.household_id)
        .outerjoin(Desk, Desk.id == ChildAlone.desk_id)
        .where(ChildAlone.seen_at.is_(None), Household.site_id == by.site, Household.status == "active")
        .order_by(ChildAlone.called_at)
    )
    return tuple(CallRow(*row) for row in session.execute(query))


def answer_call(session: Session, by: Actor, *, request_id: UUID, household_id: UUID) -> None:
    """The shift lead is there. Idempotent; a call that somebody answered meanwhile stays as it is."""
    by.require(Permission.PROTECT)
    with journal.operation(session, by, request_id, "answer_call", household_id=household_id) as op:
        if op.is_repeat:
            return
        found = _record(session, household_id)
        if found is None:
            raise NotFound("no-call", Text("Nobody called the shift lead for this family."))
        if found.seen_at is None:
            found.seen_at = by.now()
            found.version += 1


def how_it_came(session: Session, household_id: UUID) -> tuple[str, str]:
    """Who the child came with and where it was found; empty where nobody knows, or for any other family."""
    query = select(ChildAlone.came_with, ChildAlone.found_at).where(ChildAlone.household_id == household_id)
    found = session.execute(query).first()
    return (found.came_with, found.found_at) if found is not None else ("", "")


def write_how_it_came(session: Session, household_id: UUID, came_with: str, found_at: str) -> None:
    """More is known by now; a family that is no child alone is left as it is."""
    found = _record(session, household_id)
    if found is not None and (found.came_with, found.found_at) != (came_with, found_at):
        found.came_with, found.found_at = came_with, found_at
        found.version += 1


def _record(session: Session, household_id: UUID) -> ChildAlone | None:
    query = select(ChildAlone).where(ChildAlone.household_id == household_id)
    return session.scalar(query.with_for_update())
