"""The Desk: find a family, see what it can have now, hand it over by one key; register a new one; call the next number.

Shows one family with its people, its past and its allowance. Does the flow of a visit and every key of it. Listens to hand-overs,
people, queue, stock, programmes and days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget

from aidtrack.domain.access import Permission
from aidtrack.domain.handover import LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import OPEN
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.pages.desk.cancelling import Cancelling
from aidtrack.ui.pages.desk.columns import VisitColumns
from aidtrack.ui.pages.desk.intake import IntakePanel
from aidtrack.ui.pages.desk.lead_calls import LeadCalls
from aidtrack.ui.pages.desk.owing import Owing
from aidtrack.ui.pages.desk.queue_keys import QueueKeys
from aidtrack.ui.pages.desk.register import RegisterPanel
from aidtrack.ui.pages.desk.separating import Separating
from aidtrack.ui.pages.people import keeping
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from aidtrack.services.handover import DeskNow, DeskView, HandOverReceipt, Scanned
    from aidtrack.services.people import HouseholdReceipt
    from aidtrack.services.people.children import CallRow
    from aidtrack.services.queueing import TicketRow


class DeskPage(Page):
    """One visit at a time: nothing open, a family open, a new family, or its aid form."""

    name = "desk"
    title = Text("Desk")
    icon = "scan-line"
    shows = frozenset({Kind.HANDOVERS, Kind.PEOPLE, Kind.QUEUE, Kind.STOCK, Kind.CAMPAIGNS, Kind.DAYS, Kind.PROMISES})

    def __init__(self) -> None:
        super().__init__()
        self._view: DeskView | None = None
        self._now: DeskNow | None = None
        self._collector: UUID | None = None
        self._card = ""  # what was scanned or typed of the open family's card
        self._last: HandOverReceipt | None = None
        self._is_busy = self._is_looking = False
        self._household: UUID | None = None  # whose family is open, or being opened
        self._reading: jobs.Job | None = None
        self._request = Request()
        self._build()

    # ── building ──

    def _build(self) -> None:
        self._visit = VisitColumns()
        self.find_box, self.next_card = self._visit.find_box, self._visit.next_card
        self.family, self.allowance = self._visit.family, self._visit.allowance
        self.register = RegisterPanel()
        self.intake = IntakePanel()
        self._stack = QStackedWidget()
        for page in (self._visit, self.register, self.intake):
            self._stack.addWidget(page)
        self.calls = LeadCalls(self)
        self.root.addWidget(self.calls)
        self.root.addWidget(self._stack)
        self.queue = QueueKeys(self)
        self.cancelling = Cancelling(self)
        self.separating = Separating(self)
        self.owing = Owing(self)
        self._connect()
        self.follow_main(self.allowance.main)

    def _connect(self) -> None:
        self.find_box.chosen.connect(self._on_found)
        self.allowance.edited.connect(self.refresh_actions)
        self.allowance.wait_wanted.connect(self._keep_place)
        self.owing.changed.connect(self.load)
        for panel in (self.register, self.intake):
            panel.changed.connect(self.refresh_actions)
            panel.given_up.connect(self._back_to_visit)
        self.register.saved.connect(self._on_registered)
        self.register.same_family.connect(self.open_family)
        self.register.wanted.connect(self._show_register)
        self.intake.saved.connect(lambda _: self._back_to_visit())
        self.calls.answered.connect(self._answer_call)
        self.queue.began.connect(partial(self._set_busy, True))
        self.queue.failed.connect(self._on_refused)
        self.queue.called.connect(self._on_called)
        self.queue.left.connect(self._close_family)
        self.cancelling.cancelled.connect(self.load)
        self.cancelling.wants_family.connect(self._to_find)
        self.cancelling.taken_back.connect(self.open_family)
        self.separating.wants_family.connect(self._to_find)
        self.separating.separated.connect(self.open_family)
        self.separating.moved.connect(self.open_family)

    def on_narrow(self, narrow: bool) -> None:
        self._visit.fold(narrow)
        self.register.fold(narrow)

    # ── reading ──

    def load(self) -> None:
        from aidtrack.services import handover

        jobs.read(handover.desk_now, owner=self, then=self._show_now, latest="now")
        self._read_calls()
        self._read_again()

    def _read_calls(self) -> None:
        """Windows that ask for the shift lead, where one works here."""
        from aidtrack.services.people import children

        if jobs.actor().may(Permission.PROTECT):
            jobs.read(children.open_calls, owner=self, then=self._show_calls, latest="calls")
        else:
            self.calls.show_calls(())

    def _show_calls(self, rows: Sequence[CallRow]) -> None:
        self.calls.show_calls(rows)
        self.refresh_actions()

    def _answer_call(self, household_id: UUID) -> None:
        from aidtrack.services.people import children

        answer = partial(children.answer_call, request_id=new_id(), household_id=household_id)
        jobs.write(answer, owner=self, then=lambda _: self.open_family(household_id))

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

        ask = partial(handover.desk_view, household_id=household_id, card=self._card)
        self._household = household_id
        self._reading = jobs.read(ask, owner=self, then=self._show_family, latest="family")

    def _read_again(self) -> None:
        """The open family as it is now; after a lost answer what was sent stands as it is, so that F9 sends the same."""
        if self._view is not None and not self._request.is_open:
            self._read_family(self._view.family.id)

    def open_family(self, household_id: UUID, collector: UUID | None = None, card: str = "") -> None:
        """Opens a family; `collector` is the person who is known to stand here, `card` what was scanned or typed of their card."""
        if self._household != household_id or self._request.is_open:
            self._empty()
        self._collector, self._card = collector, card
        self._stack.setCurrentIndex(0)
        self._read_family(household_id)
        self.refresh_actions()

    def _show_family(self, view: DeskView) -> None:
        is_new = self._view is None or self._view.family.id != view.family.id
        self._view = view
        if is_new:
            self._write_down(view.family.id)
        may_count = jobs.actor().may(Permission.HAND_OVER) or jobs.actor().may(Permission.STOCK_COUNT)
        self.family.show_view(view)
        self.allowance.show_view(view, self._preset(view), may_count=may_count)
        self.cancelling.show_history(view.family.head_name, view.history)
        if is_new and self._stack.currentIndex() == 0:
            self.allowance.rest()
        self.refresh_actions()

    def _write_down(self, household_id: UUID) -> None:
        """Whoever opens a family stands in the journal (field.md §1, 11); the family is on the screen before that is saved."""
        from aidtrack.services import people

        opened = partial(people.open_household, request_id=new_id(), household_id=household_id, card=self._card)
        jobs.write(opened, owner=self, then=lambda _: None)

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
        self._card = ""
        self._request.ended()
        self.family.show_nothing()
        self.allowance.show_nothing()
        self.cancelling.show_history("", ())

    # ── what the keys do ──

    def main_action(self) -> Action | None:
        panel = self._panel()
        if panel is not None:
            return panel.main_action()
        if self._view is not None and not self.allowance.can_give and self._open_ticket() is not None:
            return Action(Text("Done"), self._finish_ticket, self._is_free())
        return Action(Text("Hand over"), self._hand_over, self._may_give())

    def keys(self) -> Mapping[Key, Action]:
        """While it is not known whose card was scanned, nothing happens to the family before, nor to its number."""
        panel, has_somebody = self._panel(), self._view is not None or self._open_ticket() is not None
        is_called = self._now is not None and self._now.ticket is not None
        own = {
            Key.FIND: Action(None, self._to_find),
            Key.NEW: Action(None, self._to_register, jobs.actor().may(Permission.REGISTER)),
            Key.NEXT: Action(None, self._call_next, jobs.actor().may(Permission.CALL) and self._is_free()),
            Key.NOT_HERE: Action(None, self._not_here, is_called and self._is_free()),
            Key.SHIFT_LEAD: Action(None, self._to_shift_lead, has_somebody and self._is_free()),
        }
        if self.calls.is_open:
            own[Key.SHIFT_LEAD] = Action(Text("I am coming"), self.calls.answer, self._is_free())
        return {**own, **panel.keys()} if panel is not None else own

    def more(self) -> Sequence[Action]:
        panel = self._panel()
        if panel is not None:
            return panel.more()
        has_family, has_past = self._view is not None, bool(self.cancelling.rows())
        may_cancel = has_past and self._is_free() and jobs.actor().may(Permission.CANCEL_HAND_OVER)
        may_finish = self._open_ticket() is not None and self._is_free()
        may_change = has_family and jobs.actor().may(Permission.REGISTER)
        return [
            Action(Text("Cancel a hand-over"), self.cancelling.ask_which, may_cancel),
            Action(Text("Print the slip of the last hand-over"), self._print_slip, has_past or self._last is not None),
            Action(Text("Card and protection"), self._ask_card, has_family and self._is_free()),
            Action(Text("Fill in the aid form"), self._to_intake, has_family),
            Action(Text("Print the aid form"), self._print_form),
            Action(Text("Change the family"), self._to_change, may_change),
            Action(Text("Separate card"), self._separate, may_change),
            Action(Text("To another family"), self._move_people, may_change),
            Action(Text("On loan, take back"), self._show_loans, has_family and self._is_free()),
            Action(Text("Done: nothing else today"), self._finish_ticket, may_finish),
            *self.owing.actions(self._view if self._is_free() else None),
        ]

    def _show_loans(self) -> None:
        from aidtrack.ui.lending import show_loans

        if self._view is not None:
            show_loans(self, self._view.family.id)

    def on_digit(self, digit: int) -> bool:
        panel = self._panel()
        return panel.on_digit(digit) if panel is not None else self.allowance.choose_digit(digit)

    def on_scan(self, code: str) -> bool:
        from aidtrack.services import handover

        ask = partial(handover.scanned, code=code)
        jobs.read(ask, owner=self, then=partial(self._on_scanned, code), failed=self._on_not_scanned, latest="card")
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

    def _is_free(self) -> bool:
        """Nothing is being booked, and it is known who stands here."""
        return not self._is_busy and not self._is_looking

    def _may_give(self) -> bool:
        view = self._view
        may = view is not None and view.is_day_open and jobs.actor().may(Permission.HAND_OVER)
        return may and self._is_free() and not self._is_moving() and self.allowance.can_give

    def _is_moving(self) -> bool:
        """The next family that is scanned or found is the other one: of the goods, or of the people."""
        return self.cancelling.is_moving or self.separating.is_moving

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
        if self.separating.is_moving:
            self.separating.move_to(household)
        elif self.cancelling.is_moving:
            self.cancelling.move_to(household)
        else:
            named = getattr(found, "name", "")
            self.open_family(household, getattr(found, "person_id", None) if named else None, self.find_box.typed())

    def _set_looking(self, looking: bool) -> None:
        """While it is not known whose card was scanned, nothing is given to the family before."""
        self._is_looking = looking
        self.refresh_actions()

    def _on_not_scanned(self, error: BaseException) -> None:
        self._set_looking(False)
        messages.show_error(error)

    def _on_scanned(self, code: str, found: Scanned) -> None:
        self._set_looking(False)
        ticket = found.ticket
        if ticket is not None and found.household_id is None and ticket.state in OPEN:
            self.queue.take(ticket)
        else:
            self._on_card(found.household_id, code)

    def _on_card(self, household_id: UUID | None, code: str) -> None:
        if household_id is None:
            text = Text("This code is not known here. Find the family by name, or register it: F3.")
            messages.fault(text, icon="scan-line")
        elif self.separating.is_moving:
            self.separating.move_to(household_id)
        elif self.cancelling.is_moving:
            self.cancelling.move_to(household_id)
        elif self._view is not None and self._view.family.id != household_id and self.allowance.is_touched:
            text = Text("Finish {family} first: F9. The new card waits.", family=self._view.family.head_name)
            messages.attention(
                text, action=(Text("Open the new card"), partial(self.open_family, household_id, None, code))
            )
        else:
            messages.clear()
            self.open_family(household_id, None, code)

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
        messages.done(sentences.done(receipt), undo=partial(self.cancelling.take_back, receipt))

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

    def _keep_place(self, rule_id: UUID) -> None:
        if self._view is not None and self._is_free():
            self.owing.keep_place(self._view, rule_id)

    # ── the queue ──

    def _call_next(self) -> None:
        self.queue.call_next()

    def _on_called(self, ticket: TicketRow | None) -> None:
        self._set_busy(False)
        if ticket is None:
            return
        self._close_family()
        if ticket.household_id is not None:
            self.open_family(ticket.household_id)

    def _not_here(self) -> None:
        ticket = self._now.ticket if self._now else None
        if ticket is not None:
            self.queue.not_here(ticket)

    def _finish_ticket(self) -> None:
        ticket = self._open_ticket()
        if ticket is not None:
            self.queue.finish(ticket)

    def _to_shift_lead(self) -> None:
        ticket, view = self._open_ticket(), self._view
        if ticket is not None or view is not None:
            self.queue.to_shift_lead(ticket, view.family.id if view is not None else None)

    # ── forms over the visit ──

    def _to_register(self) -> None:
        self._stack.setCurrentWidget(self.register)
        self.register.start(self.find_box.typed())
        self.refresh_actions()

    def _show_register(self) -> None:
        self._stack.setCurrentWidget(self.register)
        self.refresh_actions()

    def _to_change(self) -> None:
        if self._view is not None:
            self._stack.setCurrentWidget(self.register)
            self.register.edit(self._view.family.id)
            self.refresh_actions()

    def _separate(self) -> None:
        if self._view is not None:
            self.separating.ask_separate(self._view.family)

    def _move_people(self) -> None:
        if self._view is not None:
            self.separating.ask_move(self._view.family)

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
        self.find_box.clear()
        ticket = self._now.ticket if self._now else None
        self.queue.tie(
            ticket, receipt.household_id, partial(self.open_family, receipt.household_id, None, receipt.card_number)
        )

    # ── paper ──

    def _print_slip(self) -> None:
        from aidtrack.ui import printing

        rows = self.cancelling.rows()
        hand_over_id = rows[0].id if rows else self._last.id if self._last else None
        if hand_over_id is not None:
            printing.print_hand_over(self, hand_over_id)

    def _ask_card(self) -> None:
        if self._view is not None:
            family = self._view.family
            keeping.ask(self, family.id, family.is_protected, self._print_card)

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
        self._visit.retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._panel() is None:
            self.allowance.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape and self._panel() is None:
            self._on_escape()
        else:
            super().keyPressEvent(event)

    def _on_escape(self) -> None:
        """Back by one step; what was typed in a quantity stays."""
        if self.separating.is_moving:
            self.separating.stop_moving()
        elif self.cancelling.is_moving:
            self.cancelling.stop_moving()
            self.allowance.rest()
        elif self._view is not None and not self.allowance.is_touched:
            self._close_family()
        self.refresh_actions()
