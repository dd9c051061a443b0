"""What has to be ready before the paper kit is printed: numbers kept for a roll."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.queueing import Lane
from aidtrack.services import queueing
from aidtrack.services.queueing import BlockRow
from aidtrack.store import journal

ENOUGH, ROLL = 30, 72
"""So many numbers must be left on a roll of the ordinary line; else one of two sheets is cut."""


def ready_roll(session: Session, by: Actor, *, request_id: UUID) -> BlockRow:
    """A roll of the ordinary line with enough numbers on it: the newest one of the day, or a new one. Refused while no day is open."""
    by.require(Permission.ISSUE_TICKET)
    with journal.operation(session, by, request_id, "ready_roll"):
        rolls = [one for one in queueing.blocks(session, by) if one.lane is Lane.A]
        if rolls and rolls[-1].left >= ENOUGH:
            return rolls[-1]
        return queueing.cut_block(session, by, request_id=request_id, lane=Lane.A, number=ROLL)
