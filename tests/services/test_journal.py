"""The journal's promises, each with the fault that would break it: capture, idempotency, no leak after a rollback, an unbroken chain."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Conflict, NotAllowed, Refused, Text
from aidtrack.services import journal as reading
from aidtrack.store import journal
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import DayEvent, Desk, Site, draw
from aidtrack.store.journal import Change
from tests.factories import Centre, Team


def add_desk(session: Session, by: Actor, request_id: UUID, number: int) -> UUID:
    with journal.operation(session, by, request_id, "add_desk", number=number) as op:
        if not op.is_repeat:
            session.add(Desk(site_id=by.site, number=number))
        return op.only("desk")


def names(database: Database) -> list[str]:
    return database.read(lambda s: list(s.scalars(select(Site.name))))


def test_the_same_request_twice_is_one_effect_and_one_receipt(database: Database, centre: Centre, by: Team) -> None:
    request = new_id()
    first = database.write(lambda s: add_desk(s, by.coordinator, request, 7))
    again = database.write(lambda s: add_desk(s, by.coordinator, request, 7))
    assert first == again
    assert database.read(lambda s: len(s.scalars(select(Desk).where(Desk.number == 7)).all())) == 1


def test_the_same_request_with_other_content_is_a_conflict(database: Database, centre: Centre, by: Team) -> None:
    request = new_id()
    database.write(lambda s: add_desk(s, by.coordinator, request, 7))
    with pytest.raises(Conflict, match="other-content"):
        database.write(lambda s: add_desk(s, by.coordinator, request, 8))


def test_a_double_click_at_once_waits_and_gets_the_receipt(database: Database, centre: Centre, by: Team) -> None:
    request, answers = new_id(), []
    others = [open_database(database.address) for _ in range(3)]
    click = [
        threading.Thread(
            target=lambda d: answers.append(d.write(lambda s: add_desk(s, by.coordinator, request, 7))), args=(d,)
        )
        for d in (database, *others)
    ]
    for thread in click:
        thread.start()
    for thread in click:
        thread.join()
    for other in others:
        other.close()
    assert len(answers) == 4
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    "bypass",
    [
        update(Site).values(name="Other"),
        insert(DayEvent).values(no=1, kind="open"),
        delete(Desk),
        update(Site.__table__).values(name="x"),  # type: ignore[arg-type]
    ],
)
def test_a_bulk_write_that_bypasses_capture_is_refused(database: Database, centre: Centre, bypass: object) -> None:
    with pytest.raises(RuntimeError, match="bypass the journal"):
        database.write(lambda s: s.execute(bypass))  # type: ignore[call-overload]


def test_a_change_outside_an_operation_is_refused(database: Database, centre: Centre) -> None:
    with pytest.raises(RuntimeError, match="outside an operation"):
        database.write(lambda s: s.add(Desk(site_id=centre.site_id, number=9)))
    assert database.read(lambda s: s.scalar(select(Desk.id).where(Desk.number == 9))) is None


def test_what_was_rolled_back_is_not_journaled_by_the_next(database: Database, centre: Centre, by: Team) -> None:
    def fails(session: Session) -> None:
        with journal.operation(session, by.coordinator, new_id(), "add_desk", number=5):
            session.add(Desk(site_id=centre.site_id, number=5))
            session.flush()
            raise Refused("no", Text("No."))

    with pytest.raises(Refused):
        database.write(fails)
    database.write(lambda s: add_desk(s, by.coordinator, new_id(), 6))
    kept = database.read(lambda s: [body["new"].get("number") for body in s.scalars(select(Change.body))])
    assert 6 in kept
    assert 5 not in kept


def test_a_buffer_does_not_survive_the_rollback_of_its_session(database: Database, centre: Centre, by: Team) -> None:
    def rolled_back_then_goes_on(session: Session) -> None:
        session.rollback()  # what a use case must never do; the journal still must not leak
        journal.current(session)

    def inside(session: Session) -> None:
        with journal.operation(session, by.coordinator, new_id(), "add_desk"):
            session.add(Desk(site_id=centre.site_id, number=5))
            session.flush()
            rolled_back_then_goes_on(session)

    with pytest.raises(RuntimeError, match="outside an operation"):
        database.write(inside)


def test_a_change_keeps_the_new_and_the_old_value(database: Database, centre: Centre, by: Team) -> None:
    def rename(session: Session) -> None:
        with journal.operation(session, by.coordinator, new_id(), "rename", because="moved"):
            site = session.get(Site, centre.site_id)
            assert site
            site.name = "School 4"

    was = names(database)[0]
    database.write(rename)
    row = database.read(lambda s: reading.operations(s, by.coordinator)[0])
    found = database.read(lambda s: reading.changes(s, by.coordinator, row.id))
    assert (row.kind, row.reason, row.actor_name) == ("rename", "moved", by.coordinator.name)
    assert (found[0].table_name, found[0].was["name"], found[0].new["name"]) == ("site", was, "School 4")


def test_many_rows_at_once_are_journaled_like_one(database: Database, centre: Centre, by: Team) -> None:
    rows = [{"site_id": centre.site_id, "number": n} for n in range(20, 25)]

    def add(session: Session) -> list[UUID]:
        with journal.operation(session, by.coordinator, new_id(), "add_desks") as op:
            journal.add_many(session, Desk, rows)
            return op.ids("desk")

    ids = database.write(add)
    kept = database.read(lambda s: [s.get(Desk, i).number for i in ids])  # type: ignore[union-attr]
    assert kept == [20, 21, 22, 23, 24]
    assert database.read(lambda s: len(s.scalars(select(Change).where(Change.table_name == "desk")).all())) >= 5


@pytest.mark.parametrize("tamper", ["UPDATE change SET body = '{}'", "DELETE FROM change", "DELETE FROM operation"])
def test_the_journal_cannot_be_rewritten(database: Database, centre: Centre, by: Team, tamper: str) -> None:
    database.write(lambda s: add_desk(s, by.coordinator, new_id(), 7))
    with pytest.raises(DBAPIError, match="append-only"), database.connection() as connection:
        connection.execute(text(tamper))


def test_the_chain_is_whole_and_breaks_where_somebody_touched_it(database: Database, centre: Centre, by: Team) -> None:
    for number in (11, 12, 13):
        database.write(lambda s, n=number: add_desk(s, by.coordinator, new_id(), n))  # type: ignore[misc]
    assert database.read(journal.broken_links) == []
    _tamper(database, "UPDATE change SET body_hash = 'x' WHERE operation_id = (SELECT id FROM operation WHERE seq = 2)")
    broken = database.read(journal.broken_links)
    assert [seq for _, seq in broken] == [2]


def _tamper(database: Database, statement: str) -> None:
    """As somebody with the file and a SQL shell would: the trigger is dropped first."""
    of_table = " ON change" if not database.is_sqlite else ""
    with database.connection() as connection:
        connection.execute(text(f"DROP TRIGGER change_keeps{of_table}"))
        connection.execute(text(statement))
        connection.commit()


def test_numbers_of_a_series_come_once_each_from_several_processes_of_one_file(
    database: Database, centre: Centre, by: Team
) -> None:
    drawn: list[int] = []
    others = [open_database(database.address) for _ in range(3)]

    def one(session: Session) -> int:
        with journal.operation(session, by.coordinator, new_id(), "draw"):
            return draw(session, centre.site_id, "test")

    threads = [
        threading.Thread(target=lambda d: drawn.extend(d.write(one) for _ in range(15)), args=(d,))
        for d in (database, *others)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert sorted(drawn) == list(range(1, 61))


def test_browsing_the_journal_needs_the_permission(database: Database, centre: Centre, by: Team) -> None:
    with pytest.raises(NotAllowed):
        database.read(lambda s: reading.operations(s, by.registrar))
