"""Hand-overs on both databases: one press books everything or nothing, nobody is served twice, cancelling restores exactly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import GoodsAre, HandOverDraft, LineDraft, LinesRefused
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, NotFound, Refused
from aidtrack.services import handover, overview, queueing
from aidtrack.services.campaigns import allowances
from aidtrack.services.handover import (
    CancelReceipt,
    HandOverReceipt,
    cancel_hand_over,
    desk_view,
    giving,
    hand_over,
    history,
    receipts,
)
from aidtrack.services.stock import ledger
from aidtrack.services.stock.ledger import available
from aidtrack.store.database import Database, open_database
from aidtrack.store.handover import HandOver, HandOverDecline, HandOverLine, HandOverPerson, HandOverVoid
from aidtrack.store.people import HouseholdMember
from aidtrack.store.stock import Balance, Movement
from tests.aid import TODAY, Aid, Goods, draft_of, make_aid, make_family
from tests.factories import Centre, Team


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def family(database: Database, aid: Aid, by: Team) -> UUID:
    return database.write(lambda s: make_family(s, by.registrar)).household_id


def give(database: Database, by: Actor, draft: HandOverDraft, request: UUID | None = None) -> HandOverReceipt:
    return database.write(lambda s: hand_over(s, by, request_id=request or new_id(), draft=draft))


def cancel(
    database: Database, by: Actor, one: UUID, where: GoodsAre, other: UUID | None = None, request: UUID | None = None
) -> CancelReceipt:
    def do(session: Session) -> CancelReceipt:
        return cancel_hand_over(
            session, by, request_id=request or new_id(), hand_over_id=one, where=where, reason="не та семья",
            other_household_id=other,
        )  # fmt: skip

    return database.write(do)


def due(database: Database, by: Actor, household_id: UUID) -> dict[UUID, tuple[str, int]]:
    rows = database.read(lambda s: allowances(s, by, household_id))
    return {row.rule_id: (row.state, row.due) for row in rows}


MOST_FOR_A_HAND_OVER, MOST_FOR_AN_ALLOWANCE = 31, 9


def asked_by(do: Callable[[], object]) -> int:
    """How many statements it sends that ask or write something."""
    said: list[str] = []

    def heard(_c: object, _cursor: object, sql: str, *_: object) -> None:
        said.append(sql)

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        do()
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
    return sum(sql.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")) for sql in said)


def test_how_much_is_asked_for_a_family_only_goes_down(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    """A desk waits for each question; neither people nor items nor hand-overs of before make more of them."""
    draft = draft_of(family, (aid.food, 4), (aid.soap, 4))
    give(database, by.distributor, draft_of(database.write(lambda s: make_family(s, by.registrar)).household_id, (aid.food, 1)))
    assert asked_by(lambda: due(database, by.distributor, family)) <= MOST_FOR_AN_ALLOWANCE
    assert asked_by(lambda: give(database, by.distributor, draft)) <= MOST_FOR_A_HAND_OVER
    again = database.write(lambda s: make_family(s, by.registrar, "Многодетная", 9)).household_id
    assert asked_by(lambda: due(database, by.distributor, again)) <= MOST_FOR_AN_ALLOWANCE
    assert asked_by(lambda: give(database, by.distributor, draft_of(again, (aid.food, 9), (aid.soap, 9)))) <= MOST_FOR_A_HAND_OVER


def on_shelf(database: Database, place: UUID, goods: Goods) -> list[int]:
    def ask(session: Session) -> list[int]:
        return [session.scalar(select(Balance.quantity).where(Balance.place_id == place, Balance.lot_id == lot)) or 0
                for lot in goods.lots]  # fmt: skip

    return database.read(ask)


def count(database: Database, table: type[object]) -> int:
    return database.read(lambda s: s.scalar(select(func.count()).select_from(table)) or 0)


def ticket_for(database: Database, by: Actor, household_id: UUID | None) -> UUID:
    row = database.write(
        lambda s: queueing.issue_ticket(s, by, request_id=new_id(), lane=Lane.A, household_id=household_id)
    )
    return row.id


def state_of(database: Database, ticket_id: UUID) -> TicketState:
    return database.read(lambda s: queueing.ticket_row(s, ticket_id)).state


# ── giving ───────────────────────────────────────────────────────────────────────────────────────


def test_one_press_books_lines_movements_people_sheet_and_line(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    done = give(database, by.distributor, draft_of(family, (aid.food, 4), (aid.soap, 3)))
    assert [(line.item_names["en"], line.quantity, line.allowed) for line in done.lines] == [
        ("Food kit", 4, 4),
        ("Soap", 3, 4),
    ]
    assert str(done.signed_at) == "1-01/01"
    assert done.people == 4
    assert count(database, HandOverPerson) == 4
    assert on_shelf(database, centre.shelf, aid.food) == [0, 99], (
        "first expiring first: 3 of the first lot, 1 of the next"
    )
    assert on_shelf(database, centre.shelf, aid.soap) == [47]
    row = database.read(lambda s: s.get_one(HandOver, done.id))
    assert row.cohorts == {"f:18-59": 1, "m:5-11": 3}
    assert row.day == TODAY


def test_each_batch_has_its_line_and_its_movement(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    give(database, by.distributor, draft_of(family, (aid.food, 4)))
    query = select(
        HandOverLine.quantity, HandOverLine.allowed, Movement.quantity, HandOverLine.lot_id == Movement.lot_id
    )
    rows = database.read(lambda s: s.execute(query.join(Movement, Movement.hand_over_line_id == HandOverLine.id)
                                             .order_by(HandOverLine.no)).all())  # fmt: skip
    assert [tuple(row) for row in rows] == [(3, 3, 3, True), (1, 1, 1, True)]


def test_what_was_given_is_not_due_again_but_what_was_not_still_is(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    give(database, by.distributor, draft_of(family, (aid.food, 4)))
    now = due(database, by.distributor, family)
    assert now[aid.food.rule_id] == ("not_today", 0)
    assert now[aid.soap.rule_id] == ("give", 4)
    assert now[aid.blanket.rule_id] == ("other_window", 1)


def test_less_covers_only_as_many_people_as_it_is_enough_for(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    give(database, by.distributor, draft_of(family, (aid.food, 4), (aid.soap, 3)))
    assert due(database, by.distributor, family)[aid.soap.rule_id] == ("give", 1)


def test_the_window_is_never_trusted(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    with pytest.raises(LinesRefused) as refused:
        give(database, by.distributor, draft_of(family, (aid.food, 5), (aid.soap, 9)))
    assert refused.value.code == "more-than-allowed"
    assert [(line.rule_id, line.possible) for line in refused.value.lines] == [
        (aid.food.rule_id, 4),
        (aid.soap.rule_id, 4),
    ]
    assert count(database, HandOver) == 0


def test_a_line_of_another_window_is_refused_here_and_given_there(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    with pytest.raises(LinesRefused):
        give(database, by.distributor, draft_of(family, (aid.blanket, 1)))
    there = by.at(by.distributor, centre.windows[1])
    done = give(database, there, draft_of(family, (aid.blanket, 1)))
    assert str(done.signed_at) == "2-01/01"


def test_a_line_short_in_the_book_is_named_and_nothing_is_booked(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    big = database.write(lambda s: make_family(s, by.registrar, "Ткач", size=30)).household_id
    crowd = database.write(lambda s: make_family(s, by.registrar, "Коваль", size=30)).household_id
    give(database, by.distributor, draft_of(big, (aid.soap, 30)))
    with pytest.raises(LinesRefused) as refused:
        give(database, by.distributor, draft_of(crowd, (aid.food, 30), (aid.soap, 30)))
    assert refused.value.code == "short"
    assert [(line.rule_id, line.possible) for line in refused.value.lines] == [(aid.soap.rule_id, 20)]
    assert on_shelf(database, centre.shelf, aid.food) == [3, 100]
    assert count(database, HandOver) == 1
    again = give(database, by.distributor, draft_of(crowd, (aid.food, 30), (aid.soap, 20)))
    assert str(again.signed_at) == "1-01/02", "a refused press draws no line of the sheet"


def test_an_item_not_wanted_is_written_down_and_stays_due(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    done = give(database, by.distributor, draft_of(family, (aid.food, 4), (aid.soap, 0)))
    assert [(line.quantity, line.allowed) for line in done.lines] == [(4, 4), (0, 4)]
    assert len(done.given) == 1
    assert count(database, HandOverDecline) == 1
    assert due(database, by.distributor, family)[aid.soap.rule_id] == ("give", 4)


def test_all_problems_of_a_draft_come_at_once(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    with pytest.raises(InvalidInput) as invalid:
        give(database, by.distributor, draft_of(family, (aid.food, 0), collector="  "))
    assert [problem.field for problem in invalid.value.problems] == ["lines", "collector"]


def test_a_collector_must_be_of_the_family(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    other = database.write(lambda s: make_family(s, by.registrar, "Коваль")).household_id
    stranger = database.read(
        lambda s: s.scalars(select(HouseholdMember.person_id).where(HouseholdMember.household_id == other)).first()
    )
    draft = replace(draft_of(family, (aid.food, 4), collector=""), collector_person_id=stranger)
    with pytest.raises(InvalidInput):
        give(database, by.distributor, draft)


def test_without_an_open_day_or_without_the_role_nothing_is_given(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    with pytest.raises(NotAllowed):
        give(database, by.registrar, draft_of(family, (aid.food, 4)))
    by.clock.forward(days=3)
    with pytest.raises(Refused, match="day-not-open"):
        give(database, by.distributor, draft_of(family, (aid.food, 4)))


def test_an_unknown_family_is_not_found(database: Database, by: Team, aid: Aid) -> None:
    with pytest.raises(NotFound):
        give(database, by.distributor, draft_of(new_id(), (aid.food, 4)))


# ── once ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_double_click_is_one_effect(database: Database, centre: Centre, by: Team, aid: Aid, family: UUID) -> None:
    request, draft = new_id(), draft_of(family, (aid.food, 4))
    first = give(database, by.distributor, draft, request)
    again = give(database, by.distributor, draft, request)
    assert first == again
    assert on_shelf(database, centre.shelf, aid.food) == [0, 99]
    with pytest.raises(Conflict):
        give(database, by.distributor, draft_of(family, (aid.food, 3)), request)


def both_at_once(database: Database, by: Team, centre: Centre, draft: HandOverDraft) -> list[HandOverReceipt | Refused]:
    """Two windows press F9 for the same family; the second starts while the first has not committed yet."""
    answers: list[HandOverReceipt | Refused] = []
    first_booked, second_started = threading.Event(), threading.Event()

    def first(session: Session) -> HandOverReceipt:
        done = hand_over(session, by.distributor, request_id=new_id(), draft=draft)
        first_booked.set()
        second_started.wait(5)
        threading.Event().wait(0.3)  # time enough for a second one that does not wait for the lock
        return done

    def press(open_one: Database, do: Callable[[Session], HandOverReceipt]) -> None:
        try:
            answers.append(open_one.write(do))
        except Refused as refused:
            answers.append(refused)

    def second(session: Session) -> HandOverReceipt:
        second_started.set()
        return hand_over(session, by.distributor, request_id=new_id(), draft=draft)

    other = open_database(database.address)
    threads = [threading.Thread(target=press, args=(database, first))]
    threads[0].start()
    assert first_booked.wait(10)
    threads.append(threading.Thread(target=press, args=(other, second)))
    threads[1].start()
    second_started_soon = threading.Timer(1, second_started.set)  # on SQLite the second waits before it may begin
    second_started_soon.start()
    for thread in threads:
        thread.join(20)
    second_started_soon.cancel()
    other.close()
    return answers


def test_two_windows_at_once_serve_a_family_once(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    answers = both_at_once(database, by, centre, draft_of(family, (aid.food, 4)))
    assert sorted(type(answer).__name__ for answer in answers) == ["HandOverReceipt", "LinesRefused"]
    assert on_shelf(database, centre.shelf, aid.food) == [0, 99]


def test_a_lock_that_does_not_hold_is_caught(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: allowance and lock the wrong way round. On SQLite BEGIN IMMEDIATE is the lock, so nothing breaks there."""
    members = database.read(
        lambda s: tuple(s.scalars(select(HouseholdMember.person_id).where(HouseholdMember.household_id == family)))
    )
    monkeypatch.setattr(giving, "lock_people", lambda session, *households, **_: members)
    monkeypatch.setattr(ledger, "shelf_lots", _without_lock(ledger.shelf_lots))
    answers = both_at_once(database, by, centre, draft_of(family, (aid.soap, 4)))
    served = [answer for answer in answers if isinstance(answer, HandOverReceipt)]
    assert len(served) == (1 if database.address.endswith(".db") else 2)


