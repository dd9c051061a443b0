"""The coordinator's page: families and their journal, a list taken in with a preview and taken back, people given out."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from aidtrack.domain.days import Period
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.errors import Text
from aidtrack.services import disclosures, people
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog, Question
from aidtrack.ui.dialogs.answer import AnswerRow
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.pages.people import PeoplePage
from aidtrack.ui.parts import Field
from tests.aid import TODAY, open_day
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import type_text

W = TypeVar("W", bound=QWidget)


def settle() -> None:
    assert jobs.wait_all()
    QApplication.processEvents()


@pytest.fixture
def page(jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team) -> PeoplePage:
    """Two families are there."""
    for family, given in (("Ткаченко", "Мария"), ("Шевченко", "Олег")):
        draft = HouseholdDraft(members=(MemberDraft(family_name=family, given_name=given), MemberDraft()))
        sqlite_database.write(
            lambda s, draft=draft: people.register_household(s, by.registrar, request_id=new_id(), draft=draft)
        )
        by.clock.forward(minutes=1)
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([PageEntry("people", Text("People"), "users", PeoplePage)], QWidget)
    window_kit.addWidget(window)
    window.show()
    window.start(by.coordinator)
    window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is window)
    settle()
    made = window.page()
    assert isinstance(made, PeoplePage)
    return made


def test_families_are_listed_found_and_shown_whole(page: PeoplePage) -> None:
    assert [row.family_name for row in page.table.rows()] == ["Шевченко", "Ткаченко"]
    assert page.counted.text() == "2 families, 4 people"
    assert page.export_button.said() == "Give out 4 people"
    page.find_field.setFocus()
    type_text(None, "ткач")
    settle()
    assert [row.family_name for row in page.table.rows()] == ["Ткаченко"]
    page._on_moved(page.table.rows()[0])
    settle()
    assert page.detail.name.said() == "Ткаченко Мария"
    assert [item.title for item in page.detail.journal.items()] == ["Family registered"]
    type_text(None, "х")
    settle()
    assert page.detail.view is None, "a family stood beside a list it is not in"


def test_where_nobody_fits_it_says_so_and_no_heading_stands_over_nothing(page: PeoplePage) -> None:
    page.find_field.setFocus()
    type_text(None, "хзцфж")
    settle()
    said = {label.text() for label in page.window().findChildren(QLabel) if label.isVisible()}
    assert {"No family fits", "Choose a family"} <= said
    assert not {"Nobody here", "0 families fit", "What was done"} & said


def test_a_family_that_is_not_looked_for_any_more_does_not_stand_beside_the_others(page: PeoplePage) -> None:
    page.table.select_row(0)
    page._on_moved(page.table.current())
    settle()
    assert page.detail.name.said() == "Шевченко Олег"
    top = page.table.y()
    page.find_field.setFocus()
    type_text(None, "ткач")
    settle()
    assert not page.detail.name.isVisible()
    assert (page.shown.text(), page.table.y()) == ("1 family fits", top), "the rows stay where they are"


def test_news_faster_than_answers_keep_no_family_away(page: PeoplePage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where desks save without pause, each question for the list would drop the answer of the one before it, and nothing be shown."""
    page.table.select_row(0)
    told: list[str] = []

    def heard(name: str) -> None:
        show = getattr(page, name)

        def also(found: object) -> None:
            told.append(name)
            show(found)

        monkeypatch.setattr(page, name, also)

    heard("_show")
    heard("_show_family")
    for _ in range(5):
        page.load()
    settle()
    assert (told.count("_show"), told.count("_show_family")) == (2, 2), "the first answer, and once more for all that came after"


def test_a_list_is_previewed_taken_in_and_taken_back(
    page: PeoplePage, sqlite_database: Database, tmp_path: Path, window_kit: QtBot
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("surname,birth_date\nГончар,1980\nКравец,31.02.1960\n,,\nМороз,\n,x1\n", encoding="utf-8")
    page.take_list_in(path)
    window_kit.waitUntil(lambda: page.take_in.main_action().enabled, timeout=20_000)
    settle()
    assert page.take_in.main.said() == "Take in 3 people"
    assert page.take_in.bar.isHidden()  # nothing runs yet
    assert [row.row for row in page.take_in.table.rows()] == [3, 6, 2, 5]
    page.run_main()
    window_kit.waitUntil(lambda: (tmp_path / "list-result.xlsx").exists(), timeout=20_000)
    settle()
    assert {row.family_name for row in page.table.rows()} >= {"Гончар", "Кравец", "Мороз"}
    assert messages.undo()
    window_kit.waitUntil(lambda: len(page.table.rows()) == 2, timeout=20_000)
    settle()
    assert {row.family_name for row in page.table.rows()} == {"Шевченко", "Ткаченко"}


def test_what_is_no_list_is_told_and_the_page_stays(page: PeoplePage, tmp_path: Path, window_kit: QtBot) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x00\x01\x02" * 400)
    page.take_list_in(path)
    window_kit.waitUntil(lambda: messages.current() is not None, timeout=20_000)
    settle()
    assert page._stack.currentIndex() == 0


def test_names_go_out_by_two_people_into_a_locked_file(
    page: PeoplePage, by: Team, sqlite_database: Database, window_kit: QtBot
) -> None:
    sqlite_database.write(lambda s: _open(s, by))
    page._give_out()
    asked = opened(page, Question, "give_out_question")
    assert "The names of 4 people" in [row.said() for row in asked.findChildren(AnswerRow)]
    asked.answer_digit(2)
    who = opened(page, FormDialog, "disclosure_dialog")
    who.accept_now()
    assert "Who asks?" in field(who, "asked_by").problem_text()
    for name, typed in (("asked_by", "Администрация"), ("paper", "исх. 114"), ("purpose", "Сверка")):
        type_text(field(who, name).input, typed)
    who.accept_now()
    two = opened(page, FormDialog, "two_people_dialog")
    assert two.main_button.said() == "Give out 4 people"
    type_text(field(two, "second").input, "coordinator")
    type_text(field(two, "password").input, "short")
    two.accept_now()
    assert "At least 10" in field(two, "password").problem_text()
    field(two, "password").input.set_value("a long password")
    two.accept_now()
    window_kit.waitUntil(lambda: "second one" in two._problem.text(), timeout=20_000)
    field(two, "second").input.set_value(by.shift_lead.name)
    two.accept_now()
    window_kit.waitUntil(lambda: bool(page.findChildren(QFileDialog)), timeout=20_000)
    page.findChildren(QFileDialog)[0].close()
    (row,) = sqlite_database.read(lambda s: disclosures.register(s, by.auditor, Period.of(TODAY))).rows
    assert (row.people, row.second, row.purpose) == (4, "shift_lead", "Сверка")


def test_totals_are_offered_first(page: PeoplePage, window_kit: QtBot) -> None:
    with window_kit.waitSignal(page.wants_page) as went:
        page._give_out()
        opened(page, Question, "give_out_question").answer_digit(1)
    assert went.args == ["reports", ("distribution", "totals")]


def opened(page: PeoplePage, kind: type[W], name: str) -> W:
    """The dialog of this name over the page."""
    settle()
    found = [one for one in page.window().findChildren(kind, name) if not one.isHidden()]
    assert found, name
    return found[-1]


def field(dialog: FormDialog, name: str) -> Field:
    return next(one for one in dialog.form.fields() if one.name == name)


def _open(session: Session, by: Team) -> None:
    with journal.operation(session, by.coordinator, new_id(), "open_day"):
        open_day(session, by.coordinator)
