"""Goods to explain: what was given on paper though the book did not have it. The receipt they came with explains them, or a sentence.

Goods given without power may have come on a lorry whose waybill is typed later. Their hand-over brought them into the book by a count;
when the receipt brings them in a second time, the same number is counted off its batch. Over the day the differences cancel out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.domain.stock import DocumentKind
from aidtrack.errors import Names, NotFound, Refused, Text
from aidtrack.services import overview
from aidtrack.services.days.checklist import owed_topic, sentences
from aidtrack.services.stock import counting
from aidtrack.store import journal
from aidtrack.store.days import Day, DayNote
from aidtrack.store.on_paper import owed_on_paper
from aidtrack.store.stock import Document, Item, Movement


@dataclass(frozen=True, slots=True)
class OwedRow:
    """So many units of an item were given on paper and are not explained by a receipt. `receipts` brought this item since."""

    item_id: UUID
    names: Names
    units: int
    sentence: str
    receipts: tuple[tuple[UUID, str], ...]


def owed_goods(session: Session, by: Actor, day: date) -> tuple[OwedRow, ...]:
    """The goods of a day that are to be explained, by item code; those with a sentence are explained and stay listed with it."""
    by.require(Permission.REPORT)
    row = session.scalar(select(Day.id).where(Day.site_id == by.site, Day.day == day))
    said = sentences(session, row) if row else {}
    units = owed_on_paper(session, by.site, day)
    names = session.execute(select(Item.id, Item.names).where(Item.id.in_(units)).order_by(Item.code))
    return tuple(
        OwedRow(item, shown, units[item], said.get(owed_topic(item), ""), _receipts(session, by, item, day))
        for item, shown in names
    )


def came_with(
    session: Session, by: Actor, *, request_id: UUID, day: date, item_id: UUID, receipt_id: UUID, because: str = ""
) -> int:
    """The goods of this item came with that receipt: they are counted off its batch, as many as lie there; returns how many.

    What is more than the receipt brought stays to be explained. On a signed-off day it makes a revision, with a reason.
    """
    by.require(Permission.STOCK_COUNT)
    facts = {"day": day, "item_id": item_id, "receipt_id": receipt_id, "because": because}
    with journal.operation(session, by, request_id, "came_with", because=because, facts=facts) as op:
        if op.is_repeat:
            return counting.units_of(session, op.only("document")) if op.ids("document") else 0
        row = session.scalar(select(Day).where(Day.site_id == by.site, Day.day == day).with_for_update(read=True))
        paper = session.get(Document, receipt_id)
        if row is None or paper is None or paper.site_id != by.site or paper.kind != DocumentKind.RECEIPT.value:
            raise NotFound("no-receipt", Text("This receipt is not in the book."))
        if row.state == DayState.SIGNED_OFF:
            by.require(Permission.DAY)
        op.day = max(day, paper.day)
        owed = owed_on_paper(session, by.site, day).get(item_id, 0)
        taken = counting.came_with(session, by, receipt=paper, item_id=item_id, most=owed, of_day=day)
        if not taken:
            raise Refused(
                "nothing-there", Text("Nothing of this receipt is left on the shelf. Write one sentence instead.")
            )
        session.add(DayNote(day_id=row.id, topic=owed_topic(item_id), sentence=paper.code, at=by.now()))
        session.flush()
        if row.state == DayState.SIGNED_OFF:
            overview.revise(session, by, request_id=request_id, day=day, because=because)
        return taken


def _receipts(session: Session, by: Actor, item: UUID, day: date) -> tuple[tuple[UUID, str], ...]:
    """The receipts that brought this item on that day or later, the newest first."""
    query = (
        select(Document.id, Document.code, func.max(Document.at))
        .join(Movement, Movement.document_id == Document.id)
        .where(Document.site_id == by.site, Document.kind == DocumentKind.RECEIPT.value, Document.day >= day)
        .where(Movement.item_id == item, Movement.reverses_id.is_(None))
        .group_by(Document.id, Document.code)
        .order_by(func.max(Document.at).desc())
    )
    return tuple((row[0], row[1]) for row in session.execute(query.limit(5)))
