"""What every section of the settings is: a title, who may see it, what F9 and F3 do in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack.domain.access import Permission
from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.page import Action
from aidtrack.ui.parts import Words


class Section(QWidget):
    """One room of the settings. `actions_changed`: what its keys do now is another thing."""

    name: ClassVar[str]
    title: ClassVar[Text]
    hint: ClassVar[Text] = Text("")
    icon: ClassVar[str]
    needs: ClassVar[Permission | None] = None

    actions_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName(f"section_{self.name}")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.column.addWidget(Words(self.title, "h2", name=f"{self.name}_title"))
        self._about = Words(self.hint, "small", wrap=True)
        self.column.addWidget(self._about)
        self.fold(theme.is_large())
        self.column.addSpacing(4)

    def fold(self, large: bool, *, tight: bool = False) -> None:
        """Large letters leave room for what is worked with only; `tight`: in a small window."""
        self._about.setVisible(bool(self.hint.msgid) and not large)

    def load(self) -> None:
        """Asks for what it shows."""

    def main_action(self) -> Action | None:
        """What F9 does here."""
        return None

    def new_action(self) -> Action | None:
        """What F3 does here."""
        return None

    def more_actions(self) -> Sequence[Action]:
        """What F7 offers here."""
        return ()

    def focus(self) -> None:
        """The cursor goes to where one begins."""
        self.setFocus()

    def retranslate(self) -> None:
        """Says its own words again."""
