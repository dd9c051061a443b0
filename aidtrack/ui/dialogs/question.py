"""A question answered by one digit, and a small form saved by F9."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from aidtrack.errors import AidTrackError, InvalidInput, Text
from aidtrack.ui import messages
from aidtrack.ui.dialogs import kept
from aidtrack.ui.dialogs.answer import Answer, AnswerRow
from aidtrack.ui.dialogs.panel import WIDTH, Panelled
from aidtrack.ui.form import Form
from aidtrack.ui.parts import MainButton, Note, Sayable
from aidtrack.ui.scanner import LoneDigits

ANSWER_FIRST = Text("A card was scanned while a question is open. Answer the question or press Esc, then scan again.")


ONE_COLUMN = 11
"""So many answers stand under each other in the smallest window."""


class Question(Panelled):
    """Facts and numbered answers; a digit, arrows and Enter, or a click answers. Esc answers nothing."""

    answered = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        *,
        title: Sayable,
        answers: Iterable[Answer],
        facts: Sayable = "",
        foot: Sayable = "",
        name: str = "question",
        width: int = WIDTH,
    ) -> None:
        super().__init__(parent, title, facts=facts, width=width, name=name)
        self._rows = [AnswerRow(answer, n, self) for n, answer in enumerate(answers, 1)]
        self._digits = LoneDigits(self)
        self._digits.pressed.connect(self.answer_digit)
        self._digits.scanned.connect(lambda: messages.attention(ANSWER_FIRST, icon="scan-line"))
        self._lay_out_rows()
        for row in self._rows:
            row.clicked.connect(lambda _=False, row=row: self._answer(row))
        self.add_foot(foot)
        first = next((row for row in self._rows if row.isEnabled()), None)
        if first is not None:
            first.setFocus()

    def _lay_out_rows(self) -> None:
        """One under the other; a long list in two columns, so that it fits the smallest window."""
        columns = 2 if len(self._rows) > ONE_COLUMN else 1
        self._high = high = -(-len(self._rows) // columns)
        grid = QGridLayout()
        grid.setSpacing(6)
        for n, row in enumerate(self._rows):
            grid.addWidget(row, n % high, n // high)
        self.body.addLayout(grid)

    def answer_digit(self, digit: int) -> bool:
        """Answers as if the digit had been pressed; False when there is no such answer."""
        for row in self._rows:
            if row.digit == digit and row.isEnabled():
                self._answer(row)
                return True
        return False

    def _answer(self, row: AnswerRow) -> None:
        self.answered.emit(row.answer.value)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = next((row for row in self._rows if row.hasFocus()), None)
        if self._digits.takes(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused is not None:
            self._answer(focused)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1, focused)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left) and focused is not None:
            self._to_other_column(focused)
        else:
            super().keyPressEvent(event)

    def _to_other_column(self, focused: AnswerRow) -> None:
        """The row beside it, or the one nearest to that which can be answered."""
        at = self._rows.index(focused)
        beside = at - self._high if at >= self._high else min(at + self._high, len(self._rows) - 1)
        column = [row for n, row in enumerate(self._rows) if n // self._high == beside // self._high and row.isEnabled()]
        if column:
            min(column, key=lambda row: abs(self._rows.index(row) - beside)).setFocus()

    def _step(self, by: int, focused: AnswerRow | None) -> None:
        rows = [row for row in self._rows if row.isEnabled()]
        if rows:
            at = rows.index(focused) + by if focused in rows else 0
            rows[at % len(rows)].setFocus()


class FormDialog(Panelled):
    """A small form. F9 (or Ctrl+Enter) checks the fields and emits `accepted_values`; the caller saves and calls `done_close`.

    Esc leaves it, and what was typed stands there again when it is opened from the same beginning (`kept`).
    """

    accepted_values = Signal(dict)

    def __init__(
        self,
        parent: QWidget,
        *,
        title: Sayable,
        main: Sayable,
        facts: Sayable = "",
        foot: Sayable = "",
        width: int = WIDTH,
        name: str = "form_dialog",
    ) -> None:
        super().__init__(parent, title, facts=facts, width=width, name=name)
        self.form = Form()
        self._main_word = main
        self._problem = Note("", "circle-alert", tone="att", name="dialog_problem")
        self._problem.hide()
        self._whole.addWidget(self._problem)
        self._begun: kept.Beginning | None = None
        self._again = Note(Text("What was typed here before stands here again."), "save", name="dialog_again")
        self._again.hide()
        self._whole.addWidget(self._again)
        self.main_button = MainButton(name="dialog_main")
        self.main_button.say(main)
        self.main_button.clicked.connect(self.accept_now)
        self._whole.addSpacing(8)
        self._whole.addWidget(self.main_button)
        self.add_foot(foot)
        for keys in ("F9", "Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.accept_now)
        QTimer.singleShot(0, self._focus_first)

    def fit(self) -> None:
        """Never higher than its window: where large letters need the room, the lines for problems come when they are needed."""
        super().fit()
        window = self.parentWidget()
        if window is not None and self.height() > window.height():
            for field in self.form.fields():
                field.reserve(False)
            super().fit()

    def _focus_first(self) -> None:
        first = next(iter(self.form.fields()), None)
        if first is not None and not self.form.holds(self.focusWidget()):
            first.input.setFocus()

    def accept_now(self) -> None:
        """Checks and hands over what was typed; a second press waits for the first answer."""
        if self.main_button.isEnabled() and self.form.check():
            self._problem.hide()
            self.main_button.setEnabled(False)
            self.accepted_values.emit(self.form.values())

    def failed(self, error: BaseException) -> None:
        """The save failed: problems stand beside the fields, anything else above the button; nothing typed is lost."""
        self.main_button.setEnabled(True)
        if isinstance(error, InvalidInput) or not isinstance(error, AidTrackError):
            self.form.failed(error)
            return
        self._problem.say(error.text)
        self._problem.show()
        self.fit()

    def done_close(self, *_: object) -> None:
        """Saved: the panel goes."""
        if self._begun is not None:
            kept.forget(self._begun)
        self.close()

    def give_up(self) -> None:
        """Esc: what was typed stands here again the next time."""
        if self._begun is not None:
            kept.leave(self._begun, self.form)
        super().give_up()

    def showEvent(self, event: QShowEvent) -> None:
        if self._begun is None:  # filled by whoever opened it, and nobody has typed yet
            self._begun = kept.beginning(self.objectName(), self.title.said(), self._facts.said(), self.form)
            self._again.setVisible(kept.recall(self._begun, self.form))
        super().showEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()  # Enter goes on to the next field, as everywhere
        else:
            super().keyPressEvent(event)
