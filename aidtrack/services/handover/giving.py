"""Handing over: one press books everything a family takes away, under the locks of its people and of the shelf.

Owns `hand_over` and its receipt. The allowance is read again under the lock, never taken from the window; goods move through
`services.stock`, numbers through `services.queueing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.entitlement import Member
from aidtrack.domain.handover import (
    Counted,
    HandOverDraft,
    LineDraft,
    LinesRefused,
    LineTrouble,
    SheetLine,
    allowed_per_pick,
    cohorts,
    draft_problems,
    over_allowance,
    ticket_is_settled,
)
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import OPEN
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Refused, Text
from aidtrack.services import queueing
from aidtrack.services.campaigns import GIVE, NONE_LEFT, NOT_TODAY, AllowanceRow, allowances, family_of
from aidtrack.services.stock import ledger, spot_count
from aidtrack.services.today import hold_open_day, require_open_day
from aidtrack.store import journal
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.days import Desk, draw
from aidtrack.store.handover import HandOver, HandOverDecline, HandOverLine, HandOverPerson, HandOverVoid
from aidtrack.store.people import HouseholdMember, Person
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Item

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One item of a hand-over, all batches together. `allowed` is what was due; 0 given says it was not wanted."""

    rule_id: UUID
    item_id: UUID
    item_names: Names
    quantity: int
    allowed: int


@dataclass(frozen=True, slots=True)
class HandOverReceipt:
    """What was booked, re-read from its rows: for the message, the slip and the sheet."""

    id: UUID
    household_id: UUID
    day: date
    at: datetime
    signed_at: SheetLine
    lines: tuple[GivenLine, ...]
    people: int
    ticket_label: str
    ticket_served: bool

    @property
    def given(self) -> tuple[GivenLine, ...]:
        """The items that really left."""
        return tuple(line for line in self.lines if line.quantity)


@dataclass(frozen=True, slots=True)
class Window:
    """Where a hand-over takes place: the desk, its number on the sheets, the shelf it gives from, the day."""

    desk_id: UUID
    number: int
    shelf_id: UUID
    day: date


@dataclass(frozen=True, slots=True)
class Family:
    """The people of a household under their locks, and those of them a hand-over of today covers."""

    household_id: UUID
    members: frozenset[UUID]
    here: tuple[Member, ...]


def hand_over(session: Session, by: Actor, *, request_id: UUID, draft: HandOverDraft) -> HandOverReceipt:
    """Books a hand-over with everything that belongs to it, or nothing.

    Idempotent by `request_id`. InvalidInput for the draft itself; LinesRefused `more-than-allowed` or `short` names each
    line that cannot be given as asked.
    """
    by.require(Permission.HAND_OVER)
    draft = replace(draft, collector_text=clean(draft.collector_text))
    with journal.operation(session, by, request_id, "hand_over", draft=draft) as op:
        if op.is_repeat:
            return receipt(session, op.only("hand_over"))
        window = window_of(session, by)
        hold_open_day(session, by)
        family = locked_family(session, draft.household_id, window.day)
        problems = draft_problems(draft, family.members)
        if problems:
            raise InvalidInput(problems)
        return _give(session, by, draft, window, family)


def sheet_series(day: date, window: int) -> str:
    """The counter of a window's sheets of one day."""
    return f"sheet/{day.isoformat()}/{window}"


def window_of(session: Session, by: Actor) -> Window:
    """The actor's window on the open day; Refused when no day is open or no window is chosen."""
    day = require_open_day(session, by).day
    number = session.scalars(select(Desk.number).where(Desk.id == by.desk)).one()
    return Window(by.desk, number, ledger.shelf_of(session, by), day)


def locked_family(session: Session, household_id: UUID, day: date) -> Family:
    """Locks all people of the household in the order of their ids (data.md §4), then reads who of them is here."""
    members = frozenset(lock_people(session, household_id))
    if not members:
        raise NotFound("no-household", Text("This family is not registered here."))
    return Family(household_id, members, family_of(session, household_id, day).here)


def lock_people(session: Session, *household_ids: UUID) -> tuple[UUID, ...]:
    """The people of these households, locked in the order of ids until the commit."""
    belong = select(HouseholdMember.person_id).where(
        HouseholdMember.household_id.in_(household_ids), HouseholdMember.until_day.is_(None)
    )
    query = select(Person.id).where(Person.id.in_(belong)).order_by(Person.id).with_for_update()
    return tuple(session.scalars(query))


def _give(session: Session, by: Actor, draft: HandOverDraft, window: Window, family: Family) -> HandOverReceipt:
    rows = {row.rule_id: row for row in allowances(session, by, draft.household_id, day=window.day)}
    _expect_allowed(draft.lines, rows)
    _count_on_the_spot(session, by, draft.lines, rows, window)
    ticket = _ticket(session, by, draft, window)
    served = ticket is not None and _is_settled(session, draft, rows.values())
    hand = _hand_over_row(session, by, draft, window, family, served)
    wanted = [line for line in draft.lines if line.quantity]
    _expect_on_shelf(session, window, wanted, rows)
    take_lines(session, by, hand.id, window, family, [(rows[one.rule_id], one.quantity) for one in wanted])
    declined = [rows[line.rule_id] for line in draft.lines if not line.quantity and rows[line.rule_id].due]
    _decline(session, hand.id, declined)
    if ticket is not None:
        _settle_ticket(session, by, ticket, draft.household_id, served)
    return receipt(session, hand.id)


