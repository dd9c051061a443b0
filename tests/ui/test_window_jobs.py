"""Work away from the hands: answers on the window's thread, gone owners, newer questions, writes that tell what changed, papers."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import Refused, Text
from aidtrack.logs import Elsewhere
from aidtrack.services import days
from aidtrack.store import journal, schema
from aidtrack.store.base import Base
from aidtrack.store.database import Database
from aidtrack.ui import crash, jobs, messages
from aidtrack.ui.kinds import Kind, kinds_of
from tests.conftest import ExpectedLogs
from tests.factories import Team
from tests.ui.conftest import JobsOn


def double(number: int, progress: Callable[[int, int], None] | None = None) -> int:
    """Stands for a paper: runs in a process of its own."""
    if progress is not None:
        progress(1, 2)
    return number * 2


def answer(number: int, session: Session, actor: Actor) -> int:
    return number


def refuse() -> int:
    raise Refused("no-paper", Text("Sign in first."))


def break_down() -> int:
    raise ZeroDivisionError


def trip_over(name: str) -> int:
    raise ValueError(f"no room for {name}")


def sleep_long() -> int:
    threading.Event().wait(60)
    return 1


def test_answers_come_on_the_thread_of_the_window(sqlite_database: Database, by: Team, jobs_on: JobsOn) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner = QObject()
    seen: list[Any] = []

    def ask(session: Session, actor: Actor) -> tuple[str, str]:
        return actor.name, threading.current_thread().name

    jobs.read(ask, owner=owner, then=lambda answer: seen.append((answer, threading.current_thread())))
    assert jobs.wait_all()
    (name, thread), here = seen[0]
    assert name == by.coordinator.name
    assert thread.startswith("read")
    assert here is threading.main_thread()


def test_nobody_answers_an_owner_who_is_gone(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner = QWidget()
    heard: list[Any] = []
    go_on = threading.Event()
    jobs.read(lambda session, actor: go_on.wait(5), owner=owner, then=heard.append)
    with window_kit.waitSignal(owner.destroyed):
        owner.deleteLater()
    go_on.set()
    assert jobs.wait_all()
    assert heard == []


def test_a_newer_question_drops_the_answer_of_the_older(sqlite_database: Database, by: Team, jobs_on: JobsOn) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner = QObject()
    heard: list[Any] = []
    for n in range(20):
        jobs.read(partial(answer, n), owner=owner, then=heard.append, latest="search")
    assert jobs.wait_all()
    assert heard[-1:] == [19]
    assert heard == sorted(heard)


def test_what_is_followed_is_shown_however_often_it_is_asked_meanwhile(
    sqlite_database: Database, by: Team, jobs_on: JobsOn
) -> None:
    """Desks that save without pause must not keep the window from showing anything: the answer under way comes, then one more."""
    jobs_on(sqlite_database, by.coordinator)
    owner = QObject()
    asked: list[int] = []
    heard: list[int] = []
    go_on = threading.Event()

    def ask(session: Session, actor: Actor) -> int:
        go_on.wait(5)
        asked.append(len(asked) + 1)
        return len(asked)

    for _ in range(20):
        jobs.follow(ask, owner=owner, then=heard.append, name="board")
    go_on.set()
    assert jobs.wait_all()
    assert heard == [1, 2]
    jobs.follow(ask, owner=owner, then=heard.append, name="board")
    assert jobs.wait_all()
    assert heard == [1, 2, 3]


class Pieces:
    """Takes every answer in three pieces."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []

    def take(self, answer: int) -> Generator[None]:
        for piece in range(3):
            self.heard.append((answer, piece))
            yield


