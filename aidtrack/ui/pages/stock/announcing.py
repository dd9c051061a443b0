"""Deliveries that are announced: typed like any paper of the store, listed with what is promised and waited for, dated anew, cancelled,
and received with their lines filled in.

Owns the paper, the list and its questions. What a promise is stands in `services.promises`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseState
from aidtrack.errors import Text
from aidtrack.services import days, promises
from aidtrack.services.promises import AnnouncementRow, PromiseRow, WaitRow
from aidtrack.services.stock import StockRow
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import Answer, FormDialog, Panelled, Question
from aidtrack.ui.inputs import DateInput, NumberInput, TextInput
from aidtrack.ui.late_promises import LatePromises, NewDateDialog
from aidtrack.ui.pages.stock.lines import Goods, LineRow
from aidtrack.ui.pages.stock.papers import Paper, PaperPanel, WordInput, units_of
from aidtrack.ui.parts import Button, Field
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

OwedRow = PromiseRow | WaitRow | AnnouncementRow


# ── the paper ────────────────────────────────────────────────────────────────────────────────────


class AnnouncedLineRow(LineRow):
    """A line of an announcement: item and how many."""

    def __init__(self, n: int, goods: Goods) -> None:
        super().__init__(n, goods)
        self.quantity = NumberInput(1, name=f"line_{n}_quantity")
        self.inputs |= {"quantity": self.quantity}

    def line(self) -> AnnouncedLine:
        """The line as typed."""
        return AnnouncedLine(self.item.value(), self.quantity.value())

    def units(self) -> int:
        """Units of this line."""
        return self.quantity.value() or 0


def _fields() -> Sequence[tuple[Field, int]]:
    return (
        (Field(Text("From whom"), WordInput(), name="supplier"), 3),
        (Field(Text("Expected on"), DateInput(optional=False), Text("15.8 will do"), name="expected_on"), 2),
        (Field(Text("Donor or project"), TextInput(), Text("by Tab, may be empty"), name="donor"), 3),
    )


def _draft(values: Mapping[str, Any], lines: tuple[AnnouncedLine, ...]) -> AnnouncementDraft:
    return AnnouncementDraft(values["supplier"], values["expected_on"], lines, values["donor"])


ANNOUNCEMENT = Paper(
    "announce",
    Text("Announce a delivery"),
    AnnouncedLineRow,
    (("item", Text("Item"), 0), ("quantity", Text("How many"), 110)),
    _fields,
    _draft,
    promises.announce,
    lambda supplier, n: Text("Announced: {supplier}, {units}", supplier=supplier, units=units_of(n)),
    {},
    by_tab=frozenset({"donor"}),
)


class AnnouncePanel(PaperPanel):
    """A delivery that is announced being typed; half of it is kept like any paper."""

    def __init__(self) -> None:
        super().__init__(ANNOUNCEMENT)

    def refill(self) -> None:
        super().refill()
        jobs.read(ask_today, owner=self, then=self._use_day, latest="today")

    def _use_day(self, day: date) -> None:
        for field in self.form.fields():
            if isinstance(field.input, DateInput):
                field.input.today = day

    def send(self, draft: Any, save: Callable[..., UUID], **more: Any) -> None:
        """Saves it, and reads it as it stands in the list."""
        keep = partial(_announce, save=save, draft=draft, request=self._request.id_of(draft))
        jobs.write(keep, owner=self, then=self._on_saved, failed=self._on_failed, busy=self.main_button)

    def _on_saved(self, answer: Any) -> None:
        """What the message line says, with the way back."""
        self._request.ended()
        self._keeper.saved()
        self.clear()
        self.refill()
        said = self.paper.said(answer.supplier, sum(line.quantity for line in answer.lines))
        messages.done(said, undo=partial(self._take_back_announcement, answer), icon="truck")
        self.saved.emit()

    def _take_back_announcement(self, row: AnnouncementRow) -> None:
        reason = i18n.tr("taken back at once")
        cancel = partial(
            promises.cancel_announcement, request_id=new_id(), announcement_id=row.id, reason=reason, version=row.version
        )
        jobs.write(cancel, owner=self, then=lambda _: messages.done(Text("The announced delivery is cancelled."), icon="truck"))


def _announce(session: Session, by: Actor, *, save: Callable[..., UUID], draft: Any, request: UUID) -> AnnouncementRow:
    return promises.announcement_row(session, by, save(session, by, request_id=request, draft=draft))


def ask_today(session: Session, by: Actor) -> date:
    """The day of the centre."""
    return days.current_day(session, by)


# ── the list ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class OwedNow:
    """What is owed of an item, or of all: deliveries to come, open promises, the wait list; and the day."""

    item: StockRow | None
    day: date
    deliveries: tuple[AnnouncementRow, ...]
    promises: tuple[PromiseRow, ...]
    waits: tuple[WaitRow, ...]

    @property
    def rows(self) -> tuple[OwedRow, ...]:
        return (*self.deliveries, *self.promises, *self.waits)


def ask_owed(session: Session, by: Actor, *, item: StockRow | None) -> OwedNow:
    """Reads it all at one moment."""
    item_id = item.item_id if item else None
    return OwedNow(
        item,
        days.current_day(session, by),
        promises.announced(session, by, item_id=item_id),
        promises.promise_rows(session, by, item_id=item_id),
        promises.wait_rows(session, by, item_id=item_id),
    )


class OwedDialog(Panelled):
    """Deliveries, promises and the wait list of an item by card number; the buttons do what can be done with the chosen row."""

    date_wanted = Signal(object)
    cancel_wanted = Signal(object)
    receive_wanted = Signal(object)
    promise_wanted = Signal(object)

    def __init__(self, parent: QWidget, now: OwedNow) -> None:
        title = Text("Promises and wait list: {item}", item=now.item.names) if now.item else Text("Promises and wait list")
        super().__init__(parent, title, width=880, name="owed_dialog")
        columns = [
            Column(Text("What"), _what, width=190, wrap=True),
            Column(Text("Card or supplier"), _whose, width=140, strong=True),
            Column(Text("Item"), _item_names, stretch=True, width=180, wrap=True),
            Column(Text("Units"), _units, align="right", width=110),
            Column(Text("Day"), _day, align="right", width=110),
        ]
        self.table = RecordTable(columns, row_height=36, key=lambda row: row.id, name="owed_table")
        self.table.set_empty("bookmark-check", Text("Nothing is promised, announced or waited for"))
        self.table.show_rows(now.rows)
        self.table.setMinimumHeight(theme.px(360))
        self.body.addWidget(self.table)
        self._date = Button(Text("New date"), "calendar-check", name="owed_date")
        self._cancel = Button(Text("Cancel or leave the list"), "x", name="owed_cancel")
        self._receive = Button(Text("Receive it"), "package-check", name="owed_receive")
        self._promise = Button(Text("Promise it"), "bookmark-check", name="owed_promise")
        line = QHBoxLayout()
        for button, signal in (
            (self._date, self.date_wanted),
            (self._cancel, self.cancel_wanted),
            (self._receive, self.receive_wanted),
            (self._promise, self.promise_wanted),
        ):
            line.addWidget(button)
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit(self.table.current()))
        line.addStretch(1)
        self.body.addLayout(line)
        self.add_foot(Text("A promise stands on goods; a wait list owes nothing. Ctrl+C copies the rows."))
        self.table.moved.connect(self._on_moved)
        if now.rows:
            self.table.select_row(0)
        self._on_moved(self.table.current())
        self.table.setFocus()

    def _on_moved(self, row: OwedRow | None) -> None:
        may = jobs.actor().may
        moves, owes, hands = may(Permission.STOCK_MOVE), may(Permission.PROMISE), may(Permission.HAND_OVER)
        is_delivery, is_promise = isinstance(row, AnnouncementRow), isinstance(row, PromiseRow)
        self._date.setEnabled((is_delivery and moves) or (is_promise and owes))
        self._cancel.setEnabled((is_delivery and moves) or (is_promise and owes) or (isinstance(row, WaitRow) and hands))
        self._receive.setEnabled(is_delivery and moves)
        self._promise.setEnabled(isinstance(row, WaitRow) and owes)


def _what(row: OwedRow) -> Cell:
    if isinstance(row, AnnouncementRow):
        return Cell(Text("delivery, late") if row.is_late else Text("delivery announced"), icon="truck", tone="att" if row.is_late else "")
    if isinstance(row, WaitRow):
        return Cell(Text("wait list, place {n}", n=row.place), icon="list-plus", tone="ink3")
    late = row.state is PromiseState.OVERDUE
    words = Text("promised of a delivery") if row.state is PromiseState.EXPECTED else row.state.text
    return Cell(words, icon="triangle-alert" if late else "bookmark-check", tone="att" if late else "")


def _whose(row: OwedRow) -> str:
    return row.supplier if isinstance(row, AnnouncementRow) else row.card


def _item_names(row: OwedRow) -> str:
    lang = i18n.language()
    if isinstance(row, AnnouncementRow):
        return ", ".join(i18n.pick(line.names, lang) for line in row.lines)
    return i18n.pick(row.names, lang)


def _units_said(row: AnnouncementRow) -> Text:
    """Where no heading says what is counted."""
    whole, told = sum(line.quantity for line in row.lines), sum(line.promised for line in row.lines)
    units = Text.plural("{n} unit", "{n} units", n=whole)
    return Text("{units}, promised {told}", units=units, told=told) if told else units


def _units(row: OwedRow) -> str:
    lang = i18n.language()
    if isinstance(row, AnnouncementRow):
        whole, told = sum(line.quantity for line in row.lines), sum(line.promised for line in row.lines)
        units = i18n.number(whole, lang)
        return i18n.tr("{n}, promised {told}", n=units, told=i18n.number(told, lang)) if told else units
    return i18n.number(row.owed if isinstance(row, PromiseRow) else row.quantity, lang)


def _day(row: OwedRow) -> date:
    if isinstance(row, AnnouncementRow):
        return row.expected_on
    return row.until if isinstance(row, PromiseRow) else row.since


class OwedQuestions(QObject):
    """Opens the list of a stock row and asks what is to be done. `receive` names a delivery that stands at the ramp, `promise` a place in
    the wait list whose family is to be promised the item.
    """

    receive = Signal(object)
    promise = Signal(object)
    changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._late = LatePromises(window)
        self._late.answered.connect(self.changed)

    def open(self, item: StockRow | None) -> None:
        """The list of an item, or of all of them."""
        jobs.read(partial(ask_owed, item=item), owner=self, then=self._show)

    def _show(self, now: OwedNow) -> None:
        dialog = OwedDialog(self._window, now)
        dialog.date_wanted.connect(lambda row: self._next(dialog, partial(self._ask_date, row, now.day)))
        dialog.cancel_wanted.connect(lambda row: self._next(dialog, partial(self._ask_cancel, row, now.day)))
        dialog.receive_wanted.connect(lambda row: self._next(dialog, partial(self.receive.emit, row)))
        dialog.promise_wanted.connect(lambda row: self._next(dialog, partial(self.promise.emit, row)))
        dialog.open()

    def _next(self, dialog: OwedDialog, then: Any) -> None:
        dialog.close()
        QTimer.singleShot(0, then)

    def ask_which(self) -> None:
        """Which of the announced deliveries stands at the ramp."""
        jobs.read(promises.announced, owner=self, then=self._show_which)

    def _show_which(self, rows: tuple[AnnouncementRow, ...]) -> None:
        if not rows:
            messages.attention(Text("No delivery is announced. F3 receives one without."), icon="truck")
            return
        answers = [
            Answer(row, Text("{supplier}, {day}", supplier=row.supplier, day=row.expected_on), second=_units_said(row)) for row in rows[:9]
        ]
        question = Question(self._window, title=Text("Which delivery came?"), answers=answers, name="which_delivery")
        question.answered.connect(lambda row: QTimer.singleShot(0, partial(self.receive.emit, row)))
        question.open()

    def _ask_date(self, row: OwedRow, day: date) -> None:
        if isinstance(row, PromiseRow):
            self._late.ask_about((row.id,), row.names, day)
            return
        assert isinstance(row, AnnouncementRow)
        title = Text("Another day: {supplier}", supplier=row.supplier)
        dialog = NewDateDialog(self._window, day, title)
        dialog.accepted_values.connect(lambda values: self._date(dialog, row, values["until"]))
        dialog.open()

    def _date(self, dialog: FormDialog, row: AnnouncementRow, day: date) -> None:
        anew = partial(
            promises.date_announcement, request_id=new_id(), announcement_id=row.id, expected_on=day, version=row.version
        )
        said = Text("{supplier} is expected on {day}, and what is promised of it too.", supplier=row.supplier, day=day)
        jobs.write(anew, owner=self, then=lambda _: self._done(dialog, said), failed=dialog.failed)

    def _ask_cancel(self, row: OwedRow, day: date) -> None:
        if isinstance(row, PromiseRow):
            self._late.ask_about((row.id,), row.names, day)
        elif isinstance(row, WaitRow):
            leave = partial(promises.leave_list, request_id=new_id(), entry_id=row.id)
            jobs.write(leave, owner=self, then=lambda _: self._done(None, Text("The place in the wait list is given up.")))
        else:
            dialog = CancelDeliveryDialog(self._window, row)
            dialog.accepted_values.connect(lambda values: self._cancel(dialog, row, values["reason"]))
            dialog.open()

    def _cancel(self, dialog: FormDialog, row: AnnouncementRow, reason: str) -> None:
        cancel = partial(
            promises.cancel_announcement, request_id=new_id(), announcement_id=row.id, reason=reason, version=row.version
        )
        jobs.write(cancel, owner=self, then=lambda left: self._done(dialog, _cancelled(left)), failed=dialog.failed)

    def _done(self, dialog: FormDialog | None, said: Text) -> None:
        if dialog is not None:
            dialog.done_close()
        messages.done(said, icon="truck")
        self.changed.emit()


def _cancelled(left: int) -> Text:
    if not left:
        return Text("The announced delivery is cancelled.")
    return Text.plural(
        "The announced delivery is cancelled; {n} promise wants a new date or an end.",
        "The announced delivery is cancelled; {n} promises want a new date or an end.",
        n=left,
    )


class CancelDeliveryDialog(FormDialog):
    """Why a delivery will not come."""

    def __init__(self, parent: QWidget, row: AnnouncementRow) -> None:
        told = sum(line.promised for line in row.lines)
        asked = Text.plural(
            "{n} unit of it is promised: the evening asks about it.",
            "{n} units of it are promised: the evening asks about each item.",
            n=told,
        )
        facts = asked if told else ""
        title = Text("Cancel the delivery: {supplier}", supplier=row.supplier)
        super().__init__(parent, title=title, main=Text("Cancel the delivery"), facts=facts, name="cancel_delivery")
        reason = Field(Text("Why, in one sentence"), TextInput(max_length=300), name="reason")
        self.body.addWidget(self.form.add(reason))
