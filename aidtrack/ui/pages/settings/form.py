"""Shows the questions of the aid form and changes them: the next edition is made by F9, and forms filled before stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.intake import Question, form_problems
from aidtrack.errors import Conflict, InvalidInput, Text
from aidtrack.reports import catalogue
from aidtrack.services import intake, overview
from aidtrack.services.intake import FormDraft, FormRow
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.page import Action
from aidtrack.ui.pages.settings.question import KINDS, QuestionDialog, fresh_key
from aidtrack.ui.pages.settings.section import Section
from aidtrack.ui.parts import Note
from aidtrack.ui.preview import Preview
from aidtrack.ui.record_table import Cell, Column, RecordTable
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from aidtrack.services.overview import AidForm

_CONTEXT = Qt.ShortcutContext.WidgetWithChildrenShortcut


class FormSection(Section):
    """The questions in their order. F3 adds one, Enter changes one, Ctrl+↑ ↓ moves it, Delete leaves it out."""

    name = "form"
    title = Text("Aid form")
    hint = Text("A changed form is a new edition. Forms that are filled keep the questions they were asked.")
    icon = "clipboard-list"
    needs = Permission.SETTINGS

    def __init__(self) -> None:
        super().__init__()
        self._saved: FormRow | None = None
        self._questions: list[Question] = []
        self._problems: dict[str, Text] = {}
        self._request = Request()
        self.table = RecordTable(
            [
                Column(Text("Question"), self._question_cell, stretch=True, width=150, wrap=True),
                Column(Text("Answered by"), lambda q: KINDS[q.kind], width=120, wrap=True),
                Column(Text("Asked"), self._asked_cell, width=130, wrap=True),
            ],
            key=lambda q: q.key,
            name="form_table",
        )
        self.table.set_empty("clipboard-list", Text("This form has no questions"), Text("F3 adds a question"))
        self.table.chosen.connect(self._change)
        self.column.addWidget(self.table, 1)
        keys = Text("Enter changes, F3 adds below, Ctrl+↑ ↓ moves, Delete leaves out, F7 shows it printed.")
        self.column.addWidget(Note(keys, name="form_keys"))
        for keys_, run in (
            ("Ctrl+Up", partial(self._move, -1)),
            ("Ctrl+Down", partial(self._move, 1)),
            ("Delete", self._leave_out),
        ):
            QShortcut(QKeySequence(keys_), self.table, run).setContext(_CONTEXT)

    # ── what the page asks ──

    def load(self) -> None:
        jobs.read(intake.current_form, owner=self, then=self._show_form, latest="form")

    def main_action(self) -> Action | None:
        edition = (self._saved.edition if self._saved else 0) + 1
        return Action(Text("Save as edition {n}", n=edition), self._save, self.is_touched and not self._problems)

    def new_action(self) -> Action | None:
        return Action(Text("New question"), self._add)

    def more_actions(self) -> Sequence[Action]:
        """The blank form on paper as it stands here, saved or not; and back to what is saved."""
        return (
            Action(Text("Look at it printed"), self._ask_paper, bool(self._questions)),
            Action(Text("Back to the saved form"), self._forget, self.is_touched),
        )

    def focus(self) -> None:
        self.table.setFocus()

    def retranslate(self) -> None:
        self._show()

    @property
    def is_touched(self) -> bool:
        """Whether the questions differ from the saved edition."""
        return tuple(self._questions) != (self._saved.questions if self._saved else ())

    # ── what is shown ──

    def _show_form(self, form: FormRow | None) -> None:
        if self.is_touched and self._saved is not None:
            return  # half changed: an edition from elsewhere shows as a conflict when this one is saved
        self._saved = form
        self._questions = list(form.questions) if form else []
        self._show()

    def _show(self, key: str = "") -> None:
        found = form_problems(self._questions, i18n.LANGUAGES)
        self._problems = {problem.field: problem.text for problem in reversed(found)}
        self.table.show_rows(self._questions)
        if key:
            self.table.select_key(key)
        elif self.table.current() is None:
            self.table.select_row(0)
        self.actions_changed.emit()

    def _question_cell(self, question: Question) -> Cell:
        problem = self._problems.get(question.key)
        words = i18n.pick(question.words, i18n.language())
        if problem is not None:
            return Cell(Text("{question} – {problem}", question=words, problem=problem), icon="circle-alert", tone="att")
        return Cell(words, strong=not question.kind.has_answer)

    def _asked_cell(self, question: Question) -> Text | None:
        if question.when is not None:
            return Text("on condition")
        if not question.kind.has_answer:
            return None
        return Text("must be answered") if question.is_required else Text("optional")

    # ── changing ──

    def _add(self) -> None:
        self._open(None)

    def _change(self, question: object) -> None:
        if isinstance(question, Question):
            self._open(question)

    def _open(self, question: Question | None) -> None:
        at = self._place() + 1 if question is None else self._questions.index(question)
        dialog = QuestionDialog(self, question, self._questions[:at], fresh_key(self._questions))
        dialog.accepted_values.connect(lambda _values: self._take(dialog, question, at))
        dialog.open()

    def _take(self, dialog: QuestionDialog, old: Question | None, at: int) -> None:
        made = dialog.question()
        others = [*self._questions[:at], made, *self._questions[at + (old is not None) :]]
        wrong = [problem for problem in form_problems(others, i18n.LANGUAGES) if problem.field == made.key]
        if wrong:
            dialog.failed(InvalidInput([replace(problem, field=dialog.place_of(problem)) for problem in wrong]))
            return
        self._questions = others
        dialog.done_close()
        self._show(made.key)

    def _move(self, by: int) -> None:
        at = self._place()
        if at >= 0 and 0 <= at + by < len(self._questions):
            question = self._questions.pop(at)
            self._questions.insert(at + by, question)
            self._show(question.key)

    def _leave_out(self) -> None:
        at = self._place()
        if at < 0:
            return
        before = list(self._questions)
        gone = self._questions.pop(at)
        self._show(self._questions[min(at, len(self._questions) - 1)].key if self._questions else "")
        said = Text("Left out of the next edition: {question}", question=i18n.pick(gone.words, i18n.language()))
        messages.done(said, undo=partial(self._put_back, before, gone.key), icon="x")

    def _put_back(self, before: list[Question], key: str) -> None:
        self._questions = before
        self._show(key)

    def _forget(self) -> None:
        self._questions = list(self._saved.questions) if self._saved else []
        self._show()

    def _place(self) -> int:
        current = self.table.current()
        return self._questions.index(current) if current in self._questions else len(self._questions) - 1

    # ── saving ──

    def _draft(self) -> FormDraft:
        saved = self._saved
        names = saved.names if saved else intake.pack().names
        return FormDraft(names, tuple(self._questions), saved.edition if saved else 0)

    def _save(self) -> None:
        draft = self._draft()
        save = partial(intake.save_form, request_id=self._request.id_of(draft), draft=draft)
        jobs.write(save, owner=self, then=self._on_saved, failed=self._on_failed)

    def _on_saved(self, form: FormRow) -> None:
        self._request.ended()
        self._saved, self._questions = form, list(form.questions)
        self._show()
        messages.done(Text("Edition {n} of the form is in force", n=form.edition), icon="clipboard-list")

    def _on_failed(self, error: BaseException) -> None:
        self._request.ended(error)
        if isinstance(error, Conflict):
            messages.attention(Text("Somebody changed this form meanwhile. F7 goes back to the saved form."))
        else:
            messages.show_error(error)

    # ── on paper ──

    def _ask_paper(self) -> None:
        jobs.read(overview.blank_form, owner=self, then=self._draw)

    def _draw(self, form: AidForm) -> None:
        edition = form.edition + self.is_touched
        shown = replace(form, questions=tuple(self._questions), edition=edition)
        printed, lang = catalogue.Printed.by(jobs.actor()), form.heading.languages[0]
        jobs.paper(catalogue.make_single, "form", shown, printed, lang, owner=self, then=self._show_paper)

    def _show_paper(self, pdf: bytes) -> None:
        dialog = Panelled(self, Text("The blank form on paper"), width=720, name="form_on_paper")
        preview = Preview()
        preview.setMinimumHeight(min(560, self.window().height() - 200))
        dialog.body.addWidget(preview)
        dialog.add_foot(Text("PageUp and PageDown turn the pages, + enlarges."))
        preview.show_pdf(pdf)
        dialog.open()
        preview.setFocus()