def test_an_answer_in_pieces_takes_a_turn_of_the_window_for_each(
    sqlite_database: Database, by: Team, jobs_on: JobsOn
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner = QObject()
    heard: list[str] = []

    def take(number: int) -> Generator[None]:
        for piece in range(3):
            heard.append(f"piece {piece} of {number}")
            QTimer.singleShot(0, partial(heard.append, "a key"))
            yield

    job = jobs.read(partial(answer, 7), owner=owner, then=take)
    assert jobs.wait_all()
    assert job.is_done
    assert heard == ["piece 0 of 7", "a key", "piece 1 of 7", "a key", "piece 2 of 7", "a key"]


def test_a_newer_question_drops_the_pieces_that_are_left(sqlite_database: Database, by: Team, jobs_on: JobsOn) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner, pieces = QObject(), Pieces()

    def ask_another(older: int) -> Generator[None]:
        yield from pieces.take(older)

    def take(first: int) -> Generator[None]:
        pieces.heard.append((first, 0))
        jobs.read(partial(answer, 2), owner=owner, then=ask_another, latest="family")
        yield
        pieces.heard.append((first, 1))

    jobs.read(partial(answer, 1), owner=owner, then=take, latest="family")
    assert jobs.wait_all()
    assert pieces.heard == [(1, 0), (2, 0), (2, 1), (2, 2)]


def test_what_is_followed_in_pieces_is_asked_again_after_the_last(
    sqlite_database: Database, by: Team, jobs_on: JobsOn
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner, pieces = QObject(), Pieces()
    answers = itertools.count(1)

    def ask(session: Session, actor: Actor) -> int:
        return next(answers)

    def take(number: int) -> Generator[None]:
        for _ in pieces.take(number):
            if number == 1:
                jobs.follow(ask, owner=owner, then=take, name="board")
            yield

    jobs.follow(ask, owner=owner, then=take, name="board")
    assert jobs.wait_all()
    assert pieces.heard == [(number, piece) for number in (1, 2) for piece in range(3)]


def test_what_is_followed_is_asked_again_after_it_failed(sqlite_database: Database, by: Team, jobs_on: JobsOn) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner = QObject()
    said: list[str] = []
    go_on = threading.Event()

    def refuse_it(session: Session, actor: Actor) -> None:
        go_on.wait(5)
        raise Refused("no-paper", Text("Sign in first."))

    for _ in range(2):
        jobs.follow(
            refuse_it,
            owner=owner,
            then=lambda _: said.append("then"),
            name="board",
            failed=lambda _: said.append("failed"),
        )
    go_on.set()
    assert jobs.wait_all()
    assert said == ["failed", "failed"]


def test_a_write_tells_which_kinds_changed(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.coordinator)
    assert jobs.wait_all()
    button = QPushButton()
    window_kit.addWidget(button)
    with window_kit.waitSignal(jobs.news.changed) as news:
        jobs.write(lambda session, actor: days.open_day(session, actor, request_id=new_id()), owner=button, busy=button)
        assert not button.isEnabled()
    assert Kind.DAYS in news.args[0]
    assert jobs.wait_all()
    assert button.isEnabled()


def test_what_ran_before_anybody_signed_in_takes_nothing_away(
    sqlite_database: Database, by: Team, jobs_on: JobsOn
) -> None:
    owner = QObject()
    heard: list[Any] = []
    jobs.run(lambda: "a key", owner=owner, then=heard.append)
    jobs_on(sqlite_database, by.coordinator)
    jobs.write(
        lambda session, actor: days.open_day(session, actor, request_id=new_id()).day, owner=owner, then=heard.append
    )
    assert jobs.wait_all()
    assert len(heard) == 2


def test_news_of_another_desk_arrive(sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot) -> None:
    jobs_on(sqlite_database, by.coordinator)
    assert jobs.wait_all()
    with window_kit.waitSignal(jobs.news.changed) as news:
        sqlite_database.write(lambda session: days.open_day(session, by.coordinator, request_id=new_id()))
    assert Kind.DAYS in news.args[0]


def test_a_refused_write_is_said_and_frees_the_button(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, window_kit: QtBot
) -> None:
    jobs_on(sqlite_database, by.registrar)
    button = QPushButton()
    window_kit.addWidget(button)
    jobs.write(lambda session, actor: days.open_day(session, actor, request_id=new_id()), owner=button, busy=button)
    assert jobs.wait_all()
    said = messages.current()
    assert said is not None
    assert said.tone == "attention"
    assert button.isEnabled()


def test_a_fault_of_ours_is_logged_and_told(
    sqlite_database: Database, by: Team, jobs_on: JobsOn, logs: ExpectedLogs, window_kit: QtBot
) -> None:
    logs.allow("a job failed|a fault of ours")
    jobs_on(sqlite_database, by.coordinator)
    with window_kit.waitSignal(messages.line.bug):
        jobs.read(lambda session, actor: 1 // 0, owner=QObject(jobs.news))


def test_nobody_signed_in_is_said(window_kit: QtBot) -> None:
    owner = QObject()
    heard: list[Any] = []
    jobs.read(lambda session, actor: 1, owner=owner, failed=heard.append)
    assert jobs.wait_all()
    assert [type(error) for error in heard] == [Refused]


def test_the_window_does_not_wait_for_a_slow_question(sqlite_database: Database, by: Team, jobs_on: JobsOn) -> None:
    jobs_on(sqlite_database, by.coordinator)
    owner, go_on = QObject(), threading.Event()
    heard: list[object] = []
    jobs.read(lambda session, actor: go_on.wait(5), owner=owner)

    def take(said: object) -> None:
        heard.append(said)
        go_on.set()

    jobs.read(lambda session, actor: "quick", owner=owner, then=take)
    began = time.monotonic()
    assert jobs.wait_all()
    assert heard == ["quick"]
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(("make", "kind"), [(refuse, Refused), (break_down, Elsewhere)])
def test_a_paper_that_fails_says_so(window_kit: QtBot, make: Callable[[], int], kind: type[Exception]) -> None:
    owner = QObject()
    failed: list[Any] = []
    jobs.paper(make, owner=owner, failed=failed.append)
    assert jobs.wait_all(30_000)
    assert [type(error) for error in failed] == [kind]


def test_the_report_of_a_failed_paper_names_its_places_and_no_value(window_kit: QtBot) -> None:
    owner = QObject()
    failed: list[BaseException] = []
    jobs.paper(trip_over, "Ткаченко", owner=owner, failed=failed.append)
    assert jobs.wait_all(30_000)
    report = crash.report_of(failed[0])
    assert "builtins.ValueError" in report
    assert "test_window_jobs.py" in report
    assert "trip_over" in report
    assert "Ткаченко" not in report


def test_a_paper_is_made_in_its_own_process_with_progress(window_kit: QtBot) -> None:
    owner = QObject()
    heard: list[object] = []
    steps: list[object] = []
    jobs.paper(double, 21, owner=owner, then=heard.append, progress=lambda done, of: steps.append((done, of)))
    assert jobs.wait_all(30_000)
    assert (heard, steps) == ([42], [(1, 2)])


def test_a_cancelled_paper_is_stopped(window_kit: QtBot) -> None:
    owner = QObject()
    heard: list[Any] = []
    job = jobs.paper(sleep_long, owner=owner, then=heard.append, failed=heard.append)
    job.cancel()
    assert jobs.wait_all(5_000)
    assert heard == []


def test_every_table_has_its_kind() -> None:
    assert schema.__name__  # imported for the tables it brings
    captured = {m.class_.__tablename__ for m in Base.registry.mappers if m.class_.exchange in journal.CAPTURED}
    assert [table for table in captured if len(kinds_of([table])) != 1] == []
    assert kinds_of(["ticket", "movement"]) == {Kind.QUEUE, Kind.STOCK}
    assert kinds_of(["a table nobody knows"]) == set(Kind)
