"""The evening checklist: what must agree before a day is closed, row by row, and which rows want one sentence.

Reads only. Nothing here stops anybody from closing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from aidtrack.domain import on_paper
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.domain.handover import SheetLine, sheet_series
from aidtrack.domain.queueing import TicketState, balances
from aidtrack.errors import Names, NotFound, Text
from aidtrack.services.days.still_cancelled import still_cancelled
from aidtrack.services.queueing.blocks import drawn
from aidtrack.store.base import by_first
from aidtrack.store.days import Day, DayCount, DayNote, Desk, last_drawn
from aidtrack.store.handover import DeliveryReturn, DeliverySheet
from aidtrack.store.on_paper import owed_on_paper, seen_at_shelf, standing_lines
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Balance, CountLine, Document, Item, Movement, StockPlace

TICKETS, STILL_WAITING, SIGNATURES, NOT_COUNTED = "tickets", "still_waiting", "signatures", "not_counted"
SHEETS_OUT, TO_GIVE_AGAIN = "sheets_out", "to_give_again"
_SHELVES = ("shelf", "quarantine")
_NAMED = 4


class RowState(StrEnum):
    """DONE agrees, or is explained · SENTENCE wants one sentence · OPEN is decided by closing."""

    DONE = "done"
    SENTENCE = "sentence"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One thing to look at in the evening. `sentence` is what was said about it so far."""

    topic: str
    state: RowState
    title: Text
    figures: Text
    sentence: str = ""


def count_topic(item_id: UUID) -> str:
    """Under this topic the difference of an item is explained."""
    return f"count/{item_id.hex}"


def owed_topic(item_id: UUID) -> str:
    """Under this topic goods given on paper that the book did not have are explained."""
    return f"owed/{item_id.hex}"


def checklist(session: Session, by: Actor, day_id: UUID) -> tuple[ChecklistRow, ...]:
    """Tickets, who still waits, signatures, lines that are written twice, each counted difference, what nobody counted."""
    by.require(Permission.REPORT)
    day = session.get(Day, day_id)
    if day is None:
        raise NotFound("day", Text("This day was never opened."))
    said = sentences(session, day_id)
    rows = [_tickets(session, day), *_waiting(session, day), _signatures(session, day)]
    rows += [*_written_twice(session, day), *_counted_up(session, day)]
    rows += [*_sheets_out(session, day), *_to_give_again(session, by, day)]
    rows += [*_differences(session, day), *_owed(session, day), *_not_counted(session, day)]
    return tuple(_explained(row, said) for row in rows)


def sentences(session: Session, day_id: UUID) -> Mapping[str, str]:
    """The last sentence said about each topic of a day."""
    query = select(DayNote.topic, DayNote.sentence).where(DayNote.day_id == day_id).order_by(DayNote.at, DayNote.id)
    return by_first(session, query)


def _explained(row: ChecklistRow, said: Mapping[str, str]) -> ChecklistRow:
    sentence = said.get(row.topic, row.sentence)
    state = RowState.DONE if sentence and row.state is RowState.SENTENCE else row.state
    return ChecklistRow(row.topic, state, row.title, row.figures, sentence)


# ── tickets ──────────────────────────────────────────────────────────────────────────────────────

_SHOWN = (
    (TicketState.SERVED, Text("served")),
    (TicketState.MISSED, Text("not here")),
    (TicketState.LEFT, Text("gone")),
    (TicketState.CANCELLED, Text("cancelled")),
    (TicketState.EXPIRED, Text("no longer valid")),
    (TicketState.TOMORROW, Text("moved to tomorrow")),
)


