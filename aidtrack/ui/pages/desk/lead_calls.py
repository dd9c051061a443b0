"""The strip over the Desk of a shift lead: which window asks for one. It makes no sound, and says nothing of whom it is about.

Asks who calls and says that somebody comes; whom it is about the page opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.ui import jobs, theme
from aidtrack.ui.parts import Icon, LinkButton, Words

if TYPE_CHECKING:
    from aidtrack.services.people.children import CallRow


class LeadCalls(QFrame):
    """`answered` carries the family the shift lead is needed for, the one that waits longest; `changed` tells that F8 may mean another."""

    answered = Signal(object)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lead_calls")
        self._rows: tuple[CallRow, ...] = ()
        theme.set_look(self, cls="softpanel")
        self._words = Words("", "row", name="lead_call_words")
        self._come = LinkButton(Text("I am coming"), cap="F8", name="answer_call")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(10)
        row.addWidget(Icon("users", 18, "accent"))
        row.addWidget(self._words, 1)
        row.addWidget(self._come)
        self._come.clicked.connect(self.answer)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether somebody waits."""
        return bool(self._rows)

    def load(self) -> None:
        """Windows that ask for the shift lead, where one works here."""
        from aidtrack.services.people import children

        if jobs.actor().may(Permission.PROTECT):
            jobs.follow(children.open_calls, owner=self, then=self.show_calls, name="calls")
        else:
            self.show_calls(())

    def show_calls(self, rows: Sequence[CallRow]) -> None:
        """Who waits now; nothing hides the strip."""
        self._rows = tuple(rows)
        self.setVisible(bool(rows))
        if rows and rows[0].window is not None:
            self._words.say(Text("Window {n} asks for the shift lead", n=rows[0].window))
        else:
            self._words.say(Text("Somebody asks for the shift lead"))
        self.changed.emit()

    def answer(self) -> None:
        """F8: the shift lead goes there, and sees whom it is about."""
        from aidtrack.services.people import children

        if self._rows:
            household = self._rows[0].household_id
            answer = partial(children.answer_call, request_id=new_id(), household_id=household)
            jobs.write(answer, owner=self, then=lambda _: self.answered.emit(household))
