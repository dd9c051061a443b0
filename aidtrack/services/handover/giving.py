"""Handing over: one press books everything a family takes away, under the locks of its people and of the shelf.

Owns `hand_over` and its receipt. The allowance is read again under the lock, never taken from the window; goods move through
`services.stock`, numbers through `services.queueing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from aidtrack.domain import entitlement
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
from aidtrack.domain.queueing import OPEN, Lane, label
from aidtrack.domain.stock import LotPick, ShelfLot, can_be_given, pick, without
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Refused, Text
from aidtrack.services import queueing
from aidtrack.services.campaigns import GIVE, NONE_LEFT, NOT_TODAY, AllowanceRow, allowances, family_of
from aidtrack.services.identity.classes import lock_family
from aidtrack.services.stock import ledger, spot_count
from aidtrack.services.today import hold_open_day, require_open_day
from aidtrack.store import journal
from aidtrack.store.base import table_of
from aidtrack.store.campaigns import Campaign, CampaignRule
from aidtrack.store.days import Desk, draw
from aidtrack.store.handover import HandOver, HandOverDecline, HandOverLine, HandOverPerson, HandOverVoid
from aidtrack.store.people import HouseholdMember, Person
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Item

Names = Mapping[str, str]
ShelfLots = Mapping[UUID, Sequence[ShelfLot]]

# Statements made once: building one anew costs more than running it.
_HAND, _LINE, _DECLINE, _VOID, _DESK, _TICKET, _ITEM, _RULE, _CAMPAIGN, _PERSON, _MEMBER = map(
    table_of,
    (
        HandOver, HandOverLine, HandOverDecline, HandOverVoid, Desk, Ticket, Item, CampaignRule, Campaign, Person,
        HouseholdMember,
    ),
)  # fmt: skip
_WINDOW = select(_DESK.c.number, _DESK.c.shelf_id).where(_DESK.c.id == bindparam("desk"))
_HOLD_CAMPAIGNS = (
    select(_CAMPAIGN.c.id)
    .where(_CAMPAIGN.c.id.in_(bindparam("campaigns", expanding=True)))
    .order_by(_CAMPAIGN.c.id)
    .with_for_update()
)
_PEOPLE = (
    select(_PERSON.c.id)
    .where(
        _PERSON.c.id.in_(
            select(_MEMBER.c.person_id).where(
                _MEMBER.c.household_id.in_(bindparam("households", expanding=True)), _MEMBER.c.until_day.is_(None)
            )
        )
    )
    .order_by(_PERSON.c.id)
)
_DECLINED_BEFORE = (
    select(_DECLINE.c.rule_id)
    .join_from(_DECLINE, _HAND, _HAND.c.id == _DECLINE.c.hand_over_id)
    .outerjoin(_VOID, _VOID.c.hand_over_id == _HAND.c.id)
    .where(
        _HAND.c.ticket_id == bindparam("ticket"), _HAND.c.household_id == bindparam("household"), _VOID.c.id.is_(None)
    )
)
_RECEIPT = (
    select(_HAND, _DESK.c.number.label("window"), _TICKET.c.lane, _TICKET.c.number)
    .join_from(_HAND, _DESK, _DESK.c.id == _HAND.c.desk_id)
    .outerjoin(_TICKET, _TICKET.c.id == _HAND.c.ticket_id)
    .where(_HAND.c.id == bindparam("hand_over"))
)
_GIVEN = (
    select(_LINE.c.hand_over_id, _LINE.c.rule_id, _LINE.c.item_id, _ITEM.c.names, _LINE.c.quantity, _LINE.c.allowed)
    .join_from(_LINE, _ITEM, _ITEM.c.id == _LINE.c.item_id)
    .where(_LINE.c.hand_over_id.in_(bindparam("hand_overs", expanding=True)))
    .order_by(_LINE.c.hand_over_id, _LINE.c.no)
)
_DECLINED = (
    select(_DECLINE.c.hand_over_id, _DECLINE.c.rule_id, _DECLINE.c.item_id, _ITEM.c.names, _DECLINE.c.allowed)
    .join_from(_DECLINE, _ITEM, _ITEM.c.id == _DECLINE.c.item_id)
    .join(_RULE, _RULE.c.id == _DECLINE.c.rule_id)
    .where(_DECLINE.c.hand_over_id.in_(bindparam("hand_overs", expanding=True)))
    .order_by(_RULE.c.campaign_id, _RULE.c.no)
)


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
    seen: entitlement.Family

    @property
    def here(self) -> tuple[Member, ...]:
        """Those who live with this family now."""
        return self.seen.here


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
        window = window_of(session, by, hold=True)
        family = locked_family(session, draft.household_id, window.day)
        problems = draft_problems(draft, family.members)
        if problems:
            raise InvalidInput(problems)
        return _give(session, by, draft, window, family)


def sheet_series(day: date, window: int) -> str:
    """The counter of a window's sheets of one day."""
    return f"sheet/{day.isoformat()}/{window}"


