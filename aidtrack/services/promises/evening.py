"""What an evening asks about promises that were not kept: a row of the checklist for each item, until it has an answer.

Nobody is held hostage: a row left open stands as *overdue* on page one of the report of promises.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.stock import so_many
from aidtrack.errors import Text
from aidtrack.services.days import ChecklistRow, RowState
from aidtrack.services.promises.views import ToAnswer, to_answer

TOPIC = "promise/"


def evening_rows(session: Session, by: Actor, day: date) -> tuple[ChecklistRow, ...]:
    """One row an item with promises that wait for a new date or an honest cancellation."""
    return tuple(_row(one) for one in to_answer(session, by, day))


def item_of(topic: str) -> UUID | None:
    """The item a row of the checklist asks about; None for a row of another kind."""
    return UUID(hex=topic.removeprefix(TOPIC)) if topic.startswith(TOPIC) else None


def _row(one: ToAnswer) -> ChecklistRow:
    title = Text.plural("{n} promise not kept: {item}", "{n} promises not kept: {item}", n=len(one.promises), item=one.names)
    first = min(row.until for row in one.promises)
    figures = Text("{much}, the first for {day}", much=so_many(one.units, one.unit), day=first)
    return ChecklistRow(f"{TOPIC}{one.item_id.hex}", RowState.SENTENCE, title, figures)
