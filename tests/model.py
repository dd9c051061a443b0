"""A small world of families, goods and days that knows no table: what the program must agree with after every step.

The world does each thing twice: once through the use cases, once on its own few dictionaries. `agree` holds both against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain.handover import GoodsAre
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.domain.stock import (
    CountDraft,
    Destination,
    GoodsLine,
    MovementKind,
    PlaceKind,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    TransferDraft,
)
from aidtrack.errors import Conflict, Refused
from aidtrack.services import days, people, queueing, stock
from aidtrack.services.campaigns import allowances
from aidtrack.services.check import goods, queue
from aidtrack.services.handover import cancel_hand_over, hand_over
from aidtrack.services.identity import links
from aidtrack.services.people import MoveDraft, SeparationDraft, household_view
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import Desk, draw
from aidtrack.store.handover import HandOver, HandOverVoid
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Balance, Lot, Movement, StockPlace
from tests.aid import TODAY, Aid, Goods, draft_of, make_aid, make_family
from tests.factories import Centre, SettableClock, Team, make_centre, make_team

T = TypeVar("T")
WEEK = timedelta(days=7)


@dataclass
class Given:
    """One hand-over as the world remembers it: whom each item covered, and from which lots it came."""

    household: UUID
    day: date
    covered: dict[UUID, frozenset[UUID]]
    taken: list[tuple[UUID, UUID, int]]
    ticket: UUID | None
    served: bool = False
    is_valid: bool = True


@dataclass
class World:
    """One centre; everything here is what *should* be."""

    database: Database
    clock: SettableClock = field(default_factory=SettableClock)
    families: dict[UUID, list[UUID]] = field(default_factory=dict)
    same: dict[UUID, UUID] = field(default_factory=dict)
    given: dict[UUID, Given] = field(default_factory=dict)
    shelf: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    aside: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    tickets: dict[UUID, UUID] = field(default_factory=dict)
    ended: dict[UUID, bool] = field(default_factory=dict)
    drawn_for: dict[UUID, UUID] = field(default_factory=dict)
    joined: list[tuple[UUID, UUID]] = field(default_factory=list)
    day: date = TODAY
    passed: int = 0
    """Minutes since the day was opened, as far as jumps of the clock tell."""

    def __post_init__(self) -> None:
        self.centre: Centre = self.write(lambda s: make_centre(s, self.clock))
        self.by: Team = self.write(lambda s: make_team(s, self.clock, self.centre))
        self.aid: Aid = self.write(lambda s: make_aid(s, self.by, self.centre))
        self.write(self._every_window_gives_all)
        for lot, quantity in self.write(lambda s: s.execute(select(Balance.lot_id, Balance.quantity)).all()):
            self.shelf[lot] = quantity

    def _every_window_gives_all(self, session: Session) -> None:
        with journal.operation(session, self.by.coordinator, new_id(), "all_items_here"):
            for desk in self.centre.windows:
                session.get_one(Desk, desk).gives = None
            draw(session, self.centre.site_id, "document:GRN:2024")  # the receipt the goods of the first day came on

    def write(self, do: Callable[[Session], T]) -> T:
        return self.database.write(do)

    @property
    def goods(self) -> tuple[Goods, Goods, Goods]:
        return self.aid.food, self.aid.soap, self.aid.blanket

    # ── what should be ──

    def who(self, person: UUID) -> UUID:
        """The stand-in of everybody who is one person."""
        while person in self.same:
            person = self.same[person]
        return person

    def people(self, household: UUID) -> list[UUID]:
        """Stand-ins of the members, each once, in the order of the table."""
        return list(dict.fromkeys(self.who(person) for person in self.families[household]))

    def had(self, item: Goods, span: timedelta | None) -> set[UUID]:
        """Who was covered by this item within the window that is open today."""
        return {
            self.who(person)
            for one in self.given.values()
            if one.is_valid and (span is None or one.day + span > self.day)
            for person in one.covered.get(item.item_id, ())
        }

    def free(self, household: UUID, item: Goods) -> list[UUID]:
        """Whom the item is due for: each person once a week; a blanket once, unless half of them had one."""
        members = self.people(household)
        if item is not self.aid.blanket:
            had = self.had(item, WEEK)
            return [person for person in members if person not in had]
        had = self.had(item, None)
        return [] if 2 * len(had & set(members)) >= len(members) else members

    def due(self, household: UUID, item: Goods) -> int:
        free = self.free(household, item)
        return min(len(free), 1) if item is self.aid.blanket else len(free)

    def live(self, item: Goods, lots: Mapping[UUID, tuple[UUID, date | None]]) -> list[UUID]:
        """The lots of an item that can be given, first expiring first."""
        mine = [
            lot for lot, (of, expiry) in lots.items() if of == item.item_id and (expiry is None or expiry >= self.day)
        ]
        return sorted(mine, key=lambda lot: (lots[lot][1] or date.max, lot))

    def lots(self) -> dict[UUID, tuple[UUID, date | None]]:
        rows = self.database.read(lambda s: s.execute(select(Lot.id, Lot.item_id, Lot.expires_on)).all())
        return {lot: (item, expiry) for lot, item, expiry in rows}

    # ── steps ──

    def register(self, size: int) -> UUID:
        found = self.write(lambda s: make_family(s, self.by.registrar, "Ткаченко", size)).household_id
        self.families[found] = self._members(found)
        return found

    def _members(self, household: UUID) -> list[UUID]:
        view = self.database.read(lambda s: household_view(s, self.by.shift_lead, household))
        return [member.person_id for member in view.members]

    def ticket(self, household: UUID) -> None:
        """A number for the family, unless this card holds one.

        A family of several cards has one number under all of them: another card of it is handed the number that is open already,
        so whether a number ended is kept once for the number, not once for each card.
        """
        if self.open_ticket(household) is None:
            row = self.write(lambda s: queueing.issue_ticket(
                s, self.by.registrar, request_id=new_id(), lane=Lane.A, household_id=household))  # fmt: skip
            drawn_for = self.drawn_for.setdefault(row.id, household)
            assert drawn_for in self.cards(household), "a number is of one family"
            assert not self.ended.setdefault(row.id, False), "a number that ended is given to nobody again"
            self.tickets[household] = row.id

    def open_ticket(self, household: UUID) -> UUID | None:
        """The number the card holds, unless it ended."""
        ticket = self.tickets.get(household)
        return None if ticket is None or self.ended[ticket] else ticket

    def cards(self, household: UUID) -> set[UUID]:
        """Every card that can be of this family: it has somebody of it, or of a card that has."""
        found, fresh = {household}, {household}
        while fresh:
            people = {person for home in fresh for person in self.people(home)}
            fresh = {home for home in self.families if people & set(self.people(home))} - found
            found |= fresh
        return found

    def receive(self, item: Goods, quantity: int, lasts: int | None) -> None:
        expiry = self.day + timedelta(days=lasts) if lasts is not None else None
        draft = ReceiveDraft("Фонд", (ReceiveLine(item.item_id, quantity, expiry, lot=new_id().hex[-8:]),))
        before = set(self.lots())
        self.write(lambda s: stock.receive(s, self.by.storekeeper, request_id=new_id(), draft=draft))
        (lot,) = set(self.lots()) - before
        self.shelf[lot] += quantity

    def give(self, household: UUID, asked: Sequence[int], *, retries: int = 0, desk: int = 0) -> UUID | None:
        """Hands over so many of food, soap and blankets at a desk, and sends the same again; the refusal must be foreseen."""
        who = self.by.at(self.by.distributor, self.centre.windows[desk])
        request, ticket = new_id(), self.open_ticket(household)
        lines = [(item, quantity) for item, quantity in zip(self.goods, asked, strict=True) if quantity]
        if not lines:
            return None
        draft = draft_of(household, *lines, ticket_id=ticket)
        lots = self.lots()
        held = {item: sum(self.shelf[lot] for lot in self.live(item, lots)) for item, _ in lines}
        fits = all(quantity <= min(self.due(household, item), held[item]) for item, quantity in lines)
        try:
            receipt = self.write(lambda s: hand_over(s, who, request_id=request, draft=draft))
        except Refused:
            assert not fits, "what is due and there must be given"
            return None
        assert fits, "more was given than is due or there"
        for _ in range(retries):
            try:
                again = self.write(lambda s: hand_over(s, who, request_id=request, draft=draft))
            except Refused as refused:
                raise AssertionError("T5: the same request has one effect") from refused
            assert again == receipt, "T5: the same request has one effect"
        if retries:
            self._expect_conflict(request, household, lines)
        taken = [part for item, quantity in lines for part in self._take(item, quantity, lots)]
        covered = {item.item_id: self._covered(household, item, quantity) for item, quantity in lines}
        settled = ticket is not None and self._is_settled(household, lines, lots)
        self.given[receipt.id] = Given(household, self.day, covered, taken, ticket, settled)
        if settled and ticket is not None:
            self.ended[ticket] = True
        return receipt.id

    def _is_settled(
        self, household: UUID, lines: Sequence[tuple[Goods, int]], lots: Mapping[UUID, tuple[UUID, date | None]]
    ) -> bool:
        """Each item that is due, and there, is in the hand-over."""
        wanted = {id(item) for item, _ in lines}
        left = [item for item in self.goods if self.due(household, item) and id(item) not in wanted]
        return not any(sum(self.shelf[lot] for lot in self.live(item, lots)) for item in left)

    def _expect_conflict(self, request: UUID, household: UUID, lines: Sequence[tuple[Goods, int]]) -> None:
        other = draft_of(household, *[(item, quantity + 1) for item, quantity in lines])
        try:
            self.write(lambda s: hand_over(s, self.by.distributor, request_id=request, draft=other))
        except Conflict:
            return
        raise AssertionError("T5: the same request with other content is a conflict")

    def _covered(self, household: UUID, item: Goods, quantity: int) -> frozenset[UUID]:
        free = self.free(household, item)
        return frozenset(free if item is self.aid.blanket else free[:quantity])

    def _take(
        self, item: Goods, quantity: int, lots: Mapping[UUID, tuple[UUID, date | None]]
    ) -> list[tuple[UUID, UUID, int]]:
        taken = []
        for lot in self.live(item, lots):
            part = min(quantity, self.shelf[lot])
            if part:
                self.shelf[lot] -= part
                quantity -= part
                taken.append((item.item_id, lot, part))
        return taken

    def cancel(self, hand_over_id: UUID, where: GoodsAre, other: UUID | None = None) -> None:
        one = self.given[hand_over_id]
        facts = {"hand_over_id": hand_over_id, "where": where, "other_household_id": other}
        try:
            done = self.write(lambda s: cancel_hand_over(s, self.by.coordinator, request_id=new_id(), **facts))  # type: ignore[arg-type]
        except Refused:
            assert not one.is_valid, "what was given can be taken back"
            return
        assert one.is_valid, "T8: taken back at most once"
        one.is_valid = False
        place = self.aside if where is GoodsAre.SET_ASIDE else self.shelf
        for _, lot, quantity in one.taken:
            place[lot] += quantity
        if other is not None and done.moved_to is not None:
            self._moved_goods(done.moved_to.id, one, other)
        if one.served and one.ticket in self.ended:
            self.ended[one.ticket] = False

    def _moved_goods(self, moved: UUID, one: Given, other: UUID) -> None:
        covered = {}
        for item in self.goods:
            quantity = sum(part for of, _, part in one.taken if of == item.item_id)
            if quantity:
                free = self.free(other, item)
                all_of_them = item is self.aid.blanket or quantity >= len(free)
                covered[item.item_id] = frozenset((free if all_of_them else free[:quantity]) or self.people(other))
        for _, lot, quantity in one.taken:
            self.shelf[lot] -= quantity
        self.given[moved] = Given(other, self.day, covered, list(one.taken), None)

    def separate(self, household: UUID, chosen: Sequence[int]) -> UUID | None:
        members = self.families[household]
        going = [person for n, person in enumerate(members) if n in chosen]
        if not going or len(going) == len(members):
            return None
        version = self._version(household)
        draft = SeparationDraft(household, version, frozenset(going))
        new = self.write(
            lambda s: people.separate_card(
                s, self.by.coordinator, request_id=new_id(), draft=replace(draft, reason="ссора")
            )
        )
        self.families[household] = [person for person in members if person not in going]
        self.families[new.household_id] = going
        return new.household_id

    def move(self, household: UUID, chosen: int, other: UUID) -> None:
        members = self.families[household]
        if household == other or not members:
            return
        person = members[chosen % len(members)]
        if self.who(person) in self.people(other):
            return
        draft = MoveDraft(household, self._version(household), frozenset({person}), other, "переезд")
        self.write(lambda s: people.move_member(s, self.by.coordinator, request_id=new_id(), draft=draft))
        members.remove(person)
        self.families[other].append(person)

    def _version(self, household: UUID) -> int:
        return self.database.read(lambda s: household_view(s, self.by.shift_lead, household)).version

    def join(self, a: UUID, b: UUID) -> None:
        """Two records are one person from now on."""
        if self.who(a) == self.who(b):
            return
        self.write(lambda s: links.join(s, self.by.coordinator, request_id=new_id(), a=a, b=b, reason="один человек"))
        first, second = sorted((self.who(a), self.who(b)))
        self.same[second] = first
        self.joined.append((a, b))

    def count(self, lot: UUID, seen: int) -> None:
        item = self.lots()[lot][0]
        draft = CountDraft((SeenLine(item, lot, seen),))
        self.write(lambda s: stock.count(s, self.by.storekeeper, request_id=new_id(), draft=draft))
        self.shelf[lot] = seen

    def set_aside(self, item: Goods, quantity: int) -> None:
        lots = self.lots()
        line = GoodsLine(item.item_id, quantity)
        there = sum(self.shelf[lot] for lot in self.live(item, lots))
        try:
            self.write(lambda s: stock.set_aside(s, self.by.storekeeper, request_id=new_id(), lines=(line,)))
        except Refused:
            assert quantity > there, "what lies there can be set aside"
            return
        assert quantity <= there, "T3: nothing below zero"
        for _, lot, part in self._take(item, quantity, lots):
            self.aside[lot] += part

    def send(self, item: Goods, quantity: int) -> None:
        """Goods go to an organisation on a waybill."""
        lots = self.lots()
        there = sum(self.shelf[lot] for lot in self.live(item, lots))
        draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(item.item_id, quantity),), people=9)
        try:
            self.write(lambda s: stock.transfer(s, self.by.storekeeper, request_id=new_id(), draft=draft))
        except Refused:
            assert quantity > there, "what lies there can be sent"
            return
        assert quantity <= there, "T3: nothing below zero"
        self._take(item, quantity, lots)

    def jump(self, minutes: int) -> None:
        """The clock goes on, past midnight too, or is set back: an open day stays the day of what happens, up to thirty hours."""
        if -60 <= self.passed + minutes <= 24 * 60:
            self.passed += minutes
            self.clock.forward(minutes=minutes)

    def sleep(self, nights: int) -> None:
        """The day is closed and a later one opened; numbers end with their day."""
        lead = self.by.coordinator
        self.write(lambda s: days.close_day(s, lead, request_id=new_id()))
        self.clock.forward(days=nights)
        opened = self.write(lambda s: days.open_day(s, lead, request_id=new_id()))
        self.day, self.passed = opened.day, 0
        self.tickets.clear()
        self.ended.clear()
        self.drawn_for.clear()

    # ── agreement ──

    def agree(self) -> None:
        """Every truth holds, and the program says what the world says."""
        self.database.read(self._agree)

    def _agree(self, session: Session) -> None:
        broken = [f"{one.truth} {one.about}" for one in (*goods.failures(session), *queue.failures(session))]
        assert not broken, broken
        self._agree_on_shelf(session)
        for household in self.families:
            self._agree_on_due(session, household)
        for ticket, ended in self.ended.items():
            served = session.scalar(select(Ticket.state).where(Ticket.id == ticket)) == TicketState.SERVED
            assert served is ended, "T8: a number is served when all is settled, and open again when that is taken back"

    def _agree_on_shelf(self, session: Session) -> None:
        query = select(StockPlace.kind, Balance.lot_id, Balance.quantity).join(
            StockPlace, StockPlace.id == Balance.place_id
        )
        book = {(kind, lot): quantity for kind, lot, quantity in session.execute(query) if quantity}
        ours = {(PlaceKind.SHELF.value, lot): quantity for lot, quantity in self.shelf.items() if quantity}
        ours |= {(PlaceKind.QUARANTINE.value, lot): quantity for lot, quantity in self.aside.items() if quantity}
        assert book == ours, "T2, T3: the book is what lies on the shelf"
        issued = session.scalar(
            select(func.count()).select_from(Movement).where(Movement.kind == MovementKind.ISSUE.value)
        )
        assert issued == sum(len(one.taken) for one in self.given.values()), "T4: a movement for each line"
        valid = (
            select(func.count()).select_from(HandOver).outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        )
        assert session.scalar(valid.where(HandOverVoid.id.is_(None))) == sum(
            one.is_valid for one in self.given.values()
        )

    def _agree_on_due(self, session: Session, household: UUID) -> None:
        rows = {row.rule_id: row for row in allowances(session, self.by.distributor, household)}
        for item in self.goods:
            row, due = rows.get(item.rule_id), self.due(household, item)
            assert (row.due if row else 0) == due, "windows follow the people"
            if row and due:
                assert [self.who(person) for person in row.covered] == self.free(household, item)
