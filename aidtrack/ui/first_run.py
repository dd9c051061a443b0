"""The first run: a few questions, then a centre with an encrypted file, its coordinator, and a recovery code on paper.

Shows one step at a time and keeps what was typed in all of them. Nothing is made before the last question is answered.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from aidtrack import i18n, settings
from aidtrack.clock import wall_clock
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import AidTrackError, InvalidInput, Text
from aidtrack.services import addresses, founding, furnishing, signing_in
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.first_steps import CentreStep, CodeStep, CoordinatorStep, GoodsStep, LanguageStep, Step
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.page import NARROW
from aidtrack.ui.parts import Button, Icon, KeyCap, MainButton, Note, Panel, Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.store.database import Database


class StepRow(QWidget):
    """One line of the list at the left: done, here, or still to come."""

    def __init__(self, title: Text) -> None:
        super().__init__()
        self.setProperty("cls", "step")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon, self._words = Icon("circle", 20, "ctl"), Words(title, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)

    def show_state(self, state: str) -> None:
        """done · here · later."""
        icon, tint = {"done": ("circle-check", "accent"), "here": ("circle-dot", "accent"), "later": ("circle", "ctl")}[
            state
        ]
        self._icon.show_icon(icon, tint)
        self._words.setProperty("cls", "row" if state == "here" else "small")
        self.setProperty("st", state)
        for widget in (self, self._words):
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class FirstRun(QWidget):
    """The wizard. `opened(database, actor)`: the centre is made and its coordinator is at work."""

    opened = Signal(object, object)

    def __init__(self, address: str) -> None:
        super().__init__()
        self.setObjectName("first_run")
        self.setProperty("cls", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._address = address
        self._made: tuple[Database, Actor] | None = None
        self.language, self.centre, self.coordinator = LanguageStep(), CentreStep(), CoordinatorStep()
        self.goods, self.code = GoodsStep(), CodeStep()
        self.steps: list[Step] = [self.language, self.centre, self.coordinator, self.goods, self.code]
        self.language.switched.connect(self._on_language)
        self.code.changed.connect(self._show_buttons)
        self._at = 0
        self._build()
        self._show_step(0)

    def _build(self) -> None:
        self._rows = [StepRow(step.title) for step in self.steps]
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(Words("AidTrack", "h2", tone="accent"))
        left.addWidget(Words(Text("First run, about 3 minutes"), "small", wrap=True))
        left.addSpacing(24)
        for row in self._rows:
            left.addWidget(row)
        left.addStretch(1)
        left.addLayout(_promise())
        self._whole = whole = QHBoxLayout(self)
        whole.setSpacing(36)
        self._steps = holder = QWidget()
        left.setContentsMargins(0, 30, 0, 20)
        holder.setLayout(left)
        whole.addWidget(holder)
        whole.addWidget(self._panel(), 1)
        self._fold()

    def _panel(self) -> Panel:
        self._inside = panel = Panel(padding=40, name="first_run_panel")
        self._where = Words("", "small", name="first_run_where")
        self._title, self._second = Words("", "h1", wrap=True, name="first_run_title"), Words("", "small", wrap=True)
        self._pages = QStackedWidget()
        for step in self.steps:
            self._pages.addWidget(step)
        self._trouble = Note("", "circle-alert", tone="att", name="first_run_trouble")
        self._trouble.hide()
        for widget in (self._where, self._title, self._second):
            panel.body.addWidget(widget)
        panel.body.addSpacing(12)
        panel.body.addWidget(self._pages, 1)
        panel.body.addWidget(self._trouble)
        panel.body.addLayout(self._buttons())
        return panel

    def _buttons(self) -> QHBoxLayout:
        self._back = Button(Text("Back"), name="first_run_back")
        self._back.setMinimumWidth(120)
        self._back.clicked.connect(self.go_back)
        self._esc = KeyCap("Esc")
        self.main_button = MainButton(name="first_run_main")
        self.main_button.setMinimumWidth(220)
        self.main_button.clicked.connect(self.run_main)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._back)
        row.addWidget(self._esc)
        row.addStretch(1)
        row.addWidget(self.main_button)
        return row

    # ── steps ──

    def run_main(self) -> bool:
        """F9: the next step, if this one is answered; at the last question the centre is made."""
        if not self.main_button.isEnabled():
            return False
        step = self.steps[self._at]
        if not step.check():
            return True
        if step is self.goods:
            self._make()
        elif step is self.code:
            self._begin_work()
        else:
            self._show_step(self._at + 1)
        return True

    def go_back(self) -> None:
        """Esc: the step before; nothing typed is lost. After the centre was made there is no way back, and none is needed."""
        if 0 < self._at < len(self.steps) - 1 and self.main_button.isEnabled():
            self._show_step(self._at - 1)

    def on_digit(self, digit: int) -> bool:
        """A digit outside of fields: the answer it stands beside."""
        return self.steps[self._at].on_digit(digit)

    def _show_step(self, at: int) -> None:
        self._at = at
        step = self.steps[at]
        self._say_trouble("")
        for n, row in enumerate(self._rows):
            row.show_state("done" if n < at else "here" if n == at else "later")
        self._where.say(Text("Step {n} of {of}", n=at + 1, of=len(self.steps)))
        self._title.say(step.question)
        self._second.say(step.second)
        self._pages.setCurrentWidget(step)
        self._show_buttons()
        step.focus()

    def _show_buttons(self) -> None:
        is_last = self._at == len(self.steps) - 1
        for widget in (self._back, self._esc):
            widget.setVisible(self._at > 0 and not is_last)
        self.main_button.say(self.steps[self._at].main)
        self.main_button.setEnabled(self.steps[self._at].is_ready())

    def _on_language(self, lang: str) -> None:
        switch_language(lang)
        self.centre.use_language(lang)

    def _say_trouble(self, text: Text | str) -> None:
        self._trouble.say(text)
        self._trouble.setVisible(bool(text))

    # ── making it ──

    def _make(self) -> None:
        draft = self.centre.draft()
        name, password = self.coordinator.name_and_password()
        self.main_button.setEnabled(False)
        self.main_button.say(Text("Making the centre…"))
        goods, programme = self.goods.wanted()
        looks = i18n.language()
        make = partial(_make, self._address, draft, name, password, (goods, programme), looks)
        jobs.run(make, owner=self, then=self._on_made, failed=self._on_failed)

    def _on_made(self, made: tuple[Database, Actor, str]) -> None:
        database, actor, code = made
        self._made = (database, actor)
        self._remember(actor)
        self.code.show_code(code, self.centre.draft().name)
        self._show_step(len(self.steps) - 1)

    def _remember(self, actor: Actor) -> None:
        """This machine knows its centre; where that cannot be kept, the next start asks the database."""
        here = settings.MachineSettings(
            self._address, str(actor.site_id), self.centre.draft().name, desk=1, language=i18n.language()
        )
        try:
            settings.write(here)
        except AidTrackError as error:
            self._say_trouble(error.text)

    def _on_failed(self, error: BaseException) -> None:
        self._show_buttons()
        if isinstance(error, InvalidInput):
            fields = {problem.field for problem in error.problems}
            step: Step = self.centre if fields & {"name", "timezone", "public_languages"} else self.coordinator
            self._show_step(self.steps.index(step))
            step.form.show_problems(error.problems)
        elif isinstance(error, AidTrackError):
            self._say_trouble(error.text)
        else:
            messages.show_error(error)

    def _begin_work(self) -> None:
        if self._made is not None:
            self.opened.emit(*self._made)

    # ── Qt ──

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As the design has it where there is room; in a small window, or in large letters, the words need it."""
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fold()

    def _fold(self) -> None:
        folded = self.width() < NARROW or theme.is_large()
        self._whole.setContentsMargins(*((64, 40, 64, 40) if folded else (120, 48, 96, 48)))
        side = 40 if folded else 56
        self._inside.body.setContentsMargins(side, 40, side, 36)
        self._steps.setFixedWidth(theme.px(236))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        elif event.text().isdecimal() and self.on_digit(int(event.text())):
            return
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.steps[self._at].focus()


