"""What was booked, read from its rows: for the message, the slip and the sheet. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, exists, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from aidtrack.domain.handover import SheetLine, SignOff, stamp_box
from aidtrack.domain.queueing import Lane, label
from aidtrack.errors import Names, NotFound, Text
from aidtrack.store.base import table_of
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverDecline, HandOverLine, HandOverVoid
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Item

# Statements made once: building one anew costs more than running it.
_HAND, _LINE, _DECLINE, _DESK, _TICKET, _ITEM, _RULE, _VOID = map(
    table_of,
    (HandOver, HandOverLine, HandOverDecline, Desk, Ticket, Item, CampaignRule, HandOverVoid),
)
# What the family was given so far by this card, this time included: which box of it is stamped.
_SO_FAR = table_of(HandOver).alias("so_far")
_TIMES = (
    select(func.count())
    .select_from(_SO_FAR)
    .where(_SO_FAR.c.household_id == _HAND.c.household_id, _SO_FAR.c.id <= _HAND.c.id)
    .where(
        ~exists().where(_VOID.c.hand_over_id == _SO_FAR.c.id, _VOID.c.hand_over_id != _HAND.c.id).correlate(_SO_FAR, _HAND)
    )
    .correlate(_HAND)
    .scalar_subquery()
)
_RECEIPT = (
    select(_HAND, _DESK.c.number.label("window"), _TICKET.c.lane, _TICKET.c.number, _TIMES.label("times"))
    .join_from(_HAND, _DESK, _DESK.c.id == _HAND.c.desk_id)
    .outerjoin(_TICKET, _TICKET.c.id == _HAND.c.ticket_id)
    .where(_HAND.c.id == bindparam("hand_over"))
)
# In one question: what was given, by the lines, then what was not wanted, by the rules.
_GIVEN = select(
    _LINE.c.hand_over_id, _LINE.c.rule_id, _LINE.c.item_id, _ITEM.c.names, _LINE.c.quantity, _LINE.c.allowed,
    _LINE.c.substitute_of_id, literal(0).label("is_declined"), null().label("campaign_id"), _LINE.c.no,
).join_from(_LINE, _ITEM, _ITEM.c.id == _LINE.c.item_id)  # fmt: skip
_DECLINED = (
    select(
        _DECLINE.c.hand_over_id, _DECLINE.c.rule_id, _DECLINE.c.item_id, _ITEM.c.names, literal(0), _DECLINE.c.allowed,
        null(), literal(1), _RULE.c.campaign_id, _RULE.c.no,
    )
    .join_from(_DECLINE, _ITEM, _ITEM.c.id == _DECLINE.c.item_id)
    .join(_RULE, _RULE.c.id == _DECLINE.c.rule_id)
)  # fmt: skip
_LINES = union_all(
    *(
        lines.where(table.c.hand_over_id.in_(bindparam("hand_overs", expanding=True)))
        for lines, table in ((_GIVEN, _LINE), (_DECLINED, _DECLINE))
    )
)
_LINES = _LINES.order_by(*(_LINES.selected_columns[name] for name in ("hand_over_id", "is_declined", "campaign_id", "no")))


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One item of a hand-over, all batches together. `allowed` is what was due; 0 given says it was not wanted.

    `rule_id` is None for people who are not registered; `substitute_of_id` is the item it was given in place of.
    """

    rule_id: UUID | None
    item_id: UUID
    item_names: Names
    quantity: int
    allowed: int
    substitute_of_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HandOverReceipt:
    """What was booked, re-read from its rows: for the message, the slip and the sheet. `stamp` is the box of the card to be stamped."""

    id: UUID
    household_id: UUID | None
    day: date
    at: datetime
    signed_at: SheetLine
    lines: tuple[GivenLine, ...]
    people: int
    ticket_label: str
    ticket_served: bool
    sign_off: SignOff = SignOff.SHEET
    stamp: int = 0

    @property
    def given(self) -> tuple[GivenLine, ...]:
        """The items that really left."""
        return tuple(line for line in self.lines if line.quantity)


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
        sign_off=SignOff(row.sign_off),
        stamp=stamp_box(row.times),
    )


def given_lines(session: Session, hand_over_ids: Sequence[UUID]) -> dict[UUID, tuple[GivenLine, ...]]:
    """The items of each hand-over, batches of one item by one rule together, in the order they were given; then the declined ones."""
    found: dict[UUID, dict[tuple[UUID | None, UUID], GivenLine]] = defaultdict(dict)
    asked = {"hand_overs": list(hand_over_ids)}
    for hand, rule, item, names, quantity, allowed, instead, *_ in session.connection().execute(_LINES, asked):
        known = found[hand].get((rule, item))
        if known is None:
            found[hand][rule, item] = GivenLine(rule, item, names, quantity, allowed, instead)
        elif quantity:
            found[hand][rule, item] = replace(known, quantity=known.quantity + quantity, allowed=known.allowed + allowed)
    return {one: tuple(found[one].values()) for one in hand_over_ids}
