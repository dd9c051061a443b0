"""One table for all lists: columns read frozen rows, figures line up, the choice survives a reload, Ctrl+C copies clean text.

Owns how a cell is said and drawn. It never raises while drawing: a cell that cannot be read shows "—" and is logged once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.ui import jobs, theme, tokens
from aidtrack.ui.parts.drawn import Letters, draw_words, letters
from aidtrack.ui.parts.panels import EmptyState
from aidtrack.ui.parts.rowlist import draw_edge, draw_focus, draw_line
from aidtrack.ui.parts.words import Sayable, glued, rendered, tooltip

_Index = QModelIndex | QPersistentModelIndex
_log = logging.getLogger(__name__)
NONE = "—"
IN_SIGHT = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than its words: an icon before them, a tone, a second line."""

    text: Any
    icon: str = ""
    tone: str = ""
    strong: bool = False
    second: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, how a row is read for it, and how it stands.

    A stretched column takes what is left, `width` at least. `wrap`: what does not fit goes on in a second line, and the row grows.
    """

    title: Text
    get: Callable[[Any], Any]
    align: str = "left"
    width: int = 100
    stretch: bool = False
    strong: bool = False
    tone: str = "ink"
    wrap: bool = False


def said(value: Any) -> str:
    """A value as the window says it: figures grouped, days short, moments by the clock of the centre, nothing as —."""
    language = i18n.language()
    match value:
        case None:
            return NONE
        case Cell():
            return said(value.text)
        case Text():
            return i18n.render(value, language)
        case bool():
            return i18n.tr("yes") if value else i18n.tr("no")
        case int():
            return i18n.number(value, language)
        case datetime():
            return i18n.clock_time(value, jobs.zone())
        case date():
            return i18n.day_short(value, language)
    return str(value)


class RecordModel(QAbstractTableModel):
    """Rows and columns for the view."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = list(columns)
        self.rows: list[Any] = []
        self._unreadable: set[int] = set()

    def show(self, rows: Iterable[Any]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def add(self, rows: Sequence[Any]) -> None:
        """More rows at the end."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows.extend(rows)
            self.endInsertRows()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, row: int, column: int) -> Cell:
        """What stands there; never raises."""
        if not (0 <= row < len(self.rows) and 0 <= column < len(self.columns)):
            return Cell(None)
        try:
            value = self.columns[column].get(self.rows[row])
        except (AttributeError, KeyError, IndexError, TypeError, ValueError):
            self._log_once(column)
            return Cell(None)
        return value if isinstance(value, Cell) else Cell(value)

    def _log_once(self, column: int) -> None:
        if column not in self._unreadable:
            self._unreadable.add(column)
            _log.exception("column %d cannot be read", column)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return said(self.cell(index.row(), index.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return rendered(self.columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(self.columns[section]) | Qt.AlignmentFlag.AlignVCenter
        return None


RIGHT = "right"
_SIDES = {"left": Qt.AlignmentFlag.AlignLeft, RIGHT: Qt.AlignmentFlag.AlignRight}
_SELECTED, _UNDER_MOUSE = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_MouseOver.value
"""Put together once: a table asks for them with each cell it paints."""


def _side(column: Column) -> Qt.AlignmentFlag:
    return _SIDES[column.align]


class RecordDelegate(QStyledItemDelegate):
    """Draws a cell: soft ground and an accent bar for the chosen row, a hairline under each, icon and words; a border around the row
    on which the cursor stands while the table has the focus."""

    def __init__(self, table: RecordTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model, row, at = self._table.model, index.row(), index.column()
        rect: QRect = option.rect
        painter.save()
        is_current = row == self._table.view.currentIndex().row()
        self._ground(painter, option, rect, is_first=at == 0, is_current=is_current)
        draw_line(painter, rect, 1, "line")
        if is_current and self._table.view.hasFocus():
            draw_edge(painter, rect, is_last=at == len(model.columns) - 1)
        self._words(painter, rect.adjusted(8, 0, -8, -1), model.cell(row, at), model.columns[at])
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, *, is_first: bool, is_current: bool) -> None:
        state = option.state.value
        if state & _SELECTED or is_current:
            painter.fillRect(rect, theme.colour("soft"))
            if is_first:
                painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.colour("accent"))
        elif state & _UNDER_MOUSE:
            painter.fillRect(rect, theme.colour("sunken"))

    def _words(self, painter: QPainter, rect: QRect, cell: Cell, column: Column) -> None:
        words = said(cell)
        by = letters("body", 500 if cell.strong or column.strong else 400)
        tone = "ink3" if words == NONE and not cell.tone else cell.tone or column.tone
        if cell.icon:
            size = theme.px(16)
            mark = theme.icon(cell.icon, 16, tone if tone != "ink" else "ink2")
            painter.drawPixmap(rect.left() + 2, rect.center().y() - size // 2 + 1, mark)
            rect = rect.adjusted(size + 9, 0, 0, 0)
        if column.wrap and not cell.second and by.wide(words) > rect.width() and lines(words, by.font, rect.width()) > 1:
            painter.setFont(by.font)
            painter.setPen(theme.colour(tone))
            painter.drawText(rect, _side(column) | Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter, glued(words))
        elif not cell.second:
            draw_words(painter, rect, words, by, tone, right=column.align == RIGHT)
        elif column.wrap:
            _over(painter, rect, (words, cell.second), by.font, tone, _side(column))
        else:
            _two_lines(painter, rect, (words, cell.second), by, tone, right=column.align == RIGHT)


def _over(painter: QPainter, rect: QRect, words: tuple[str, str], font: QFont, tone: str, side: Qt.AlignmentFlag) -> None:
    """The same where both may go on below."""
    small = theme.styled(font, "small", 400)
    high, low = (lines(said, of, rect.width()) * QFontMetrics(of).height() for said, of in zip(words, (font, small), strict=True))
    top = rect.top() + (rect.height() - high - low - 1) // 2
    for said, of, ink, place in ((words[0], font, tone, (top, high)), (words[1], small, "ink3", (top + high + 1, low))):
        painter.setFont(of)
        painter.setPen(theme.colour(ink))
        painter.drawText(QRect(rect.left(), place[0], rect.width(), place[1] + 2), side | Qt.TextFlag.TextWordWrap, glued(said))


def _two_lines(painter: QPainter, rect: QRect, words: tuple[str, str], by: Letters, tone: str, *, right: bool) -> None:
    """What it is, and under it small what is to be known."""
    small = letters("small")
    top = rect.top() + (rect.height() - by.height - small.height - 1) // 2
    draw_words(painter, QRect(rect.left(), top, rect.width(), by.height), words[0], by, tone, right=right)
    low = QRect(rect.left(), top + by.height + 1, rect.width(), small.height)
    draw_words(painter, low, words[1], small, "ink3", right=right)


def lines(words: str, font: QFont, width: int) -> int:
    """How many lines the words take in this width."""
    metrics = QFontMetrics(font)
    high = metrics.boundingRect(QRect(0, 0, max(width, 1), 9999), Qt.TextFlag.TextWordWrap, glued(words)).height()
    return max(round(high / metrics.lineSpacing()), 1)


class RecordTable(QWidget):
    """A table of frozen rows. `moved`: the current row changed by hand; `chosen`: Enter or double click."""

    moved = Signal(object)
    chosen = Signal(object)

    def __init__(
        self, columns: Sequence[Column], *, row_height: int = 36, key: Callable[[Any], Any] = lambda row: row, name: str = ""
    ) -> None:
        super().__init__()
        self._key, self._row_height = key, row_height
        self._more: Callable[[Any], None] | None = None
        self._words: list[int] = []
        self._wanted: list[int] = []
        self._is_fitting = False
        self._sized: tuple[int, list[int]] | None = None
        self.model = RecordModel(columns)
        self.view = _View(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(RecordDelegate(self))
        self._empty = EmptyState()
        self._empty.setParent(self.view.viewport())
        self._empty.hide()
        self._empty_said: tuple[str, Sayable, Sayable] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)
        if name:
            self.setObjectName(name)
            self.view.setObjectName(f"{name}_view")
        self._size_columns()
        self.view.horizontalHeader().sectionResized.connect(self._on_section)
        self.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self.view.doubleClicked.connect(lambda _index: self._tell_chosen())

    # ── rows ──

    def show_rows(self, rows: Iterable[Any], more: Callable[[Any], None] | None = None) -> None:
        """Other rows; the chosen one stays chosen by its key. `more(last row)` is called when the end is scrolled to."""
        chosen = self.current()
        at = self.view.verticalScrollBar().value()
        self.model.show(rows)
        self._more = more
        self._size_columns()
        if chosen is not None:
            self.select_key(self._key(chosen))
        self.view.verticalScrollBar().setValue(at)
        self._place_empty()
        QTimer.singleShot(0, self._on_laid_out)

    def add_rows(self, rows: Sequence[Any], more: Callable[[Any], None] | None = None) -> None:
        """The next page."""
        self.model.add(rows)
        self._more = more
        QTimer.singleShot(0, self._on_laid_out)

    def rows(self) -> list[Any]:
        """What is shown."""
        return list(self.model.rows)

    def columns(self) -> list[Column]:
        """The columns as they stand."""
        return self.model.columns

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Other columns for the same rows."""
        rows = self.model.rows
        self.model.beginResetModel()
        self.model.columns = list(columns)
        self.model.endResetModel()
        self.model.show(rows)
        self._size_columns()

    def current(self) -> Any:
        """The chosen row, or None."""
        at = self.view.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def select_key(self, key: object) -> bool:
        """Chooses the row with this key, telling nobody."""
        for at, row in enumerate(self.model.rows):
            if self._key(row) == key:
                self.select_row(at)
                return True
        return False

    def select_row(self, at: int) -> None:
        """Chooses a row by its place, telling nobody."""
        blocked = self.view.selectionModel().blockSignals(True)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.view.selectionModel().setCurrentIndex(self.model.index(at, 0), flags)
        self.view.selectionModel().blockSignals(blocked)
        self.view.scrollTo(self.model.index(at, 0))
        self.view.viewport().update()

    def set_empty(self, icon: str, title: Sayable, hint: Sayable = "") -> None:
        """What is said when there are no rows."""
        self._empty_said = (icon, title, hint)
        self._empty.say(icon, title, hint)

    def copy_text(self) -> str:
        """The chosen rows (or all, when none is) as lines of cells with tabs between: what a spreadsheet takes."""
        chosen = sorted({index.row() for index in self.view.selectionModel().selectedRows()}) or range(len(self.model.rows))
        lines = ["\t".join(_clean(rendered(column.title)) for column in self.model.columns)] if len(chosen) != 1 else []
        lines += ["\t".join(self._copied(row, n) for n in range(len(self.model.columns))) for row in chosen]
        return "\n".join(lines)

    def _copied(self, row: int, column: int) -> str:
        cell = self.model.cell(row, column)
        words = "" if cell.text is None else str(cell.text) if isinstance(cell.text, int) else said(cell)
        return _clean(f"{words}, {cell.second}" if cell.second else words)

    # ── inside ──

    def _tell_chosen(self) -> None:
        row = self.current()
        if row is not None:
            self.chosen.emit(row)

    def _on_current(self) -> None:
        row = self.current()
        if row is not None:
            self.moved.emit(row)

    def _on_laid_out(self) -> None:
        if isValid(self.view) and self.view.verticalScrollBar().maximum() == 0:
            self._on_scrolled(0)  # a page that fits has no end to scroll to

    def _on_scrolled(self, value: int) -> None:
        if self._more is not None and self.model.rows and value >= self.view.verticalScrollBar().maximum() - 5:
            more, self._more = self._more, None
            more(self.model.rows[-1])

    def height_of(self, most: int) -> int:
        """Of the header and the rows, `most` of them at most."""
        rows = range(min(len(self.model.rows), most))
        return self.view.horizontalHeader().sizeHint().height() + sum(self.view.rowHeight(row) for row in rows) + 4

    def _size_columns(self) -> None:
        """For other rows, words or letters."""
        columns = self.model.columns
        self._words = [self._words_of(n) for n in range(len(columns))]
        self._wanted = [self._least_of(n) if column.stretch else self._width_of(n, column) for n, column in enumerate(columns)]
        self.view.verticalHeader().setDefaultSectionSize(theme.px(self._row_height))  # which all rows have from now on
        self._sized = None
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Into the width there is."""
        header, widths = self.view.horizontalHeader(), self._widths()
        self._is_fitting = True
        for n, column in enumerate(self.model.columns):
            mode = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(n, mode)
            if not column.stretch:
                header.resizeSection(n, widths[n])
        self._is_fitting = False
        self._size_rows()

    def _widths(self) -> list[int]:
        """What each column asks for; where the stretched one would be crushed, first what is wider than its words gives way, then
        what goes on in a second line, the widest first."""
        columns = self.model.columns
        widths = list(self._wanted)
        over = sum(widths) - self.view.viewport().width()
        for least in (self._filled_by, self._wrapped_to):
            for n in sorted(range(len(columns)), key=lambda n: -widths[n]):
                if over > 0 and not columns[n].stretch:
                    spared = min(max(widths[n] - least(n), 0), over)
                    widths[n] -= spared
                    over -= spared
        return widths

    def _filled_by(self, n: int) -> int:
        """As wide as the words of a column are, and no wider than it may become."""
        return min(self._words[n], _given(self.model.columns[n]) * 2)

    def _wrapped_to(self, n: int) -> int:
        """As narrow as a column may become whose words go on below; others keep what they have."""
        column = self.model.columns[n]
        return max(self._title_width(column), self._longest_word(n)) if column.wrap else self._filled_by(n)

    def _on_section(self, n: int, _before: int, _now: int) -> None:
        """The stretched column gets its width last: only now it is known how many lines its words take."""
        if not self._is_fitting and n < len(self.model.columns) and self.model.columns[n].stretch:
            self._size_rows()

    def _longest_word(self, n: int) -> int:
        """Words go on in the next line whole."""
        metrics = QFontMetrics(theme.styled(self.font(), "body", 500))
        rows = range(min(len(self.model.rows), IN_SIGHT))
        words = (word for row in rows for word in said(self.model.cell(row, n)).split())
        icon = theme.px(16) + 9 if any(self.model.cell(row, n).icon for row in rows) else 0
        return max((metrics.horizontalAdvance(word) for word in words), default=0) + 20 + icon

    def _least_of(self, n: int) -> int:
        """Of a stretched column: its width, its title, and whole words where they go on below."""
        column = self.model.columns[n]
        return max(_given(column), self._title_width(column), self._longest_word(n) if column.wrap else 0)

    def _title_width(self, column: Column) -> int:
        return QFontMetrics(theme.styled(self.font(), "caption")).horizontalAdvance(rendered(column.title)) + 18

    def _size_rows(self) -> None:
        """Rows whose words go on in a second line are higher. Reckoned once for each width and number of rows."""
        wraps = [n for n, column in enumerate(self.model.columns) if column.wrap]
        sized = (len(self.model.rows), [self._room_of(n) for n in wraps])
        if sized == self._sized:
            return
        self._sized = sized
        for row in range(min(len(self.model.rows), IN_SIGHT) if wraps else 0):
            self.view.setRowHeight(row, theme.px(self._row_height) + max(self._more_of(row, n) for n in wraps))

    def _room_of(self, n: int) -> int:
        """What a column will have: a stretched one gets its width of Qt only later, which is what the others leave."""
        columns = self.model.columns
        if not columns[n].stretch:
            return self.view.columnWidth(n)
        taken = sum(self.view.columnWidth(m) for m, column in enumerate(columns) if not column.stretch)
        return (self.view.viewport().width() - taken) // sum(column.stretch for column in columns)

    def _more_of(self, row: int, n: int) -> int:
        """How much higher than a row of one line the words of a cell are, and of two those of a cell that says two things."""
        column, cell = self.model.columns[n], self.model.cell(row, n)
        room = self._room_of(n) - 16 - (theme.px(16) + 9 if cell.icon else 0)
        fonts = theme.styled(self.font(), "body", 500 if cell.strong or column.strong else 400), theme.styled(self.font(), "small")
        parts = [part for part in zip((said(cell), cell.second), fonts, strict=True) if part[0]]
        return sum((lines(words, font, room) - 1) * QFontMetrics(font).lineSpacing() for words, font in parts)

    def _width_of(self, n: int, column: Column) -> int:
        """Wide enough for title and words of the rows in sight: only names may be shortened, and those stand in the stretched column."""
        given, widest = _given(column), self._words[n]
        return max(min(widest, given * 2), given if column.align == "left" else 0, min(given, widest + 24))

    def _words_of(self, n: int) -> int:
        """What title and words of the rows in sight take in one line."""
        column = self.model.columns[n]
        caption = QFontMetrics(theme.styled(self.font(), "caption"))
        fonts = [QFontMetrics(theme.styled(self.font(), "body", weight)) for weight in (400, 500)]
        widest = self._title_width(column)
        for row in range(min(len(self.model.rows), IN_SIGHT)):
            cell = self.model.cell(row, n)
            body = fonts[cell.strong or column.strong]
            words = max(body.horizontalAdvance(said(cell)), caption.horizontalAdvance(cell.second))
            widest = max(widest, words + 20 + (theme.px(16) + 9 if cell.icon else 0))
        return widest

    def _place_empty(self) -> None:
        """What is said of no rows stands whole, or where a form leaves the table a strip only, not at all."""
        room = self.view.viewport().rect()
        fits = self._empty.sizeHint().height() <= room.height()
        self._empty.setVisible(not self.model.rows and self._empty_said is not None and fits)
        self._empty.setGeometry(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_empty()

    def _on_width(self) -> None:
        """Only now it is known how much room there is, and what must give way."""
        if len(self._wanted) == len(self.model.columns):  # else they are being exchanged, and fitted when all are there
            self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange):
            self._size_columns()
            self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(len(self.model.columns) - 1, 0))
            self.view.viewport().update()


class _View(QTableView):
    """Qt's table without grid, corner, editing and its search by first letter."""

    def __init__(self, owner: RecordTable) -> None:
        super().__init__()
        self._owner = owner
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(24)
        self.horizontalHeader().setSectionsClickable(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self._owner.copy_text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._owner._tell_chosen()
        elif event.text() and event.text().isprintable() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._owner._on_width()
        self._owner._place_empty()  # only now the viewport is as large as it stays: a table shown later is laid out last
        self._owner._size_rows()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        draw_focus(self)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            words = str(index.data() or "")
            if QFontMetrics(self.font()).horizontalAdvance(words) > self.visualRect(index).width() - 16:
                self.setToolTip(tooltip(words))
            else:
                self.setToolTip("")
        return super().viewportEvent(event)


def _given(column: Column) -> int:
    """The width it was given, in the letters of now."""
    return column.width * theme.font_px("body") // tokens.FONT_PX["body"]


def _clean(words: str) -> str:
    """Figures without thousands spaces stay figures in a spreadsheet; tabs and line breaks would break the rows."""
    return words.replace("\t", " ").replace("\n", " ").replace("\u00a0", " ").replace("−", "-") if words != NONE else ""
