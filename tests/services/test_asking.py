"""Plain questions asked at once: how many ways to a server they take, and what becomes of its errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from aidtrack.domain.birth import read_birth
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.services import people
from aidtrack.services.identity.candidates import candidates
from aidtrack.store import asking
from aidtrack.store.asking import Ahead, Question, answer, answers
from aidtrack.store.database import Database, open_database
from tests.factories import Centre, Team
from tests.services.test_read_scope import throw_everybody_out

Ways = list[int]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    """How many statements went each way."""
    went: Ways = []
    asked = asking._asked

    def counted(connection: Connection, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Any]:
        went.append(len(statements))
        return asked(connection, statements)

    monkeypatch.setattr(asking, "_asked", counted)
    return went


def _saying(*words: str) -> Question[list[str]]:
    return Question(
        [(f"SELECT '{word}'", ()) for word in words], lambda parts: [row[0] for rows in parts for row in rows]
    )


def test_two_questions_go_one_way_and_each_gets_its_own_answer(database: Database, ways: Ways) -> None:
    said = database.read(
        lambda s: answers(s, _saying("soap", "tea"), _saying("rice").then(lambda words: words[0].upper()))
    )
    assert said == (["soap", "tea"], "RICE")
    assert ways == [3]


def test_nothing_is_asked_where_there_is_nothing_to_ask(database: Database, ways: Ways) -> None:
    assert database.read(lambda s: answer(s, _saying())) == []
    assert ways == []


def test_what_is_asked_ahead_goes_with_the_next_question_to_a_server(postgres_address: str, ways: Ways) -> None:
    def ask(session: Session) -> tuple[list[str], list[str], list[str]]:
        ahead = Ahead(session, _saying("ahead"))
        return answer(session, _saying("first")), answer(session, _saying("second")), ahead.answer()

    database = open_database(postgres_address)
    ways.clear()
    assert database.read(ask) == (["first"], ["second"], ["ahead"])
    database.close()
    assert ways == [2, 1]


def test_what_is_asked_ahead_goes_alone_when_it_is_wanted_at_once(postgres_address: str, ways: Ways) -> None:
    def ask(session: Session) -> tuple[list[str], list[str], list[str]]:
        ahead = Ahead(session, _saying("ahead"))
        return ahead.answer(), ahead.answer(), answer(session, _saying("next"))

    database = open_database(postgres_address)
    ways.clear()
    assert database.read(ask) == (["ahead"], ["ahead"], ["next"])
    database.close()
    assert ways == [1, 1]


def test_two_asked_ahead_go_together_when_one_is_wanted(postgres_address: str, ways: Ways) -> None:
    def ask(session: Session) -> tuple[list[str], list[str]]:
        one, other = Ahead(session, _saying("one")), Ahead(session, _saying("other"))
        return other.answer(), one.answer()

    database = open_database(postgres_address)
    ways.clear()
    assert database.read(ask) == (["other"], ["one"])
    database.close()
    assert ways == [2]


def test_a_file_is_not_asked_what_nobody_wants(sqlite_database: Database, ways: Ways) -> None:
    def ask(session: Session) -> list[str]:
        Ahead(session, _saying("never"))
        return answer(session, _saying("first"))

    assert sqlite_database.read(ask) == ["first"]
    assert ways == [1]


def test_a_server_that_was_started_again_is_asked_again(postgres_address: str) -> None:
    database = open_database(postgres_address)
    assert database.read(lambda s: answers(s, _saying("soap"), _saying("tea"))) == (["soap"], ["tea"])
    throw_everybody_out(postgres_address)
    assert database.read(lambda s: answers(s, _saying("soap"), _saying("tea"))) == (["soap"], ["tea"])
    database.close()


@pytest.mark.parametrize("beside", [(), ("soap",)])
def test_a_question_that_cannot_be_asked_names_nobody_and_stops_nothing(
    database: Database, beside: tuple[str, ...]
) -> None:
    place = "?" if database.is_sqlite else "%s"
    wrong = Question([(f"SELECT {place} FROM no_such_table", ("Иванова",))], len)
    with pytest.raises(DBAPIError, match="no_such_table") as caught:
        database.read(lambda s: answers(s, _saying(*beside), wrong))
    assert "Иванова" not in str(caught.value)
    assert database.read(lambda s: answer(s, _saying("soap"))) == ["soap"]


ON_A_SERVER = pytest.mark.parametrize("database_address", ["postgres"], indirect=True)
TYPED = {"Родадко алина 27.03.1949": 5, "Evyshin Ivan Pavelovich": 1, "Иванова": 3}
"""What is typed for somebody who is not here, and how many ways it takes. These figures may only go down."""


@ON_A_SERVER
@pytest.mark.parametrize("typed", TYPED)
def test_a_search_in_vain_takes_few_ways(database: Database, centre: Centre, by: Team, ways: Ways, typed: str) -> None:
    ways.clear()
    assert database.read(lambda s: people.find(s, by.coordinator, typed)) == ()
    assert len(ways) == TYPED[typed]


FORM = HouseholdDraft(
    members=(MemberDraft(None, "Родадко", "Алина", "", birth=read_birth("27.03.1949", date(2024, 8, 12))),)
)


@ON_A_SERVER
def test_a_form_of_a_newcomer_takes_few_ways(database: Database, centre: Centre, by: Team, ways: Ways) -> None:
    ways.clear()
    assert database.read(lambda s: candidates(s, by.registrar, FORM)) == ()
    assert len(ways) == 4
