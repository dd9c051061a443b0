"""The find box of the Desk: a field and its hits, answered at every key.

Shows at most eight families as the role may see them. Tells which one was chosen; opening it is the page's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.i18n import tr, trn
from aidtrack.ui import jobs, theme
from aidtrack.ui.inputs import SearchInput
from aidtrack.ui.parts import KeyCap, RowItem, RowList, Words

if TYPE_CHECKING:
    from aidtrack.services.people import FoundRow

ROW, MOST = 52, 8
LEAST = 3
"""Letters with which a volunteer finds anybody (field.md §1, 11)."""
POPUP_WIDTH = 320
"""Folded, the field may be narrow; names under it are read whole."""


WHOLE, NO_LIMIT = 1000, 16_777_215
"""The hits take what their rows need, so that the hint follows them; Qt's word for no limit."""


def list_of_hits() -> RowList:
    """Where the answers stand; made before the box, because the first list of a process takes Qt as long as all the rest."""
    return RowList(ROW, name="find_hits")


class FindBox(QWidget):
    """`chosen` carries the row of the family (`household_id`, `person_id`)."""

    chosen = Signal(object)

    def __init__(self, hits: RowList) -> None:
        super().__init__()
        self.hits = hits
        self._rows: Sequence[FoundRow] = ()
        self._is_folded = False
        self._waits_for_first = False
        self._is_ready = False
        self._build()

    def _build(self) -> None:
        self.field = SearchInput(Text("name, card, phone"), name="find")
        self._hint = Words("", "small", tone="ink3", wrap=True, name="find_hint")
        head = QHBoxLayout()
        head.addWidget(Words(Text("Find"), "h3"))
        head.addStretch(1)
        head.addWidget(KeyCap("F2"))
        self._head = QWidget()
        self._head.setLayout(head)
        head.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._head, self.field):
            column.addWidget(part)
        column.addWidget(self.hits, WHOLE)
        column.addWidget(self._hint)
        column.addStretch(1)
        self.field.edited.connect(self._ask)
        self.field.entered.connect(self._on_enter)
        self.field.went_down.connect(self._to_hits)
        self.hits.chosen.connect(self._choose)
        self.hits.moved.connect(self._choose_by_mouse)
        self.hits.left_upwards.connect(self.field.setFocus)
        self.field.editingFinished.connect(self._on_left)

    # ── what the page asks ──

    def focus(self) -> None:
        """F2: ready to type over what is there."""
        self.field.setFocus()
        self.field.selectAll()

    def typed(self) -> str:
        """What was typed; F3 carries it over."""
        return str(self.field.value())

    def clear(self) -> None:
        """Ready for the next family."""
        self.field.clear()
        self._show(())

    def set_folded(self, folded: bool) -> None:
        """With little room only the field stays; the hits drop down from it over the page."""
        self._is_folded = folded
        self._head.setVisible(not folded)
        self._hint.setVisible(not folded)
        layout = self.layout()
        if folded:
            self.hits.setParent(self.window())
            theme.set_look(self.hits, cls="popup")
        elif isinstance(layout, QVBoxLayout):
            theme.set_look(self.hits, cls="rows")
            layout.insertWidget(2, self.hits, WHOLE)
        self._place()

    # ── searching ──

    def _ask(self) -> None:
        from aidtrack.services import people

        text = self.typed()
        self._waits_for_first = False
        if text:
            jobs.read(partial(people.find, text=text, limit=MOST), owner=self, then=self._show, latest="find")
        else:
            self._show(())

    def _show(self, rows: Sequence[FoundRow]) -> None:
        self._rows = rows if self.typed() else ()
        self._say()
        self.hits.show_rows(self._items(), keep=False)
        self.hits.select_first()
        self._place()
        if self._waits_for_first and self._rows:
            self._choose(self._rows[0])

    def _say(self) -> None:
        if not self.typed():
            self._hint.say("")
        elif self._rows:
            self._hint.say(tr("Not in the list? F3: new family, what was typed goes along."))
        elif len(self.typed()) < LEAST:
            self._hint.say(tr("Three letters at least, or the last digits."))
        else:
            self._hint.say(tr("Nobody found. F3: new family, what was typed goes along."))

    def _on_left(self) -> None:
        """What was not found is said while somebody types, and lies over nothing afterwards."""
        if self._is_folded and not self._rows:
            self.hits.hide()

    def _items(self) -> list[RowItem]:
        """The hits; folded, there is no other place to say that there are none."""
        none = [RowItem(self._hint.said(), is_section=True, wraps=True)] if self._is_folded and self.typed() else []
        return [_item(row) for row in self._rows] or none

    def _on_enter(self) -> None:
        row = self.hits.current()
        if row is not None:
            self._choose(row)
        else:
            self._waits_for_first = bool(self.typed())

    def _to_hits(self) -> None:
        if self._rows:
            self.hits.setFocus()

    def _choose_by_mouse(self, row: FoundRow) -> None:
        if not self.hits.hasFocus() or self.hits.underMouse():
            self._choose(row)

    def _choose(self, row: FoundRow) -> None:
        self._waits_for_first = False
        self.chosen.emit(row)
        if self._is_folded:
            self.hits.hide()

    def _place(self) -> None:
        if not self._is_folded:
            self.hits.setMaximumHeight(len(self._rows) * theme.px(ROW) + 4)
            self.hits.setVisible(bool(self._rows))
            return
        self.hits.setMaximumHeight(NO_LIMIT)
        told = bool(self._rows) or (bool(self.typed()) and self.field.hasFocus())
        self.hits.setVisible(told and self.isVisible())
        if self.hits.isVisible():
            below = self.field.mapTo(self.window(), QPoint(0, self.field.height() + 2))
            height = max(len(self._rows), 1) * theme.px(ROW) + 8
            room = max(self.window().height() - below.y() - 8, theme.px(ROW))
            wide = max(self.field.width(), theme.px(POPUP_WIDTH))
            self.hits.setGeometry(below.x(), below.y(), wide, min(height, room))
            self.hits.raise_()

    def _get_ready(self) -> None:
        """Each reader has its own connection: both are ready before the first key."""
        from aidtrack.services import people

        for _ in range(jobs.READERS):
            jobs.read(people.get_ready, owner=self)

    # ── Qt ──

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_ready and jobs.is_started():
            self._is_ready = True
            self._get_ready()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_folded and self.hits.isVisible():
            self.hits.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._is_folded:
            self.hits.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self.hits.show_rows(self._items())


def place_of(row: FoundRow) -> str:
    """Where they are from, in the language of the window."""
    return i18n.pick(row.settlement, i18n.language()) or row.origin_text


def _item(row: FoundRow) -> RowItem:
    second = " · ".join(part for part in (str(row.year or ""), place_of(row)) if part)
    tail = f"·{row.card_tail}" if row.card_tail else ""
    if row.is_protected:
        known = bool(row.name)  # the shift lead sees who it is; everybody else, by its own card, only where to send it
        second = tr("protected: for the shift lead only") if known else ""
        return RowItem(row.name or tr("See the shift lead"), second=second, right=tail, icon="lock", data=row)
    cards = trn("{n} card", "{n} cards", 1 + len(row.other_tails)) if row.other_tails else ""
    return RowItem(row.name or tr("without name"), second=second, right=tail, right_second=cards, data=row)
