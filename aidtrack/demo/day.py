"""The demonstration day itself: who comes when, what every window does, and what happens besides.

A list of moments is worked through in order; each is done by the use cases the window uses, so the day is as true as a typed one.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from aidtrack.demo import owed
from aidtrack.demo.centre import DAY, Centre, on
from aidtrack.demo.families import SEED, Family, families
from aidtrack.demo.store import DayOfTheStore
from aidtrack.domain.days import PauseReason
from aidtrack.domain.handover import GoodsAre, HandOverDraft, LineDraft
from aidtrack.domain.queueing import Lane, Stage, TicketState
from aidtrack.services import campaigns, days, handover, people, queueing

OPENS, CLOSES = on(DAY, 8), on(DAY, 18, 30)
PAUSE = (on(DAY, 12, 40), on(DAY, 13, 5))
REGISTRAR, LEAD, COORDINATOR = "Марина С.", "Ирина Л.", "Ольга К."
DISTRIBUTORS = {1: "Андрей П.", 2: "Наталья В."}
LEAVE_BEFORE = 11
"""People who take a number and are gone when it is called."""

LATE = 4
"""Families who come so late that they keep their place for the next day."""


@dataclass
class Visit:
    """One number and who holds it; `family` is None for somebody who will not wait."""

    ticket_id: UUID
    family: Family | None
    household_id: UUID | None = None
    collector_id: UUID | None = None
    seen: set[int] = field(default_factory=set)
    calls: int = 0


@dataclass
class Figures:
    """What the day came to, for the last line on the terminal."""

    families: int = 0
    people: int = 0
    hand_overs: int = 0
    cancelled: int = 0
    tickets: int = 0


class DemoDay:
    """The day under way: a list of moments still to come, and who is where."""

    def __init__(self, centre: Centre, day: date = DAY) -> None:
        self._centre = centre
        self._chance = Random(SEED + 1)
        self._moments: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self._visits: dict[UUID, Visit] = {}
        self._idle: set[int] = {1, 2, 3}
        self._walking: dict[int, deque[Visit]] = {1: deque(), 2: deque()}
        self._expected = dict.fromkeys(Stage, 0)
        self._cancel_at = {2: [on(day, 11, 15)], 1: [on(day, 15, 40)]}
        self.figures = Figures()

    def run(self, until: datetime | None = None) -> Figures:
        """Works through the whole day and closes it; with `until` the day stands still at that moment."""
        self._centre.clock.moment = OPENS
        self._centre.do(COORDINATOR, days.open_day)
        self._plan_arrivals()
        self._plan_the_rest()
        while self._moments and (until is None or self._moments[0][0] <= until):
            moment, _, happen = heapq.heappop(self._moments)
            self._centre.clock.moment = moment
            happen()
        return self.figures

    # ── what is going to happen ──────────────────────────────────────────────────────────────────

    def _at(self, moment: datetime, happen: Callable[[], None]) -> None:
        """At this moment, or after the pause when it falls into it."""
        since, until = PAUSE
        if since <= moment < until:
            moment = until + (moment - since) / 6
        heapq.heappush(self._moments, (moment, next(self._order), happen))

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        self._at(self._centre.clock.moment + timedelta(seconds=seconds), happen)

    def _plan_arrivals(self) -> None:
        """Most come in the morning: half of all before eleven."""
        everybody: list[Family | None] = list(families(DAY))
        for _ in range(LEAVE_BEFORE):
            everybody.insert(self._chance.randrange(20, len(everybody)), None)
        for family, moment in zip(everybody, self._arrivals(len(everybody)), strict=True):
            self._at(moment, self._coming(family))
        for minute in range(LATE):
            self._at(CLOSES - timedelta(minutes=12 - 2 * minute), self._come_late)

    def _arrivals(self, number: int) -> Iterator[datetime]:
        moment, minutes = OPENS + timedelta(minutes=1), 8.4 * 60
        for n in range(number):
            yield moment
            busy = 1.3 if n < number * 0.55 else 0.78
            moment += timedelta(minutes=minutes / number / busy * self._chance.uniform(0.4, 1.6))

    def _plan_the_rest(self) -> None:
        self._moments.append((PAUSE[0], next(self._order), self._pause))
        self._moments.append((PAUSE[1], next(self._order), self._resume))
        heapq.heapify(self._moments)
        DayOfTheStore(self._centre).plan(self._at)
        self._at(CLOSES, self._close)

    # ── the door and the registration ────────────────────────────────────────────────────────────

    def _coming(self, family: Family | None) -> Callable[[], None]:
        return lambda: self._give_number(family)

    def _give_number(self, family: Family | None) -> None:
        ticket = self._centre.do(REGISTRAR, queueing.issue_ticket, lane=self._lane(family))
        self._visits[ticket.id] = Visit(ticket.id, family)
        self.figures.tickets += 1
        self._expect(Stage.REGISTER)

    def _come_late(self) -> None:
        """Nobody is called any more: the number keeps its place for the next day."""
        self._centre.do(REGISTRAR, queueing.issue_ticket, lane=Lane.A)
        self.figures.tickets += 1

    def _lane(self, family: Family | None) -> Lane:
        if family is not None and family.is_served_first:
            return Lane.K
        return self._chance.choices([Lane.A, Lane.M, Lane.T], [90, 6, 4])[0]

    def _expect(self, stage: Stage) -> None:
        """Somebody waits for this stage: a window that has nothing to do calls."""
        self._expected[stage] += 1
        for window in (3,) if stage is Stage.REGISTER else (1, 2):
            if window in self._idle:
                self._idle.remove(window)
                self._after(5, self._working(window))
                return

    def _working(self, window: int) -> Callable[[], None]:
        return lambda: self._register_next() if window == 3 else self._serve_next(window)

    def _call(self, window: int, who: str, stage: Stage) -> Visit | None:
        """The next number; None when nobody waits for this window."""
        if not self._expected[stage]:
            self._idle.add(window)
            return None
        ticket = self._centre.do(who, queueing.call_next)
        if ticket is None:
            self._expected[stage] = 0
            self._idle.add(window)
            return None
        self._expected[stage] -= 1
        visit = self._visits[ticket.id]
        visit.calls += 1
        return visit

    def _register_next(self) -> None:
        visit = self._call(3, REGISTRAR, Stage.REGISTER)
        if visit is None:
            return
        if visit.family is None:
            self._after(50, lambda: self._nobody_came(visit))
            return
        self._centre.do(REGISTRAR, queueing.start_serving, ticket_id=visit.ticket_id)
        self._after(self._chance.uniform(100, 175) + 7 * visit.family.size, lambda: self._register(visit))

    def _nobody_came(self, visit: Visit) -> None:
        if visit.calls == 1 and self._chance.random() < 0.3:
            self._centre.do(REGISTRAR, queueing.gone, ticket_id=visit.ticket_id)
        else:
            state = self._centre.do(REGISTRAR, queueing.not_here, ticket_id=visit.ticket_id).state
            self._expected[Stage.REGISTER] += state == "waiting"
        self._register_next()

    def _register(self, visit: Visit) -> None:
        assert visit.family is not None
        receipt = self._centre.do(REGISTRAR, people.register_household, draft=visit.family.draft)
        visit.household_id = receipt.household_id
        visit.collector_id = self._centre.ask(REGISTRAR, people.household_view, receipt.household_id).members[0].person_id
        self._centre.do(REGISTRAR, queueing.tie_ticket, ticket_id=visit.ticket_id, household_id=receipt.household_id)
        self._centre.do(REGISTRAR, queueing.move_stage, ticket_id=visit.ticket_id, stage=Stage.HAND_OVER)
        self.figures.families += 1
        self.figures.people += visit.family.size
        owed.after_registration(self._centre, self.figures.families, receipt.household_id)
        self._expect(Stage.HAND_OVER)
        self._register_next()

    # ── the two windows that give ────────────────────────────────────────────────────────────────

    def _serve_next(self, window: int) -> None:
        who = DISTRIBUTORS[window]
        if self._walking[window]:
            visit = self._walking[window].popleft()
        else:
            called = self._call(window, who, Stage.HAND_OVER)
            if called is None:
                return
            visit = called
        self._after(self._chance.uniform(45, 110), lambda: self._hand_over(window, visit))

    def _hand_over(self, window: int, visit: Visit) -> None:
        given = self._give(window, visit)
        if given is not None:
            self._maybe_cancel(window, visit, given)
        visit.seen.add(window)
        other = 3 - window
        if other not in visit.seen:
            self._walk(other, visit)
        else:
            self._done(window, visit)
        self._serve_next(window)

    def _done(self, window: int, visit: Visit) -> None:
        """What is still due ran out: the family has been everywhere, so its number is done."""
        who = DISTRIBUTORS[window]
        state = self._centre.scopes.read(lambda session: queueing.ticket_row(session, visit.ticket_id)).state
        if state is TicketState.SERVING:
            self._centre.do(who, queueing.finish_here, ticket_id=visit.ticket_id)

    def _walk(self, window: int, visit: Visit) -> None:
        """From one window to the other with the same card: nobody stands in line twice."""
        self._walking[window].append(visit)
        if window in self._idle:
            self._idle.remove(window)
            self._after(40, self._working(window))

    def _give(self, window: int, visit: Visit) -> UUID | None:
        """Everything this window has for the family; None when there is nothing."""
        assert visit.household_id is not None
        who = DISTRIBUTORS[window]
        rows = self._centre.ask(who, campaigns.allowances, visit.household_id)
        lines = tuple(LineDraft(row.rule_id, min(row.due, row.available)) for row in rows if row.state.gives and row.due)
        if not any(line.quantity for line in lines):
            return None
        draft = HandOverDraft(visit.household_id, lines, visit.ticket_id, visit.collector_id)
        receipt = self._centre.do(who, handover.hand_over, draft=draft)
        self.figures.hand_overs += 1
        return receipt.id

    def _maybe_cancel(self, window: int, visit: Visit, hand_over_id: UUID) -> None:
        """Twice in the day a slip is taken back: once the wrong card was scanned, once a packet was torn."""
        due = self._cancel_at[window]
        if due and self._centre.clock.moment >= due[0]:
            due.pop()
            where, why = (GoodsAre.BACK_ON_SHELF, "не та карта") if window == 2 else (GoodsAre.SET_ASIDE, "порвана упаковка")
            self._after(70, lambda: self._cancel(window, visit, hand_over_id, where, why))

    def _cancel(self, window: int, visit: Visit, hand_over_id: UUID, where: GoodsAre, why: str) -> None:
        who = DISTRIBUTORS[window]
        self._centre.do(who, handover.cancel_hand_over, hand_over_id=hand_over_id, where=where, reason=why)
        self.figures.cancelled += 1
        self._after(60, lambda: self._give_again(window, visit))

    def _give_again(self, window: int, visit: Visit) -> None:
        self._give(window, visit)

    # ── what else happens ────────────────────────────────────────────────────────────────────────

    def _pause(self) -> None:
        self._centre.do(LEAD, days.pause, reason=PauseReason.ALARM)

    def _resume(self) -> None:
        self._centre.do(LEAD, days.resume)

    def _close(self) -> None:
        """Every difference gets its sentence, then the day is closed; late numbers keep their place for tomorrow."""
        day_id = self._centre.ask(COORDINATOR, days.day_state).id
        assert day_id is not None
        for row in self._centre.ask(COORDINATOR, days.checklist, day_id):
            if row.state is days.RowState.SENTENCE:
                self._centre.do(COORDINATOR, days.explain, day_id=day_id, topic=row.topic, sentence="Проверено вдвоём, причина не найдена.")
        self._centre.do(COORDINATOR, days.close_day)
        self._moments.clear()
