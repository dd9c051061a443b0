"""Promises, places, deliveries, hand-overs, cancels, joins and separations in any order, against a small ledger that knows no table; and
planted faults that it must catch by their truth.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import EndReason, PromiseDraft
from aidtrack.domain.stock import CountDraft, SeenLine
from aidtrack.errors import InvalidInput, Refused
from aidtrack.services import people, promises, stock
from aidtrack.services.check import goods
from aidtrack.services.check import promised as proofs
from aidtrack.services.handover import cancel_hand_over, cancelling, hand_over
from aidtrack.services.identity import links
from aidtrack.services.people import SeparationDraft, household_view
from aidtrack.services.promises import fetching
from aidtrack.services.stock import arrivals, aside
from aidtrack.services.stock.waiting import open_entries
from aidtrack.store.database import Database
from aidtrack.store.promises import Promise
from tests.aid import TODAY, draft_of, make_aid
from tests.factories import SettableClock, make_centre, make_team
from tests.services.test_promises import LATER, Here, _first_receipt_is_written
from tests.stateful import Against, Open, run, server, sqlite, tell

__all__ = ["server", "sqlite"]

T = TypeVar("T")
number = st.integers(0, 1000)


@dataclass
class Kept:
    """A promise as the ledger remembers it."""

    household: UUID
    owed: int
    line: UUID | None
    is_ended: bool = False


class Ledger:
    """One centre with soap, one for each person a week; everything is done twice: by the use cases, and on a few numbers."""

    def __init__(self, database: Database) -> None:
        clock = SettableClock()
        centre = database.write(lambda s: make_centre(s, clock))
        by = database.write(lambda s: make_team(s, clock, centre))
        self.here = Here(database, by, database.write(lambda s: make_aid(s, by, centre)))
        database.write(lambda s: _first_receipt_is_written(s, by))
        self.soap = self.here.aid.soap
        self.homes: list[UUID] = []
        self.kept: dict[UUID, Kept] = {}
        self.given: dict[UUID, tuple[dict[UUID, int], bool]] = {}
        self.waits: list[UUID] = []
        self.passed = 0

    def home(self, n: int) -> UUID:
        return self.homes[n % len(self.homes)]

    def twice(self, use_case: Callable[..., T], who: Actor, **facts: Any) -> T:
        """The use case, and the same request once more: one effect."""
        request = new_id()
        first, again = (self.here.database.write(lambda s: use_case(s, who, request_id=request, **facts)) for _ in range(2))
        assert first == again, "T5: the same request has one effect"
        return first

    def jump(self, minutes: int) -> None:
        """The clock goes on or is set back while the day is open."""
        if -60 <= self.passed + minutes <= 24 * 60:
            self.passed += minutes
            self.here.by.clock.forward(minutes=minutes)

    def owed(self) -> dict[UUID, int]:
        rows = self.here.database.read(lambda s: s.execute(select(Promise.id, Promise.owed)).all())
        return {promise: owed for promise, owed in rows}  # noqa: C416  rows are no pairs to the type checker

    def register(self, size: int) -> None:
        self.homes.append(self.here.family(size))

    def promise(self, home: UUID, units: int, line: UUID | None) -> None:
        row, free = self.here.row(home, self.soap), self.here.can_be_given(self.soap)
        fits = 0 < units <= row.due - row.promised if row.state != "promised" else False
        fits = fits and (line is not None or units <= free)
        try:
            draft = PromiseDraft(home, self.soap.rule_id, units, line, LATER)
            made = self.twice(promises.promise, self.here.by.shift_lead, draft=draft)
        except (Refused, InvalidInput):
            assert not fits or line is not None, "what is due and free can be promised"
            return
        self.kept[made.id] = Kept(home, units, line)

    def give(self, home: UUID, units: int) -> None:
        row, before = self.here.row(home, self.soap), self.owed()
        fits = 0 < units <= row.due and units <= row.available
        try:
            given = self.twice(hand_over, self.here.by.distributor, draft=draft_of(home, (self.soap, units)))
        except (Refused, InvalidInput):
            assert not fits, "what is due and there must be given, promised or not"
            return
        assert fits, "more was given than is due, or what is another family's"
        drawn = {promise: before[promise] - owed for promise, owed in self.owed().items() if before.get(promise, owed) != owed}
        own = {one.id for one in row.promises}
        assert set(drawn) <= own, "a promise is fetched by its own family"
        assert sum(drawn.values()) == min(units, sum(one.owed for one in row.promises)), "promises are kept first"
        for promise, part in drawn.items():
            self.kept[promise].owed -= part
        self.given[given.id] = (drawn, True)

    def void(self, hand: UUID, where: GoodsAre) -> None:
        drawn, valid = self.given[hand]
        if not valid:
            return
        self.twice(cancel_hand_over, self.here.by.coordinator, hand_over_id=hand, where=where)
        self.given[hand] = (drawn, False)
        for promise, part in drawn.items():
            if not self.kept[promise].is_ended:
                self.kept[promise].owed += part

    def end(self, promise: UUID, reason: EndReason) -> None:
        facts = {"promise_ids": (promise,), "reason": reason}
        ended = self.twice(promises.cancel_promises, self.here.by.shift_lead, **facts)
        assert ended == (self.kept[promise].owed > 0), "an open promise is ended, once"
        if ended:
            self.kept[promise].owed, self.kept[promise].is_ended = 0, True

    def wait(self, home: UUID) -> None:
        with suppress(Refused):  # it has not run out, or nothing is due
            self.here.wait(home, self.soap)

    def separate(self, home: UUID) -> None:
        view = self.here.database.read(lambda s: household_view(s, self.here.by.shift_lead, home))
        if len(view.members) > 1:
            draft = SeparationDraft(home, view.version, frozenset({view.members[-1].person_id}), reason="ссора")
            self.homes.append(self.here.write(people.separate_card, self.here.by.coordinator, draft=draft).household_id)

    def join(self, home: UUID, other: UUID) -> None:
        heads = [
            self.here.database.read(lambda s, one=one: household_view(s, self.here.by.shift_lead, one)).members[0].person_id
            for one in (home, other)
        ]
        with suppress(Refused, InvalidInput):  # one person already, or one and the same record
            self.here.write(links.join, self.here.by.coordinator, a=heads[0], b=heads[1], reason="один человек")

    def count(self, seen: int) -> None:
        (lot,) = self.soap.lots
        draft = CountDraft((SeenLine(self.soap.item_id, lot, seen, "счёт"),))
        self.here.write(stock.count, self.here.by.storekeeper, draft=draft)

    # ── agreement ──

    def agree(self) -> None:
        self.here.database.read(self._agree)

    def _agree(self, session: Session) -> None:
        broken = [f"{one.code} {one.about}" for one in (*proofs.failures(session), *goods.failures(session))]
        assert not broken, broken
        owed = {row.id: row.owed for row in session.scalars(select(Promise))}
        assert owed == {promise: one.owed for promise, one in self.kept.items()}, "T8: a promise is owed as its hand-overs say"
        stands = aside.standing(session, list(owed))
        for delivery in promises.announced(session, self.here.by.coordinator):
            for line in delivery.lines:
                told = sum(row.quantity for row in session.scalars(select(Promise)) if row.line_id == line.line_id and not row.ended_on)
                assert told == line.promised <= line.quantity, "never more than it brings"
        for promise, parts in stands.items():
            assert sum(part.quantity for part in parts) <= owed[promise], "nothing stands aside for what is owed no more"
        places = [(entry.household_id, entry.rule_id) for entry in open_entries(session, self.here.by.coordinator.site)]
        assert len(places) == len(set(places)), "one place for a family and rule"


class Owing(Against):
    """Families who are promised soap or wait for it."""

    model: Ledger

    @initialize(size=st.integers(1, 3))
    def begin(self, size: int) -> None:
        self.model = Ledger(self.opened())
        self.model.register(size)
        self.model.register(1)

    @rule(size=st.integers(1, 3))
    def register(self, size: int) -> None:
        self.model.register(size)

    @rule(home=number, units=st.integers(1, 3))
    def promise_from_the_shelf(self, home: int, units: int) -> None:
        self.model.promise(self.model.home(home), units, None)

    @rule(home=number, units=st.integers(1, 3), brings=st.integers(1, 4))
    def promise_from_a_delivery(self, home: int, units: int, brings: int) -> None:
        here = self.model.here
        known = here.database.read(lambda s: promises.announced(s, here.by.coordinator))
        delivery = known[0] if known else here.announce(self.model.soap, brings)
        self.model.promise(self.model.home(home), units, delivery.lines[0].line_id)

    @rule(came=st.integers(1, 5))
    def arrive(self, came: int) -> None:
        here = self.model.here
        known = here.database.read(lambda s: promises.announced(s, here.by.coordinator))
        here.receive(self.model.soap, came, known[0].id if known else None)

    @rule(home=number, units=st.integers(1, 3))
    def give(self, home: int, units: int) -> None:
        self.model.give(self.model.home(home), units)

    @rule(hand=number, where=st.sampled_from([GoodsAre.BACK_ON_SHELF, GoodsAre.SET_ASIDE, GoodsAre.NEVER_LEFT]))
    def void(self, hand: int, where: GoodsAre) -> None:
        hands = list(self.model.given)
        if hands:
            self.model.void(hands[hand % len(hands)], where)

    @rule(which=number, reason=st.sampled_from(list(EndReason)))
    def end(self, which: int, reason: EndReason) -> None:
        kept = list(self.model.kept)
        if kept:
            self.model.end(kept[which % len(kept)], reason)

    @rule(days=st.integers(0, 5))
    def date_anew(self, days: int) -> None:
        here = self.model.here
        late = here.database.read(lambda s: promises.to_answer(s, here.by.coordinator, LATER))
        for one in late:
            with suppress(Refused):  # there may be nothing to promise
                here.write(promises.date_promises, promise_ids=one.ids, until=TODAY + timedelta(days=days))

    @rule(home=number)
    def wait(self, home: int) -> None:
        self.model.wait(self.model.home(home))

    @rule(home=number)
    def separate(self, home: int) -> None:
        self.model.separate(self.model.home(home))

    @rule(home=number, other=number)
    def join(self, home: int, other: int) -> None:
        self.model.join(self.model.home(home), self.model.home(other))

    @rule(seen=st.integers(0, 6))
    def count(self, seen: int) -> None:
        self.model.count(seen)

    @rule(minutes=st.sampled_from([7, 90, 400, -45]))
    def jump(self, minutes: int) -> None:
        self.model.jump(minutes)


def test_promises_agree_with_the_ledger_on_a_file(sqlite: Open) -> None:
    run(Owing, sqlite, examples=8, steps=18)


def test_promises_agree_with_the_ledger_on_a_server(server: Open) -> None:
    run(Owing, server, examples=3, steps=12)


@pytest.mark.soak
def test_promises_agree_for_long_on_a_file(sqlite: Open) -> None:
    run(Owing, sqlite, examples=200, steps=50)


@pytest.mark.soak
def test_promises_agree_for_long_on_a_server(server: Open) -> None:
    run(Owing, server, examples=60, steps=40)


# ── planted faults ───────────────────────────────────────────────────────────────────────────────


def story(database: Database) -> None:
    """Two families, a promise of the shelf and one of a delivery, everything a fault could spoil; asked after every step."""
    ledger = Ledger(database)
    ledger.register(3)
    ledger.register(2)
    first, second = ledger.homes
    delivery = ledger.here.announce(ledger.soap, 2)
    steps: list[Callable[[], Any]] = [
        lambda: ledger.promise(first, 2, None),
        lambda: ledger.promise(second, 2, delivery.lines[0].line_id),
        lambda: ledger.give(first, 2),
        lambda: ledger.void(next(iter(ledger.given)), GoodsAre.BACK_ON_SHELF),
        lambda: ledger.here.receive(ledger.soap, 2, delivery.id),
        lambda: ledger.give(second, 2),
        lambda: ledger.void(list(ledger.given)[-1], GoodsAre.SET_ASIDE),
        lambda: ledger.count(1),
        lambda: ledger.end(next(iter(ledger.kept)), EndReason.NOT_WANTED),
    ]
    tell(ledger, steps)


def test_the_story_holds_without_a_fault(sqlite: Open) -> None:
    with sqlite() as database:
        story(database)


def a_cancel_that_forgets_the_promise(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cancelling, "restore_promises", lambda *_: None)


def a_hand_over_that_forgets_the_promise(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fetching, "draw", lambda *_: None)


def goods_that_are_gone_and_stand_aside(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(aside, "_set_reserved", lambda *_: None)


def an_arrival_that_forgets_who_was_promised(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(arrivals, "_keep_promises", lambda *_: None)


FAULTS = {
    a_cancel_that_forgets_the_promise: "T8",
    a_hand_over_that_forgets_the_promise: "T8|promises are kept first|put aside",
    goods_that_are_gone_and_stand_aside: "T2",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(sqlite: Open, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]) -> None:
    fault(monkeypatch)
    with sqlite() as database, pytest.raises((AssertionError, Refused), match=FAULTS[fault]):
        story(database)


def test_an_arrival_that_forgets_who_was_promised_is_caught(sqlite: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    an_arrival_that_forgets_who_was_promised(monkeypatch)
    with sqlite() as database:
        ledger = Ledger(database)
        ledger.register(1)
        ledger.here.empty(ledger.soap)
        delivery = ledger.here.announce(ledger.soap, 1)
        ledger.promise(ledger.homes[0], 1, delivery.lines[0].line_id)
        ledger.here.receive(ledger.soap, 1, delivery.id)
        late = database.read(lambda s: promises.to_answer(s, ledger.here.by.coordinator, TODAY))
        assert [one.units for one in late] == [1], "goods that stand aside for nobody are asked about in the evening"
