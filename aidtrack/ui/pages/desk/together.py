"""Several families by one collector: the list of those that are filled already, above the one that is open.

Owns the list and its words. Whoever is open is the allowance's; what is sent is the page's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack.domain.handover import HandOverDraft
from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.parts import Caption, Words, clear_layout

if TYPE_CHECKING:
    from aidtrack.ui.pages.desk.allowance_line import Filled


@dataclass(frozen=True)
class Ready:
    """A family that is filled: what it is given, how it is called, and what was typed, should it be opened again."""

    draft: HandOverDraft
    name: str
    given: str
    card: str
    filled: dict[UUID, Filled]
    is_more: bool = False


SHOWN = 2
"""So many are told whole (in large letters one); of the others only how many they are."""


class TogetherList(QWidget):
    """“Together: 2 families”, a line each; hidden while there is one family only."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("together")
        self._families: list[Ready] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 0)
        self._column.setSpacing(2)
        self.hide()

    @property
    def families(self) -> tuple[Ready, ...]:
        """Those that are filled, in the order of their cards."""
        return tuple(self._families)

    def show_families(self, families: tuple[Ready, ...]) -> None:
        """Another list."""
        self._families = list(families)
        clear_layout(self._column)
        if families:
            self._column.addWidget(Caption(Text("Together, one collector")))
        most = 1 if theme.is_large() else SHOWN
        hidden = len(families) - most if len(families) > SHOWN + 1 or theme.is_large() else 0
        if hidden > 0:
            more = Text.plural("{n} family before them", "{n} families before them", n=hidden)
            self._column.addWidget(Words(more, "small", tone="ink3", name="together_more"))
        for one in families[max(hidden, 0):]:
            self._column.addWidget(Words(f"{one.name}: {one.given}", "small", wrap=True, name="together_family"))
        self.setVisible(bool(families))