def window_of(session: Session, by: Actor, *, hold: bool = False) -> Window:
    """The actor's window on the open day; Refused when no day is open or no window is chosen.

    With `hold` nobody closes the day before the commit.
    """
    day = hold_open_day(session, by) if hold else require_open_day(session, by).day
    number, shelf = session.connection().execute(_WINDOW, {"desk": by.desk}).one()
    return Window(by.desk, number, shelf or ledger.shelf_of(session, by), day)


def locked_family(session: Session, household_id: UUID, day: date) -> Family:
    """Locks all people of the household in the order of their ids (data.md §4), then reads who of them is here."""
    members = frozenset(lock_people(session, household_id))
    if not members:
        raise NotFound("no-household", Text("This family is not registered here."))
    return Family(household_id, members, family_of(session, household_id, day))


def lock_people(session: Session, *household_ids: UUID) -> tuple[UUID, ...]:
    """The people of these households; they, and every record joined with theirs, are locked in the order of ids until the commit."""
    lock_family(session, *household_ids)
    return tuple(session.connection().execute(_PEOPLE, {"households": list(household_ids)}).scalars())


def _give(session: Session, by: Actor, draft: HandOverDraft, window: Window, family: Family) -> HandOverReceipt:
    ticket = _ticket(session, by, draft, window)
    is_first = ticket is not None and ticket.lane == Lane.K
    rows = _allowed(session, by, window, family, is_first)
    counted = _count_on_the_spot(session, by, draft.lines, rows, window)
    if _hold_daily(session, draft.lines, rows) or counted:
        rows = _allowed(session, by, window, family, is_first)
    _expect_allowed(draft.lines, rows)
    served = ticket is not None and _is_settled(session, draft, rows.values())
    hand_over_id = _hand_over_row(session, by, draft, window, family, served)
    wanted = _in_sizes([(line, rows[line.rule_id]) for line in draft.lines if line.quantity])
    lots = _expect_on_shelf(session, window, wanted)
    take_lines(session, by, hand_over_id, window, family, wanted, lots)
    declined = [rows[line.rule_id] for line in draft.lines if not line.quantity and rows[line.rule_id].due]
    _decline(session, hand_over_id, declined)
    if ticket is not None:
        _settle_ticket(session, by, ticket, draft.household_id, served)
    return receipt(session, hand_over_id)


def _allowed(
    session: Session, by: Actor, window: Window, family: Family, is_served_first: bool
) -> dict[UUID, AllowanceRow]:
    rows = allowances(
        session, by, family.household_id, day=window.day, family=family.seen, is_served_first=is_served_first
    )
    return {row.rule_id: row for row in rows}