def _without_lock(read: Callable[..., object]) -> Callable[..., object]:
    def reading(*args: object, **options: object) -> object:
        return read(*args, **{**options, "lock": False})

    return reading


# ── the number ───────────────────────────────────────────────────────────────────────────────────


def test_a_number_is_served_when_every_line_due_at_any_window_is_settled(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    ticket = ticket_for(database, by.registrar, family)
    first = give(database, by.distributor, draft_of(family, (aid.food, 4), (aid.soap, 0), ticket_id=ticket))
    assert not first.ticket_served
    assert state_of(database, ticket) is TicketState.SERVING
    second = give(
        database, by.at(by.distributor, centre.windows[1]), draft_of(family, (aid.blanket, 1), ticket_id=ticket)
    )
    assert second.ticket_served
    assert state_of(database, ticket) is TicketState.SERVED


def test_a_line_nobody_decided_about_keeps_the_number_open(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    ticket = ticket_for(database, by.registrar, family)
    assert not give(database, by.distributor, draft_of(family, (aid.food, 4), ticket_id=ticket)).ticket_served
    assert state_of(database, ticket) is TicketState.SERVING


def test_a_number_without_a_family_is_tied_by_its_hand_over(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    ticket = ticket_for(database, by.registrar, None)
    give(database, by.distributor, draft_of(family, (aid.food, 4), ticket_id=ticket))
    assert database.read(lambda s: queueing.ticket_row(s, ticket)).household_id == family


# ── cancelling ───────────────────────────────────────────────────────────────────────────────────


def served(database: Database, centre: Centre, by: Team, aid: Aid, family: UUID) -> tuple[UUID, HandOverReceipt]:
    """A number served by one hand-over of everything window 1 gives, the blanket given before."""
    give(database, by.at(by.distributor, centre.windows[1]), draft_of(family, (aid.blanket, 1)))
    ticket = ticket_for(database, by.registrar, family)
    return ticket, give(database, by.distributor, draft_of(family, (aid.food, 4), (aid.soap, 4), ticket_id=ticket))


@pytest.mark.parametrize(
    ("where", "back"), [(GoodsAre.BACK_ON_SHELF, True), (GoodsAre.NEVER_LEFT, True), (GoodsAre.SET_ASIDE, False)]
)
def test_cancelling_restores_allowance_number_and_stock(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID, where: GoodsAre, back: bool
) -> None:
    ticket, done = served(database, centre, by, aid, family)
    assert state_of(database, ticket) is TicketState.SERVED
    gone = cancel(database, by.distributor, done.id, where)
    assert gone.ticket_reopened
    assert state_of(database, ticket) is TicketState.SERVING
    assert due(database, by.distributor, family)[aid.food.rule_id] == ("give", 4)
    shelf, aside = (on_shelf(database, place, aid.food) for place in (centre.shelf, centre.places["quarantine"]))
    assert (shelf, aside) == (([3, 100], [0, 0]) if back else ([0, 99], [3, 1]))
    again = give(database, by.distributor, draft_of(family, (aid.food, 4), (aid.soap, 4), ticket_id=ticket))
    assert again.ticket_served


def test_a_hand_over_is_cancelled_once(database: Database, centre: Centre, by: Team, aid: Aid, family: UUID) -> None:
    _, done = served(database, centre, by, aid, family)
    request = new_id()
    first = cancel(database, by.distributor, done.id, GoodsAre.BACK_ON_SHELF, request=request)
    assert cancel(database, by.distributor, done.id, GoodsAre.BACK_ON_SHELF, request=request) == first
    with pytest.raises(Refused, match="cancelled-already"):
        cancel(database, by.shift_lead, done.id, GoodsAre.NEVER_LEFT)
    assert count(database, HandOverVoid) == 1
    assert on_shelf(database, centre.shelf, aid.food) == [3, 100]


def test_goods_with_another_family_move_there_even_over_its_allowance(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    other = database.write(lambda s: make_family(s, by.registrar, "Коваль", size=2)).household_id
    done = give(database, by.distributor, draft_of(family, (aid.food, 4)))
    moved = cancel(database, by.distributor, done.id, GoodsAre.OTHER_FAMILY, other).moved_to
    assert moved is not None
    assert moved.household_id == other
    assert [(line.quantity, line.allowed) for line in moved.lines] == [(4, 2)], (
        "more than allowed is marked, not refused"
    )
    report = database.read(lambda s: overview.exception_report(s, by.coordinator, TODAY))
    assert {str(row.allowed_by) for row in report.more} == {"was with the family already"}
    assert on_shelf(database, centre.shelf, aid.food) == [0, 99]
    assert due(database, by.distributor, family)[aid.food.rule_id] == ("give", 4)
    assert due(database, by.distributor, other)[aid.food.rule_id] == ("not_today", 0)


def test_another_family_must_be_named_and_be_another(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    done = give(database, by.distributor, draft_of(family, (aid.food, 4)))
    for other in (None, family):
        with pytest.raises(InvalidInput) as invalid:
            cancel(database, by.distributor, done.id, GoodsAre.OTHER_FAMILY, other)
        assert invalid.value.problems[0].field == "other_household"
    assert count(database, HandOverVoid) == 0


# ── what the Desk shows ──────────────────────────────────────────────────────────────────────────


def test_the_desk_sees_everything_in_one_read(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    ticket = ticket_for(database, by.registrar, family)
    view = database.read(lambda s: desk_view(s, by.distributor, family))
    assert view.family.head_name == "Ткаченко Мария Петровна"
    assert {row.item_names["en"]: (row.state, row.due) for row in view.allowances} == {
        "Food kit": ("give", 4), "Soap": ("give", 4), "Blanket": ("other_window", 1),
    }  # fmt: skip
    assert view.ticket is not None
    assert view.ticket.id == ticket
    assert (view.window, str(view.signs_at), view.is_day_open) == (1, "1-01/01", True)
    assert view.history == ()


def test_a_cancelled_hand_over_stays_visible(database: Database, by: Team, aid: Aid, family: UUID) -> None:
    mother = database.read(lambda s: desk_view(s, by.distributor, family)).family.head_id
    draft = replace(draft_of(family, (aid.food, 4), collector=""), collector_person_id=mother)
    first = give(database, by.distributor, draft)
    cancel(database, by.distributor, first.id, GoodsAre.SET_ASIDE)
    by.clock.forward(minutes=5)
    give(database, by.distributor, draft)
    newest, cancelled = database.read(lambda s: history(s, by.distributor, family))
    assert (newest.is_cancelled, newest.collector, str(newest.signed_at)) == (False, "Мария", "1-01/02")
    assert (cancelled.is_cancelled, cancelled.goods, cancelled.reason) == (True, GoodsAre.SET_ASIDE, "не та семья")
    assert database.read(lambda s: desk_view(s, by.distributor, family)).last_collector_id == mother


def test_the_line_of_the_sheet_is_only_drawn_by_a_hand_over(
    database: Database, by: Team, aid: Aid, family: UUID
) -> None:
    for _ in range(2):
        assert str(database.read(lambda s: desk_view(s, by.distributor, family)).signs_at) == "1-01/01"
    give(database, by.distributor, draft_of(family, (aid.food, 4)))
    assert str(database.read(lambda s: desk_view(s, by.distributor, family)).signs_at) == "1-01/02"
    assert handover.receipt is receipts.receipt


def test_what_is_on_the_shelf_but_not_in_the_book_is_counted_and_given_in_one_press(
    database: Database, centre: Centre, by: Team, aid: Aid, family: UUID
) -> None:
    there = by.at(by.distributor, centre.windows[1])
    for _ in range(10):
        guest = database.write(lambda s: make_family(s, by.registrar, "Гость")).household_id
        give(database, there, draft_of(guest, (aid.blanket, 1)))
    assert due(database, there, family)[aid.blanket.rule_id] == ("none_left", 1)
    with pytest.raises(LinesRefused, match="short"):
        give(database, there, draft_of(family, (aid.blanket, 1)))
    done = give(
        database, there, HandOverDraft(family, (LineDraft(aid.blanket.rule_id, 1, seen=4),), collector_text="сам")
    )
    assert done.given[0].quantity == 1
    assert sum(on_shelf(database, centre.shelf, aid.blanket)) <= 3
    assert database.read(lambda s: available(s, centre.shelf, TODAY))[aid.blanket.item_id] == 3
