"""The frame: pages of the role, keys and who takes them, the guard against double presses, languages, lock, scans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMainWindow, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import getAllValidWrappers

from aidtrack import i18n
from aidtrack.clock import wall_clock
from aidtrack.domain.access import Permission, Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.ui import main_window, messages, theme
from aidtrack.ui.application import PAGES
from aidtrack.ui.first_run import FirstRun
from aidtrack.ui.frame import reading_order
from aidtrack.ui.frame.rail import RailItem
from aidtrack.ui.inputs import CheckInput, TextInput
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.page import Action, Key, Page
from aidtrack.ui.parts import Button, MainButton, RowItem, RowList
from aidtrack.ui.scanner import BURST_MS
from aidtrack.ui.ticks import TickList
from tests.ui.typing import press, scan, type_text

FOCUS_BORDER = 2
"""Pixels, of every part that has the focus."""


class TryPage(Page):
    """A page that remembers what it was asked to do."""

    name = "try"

    def __init__(self, name: str = "desk") -> None:
        super().__init__()
        self.did: list[object] = []
        self.own_keys: dict[Key, Action] = {}
        self.field = TextInput(name=f"{name}_field")
        self.root.addWidget(self.field)
        self.button = MainButton()
        self.root.addWidget(self.button)
        self.idle = QWidget()
        self.idle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.root.addWidget(self.idle)
        self.follow_main(self.button)

    def load(self) -> None:
        self.did.append("load")

    def main_action(self) -> Action | None:
        return Action(Text("Save"), lambda: self.did.append("main"))

    def keys(self) -> Mapping[Key, Action]:
        return self.own_keys

    def more(self) -> Sequence[Action]:
        return [Action(Text("Print"), lambda: self.did.append("print"))]

    def on_scan(self, code: str) -> bool:
        self.did.append(("scan", code))
        return True

    def on_digit(self, digit: int) -> bool:
        self.did.append(("digit", digit))
        return True


def everybody(*roles: Role) -> Actor:
    return Actor(None, "Olha K.", frozenset(roles), wall_clock)


@pytest.fixture
def window(window_kit: QtBot) -> MainWindow:
    entries = [
        PageEntry("desk", Text("Desk"), "scan-line", lambda: TryPage("desk"), Permission.REGISTER),
        PageEntry("queue", Text("Queue"), "ticket", lambda: TryPage("queue"), Permission.CALL),
        PageEntry("stock", Text("Stock"), "package", lambda: TryPage("stock"), Permission.STOCK_MOVE),
    ]
    made = MainWindow(entries, QWidget)
    window_kit.addWidget(made)
    made.show()
    made.start(everybody(Role.COORDINATOR))
    made.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is made)
    return made


def shown(window: MainWindow) -> TryPage:
    page = window.page()
    assert isinstance(page, TryPage)
    return page


def test_the_last_figure_ends_at_the_edge_of_the_page_whatever_is_hidden(window: MainWindow) -> None:
    window.resize(1366, 768)
    line = window.message_line
    for minutes, families in ((40, 120), (None, None)):
        open_day = replace(window.state(), day=date(2026, 8, 26), state=DayState.OPEN, lanes=((Lane.A, 8),))
        line.show_state(replace(open_day, wait_minutes=minutes, enough_families=families))
        QApplication.processEvents()
        shown = [fact for fact in line._facts.values() if fact.isVisible()]
        assert shown[-1].geometry().right() == line.width() - 16 - 1


def test_a_role_sees_its_pages_only(window: MainWindow) -> None:
    assert window.rail.names() == ["desk", "queue", "stock"]
    window.start(everybody(Role.REGISTRAR))
    assert window.rail.names() == ["desk", "queue"]


def test_somebody_else_at_the_window_makes_every_page_ask_again(window: MainWindow) -> None:
    """What the shift lead may see, the registrar who takes over need not: the page asks for whoever works now."""
    page = shown(window)
    window.page("queue")
    before = page.did.count("load")
    window.start(everybody(Role.COORDINATOR))
    assert page.did.count("load") == before
    window.start(everybody(Role.REGISTRAR))
    assert page.did.count("load") == before + 1
    assert window.page("queue").is_stale  # type: ignore[union-attr]


def test_alt_and_a_digit_open_a_page(window: MainWindow) -> None:
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.page() is window.page("queue")


def test_alt_and_a_digit_held_too_long_type_nothing_and_give_no_number(window: MainWindow) -> None:
    press(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    page = shown(window)
    for place in (page.field, page.idle):
        place.setFocus()
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_2.value, Qt.KeyboardModifier.AltModifier, "2", True)
        QApplication.sendEvent(place, held)
    assert (page.field.text(), [one for one in page.did if one != "load"]) == ("", [])


def test_the_main_key_runs_what_the_page_says_once_a_second(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(window)
    press(window, Qt.Key.Key_F9)
    press(window, Qt.Key.Key_F9)
    assert page.did.count("main") == 1
    monkeypatch.setattr(main_window, "REPEAT_S", 0.0)
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.did.count("main") == 2


def test_enter_and_tab_never_run_the_main_action(window: MainWindow) -> None:
    page = shown(window)
    for focus in (page.field, page.idle, page.button):
        focus.setFocus()
        press(focus, Qt.Key.Key_Return)
        press(focus, Qt.Key.Key_Tab)
    assert "main" not in page.did


def test_tab_goes_as_the_eye_does_to_what_was_made_later_too(window: MainWindow) -> None:
    """A row that came after the button below it was reached after everything else in the window."""
    page = shown(window)
    line = QHBoxLayout()
    right, left = TextInput(name="right"), TextInput(name="left")
    for part in (right, left):
        line.insertWidget(0, part)
    page.root.insertLayout(1, line)
    QApplication.processEvents()
    page.field.setFocus()
    order: list[QWidget] = [page.field, left, right, page.button, page.idle]
    for stop in order[1:]:
        press(window.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is stop
    for stop in order[-2::-1]:
        press(window.focusWidget(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert QApplication.focusWidget() is stop


def test_going_through_the_window_keeps_no_hold_on_items_of_its_layouts(window: MainWindow) -> None:
    """Qt ends an item with its widget; a hold that stays is taken for whatever comes to that address, and the program ends."""
    page = shown(window)
    page.field.setFocus()
    before = _held_items()
    press(window.focusWidget(), Qt.Key.Key_Tab)
    page.field.hide()
    QApplication.processEvents()
    assert _held_items() == before


def test_a_field_that_is_put_away_gives_the_cursor_on_without_looking_through_the_window(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(window)
    page.field.setFocus()
    looked: list[QWidget] = []

    def look(whole: QWidget) -> list[QWidget]:
        looked.append(whole)
        return []

    monkeypatch.setattr(reading_order, "_in_order", look)
    page.field.hide()
    after = QApplication.focusWidget()
    assert after is not None
    assert after.isVisible()
    assert looked == []


def _held_items() -> int:
    return sum(type(one) is QWidgetItem for one in getAllValidWrappers())


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
def test_the_border_of_the_focus_touches_no_word_of_the_rail(window: MainWindow, lang: str) -> None:
    window.rail.show_pages([(entry.name, entry.title, entry.icon) for entry in PAGES])
    switch_language(lang)
    QApplication.processEvents()
    for item in window.rail.findChildren(RailItem):
        assert (item.width() - item.word_width()) / 2 >= FOCUS_BORDER + 2


def test_the_bar_shows_what_cannot_be_done_faint(window: MainWindow) -> None:
    page = shown(window)
    assert not window.keybar.cells[Key.NEXT].isEnabled()
    page.own_keys[Key.NEXT] = Action(None, lambda: page.did.append("next"))
    page.refresh_actions()
    assert window.keybar.cells[Key.NEXT].isEnabled()
    press(window, Qt.Key.Key_F5)
    assert "next" in page.did
    assert window.keybar.cells[Key.MAIN].said() == "Save"


def test_a_key_another_page_takes_goes_there(window: MainWindow) -> None:
    window.show_page("stock")
    desk = window.page("desk")
    assert isinstance(desk, TryPage)
    desk.own_keys[Key.FIND] = Action(None, lambda: desk.did.append("find"))
    press(window, Qt.Key.Key_F2)
    assert window.page() is desk
    assert "find" in desk.did


def test_a_scan_restores_the_field_and_reaches_the_page(window: MainWindow) -> None:
    page = shown(window)
    page.field.setText("Ткаченко")
    page.field.setFocus()
    scan(page.field, "482117905570")
    assert page.field.text() == "Ткаченко"
    assert ("scan", "482117905570") in page.did


def test_a_scan_under_a_cyrillic_layout_is_the_same_code(window: MainWindow) -> None:
    page = shown(window)
    page.idle.setFocus()
    scan(page.idle, "ФЕ-12ф")
    assert ("scan", "AT-12a") in page.did


def test_digits_of_a_scan_never_fire_single_key_commands(window: MainWindow, window_kit: QtBot) -> None:
    page = shown(window)
    page.idle.setFocus()
    scan(page.idle, "482117905570")
    type_text(page.idle, "3")
    window_kit.waitUntil(lambda: ("digit", 3) in page.did)
    assert [d for d in page.did if isinstance(d, tuple)] == [("scan", "482117905570"), ("digit", 3)]


def test_space_presses_the_button_and_ticks_the_box_that_has_the_focus(window: MainWindow, window_kit: QtBot) -> None:
    """A hand without a mouse ticks and presses by Space; a Space inside of a scan presses nothing."""
    page = shown(window)
    tick = CheckInput("")
    page.root.addWidget(tick)
    tick.show()
    tick.setFocus()
    type_text(None, " ")
    window_kit.waitUntil(tick.isChecked)
    scan(None, " 482117905570")
    assert ("scan", "482117905570") in page.did
    assert tick.isChecked()
    several = TickList([(n, f"item {n}") for n in range(3)])
    page.root.addWidget(several)
    several.show()
    several.select(1)
    several.setFocus()
    type_text(None, " ")
    assert several.value() == (1,)
    other = Button(Text("Print"))
    other.clicked.connect(lambda: page.did.append("print"))
    page.root.addWidget(other)
    other.show()
    for button in (page.button, other):
        window.scanner.pace.last -= 1  # a while later: this hand is no scanner
        button.setFocus()
        type_text(None, " ")
        window_kit.waitUntil(lambda: window.scanner._pending is None)
    assert "print" in page.did
    assert "main" not in page.did, "what F9 does, goods handed over, no other key does"


def test_a_digit_answers_the_door_that_stands_in_front(window: MainWindow, window_kit: QtBot) -> None:
    """The window holds digits back until a scan is ruled out: then they are for what people see."""
    first = FirstRun("")
    window.cover(first)
    type_text(None, "2")
    window_kit.waitUntil(lambda: i18n.language() == "uk")
    assert [one for one in shown(window).did if one != "load"] == []
    first.run_main()
    first.run_main()
    assert first.centre.form.field("name").problem_text()


@pytest.mark.parametrize(("apart", "late"), [(5, 1.0), (200, 0.0)])
def test_the_keyboard_says_how_fast_it_was_not_a_busy_window(window: MainWindow, apart: int, late: float) -> None:
    """A window that comes late to every key still knows a scan; what a hand typed while it was busy stays text."""
    page = shown(window)
    page.field.setFocus()
    for n, letter in enumerate("482117\r"):
        window.scanner.pace.last -= late
        key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(ord(letter))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter)
        event.setTimestamp(1000 + n * apart)
        QApplication.sendEvent(page.field, event)
    is_scan = apart < BURST_MS
    assert (("scan", "482117") in page.did, page.field.text()) == (is_scan, "" if is_scan else "482117")


@pytest.mark.parametrize("pauses", [{8: 150}, {8: 100, 9: 200}], ids=["late Enter", "a breath inside"])
def test_a_scanner_that_falters_is_a_scanner(window: MainWindow, pauses: dict[int, int]) -> None:
    """By radio or under load the Enter of a scan came apart and chose the row that was marked: at the door it signed somebody in."""
    page = shown(window)
    rows = RowList(name="marked")
    page.root.addWidget(rows)
    rows.show()
    rows.show_rows([RowItem("Андрей П.", data=1)])
    rows.select(1)
    rows.chosen.connect(lambda _data: page.did.append("chosen"))
    rows.setFocus()
    moment = 1000
    for n, letter in enumerate("A8211790\r" if len(pauses) == 1 else "A82117904\r"):
        moment += pauses.get(n, 5)
        key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(ord(letter))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter)
        event.setTimestamp(moment)
        QApplication.sendEvent(rows, event)
    assert [one for one in page.did if one in (("scan", "A8211790"), ("scan", "A82117904"))]
    assert "chosen" not in page.did


def test_quick_fingers_are_no_scanner(window: MainWindow) -> None:
    """Letters that rolled out at once, and Enter after them as a hand presses it."""
    page = shown(window)
    page.field.setFocus()
    type_text(page.field, "Ткач")
    window.scanner.pace.last -= 0.15
    press(page.field, Qt.Key.Key_Return)
    assert page.field.text() == "Ткач"


def test_what_an_enter_of_its_own_ended_no_second_one_makes_a_scan(window: MainWindow) -> None:
    page = shown(window)
    page.field.setFocus()
    type_text(page.field, "482117905570")
    window.scanner.pace.last -= 1
    press(page.field, Qt.Key.Key_Return)
    press(page.field, Qt.Key.Key_Return)
    assert page.field.text() == "482117905570"
    assert ("scan", "482117905570") not in page.did


def test_typed_text_stays_text(window: MainWindow) -> None:
    page = shown(window)
    page.field.setFocus()
    type_text(page.field, "Їжакевич 12")
    assert page.field.text() == "Їжакевич 12"
    assert ("digit", 1) not in page.did


def test_languages_switch_in_place_and_keep_what_is_typed(window: MainWindow) -> None:
    page = shown(window)
    type_text(page.field, "Мари")
    assert window.keybar.cells[Key.FIND].said() == "Find"
    switch_language("ru")
    assert window.keybar.cells[Key.FIND].said() == "Найти"
    switch_language("uk")
    assert window.keybar.cells[Key.FIND].said() == "Знайти"
    assert page.field.text() == "Мари"


def test_undo_of_the_last_message_by_the_physical_key(window: MainWindow) -> None:
    page = shown(window)
    page.field.setFocus()
    for key, letter in ((Qt.Key.Key_Z.value, ""), (ord("Я"), "я")):
        messages.done("Given", undo=lambda: page.did.append("undone"))
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier, letter)
        QApplication.sendEvent(page.field, event)
    assert page.did.count("undone") == 2


def test_undo_is_heard_in_the_window_as_the_program_shows_it(window: MainWindow, window_kit: QtBot) -> None:
    """The program puts the work into a shell that was on the screen before: there too the key is the window's own."""
    shell = QMainWindow()
    window_kit.addWidget(shell)
    shell.setCentralWidget(window)
    shell.show()
    shell.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is shell)
    page = shown(window)
    page.field.setFocus()
    messages.done("Given", undo=lambda: page.did.append("undone"))
    press(page.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    shell.takeCentralWidget()
    assert "undone" in page.did


def test_a_field_takes_back_its_own_letters_first(window: MainWindow) -> None:
    page = shown(window)
    page.field.setFocus()
    type_text(page.field, "a")
    messages.done("Given", undo=lambda: page.did.append("undone"))
    press(page.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.field.text() == ""
    assert "undone" not in page.did


def test_lock_hides_everything_and_keeps_what_is_typed(window: MainWindow) -> None:
    page = shown(window)
    type_text(page.field, "Ткач")
    press(window, Qt.Key.Key_F12)
    assert window.is_locked()
    assert not page.isVisible()
    press(window, Qt.Key.Key_F9)
    assert "main" not in page.did
    window.uncover(everybody(Role.REGISTRAR))
    assert page.isVisible()
    assert page.field.text() == "Ткач"


def test_more_offers_what_the_page_has(window: MainWindow, window_kit: QtBot) -> None:
    page = shown(window)
    press(window, Qt.Key.Key_F7)
    more = window.findChild(QWidget, "more")
    assert more is not None
    assert more.isVisible(), "before the next turn of the window: a digit typed ahead is never the page's"
    type_text(more, "1")
    window_kit.waitUntil(lambda: "print" in page.did)


@pytest.mark.parametrize("lang", ["ru", "uk", "en"])
@pytest.mark.parametrize("large", [False, True])
def test_the_window_fits_an_old_laptop(window: MainWindow, qapp: QApplication, lang: str, large: bool) -> None:
    theme.apply(qapp, "light", large)
    switch_language(lang)
    window.resize(1024, 700)
    QApplication.processEvents()
    hint = window.minimumSizeHint()
    assert (window.width(), window.height()) == (1024, 700)
    assert hint.width() <= 1024
    assert hint.height() <= 700
    theme.apply(qapp, "light")


def test_messages_show_undo_and_faults_stay(window: MainWindow) -> None:
    messages.done(Text("Given: {what}", what="soap"), undo=lambda: None)
    link = window.findChild(QWidget, "message_link")
    assert link is not None
    assert link.isVisible()
    messages.fault("The printer does not answer")
    assert window.message_line.property("st") == "fault"


def test_the_names_of_fields_are_found(window: MainWindow) -> None:
    assert window.findChild(QLineEdit, "desk_field") is not None
