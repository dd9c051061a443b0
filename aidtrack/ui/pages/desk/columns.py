"""How the parts of a visit lie on the Desk: three columns, or folded where there is less room.

Owns the parts and their places; what they show and tell is the page's work.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from aidtrack.ui import theme
from aidtrack.ui.pages.desk.allowance import AllowancePanel
from aidtrack.ui.pages.desk.family import FamilyPanel
from aidtrack.ui.pages.desk.find import FindBox, list_of_hits
from aidtrack.ui.pages.desk.next_card import NextCard

FIND_WIDTH, ALLOWANCE_WIDTH, MORE_IN_LARGE = 264, 396, 34


class VisitColumns(QWidget):
    """Search and queue at the left, the family in the middle, what it can have at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._folded: tuple[bool, bool] | None = None
        self._left = QWidget(self)
        self._left_column = QVBoxLayout(self._left)
        self._left_column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)

    def build(self) -> Iterator[None]:
        """Makes its parts one after another, each in its place."""
        hits = list_of_hits()
        yield
        self.find_box = FindBox(hits)
        yield
        self._left_column.addWidget(self.find_box)
        self.next_card = NextCard()
        self._left_column.addWidget(self.next_card)
        yield
        self.family = FamilyPanel(self)
        yield from self.family.build()
        yield
        self.allowance = AllowancePanel(self)
        yield
        yield from self.allowance.make_usual_lines()
        self.fold(False)

    def fold(self, narrow: bool) -> None:
        """With less room the search lies over the family, and what can be given keeps its column."""
        if self._folded == (narrow, theme.is_large()):
            return
        self._folded = narrow, theme.is_large()
        for part in (self._left, self.find_box, self.next_card, self.family, self.allowance):
            self._grid.removeWidget(part)
            self._left_column.removeWidget(part)
        self._left.setVisible(not narrow)
        if narrow:
            self._two_columns()
        else:
            self._three_columns()
        self._size(narrow)
        for piece in (self.next_card, self.family):
            piece.fold(narrow)
        self.find_box.set_folded(narrow)

    def _two_columns(self) -> None:
        for part, row, at, columns in ((self.find_box, 0, 0, 1), (self.next_card, 0, 1, 1), (self.family, 1, 0, 2)):
            self._grid.addWidget(part, row, at, 1, columns)
        self._grid.addWidget(self.allowance, 0, 2, 2, 1)

    def _three_columns(self) -> None:
        self._left_column.addWidget(self.find_box, 1)
        self._left_column.addWidget(self.next_card)
        for at, part in enumerate((self._left, self.family, self.allowance)):
            self._grid.addWidget(part, 0, at, 2, 1)

    def _size(self, narrow: bool) -> None:
        self._grid.setHorizontalSpacing(12 if narrow else 16)
        self._grid.setVerticalSpacing(12)
        self._grid.setRowStretch(1, 1)
        for at, stretch in enumerate((1, 0, 0) if narrow else (0, 1, 0)):
            self._grid.setColumnStretch(at, stretch)
        self._left.setFixedWidth(theme.px(FIND_WIDTH))
        self.allowance.setFixedWidth(theme.px(ALLOWANCE_WIDTH + (MORE_IN_LARGE if theme.is_large() else 0)))

    def retranslate(self) -> None:
        """Says what is no `Text` again."""
        for part in (self.family, self.allowance, self.next_card):
            part.retranslate()
