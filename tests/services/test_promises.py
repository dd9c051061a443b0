"""Promises and the wait list: what is put aside is nobody else's, no delivery is promised beyond what it brings, a cancelled hand-over
gives its promise back, and a wait list owes nothing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.handover import GoodsAre, LineDraft, LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, EndReason, PromiseDraft
from aidtrack.domain.queueing import Lane
from aidtrack.domain.stock import (
    CountDraft,
    Destination,
    GoodsLine,
    LossCause,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    TransferDraft,
    WriteOffDraft,
)
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, Refused, StoreTrouble
from aidtrack.services import overview, people, promises, queueing, stock
from aidtrack.services.campaigns import AllowanceRow, allowances, rule_rows, save_rule, taken_out
from aidtrack.services.check import promised as proofs
from aidtrack.services.handover import CorrectionDraft, cancel_hand_over, correct_hand_over, hand_over
from aidtrack.services.identity import links
from aidtrack.services.people import SeparationDraft, household_view
from aidtrack.services.stock.waiting import open_entries
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import draw
from aidtrack.store.promises import Announcement, Promise
from aidtrack.store.queueing import Ticket
from tests.aid import TODAY, Aid, Goods, draft_of, make_aid, make_family
from tests.factories import Centre, Team

LATER = TODAY + timedelta(days=3)
DESKS = 16


class Here:
    """A centre with goods, and short words for what people do in it."""

    def __init__(self, database: Database, by: Team, aid: Aid) -> None:
        self.database, self.by, self.aid = database, by, aid

    def write(self, do: Any, who: Any = None, **facts: Any) -> Any:
        return self.database.write(lambda s: do(s, who or self.by.shift_lead, request_id=new_id(), **facts))

    def family(self, size: int = 2) -> UUID:
        return self.database.write(lambda s: make_family(s, self.by.registrar, "Ткаченко", size)).household_id

    def row(self, household: UUID, goods: Goods, who: Any = None) -> AllowanceRow:
        who = who or self.by.distributor
        rows = self.database.read(lambda s: allowances(s, who, household))
        return next(row for row in rows if row.rule_id == goods.rule_id)

    def announce(self, goods: Goods, units: int, when: date = LATER) -> promises.AnnouncementRow:
        draft = AnnouncementDraft("Красный Крест", when, (AnnouncedLine(goods.item_id, units),))
        made = self.write(promises.announce, self.by.storekeeper, draft=draft)
        return self.database.read(lambda s: promises.announcement_row(s, self.by.storekeeper, made))

    def promise(self, household: UUID, goods: Goods, n: int = 1, line: UUID | None = None, until: date | None = LATER) -> Any:
        draft = PromiseDraft(household, goods.rule_id, n, line, until)
        return self.write(promises.promise, draft=draft)

    def wait(self, household: UUID, goods: Goods) -> promises.WaitReceipt:
        return self.write(  # type: ignore[no-any-return]
            promises.keep_place, self.by.distributor, household_id=household, rule_id=goods.rule_id
        )

    def give(self, household: UUID, goods: Goods, n: int = 1, who: Any = None) -> Any:
        return self.write(hand_over, who or self.by.distributor, draft=draft_of(household, (goods, n)))

    def void(self, hand_over_id: UUID, where: GoodsAre = GoodsAre.BACK_ON_SHELF, other: UUID | None = None) -> Any:
        facts = {"hand_over_id": hand_over_id, "where": where, "other_household_id": other}
        return self.write(cancel_hand_over, self.by.coordinator, **facts)

    def receive(self, goods: Goods, units: int, announcement: UUID | None = None) -> UUID:
        draft = ReceiveDraft("Красный Крест", (ReceiveLine(goods.item_id, units),), announcement_id=announcement)
        return self.write(stock.receive, self.by.storekeeper, draft=draft)  # type: ignore[no-any-return]

    def can_be_given(self, goods: Goods) -> int:
        return self.database.read(lambda s: stock.available_at(s, self.by.distributor.site, TODAY)).get(goods.item_id, 0)

    def empty(self, goods: Goods) -> None:
        """Nothing of this item can be given any more."""
        left = self.can_be_given(goods)
        draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(goods.item_id, left),), people=9)
        self.write(stock.transfer, self.by.storekeeper, draft=draft)

    def proved(self) -> None:
        assert self.database.read(lambda s: list(proofs.failures(s))) == []


def _first_receipt_is_written(session: Session, by: Team) -> None:
    with journal.operation(session, by.coordinator, new_id(), "first_receipt"):
        draw(session, by.coordinator.site, "document:GRN:2024")


@pytest.fixture
def here(database: Database, centre: Centre, by: Team) -> Here:
    aid = database.write(lambda s: make_aid(s, by, centre))
    database.write(lambda s: _first_receipt_is_written(s, by))
    return Here(database, by, aid)


@pytest.fixture
def window_2(by: Team, centre: Centre) -> Any:
    """The window that gives blankets."""
    return by.at(by.distributor, centre.windows[1])


# ── put aside ────────────────────────────────────────────────────────────────────────────────────


def test_what_is_put_aside_is_nobody_elses(here: Here, window_2: Any) -> None:
    blanket, ours, others = here.aid.blanket, here.family(), [here.family() for _ in range(10)]
    receipt = here.promise(ours, blanket)
    assert (receipt.quantity, receipt.until, receipt.is_put_aside) == (1, LATER, True)
    assert here.can_be_given(blanket) == 9
    for home in others[:9]:
        here.give(home, blanket, who=window_2)
    assert here.row(others[9], blanket, window_2).state == "none_left"
    with pytest.raises(LinesRefused) as refused:
        here.give(others[9], blanket, who=window_2)
    assert refused.value.code == "short"
    row = here.row(ours, blanket, window_2)
    assert (row.state, row.due, row.until) == ("put_aside", 1, LATER)
    here.give(ours, blanket, who=window_2)
    assert here.row(ours, blanket, window_2).state == "not_today"
    here.proved()


def test_a_promise_is_counted_once_by_the_allowance(here: Here) -> None:
    """Two of four soaps are promised: four are due in all, and after the hand-over of four none."""
    soap, home = here.aid.soap, here.family(4)
    here.promise(home, soap, 2)
    row = here.row(home, soap)
    assert (row.state, row.due, row.promised, len(row.covered)) == ("put_aside", 4, 2, 4)
    with pytest.raises(InvalidInput):
        here.promise(home, soap, 3)
    here.give(home, soap, 4)
    assert here.row(home, soap).due == 0
    with pytest.raises(Refused, match="nothing more is due"):
        here.promise(home, soap, 1)
    here.proved()


def test_a_cancelled_hand_over_gives_the_promise_back_exactly(here: Here) -> None:
    """T8, wherever the goods are: back on the shelf they stand aside again, elsewhere the promise is owed without them."""
    soap, home = here.aid.soap, here.family(2)
    here.promise(home, soap, 2)
    before = here.row(home, soap)
    for where in (GoodsAre.BACK_ON_SHELF, GoodsAre.NEVER_LEFT):
        given = here.give(home, soap, 2)
        assert here.row(home, soap).due == 0
        here.void(given.id, where)
        after = here.row(home, soap)
        assert (after.state, after.due, after.promised, after.covered) == (
            before.state, before.due, before.promised, before.covered
        )  # fmt: skip
        assert here.can_be_given(soap) == 48
        here.proved()
    given = here.give(home, soap, 2)
    here.void(given.id, GoodsAre.SET_ASIDE)
    row = here.row(home, soap)
    assert (row.state, row.due, sum(one.owed for one in row.promises)) == ("give", 2, 2), "owed, from what is free"
    assert here.can_be_given(soap) == 48
    here.proved()


def test_goods_that_went_to_another_family_keep_its_promise(here: Here) -> None:
    soap, ours, theirs = here.aid.soap, here.family(1), here.family(1)
    here.promise(ours, soap)
    here.promise(theirs, soap)
    given = here.give(ours, soap)
    moved = here.void(given.id, GoodsAre.OTHER_FAMILY, theirs).moved_to
    assert here.row(theirs, soap).state == "not_today", "they have what they were promised"
    assert [one.owed for one in here.row(ours, soap).promises] == [1]
    assert here.can_be_given(soap) == 49
    here.proved()
    here.void(moved.id)
    assert [one.owed for one in here.row(theirs, soap).promises] == [1]
    here.proved()


def test_part_of_a_promise_leaves_the_rest_owed(here: Here) -> None:
    soap, home = here.aid.soap, here.family(4)
    here.promise(home, soap, 4)
    here.give(home, soap, 1)
    row = here.row(home, soap)
    assert (row.state, row.due, here.can_be_given(soap)) == ("put_aside", 3, 46)
    here.proved()


def test_a_promise_of_a_rule_that_was_changed_is_kept(here: Here) -> None:
    soap, home = here.aid.soap, here.family(2)
    here.promise(home, soap, 2)
    kept = here.database.read(lambda s: rule_rows(s, here.by.coordinator, here.aid.campaign_id))
    edited = next(one for one in kept if one.rule.id == soap.rule_id)
    here.write(
        save_rule, here.by.coordinator, campaign_id=here.aid.campaign_id, draft=taken_out(edited), no=edited.no, edition=edited.edition
    )
    row = here.row(home, soap)
    assert (row.state, row.due) == ("put_aside", 2)
    here.give(home, soap, 2)
    here.proved()


def test_facts_are_not_refused_for_a_promise_but_goods_are(here: Here) -> None:
    """A count that finds less takes from whoever was promised last; goods put aside cannot be sent away."""
    blanket, first, second = here.aid.blanket, here.family(), here.family()
    here.promise(first, blanket)
    here.promise(second, blanket)
    (lot,) = blanket.lots
    draft = TransferDraft(Destination.ORGANISATION, "Больница", (GoodsLine(blanket.item_id, 9, lot),), people=9)
    with pytest.raises(Refused) as refused:
        here.write(stock.transfer, here.by.storekeeper, draft=draft)
    assert refused.value.code == "put-aside"
    here.write(stock.count, here.by.storekeeper, draft=CountDraft((SeenLine(blanket.item_id, lot, 1, "пропали"),)))
    here.proved()
    assert [part.quantity for part in here.row(first, blanket).promises[0].parts] == [1]
    assert here.row(second, blanket).promises[0].parts == ()
    loss = WriteOffDraft(LossCause.WET, (GoodsLine(blanket.item_id, 1, lot),))
    here.write(stock.write_off, here.by.storekeeper, draft=loss)
    here.proved()


def test_a_spot_count_leaves_what_is_put_aside_alone(here: Here, window_2: Any) -> None:
    """“It is on the shelf” is what can be given; the things put aside stand apart."""
    blanket = here.aid.blanket
    here.promise(here.family(), blanket)
    here.write(stock.spot_count, window_2, item_id=blanket.item_id, seen=4)
    assert here.can_be_given(blanket) == 4
    assert here.write(stock.spot_count, window_2, item_id=blanket.item_id, seen=0)
    assert here.can_be_given(blanket) == 0
    here.proved()


# ── announced ────────────────────────────────────────────────────────────────────────────────────


def test_talon_never_honoured(here: Here, window_2: Any) -> None:
    """In Kursk people held a talon for bedding, and on the seventh day there was still nothing.

    Here a promise has a date and a delivery behind it: when that comes, the promised ones are set aside in order, a stranger cannot take
    them, and until it comes every evening asks for a new date or an honest cancellation.
    """
    blanket = here.aid.blanket
    here.empty(blanket)
    first, second, third, stranger = (here.family() for _ in range(4))
    (line,) = here.announce(blanket, 2).lines
    here.promise(first, blanket, line=line.line_id)
    here.promise(second, blanket, line=line.line_id)
    with pytest.raises(Refused) as refused:
        here.promise(third, blanket, line=line.line_id)
    assert refused.value.code == "promised-out"
    row = here.row(first, blanket, window_2)
    assert (row.state, row.until) == ("promised", LATER)
    here.by.clock.forward(days=7)
    late = here.database.read(lambda s: promises.to_answer(s, here.by.coordinator, TODAY + timedelta(days=7)))
    assert [(one.item_id, len(one.promises)) for one in late] == [(blanket.item_id, 2)]
    here.by.clock.forward(days=-7)
    (delivery,) = here.database.read(lambda s: promises.announced(s, here.by.storekeeper))
    here.receive(blanket, 2, delivery.id)
    here.proved()
    assert here.can_be_given(blanket) == 0
    with pytest.raises(LinesRefused):
        here.give(stranger, blanket, who=window_2)
    for home in (second, first):
        assert here.row(home, blanket, window_2).state == "put_aside"
        here.give(home, blanket, who=window_2)
    here.proved()


def test_goods_that_come_short_go_to_whoever_was_promised_first(here: Here) -> None:
    blanket = here.aid.blanket
    here.empty(blanket)
    homes = [here.family() for _ in range(3)]
    delivery = here.announce(blanket, 3)
    for home in homes:
        here.promise(home, blanket, line=delivery.lines[0].line_id)
    here.receive(blanket, 2, delivery.id)
    stands = [sum(part.quantity for part in here.row(home, blanket).promises[0].parts) for home in homes]
    assert stands == [1, 1, 0]
    (late,) = here.database.read(lambda s: promises.to_answer(s, here.by.coordinator, TODAY))
    assert [one.household_id for one in late.promises] == [homes[2]], "asked about at once, whatever its date"
    with pytest.raises(Refused, match="came already"):
        here.receive(blanket, 1, delivery.id)
    here.proved()


def test_sixteen_desks_cannot_promise_one_too_many(here: Here) -> None:
    """A delivery of ten is promised to ten of twenty families, however many desks try at once."""
    blanket = here.aid.blanket
    here.empty(blanket)
    homes = [here.family(1) for _ in range(20)]
    (line,) = here.announce(blanket, 10).lines

    def press(home: UUID) -> str:
        try:
            here.promise(home, blanket, line=line.line_id)
        except Refused as refused:
            return refused.code
        except StoreTrouble as trouble:  # the line was too long for this computer: the desk is told to press again
            if not trouble.retry:
                raise
            return press(home)
        return "promised"

    with ThreadPoolExecutor(DESKS) as pool:
        answers = list(pool.map(press, homes))
    assert (answers.count("promised"), answers.count("promised-out")) == (10, 10)
    here.proved()


def test_the_database_itself_refuses_one_too_many(here: Here) -> None:
    (line,) = here.announce(here.aid.blanket, 1).lines
    for statement in (
        f"UPDATE announcement_line SET promised = {line.quantity + 1}",
        "UPDATE balance SET reserved = quantity + 1",
        "UPDATE balance SET reserved = -1",
    ):
        with here.database.connection() as connection, pytest.raises(IntegrityError), connection.begin():
            connection.execute(text(statement))


def test_a_delivery_is_dated_anew_and_cancelled_with_all_that_is_promised_of_it(here: Here) -> None:
    blanket, home = here.aid.blanket, here.family()
    here.empty(blanket)
    delivery = here.announce(blanket, 5)
    here.promise(home, blanket, line=delivery.lines[0].line_id)
    again = LATER + timedelta(days=2)
    facts = {"announcement_id": delivery.id, "version": delivery.version}
    dated = here.write(promises.date_announcement, here.by.storekeeper, expected_on=again, **facts)
    assert dated.expected_on == again
    assert here.row(home, blanket).until == again
    with pytest.raises(Conflict):
        here.write(promises.date_announcement, here.by.storekeeper, expected_on=again, **facts)
    facts["version"] = dated.version
    assert here.write(promises.cancel_announcement, here.by.storekeeper, reason="не приедет", **facts) == 1
    (late,) = here.database.read(lambda s: promises.to_answer(s, here.by.coordinator, TODAY))
    assert late.item_id == blanket.item_id
    assert here.database.read(lambda s: promises.announced(s, here.by.storekeeper)) == ()
    here.proved()


def test_the_report_says_in_units_what_stands_ready_and_what_is_on_the_way(here: Here) -> None:
    soap, (near, far) = here.aid.soap, (here.family(), here.family())
    here.promise(near, soap, 2)
    here.empty(soap)
    here.promise(far, soap, 2, here.announce(soap, 9).lines[0].line_id)
    report = here.database.read(lambda s: overview.promise_report(s, here.by.coordinator, TODAY))
    (row,) = report.items
    assert (row.promises, row.units, row.ready, row.expected) == (2, 4, 2, 2)


def test_a_receipt_taken_back_makes_its_delivery_expected_again(here: Here) -> None:
    blanket, home = here.aid.blanket, here.family()
    here.empty(blanket)
    delivery = here.announce(blanket, 2)
    here.promise(home, blanket, line=delivery.lines[0].line_id)
    paper = here.receive(blanket, 2, delivery.id)
    here.write(stock.cancel_document, here.by.storekeeper, document_id=paper, reason="не та накладная")
    assert [one.id for one in here.database.read(lambda s: promises.announced(s, here.by.storekeeper))] == [delivery.id]
    assert here.row(home, blanket).promises[0].parts == ()
    here.receive(blanket, 2, delivery.id)
    assert here.row(home, blanket).promises[0].parts
    here.proved()


# ── the evening ──────────────────────────────────────────────────────────────────────────────────


def test_an_evening_dates_promises_anew_or_cancels_them_honestly(here: Here) -> None:
    """Three kinds of overdue: goods that were not fetched, a delivery that is late, one that will not come."""
    blanket, soap = here.aid.blanket, here.aid.soap
    here.promise(here.family(1), soap, until=TODAY)
    here.empty(blanket)
    late = here.announce(blanket, 2, TODAY)
    kept, broken = here.family(), here.family()
    here.promise(kept, blanket, line=late.lines[0].line_id)
    asked = here.database.read(lambda s: promises.to_answer(s, here.by.coordinator, TODAY))
    assert {one.item_id for one in asked} == {soap.item_id, blanket.item_id}
    for one in asked:
        done = here.write(promises.date_promises, here.by.coordinator, promise_ids=one.ids, until=LATER)
        assert (done.dated, done.left) == (1, 0)
    assert here.database.read(lambda s: promises.to_answer(s, here.by.coordinator, TODAY)) == ()
    assert here.database.read(lambda s: s.get_one(Announcement, late.id).expected_on) == LATER

    here.wait(broken, blanket)
    broken_promise = here.promise(broken, blanket, line=late.lines[0].line_id)
    dated = here.database.read(lambda s: promises.announcement_row(s, here.by.storekeeper, late.id))
    here.write(
        promises.cancel_announcement, here.by.storekeeper, announcement_id=late.id, reason="", version=dated.version
    )
    (left,) = here.database.read(lambda s: promises.to_answer(s, here.by.coordinator, TODAY))
    with pytest.raises(Refused) as refused:
        here.write(promises.date_promises, here.by.coordinator, promise_ids=left.ids, until=LATER)
    assert refused.value.code == "nothing-to-promise"
    here.announce(blanket, 1)
    done = here.write(promises.date_promises, here.by.coordinator, promise_ids=left.ids, until=LATER)
    assert (done.dated, done.left) == (1, 1), "in order: the first has the new delivery, the other stays overdue"
    ended = here.write(
        promises.cancel_promises, here.by.coordinator, promise_ids=(broken_promise.id,), reason=EndReason.NOT_COMING
    )
    assert ended == 1
    assert here.row(broken, blanket).waiting is not None, "the old place in the wait list"
    here.proved()


def test_a_cancelled_promise_frees_its_goods(here: Here) -> None:
    blanket, home = here.aid.blanket, here.family()
    made = here.promise(home, blanket)
    facts = {"promise_ids": (made.id,), "reason": EndReason.NOT_WANTED}
    assert here.write(promises.cancel_promises, **facts) == 1
    assert here.write(promises.cancel_promises, **facts) == 0, "once"
    assert here.can_be_given(blanket) == 10
    assert here.row(home, blanket).due == 1
    ended = here.database.read(lambda s: s.get_one(Promise, made.id))
    assert (ended.owed, ended.ended_because) == (0, "not_wanted")
    here.proved()


# ── the wait list ────────────────────────────────────────────────────────────────────────────────


def test_a_place_is_kept_once_in_order_and_owes_nothing(here: Here, window_2: Any) -> None:
    blanket = here.aid.blanket
    with pytest.raises(Refused, match="not run out"):
        here.wait(here.family(), blanket)
    here.empty(blanket)
    first, second = here.family(), here.family()
    assert [here.wait(home, blanket).place for home in (first, second)] == [1, 2]
    again = here.wait(first, blanket)
    assert (again.place, again.was_kept) == (1, True)
    row = here.row(first, blanket, window_2)
    assert (row.state, row.due) == ("waiting", 1), "due as before: a place in the list is no service"
    here.write(promises.leave_list, here.by.distributor, entry_id=again.entry_id)
    here.write(promises.leave_list, here.by.distributor, entry_id=again.entry_id)
    assert here.row(first, blanket, window_2).state == "none_left"
    assert here.wait(first, blanket).place == 2, "whoever comes back stands at the end"
    here.proved()


def test_a_family_that_waits_for_the_rest_is_served(here: Here) -> None:
    blanket, soap, food, home = here.aid.blanket, here.aid.soap, here.aid.food, here.family(1)
    here.empty(blanket)
    ticket = here.write(queueing.issue_ticket, here.by.registrar, lane=Lane.A, household_id=home)
    here.wait(home, blanket)
    draft = draft_of(home, (soap, 1), (food, 1), ticket_id=ticket.id)
    assert here.write(hand_over, here.by.distributor, draft=draft).ticket_served
    assert here.database.read(lambda s: s.get_one(Ticket, ticket.id)).state == "served"


def test_when_goods_come_the_list_hears_it_in_order(here: Here) -> None:
    blanket = here.aid.blanket
    here.empty(blanket)
    homes = [here.family() for _ in range(4)]
    for home in homes[1:]:
        here.wait(home, blanket)
    delivery = here.announce(blanket, 3)
    here.promise(homes[0], blanket, line=delivery.lines[0].line_id)
    here.receive(blanket, 3, delivery.id)
    entries = here.database.read(lambda s: [(e.household_id, e.came_on) for e in open_entries(s, here.by.coordinator.site)])
    assert entries == [(homes[1], TODAY), (homes[2], TODAY), (homes[3], None)], "two are free: two are called"
    assert here.can_be_given(blanket) == 2, "nothing is put aside for a wait list"
    here.proved()


def test_a_hand_over_ends_the_waiting_and_its_cancelling_gives_the_place_back(here: Here, window_2: Any) -> None:
    blanket = here.aid.blanket
    here.empty(blanket)
    first, second = here.family(), here.family()
    for home in (first, second):
        here.wait(home, blanket)
    here.receive(blanket, 5)
    given = here.give(first, blanket, who=window_2)
    assert here.row(first, blanket, window_2).waiting is None
    here.void(given.id)
    here.empty(blanket)
    order = here.database.read(lambda s: [entry.household_id for entry in open_entries(s, here.by.coordinator.site)])
    assert order == [first, second], "the old place, not a new one"
    here.proved()


# ── families that join and part ──────────────────────────────────────────────────────────────────


def test_joined_cards_fetch_one_promise_once(here: Here) -> None:
    soap, ours, theirs = here.aid.soap, here.family(1), here.family(1)
    here.promise(ours, soap)
    heads = [
        here.database.read(lambda s, home=home: household_view(s, here.by.shift_lead, home)).members[0].person_id
        for home in (ours, theirs)
    ]
    here.write(links.join, here.by.coordinator, a=heads[0], b=heads[1], reason="один человек")
    assert [here.row(home, soap).due for home in (ours, theirs)] == [1, 1]
    here.give(theirs, soap)
    assert [here.row(home, soap).due for home in (ours, theirs)] == [0, 0]
    here.proved()


def test_whoever_moved_out_is_not_served_beside_the_promise(here: Here) -> None:
    """The card keeps its promise; the half that left is covered by it, before it is fetched and after."""
    soap, home = here.aid.soap, here.family(2)
    here.promise(home, soap, 2)
    view = here.database.read(lambda s: household_view(s, here.by.shift_lead, home))
    draft = SeparationDraft(home, view.version, frozenset({view.members[1].person_id}), reason="ссора")
    new = here.write(people.separate_card, here.by.coordinator, draft=draft).household_id
    assert here.row(home, soap).due == 2
    assert (here.row(new, soap).due, here.row(new, soap).promises) == (0, ())
    given = here.give(home, soap, 2)
    assert [here.row(one, soap).due for one in (home, new)] == [0, 0]
    here.void(given.id)
    assert [here.row(one, soap).due for one in (home, new)] == [2, 0]
    here.proved()


# ── the law of use cases ─────────────────────────────────────────────────────────────────────────


def test_the_same_request_promises_and_waits_once(here: Here) -> None:
    blanket, home, other = here.aid.blanket, here.family(), here.family()
    request, draft = new_id(), PromiseDraft(home, blanket.rule_id, 1, until=LATER)
    lead = here.by.shift_lead
    answers = [here.database.write(lambda s: promises.promise(s, lead, request_id=request, draft=draft)) for _ in range(2)]
    assert answers[0] == answers[1]
    with pytest.raises(Conflict):
        here.database.write(
            lambda s: promises.promise(s, lead, request_id=request, draft=PromiseDraft(other, blanket.rule_id, 1, until=LATER))
        )
    here.empty(blanket)
    request, facts = new_id(), {"household_id": other, "rule_id": blanket.rule_id}
    places = [
        here.database.write(lambda s: promises.keep_place(s, here.by.distributor, request_id=request, **facts)) for _ in range(2)
    ]
    assert places[0] == places[1]
    here.proved()


def test_who_may_promise(here: Here) -> None:
    draft = PromiseDraft(here.family(), here.aid.blanket.rule_id, 1, until=LATER)
    with pytest.raises(NotAllowed):
        here.write(promises.promise, here.by.distributor, draft=draft)
    with pytest.raises(NotAllowed):
        here.write(promises.announce, here.by.distributor, draft=AnnouncementDraft("", None, ()))
    assert not here.by.storekeeper.may(Permission.PROMISE)
    assert here.by.shift_lead.may(Permission.PROMISE)


def test_a_date_that_is_over_is_no_promise(here: Here) -> None:
    for until in (None, TODAY - timedelta(days=1)):
        with pytest.raises(InvalidInput):
            here.promise(here.family(), here.aid.blanket, until=until)


def test_what_is_announced_is_known_to_a_request_for_goods(here: Here) -> None:
    blanket = here.aid.blanket
    here.announce(blanket, 5)
    here.announce(blanket, 7, LATER + timedelta(days=4))
    by_then = here.database.read(lambda s: promises.expected(s, here.by.coordinator, until=LATER))[blanket.item_id]
    in_all = here.database.read(lambda s: promises.expected(s, here.by.coordinator))[blanket.item_id]
    assert (by_then.units, in_all.units, in_all.first_on) == (5, 12, LATER)


def test_a_correction_keeps_the_promise_and_the_place(here: Here, window_2: Any) -> None:
    """Four were written, three were given: the promise owes one more, and stands aside for it."""
    soap, blanket, home = here.aid.soap, here.aid.blanket, here.family(4)
    here.promise(home, soap, 4)
    given = here.give(home, soap, 4)
    draft = CorrectionDraft(given.id, (LineDraft(soap.rule_id, 3),))
    now = here.write(correct_hand_over, here.by.distributor, draft=draft).now
    row = here.row(home, soap)
    assert (row.state, row.due, here.can_be_given(soap)) == ("put_aside", 1, 46)
    here.proved()
    here.void(now.id)
    assert here.row(home, soap).due == 4
    here.proved()
    here.empty(blanket)
    here.wait(home, blanket)
    here.receive(blanket, 2)
    given = here.give(home, blanket, who=window_2)
    here.void(given.id)
    assert here.row(home, blanket, window_2).waiting is not None
    here.proved()
