"""The store by keyboard, from the lorry to the shelf: one scan and what differs, signed for and counted later, a second person's word,
counts of what the book has not, and nothing half filled is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    Destination,
    GoodsLine,
    LossCause,
    SignedDraft,
    TransferDraft,
    WaybillLine,
    WriteOffDraft,
    waybill_codes,
)
from aidtrack.domain.stock import ReceiveLine as Line
from aidtrack.services import drafts, stock
from aidtrack.store.database import Database
from aidtrack.store.stock import CountLine, Document
from aidtrack.ui import jobs
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.stock import StockPage
from tests.factories import Team
from tests.ui.conftest import JobsOn
from tests.ui.test_stock_page import another_run, fill_shelf, here, items, page, reload, said, say, shelf
from tests.ui.typing import press, type_text

__all__ = ["items", "page"]

ENTER, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Down
LATER = date(2027, 6, 30)
FIVE = ("FOOD-KIT-P7", "WATER-5L", "SOAP-250", "TOWEL", "BED-SET")


@pytest.fixture
def keeper_page(sqlite_database: Database, by: Team, items: dict[str, UUID], jobs_on: JobsOn, qtbot: QtBot) -> StockPage:
    """The page of a storekeeper, who may not approve."""
    jobs_on(sqlite_database, by.storekeeper)
    return another_run(qtbot, StockPage())


def code_of_a_lorry() -> str:
    lines = [WaybillLine(code, 100, f"П-{n}", LATER if n < 2 else None, "Фонд") for n, code in enumerate(FIVE)]
    return waybill_codes(new_id(), "BEL-WB-2024-7", "Белгород", lines)[0]


def dialog(name: str) -> QDialog:
    """The form that is open."""
    found = [one for one in QApplication.topLevelWidgets() if one.objectName() == name and one.isVisible()]
    assert len(found) == 1, name
    return found[0]  # type: ignore[return-value]


def test_a_lorry_of_five_lines_is_one_scan_five_keys_and_two_digits(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    """Alt+3 · scan · ↓ ↓ 96 Enter · F9: of the frame's keys Alt+3 and F9, here the arrows and Enter."""
    keys = 1  # Alt+3
    assert page.on_scan(code_of_a_lorry())
    assert jobs.wait_all()
    for key in (DOWN, DOWN):
        press(here(), key)
        keys += 1
    say("96", ENTER)
    keys += 1
    page.run_main()
    keys += 1
    assert jobs.wait_all()
    assert keys == 5
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(96, None)]
    assert shelf(sqlite_database, by, items["WATER-5L"]) == [(100, LATER)]
    document = sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper))[0]
    view = sqlite_database.read(lambda s: stock.document_view(s, by.storekeeper, document.id))
    assert (document.other_party, document.paper_number, view.facts["donor"]) == ("Белгород", "BEL-WB-2024-7", "Фонд")
    assert [line.short for line in view.lines] == [0, 0, 4, 0, 0]
    assert said() == "Received: KRS-GRN-2024-1, 496 units. Short: 4, damaged: 0. The act is part of the paper."
    page.on_scan(code_of_a_lorry())
    assert jobs.wait_all()
    assert said() == "This was received already: KRS-GRN-2024-1."


def test_another_scan_never_wipes_a_half_filled_delivery(page: StockPage, items: dict[str, UUID]) -> None:
    page.run_main()
    assert jobs.wait_all()
    panel = page._panels["receive"]
    panel.editor.rows[0].item.setFocus()
    say("мыло", ENTER)
    say("7")
    page.on_scan(code_of_a_lorry())
    assert jobs.wait_all()
    assert said() == "A delivery is half filled here: receive it, or empty its lines, then scan again."
    assert [row.quantity.value() for row in panel.editor.filled()] == [7]


