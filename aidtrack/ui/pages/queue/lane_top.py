"""What stands over the numbers of a lane: letter, name, longest wait, how many wait, and why the first one is first."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.services.queueing import LaneRow
from aidtrack.ui import theme
from aidtrack.ui.parts import rendered
from aidtrack.ui.parts.drawn import Drawn, Letters, draw_text, draw_words, letters, tell, tell_whole
from aidtrack.ui.parts.words import LEAST, glued

AROUND, BEFORE_REASON, UNDER_HEADING, UNDER_REASON = 10, 10, 2, 4
"""Pixels over and under the head, and around the reason."""
REASON_EDGE = 14


class LaneTop(Drawn, QWidget):
    """Painted as one part, for a label each would be seven more parts in every lane."""

    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self.setObjectName(f"lane_{lane}_top")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._lane = lane
        self._row: LaneRow | None = None
        self._edge, self._has_heading = 12, True
        self._say_again()

    def show_row(self, row: LaneRow) -> None:
        """The lane now."""
        self._row = row
        self._say_again()

    def fold(self, narrow: bool) -> None:
        """Two by two in large letters the reason has no heading."""
        self._edge = 8 if narrow else 12
        self._has_heading = not (narrow and theme.is_large())
        self._tell_whole()
        self.updateGeometry()
        self.update()

    def reason(self) -> str:
        """Why its first number is first."""
        return self._reason

    def said(self) -> str:
        head = (str(self._lane), self._name, self._longest, self._count, self._waiting)
        return " ".join(part for part in (*head, self._heading, self._reason) if part)

    def _say_again(self) -> None:
        row, waiting = self._row, self._row.waiting if self._row is not None else 0
        self._name = rendered(self._lane.short)
        self._longest = tr("up to {n} min", n=row.longest_minutes) if row is not None and waiting else tr("nobody")
        self._count = str(waiting)
        self._waiting = rendered(Text.plural("waits here", "wait here", n=waiting))
        self._reason = rendered(row.why) if row is not None and row.why is not None else ""
        self._heading = tr("First, because") if self._reason else ""
        tell(self, self.said())
        self._tell_whole()

    # ── how it looks ──

    def _head_height(self) -> int:
        """Of what stands over the hairline, without the room around it."""
        small = letters("small").height
        return max(letters("h1").height, letters("row").height + small, letters("h2").height + small)

    def _reason_height(self) -> int:
        """Two lines in the letters of now, so that nothing under them moves."""
        return 2 * (theme.font_px("small") + 5)

    def _heading_height(self) -> int:
        return letters("caption").height + UNDER_HEADING if self._has_heading else 0

    def _reason_top(self) -> int:
        return self._head_height() + 2 * AROUND + 1 + BEFORE_REASON

    def _counts_width(self) -> int:
        return max(letters("h2").wide(self._count), letters("small").wide(self._waiting))

    def _beside_name(self) -> int:
        """Pixels of everything in the line of the name but the name."""
        return letters("h1").wide(str(self._lane)) + self._counts_width() + 2 * (self._edge - 4) + 2 * self._edge

    def sizeHint(self) -> QSize:
        name = max(letters("row").wide(self._name), letters("small").wide(self._longest))
        return QSize(self._beside_name() + name, self._height())

    def minimumSizeHint(self) -> QSize:
        name = max(theme.px(LEAST), letters("small").wide(self._longest))
        return QSize(self._beside_name() + name, self._height())

    def _height(self) -> int:
        return self._reason_top() + self._heading_height() + self._reason_height() + UNDER_REASON

    def need(self) -> QSize:
        """The name may give way: its tooltip says it whole."""
        room = max(self.width() - 2 * REASON_EDGE, 1)
        more = letters("small").high(glued(self._reason), room) - self._reason_height() if self._reason else 0
        return self.minimumSizeHint() + QSize(0, max(more, 0))

    def _tell_whole(self) -> None:
        tell_whole(self, self._name, letters("row"), self.width() - self._beside_name())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._draw_head(painter, QRect(self._edge, AROUND, self.width() - 2 * self._edge, self._head_height()))
        painter.fillRect(0, self._head_height() + 2 * AROUND, self.width(), 1, theme.colour("line"))
        place = QRect(REASON_EDGE, self._reason_top(), self.width() - 2 * REASON_EDGE, letters("caption").height)
        if self._has_heading and self._heading:
            draw_words(painter, place, self._heading, letters("caption"), "ink2")
        if self._reason:
            reason = QRect(place.left(), place.top() + self._heading_height(), place.width(), self._reason_height())
            draw_text(painter, reason, glued(self._reason), letters("small"), "ink2")

    def _draw_head(self, painter: QPainter, place: QRect) -> None:
        gap, small = self._edge - 4, letters("small")
        shift = draw_words(painter, place, str(self._lane), letters("h1"), "accent") + gap
        counts = place.adjusted(place.width() - self._counts_width(), 0, 0, 0)
        names = place.adjusted(shift, 0, -self._counts_width() - gap, 0)
        for lines, first, second, by, right in (
            (names, self._name, self._longest, letters("row"), False),
            (counts, self._count, self._waiting, letters("h2"), True),
        ):
            upper, lower = _over_one_another(lines, by, small)
            draw_words(painter, upper, first, by, "ink", right=right)
            draw_words(painter, lower, second, small, "ink3", right=right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say_again()


def _over_one_another(place: QRect, upper: Letters, lower: Letters) -> tuple[QRect, QRect]:
    """Two lines in the middle of a height."""
    top = place.top() + (place.height() - upper.height - lower.height) // 2
    first = QRect(place.left(), top, place.width(), upper.height)
    return first, QRect(place.left(), top + upper.height, place.width(), lower.height)
