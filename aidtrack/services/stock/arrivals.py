"""What happens when goods come: promises on the announced delivery get theirs in order, then the wait list hears “it came”, in order.

An inner step of every receipt. Announcing and promising are `services.promises`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.promises import share_in_order
from aidtrack.domain.stock import ShelfLot, pick, without
from aidtrack.errors import NotFound, Refused, Text
from aidtrack.services.stock import aside
from aidtrack.services.stock.aside import Aside
from aidtrack.services.stock.ledger import available_at, shelf_lots
from aidtrack.services.stock.sizes import sizes_of, with_sizes
from aidtrack.services.stock.waiting import open_entries
from aidtrack.store.base import IdType
from aidtrack.store.promises import Announcement, AnnouncementLine, Promise
from aidtrack.store.stock import Document, Item


def came(
    session: Session, by: Actor, *, document_id: UUID, shelf_id: UUID, items: Iterable[UUID], announcement_id: UUID | None
) -> None:
    """Goods of these items stand on the shelf now. An announced delivery is fulfilled by this document, once, whatever it brought."""
    day = session.get_one(Document, document_id).day
    if announcement_id is not None:
        _fulfil(session, by, announcement_id, document_id)
        _keep_promises(session, by, announcement_id, shelf_id, day)
    tell_waiting(session, by, items, day)


def _fulfil(session: Session, by: Actor, announcement_id: UUID, document_id: UUID) -> None:
    row = session.get(Announcement, announcement_id, with_for_update=True, populate_existing=True)
    if row is None or row.site_id != by.site:
        raise NotFound("no-announcement", Text("This delivery was not announced here."))
    if row.document_id is not None or row.cancelled_on is not None:
        raise Refused("announcement-over", Text("This delivery came already or was cancelled. Receive it without the announcement."))
    row.document_id = document_id
    session.flush()


def _keep_promises(session: Session, by: Actor, announcement_id: UUID, shelf_id: UUID, day: date) -> None:
    """Every promise on this delivery is put aside as far as goods of its item are free, whoever was promised first first."""
    of_delivery = Promise.line_id.in_(select(AnnouncementLine.id).where(AnnouncementLine.announcement_id == announcement_id))
    query = select(Promise).where(of_delivery, Promise.owed > 0, Promise.ended_on.is_(None))
    by_item: dict[UUID, list[Promise]] = defaultdict(list)
    for row in session.scalars(query.order_by(Promise.at, Promise.id).with_for_update()):
        by_item[row.item_id].append(row)
    lots = shelf_lots(session, shelf_id, sorted(by_item), lock=True)
    stands = aside.standing(session, [row.id for rows in by_item.values() for row in rows])
    already = {promise: sum(part.quantity for part in parts) for promise, parts in stands.items()}
    parts: list[Aside] = []
    for item, rows in by_item.items():
        parts += put_in_order(rows, lots.get(item, ()), already, shelf_id, day)
    aside.put_aside(session, by, parts)


def put_in_order(
    rows: Sequence[Promise], lots: Sequence[ShelfLot], already: Mapping[UUID, int], shelf_id: UUID, day: date
) -> list[Aside]:
    """Out of these lots what each of these promises of one item still lacks, in their order."""
    wanted = [row.owed - already.get(row.id, 0) for row in rows]
    shares = share_in_order(wanted, sum(lot.free for lot in lots if lot.can_be_given(day)))
    left, parts = list(lots), []
    for row, share in zip(rows, shares, strict=True):
        picks = pick(left, share, day) if share else ()
        left = without(left, picks)
        parts += [Aside(row.id, shelf_id, row.item_id, one.lot_id, one.quantity) for one in picks]
    return parts


def tell_waiting(session: Session, by: Actor, items: Iterable[UUID], day: date) -> None:
    """Families in the wait list are marked “it came” in their order, as many as what can be given is enough for; nothing is put aside.

    An item waited for came when any of its sizes did.
    """
    wanted = _wholes(session, items)
    free = with_sizes(available_at(session, by.site, day), sizes_of(session)) if wanted else {}
    for item in wanted:
        left = free.get(item, 0)
        for entry in open_entries(session, by.site, [item]):
            if entry.quantity > left:
                break
            left -= entry.quantity
            if entry.came_on is None:
                entry.came_on = day
    session.flush()


def _wholes(session: Session, items: Iterable[UUID]) -> list[UUID]:
    whole = func.coalesce(Item.variant_of_id, Item.id, type_=IdType)
    return sorted(set(session.scalars(select(whole).where(Item.id.in_(list(items))))))


def opened_again(session: Session, by: Actor, document_id: UUID) -> None:
    """The receipt was taken back: the delivery it was is still to come."""
    row = session.scalar(select(Announcement).where(Announcement.document_id == document_id).with_for_update())
    if row is not None:
        row.document_id = None
        session.flush()
