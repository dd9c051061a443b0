"""The shift at a glance, readable from two metres: waiting, served, waits, what runs out when, what wants a look. F10 opens it.

Shows figures only, and nobody's name. It is live; Esc closes it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.clock import wall_clock
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services.dashboard import Dashboard, RunsOut, dashboard
from aidtrack.ui import jobs
from aidtrack.ui.big_screen import LEFT, MIDDLE, RIGHT, WIDTH, BigScreen
from aidtrack.ui.kinds import Kind
from aidtrack.ui.page import Action, Page

KEY = "F10"
LOOK_MS = 5000
ORDINARY, FIRST = 60, 20
"""Minutes from which the wait of nine in ten is marked (domain.md §5.3)."""
MOST = 5
NONE = "—"
_TOP = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
_SHOWS = frozenset({Kind.QUEUE, Kind.DAYS, Kind.STOCK, Kind.CAMPAIGNS, Kind.HANDOVERS})


class DashboardScreen(BigScreen):
    """Four figures, what runs out, what wants a look."""

    def __init__(self) -> None:
        super().__init__("dashboard", LOOK_MS, _SHOWS)
        self._shown: Dashboard | None = None

    def load(self) -> None:
        """The shift now."""
        if jobs.is_started():
            jobs.follow(dashboard, owner=self, then=self.show_dashboard, name="dashboard")

    def show_dashboard(self, shown: Dashboard) -> None:
        """Paints this from now on."""
        self._shown = shown
        self.update()

    def said(self) -> str:
        """Everything that can be read on it, for those who cannot see it and for tests."""
        shown = self._shown
        if shown is None or not shown.is_open:
            return tr("The day is not open")
        figures = [f"{one.figure} {self._unit(one)}{self._say(one.name)}" for one in _figures(shown)]
        items = [f"{self._item(row)}: {self._say(_how_long(row))}" for row in shown.runs_out]
        return "\n".join([*figures, *items, *(self._say(one) for one in shown.exceptions or (_QUIET,))])

    def _say(self, text: Text) -> str:
        return i18n.render(text, i18n.language())

    def _item(self, row: RunsOut) -> str:
        return i18n.pick(row.names, i18n.language())

    # ── painting ──

    def paint(self, painter: QPainter) -> None:
        shown = self._shown
        if shown is None:
            return
        now = i18n.clock_time(wall_clock(), jobs.zone())
        self.text(painter, QRectF(60, 24, 1200, 84), tr("The shift at a glance"), 44, 600, "ink")
        self.text(painter, QRectF(1500, 24, 360, 84), now, 60, 600, "ink", RIGHT)
        self.rule(painter, 0, 120, WIDTH)
        if not shown.is_open:
            self.text(painter, QRectF(60, 300, WIDTH - 120, 480), tr("The day is not open"), 72, 600, "ink3", MIDDLE)
            return
        for place, one in enumerate(_figures(shown)):
            self._figure(painter, 60 + 450.0 * place, one)
        self.rule(painter, 60, 460, WIDTH - 120)
        self._items(painter, shown)
        self._wants_a_look(painter, shown)

    def _unit(self, one: Figure) -> str:
        return f"{tr('min')}, " if one.is_minutes and one.figure != NONE else ""

    def _figure(self, painter: QPainter, x: float, one: Figure) -> None:
        tone, aside = ("att", 52) if one.is_much else ("ink", 0)
        wide = self.text(painter, QRectF(x, 160, 420, 180), one.figure, 150, 600, tone)
        self.text(painter, QRectF(x + wide + 14, 244, 140, 80), self._unit(one).rstrip(", "), 56, 600, tone)
        if one.is_much:
            self.mark(painter, QRectF(x, 346, 40, 40), "hourglass", "att")
        name = QRectF(x + aside, 340, 420 - aside, 104)
        self.text(painter, name, self._say(one.name), 36, 500, "ink2", _TOP, wrap=True)

    def _items(self, painter: QPainter, shown: Dashboard) -> None:
        self.text(painter, QRectF(60, 490, 880, 60), tr("Runs out first"), 36, 600, "ink3")
        for place, row in enumerate(shown.runs_out):
            top = 570 + 116.0 * place
            tone = "ink3" if not row.families else "att" if row.is_short else "ink"
            icon = "circle-slash" if not row.families else "triangle-alert" if row.is_short else "package"
            self.mark(painter, QRectF(60, top + 4, 52, 52), icon, tone)
            self.text(painter, QRectF(136, top, 800, 60), self._item(row), 42, 600, tone)
            self.text(painter, QRectF(136, top + 54, 800, 48), self._say(_how_long(row)), 34, 400, "ink2")

    def _wants_a_look(self, painter: QPainter, shown: Dashboard) -> None:
        self.text(painter, QRectF(1000, 490, 860, 60), tr("Wants a look"), 36, 600, "ink3")
        for place, words in enumerate(shown.exceptions[:MOST] or (_QUIET,)):
            is_quiet = not shown.exceptions
            top = 570 + 92.0 * place
            icon, tone = ("circle-check", "accent") if is_quiet else ("message-square-text", "att")
            self.mark(painter, QRectF(1000, top + 6, 48, 48), icon, tone)
            self.text(painter, QRectF(1072, top, 790, 60), self._say(words), 40, 500, "ink", LEFT)


_QUIET = Text("Nothing: a quiet shift")


@dataclass(frozen=True, slots=True)
class Figure:
    """A large figure and what it is; `is_much`: somebody should look."""

    figure: str
    name: Text
    is_minutes: bool = False
    is_much: bool = False


def _figures(shown: Dashboard) -> tuple[Figure, ...]:
    ordinary, first = shown.ordinary_nine_in_ten, shown.first_nine_in_ten
    return (
        Figure(str(shown.waiting), Text("waiting now")),
        Figure(str(shown.served), Text("served today")),
        _waited(Text("9 in 10 of the ordinary line waited no longer"), ordinary, ORDINARY),
        _waited(Text("9 in 10 of those served first waited no longer"), first, FIRST),
    )


def _waited(name: Text, minutes: int | None, most: int) -> Figure:
    return Figure(NONE if minutes is None else str(minutes), name, is_minutes=True, is_much=(minutes or 0) > most)


def _how_long(row: RunsOut) -> Text:
    if not row.families:
        return Text("none today")
    families = Text.plural("{n} family", "{n} families", n=row.families)
    if row.until is None:
        return Text("enough for {families}", families=families)
    return Text("enough for {families}, until {time}", families=families, time=i18n.clock_time(row.until, jobs.zone()))


class Glance:
    """F10 on a page, and its line under F7."""

    def __init__(self, page: Page) -> None:
        self._page: QWidget = page
        self._screen: DashboardScreen | None = None
        key = QShortcut(QKeySequence(KEY), page)
        key.setAutoRepeat(False)
        key.activated.connect(self.open)

    def action(self) -> Action:
        """The line under F7."""
        return Action(Text("The shift at a glance (F10)"), self.open)

    def open(self) -> DashboardScreen:
        """The one screen of this page, in front."""
        if self._screen is None:
            self._screen = DashboardScreen()
            self._page.destroyed.connect(self._screen.deleteLater)
        self._screen.open_there()
        return self._screen
