"""The page Day: the day is opened, looked over in the evening, closed and signed off.

Shows the day's state, the checklist with its sentences, and what the day came to. Does: open, explain, close, open
again, sign off. Listens to days, queue, stock and hand-overs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.days import DayState, Pause, PauseReason
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import days, overview
from aidtrack.services.days import ChecklistRow, DayRow, DayTotals, RowState
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui import parts as kit
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.evening import EveningPack
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.parts import (
    Bar,
    BigNumber,
    Button,
    Chip,
    EmptyState,
    FactRow,
    Line,
    LinkButton,
    MainButton,
    Panel,
    Words,
)

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

Evening = tuple[DayRow, tuple[ChecklistRow, ...], DayTotals | None, "date | None"]
"""The day, its checklist, its figures, and the newest day that was closed."""


class PackButton(Button):
    """Enter makes the evening pack: nothing is handed over here, and a scanner's Enter never comes this far."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class DayPage(Page):
    """Shows the day of the centre and its checklist. Does: open, explain, close, make the evening pack, open again, sign off."""

    name = "day"
    title = Text("Day")
    icon = "calendar-check"
    shows = frozenset({Kind.DAYS, Kind.QUEUE, Kind.STOCK, Kind.HANDOVERS})

    def __init__(self) -> None:
        super().__init__()
        self._day: DayRow | None = None
        self._rows: dict[str, kit.ChecklistRow] = {}
        self._shown: tuple[ChecklistRow, ...] = ()
        self._totals: DayTotals | None = None
        self._packed: date | None = None
        self._was_just_closed = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._evening = EveningPack(self)
        self._evening.moved.connect(self._on_pack_moved)
        self._evening.ended.connect(self._show_pack)
        self._build()

    def _build(self) -> None:
        head = self.head()
        self._title = head.title
        self._done = Chip("", "circle-check", "soft", name="chip_done")
        self._wants = Chip("", "message-square-text", "att", name="chip_sentences")
        head.add(self._done)
        head.add(self._wants)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._list_panel(), 1)
        self._side = self._side_panel()
        row.addWidget(self._side)
        self.root.addLayout(row, 1)

    def _list_panel(self) -> Panel:
        panel = Panel(padding=4, name="checklist")
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._scroll = _scrolling(holder, "checklist_rows")
        self._empty = EmptyState("calendar-check", Text("The day is not open"), Text("F9 opens it; counting can wait."))
        panel.body.addWidget(self._scroll, 1)
        panel.body.addWidget(self._empty, 1)
        self._add_pack(panel)
        return panel

    def _side_panel(self) -> Panel:
        panel = Panel(Text("The day so far"), name="day_totals")
        numbers = QHBoxLayout()
        numbers.setSpacing(16)
        self._families, self._people = BigNumber(name="families"), BigNumber(name="people")
        self._served = BigNumber(name="served")
        for big in (self._families, self._people, self._served):
            numbers.addWidget(big, 1, Qt.AlignmentFlag.AlignTop)
        panel.body.addLayout(numbers)
        panel.body.addWidget(Line())
        self._facts = {
            "children": FactRow(Text("Children under 18"), name="children"),
            "older": FactRow(Text("60 and older"), name="older"),
            "wait": FactRow(Text("Half of them waited"), name="half_wait"),
            "pauses": FactRow(Text("Pauses"), name="pauses"),
            "cancelled": FactRow(Text("Hand-overs cancelled"), name="cancelled"),
            "hours": FactRow(Text("Open"), name="hours"),
        }
        for fact in self._facts.values():
            panel.body.addWidget(fact)
        panel.body.addStretch(1)
        self._main = MainButton(name="day_main")
        self._note = Words("", "small", tone="ink3", wrap=True, name="day_note")
        self._note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        panel.body.addWidget(self._main)
        panel.body.addWidget(self._note)
        self.follow_main(self._main)
        return panel

    def _add_pack(self, panel: Panel) -> None:
        """One Enter makes all papers and the backup of a closed day."""
        self._pack = PackButton(Text("Evening pack"), "printer", "Enter", name="evening_pack")
        self._pack.clicked.connect(self._make_pack)
        self._bar, self._stop = Bar(), LinkButton(Text("Stop"), "x", name="stop_pack")
        self._stop.clicked.connect(self._evening.stop)
        self._room = QWidget()
        row = QHBoxLayout(self._room)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(16)
        row.addWidget(self._pack)
        row.addWidget(self._bar, 1)
        row.addWidget(self._stop)
        row.addStretch(0)
        panel.body.addWidget(self._room)

    def retranslate(self) -> None:
        """Figures and rows say it again; what is typed in an open row stays."""
        if self._day is not None:
            self._show_evening((self._day, self._shown, self._totals, self._packed))

    def take_focus(self) -> None:
        """The page itself: arrows go to the rows and to the evening pack, and a stray Enter starts nothing."""
        self.setFocus()

    def load(self) -> None:
        """The day, its checklist, its figures."""
        jobs.read(_evening, owner=self, then=self._show_evening, latest="evening")

    def on_narrow(self, narrow: bool) -> None:
        """The chip of what is done gives way to the title."""
        self._side.setFixedWidth(theme.px(300 if narrow else 340))
        self._facts["hours"].setVisible(not theme.is_large())
        between = 1 if theme.is_large() else 5
        for fact in self._facts.values():
            room = fact.layout()
            assert room is not None
            room.setContentsMargins(0, between, 0, between)
        if self._day is not None and jobs.is_started():
            self._show_words()

    def main_action(self) -> Action | None:
        """What the day needs next."""
        if self._day is None:
            return None
        may = jobs.actor().may(Permission.DAY)
        match self._day.state:
            case DayState.NOT_OPEN:
                return Action(Text("Open the day"), partial(self._do, days.open_day), may)
            case DayState.OPEN:
                return Action(Text("Close the day"), self._close, may)
            case DayState.CLOSED:
                return Action(Text("Sign off the day"), self._ask_sign_off, may)
        return Action(Text("Open the next day"), partial(self._do, days.open_day), may)

    def keys(self) -> Mapping[Key, Action]:
        """Nothing of its own beside F7 and F9."""
        return {}

    def more(self) -> Sequence[Action]:
        """Why there was a pause; closing taken back; numbers that expire instead of waiting for tomorrow."""
        day = self._day
        found = []
        if day is not None and jobs.actor().may(Permission.DAY):
            if day.state is DayState.CLOSED:
                found.append(Action(Text("Open the day again"), partial(self._do, days.reopen_day)))
            if day.state is DayState.OPEN:
                expire = partial(self._do, days.close_day, to_tomorrow=False)
                found.append(Action(Text("Close; open numbers expire"), expire))
        if day is not None and day.pauses and day.state is not DayState.SIGNED_OFF:
            may = jobs.actor().may(Permission.RESUME)
            found.append(Action(Text("Why the last pause was"), self._ask_why_paused, may))
        return found

    def _on_answered(self, topic: str, sentence: str) -> None:
        day = self._day
        if day is None or day.id is None:
            return
        said = partial(days.explain, request_id=new_id(), day_id=day.id, topic=topic, sentence=sentence)
        jobs.write(said, owner=self, then=lambda _none: self._on_explained(topic, sentence))

    def _on_explained(self, topic: str, sentence: str) -> None:
        self._rows[topic].close_field()
        before = next((row.sentence for row in self._shown if row.topic == topic), "")
        undo = partial(self._on_answered, topic, before)
        messages.done(Text("Written down: {sentence}", sentence=sentence or "—"), undo=undo, icon="message-square-text")
        self._to_next_row(topic)

    def _on_done(self, day: DayRow) -> None:
        undo = None
        if day.state is DayState.CLOSED:
            self._was_just_closed = True
            undo = partial(self._do, days.reopen_day)
        messages.done(Text("{state}: {day}", state=day.state.text, day=day.day), undo=undo, icon="calendar-check")

    def _show_evening(self, evening: Evening) -> None:
        self._day, self._shown, self._totals, self._packed = evening
        self._show_rows()
        self._show_totals()
        self._show_words()
        self._show_pack()
        self.refresh_actions()
        if self._was_just_closed and self._day.state is DayState.CLOSED:
            self._was_just_closed = False
            self._to_next_row("")

    # ── the evening pack ──

    def _show_pack(self) -> None:
        """Of the day that is closed, or again of the last one that was."""
        running, day = self._evening.is_running, self._packed
        of_this = self._day is not None and day == self._day.day
        self._room.setVisible(day is not None and jobs.actor().may(Permission.BACKUP))
        self._pack.setEnabled(not running)
        self._pack.say(Text("Evening pack") if of_this or day is None else Text("Evening pack of {day}", day=day))
        for widget in (self._bar, self._stop):
            widget.setVisible(running)

    def _make_pack(self) -> None:
        if self._packed is not None:
            self._evening.make(self._packed)
            self._show_pack()

    def _on_pack_moved(self, part: float) -> None:
        self._bar.show_part(part)

    def _show_rows(self) -> None:
        """Rows stay where they are while somebody types in one; only their words change."""
        topics = [row.topic for row in self._shown]
        if list(self._rows) != topics:
            self._make_rows(topics)
        for row in self._shown:
            self._show_row(self._rows[row.topic], row)
        self._empty.setVisible(not self._shown)
        self._scroll.setVisible(bool(self._shown))

    def _show_row(self, widget: kit.ChecklistRow, row: ChecklistRow) -> None:
        if row.state is RowState.OPEN:
            widget.show_state("later", row.title, row.figures, Text("when closing"))
            return
        figures = (
            Text("{figures} · {sentence}", figures=row.figures, sentence=row.sentence) if row.sentence else row.figures
        )
        right = Text("agrees") if not row.sentence else Text("explained")
        if row.state is RowState.SENTENCE:
            right = Text("one sentence")
        widget.show_state("done" if row.state is RowState.DONE else "sentence", row.title, figures, right)

    def _show_totals(self) -> None:
        totals = self._totals
        number = partial(i18n.number, lang=i18n.language())
        families, people, served = (totals.families, totals.people, totals.served) if totals else (0, 0, 0)
        self._families.show_number(families, Text.plural("family today", "families today", n=families))
        self._people.show_number(people, Text.plural("person today", "people today", n=people))
        self._served.show_number(served, Text.plural("number served", "numbers served", n=served))
        self._facts["children"].say(number(totals.children) if totals else "—")
        self._facts["older"].say(number(totals.older) if totals else "—")
        waited = totals.wait_minutes if totals else None
        self._facts["wait"].say("—" if waited is None else Text.plural("{n} minute", "{n} minutes", n=waited))
        self._facts["pauses"].say(_pauses(totals.pauses) if totals else "—")
        self._facts["cancelled"].say(number(totals.cancelled_hand_overs) if totals else "—")
        self._facts["hours"].say(_hours(self._day))

    def _show_words(self) -> None:
        day = self._day
        assert day is not None
        self._title.say(
            Text("{state}: {day}", state=day.state.text, day=i18n.weekday_and_day(day.day, i18n.language()))
        )
        done = sum(row.state is RowState.DONE for row in self._shown)
        wants = sum(row.state is RowState.SENTENCE for row in self._shown)
        self._done.setVisible(done > 0 and not self.is_narrow())
        self._done.say(Text("{n} done", n=done))
        self._wants.setVisible(wants > 0)
        self._wants.say(Text.plural("{n} wants one sentence", "{n} want one sentence", n=wants))
        self._note.say(self._advice(wants))

    def _make_rows(self, topics: Sequence[str]) -> None:
        kit.clear_layout(self._list)
        self._rows = {}
        for topic in topics:
            row = kit.ChecklistRow(name=f"row_{topic.replace('/', '_')}")
            row.wants_answer.connect(partial(self._open_row, topic))
            row.answered.connect(partial(self._on_answered, topic))
            row.stepped.connect(self._step)
            self._rows[topic] = row
            self._list.addWidget(row)
        self._list.addStretch(1)

    def _advice(self, wants: int) -> Text | str:
        day = self._day
        if day is None or day.state is DayState.SIGNED_OFF:
            return Text("The figures stay as they are. Papers can be printed again on the page Reports.")
        if not jobs.actor().may(Permission.DAY):
            return Text("The coordinator opens, closes and signs off.")
        if day.is_forgotten:
            return Text("This day was forgotten: close it, then open today.")
        if day.state is DayState.OPEN and wants:
            return Text("It can be closed with open rows too: they stand on the first page.")
        if day.state is DayState.CLOSED:
            return Text("F7 opens the day again; after signing off nothing changes any more.")
        return ""

    def _open_row(self, topic: str) -> None:
        for other, widget in self._rows.items():
            if other != topic:
                widget.close_field()
        said = next((row.sentence for row in self._shown if row.topic == topic), "")
        if self._may_explain():
            self._rows[topic].open_field(said)

    def _may_explain(self) -> bool:
        day = self._day
        may = jobs.actor().may(Permission.STOCK_COUNT)
        return may and day is not None and day.state in (DayState.OPEN, DayState.CLOSED)

    def _to_next_row(self, topic: str) -> None:
        """The next row that wants a sentence; else the evening pack, else the button."""
        open_rows = [row.topic for row in self._shown if row.state is RowState.SENTENCE and row.topic != topic]
        last: QWidget = self._pack if self._may_pack() else self._main
        (self._rows[open_rows[0]] if open_rows else last).setFocus()

    def _may_pack(self) -> bool:
        day = self._day
        closed = day is not None and day.state in (DayState.CLOSED, DayState.SIGNED_OFF)
        return closed and self._pack.isVisibleTo(self) and self._pack.isEnabled()

    def _step(self, by: int) -> None:
        """↑ ↓ through the rows; above the first and below the last stands the evening pack."""
        stops: list[QWidget] = [*self._rows.values()]
        if self._pack.isVisibleTo(self) and self._pack.isEnabled():
            stops.append(self._pack)
        if not stops:
            return
        at = next((n for n, one in enumerate(stops) if one.hasFocus()), None)
        start = (-1 if by > 0 else 0) if at is None else at
        stops[(start + by) % len(stops)].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _do(self, use_case: Callable[..., DayRow], **more: Any) -> None:
        jobs.write(partial(use_case, request_id=new_id(), **more), owner=self, then=self._on_done, busy=self._main)

    def _close(self) -> None:
        self._do(days.close_day)

    def _ask_why_paused(self) -> None:
        """The reason can be given when there is time for it."""
        answers = [Answer(reason, reason.text) for reason in PauseReason]
        question = Question(self, title=Text("Why was the pause?"), answers=answers, name="why_paused")
        question.answered.connect(lambda reason: self._do(days.name_pause, reason=reason))
        self.ask(question)

    def _ask_sign_off(self) -> None:
        """The only thing here that cannot be taken back asks once."""
        wants = sum(row.state is RowState.SENTENCE for row in self._shown)
        facts: Text | str = ""
        if wants:
            facts = Text.plural("{n} row has no sentence yet.", "{n} rows have no sentence yet.", n=wants)
        answers = [Answer(True, Text("Sign off: the figures stand")), Answer(False, Text("Not yet"))]
        question = Question(self, title=Text("Sign off the day?"), facts=facts, answers=answers, name="sign_off")
        question.answered.connect(lambda yes: self._do(overview.sign_off) if yes else None)
        self.ask(question)


