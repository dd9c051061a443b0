"""The screen of a pause: every number keeps its place, nothing personal is shown, and the shift lead goes on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.clock import wall_clock
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.ui import jobs
from aidtrack.ui.frame.state import FrameState
from aidtrack.ui.parts import Chip, Icon, KeyCap, Line, Panel, Words, clear_layout


class PauseScreen(QWidget):
    """Shown in place of every page while the centre pauses."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pause_screen")
        self._state = FrameState()
        self._title = Words("", "h1", name="pause_title")
        self._minutes = Chip("", "clock", name="pause_minutes")
        self._lanes = QHBoxLayout()
        self._lanes.setSpacing(12)
        self._called = Words("", "small", tone="ink3")
        self._who = Words("", "small")
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(20_000)
        self._timer.timeout.connect(self._show)
        self._timer.start()

    def _lay_out(self) -> None:
        panel = Panel(padding=32)
        panel.setFixedWidth(720)
        panel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addStretch(1)
        for part in (Icon("circle-pause", 32, "accent"), self._title, self._minutes):
            top.addWidget(part)
        top.addStretch(1)
        body = panel.body
        body.addLayout(top)
        body.addSpacing(6)
        body.addWidget(_centred(Words(Text("The queue is kept, nobody loses a place"), "h2", wrap=True)))
        body.addWidget(_centred(Words(Text("Calling and waiting times stand still. What is begun is kept."), "small", wrap=True)))
        body.addSpacing(14)
        body.addLayout(self._lanes)
        body.addSpacing(18)
        body.addWidget(Line())
        body.addSpacing(12)
        go_on = QHBoxLayout()
        go_on.addStretch(1)
        go_on.addWidget(self._who)
        go_on.addWidget(KeyCap("F11"))
        go_on.addStretch(1)
        body.addLayout(go_on)
        body.addWidget(_centred(self._called))
        whole = QVBoxLayout(self)
        whole.addStretch(1)
        whole.addWidget(panel, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(1)

    def show_state(self, state: FrameState) -> None:
        """Since when, and how many keep their place."""
        self._state = state
        self._show()

    def _show(self) -> None:
        since = self._state.paused_since
        if since is None:
            return
        self._title.say(Text("Pause since {time}", time=i18n.clock_time(since, jobs.zone())))
        minutes = max(int((wall_clock() - since).total_seconds() // 60), 0)
        self._minutes.say(i18n.trn("{n} minute", "{n} minutes", minutes))
        self._minutes.setVisible(minutes < 24 * 60)
        self._who.say(Text("The shift lead goes on"))
        called = ", ".join(self._state.called)
        self._called.say(Text("Called first: {numbers}", numbers=called) if called else "")
        clear_layout(self._lanes)
        self._lanes.addStretch(1)
        for lane, waiting in self._state.lanes:
            self._lanes.addWidget(_lane_tile(lane, waiting))
        self._lanes.addStretch(1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()


def _centred(words: Words) -> Words:
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return words


def _lane_tile(lane: Lane, waiting: int) -> QFrame:
    tile = QFrame()
    tile.setProperty("cls", "note")
    tile.setFixedWidth(132)
    column = QVBoxLayout(tile)
    column.setContentsMargins(8, 14, 8, 12)
    column.setSpacing(1)
    column.addWidget(_centred(Words(lane.value, "h1", tone="accent")))
    column.addWidget(_centred(Words(i18n.number(waiting, i18n.language()), "h2")))
    column.addWidget(_centred(Words(lane.short, "small", tone="ink3", wrap=True)))
    column.addStretch(1)  # a name in two lines moves no figure
    return tile
