"""Typing in one family's line of a sheet that was signed without power, and taking it back when it was typed wrongly.

A fact that has happened is never refused: more than the allowance stands as such in R10, the ticket of the family is served at that
time, and two families that signed on one line stand there both until somebody says how that came. The same line typed once more is one.
Every truth of the shelf stays true. Each line has exactly one issue movement (T4), on the day and at the moment it happened; what the book
did not have was on the shelf, or it could not have been given, so that a count on paper brings it into the book in the same operation and
no place falls below zero (T2, T3). R5 shows that count as a difference until the goods are explained: by the receipt they came with
(`explaining.came_with`), which takes the same number off the book again, or by a sentence. R1 and R5 agree all the while.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain import on_paper as rules
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.domain.handover import GoodsAre, SheetLine, allowed_per_line, sheet_series
from aidtrack.domain.ids import new_id
from aidtrack.domain.on_paper import PaperLine
from aidtrack.domain.queueing import OPEN, TicketEventKind, TicketState
from aidtrack.domain.stock import PlaceKind, can_be_given
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Text
from aidtrack.services import overview
from aidtrack.services.campaigns import AllowanceRow, allowances
from aidtrack.services.handover import HandOverReceipt, receipt
from aidtrack.services.handover.cancelling import expect_valid
from aidtrack.services.handover.giving import (
    Family,
    Taken,
    Window,
    lock_people,
    locked_family,
    new_hand_over,
    person_ids,
)
from aidtrack.services.handover.taking import give_lines, lay_out
from aidtrack.services.identity.classes import household_class
from aidtrack.services.on_paper import same_line
from aidtrack.services.promises import fetching
from aidtrack.services.promises.fetching import Pick
from aidtrack.services.promises.waiting import end_by_hand_over
from aidtrack.services.queueing.tickets import append, events_of, locked, take_back
from aidtrack.services.stock import counting, ledger
from aidtrack.services.stock.sizes import sizes_of
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.campaigns import Campaign, CampaignRule
from aidtrack.store.days import Day, Desk, draw_up_to, hold_series
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.on_paper import PaperEntry, standing_lines
from aidtrack.store.people import Card
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import CountLine

_NOT_TYPED = Text("This line was not typed in from paper.")


@dataclass(frozen=True, slots=True)
class PaperReceipt:
    """A line as it was booked. `over` units were more than allowed, `owed` units the book did not have; `is_back`: taken back.

    `was_written`: the line stood there already, nothing was booked. `beside` are the cards of the others on that line of the sheet.
    """

    hand_over: HandOverReceipt
    card_tail: str
    over: int
    owed: int
    is_back: bool
    was_written: bool = False
    beside: tuple[str, ...] = ()


def enter_paper_line(session: Session, by: Actor, *, request_id: UUID, line: PaperLine) -> PaperReceipt:
    """Books what a family took on paper, on its day, at its time, at its window. Idempotent by `request_id`.

    InvalidInput only for how the line is written: no items, a time ahead. The same goods of the same family on the same line of the sheet
    are the same line, typed once more: nothing is booked. A day that is signed off takes it from the coordinator with a reason, and its
    reports get a revision in the same operation.
    """
    by.require(Permission.HAND_OVER)
    line = replace(line, because=clean(line.because))
    with journal.operation(session, by, request_id, "enter_paper_line", because=line.because, line=line) as op:
        if op.is_repeat:
            return _repeated(session, op, line)
        day = _day(session, by, line)
        op.day = line.day  # what follows happened then, though it becomes known now
        hand_over_id = _enter(session, replace(by, desk_id=line.window_id, clock=lambda: line.at), line)
        if not op.ids("hand_over"):
            return replace(_receipt(session, hand_over_id), was_written=True)
        session.add(PaperEntry(hand_over_id=hand_over_id, document_id=_counted_by(session, op), typed_at=by.now()))
        session.flush()
        _revise(session, by, request_id, day, line.because)
        return _receipt(session, hand_over_id)


def _repeated(session: Session, op: journal.Open, line: PaperLine) -> PaperReceipt:
    """What came of it the first time: what it booked, or the line it found written."""
    if op.ids("hand_over"):
        return _receipt(session, op.only("hand_over"))
    written = same_line.written(session, line)
    if written is None:
        raise NotFound("no-paper-line", _NOT_TYPED)
    return replace(_receipt(session, written), was_written=True)


def take_back_line(
    session: Session, by: Actor, *, request_id: UUID, hand_over_id: UUID, because: str = ""
) -> PaperReceipt:
    """A line that was typed wrongly never happened: allowance, ticket and book are as before, and the line of the sheet is free again."""
    by.require(Permission.CANCEL_HAND_OVER)
    reason = clean(because)
    facts = {"hand_over_id": hand_over_id, "because": reason}
    with journal.operation(session, by, request_id, "take_back_line", facts=facts) as op:
        if op.is_repeat:
            return _receipt(session, hand_over_id)
        row, entry = _entered(session, by, hand_over_id)
        day = _day(session, by, row)
        op.day = row.day
        assert row.household_id is not None, "a line of paper names a card"
        lock_people(session, row.household_id)
        expect_valid(session, row)
        _void(session, replace(by, desk_id=row.desk_id), row, entry)
        _revise(session, by, request_id, day, reason)
        return _receipt(session, hand_over_id)


# ── the day it happened ──────────────────────────────────────────────────────────────────────────


def _day(session: Session, by: Actor, of: PaperLine | HandOver) -> Day:
    """The day of the fact, held so that nobody closes it meanwhile; a signed-off one only for the coordinator."""
    query = select(Day).where(Day.site_id == by.site, Day.day == of.day)
    day = session.scalar(query.with_for_update(read=True))
    if day is None:
        raise NotFound(
            "no-day", Text("On {day} the centre was not open. Open that day first, on the page Day.", day=of.day)
        )
    is_signed = day.state == DayState.SIGNED_OFF
    if is_signed:
        by.require(Permission.DAY)
    if isinstance(of, PaperLine):
        problems = rules.line_problems(of, now=by.now(), is_signed_off=is_signed)
        if problems:
            raise InvalidInput(problems)
    return day


def _revise(session: Session, by: Actor, request_id: UUID, day: Day, because: str) -> None:
    """The reports of a signed-off day stand beside a revision at once, so that no paper contradicts the book."""
    if day.state == DayState.SIGNED_OFF:
        overview.revise(session, by, request_id=request_id, day=day.day, because=because)


# ── booking ──────────────────────────────────────────────────────────────────────────────────────


def _enter(session: Session, then: Actor, line: PaperLine) -> UUID:
    """The hand-over of this line: a new one, unless it is written already."""
    window = _window(session, then, line)
    family = _family(session, then, line)
    hold_series(session, then.site, sheet_series(window.day, window.number))
    written = same_line.written(session, line)
    if written is not None:
        return written
    window = _at_place(session, then, window, line.place)
    rows = _rows(session, then, line, family)
    wanted = _goods(session, then, line, rows)
    fetching.hold(session, rows)
    _count_what_is_missing(session, then, window, line, rows)
    ticket = _ticket(session, then, line)
    taken = Taken(ticket_id=ticket.id if ticket else None, served_ticket=ticket is not None)
    hand_over_id = new_hand_over(session, then, window, line.household_id, family.here, taken)
    _take(session, then, hand_over_id, window, wanted, family)
    end_by_hand_over(session, then, hand_over_id, list({one.rule_id: one.row for one in wanted if one.row is not None}.values()))
    if ticket is not None:
        at = replace(then, clock=lambda: max(line.at, ticket.issued_at))
        append(session, at, ticket, TicketEventKind.SERVED)
    return hand_over_id


def _window(session: Session, then: Actor, line: PaperLine) -> Window:
    desk = session.get(Desk, line.window_id)
    if desk is None or desk.site_id != then.site:
        raise NotFound("no-window", Text("There is no such window."))
    return Window(desk.id, desk.number, desk.shelf_id or ledger.shelf_of(session, then), line.day)


def _family(session: Session, then: Actor, line: PaperLine) -> Family:
    """The people of that day; of a family that was registered from its paper later, those it has now."""
    family = locked_family(session, line.household_id, line.day)
    return family if family.here else locked_family(session, line.household_id, current_day(session, then))


def _rows(session: Session, then: Actor, line: PaperLine, family: Family) -> Sequence[AllowanceRow]:
    return allowances(session, then, family.household_id, day=line.day, home=family.home)


@dataclass(frozen=True, slots=True)
class _Goods:
    """So many of an item or of one of its sizes, under which rule, with what the family had of that rule then."""

    item_id: UUID
    quantity: int
    rule_id: UUID | None
    row: AllowanceRow | None


def _goods(session: Session, then: Actor, line: PaperLine, rows: Sequence[AllowanceRow]) -> list[_Goods]:
    """Each item under the rule it counts by: one that gives it to this family, else any of the item, in force or not; none for what no
    programme ever gave. A size counts by the rule of its item.
    """
    wholes = {one.item_id: whole for whole, sizes in sizes_of(session).items() for one in sizes}
    found = []
    for item, quantity in line.items:
        whole = wholes.get(item, item)
        row = max((row for row in rows if row.item_id == whole), key=lambda row: row.due, default=None)
        found.append(_Goods(item, quantity, row.rule_id if row else _any_rule(session, then, whole), row))
    return found


def _any_rule(session: Session, then: Actor, item: UUID) -> UUID | None:
    query = (
        select(CampaignRule.id)
        .join(Campaign, Campaign.id == CampaignRule.campaign_id)
        .where(Campaign.site_id == then.site, CampaignRule.item_id == item)
        .order_by(CampaignRule.is_active.desc(), CampaignRule.made_at.desc(), CampaignRule.id.desc())
    )
    return session.scalar(query.limit(1))


def _count_what_is_missing(
    session: Session, then: Actor, window: Window, line: PaperLine, rows: Sequence[AllowanceRow]
) -> None:
    """Brings into the book what it does not have: goods nobody typed in yet, and goods a count has taken off since they were given.

    A shelf that was counted after the family left was seen without them: taken off once more, they would be gone twice.
    """
    items = sorted(item for item, _ in line.items)
    lots = ledger.shelf_lots(session, window.shelf_id, items, lock=True)
    sheets = counting.counted_since(session, window.shelf_id, items, line.at)
    kept = Counter[UUID]()
    for part in (part for row in rows for one in row.promises for part in one.parts if part.can_be_given(window.day)):
        kept[part.item_id] += part.quantity
    held = {item: can_be_given(lots.get(item, ()), window.day) + kept[item] for item, _ in line.items}
    more = {item: n if item in sheets else n - held[item] for item, n in line.items}
    more = {item: n for item, n in more.items() if n > 0}
    if more:
        counting.found_on_paper(session, then, shelf_id=window.shelf_id, more=more, day=window.day, sheets=sheets)


def _counted_by(session: Session, op: journal.Open) -> UUID | None:
    return next(iter(op.ids("document")), None)


def _take(
    session: Session, then: Actor, hand_over_id: UUID, window: Window, wanted: Sequence[_Goods], family: Family
) -> None:
    """First expiring first, as always; what is more than allowed is marked by the line itself. Sizes of one rule share what it allows."""
    promised = [one for goods in wanted if goods.row for one in goods.row.promises]
    shelf = lay_out(session, window.shelf_id, [one.item_id for one in wanted], promised)
    lines: list[dict[str, Any]] = []
    drawn: dict[UUID, Pick] = {}
    by_rule = {one.rule_id: one.row.due if one.row else 0 for one in wanted}
    shares = allowed_per_line([(one.rule_id, one.quantity) for one in wanted], by_rule)
    for goods, due in zip(wanted, shares, strict=True):
        row, covered = goods.row, _for_whom(goods, wanted, family)
        picks, _ = shelf.take(goods.item_id, row.promises if row else (), goods.quantity, window.day)
        for taken, allowed in zip(picks, _allowed(due, picks), strict=True):
            line_id = new_id()
            line = {
                "id": line_id, "hand_over_id": hand_over_id, "no": len(lines) + 1, "rule_id": goods.rule_id,
                "item_id": goods.item_id, "lot_id": taken.lot_id, "quantity": taken.quantity, "allowed": allowed,
                "person_ids": covered, "by_new_home": row is not None and row.by_new_home,
            }  # fmt: skip
            lines.append(line)
            drawn[line_id] = taken
    give_lines(session, then, lines, {line: one.shelf_id for line, one in drawn.items()}, (), drawn)


def _for_whom(goods: _Goods, wanted: Sequence[_Goods], family: Family) -> list[str] | None:
    """Whom it is for, by all the sizes of the rule together."""
    row = goods.row
    if row is None or not row.covered:
        return None
    together = sum(one.quantity for one in wanted if one.rule_id == goods.rule_id)
    return person_ids(row.covers(min(together, row.due)), family.here)


def _allowed(due: int, picks: Sequence[Pick]) -> list[int]:
    """`due` spread over the batches: the sum stays, no batch is allowed less than nothing."""
    left, spread = due, []
    for taken in picks:
        spread.append(min(left, taken.quantity))
        left -= spread[-1]
    spread[-1] += left
    return spread


# ── sheet and line ───────────────────────────────────────────────────────────────────────────────


def _at_place(session: Session, then: Actor, window: Window, place: int | None) -> Window:
    """The window at the line of the sheet that was signed; without one the first that is missing, or the next."""
    series = sheet_series(window.day, window.number)
    last = hold_series(session, then.site, series)
    if place is None:
        free = rules.missing(standing_lines(session, window.desk_id, window.day), last)
        place = free[0] if free else last + 1
    signed = SheetLine.of(str(window.number), place)
    draw_up_to(session, then.site, series, place)
    return replace(window, place=signed, again=same_line.times_typed(session, window.desk_id, window.day, signed))


# ── the ticket ───────────────────────────────────────────────────────────────────────────────────


def _ticket(session: Session, then: Actor, line: PaperLine) -> Ticket | None:
    """The family's earliest number of that day that is still open: it was served on paper."""
    cards = household_class(session, line.household_id)
    query = select(Ticket.id).where(
        Ticket.site_id == then.site, Ticket.day == line.day, Ticket.household_id.in_(cards), Ticket.state.in_(OPEN)
    )
    found = session.scalar(query.order_by(Ticket.issued_at, Ticket.id).limit(1))
    return locked(session, found) if found else None