def _scrolling(holder: QWidget, name: str) -> QScrollArea:
    """A list of widgets that scrolls alone."""
    scroll = QScrollArea()
    scroll.setObjectName(name)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    holder.setProperty("cls", "choices")
    scroll.setWidget(holder)
    for ground in (scroll.viewport(), holder):
        ground.setAutoFillBackground(False)
    return scroll


def _evening(session: Session, by: Actor) -> Evening:
    """Everything the page shows, of one moment."""
    day, packed = days.day_state(session, by), overview.last_closed_day(session, by)
    if day.id is None:
        return day, (), None, packed
    return day, days.checklist(session, by, day.id), days.day_totals(session, by, day.id), packed


def _pauses(pauses: Sequence[Pause]) -> str:
    """«12:40–13:05 воздушная тревога», each pause of the day."""
    zone, lang = jobs.zone(), i18n.language()
    parts = []
    for pause in pauses:
        until = i18n.clock_time(pause.until, zone) if pause.until else "…"
        parts.append(f"{i18n.clock_time(pause.since, zone)}–{until}{_because(pause.reason, lang)}")
    return ", ".join(parts[-2:]) if parts else "—"


def _because(reason: PauseReason | None, lang: str) -> str:
    return f" {i18n.render(reason.text, lang)}" if reason is not None else ""


def _hours(day: DayRow | None) -> str:
    if day is None or day.opened_at is None:
        return "—"
    zone = jobs.zone()
    end = i18n.clock_time(day.closed_at, zone) if day.closed_at else "…"
    return f"{i18n.clock_time(day.opened_at, zone)}–{end}"
