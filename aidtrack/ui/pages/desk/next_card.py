"""The corner of the Desk that belongs to the queue: who stands at this window, or who comes next and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.i18n import tr, trn
from aidtrack.ui.parts import Caption, KeyCap, Panel, Words

if TYPE_CHECKING:
    from aidtrack.services.handover import DeskNow


class NextCard(QWidget):
    """A card under the search; folded, one line beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("next_card")
        self._now: DeskNow | None = None
        self._panel = Panel(name="next_panel")
        self._caption = Caption("", name="next_caption")
        self._number = Words("", "h1", name="next_number")
        self._wait = Words("", "small", name="next_wait")
        self._why = Words("", "small", wrap=True, name="next_why")
        self._folded = QWidget()
        self._short_caption = Words("", "small", tone="ink3")
        self._short_number = Words("", "h2", name="next_number_folded")
        self._build()
        self.fold(False)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._caption)
        head.addStretch(1)
        head.addWidget(KeyCap("F5"))
        middle = QHBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self._number)
        middle.addWidget(self._wait)
        middle.addStretch(1)
        for layout in (head, middle):
            self._panel.body.addLayout(layout)
        self._panel.body.addWidget(self._why)
        line = QHBoxLayout(self._folded)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addStretch(1)
        for part in (self._short_caption, self._short_number, KeyCap("F5")):
            line.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._panel)
        whole.addWidget(self._folded)

    def fold(self, narrow: bool) -> None:
        """One line beside the search, or the card under it."""
        self._panel.setVisible(not narrow)
        self._folded.setVisible(narrow)

    def show_now(self, now: DeskNow) -> None:
        """Who is here, or who comes next."""
        self._now = now
        self.retranslate()

    def retranslate(self) -> None:
        """Says it again in the language of the window."""
        now = self._now
        if now is not None and now.ticket is not None:
            self._say(tr("At this window"), now.ticket.label, "", now.ticket.state.text)
        elif now is not None and now.next is not None:
            minutes = now.next.minutes
            wait = trn("waits {n} minute", "waits {n} minutes", minutes) if minutes else tr("has just come")
            self._say(tr("Next for you"), now.next.label, wait, now.next.why)
        else:
            self._say(tr("Next for you"), "—", "", Text("nobody waits for this window"))

    def _say(self, caption: str, number: str, wait: str, why: Text) -> None:
        self._caption.say(caption)
        self._short_caption.say(caption)
        self._number.say(number)
        self._short_number.say(number)
        self._wait.say(wait)
        self._why.say(i18n.render(why, i18n.language()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
