"""What stands beside the new-family form: who may be the same, and in the full form also what helps, the paper and the rest.

Owns which of the two is shown when there is room for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.pages.desk.likeness_cards import LikenessCards
from aidtrack.ui.pages.desk.register_form import MoreFields
from aidtrack.ui.parts import Segmented

if TYPE_CHECKING:
    from aidtrack.services.identity.candidates import CandidateRow

WIDTH, FOLDED = 340, 252


class RegisterSide(QWidget):
    """Quick: the cards. Full: the other fields, and the cards over them while somebody may be the same."""

    def __init__(self) -> None:
        super().__init__()
        self._is_full = False
        self._shown: tuple[CandidateRow, ...] = ()

    def build(self) -> Iterator[None]:
        """Makes its parts one after another, each in its place."""
        self._which = Segmented(name="register_side")
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._which)
        column.addWidget(self._stack, 1)
        yield
        self.cards = LikenessCards()
        self._stack.addWidget(self.cards)
        yield
        self.more_fields = MoreFields()
        self._stack.addWidget(self.more_fields)
        yield from self.more_fields.build()
        self._which.show_choices([(self.cards, Text("the same?")), (self.more_fields, Text("what helps"))])
        self._which.edited.connect(self._show)
        self.fold(False)
        self.show_kind(False)

    def fold(self, narrow: bool) -> None:
        """With less room it takes less of it."""
        self.setFixedWidth(theme.px(FOLDED if narrow else WIDTH))
        self.cards.fold(narrow)

    def show_kind(self, full: bool) -> None:
        """The quick form has no other fields."""
        self._is_full = full
        self._choose()

    def show_rows(self, rows: Sequence[CandidateRow]) -> None:
        """Other candidates: the cards come forward when there is somebody new on them, and go when nobody is left."""
        self.cards.show_rows(rows)
        before, self._shown = {row.household_id for row in self._shown}, tuple(rows)
        if not rows or any(row.household_id not in before for row in rows):
            self._choose()
        self._show_which()

    def show_cards(self) -> None:
        """Something on the cards wants an answer."""
        self._show(self.cards)

    def _choose(self) -> None:
        self._show_which()
        self._show(self.more_fields if self._is_full and not self._shown else self.cards)

    def _show_which(self) -> None:
        asks = self._is_full and bool(self._shown)
        self._which.setVisible(asks)
        self.cards.show_title(not asks)

    def _show(self, which: QWidget) -> None:
        self._which.set_value(which)
        self._stack.setCurrentWidget(which)
