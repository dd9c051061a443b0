"""“You got it” – “no, I did not”: what the shift lead sees of a hand-over, and the five ways a dispute ends.

Composed from hand-over and queue; owns the record of the outcome. The number keeps its time in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.disputes import GOOD_FAITH_A_DAY, Outcome
from aidtrack.domain.handover import GoodsAre, SheetLine
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import OPEN, Stage, last_undoable
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services import campaigns, handover, queueing
from aidtrack.services.handover import HistoryRow
from aidtrack.services.handover.cancelling import who_handed_over
from aidtrack.services.queueing.tickets import events_of, locked, take_back
from aidtrack.services.today import current_day, require_open_day
from aidtrack.store import journal
from aidtrack.store.accounts import put_setting, setting_of
from aidtrack.store.days import Day
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.queueing import Dispute, DisputeUndo, Ticket, TicketEvent, dispute_stands

SETTING = "disputes"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class PastRow:
    """A hand-over as both sides can look at it together: when, at which window, by whom, who collected, where it is signed.

    `is_earlier`: it is of a day before the open one, and only a coordinator takes it back.
    """

    id: UUID
    row: HistoryRow
    operator: str
    is_earlier: bool = False

    @property
    def at(self) -> datetime:
        return self.row.at

    @property
    def signed_at(self) -> SheetLine:
        return self.row.signed_at


@dataclass(frozen=True, slots=True)
class DisputeReceipt:
    """How it ended. `left_today` says how many may still be given in good faith; `next_day` is the day that was said. `to_cancel` is the
    day of a hand-over that was our error and still stands, because a coordinator has not taken it back.
    """

    id: UUID
    household_id: UUID
    outcome: Outcome
    next_day: date | None
    left_today: int
    to_cancel: date | None = None
    is_undone: bool = False


def past(session: Session, by: Actor, household_id: UUID) -> tuple[PastRow, ...]:
    """The newest valid hand-overs of a family, for the shift lead."""
    by.require(Permission.APPROVE)
    rows = [row for row in handover.history(session, by, household_id) if not row.is_cancelled][:SHOWN]
    today = current_day(session, by)
    return tuple(PastRow(row.id, row, who_handed_over(session, row.id)[1], row.day < today) for row in rows)


def settle_dispute(
    session: Session,
    by: Actor,
    *,
    request_id: UUID,
    household_id: UUID,
    outcome: Outcome,
    hand_over_id: UUID | None = None,
    other_household_id: UUID | None = None,
    approver: Actor | None = None,
) -> DisputeReceipt:
    """Ends a dispute and books what follows: our error takes the hand-over back, so that it can be given now; a wrong family has it
    moved; a wrong collector is stopped; a shown signature ends the number; good faith counts against the day's number.

    What is of an earlier day is taken back by a coordinator only: `by`, or `approver` at this window. Without one our error is written
    down, the hand-over stands (`to_cancel`), and the family is given more by the shift lead’s word.
    """
    by.require(Permission.APPROVE)
    facts: dict[str, Any] = {
        "household_id": household_id, "outcome": outcome, "hand_over_id": hand_over_id, "other_household_id": other_household_id,
    } | ({"approver": approver.user_id} if approver else {})  # fmt: skip
    with journal.operation(session, by, request_id, "settle_dispute", **facts) as op:
        if not op.is_repeat:
            day = _held_day(session, by)
            _expect(session, by, outcome, hand_over_id, household_id)
            if outcome is Outcome.GOOD_FAITH:
                _expect_left(session, by, day)
            _take_back(session, by, outcome, hand_over_id, other_household_id, approver)
            _write(session, by, op.id, day, household_id, outcome, hand_over_id)
            if not outcome.goes_on:
                _end_number(session, by, op.id, household_id, day)
        return _receipt(session, by, op.only("dispute"))


def _held_day(session: Session, by: Actor) -> date:
    """The open day, held so that two leads do not count its number at once."""
    row = require_open_day(session, by)
    session.execute(select(Day.id).where(Day.id == row.id).with_for_update(key_share=True))
    return row.day


def _expect(session: Session, by: Actor, outcome: Outcome, hand_over_id: UUID | None, household_id: UUID) -> None:
    if not outcome.needs_hand_over:
        return
    if hand_over_id is None:
        raise InvalidInput([Problem("hand_over", Text("Choose the hand-over this is about."))])
    known = {row.id for row in handover.history(session, by, household_id) if not row.is_cancelled}
    if hand_over_id not in known:
        raise NotFound("no-hand-over", Text("This hand-over is not in the database."))


def _take_back(
    session: Session, by: Actor, outcome: Outcome, hand_over_id: UUID | None, other: UUID | None, approver: Actor | None
) -> None:
    """By our error the goods never left; with a wrong family they are with the other one, whose card is scanned."""
    where = {Outcome.OUR_ERROR: GoodsAre.NEVER_LEFT, Outcome.WRONG_FAMILY: GoodsAre.OTHER_FAMILY}.get(outcome)
    if where is None or hand_over_id is None:
        return
    if outcome is Outcome.OUR_ERROR and not _may_take_back(session, by, hand_over_id, approver):
        return
    handover.cancel_hand_over(
        session, by, request_id=journal.current(session).id, hand_over_id=hand_over_id, where=where, other_household_id=other,
        approver=approver,
    )  # fmt: skip


def _may_take_back(session: Session, by: Actor, hand_over_id: UUID, approver: Actor | None) -> bool:
    """A hand-over of the open day the shift lead takes back; one of an earlier day a coordinator."""
    is_of_today = session.get_one(HandOver, hand_over_id).day == current_day(session, by)
    return is_of_today or (approver or by).may(Permission.CHANGE_PAST)


def _write(
    session: Session, by: Actor, operation_id: UUID, day: date, household_id: UUID, outcome: Outcome, hand_over_id: UUID | None
) -> None:
    stops = outcome is Outcome.OTHER_COLLECTOR and hand_over_id is not None
    days = [row.next_day for row in campaigns.allowances(session, by, household_id, day=day) if row.next_day is not None]
    row = Dispute(
        id=new_id(), operation_id=operation_id, site_id=by.site, household_id=household_id, hand_over_id=hand_over_id,
        ticket_id=_number_of(session, by, household_id, day),
        stopped_id=session.get_one(HandOver, hand_over_id).collector_id if stops else None,
        day=day, outcome=outcome.value, next_day=min(days, default=None) if not outcome.goes_on else None, at=by.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()


def _number_of(session: Session, by: Actor, household_id: UUID, day: date) -> UUID | None:
    """The family's number that waits for the shift lead or stands there."""
    query = select(Ticket.id).where(
        Ticket.site_id == by.site, Ticket.day == day, Ticket.household_id == household_id,
        Ticket.stage == Stage.SHIFT_LEAD, Ticket.state.in_(OPEN),
    )  # fmt: skip
    return session.scalars(query.order_by(Ticket.issued_at)).first()


