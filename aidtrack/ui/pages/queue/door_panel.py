"""At the door: a card or one digit, the sentence to say, the number that was given.

Shows no name. What is asked and given is the page's work; this panel only shows and tells what was typed.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from aidtrack.domain.queueing import Lane, TicketState, about_words
from aidtrack.errors import Text
from aidtrack.services.door import DoorAnswer, DoorState
from aidtrack.services.queueing import TicketRow
from aidtrack.ui import theme
from aidtrack.ui.inputs import SearchInput
from aidtrack.ui.parts import ChoiceChip, FlowLayout, Icon, KeyCap, Panel, SayLine, Words

TOMORROW = 5
"""The key for a number of tomorrow."""
DIGIT_ALONE_MS = 700
"""A digit that nothing follows for so long is a lane; more digits are a card number."""

_LOOKS = {
    DoorState.TODAY: ("check", "accent", "softpanel"),
    DoorState.PUT_ASIDE: ("bookmark-check", "accent", "softpanel"),
    DoorState.LATER: ("clock", "ink3", "well"),
    DoorState.NOTHING: ("clock", "ink3", "well"),
    DoorState.SHIFT_LEAD: ("arrow-right", "ink2", "well"),
    DoorState.HELD: ("ticket", "accent", "softpanel"),
    DoorState.YESTERDAY: ("history", "accent", "softpanel"),
    DoorState.ON_ROLL: ("ticket", "accent", "softpanel"),
    DoorState.UNKNOWN: ("circle-help", "ink3", "well"),
}


class DoorPanel(Panel):
    """`asked`: a card or the number of a slip; `lane_wanted`: a digit (None: for tomorrow); `confirmed`: Enter where the sentence asks
    for it."""

    asked = Signal(str)
    lane_wanted = Signal(object)
    confirmed = Signal()
    emptied = Signal()

    def __init__(self) -> None:
        super().__init__(Text("At the door"), name="door")
        tomorrow = _chip("tomorrow", Text("tomorrow"), TOMORROW)
        tomorrow.clicked.connect(lambda: self.lane_wanted.emit(None))
        self.head.addWidget(tomorrow)
        self.head.addWidget(KeyCap("F4"))
        self.field = SearchInput(Text("card, or 1 2 3 4"), "scan", name="door_field")
        self.field.edited.connect(self._on_edited)
        self.field.entered.connect(self._on_entered)
        self._alone = QTimer(self)
        self._alone.setSingleShot(True)
        self._alone.setInterval(DIGIT_ALONE_MS)
        self._alone.timeout.connect(self._on_entered)
        self._icon = Icon("scan", 22, "ink3")
        self._text = Words("", "row", wrap=True, name="door_text")
        self._second = Words("", "small", wrap=True, name="door_second")
        self._answer = self._answer_frame()
        self.body.addWidget(self.field)
        self.body.addWidget(self._answer)
        question = Text("Ask: “Is anyone over 65, pregnant, with a baby, unable to stand?”")
        self.body.addWidget(SayLine(question, name="door_question"))
        self.body.addLayout(self._lane_keys())
        self.body.addStretch(1)
        self._answered = ""
        self._wants_enter = False
        self.show_nothing()

    def _answer_frame(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("door_answer")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._text)
        words.addWidget(self._second)
        words.addStretch(1)
        row = QHBoxLayout(frame)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        frame.setMinimumHeight(theme.px(68))  # of a sentence in two lines and one under it: what is below stays where it is
        return frame

    def _lane_keys(self) -> QVBoxLayout:
        holder = QWidget()
        flow = FlowLayout(holder, 8)
        for lane in Lane:
            chip = _chip(lane, str(lane), lane.digit)
            chip.setToolTip(str(lane))
            chip.clicked.connect(lambda _checked=False, lane=lane: self.lane_wanted.emit(lane))
            flow.addWidget(chip)
        column = QVBoxLayout()
        column.addWidget(holder)
        return column

    # ── what is typed ──

    def _on_edited(self) -> None:
        typed = self.field.text().strip()
        if self._lane_of(typed) is not None or typed == str(TOMORROW):
            self._alone.start()
        else:
            self._alone.stop()
        if not typed:
            self.emptied.emit()

    def _on_entered(self) -> None:
        """Enter, or a digit that nothing followed."""
        self._alone.stop()
        typed = self.field.text().strip()
        lane = self._lane_of(typed)
        if typed == str(TOMORROW) or lane is not None:
            self.field.clear()
            self.lane_wanted.emit(lane)
        elif self._wants_enter and typed in ("", self._answered):
            self.field.clear()
            self.confirmed.emit()
        elif typed:
            self.asked.emit(typed)

    @staticmethod
    def _lane_of(typed: str) -> Lane | None:
        return next((lane for lane in Lane if typed == str(lane.digit)), None)

    # ── what is said ──

    def show_nothing(self) -> None:
        """Nobody stands here."""
        self._wants_enter = False
        self._say(
            "scan",
            "ink3",
            "well",
            Text("Scan the card or press a digit"),
            Text("a number without a card: registration"),
        )

    def show_answer(self, answer: DoorAnswer) -> None:
        """The sentence about this card."""
        icon, tint, ground = _LOOKS[answer.state]
        self._wants_enter, self._answered = answer.wants_enter, self.field.text().strip()
        self._say(icon, tint, ground, answer.text, answer.second)

    def show_given(self, ticket: TicketRow, ahead: int, minutes: int) -> None:
        """The number, large enough to read out."""
        self._wants_enter = False
        second = Text("{before} · {wait} · {stage}", before=before(ahead), wait=about_words(minutes), stage=ticket.stage.text)
        if ticket.state is TicketState.TOMORROW:
            second = Text("for tomorrow: the hour stands on the slip")
        self._say("ticket", "accent", "softpanel", ticket.label, second, "h1")
        self.field.clear()

    def _say(self, icon: str, tint: str, ground: str, text: Text | str, second: Text | str, cls: str = "row") -> None:
        self._icon.show_icon(icon, tint)
        theme.set_look(self._text, cls=cls)
        self._text.say(text)
        self._second.say(second)
        theme.set_look(self._answer, cls=ground)


def _chip(value: object, text: Text | str, digit: int) -> ChoiceChip:
    """A digit of the door, which Tab reaches too: Space presses it."""
    chip = ChoiceChip(value, text, digit)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip


def before(ahead: int) -> Text:
    """How many are called earlier."""
    return Text.plural("{n} number before it", "{n} numbers before it", n=ahead)
