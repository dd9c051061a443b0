"""The public board on a second screen: numbers, windows, what there is today; a chime when somebody is called.

Shows no name and speaks the centre's public languages in turn, whatever language the window speaks.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen

from aidtrack import i18n
from aidtrack.clock import wall_clock
from aidtrack.domain.queueing import about_words
from aidtrack.errors import Text
from aidtrack.services.public_board import CallRow, GivenRow, PublicBoard, public_board
from aidtrack.ui import jobs, sound, theme
from aidtrack.ui.big_screen import LEFT, MIDDLE, RIGHT, WIDTH, BigScreen
from aidtrack.ui.kinds import Kind

LOOK_MS = 2000
TURN_MS = 9000
"""So long it speaks one of the public languages before the next."""
CALL_SIZES = (128, 96)
"""Of 1080 lines: the newest call, and the older ones."""
_SHOWS = frozenset({Kind.QUEUE, Kind.DAYS, Kind.STOCK, Kind.CAMPAIGNS, Kind.HANDOVERS})


class PublicScreen(BigScreen):
    """What everybody in the room can read."""

    is_for_the_room = True

    def __init__(self) -> None:
        super().__init__("public_board", LOOK_MS, _SHOWS)
        self._board: PublicBoard | None = None
        self._turn = 0
        self._turning = QTimer(self)
        self._turning.setInterval(TURN_MS)
        self._turning.timeout.connect(self.next_language)
        self._turning.start()

    def load(self) -> None:
        """The board as it is now."""
        if jobs.is_started():
            jobs.follow(public_board, owner=self, then=self.show_board, name="public board")

    def show_board(self, board: PublicBoard) -> None:
        """Paints this board from now on; a new call chimes."""
        before, self._board = self._board, board
        if before is not None and _is_new_call(before, board):
            sound.play(sound.Tone.CHIME)
        self.update()

    def next_language(self) -> None:
        """The next of the public languages, where there are several."""
        self._turn += 1
        if self._board is not None and len(self._board.languages) > 1:
            self.update()

    def _language(self) -> str:
        languages = self._board.languages if self._board is not None else ("en",)
        return languages[self._turn % len(languages)]

    def said(self) -> str:
        """Everything that can be read on it, for those who cannot see it and for tests."""
        board = self._board
        if board is None:
            return ""
        if board.is_paused or not board.is_open:
            return f"{board.site}\n{self._say(_silence(board))}"
        calls = [f"{call.label} {call.window}" for call in board.calls]
        given = [self._item(row) for row in board.given]
        return "\n".join([board.site, *calls, *given, self._say(_wait(board)), self._say(_FIRST)])

    def _say(self, text: Text) -> str:
        return i18n.render(text, self._language()) if self._board is not None else ""

    def _item(self, row: GivenRow) -> str:
        name = i18n.pick(row.names, self._language()).partition(",")[0]  # which one is said at the window; from afar what it is
        return name if row.is_there else self._say(Text("{item}: none today", item=name))

    # ── painting, in a field of 1920 × 1080 ──

    def paint(self, painter: QPainter) -> None:
        board = self._board
        if board is None:
            return
        self._head(painter, board)
        if board.is_paused or not board.is_open:
            self.text(
                painter,
                QRectF(60, 300, WIDTH - 120, 480),
                self._say(_silence(board)),
                72,
                600,
                "ink",
                MIDDLE,
                wrap=True,
            )
            return
        for place, call in enumerate(board.calls):
            self._call(painter, place, call)
        self._side(painter, board)
        painter.fillRect(QRectF(0, 975, WIDTH, 1), theme.colour("line"))
        self.mark(painter, QRectF(58, 1004, 44, 44), "armchair", "accent")
        self.text(painter, QRectF(120, 980, WIDTH - 180, 92), self._say(_FIRST), 36, 500, "ink", LEFT)

    def _head(self, painter: QPainter, board: PublicBoard) -> None:
        self.text(painter, QRectF(56, 0, 1100, 120), board.site, 40, 600, "ink", LEFT)
        self.text(
            painter, QRectF(1100, 0, 540, 120), self._say(Text("Help is free of charge")), 36, 500, "accent", RIGHT
        )
        now = i18n.clock_time(wall_clock(), ZoneInfo(board.timezone))
        self.text(painter, QRectF(1650, 0, 206, 120), now, 56, 600, "ink", RIGHT)
        painter.fillRect(QRectF(0, 120, WIDTH, 1), theme.colour("line"))

    def _call(self, painter: QPainter, place: int, call: CallRow) -> None:
        """The newest filled and larger, the older ones under hairlines."""
        newest = place == 0
        top = 157.0 if newest else 233 + 168.0 * place
        area = QRectF(40, top, 1120, 232 if newest else 168)
        ground, words = ("onaccent", "onaccent") if newest else ("ink", "ink2")
        if newest:
            painter.setBrush(theme.colour("accent"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(area, 16, 16)
        elif place > 1:
            painter.fillRect(QRectF(40, top, 1120, 1), theme.colour("line"))
        size = CALL_SIZES[0] if newest else CALL_SIZES[1]
        self.text(painter, area.adjusted(58, 0, -400, 0), call.label, size, 600, ground, LEFT)
        number = QRectF(area.right() - 190, area.top(), 118, area.height())
        self.text(painter, number, str(call.window), size, 600, "onaccent" if newest else "accent", RIGHT)
        word = QRectF(area.right() - 480, area.top(), 300, area.height())
        told = self._say(Text("window"))
        self.text(painter, word, told, 44, 500, words, RIGHT)
        icon = 56 if newest else 44
        begins = word.right() - min(painter.fontMetrics().horizontalAdvance(told), word.width())
        self.mark(painter, QRectF(begins - 44 - icon, area.center().y() - icon / 2, icon, icon), "arrow-right", words)

    def _side(self, painter: QPainter, board: PublicBoard) -> None:
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawRoundedRect(QRectF(1200, 157, 680, 782), 16, 16)
        self.text(painter, QRectF(1256, 200, 560, 60), self._say(Text("Given today")), 32, 600, "ink3", LEFT)
        for place, row in enumerate(board.given):
            icon = "package" if row.is_there else "circle-slash"
            how = self._say(row.how) if row.is_there else ""
            self._fact(painter, 266 + 124.0 * place, icon, self._item(row), how)
        painter.fillRect(QRectF(1256, 769, 568, 1), theme.colour("line"))
        self._fact(painter, 790, "hourglass", _begun(self._say(_wait(board))), self._say(Text("for those who come now")))

    def _fact(self, painter: QPainter, top: float, icon: str, title: str, second: str) -> None:
        self.mark(painter, QRectF(1258, top + 8, 52, 52), icon, "ink2")
        self.text(painter, QRectF(1338, top, 520, 60), title, 40, 600, "ink", LEFT)
        self.text(painter, QRectF(1338, top + 52, 520, 48), second, 32, 400, "ink2", LEFT)


_FIRST = Text("Hard to stand, with a baby, over 65? Say so at the door: you are called first.")


def _is_new_call(before: PublicBoard, now: PublicBoard) -> bool:
    """Somebody is called, or called again, since it was looked at last."""
    return not now.is_paused and bool(now.calls) and bool(set(now.calls) - set(before.calls))


def _silence(board: PublicBoard) -> Text:
    """The one sentence of a pause, or of a closed centre."""
    return Text("Pause. Your number keeps its place.") if board.is_paused else Text("The centre is closed now.")


def _begun(words: str) -> str:
    """As a line of its own begins."""
    return words[:1].upper() + words[1:]


def _wait(board: PublicBoard) -> Text:
    return about_words(board.wait_minutes or 0)
