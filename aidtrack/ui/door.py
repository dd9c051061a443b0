"""What stands before the window: a quiet ground with one card, used by sign-in, lock screen and nothing else.

Owns the ground, the language switch and the line at the bottom. Who comes in is decided by whoever fills the card.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from aidtrack import settings
from aidtrack.errors import StoreTrouble, Text
from aidtrack.ui import theme
from aidtrack.ui.frame.topbar import LanguageSwitch
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.parts import Icon, Note, Panel, Sayable, Words

CARD = 440
ROOMY = 720
"""So high a window keeps the place for what is wrong under the card; a lower one gives it to the card."""


class Door(QWidget):
    """The ground and the card. `body` takes what the card asks; `trouble` is what is said under it."""

    def __init__(self, title: Sayable, second: Sayable, *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("cls", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.machine = settings.read()
        self.languages = LanguageSwitch()
        self.languages.switched.connect(self._on_language)
        self.title, self.second = Words(title, "h1", wrap=True, name="door_title"), Words(second, "small", wrap=True)
        self.trouble = Note("", "circle-alert", tone="att", name="door_trouble")
        self.trouble.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._lay_out()

    def _lay_out(self) -> None:
        card = Panel(padding=36, name="door_card")
        card.setFixedWidth(theme.px(CARD))
        top = QHBoxLayout()
        top.addWidget(Words("AidTrack", "brand"))
        top.addStretch(1)
        top.addWidget(self.languages)
        card.body.addLayout(top)
        card.body.addSpacing(18)
        card.body.addWidget(self.title)
        card.body.addWidget(self.second)
        card.body.addSpacing(10)
        card.body.addLayout(self.body)
        self.trouble.setFixedWidth(theme.px(CARD))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 24, 12)
        column.setSpacing(8)
        column.addStretch(1)
        self._above = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        column.addItem(self._above)  # as much as is kept under the card: it stands in the middle
        for part in (card, self.trouble):
            middle = QHBoxLayout()  # no alignment: only a row passes on how high wrapped sentences make the card
            middle.addStretch(1)
            middle.addWidget(part)
            middle.addStretch(1)
            column.addLayout(middle)
        column.addStretch(1)
        column.addLayout(self._bottom())

    def _bottom(self) -> QHBoxLayout:
        here = self.machine.settings
        row = QHBoxLayout()
        row.setSpacing(6)
        place = Text("{centre} · window {n}", centre=here.site_name, n=str(here.desk)) if here.desk else here.site_name
        row.addWidget(Words(place if here.site_name else "", "small", name="door_place"), 1)
        row.addWidget(Icon("unplug", 16))
        row.addWidget(Words(Text("works without a network"), "small"))
        self.lock_icon, self.lock_words = Icon("lock", 16), Words(Text("data is encrypted"), "small")
        row.addSpacing(12)
        row.addWidget(self.lock_icon)
        row.addWidget(self.lock_words)
        self.show_encrypted(False)
        return row

    def show_encrypted(self, encrypted: bool) -> None:
        """The bottom line says so only where it is true."""
        self.lock_icon.setVisible(encrypted)
        self.lock_words.setVisible(encrypted)

    def say_trouble(self, text: Sayable) -> None:
        """What is wrong and what to do; an empty text takes it away."""
        self.trouble.say(text)
        self.trouble.setVisible(bool(text))

    def run_main(self) -> bool:
        """What F9 does; each door says."""
        return False

    def _on_language(self, lang: str) -> None:
        switch_language(lang)
        try:
            settings.write(replace(settings.read().settings, language=lang))
        except StoreTrouble as error:
            self.say_trouble(error.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_roomy = self.height() >= theme.px(ROOMY)
        kept = self.trouble.sizePolicy()
        kept.setRetainSizeWhenHidden(is_roomy)  # its place is kept: a card that jumps away under the hand is missed
        self.trouble.setSizePolicy(kept)
        place = theme.px(70) if is_roomy else 0
        self.trouble.setMinimumHeight(place)
        self._above.changeSize(0, place, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.languages.show_current()