def _expect_allowed(lines: Iterable[LineDraft], rows: Mapping[UUID, AllowanceRow]) -> None:
    """Raises for every line that asks for more than may be given at this window now."""
    allowed = {rule: row.due for rule, row in rows.items() if row.state in (GIVE, NONE_LEFT)}
    troubles = over_allowance(lines, allowed, {rule: row.item_names for rule, row in rows.items()})
    if troubles:
        raise LinesRefused("more-than-allowed", troubles)
    if any(line.rule_id not in rows for line in lines):
        raise Refused("rule-changed", Text("The programme was changed meanwhile. Look at the list again."))


def _count_on_the_spot(
    session: Session, by: Actor, lines: Iterable[LineDraft], rows: Mapping[UUID, AllowanceRow], window: Window
) -> None:
    """What was seen on the shelf is counted before it is given: the book must never be worked around."""
    for line in lines:
        if line.seen is not None:
            item = rows[line.rule_id].item_id
            operation = journal.current(session).id
            spot_count(session, by, request_id=operation, item_id=item, seen=line.seen, shelf_id=window.shelf_id)


def _expect_on_shelf(
    session: Session, window: Window, lines: Sequence[LineDraft], rows: Mapping[UUID, AllowanceRow]
) -> None:
    """Locks the balances of all items at once and raises for every line the book cannot fill."""
    items = sorted({rows[line.rule_id].item_id for line in lines})
    left = dict(ledger.lock_items(session, window.shelf_id, items, window.day))
    troubles = []
    for line in lines:
        row = rows[line.rule_id]
        if line.quantity > left[row.item_id]:
            words = Text("{item}: the book has {available}.", item=row.item_names, available=left[row.item_id])
            troubles.append(LineTrouble(line.rule_id, left[row.item_id], words))
        left[row.item_id] = max(left[row.item_id] - line.quantity, 0)
    if troubles:
        raise LinesRefused("short", troubles)


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────


def _hand_over_row(
    session: Session, by: Actor, draft: HandOverDraft, window: Window, family: Family, served: bool
) -> HandOver:
    """Added and flushed with everybody it covers."""
    return new_hand_over(
        session,
        by,
        window,
        family,
        ticket_id=draft.ticket_id,
        collector_id=draft.collector_person_id,
        collector_text=draft.collector_text,
        served_ticket=served,
    )


def new_hand_over(
    session: Session,
    by: Actor,
    window: Window,
    family: Family,
    *,
    ticket_id: UUID | None = None,
    collector_id: UUID | None = None,
    collector_text: str = "",
    served_ticket: bool = False,
) -> HandOver:
    """A hand-over on the next line of the window's sheet, with the people it covers and the snapshot reports count."""
    place = SheetLine.of(str(window.number), draw(session, by.site, sheet_series(window.day, window.number)))
    row = HandOver(
        id=new_id(),
        site_id=by.site,
        household_id=family.household_id,
        ticket_id=ticket_id,
        desk_id=window.desk_id,
        day=window.day,
        at=by.now(),
        collector_id=collector_id,
        collector_text=collector_text,
        sheet=place.sheet,
        line=place.line,
        people=len(family.here),
        cohorts=cohorts(Counted(member.sex or "", member.age) for member in family.here),
        served_ticket=served_ticket,
    )
    session.add(row)
    session.flush()
    covered = [{"hand_over_id": row.id, "person_id": member.person_id} for member in family.here]
    journal.add_many(session, HandOverPerson, covered)
    return row


def take_lines(
    session: Session,
    by: Actor,
    hand_over_id: UUID,
    window: Window,
    family: Family,
    wanted: Sequence[tuple[AllowanceRow, int]],
) -> None:
    """First expiring first: a line and a movement for each batch, in the order the window showed them."""
    no = 0
    for row, quantity in wanted:
        picks = ledger.pick_from_shelf(
            session, shelf_id=window.shelf_id, item_id=row.item_id, quantity=quantity, day=window.day
        )
        allowed = allowed_per_pick(row.due, [pick.quantity for pick in picks])
        for pick, part in zip(picks, allowed, strict=True):
            no += 1
            line = HandOverLine(
                id=new_id(),
                hand_over_id=hand_over_id,
                no=no,
                rule_id=row.rule_id,
                item_id=row.item_id,
                lot_id=pick.lot_id,
                quantity=pick.quantity,
                allowed=part,
                person_ids=person_ids(row.covers(quantity), family),
            )
            session.add(line)
            session.flush()
            ledger.issue_to_household(session, by, hand_over_line_id=line.id, shelf_id=window.shelf_id)