def _tickets(session: Session, day: Day) -> ChecklistRow:
    """Issued, by the counters' last numbers, against what became of them."""
    query = select(Ticket.state, func.count()).where(Ticket.site_id == day.site_id, Ticket.day == day.day)
    by_state = {TicketState(state): number for state, number in session.execute(query.group_by(Ticket.state))}
    found = drawn(session, day)
    issued, on_rolls = found.numbers, found.left_on_rolls
    shown = [(by_state.get(state, 0), word) for state, word in _SHOWN]
    still = sum(by_state.values()) - sum(number for number, _ in shown)
    rest = [(still, Text("still in the queue")), (on_rolls, Text("left on paper rolls"))]
    parts = [(n, word) for n, word in [*shown, *rest] if n] or [(0, Text("served"))]
    figures = Text("{issued} issued = {parts}", issued=issued, parts=_sum([_part(n, word) for n, word in parts]))
    state = RowState.DONE if balances(issued - on_rolls, by_state) else RowState.SENTENCE
    return ChecklistRow(TICKETS, state, Text("Queue numbers"), figures)


def _part(number: int, word: Text) -> Text:
    return Text("{number} {what}", number=number, what=word)


def _sum(parts: Sequence[Text]) -> Text:
    return reduce(lambda left, right: Text("{left} + {right}", left=left, right=right), parts)


def _waiting(session: Session, day: Day) -> Iterable[ChecklistRow]:
    still = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING)
    query = select(func.count()).where(Ticket.site_id == day.site_id, Ticket.day == day.day, Ticket.state.in_(still))
    number = session.scalar(query) or 0
    if number:
        title = Text.plural("{n} number is still in the queue", "{n} numbers are still in the queue", n=number)
        yield ChecklistRow(STILL_WAITING, RowState.OPEN, title, Text("closing keeps their places for tomorrow"))


def _signatures(session: Session, day: Day) -> ChecklistRow:
    """Every sheet is signed from its first line on; a line nobody is written for, on paper or here, stands out."""
    windows = [_sheets(session, day, desk) for desk in session.scalars(_desks(day))]
    signed = [one for one in windows if one.last]
    if not signed:
        return ChecklistRow(SIGNATURES, RowState.DONE, Text("Signatures"), Text("nothing was handed over"))
    names = [name for one in signed for name in one.names]
    lines = sum(one.signed for one in signed)
    figures = Text("sheets {sheets}, {lines}", sheets=_from_to(names), lines=_lines(lines))
    gaps = [run for one in signed for run in one.runs]
    if gaps:
        figures = Text("{figures}; nobody is written for {gaps}", figures=figures, gaps=_listed(gaps))
    return ChecklistRow(SIGNATURES, RowState.SENTENCE if gaps else RowState.DONE, Text("Signatures"), figures)


@dataclass(frozen=True, slots=True)
class _Sheets:
    """A window's lines of the day: the last one that was drawn or noted, those nobody is written for, and who was written on which."""

    desk_id: UUID
    window: int
    last: int
    missing: tuple[int, ...]
    written: Counter[int]

    @property
    def signed(self) -> int:
        """How many signatures there are: two on a line that is written twice."""
        return self.written.total()

    @property
    def names(self) -> list[str]:
        """2-01, 2-02 …"""
        return [f"{self.window}-{n:02}" for n in range(1, SheetLine.of("", self.last).sheet + 1)]

    @property
    def runs(self) -> list[str]:
        """2-03/12 or 2-03/12–2-03/14"""
        show = on_paper.show_place
        runs = [(show(self.window, a), show(self.window, b)) for a, b in on_paper.in_runs(self.missing)]
        return [a if a == b else f"{a}–{b}" for a, b in runs]


def _desks(day: Day) -> Select[Desk]:
    return select(Desk).where(Desk.site_id == day.site_id).order_by(Desk.number)


def _sheets(session: Session, day: Day, desk: Desk) -> _Sheets:
    drawn = last_drawn(session, day.site_id, sheet_series(day.day, desk.number))
    written = standing_lines(session, desk.id, day.day)
    last = max(drawn, max(written, default=0))
    return _Sheets(desk.id, desk.number, last, on_paper.missing(written, last), written)


def _written_twice(session: Session, day: Day) -> Iterable[ChecklistRow]:
    """Each line of a sheet that several hand-overs stand on: a window went on before the paper ended, or a line was typed wrongly."""
    for one in [_sheets(session, day, desk) for desk in session.scalars(_desks(day)).all()]:
        for line, times in sorted(one.written.items()):
            if times > 1:
                title = Text("Line {place} of the sheets is written more than once", place=on_paper.show_place(one.window, line))
                facts = Text.plural("{n} hand-over", "{n} hand-overs", n=times)
                yield ChecklistRow(f"line/{one.desk_id.hex}/{line}", RowState.SENTENCE, title, facts)


