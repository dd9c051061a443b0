"""Hand-overs that were signed on paper without power and typed in later: which they are, and what brought their goods into the book."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from aidtrack.domain.handover import SheetLine
from aidtrack.store.base import Base, Id, Moment
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.stock import CountLine, Document


class PaperEntry(Base):
    """Says of a hand-over that it was typed in from paper. `document_id` is the count of what the book did not have, if any."""

    __tablename__ = "paper_entry"
    exchange = "append"
    hand_over_id: Mapped[Id] = mapped_column(ForeignKey("hand_over.id", ondelete="RESTRICT"), primary_key=True)
    document_id: Mapped[Id | None] = mapped_column(
        ForeignKey("document.id", ondelete="RESTRICT"), default=None, index=True
    )
    typed_at: Mapped[Moment]


ON_PAPER = "on_paper"
"""Marks, in a document's facts, a count nobody made at the shelf: it follows from what was given on paper, and is to be explained."""
COUNTED = "counted"
"""In the facts of such a count, the items whose difference an earlier count at the shelf explains: it saw the shelf without the goods."""
SPOT = "spot"
"""In the facts of a count that was made on the spot, in front of the family."""
_is_on_paper = Document.facts[ON_PAPER].as_boolean()
_is_on_the_spot: ColumnElement[bool] = Document.facts[SPOT].as_boolean()


def seen_at_shelf() -> ColumnElement[bool]:
    """In a query of documents: leaves out counts that follow from paper."""
    return or_(_is_on_paper.is_(None), _is_on_paper.is_(False))


def on_the_spot() -> ColumnElement[bool]:
    """In a query of documents: only counts made on the spot."""
    return _is_on_the_spot.is_(True)


def owed_on_paper(session: Session, site_id: UUID, day: date) -> dict[UUID, int]:
    """How many units of each item were given on paper on a day without being in the book, and came with no receipt since."""
    found: dict[UUID, int] = defaultdict(int)
    query = (
        select(CountLine.item_id, CountLine.seen - CountLine.book, Document.day, Document.facts)
        .join(Document, Document.id == CountLine.document_id)
        .where(Document.site_id == site_id, Document.day >= day, _is_on_paper.is_(True))
    )
    for item, difference, made, facts in session.execute(query):
        if facts.get("of_day", made.isoformat()) == day.isoformat() and item.hex not in facts.get(COUNTED, ()):
            found[item] += difference
    return {item: units for item, units in found.items() if units > 0}


def is_on_its_line() -> ColumnElement[bool]:
    """In a query of hand-overs that joins what paper and voids say of them: also those cancelled at the window, which were signed all the
    same. A line typed in from paper and taken back is free again.
    """
    return or_(PaperEntry.hand_over_id.is_(None), HandOverVoid.id.is_(None))


def standing_lines(session: Session, desk_id: UUID, day: date) -> Counter[int]:
    """The lines of a window's day that are written, counted from 1, and how often each is."""
    query = (
        select(HandOver.sheet, HandOver.line)
        .outerjoin(PaperEntry, PaperEntry.hand_over_id == HandOver.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.desk_id == desk_id, HandOver.day == day, is_on_its_line())
    )
    return Counter(SheetLine("", sheet, line).number for sheet, line in session.execute(query))
