"""Two desks that meet in one transaction: a number while the day closes, and two first rows of one series."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, TicketState
from aidtrack.errors import Refused
from aidtrack.services import days, queueing
from aidtrack.services.check import check
from aidtrack.services.queueing import TicketRow
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import Counter
from aidtrack.store.queueing import Ticket
from tests.factories import Centre, SettableClock, Team, make_centre

A_MOMENT = 0.3
"""Long enough for the other desk to come as far as it can, short enough for SQLite's turn to be waited for."""


@pytest.fixture
def beside(database: Database) -> Iterator[Database]:
    """The same database opened by another program."""
    opened = open_database(database.address)
    yield opened
    opened.close()


def one_inside_the_other(
    first: Callable[[threading.Event], object], second: Callable[[], object]
) -> tuple[object, Future[object]]:
    """Begins the second while the first has done its work and not yet saved it."""
    is_done = threading.Event()
    with ThreadPoolExecutor(2) as hands:
        one = hands.submit(first, is_done)
        assert is_done.wait(20) or one.result(timeout=0)
        other = hands.submit(second)
        answer = one.result(timeout=40)
        other.exception(timeout=40)
    return answer, other


def then_wait(do: Callable[[Session], object], is_done: threading.Event) -> Callable[[Session], object]:
    """Does it, lets the other desk begin, and saves a moment later."""

    def work(session: Session) -> object:
        answer = do(session)
        session.flush()
        is_done.set()
        threading.Event().wait(A_MOMENT)
        return answer

    return work


def issue(session: Session, by: Team) -> TicketRow:
    return queueing.issue_ticket(session, by.registrar, request_id=new_id(), lane=Lane.A)


def states(database: Database) -> list[str]:
    return list(database.read(lambda s: s.scalars(select(Ticket.state).order_by(Ticket.number)).all()))


def test_no_number_is_given_into_a_day_that_closes(
    database: Database, beside: Database, centre: Centre, by: Team
) -> None:
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    database.write(lambda s: issue(s, by))
    close = lambda s: days.close_day(s, by.coordinator, request_id=new_id())  # noqa: E731
    _, given = one_inside_the_other(
        lambda is_done: database.write(then_wait(close, is_done)), lambda: beside.write(lambda s: issue(s, by))
    )
    assert isinstance(given.exception(), Refused)
    assert states(database) == [TicketState.TOMORROW]
    assert database.read(lambda s: check(s, by.administrator)).failures == ()


def test_a_number_given_while_the_day_closes_keeps_its_place(
    database: Database, beside: Database, centre: Centre, by: Team
) -> None:
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    given, closed = one_inside_the_other(
        lambda is_done: database.write(then_wait(lambda s: issue(s, by), is_done)),
        lambda: beside.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id())),
    )
    assert isinstance(given, TicketRow)
    assert closed.exception() is None
    assert states(database) == [TicketState.TOMORROW]
    assert database.read(lambda s: check(s, by.administrator)).failures == ()


def test_two_first_rows_at_once_are_tried_again(postgres_address: str) -> None:
    """What PostgreSQL answers to the second (23505) is no error for anybody: its next try finds the row of the first."""
    database, beside = open_database(postgres_address), open_database(postgres_address)
    site, tries = database.write(lambda s: make_centre(s, SettableClock())).site_id, []

    def count(session: Session) -> int:
        last = session.scalar(select(Counter.last).where(Counter.site_id == site, Counter.series == "first"))
        if last is None:
            session.add(Counter(site_id=site, series="first", last=1))
            session.flush()
            return 1
        session.execute(update(Counter).where(Counter.site_id == site).values(last=last + 1))
        return last + 1

    def counted(session: Session) -> int:
        tries.append(1)
        return count(session)

    first, second = one_inside_the_other(
        lambda is_done: database.write(then_wait(count, is_done)), lambda: beside.write(counted)
    )
    assert (first, second.result(), len(tries)) == (1, 2, 2)
    database.close()
    beside.close()


def test_two_desks_draw_the_first_number_at_once(
    database: Database, beside: Database, centre: Centre, by: Team
) -> None:
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    first, second = one_inside_the_other(
        lambda is_done: database.write(then_wait(lambda s: issue(s, by), is_done)),
        lambda: beside.write(lambda s: issue(s, by)),
    )
    assert isinstance(first, TicketRow)
    drawn = second.result()
    assert isinstance(drawn, TicketRow)
    assert (first.number, drawn.number) == (1, 2)


def test_the_same_family_is_not_counted_twice_by_two_desks_that_press_at_once(
    database: Database, beside: Database, centre: Centre, by: Team
) -> None:
    """The same request from two programs: the second gets the receipt of the first."""
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    request: UUID = new_id()
    again = lambda s: queueing.issue_ticket(s, by.registrar, request_id=request, lane=Lane.A)  # noqa: E731
    first, second = one_inside_the_other(
        lambda is_done: database.write(then_wait(again, is_done)), lambda: beside.write(again)
    )
    assert first == second.result()
    assert states(database) == [TicketState.WAITING]
