"""Several questions asked at once: at a key press the ways to a server and back take longer than its answers.

Owns how plain statements reach the driver and how its errors come back as SQLAlchemy's, so that a lost connection is treated like any
other. What is asked is `name_lookup`, `identity_lookup` and `found_people`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

T = TypeVar("T")
U = TypeVar("U")
Answer = TypeVar("Answer", covariant=True)

Rows = Sequence[Any]
"""Tuples as the driver gives them."""

_WAITING = "asked ahead"

# That what was asked at once ended with its connection, the driver warns of beside the error itself, which is told or made good.
logging.getLogger("psycopg").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """Statements with their facts, and what their rows come to. Several statements where one would be too long; none asks nothing."""

    statements: Sequence[tuple[str, Sequence[Any]]]
    read: Callable[[Sequence[Rows]], Answer]

    def then(self, made: Callable[[Answer], U]) -> Question[U]:
        """The same question, and what is made of its answer."""
        return Question(self.statements, lambda parts: made(self.read(parts)))


class Ahead(Generic[Answer]):
    """A quick question that may be needed: to a server it goes the same way as the next one, and a file, which is no way off, is asked
    when the answer is wanted."""

    def __init__(self, session: Session, question: Question[Answer]) -> None:
        self._session, self._question = session, question
        self._parts: Sequence[Rows] | None = None if question.statements else ()
        if question.statements and is_on_server(session):
            session.info.setdefault(_WAITING, []).append(self)

    def answer(self) -> Answer:
        if self._parts is None:
            _answers(self._session)
        if self._parts is None:
            self._parts = _asked(self._session.connection(), self.statements)
        return self._question.read(self._parts)

    @property
    def statements(self) -> Sequence[tuple[str, Sequence[Any]]]:
        return self._question.statements

    def keep(self, parts: Sequence[Rows]) -> None:
        self._parts = parts


def answer(session: Session, question: Question[T]) -> T:
    """What is asked, in the snapshot of this scope."""
    return _answers(session, question)[0]  # type: ignore[no-any-return]


def answers(session: Session, one: Question[T], other: Question[U]) -> tuple[T, U]:
    """Two things that do not wait for each other: a server is asked for both in one way there and back."""
    first, second = _answers(session, one, other)
    return first, second


def _answers(session: Session, *questions: Question[Any]) -> list[Any]:
    ahead: list[Ahead[Any]] = session.info.pop(_WAITING, [])
    all_of_it: list[Question[Any] | Ahead[Any]] = [*questions, *ahead]
    asked = [statement for one in all_of_it for statement in one.statements]
    rows = iter(_asked(session.connection(), asked) if asked else ())
    parts = [[next(rows) for _ in one.statements] for one in all_of_it]
    for one, known in zip(ahead, parts[len(questions) :], strict=True):
        one.keep(known)
    return [one.read(known) for one, known in zip(questions, parts, strict=False)]


def close_snapshot(session: Session) -> None:
    """Ends the snapshot of this scope at a server, which forgets nothing by it: at a rollback its driver would forget its prepared
    statements, and planning takes longer than answering."""
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    with _errors_given_on(connection, driver):
        driver.execute("COMMIT")


def is_on_server(session: Session) -> bool:
    """A server writes statements a little differently, and is a way off."""
    return session.get_bind().dialect.name == "postgresql"


def _asked(connection: Connection, statements: Sequence[tuple[str, Sequence[Any]]]) -> list[Rows]:
    driver: Any = connection.connection.driver_connection
    with _errors_given_on(connection, driver):
        if connection.dialect.name != "postgresql" or (len(statements) == 1 and _has_begun(driver)):
            return [driver.execute(*statement).fetchall() for statement in statements]
        with driver.pipeline():
            cursors = [driver.execute(*statement) for statement in statements]
        return [cursor.fetchall() for cursor in cursors]


def _has_begun(driver: Any) -> bool:
    """The first statement of a scope brings the driver's BEGIN along, so that it is never alone."""
    return bool(driver.info.transaction_status)


@contextmanager
def _errors_given_on(connection: Connection, driver: Any) -> Iterator[None]:
    """As SQLAlchemy gives them on; without facts, which are names."""
    errors: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except errors.Error as error:
        is_lost = connection.dialect.is_disconnect(error, driver, None)
        if is_lost:
            connection.invalidate(error)
        kind = OperationalError if isinstance(error, errors.OperationalError) else DBAPIError
        raise kind("", None, error, hide_parameters=True, connection_invalidated=is_lost) from error
