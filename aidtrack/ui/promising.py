"""A promise to a family, asked for from any page: what of, from which goods, how many, until when. Never more than there is.

Owns the questions and the slip. Who may promise, and what a promise stands on, is `services.promises`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import PromiseDraft
from aidtrack.errors import Names, Text
from aidtrack.i18n import tr
from aidtrack.services import promises
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Answer, FormDialog, Question
from aidtrack.ui.inputs import DateInput, NumberInput, TextInput
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.parts import Field

if TYPE_CHECKING:

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import DeskView


@dataclass(frozen=True)
class Way:
    """What a promise stands on: a line of an announced delivery, or goods that lie here, of one size where there are sizes."""

    line: promises.AnnouncedItem | None = None
    size_id: UUID | None = None


def ask_ways(session: Session, by: Actor, *, row: AllowanceRow) -> tuple[promises.AnnouncementRow, ...]:
    """The announced deliveries that bring this item, or one of its sizes, and have some of it left."""
    items = {row.item_id, *(one.item_id for one in row.sizes)}
    found = (one for one in promises.announced(session, by) if any(line.item_id in items and line.free for line in one.lines))
    return tuple(found)


def ask_family(session: Session, by: Actor, *, household_id: UUID) -> DeskView:
    """A family with what it may have now."""
    from aidtrack.services import handover

    return handover.desk_view(session, by, household_id)


def ask_card(session: Session, by: Actor, *, code: str) -> UUID:
    """The family of a scanned card, or of the last digits of one."""
    from aidtrack.services import days, on_paper

    return on_paper.family_of_card(session, by, code, days.current_day(session, by)).household_id


def promisable(rows: Sequence[AllowanceRow]) -> list[AllowanceRow]:
    """What is due and not promised yet."""
    return [row for row in rows if row.due > row.promised]


def choose(window: QWidget, title: Text, rows: Sequence[AllowanceRow], then: Callable[[AllowanceRow], object]) -> None:
    """One of several, or at once the only one."""
    if len(rows) == 1:
        then(rows[0])
        return
    answers = [Answer(row, sentences.item_name(row.item_names)) for row in rows]
    question = Question(window, title=title, answers=answers, name="owed_which")
    question.answered.connect(lambda row: QTimer.singleShot(0, partial(then, row)))
    question.open()


class Promising(QObject):
    """`changed`: something was promised, the page is to be read again."""

    changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._card: CardDialog | None = None

    def ask_whom(self, item_id: UUID, names: Names) -> None:
        """An item of the store: which family, by its card."""
        self._card = dialog = CardDialog(self._window, names)
        dialog.accepted_values.connect(lambda values: self._find(dialog, str(values["card"]), item_id, names))
        dialog.destroyed.connect(self._forget_card)
        dialog.open()

    def _forget_card(self) -> None:
        self._card = None

    def on_scan(self, code: str) -> bool:
        """A card that is scanned while it is asked for goes into its field."""
        if self._card is None or not self._card.isVisible():
            return False
        self._card.form.fill({"card": code})
        self._card.accept_now()
        return True

    def _find(self, dialog: CardDialog, code: str, item_id: UUID, names: Names) -> None:
        def found(household_id: UUID) -> None:
            dialog.done_close()
            self.ask(household_id, item_id, names)

        jobs.read(partial(ask_card, code=code), owner=self, then=found, failed=dialog.failed)

    def ask(self, household_id: UUID, item_id: UUID | None = None, names: Names | None = None) -> None:
        """A family: of one item, or of what it may have."""
        read = partial(ask_family, household_id=household_id)
        jobs.read(read, owner=self, then=partial(self._on_family, item_id, names or {}))

    def _on_family(self, item_id: UUID | None, names: Names, view: DeskView) -> None:
        rows = [row for row in promisable(view.allowances) if item_id in (None, row.item_id)]
        if rows:
            self._ask_one_of(view, rows)
        elif names:
            messages.attention(Text("{item}: nothing more is due to this family now.", item=names), icon="clock")
        else:
            messages.attention(Text("Nothing more is due to this family now."), icon="clock")

    def ask_of(self, view: DeskView) -> None:
        """The family that is open at the Desk."""
        self._ask_one_of(view, promisable(view.allowances))

    def _ask_one_of(self, view: DeskView, rows: Sequence[AllowanceRow]) -> None:
        choose(self._window, Text("What is promised?"), rows, partial(self._ask_from, view))

    def _ask_from(self, view: DeskView, row: AllowanceRow) -> None:
        then = partial(self._show_ways, view, row)
        jobs.read(partial(ask_ways, row=row), owner=self, then=then)

    def _show_ways(self, view: DeskView, row: AllowanceRow, found: tuple[promises.AnnouncementRow, ...]) -> None:
        """Goods that lie here, or an announced delivery; nothing else can be promised."""
        answers = [*_lying(row), *(answer for one in found for answer in _coming(row, one))][:MOST]
        question = Question(
            self._window,
            title=Text("Promise {item}: from what?", item=sentences.short_name(row.item_names)),
            answers=answers,
            foot=Text("A promise is kept: it stands on goods, never on hope."),
            name="promise_from",
        )
        question.answered.connect(lambda way: QTimer.singleShot(0, partial(self._ask_how_many, view, row, way)))
        question.open()

    def _ask_how_many(self, view: DeskView, row: AllowanceRow, way: Way) -> None:
        dialog = PromiseDialog(self._window, row, way.line, view.day)
        dialog.accepted_values.connect(lambda values: self._promise(dialog, view.family.id, row, way, values))
        dialog.open()

    def _promise(
        self, dialog: PromiseDialog, household_id: UUID, row: AllowanceRow, way: Way, values: dict[str, Any]
    ) -> None:
        line = way.line.line_id if way.line else None
        draft = PromiseDraft(household_id, row.rule_id, values["quantity"], line, values.get("until"), way.size_id)
        save = partial(promises.promise, request_id=new_id(), draft=draft)
        jobs.write(save, owner=self, then=partial(self._on_promised, dialog, row), failed=dialog.failed)

    def _on_promised(self, dialog: PromiseDialog, row: AllowanceRow, receipt: promises.PromiseReceipt) -> None:
        from aidtrack.ui import printing

        dialog.done_close()
        day, what = i18n.day_in_words(receipt.until, i18n.language()), sentences.short_name(row.item_names)
        kept = Text("Put aside until {day}: {what}, {n}", day=day, what=what, n=receipt.quantity)
        comes = Text("Promised for {day}: {what}, {n}", day=day, what=what, n=receipt.quantity)
        messages.done(kept if receipt.is_put_aside else comes, icon="bookmark-check")
        if printing.has_printer():
            printing.print_promise(self._window, receipt.id)
        self.changed.emit()


MOST = 9
"""Answers have one digit."""


def _lying(row: AllowanceRow) -> list[Answer]:
    """Goods of the shelf, size by size where there are sizes."""
    if not row.sizes:
        free = max(row.available - row.promised, 0)
        return [Answer(Way(), Text("put aside from the shelf"), enabled=free > 0, second=_free(free))]
    return [
        Answer(Way(size_id=one.item_id), Text("put aside from the shelf, size {size}", size=one.size), second=_free(one.available))
        for one in row.sizes
        if one.available
    ]


def _coming(row: AllowanceRow, delivery: promises.AnnouncementRow) -> list[Answer]:
    """The lines of a delivery that bring this item or a size of it, with what is not promised yet."""
    wanted = {row.item_id} if not row.sizes else {one.item_id for one in row.sizes}
    day = i18n.day_in_words(delivery.expected_on, i18n.language())
    return [
        Answer(Way(line), Text("{supplier}, {day}", supplier=delivery.supplier, day=day), second=_free(line.free))
        for line in delivery.lines
        if line.free and line.item_id in wanted
    ]


def _free(number: int) -> str:
    return tr("free {n}", n=i18n.number(number, i18n.language()))


class PromiseDialog(FormDialog):
    """How many, and of goods that lie here until when they are kept."""

    def __init__(self, parent: QWidget, row: AllowanceRow, line: promises.AnnouncedItem | None, today: date) -> None:
        most = row.due - row.promised if line is None else min(row.due - row.promised, line.free)
        title = Text("Promise: {item}", item=sentences.item_name(row.item_names))
        super().__init__(parent, title=title, main=Text("Promise"), name="promise_dialog")
        quantity = Field(Text("How many"), NumberInput(1, most, optional=False), name="quantity")
        self.body.addWidget(self.form.add(quantity))
        if line is None:
            until = DateInput(optional=False)
            until.today = today
            self.body.addWidget(self.form.add(Field(Text("Kept until"), until, Text("15.8 will do"), name="until")))
        self.form.fill({"quantity": most})


class CardDialog(FormDialog):
    """Which family, by its card: scanned, or its last digits typed."""

    def __init__(self, parent: QWidget, names: Names) -> None:
        title = Text("Promise {item}: to which family?", item=sentences.short_name(names))
        super().__init__(parent, title=title, main=Text("Go on"), name="promise_card")
        card = Field(Text("Card: scan it, or type its last digits"), TextInput(max_length=64), name="card")
        self.body.addWidget(self.form.add(card))