# ── cash-up: papers against the book ─────────────────────────────────────────────────────────────

_SIGNED_AT, NAMED_PAPERS = "signed/", "named"


def is_counted_by_hand(topic: str) -> bool:
    """Whether a number answers this row: what was counted on paper."""
    return topic.startswith(_SIGNED_AT) or topic == NAMED_PAPERS


def counts(session: Session, day_id: UUID) -> Mapping[str, int]:
    """The last count of each topic of a day."""
    query = select(DayCount.topic, DayCount.number).where(DayCount.day_id == day_id).order_by(DayCount.at, DayCount.id)
    return by_first(session, query)


def signed_counts(session: Session, day_id: UUID) -> dict[UUID, int]:
    """Of each window the signed lines that were counted on paper, where somebody did."""
    found = counts(session, day_id).items()
    return {UUID(hex=topic.removeprefix(_SIGNED_AT)): n for topic, n in found if topic.startswith(_SIGNED_AT)}


def _counted_up(session: Session, day: Day) -> Iterable[ChecklistRow]:
    """Lines the windows signed and papers with names, counted on the table, against the book. A difference wants a sentence."""
    counted, sheets = counts(session, day.id), 0
    for desk in session.scalars(_desks(day)).all():
        signed = _sheets(session, day, desk)
        if signed.last:
            sheets += len(signed.names)
            title = Text("Window {window}: lines signed on its sheets", window=str(desk.number))
            yield _against_book(day, f"{_SIGNED_AT}{desk.id.hex}", title, signed.signed, counted)
    if sheets:
        yield _against_book(day, NAMED_PAPERS, Text("Papers with names, boxed or shredded"), sheets, counted)


def _against_book(day: Day, topic: str, title: Text, book: int, counted: Mapping[str, int]) -> ChecklistRow:
    found = counted.get(topic)
    if found is None and day.state == DayState.SIGNED_OFF:
        return ChecklistRow(topic, RowState.OPEN, title, Text("by the book {n}; it was not counted", n=book))
    if found is None:
        return ChecklistRow(topic, RowState.OPEN, title, Text("by the book {n}; type what was counted", n=book))
    figures = Text("by the book {book}, counted {found}", book=book, found=found)
    return ChecklistRow(topic, RowState.DONE if found == book else RowState.SENTENCE, title, figures)


def _listed(gaps: Sequence[str]) -> str:
    more = f" … +{len(gaps) - _NAMED}" if len(gaps) > _NAMED else ""
    return ", ".join(gaps[:_NAMED]) + more


def _sheets_out(session: Session, day: Day) -> Iterable[ChecklistRow]:
    """Home-delivery sheets that nobody signed back in: paper with addresses is somewhere."""
    query = (
        select(DeliverySheet.number)
        .outerjoin(DeliveryReturn, DeliveryReturn.sheet_id == DeliverySheet.id)
        .where(DeliverySheet.site_id == day.site_id, DeliverySheet.day <= day.day, DeliveryReturn.sheet_id.is_(None))
        .order_by(DeliverySheet.day, DeliverySheet.number)
    )
    numbers = [str(number) for number in session.scalars(query)]
    if numbers:
        title = Text.plural("{n} home-delivery sheet is not back", "{n} home-delivery sheets are not back", n=len(numbers))
        copies = Text.plural("copy {list}", "copies {list}", n=len(numbers), list=", ".join(numbers))
        yield ChecklistRow(SHEETS_OUT, RowState.SENTENCE, title, copies)


def _to_give_again(session: Session, by: Actor, day: Day) -> Iterable[ChecklistRow]:
    """What was cancelled as our error, which was taken back: by the book nobody has the goods, until they are handed over again."""
    lines = [str(line) for line in still_cancelled(session, day.site_id, day.day, by.now())]
    if lines:
        title = Text.plural(
            "“Our error” was taken back, {n} hand-over is still cancelled",
            "“Our error” was taken back, {n} hand-overs are still cancelled",
            n=len(lines),
        )  # fmt: skip
        yield ChecklistRow(TO_GIVE_AGAIN, RowState.SENTENCE, title, Text("hand over again: {list}", list=_listed(lines)))


