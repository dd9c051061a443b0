"""Opening, pausing, closing and signing off a day, and the sentence that explains a difference.

Nobody is held hostage in the evening: a day closes with open rows too, they stand on the first page. Until it is signed
off it can be opened again, and everything is as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayEvent as Happened
from aidtrack.domain.days import DayEventKind, DayNow, DayState, Pause, PauseReason, after, why_not
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Problem, Refused, Text
from aidtrack.services.queueing.closing import call_again_after_pause, let_go, take_back_closing
from aidtrack.services.today import current_day, now_of, require_open_day, zone_of
from aidtrack.store import journal
from aidtrack.store.days import Day, DayCount, DayEvent, DayNote, local_day
from aidtrack.store.journal import Operation

_K = DayEventKind
LONGEST_SENTENCE = 300
MOST_COUNTED = 99_999


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day as the window shows it. `state` is none, open, closed or signed_off; a pause is `paused_since` of an open
    day."""

    id: UUID | None
    day: date
    state: DayState
    paused_since: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    signed_off_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    is_forgotten: bool = False
    """Open for more than thirty hours: it takes no more facts and waits to be closed."""


def day_state(session: Session, by: Actor) -> DayRow:
    """The day that is open, a forgotten one included; else today as it stands: not open yet, closed or signed off."""
    still_open = Day.state.in_((DayState.OPEN, DayState.PAUSED))
    query = select(Day).where(Day.site_id == by.site, still_open).order_by(Day.day.desc()).limit(1)
    found = session.scalar(query) or _newest(session, by)
    if found is None:
        return DayRow(None, current_day(session, by), DayState.NOT_OPEN)
    return _shown(session, by, found)


def day_row(session: Session, by: Actor, day: date) -> DayRow:
    """A day by its date."""
    found = _row_of(session, by.site, day)
    return _shown(session, by, found) if found is not None else DayRow(None, day, DayState.NOT_OPEN)


def open_day(session: Session, by: Actor, *, request_id: UUID, day: date | None = None) -> DayRow:
    """Opens today (or `day`, for a day typed in later). A closed one goes on; counting can wait.

    After a day was signed off the next date is opened, even before the hour at which days usually begin.
    """
    by.require(Permission.DAY)
    with journal.operation(session, by, request_id, "open_day", day=day) as op:
        if op.is_repeat:
            return _repeated(session, by, op)
        _refuse_second(session, by)
        wanted = day or _to_open(session, by)
        found = _row_of(session, by.site, wanted)
        if found is not None:
            return _go_on(session, by, found)
        row = Day(site_id=by.site, day=wanted, state=DayState.OPEN)
        session.add(row)
        session.flush()
        return _append(session, by, row, DayNow(), _K.OPENED)


def pause(session: Session, by: Actor, *, request_id: UUID, reason: PauseReason | None = None) -> DayRow:
    """The clocks stand still; everybody keeps the place. Any signed-in person may; a second press changes nothing."""
    by.require(Permission.PAUSE)
    with journal.operation(session, by, request_id, "pause", reason=reason) as op:
        if op.is_repeat:
            return _repeated(session, by, op)
        row = _locked(session, require_open_day(session, by).id)
        now = now_of(session, row.id)
        return _shown(session, by, row) if now.is_paused else _append(session, by, row, now, _K.PAUSED, reason)


def resume(session: Session, by: Actor, *, request_id: UUID, reason: PauseReason | None = None) -> DayRow:
    """The clocks run again and whoever was called is called again. The reason may be given now."""
    by.require(Permission.RESUME)
    with journal.operation(session, by, request_id, "resume", reason=reason) as op:
        if op.is_repeat:
            return _repeated(session, by, op)
        row = _locked(session, require_open_day(session, by).id)
        shown = _append(session, by, row, now_of(session, row.id), _K.RESUMED, reason)
        call_again_after_pause(session, by, row)
        return shown


def name_pause(session: Session, by: Actor, *, request_id: UUID, reason: PauseReason) -> DayRow:
    """Why the last pause was, told when there is time for it; a later answer takes the place of an earlier one."""
    by.require(Permission.RESUME)
    with journal.operation(session, by, request_id, "name_pause", reason=reason) as op:
        if op.is_repeat:
            return _repeated(session, by, op)
        row = _locked(session, _must_exist(day_state(session, by)))
        return _append(session, by, row, now_of(session, row.id), _K.NAMED, reason)


