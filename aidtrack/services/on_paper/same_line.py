"""Who stands on one line of a sheet: a line that was typed twice is one, and two families that signed on the same line are both there.

A window that went on before it was told where the paper ended signs on lines that paper has signed already. Both are facts: each stands
where it was signed, knows the other, and the evening asks how that came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.handover import SheetLine
from aidtrack.domain.on_paper import PaperLine
from aidtrack.services.identity.classes import household_class
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.on_paper import PaperEntry, is_on_its_line
from aidtrack.store.people import Card


def times_typed(session: Session, desk_id: UUID, day: date, signed: SheetLine) -> int:
    """How often this line was written before."""
    return int(session.scalar(_on(desk_id, day, signed, func.count(HandOver.id))) or 0)


def written(session: Session, line: PaperLine) -> UUID | None:
    """The hand-over of the same goods to the same family, under whichever of its cards, that stands on this line already."""
    if line.place is None:
        return None
    cards = household_class(session, line.household_id)
    query = _on(line.window_id, line.day, SheetLine.of("", line.place), HandOver.id)
    query = query.outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
    query = query.where(HandOver.household_id.in_(cards), HandOverVoid.id.is_(None)).order_by(HandOver.again)
    return next((one for one in session.scalars(query).all() if _goods(session, one) == dict(line.items)), None)


def _on(desk_id: UUID, day: date, signed: SheetLine, what: Any) -> Select[*tuple[Any, ...]]:
    here = (HandOver.sheet == signed.sheet, HandOver.line == signed.line)
    return select(what).where(HandOver.desk_id == desk_id, HandOver.day == day, *here)


def _goods(session: Session, hand_over_id: UUID) -> dict[UUID, int]:
    query = select(HandOverLine.item_id, func.sum(HandOverLine.quantity)).group_by(HandOverLine.item_id)
    return {item: int(n) for item, n in session.execute(query.where(HandOverLine.hand_over_id == hand_over_id))}


_One = aliased(HandOver)
_ONE_LINE = and_(
    *(getattr(_One, name) == getattr(HandOver, name) for name in ("site_id", "desk_id", "day", "sheet", "line")),
    _One.id != HandOver.id,
)


def beside(session: Session, hand_over_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Of these hand-overs those that share their line, each with the last digits of the others’ cards; – where nobody is registered."""
    query = (
        select(_One.id, Card.tail)
        .join(HandOver, _ONE_LINE)
        .outerjoin(PaperEntry, PaperEntry.hand_over_id == HandOver.id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .outerjoin(Card, and_(Card.household_id == HandOver.household_id, Card.is_valid))
        .where(_One.id.in_(hand_over_ids), is_on_its_line())
        .order_by(HandOver.again)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for one, tail in session.execute(query):
        found[one].append(tail or "–")
    return {one: tuple(tails) for one, tails in found.items()}
