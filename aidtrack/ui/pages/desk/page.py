"""The Desk: find a family, see what it can have now, hand it over by one key; register a new one; call the next number.

Shows one family with its people, its past and its allowance. Does the flow of a visit and every key of it. Listens to hand-overs,
people, queue, stock, programmes and days.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from aidtrack.domain.access import Permission
from aidtrack.domain.handover import LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import OPEN
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages, sound
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.desk import delivering, papers, seeing, sentences
from aidtrack.ui.pages.desk.cancelling import Cancelling
from aidtrack.ui.pages.desk.changing import Changing
from aidtrack.ui.pages.desk.columns import VisitColumns
from aidtrack.ui.pages.desk.disputing import Disputing
from aidtrack.ui.pages.desk.handing import Handing
from aidtrack.ui.pages.desk.intake import IntakePanel
from aidtrack.ui.pages.desk.lead_calls import LeadCalls
from aidtrack.ui.pages.desk.owing import Owing
from aidtrack.ui.pages.desk.queue_keys import QueueKeys
from aidtrack.ui.pages.desk.register import RegisterPanel
from aidtrack.ui.pages.desk.separating import Separating
from aidtrack.ui.pages.desk.several import Several
from aidtrack.ui.pages.people import keeping
from aidtrack.ui.parts import Stack

if TYPE_CHECKING:
    from aidtrack.services.disputes import DisputeReceipt
    from aidtrack.services.handover import DeskNow, DeskView, HandOverReceipt, Scanned
    from aidtrack.services.people import HouseholdReceipt
    from aidtrack.services.queueing import TicketRow


LESS_IS_POSSIBLE = ("short", "more-than-allowed")


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
        self._is_scanned = False  # the card of the open family was before the scanner
        self.made_of(self._build())

    # ── building ──

    def _build(self) -> Iterator[None]:
        self.calls = LeadCalls(self)
        self._stack = Stack()
        self.root.addWidget(self.calls)
        self.root.addWidget(self._stack)
        self._visit = VisitColumns()
        self._stack.addWidget(self._visit)
        yield
        yield from self._visit.build()
        self.find_box, self.next_card = self._visit.find_box, self._visit.next_card
        self.family, self.allowance = self._visit.family, self._visit.allowance
        yield
        self.register = RegisterPanel(self._stack, at_once=False)
        self._stack.addWidget(self.register)
        yield from self.register.build()
        yield
        self.intake = IntakePanel()
        yield
        self._stack.addWidget(self.intake)
        yield
        self.queue = QueueKeys(self)
        self.handing = Handing(self)
        self.several = Several(self)
        self.changing = Changing(self, self.handing.approving)
        self.cancelling = Cancelling(self)
        self.separating = Separating(self)
        self.owing = Owing(self)
        self.disputing = Disputing(self)
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
        self.calls.answered.connect(self.open_family)
        self.calls.changed.connect(self.refresh_actions)
        self.handing.began.connect(partial(self._set_busy, True))
        self.handing.given.connect(self._on_given)
        self.handing.failed.connect(self._on_not_given)
        self.changing.changed.connect(self.load)
        self.changing.given.connect(self._on_given_without_names)
        self.queue.began.connect(partial(self._set_busy, True))
        self.queue.failed.connect(self._on_refused)
        self.queue.called.connect(self._on_called)
        self.queue.left.connect(self._close_family)
        self.cancelling.cancelled.connect(self.load)
        self.cancelling.wants_family.connect(self._to_find)
        self.cancelling.taken_back.connect(self.open_family)
        self.separating.wants_family.connect(self._to_find)
        self.disputing.wants_family.connect(self._to_find)
        self.disputing.settled.connect(self._on_settled)
        self.separating.separated.connect(self.open_family)
        self.separating.moved.connect(self.open_family)

    def on_narrow(self, narrow: bool) -> None:
        self._visit.fold(narrow)
        self.register.fold(narrow)

    # ── reading ──

    def load(self) -> None:
        from aidtrack.services import handover

        jobs.follow(handover.desk_now, owner=self, then=self._show_now, name="now")
        self.calls.load()
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
        self._household = household_id
        self._reading = jobs.read(self._asked_about(household_id), owner=self, then=self._show_read, latest="family")

    def _asked_about(self, household_id: UUID) -> jobs.Ask[DeskView]:
        from aidtrack.services import handover

        return partial(handover.desk_view, household_id=household_id, card=self._card)

    def _read_again(self) -> None:
        """The open family as it is now; after a lost answer what was sent stands as it is, so that F9 sends the same."""
        view = self._view
        if view is not None and not seeing.may_stay(view, self._card):
            self._hide_family()
        elif view is not None and not self.handing.is_open:
            ask = self._asked_about(view.family.id)
            jobs.follow(ask, owner=self, then=self._show_again, failed=self._on_not_shown, name="family again")

    def _on_not_shown(self, error: BaseException) -> None:
        if seeing.is_hidden(error):
            self._hide_family()
        messages.show_error(error)

    def _hide_family(self) -> None:
        """With the form that lies over it."""
        self._stack.setCurrentIndex(0)
        self._close_family()

    def _show_again(self, view: DeskView) -> Generator[None]:
        """Unless it was closed meanwhile, or is being handed over to: then the answer is of a moment that is over."""
        pieces = self._show_read(view)
        while self._is_still_open(view) and next(pieces, pieces) is not pieces:
            yield

    def _is_still_open(self, view: DeskView) -> bool:
        is_open = self._view is not None and self._view.family.id == view.family.id == self._household
        return is_open and not self.handing.is_open

    def open_family(
        self, household_id: UUID, collector: UUID | None = None, card: str = "", *, is_scanned: bool = False
    ) -> None:
        """Opens a family; `collector` is the person who is known to stand here, `card` what was scanned or typed of their card."""
        if self._household != household_id or self.handing.is_open:
            self.empty(soon=True)
        self._collector, self._card, self._is_scanned = collector, card, is_scanned
        self._stack.setCurrentIndex(0)
        self._read_family(household_id)
        self.refresh_actions()

    def _show_read(self, view: DeskView) -> Generator[None]:
        """Who they are, what they can have, what they had: in turns of the window, for all at once takes too long."""
        self.family.show_view(view)
        yield
        is_new = self._view is None or self._view.family.id != view.family.id
        self._show_goods(view)
        if is_new:
            self._write_down(view.family.id)
            self.several.fill_again()
        yield
        self.cancelling.show_history(view.family.head_name, view.history)
        self.changing.show_family(view.history, view.allowances)
        if is_new and self._stack.currentIndex() == 0:
            self.allowance.rest()
        self.refresh_actions()

    def _show_goods(self, view: DeskView) -> None:
        self._view = view
        may_count = jobs.actor().may(Permission.HAND_OVER) or jobs.actor().may(Permission.STOCK_COUNT)
        for_others = self.several.for_others
        preset = None if for_others else sentences.who_collects(view, self._collector, is_scanned=self._is_scanned)
        self.allowance.show_view(view, preset, may_count=may_count, for_others=for_others)

    def _write_down(self, household_id: UUID) -> None:
        """Whoever opens a family stands in the journal (field.md §1, 11); the family is on the screen before that is saved."""
        from aidtrack.services import people

        opened = partial(people.open_household, request_id=new_id(), household_id=household_id, card=self._card)
        jobs.write(opened, owner=self, then=lambda _: None)

    def _close_family(self) -> None:
        """The Desk is ready for the next family."""
        self.several.end()
        self.empty()
        self.find_box.clear()
        self.find_box.focus()
        self.refresh_actions()

    def empty(self, *, soon: bool = False) -> None:
        """No family: nothing can be given, and one that is still being read does not come. `soon`: another is about to."""
        if self._reading is not None:
            self._reading.cancel()
        self._view = self._household = self._collector = None
        self._card, self._is_scanned = "", False
        self.handing.forget()
        self.several.forget()
        self.family.show_nothing(soon=soon)
        self.allowance.show_nothing(soon=soon)
        self.cancelling.show_history("", ())
        self.changing.show_family((), ())

    # ── what the keys do ──

    def main_action(self) -> Action | None:
        panel = self._panel()
        if panel is not None:
            return panel.main_action()
        if self._view is not None and not self.allowance.can_give and self.open_ticket() is not None:
            return Action(Text("Done"), self._finish_ticket, self._is_free())
        return Action(self._hand_over_word(), self._hand_over, self._may_give())

    def _hand_over_word(self) -> Text:
        families = len(self.allowance.together.families) + self.allowance.can_give
        if families < 2:
            return Text("Hand over")
        return Text.plural("Hand over to {n} family", "Hand over to {n} families", n=families)

    def keys(self) -> Mapping[Key, Action]:
        """While it is not known whose card was scanned, nothing happens to the family before, nor to its number."""
        panel, has_somebody = self._panel(), self._view is not None or self.open_ticket() is not None
        is_called = self._now is not None and self._now.ticket is not None
        own = {
            Key.FIND: Action(None, self._to_find),
            Key.NEW: Action(None, self._to_register, jobs.actor().may(Permission.REGISTER)),
            Key.NEXT: Action(None, self._call_next, jobs.actor().may(Permission.CALL) and self._is_free()),
            Key.NOT_HERE: Action(None, self._not_here, is_called and self._is_free()),
            Key.SHIFT_LEAD: Action(None, self._to_shift_lead, has_somebody and self._is_free()),
        }
        if self._view is not None and self.disputing.is_about(self._view):
            own[Key.SHIFT_LEAD] = self.disputing.action(self._view, Text("How it ended"), self._is_free())
        if self.calls.is_open:
            own[Key.SHIFT_LEAD] = Action(Text("I am coming"), self.calls.answer, self._is_free())
        return {**own, **panel.keys()} if panel is not None else own

    def more(self) -> Sequence[Action]:
        panel = self._panel()
        if panel is not None:
            return panel.more()
        has_family, has_past = self._view is not None, bool(self.cancelling.rows())
        may_cancel = has_past and self._is_free() and jobs.actor().may(Permission.CANCEL_HAND_OVER)
        may_finish = self.open_ticket() is not None and self._is_free()
        may_change = has_family and jobs.actor().may(Permission.REGISTER)
        may_give = has_family and self._is_free() and jobs.actor().may(Permission.HAND_OVER)
        slip = partial(papers.print_slip, self, self.cancelling.rows(), self._last)
        return [
            Action(Text("For several families"), self.several.start, may_give),
            Action(Text("Cancel a hand-over"), self.cancelling.ask_which, may_cancel),
            Action(Text("Correct a hand-over"), self.changing.ask_correct, may_cancel and self.changing.can_correct),
            Action(Text("Exchange a size"), self.changing.ask_exchange, may_give and has_past),
            Action(Text("Something else in its place"), partial(self.changing.ask_instead, self.allowance), may_give),
            Action(Text("More than is due"), self.allowance.ask_for_more, may_give),
            Action(Text("Goods without registration"), self.changing.ask_unregistered, self._may_give_without_names()),
            Action(Text("Print the slip"), slip, has_past or self._last is not None),
            Action(Text("Card and protection"), self._ask_card, has_family and self._is_free()),
            Action(Text("Fill in the aid form"), self._to_intake, has_family),
            Action(Text("Print the aid form"), partial(papers.print_form, self, self._view)),
            Action(Text("Change the family"), self._to_change, may_change),
            Action(Text("Separate card"), partial(self.separating.ask_separate, self._view), may_change),
            Action(Text("To another family"), partial(self.separating.ask_move, self._view), may_change),
            Action(Text("On loan, take back"), partial(papers.show_loans, self, self._view), has_family and self._is_free()),
            Action(Text("Home delivery"), partial(delivering.ask, self), jobs.actor().may(Permission.PROTECT)),
            Action(Text("Done: nothing else today"), self._finish_ticket, may_finish),
            *self.owing.actions(self._view if self._is_free() else None),
            self.disputing.action(self._view, Text("How a dispute ended"), self._is_free()),
        ]

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

    @property
    def view(self) -> DeskView | None:
        """The family that is open."""
        return self._view

    @property
    def card(self) -> str:
        """What was scanned or typed of the open family's card."""
        return self._card

    def _is_free(self) -> bool:
        """Nothing is being booked, and it is known who stands here."""
        return not self._is_busy and not self._is_looking

    def _may_give(self) -> bool:
        view = self._view
        may = view is not None and view.is_day_open and jobs.actor().may(Permission.HAND_OVER)
        has_goods = self.allowance.can_give or bool(self.allowance.together.families)
        return may and self._is_free() and self._moving() is None and has_goods

    def _may_give_without_names(self) -> bool:
        by = jobs.actor()
        return self._is_free() and by.desk_id is not None and by.may(Permission.HAND_OVER)

    def _moving(self) -> Disputing | Separating | Cancelling | None:
        """The next family that is scanned or found is the other one: of the goods, or of the people."""
        return next((one for one in (self.disputing, self.separating, self.cancelling) if one.is_moving), None)

    def open_ticket(self) -> TicketRow | None:
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
        if (moving := self._moving()) is not None:
            moving.move_to(household)
        else:
            named = getattr(found, "name", "")
            if self._household != household and self.allowance.is_touched:
                self.several.put_aside()
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
        if household_id is None and self.allowance.take_number(code):
            return
        if household_id is None:
            sentences.say_unknown(code)
        elif (moving := self._moving()) is not None:
            moving.move_to(household_id)
        elif self._view is not None and self._view.family.id != household_id and self._may_give():
            self.several.card_over_open(household_id, code)
        else:
            messages.clear()
            self._put_down()
            self.open_family(household_id, None, code, is_scanned=True)
        if household_id is not None:
            sound.play(sound.Tone.SOFT)

    def _put_down(self) -> None:
        """A card in the middle of a form: the family opens, and it is said where the form is."""
        if self._panel() is self.register and self.register.put_down():
            messages.done(Text("The new family that was begun is kept: F3 opens it again."), icon="save")

    # ── handing over ──

    def _hand_over(self) -> None:
        ready = self.allowance.together.families
        own = self.allowance.draft() if self.allowance.can_give else None
        if self.several.for_others is not None and own is not None and own.how_known is None:
            messages.attention(Text("How do we know that they collect for this family? Press a digit."))
            return
        drafts = [*(one.draft for one in ready), *([own] if own is not None else [])]
        if not drafts or not self._may_give():
            return
        is_more = self.allowance.is_more or any(one.is_more for one in ready)
        self.handing.press(drafts, is_more=is_more)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.refresh_actions()

    def _on_given(self, receipts: tuple[HandOverReceipt, ...]) -> None:
        sound.play(sound.Tone.SOFT)
        self._last = receipts[-1]
        self._set_busy(False)
        if self._household in (None, *(one.household_id for one in receipts)) or self.several.is_together:
            waiting = self.several.next
            self._close_family()
            self.several.open_next(waiting)
        messages.done(sentences.done(*receipts), undo=partial(self.cancelling.take_back, receipts))

    def _on_given_without_names(self, receipt: HandOverReceipt) -> None:
        """Undo stands ready as for a family."""
        self._last = receipt
        messages.done(sentences.done(receipt), undo=partial(self.cancelling.take_back, (receipt,)))

    def _on_not_given(self, error: BaseException) -> None:
        """The same view stays, only the lines that cannot be given change."""
        if isinstance(error, LinesRefused) and self._view is not None:
            household = self._view.family.id
            possible = {one.rule_id: one.possible for one in error.lines if one.household_id in (None, household)}
            if error.code in LESS_IS_POSSIBLE:
                self.allowance.limit(possible)
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
        ticket = self.open_ticket()
        if ticket is not None:
            self.queue.finish(ticket)

    def _to_shift_lead(self) -> None:
        ticket, view = self.open_ticket(), self._view
        if ticket is not None or view is not None:
            self.queue.to_shift_lead(ticket, view.family.id if view is not None else None)

    def _on_settled(self, receipt: DisputeReceipt) -> None:
        card = self._card
        self._close_family()
        if receipt.outcome.goes_on:
            self.open_family(receipt.household_id, None, card, is_scanned=bool(card))

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

    def _ask_card(self) -> None:
        if self._view is not None:
            family = self._view.family
            keeping.ask(self, family.id, family.is_protected, partial(papers.print_card, self, self._view))

    def on_shown(self) -> None:
        if self._view is None and self._panel() is None:
            self.find_box.focus()

    # ── Qt ──

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
        if (moving := self._moving()) is not None and moving is not self.cancelling:
            moving.stop_moving()
        elif self.cancelling.is_moving:
            self.cancelling.stop_moving()
            self.allowance.rest()
        elif self.several.step_back():
            pass
        elif self._view is not None and not self.allowance.is_touched:
            self._close_family()
        self.refresh_actions()