def close_day(session: Session, by: Actor, *, request_id: UUID, to_tomorrow: bool = True) -> DayRow:
    """Closes the open day, a forgotten one included. Open numbers keep a place for tomorrow, or expire."""
    by.require(Permission.DAY)
    with journal.operation(session, by, request_id, "close_day", to_tomorrow=to_tomorrow) as op:
        if op.is_repeat:
            return _repeated(session, by, op)
        row = _locked(session, _must_exist(day_state(session, by)))
        by = _at_one_moment(by)  # by this moment reopening knows what closing did
        let_go(session, by, row, to_tomorrow=to_tomorrow)
        return _append(session, by, row, now_of(session, row.id), _K.CLOSED)


def _at_one_moment(by: Actor) -> Actor:
    """The same person with a clock that stands still."""
    moment = by.now()
    return replace(by, clock=lambda: moment)


def reopen_day(session: Session, by: Actor, *, request_id: UUID) -> DayRow:
    """Takes closing back: the numbers are where they were."""
    by.require(Permission.DAY)
    with journal.operation(session, by, request_id, "reopen_day") as op:
        if op.is_repeat:
            return _repeated(session, by, op)
        return _go_on(session, by, _locked(session, _must_exist(day_state(session, by))))


def sign_off(session: Session, by: Actor, *, request_id: UUID, day: date | None = None) -> DayRow:
    """The closed day's figures stand from now on. Later facts make a revision beside them. The coordinator's or the shift lead's act."""
    by.require(Permission.SIGN_OFF)
    with journal.operation(session, by, request_id, "sign_off", day=day) as op:
        if op.is_repeat:
            return _repeated(session, by, op)
        shown = day_row(session, by, day) if day else day_state(session, by)
        row = _locked(session, _must_exist(shown))
        return _append(session, by, row, now_of(session, row.id), _K.SIGNED_OFF)


def explain(session: Session, by: Actor, *, request_id: UUID, day_id: UUID, topic: str, sentence: str) -> None:
    """One sentence for one difference of a day; a later one takes its place on paper. Empty takes it back."""
    by.require(Permission.STOCK_COUNT)
    said = clean(sentence)
    if len(said) > LONGEST_SENTENCE:
        shorter = Text.plural(
            "At most {n} letter, please shorten.", "At most {n} letters, please shorten.", n=LONGEST_SENTENCE
        )
        raise InvalidInput([Problem("sentence", shorter)])
    with journal.operation(session, by, request_id, "explain", day_id=day_id, topic=topic, sentence=said) as op:
        if op.is_repeat:
            return
        row = _locked(session, day_id)
        if row.state == DayState.SIGNED_OFF:
            raise Refused("day-signed-off", Text("The day is signed off: its figures stay as they are."))
        session.add(DayNote(day_id=row.id, topic=topic, sentence=said, at=by.now()))


def count_up(session: Session, by: Actor, *, request_id: UUID, day_id: UUID, topic: str, number: int) -> None:
    """What was counted by hand of a day's papers: the signed lines of a window, the papers with names; a later count takes its place."""
    by.require(Permission.STOCK_COUNT)
    if not 0 <= number <= MOST_COUNTED:
        raise InvalidInput([Problem("number", Text("Count once more: a number from 0 to {most}.", most=MOST_COUNTED))])
    with journal.operation(session, by, request_id, "count_up", day_id=day_id, topic=topic, number=number) as op:
        if op.is_repeat:
            return
        row = _locked(session, day_id)
        if row.state == DayState.SIGNED_OFF:
            raise Refused("day-signed-off", Text("The day is signed off: its figures stay as they are."))
        session.add(DayCount(day_id=row.id, topic=topic, number=number, at=by.now()))


def kit_printed(session: Session, by: Actor, *, request_id: UUID) -> tuple[datetime, ...]:
    """The paper kit for a power cut is printed now; returns all times of the day it was."""
    by.require(Permission.REPORT)
    with journal.operation(session, by, request_id, "print_kit") as op:
        session.flush()
        return kits_of(session, by, op.day or current_day(session, by))


