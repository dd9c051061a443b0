"""The right side of the Desk: what this family can have now, who is collecting, and the one button that hands it over.

Owns its rows, quantities and the choice of the collector; it knows no service. The page fills it and asks it for a draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack.domain.handover import HandOverDraft, MoreDraft, SignOff, collector_is_unusual, strictest
from aidtrack.domain.people import HowConfirmed
from aidtrack.errors import Text
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.pages.desk.allowance_line import AllowanceLine, Filled, WhoChips, place_in_list
from aidtrack.ui.pages.desk.blink import Blink
from aidtrack.ui.pages.desk.together import TogetherList
from aidtrack.ui.parts import (
    Caption,
    Chip,
    EmptyState,
    Icon,
    Line,
    MainButton,
    Panel,
    SayLine,
    Scrolling,
    Words,
    at_once,
)

if TYPE_CHECKING:
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import DeskView

USUAL_LINES = 12
"""So many lines are made with the page, so that the first family of the day does not wait for them."""
OTHER = "other"
WHO = Text("Who is collecting")


@dataclass(frozen=True, slots=True)
class Collector:
    """Who collects for this family and is not of it: the person, or a name; and how we know, once it was asked today."""

    person_id: UUID | None
    text: str
    name: str
    known: HowConfirmed | None = None


class AllowancePanel(Panel):
    """“Can have now”: rows, the sentence to say, who is collecting, F9, and where to sign."""

    edited = Signal()
    left = Signal()
    wait_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(padding=0, name="allowance_panel", parent=parent)
        self._lines: list[AllowanceLine] = []  # of the family that is open
        self._blank = Blink(self, self._blank_now)
        self._made: list[AllowanceLine] = []  # and those that wait for one with more: making a line anew is what costs most
        self._view: DeskView | None = None
        self._rows: Sequence[AllowanceRow] = ()
        self._collector: Collector | None = None
        self.together = TogetherList()
        self._window = Chip("", "monitor", name="window_chip")
        self._empty = EmptyState(
            "package", Text("Nothing to hand over yet"), Text("Open a family first"), name="no_family"
        )
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._window.hide()
        self.say_line = SayLine(name="say_line")
        self._caption = Caption(WHO)
        self.who = WhoChips()
        self.who.edited.connect(self._on_who)
        self.who.stepped.connect(self.step)
        self.other_name = TextInput(Text("Who is it, and how do we know"), name="collector_name")
        self.other_name.edited.connect(self.edited)
        self._ask = Words("", "small", tone="att", wrap=True, name="ask_line")
        self._ask.hide()
        self.main = MainButton()
        self._place = Words("", "small", tone="ink2", name="signs_at")
        self._lay_out()
        self.show_nothing()

    def make_usual_lines(self) -> Iterator[None]:
        """Ahead of the first family, one after another."""
        for place in range(USUAL_LINES):
            self._line_at(place)
            yield

    def _lay_out(self) -> None:
        self._holder = holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._list)
        inside.addStretch(1)
        self._scroll = Scrolling(holder, name="allowance_list")
        # Beside a scroll bar the figures keep their distance from it.
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda _low, high: inside.setContentsMargins(0, 0, 8 if high else 0, 0))
        self.body.setSpacing(0)
        self.body.addLayout(self._head())
        self.body.addWidget(Line())
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 0, 16, 12)
        inner.setSpacing(8)
        self.body.addLayout(inner, 1)
        inner.addWidget(self.together)
        inner.addWidget(self._empty, 1)
        inner.addWidget(self._scroll, 1)
        for part in (self.say_line, self._caption, self.who, self.other_name, self._ask):
            inner.addWidget(part)
        inner.addSpacing(4)
        inner.addWidget(self.main)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addStretch(1)
        self._pencil = Icon("pencil", 16, "ink3")
        foot.addWidget(self._pencil)
        foot.addWidget(self._place)
        foot.addStretch(1)
        inner.addLayout(foot)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.addWidget(Words(Text("Can have now"), "h2", name="allowance_title"))
        head.addStretch(1)
        head.addWidget(self._window)
        return head

    # ── what it shows ──

    def show_nothing(self, *, soon: bool = False) -> None:
        """No family is open. `soon`: another is being read, and mostly comes in the blink before this one is taken away."""
        self._view = self._collector = None
        self._rows = ()
        self._lines = []
        self.who.set_value(None)
        self.other_name.clear()
        if soon:
            self._blank.start()
        else:
            self._blank_now()

    def _blank_now(self) -> None:
        self._blank.stop()
        self._park_from(0)
        self._show_family(False)

    def _show_family(self, shown: bool) -> None:
        with at_once(self):
            self._empty.setVisible(not shown)
            for part in (self._scroll, self.say_line, self._caption, self.who, self.main, self._place, self._pencil):
                part.setVisible(shown)
            self._say_question()  # a question about people who went must not wait for the next ones
            self._show_other()

    def show_view(
        self, view: DeskView, collector: UUID | None, *, may_count: bool, for_others: Collector | None = None
    ) -> None:
        """Another family, or the same one read again: then what was typed stays where it still may be given.

        `for_others` collects for this family and is not of it; then it is asked how we know, once a day.
        """
        same = self._view is not None and self._view.family.id == view.family.id
        filled = self.filled() if same else {}
        self._view, self._rows, self._collector = view, view.allowances, for_others
        self._blank.stop()
        with at_once(self._holder):
            self._show_rows(filled, may_count=may_count, anew=not same)
        self._show_who(view, for_others)
        if not same:
            self.other_name.clear()
        if not same or self.who.value() is None:
            self.who.set_value(for_others.known if for_others else collector)
        self.show_window(view.window)
        self._show_family(True)
        self.retranslate()

    def _show_who(self, view: DeskView, for_others: Collector | None) -> None:
        if for_others is None:
            self._caption.say(WHO)
            self.who.show_choices(sentences.collectors(view.family.members, view.last_collector_id))
        else:
            self._caption.say(Text("{name} collects: how do we know?", name=for_others.name))
            self.who.show_choices([(how, how.text) for how in HowConfirmed])

    def _show_rows(self, filled: Mapping[UUID, Filled], *, may_count: bool, anew: bool) -> None:
        """`anew`: another family. Else what is on a line already stays as it is, with a cursor in the middle of a number."""
        had_cursor = next((line.row.rule_id for line in self._lines if line.has_cursor()), None)
        numbered = self._view.numbered if self._view else frozenset()
        for place, row in enumerate(sorted(self._rows, key=lambda row: place_in_list(row.state))):
            line = self._line_at(place)
            is_numbered = row.item_id in numbered
            if anew or not line.shows(row, may_count=may_count, is_numbered=is_numbered):
                line.show_row(row, may_count=may_count, is_numbered=is_numbered)
                if row.rule_id in filled:
                    line.fill(filled[row.rule_id])
        self._park_from(len(self._rows))
        self._return_cursor(had_cursor)

    def _line_at(self, place: int) -> AllowanceLine:
        if place == len(self._made):
            line = AllowanceLine()
            line.edited.connect(self._on_line)
            line.stepped.connect(self.step)
            line.wait_wanted.connect(self.wait_wanted)
            self._made.append(line)
            self._list.addWidget(line)
        return self._made[place]

    def _park_from(self, place: int) -> None:
        self._lines = self._made[:place]
        for line in self._made[place:]:
            line.park()

    def _return_cursor(self, rule: UUID | None) -> None:
        """The cursor goes with what it stood on; what is typed must never land on another line."""
        if rule is None:
            return
        stood = next((line for line in self._lines if line.row.rule_id == rule), None)
        if stood is None or not (stood.has_cursor() or stood.focus_box()):
            self.rest()

    def filled(self) -> dict[UUID, Filled]:
        """What a person did on the lines, by rule."""
        return {line.row.rule_id: line.keep() for line in self._lines if line.is_touched or line.seen is not None}

    def fill(self, filled: Mapping[UUID, Filled]) -> None:
        """Does it again: the family waited while another card was served."""
        for line in self._lines:
            if line.row.rule_id in filled:
                line.fill(filled[line.row.rule_id])

    def _on_line(self) -> None:
        self._say_place()
        self.edited.emit()

    def show_window(self, window: int | None) -> None:
        """The number over this window."""
        self._window.setVisible(window is not None)
        self._window.say(Text("window {number}", number=str(window)))

    def retranslate(self) -> None:
        """Says everything again in the language of the window."""
        for line in self._lines:
            line.retranslate()
        self._say_aloud()
        self._say_place()
        self._say_question()

    def _say_aloud(self) -> None:
        """Its place is kept, but not from the question how we know somebody: that has as many answers as there is room for."""
        aloud = sentences.aloud(self._rows)
        self.say_line.say(aloud)
        self.say_line.setVisible(self._view is not None and bool(aloud or self._collector is None))

    def _say_place(self) -> None:
        """Where it is signed, and how: as strictly as the programmes of what is given ask."""
        place = self._view.signs_at if self._view else None
        kind = self._sign_off()
        before = len(self.together.families)
        self._place.say(sentences.signed_at(place, kind, before) if place is not None else "")

    def _sign_off(self) -> SignOff:
        return strictest(line.row.sign_off for line in self._lines if line.is_open and line.quantity())

    def _say_question(self) -> None:
        """Somebody unusual stands here: one question to ask, and no key."""
        view, chosen = self._view, self.who.value()
        head = view.family.head_id if view else None
        ask = view is not None and self._collector is None and collector_is_unusual(
            chosen, view.last_collector_id, head
        )
        self._ask.setVisible(ask)
        if view is not None and ask:
            self._ask.say(sentences.to_ask(view.family.members))

    def limit(self, possible: Mapping[UUID, int]) -> None:
        """What turned out to be possible on some lines; all others stay as they were filled."""
        for line in self._lines:
            if line.row.rule_id in possible and line.gives:
                line.set_quantity(min(possible[line.row.rule_id], line.row.due))
        self.edited.emit()

    # ── what it answers ──

    @property
    def can_give(self) -> bool:
        """Whether at least one thing is to be given."""
        return any(line.is_open and line.quantity() for line in self._lines)

    @property
    def is_more(self) -> bool:
        """Whether more than is due is to be given here."""
        return any(line.is_more for line in self._lines)

    @property
    def is_touched(self) -> bool:
        """Whether a person changed something that would be lost by opening another family."""
        return any(line.is_touched for line in self._lines) or bool(self.other_name.value())

    @property
    def lines(self) -> Sequence[AllowanceLine]:
        """The lines as they stand."""
        return self._lines

    def collector(self) -> Collector | None:
        """Who collects here, as they would for another family; None while nobody is chosen."""
        if self._view is None or self._collector is not None:
            return self._collector
        chosen = self.who.value()
        if isinstance(chosen, UUID):
            member = next((one for one in self._view.family.members if one.person_id == chosen), None)
            return Collector(chosen, "", sentences.member_name(member) if member else "")
        name = str(self.other_name.value()) if chosen == OTHER else ""
        return Collector(None, name, name) if name else None

    def draft(self, more: MoreDraft | None = None) -> HandOverDraft | None:
        """The hand-over as it stands; None without a family."""
        view = self._view
        if view is None:
            return None
        chosen, other = self.who.value(), self._collector
        lines = tuple(draft for line in self._lines for draft in line.drafts())
        ticket = view.ticket.id if view.ticket else None
        if other is not None:
            if view.ticket is not None and view.ticket.household_id is None:
                ticket = None  # the number at this window is the first family's
            return HandOverDraft(view.family.id, lines, ticket, other.person_id, other.text, chosen, more)
        person = chosen if isinstance(chosen, UUID) else None
        name = str(self.other_name.value()) if chosen == OTHER else ""
        return HandOverDraft(view.family.id, lines, ticket, person, name, more=more)

    def take_number(self, number: str) -> bool:
        """A code that is no card: the number on a piece, where one is asked for."""
        return any(line.take_number(number) for line in self._lines)

    def ask_for_more(self) -> None:
        """Lines that are not due today can be typed on too; the shift lead is asked at the end."""
        for line in self._lines:
            line.ask_for_more()

    # ── keys ──

    def choose_digit(self, digit: int) -> bool:
        """Who is collecting, by digit; on a line that ran out 1 keeps a place in its wait list, on sizes a digit is a size."""
        waiting = next((line for line in self._lines if line.has_cursor() and line.may_wait), None)
        if waiting is not None:
            if digit == 1:
                waiting.keep_place()
            return digit == 1
        if any(line.choose_size(digit) for line in self._lines):
            return True
        return self._view is not None and self.who.choose_digit(digit)

    def _on_who(self, value: object) -> None:
        self._show_other()
        self._say_question()
        if value == OTHER:
            self.other_name.setFocus()
        self.edited.emit()

    def _show_other(self) -> None:
        self.other_name.setVisible(self._view is not None and self.who.value() == OTHER)

    def step(self, by: int) -> None:
        """↑ ↓: the next quantity or size that can be changed; past the first and the last back to who is collecting."""
        stops = [(line, part) for line in self._lines for part in line.stops()]
        at = next((n for n, (_, part) in enumerate(stops) if part.hasFocus()), None)
        wanted = (0 if by > 0 else len(stops) - 1) if at is None else at + by
        if not stops or not 0 <= wanted < len(stops):
            self.rest()
            return
        stops[wanted][1].setFocus()
        self._scroll.ensureWidgetVisible(stops[wanted][0])

    def rest(self) -> None:
        """The cursor rests where digits choose who is collecting."""
        self.who.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.who.hasFocus() and self._view is not None:
            self.rest()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
