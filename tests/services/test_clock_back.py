"""The computer's clock is set back in the middle of a day: nothing is refused, no wait is below zero, and all of it adds up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.domain.stock import CountDraft, Destination, GoodsLine, SeenLine, TransferDraft
from aidtrack.services import days, overview, queueing, stock
from aidtrack.services.check import check
from aidtrack.services.handover import hand_over
from aidtrack.services.queueing import TicketRow
from aidtrack.store.database import Database
from tests.aid import TODAY, draft_of, make_aid, make_family
from tests.factories import Centre, Team
from tests.services.test_promises import Here, _first_receipt_is_written


@pytest.mark.parametrize("back", [timedelta(minutes=40), timedelta(hours=10), timedelta(days=1)], ids=str)
def test_a_day_goes_on_when_the_clock_is_set_back(
    database: Database, centre: Centre, by: Team, back: timedelta
) -> None:
    aid = database.write(lambda s: make_aid(s, by, centre))
    shown = database.read(lambda s: days.day_state(s, by.coordinator))
    tickets = [issue(database, by) for _ in range(3)]
    by.clock.forward(minutes=10)
    called = database.write(lambda s: queueing.call_next(s, by.distributor, request_id=new_id()))
    assert called is not None
    by.clock.moment -= back

    assert database.read(lambda s: days.day_state(s, by.coordinator)).day == shown.day
    tickets.append(issue(database, by))
    assert [ticket.number for ticket in tickets] == [1, 2, 3, 4]
    family = database.write(lambda s: make_family(s, by.registrar, "Ткач")).household_id
    draft = draft_of(family, (aid.food, 1), ticket_id=called.id)
    database.write(lambda s: hand_over(s, by.distributor, request_id=new_id(), draft=draft))
    database.write(lambda s: queueing.serve(s, by.distributor, request_id=new_id(), ticket_id=called.id))
    database.write(lambda s: days.pause(s, by.distributor, request_id=new_id()))
    database.write(lambda s: days.resume(s, by.shift_lead, request_id=new_id()))
    board = database.read(lambda s: queueing.board(s, by.distributor))
    assert min(row.minutes for lane in board.lanes for row in lane.line) >= 0
    again = database.write(lambda s: queueing.call_next(s, by.distributor, request_id=new_id()))
    assert again is not None
    database.write(lambda s: queueing.undo_last(s, by.distributor, request_id=new_id()))
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))

    report = database.read(lambda s: overview.queue_report(s, by.auditor, shown.day))
    assert report.total.adds_up
    states = {t.id: database.read(lambda s, t=t: queueing.ticket_row(s, t.id)).state for t in tickets}  # type: ignore[misc]
    assert sorted(states.values()) == [TicketState.SERVED, *[TicketState.TOMORROW] * 3]
    assert database.read(lambda s: check(s, by.administrator)).failures == ()


def issue(database: Database, by: Team) -> TicketRow:
    return database.write(lambda s: queueing.issue_ticket(s, by.registrar, request_id=new_id(), lane=Lane.A))


@pytest.mark.parametrize("back", [timedelta(minutes=40), timedelta(hours=10), timedelta(days=1)], ids=str)
def test_goods_and_promises_go_on_when_the_clock_is_set_back(database: Database, centre: Centre, by: Team, back: timedelta) -> None:
    """Announced and promised before, received, fetched, sent, counted and taken back after: the book and the papers agree."""
    database.write(lambda s: _first_receipt_is_written(s, by))
    here = Here(database, by, database.write(lambda s: make_aid(s, by, centre)))
    soap, family = here.aid.soap, here.family()
    delivery = here.announce(soap, 4)
    here.promise(family, soap, 2, delivery.lines[0].line_id)
    by.clock.forward(minutes=30)
    by.clock.moment -= back
    here.receive(soap, 4, delivery.id)
    given = here.give(family, soap, 2)
    here.void(given.id)
    here.give(family, soap, 2)
    draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(soap.item_id, 3),), people=9)
    here.write(stock.transfer, by.storekeeper, draft=draft)
    rows = database.read(lambda s: stock.lot_rows(s, by.storekeeper, soap.item_id))
    held = sum(row.quantity for row in rows if row.lot_id == soap.lots[0])
    here.write(stock.count, by.storekeeper, draft=CountDraft((SeenLine(soap.item_id, soap.lots[0], held - 1, "одного нет"),)))
    here.proved()
    here.write(days.close_day, by.coordinator)
    assert database.read(lambda s: check(s, by.administrator)).failures == ()
    shelves = database.read(lambda s: overview.stock_report(s, by.auditor, TODAY))
    assert shelves.reconciliation.difference == 0
    assert database.read(lambda s: overview.distribution_report(s, by.auditor, TODAY)).adds_up
    assert database.read(lambda s: overview.promise_report(s, by.auditor, TODAY)).promises == 0