def test_the_same_waybill_scanned_in_another_language_adds_nothing(page: StockPage, items: dict[str, UUID]) -> None:
    """Lines are known by the item, not by its name; a name typed before is said in the language of now."""
    page.on_scan(code_of_a_lorry())
    assert jobs.wait_all()
    editor = page._panels["receive"].editor
    before = [(row.item.value(), row.quantity.value()) for row in editor.filled()]
    names = [row.item.text() for row in editor.filled()]
    switch_language("uk")
    page.on_scan(code_of_a_lorry())
    assert jobs.wait_all()
    switch_language("en")
    assert len(before) == 5
    assert [(row.item.value(), row.quantity.value()) for row in editor.filled()] == before
    assert all(row.item.text() != name for row, name in zip(editor.filled(), names, strict=True))


def test_codes_of_one_long_waybill_add_their_lines(page: StockPage, items: dict[str, UUID]) -> None:
    lines = [WaybillLine("SOAP-250", n + 1, f"П-{n}") for n in range(13)]
    codes = waybill_codes(new_id(), "BEL-WB-2024-8", "Белгород", lines)
    for code in (codes[0], codes[1], codes[1]):
        page.on_scan(code)
        assert jobs.wait_all()
    assert [row.quantity.value() for row in page._panels["receive"].editor.filled()] == list(range(1, 14))


def test_a_code_of_nothing_that_comes_in_is_said(page: StockPage) -> None:
    assert page.on_scan("W:AAAA")
    assert jobs.wait_all()
    assert said() == "This code is of nothing that comes in. Scan it again, or type the waybill."
    assert not page.on_scan("4821 1790 5570"), "a family card goes to the window"


def test_the_driver_leaves_and_the_goods_are_counted_later(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    monkeypatch.setattr("aidtrack.ui.pages.stock.printing.print_document", lambda _owner, row: printed.append(row.code))
    page.run_main()
    assert jobs.wait_all()
    say("Гуманитарный центр", ENTER)
    say("ТН-4471", ENTER)
    say("мыло", ENTER)
    say("100")
    panel = page._panels["receive"]
    panel.form.field("boxes").input.setFocus()
    say("22")
    sign = next(action for action in page.more() if str(action.word) == "Signed for, count later")
    sign.run()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == []
    assert printed == ["KRS-SF-2024-1"]
    assert page._waiting.text() == "1 delivery is to be counted: ТН-4471"
    page._count_waiting.click()
    assert jobs.wait_all()
    assert panel._about.text() == "Signed for as KRS-SF-2024-1, 22 boxes. Type only what differs."
    say("97", ENTER)
    page.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(97, None)]
    assert not page._waiting.isVisible()


def test_how_many_boxes_is_asked_before_the_driver_leaves(page: StockPage) -> None:
    page.run_main()
    assert jobs.wait_all()
    page._panels["receive"].sign_now()
    assert jobs.wait_all()
    panel = page._panels["receive"]
    assert panel.form.field("boxes").problem_text() == "How many boxes? The driver waits for this number."
    assert panel.form.field("supplier").problem_text() == "From whom? Three letters are enough."


def test_a_half_counted_delivery_still_goes_on_with_what_was_signed_for(
    page: StockPage, qtbot: QtBot, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    draft = SignedDraft("Фонд", 3, (Line(items["SOAP-250"], 50),), "118")
    sqlite_database.write(lambda s: stock.sign_for(s, by.storekeeper, request_id=new_id(), draft=draft))
    reload(page)
    page._count_waiting.click()
    assert jobs.wait_all()
    say("49")
    page.leave()
    assert jobs.wait_all()
    again = another_run(qtbot, page)
    again.run_main()
    assert jobs.wait_all()
    switch_language("ru")
    again.run_main()
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(49, None)]
    assert sqlite_database.read(lambda s: stock.expected_deliveries(s, by.storekeeper)) == ()
    assert sqlite_database.read(partial(drafts.kept_draft, by=by.coordinator, kind="stock/receive")) is None


