"""Goods that leave: a waybill to a centre, an organisation, a donor or the free table; a write-off, a great one with a second
person's word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from aidtrack.domain.stock import Destination, TransferDraft, WriteOffDraft
from aidtrack.errors import Refused, Text
from aidtrack.services import stock
from aidtrack.ui import jobs
from aidtrack.ui.approving import Word, WordDialog
from aidtrack.ui.pages.stock.papers import WAYBILL, WRITE_OFF_ACT, PaperPanel, WordInput

if TYPE_CHECKING:
    from aidtrack.domain.actor import Actor


class WaybillPanel(PaperPanel):
    """Goods on a waybill. Other centres of this database are proposed by name, and receive it themselves."""

    def __init__(self) -> None:
        super().__init__(WAYBILL)

    def build(self) -> Iterator[None]:
        yield from super().build()
        self._centres: tuple[stock.PlaceName, ...] = ()
        self._suppliers: tuple[str, ...] = ()
        self.form.field("to").input.edited.connect(self._propose)

    def refill(self) -> None:
        super().refill()
        jobs.read(stock.other_centres, owner=self, then=self._use_centres, latest="centres")

    def _use(self, answer: Any) -> None:
        self._suppliers = answer[1]
        super()._use(answer)
        self._propose()

    def _use_centres(self, centres: tuple[stock.PlaceName, ...]) -> None:
        self._centres = centres
        self._propose()

    def _propose(self) -> None:
        """Centres where goods go to a centre, those who brought goods where they go back."""
        to, name = self.form.field("to").input.value(), self.form.field("to_name").input
        assert isinstance(name, WordInput)
        centres = [centre.name for centre in self._centres]
        name.known = centres if to is Destination.CENTRE else self._suppliers if to is Destination.DONOR else ()
        self.form.field("people").setVisible(to is Destination.ORGANISATION)
        self.form.field("to_name").setVisible(to is not Destination.FREE_TABLE)

    def draft_of(self, values: Mapping[str, Any], lines: tuple[Any, ...]) -> TransferDraft:
        """Goods for a centre of this database are addressed to it."""
        draft: TransferDraft = super().draft_of(values, lines)
        site = next((centre.id for centre in self._centres if centre.name == draft.to_name), None)
        to_site = site if draft.to is Destination.CENTRE else None
        people = draft.people if draft.to is Destination.ORGANISATION else None
        return replace(draft, to_site_id=to_site, people=people)


class WriteOffPanel(PaperPanel):
    """Goods that are lost. Above the limit somebody else's word is asked for at this window."""

    def __init__(self) -> None:
        super().__init__(WRITE_OFF_ACT)
        self._draft: WriteOffDraft | None = None

    def draft_of(self, values: Mapping[str, Any], lines: tuple[Any, ...]) -> WriteOffDraft:
        """Kept, so that it is sent again as it was when a shift lead approves."""
        draft: WriteOffDraft = super().draft_of(values, lines)
        self._draft = draft
        return draft

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Refused) and error.code == "needs-approval" and self._draft is not None:
            self._request.ended(error)
            dialog = WordDialog(
                self, error.text, title=Text("A shift lead approves"), main=Text("Approve and write off"),
                foot=Text("It stands on the act. Esc: nothing is written off."), name="stock_approval",
            )  # fmt: skip
            Word(self, dialog, partial(self._approved, self._draft))
        else:
            super()._on_failed(error)

    def _approved(self, draft: WriteOffDraft, approver: Actor) -> None:
        self.send(draft, stock.write_off, approver=approver)
