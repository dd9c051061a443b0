"""Who waits for which item, in the order of coming. Reads only; places are kept and given up in `services.promises`.

A place counts until the family was handed the item, promised it, or left: an end whose hand-over is cancelled, or whose promise we broke,
counts no more, and the family has its old place again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain.promises import EndReason
from aidtrack.store.handover import HandOverVoid
from aidtrack.store.promises import Promise, WaitEnd, WaitEntry

_BROKEN = [reason.value for reason in EndReason if reason.is_ours]


def is_open() -> ColumnElement[bool]:
    """Whether a place in the wait list is kept."""
    void = exists().where(HandOverVoid.hand_over_id == WaitEnd.hand_over_id)
    broken = exists().where(Promise.id == WaitEnd.promise_id, Promise.ended_because.in_(_BROKEN))
    return ~exists().where(WaitEnd.wait_entry_id == WaitEntry.id, ~or_(void, broken))


def open_entries(session: Session, site_id: UUID, items: Collection[UUID] | None = None) -> Sequence[WaitEntry]:
    """The places that are kept, of these items or of all, in the order of coming."""
    session.flush()
    query = select(WaitEntry).where(WaitEntry.site_id == site_id, is_open())
    if items is not None:
        query = query.where(WaitEntry.item_id.in_(list(items)))
    return session.scalars(query.order_by(WaitEntry.at, WaitEntry.id)).all()