# ── taking back ──────────────────────────────────────────────────────────────────────────────────


def _entered(session: Session, by: Actor, hand_over_id: UUID) -> tuple[HandOver, PaperEntry]:
    row, entry = session.get(HandOver, hand_over_id), session.get(PaperEntry, hand_over_id)
    if row is None or entry is None or row.site_id != by.site:
        raise NotFound("no-paper-line", _NOT_TYPED)
    return row, entry


def _void(session: Session, by: Actor, row: HandOver, entry: PaperEntry) -> None:
    drawn = fetching.drawn_by(session, row.id)
    ledger.return_from_household(session, by, hand_over_id=row.id, where=PlaceKind.SHELF)
    void = HandOverVoid(id=new_id(), hand_over_id=row.id, goods=GoodsAre.NEVER_LEFT.value, day=row.day, at=by.now())
    session.add(void)
    session.flush()
    fetching.give_back(session, by, drawn, is_on_shelf=True)
    if entry.document_id is not None:
        counting.take_off_paper(session, by, document_id=entry.document_id, day=row.day)
    _unserve(session, by, row)


def _unserve(session: Session, by: Actor, row: HandOver) -> None:
    """The number stands where it stood before the line was typed; one that went on since stays where it is."""
    if row.ticket_id is None or not row.served_ticket:
        return
    ticket = locked(session, row.ticket_id)
    last = max(events_of(session, ticket.id), key=lambda event: event.no)
    if ticket.state == TicketState.SERVED and last.kind is TicketEventKind.SERVED:
        take_back(session, by, ticket, last.no)


# ── the receipt ──────────────────────────────────────────────────────────────────────────────────


def _receipt(session: Session, hand_over_id: UUID) -> PaperReceipt:
    booked = receipt(session, hand_over_id)
    entry = session.get(PaperEntry, hand_over_id)
    tail = session.scalar(
        select(Card.tail).where(Card.household_id == booked.household_id, Card.is_valid).limit(1)
    )
    over = sum(max(line.quantity - line.allowed, 0) for line in booked.given)
    void = session.scalar(select(HandOverVoid.id).where(HandOverVoid.hand_over_id == hand_over_id))
    beside = same_line.beside(session, [hand_over_id]).get(hand_over_id, ())
    return PaperReceipt(booked, tail or "", over, _owed(session, entry), void is not None, beside=beside)


def _owed(session: Session, entry: PaperEntry | None) -> int:
    """Nothing for what the window itself booked."""
    if entry is None or entry.document_id is None:
        return 0
    lines = select(func.coalesce(func.sum(CountLine.seen - CountLine.book), 0))
    return int(session.scalar(lines.where(CountLine.document_id == entry.document_id)) or 0)