def _expect_allowed(lines: Iterable[LineDraft], rows: Mapping[UUID, AllowanceRow]) -> None:
    """Raises for every line that asks for more than may be given at this window now."""
    allowed = {rule: row.due for rule, row in rows.items() if row.state in (GIVE, NONE_LEFT)}
    troubles = over_allowance(lines, allowed, {rule: row.item_names for rule, row in rows.items()})
    if troubles:
        raise LinesRefused("more-than-allowed", troubles)
    if any(line.rule_id not in rows for line in lines):
        raise Refused("rule-changed", Text("The programme was changed meanwhile. Look at the list again."))


def _hold_daily(session: Session, lines: Iterable[LineDraft], rows: Mapping[UUID, AllowanceRow]) -> bool:
    """Locks the programmes whose daily share these lines take from: two windows cannot both give the last of it."""
    wanted = [rows[line.rule_id] for line in lines if line.rule_id in rows]
    campaigns = {row.campaign_id for row in wanted if row.rule.daily_cap is not None}
    if campaigns:
        session.connection().execute(_HOLD_CAMPAIGNS, {"campaigns": list(campaigns)}).all()
    return bool(campaigns)


def _count_on_the_spot(
    session: Session, by: Actor, lines: Iterable[LineDraft], rows: Mapping[UUID, AllowanceRow], window: Window
) -> bool:
    """What was seen on the shelf is counted before it is given: the book must never be worked around."""
    operation, counted = journal.current(session).id, False
    for line in lines:
        if line.seen is not None and line.rule_id in rows:
            item = line.size_id or rows[line.rule_id].item_id
            spot_count(session, by, request_id=operation, item_id=item, seen=line.seen, shelf_id=window.shelf_id)
            counted = True
    return counted


def _in_sizes(lines: Sequence[tuple[LineDraft, AllowanceRow]]) -> list[tuple[AllowanceRow, int]]:
    """What leaves the shelf for each line: the size that was chosen. Raises where a size must be said, or is none of this item."""
    troubles, found = [], []
    for line, row in lines:
        sizes = {one.item_id for one in row.sizes}
        if (line.size_id is not None and line.size_id not in sizes) or (
            line.size_id is None and sizes and line.quantity > row.without_size
        ):
            troubles.append(LineTrouble(row.rule_id, row.due, Text("{item}: which size?", item=row.item_names)))
        found.append((replace(row, item_id=line.size_id or row.item_id), line.quantity))
    if troubles:
        raise LinesRefused("which-size", troubles)
    return found


def _expect_on_shelf(session: Session, window: Window, wanted: Sequence[tuple[AllowanceRow, int]]) -> ShelfLots:
    """Locks the balances of all items at once and raises for every line the book cannot fill; returns what lies there."""
    lots = ledger.shelf_lots(session, window.shelf_id, sorted({row.item_id for row, _ in wanted}), lock=True)
    left = {row.item_id: can_be_given(lots.get(row.item_id, ()), window.day) for row, _ in wanted}
    troubles = []
    for row, quantity in wanted:
        if quantity > left[row.item_id]:
            words = Text("{item}: the book has {available}.", item=row.item_names, available=left[row.item_id])
            troubles.append(LineTrouble(row.rule_id, left[row.item_id], words))
        left[row.item_id] = max(left[row.item_id] - quantity, 0)
    if troubles:
        raise LinesRefused("short", troubles)
    return lots


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────


def _hand_over_row(
    session: Session, by: Actor, draft: HandOverDraft, window: Window, family: Family, served: bool
) -> UUID:
    """Written with everybody it covers; returns its id."""
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
) -> UUID:
    """A hand-over on the next line of the window's sheet, with the people it covers and the snapshot reports count."""
    place = SheetLine.of(str(window.number), draw(session, by.site, sheet_series(window.day, window.number)))
    hand_over_id = new_id()
    row = {
        "id": hand_over_id, "site_id": by.site, "household_id": family.household_id, "ticket_id": ticket_id,
        "desk_id": window.desk_id, "day": window.day, "at": by.now(), "collector_id": collector_id,
        "collector_text": collector_text, "sheet": place.sheet, "line": place.line, "people": len(family.here),
        "cohorts": cohorts(Counted(member.sex or "", member.age) for member in family.here),
        "served_ticket": served_ticket,
    }  # fmt: skip
    journal.add_many(session, HandOver, [row])
    covered = [{"hand_over_id": hand_over_id, "person_id": member.person_id} for member in family.here]
    journal.add_many(session, HandOverPerson, covered)
    return hand_over_id


