"""The papers of the store as they are filled: a delivery, goods that leave, a write-off. Each is a panel over the
table.

Esc goes back to the table and keeps what was typed; F9 saves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import Destination, LossCause, ReceiveDraft, TransferDraft, WriteOffDraft
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Text
from aidtrack.services import stock
from aidtrack.ui import jobs, messages
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import ChoiceInput, NumberInput, SuggestInput, TextInput
from aidtrack.ui.pages.stock.lines import Goods, GoodsRow, LinesEditor, ReceiveRow
from aidtrack.ui.parts import Field, KeyCap, MainButton, Panel, Words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor


def ask_goods(session: Session, by: Actor) -> tuple[Goods, tuple[str, ...]]:
    """What papers are typed about: catalogue, shelf, and who brought goods before."""
    goods = Goods(stock.item_rows(session, by), stock.lot_rows(session, by))
    return goods, stock.suppliers(session, by)


class WordInput(SuggestInput):
    """Free words with proposals: whatever is typed counts."""

    def __init__(self, name: str = "") -> None:
        super().__init__("", name=name)
        self.known: Sequence[str] = ()
        self.wanted.connect(self._on_wanted)

    def _on_wanted(self, typed: str) -> None:
        words = clean(typed).casefold()
        found = [one for one in self.known if words and words in one.casefold() and one.casefold() != words]
        self.show_choices([(one, one) for one in found[:6]])

    def value(self) -> str:
        """What was typed or taken, clean."""
        return clean(self.text())

    def set_value(self, value: Any) -> None:
        """Words, or a pair from the list."""
        super().set_value((value, value) if isinstance(value, str) and value else value or None)


class PaperPanel(Panel):
    """A paper being filled: fields of its head, lines, and the one button."""

    closed = Signal()
    saved = Signal()

    def __init__(self, title: Text, editor: LinesEditor, *, name: str) -> None:
        super().__init__(title, cls="h2", name=name)
        self.form = Form()
        self.editor = editor
        self.main_button = MainButton(name=f"{name}_main")
        self._total = Words("", "small", tone="ink3", name=f"{name}_total")
        self._request: UUID = new_id()
        self.head.addWidget(KeyCap("Esc"))
        self.head.addWidget(Words(Text("back to the table, nothing is lost"), "small", tone="ink3"))
        for row in self.fields():
            line = QHBoxLayout()
            line.setSpacing(16)
            for field, stretch in row:
                line.addWidget(self.form.add(field), stretch)
            self.body.addLayout(line)
        self.body.addWidget(editor, 1)
        foot = self.add_foot()
        foot.addWidget(self._total, 1)
        foot.addWidget(self.main_button)
        editor.edited.connect(self.show_total)
        self.show_total()

    # ── what each paper answers ──

    def fields(self) -> list[list[tuple[Field, int]]]:
        """The fields of the head, row by row."""
        raise NotImplementedError

    def draft(self) -> Any:
        """The paper as typed."""
        raise NotImplementedError

    def save(self, session: Session, by: Actor, draft: Any, request_id: UUID) -> UUID:
        """The use case."""
        raise NotImplementedError

    columns: Mapping[str, str] = MappingProxyType({})
    """The input a draft's field is typed in, where it has another name."""
    done_words = Text("Saved: {paper}, {n} units")

    # ── what all do ──

    def begin(self) -> None:
        """Shown: the cursor stands where typing goes on."""
        self.refill()
        first = next((field for field in self.form.fields() if not field.input.value()), None)
        (first.input if first else self.editor.rows[-1].item).setFocus()

    def refill(self) -> None:
        """Asks for the catalogue and the shelf again."""
        jobs.read(ask_goods, owner=self, then=self._use, latest="goods")

    def _use(self, answer: tuple[Goods, tuple[str, ...]]) -> None:
        self.editor.use(answer[0])
        for field in self.form.fields():
            if isinstance(field.input, WordInput):
                field.input.known = answer[1]

    def accept_now(self) -> None:
        """F9: everything wrong is shown at once, else it is saved."""
        lines_are_fine, head_is_fine = self.editor.check(), self.form.check()
        if lines_are_fine and head_is_fine:
            draft, request = self.draft(), self._request
            jobs.write(
                lambda session, by: self._save_and_name(session, by, draft, request),
                owner=self, then=self._on_saved, failed=self._on_failed, busy=self.main_button,
            )  # fmt: skip

    def _save_and_name(self, session: Session, by: Actor, draft: Any, request: UUID) -> stock.DocumentView:
        return stock.document_view(session, by, self.save(session, by, draft, request))

    def _on_saved(self, view: stock.DocumentView) -> None:
        self._request = new_id()
        self.form.clear()
        self.editor.clear()
        self.refill()
        self.show_total()
        said = Text(self.done_words.msgid, paper=view.row.code, n=view.row.units)
        messages.done(said, undo=partial(self._take_back, view.row.id), icon="package-check")
        self.saved.emit()

    def _take_back(self, document: UUID) -> None:
        reason = i18n.tr("taken back at once")
        jobs.write(
            partial(stock.cancel_document, request_id=new_id(), document_id=document, reason=reason),
            owner=self, then=lambda _: messages.done(Text("Taken back by a counter-entry.")),
        )  # fmt: skip

    def _on_failed(self, error: BaseException) -> None:
        self._request = new_id()
        if isinstance(error, InvalidInput):
            others = self.editor.show_problems(error.problems, self.columns)
            self.form.show_problems(others)
        else:
            messages.show_error(error)

    def show_total(self) -> None:
        """How many lines and units: what the driver and the storekeeper compare."""
        lines, units = len(self.editor.filled()), self.editor.units()
        self._total.say(Text("{lines} lines · {units} units", lines=lines, units=units))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """Enter in the head: the next field, and after the last one the first line."""
        fields = [field.input for field in self.form.fields()]
        at = next((n for n, one in enumerate(fields) if one.hasFocus()), len(fields))
        (fields[at + 1] if at + 1 < len(fields) else self.editor.rows[0].item).setFocus()


