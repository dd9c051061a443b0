"""A delivery as it is filled: in one step, or signed for by boxes first; from a waybill that is scanned, or line by line.

What its waybill says stands there already: only what differs is typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from aidtrack import i18n
from aidtrack.domain.stock import DocumentKind, ReceiveDraft, SignedDraft
from aidtrack.errors import Text
from aidtrack.services import stock
from aidtrack.services.promises import AnnouncementRow
from aidtrack.services.stock import DocumentView, Expected
from aidtrack.ui import jobs, messages
from aidtrack.ui.pages.stock.papers import DELIVERY, PaperPanel, units_of
from aidtrack.ui.parts import Button, Note


class DeliveryPanel(PaperPanel):
    """A delivery being received. `made` carries the paper the driver takes along."""

    made = Signal(object)

    def __init__(self) -> None:
        super().__init__(DELIVERY)

    def build(self) -> Iterator[None]:
        yield from super().build()
        self.follows_id: UUID | None = None
        self.announcement_id: UUID | None = None
        self._waiting: Expected | None = None
        self._announced: AnnouncementRow | None = None
        self._about = Note("", "package-check", name="receive_follows")
        self._about.hide()
        self.sign_button = Button(Text("Signed for, count later"), "pencil", name="receive_sign")
        self.sign_button.clicked.connect(self.sign_now)
        self.body.insertWidget(1, self._about)
        self.foot.insertWidget(1, self.sign_button)

    # ── from a waybill ──

    def show_expected(self, expected: Expected) -> None:
        """What the waybill says stands in it once the catalogue is here, and the cursor where less is typed."""
        self._waiting = expected
        self.refill()

    def show_announced(self, row: AnnouncementRow) -> None:
        """An announced delivery stands at the ramp: its lines stand in it, only differences and dates are typed."""
        self._announced = row
        self.refill()

    def _fill_announced(self, row: AnnouncementRow) -> None:
        if self.editor.filled():
            messages.attention(Text("A delivery is half filled here: receive it, or empty its lines, then scan again."))
            return
        self.form.fill({"supplier": row.supplier, "donor": row.donor})
        for line in row.lines:
            name = i18n.pick(line.names, i18n.language())
            self.editor.put_back({"item": [line.item_id.hex, name], "quantity": str(line.quantity)})
        self._of_announcement(row.id)
        self.show_total()
        self._keeper.touched()

    def _of_announcement(self, announcement_id: UUID | None) -> None:
        self.announcement_id = announcement_id
        if announcement_id is not None:
            self._about.say(Text("As it was announced. Type only what differs."))
            self._about.show()

    def _use(self, answer: Any) -> None:
        super()._use(answer)
        announced, self._announced = self._announced, None
        if announced is not None:
            self._fill_announced(announced)
        expected, self._waiting = self._waiting, None
        if expected is not None:
            self._fill(expected)

    def _fill(self, expected: Expected) -> None:
        """A second code of the same waybill adds its lines; another delivery never wipes one that is half filled."""
        is_more = self.editor.filled() and self.form.values()["waybill"] == expected.waybill
        if self.editor.filled() and not is_more:
            messages.attention(Text("A delivery is half filled here: receive it, or empty its lines, then scan again."))
            return
        begins = len(self.editor.filled())
        head = {"supplier": expected.supplier, "waybill": expected.waybill, "donor": expected.donor}
        self.form.fill(head | {"boxes": expected.boxes})
        self._follow(expected.document_id, self._words(expected))
        known = {self._key(row) for row in self.editor.filled()}
        for line in expected.lines:
            row = self.editor.rows[-1]
            row.fill(line)
            if is_more and self._key(row) in known:
                row.empty()
                continue
            self.editor.add_line()
        self.show_total()
        self._keeper.touched()
        if len(self.editor.rows) > 1:
            self.editor.stand_in(begins, "came")

    @staticmethod
    def _key(row: Any) -> tuple[Any, ...]:
        """What the waybill says of a line. The name counts only where it is all there is: it changes with the language."""
        return row.item.value() or row.item.text(), row.quantity.value(), row.lot.value()

    @staticmethod
    def _words(expected: Expected) -> Text:
        if expected.kind is DocumentKind.SIGNED:
            boxes = Text.plural("{n} box", "{n} boxes", n=expected.boxes or 0)
            return Text("Signed for as {code}, {boxes}. Type only what differs.", code=expected.code, boxes=boxes)
        return Text("As the waybill {code} says. Type only what differs.", code=expected.code)

    def _follow(self, document_id: UUID | None, words: Text | str = "") -> None:
        self.follows_id = document_id
        self._about.say(words)
        self._about.setVisible(bool(words))
        self.sign_button.setVisible(document_id is None)

    def clear(self) -> None:
        super().clear()
        self._of_announcement(None)
        self._follow(None)

    # ── kept ──

    def _typed(self) -> dict[str, Any]:
        typed = super()._typed()
        announced = {"announcement": self.announcement_id.hex} if typed and self.announcement_id else {}
        return typed | announced | ({"follows": self.follows_id.hex} if typed and self.follows_id else {})

    def _put_back(self, kept: Mapping[str, Any]) -> None:
        super()._put_back(kept)
        self._of_announcement(UUID(hex=kept["announcement"]) if kept.get("announcement") else None)
        if kept.get("follows"):
            self._follow(UUID(hex=kept["follows"]), Text("Goes on with what was signed for. Type only what differs."))

    # ── saving ──

    def draft_of(self, values: Mapping[str, Any], lines: tuple[Any, ...]) -> ReceiveDraft:
        """The delivery as counted, and what it goes on with."""
        draft: ReceiveDraft = super().draft_of(values, lines)
        return replace(draft, follows_id=self.follows_id, announcement_id=self.announcement_id)

    def sign_now(self) -> None:
        """The driver leaves: boxes are signed for, the goods are counted later."""
        if not self.form.check():
            return
        values = self.form.values()
        lines = tuple(row.line() for row in self.editor.filled())
        draft = SignedDraft(values["supplier"], values["boxes"], lines, values["waybill"], values["donor"])
        self.send(draft, stock.sign_for)

    def _on_saved(self, view: DocumentView) -> None:
        super()._on_saved(view)
        if view.row.kind is DocumentKind.SIGNED:
            said = Text("Signed for: {paper}. Nothing of it is stock until it is counted.", paper=view.row.code)
            messages.done(said, undo=partial(self._take_back, view.row.id), icon="package-check")
        else:
            self._say_differences(view)
        self.made.emit(view.row)

    def _say_differences(self, view: DocumentView) -> None:
        """What the driver signs for is said at once, before the driver is gone."""
        short, damaged = sum(line.short for line in view.lines), sum(line.damaged for line in view.lines)
        if short or damaged:
            said = Text(
                "Received: {paper}, {units}. Short: {short}, damaged: {damaged}. The act is part of the paper.",
                paper=view.row.code, units=units_of(view.row.units), short=short, damaged=damaged,
            )  # fmt: skip
            messages.done(said, undo=partial(self._take_back, view.row.id), icon="package-check")


def ask_expected(owner: Any, code: str, then: Any, nothing: Any) -> None:
    """Looks up a scanned code; `nothing()` when it is of no delivery."""

    def answer(found: Expected | None) -> None:
        if found is None:
            nothing()
        else:
            then(found)

    jobs.read(partial(stock.expected, scanned=code), owner=owner, then=answer, latest="expected")
