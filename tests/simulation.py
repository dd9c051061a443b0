"""A day at a centre, played through the program's own use cases on whichever database: so many families, several registrars, two windows
that give, an alarm, a power cut served on paper and typed in (`power_cut`), goods that run out, a lorry that comes late, buses after
midnight, promises, disputes and other errands (`errands`); and something that becomes known the day after.

Chance is seeded: the same day every time. What it must come to, `tests.recount` counts again from the raw tables.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from aidtrack.demo.centre import DAY, Centre, Scopes, founded, on
from aidtrack.demo.families import Family, families
from aidtrack.domain.accounts import WindowDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import PauseReason
from aidtrack.domain.handover import GoodsAre, HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage
from aidtrack.domain.stock import (
    CountDraft,
    Destination,
    GoodsLine,
    LossCause,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    TransferDraft,
    WriteOffDraft,
)
from aidtrack.services import accounts, campaigns, days, handover, overview, people, queueing, stock
from aidtrack.store.handover import HandOverVoid
from tests import recount, recount_evening
from tests.errands import Errands
from tests.power_cut import CUT, PowerCut
from tests.recount import Raw
from tests.visits import COORDINATOR, GIVERS, LEAD, NEXT_DAY, REGISTRAR, STORE, Visit

T = TypeVar("T")
OPENS, BUSES, CLOSES = on(DAY, 8), on(NEXT_DAY, 0, 5), on(NEXT_DAY, 2, 30)
PAUSES = ((on(DAY, 12, 40), on(DAY, 13, 5), PauseReason.ALARM), (*CUT, PauseReason.POWER))
PAPER_IS_SAID = timedelta(seconds=2)
FIRST_REGISTRAR = 3
CANCELS = (GoodsAre.BACK_ON_SHELF, GoodsAre.SET_ASIDE, GoodsAre.NEVER_LEFT)


class Simulation:
    """The day under way: a heap of moments still to come."""

    def __init__(self, scopes: Scopes, number: int, registrars: int = 3, seed: int = 7) -> None:
        self.centre: Centre = founded(scopes)
        self.number = number
        self._chance = Random(seed)
        self._idle = max(120, 40_000 // number)
        self.issued = 0
        self._moments: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()
        self.visits: dict[UUID, Visit] = {}
        self._walking: dict[int, deque[Visit]] = {1: deque(), 2: deque()}
        self._given: list[UUID] = []
        self._registrars = self._more_windows(registrars)
        self.errands = Errands(self)
        self.cut = PowerCut(self)

    @property
    def coordinator(self) -> Actor:
        return self.centre.people[COORDINATOR]

    def run(self) -> None:
        """The whole day, closed and signed off."""
        self.centre.clock.moment = OPENS
        self.centre.do(COORDINATOR, days.open_day)
        self._plan()
        while self._moments:
            moment, _, happen = heapq.heappop(self._moments)
            self.centre.clock.moment = max(moment, self.centre.clock.moment)
            happen()
        self.errands.leave_one_open()
        self._close()
        self.needed_then = self._needed()
        self.centre.do(COORDINATOR, overview.sign_off)

    def _needed(self) -> dict[str, int]:
        """What as many families as today and those moved to tomorrow take of an item that is one for each person, rounded up."""
        session_of = self.centre.scopes.read
        people, homes, families, moved = (
            session_of(lambda s, count=count: count(Raw(s, DAY, DAY)))  # type: ignore[misc]
            for count in (recount_evening.members, recount_evening.households, recount.families, recount_evening.moved)
        )
        return {"FOOD-KIT-P7": -(-(families + moved) * people // homes)}

    # ── what is going to happen ──────────────────────────────────────────────────────────────────

    def _more_windows(self, registrars: int) -> dict[int, Actor]:
        """A window and an actor for each registrar: the founded centre has one, with number 3."""
        for number in range(FIRST_REGISTRAR + 1, FIRST_REGISTRAR + registrars):
            self.centre.do("founder", accounts.add_window, draft=WindowDraft(number, "", ("register",)))
        rows = {row.draft.number: row.id for row in self.centre.ask("founder", accounts.windows)}
        who = self.centre.people[REGISTRAR]
        return {n: replace(who, desk_id=rows[n]) for n in range(FIRST_REGISTRAR, FIRST_REGISTRAR + registrars)}

    def _at(self, moment: datetime, happen: Callable[[], None]) -> None:
        """At this moment, or after the pause it falls into, once it is said how far the paper came."""
        for since, until, _ in PAUSES:
            if since <= moment < until:
                moment = until + PAPER_IS_SAID + (moment - since) / 8
        heapq.heappush(self._moments, (moment, next(self._order), happen))

    def exactly(self, moment: datetime, happen: Callable[[], None]) -> None:
        """At this moment, pause or not: what happens on paper, and what ends a pause."""
        heapq.heappush(self._moments, (moment, next(self._order), happen))

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        self._at(self.centre.clock.moment + timedelta(seconds=seconds), happen)

    def _plan(self) -> None:
        pool = families(DAY)
        late = max(self.number // 12, 2)
        for n in range(self.number):
            moment = OPENS + timedelta(minutes=570 * n / self.number + self._chance.random())
            if n >= self.number - late:
                moment = BUSES + timedelta(minutes=25 * (self.number - n) / late)
            self._arrives(moment, pool[n % len(pool)] if n % 14 else None)
        for since, until, reason in PAUSES:
            self.exactly(since, self._pausing(reason))
            self.exactly(until, self._resume)
        for moment, happen in self._events():
            self._at(moment, happen)
        self.cut.plan()
        self.errands.plan()
        for window in self._registrars:
            self._at(OPENS + timedelta(minutes=window), self._registering(window))
        for window in GIVERS:
            self._at(OPENS + timedelta(minutes=5), self._giving(window))

    def _events(self) -> tuple[tuple[datetime, Callable[[], None]], ...]:
        return (
            (on(DAY, 8, 2), self._first_lorry),
            (on(DAY, 11, 20), self._count),
            (on(DAY, 14, 35), self._late_lorry),
            (on(DAY, 15, 10), self._losses),
            (on(DAY, 17, 40), self._pass_on),
        )

    def _arrives(self, moment: datetime, family: Family | None) -> None:
        """At the door, where the light may be out: then the number comes off the paper roll."""
        if CUT[0] <= moment < CUT[1]:
            self.exactly(moment, lambda: self.cut.give_paper_number(family))
        else:
            self._at(moment, lambda: self._give_number(family))

    def _pausing(self, reason: PauseReason) -> Callable[[], None]:
        def pause() -> None:
            self.centre.do(LEAD, days.pause, reason=reason)

        return pause

    def _resume(self) -> None:
        self.centre.do(LEAD, days.resume)

    def _registering(self, window: int) -> Callable[[], None]:
        return lambda: self._register_next(window)

    def _giving(self, window: int) -> Callable[[], None]:
        return lambda: self._serve_next(window)

    # ── the door and the registrars ──────────────────────────────────────────────────────────────

    def _give_number(self, family: Family | None) -> None:
        lane = Lane.K if family and family.is_served_first else self._chance.choices([Lane.A, Lane.M, Lane.T], [90, 6, 4])[0]
        self.expect(self.centre.do(REGISTRAR, queueing.issue_ticket, lane=lane).id, family)

    def expect(self, ticket_id: UUID, family: Family | None) -> Visit:
        """Somebody holds this number from now on."""
        self.issued += 1
        self.visits[ticket_id] = Visit(ticket_id, family)
        return self.visits[ticket_id]

    def _is_late(self) -> bool:
        return self.centre.clock.moment >= CLOSES

    def _register_next(self, window: int) -> None:
        by = self._registrars[window]
        called = self._do(by, queueing.call_next)
        if called is None:
            if not self._is_late():
                self._after(self._idle, self._registering(window))
            return
        visit = self.visits[called.id]
        if visit.family is None:
            self._after(30, lambda: self._nobody_came(window, visit))
            return
        self._do(by, queueing.start_serving, ticket_id=visit.ticket_id)
        self._after(self._chance.uniform(90, 200), lambda: self._register(window, visit))

    def _do(self, by: Actor, use_case: Callable[..., T], **arguments: object) -> T:
        return self.centre.scopes.write(lambda session: use_case(session, by, request_id=new_id(), **arguments))

    def _nobody_came(self, window: int, visit: Visit) -> None:
        verb = queueing.gone if self._chance.random() < 0.4 else queueing.not_here
        self._do(self._registrars[window], verb, ticket_id=visit.ticket_id)
        self._register_next(window)

    def _register(self, window: int, visit: Visit) -> None:
        by = self._registrars[window]
        self.write_down(by, visit)
        self._do(by, queueing.tie_ticket, ticket_id=visit.ticket_id, household_id=visit.household_id)
        self._do(by, queueing.move_stage, ticket_id=visit.ticket_id, stage=Stage.HAND_OVER)
        self._register_next(window)

    def write_down(self, by: Actor, visit: Visit) -> None:
        """Registers the family and gives it a card."""
        assert visit.family is not None
        draft = visit.family.draft
        members = tuple(replace(member, document=None) for member in draft.members)
        receipt = self._do(by, people.register_household, draft=replace(draft, members=members, phone=""))
        visit.household_id, visit.card = receipt.household_id, receipt.card_number

    # ── the windows that give ────────────────────────────────────────────────────────────────────

    def _serve_next(self, window: int) -> None:
        visit = self._walking[window].popleft() if self._walking[window] else self._called(window)
        if visit is None:
            if not self._is_late():
                self._after(self._idle, self._giving(window))
            return
        if visit.is_on_paper:
            self.centre.do(GIVERS[window], queueing.not_here, ticket_id=visit.ticket_id)
            self._after(20, self._giving(window))
            return
        self._after(self._chance.uniform(20, 45), lambda: self._hand_over(window, visit))

    def _called(self, window: int) -> Visit | None:
        ticket = self.centre.do(GIVERS[window], queueing.call_next)
        return self.visits[ticket.id] if ticket is not None else None

    def _hand_over(self, window: int, visit: Visit) -> None:
        given = self.give(window, visit)
        visit.seen.add(window)
        if given is not None and len(self._given) % 23 == 0:
            where = CANCELS[len(self._given) // 23 % len(CANCELS)]
            self.centre.do(GIVERS[window], handover.cancel_hand_over, hand_over_id=given, where=where, reason="не та карта")
            self.give(window, visit)
        if 3 - window not in visit.seen:
            self._walking[3 - window].append(visit)
        self._serve_next(window)

    def give(self, window: int, visit: Visit, *, by_ticket: bool = True) -> UUID | None:
        """What the window has; of every seventh family the last line is not wanted."""
        assert visit.household_id is not None
        who = GIVERS[window]
        rows = self.centre.ask(who, campaigns.allowances, visit.household_id)
        here = [row for row in rows if row.state.gives and row.due]
        lines = [LineDraft(row.rule_id, min(row.due, row.available)) for row in here]
        if len(lines) > 1 and len(self._given) % 7 == 0:
            lines[-1] = replace(lines[-1], quantity=0)
        if not any(line.quantity for line in lines):
            return None
        ticket = visit.ticket_id if by_ticket else None
        draft = HandOverDraft(visit.household_id, tuple(lines), ticket, collector_text="родственница")
        self._given.append(self.centre.do(who, handover.hand_over, draft=draft).id)
        visit.given.append(self._given[-1])
        return self._given[-1]

    # ── the store ────────────────────────────────────────────────────────────────────────────────

    def _receive(self, waybill: str, lines: tuple[ReceiveLine, ...]) -> None:
        self.centre.do(STORE, stock.receive, draft=ReceiveDraft("Красный Крест", lines, waybill, "Красный Крест"))

    def _first_lorry(self) -> None:
        item, most = self.centre.items, self.number * 2 + 50
        self._receive("ТН-1", (ReceiveLine(item["FOOD-KIT-P7"], most, on(DAY, 0).date() + timedelta(days=90), "F-2"),))

    def _late_lorry(self) -> None:
        """Short by six, four damaged."""
        item, many = self.centre.items, self.number * 4
        food = ReceiveLine(item["FOOD-KIT-P7"], many, NEXT_DAY + timedelta(days=60), "F-3", on_waybill=many + 10, damaged=4)
        self._receive("ТН-2", (food, ReceiveLine(item["WATER-5L"], many, NEXT_DAY + timedelta(days=300), "W-3")))

    def _count(self) -> None:
        soap = self.centre.items["SOAP-250"]
        lots = [row for row in self.centre.ask(STORE, stock.lot_rows) if row.item_id == soap and row.quantity > 2]
        lines = tuple(SeenLine(row.item_id, row.lot_id, row.quantity - 2, "две штуки не найдены") for row in lots)
        self.centre.do(STORE, stock.count, draft=CountDraft(lines))

    def _losses(self) -> None:
        """Two losses, the second one a mistake that is taken back."""
        water = (GoodsLine(self.centre.items["WATER-5L"], 3),)
        self.centre.do(STORE, stock.write_off, draft=WriteOffDraft(LossCause.DAMAGED, water, "лопнули при разгрузке"))
        wrong = self.centre.do(STORE, stock.write_off, draft=WriteOffDraft(LossCause.WET, water, "не те"))
        self.centre.do(STORE, stock.cancel_document, document_id=wrong, reason="списано по ошибке")

    def _pass_on(self) -> None:
        draft = TransferDraft(Destination.ORGANISATION, "ПВР, школа № 5", (GoodsLine(self.centre.items["FOOD-KIT-P7"], 10),), people=40)
        self.centre.do(STORE, stock.transfer, draft=draft)

    # ── the end, and the morning after ───────────────────────────────────────────────────────────

    def _close(self) -> None:
        day_id = self.centre.ask(COORDINATOR, days.day_state).id
        assert day_id is not None
        for row in self.centre.ask(COORDINATOR, days.checklist, day_id):
            if row.state is days.RowState.SENTENCE:
                self.centre.do(COORDINATOR, days.explain, day_id=day_id, topic=row.topic, sentence="Проверено вдвоём.")
        self.centre.do(COORDINATOR, days.close_day)

    def morning_after(self) -> None:
        """Two hand-overs of the signed-off day are cancelled, and families come again."""
        self.centre.clock.moment = on(NEXT_DAY, 8, 30)
        self.centre.do(COORDINATOR, days.open_day)
        standing = [one for one in self._given if not self.is_cancelled(one)]
        for hand_over_id in standing[:2]:
            self.centre.do(
                COORDINATOR, handover.cancel_hand_over, hand_over_id=hand_over_id, where=GoodsAre.BACK_ON_SHELF, reason="выяснилось позже"
            )
        for visit in [one for one in self.visits.values() if one.household_id][:3]:
            self.give(1, visit, by_ticket=False)

    def a_sheet_is_found(self) -> None:
        """The day is signed off, and a line of a sheet of the power cut turns up."""
        self.cut.a_sheet_is_found(next(one for one in self.visits.values() if one.household_id))

    def is_cancelled(self, hand_over_id: UUID) -> bool:
        query = select(HandOverVoid.id).where(HandOverVoid.hand_over_id == hand_over_id)
        return self.centre.scopes.read(lambda session: session.scalar(query)) is not None
