"""The page Queue: who waits, who is next and why, the door, and what the shelf is enough for.

Shows the board of the open day, without names. Does: give a number, call, not here, back, gone, on to the shift lead,
cancel, and take each back. Listens to queue, day, stock, campaigns and hand-overs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage, TicketState, about_words, lane_of_digit
from aidtrack.errors import Text
from aidtrack.services import disputes, door, queueing
from aidtrack.services.door import DoorAnswer, DoorState
from aidtrack.services.queueing import QueueBoard, TicketRow, WindowRow
from aidtrack.ui import jobs, messages, printing, sound, theme
from aidtrack.ui.dashboard import Glance
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.queue.asking import Asking, say_come_to
from aidtrack.ui.pages.queue.door_panel import TOMORROW, DoorPanel, before
from aidtrack.ui.pages.queue.enough_panel import EnoughPanel
from aidtrack.ui.pages.queue.lanes import Lanes
from aidtrack.ui.pages.queue.public_screen import PublicScreen
from aidtrack.ui.pages.queue.windows import Windows
from aidtrack.ui.parts import Button, Chip, EmptyState, Stack
from aidtrack.ui.request import Requests

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

LOW = 560
LOOK_AGAIN_MS = 20_000
"""Minutes grow by themselves: the board is asked again so often."""

Given = tuple[TicketRow, int, int]


class QueuePage(Page):
    """Shows the queue of the open day. Does: give, call, send back, send on, cancel, take back."""

    name = "queue"
    title = Text("Queue")
    icon = "ticket"
    shows = frozenset({Kind.QUEUE, Kind.DAYS, Kind.STOCK, Kind.CAMPAIGNS, Kind.HANDOVERS})

    def __init__(self) -> None:
        super().__init__()
        self._board = QueueBoard()
        self._asked: DoorAnswer | None = None
        self._last: UUID | None = None
        self._public: PublicScreen | None = None
        self._requests = Requests()
        self.made_of(self._build())
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_AGAIN_MS)
        self._clock.timeout.connect(self._look_again)
        self._clock.start()

    def _build(self) -> Iterator[None]:
        head = self.head()
        self._waiting = Chip("", "users", name="chip_waiting")
        self._wait = Chip("", "clock", name="chip_wait")
        self._served = Chip("", "circle-check", name="chip_served")
        for chip in (self._waiting, self._wait, self._served):
            head.add(chip)
        yield
        self._again = Button(Text("Call again"), "volume-2", name="call_again")
        self._again.clicked.connect(self._call_again)
        show = Button(Text("Board"), "monitor", name="show_board")
        show.clicked.connect(self._open_board)
        head.add_right(show)
        head.add_right(self._again)
        self._stack = Stack()
        self.root.addWidget(self._stack, 1)
        yield
        left, right = self._work()
        self._windows = Windows()
        left.addWidget(self._windows)
        yield
        self._lanes = Lanes()
        left.addWidget(self._lanes, 1)
        yield from self._lanes.build()
        self._door = DoorPanel()
        yield
        right.addWidget(self._door)
        yield
        self._enough = EnoughPanel()
        right.addWidget(self._enough, 1)
        yield
        self.glance = Glance(self)
        self.asking = Asking(self)
        self.asking.wants.connect(lambda use_case, ticket_id, more: self._write(use_case, ticket_id, **more))
        self.asking.done.connect(self._say_done)
        self._lanes.acted.connect(self._ask_about)
        self._lanes.moved.connect(lambda _ticket: self.refresh_actions())
        self._door.asked.connect(self._ask_door)
        self._door.lane_wanted.connect(self._on_lane)
        self._door.confirmed.connect(self._on_enter)
        self._door.emptied.connect(self._forget_door)
        hint = Text("The coordinator opens it on the page Day.")
        self._stack.addWidget(EmptyState("calendar-check", Text("The day is not open"), hint, name="queue_closed"))

    def _work(self) -> tuple[QVBoxLayout, QVBoxLayout]:
        """Two columns: lanes at the left, door and goods beside them."""
        work = QWidget()
        self._stack.addWidget(work)
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        left = QVBoxLayout()
        row.addLayout(left, 1)
        self._side = QWidget()
        row.addWidget(self._side)
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        for column in (left, right):
            column.setSpacing(12)
        return left, right

    def retranslate(self) -> None:
        """Rows and chips say it again."""
        self._show_board(self._board)
        self._enough.show_enough(self._enough.shown())

    def load(self) -> None:
        """The board and the shelf."""
        jobs.follow(queueing.board, owner=self, then=self._show_board, name="board")
        jobs.follow(door.enough, owner=self, then=self._enough.show_enough, name="enough")

    def on_narrow(self, narrow: bool) -> None:
        """Lanes two by two; the door stays."""
        self._side.setFixedWidth(theme.px(344 if theme.is_large() else 330))
        self._show_chips()
        self._lanes.fold(narrow)
        self._windows.fold(narrow)
        self._enough.fold(narrow)

    def on_resized(self) -> None:
        """Large letters on a low screen leave room for the door alone; the message line still says how long the goods last."""
        self._enough.setVisible(not (theme.is_large() and self.height() < LOW))

    def main_action(self) -> Action | None:
        """F9 gives the number somebody at the door waits for; else it calls."""
        if self._asked is not None and self._board.day is not None:
            return self._door_action(self._asked)
        upcoming = self._board.next
        if upcoming is None or self._board.day is None:
            return Action(Text("Next"), self._call_next, enabled=False)
        return Action(Text("Call {label}", label=upcoming.label), self._call_next)

    def _door_action(self, asked: DoorAnswer) -> Action:
        """What F9 does for whoever was asked about at the door."""
        if asked.ticket is not None and asked.ticket.state is TicketState.MISSED:
            return Action(Text("{label} is here", label=asked.ticket.label), partial(self._bring_back, asked.ticket))
        if asked.ticket is not None:
            return Action(Text("Print the slip again"), partial(self._print, asked.ticket.id))
        if asked.state is DoorState.LATER and asked.household_id is not None:
            return Action(Text("Slip: come back"), partial(printing.print_come_back, self, asked.household_id))
        if asked.state is DoorState.ON_ROLL:
            return Action(Text("Take the numbers in"), self._take_in_roll)
        return Action(Text("Give a number"), self._give_asked)

    def keys(self) -> Mapping[Key, Action]:
        """What the other keys do here."""
        is_open = self._board.day is not None
        here = self._here()
        return {
            Key.TICKET: Action(None, self._go_to_door, is_open),
            # While somebody waits F5 says so itself if it is not for this window: a faint key would leave people guessing.
            Key.NEXT: Action(None, self._call_next, is_open and self._board.waiting > 0),
            Key.NOT_HERE: Action(None, partial(self._not_here, here), here is not None),
            Key.SHIFT_LEAD: Action(None, partial(self._to_lead, here), here is not None),
            Key.UNDO: Action(None, self._undo, is_open),
        }

    def more(self) -> Sequence[Action]:
        """For the number at this window, and for the one chosen in the lists."""
        found = []
        here = self._here()
        if here is not None:
            served = Text("{label}: served, done", label=here.label)
            gone = Text("{label}: the family has gone", label=here.label)
            found.append(Action(served, partial(self._do, queueing.serve, here)))
            found.append(Action(gone, partial(self._do, queueing.gone, here)))
            found.append(Action(Text("{label}: to another window …", label=here.label), partial(self._ask_where, here)))
        chosen = self._lanes.chosen()
        slip = chosen or self._last
        if slip is not None:
            found.append(Action(Text("{label}: print the slip", label=self._label(slip)), partial(self._print, slip)))
        if chosen is not None:
            found.append(Action(Text("{label}: more", label=self._label(chosen)), partial(self._ask_about, chosen)))
        if self._board.day is not None:
            found.append(Action(Text("Paper rolls …"), self._ask_rolls))
        found.append(self.glance.action())
        if jobs.actor().may(Permission.DAY):
            found.append(Action(Text("Good faith: how many a day …"), self._ask_good_faith))
        return found

    def on_digit(self, digit: int) -> bool:
        """A lane at the door, or a number for tomorrow."""
        if self._board.day is None or digit not in range(1, TOMORROW + 1):
            return False
        self._on_lane(None if digit == TOMORROW else lane_of_digit(digit))
        return True

    def on_scan(self, code: str) -> bool:
        """A card at the door."""
        if self._board.day is None:
            return False
        self._ask_door(code, is_scan=True)
        return True

    def _on_answer(self, is_scan: bool, answer: DoorAnswer) -> None:
        """A scanned card with something today, or put aside, goes straight to the hand-over; anything else is said first."""
        if is_scan:
            sound.play(sound.Tone.SOFT)
        self._door.show_answer(answer)
        self._asked = answer
        if is_scan and answer.state in (DoorState.TODAY, DoorState.PUT_ASIDE):
            self._give_asked()
        elif answer.is_no:
            self._write_down(answer)
        self.refresh_actions()

    def _write_down(self, answer: DoorAnswer) -> None:
        """What the family was told is a fact of the day; it may take a number all the same."""
        said = queueing.Said.LATER if answer.state is DoorState.LATER else queueing.Said.NOTHING
        facts: dict[str, Any] = {"household_id": answer.household_id, "said": said, "next_day": answer.next_day}
        jobs.write(partial(queueing.turn_away, request_id=new_id(), **facts), owner=self)

    def _on_lane(self, lane: Lane | None) -> None:
        """A digit: for the card that was asked about, else without a card. None: for tomorrow."""
        asked = self._asked if self._asked is not None and self._asked.ticket is None else None
        if lane is None:
            self._give_tomorrow(asked.household_id if asked is not None else None)
        elif asked is not None:
            self._give_asked(lane)
        else:
            self._give(lane)

    def _on_enter(self) -> None:
        """Enter at the door does what the sentence says."""
        if self._asked is not None and self._asked.state is DoorState.YESTERDAY:
            self._give_asked()
        elif self._asked is not None and self._asked.state is DoorState.ON_ROLL:
            self._take_in_roll()

    def _take_in_roll(self) -> None:
        roll = self._asked.roll if self._asked is not None else None
        if roll is None:
            return
        self._forget_door()
        take_in = partial(queueing.take_in_block, block_id=roll.id, given_to=roll.given_to)
        self._send(take_in, ("roll", roll.id, roll.given_to), say_come_to)

    def _give_tomorrow(self, household_id: UUID | None) -> None:
        work = partial(queueing.issue_for_tomorrow, household_id=household_id)
        self._send(work, ("tomorrow", household_id), self._on_put_off)

    def _on_put_off(self, ticket: TicketRow) -> None:
        self._asked, self._last = None, ticket.id
        self._door.show_given(ticket, 0, 0)
        messages.done(Text("{label}: {state}", label=ticket.label, state=ticket.state.text), undo=self._undo, icon="ticket")
        self.refresh_actions()
        if printing.has_printer():
            self._print(ticket.id)

    def _on_given(self, given: Given) -> None:
        ticket, ahead, minutes = given
        self._asked, self._last = None, ticket.id
        self._door.show_given(ticket, ahead, minutes)
        said = Text("Number {label} is given, {before}", label=ticket.label, before=before(ahead))
        messages.done(said, undo=self._undo, icon="ticket")
        self.refresh_actions()
        if ticket.is_printed is not True and printing.has_printer():
            self._print(ticket.id)

    def _on_called(self, ticket: TicketRow | None) -> None:
        if ticket is None:
            messages.attention(Text("Nobody waits for this window"), icon="users")
            return
        messages.done(Text("{label} is called to this window", label=ticket.label), undo=self._undo, icon="volume-2")

    def _show_board(self, board: QueueBoard) -> None:
        is_open, was_open = board.day is not None, self._board.day is not None
        self._board = board
        self._stack.setCurrentIndex(0 if is_open else 1)
        self._show_chips()
        self._waiting.say(Text.plural("{n} waiting", "{n} waiting", n=board.waiting))
        self._wait.say(about_words(board.wait_minutes or 0))
        self._served.say(Text("{n} served", n=board.served))
        if is_open:
            self._windows.show_windows(board.at_windows)
            self._lanes.show_board(board)
            self._enough.show_waiting(board.waiting)
            if not was_open:
                self._go_to_door()
        self._again.setEnabled(self._here() is not None)
        self.refresh_actions()

    def _show_chips(self) -> None:
        """In large letters the wait alone; the message line says how many wait."""
        is_open = self._board.day is not None
        for part in (self._wait, self._again):
            part.setVisible(is_open)
        for chip in (self._waiting, self._served):
            chip.setVisible(is_open and not theme.is_large())

    def _open_board(self) -> None:
        """The public board: on the second screen, if there is one."""
        if self._public is None:
            self._public = PublicScreen()
            self.destroyed.connect(self._public.deleteLater)
        self._public.open_there()

    def _look_again(self) -> None:
        if self.isVisible() and jobs.is_started():
            jobs.follow(queueing.board, owner=self, then=self._show_board, name="board")

    def _here(self) -> TicketRow | None:
        """The number at this window."""
        mine = [w.ticket for w in self._board.at_windows if w.desk_id == jobs.actor().desk_id]
        return mine[0] if mine else None

    def _label(self, ticket_id: UUID) -> str:
        rows = [row for lane in self._board.lanes for row in lane.line]
        known = {row.id: row.label for row in rows} | {row.id: row.label for row in self._board.not_here}
        known |= {w.ticket.id: w.ticket.label for w in self._board.at_windows if w.ticket is not None}
        return known.get(ticket_id, "")

    def _go_to_door(self) -> None:
        if self._board.day is not None and self.isVisible():
            self._door.field.setFocus()
            self._door.field.selectAll()

    def _ask_door(self, typed: str, *, is_scan: bool = False) -> None:
        then = partial(self._on_answer, is_scan)
        jobs.read(partial(door.ask_at_door, typed=typed), owner=self, then=then, latest="door")

    def _forget_door(self) -> None:
        self._asked = None
        self._door.show_nothing()
        self.refresh_actions()

    def _give_asked(self, lane: Lane | None = None) -> None:
        asked = self._asked
        if asked is None:
            return
        stage = Stage.SHIFT_LEAD if asked.state is DoorState.SHIFT_LEAD else None
        self._give(lane or asked.lane, household_id=asked.household_id, from_id=asked.from_id, stage=stage)

    def _give(self, lane: Lane, **about: Any) -> None:
        self._send(partial(_give, lane=lane, about=about), ("give", lane, about), self._on_given)

    def _call_next(self) -> None:
        self._send(queueing.call_next, ("call_next",), self._on_called)

    def _call_again(self) -> None:
        self._do(queueing.call_again, self._here())

    def _print(self, ticket_id: UUID) -> None:
        """The slip; whether it came out is written down, so that no number is missing on paper."""

        def told(printed: bool) -> None:
            mark = partial(queueing.mark_printed, request_id=new_id(), ticket_id=ticket_id, printed=printed)
            jobs.write(mark, owner=self)

        printing.print_ticket(self, ticket_id, told)

    def _do(self, use_case: Callable[..., TicketRow], ticket: TicketRow | None, **more: Any) -> None:
        if ticket is not None:
            self._write(use_case, ticket.id, **more)

    def _not_here(self, ticket: TicketRow | None) -> None:
        if ticket is not None:
            ask = partial(queueing.not_here, ticket_id=ticket.id)
            self._send(ask, (queueing.not_here, ticket.id), self._say_not_here)

    def _say_not_here(self, ticket: TicketRow) -> None:
        messages.done(Text("{ticket}: not here, the place is kept", ticket=ticket.label), undo=self._undo, icon="ticket")

    def _bring_back(self, ticket: TicketRow) -> None:
        """Whoever was not here came to the door: back in the line, in the place that was kept."""
        self._forget_door()
        self._do(queueing.bring_back, ticket)

    def _write(self, use_case: Callable[..., TicketRow], ticket_id: UUID, **more: Any) -> None:
        self._send(partial(use_case, ticket_id=ticket_id, **more), (use_case, ticket_id, more), self._say_done)

    def _send(self, use_case: Callable[..., Any], what: Any, then: Callable[[Any], object]) -> None:
        """Pressed again after a lost answer it asks for the same thing, so that nothing is done twice."""
        request_id = self._requests.id_of(what)

        def failed(error: BaseException) -> None:
            self._requests.ended(what, request_id, error)
            messages.show_error(error)

        jobs.write(partial(use_case, request_id=request_id), owner=self, then=then, failed=failed)

    def _say_done(self, ticket: TicketRow) -> None:
        said = Text("{label}: {state}", label=ticket.label, state=ticket.state.text)
        if ticket.for_window is not None and ticket.state is TicketState.WAITING:
            said = Text("{label} waits for window {n} and keeps its time", label=ticket.label, n=ticket.for_window)
        messages.done(said, undo=self._undo, icon="ticket")

    def _to_lead(self, ticket: TicketRow | None) -> None:
        self._do(queueing.move_stage, ticket, stage=Stage.SHIFT_LEAD)

    def _undo(self) -> None:
        self._send(queueing.undo_last, ("undo_last",), self._say_undone)

    def _say_undone(self, ticket: TicketRow) -> None:
        messages.done(Text("Taken back. {label}: {state}", label=ticket.label, state=ticket.state.text), icon="undo-2")

    def _ask_about(self, ticket_id: UUID) -> None:
        """What to do with a number of the lists."""
        is_missed = ticket_id in {row.id for row in self._board.not_here}
        self.asking.about(ticket_id, self._label(ticket_id), self._others(), is_missed=is_missed)

    def _others(self) -> list[WindowRow]:
        """The windows somebody can be sent to from here."""
        return [row for row in self._board.at_windows if row.desk_id != jobs.actor().desk_id]

    def _ask_where(self, ticket: TicketRow) -> None:
        self.asking.ask_where(ticket.id, ticket.label, self._others())

    def _ask_good_faith(self) -> None:
        jobs.read(_good_faith, owner=self, then=self.asking.good_faith)

    def _ask_rolls(self) -> None:
        jobs.read(queueing.blocks, owner=self, then=self.asking.rolls)

    def on_shown(self) -> None:
        QTimer.singleShot(0, self, self._go_to_door)


def _good_faith(session: Session, _by: Actor) -> int:
    return disputes.good_faith_a_day(session)


def _give(session: Session, by: Actor, *, request_id: UUID, lane: Lane, about: Mapping[str, Any]) -> Given:
    """A number, and what is said to the family that gets it."""
    ticket = queueing.issue_ticket(session, by, request_id=request_id, lane=lane, **about)
    if ticket.state is not TicketState.WAITING:
        return ticket, 0, 0
    return ticket, *queueing.ahead_of(session, by, ticket.id)
