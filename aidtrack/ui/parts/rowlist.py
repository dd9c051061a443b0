"""A list of rows of one or two lines: results of a search, lots, reports, tickets. It scrolls alone and draws without widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from aidtrack.ui import theme
from aidtrack.ui.parts.drawn import Letters, beside, cap_size, draw_cap, draw_words, letters

_Index = QModelIndex | QPersistentModelIndex
_WRAPPED = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
_SELECTED, _UNDER_MOUSE = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value


@dataclass(frozen=True, slots=True)
class RowItem:
    """What one row says, in rendered words. A section is a caption nobody can choose, with `wraps` a sentence;
    of any other row a long title goes on below with it."""

    title: str
    second: str = ""
    right: str = ""
    right_second: str = ""
    icon: str = ""
    right_icon: str = ""
    tone: str = "ink"
    right_tone: str = "ink2"
    key: str = ""
    prefix: str = ""
    data: Any = None
    is_section: bool = False
    is_marked: bool = False
    wraps: bool = False
    height: int | None = None


class RowModel(QAbstractListModel):
    """Rows for the view; never raises in `data`."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[RowItem] = []

    def show(self, items: Iterable[RowItem]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.items)

    def item(self, index: _Index) -> RowItem | None:
        """The row at an index, if there is one."""
        row = index.row()
        return self.items[row] if 0 <= row < len(self.items) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index)
        if item is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " · ".join(part for part in (item.prefix, item.title, item.second, item.right) if part)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        item = self.item(index)
        if item is None or item.is_section:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class RowDelegate(QStyledItemDelegate):
    """Draws a row after the design: words 15/500 over 13, the figure at the right, selection soft, focus with an accent border."""

    def __init__(self, view: RowList, height: int) -> None:
        super().__init__(view)
        self._view, self._height = view, height

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        item = self._view.item(index)
        if item is None:
            return QSize(0, 0)
        height = theme.px(item.height or (30 if item.is_section else self._height))
        return QSize(100, max(height, self._wrapped(item)) if item.wraps else height)

    def _wrapped(self, item: RowItem) -> int:
        """How high a title is that goes on in a second line where one is too short for it."""
        room = self._view.viewport().width() - 28 - (theme.px(36) if item.prefix else 0)
        below = letters("small").height if item.second else 0
        return letters("row").high(item.title, max(room, 40)) + below + theme.px(14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item = self._view.item(index)
        if item is None:
            return
        rect: QRect = option.rect
        if item.is_section and item.wraps:
            painter.setFont(letters("small").font)
            painter.setPen(theme.colour("ink3"))
            painter.drawText(rect.adjusted(10, 0, -10, 0), _WRAPPED, item.title)
        elif item.is_section:
            draw_words(painter, rect.adjusted(10, 4, -10, 0), item.title, letters("caption"), "ink3")
        else:
            self._ground(painter, option, item, is_here=self._view.hasFocus() and index == self._view.currentIndex())
            self._row(painter, rect.adjusted(10, 0, -10, 0), item)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, item: RowItem, *, is_here: bool) -> None:
        """`is_here`: the cursor stands on it, chosen or not yet."""
        state: int = option.state.value
        selected, hover = bool(state & _SELECTED), bool(state & _UNDER_MOUSE)
        if not (selected or is_here or hover or item.is_marked):
            return
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.colour("soft" if selected or is_here or item.is_marked else "sunken"))
        painter.setPen(QPen(theme.colour("accent"), 2) if is_here else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, 5, 5)

    def _row(self, painter: QPainter, rect: QRect, item: RowItem) -> None:
        row, small = letters("row"), letters("small")
        rect = self._left_things(painter, rect, item)
        if item.wraps:
            below = small.height if item.second else 0
            painter.setFont(row.font)
            painter.setPen(theme.colour(item.tone))
            words = rect.adjusted(0, 0, -8, -below)
            painter.drawText(words, _WRAPPED, item.title)
            under = painter.boundingRect(words, _WRAPPED, item.title).bottom() + 1
            draw_words(painter, QRect(rect.left(), under, rect.width() - 8, below), item.second, small, "ink3")
            return
        upper, lower = _halves(rect, row, small, bool(item.second or item.right_second))
        used_up = self._right_things(painter, upper, rect, small, item)
        used_low = draw_words(painter, lower, item.right_second, small, "ink3", right=True)
        draw_words(painter, upper.adjusted(0, 0, -used_up - 8, 0), item.title, row, item.tone)
        draw_words(painter, lower.adjusted(0, 0, -used_low - 8, 0), item.second, small, "ink3")

    def _left_things(self, painter: QPainter, rect: QRect, item: RowItem) -> QRect:
        if item.icon:
            size = theme.px(18)
            painter.drawPixmap(rect.left(), rect.center().y() - size // 2 + 1, theme.icon(item.icon, 18, "ink2"))
            rect = rect.adjusted(theme.px(28), 0, 0, 0)
        if item.prefix:
            draw_words(painter, rect, item.prefix, letters("body"), "ink3")
            rect = rect.adjusted(theme.px(36), 0, 0, 0)
        return rect

    def _right_things(self, painter: QPainter, upper: QRect, rect: QRect, small: Letters, item: RowItem) -> int:
        if item.key:
            size = cap_size(item.key)
            draw_cap(painter, beside(size, QRect(rect.right() + 1 - size.width(), rect.top(), 0, rect.height())), item.key)
            return size.width()
        shift = 0
        if item.right_icon:
            side = theme.px(16)
            place = upper.right() - side
            painter.drawPixmap(place, upper.center().y() - side // 2 + 1, theme.icon(item.right_icon, 16, item.right_tone))
            shift = side + 6
        figure = upper.adjusted(0, 0, -shift, 0)
        return shift + draw_words(painter, figure, item.right, small, item.right_tone, right=True)


def _halves(rect: QRect, upper: Letters, lower: Letters, two_lines: bool) -> tuple[QRect, QRect]:
    if not two_lines:
        return rect, QRect()
    top = rect.top() + (rect.height() - upper.height - lower.height - 1) // 2
    low = QRect(rect.left(), top + upper.height + 1, rect.width(), lower.height)
    return QRect(rect.left(), top, rect.width(), upper.height), low


def draw_focus(view: QAbstractItemView) -> None:
    """The border around a list that has the focus and no row to show it on."""
    if view.hasFocus() and not view.currentIndex().isValid():
        painter = QPainter(view.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawRoundedRect(view.viewport().rect().adjusted(2, 2, -2, -2), 6, 6)


def draw_edge(painter: QPainter, cell: QRect, *, is_last: bool) -> None:
    """What runs through this cell of the border around a row of a table; its left end is the bar of the chosen row."""
    draw_line(painter, cell, 2, "accent")
    draw_line(painter, cell, 2, "accent", is_above=True)
    if is_last:
        painter.fillRect(QRect(cell.right() - 1, cell.top(), 2, cell.height()), theme.colour("accent"))


def draw_line(painter: QPainter, cell: QRect, points: int, token: str, *, is_above: bool = False) -> None:
    """Along the lower or the upper edge of a cell, on whole pixels of the screen: one that is drawn across the border of two
    cells in halves shows a seam there, at 125 and 150 per cent."""
    ratio = painter.deviceTransform().m11()
    thick = max(int(points * ratio), 1) / ratio
    top = cell.top() if is_above else cell.bottom() + 1 - thick
    painter.fillRect(QRectF(cell.left(), top, cell.width(), thick), theme.colour(token))


class RowList(QListView):
    """Rows to look through and choose from by ↑ ↓ Enter or mouse."""

    moved = Signal(object)
    chosen = Signal(object)
    left_upwards = Signal()

    def __init__(self, height: int = 52, *, name: str = "") -> None:
        super().__init__()
        self._rows = RowModel()
        self.setModel(self._rows)
        self.setItemDelegate(RowDelegate(self, height))
        self.setProperty("cls", "rows")
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        if name:
            self.setObjectName(name)
        self.clicked.connect(lambda index: self._tell(self.moved, index))
        self.doubleClicked.connect(lambda index: self._tell(self.chosen, index))

    def show_rows(self, items: Iterable[RowItem], keep: bool = True) -> None:
        """Other rows; the chosen one stays chosen if its data is still there."""
        before = self.current() if keep else None
        self._rows.show(items)
        if before is not None:
            self.select(before)

    def item(self, index: _Index) -> RowItem | None:
        """The row at an index, as it is: asked through the model Qt would carry it to and fro for everything that is painted."""
        return self._rows.item(index)

    def items(self) -> list[RowItem]:
        """What is shown."""
        return list(self._rows.items)

    def current(self) -> Any:
        """The data of the chosen row, or None."""
        item = self._rows.item(self.currentIndex())
        return item.data if item is not None else None

    def select(self, data: object) -> bool:
        """Chooses the row with this data, telling nobody."""
        for at, item in enumerate(self._rows.items):
            if item.data == data and not item.is_section:
                self.setCurrentIndex(self._rows.index(at))
                return True
        return False

    def select_first(self) -> bool:
        """Chooses the first row that can be chosen."""
        first = next((item for item in self._rows.items if not item.is_section), None)
        return first is not None and self.select(first.data)

    def _tell(self, signal: Any, index: QModelIndex) -> None:
        item = self._rows.item(index)
        if item is not None and not item.is_section:
            signal.emit(item.data)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and any(item.wraps for item in self._rows.items):
            self.scheduleDelayedItemsLayout()  # Qt asks for heights anew when the height changes only: words would lie over each other

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell(self.chosen, self.currentIndex())
            return
        before = self.currentIndex().row()
        if event.text().isprintable() and event.text():
            event.ignore()  # letters and digits belong to the page, not to Qt's search by first letter
            return
        super().keyPressEvent(event)
        if self.currentIndex().row() != before:
            self._tell(self.moved, self.currentIndex())
        elif event.key() == Qt.Key.Key_Up:
            self.left_upwards.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_focus(self)
