"""The papers of the store as they are filled: a delivery, goods that leave, a write-off. Each is a panel over the
table.

Esc goes back to the table and keeps what was typed; F9 saves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    Destination,
    GoodsLine,
    LossCause,
    ReceiveDraft,
    ReceiveLine,
    TransferDraft,
    WriteOffDraft,
)
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, Text
from aidtrack.services import stock
from aidtrack.services.today import current_day
from aidtrack.ui import jobs, messages
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import ChoiceInput, NumberInput, SuggestInput, TextInput
from aidtrack.ui.pages.stock.keeping import Keeper, put_back, typed_in
from aidtrack.ui.pages.stock.lines import Goods, GoodsRow, LineRow, LinesEditor, ReceiveRow
from aidtrack.ui.parts import Field, KeyCap, MainButton, Panel, Words
from aidtrack.ui.request import Request

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor


def units_of(n: int) -> Text:
    """“1 unit”, “650 units”."""
    return Text.plural("{n} unit", "{n} units", n=n)


def ask_goods(session: Session, by: Actor) -> tuple[Goods, tuple[str, ...]]:
    """What papers are typed about: catalogue, shelf, and who brought goods before."""
    return ask_catalogue(session, by), stock.suppliers(session, by)


def ask_catalogue(session: Session, by: Actor, *, active_only: bool = True) -> Goods:
    """The catalogue, and how many of each item can be given today."""
    free = stock.available_at(session, by.site, current_day(session, by))
    return Goods(stock.item_rows(session, by, active_only=active_only), free)


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


@dataclass(frozen=True)
class Paper:
    """What one kind of paper is: its fields and lines, the draft they make, the use case, and what is said when it is saved.

    `places` names the input a draft's field is typed in where it has another name.
    """

    name: str
    title: Text
    row: Callable[[int, Goods], LineRow]
    columns: Sequence[tuple[str, Text, int]]
    fields: Callable[[], Sequence[tuple[Field, int]]]
    draft: Callable[[Mapping[str, Any], tuple[Any, ...]], Any]
    save: Callable[..., UUID]
    said: Callable[[str, int], Text]
    places: Mapping[str, str]
    by_tab: frozenset[str] = frozenset()
    """Fields Enter passes by, because they are seldom filled; Tab goes into them."""


class PaperPanel(Panel):
    """A paper being filled: fields of its head, lines, and the one button."""

    closed = Signal()
    saved = Signal()

    def __init__(self, paper: Paper) -> None:
        super().__init__(paper.title, cls="h2", name=paper.name)
        self.paper = paper
        self.form = Form()

    def build(self) -> Iterator[None]:
        """Makes its parts one after another."""
        paper = self.paper
        self.editor = LinesEditor(paper.row, paper.columns)
        yield
        self.main_button = MainButton(name=f"{paper.name}_main")
        self._total = Words("", "small", tone="ink3", name=f"{paper.name}_total")
        self._request = Request()
        self.head.addWidget(KeyCap("Esc"))
        self.head.addWidget(Words(Text("back to the table, nothing is lost"), "small", tone="ink3"))
        line = QHBoxLayout()
        line.setSpacing(16)
        for field, stretch in paper.fields():
            line.addWidget(self.form.add(field), stretch)
            yield
        self._start = self.form.values()
        self.body.addLayout(line)
        yield
        self.body.addWidget(self.editor, 1)
        self.foot = self.add_foot()
        self.foot.addWidget(self._total, 1)
        self.foot.addWidget(self.main_button)
        self._keeper = Keeper(self, f"stock/{paper.name}", self._typed, self._put_back)
        self.editor.edited.connect(self._keeper.touched)
        self.form.changed.connect(self._keeper.touched)
        self.editor.edited.connect(self.show_total)
        self.show_total()

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
        self._keeper.bring_back()

    def leave(self) -> None:
        """The page is hidden or locked."""
        self._keeper.leave()

    def _typed(self) -> dict[str, Any]:
        """What stands in it, if anybody would miss it."""
        lines = [self._typed_line(row) for row in self.editor.filled()]
        head = {field.name: typed_in(field.input) for field in self.form.fields()}
        return {"head": head, "lines": lines} if lines or self.form.values() != self._start else {}

    @staticmethod
    def _typed_line(row: Any) -> dict[str, Any]:
        lot = getattr(row, "lot_id", None)
        typed = {name: typed_in(one) for name, one in row.inputs.items()}
        return typed | ({"lot_id": lot.hex} if lot is not None else {})

    def _put_back(self, kept: Mapping[str, Any]) -> None:
        for field in self.form.fields():
            if field.name in kept["head"]:
                put_back(field.input, kept["head"][field.name])
        for line in kept["lines"]:
            self.editor.put_back(line)
        self.show_total()
        messages.done(Text("What was half filled is here again"), icon="save")

    def accept_now(self) -> None:
        """F9: everything wrong is shown at once, else it is saved."""
        lines_are_fine, head_is_fine = self.editor.check(), self.form.check()
        if lines_are_fine and head_is_fine:
            lines = tuple(row.line() for row in self.editor.filled())
            self.send(self.draft_of(self.form.values(), lines), self.paper.save)

    def draft_of(self, values: Mapping[str, Any], lines: tuple[Any, ...]) -> Any:
        """What is saved."""
        return self.paper.draft(values, lines)

    def send(self, draft: Any, save: Callable[..., UUID], **more: Any) -> None:
        """Saves it; a second time with the same content is the same request."""
        request = self._request.id_of((draft, getattr(save, "__name__", "")))
        jobs.write(
            partial(_save_and_name, save=save, draft=draft, request=request, more=more),
            owner=self, then=self._on_saved, failed=self._on_failed, busy=self.main_button,
        )  # fmt: skip

    def _on_saved(self, view: stock.DocumentView) -> None:
        self._request.ended()
        self._keeper.saved()
        self.clear()
        self.refill()
        said = self.paper.said(view.row.code, view.row.units)
        messages.done(said, undo=partial(self._take_back, view.row.id), icon="package-check")
        self.saved.emit()

    def clear(self) -> None:
        """Nothing is typed in it."""
        self.form.fill(self._start)
        self.editor.clear()
        self.show_total()

    def _take_back(self, document: UUID) -> None:
        reason = i18n.tr("taken back at once")
        jobs.write(
            partial(stock.cancel_document, request_id=new_id(), document_id=document, reason=reason),
            owner=self, then=lambda _: messages.done(Text("Taken back by a counter-entry.")),
        )  # fmt: skip

    def _on_failed(self, error: BaseException) -> None:
        self._request.ended(error)
        if isinstance(error, InvalidInput):
            others = self.editor.show_problems(error.problems, self.paper.places)
            self.form.show_problems(others)
        else:
            messages.show_error(error)

    def show_total(self) -> None:
        """How many lines and units: what the driver and the storekeeper compare."""
        lines, units = len(self.editor.filled()), self.editor.units()
        self._total.say(Text("{lines} · {units}", lines=Text.plural("{n} line", "{n} lines", n=lines), units=units_of(units)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """Enter in the head: the next field it stops at, and after the last one the first line."""
        fields = list(self.form.fields())
        at = next((n for n, field in enumerate(fields) if field.input.hasFocus()), len(fields))
        onward = (
            field.input
            for field in fields[at + 1 :]
            if field.name not in self.paper.by_tab and field.isVisibleTo(self)
        )
        next(onward, self.editor.rows[0].item).setFocus()


def _save_and_name(
    session: Session, by: Actor, *, save: Callable[..., UUID], draft: Any, request: UUID, more: Mapping[str, Any]
) -> stock.DocumentView:
    return stock.document_view(session, by, save(session, by, request_id=request, draft=draft, **more))


# ── the papers ───────────────────────────────────────────────────────────────────────────────────


def _delivery_fields() -> Sequence[tuple[Field, int]]:
    return (
        (Field(Text("From whom"), WordInput(), name="supplier"), 3),
        (Field(Text("Waybill number"), TextInput(max_length=80), name="waybill"), 2),
        (Field(Text("Donor or project"), TextInput(), Text("by Tab"), name="donor"), 3),
        (Field(Text("Boxes"), NumberInput(1), name="boxes"), 1),
    )


def _delivery(values: Mapping[str, Any], lines: tuple[ReceiveLine, ...]) -> ReceiveDraft:
    return ReceiveDraft(values["supplier"], lines, values["waybill"], values["donor"])


DELIVERY = Paper(
    "receive",
    Text("Receive a delivery"),
    ReceiveRow,
    (
        ("item", Text("Item"), 0),
        ("quantity", Text("On the waybill"), 110),
        ("came", Text("Came, if other"), 104),
        ("expiry", Text("Use by"), 126),
        ("lot", Text("Batch"), 112),
        ("damaged", Text("Damaged"), 102),
    ),
    _delivery_fields,
    _delivery,
    stock.receive,
    lambda paper, n: Text("Received: {paper}, {units}", paper=paper, units=units_of(n)),
    {"on_waybill": "quantity"},
    by_tab=frozenset({"donor", "boxes"}),
)

_LEAVING = (("item", Text("Item"), 0), ("quantity", Text("How many"), 104), ("lot", Text("Batch"), 260))


def _transfer_fields() -> Sequence[tuple[Field, int]]:
    to = ChoiceInput()
    to.show_choices([(one, one.text) for one in Destination])
    to.set_value(Destination.CENTRE)
    return (
        (Field(Text("Where to"), to, name="to"), 2),
        (Field(Text("Its name"), WordInput(), name="to_name"), 3),
        (Field(Text("For how many people"), NumberInput(1), name="people"), 2),
    )


def _transfer(values: Mapping[str, Any], lines: tuple[GoodsLine, ...]) -> TransferDraft:
    return TransferDraft(values["to"] or Destination.CENTRE, values["to_name"], lines, values["people"])


WAYBILL = Paper(
    "transfer",
    Text("Transfer on a waybill"),
    GoodsRow,
    _LEAVING,
    _transfer_fields,
    _transfer,
    stock.transfer,
    lambda paper, n: Text("Transferred: {paper}, {units}", paper=paper, units=units_of(n)),
    {},
)


def _write_off_fields() -> Sequence[tuple[Field, int]]:
    cause = ChoiceInput()
    cause.show_choices([(one, one.text) for one in LossCause])
    return (
        (Field(Text("Cause"), cause, name="cause"), 2),
        (Field(Text("What happened, in one sentence"), TextInput(max_length=400), name="note"), 5),
    )


def _write_off(values: Mapping[str, Any], lines: tuple[GoodsLine, ...]) -> WriteOffDraft:
    return WriteOffDraft(values["cause"], lines, values["note"])


WRITE_OFF_ACT = Paper(
    "write_off",
    Text("Write off"),
    GoodsRow,
    _LEAVING,
    _write_off_fields,
    _write_off,
    stock.write_off,
    lambda paper, n: Text("Written off: {paper}, {units}", paper=paper, units=units_of(n)),
    {},
)
