"""A centre's working day as a fold of its events, its pauses, and clocks that stand still in them.

Owns what state a day is in, which date a moment belongs to, and how long something lasted without pauses. It knows no
tickets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from aidtrack.errors import Refused, Text

LONGEST_DAY = timedelta(hours=30)
DAY_STARTS_AT = 4 * 60
"""Minutes after midnight that still belong to the day before, until a centre says otherwise."""


class DayState(StrEnum):
    """Where a day stands. A day nobody opened has no row and is NOT_OPEN."""

    NOT_OPEN = "none"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    SIGNED_OFF = "signed_off"

    @property
    def text(self) -> Text:
        return _STATE_WORDS[self]


_STATE_WORDS = {
    DayState.NOT_OPEN: Text("The day is not open"),
    DayState.OPEN: Text("The day is open"),
    DayState.PAUSED: Text("Pause"),
    DayState.CLOSED: Text("The day is closed"),
    DayState.SIGNED_OFF: Text("The day is signed off"),
}


class DayEventKind(StrEnum):
    """What may happen to a day. NAMED gives the last pause its reason, when there is time for it."""

    OPENED = "open"
    PAUSED = "pause"
    RESUMED = "resume"
    NAMED = "reason"
    CLOSED = "close"
    REOPENED = "reopen"
    SIGNED_OFF = "sign_off"


class PauseReason(StrEnum):
    """Why the clocks stand still. It may be given when there is time for it."""

    ALARM = "alarm"
    POWER = "power"
    FIGHT = "fight"
    HEAT = "heat"
    REST = "rest"
    OTHER = "other"

    @property
    def text(self) -> Text:
        return _PAUSE_WORDS[self]


_PAUSE_WORDS = {
    PauseReason.ALARM: Text("air alarm"),
    PauseReason.POWER: Text("no power"),
    PauseReason.FIGHT: Text("disorder in the queue"),
    PauseReason.HEAT: Text("heat"),
    PauseReason.REST: Text("rest"),
    PauseReason.OTHER: Text("other reason"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a centre from the first to the last; one day alone is a period, too. Refused when they stand the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            text = Text("The first day, {first}, is after the last, {last}.", first=self.first, last=self.last)
            raise Refused("period", text)

    @classmethod
    def of(cls, day: date) -> Period:
        """One day alone."""
        return cls(day, day)

    @property
    def is_day(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Pause:
    """From–to; `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None
    reason: PauseReason | None = None


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One event of a day, at an aware moment."""

    kind: DayEventKind
    at: datetime
    reason: PauseReason | None = None


@dataclass(frozen=True, slots=True)
class DayNow:
    """What the events of a day add up to."""

    state: DayState = DayState.NOT_OPEN
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    signed_off_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def paused_since(self) -> datetime | None:
        """Since when the clocks stand still, None if they run."""
        return self.pauses[-1].since if self.is_paused else None

    @property
    def is_paused(self) -> bool:
        return self.state is DayState.PAUSED

    def is_over_at(self, moment: datetime) -> bool:
        """A day forgotten open takes no more facts after thirty hours."""
        return self.opened_at is not None and moment - self.opened_at > LONGEST_DAY


def day_now(events: Iterable[DayEvent]) -> DayNow:
    """The state after `events`, given in the order they happened. Events that cannot follow each other raise
    Refused."""
    now = DayNow()
    for event in events:
        now = after(now, event)
    return now


def after(now: DayNow, event: DayEvent) -> DayNow:
    """The day after one more event; raises Refused when it cannot happen now."""
    refusal = why_not(now, event.kind)
    if refusal is not None:
        raise refusal
    return _STEPS[event.kind](now, event)


def why_not(now: DayNow, kind: DayEventKind) -> Refused | None:
    """Why `kind` cannot happen now, or None if it can."""
    if now.state in _FROM[kind] and (now.pauses or kind is not DayEventKind.NAMED):
        return None
    if kind is DayEventKind.NAMED and now.state in (DayState.OPEN, DayState.PAUSED, DayState.CLOSED):
        return Refused(*_NEVER_PAUSED)
    return Refused(*_SPECIAL.get((kind, now.state), _BY_STATE[now.state]))


_FROM = {
    DayEventKind.OPENED: {DayState.NOT_OPEN},
    DayEventKind.PAUSED: {DayState.OPEN},
    DayEventKind.RESUMED: {DayState.PAUSED},
    DayEventKind.NAMED: {DayState.OPEN, DayState.PAUSED, DayState.CLOSED},
    DayEventKind.CLOSED: {DayState.OPEN, DayState.PAUSED},
    DayEventKind.REOPENED: {DayState.CLOSED},
    DayEventKind.SIGNED_OFF: {DayState.CLOSED},
}
_NOT_OPEN = ("day-not-open", Text("The day is not open yet. The coordinator opens it on the page Day."))
_IS_OPEN = ("day-open", Text("The day is open already."))
_IS_CLOSED = ("day-closed", Text("The day is closed. The coordinator can open it again until it is signed off."))
_SIGNED_OFF = ("day-signed-off", Text("The day is signed off: its figures stay as they are."))
_STILL_OPEN = ("day-still-open", Text("Close the day first, then sign it off."))
_NEVER_PAUSED = ("day-not-paused", Text("There was no pause today."))
_NO_PAUSE = ("day-not-paused", Text("There is no pause now."))
_IN_PAUSE = ("day-paused", Text("Pause: every number keeps its place. The shift lead goes on with F11."))
_BY_STATE = {
    DayState.NOT_OPEN: _NOT_OPEN,
    DayState.OPEN: _IS_OPEN,
    DayState.PAUSED: _IN_PAUSE,
    DayState.CLOSED: _IS_CLOSED,
    DayState.SIGNED_OFF: _SIGNED_OFF,
}
_SPECIAL = {
    (DayEventKind.SIGNED_OFF, DayState.OPEN): _STILL_OPEN,
    (DayEventKind.SIGNED_OFF, DayState.PAUSED): _STILL_OPEN,
    (DayEventKind.RESUMED, DayState.OPEN): _NO_PAUSE,
}


def _opened(now: DayNow, event: DayEvent) -> DayNow:
    return DayNow(DayState.OPEN, opened_at=event.at)


def _paused(now: DayNow, event: DayEvent) -> DayNow:
    return replace(now, state=DayState.PAUSED, pauses=(*now.pauses, Pause(event.at, None, event.reason)))


def _resumed(now: DayNow, event: DayEvent) -> DayNow:
    last = now.pauses[-1]
    ended = Pause(last.since, event.at, event.reason or last.reason)
    return replace(now, state=DayState.OPEN, pauses=(*now.pauses[:-1], ended))


def _named(now: DayNow, event: DayEvent) -> DayNow:
    last = now.pauses[-1]
    return replace(now, pauses=(*now.pauses[:-1], Pause(last.since, last.until, event.reason)))


def _closed(now: DayNow, event: DayEvent) -> DayNow:
    """Closing ends a pause that still lasts: nobody is left standing in one."""
    ended = _resumed(now, event) if now.is_paused else now
    return replace(ended, state=DayState.CLOSED, closed_at=event.at)


def _reopened(now: DayNow, event: DayEvent) -> DayNow:
    """The hours between closing and opening again are a pause: nobody waited in them."""
    assert now.closed_at is not None
    between = Pause(now.closed_at, event.at, PauseReason.OTHER)
    return replace(now, state=DayState.OPEN, closed_at=None, pauses=(*now.pauses, between))


def _signed_off(now: DayNow, event: DayEvent) -> DayNow:
    return replace(now, state=DayState.SIGNED_OFF, signed_off_at=event.at)


_STEPS = {
    DayEventKind.OPENED: _opened,
    DayEventKind.PAUSED: _paused,
    DayEventKind.RESUMED: _resumed,
    DayEventKind.NAMED: _named,
    DayEventKind.CLOSED: _closed,
    DayEventKind.REOPENED: _reopened,
    DayEventKind.SIGNED_OFF: _signed_off,
}


def wall_day(moment: datetime, zone: tzinfo, starts_at: int = DAY_STARTS_AT) -> date:
    """The date a moment belongs to when no day is open: for the first `starts_at` minutes it is still yesterday."""
    return (moment.astimezone(zone) - timedelta(minutes=starts_at)).date()


def last_time(clock: time, now: datetime) -> datetime:
    """The last moment at which a clock on the wall of `now` showed this: after midnight 23:50 was yesterday."""
    today = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def without_pauses(since: datetime, until: datetime, pauses: Sequence[Pause]) -> timedelta:
    """How long it took from `since` to `until` by a clock that stands still in pauses; never negative."""
    if until <= since:
        return timedelta(0)
    return until - since - sum((_overlap(since, until, pause) for pause in pauses), timedelta(0))


def _overlap(since: datetime, until: datetime, pause: Pause) -> timedelta:
    begin = max(since, pause.since)
    end = until if pause.until is None else min(until, pause.until)
    return max(end - begin, timedelta(0))


def whole_minutes(duration: timedelta) -> int:
    """Full minutes of a duration: a wait is never said longer than it was."""
    return int(duration.total_seconds() // 60)
