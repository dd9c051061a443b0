"""Every small part of the window in its states, on one picture a theme: to be held beside the design."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.days import DayState
from aidtrack.domain.queueing import Lane
from aidtrack.ui import inputs, messages, parts, theme
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.frame.keybar import KeyBar
from aidtrack.ui.frame.message_line import MessageLine
from aidtrack.ui.frame.rail import Rail
from aidtrack.ui.frame.state import FrameState
from aidtrack.ui.frame.topbar import TopBar
from aidtrack.ui.page import Key
from aidtrack.ui.parts import Caption, RowItem
from aidtrack.ui.record_table import Cell, Column, RecordTable
from tests.screenshots import words as example


def paint(folder: Path, look: str, large: bool = False) -> list[Path]:
    """Paints the gallery and an example of the frame into `folder`; the files made."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    i18n.use("ru")
    theme.apply(app, look, large)
    name = f"{look}{'-large' if large else ''}"
    made = [_save(_components(), folder / f"components-{name}.png"), _save(_frame(), folder / f"frame-{name}.png")]
    messages.forget()
    return made


def _save(widget: QWidget, path: Path) -> Path:
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    widget.setProperty("cls", "window")
    widget.resize(1366, 768)
    widget.show()
    QApplication.processEvents()
    QApplication.processEvents()
    path.parent.mkdir(parents=True, exist_ok=True)
    widget.grab().save(str(path))
    widget.close()
    return path


def _column(*things: QWidget | QLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(8)
    for thing in things:
        if isinstance(thing, QWidget):
            column.addWidget(thing)
        else:
            column.addLayout(thing)
    column.addStretch(1)
    return column


def _row(*things: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for thing in things:
        row.addWidget(thing)
    row.addStretch(1)
    return row


def _components() -> QWidget:
    window = QWidget()
    whole = QHBoxLayout(window)
    whole.setContentsMargins(20, 20, 20, 20)
    whole.setSpacing(20)
    for column, width in ((_left(), 420), (_middle(), 476), (_right(), 390)):
        whole.addLayout(column, width)
    return window


def _left() -> QVBoxLayout:
    chips = parts.Chips()
    chips.show_chips(example.chips)
    chosen = parts.Button(example.chosen)
    theme.set_look(chosen, st="chosen")
    main = parts.MainButton()
    main.say(example.main)
    off = parts.MainButton()
    off.say(example.main)
    off.setEnabled(False)
    who = parts.DigitChips()
    who.show_choices(example.who)
    who.set_value("m")
    language = parts.Segmented()
    language.show_choices(example.languages)
    language.set_value("en")
    tick, other = inputs.CheckInput(example.tick), inputs.CheckInput(example.other_tick)
    tick.set_value(True)
    pin = inputs.PinInput()
    pin.set_value("12")
    plain, link = parts.Button(example.plain), parts.LinkButton(example.undo, cap="Ctrl+Z")
    buttons = _row(parts.Button(example.printing, "printer"), plain, chosen, link)
    card = parts.ChoiceCard(example.card, example.card_second, "server", 2)
    card.setChecked(True)
    return _column(
        Caption(example.cap_chips), chips, Caption(example.cap_buttons), buttons, main, off, who, language, _row(tick, other), pin, card
    )


def _middle() -> QVBoxLayout:
    fields = QGridLayout()
    fields.setHorizontalSpacing(12)
    texts = [inputs.TextInput() for _ in example.fields]
    for n, (text, (caption, value, hint)) in enumerate(zip(texts, example.fields, strict=True)):
        text.set_value(value)
        field = parts.Field(caption, text, hint, name=f"field_{n}", lines=2 if n == 2 else 1)
        fields.addWidget(field, n // 2, n % 2)
        if n == 2:
            field.show_problem(example.problem)
    texts[3].setEnabled(False)
    panel = parts.Panel(padding=4)
    rows = parts.RowList()
    rows.show_rows(example.results)
    rows.select(3)
    rows.setFixedHeight(theme.px(252))
    panel.body.addWidget(rows)
    door = inputs.SearchInput(example.door, "scan-line")
    return _column(Caption(example.cap_fields), fields, Caption(example.cap_rows), panel, door, parts.Note(example.note))


def _right() -> QVBoxLayout:
    totals = parts.Panel(example.totals)
    numbers = QHBoxLayout()
    for figure, under in example.numbers:
        number = parts.BigNumber()
        number.show_number(figure, under)
        numbers.addWidget(number)
    totals.body.addLayout(numbers)
    totals.body.addWidget(parts.FactRow(example.children, "1 104"))
    bar = parts.Bar()
    bar.show_part(0.7)
    totals.body.addWidget(bar)
    foot = totals.add_foot()
    foot.addWidget(parts.Words(example.reckoning, "small"))
    foot.addStretch(1)
    foot.addWidget(parts.KeyCap("F9"))
    checks = parts.Panel(padding=3)
    for state, title, figures, right in example.checks:
        row = parts.ChecklistRow()
        row.show_state(state, title, figures, right)
        checks.body.addWidget(row)
    empty = parts.Panel()
    empty.body.addWidget(parts.EmptyState("ticket", example.empty, example.empty_hint))
    return _column(totals, checks, Caption(example.cap_empty), empty)


def _frame() -> QWidget:
    window = QWidget()
    grid = QGridLayout(window)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(0)
    top, rail, line, keys = TopBar(), Rail(), MessageLine(), KeyBar()
    rail.show_pages(example.pages)
    rail.show_current("stock")
    state = FrameState(
        example.centre, example.desk, example.user, date(2026, 8, 26), DayState.OPEN, None, ((Lane.A, 38),), 40, (), 120,
        datetime(2026, 8, 26, 13, 40, tzinfo=UTC),
    )  # fmt: skip
    top.show_state(state)
    line.show_state(state)
    messages.done(example.given, undo=lambda: None)
    keys.show_actions((key, example.hand_over if key is Key.MAIN else None, key is not Key.NEXT) for key in keys.cells)
    grid.addWidget(top, 0, 0, 1, 2)
    grid.addWidget(rail, 1, 0)
    grid.addLayout(_table_and_question(), 1, 1)
    grid.addWidget(line, 2, 0, 1, 2)
    grid.addWidget(keys, 3, 0, 1, 2)
    grid.setRowStretch(1, 1)
    return window


def _table_and_question() -> QHBoxLayout:
    table = RecordTable(_columns(), row_height=40, key=lambda row: row[0])
    table.show_rows(example.goods)
    table.select_row(0)
    panel = parts.Panel(padding=8)
    panel.body.addWidget(table)
    row = QHBoxLayout()
    row.setContentsMargins(16, 16, 16, 16)
    row.setSpacing(16)
    row.addWidget(panel, 1)
    holder = QWidget()
    holder.resize(1366, 768)
    answers = [Answer(n, word) for n, word in enumerate(example.answers)]
    question = Question(holder, title=example.question, facts=example.facts, answers=answers, foot=example.foot)
    question.setParent(None)
    question.setWindowFlags(Qt.WindowType.Widget)
    question.setFixedWidth(400)
    row.addWidget(question, 0, Qt.AlignmentFlag.AlignTop)
    return row


def _columns() -> Sequence[Column]:
    titles = example.columns
    return [
        Column(titles[0], lambda row: row[0], stretch=True, strong=True),
        Column(titles[1], lambda row: row[1], align="right", width=90),
        Column(titles[2], lambda row: row[2], align="right", width=110, strong=True),
        Column(titles[3], lambda row: Cell(row[3], row[4], row[5]), width=170),
    ]  # fmt: skip


__all__ = ["RowItem", "paint"]
