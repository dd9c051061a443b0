"""The top bar: centre, its day, the window, who works here, and the language of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from aidtrack import i18n
from aidtrack.domain.days import DayState
from aidtrack.errors import Text
from aidtrack.ui import theme
from aidtrack.ui.frame.state import FrameState
from aidtrack.ui.parts import Chip, Icon, Line, Sayable, Words


class LanguageSwitch(QWidget):
    """Рус Укр Eng: each in its own letters, never a flag."""

    switched = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._buttons: dict[str, QPushButton] = {}
        for lang in i18n.LANGUAGES:
            button = QPushButton(i18n.LABELS[lang])
            button.setProperty("cls", "lang")
            button.setObjectName(f"language_{lang}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, lang=lang: self.switched.emit(lang))
            row.addWidget(button)
            self._buttons[lang] = button
        self.show_current()

    def show_current(self) -> None:
        """Marks the language of the window."""
        for lang, button in self._buttons.items():
            theme.set_look(button, st="chosen" if lang == i18n.language() else "")


class Banner(QFrame):
    """One warning over the whole window, as low as a line of text."""

    def __init__(self, text: Sayable, icon: str, *, name: str) -> None:
        super().__init__()
        self.setProperty("cls", "banner")
        self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 3, 16, 4)
        row.setSpacing(8)
        row.addWidget(Icon(icon, 16, "att"))
        row.addWidget(Words(text, "small", tone="att"), 1)


class TopBar(QFrame):
    """What is the same on every page."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("cls", "topbar")
        self._centre = Words("", "h3", elide=True, name="centre_name")
        self._day = Chip("", "calendar-check", "soft", name="day_chip")
        self._desk_icon, self._desk = Icon("monitor", 18), Words("", "topword", name="desk_name")
        self._user_icon, self._user = Icon("user", 18), Words("", "topword", name="user_name")
        self.languages = LanguageSwitch()
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(Words("AidTrack", "brand"))
        row.addSpacing(12)
        row.addWidget(Line(vertical=True))
        row.addSpacing(12)
        row.addWidget(self._centre)
        row.addSpacing(6)
        row.addWidget(self._day)
        row.addStretch(1000)
        row.addWidget(self._desk_icon)
        row.addWidget(self._desk)
        row.addSpacing(12)
        row.addWidget(self._user_icon)
        row.addWidget(self._user)
        row.addSpacing(12)
        row.addWidget(self.languages)
        self.setFixedHeight(theme.size_of("topbar"))

    def show_state(self, state: FrameState) -> None:
        """Centre, day, window and person."""
        self._centre.say(state.site_name)
        self._centre.setMaximumWidth(self._centre.sizeHint().width() + 2)
        self._day.say(*_day_words(state))
        self._day.setVisible(bool(state.site_name))
        self._desk.say(Text("Window {n}", n=int(state.desk_name)) if state.desk_name.isdecimal() else state.desk_name)
        self._user.say(state.user_name)
        self._desk_icon.setVisible(bool(state.desk_name))
        self._user_icon.setVisible(bool(state.user_name))

    def refit(self) -> None:
        """After a change of text size."""
        self.setFixedHeight(theme.size_of("topbar"))
        self._centre.setMaximumWidth(self._centre.sizeHint().width() + 2)


def _day_words(state: FrameState) -> tuple[str, str, str]:
    day = i18n.weekday_and_day(state.day, i18n.language()) if state.day else ""
    match state.state:
        case DayState.PAUSED:
            return i18n.tr("Pause"), "circle-pause", "att"
        case DayState.OPEN:
            return i18n.tr("Day open · {day}", day=day), "calendar-check", "soft"
        case DayState.CLOSED | DayState.SIGNED_OFF:
            return i18n.tr("Day closed · {day}", day=day), "lock", "sunken"
    return i18n.tr("Day not open"), "lock", "sunken"
