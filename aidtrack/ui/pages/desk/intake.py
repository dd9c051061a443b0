"""The aid form on the Desk: the centre's questions as data, asked one after the other, kept while half filled.

Shows the newest edition of the form for one family with what it answered last. Does: keep the answers. Which questions
there are and what is a valid answer is `domain.intake`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.domain.intake import Question, QuestionKind, asked, read_answers
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import AreaInput, DateInput, NumberInput, TextInput
from aidtrack.ui.page import Action, Key
from aidtrack.ui.parts import (
    Button,
    Chip,
    DigitChips,
    EmptyState,
    Field,
    MainButton,
    Panel,
    Scrolling,
    Words,
    clear_layout,
)
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.intake import FormRow, SubmissionRow

Opened = tuple["FormRow | None", "SubmissionRow | None", str, "Mapping[str, Any] | None"]
DIGITS = 9
KEEP_AFTER_MS = 1500
"""What is half filled goes into the encrypted file so long after the last key: a power cut takes nothing away."""


def said(words: Mapping[str, str]) -> Text:
    """Words of the form in the language of the window."""
    return Text("{words}", words=words)


class OneOf(DigitChips):
    """One answer by its digit; the same digit again, or Backspace, takes it back."""

    def _choose(self, value: object) -> None:
        super()._choose(None if value == self.value() else value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            super()._choose(None)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went_on.emit()
        else:
            super().keyPressEvent(event)


class SomeOf(DigitChips):
    """Several answers: digits put them on and off, ← → go along, the space bar marks, Enter goes on."""

    def __init__(self, *, name: str = "") -> None:
        super().__init__(name=name)
        self._chosen: list[Any] = []
        self._at = 0

    def value(self) -> Any:
        """What is chosen, in the order of the answers; None if nothing is."""
        return [chip.value for chip in self._chips if chip.value in self._chosen] or None

    def set_value(self, value: object) -> None:
        """Chooses without telling anybody."""
        self._chosen = list(value) if isinstance(value, list | tuple) else []
        self._refresh()

    def _choose(self, value: object) -> None:
        if value in self._chosen:
            self._chosen.remove(value)
        else:
            self._chosen.append(value)
        self._at = next((n for n, chip in enumerate(self._chips) if chip.value == value), 0)
        self._refresh()
        self.edited.emit(self.value())

    def _step(self, by: int) -> None:
        self._at = (self._at + by) % max(len(self._chips), 1)
        self._refresh()

    def _refresh(self) -> None:
        for n, chip in enumerate(self._chips):
            chip.show_chosen(chip.value in self._chosen, self.hasFocus() and n == self._at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit():
            self.choose_digit(int(event.text()))
        elif event.key() == Qt.Key.Key_Space and self._chips:
            self._choose(self._chips[self._at].value)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went_on.emit()
        else:
            super().keyPressEvent(event)


class IntakePanel(QWidget):
    """The form over the visit. `given_up`: Esc; what is typed waits for the same family."""

    saved = Signal(object)
    given_up = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("intake")
        self._household: UUID | None = None
        self._form_row: FormRow | None = None
        self._latest: SubmissionRow | None = None
        self._form = Form()
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_AFTER_MS)
        self._keeping.timeout.connect(self._keep)
        self._blocks: dict[str, QWidget] = {}
        self._is_busy = False
        self._request = Request()
        self._build()

    def _build(self) -> None:
        panel = Panel(padding=20, name="intake_panel")
        panel.body.setContentsMargins(0, 0, 0, 0)
        self._title = Words("", "h1", name="intake_title", elide=True)
        self._who = Chip("", "users", "soft", name="intake_family")
        self._state = Chip("", "file-text", name="intake_state")
        head = QHBoxLayout()
        head.setContentsMargins(20, 14, 20, 12)
        head.setSpacing(12)
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        head.addWidget(self._who)
        panel.body.addLayout(head)
        panel.body.addWidget(self._questions_area(), 1)
        hint = Text("This centre has no form yet. The coordinator can load the usual one: F9.")
        self._empty = EmptyState("file-text", Text("No form"), hint, name="intake_empty")
        panel.body.addWidget(self._empty, 1)
        foot = panel.add_foot()
        self._back = Button(Text("Back to the family"), cap="Esc", name="intake_back")
        self._back.clicked.connect(self.given_up)
        self.main = MainButton(name="intake_main")
        self.main.clicked.connect(self._run_main)
        foot.addWidget(self._back)
        foot.addWidget(Words(Text("No answer has to be given: help does not depend on it."), "small", wrap=True), 1)
        foot.addWidget(self.main)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(panel)

    def _questions_area(self) -> Scrolling:
        """The questions are a list, and it scrolls alone: title and button stay where they are."""
        holder = QWidget()
        holder.setProperty("cls", "choices")
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(20, 8, 20, 12)
        self._list.setSpacing(4)
        self._scroll = Scrolling(holder, name="intake_questions")
        return self._scroll

    # ── opening ──

    def start(self, household_id: UUID) -> None:
        """Opens the form of this family; what was half filled for another one is kept."""
        if household_id == self._household and self._form.is_touched:
            self._to_first()
            return
        self._keep()
        self._household = household_id
        jobs.read(partial(_opened, household_id=household_id), owner=self, then=self._show_form, latest="intake")

    def _keep(self) -> None:
        """Writes down what is half filled; nobody has to press anything for it."""
        self._keeping.stop()
        if self._household is not None and self._form.is_touched:
            body = {key: plain(value) for key, value in self._typed().items()}
            jobs.write(partial(_keep_draft, kind=_draft_kind(self._household), body=body), owner=self)

    def keep_now(self) -> None:
        """What would be kept in a moment is kept at once."""
        if self._keeping.isActive():
            self._keep()

    def _show_form(self, opened: Opened) -> None:
        self._form_row, self._latest, who, kept = opened
        self._who.say(who)
        self._who.setVisible(bool(who))
        self._empty.setVisible(self._form_row is None)
        self._scroll.setVisible(self._form_row is not None)
        self._state.setVisible(self._form_row is not None)
        if self._form_row is not None:
            self._make_questions(self._form_row.questions)
            self._fill(kept or {})
            self._say_state(self._form_row)
        self._show_main()
        self._to_first()

    def _say_state(self, form: FormRow) -> None:
        self._title.say(said(form.names))
        if self._latest is not None:
            self._state.say(Text("answered on {day}, no. {number}", day=self._latest.day, number=self._latest.number))
        else:
            self._state.say(Text("edition {n}", n=form.edition))

    def _make_questions(self, questions: Sequence[Question]) -> None:
        clear_layout(self._list)
        self._form = Form()
        self._form.changed.connect(self._on_edited)
        self._blocks = {}
        for question in questions:
            block = self._block(question)
            self._blocks[question.key] = block
            self._list.addWidget(block)
        self._list.addStretch(1)

    def _block(self, question: Question) -> QWidget:
        if question.kind is QuestionKind.SECTION:
            words = Words(said(question.words), "h2", name=f"section_{question.key}")
            words.setContentsMargins(0, 12, 0, 6)
            return words
        if question.kind is QuestionKind.NOTE:
            return Words(said(question.words), "small", wrap=True, name=f"note_{question.key}")
        field = Field(said(question.words), _input_of(question), said(question.hint), name=question.key).hint_beside()
        field.input.installEventFilter(self)
        if isinstance(field.input, DigitChips):
            field.input.went_on.connect(self._on_went_on)
        self._form.add(field)
        return field

    def _fill(self, kept: Mapping[str, Any]) -> None:
        stored = dict(self._latest.answers) if self._latest is not None else {}
        self._form.fill({key: self._shown_value(key, value) for key, value in stored.items()})
        for key, value in kept.items():
            if key in self._blocks:
                self._form.field(key).input.set_value(self._shown_value(key, value))
        self._show_asked()

    def _shown_value(self, key: str, value: Any) -> Any:
        is_day = key in self._blocks and isinstance(getattr(self._blocks[key], "input", None), DateInput)
        return date.fromisoformat(value) if is_day and value else value

    # ── answering ──

    def _typed(self) -> dict[str, Any]:
        return {key: value for key, value in self._form.values().items() if value not in (None, "")}

    def _on_edited(self) -> None:
        self._show_asked()
        self._show_main()
        self._keeping.start()

    def _show_asked(self) -> None:
        """Questions whose condition does not hold are hidden; what was typed in them stays until saving."""
        if self._form_row is None:
            return
        questions = self._form_row.questions
        answers, _problems = read_answers(questions, self._typed(), jobs.today() or date.max)
        shown = {question.key for question in asked(questions, answers)}
        for key, block in self._blocks.items():
            block.setVisible(key in shown)

    def _on_went_on(self) -> None:
        self.focusNextChild()

    def _to_first(self) -> None:
        first = next((field for field in self._form.fields()), None)
        if first is not None:
            QTimer.singleShot(0, first, first.setFocus)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Enter goes on to the next question; the one with the focus is always in sight."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            parent = watched.parentWidget()
            self._scroll.ensureWidgetVisible(parent if isinstance(parent, Field) else watched, 0, theme.px(24))
        if isinstance(watched, QLineEdit) and _is_enter(event):
            self.focusNextChild()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._keep()
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    # ── saving ──

    def main_action(self) -> Action | None:
        """F9 keeps the answers."""
        if self._form_row is None:
            return Action(Text("Load the usual form"), self._load_usual, jobs.actor().may(Permission.SETTINGS))
        return Action(Text("Save the form"), self._save, bool(self._typed()) and not self._is_busy)

    def keys(self) -> Mapping[Key, Action]:
        """No keys of its own."""
        return {}

    def more(self) -> Sequence[Action]:
        """The form on paper, filled or blank; back without saving."""
        filled = self._latest is not None and not self._form.is_touched
        return (
            Action(Text("Print the filled form"), partial(self._print, self._household), filled),
            Action(Text("Print a blank form"), partial(self._print, None), self._form_row is not None),
            Action(Text("Back to the family"), self.given_up.emit),
        )

    def on_digit(self, digit: int) -> bool:
        """Digits belong to the question with the focus."""
        return False

    def _run_main(self) -> None:
        action = self.main_action()
        if action is not None and action.enabled:
            action.run()

    def _show_main(self) -> None:
        action = self.main_action()
        self.main.say(action.word or "" if action else "")
        self.main.setEnabled(action is not None and action.enabled)
        self.changed.emit()

    def _save(self) -> None:
        from aidtrack.services import intake

        if self._form_row is None or self._household is None or self._is_busy or not self._form.check():
            return
        self._set_busy(True)
        replaces = self._latest.id if self._latest is not None else None
        draft = intake.SubmissionDraft(self._household, self._form_row.id, self._typed(), replaces)
        asked_for = partial(intake.fill_in, request_id=self._request.id_of(draft), draft=draft)
        jobs.write(asked_for, owner=self, then=self._on_saved, failed=self._on_failed, busy=self.main)

    def _on_saved(self, row: SubmissionRow) -> None:
        self._request.ended()
        self._set_busy(False)
        self._keeping.stop()
        jobs.write(partial(_drop_draft, kind=_draft_kind(row.household_id)), owner=self)
        self._form.clear()
        self._household = None
        messages.done(Text("The form is saved, no. {number}", number=row.number), icon="file-text")
        self.saved.emit(row)

    def _on_failed(self, error: BaseException) -> None:
        self._request.ended(error)
        self._set_busy(False)
        self._form.failed(error)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._show_main()

    def _print(self, household_id: UUID | None) -> None:
        from aidtrack.ui import printing

        printing.print_form(self, household_id)

    def _load_usual(self) -> None:
        from aidtrack.services import intake

        def then(_form: FormRow) -> None:
            if self._household is not None:
                self.start(self._household)

        jobs.write(partial(intake.load_form, request_id=new_id()), owner=self, then=then)


def _opened(session: Session, by: Actor, *, household_id: UUID) -> Opened:
    """The form, what the family answered last, and who it is, as this role may see it."""
    from aidtrack.services import drafts, intake, people

    view = people.household_view(session, by, household_id)
    who = view.head_name
    kept = drafts.kept_draft(session, by, kind=_draft_kind(household_id))
    return intake.current_form(session, by), intake.latest(session, by, household_id), who, kept


def _draft_kind(household_id: UUID) -> str:
    return f"intake/{household_id.hex}"


def _keep_draft(session: Session, by: Actor, *, kind: str, body: Mapping[str, Any]) -> None:
    from aidtrack.services import drafts

    drafts.keep_draft(session, by, kind=kind, body=body)


def _drop_draft(session: Session, by: Actor, *, kind: str) -> None:
    from aidtrack.services import drafts

    drafts.drop_draft(session, by, kind=kind)


def plain(value: Any) -> Any:
    """A day as it is kept."""
    return value.isoformat() if isinstance(value, date) else value


def _is_enter(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
        return False
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()


def _input_of(question: Question) -> QWidget:
    match question.kind:
        case QuestionKind.LONG_TEXT:
            return AreaInput(lines=2)
        case QuestionKind.NUMBER:
            number = NumberInput(question.least, question.most)
            number.setMaximumWidth(theme.px(160))
            return number
        case QuestionKind.DAY:
            day = DateInput()
            day.today = jobs.today() or day.today
            day.setMaximumWidth(theme.px(220))
            return day
        case QuestionKind.ONE | QuestionKind.SEVERAL:
            chips = OneOf() if question.kind is QuestionKind.ONE else SomeOf()
            chips.show_choices(_choice(n, choice.key, choice.words) for n, choice in enumerate(question.choices, 1))
            return chips
    return TextInput()


def _choice(n: int, key: str, words: Mapping[str, str]) -> tuple[str, Text, int | None]:
    return key, said(words), n if n <= DIGITS else None
