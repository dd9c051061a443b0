"""Wait list and promises by keyboard: a place by one key, goods put aside by the lead, a delivery announced and received, late promises
answered in the evening. Rows and visible words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseDraft
from aidtrack.domain.stock import Destination, GoodsLine, ReceiveDraft, ReceiveLine, TransferDraft
from aidtrack.errors import Text
from aidtrack.services import people, promises, stock
from aidtrack.services.door import DoorState, ask_at_door
from aidtrack.services.stock.waiting import open_entries
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import draw
from aidtrack.store.promises import Announcement, Promise
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog, Question
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.pages.day import DayPage
from aidtrack.ui.pages.people import PeoplePage
from aidtrack.ui.pages.stock import StockPage
from aidtrack.ui.pages.stock.announcing import OwedDialog
from aidtrack.ui.parts import ChecklistRow
from aidtrack.ui.promising import CardDialog, PromiseDialog
from tests.aid import TODAY, Aid, make_aid, make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.test_desk import Visit, said, visit
from tests.ui.test_stock_page import another_run, here, items, page, say
from tests.ui.typing import press, type_text

__all__ = ["items", "page", "visit"]

LATER = TODAY + timedelta(days=3)


def _first_receipt_is_written(session: Session, by: Team) -> None:
    _first_receipt_is_written_by(session, by.coordinator)


def _first_receipt_is_written_by(session: Session, by: Actor) -> None:
    with journal.operation(session, by, new_id(), "first_receipt"):
        draw(session, by.site, "document:GRN:2024")


def run_out(visit: Visit) -> None:
    """No soap can be given any more."""
    soap = visit.aid.soap.item_id
    draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(soap, 50),), people=9)
    visit.database.write(lambda s: stock.transfer(s, visit.by.storekeeper, request_id=new_id(), draft=draft))


def waiting(visit: Visit) -> list[int]:
    return visit.ask(lambda s: [entry.quantity for entry in open_entries(s, visit.centre.site_id)])


@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_Insert])
def test_one_key_keeps_a_place_and_undo_gives_it_up(visit: Visit, window_kit: QtBot, key: Qt.Key) -> None:
    """↓ to the line that ran out, then 1 or Insert; F9 still hands over the rest."""
    run_out(visit)
    visit.scan(visit.family)
    assert visit.line(visit.aid.soap).findChild(QLabel, "allowance_reason").text() == "book 0"
    visit.key(Qt.Key.Key_Down)
    visit.key(Qt.Key.Key_Down)
    if key is Qt.Key.Key_1:
        visit.write("1")
        window_kit.waitUntil(lambda: bool(waiting(visit)))
        visit.settle()
    else:
        visit.key(key)
    assert waiting(visit) == [4]
    assert said() == "Wait list, place 1: soap. Not a promise: the card number will be posted."
    visit.settle()
    line = visit.line(visit.aid.soap)
    assert line.findChild(QLabel, "allowance_reason").text() == "wait list, 12 August"
    messages.undo()
    visit.settle()
    assert waiting(visit) == []
    visit.key(Qt.Key.Key_F9)
    assert visit.given() == [(visit.aid.food.item_id, 4, 4)]


def test_a_promise_is_put_aside_by_the_lead_and_handed_over_by_f9(visit: Visit, window_kit: QtBot) -> None:
    jobs.stop()
    jobs.start(visit.database, visit.by.coordinator, watch=True)
    visit.scan(visit.family)
    promise = next(a for a in visit.page.more() if str(a.word) == "Promise goods to the family")
    promise.run()
    which = visit.window.findChild(Question, "owed_which")
    assert which is not None
    which.answer_digit(2)  # soap, in the order of the rows
    QApplication.processEvents()
    visit.settle()
    way = visit.window.findChild(Question, "promise_from")
    assert way is not None
    way.answer_digit(1)
    QApplication.processEvents()
    dialog = visit.window.findChild(PromiseDialog, "promise_dialog")
    assert dialog is not None
    dialog.form.fill({"quantity": 2, "until": LATER})
    dialog.accept_now()
    visit.settle()
    assert said() == "Put aside until 15 August: soap, 2"
    (made,) = visit.ask(lambda s: s.scalars(select(Promise)).all())
    assert (made.quantity, made.until_on) == (2, LATER)
    visit.settle()
    reason = visit.line(visit.aid.soap).findChild(QLabel, "allowance_reason").text()
    assert reason == "put aside until 15 Aug 2024"
    assert QApplication.activeModalWidget() is None
    visit.window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is visit.window)
    visit.key(Qt.Key.Key_F9)
    assert visit.given() == [(visit.aid.food.item_id, 4, 4), (visit.aid.soap.item_id, 4, 4)]
    assert visit.ask(lambda s: s.get_one(Promise, made.id)).owed == 0


def test_the_door_says_put_aside(sqlite_database: Database, centre: Centre, by: Team) -> None:
    aid = sqlite_database.write(lambda s: make_aid(s, by, centre))
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    draft = PromiseDraft(family.household_id, aid.soap.rule_id, 1, until=LATER)
    sqlite_database.write(lambda s: promises.promise(s, by.shift_lead, request_id=new_id(), draft=draft))
    answer = sqlite_database.read(lambda s: ask_at_door(s, by.registrar, family.card_number))
    assert (answer.state, str(answer.text)) == (DoorState.PUT_ASIDE, "Put aside for the family, ready")


# ── the store ────────────────────────────────────────────────────────────────────────────────────


def more(page: StockPage | DayPage, word: str) -> None:
    next(action for action in page.more() if str(action.word) == word).run()
    QApplication.processEvents()
    jobs.wait_all()


def test_a_delivery_is_announced_by_keyboard_and_received_with_its_lines(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, Any]
) -> None:
    more(page, "Announce a delivery")
    say("Красный Крест", Qt.Key.Key_Return)
    say("1.9.2030", Qt.Key.Key_Return)
    say("мыло", Qt.Key.Key_Return)
    say("100", Qt.Key.Key_Return)
    page.run_main()
    assert jobs.wait_all()
    assert here() is not None
    problem = sqlite_database.read(lambda s: s.scalars(select(Announcement)).all())
    assert problem == [], "a day so far away is a slip of the finger"
    field = next(one for one in page._panels["announce"].form.fields() if one.name == "expected_on")
    field.input.setText("15.8.2024")
    page.run_main()
    assert jobs.wait_all()
    (row,) = sqlite_database.read(lambda s: promises.announced(s, by.coordinator))
    assert (row.supplier, row.expected_on, [line.quantity for line in row.lines]) == ("Красный Крест", LATER, [100])
    assert said() == "Announced: Красный Крест, 100 units"
    more(page, "Receive an announced delivery")
    which = page.window().findChild(Question, "which_delivery")
    assert which is not None
    which.answer_digit(1)
    QApplication.processEvents()
    assert jobs.wait_all()
    page.run_main()
    assert jobs.wait_all()
    assert sqlite_database.read(lambda s: promises.announced(s, by.coordinator)) == ()
    held = sqlite_database.read(lambda s: stock.available_at(s, by.coordinator.site, TODAY))
    assert held[items["SOAP-250"]] == 100


def test_the_list_of_an_item_dates_and_cancels(page: StockPage, sqlite_database: Database, by: Team, items: dict[str, Any]) -> None:
    draft = AnnouncementDraft("Фонд", LATER, (AnnouncedLine(items["SOAP-250"], 10),))
    sqlite_database.write(lambda s: promises.announce(s, by.storekeeper, request_id=new_id(), draft=draft))
    page.load()
    jobs.wait_all()
    assert page._table.select_key(items["SOAP-250"])
    more(page, "Promises and wait list")
    dialog = page.window().findChild(OwedDialog, "owed_dialog")
    assert dialog is not None
    assert len(dialog.table.rows()) == 1
    dialog.date_wanted.emit(dialog.table.current())
    QApplication.processEvents()
    form = page.window().findChild(FormDialog, "new_date_dialog")
    assert form is not None
    form.form.fill({"until": LATER + timedelta(days=1)})
    form.accept_now()
    assert jobs.wait_all()
    (row,) = sqlite_database.read(lambda s: promises.announced(s, by.coordinator))
    assert row.expected_on == LATER + timedelta(days=1)


# ── the evening ──────────────────────────────────────────────────────────────────────────────────


def test_closing_asks_for_a_date_or_an_honest_end(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    aid = sqlite_database.write(lambda s: make_aid(s, by, centre))
    sqlite_database.write(partial(_first_receipt_is_written, by=by))
    homes = [sqlite_database.write(lambda s: make_family(s, by.registrar, size=1)).household_id for _ in range(2)]
    for home in homes:
        draft = PromiseDraft(home, aid.soap.rule_id, 1, until=TODAY)
        sqlite_database.write(lambda s, draft=draft: promises.promise(s, by.shift_lead, request_id=new_id(), draft=draft))
    jobs_on(sqlite_database, by.coordinator)
    shown = DayPage()
    window_kit.addWidget(shown)
    shown.show()
    shown.load()
    jobs.wait_all()
    row = shown.findChild(ChecklistRow, f"row_promise_{aid.soap.item_id.hex}")
    assert row is not None
    words = " · ".join(label.text() for label in row.findChildren(QLabel))
    assert "2 promises not kept: Soap" in words
    assert "new date or cancel" in words
    row.wants_answer.emit()
    QApplication.processEvents()
    jobs.wait_all()
    question = shown.window().findChild(Question, "late_promises")
    assert question is not None
    question.answer_digit(1)
    QApplication.processEvents()
    form = shown.window().findChild(FormDialog, "new_date_dialog")
    assert form is not None
    form.form.fill({"until": LATER})
    form.accept_now()
    jobs.wait_all()
    days: list[date] = sqlite_database.read(lambda s: [row.until_on for row in s.scalars(select(Promise))])
    assert days == [LATER, LATER]
    assert said() == "2 promises have their new date"
    jobs.wait_all()
    assert shown.findChild(ChecklistRow, f"row_promise_{aid.soap.item_id.hex}") is None or not row.isVisible()
    press(shown, Qt.Key.Key_Escape)


# ── from the store and from the list of people ───────────────────────────────────────────────────


def answer_promise(window: QWidget, quantity: int) -> None:
    """From the shelf, so many, until that day."""
    way = next(one for one in window.findChildren(Question) if one.isVisible() and one.objectName() == "promise_from")
    way.answer_digit(1)
    QApplication.processEvents()
    dialog = next(one for one in window.findChildren(PromiseDialog) if one.isVisible())
    dialog.form.fill({"quantity": quantity, "until": LATER})
    dialog.accept_now()
    assert jobs.wait_all()


@dataclass
class Store:
    """What stands in the store."""

    page: StockPage
    database: Database
    aid: Aid
    family: people.HouseholdReceipt

    def promised(self) -> list[tuple[Any, Any, int]]:
        rows = self.database.read(lambda s: s.scalars(select(Promise)).all())
        return [(row.household_id, row.item_id, row.owed) for row in rows]


@pytest.fixture
def store(sqlite_database: Database, centre: Centre, by: Team, jobs_on: JobsOn, qtbot: QtBot) -> Store:
    """The store's page of a coordinator, a family and soap on the shelf."""
    aid = sqlite_database.write(lambda s: make_aid(s, by, centre))
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    jobs_on(sqlite_database, by.coordinator)
    shown = another_run(qtbot, StockPage())
    assert shown._table.select_key(aid.soap.item_id)
    return Store(shown, sqlite_database, aid, family)