def test_an_organisation_is_asked_for_how_many_people(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, Line(items["SOAP-250"], 40))
    page._open("transfer")
    assert jobs.wait_all()
    panel = page._panels["transfer"]
    assert not panel.form.field("people").isVisible()
    panel.form.field("to").input.set_value(Destination.ORGANISATION)
    panel._propose()
    panel.form.field("to_name").input.setFocus()
    say("Больница № 1", ENTER, ENTER)
    panel.editor.rows[0].item.setFocus()
    say("мыло", ENTER)
    say("15")
    page.run_main()
    assert jobs.wait_all()
    assert panel.form.field("people").problem_text() == "For how many people? The organisation says it."
    panel.form.field("people").input.setText("40")
    page.run_main()
    assert jobs.wait_all()
    assert said() == "Transferred: KRS-WB-2024-1, 15 units"


def test_the_copy_that_came_back_ends_a_waybill(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, Line(items["SOAP-250"], 40))
    draft = TransferDraft(Destination.CENTRE, "Суджа", (GoodsLine(items["SOAP-250"], 10),))
    sqlite_database.write(lambda s: stock.transfer(s, by.storekeeper, request_id=new_id(), draft=draft))
    next(action for action in page.more() if str(action.word) == "On the way and to be counted").run()
    assert jobs.wait_all()
    waiting = dialog("waiting_dialog")
    press(waiting.table.view, ENTER)  # type: ignore[attr-defined]
    assert jobs.wait_all()
    arrival = dialog("arrival_dialog")
    came = arrival.findChild(QWidget, "came_0")
    came.setText("8")
    arrival.accept_now()  # type: ignore[attr-defined]
    assert jobs.wait_all()
    assert said() == "Arrived: KRS-WB-2024-1"
    assert sqlite_database.read(lambda s: stock.on_the_way(s, by.storekeeper)) == ()


def test_a_great_write_off_asks_for_a_shift_lead_at_this_window(
    keeper_page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, Line(items["SOAP-250"], 90))
    keeper_page._open("write_off")
    assert jobs.wait_all()
    panel = keeper_page._panels["write_off"]
    panel.form.field("cause").input.set_value(LossCause.WET)
    panel.editor.rows[0].item.setFocus()
    say("мыло", ENTER)
    say("60")
    keeper_page.run_main()
    assert jobs.wait_all()
    word = dialog("stock_approval")
    word.form.field("who").input.set_value(by.shift_lead.user_id)  # type: ignore[attr-defined]
    word.accept_now()  # type: ignore[attr-defined]
    assert jobs.wait_all()
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(30, None)]
    document = sqlite_database.read(lambda s: stock.document_rows(s, by.storekeeper))[0]
    view = sqlite_database.read(lambda s: stock.document_view(s, by.storekeeper, document.id))
    assert view.facts["approved_as"] == "shift_lead"


def test_what_the_book_has_not_is_counted_and_a_paper_sheet_has_its_hour(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, Line(items["SOAP-250"], 40))
    by.clock.forward(minutes=60)
    gone = WriteOffDraft(LossCause.WET, (GoodsLine(items["SOAP-250"], 5),))
    sqlite_database.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=gone))
    page._open("count")
    assert jobs.wait_all()
    panel = page._panels["count"]
    panel.at.setText("25:30")
    panel.rows[0].seen.setFocus()
    say("40")
    page.run_main()
    assert jobs.wait_all()
    assert said() == "A time that is over, for example 14:30."
    panel.at.setText("05:30")
    panel.found.rows[0].item.setFocus()
    say("полотен", ENTER)
    say("6")
    page.run_main()
    assert jobs.wait_all()
    assert said() == "Counted: 2 batches, 1 differ"
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(35, None)], "what left after the sheet was filled is not undone"
    assert shelf(sqlite_database, by, items["TOWEL"]) == [(6, None)]


