"""A promise: goods put aside for a family, or its part of an announced delivery. Never more than there is, never on hope.

Owns making, dating anew and cancelling promises. Fetching one is a hand-over (`fetching`); deliveries are `announcing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain import promises as rules
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.entitlement import covered_by
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import EndReason, PromiseDraft, WaitEndReason
from aidtrack.domain.stock import PlaceKind, can_be_given
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.identity.classes import lock_family
from aidtrack.services.promises.announcing import open_announcement, set_date
from aidtrack.services.promises.waiting import end_place, row_of
from aidtrack.services.stock import aside
from aidtrack.services.stock.arrivals import put_in_order
from aidtrack.services.stock.ledger import find_shelf, place_ids, shelf_lots
from aidtrack.services.today import current_day, hold_open_day
from aidtrack.store import journal
from aidtrack.store.promises import Announcement, AnnouncementLine, Promise, PromisePerson
from aidtrack.store.stock import Item


@dataclass(frozen=True, slots=True)
class PromiseReceipt:
    """What the family is told: how many, until or for when, and whether it stands aside already."""

    id: UUID
    household_id: UUID
    item_id: UUID
    quantity: int
    until: date
    is_put_aside: bool


@dataclass(frozen=True, slots=True)
class DatedReceipt:
    """How many promises have a new date, and how many found no goods for it and stay overdue."""

    dated: int
    left: int


def promise(session: Session, by: Actor, *, request_id: UUID, draft: PromiseDraft) -> PromiseReceipt:
    """Promises what is due to a family and not promised yet: of the goods here, put aside at once, or of an announced line.

    Refused `short` when so many are not free, `promised-out` when the delivery brings no more, `nothing-due` when less is due.
    """
    by.require(Permission.PROMISE)
    with journal.operation(session, by, request_id, "promise", draft=draft) as op:
        if op.is_repeat:
            return _receipt(session, op.only("promise"))
        day = hold_open_day(session, by)
        lock_family(session, draft.household_id)
        row = row_of(allowances(session, by, draft.household_id, day=day, as_ruled=True), draft.rule_id)
        _expect_due(row, draft)
        line, until = _line(session, by, draft), draft.until
        if line is None:
            problems = rules.date_problems("until", until, day)
            if problems:
                raise InvalidInput(problems)
        else:
            until = session.get_one(Announcement, line.announcement_id).expected_on
        assert until is not None
        item = _goods(row, line.item_id if line else draft.size_id or row.item_id)
        found = _write(session, by, draft, row, (item, until, day))
        if line is None:
            _put_aside(session, by, [found], until)
        if row.waiting is not None:
            end_place(session, by, row.waiting.id, WaitEndReason.PROMISED, promise_id=found.id)
        return _receipt(session, found.id)


def _expect_due(row: AllowanceRow, draft: PromiseDraft) -> None:
    most = row.due - row.promised
    if most <= 0:
        raise Refused("nothing-due", Text("{item}: nothing more is due to this family now.", item=row.item_names))
    if not 0 < draft.quantity <= most:
        words = Text("{item}: 1 to {most} can be promised to this family.", item=row.item_names, most=most)
        raise InvalidInput([Problem("quantity", words)])


def _goods(row: AllowanceRow, item_id: UUID) -> UUID:
    """What is promised: the item of the rule, or one of its sizes where it has some; another size would be no use."""
    sizes = {one.item_id for one in row.sizes}
    if item_id in sizes or (item_id == row.item_id and not sizes):
        return item_id
    words = Text("{item}: which size?", item=row.item_names)
    raise InvalidInput([Problem("size_id", words)]) if sizes else Refused("other-item", Text("This delivery brings other goods."))


def _line(session: Session, by: Actor, draft: PromiseDraft) -> AnnouncementLine | None:
    """The announced line, its delivery and itself locked, the units counted as promised; None for goods that are here."""
    if draft.line_id is None:
        return None
    announcement = session.scalar(select(AnnouncementLine.announcement_id).where(AnnouncementLine.id == draft.line_id))
    if announcement is None:
        raise NotFound("no-announcement", Text("This delivery was not announced here."))
    open_announcement(session, by, announcement)
    return take_from_line(session, draft.line_id, draft.quantity)


def take_from_line(session: Session, line_id: UUID, quantity: int) -> AnnouncementLine:
    """So many more units of an announced line are promised (below zero: fewer); Refused when it does not bring them."""
    line = session.get_one(AnnouncementLine, line_id, with_for_update=True, populate_existing=True)
    if line.promised + quantity > line.quantity:
        names = session.scalar(select(Item.names).where(Item.id == line.item_id))
        left = line.quantity - line.promised
        raise Refused("promised-out", Text("{item}: of this delivery {left} can still be promised.", item=names, left=left))
    line.promised += quantity
    session.flush()
    return line


def _write(
    session: Session, by: Actor, draft: PromiseDraft, row: AllowanceRow, what: tuple[UUID, date, date]
) -> Promise:
    item, until, day = what
    found = Promise(
        id=new_id(), site_id=by.site, household_id=draft.household_id, rule_id=row.rule_id, item_id=item,
        quantity=draft.quantity, owed=draft.quantity, until_on=until, line_id=draft.line_id, day=day, at=by.now(),
    )  # fmt: skip
    session.add(found)
    session.flush()
    promised = {person for one in row.promises for person in one.persons}
    others = [person for person in row.covered if person not in promised]
    whom = covered_by(row.rule, others, row.due - row.promised, draft.quantity)
    journal.add_many(session, PromisePerson, [{"promise_id": found.id, "person_id": person} for person in whom])
    return found


def _put_aside(session: Session, by: Actor, found: Sequence[Promise], until: date) -> None:
    """Puts goods that may still be given on that day aside for promises of one item, in their order; Refused `short` when too few are
    free.
    """
    wanted = sum(one.owed for one in found)
    item = found[0].item_id
    free, shelves = 0, _shelves(session, by)
    for shelf in shelves:
        lots = shelf_lots(session, shelf, [item], lock=True).get(item, [])
        free = max(free, can_be_given(lots, until))
        if can_be_given(lots, until) >= wanted:
            aside.put_aside(session, by, put_in_order(found, lots, {}, shelf, until))
            return
    raise aside.short(session, item, free)


def _shelves(session: Session, by: Actor) -> tuple[UUID, ...]:
    """The shelves of the centre, that of this window first."""
    own = find_shelf(session, by)
    others = place_ids(session, by.site, PlaceKind.SHELF)
    return tuple(dict.fromkeys([*([own] if own else []), *others]))


def _receipt(session: Session, promise_id: UUID) -> PromiseReceipt:
    row = session.get_one(Promise, promise_id)
    is_aside = bool(aside.standing(session, [promise_id]))
    return PromiseReceipt(row.id, row.household_id, row.item_id, row.quantity, row.until_on, is_aside)


# ── a new date, or an honest end ─────────────────────────────────────────────────────────────────


def date_promises(
    session: Session, by: Actor, *, request_id: UUID, promise_ids: tuple[UUID, ...], until: date
) -> DatedReceipt:
    """A new date for promises that were not kept. What stands aside waits until then; a delivery still to come is dated anew with all
    that is promised of it; what stands on nothing gets goods that are free, else a part of a delivery announced by that day, in the
    order of being promised. Refused `nothing-to-promise` when there is neither for any of them.
    """
    by.require(Permission.PROMISE)
    with journal.operation(session, by, request_id, "date_promises", promise_ids=promise_ids, until=until) as op:
        if op.is_repeat:
            return _dated(session, promise_ids, until)
        problems = rules.date_problems("until", until, current_day(session, by))
        if problems:
            raise InvalidInput(problems)
        for announcement in _deliveries(session, promise_ids):
            set_date(session, announcement, until)
        for row in _locked(session, by, promise_ids):
            _date_one(session, by, row, until)
        session.flush()
        receipt = _dated(session, promise_ids, until)
        if not receipt.dated:
            raise Refused(
                "nothing-to-promise",
                Text("There are no free goods and no delivery announced by then. Announce one, or cancel honestly."),
            )
        return receipt


def _deliveries(session: Session, promise_ids: Sequence[UUID]) -> Sequence[Announcement]:
    """The deliveries still to come that these promises stand on, locked."""
    query = (
        select(Announcement)
        .where(
            Announcement.id.in_(
                select(AnnouncementLine.announcement_id)
                .join(Promise, Promise.line_id == AnnouncementLine.id)
                .where(Promise.id.in_(promise_ids))
            ),
            Announcement.document_id.is_(None),
            Announcement.cancelled_on.is_(None),
        )
        .order_by(Announcement.id)
    )
    return session.scalars(query.with_for_update()).all()


def _locked(session: Session, by: Actor, promise_ids: Iterable[UUID]) -> Sequence[Promise]:
    """These open promises of the centre, locked, in the order of being promised."""
    query = select(Promise).where(
        Promise.id.in_(list(promise_ids)), Promise.site_id == by.site, Promise.owed > 0, Promise.ended_on.is_(None)
    )
    rows = session.scalars(query.order_by(Promise.id).with_for_update(), execution_options={"populate_existing": True}).all()
    return sorted(rows, key=lambda row: (row.at, row.id))


def _date_one(session: Session, by: Actor, row: Promise, until: date) -> None:
    if _is_coming(session, row):
        return  # dated with its delivery
    parts = aside.standing(session, [row.id]).get(row.id, [])
    if sum(part.quantity for part in parts if part.can_be_given(until)) >= row.owed:
        row.until_on = until
    elif _stands_anew(session, by, row, until, parts):
        session.flush()


def _is_coming(session: Session, row: Promise) -> bool:
    query = select(Announcement.id).join(AnnouncementLine, AnnouncementLine.announcement_id == Announcement.id)
    still = (Announcement.document_id.is_(None), Announcement.cancelled_on.is_(None))
    return session.scalar(query.where(AnnouncementLine.id == row.line_id, *still)) is not None


def _stands_anew(session: Session, by: Actor, row: Promise, until: date, parts: Sequence[aside.Aside]) -> bool:
    """Other goods for a promise whose own did not come, were lost, or cannot be given so late."""
    for shelf in _shelves(session, by):
        lots = shelf_lots(session, shelf, [row.item_id], lock=True).get(row.item_id, [])
        if can_be_given(lots, until) >= row.owed:
            aside.release(session, by, parts)
            aside.put_aside(session, by, put_in_order([row], lots, {}, shelf, until))
            row.until_on = until
            return True
    return _moves_to_delivery(session, by, row, until, parts)


def _moves_to_delivery(session: Session, by: Actor, row: Promise, until: date, parts: Sequence[aside.Aside]) -> bool:
    query = (
        select(AnnouncementLine.id, Announcement.expected_on)
        .join(Announcement, Announcement.id == AnnouncementLine.announcement_id)
        .where(
            Announcement.site_id == by.site, AnnouncementLine.item_id == row.item_id, Announcement.document_id.is_(None),
            Announcement.cancelled_on.is_(None), Announcement.expected_on <= until,
            AnnouncementLine.quantity - AnnouncementLine.promised >= row.quantity,
        )
        .order_by(Announcement.expected_on, Announcement.id)
        .limit(1)
    )  # fmt: skip
    found = session.execute(query).first()
    if found is None:
        return False
    take_from_line(session, found[0], row.quantity)
    if row.line_id is not None:
        take_from_line(session, row.line_id, -row.quantity)
    aside.release(session, by, parts)
    row.line_id, row.until_on = found
    return True


def _dated(session: Session, promise_ids: Sequence[UUID], until: date) -> DatedReceipt:
    """How many of them stand on goods, or on a delivery, by that day."""
    query = select(Promise).where(Promise.id.in_(promise_ids), Promise.owed > 0, Promise.ended_on.is_(None))
    rows = session.scalars(query).all()
    parts = aside.standing(session, [row.id for row in rows])
    stands = sum(row.until_on <= until and _stands(session, row, parts.get(row.id, ())) for row in rows)
    return DatedReceipt(stands, len(rows) - stands)


def _stands(session: Session, row: Promise, parts: Sequence[aside.Aside]) -> bool:
    ready = sum(part.quantity for part in parts if part.can_be_given(row.until_on))
    return ready >= row.owed or _is_coming(session, row)


def cancel_promises(
    session: Session, by: Actor, *, request_id: UUID, promise_ids: tuple[UUID, ...], reason: EndReason
) -> int:
    """Ends open promises honestly, with one reason; returns how many. Goods put aside are free again, and who came from the wait list
    has its old place there when it was we who could not keep our word.
    """
    by.require(Permission.PROMISE)
    asked = {"promise_ids": promise_ids, "reason": reason}
    with journal.operation(session, by, request_id, "cancel_promises", asked=asked) as op:
        if op.is_repeat:
            return len(op.ids("promise"))
        rows = _locked(session, by, promise_ids)
        _free_lines(session, rows)
        parts = aside.standing(session, [row.id for row in rows])
        aside.release(session, by, [part for ones in parts.values() for part in ones])
        for row in rows:
            row.owed, row.ended_on, row.ended_because = 0, journal.current(session).day, reason.value
        session.flush()
        return len(rows)


def _free_lines(session: Session, rows: Iterable[Promise]) -> None:
    units: dict[UUID, int] = defaultdict(int)
    for row in rows:
        if row.line_id is not None:
            units[row.line_id] += row.quantity
    for line in sorted(units):
        take_from_line(session, line, -units[line])
