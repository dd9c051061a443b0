"""R17: what one shift hands over to the next: windows with their sheets, the cash of numbers and rolls, and what is still open."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission, Role
from aidtrack.domain.accounts import WRONG_TRIES
from aidtrack.domain.actor import Actor
from aidtrack.domain.queueing import OPEN, Lane, label
from aidtrack.services import days, on_paper
from aidtrack.services.days import RowState
from aidtrack.services.overview.evening_figures import ShiftBadges, ShiftReport, ShiftRoll, ShiftWindow
from aidtrack.services.overview.figures import SaidFigures
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.overview.queue import count_queue
from aidtrack.services.overview.reached import in_days, stands
from aidtrack.services.overview.rolls import rolls_of
from aidtrack.store.accounts import Badge
from aidtrack.store.base import by_first
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.queueing import Ticket


def count_shift(session: Session, by: Actor, day: date) -> ShiftReport:
    """The figures of the shift as they are now; of a closed day as it was closed."""
    by.require(Permission.REPORT)
    frame = frame_of(session, by, day)
    assert frame.day_id is not None
    queue = count_queue(session, by, day)
    rows = days.checklist(session, by, frame.day_id)
    return ShiftReport(
        heading=frame.heading,
        at=frame.until,
        windows=_windows(session, by, frame),
        lanes=tuple(lane for lane in queue.lanes if lane.issued),
        total=queue.total,
        not_printed=_not_printed(session, by, day),
        rolls=_rolls(session, by, day),
        badges=_badges(session, by, day),
        kits=days.kits_of(session, by, day),
        open_rows=tuple((row.title, row.figures) for row in rows if row.state is not RowState.DONE),
        explained=tuple(SaidFigures(row.title, row.figures, row.sentence) for row in rows if row.sentence),
    )


def _windows(session: Session, by: Actor, frame: Frame) -> tuple[ShiftWindow, ...]:
    assert frame.day_id is not None
    counted, given = days.signed_counts(session, frame.day_id), _hand_overs(session, frame)
    return tuple(
        ShiftWindow(
            one.number, given.get(one.window_id, 0), on_paper.place_of(one.number, one.last),
            tuple(a if a == b else f"{a}–{b}" for a, b in one.runs), counted.get(one.window_id),
        )
        for one in on_paper.missing_lines(session, by, frame.day)
    )  # fmt: skip


def _hand_overs(session: Session, frame: Frame) -> dict[UUID, int]:
    query = (
        select(HandOver.desk_id, func.count())
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(stands(frame), in_days(frame))
        .group_by(HandOver.desk_id)
    )
    return by_first(session, query)


def _not_printed(session: Session, by: Actor, day: date) -> int:
    query = select(func.count()).select_from(Ticket).where(Ticket.site_id == by.site, Ticket.day == day)
    return session.scalar(query.where(Ticket.is_printed.is_(False), Ticket.state.in_(OPEN))) or 0


def _rolls(session: Session, by: Actor, day: date) -> tuple[ShiftRoll, ...]:
    found = []
    for roll, given in rolls_of(session, by, day):
        lane = Lane(roll.lane)
        to = label(lane, given) if given else ""
        found.append(ShiftRoll(label(lane, roll.first), label(lane, roll.last), to, roll.last - (given or roll.first - 1)))
    return tuple(found)


def _badges(session: Session, by: Actor, day: date) -> tuple[ShiftBadges, ...]:
    rows = session.scalars(select(Badge).where(Badge.site_id == by.site, Badge.day == day)).all()
    found = []
    for role in Role:
        mine = [row for row in rows if row.role == role]
        if mine:
            ended = sum(row.ended_at is not None or row.wrong_tries >= WRONG_TRIES for row in mine)
            found.append(ShiftBadges(role.text, len(mine), sum(row.user_id is not None for row in mine), ended))
    return tuple(found)