def _from_to(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _lines(number: int) -> Text:
    return Text.plural("{n} line", "{n} lines", n=number)


# ── stock ────────────────────────────────────────────────────────────────────────────────────────


def _differences(session: Session, day: Day) -> list[ChecklistRow]:
    """One row for each item whose counts of the day differed from the book."""
    query = (
        select(CountLine)
        .join(Document, Document.id == CountLine.document_id)
        .where(Document.site_id == day.site_id, Document.day == day.day, seen_at_shelf())
        .order_by(CountLine.counted_at, CountLine.id)
    )
    by_item: dict[UUID, list[CountLine]] = defaultdict(list)
    for line in session.scalars(query):
        by_item[line.item_id].append(line)
    names = _names(session, by_item)
    rows = [_difference(item, names[item], lines) for item, lines in by_item.items()]
    return [row for row in rows if row is not None]


def _difference(item_id: UUID, names: Names, lines: Sequence[CountLine]) -> ChecklistRow | None:
    """By the book is what the book said before the counts of the day changed it."""
    difference = sum(line.seen - line.book for line in lines)
    if not difference:
        return None
    seen = sum({(line.place_id, line.lot_id): line.seen for line in lines}.values())
    facts = Text("{item}: by the book {book}, on the shelf {seen}", item=names, book=seen - difference, seen=seen)
    said = next((line.note for line in reversed(lines) if line.note), "")
    state = RowState.DONE if said else RowState.SENTENCE
    return ChecklistRow(count_topic(item_id), state, facts, _signed(difference), said)


def _owed(session: Session, day: Day) -> list[ChecklistRow]:
    """Goods that were given on paper though the book had none: the receipt they came with explains them, or a sentence."""
    units = owed_on_paper(session, day.site_id, day.day)
    names = _names(session, units)
    return [
        ChecklistRow(
            owed_topic(item), RowState.SENTENCE, Text("{item}: given on paper, not in the book", item=names[item]),
            Text.plural("{n} unit to explain", "{n} units to explain", n=units[item]),
        )
        for item in names
    ]  # fmt: skip


def _signed(difference: int) -> Text:
    if difference > 0:
        return Text("difference +{more}", more=difference)
    return Text("difference {less}", less=difference)


def _not_counted(session: Session, day: Day) -> Iterable[ChecklistRow]:
    """Goods that lie on a shelf or moved today and were not counted."""
    shelves = select(StockPlace.id).where(StockPlace.site_id == day.site_id, StockPlace.kind.in_(_SHELVES))
    lying = select(Balance.item_id).where(Balance.place_id.in_(shelves), Balance.quantity > 0)
    at_shelf = or_(Movement.from_id.in_(shelves), Movement.to_id.in_(shelves))
    moved = select(Movement.item_id).where(Movement.day == day.day, at_shelf)
    counted = (
        select(CountLine.item_id)
        .join(Document, Document.id == CountLine.document_id)
        .where(Document.site_id == day.site_id, Document.day == day.day, seen_at_shelf())
    )
    left = set(session.scalars(lying.union(moved))) - set(session.scalars(counted))
    if left:
        title = Text.plural("{n} kind of goods was not counted", "{n} kinds of goods were not counted", n=len(left))
        yield ChecklistRow(NOT_COUNTED, RowState.SENTENCE, title, _some(list(_names(session, left).values())))


def _some(names: Sequence[Names]) -> Text:
    first = tuple(names[:_NAMED])
    if len(names) > _NAMED:
        return Text("{items} and {more} more", items=first, more=len(names) - _NAMED)
    return Text("{items}", items=first)


def _names(session: Session, items: Iterable[UUID]) -> dict[UUID, Names]:
    query = select(Item.id, Item.names).where(Item.id.in_(list(items))).order_by(Item.code)
    return by_first(session, query)
