"""The last row of the page Day: one Enter prints the paper kit while the day runs, and makes the evening pack of a day that was closed.

Owns the button, the bar beside it and what is being made. The steps of a pack are `ui.evening`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.days import DayState
from aidtrack.errors import Text
from aidtrack.services.days import DayRow
from aidtrack.ui import jobs
from aidtrack.ui.evening import EveningPack, PaperKit
from aidtrack.ui.pages.day.shown import ARROWS
from aidtrack.ui.parts import Bar, Button, LinkButton, Words

if TYPE_CHECKING:
    from datetime import date, datetime


NOON = 12


class PackButton(Button):
    """Enter makes the evening pack: nothing is handed over here, and a scanner's Enter never comes this far."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in ARROWS:
            event.ignore()  # ↑ ↓ are the page's: Qt's own would leave the list for the rail
        else:
            super().keyPressEvent(event)


class PackRow(QWidget):
    """While the day runs the kit for a power cut; then the papers of the day that is closed, or again of the last one that was."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self._day: DayRow | None = None
        self._packed: date | None = None
        self._kits: Sequence[datetime] = ()
        self._evening, self._kit = EveningPack(page), PaperKit(page)
        self._build()
        for pack in (self._evening, self._kit):
            pack.moved.connect(self._bar.show_part)
            pack.ended.connect(self._on_ended)

    def _build(self) -> None:
        self.button = PackButton(Text("Evening pack"), "printer", "Enter", name="evening_pack")
        self.button.clicked.connect(self._make)
        self._bar, self._stop = Bar(), LinkButton(Text("Stop"), "x", name="stop_pack")
        self._stop.clicked.connect(lambda: self._running().stop())
        self._when = Words("", "small", tone="ink3", wrap=True, name="kit_printed")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(16)
        row.addWidget(self.button)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        row.addWidget(self._when, 1)
        row.addStretch(0)

    @property
    def is_ready(self) -> bool:
        """Whether Enter makes something now."""
        return self.button.isVisibleTo(self._page) and self.button.isEnabled()

    @property
    def makes_kit(self) -> bool:
        """Whether the kit is being made."""
        return self._kit.is_running

    def show_day(self, day: DayRow, packed: date | None, kits: Sequence[datetime]) -> None:
        """The day of the page, the newest one that was closed, and when the kit was printed."""
        self._day, self._packed, self._kits = day, packed, kits
        self._show()

    def print_kit(self) -> None:
        """The paper kit of the day, in one job."""
        if self._day is not None and not self._evening.is_running:
            self._kit.make(self._day.day)
            self._show()

    def _make(self) -> None:
        if self._is_open():
            self.print_kit()
        elif self._packed is not None:
            self._evening.make(self._packed)
            self._show()

    def _show(self) -> None:
        running, is_open = self._running().is_running, self._is_open()
        self.setVisible(is_open or (self._packed is not None and jobs.actor().may(Permission.BACKUP)))
        if running and self.button.hasFocus():
            self._page.setFocus()  # else the cursor would come to stand on closing the day
        self.button.setEnabled(not running)
        self.button.say(Text("Paper kit") if is_open else self._evening_words())
        for widget in (self._bar, self._stop):
            widget.setVisible(running)
        self._when.setVisible(is_open and not running)
        self._when.say(_kit_words(self._kits))

    def _evening_words(self) -> Text:
        is_of_this = self._packed is None or (self._day is not None and self._packed == self._day.day)
        return Text("Evening pack") if is_of_this else Text("Evening pack of {day}", day=self._packed)

    def _is_open(self) -> bool:
        return self._day is not None and self._day.state is DayState.OPEN

    def _running(self) -> EveningPack:
        """The pack that is being made, else the one the button makes."""
        return self._kit if self._kit.is_running or (self._is_open() and not self._evening.is_running) else self._evening

    def _on_ended(self) -> None:
        self._show()
        if self._page.hasFocus() and self.button.isEnabled():
            self.button.setFocus()  # what did not go out is made again by the same key


def _kit_words(printed: Sequence[datetime]) -> Text:
    """When the paper kit of today was printed, and while the morning lasts, when it is due again."""
    times = ", ".join(i18n.clock_time(at, jobs.zone()) for at in printed)
    newest = max(printed, default=jobs.actor().now())
    if newest.astimezone(jobs.zone()).hour >= NOON:
        return Text("Printed {times}.", times=times) if times else Text("Not printed today.")
    if not times:
        return Text("Not printed today: now, and once more at midday.")
    return Text("Printed {times}; once more at midday.", times=times)
