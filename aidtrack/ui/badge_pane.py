"""A scanned badge at the door of a window: whose it is and its four digits; the first time, the name it will be.

Owns the fields. What a badge opens is asked by the door that shows this pane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aidtrack.errors import Text
from aidtrack.ui.inputs import PinInput, TextInput
from aidtrack.ui.parts import Field, Words
from aidtrack.ui.parts.words import Caption

if TYPE_CHECKING:
    from aidtrack.services.badges import BadgeRow

SCAN_OR_TYPE = Text("Scan the badge of the day, or type your name and password")
CHOOSE = Text("A new badge: your name, and four digits only you know")
FOUR_DIGITS = Text("Four digits of this badge")


class BadgePane(QWidget):
    """`submitted`: four digits are there. The code stays with the pane until it is emptied."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.code = ""
        self.badge: BadgeRow | None = None
        self.whose = Words("", "row", wrap=True, name="badge_whose")
        self.name = Field(Text("Name"), TextInput(name="badge_name"), name="badge_name", reserve=False)
        pin = PinInput(4, name="badge_pin")
        pin.setProperty("takes_keys", True)  # digits are typed here at once: a badge is scanned, not typed
        self.pin = Field(Text("PIN, 4 digits"), pin, name="badge_pin", reserve=False)
        self.name.input.returnPressed.connect(pin.setFocus)
        pin.completed.connect(lambda _pin: self.submitted.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Caption(Text("Badge")))
        for part in (self.whose, self.name, self.pin):
            column.addWidget(part)

    def show_badge(self, code: str, badge: BadgeRow) -> None:
        """Another badge: its holder types four digits, a new one also a name."""
        self.code, self.badge = code, badge
        words = Text("{name} · {role}", name=badge.name, role=badge.role.text)
        new = Text("Badge {number} · {role}", number=f"{badge.number:02}", role=badge.role.text)
        self.whose.say(words if badge.is_claimed else new)
        self.name.setVisible(not badge.is_claimed)
        self.name.input.clear()
        self.show_tries(badge.tries_left)
        self.again()

    def show_tries(self, left: int) -> None:
        """How many wrong tries the badge still bears."""
        self.pin.set_hint(Text.plural("{n} try", "{n} tries", n=left))

    def again(self) -> None:
        """The digits are typed anew."""
        self.pin.input.clear()
        self.focus()

    def focus(self) -> None:
        """The cursor goes to what is missing."""
        missing_name = self.badge is not None and not self.badge.is_claimed and not self.name.input.value()
        (self.name if missing_name else self.pin).input.setFocus()