def take_lines(
    session: Session,
    by: Actor,
    hand_over_id: UUID,
    window: Window,
    family: Family,
    wanted: Sequence[tuple[AllowanceRow, int]],
    lots: ShelfLots,
) -> None:
    """First expiring first: a line and a movement for each batch, in the order the window showed them."""
    lines: list[dict[str, Any]] = []
    left = {item: list(held) for item, held in lots.items()}
    for row, quantity in wanted:
        picks = pick(left[row.item_id], quantity, window.day)
        left[row.item_id] = without(left[row.item_id], picks)
        covered = person_ids(row.covers(quantity), family)
        for taken, part in zip(picks, allowed_per_pick(row.due, [one.quantity for one in picks]), strict=True):
            lines.append(_line(hand_over_id, len(lines) + 1, row, taken, part, covered))
    give_lines(session, by, lines, {line["id"]: window.shelf_id for line in lines})


def give_lines(session: Session, by: Actor, lines: Sequence[dict[str, Any]], shelves: Mapping[UUID, UUID]) -> None:
    """Writes lines of a hand-over and takes what they say off the shelf of each."""
    journal.add_many(session, HandOverLine, lines)
    issues = [
        ledger.Issue(line["id"], line["item_id"], line["lot_id"], line["quantity"], shelves[line["id"]])
        for line in lines
    ]
    ledger.issue_to_household(session, by, issues)


def _line(
    hand_over_id: UUID, no: int, row: AllowanceRow, taken: LotPick, allowed: int, covered: list[str] | None
) -> dict[str, Any]:
    return {
        "id": new_id(), "hand_over_id": hand_over_id, "no": no, "rule_id": row.rule_id, "item_id": row.item_id,
        "lot_id": taken.lot_id, "quantity": taken.quantity, "allowed": allowed, "person_ids": covered,
    }  # fmt: skip


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
    asked = {"ticket": draft.ticket_id, "household": draft.household_id}
    before = session.connection().execute(_DECLINED_BEFORE, asked).scalars()
    return ticket_is_settled(due, {line.rule_id for line in draft.lines} | set(before))


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
    session.flush()
    row = session.connection().execute(_RECEIPT, {"hand_over": hand_over_id}).one_or_none()
    if row is None:
        raise NotFound("no-hand-over", Text("This hand-over is not in the database."))
    return HandOverReceipt(
        id=row.id,
        household_id=row.household_id,
        day=row.day,
        at=row.at,
        signed_at=SheetLine(str(row.window), row.sheet, row.line),
        lines=given_lines(session, [row.id])[row.id],
        people=row.people,
        ticket_label=label(Lane(row.lane), row.number) if row.lane else "",
        ticket_served=row.served_ticket,
    )


def given_lines(session: Session, hand_over_ids: Sequence[UUID]) -> dict[UUID, tuple[GivenLine, ...]]:
    """The items of each hand-over, batches of one rule together, in the order they were given; then the declined ones."""
    found: dict[UUID, dict[UUID, GivenLine]] = defaultdict(dict)
    asked = {"hand_overs": list(hand_over_ids)}
    for hand, rule, item, names, quantity, allowed in session.connection().execute(_GIVEN, asked):
        known = found[hand].get(rule)
        before = (known.quantity, known.allowed) if known else (0, 0)
        found[hand][rule] = GivenLine(rule, item, names, before[0] + quantity, before[1] + allowed)
    for hand, rule, item, names, allowed in session.connection().execute(_DECLINED, asked):
        found[hand].setdefault(rule, GivenLine(rule, item, names, 0, allowed))
    return {one: tuple(found[one].values()) for one in hand_over_ids}
