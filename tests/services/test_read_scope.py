"""The reading scope: one view for all statements of a question, and no question lost because the server was started again."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from aidtrack.domain.ids import new_id
from aidtrack.errors import StoreTrouble
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import Desk
from tests.factories import Centre, Team
from tests.services.test_journal import add_desk

_DESKS = select(Desk.number).where(Desk.number >= 90).order_by(Desk.number)


def _desks(session: Session) -> list[int]:
    return list(session.scalars(_DESKS))


def test_what_is_written_meanwhile_is_not_in_the_second_half_of_an_answer(
    database: Database, centre: Centre, by: Team
) -> None:
    def twice(session: Session) -> tuple[list[int], list[int]]:
        before = _desks(session)
        database.write(lambda s: add_desk(s, by.coordinator, new_id(), 90))
        return before, _desks(session)

    assert database.read(twice) == ([], [])
    assert database.read(_desks) == [90]


def test_nothing_can_be_written_where_only_is_read(database: Database, centre: Centre) -> None:
    with pytest.raises((DBAPIError, StoreTrouble), match="read-only"):
        database.read(lambda s: s.execute(text("UPDATE desk SET number = number + 1")))


def test_a_server_that_was_started_again_is_asked_again(postgres_address: str) -> None:
    database = open_database(postgres_address)
    asked: list[int] = []

    def ask(session: Session) -> int:
        asked.append(1)
        return int(session.scalar(text("SELECT 7")) or 0)

    assert database.read(ask) == 7
    throw_everybody_out(postgres_address)
    assert database.read(ask) == 7
    assert len(asked) == 3, "the answer, the question to a server that had gone, and the answer"
    throw_everybody_out(postgres_address)
    assert database.write(ask) == 7
    database.close()


def test_a_server_plans_a_question_once(postgres_address: str) -> None:
    """It forgets at a rollback, and planning a search takes longer than the search."""
    database = open_database(postgres_address)
    for _ in range(5):
        database.read(lambda s: s.execute(_DESKS.where(Desk.id != UUID(int=0))).all())
    planned = database.read(
        lambda s: s.scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%desk%'"))
    )
    database.close()
    assert planned == 1


def throw_everybody_out(address: str) -> None:
    other = open_database(address)
    with other.connection() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.close()
