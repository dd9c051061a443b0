"""The daily tasks of door, store and evening in the whole window, key by key: rows are asserted, each press is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from aidtrack.domain.days import DayState
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import CountDraft, ReceiveDraft, ReceiveLine, SeenLine
from aidtrack.reports.catalogue import DAILY, REPORTS
from aidtrack.reports.evening import BESIDE
from aidtrack.services import backup, days, queueing, stock
from aidtrack.services.days import RowState, is_counted_by_hand
from aidtrack.services.handover import hand_over
from aidtrack.store import copies
from aidtrack.store.database import Database
from aidtrack.store.handover import HandOver
from aidtrack.store.queueing import Ticket
from aidtrack.ui import messages, printing
from aidtrack.ui.application import PAGES
from aidtrack.ui.evening import folder_of
from aidtrack.ui.main_window import MainWindow
from aidtrack.ui.preview import Pages
from tests.aid import Aid, draft_of, make_aid, make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.keys import Hands, Work, at_work
from tests.ui.test_reports_page import PATIENCE, to_file

ALT, ENTER = Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Return
SUPPLIER = "Гуманитарный центр"
LORRY = (("вод", "WATER-5L"), ("кру", "GROATS-1"), ("мак", "PASTA-05"), ("мяс", "MEAT-TIN"), ("сах", "SUGAR-1"))

Start = Callable[[], Hands[Work]]


@pytest.fixture
def aid(sqlite_database: Database, centre: Centre, by: Team) -> Aid:
    """An open day with goods on the shelf."""
    return sqlite_database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def start(sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot) -> Start:
    """Opens the whole window to the coordinator, when everything it finds is there."""

    def open_window() -> Hands[Work]:
        jobs_on(sqlite_database, by.coordinator)
        window = MainWindow(PAGES, QWidget)
        window_kit.addWidget(window)
        return Hands(at_work(window, sqlite_database, by, by.coordinator, window_kit.waitUntil))

    return open_window


def page_key(hands: Hands[Work], page: str) -> None:
    """Alt and the digit the rail shows beside the page."""
    nth = hands.at.window.rail.names().index(page) + 1
    hands.key(Qt.Key(Qt.Key.Key_0.value + nth), ALT)


def number_of_tickets(hands: Hands[Work]) -> int:
    return hands.at.database.read(lambda s: s.scalar(select(func.count()).select_from(Ticket))) or 0


# ── the door ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("aid")
def test_task_3_a_number_at_the_door_is_one_digit(start: Start, window_kit: QtBot) -> None:
    hands = start()
    hands.at.window.show_page("queue")  # where the door stands all day
    hands.at.settle()
    hands.digit("1")
    window_kit.waitUntil(lambda: number_of_tickets(hands) == 1)
    hands.at.settle()
    (row,) = hands.at.database.read(lambda s: queueing.ticket_rows(s))
    assert (row.label, row.household_id) == ("A 01", None)
    hands.told("issue")


@pytest.mark.usefixtures("aid")
def test_task_3_a_number_for_a_card_is_one_scan(start: Start, sqlite_database: Database, by: Team) -> None:
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    hands = start()
    hands.at.window.show_page("queue")
    hands.at.settle()
    hands.scan(family.token)
    (row,) = hands.at.database.read(lambda s: queueing.ticket_rows(s))
    assert row.household_id == family.household_id
    hands.told("issue-card")


# ── the store ────────────────────────────────────────────────────────────────────────────────────


def test_task_4_a_lorry_of_five_lines_one_short(start: Start, sqlite_database: Database, by: Team) -> None:
    sqlite_database.write(partial(days.open_day, by=by.coordinator, request_id=new_id()))
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    items = {row.code: row.id for row in sqlite_database.read(lambda s: stock.item_rows(s, by.storekeeper))}
    earlier = ReceiveDraft(SUPPLIER, (ReceiveLine(items["SOAP-250"], 5),))
    sqlite_database.write(lambda s: stock.receive(s, by.storekeeper, request_id=new_id(), draft=earlier))
    hands = start()
    page_key(hands, "stock")
    hands.key(Qt.Key.Key_F3)
    hands.fact("гум")
    hands.fact("ТН-4471")
    for n, (letters, _code) in enumerate(LORRY):
        hands.fact(letters)
        hands.fact("100", Qt.Key.Key_Tab if n == 2 else ENTER)
        if n == 2:
            hands.fact("96")
        hands.fact("6.27")
    hands.key(Qt.Key.Key_F9)
    paper = sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper))[0]
    view = sqlite_database.read(lambda s: stock.document_view(s, by.storekeeper, paper.id))
    assert (paper.other_party, paper.paper_number, paper.units) == (SUPPLIER, "ТН-4471", 496)
    assert [line.short for line in view.lines] == [0, 0, 4, 0, 0]
    for (_letters, code), came in zip(LORRY, (100, 100, 96, 100, 100), strict=True):
        (lot,) = sqlite_database.read(partial(stock.lot_rows, by=by.storekeeper, item_id=items[code]))
        assert (lot.quantity, lot.expiry) == (came, date(2027, 6, 30))
    hands.told("lorry")


# ── the evening ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def served(sqlite_database: Database, by: Team, aid: Aid) -> None:
    """One family came and was served; in the evening the shelf was counted and agreed."""
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    draft = draft_of(family.household_id, (aid.soap, 4))
    sqlite_database.write(lambda s: hand_over(s, by.distributor, request_id=new_id(), draft=draft))
    lots = sqlite_database.read(lambda s: stock.lot_rows(s, by.storekeeper))
    sheet = CountDraft(tuple(SeenLine(lot.item_id, lot.lot_id, lot.quantity) for lot in lots))
    sqlite_database.write(lambda s: stock.count(s, by.storekeeper, request_id=new_id(), draft=sheet))


def close(hands: Hands[Work]) -> None:
    """Alt+7, F9: the day is closed; every row of its list agrees, but for the papers nobody has counted on the table yet."""
    page_key(hands, "day")
    hands.key(Qt.Key.Key_F9)
    lead = hands.at.by.coordinator
    day = hands.at.database.read(partial(days.day_state, by=lead))
    assert day.state is DayState.CLOSED
    assert day.id is not None
    rows = hands.at.database.read(partial(days.checklist, by=lead, day_id=day.id))
    by_the_book = [row for row in rows if not is_counted_by_hand(row.topic)]
    assert {row.topic for row in by_the_book if row.state is not RowState.DONE} == set(), "the day balances"
    assert {row.state for row in rows} <= {RowState.DONE, RowState.OPEN}, "nothing wants a sentence"


@pytest.mark.usefixtures("served")
def test_task_5_closing_a_day_that_balances(start: Start) -> None:
    hands = start()
    close(hands)
    assert hands.at.database.read(lambda s: s.scalar(select(func.count()).select_from(HandOver))) == 1
    hands.told("close")


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """A printer that writes files; what it printed, in order."""
    jobs_printed: list[Path] = []
    made = printing._printer_for

    def printer(pages: Pages, name: str = "") -> QPrinter:
        jobs_printed.append(tmp_path / f"{len(jobs_printed)}.pdf")
        return to_file(made(pages, name), jobs_printed[-1])

    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(printing, "has_printer", lambda: True)
    monkeypatch.setattr(printing, "_printer_for", printer)
    return jobs_printed


def pack_made(hands: Hands[Work], wait: QtBot, printed: list[Path], times: int) -> Path:
    """The pack is printed so often and its backup is remembered; the folder it lies in."""
    database, lead = hands.at.database, hands.at.by.coordinator
    wait.waitUntil(lambda: len(printed) == times, timeout=PATIENCE)
    wait.waitUntil(lambda: database.read(lambda s: backup.last_backup(s, lead)) is not None, timeout=PATIENCE)
    hands.at.settle()
    day = database.read(partial(days.day_state, by=lead)).day
    return folder_of(day)


@pytest.mark.usefixtures("served")
def test_task_5_closing_and_printing_what_is_printed_every_day(
    start: Start, window_kit: QtBot, printed: list[Path]
) -> None:
    """Every daily paper of the catalogue in one print job and as files, and a backup that was opened and counted beside them."""
    hands = start()
    close(hands)
    hands.key(ENTER)
    folder = pack_made(hands, window_kit, printed, 1)
    papers, (copy,) = sorted(folder.glob("*.pdf")), folder.glob("*.db")
    expected = {report.code for report in (*DAILY, *(one for one in REPORTS if one.name in BESIDE))}
    assert [one.name.split("-")[0] for one in papers] == sorted(expected)
    sizes = [size for one in papers for size in Pages(one.read_bytes()).sizes]
    on_paper = Pages(printed[0].read_bytes()).sizes
    assert sorted(wide > tall for wide, tall in on_paper) == sorted(wide > tall for wide, tall in sizes)
    assert copies.verify(copy, None).rows > 0
    assert not list(folder.glob("*.part"))
    said = messages.current()
    assert said is not None
    assert "R5" in str(said.text)
    assert "backup opened and counted" in str(said.text)
    hands.told("close-and-print")


@pytest.mark.usefixtures("served")
def test_task_5_the_evening_is_printed_again(start: Start, window_kit: QtBot, printed: list[Path]) -> None:
    hands = start()
    hands.at.database.write(lambda s: days.close_day(s, hands.at.by.coordinator, request_id=new_id()))
    page_key(hands, "day")
    hands.key(Qt.Key.Key_Up)
    hands.key(ENTER)
    pack_made(hands, window_kit, printed, 1)
    assert QApplication.focusWidget().objectName() == "evening_pack", "what did not come out is made again by the same key"
    hands.told("print-again")
