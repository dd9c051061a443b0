"""The line above the keys: at the left what was just done, at the right how many wait, how long, and for how many there is enough."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.frame.state import FrameState
from aidtrack.ui.messages import Message
from aidtrack.ui.parts import Icon, KeyCap, LinkButton, Sayable, Words

_ICON_TINT = {"done": "accent", "attention": "att", "fault": "fault"}


class _Fact(QWidget):
    """An icon and a few words."""

    def __init__(self, icon: str, name: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._words = Words("", "small", name=name)
        row.addWidget(Icon(icon, 16))
        row.addWidget(self._words)
        self.is_said = False
        self.hide()

    def say(self, text: Sayable) -> None:
        """Shows the fact; an empty one hides it."""
        self._words.say(text)
        self.is_said = bool(text)
        self.setVisible(self.is_said)


class MessageLine(QFrame):
    """Always there, always as high: nothing moves when something is said."""

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("cls", "message")
        self.setObjectName("message_line")
        self._message: Message | None = None
        self._icon = Icon("", 18, "accent")
        self._words = Words("", "messageword", elide=True, name="message")
        self._link = LinkButton("", name="message_link")
        self._link.clicked.connect(self._on_link)
        self._cap = KeyCap("Ctrl+Z")
        self._facts = {
            "waiting": _Fact("users", "status_waiting"),
            "wait": _Fact("clock", "status_wait"),
            "enough": _Fact("package", "status_enough"),
            "backup": _Fact("hard-drive", "status_backup"),
        }
        self._lay_out()
        messages.line.said.connect(self.show_message)
        self.show_message(messages.current())

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 0)
        row.addSpacing(8)
        row.addWidget(self._link)
        row.addWidget(self._cap)
        row.addStretch(1)
        facts = QHBoxLayout()  # what is hidden takes no room, so the last one always ends at the edge of the page
        facts.setSpacing(16)
        for fact in self._facts.values():
            facts.addWidget(fact)
        row.addLayout(facts)
        self.setFixedHeight(theme.size_of("message"))

    def show_message(self, message: Message | None) -> None:
        """What is said now, or nothing."""
        self._message = message
        tone = message.tone if message else "done"
        theme.set_look(self, st="" if tone == "done" else tone)
        theme.set_look(self._words)
        self._icon.show_icon(message.icon if message else "", _ICON_TINT[tone])
        self._words.say(message.text if message else "")
        self._words.setMaximumWidth(self._words.sizeHint().width() + 4)
        self._link.say(message.word if message else "")
        self._link.setVisible(bool(message and message.word and message.run))
        self._cap.setVisible(bool(message and message.key and message.run))
        self._choose_facts()

    def show_state(self, state: FrameState) -> None:
        """The figures at the right."""
        waiting, wait, enough = state.waiting, state.wait_minutes, state.enough_families
        self._facts["waiting"].say("" if waiting is None else Text.plural("{n} waiting", "{n} waiting", n=waiting))
        self._facts["wait"].say("" if wait is None else Text.plural("about {n} minute", "about {n} minutes", n=wait))
        self._facts["enough"].say("" if enough is None else _enough(enough, state.enough_until))
        self._facts["backup"].say(_backup(state))
        self._choose_facts()

    def _choose_facts(self) -> None:
        """In a narrow window, or beside a long sentence, the last facts give way first: what just happened is read whole."""
        room = self.width() - self._said_width()
        for name in ("waiting", "wait", "enough", "backup"):
            fact = self._facts[name]
            room -= fact.sizeHint().width() + 16
            fact.setVisible(fact.is_said and room > 0)

    def _said_width(self) -> int:
        """The sentence with its icon, and what can be pressed."""
        pressed = [one.sizeHint().width() + 8 for one in (self._link, self._cap) if one.isVisibleTo(self)]
        return 80 + self._words.sizeHint().width() + sum(pressed)

    def _on_link(self) -> None:
        message = self._message
        if message is not None and message.run is not None:
            messages.clear()
            message.run()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_facts()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.show_message(self._message)

    def refit(self) -> None:
        """After a change of text size."""
        self.setFixedHeight(theme.size_of("message"))
        self.show_message(self._message)


def _enough(families: int, until: datetime | None) -> Text:
    words = Text.plural("enough for {n} family", "enough for {n} families", n=families)
    return Text("{enough}, until about {time}", enough=words, time=i18n.clock_time(until, jobs.zone())) if until else words


def _backup(state: FrameState) -> Sayable:
    if state.backup_hours is None:
        return ""
    if state.backup_hours == 0:
        return Text("backup checked within the hour")
    return Text.plural("backup checked {n} hour ago", "backup checked {n} hours ago", n=state.backup_hours)
