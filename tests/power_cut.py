"""The power cut of the simulated day: the kit printed before it, families served on sheets and numbers off a paper roll while it lasts, and
the sheets typed in when the light is back.

What stands on paper is known to this module alone. The program learns it as a person tells it: the end of a card, «1x4 2», a time, a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from aidtrack.demo.centre import DAY, GIVES, ZONE, on
from aidtrack.demo.families import Family, families
from aidtrack.domain import on_paper as rules
from aidtrack.domain.ids import new_id
from aidtrack.domain.on_paper import PaperLine
from aidtrack.domain.queueing import Lane, Stage
from aidtrack.domain.stock import ReceiveDraft, ReceiveLine
from aidtrack.errors import NotFound, Refused
from aidtrack.reports import evening
from aidtrack.services import campaigns, days, on_paper, queueing, stock
from aidtrack.services.campaigns import AllowanceRow
from aidtrack.services.on_paper import PaperFamily, PaperReceipt
from aidtrack.services.queueing import BlockRow
from aidtrack.store.queueing import Ticket
from tests.visits import COORDINATOR, LEAD, REGISTRAR, STORE, Visit

if TYPE_CHECKING:
    from tests.simulation import Simulation

CUT = (on(DAY, 15, 50), on(DAY, 16, 40))
FROM_ELSEWHERE = "770011223344"
"""What stands on the card of a family nobody here knows."""
MORE = 2


@dataclass
class Line:
    """A line of a sheet as somebody wrote it by torchlight."""

    window: int
    place: str
    card: str
    items: str
    at: str
    visit: Visit


class PowerCut:
    """From the kit of the morning to the last line typed; `typed` are the receipts that stand."""

    def __init__(self, day: Simulation) -> None:
        self.day, self.centre = day, day.centre
        self.lines: list[Line] = []
        self.typed: list[PaperReceipt] = []
        self.spoiled, self.spoiled_place = "", 0
        self.taken_back = self.unknown = self.blankets = 0
        self._bus: list[Visit] = []
        self._roll: BlockRow | None = None
        self._on_roll: list[Family | None] = []
        self._kit: tuple[UUID, ...] = ()
        self._left: dict[UUID, int] = {}

    def plan(self) -> None:
        """What the cut adds to the day."""
        begins, ends = CUT
        for moment, happen in (
            (on(DAY, 8, 1), self._print_kit),
            (on(DAY, 15), self._print_kit),
            (begins - timedelta(seconds=50), self._a_bus_arrives),
            (begins + timedelta(seconds=1), self._serve_by_torchlight),
            (ends + timedelta(seconds=1), self._say_how_far_paper_came),
            (ends + timedelta(seconds=90), self._typing(0, 3)),
            (ends + timedelta(minutes=12), self._typing(1, 3)),
            (on(DAY, 17, 10), self._type_the_lorry),
            (on(DAY, 17, 50), self._typing(2, 3)),
            (on(DAY, 18, 5), self._explain),
        ):
            self.day.exactly(moment, happen)

    # ── before ───────────────────────────────────────────────────────────────────────────────────

    def _print_kit(self) -> None:
        """What the page Day prints: a roll with numbers enough, and the papers of the kit."""
        self._roll = self.centre.do(LEAD, on_paper.ready_roll)
        sheets = self.centre.ask(LEAD, evening.kit_of, DAY)
        assert {"roll", "served", "sheets", "quick", "form"} <= {sheet.name for sheet in sheets}
        self._kit = tuple(one.item_id for one in self.centre.ask(LEAD, on_paper.items_of_today))
        self.centre.do(LEAD, days.kit_printed)

    def _a_bus_arrives(self) -> None:
        """Families that were written down in their shelter hold a number and a card when the light goes."""
        pool = families(DAY)[-self._many :]
        for family in pool:
            number = self.centre.do(REGISTRAR, queueing.issue_ticket, lane=Lane.A)
            visit = self.day.expect(number.id, family)
            self.day.write_down(self.centre.people[REGISTRAR], visit)
            self.centre.do(REGISTRAR, queueing.tie_ticket, ticket_id=number.id, household_id=visit.household_id)
            self.centre.do(REGISTRAR, queueing.move_stage, ticket_id=number.id, stage=Stage.HAND_OVER)
            self._bus.append(visit)

    @property
    def _many(self) -> int:
        return max(5, self.day.number // 20)

    # ── by torchlight ────────────────────────────────────────────────────────────────────────────

    def give_paper_number(self, family: Family | None) -> None:
        """The next number off the roll."""
        self._on_roll.append(family)

    def _serve_by_torchlight(self) -> None:
        """Window 1 by the list of what a family has, window 2 the same with blankets off a lorry nobody has typed in."""
        last = {one.number: one.last for one in self.centre.ask(LEAD, on_paper.missing_lines, DAY)}
        newcomer = Visit(new_id(), families(DAY)[0], card=FROM_ELSEWHERE)
        again = next(one for one in self.day.visits.values() if 1 in one.seen and one.given and not one.is_on_paper)
        first = [(again, f"1x{MORE}"), (newcomer, "1x2"), *((visit, self._written(1, visit)) for visit in self._bus)]
        self._sign(1, last[1], first, spoiled=2)
        self._sign(2, last[2], [(visit, self._written(2, visit)) for visit in self._bus])
        for visit in self._bus:
            visit.is_on_paper = True

    def _written(self, window: int, visit: Visit) -> str:
        """«1x4 2x4»: what the poster gives this family at this window and the shelf still has, by the numbers of the printed list."""
        assert visit.household_id is not None
        rows = self.centre.ask(LEAD, campaigns.allowances, visit.household_id)
        here = {self.centre.items[code] for code in (*GIVES[window - 1], *(("BLANKET",) if window == 2 else ()))}
        taken = {row.item_id: row.due for row in rows if row.item_id in here and row.due and self._lies_there(row)}
        return " ".join(f"{self._kit.index(item) + 1}x{units}" for item, units in taken.items())

    def _lies_there(self, row: AllowanceRow) -> bool:
        """Of blankets there are as many as the lorry brought in the dark; of anything else what lay there when the light went."""
        if row.item_id == self.centre.items["BLANKET"]:
            self.blankets += row.due
            return True
        left = self._left.setdefault(row.item_id, row.available)
        self._left[row.item_id] -= row.due if row.due <= left else 0
        return row.due <= left

    def _sign(self, window: int, last: int, written: Sequence[tuple[Visit, str]], *, spoiled: int | None = None) -> None:
        """Line after line below the last one; one is crossed out."""
        for n, (visit, items) in enumerate(written):
            if n == spoiled:
                last += 1
                self.spoiled, self.spoiled_place = rules.show_place(window, last), last
            last += 1
            at = (CUT[0] + timedelta(seconds=35 * n)).astimezone(ZONE)
            card = visit.card if n % 3 == 1 else visit.card[-4:] if visit.household_id else visit.card
            self.lines.append(Line(window, rules.show_place(window, last), card, items, f"{at:%H:%M}", visit))

    # ── the light is back ────────────────────────────────────────────────────────────────────────

    def _say_how_far_paper_came(self) -> None:
        """The roll's numbers join the line, and the windows go on below the last line signed."""
        assert self._roll is not None
        if self._on_roll:
            given_to = self._roll.first + len(self._on_roll) - 1
            self.centre.do(REGISTRAR, queueing.take_in_block, block_id=self._roll.id, given_to=given_to)
            for number, family in enumerate(self._on_roll, self._roll.first):
                self.day.expect(self._number_off_the_roll(number), family)
        for window in (1, 2):
            place = max(self._place(line) for line in self.lines if line.window == window)
            facts = {"day": DAY, "window_id": self.centre.windows[window], "place": place}
            self.centre.do(LEAD, on_paper.paper_ended, **facts)

    def _number_off_the_roll(self, number: int) -> UUID:
        query = select(Ticket.id).where(Ticket.day == DAY, Ticket.lane == Lane.A, Ticket.number == number)
        return self.centre.scopes.read(lambda session: session.scalars(query).one())

    def _place(self, line: Line) -> int:
        place = rules.read_place(line.place, line.window)
        assert place is not None
        return place

    def _typing(self, part: int, of: int) -> Callable[[], None]:
        return lambda: self._type_all(self.lines[part::of], is_first=part == 0)

    def _type_all(self, lines: Iterable[Line], *, is_first: bool) -> None:
        """One of the first is typed to the wrong family, seen, and taken back."""
        for n, line in enumerate(lines):
            if is_first and n == 0:
                wrong = self._type(line, card=self._bus[-1].card)
                self.centre.do(LEAD, on_paper.take_back_line, hand_over_id=wrong.hand_over.id)
                self.taken_back += 1
            self.typed.append(self._type(line))

    def _type(self, line: Line, card: str = "") -> PaperReceipt:
        """One line, sent twice as an impatient key does."""
        family = self._family(card or line.card, line.visit)
        numbers = [one.item_id for one in self.centre.ask(LEAD, on_paper.items_of_today)]
        items = rules.read_items(line.items, numbers, family.due)
        at = rules.read_time(line.at, DAY, self.centre.clock(), ZONE)
        assert items is not None, "what is written is read"
        assert at is not None, "and when it was"
        draft = PaperLine(family.household_id, items, at, self.centre.windows[line.window], DAY, self._place(line))
        request, by = new_id(), self.centre.people[LEAD]
        first, again = (
            self.centre.scopes.write(lambda s: on_paper.enter_paper_line(s, by, request_id=request, line=draft)) for _ in range(2)
        )
        assert first == again
        return first

    def _family(self, card: str, visit: Visit) -> PaperFamily:
        """By the end of the card; whoever is not in the book is registered first, and the line stays as it was typed."""
        try:
            return self.centre.ask(LEAD, on_paper.family_of_card, card, DAY)
        except Refused as several:
            if several.code != "more-digits":
                raise
            return self.centre.ask(LEAD, on_paper.family_of_card, visit.card, DAY)
        except NotFound as nobody:
            if nobody.code != "no-card":
                raise
            self.unknown += 1
            self.day.write_down(self.centre.people[REGISTRAR], visit)
            return self.centre.ask(LEAD, on_paper.family_of_card, visit.card, DAY)

    # ── goods the book did not have ──────────────────────────────────────────────────────────────

    def _type_the_lorry(self) -> None:
        """It was announced in the morning, came in the dark, and brought enough for those who came after it."""
        line = ReceiveLine(self.centre.items["BLANKET"], self.blankets + self.day.number * 4)
        draft = ReceiveDraft("Фонд «Тепло»", (line,), "ТН-9", "Фонд «Тепло»", announcement_id=self.day.errands.announced)
        self.centre.do(STORE, stock.receive, draft=draft)

    def _explain(self) -> None:
        """What the book did not have came with that lorry."""
        owed = self.centre.ask(STORE, on_paper.owed_goods, DAY)
        assert owed, "the book lacked what was given"
        for row in owed:
            facts: dict[str, Any] = {"day": DAY, "item_id": row.item_id, "receipt_id": row.receipts[0][0]}
            assert self.centre.do(STORE, on_paper.came_with, **facts) == row.units
        assert self.centre.ask(STORE, on_paper.owed_goods, DAY) == ()

    # ── the morning after ────────────────────────────────────────────────────────────────────────

    def a_sheet_is_found(self, visit: Visit) -> PaperReceipt:
        """A sheet lay under the table: the coordinator types it into the signed-off day, with a reason."""
        last = {one.number: one.last for one in self.centre.ask(LEAD, on_paper.missing_lines, DAY)}
        assert visit.household_id is not None
        at: datetime = CUT[1] - timedelta(minutes=2)
        items = ((self.centre.items["SOAP-250"], 1),)
        line = PaperLine(visit.household_id, items, at, self.centre.windows[2], DAY, last[2] + 1, "лист лежал под столом")
        return self.centre.do(COORDINATOR, on_paper.enter_paper_line, line=line)