@pytest.mark.parametrize("how", ["typed", "scanned"])
def test_an_item_of_the_store_is_promised_to_the_family_of_a_card(store: Store, how: str) -> None:
    more(store.page, "Promise the item to a family")
    dialog = store.page.window().findChild(CardDialog, "promise_card")
    assert dialog is not None
    if how == "typed":
        type_text(dialog.form.field("card").input, store.family.card_number[-5:])
        dialog.accept_now()
    else:
        assert store.page.on_scan(store.family.token)
    assert jobs.wait_all()
    QApplication.processEvents()
    answer_promise(store.page.window(), 2)
    assert store.promised() == [(store.family.household_id, store.aid.soap.item_id, 2)]
    assert said() == "Put aside until 15 August: soap, 2"


def test_a_card_nobody_knows_is_told_in_the_form_and_nothing_is_lost(store: Store) -> None:
    more(store.page, "Promise the item to a family")
    dialog = store.page.window().findChild(CardDialog, "promise_card")
    assert dialog is not None
    type_text(dialog.form.field("card").input, "0000")
    dialog.accept_now()
    assert jobs.wait_all()
    assert dialog.isVisible()
    assert dialog.form.field("card").input.text() == "0000"
    assert store.promised() == []
    dialog.close()


def test_whoever_waits_is_promised_it_from_the_list(store: Store) -> None:
    by = jobs.actor()
    draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(store.aid.soap.item_id, 50),), people=9)
    store.database.write(lambda s: _first_receipt_is_written_by(s, by))
    store.database.write(lambda s: stock.transfer(s, by, request_id=new_id(), draft=draft))
    keep = partial(promises.keep_place, household_id=store.family.household_id, rule_id=store.aid.soap.rule_id)
    store.database.write(lambda s: keep(s, by, request_id=new_id()))
    came = ReceiveDraft("Фонд", (ReceiveLine(store.aid.soap.item_id, 50),))
    store.database.write(lambda s: stock.receive(s, by, request_id=new_id(), draft=came))
    more(store.page, "Promises and wait list")
    dialog = store.page.window().findChild(OwedDialog, "owed_dialog")
    assert dialog is not None
    button = dialog.findChild(QPushButton, "owed_promise")
    assert button is not None
    assert button.isEnabled()
    button.click()
    QApplication.processEvents()
    assert jobs.wait_all()
    QApplication.processEvents()
    answer_promise(store.page.window(), 4)
    assert store.promised() == [(store.family.household_id, store.aid.soap.item_id, 4)]
    assert store.database.read(lambda s: open_entries(s, by.site)) == [], "a promise ends the waiting"


def test_a_family_of_the_list_of_people_is_promised_goods(
    jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    aid = sqlite_database.write(lambda s: make_aid(s, by, centre))
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([PageEntry("people", Text("People"), "users", PeoplePage)], QWidget)
    window_kit.addWidget(window)
    window.show()
    window.start(by.coordinator)
    assert jobs.wait_all()
    shown = window.page()
    assert isinstance(shown, PeoplePage)
    shown._on_moved(shown.table.rows()[0])
    assert jobs.wait_all()
    action = next(one for one in shown.more() if str(one.word) == "Promise goods to the family")
    assert action.enabled
    action.run()
    assert jobs.wait_all()
    which = window.findChild(Question, "owed_which")
    assert which is not None
    which.answer_digit(2)  # soap, in the order of the rules
    QApplication.processEvents()
    assert jobs.wait_all()
    answer_promise(window, 1)
    rows = sqlite_database.read(lambda s: s.scalars(select(Promise)).all())
    assert [(row.household_id, row.item_id, row.owed) for row in rows] == [(family.household_id, aid.soap.item_id, 1)]
    window.close()
