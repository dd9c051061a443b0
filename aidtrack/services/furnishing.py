"""What a new centre need not type itself: the places families come from, the usual goods, a programme to start with."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.services import campaigns, intake, settlements, stock
from aidtrack.store import journal


def furnish(session: Session, by: Actor, *, request_id: UUID, goods: bool, programme: bool) -> None:
    """Loads places, the usual aid form, and the goods and the programme that were chosen (a programme brings its goods). Repeatable."""
    with journal.operation(session, by, request_id, "furnish", goods=goods, programme=programme) as op:
        if op.is_repeat:
            return
        stock.prepare_places(session, by, request_id=request_id)
        settlements.load_settlements(session, by, request_id=request_id)
        intake.load_form(session, by, request_id=request_id)
        if goods or programme:
            stock.load_catalogue(session, by, request_id=request_id)
        if programme:
            campaigns.load_programme(session, by, request_id=request_id)
