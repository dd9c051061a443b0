"""The page Day: the computer is checked in the morning, the day opened, looked over in the evening, closed and signed off.

Shows the day's state, the checklist with its sentences, and what the day came to. Does: open, count and explain, close, open again, sign
off; the papers of the evening and of a power cut; badges; what was given on paper. Listens to days, queue, stock and hand-overs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.days import DayState, PauseReason
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.services import days, on_paper, overview
from aidtrack.services.days import ChecklistRow, DayRow, DayTotals, RowState
from aidtrack.services.on_paper import OwedRow
from aidtrack.services.promises.evening import item_of
from aidtrack.ui import jobs, messages, morning, theme
from aidtrack.ui import parts as kit
from aidtrack.ui.dashboard import Glance
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.late_promises import LatePromises
from aidtrack.ui.page import PRINT_KIT, Action, Key, Kind, Page
from aidtrack.ui.pages.day.badges import Badges
from aidtrack.ui.pages.day.on_paper import PaperSection
from aidtrack.ui.pages.day.pack import PackRow
from aidtrack.ui.pages.day.shown import (
    OWED,
    AdviceLine,
    DayButton,
    Evening,
    advice,
    hours_of,
    morning_words,
    pauses_of,
    read_evening,
    state_of,
)
from aidtrack.ui.parts import (
    BigNumber,
    Chip,
    FactRow,
    Line,
    Panel,
    Scrolling,
    Stack,
)
from aidtrack.ui.parts.pieces import all_of


class DayPage(Page):
    """Shows the day of the centre and its checklist. Does: open, explain, close, make the evening pack, open again, sign off."""

    name = "day"
    title = Text("Day")
    icon = "calendar-check"
    shows = frozenset({Kind.DAYS, Kind.QUEUE, Kind.STOCK, Kind.HANDOVERS, Kind.PROMISES})

    def __init__(self) -> None:
        super().__init__()
        self.glance = Glance(self)
        self._day: DayRow | None = None
        self._rows: dict[str, kit.ChecklistRow] = {}
        self._shown: tuple[ChecklistRow, ...] = ()
        self._totals: DayTotals | None = None
        self._evening_shown: Evening | None = None
        self._tried = morning.Tried()
        self._sound_trial = morning.SoundTrial(self)
        self._sound_trial.ended.connect(lambda what: self._try(replace(self._tried, sound=what)))
        self._was_just_closed = self._was_just_opened = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._badges = Badges(self)
        self._badges.signed_off.connect(self._on_done)
        self._late = LatePromises(self)
        self._late.answered.connect(self.load)
        self.made_of(self._build())

    def _build(self) -> Iterator[None]:
        head = self.head()
        self._title = head.title
        self._done = Chip("", "circle-check", "soft", name="chip_done")
        self._wants = Chip("", "message-square-text", "att", name="chip_sentences")
        head.add(self._done)
        head.add(self._wants)
        self._parts = Stack()
        self.root.addWidget(self._parts, 1)
        day = QWidget()
        self._parts.addWidget(day)
        yield
        row = QHBoxLayout(day)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._list_panel(), 1)
        yield
        self._side = self._side_panel()
        row.addWidget(self._side)
        yield
        self._paper = PaperSection()
        self._parts.addWidget(self._paper)
        yield from self._paper.build()
        self._paper.changed.connect(self.refresh_actions)
        self._paper.left.connect(self._leave_paper)

    def _list_panel(self) -> Panel:
        panel = Panel(padding=4, name="checklist")
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        holder.setProperty("cls", "choices")
        self._scroll = Scrolling(holder, name="checklist_rows")
        panel.body.addWidget(self._scroll, 1)
        self._pack = PackRow(self)
        panel.body.addWidget(self._pack)
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
        self._main = DayButton(name="day_main")
        self._note = AdviceLine(name="day_note")
        panel.body.addWidget(self._main)
        panel.body.addWidget(self._note)
        self.follow_main(self._main)
        return panel

    def retranslate(self) -> None:
        """Figures and rows say it again; what is typed in an open row stays."""
        if self._evening_shown is not None:
            self._show_evening(self._evening_shown)
        self._paper.retranslate()

    def take_focus(self) -> None:
        """The page itself: arrows go to the rows and to the pack of papers, and a stray Enter starts nothing."""
        if not self._types_paper():
            self.setFocus()

    def load(self) -> None:
        """The day, its checklist, its figures."""
        jobs.follow(read_evening, owner=self, then=self._show_in_turns, name="evening")
        if self._types_paper():
            self._paper.load()

    def on_narrow(self, narrow: bool) -> None:
        """The chip of what is done gives way to the title."""
        self._side.setFixedWidth(theme.px(300 if narrow else 340))
        self._paper.show_narrow(narrow)
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
        if self._types_paper():
            return Action(Text("Write the line"), self._paper.save)
        may = jobs.actor().may(Permission.DAY)
        match self._day.state:
            case DayState.NOT_OPEN:
                return Action(Text("Open the day"), partial(self._do, days.open_day), may)
            case DayState.OPEN:
                return Action(Text("Close the day"), self._close, may)
            case DayState.CLOSED:
                return Action(Text("Sign off the day"), self._ask_sign_off, jobs.actor().may(Permission.SIGN_OFF))
        return Action(Text("Open the next day"), partial(self._do, days.open_day), may)

    def keys(self) -> Mapping[Key, Action]:
        """Nothing of its own beside F7 and F9."""
        return {}

    def more(self) -> Sequence[Action]:
        """What is rarer than F9: paper, badges, why there was a pause, closing taken back."""
        if self._types_paper():
            return self._more_of_paper()
        day, actor = self._day, jobs.actor()
        found = []
        if day is not None and actor.may(Permission.DAY):
            if day.state is DayState.CLOSED:
                found.append(Action(Text("Open the day again"), partial(self._do, days.reopen_day)))
            if day.state is DayState.OPEN:
                expire = partial(self._do, days.close_day, to_tomorrow=False)
                found.append(Action(Text("Close; open numbers expire"), expire))
        if day is not None and day.id is not None and actor.may(Permission.HAND_OVER):
            may = day.state is not DayState.SIGNED_OFF or actor.may(Permission.DAY)
            found.append(Action(Text("Type in what was given on paper"), self.open_paper, may))
        if day is not None and actor.may(Permission.DAY):
            found.append(Action(Text("Day badges: make and print"), self._badges.ask_how_many))
            found.append(Action(Text("A badge is lost"), partial(self._badges.ask_which_is_lost, day.day)))
        if day is not None and day.state is not DayState.NOT_OPEN:
            found.append(Action(Text("Print the paper kit for a power cut"), self._pack.print_kit, not self._pack.makes_kit))
        found.append(self.glance.action())
        if day is not None and day.pauses and day.state is not DayState.SIGNED_OFF:
            found.append(Action(Text("Why the last pause was"), self._ask_why_paused, actor.may(Permission.RESUME)))
        return found

    # ── given on paper ──

    def _types_paper(self) -> bool:
        return self._parts.currentWidget() is self._paper

    def open_paper(self) -> None:
        """The lines of this day's sheets are typed in."""
        day = self._day
        if day is not None:
            self._parts.setCurrentWidget(self._paper)
            self._paper.open(day.day, signed_off=day.state is DayState.SIGNED_OFF)
            self._show_words()
            self.refresh_actions()

    def _leave_paper(self) -> None:
        self._parts.setCurrentIndex(0)
        self._show_words()
        self.refresh_actions()
        self.load()
        self.setFocus()

    def _more_of_paper(self) -> Sequence[Action]:
        chosen = self._paper.chosen()
        take_back = partial(self._paper.take_back, chosen.hand_over_id) if chosen else lambda: None
        return (
            Action(Text("The last line that was signed on paper"), self._paper.ask_where_paper_ended),
            Action(Text("Take back the chosen line"), take_back, chosen is not None),
            Action(Text("Back to the day"), self._leave_paper),
        )

    def on_scan(self, code: str) -> bool:
        """A card goes to the line that is typed; before the day is open it proves the scanner."""
        if self._types_paper():
            self._paper.take_card(code)
            return True
        if self._day is not None and self._day.state is DayState.NOT_OPEN:
            self._try(replace(self._tried, scanned=True))
            return True
        return False

    def receive(self, what: object) -> None:
        """Power is about to fail: the kit is printed as soon as the day is known."""
        if what == PRINT_KIT:
            jobs.read(read_evening, owner=self, then=self._print_kit_of)

    def _print_kit_of(self, evening: Evening) -> None:
        self._show_evening(evening)
        self._pack.print_kit()

    def on_badge(self, code: str) -> bool:
        """Over a closed day a badge signs it off."""
        if self._day is None or self._day.state is not DayState.CLOSED or self._types_paper():
            return False
        self._badges.ask_lead(code)
        return True

    # ── the rows ──

    def _on_answered(self, topic: str, sentence: str) -> None:
        day = self._day
        if day is None or day.id is None:
            return
        if days.is_counted_by_hand(topic) and sentence.strip().isdecimal():
            counted = partial(days.count_up, request_id=new_id(), day_id=day.id, topic=topic, number=int(sentence))
            jobs.write(counted, owner=self, then=lambda _none: self._on_counted(topic))
            return
        said = partial(days.explain, request_id=new_id(), day_id=day.id, topic=topic, sentence=sentence)
        jobs.write(said, owner=self, then=lambda _none: self._on_explained(topic, sentence))

    def _on_counted(self, topic: str) -> None:
        self._rows[topic].close_field()
        messages.done(Text("Counted and written down."), icon="clipboard-check")
        self._to_next_row(topic)

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
        self._was_just_opened = day.state is DayState.OPEN
        messages.done(Text("{state}: {day}", state=day.state.text, day=day.day), undo=undo, icon="calendar-check")

    def _show_evening(self, evening: Evening) -> None:
        all_of(self._show_in_turns(evening))

    def _show_in_turns(self, evening: Evening) -> Generator[None]:
        """Rows, figures and what can be done, one after another: all at once take too long."""
        self._evening_shown = evening
        self._day, self._totals = evening.day, evening.totals
        self._shown = evening.rows or self._morning(evening)
        self._show_rows()
        yield
        self._show_totals()
        self._show_words()
        yield
        self._pack.show_day(evening.day, evening.packed, evening.kits)
        self.refresh_actions()
        if self._was_just_closed and self._day.state is DayState.CLOSED:
            self._was_just_closed = False
            self._to_next_row("")
        elif self._was_just_opened and self._day.state is DayState.OPEN:
            self._was_just_opened = False
            self._pack.button.setFocus()  # one Enter prints the kit for a power cut

    def _morning(self, evening: Evening) -> tuple[ChecklistRow, ...]:
        """What this computer can tell of itself before people come."""
        now = jobs.actor().now()
        return morning.rows(now, evening.written, i18n.clock_time(now, jobs.zone()), self._tried)

    def _try(self, tried: morning.Tried) -> None:
        self._tried = tried
        if self._evening_shown is not None:
            self._show_evening(self._evening_shown)

    def _show_rows(self) -> None:
        """Rows stay where they are while somebody types in one; only their words change."""
        topics = [row.topic for row in self._shown]
        if list(self._rows) != topics:
            self._make_rows(topics)
        for row in self._shown:
            self._show_row(self._rows[row.topic], row)

    def _show_row(self, widget: kit.ChecklistRow, row: ChecklistRow) -> None:
        if row.topic.startswith(morning.MORNING):
            state, right = morning_words(row)
            widget.show_state(state, row.title, row.figures, right)
            return
        if self._is_final() and row.state is not RowState.DONE:
            widget.show_state("later", row.title, row.figures, Text("left open"))
            return
        if row.state is RowState.OPEN:
            right = Text("count") if days.is_counted_by_hand(row.topic) else Text("when closing")
            widget.show_state(state_of(row, may_explain=self._may_explain()), row.title, row.figures, right)
            return
        figures = (
            Text("{figures} · {sentence}", figures=row.figures, sentence=row.sentence) if row.sentence else row.figures
        )
        right = Text("agrees") if not row.sentence else Text("explained")
        if row.state is RowState.SENTENCE:
            right = Text("one sentence") if item_of(row.topic) is None else Text("new date or cancel")
        widget.show_state(state_of(row, may_explain=self._may_explain()), row.title, figures, right)

    def _is_final(self) -> bool:
        """Signed off: what is open stays so."""
        return self._day is not None and self._day.state is DayState.SIGNED_OFF

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
        self._facts["pauses"].say_one_of(*pauses_of(totals.pauses if totals else ()))
        self._facts["cancelled"].say(number(totals.cancelled_hand_overs) if totals else "—")
        self._facts["hours"].say(hours_of(self._day))

    def _show_words(self) -> None:
        day = self._day
        assert day is not None
        told = i18n.weekday_and_day(day.day, i18n.language())
        paper = Text("Given on paper: {day}", day=told)
        self._title.say(paper if self._types_paper() else Text("{state}: {day}", state=day.state.text, day=told))
        is_over = day.state in (DayState.CLOSED, DayState.SIGNED_OFF)
        self._side.title.say(Text("The day’s totals") if is_over else Text("The day so far"))
        runs = day.id is not None and not self._types_paper()
        done = sum(row.state is RowState.DONE for row in self._shown)
        wants = sum(row.state is RowState.SENTENCE for row in self._shown)
        self._done.setVisible(done > 0 and runs and not self.is_narrow())
        self._done.say(Text("{n} done", n=done))
        left = len(self._shown) - done if self._is_final() else wants
        self._wants.setVisible(left > 0 and runs)
        if self._is_final():
            self._wants.say(Text.plural("{n} left open", "{n} left open", n=left))
        else:
            self._wants.say(Text.plural("{n} wants one sentence", "{n} want one sentence", n=left))
        self._note.say(advice(self._day, wants))

    def _make_rows(self, topics: Sequence[str]) -> None:
        kit.clear_layout(self._list)
        self._rows = {}
        for topic in topics:
            row = kit.ChecklistRow(name=f"row_{topic.replace('/', '_')}")
            row.wants_answer.connect(partial(self._open_row, topic))
            row.answered.connect(partial(self._on_answered, topic))
            row.stepped.connect(self._step)
            row.wants_sight.connect(partial(QTimer.singleShot, 0, row, partial(self._scroll.ensureWidgetVisible, row)))
            self._rows[topic] = row
            self._list.addWidget(row)
        self._list.addStretch(1)

    def _open_row(self, topic: str) -> None:
        promised = item_of(topic)
        if promised is not None:
            self._late.ask(promised)
        elif topic.startswith(morning.MORNING):
            self._try_out(topic)
        elif topic.startswith(OWED) and self._may_explain() and self._day is not None:
            ask = partial(on_paper.owed_goods, day=self._day.day)
            jobs.read(ask, owner=self, then=partial(self._ask_what_explains, topic))
        else:
            self._open_field(topic)

    def _try_out(self, topic: str) -> None:
        """The sound is played; everything else is looked at once more."""
        if topic == morning.SOUND:
            self._sound_trial.begin()
        else:
            self.load()

    def _ask_what_explains(self, topic: str, rows: Sequence[OwedRow]) -> None:
        """A receipt that brought these goods since, or one sentence."""
        owed = next((row for row in rows if topic.endswith(row.item_id.hex)), None)
        if owed is None or not owed.receipts:
            self._open_field(topic)
            return
        answers = [Answer(receipt, Text("It came with {code}", code=code)) for receipt, code in owed.receipts]
        given = Text.plural(
            "{n} unit was given that the book did not have.", "{n} units were given that the book did not have.", n=owed.units
        )
        question = Question(
            self, title=Text("Where did it come from?"), facts=given,
            answers=[*answers, Answer(None, Text("One sentence"))], name="came_with",
        )  # fmt: skip
        question.answered.connect(partial(self._on_explained_by, topic, owed))
        self.ask(question)

    def _on_explained_by(self, topic: str, owed: OwedRow, receipt: object) -> None:
        if self._day is None or not isinstance(receipt, UUID):
            self._open_field(topic)
            return
        settle = partial(
            on_paper.came_with, request_id=new_id(), day=self._day.day, item_id=owed.item_id, receipt_id=receipt
        )
        words = Text.plural("{n} unit is explained by its receipt.", "{n} units are explained by their receipt.", n=owed.units)
        jobs.write(settle, owner=self, then=lambda _taken: messages.done(words, icon="package-check"))

    def _open_field(self, topic: str) -> None:
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
        last: QWidget = self._pack.button if self._may_pack() else self._main
        (self._rows[open_rows[0]] if open_rows else last).setFocus()

    def _may_pack(self) -> bool:
        day = self._day
        closed = day is not None and day.state in (DayState.CLOSED, DayState.SIGNED_OFF)
        return closed and self._pack.is_ready

    def _step(self, by: int) -> None:
        """↑ ↓ through the rows; above the first and below the last stands the evening pack."""
        stops: list[QWidget] = [*self._rows.values()]
        if self._pack.is_ready:
            stops.append(self._pack.button)
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
