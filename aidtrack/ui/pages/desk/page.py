"""The Desk: find a family, see what it can have now, hand it over by one key; register a new one; call the next number.

Shows one family with its people, its past and its allowance. Does the flow of a visit and every key of it. Listens to hand-overs,
people, queue, stock, programmes and days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from aidtrack.domain.access import Permission
from aidtrack.domain.handover import GoodsAre, LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import OPEN, Lane, Stage, TicketState
from aidtrack.errors import Text
from aidtrack.i18n import tr
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.pages.desk.allowance import AllowancePanel
from aidtrack.ui.pages.desk.family import FamilyPanel
from aidtrack.ui.pages.desk.find import FindBox
from aidtrack.ui.pages.desk.intake import IntakePanel
from aidtrack.ui.pages.desk.next_card import NextCard
from aidtrack.ui.pages.desk.register import RegisterPanel
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from aidtrack.services.handover import CancelReceipt, DeskNow, DeskView, HandOverReceipt, Scanned
    from aidtrack.services.people import HouseholdReceipt
    from aidtrack.services.queueing import TicketRow

FIND_WIDTH, ALLOWANCE_WIDTH = 264, 396


class DeskPage(Page):
    """One visit at a time: nothing open, a family open, a new family, or its aid form."""

    name = "desk"
    title = Text("Desk")
    icon = "scan-line"
    shows = frozenset({Kind.HANDOVERS, Kind.PEOPLE, Kind.QUEUE, Kind.STOCK, Kind.CAMPAIGNS, Kind.DAYS})

    def __init__(self) -> None:
        super().__init__()
        self._view: DeskView | None = None
        self._now: DeskNow | None = None
        self._collector: UUID | None = None
        self._moving: UUID | None = None
        self._last: HandOverReceipt | None = None
        self._is_busy = self._is_looking = False
        self._household: UUID | None = None  # whose family is open, or being opened
        self._reading: jobs.Job | None = None
        self._request = Request()
        self._build()

    # ── building ──

    def _build(self) -> None:
        self.find_box = FindBox()
        self.next_card = NextCard()
        self.family = FamilyPanel()
        self.allowance = AllowancePanel()
        self.register = RegisterPanel()
        self.intake = IntakePanel()
        self._find_column = QWidget()
        self._find_layout = QVBoxLayout(self._find_column)
        self._find_layout.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        visit = QWidget()
        visit.setLayout(self._grid)
        self._stack = QStackedWidget()
        for page in (visit, self.register, self.intake):
            self._stack.addWidget(page)
        self.root.addWidget(self._stack)
        self._place(False)
        self._connect()
        self.follow_main(self.allowance.main)

    def _connect(self) -> None:
        self.find_box.chosen.connect(self._on_found)
        self.allowance.edited.connect(self.refresh_actions)
        for panel in (self.register, self.intake):
            panel.changed.connect(self.refresh_actions)
            panel.given_up.connect(self._back_to_visit)
        self.register.saved.connect(self._on_registered)
        self.register.same_family.connect(self.open_family)
        self.intake.saved.connect(lambda _: self._back_to_visit())

    def _place(self, narrow: bool) -> None:
        """Three columns; with less room the search lies over the family, and what can be given keeps its column."""
        grid = self._grid
        for part in (self._find_column, self.find_box, self.next_card, self.family, self.allowance):
            grid.removeWidget(part)
            self._find_layout.removeWidget(part)
        self._find_column.setVisible(not narrow)
        if narrow:
            places = ((self.find_box, 0, 0, 1), (self.next_card, 0, 1, 1), (self.family, 1, 0, 2))
            for part, row, at, columns in places:
                grid.addWidget(part, row, at, 1, columns)
            grid.addWidget(self.allowance, 0, 2, 2, 1)
        else:
            self._find_layout.addWidget(self.find_box, 1)
            self._find_layout.addWidget(self.next_card)
            for at, part in enumerate((self._find_column, self.family, self.allowance)):
                grid.addWidget(part, 0, at, 2, 1)
        self._size(narrow)

    def _size(self, narrow: bool) -> None:
        self._grid.setHorizontalSpacing(12 if narrow else 16)
        self._grid.setVerticalSpacing(12)
        self._grid.setRowStretch(1, 1)
        for at, stretch in enumerate((1, 0, 0) if narrow else (0, 1, 0)):
            self._grid.setColumnStretch(at, stretch)
        self._find_column.setFixedWidth(theme.px(FIND_WIDTH))
        self.allowance.setFixedWidth(theme.px(ALLOWANCE_WIDTH if not theme.is_large() else ALLOWANCE_WIDTH + 34))
        self.find_box.set_folded(narrow)
        self.next_card.fold(narrow)
        self.family.fold(narrow)

    def on_narrow(self, narrow: bool) -> None:
        self._place(narrow)

    # ── reading ──

    def load(self) -> None:
        from aidtrack.services import handover

        jobs.read(handover.desk_now, owner=self, then=self._show_now, latest="now")
        self._read_again()

    def leave(self) -> None:
        self.register.keep_now()
        self.intake.keep_now()

    def _show_now(self, now: DeskNow) -> None:
        self._now = now
        self.next_card.show_now(now)
        self.allowance.show_window(now.window)
        self.refresh_actions()

    def _read_family(self, household_id: UUID) -> None:
        from aidtrack.services import handover

        ask = partial(handover.desk_view, household_id=household_id)
        self._household = household_id
        self._reading = jobs.read(ask, owner=self, then=self._show_family, latest="family")

    def _read_again(self) -> None:
        """The open family as it is now; after a lost answer what was sent stands as it is, so that F9 sends the same."""
        if self._view is not None and not self._request.is_open:
            self._read_family(self._view.family.id)

    def open_family(self, household_id: UUID, collector: UUID | None = None) -> None:
        """Opens a family; `collector` is the person who is known to stand here."""
        if self._household != household_id or self._request.is_open:
            self._empty()
        self._collector = collector
        self._stack.setCurrentIndex(0)
        self._read_family(household_id)
        self.refresh_actions()

    def _show_family(self, view: DeskView) -> None:
        is_new = self._view is None or self._view.family.id != view.family.id
        self._view = view
        may_count = jobs.actor().may(Permission.HAND_OVER) or jobs.actor().may(Permission.STOCK_COUNT)
        self.family.show_view(view)
        self.allowance.show_view(view, self._preset(view), may_count=may_count)
        if is_new and self._stack.currentIndex() == 0:
            self.allowance.rest()
        self.refresh_actions()

    def _preset(self, view: DeskView) -> UUID | None:
        """Who was named, else who collected last, else the card holder; never a small child."""
        able = [member.person_id for member in view.family.members if sentences.may_collect(member)]
        wanted = (self._collector, view.last_collector_id, view.family.head_id)
        return next((one for one in wanted if one in able), able[0] if len(able) == 1 else None)

    def _close_family(self) -> None:
        """The Desk is ready for the next family."""
        self._empty()
        self.find_box.clear()
        self.find_box.focus()
        self.refresh_actions()

    def _empty(self) -> None:
        """No family: nothing can be given, and one that is still being read does not come."""
        if self._reading is not None:
            self._reading.cancel()
        self._view = self._household = self._collector = None
        self._request.ended()
        self.family.show_nothing()
        self.allowance.show_nothing()

    # ── what the keys do ──

    def main_action(self) -> Action | None:
        panel = self._panel()
        if panel is not None:
            return panel.main_action()
        if self._view is not None and not self.allowance.can_give and self._open_ticket() is not None:
            return Action(Text("Done"), self._finish_ticket, not self._is_busy and not self._is_looking)
        return Action(Text("Hand over"), self._hand_over, self._may_give())

    def keys(self) -> Mapping[Key, Action]:
        panel, has_somebody = self._panel(), self._view is not None or self._open_ticket() is not None
        own = {
            Key.FIND: Action(None, self._to_find),
            Key.NEW: Action(None, self._to_register, jobs.actor().may(Permission.REGISTER)),
            Key.NEXT: Action(None, self._call_next, jobs.actor().may(Permission.CALL) and not self._is_busy),
            Key.NOT_HERE: Action(None, self._not_here, self._now is not None and self._now.ticket is not None),
            Key.SHIFT_LEAD: Action(None, self._to_shift_lead, has_somebody),
        }
        return {**own, **panel.keys()} if panel is not None else own

    def more(self) -> Sequence[Action]:
        panel = self._panel()
        if panel is not None:
            return panel.more()
        has_family = self._view is not None
        may_cancel = has_family and bool(self._cancellable()) and jobs.actor().may(Permission.CANCEL_HAND_OVER)
        may_print = has_family and bool(self._cancellable())
        return [
            Action(Text("Cancel a hand-over"), self._ask_which, may_cancel),
            Action(Text("Print the slip of the last hand-over"), self._print_slip, may_print or self._last is not None),
            Action(Text("Print the family card"), self._print_card, has_family),
            Action(Text("Fill in the aid form"), self._to_intake, has_family),
            Action(Text("Print the aid form"), self._print_form),
            Action(Text("Change the family"), self._to_change, has_family and jobs.actor().may(Permission.REGISTER)),
            Action(Text("Done: nothing else today"), self._finish_ticket, self._open_ticket() is not None),
        ]

    def on_digit(self, digit: int) -> bool:
        panel = self._panel()
        return panel.on_digit(digit) if panel is not None else self.allowance.choose_digit(digit)

    def on_scan(self, code: str) -> bool:
        from aidtrack.services import handover

        ask = partial(handover.scanned, code=code)
        jobs.read(ask, owner=self, then=self._on_scanned, failed=self._on_not_scanned, latest="card")
        self._set_looking(True)
        return True

    def receive(self, what: object) -> None:
        if isinstance(what, UUID):
            self.open_family(what)
        elif getattr(what, "household_id", None) is not None:
            self.open_family(what.household_id)  # type: ignore[attr-defined]
        else:
            self._to_find()

    def _panel(self) -> RegisterPanel | IntakePanel | None:
        """The form that lies over the visit, if one does."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, RegisterPanel | IntakePanel) else None

    def _may_give(self) -> bool:
        view = self._view
        may = view is not None and view.is_day_open and jobs.actor().may(Permission.HAND_OVER)
        is_free = not self._is_busy and not self._is_looking and self._moving is None
        return may and is_free and self.allowance.can_give

    def _open_ticket(self) -> TicketRow | None:
        """The number of the family that is open, else the one at this window."""
        ticket = self._view.ticket if self._view else self._now.ticket if self._now else None
        return ticket if ticket is not None and ticket.state in OPEN else None

    # ── finding ──

    def _to_find(self) -> None:
        self._stack.setCurrentIndex(0)
        self.find_box.focus()
        self.refresh_actions()

    def _on_found(self, found: object) -> None:
        """A row of the search: the family, and the person whose name was said."""
        household = found if isinstance(found, UUID) else getattr(found, "household_id", None)
        if not isinstance(household, UUID):
            return
        if self._moving is not None:
            self._move_to(household)
        else:
            self.open_family(household, getattr(found, "person_id", None))

    def _set_looking(self, looking: bool) -> None:
        """While it is not known whose card was scanned, nothing is given to the family before."""
        self._is_looking = looking
        self.refresh_actions()

    def _on_not_scanned(self, error: BaseException) -> None:
        self._set_looking(False)
        messages.show_error(error)

    def _on_scanned(self, found: Scanned) -> None:
        self._set_looking(False)
        ticket = found.ticket
        if ticket is not None and found.household_id is None and ticket.state in OPEN:
            self._take_ticket(ticket)
        else:
            self._on_card(found.household_id)

    def _take_ticket(self, ticket: TicketRow) -> None:
        """A number that belongs to no family yet stands at this window."""
        from aidtrack.services import queueing

        if ticket.state is TicketState.SERVING:
            return
        fn = partial(queueing.start_serving, request_id=new_id(), ticket_id=ticket.id)
        text = Text("{ticket} is at this window", ticket=ticket.label)
        jobs.write(fn, owner=self, then=lambda _: messages.done(text, icon="ticket", undo=self._undo_call))

    def _on_card(self, household_id: UUID | None) -> None:
        if household_id is None:
            text = Text("This code is not known here. Find the family by name, or register it: F3.")
            messages.fault(text, icon="scan-line")
        elif self._moving is not None:
            self._move_to(household_id)
        elif self._view is not None and self._view.family.id != household_id and self.allowance.is_touched:
            text = Text("Finish {family} first: F9. The new card waits.", family=self._view.family.head_name)
            messages.attention(text, action=(Text("Open the new card"), partial(self.open_family, household_id)))
        else:
            messages.clear()
            self.open_family(household_id)

    # ── handing over ──

    def _hand_over(self) -> None:
        from aidtrack.services import handover

        draft = self.allowance.draft()
        if draft is None or not self._may_give():
            return
        send = partial(handover.hand_over, request_id=self._request.id_of(draft), draft=draft)
        self._set_busy(True)
        jobs.write(send, owner=self, then=self._on_given, failed=partial(self._on_not_given, draft.household_id))

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.refresh_actions()

    def _on_given(self, receipt: HandOverReceipt) -> None:
        self._last = receipt
        self._set_busy(False)
        if self._household in (None, receipt.household_id):
            self._close_family()
        messages.done(sentences.done(receipt), undo=partial(self._take_back, receipt))

    def _on_not_given(self, household_id: UUID, error: BaseException) -> None:
        """The same view stays, only the lines that cannot be given change."""
        if self._household == household_id:
            self._request.ended(error)
            if isinstance(error, LinesRefused):
                self.allowance.limit({line.rule_id: line.possible for line in error.lines})
        self._on_refused(error)

    def _on_refused(self, error: BaseException) -> None:
        self._set_busy(False)
        messages.show_error(error)
        self.load()

    def _take_back(self, receipt: HandOverReceipt) -> None:
        """Undo: the goods have not left the window yet."""
        self._cancel(receipt.id, GoodsAre.NEVER_LEFT, then=partial(self._on_taken_back, receipt.household_id))

    def _on_taken_back(self, household_id: UUID, receipt: CancelReceipt) -> None:
        messages.done(sentences.taken_back(receipt), icon="undo-2")
        self.open_family(household_id)

    # ── cancelling ──

    def _cancellable(self) -> list[Any]:
        return [row for row in self._view.history if not row.is_cancelled][:8] if self._view else []

    def _ask_which(self) -> None:
        rows = self._cancellable()
        if len(rows) == 1:
            self._ask_where(rows[0].id)
            return
        answers = [Answer(row.id, sentences.given_first(row.given), second=_place(row)) for row in rows]
        question = Question(
            self, title=Text("Cancel a hand-over: which one?"), answers=answers, name="cancel_which", width=560
        )
        question.answered.connect(lambda one: QTimer.singleShot(0, partial(self._ask_where, one)))
        self.ask(question)

    def _ask_where(self, hand_over_id: UUID) -> None:
        row = next((row for row in self._cancellable() if row.id == hand_over_id), None)
        if row is None or self._view is None:
            return
        question = Question(
            self,
            title=Text("Cancel hand-over: where are the goods?"),
            facts=f"{self._view.family.head_name} · {sentences.given(row.given)} · {_place(row)}",
            answers=[Answer(where, where.text) for where in GoodsAre],
            foot=Text("Nothing is deleted: a counter-entry is written"),
            name="cancel_where",
        )
        question.answered.connect(partial(self._on_where, hand_over_id))
        self.ask(question)

    def _on_where(self, hand_over_id: UUID, where: GoodsAre) -> None:
        if where is GoodsAre.OTHER_FAMILY:
            self._moving = hand_over_id
            text = Text("Scan the card of the family that has the goods, or find it. Esc: back")
            messages.attention(text, icon="scan-line")
            QTimer.singleShot(0, self._to_find)
        else:
            self._cancel(hand_over_id, where)

    def _move_to(self, household_id: UUID) -> None:
        moving, self._moving = self._moving, None
        if moving is not None:
            self._cancel(moving, GoodsAre.OTHER_FAMILY, other=household_id)

    def _cancel(self, hand_over_id: UUID, where: GoodsAre, *, other: UUID | None = None, then: Any = None) -> None:
        from aidtrack.services import handover

        facts: dict[str, Any] = {"hand_over_id": hand_over_id, "where": where, "other_household_id": other}
        cancel = partial(handover.cancel_hand_over, request_id=new_id(), **facts)
        jobs.write(cancel, owner=self, then=then or self._on_cancelled)

    def _on_cancelled(self, receipt: CancelReceipt) -> None:
        messages.done(sentences.taken_back(receipt), icon="undo-2")
        self.load()

    # ── the queue ──

    def _call_next(self) -> None:
        from aidtrack.services import queueing

        self._set_busy(True)
        call = partial(queueing.call_next, request_id=new_id())
        jobs.write(call, owner=self, then=self._on_called, failed=self._on_refused)

    def _on_called(self, ticket: TicketRow | None) -> None:
        self._set_busy(False)
        if ticket is None:
            messages.attention(Text("Nobody is waiting"), icon="users")
            return
        messages.done(Text("Called: {ticket}", ticket=ticket.label), icon="ticket", undo=self._undo_call)
        self._close_family()
        if ticket.household_id is not None:
            self.open_family(ticket.household_id)

    def _undo_call(self) -> None:
        from aidtrack.services import queueing

        jobs.write(partial(queueing.undo_last, request_id=new_id()), owner=self, then=lambda _: self._close_family())

    def _not_here(self) -> None:
        from aidtrack.services import queueing

        ticket = self._now.ticket if self._now else None
        if ticket is not None:
            fn = partial(queueing.not_here, request_id=new_id(), ticket_id=ticket.id)
            jobs.write(fn, owner=self, then=self._on_not_here)

    def _on_not_here(self, ticket: TicketRow) -> None:
        messages.done(Text("{ticket}: not here, the place is kept", ticket=ticket.label), undo=self._undo_call)
        self._close_family()

    def _finish_ticket(self) -> None:
        """Nothing else today: the number is served."""
        from aidtrack.services import queueing

        ticket = self._open_ticket()
        if ticket is not None:
            fn = partial(queueing.serve, request_id=new_id(), ticket_id=ticket.id)
            jobs.write(fn, owner=self, then=self._on_finished)

    def _on_finished(self, ticket: TicketRow) -> None:
        messages.done(Text("{ticket}: done", ticket=ticket.label), undo=self._undo_call)
        self._close_family()

    def _to_shift_lead(self) -> None:
        """The number goes on to the shift lead with its time; a family without one gets one."""
        from aidtrack.services import queueing

        ticket, view = self._open_ticket(), self._view
        if ticket is not None:
            send = partial(queueing.move_stage, request_id=new_id(), ticket_id=ticket.id, stage=Stage.SHIFT_LEAD)
        elif view is not None:
            facts: dict[str, Any] = {"lane": Lane.A, "household_id": view.family.id, "stage": Stage.SHIFT_LEAD}
            send = partial(queueing.issue_ticket, request_id=new_id(), **facts)
        else:
            return
        jobs.write(send, owner=self, then=self._on_sent_on)

    def _on_sent_on(self, ticket: TicketRow) -> None:
        text = Text("{ticket} goes to the shift lead and keeps its time", ticket=ticket.label)
        messages.done(text, icon="arrow-right", undo=self._undo_call)
        self._close_family()

    # ── forms over the visit ──

    def _to_register(self) -> None:
        self._stack.setCurrentWidget(self.register)
        self.register.start(self.find_box.typed())
        self.refresh_actions()

    def _to_change(self) -> None:
        if self._view is not None:
            self._stack.setCurrentWidget(self.register)
            self.register.edit(self._view.family.id)
            self.refresh_actions()

    def _to_intake(self) -> None:
        if self._view is not None:
            self._stack.setCurrentWidget(self.intake)
            self.intake.start(self._view.family.id)
            self.refresh_actions()

    def _back_to_visit(self) -> None:
        self._stack.setCurrentIndex(0)
        if self._view is not None:
            self._read_again()
            self.allowance.rest()
        else:
            self.find_box.focus()
        self.refresh_actions()

    def _on_registered(self, receipt: HouseholdReceipt) -> None:
        """A new family stands at the window: the number that was called is its own from now on."""
        from aidtrack.services import queueing

        self.find_box.clear()
        ticket = self._now.ticket if self._now else None
        if ticket is not None and ticket.household_id is None and ticket.state in OPEN:
            ids: dict[str, Any] = {"ticket_id": ticket.id, "household_id": receipt.household_id}
            tie = partial(queueing.tie_ticket, request_id=new_id(), **ids)
            jobs.write(tie, owner=self, then=lambda _: self.open_family(receipt.household_id))
        else:
            self.open_family(receipt.household_id)

    # ── paper ──

    def _print_slip(self) -> None:
        from aidtrack.ui import printing

        rows = self._cancellable()
        hand_over_id = rows[0].id if rows else self._last.id if self._last else None
        if hand_over_id is not None:
            printing.print_hand_over(self, hand_over_id)

    def _print_card(self) -> None:
        from aidtrack.ui import printing

        if self._view is not None:
            printing.print_family_card(self, self._view.family.id)

    def _print_form(self) -> None:
        """Filled for the family that is open, else blank."""
        from aidtrack.ui import printing

        printing.print_form(self, self._view.family.id if self._view is not None else None)

    # ── Qt ──

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._view is None and self._panel() is None:
            self.find_box.focus()

    def retranslate(self) -> None:
        self.family.retranslate()
        self.allowance.retranslate()
        self.next_card.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._panel() is None:
            self.allowance.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape and self._panel() is None:
            self._on_escape()
        else:
            super().keyPressEvent(event)

    def _on_escape(self) -> None:
        """Back by one step; what was typed in a quantity stays."""
        if self._moving is not None:
            self._moving = None
            messages.clear()
            self.allowance.rest()
        elif self._view is not None and not self.allowance.is_touched:
            self._close_family()
        self.refresh_actions()


def _place(row: Any) -> str:
    return tr("{day}, signed {place}", day=sentences.on_day(row.day), place=str(row.signed_at))
