"""Hand-overs that were cancelled as our error when that was taken back afterwards: the book says nobody has the goods.

Whether the family has them only people know, so nothing is booked by itself; the evening and R10 name them until it is handed over again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.disputes import Outcome
from aidtrack.domain.handover import SheetLine
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.queueing import Dispute, DisputeUndo


def still_cancelled(session: Session, site_id: UUID, day: date, until: datetime) -> Sequence[SheetLine]:
    """Where they are signed, for disputes of this day, as it was known then; one is done with when the family is given some of it again
    afterwards.
    """
    query = (
        select(Desk.number, HandOver.sheet, HandOver.line)
        .join_from(Dispute, DisputeUndo, DisputeUndo.dispute_id == Dispute.id)
        .join(HandOver, HandOver.id == Dispute.hand_over_id)
        .join(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .join(Desk, Desk.id == HandOver.desk_id)
        .where(Dispute.site_id == site_id, Dispute.day == day, Dispute.outcome == Outcome.OUR_ERROR.value)
        .where(DisputeUndo.at <= until, ~_given_again(until))
        .order_by(Desk.number, HandOver.sheet, HandOver.line)
    )
    return [SheetLine(str(number), sheet, line) for number, sheet, line in session.execute(query.distinct())]


def _given_again(until: datetime) -> ColumnElement[bool]:
    """A hand-over of the same family that stands, after it was taken back, with some item of the cancelled one."""
    again, given, before, gone = aliased(HandOver), aliased(HandOverLine), aliased(HandOverLine), aliased(HandOverVoid)
    return exists().where(
        again.household_id == Dispute.household_id, again.at.between(DisputeUndo.at, until), given.hand_over_id == again.id,
        before.hand_over_id == HandOver.id, before.item_id == given.item_id,
        ~exists().where(gone.hand_over_id == again.id),
    )  # fmt: skip
