"""The store's page by keyboard: a lorry received, goods transferred and written off, a shelf counted blind, problems all at once."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import LossCause, ReceiveDraft, ReceiveLine
from aidtrack.services import drafts, stock
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages, printing, saving
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.stock import StockPage
from tests.factories import Team
from tests.ui.conftest import JobsOn
from tests.ui.lost import lose_next_answer
from tests.ui.typing import press, type_text
from tests.unit.test_reports import text_of

ENTER, TAB = Qt.Key.Key_Return, Qt.Key.Key_Tab


@pytest.fixture
def items(sqlite_database: Database, by: Team) -> dict[str, UUID]:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    return {row.code: row.id for row in sqlite_database.read(lambda s: stock.item_rows(s, by.storekeeper))}


@pytest.fixture
def page(sqlite_database: Database, by: Team, items: dict[str, UUID], jobs_on: JobsOn, qtbot: QtBot) -> StockPage:
    jobs_on(sqlite_database, by.coordinator)
    shown = StockPage()
    qtbot.addWidget(shown)
    shown.resize(1366, 700)
    shown.show()
    shown.activateWindow()
    shown.load()
    assert jobs.wait_all()
    return shown


def here() -> QWidget:
    """What has the focus."""
    found = QApplication.focusWidget()
    assert found is not None
    return found


def say(text: str, *keys: Qt.Key) -> None:
    """Typed where the cursor stands, then keys."""
    type_text(here(), text)
    jobs.wait_all()
    for key in keys:
        press(here(), key)
        jobs.wait_all()


def fill_shelf(database: Database, by: Team, *lines: ReceiveLine) -> None:
    draft = ReceiveDraft("Фонд", lines)
    database.write(lambda s: stock.receive(s, by.storekeeper, request_id=new_id(), draft=draft))


def shelf(database: Database, by: Team, item: UUID) -> list[tuple[int, date | None]]:
    return [(lot.quantity, lot.expiry) for lot in database.read(lambda s: stock.lot_rows(s, by.storekeeper, item))]


def said() -> str:
    message = messages.current()
    assert message is not None
    return message.text if isinstance(message.text, str) else i18n.render(message.text, "en")


def reload(page: StockPage) -> None:
    page.load()
    assert jobs.wait_all()


def test_a_lorry_is_received_by_keyboard_one_line_short(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    page.run_main()
    assert jobs.wait_all()
    say("Гуманитарный центр", ENTER)
    say("ТН-4471", ENTER, ENTER)
    say("вод", ENTER)
    say("100", ENTER)
    say("6.27", ENTER)
    say("мыло", ENTER)
    say("100", TAB)
    say("96", ENTER)
    page.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["WATER-5L"]) == [(100, date(2027, 6, 30))]
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(96, None)]
    document = sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper))[0]
    view = sqlite_database.read(lambda s: stock.document_view(s, by.storekeeper, document.id))
    assert [line.short for line in view.lines] == [0, 4]
    assert (document.other_party, document.paper_number) == ("Гуманитарный центр", "ТН-4471")
    assert said() == (
        "Received: KRS-GRN-2024-1, 196 units. Short: 4, damaged: 0. The act is part of the paper."
    )


def test_what_the_driver_signs_comes_out_of_the_printer_and_without_one_goes_into_a_file(
    page: StockPage, items: dict[str, UUID], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    printed: list[str] = []
    monkeypatch.setattr(printing, "print_with_dialog", lambda _owner, _pdf, what, _told: printed.append(what))
    monkeypatch.setattr(printing, "has_printer", lambda: True)
    receive_water(page)
    assert printed == ["KRS-GRN-2024-1"]
    monkeypatch.setattr(printing, "has_printer", lambda: False)
    monkeypatch.setattr(saving, "ask_where", lambda _owner, kind, name, then: then(tmp_path / name))
    page._forms.papers()
    assert jobs.wait_all()
    press(here(), ENTER)
    assert jobs.wait_all(60_000)
    assert said() == "Saved: KRS-GRN-2024-1.pdf"
    act = text_of((tmp_path / "KRS-GRN-2024-1.pdf").read_bytes())
    assert "Акт приёмки KRS-GRN-2024-1 Акт приймання" in act, "in the languages of the centre, whatever this window speaks"
    assert "Receipt act" not in act
    press(here(), Qt.Key.Key_Escape)


def receive_water(page: StockPage) -> None:
    page.run_main()
    assert jobs.wait_all()
    say("Гуманитарный центр", ENTER, ENTER, ENTER)
    say("вод", ENTER)
    say("100", ENTER)
    say("6.27", ENTER)
    page.run_main()
    assert jobs.wait_all(60_000)


def test_all_problems_stand_in_their_lines_and_nothing_typed_is_lost(
    page: StockPage, sqlite_database: Database, by: Team
) -> None:
    page.run_main()
    assert jobs.wait_all()
    panel = page._panels["receive"]
    panel.editor.rows[0].item.setFocus()
    say("вод", ENTER)
    say("100")
    panel.editor.rows[1].item.setFocus()
    say("нет такого")
    page.run_main()
    assert jobs.wait_all()
    assert panel.form.field("supplier").problem_text() == "From whom? Three letters are enough."
    assert panel.editor.rows[0].problem_text() == "Use by when? Month and year are enough: 6.27."
    assert panel.editor.rows[1].problem_text() == "Which item? Type three letters of it."
    press(panel, Qt.Key.Key_Escape)
    assert jobs.wait_all()
    page.run_main()
    assert jobs.wait_all()
    switch_language("ru")
    assert panel.editor.rows[0].quantity.value() == 100
    assert panel.editor.rows[1].item.text() == "нет такого"
    assert sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper)) == ()


def test_undo_takes_the_delivery_back(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    page.run_main()
    assert jobs.wait_all()
    say("Фонд", ENTER, ENTER, ENTER)
    say("мыло", ENTER)
    say("5", ENTER)
    page.run_main()
    assert jobs.wait_all()
    assert messages.undo()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == []


def test_goods_are_looked_for_by_their_names(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, *(ReceiveLine(items[code], 4, date(2025, 8, 20)) for code in ("WATER-5L", "SOAP-250")))
    reload(page)
    assert [row.names["en"] for row in page._table.rows()][:2] == ["Bath soap, 250 g", "Drinking water, 5 L"]
    switch_language("ru")
    assert [row.names["ru"] for row in page._table.rows()][:2] == ["Вода, 5 л", "Мыло, 250 г"]
    switch_language("en")


def test_the_table_says_what_lies_and_opens_to_batches(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, ReceiveLine(items["WATER-5L"], 40, date(2024, 8, 20)))
    reload(page)
    page._search.setFocus()
    say("water", ENTER)
    row = page._table.current()
    assert (row.code, row.on_shelf, row.can_be_given) == ("WATER-5L", 40, 40)
    copied = page._table.copy_text()
    assert "Drinking water, 5 L" in copied
    assert "good for 8 days" in copied
    assert page._side.detail is not None
    assert [lot.quantity for lot in page._side.detail.lots] == [40]
    assert page._side.findChild(QWidget, "side_sum").text() == "0 + 40 = 40"
    press(page, Qt.Key.Key_Escape)
    assert not page._side.isVisible()


def test_goods_are_transferred_and_written_off(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, ReceiveLine(items["SOAP-250"], 40))
    page._open("transfer")
    assert jobs.wait_all()
    panel = page._panels["transfer"]
    panel.form.field("to_name").input.setFocus()
    say("Курск-2", ENTER, ENTER)
    say("мыло", ENTER)
    say("15")
    page.run_main()
    assert jobs.wait_all()
    assert said() == "Transferred: KRS-WB-2024-1, 15 units"
    page._open("write_off")
    assert jobs.wait_all()
    panel = page._panels["write_off"]
    panel.editor.rows[0].item.setFocus()
    say("мыло", ENTER)
    say("50")
    page.run_main()
    assert jobs.wait_all()
    assert panel.form.field("cause").problem_text() == "Why? Choose the cause."
    panel.form.field("cause").input.setCurrentIndex(0)
    page.run_main()
    assert jobs.wait_all()
    assert said() == "Bath soap, 250 g: the book has 25."
    panel.editor.rows[0].quantity.set_value(5)
    page.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(20, None)]


def test_a_count_shows_no_book_and_asks_again_what_differs(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, ReceiveLine(items["SOAP-250"], 40), ReceiveLine(items["TOWEL"], 7))
    page._open("count")
    assert jobs.wait_all()
    panel = page._panels["count"]
    shown = " ".join(child.text() for child in panel.findChildren(QWidget) if hasattr(child, "text"))
    assert "40" not in shown
    say("38", ENTER)
    say("7")
    page.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(40, None)]
    differing = [row for row in panel.rows if row.note.isVisible()]
    assert [row.lot.item_id for row in differing] == [items["SOAP-250"]]
    type_text(differing[0].note, "две отдали вчера")
    page.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(38, None)]
    assert said() == "Counted: 2 batches, 1 differ"


def test_a_delivery_saved_again_after_a_lost_answer_is_booked_once(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    page.run_main()
    assert jobs.wait_all()
    say("Гуманитарный центр", ENTER)
    say("ТН-4471", ENTER, ENTER)
    say("мыло", ENTER)
    say("20", ENTER)
    lose_next_answer(monkeypatch, sqlite_database)
    page.run_main()
    assert jobs.wait_all()
    assert said() == "The database is busy."
    page.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(20, None)]
    assert len(sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper))) == 1


def test_a_count_saved_again_after_a_lost_answer_is_booked_once(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_shelf(sqlite_database, by, ReceiveLine(items["SOAP-250"], 40))
    page._open("count")
    assert jobs.wait_all()
    say("40", ENTER)
    lose_next_answer(monkeypatch, sqlite_database)
    page.run_main()
    assert jobs.wait_all()
    page.run_main()
    assert jobs.wait_all()
    assert said() == "Counted: 1 batch, 0 differ"
    assert len(sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper))) == 2, "a delivery and one count"


def test_who_only_looks_can_move_nothing(
    sqlite_database: Database, by: Team, items: dict[str, UUID], jobs_on: JobsOn, qtbot: QtBot
) -> None:
    jobs_on(sqlite_database, by.distributor)
    shown = StockPage()
    qtbot.addWidget(shown)
    reload(shown)
    action = shown.main_action()
    assert action is not None
    assert not action.enabled
    assert [str(choice.word) for choice in shown.more() if choice.enabled] == ["Promises and wait list", "Stock card", "On loan"]


# ── half-filled papers ──


def another_run(qtbot: QtBot, before: StockPage) -> StockPage:
    """The page of the next start: the one before ended without a word."""
    before.hide()
    shown = StockPage()
    qtbot.addWidget(shown)
    shown.resize(1366, 700)
    shown.show()
    shown.activateWindow()
    shown.load()
    assert jobs.wait_all()
    return shown


def test_a_half_filled_delivery_outlives_the_program(
    page: StockPage, qtbot: QtBot, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    page.run_main()
    assert jobs.wait_all()
    say("Гуманитарный центр", ENTER)
    say("ТН-4471", ENTER)
    say("вод", ENTER)
    say("100", ENTER)
    say("6.27")
    kept = partial(drafts.kept_draft, by=by.coordinator, kind="stock/receive")
    qtbot.waitUntil(lambda: "6.27" in str(sqlite_database.read(kept)))
    again = another_run(qtbot, page)
    again.run_main()
    assert jobs.wait_all()
    assert said() == "What was half filled is here again"
    again.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["WATER-5L"]) == [(100, date(2027, 6, 30))]
    document = sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper))[0]
    assert (document.other_party, document.paper_number) == ("Гуманитарный центр", "ТН-4471")
    assert sqlite_database.read(kept) is None


def test_a_half_filled_write_off_and_count_are_kept_when_the_page_is_left(
    page: StockPage, qtbot: QtBot, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, ReceiveLine(items["SOAP-250"], 50))
    page._open("write_off")
    assert jobs.wait_all()
    panel = page._panels["write_off"]
    panel.form.field("cause").input.set_value(LossCause.DAMAGED)
    panel.form.field("note").input.setFocus()
    say("лопнула труба", ENTER)
    say("мыло", ENTER)
    say("7")
    page.leave()
    page._open("count")
    assert jobs.wait_all()
    say("44")
    page.leave()
    assert jobs.wait_all()
    again = another_run(qtbot, page)
    again._open("write_off")
    assert jobs.wait_all()
    panel = again._panels["write_off"]
    assert (panel.form.values()["cause"], panel.form.values()["note"]) == (LossCause.DAMAGED, "лопнула труба")
    assert [row.line().quantity for row in panel.editor.filled()] == [7]
    again._open("count")
    assert jobs.wait_all()
    assert [row.seen.value() for row in again._panels["count"].counted()] == [44]


def test_sizes_of_an_item_are_typed_as_a_span(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID], qtbot: QtBot
) -> None:
    page.receive(items["SHOES"])
    jobs.wait_all()
    next(action for action in page.more() if str(action.word) == "Sizes").run()
    jobs.wait_all()
    say("37-39")
    dialog = page.findChild(QWidget, "sizes_dialog")
    assert dialog.findChild(QWidget, "sizes_read").text() == "3 sizes: 37, 38, 39"  # type: ignore[attr-defined]
    press(here(), Qt.Key.Key_F9)
    jobs.wait_all()
    rows = sqlite_database.read(lambda s: stock.item_rows(s, by.storekeeper))
    assert [row.code for row in rows if row.variant_of == items["SHOES"]] == ["SHOES-37", "SHOES-38", "SHOES-39"]
    fill_shelf(sqlite_database, by, ReceiveLine(items["DIAP-C-4"], 6), ReceiveLine(items["DIAP-C-5"], 3))
    reload(page)
    page.receive(items["DIAP-C"])
    jobs.wait_all()
    whole = page.findChild(QWidget, "side_total")
    assert whole.text() == "9"  # type: ignore[attr-defined]
    assert page.findChild(QWidget, "stock_sum").text() == "1 item · 9 units on the shelf"  # type: ignore[attr-defined]
