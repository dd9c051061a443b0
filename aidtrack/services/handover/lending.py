"""Goods on loan: what families have to bring back, and taking it back by a counter-entry of its own.

A loan is a line of a hand-over by a rule that lends; owns `loan_return`, what became of it. One line is one thing, so that each comes
back by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import SheetLine
from aidtrack.domain.ids import new_id
from aidtrack.domain.lending import LoanEnd, end_problems
from aidtrack.domain.stock import PlaceKind
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Names, NotFound, Refused, Text
from aidtrack.services.identity.classes import household_class, lock_family
from aidtrack.services.stock import ledger
from aidtrack.services.today import require_open_day
from aidtrack.store import journal
from aidtrack.store.campaigns import CampaignRule
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid, LoanReturn
from aidtrack.store.people import Card
from aidtrack.store.stock import Item

_DAYS = CampaignRule.filters["loan_days"].as_integer()
_PLACES = {LoanEnd.SHELF: PlaceKind.SHELF, LoanEnd.SET_ASIDE: PlaceKind.QUARANTINE}


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One thing on loan: to which card, since when, due back when, and where it was signed for. No name."""

    line_id: UUID
    household_id: UUID
    item_id: UUID
    item_names: Names
    quantity: int
    lent: date
    due: date
    card_tail: str
    signed_at: SheetLine
    ended: LoanEnd | None = None

    def days_over(self, day: date) -> int:
        """Days since it was to come back; 0 when it is not overdue."""
        return max((day - self.due).days, 0)


def loans(session: Session, by: Actor, *, household_id: UUID | None = None) -> tuple[LoanRow, ...]:
    """What is on loan from this centre, first due first; of one family under all its cards when it is named."""
    by.require(Permission.STOCK_SEE)
    query = _open_loans().where(HandOver.site_id == by.site)
    if household_id is not None:
        query = query.where(HandOver.household_id.in_(household_class(session, household_id)))
    return _rows(session, query)


def lent_for(session: Session, rule_ids: Collection[UUID]) -> dict[UUID, int]:
    """For how many days each of these rules lends; those that give for good are left out."""
    query = select(CampaignRule.id, _DAYS).where(CampaignRule.id.in_(rule_ids), _DAYS.is_not(None))
    return {rule: int(days) for rule, days in session.execute(query)} if rule_ids else {}


def take_back(
    session: Session, by: Actor, *, request_id: UUID, line_id: UUID, end: LoanEnd, reason: str = ""
) -> LoanRow:
    """Ends one loan: the goods are on the shelf again or set aside, by a movement that names the one they left with; or the family keeps
    them, which a coordinator says with a reason. From then on what came back can be lent to the same people again.

    Idempotent by `request_id`; Refused `not-on-loan` when it ended already or was no loan.
    """
    by.require(Permission.HAND_OVER if end.came_back else Permission.CAMPAIGN)
    reason = clean(reason)
    asked = {"line_id": line_id, "end": end, "reason": reason}
    with journal.operation(session, by, request_id, "take_back_loan", because=reason, asked=asked) as op:
        if not op.is_repeat:
            problems = end_problems(end, reason)
            if problems:
                raise InvalidInput(problems)
            day = require_open_day(session, by).day
            lock_family(session, _household_of(session, line_id))
            _expect_open(session, line_id)
            if end.came_back:
                ledger.return_line(session, by, line_id=line_id, where=_PLACES[end])
            session.add(
                LoanReturn(
                    id=new_id(), hand_over_line_id=line_id, outcome=end.value, reason=reason, day=day, at=by.now()
                )
            )
            session.flush()
        return _rows(session, _lent().where(HandOverLine.id == line_id))[0]


def _household_of(session: Session, line_id: UUID) -> UUID:
    query = select(HandOver.household_id).join(HandOverLine, HandOverLine.hand_over_id == HandOver.id)
    found = session.scalar(query.where(HandOverLine.id == line_id))
    if found is None:
        raise NotFound("no-line", Text("This is not in the database."))
    return found


def _expect_open(session: Session, line_id: UUID) -> None:
    if not session.execute(_open_loans().where(HandOverLine.id == line_id)).all():
        raise Refused("not-on-loan", Text("This is not on loan any more."))


def _lent() -> Select[Any]:
    """Every line that was lent and not cancelled, with how it ended."""
    return (
        select(
            HandOverLine.id,
            HandOver.household_id,
            HandOverLine.item_id,
            Item.names,
            HandOverLine.quantity,
            HandOver.day,
            _DAYS.label("days"),
            Desk.number,
            HandOver.sheet,
            HandOver.line,
            LoanReturn.outcome,
        )
        .join(HandOver, HandOver.id == HandOverLine.hand_over_id)
        .join(CampaignRule, CampaignRule.id == HandOverLine.rule_id)
        .join(Item, Item.id == HandOverLine.item_id)
        .join(Desk, Desk.id == HandOver.desk_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .outerjoin(LoanReturn, LoanReturn.hand_over_line_id == HandOverLine.id)
        .where(_DAYS.is_not(None), HandOverVoid.id.is_(None))
    )


def _open_loans() -> Select[Any]:
    return _lent().where(LoanReturn.id.is_(None))


def _rows(session: Session, query: Select[Any]) -> tuple[LoanRow, ...]:
    session.flush()
    rows = session.execute(query.order_by(HandOver.day, HandOver.sheet, HandOver.line, HandOverLine.no)).all()
    tails = _tails(session, {row.household_id for row in rows})
    found = [
        LoanRow(
            row.id, row.household_id, row.item_id, row.names, row.quantity, row.day, row.day + timedelta(days=row.days),
            tails.get(row.household_id, ""), SheetLine(str(row.number), row.sheet, row.line),
            LoanEnd(row.outcome) if row.outcome else None,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: row.due))


def _tails(session: Session, households: set[UUID]) -> dict[UUID, str]:
    query = select(Card.household_id, Card.tail).where(Card.household_id.in_(households), Card.is_valid)
    return {row.household_id: row.tail for row in session.execute(query.order_by(Card.issued_at))}