def kits_of(session: Session, by: Actor, day: date) -> tuple[datetime, ...]:
    """When the paper kit of a day was printed, rising: it is due at opening and once more at midday."""
    query = select(Operation.at).where(Operation.site_id == by.site, Operation.day == day, Operation.kind == "print_kit")
    return tuple(session.scalars(query.order_by(Operation.arrival)))


def last_written(session: Session, by: Actor) -> datetime | None:
    """When the newest entry of the book was made: a clock that shows less is wrong."""
    return session.scalar(select(func.max(Operation.at)).where(Operation.site_id == by.site))


# ── one day ──────────────────────────────────────────────────────────────────────────────────────


def _row_of(session: Session, site_id: UUID, day: date) -> Day | None:
    return session.scalar(select(Day).where(Day.site_id == site_id, Day.day == day))


def _newest(session: Session, by: Actor) -> Day | None:
    """Today's row, or that of a date opened ahead of the usual hour and closed already."""
    from_today = (Day.site_id == by.site, Day.day >= current_day(session, by))
    return session.scalar(select(Day).where(*from_today).order_by(Day.day.desc()).limit(1))


def _locked(session: Session, day_id: UUID) -> Day:
    row = session.get(Day, day_id, with_for_update={"key_share": True})
    if row is None:
        raise NotFound("day", Text("This day was never opened."))
    return row


def _must_exist(shown: DayRow) -> UUID:
    if shown.id is None:
        raise Refused("day-not-open", Text("The day is not open yet. The coordinator opens it on the page Day."))
    return shown.id


def _refuse_second(session: Session, by: Actor) -> None:
    shown = day_state(session, by)
    if shown.state is DayState.OPEN:
        raise Refused("day-open", Text("{day} is still open: close it first.", day=shown.day))


def _to_open(session: Session, by: Actor) -> date:
    """Today; the next date when today's figures are signed off already and buses come at night."""
    usual = local_day(session, by.site, by.now())
    row = _row_of(session, by.site, usual)
    by_the_clock = by.now().astimezone(zone_of(session, by.site)).date()
    if row is None or row.state != DayState.SIGNED_OFF or by_the_clock <= usual:
        return usual
    return usual + timedelta(days=1)


def _go_on(session: Session, by: Actor, row: Day) -> DayRow:
    now = now_of(session, row.id)
    shown = _append(session, by, row, now, _K.REOPENED)
    if now.closed_at is not None:
        take_back_closing(session, by, row, now.closed_at)
    return shown


def _append(
    session: Session, by: Actor, row: Day, now: DayNow, kind: DayEventKind, reason: PauseReason | None = None
) -> DayRow:
    """Writes one event of the day if it may follow what happened before."""
    refusal = why_not(now, kind)
    if refusal is not None:
        raise refusal
    at = by.now()
    last = session.scalar(select(func.max(DayEvent.no)).where(DayEvent.day_id == row.id)) or 0
    session.add(DayEvent(day_id=row.id, no=last + 1, kind=kind, at=at, by_name=by.name, reason=reason or ""))
    row.state = after(now, Happened(kind, at, reason)).state
    session.flush()
    return _shown(session, by, row)


def _shown(session: Session, by: Actor, row: Day) -> DayRow:
    now = now_of(session, row.id)
    return DayRow(
        id=row.id,
        day=row.day,
        state=DayState.OPEN if now.is_paused else now.state,
        paused_since=now.paused_since,
        opened_at=now.opened_at,
        closed_at=now.closed_at,
        signed_off_at=now.signed_off_at,
        pauses=now.pauses,
        is_forgotten=now.closed_at is None and now.is_over_at(by.now()),
    )


def _repeated(session: Session, by: Actor, op: journal.Open) -> DayRow:
    """The day this request touched, as it stands now."""
    events = op.ids("day_event")
    if not events:
        return day_state(session, by)
    day_id = session.scalars(select(DayEvent.day_id).where(DayEvent.id == events[0])).one()
    return _shown(session, by, _locked(session, day_id))
