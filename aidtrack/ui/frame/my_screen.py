"""My screen: language, letters and colours of whoever sits here, whatever the role; in force as soon as they are chosen."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.accounts import Theme
from aidtrack.errors import Text
from aidtrack.services import accounts
from aidtrack.services.accounts import FrameView
from aidtrack.ui import jobs, theme
from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.first_steps import LANGUAGE_NAMES
from aidtrack.ui.looks import looks
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.parts import Field, Segmented

THEMES = {Theme.SYSTEM: Text("as the system"), Theme.LIGHT: Text("light"), Theme.DARK: Text("dark")}


class LooksChoice(QWidget):
    """Three rows of answers, each kept for every computer of the centre."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = Theme.SYSTEM
        self.language, self.letters, self.colours = Segmented(), Segmented(), Segmented()
        self.language.show_choices(list(LANGUAGE_NAMES.items()))
        self.letters.show_choices([(False, Text("ordinary")), (True, Text("large"))])
        self.colours.show_choices(list(THEMES.items()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for caption, name, choice in (
            (Text("Language of the window"), "language", self.language),
            (Text("Letters"), "text_size", self.letters),
            (Text("Colours"), "theme", self.colours),
        ):
            column.addWidget(Field(caption, choice, name=name, reserve=False))
        self.language.edited.connect(self._on_language)
        self.letters.edited.connect(self._on_looks)
        self.colours.edited.connect(self._on_looks)

    def load(self) -> None:
        """What holds now."""
        jobs.read(accounts.frame_view, owner=self, then=self._show, latest="looks")

    def show_language(self) -> None:
        """The language the window speaks now."""
        self.language.set_value(i18n.language())

    def _show(self, view: FrameView) -> None:
        self._theme = view.theme
        self.show_language()
        self.letters.set_value(theme.is_large())
        self.colours.set_value(view.theme)

    def _on_language(self, lang: object) -> None:
        switch_language(str(lang))
        self._on_looks()

    def _on_looks(self, *_: object) -> None:
        looks.wanted.emit(str(self.colours.value() or self._theme), bool(self.letters.value()))


def open_my_screen(window: QWidget) -> Panelled:
    """F7, My screen: for every role, since not every role has the page Settings."""
    facts = Text("In force as soon as it is chosen. Language, letters and colours follow you to every computer of the centre.")
    dialog = Panelled(window, Text("My screen"), facts=facts, name="my_screen")
    choice = LooksChoice()
    dialog.body.addWidget(choice)
    dialog.add_foot(Text("Tab goes on, ← → choose"))
    choice.load()
    dialog.open()
    choice.language.setFocus()
    return dialog