class ReceivePanel(PaperPanel):
    """A delivery: from whom, by which waybill, and what came."""

    columns = MappingProxyType({"on_waybill": "quantity"})
    done_words = Text("Received: {paper}, {n} units")

    def __init__(self) -> None:
        columns = [
            ("item", Text("Item"), 0), ("quantity", Text("On the waybill"), 104), ("came", Text("Came, if other"), 104),
            ("expiry", Text("Use by"), 112), ("lot", Text("Batch"), 112), ("damaged", Text("Damaged"), 96),
        ]  # fmt: skip
        super().__init__(Text("Receive a delivery"), LinesEditor(ReceiveRow, columns), name="receive")

    def fields(self) -> list[list[tuple[Field, int]]]:
        """From whom, waybill, whose goods, note."""
        return [
            [
                (Field(Text("From whom"), WordInput(), name="supplier"), 3),
                (Field(Text("Waybill number"), TextInput(max_length=80), name="waybill"), 2),
                (Field(Text("Donor or project"), TextInput(), Text("may be empty"), name="donor"), 3),
            ]
        ]

    def draft(self) -> ReceiveDraft:
        """The delivery as typed."""
        values = self.form.values()
        lines = tuple(row.line() for row in self.editor.filled())
        return ReceiveDraft(values["supplier"], lines, values["waybill"], values["donor"])

    def save(self, session: Session, by: Actor, draft: ReceiveDraft, request_id: UUID) -> UUID:
        """Books it."""
        return stock.receive(session, by, request_id=request_id, draft=draft)


_LEAVING = [("item", Text("Item"), 0), ("quantity", Text("How many"), 104), ("lot", Text("Batch"), 260)]


class TransferPanel(PaperPanel):
    """Goods that leave us on a waybill."""

    done_words = Text("Transferred: {paper}, {n} units")

    def __init__(self) -> None:
        super().__init__(Text("Transfer on a waybill"), LinesEditor(GoodsRow, _LEAVING), name="transfer")

    def fields(self) -> list[list[tuple[Field, int]]]:
        """Where to, its name, for how many people."""
        to = ChoiceInput()
        to.show_choices([(one, one.text) for one in Destination])
        to.set_value(Destination.CENTRE)
        return [
            [
                (Field(Text("Where to"), to, name="to"), 2),
                (Field(Text("Its name"), TextInput(), name="to_name"), 3),
                (Field(Text("For how many people"), NumberInput(1), Text("may be empty"), name="people"), 2),
            ]
        ]

    def draft(self) -> TransferDraft:
        """The waybill as typed."""
        values = self.form.values()
        lines = tuple(row.line() for row in self.editor.filled())
        return TransferDraft(values["to"] or Destination.CENTRE, values["to_name"], lines, values["people"])

    def save(self, session: Session, by: Actor, draft: TransferDraft, request_id: UUID) -> UUID:
        """Books it."""
        return stock.transfer(session, by, request_id=request_id, draft=draft)


class WriteOffPanel(PaperPanel):
    """Goods that are lost, and why."""

    done_words = Text("Written off: {paper}, {n} units")

    def __init__(self) -> None:
        super().__init__(Text("Write off"), LinesEditor(GoodsRow, _LEAVING), name="write_off")

    def fields(self) -> list[list[tuple[Field, int]]]:
        """Cause and one sentence."""
        cause = ChoiceInput()
        cause.show_choices([(one, one.text) for one in LossCause])
        return [
            [
                (Field(Text("Cause"), cause, name="cause"), 2),
                (Field(Text("What happened, in one sentence"), TextInput(max_length=400), name="note"), 5),
            ]
        ]

    def draft(self) -> WriteOffDraft:
        """The act as typed."""
        values = self.form.values()
        return WriteOffDraft(values["cause"], tuple(row.line() for row in self.editor.filled()), values["note"])

    def save(self, session: Session, by: Actor, draft: WriteOffDraft, request_id: UUID) -> UUID:
        """Books it."""
        return stock.write_off(session, by, request_id=request_id, draft=draft)