def person_ids(covered: Sequence[UUID], family: Family) -> list[str] | None:
    """Whom one item is for as the line keeps it: None when it is everybody who is here."""
    everybody = {member.person_id for member in family.here}
    return None if set(covered) == everybody else [person.hex for person in covered]


def _decline(session: Session, hand_over_id: UUID, rows: Iterable[AllowanceRow]) -> None:
    refused = [
        {"hand_over_id": hand_over_id, "rule_id": row.rule_id, "item_id": row.item_id, "allowed": row.due}
        for row in rows
    ]
    journal.add_many(session, HandOverDecline, refused)


# ── the number ───────────────────────────────────────────────────────────────────────────────────


def _ticket(session: Session, by: Actor, draft: HandOverDraft, window: Window) -> Ticket | None:
    """The number this family is served under, if it is still open; an ended one stays as it is."""
    if draft.ticket_id is None:
        return None
    ticket = session.get(Ticket, draft.ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None or ticket.site_id != by.site or ticket.day != window.day:
        raise NotFound("ticket", Text("This number is not one of today."))
    return ticket if ticket.state in OPEN else None


def _is_settled(session: Session, draft: HandOverDraft, rows: Iterable[AllowanceRow]) -> bool:
    """Whether every line due at any window is given or declined now or was, earlier under the same number."""
    due = {row.rule_id: row.due for row in rows if row.state not in (NOT_TODAY, NONE_LEFT)}
    before = (
        select(HandOverDecline.rule_id)
        .join(HandOver, HandOver.id == HandOverDecline.hand_over_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.ticket_id == draft.ticket_id, HandOver.household_id == draft.household_id)
        .where(HandOverVoid.id.is_(None))
    )
    return ticket_is_settled(due, {line.rule_id for line in draft.lines} | set(session.scalars(before)))


def _settle_ticket(session: Session, by: Actor, ticket: Ticket, household_id: UUID, served: bool) -> None:
    """Ties the number to the family where it is not yet, then ends it, or shows that its family stands at a window."""
    operation = journal.current(session).id
    if ticket.household_id is None:
        queueing.tie_ticket(session, by, request_id=operation, ticket_id=ticket.id, household_id=household_id)
        session.refresh(ticket)
    if ticket.state not in OPEN:
        return
    if served:
        queueing.serve(session, by, request_id=operation, ticket_id=ticket.id)
    elif ticket.state != "serving":
        queueing.start_serving(session, by, request_id=operation, ticket_id=ticket.id)


# ── the receipt ──────────────────────────────────────────────────────────────────────────────────


def receipt(session: Session, hand_over_id: UUID) -> HandOverReceipt:
    """A hand-over as it was booked, read from its rows."""
    query = select(HandOver, Desk.number).join(Desk, Desk.id == HandOver.desk_id).where(HandOver.id == hand_over_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("no-hand-over", Text("This hand-over is not in the database."))
    row, window = found
    return HandOverReceipt(
        id=row.id,
        household_id=row.household_id,
        day=row.day,
        at=row.at,
        signed_at=SheetLine(str(window), row.sheet, row.line),
        lines=given_lines(session, [row.id])[row.id],
        people=row.people,
        ticket_label=queueing.ticket_row(session, row.ticket_id).label if row.ticket_id else "",
        ticket_served=row.served_ticket,
    )


def given_lines(session: Session, hand_over_ids: Sequence[UUID]) -> dict[UUID, tuple[GivenLine, ...]]:
    """The items of each hand-over, batches of one rule together, in the order they were given; then the declined ones."""
    found: dict[UUID, dict[UUID, GivenLine]] = defaultdict(dict)
    query = (
        select(HandOverLine, Item.names)
        .join(Item, Item.id == HandOverLine.item_id)
        .where(HandOverLine.hand_over_id.in_(hand_over_ids))
        .order_by(HandOverLine.hand_over_id, HandOverLine.no)
    )
    for line, names in session.execute(query):
        known = found[line.hand_over_id].get(line.rule_id)
        quantity, allowed = (known.quantity, known.allowed) if known else (0, 0)
        found[line.hand_over_id][line.rule_id] = GivenLine(
            line.rule_id, line.item_id, names, quantity + line.quantity, allowed + line.allowed
        )
    for hand_over_id, declined in _declined_lines(session, hand_over_ids):
        found[hand_over_id].setdefault(declined.rule_id, declined)
    return {one: tuple(found[one].values()) for one in hand_over_ids}


def _declined_lines(session: Session, hand_over_ids: Sequence[UUID]) -> list[tuple[UUID, GivenLine]]:
    query = (
        select(HandOverDecline, Item.names)
        .join(Item, Item.id == HandOverDecline.item_id)
        .join(CampaignRule, CampaignRule.id == HandOverDecline.rule_id)
        .where(HandOverDecline.hand_over_id.in_(hand_over_ids))
        .order_by(CampaignRule.campaign_id, CampaignRule.no)
    )
    return [
        (row.hand_over_id, GivenLine(row.rule_id, row.item_id, names, 0, row.allowed))
        for row, names in session.execute(query)
    ]