def test_after_midnight_a_sheet_of_the_evening_is_of_yesterday(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    """The shelf was counted on paper at 23:50; a write-off at midnight and the typing at 00:20 come after it."""
    fill_shelf(sqlite_database, by, Line(items["SOAP-250"], 40))
    by.clock.moment = datetime(2024, 8, 13, 0, 5, tzinfo=UTC)
    gone = WriteOffDraft(LossCause.WET, (GoodsLine(items["SOAP-250"], 5),))
    sqlite_database.write(lambda s: stock.write_off(s, by.storekeeper, request_id=new_id(), draft=gone))
    by.clock.moment = datetime(2024, 8, 13, 0, 20, tzinfo=UTC)
    page._open("count")
    assert jobs.wait_all()
    panel = page._panels["count"]
    words = panel.findChild(QLabel, "count_at_words")
    assert words.text() == "Counted on paper at"
    panel.at.setText("00:10")
    assert words.text() == "Counted on paper at"
    panel.at.setText("23:50")
    assert words.text() == "Counted on paper yesterday at"
    panel.rows[0].seen.setFocus()
    say("40")
    page.run_main()
    assert jobs.wait_all()
    assert said() == "Counted: 1 batch, 0 differ"
    line = sqlite_database.read(lambda s: s.scalars(select(CountLine)).one())
    assert (line.seen, line.book, line.counted_at) == (40, 40, datetime(2024, 8, 12, 23, 50, tzinfo=UTC))
    day = sqlite_database.read(lambda s: s.scalars(select(Document.day).where(Document.id == line.document_id)).one())
    assert day == date(2024, 8, 12), "the open day is still the evening's"
    assert shelf(sqlite_database, by, items["SOAP-250"]) == [(35, None)]


def test_a_count_that_is_half_typed_keeps_the_moment_of_each_number(
    page: StockPage, qtbot: QtBot, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, Line(items["SOAP-250"], 40))
    page._open("count")
    assert jobs.wait_all()
    say("40")
    panel = page._panels["count"]
    panel.found.rows[0].item.setFocus()
    say("полотен", ENTER)
    say("2")
    page.leave()
    assert jobs.wait_all()
    moment = panel.rows[0].counted_at
    by.clock.forward(minutes=30)
    again = another_run(qtbot, page)
    again._open("count")
    assert jobs.wait_all()
    fresh = again._panels["count"]
    assert [row.counted_at for row in fresh.counted()] == [moment]
    assert [row.seen.value() for row in fresh.found.filled()] == [2]


def test_the_page_warns_of_less_than_the_least(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, Line(items["SOAP-250"], 40))
    sqlite_database.write(
        lambda s: stock.save_level(s, by.storekeeper, request_id=new_id(), item_id=items["SOAP-250"], least=50)
    )
    reload(page)
    page._search.setFocus()
    type_text(page._search, "soap")
    assert "less than 50" in page._table.copy_text()


def forms(page: StockPage) -> list[tuple[str, Callable[[], object]]]:
    return [(str(action.word), action.run) for action in page.more() if action.enabled]


def test_kits_are_taken_apart_by_keyboard(
    page: StockPage, sqlite_database: Database, by: Team, items: dict[str, UUID]
) -> None:
    fill_shelf(sqlite_database, by, Line(items["HYG-F"], 3, date(2024, 8, 12) + timedelta(days=90)))
    reload(page)
    page._table.select_key(items["HYG-F"])
    run = dict(forms(page))["Take kits apart"]
    run()
    assert jobs.wait_all()
    kit = dialog("kit_dialog")
    kit.form.field("kits").input.setText("2")  # type: ignore[attr-defined]
    kit.accept_now()  # type: ignore[attr-defined]
    assert jobs.wait_all()
    assert said() == "Kits taken apart."
    assert [quantity for quantity, _ in shelf(sqlite_database, by, items["HYG-F"])] == [1]


@pytest.mark.parametrize(("name", "title"), [("least", "Least stock of the item"), ("units", "Approval of write-offs")])
def test_small_numbers_are_set(page: StockPage, name: str, title: str) -> None:
    page._table.select_row(0)
    page._open("write_off" if name == "units" else "table")
    assert jobs.wait_all()
    dict(forms(page))[title]()
    assert jobs.wait_all()
    form = dialog(f"{name}_dialog")
    form.form.field(name).input.setText("7")  # type: ignore[attr-defined]
    form.accept_now()  # type: ignore[attr-defined]
    assert jobs.wait_all()
    assert said().startswith("Saved: ")
