"""Receipts, journeys between centres, kits, counts, write-offs, counter-entries and a clock that jumps, against a small independent
store; and planted faults that it must catch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from aidtrack.domain.stock import Destination, goods
from aidtrack.services.stock import counting, kits, ledger, receiving
from aidtrack.store.database import Database
from tests.goods_model import HERE, KIT, SOAP, THERE, TOWEL, Store
from tests.stateful import Against, Open, run, server, sqlite, tell

__all__ = ["server", "sqlite"]

number, few = st.integers(0, 1000), st.integers(1, 9)
site, item = st.integers(0, 1), st.integers(0, 2)


class Stores(Against):
    """Two stores of one region, and what lorries, shelves and clocks do to them."""

    model: Store

    @initialize(soap=few, towels=few)
    def begin(self, soap: int, towels: int) -> None:
        self.model = Store(self.opened())
        self.model.receive(HERE, SOAP, 10 * soap, 9, 0)
        self.model.receive(HERE, TOWEL, 10 * towels, None, 0)

    @rule(site=site, item=item, quantity=few, lasts=st.none() | st.integers(0, 20), short=st.integers(0, 2))
    def receive(self, site: int, item: int, quantity: int, lasts: int | None, short: int) -> None:
        self.model.receive(site, item, quantity, lasts, short)

    @rule(site=site, item=item, quantity=few)
    def sign(self, site: int, item: int, quantity: int) -> None:
        self.model.sign(site, item, quantity)

    @precondition(lambda self: self.model.signed)
    @rule(n=number, quantity=few)
    def count_signed(self, n: int, quantity: int) -> None:
        self.model.count_signed(n, quantity)

    @rule(site=site, item=item, quantity=few, to=st.sampled_from(Destination), known=st.booleans())
    def send(self, site: int, item: int, quantity: int, to: Destination, known: bool) -> None:
        self.model.send(site, item, quantity, to, known=known)

    @precondition(lambda self: self.model.waybills())
    @rule(n=number, less=st.integers(0, 3))
    def end(self, n: int, less: int) -> None:
        self.model.end(n, less)

    @rule(site=site, item=item, quantity=few)
    def write_off(self, site: int, item: int, quantity: int) -> None:
        self.model.write_off(site, item, quantity)

    @rule(site=site, item=item, quantity=few)
    def set_aside(self, site: int, item: int, quantity: int) -> None:
        self.model.set_aside(site, item, quantity)

    @rule(site=site, kits=st.integers(1, 4))
    def assemble(self, site: int, kits: int) -> None:
        self.model.assemble(site, kits)

    @rule(site=site, kits=st.integers(1, 4))
    def break_up(self, site: int, kits: int) -> None:
        self.model.break_up(site, kits)

    @rule(site=site, n=number, seen=st.integers(0, 12), minutes_ago=st.sampled_from([0, 0, 20, 90]))
    def count(self, site: int, n: int, seen: int, minutes_ago: int) -> None:
        self.model.count(site, n, seen, minutes_ago)

    @rule(n=number)
    def cancel(self, n: int) -> None:
        self.model.cancel(n)

    @rule(minutes=st.sampled_from([7, 30, 600, 3 * 1440, -45]))
    def jump(self, minutes: int) -> None:
        self.model.jump(minutes)


def test_the_book_agrees_with_the_store_on_a_file(sqlite: Open) -> None:
    run(Stores, sqlite, examples=8, steps=25)


def test_the_book_agrees_with_the_store_on_a_server(server: Open) -> None:
    run(Stores, server, examples=3, steps=18)


@pytest.mark.soak
def test_the_book_agrees_for_long_on_a_file(sqlite: Open) -> None:
    run(Stores, sqlite, examples=300, steps=60)


@pytest.mark.soak
def test_the_book_agrees_for_long_on_a_server(server: Open) -> None:
    run(Stores, server, examples=60, steps=40)


# ── planted faults ───────────────────────────────────────────────────────────────────────────────


def story(database: Database) -> None:
    """A week of two stores with everything a fault could spoil; the model is asked after every step."""
    store = Store(database)
    steps: list[Callable[[], Any]] = [
        lambda: store.receive(HERE, SOAP, 40, 9, 2),
        lambda: store.receive(HERE, SOAP, 10, 30, 0),
        lambda: store.receive(HERE, TOWEL, 30, None, 0),
        lambda: store.sign(HERE, TOWEL, 12),
        lambda: store.count_signed(0, 11),
        lambda: store.count_signed(0, 11),
        lambda: store.jump(30),
        lambda: store.write_off(HERE, SOAP, 3),
        lambda: store.jump(10),
        lambda: store.count(HERE, 0, 40, 20),
        lambda: store.send(HERE, SOAP, 20, Destination.CENTRE, known=True),
        lambda: store.end(0, 2),
        lambda: store.end(0, 2),
        lambda: store.assemble(HERE, 6),
        lambda: store.break_up(HERE, 2),
        lambda: store.count(HERE, 4, 9, 0),
        lambda: store.break_up(HERE, 9),
        lambda: store.send(HERE, TOWEL, 4, Destination.CENTRE, known=False),
        lambda: store.end(1, 1),
        lambda: store.cancel(len(store.papers) - 1),
        lambda: store.send(HERE, TOWEL, 2, Destination.ORGANISATION, known=False),
        lambda: store.set_aside(HERE, TOWEL, 2),
        lambda: store.send(THERE, SOAP, 5, Destination.DONOR, known=False),
        lambda: store.cancel(len(store.papers) - 1),
        lambda: store.receive(THERE, KIT, 3, 12, 0),
        lambda: store.break_up(THERE, 1),
        lambda: store.cancel(len(store.papers) - 1),
        lambda: store.break_up(THERE, 2),
    ]
    tell(store, steps)


def test_the_story_holds_without_a_fault(sqlite: Open) -> None:
    with sqlite() as database:
        story(database)


def a_count_that_ignores_a_later_movement(patch: pytest.MonkeyPatch) -> None:
    """A sheet typed in late is held against the book of now: what left meanwhile comes back."""
    patch.setattr(counting, "_moved_since", lambda *_: ())


def a_delivery_that_is_counted_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(receiving, "_refuse_followed", lambda *_: None)


def a_journey_that_forgets_what_did_not_come(patch: pytest.MonkeyPatch) -> None:
    real = goods.settle
    patch.setattr("aidtrack.domain.stock.settle", lambda sent, came: goods.Settled(real(sent, came).arrived, {}, {}))


def kits_that_come_apart_into_other_batches(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(kits, "_inside", lambda *_: {})


def goods_that_leave_without_leaving(patch: pytest.MonkeyPatch) -> None:
    """A balance that was there already is not written."""
    real = ledger._apply

    def only_what_comes(session: Any, by: Any, deltas: Any, *, are_facts: bool) -> None:
        real(session, by, {k: n for k, n in deltas.items() if n > 0}, are_facts=are_facts)

    patch.setattr(ledger, "_apply", only_what_comes)


FAULTS = {
    a_count_that_ignores_a_later_movement: "T2|T3",
    a_delivery_that_is_counted_twice: "T3",
    a_journey_that_forgets_what_did_not_come: "T2",
    kits_that_come_apart_into_other_batches: "T2|unknown age",
    goods_that_leave_without_leaving: "T2",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(sqlite: Open, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]) -> None:
    fault(monkeypatch)
    with sqlite() as database, pytest.raises((AssertionError, StopIteration), match=FAULTS[fault]):
        story(database)


def test_a_random_life_does_things_and_asks_the_store_after_each(sqlite: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame that did nothing would agree with everything."""
    asked, done = Counter[str](), Counter[str]()
    real_agree, real_expect = Store.agree, Store.expect

    def agree(self: Store) -> None:
        asked["times"] += 1
        real_agree(self)

    def expect(self: Store, *asked_for: Any, **facts: Any) -> Any:
        done["deeds"] += 1
        return real_expect(self, *asked_for, **facts)

    monkeypatch.setattr(Store, "agree", agree)
    monkeypatch.setattr(Store, "expect", expect)
    run(Stores, sqlite, examples=2, steps=10)
    assert asked["times"] >= 20
    assert done["deeds"] > 6, "more than the two receipts each run begins with"