def _end_number(session: Session, by: Actor, operation_id: UUID, household_id: UUID, day: date) -> None:
    ticket_id = _number_of(session, by, household_id, day)
    if ticket_id is not None:
        queueing.serve(session, by, request_id=operation_id, ticket_id=ticket_id)


def _receipt(session: Session, by: Actor, dispute_id: UUID) -> DisputeReceipt:
    row = session.get_one(Dispute, dispute_id)
    left = left_in_good_faith(session, by, row.day)
    stands = _still_stands(session, row)
    return DisputeReceipt(row.id, row.household_id, Outcome(row.outcome), row.next_day, left, stands, _is_undone(session, row))


def _is_undone(session: Session, row: Dispute) -> bool:
    return session.scalar(select(DisputeUndo.id).where(DisputeUndo.dispute_id == row.id)) is not None


def _still_stands(session: Session, row: Dispute) -> date | None:
    """The day of a hand-over that was our error and was not cancelled."""
    if row.outcome != Outcome.OUR_ERROR.value:
        return None
    query = select(HandOver.day).outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
    return session.scalar(query.where(HandOver.id == row.hand_over_id, HandOverVoid.id.is_(None)))


# ── taken back ───────────────────────────────────────────────────────────────────────────────────


def undo_dispute(session: Session, by: Actor, *, request_id: UUID, dispute_id: UUID) -> DisputeReceipt:
    """It did not end like that: the outcome counts no more, a stopped collector collects again, an ended number stands where it stood, a
    hand-over that was moved is moved back. What was cancelled as our error stays cancelled: it is handed over again by F9.

    Until the day is closed; a day that was closed by mistake is opened again first.
    """
    by.require(Permission.APPROVE)
    with journal.operation(session, by, request_id, "undo_dispute", dispute_id=dispute_id) as op:
        if not op.is_repeat:
            row = _standing(session, by, dispute_id)
            if row.outcome == Outcome.WRONG_FAMILY.value:
                _move_back(session, by, row)
            _give_number_back(session, by, row)
            session.add(DisputeUndo(id=new_id(), operation_id=op.id, dispute_id=row.id, at=by.now()))
            session.flush()
        return _receipt(session, by, dispute_id)


