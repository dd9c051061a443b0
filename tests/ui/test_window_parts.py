"""The kit of parts: fields keep their room, filling fires nothing, choices follow digits, tables copy clean and keep the choice."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.errors import Conflict, InvalidInput, NotAllowed, Problem, Refused, StoreTrouble, Text
from aidtrack.ui import inputs, messages, parts, theme
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.form import Form
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.parts import Button, Field, RowItem, RowList
from aidtrack.ui.record_table import Cell, Column, RecordModel, RecordTable
from aidtrack.ui.scanner import as_scanned
from tests.conftest import ExpectedLogs
from tests.ui.typing import press, scan, type_text


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is widget)
    return widget


# ── fields and forms ──


def name_form() -> tuple[Form, Field, Field]:
    name = Field(Text("Find"), inputs.TextInput(), name="family_name")
    count = Field(Text("Next"), inputs.NumberInput(1, 50, optional=False), name="members")
    return Form(name, count), name, count


def test_filling_a_form_tells_nobody(window_kit: QtBot) -> None:
    form, name, _ = name_form()
    heard: list[int] = []
    form.changed.connect(lambda: heard.append(1))
    form.fill({"family_name": "Ткаченко", "members": 4})
    assert (heard, form.is_touched) == ([], False)
    shown(window_kit, name)
    type_text(name.input, "а")
    assert heard
    assert form.is_touched


def test_problems_stand_beside_their_fields_all_at_once(window_kit: QtBot) -> None:
    form, name, count = name_form()
    error = InvalidInput([Problem("members", Text("At least {least}.", least=1)), Problem("family_name", Text("Sign in first."))])
    form.failed(error)
    assert (count.problem_text(), name.problem_text()) == ("At least 1.", "Sign in first.")
    form.fill({"family_name": ""})
    assert name.problem_text() == ""


def test_a_field_is_as_high_with_a_problem_as_without(window_kit: QtBot) -> None:
    form, name, _ = name_form()
    shown(window_kit, name)
    before = name.sizeHint().height()
    name.show_problem(Text("Sign in first."))
    assert name.sizeHint().height() == before
    assert form.field("family_name") is name


def test_the_inputs_find_their_own_problems(window_kit: QtBot) -> None:
    form, _, count = name_form()
    assert not form.check()
    assert count.problem_text() == "Type a whole number."
    count.input.set_value(70)
    assert not form.check()
    assert count.problem_text() == "At most 50."
    count.input.setText("4")
    assert form.check()
    assert form.values() == {"family_name": "", "members": 4}


def test_digits_and_arrows_choose(window_kit: QtBot) -> None:
    chips = parts.DigitChips()
    chips.show_choices([("own", "own home"), ("rent", "rented"), ("other", "other", 0)])
    heard: list[object] = []
    chips.edited.connect(heard.append)
    shown(window_kit, chips)
    chips.set_value("own")
    assert heard == []
    type_text(chips, "0")
    press(chips, Qt.Key.Key_Left)
    assert heard == ["other", "rent"]
    assert chips.value() == "rent"
    assert not chips.choose_digit(7)


def test_suggestions_are_taken_by_enter(window_kit: QtBot) -> None:
    holder = QWidget()
    field = inputs.SuggestInput(name="settlement")
    field.setParent(holder)
    shown(window_kit, holder)
    field.setFocus()
    field.wanted.connect(lambda text: field.show_choices([(1, "Суджа", "Курская"), (2, "Судбище", "")] if text else []))
    type_text(field, "суд")
    assert field.list_is_open()
    assert field.value() is None
    press(field, Qt.Key.Key_Down)
    press(field, Qt.Key.Key_Return)
    assert (field.value(), field.text(), field.list_is_open()) == (2, "Судбище", False)


def test_words_follow_the_language(window_kit: QtBot) -> None:
    words, button = parts.Words(Text("Find")), parts.Button(Text("Find"))
    box = QWidget()
    for part in (words, button):
        part.setParent(box)
    shown(window_kit, box)
    switch_language("uk")
    assert (words.text(), button.said(), button.accessibleName()) == ("Знайти", "Знайти", "Знайти")


def test_names_are_never_markup(window_kit: QtBot) -> None:
    words = parts.Words("<b>Иванова</b> & <img src=x>", "h1", elide=True)
    words.resize(60, 30)
    assert words.textFormat() == Qt.TextFormat.PlainText
    assert "<b>" not in words.toolTip()


# ── lists and tables ──


@dataclass(frozen=True)
class Goods:
    key: int
    name: str
    count: int | None


COLUMNS = (
    Column(Text("Find"), lambda r: r.name, stretch=True),
    Column(Text("Next"), lambda r: r.count, align="right"),
    Column(Text("More"), lambda r: Cell(r.missing)),
)


def table(qtbot: QtBot, rows: list[Goods]) -> RecordTable:
    made = RecordTable(COLUMNS[:2], key=lambda r: r.key, name="goods")
    shown(qtbot, made)
    made.show_rows(rows)
    return made


def test_the_choice_survives_a_reload_by_its_key(window_kit: QtBot) -> None:
    made = table(window_kit, [Goods(1, "a", 1), Goods(2, "b", 2)])
    heard: list[object] = []
    made.moved.connect(heard.append)
    made.select_key(2)
    made.show_rows([Goods(2, "b", 5), Goods(3, "c", 1)])
    assert made.current() == Goods(2, "b", 5)
    assert heard == []


def test_what_is_said_of_no_rows_stands_in_the_middle_of_a_table_shown_later(window_kit: QtBot) -> None:
    whole = QWidget()
    made = RecordTable(COLUMNS[:2], key=lambda r: r.key, name="goods")
    QVBoxLayout(whole).addWidget(made)
    made.set_empty("info", Text("Next"))
    made.show_rows([])
    whole.hide()
    shown(window_kit, whole)
    QApplication.processEvents()
    said = made.view.viewport().findChild(parts.EmptyState)
    assert said.isVisible()
    assert said.geometry() == made.view.viewport().rect()


def test_rows_are_as_high_as_their_words_need_at_the_width_that_stays(window_kit: QtBot) -> None:
    columns = [Column(Text("Find"), lambda r: r.name, stretch=True, wrap=True), COLUMNS[1]]
    whole = QWidget()
    made = RecordTable(columns, key=lambda r: r.key, name="goods")
    QVBoxLayout(whole).addWidget(made)
    shown(window_kit, whole)
    whole.resize(140, 200)
    made.show_rows([Goods(1, "Hygiene kit for a family and a month", 1)])
    assert made.view.rowHeight(0) > theme.px(36)
    whole.resize(600, 400)
    QApplication.processEvents()
    assert made.view.rowHeight(0) == theme.px(36)
    whole.resize(200, 400)
    QApplication.processEvents()
    assert made.view.rowHeight(0) > theme.px(36)


def test_columns_may_be_exchanged_while_the_table_gets_another_width(window_kit: QtBot) -> None:
    made = table(window_kit, [Goods(1, "Bread", 12)])
    made.show_columns(COLUMNS[:1])
    made.model.modelReset.connect(made._on_width)
    made.show_columns(COLUMNS[:2])
    assert all(made.view.columnWidth(n) > 0 for n in range(2))


def test_copied_cells_are_clean(window_kit: QtBot) -> None:
    made = table(window_kit, [Goods(1, "a\tb\nc", 12345), Goods(2, "=1+1", None)])
    made.view.setFocus()
    made.view.clearSelection()
    press(made.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Find\tNext\na b c\t12345\n=1+1\t"


def test_the_end_of_the_list_asks_for_more_once(window_kit: QtBot) -> None:
    made = table(window_kit, [])
    asked: list[object] = []
    rows = [Goods(n, str(n), n) for n in range(100)]
    made.show_rows(rows, more=asked.append)
    bar = made.view.verticalScrollBar()
    window_kit.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    bar.setValue(bar.maximum() - 1)
    assert asked == [rows[-1]]
    made.add_rows([Goods(100, "100", 100)])
    assert len(made.rows()) == 101


def test_a_cell_that_cannot_be_read_is_a_dash(window_kit: QtBot, logs: ExpectedLogs) -> None:
    logs.allow("cannot be read")
    model = RecordModel(COLUMNS)
    model.show([Goods(1, "a", 1)])
    assert model.data(model.index(0, 2)) == "—"
    assert len(logs.records) == 1


def test_nothing_outside_of_the_table_is_read(window_kit: QtBot) -> None:
    model = RecordModel(COLUMNS)
    assert model.data(QModelIndex()) is None
    assert model.headerData(9, Qt.Orientation.Horizontal) is None


def test_enter_chooses_a_row_and_sections_cannot_be_chosen(window_kit: QtBot) -> None:
    rows = RowList()
    shown(window_kit, rows)
    heard: list[object] = []
    rows.chosen.connect(heard.append)
    rows.show_rows([RowItem("Every day", is_section=True), RowItem("R1", data="r1"), RowItem("R5", data="r5")])
    assert rows.select_first()
    press(rows, Qt.Key.Key_Down)
    press(rows, Qt.Key.Key_Return)
    assert heard == ["r5"]


def test_a_long_name_goes_on_below_and_leaves_its_second_line_its_place(window_kit: QtBot) -> None:
    rows = RowList()
    shown(window_kit, rows)
    long = "First aid for evacuated families of the border districts " * 2
    rows.show_rows([RowItem(name, second="5 rules", wraps=True) for name in ("Warmth", long)])
    short, tall = rows.sizeHintForRow(0), rows.sizeHintForRow(1)
    assert short == theme.px(52)
    assert tall >= 2 * QFontMetrics(theme.styled(rows.font(), "row")).height() + QFontMetrics(theme.styled(rows.font(), "small")).height()


def test_a_button_stands_in_one_line_with_the_field_it_belongs_to(window_kit: QtBot) -> None:
    button = Button("Choose a folder")
    field = Field("Folder for backups", inputs.TextInput(), name="folder").beside(button)
    shown(window_kit, field)
    assert abs(button.geometry().center().y() - field.input.geometry().center().y()) <= 1


def test_an_input_that_may_not_be_as_wide_as_its_row_stands_at_the_beginning(window_kit: QtBot) -> None:
    """The day somebody left home stood in the middle of the aid form, under nothing."""
    field = Field("When did you leave home?", inputs.DateInput(), name="left")
    field.input.setMaximumWidth(200)
    field.resize(600, 80)
    shown(window_kit, field)
    assert field.input.x() == 0


def test_a_row_grows_when_the_scroll_bar_takes_its_room(window_kit: QtBot) -> None:
    """Its second line was written over the next row."""
    rows = RowList(36)
    shown(window_kit, rows)
    words = "Where families came from"
    wide = QFontMetrics(theme.styled(rows.font(), "row")).horizontalAdvance(words)
    rows.setFixedSize(wide + 34, 200)
    rows.show_rows([RowItem(words, wraps=True, data=n) for n in range(12)])
    window_kit.waitUntil(rows.verticalScrollBar().isVisible)
    window_kit.waitUntil(lambda: rows.visualRect(rows.model().index(0, 0)).height() > theme.px(36))


def test_a_button_of_an_icon_alone_is_as_wide_as_the_icon(window_kit: QtBot) -> None:
    button = parts.LinkButton("", "chevron-left")
    window_kit.addWidget(button)
    assert button.sizeHint().width() == theme.px(16)
    button.say(Text("Back"))
    assert button.sizeHint().width() > theme.px(16)


# ── messages ──


@pytest.mark.parametrize(
    ("error", "tone"),
    [
        (StoreTrouble("disk-full", Text("Sign in first.")), "fault"),
        (Refused("rule", Text("Sign in first.")), "attention"),
        (NotAllowed("no", Text("Sign in first.")), "attention"),
        (Conflict("both", Text("Sign in first.")), "attention"),
        (InvalidInput([Problem("x", Text("Sign in first."))]), "attention"),
    ],
)
def test_each_family_of_errors_has_one_treatment(window_kit: QtBot, error: Exception, tone: str) -> None:
    messages.show_error(error)
    said = messages.current()
    assert said is not None
    assert (said.tone, said.text) == (tone, Text("Sign in first."))


def test_an_undo_runs_once(window_kit: QtBot) -> None:
    undone: list[int] = []
    messages.done("Given", undo=lambda: undone.append(1))
    assert messages.undo()
    assert not messages.undo()
    assert undone == [1]


@pytest.mark.parametrize("rows", [0, 2])
@pytest.mark.parametrize("kind", ["list", "table"])
def test_the_cursor_is_seen_in_a_list_that_was_reached_by_tab(window_kit: QtBot, kind: str, rows: int) -> None:
    """Nothing was chosen there yet, so nothing was marked: Enter opened a row nobody saw."""
    page = QWidget()
    column = QVBoxLayout(page)
    before = inputs.TextInput()
    column.addWidget(before)
    if kind == "list":
        view: QAbstractItemView = RowList(name="rows")
        view.show_rows([RowItem(f"A 0{n}", data=n) for n in range(rows)])  # type: ignore[attr-defined]
        column.addWidget(view)
    else:
        table = RecordTable([Column(Text("Name"), lambda row: Cell(str(row)), stretch=True)], name="rows")
        table.show_rows(range(rows))
        view = table.view
        column.addWidget(table)
    shown(window_kit, page)
    before.setFocus()
    assert _accent(view) == 0
    press(before, Qt.Key.Key_Tab)
    assert view.hasFocus()
    assert _accent(view) > 400


def _accent(view: QAbstractItemView) -> int:
    """How many pixels of it are in the colour of the focus."""
    image, accent = view.viewport().grab().toImage(), theme.colour("accent").rgb()
    return sum(image.pixel(x, y) == accent for x in range(image.width()) for y in range(image.height()))


# ── dialogs ──


def test_a_question_is_answered_by_its_digit(window_kit: QtBot) -> None:
    parent = shown(window_kit, QWidget())
    question = Question(parent, title=Text("More"), answers=[Answer("shelf", "on the shelf"), Answer("gone", "gone", enabled=False)])
    heard: list[object] = []
    question.answered.connect(heard.append)
    question.open()
    type_text(question, "2")
    question._digits._pace.last -= 1  # a hand is slower than a scanner
    type_text(question, "1")
    window_kit.waitUntil(lambda: heard == ["shelf"])


@pytest.mark.parametrize("platform", ["xcb", "windows"])
def test_the_corners_of_a_panel_are_never_black(window_kit: QtBot, monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    """Where nothing composes the screen, what lies under the window cannot show through."""
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    parent = shown(window_kit, QWidget())
    question = Question(parent, title=Text("More"), answers=[Answer(1, "one")])
    question.open()
    corner = question.grab().toImage().pixelColor(0, 0)
    assert (corner.alpha() == 0) == (platform != "xcb")
    assert corner.alpha() == 0 or corner.lightness() > 200
    question.close()


def test_a_last_row_with_nothing_in_it_is_none(window_kit: QtBot) -> None:
    panel = parts.Panel(Text("More"))
    panel.add_foot().addWidget(parts.Button(Text("Undo")))
    holder = shown(window_kit, panel)
    whole = holder.sizeHint().height()
    panel.show_foot(False)
    assert holder.sizeHint().height() < whole - 40
    assert not any(one.isVisible() for one in panel.findChildren(parts.Line))


def test_what_is_pressed_instead_of_typing_stands_in_line_with_the_input(window_kit: QtBot) -> None:
    button = parts.Button(Text("Find"))
    field = Field(Text("Folder"), inputs.TextInput(), name="folder").beside(button)
    shown(window_kit, field)
    QApplication.processEvents()
    assert abs(button.geometry().center().y() - field.input.geometry().center().y()) <= 1


def test_a_card_scanned_over_a_question_answers_nothing(window_kit: QtBot) -> None:
    """Its first digit was taken for the answer, and its Enter for the row with the focus."""
    parent = shown(window_kit, QWidget())
    question = Question(parent, title=Text("More"), answers=[Answer(n, str(n)) for n in range(1, 5)])
    heard: list[object] = []
    question.answered.connect(heard.append)
    question.open()
    scan(question, "482117905570")
    type_text(question, "3")
    window_kit.waitUntil(lambda: bool(heard))
    assert heard == [3]


def test_the_late_enter_of_a_scan_answers_nothing(window_kit: QtBot) -> None:
    parent = shown(window_kit, QWidget())
    question = Question(parent, title=Text("More"), answers=[Answer(n, str(n)) for n in range(1, 5)])
    heard: list[object] = []
    question.answered.connect(heard.append)
    question.open()
    type_text(question, "482117905570")
    question._digits._pace.last -= 0.15
    press(question, Qt.Key.Key_Return)
    assert heard == []
    assert question.isVisible()
    said = messages.current()
    assert said is not None
    assert str(said.text).startswith("A card was scanned while a question is open.")


def test_escape_answers_nothing(window_kit: QtBot) -> None:
    parent = shown(window_kit, QWidget())
    question = Question(parent, title=Text("More"), answers=[Answer(1, "one")])
    with window_kit.waitSignal(question.given_up):
        question.open()
        press(question, Qt.Key.Key_Escape)


def test_a_form_dialog_keeps_what_is_typed_when_the_save_fails(window_kit: QtBot) -> None:
    parent = shown(window_kit, QWidget())
    dialog = FormDialog(parent, title=Text("More"), main=Text("Go on"))
    field = Field(Text("Find"), inputs.TextInput(), name="name")
    dialog.body.addWidget(field)
    dialog.form.add(field)
    heard: list[object] = []
    dialog.accepted_values.connect(heard.append)
    dialog.open()
    field.input.setFocus()
    type_text(field.input, "Мыло")
    press(field.input, Qt.Key.Key_F9)
    press(field.input, Qt.Key.Key_F9)
    assert heard == [{"name": "Мыло"}]
    dialog.failed(InvalidInput([Problem("name", Text("Sign in first."))]))
    assert (field.input.text(), field.problem_text()) == ("Мыло", "Sign in first.")
    dialog.failed(Refused("rule", Text("Understood")))
    problem = dialog.findChild(QWidget, "dialog_problem")
    assert problem is not None
    assert problem.isVisible()
    dialog.done_close()


def test_enter_in_a_form_goes_on_and_saves_nothing(window_kit: QtBot) -> None:
    parent = shown(window_kit, QWidget())
    dialog = FormDialog(parent, title=Text("More"), main=Text("Go on"))
    fields = [Field(Text("Find"), inputs.TextInput(), name=name) for name in ("one", "two")]
    for field in fields:
        dialog.body.addWidget(field)
        dialog.form.add(field)
    heard: list[object] = []
    dialog.accepted_values.connect(heard.append)
    dialog.open()
    fields[0].input.setFocus()
    press(fields[0].input, Qt.Key.Key_Return)
    assert fields[1].input.hasFocus()
    assert heard == []
    dialog.close()


# ── scanner ──


@pytest.mark.parametrize(
    ("typed", "code"), [("482117905570", "482117905570"), ("ФЕ-12", "AT-12"), ("фцуі", "awes"), ("фцуы", "awes"), ("Abc", "Abc")]
)
def test_a_code_is_read_under_any_layout(typed: str, code: str) -> None:
    assert as_scanned(typed) == code


def test_language_change_is_sent_to_parts_without_words(window_kit: QtBot) -> None:
    for part in (parts.Chip(), parts.Note(), parts.EmptyState(), parts.ChecklistRow(), parts.SayLine(), parts.Panel(), parts.BigNumber()):
        window_kit.addWidget(part)
        QApplication.sendEvent(part, QEvent(QEvent.Type.LanguageChange))
