"""What did not agree in the evening, each with the one sentence that was said about it: for page one of the day and for the next shift."""

from __future__ import annotations

from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.services import days
from aidtrack.services.days import RowState
from aidtrack.services.overview.figures import SaidFigures
from aidtrack.services.overview.heading import Frame


def differences_of(session: Session, by: Actor, frame: Frame) -> tuple[SaidFigures, ...]:
    """The rows of the checklist that have a sentence; once the day is closed those that still want one, too."""
    rows = days.checklist(session, by, frame.day_id) if frame.day_id else ()
    is_closed = frame.now.closed_at is not None
    found = [row for row in rows if row.sentence or (is_closed and row.state is RowState.SENTENCE)]
    return tuple(SaidFigures(row.title, row.figures, row.sentence) for row in found)