def _promise() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(Icon("lock", 18), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Words(Text("Data is encrypted from the first minute. No network is needed."), "small", wrap=True), 1)
    return row


# ── in a worker ──────────────────────────────────────────────────────────────────────────────────


def _make(
    address: str, draft: CentreDraft, name: str, password: str, wanted: tuple[bool, bool], lang: str
) -> tuple[Database, Actor, str]:
    """The whole new centre; the database comes back open, with its coordinator signed in."""
    begun = founding.begin(address, name=name, password=password)
    machine = Actor(None, "first run", frozenset(Role), wall_clock)
    database = jobs.create_database(begun.address, begun.key)
    try:
        found = partial(founding.found_centre, by=machine, request_id=new_id(), draft=draft, coordinator=name)
        founded = database.write(partial(found, user_id=begun.user_id, password=password))
        by = replace(machine, site_id=founded.site_id)
        furnish = partial(furnishing.furnish, by=by, request_id=new_id(), goods=wanted[0], programme=wanted[1])
        database.write(furnish)
    finally:
        database.close()
    founding.finish(begun, address)
    database = jobs.open_database(address, begun.key)
    stranger = addresses.stranger(wall_clock, site_id=founded.site_id)
    actor = database.write(
        partial(signing_in.enter, by=stranger, request_id=new_id(), user_id=begun.user_id, desk_number=1)
    ).actor
    database.write(partial(_keep_language, by=actor, lang=lang))
    return database, actor, begun.code


def _keep_language(session: Session, by: Actor, lang: str) -> None:
    from aidtrack.domain.accounts import TextSize, Theme
    from aidtrack.services import accounts

    accounts.change_looks(
        session, by, request_id=new_id(), language=lang, text_size=TextSize.NORMAL, theme=Theme.SYSTEM
    )
