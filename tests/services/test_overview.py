"""The figures of a day on both databases, counted again from the raw rows by another way than the reports count them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.days import PauseReason
from aidtrack.domain.handover import LINES_PER_SHEET, GoodsAre
from aidtrack.domain.ids import new_id, show_card
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.domain.stock import CountDraft, SeenLine
from aidtrack.errors import NotAllowed, NotFound
from aidtrack.reports.catalogue import Printed
from aidtrack.services import days, handover, overview, people, queueing, stock
from aidtrack.services.identity import links
from aidtrack.services.identity.links import PairToSettle
from aidtrack.store.database import Database
from aidtrack.store.handover import HandOver, HandOverLine, HandOverVoid
from aidtrack.store.people import Household
from aidtrack.store.queueing import Ticket
from aidtrack.store.stock import Balance, Item, Movement, StockPlace
from tests.aid import TODAY, WEEK, Aid, draft_of, make_aid, make_family
from tests.factories import MORNING, Centre, SettableClock, Team

LANGUAGES = ("ru", "uk", "en")
PRINTED = Printed(MORNING)


class Day:
    """A short day with everything in it: two lines, a pause, a hand-over cancelled, a count, a loss."""

    def __init__(self, database: Database, centre: Centre, by: Team, clock: SettableClock) -> None:
        self.database, self.centre, self.by, self.clock = database, centre, by, clock
        self.lead = by.coordinator
        self.aid: Aid = database.write(lambda s: make_aid(s, by, centre))
        self.day_id = database.read(lambda s: days.day_state(s, self.lead)).id

    def issue(self, lane: Lane = Lane.A, household: UUID | None = None) -> UUID:
        def do(session: Session) -> UUID:
            return queueing.issue_ticket(session, self.lead, request_id=new_id(), lane=lane, household_id=household).id

        return self.database.write(do)

    def call(self) -> UUID:
        row = self.database.write(lambda s: queueing.call_next(s, self.lead, request_id=new_id()))
        assert row is not None
        return row.id

    def tell(self, verb: str, ticket_id: UUID) -> None:
        do = getattr(queueing, verb)
        self.database.write(lambda s: do(s, self.lead, request_id=new_id(), ticket_id=ticket_id))

    def give(self, size: int = 2) -> UUID:
        family = self.database.write(lambda s: make_family(s, self.by.registrar, size=size)).household_id
        draft = draft_of(family, (self.aid.food, size), (self.aid.soap, 1))
        return self.database.write(lambda s: handover.hand_over(s, self.lead, request_id=new_id(), draft=draft)).id

    def cancel(self, hand_over_id: UUID, where: GoodsAre) -> None:
        def do(session: Session) -> None:
            handover.cancel_hand_over(
                session, self.lead, request_id=new_id(), hand_over_id=hand_over_id, where=where, reason="не та"
            )

        self.database.write(do)

    def queue(self) -> overview.QueueReport:
        return self.database.read(lambda s: overview.queue_report(s, self.lead, TODAY))

    def distribution(self, day: date = TODAY) -> overview.DistributionReport:
        return self.database.read(lambda s: overview.distribution_report(s, self.lead, day))

    def stock(self, day: date = TODAY) -> overview.StockReport:
        return self.database.read(lambda s: overview.stock_report(s, self.lead, day))

    def sign_off(self) -> None:
        self.database.write(lambda s: overview.sign_off(s, self.lead, request_id=new_id()))

    def revise(self, because: str) -> int:
        request = new_id()
        return self.database.write(
            lambda s: overview.revise(s, self.lead, request_id=request, day=TODAY, because=because)
        )

    def explain(self, topic: str, sentence: str) -> None:
        facts = {"day_id": self.day_id, "topic": topic, "sentence": sentence}
        self.database.write(lambda s: days.explain(s, self.lead, request_id=new_id(), **facts))  # type: ignore[arg-type]

    def close(self) -> None:
        self.database.write(lambda s: days.close_day(s, self.lead, request_id=new_id()))


@pytest.fixture
def day(database: Database, centre: Centre, by: Team, clock: SettableClock) -> Day:
    return Day(database, centre, by, clock)


# ── the queue ────────────────────────────────────────────────────────────────────────────────────


def test_every_number_ends_in_one_column(day: Day) -> None:
    tickets = [day.issue(Lane.A) for _ in range(5)] + [day.issue(Lane.K)]
    day.clock.forward(minutes=10)
    day.tell("serve", day.call())
    day.tell("gone", tickets[3])
    for _ in range(2):
        day.call()
    day.close()
    report = day.queue()
    raw = day.database.read(lambda s: list(s.scalars(select(Ticket.state).where(Ticket.day == TODAY))))
    assert report.total.issued == len(raw) == 6
    assert report.total.served == raw.count(TicketState.SERVED) == 1
    assert report.total.gone == raw.count(TicketState.LEFT) == 1
    assert report.total.waiting == raw.count(TicketState.TOMORROW) == 4
    assert all(lane.adds_up for lane in (*report.lanes, report.total))
    assert sum(lane.issued for lane in report.lanes) == 6


def test_a_pause_is_in_no_wait(day: Day) -> None:
    day.issue()
    day.clock.forward(minutes=5)
    day.database.write(lambda s: days.pause(s, day.lead, request_id=new_id(), reason=PauseReason.ALARM))
    day.clock.forward(minutes=45)
    day.database.write(lambda s: days.resume(s, day.lead, request_id=new_id()))
    day.clock.forward(minutes=7)
    day.tell("serve", day.call())
    report = day.queue()
    assert report.total.waits is not None
    assert report.total.waits.longest == 12
    assert [(p.start.strftime("%H:%M"), p.until and p.until.strftime("%H:%M")) for p in report.pauses] == [
        ("08:05", "08:50")
    ]
    assert report.pauses[0].reason == PauseReason.ALARM.text


def test_waits_are_nearest_ranks(day: Day) -> None:
    for _ in range(10):
        day.issue()
    waits = []
    for minutes in range(1, 11):
        day.clock.forward(minutes=1)
        waits.append(minutes)
        day.tell("serve", day.call())
    found = day.queue().total.waits
    assert found is not None
    assert (found.half, found.nine_in_ten, found.longest) == (sorted(waits)[5], 9, 10)


def test_hours_and_windows_count_the_same_numbers_as_the_lines(day: Day) -> None:
    for n in range(4):
        day.issue()
        day.clock.forward(minutes=25)
        day.tell("serve", day.call())
        day.clock.forward(minutes=n)
    report = day.queue()
    assert sum(h.issued for h in report.hours) == report.total.issued == 4
    assert sum(h.served for h in report.hours) == report.total.served == 4
    assert sum(w.served for w in report.windows if w.hands_over) == 4
    assert report.hours[-1].waiting == 0
    assert report.hours[0].hour == 8


def test_a_number_served_twice_counts_once(day: Day) -> None:
    ticket = day.issue()
    day.clock.forward(minutes=3)
    day.tell("serve", day.call())
    day.tell("reopen_ticket", ticket)
    day.clock.forward(minutes=3)
    day.tell("serve", ticket)
    report = day.queue()
    assert (report.total.served, sum(w.served for w in report.windows)) == (1, 1)


def test_a_number_called_by_hand_is_named(day: Day) -> None:
    day.issue()
    second = day.issue()
    day.database.write(lambda s: queueing.call_ticket(s, day.lead, request_id=new_id(), ticket_id=second, reason="с младенцем"))
    day.call()
    assert day.queue().called_out_of_turn == ("A 02",)


def test_an_open_day_says_who_still_waits(day: Day) -> None:
    day.issue()
    report = day.queue()
    assert report.closed is None
    assert (report.total.waiting, report.heading.is_closed) == (1, False)


def test_a_closed_day_prints_the_same_tomorrow(day: Day) -> None:
    day.issue()
    day.clock.forward(minutes=9)
    day.tell("serve", day.call())
    day.give()
    day.close()
    day.sign_off()
    queue, shelves = day.queue(), day.stock()
    day.clock.forward(days=1)
    day.database.write(lambda s: days.open_day(s, day.lead, request_id=new_id()))
    day.issue()
    day.give()
    assert day.queue() == queue
    assert day.stock() == shelves


# ── the distribution ──────────────────────────────────────────────────────────────────────────────


def test_families_and_people_are_those_of_the_hand_overs(day: Day) -> None:
    day.give(2)
    day.give(3)
    day.cancel(day.give(4), GoodsAre.BACK_ON_SHELF)
    report = day.distribution()
    assert (report.families, report.new, report.people) == (2, 2, 5)
    assert (report.units, report.cancelled, report.adds_up) == (2 + 1 + 3 + 1, 1, True)
    assert {item.names["en"]: (item.due, item.given, item.not_wanted + item.held_back) for item in report.items} == raw_dues(day)
    assert sum(row.families for row in report.origins) == sum(row.families for row in report.lodgings) == 2
    assert sum(cell.people for cell in report.cells) == sum(row.people for row in report.origins) == 5


def raw_dues(day: Day) -> dict[str, tuple[int, int, int]]:
    """Lines of the hand-overs that stand, one by one in plain Python."""

    def read(session: Session) -> dict[str, tuple[int, int, int]]:
        void = set(session.scalars(select(HandOverVoid.hand_over_id)))
        names = {row.id: row.names["en"] for row in session.scalars(select(Item))}
        found: dict[str, tuple[int, int, int]] = {}
        for line in session.scalars(select(HandOverLine)):
            if line.hand_over_id not in void:
                due, given, less = found.get(names[line.item_id], (0, 0, 0))
                more = max(line.allowed, line.quantity)
                found[names[line.item_id]] = (due + more, given + line.quantity, less + more - line.quantity)
        return found

    return day.database.read(read)


def test_a_family_that_came_before_is_not_new(day: Day) -> None:
    family = day.database.write(lambda s: make_family(s, day.by.registrar, size=2)).household_id
    first = draft_of(family, (day.aid.food, 2))
    day.database.write(lambda s: handover.hand_over(s, day.lead, request_id=new_id(), draft=first))
    day.close()
    before = day.distribution()
    day.clock.forward(days=8)
    day.database.write(lambda s: days.open_day(s, day.lead, request_id=new_id()))
    day.database.write(
        lambda s: handover.hand_over(s, day.lead, request_id=new_id(), draft=draft_of(family, (day.aid.food, 2)))
    )
    day.give(1)
    report = day.distribution(TODAY + timedelta(days=8))
    assert (report.families, report.new, report.people) == (2, 1, 3)
    assert sum(row.to_date for row in report.origins) == 2
    assert day.distribution() == before


def test_a_hand_over_cancelled_later_stood_on_its_day(day: Day) -> None:
    gone = day.give(2)
    day.close()
    before = day.distribution()
    day.clock.forward(days=1)
    day.database.write(lambda s: days.open_day(s, day.lead, request_id=new_id()))
    day.cancel(gone, GoodsAre.BACK_ON_SHELF)
    assert day.distribution() == before
    assert before.families == 1


def test_a_day_without_hand_overs_is_a_distribution_too(day: Day) -> None:
    report = day.distribution()
    assert (report.families, report.people, report.units, report.adds_up) == (0, 0, 0, True)


def test_what_was_cancelled_stands_with_its_reason(day: Day) -> None:
    day.give(2)
    day.cancel(day.give(3), GoodsAre.BACK_ON_SHELF)
    second = day.issue()
    day.database.write(lambda s: queueing.call_ticket(s, day.lead, request_id=new_id(), ticket_id=second, reason="с младенцем"))
    report = day.database.read(lambda s: overview.exception_report(s, day.lead, TODAY))
    assert [(c.window, c.signed, c.units, c.goods, c.reason) for c in report.cancelled] == [
        ("1", "1-01/02", 3 + 1, GoodsAre.BACK_ON_SHELF.text, "не та")
    ]
    deeds = {str(deed.name): (deed.count, deed.reasons) for deed in report.deeds}
    assert deeds == {"Hand-over cancelled": (1, ("не та",)), "Number called out of turn": (1, ("с младенцем",))}
    assert (report.more, report.left_open, report.joined, report.told_apart) == ((), 0, 0, 0)


def test_similar_records_are_counted_by_their_last_word(day: Day) -> None:
    first, second = (
        day.database.write(lambda s: make_family(s, day.by.registrar, size=1)).household_id for _ in range(2)
    )
    wanted = select(Household.head_id).where(Household.id.in_([first, second]))
    heads = day.database.read(lambda s: sorted(head for head in s.scalars(wanted) if head is not None))
    pair = PairToSettle(heads[0], heads[1], 0.8, ())
    day.database.write(lambda s: links.leave_for_evening(s, day.lead, request_id=new_id(), pairs=[pair]))
    report = day.database.read(lambda s: overview.exception_report(s, day.lead, TODAY))
    assert (report.left_open, report.joined, report.told_apart) == (1, 0, 0)
    day.database.write(
        lambda s: links.say_different(s, day.lead, request_id=new_id(), pairs=[(heads[0], heads[1])], reason="тёзки")
    )
    report = day.database.read(lambda s: overview.exception_report(s, day.lead, TODAY))
    assert (report.left_open, report.joined, report.told_apart) == (0, 0, 1)


def test_a_family_looked_at_for_nothing_stands_without_who_looked(day: Day) -> None:
    family = day.database.write(lambda s: make_family(s, day.by.registrar, size=1))
    day.clock.forward(hours=1)
    day.database.write(
        lambda s: people.open_household(s, day.by.distributor, request_id=new_id(), household_id=family.household_id)
    )
    report = day.database.read(lambda s: overview.exception_report(s, day.lead, TODAY))
    assert [(one.card_tail, str(one.how), one.times) for one in report.look_ups] == [
        (family.card_number[-4:], "by name", 1)
    ]


def test_served_cards_stand_with_the_day_they_are_due_again(day: Day) -> None:
    family = day.database.write(lambda s: make_family(s, day.by.registrar, size=2))
    draft = draft_of(family.household_id, (day.aid.food, 2), (day.aid.soap, 2))
    day.database.write(lambda s: handover.hand_over(s, day.lead, request_id=new_id(), draft=draft))
    gone = day.give(3)
    day.cancel(gone, GoodsAre.BACK_ON_SHELF)

    def listed(when: date) -> dict[str, set[tuple[str, date | None]]]:
        found = day.database.read(lambda s: overview.served_cards(s, day.lead, when))
        return {c.number: {(found.items[n - 1]["en"], again) for n, again in c.again} for c in found.cards}

    again = TODAY + timedelta(days=WEEK)
    assert listed(TODAY) == {show_card(family.card_number): {("Food kit", again), ("Soap", again)}}
    assert listed(again) == {}
    day.database.write(
        lambda s: people.protect_household(
            s, day.lead, request_id=new_id(), household_id=family.household_id, reason="просили"
        )
    )
    assert listed(TODAY) == {}


def test_sheets_begin_where_nobody_has_signed(day: Day) -> None:
    def sheets() -> dict[int, tuple[int, int]]:
        found = day.database.read(lambda s: overview.sign_off_sheets(s, day.lead, TODAY))
        return {row.window: (row.first, row.count) for row in found.windows}

    assert sheets()[1] == (1, 3)
    for _ in range(LINES_PER_SHEET):
        day.give(1)
    assert sheets()[1] == (2, 3)
    day.give(1)
    assert sheets()[1] == (3, 3)
    tomorrow = day.database.read(lambda s: overview.sign_off_sheets(s, day.lead, TODAY + timedelta(days=1)))
    assert (tomorrow.windows[0].first, tomorrow.windows[0].count) == (1, 3)


# ── the shelves ──────────────────────────────────────────────────────────────────────────────────


def recount(session: Session, site: UUID, day: date) -> dict[UUID, tuple[int, int]]:
    """(opening, closing) of each lot, movement by movement, in plain Python."""
    ours = set(
        session.scalars(
            select(StockPlace.id).where(StockPlace.site_id == site, StockPlace.kind.in_(("shelf", "quarantine")))
        )
    )
    opening: dict[UUID, int] = defaultdict(int)
    closing: dict[UUID, int] = defaultdict(int)
    for row in session.scalars(select(Movement)):
        change = row.quantity * ((row.to_id in ours) - (row.from_id in ours))
        if row.day < day:
            opening[row.lot_id] += change
        if row.day <= day:
            closing[row.lot_id] += change
    return {lot: (opening[lot], closing[lot]) for lot in closing}


def test_every_lot_adds_up_to_what_the_movements_say(day: Day) -> None:
    day.give(2)
    day.cancel(day.give(3), GoodsAre.BACK_ON_SHELF)
    day.cancel(day.give(1), GoodsAre.SET_ASIDE)
    count_and_lose(day)
    report = day.stock()
    raw = day.database.read(lambda s: recount(s, day.centre.site_id, TODAY))
    printed = {lot.lot_id: (lot.flow.opening, lot.flow.closing) for item in report.items for lot in item.lots}
    assert printed == raw
    assert report.total.closing == sum(closing for _, closing in raw.values())
    assert report.total.closing == day.database.read(lambda s: sum(s.scalars(select(Balance.quantity))))
    assert [item.flow for item in report.items] == [
        sum((lot.flow for lot in item.lots), overview.Flow()) for item in report.items
    ]


def count_and_lose(day: Day) -> None:
    lot = day.aid.soap.lots[0]
    held = day.database.read(
        lambda s: s.scalar(select(Balance.quantity).where(Balance.lot_id == lot, Balance.place_id == day.centre.shelf))
    )
    assert held is not None
    draft = CountDraft((SeenLine(day.aid.soap.item_id, lot, held - 2, "две без записи"),), day.centre.shelf)
    day.database.write(lambda s: stock.count(s, day.lead, request_id=new_id(), draft=draft))


def test_the_book_agrees_with_the_hand_overs(day: Day) -> None:
    day.give(2)
    day.cancel(day.give(3), GoodsAre.BACK_ON_SHELF)
    report = day.stock()

    def lines(session: Session) -> int:
        void = set(session.scalars(select(HandOverVoid.hand_over_id)))
        rows = session.execute(select(HandOver.id, HandOverLine.quantity).join(HandOverLine))
        return sum(quantity for one, quantity in rows if one not in void)

    standing = day.database.read(lines)
    book = report.reconciliation
    assert (book.lines, book.issued - book.returned, book.difference) == (standing, standing, 0)
    assert (book.cancelled, book.sheets) == (1, ("1-01", "1-01"))


def test_a_count_is_explained_and_shown(day: Day) -> None:
    count_and_lose(day)
    report = day.stock()
    row = report.differences[0]
    assert (row.difference, row.explanation, report.unexplained) == (-2, "две без записи", 0)
    soap = next(item for item in report.items if item.item_id == day.aid.soap.item_id)
    assert (soap.flow.difference, soap.counted) == (-2, 48)
    assert report.counted_lots == 1


def test_enough_is_said_by_what_families_took_today(day: Day) -> None:
    for _ in range(3):
        day.give(2)
    day.clock.forward(hours=2)
    report = day.stock()
    food = next(item for item in report.items if item.item_id == day.aid.food.item_id)
    assert food.flow.issued == 6
    assert food.families == (103 - 6) * 3 // 6 // 10 * 10
    assert food.days == round(97 / 6, 1)
    blanket = next(item for item in report.items if item.item_id == day.aid.blanket.item_id)
    assert (blanket.families, blanket.days, blanket.until) == (None, None, None)


def test_expired_and_set_aside_goods_cannot_be_given(day: Day) -> None:
    day.cancel(day.give(3), GoodsAre.SET_ASIDE)
    report = day.stock()
    soap = next(item for item in report.items if item.item_id == day.aid.soap.item_id)
    assert (soap.put_aside, soap.available) == (1, soap.flow.closing - 1)
    assert [row.days for row in report.expiries] == [20, 200]


def test_the_next_day_opens_with_what_this_one_closed(day: Day) -> None:
    day.give(2)
    day.close()
    evening = day.stock()
    day.clock.forward(days=1)
    day.database.write(lambda s: days.open_day(s, day.lead, request_id=new_id()))
    morning = day.stock(TODAY + timedelta(days=1))
    assert {i.item_id: i.flow.closing for i in evening.items} == {i.item_id: i.flow.opening for i in morning.items}


# ── who may, and which day ───────────────────────────────────────────────────────────────────────


def test_a_day_that_never_was_has_no_report(day: Day) -> None:
    with pytest.raises(NotFound):
        day.stock(date(2020, 1, 1))


def test_reports_are_not_for_everybody(day: Day) -> None:
    def ask(session: Session, by: Actor) -> object:
        return overview.queue_report(session, by, TODAY)

    with pytest.raises(NotAllowed):
        day.database.read(lambda s: ask(s, day.by.registrar))


def test_papers_that_go_home_have_no_name(day: Day) -> None:
    family = day.database.write(lambda s: make_family(s, day.by.registrar, "Ткаченко"))
    ticket = day.issue(Lane.A, family.household_id)
    draft = draft_of(family.household_id, (day.aid.food, 4), ticket_id=ticket)
    given = day.database.write(lambda s: handover.hand_over(s, day.lead, request_id=new_id(), draft=draft))
    slip = day.database.read(lambda s: overview.hand_over_slip(s, day.lead, hand_over_id=given.id))
    number = day.database.read(lambda s: overview.ticket_slip(s, day.lead, ticket_id=ticket))
    cards = day.database.read(lambda s: overview.cards_of_day(s, day.lead, TODAY))
    assert "Ткаченко" not in repr((slip, number, cards))
    assert (slip.card_tail, slip.given[0].quantity, slip.people) == (family.card_number.replace(" ", "")[-4:], 4, 4)
    assert [day for _, day in slip.again] == [TODAY + timedelta(days=7)]


def test_the_filled_form_has_the_family(day: Day) -> None:
    family = day.database.write(lambda s: make_family(s, day.by.registrar, "Ткаченко", size=3))
    paper = day.database.read(lambda s: overview.filled_form(s, day.by.registrar, household_id=family.household_id))
    assert paper.filled is not None
    assert (paper.filled.family_name, len(paper.filled.members), paper.filled.members[0].age) == ("Ткаченко", 3, 35)