def _standing(session: Session, by: Actor, dispute_id: UUID) -> Dispute:
    """The dispute, if it is of the open day and was not taken back yet."""
    day = _held_day(session, by)
    row = session.get(Dispute, dispute_id, with_for_update=True)
    if row is None or row.site_id != by.site:
        raise NotFound("no-dispute", Text("This dispute is not in the database."))
    if row.day != day or _is_undone(session, row):
        raise Refused("dispute-past", Text("This can be taken back once, and only on its own day."))
    return row


def _move_back(session: Session, by: Actor, row: Dispute) -> None:
    """To the family that had it in the book first; stays where it is when somebody has cancelled it there since."""
    query = select(HandOverVoid.replaced_by_id).where(HandOverVoid.hand_over_id == row.hand_over_id)
    moved = session.scalar(query)
    gone = select(HandOverVoid.id).where(HandOverVoid.hand_over_id == moved)
    if moved is None or session.scalar(gone) is not None:
        return
    handover.cancel_hand_over(
        session, by, request_id=journal.current(session).id, hand_over_id=moved, where=GoodsAre.OTHER_FAMILY,
        other_household_id=row.household_id,
    )  # fmt: skip


def _give_number_back(session: Session, by: Actor, row: Dispute) -> None:
    """A number that this outcome ended waits again; one that has gone on stays where it is."""
    if row.ticket_id is None:
        return
    query = select(TicketEvent.no).where(TicketEvent.operation_id == row.operation_id, TicketEvent.ticket_id == row.ticket_id)
    ended = session.scalar(query)
    ticket = locked(session, row.ticket_id)
    last = last_undoable(events_of(session, ticket.id))
    if ended is not None and last is not None and last.no == ended:
        take_back(session, by, ticket, ended)


# ── good faith ───────────────────────────────────────────────────────────────────────────────────


def good_faith_a_day(session: Session) -> int:
    """How many disputes a day may end in good faith."""
    return int(setting_of(session, SETTING).get("good_faith", GOOD_FAITH_A_DAY))


def set_good_faith(session: Session, by: Actor, *, request_id: UUID, a_day: int) -> int:
    """The coordinator's number for a day; 0 leaves it to nobody."""
    by.require(Permission.DAY)
    if not 0 <= a_day <= 100:
        raise InvalidInput([Problem("a_day", Text("From 0 to {most}.", most=100))])
    with journal.operation(session, by, request_id, "set_good_faith", a_day=a_day) as op:
        if not op.is_repeat:
            put_setting(session, SETTING, {"good_faith": a_day})
        return good_faith_a_day(session)


def left_in_good_faith(session: Session, by: Actor, day: date) -> int:
    """How many are left of a day's number."""
    mine = (Dispute.site_id == by.site, Dispute.day == day, Dispute.outcome == Outcome.GOOD_FAITH.value, dispute_stands())
    used = session.scalar(select(func.count()).where(*mine)) or 0
    return max(good_faith_a_day(session) - used, 0)


def _expect_left(session: Session, by: Actor, day: date) -> None:
    """Asked under the row of the day: two leads cannot both give the last one."""
    if not left_in_good_faith(session, by, day):
        words = Text("Today’s number of hand-overs in good faith is reached. The coordinator can raise it.")
        raise Refused("good-faith-used-up", words)
