"""More than one family at the window: another card over an open hand-over, families put aside, several by one collector.

Owns who waits and who stands in the list. A family that is open and not finished is never discarded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from aidtrack.domain.people import HowConfirmed
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.ui import jobs, messages
from aidtrack.ui.pages.desk import sentences
from aidtrack.ui.pages.desk.allowance import Collector
from aidtrack.ui.pages.desk.together import Ready

if TYPE_CHECKING:
    from aidtrack.ui.pages.desk.allowance_line import Filled
    from aidtrack.ui.pages.desk.page import DeskPage

Card = tuple[UUID, str]


@dataclass(frozen=True)
class Aside:
    """A family that waits while another card is served: what was typed for it is kept."""

    household_id: UUID
    card: str
    filled: dict[UUID, Filled]


class Several(QObject):
    """`for_others`: who collects for the open family and is not of it; `next`: a card that waits for F9; `is_together`: one list."""

    def __init__(self, page: DeskPage) -> None:
        super().__init__(page)
        self._page = page
        self.for_others: Collector | None = None
        self.next: Card | None = None
        self.is_together = False
        self._aside: list[Aside] = []
        self._to_fill: dict[UUID, Filled] = {}

    def forget(self) -> None:
        """No family is open."""
        self.for_others = self.next = None

    def fill_again(self) -> None:
        """The family that is open now waited: what was typed stands again."""
        filled, self._to_fill = self._to_fill, {}
        self._page.allowance.fill(filled)

    # ── another card ──

    def card_over_open(self, household_id: UUID, code: str) -> None:
        """Does whoever stands here collect for several families? Known today, or the number says so; else it waits."""
        from aidtrack.services import handover

        who = self._page.allowance.collector()
        ask = partial(handover.word_of, person_id=who.person_id if who else None, name=who.text if who else "")
        jobs.read(ask, owner=self, then=partial(self._on_word, household_id, code), latest="word")

    def _on_word(self, household_id: UUID, code: str, known: HowConfirmed | None) -> None:
        page, ticket = self._page, self._page.open_ticket()
        is_several = known is not None or (ticket is not None and ticket.lane is Lane.T)
        if (self.is_together or is_several) and page.allowance.collector() is not None:
            self._add(household_id, code, known)
            return
        self.next = household_id, code
        name = page.view.family.head_name if page.view else ""
        text = Text("Finish {family} first? F9. Esc keeps it waiting. One collector for both: F7, 1", family=name)
        messages.attention(text, icon="scan-line")
        page.allowance.rest()
        page.refresh_actions()

    def put_aside(self) -> None:
        """The open family waits with everything that was typed for it."""
        view = self._page.view
        if view is not None:
            self._aside = [one for one in self._aside if one.household_id != view.family.id]
            self._aside.append(Aside(view.family.id, self._page.card, self._page.allowance.filled()))

    def open_next(self, waiting: Card | None) -> None:
        """The card that waited, else the family that was put aside last; nobody where nobody waits."""
        if waiting is not None:
            self._page.open_family(waiting[0], None, waiting[1], is_scanned=True)
        elif self._aside:
            one = self._aside.pop()
            self._to_fill = one.filled
            self._page.open_family(one.household_id, None, one.card, is_scanned=bool(one.card))

    def step_back(self) -> bool:
        """Esc: the open family waits and the new card opens; or the open one leaves the list. False where neither is."""
        if self.next is not None:
            waiting = self.next
            self.put_aside()
            messages.clear()
            self.open_next(waiting)
        elif self._page.allowance.together.families:
            self._drop_last()
        else:
            return False
        return True

    # ── several families by one collector ──

    def start(self) -> None:
        """F7, 1: cards that are scanned from now on join this list."""
        if self._page.allowance.collector() is None:
            messages.attention(Text("Who is collecting? Press a digit of the family, or 0 for somebody else."))
            return
        self.is_together = True
        if self.next is not None:
            self.card_over_open(*self.next)
        else:
            messages.attention(Text("Scan the cards of the other families, then F9. Esc: back"), icon="scan-line")

    def _add(self, household_id: UUID, code: str, known: HowConfirmed | None) -> None:
        """The open family is filled and joins the list; the next one opens for the same collector."""
        page = self._page
        who, ready = page.allowance.collector(), self._ready()
        if who is None or ready is None:
            return
        self.is_together = True
        families = (*page.allowance.together.families, ready)
        page.empty()
        page.allowance.together.show_families(families)
        messages.clear()
        page.open_family(household_id, None, code, is_scanned=True)
        self.for_others = Collector(who.person_id, who.text, who.name, ready.draft.how_known or known)

    def _ready(self) -> Ready | None:
        panel, view = self._page.allowance, self._page.view
        draft = panel.draft()
        if draft is None or view is None:
            return None
        given = sentences.to_give(panel.lines)
        return Ready(draft, view.family.head_name, given, self._page.card, panel.filled(), panel.is_more)

    def _drop_last(self) -> None:
        """The family that is open leaves the list, the one before is open again."""
        page, who = self._page, self.for_others
        *before, last = page.allowance.together.families
        page.empty()
        page.allowance.together.show_families(tuple(before))
        self._to_fill = last.filled
        self.is_together = bool(before)
        collector = None if before else last.draft.collector_person_id
        page.open_family(last.draft.household_id, collector, last.card, is_scanned=True)
        self.for_others = who if before else None

    def end(self) -> None:
        """The list is done."""
        self.is_together = False
        self._page.allowance.together.show_families(())
