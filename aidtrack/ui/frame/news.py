"""Keeps the frame up to date: asks for its state after every change and once a minute, and passes on what changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.actor import Actor
from aidtrack.ui import jobs, messages
from aidtrack.ui.frame.state import FrameState, merged
from aidtrack.ui.kinds import Kind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.services.frame import EnoughView, FrameView

FRAME = frozenset({Kind.QUEUE, Kind.DAYS, Kind.HANDOVERS, Kind.STOCK, Kind.CAMPAIGNS, Kind.PROMISES})
ENOUGH = frozenset({Kind.HANDOVERS, Kind.STOCK, Kind.CAMPAIGNS, Kind.PROMISES})
MINUTE_MS = 60_000
CALM_MS = 3_000


class Listener(QObject):
    """Asks when it is time and tells the window. Counting families is dearer than the rest: not more often than every few seconds."""

    def __init__(self, window: QWidget, show: Callable[[FrameState], None], news: Callable[[frozenset[Kind]], None]) -> None:
        super().__init__(window)
        self._show, self._news = show, news
        self._view: FrameView | None = None
        self._enough: EnoughView | None = None
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._ask_frame)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(CALM_MS)
        self._calm.timeout.connect(self._ask_enough)
        jobs.news.changed.connect(self._on_changed)

    def start(self) -> None:
        """Asks for everything now."""
        self._minute.start()
        self._ask_frame()
        self._ask_enough()
        if jobs.is_started() and jobs.actor().site_id is not None:
            jobs.read(_last_written, owner=self, then=self._on_written)

    def _on_written(self, written: datetime | None) -> None:
        """Once a sitting: with a wrong clock every entry of the day would stand in the wrong place."""
        from aidtrack.ui import morning

        now = jobs.actor().now()
        words = morning.behind(now, written, i18n.clock_time(now, jobs.zone()))
        if words is not None:
            messages.attention(words, icon="clock")

    def _on_changed(self, kinds: frozenset[Kind]) -> None:
        if kinds & FRAME:
            self._ask_frame()
        if kinds & ENOUGH and not self._calm.isActive():
            self._calm.start()
        self._news(kinds)

    def _ask_frame(self) -> None:
        if jobs.is_started():
            jobs.follow(_frame_view, owner=self, then=self._on_view, name="frame")

    def _ask_enough(self) -> None:
        if jobs.is_started():
            jobs.follow(_enough_view, owner=self, then=self._on_enough, name="enough")

    def _on_view(self, view: FrameView | None) -> None:
        self._view = view
        if view is not None:
            jobs.set_day(view.day, ZoneInfo(view.centre.zone))
        self._tell()

    def _on_enough(self, enough: EnoughView | None) -> None:
        self._enough = enough
        self._tell()

    def _tell(self) -> None:
        if jobs.is_started():
            self._show(merged(self._view, self._enough, jobs.actor().name))


def _frame_view(session: Session, by: Actor) -> FrameView | None:
    from aidtrack.services import frame  # imported in the worker, after the window stands

    return frame.frame_view(session, by)


def _enough_view(session: Session, by: Actor) -> EnoughView | None:
    from aidtrack.services import frame

    if by.site_id is None:
        return None
    return frame.enough_view(session, by)


def _last_written(session: Session, by: Actor) -> datetime | None:
    from aidtrack.services import days

    return days.last_written(session, by)
