"""The coordinator's page: families and their journal, a list taken in with a preview and taken back, people given out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.errors import Text
from aidtrack.services import people, spreadsheets
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.pages.people import PeoplePage
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import type_text


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


def test_a_list_is_previewed_taken_in_and_taken_back(
    page: PeoplePage, sqlite_database: Database, tmp_path: Path, window_kit: QtBot
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("surname,birth_date\nГончар,1980\nКравец,31.02.1960\n,,\nМороз,\n,x1\n", encoding="utf-8")
    page.take_list_in(path)
    window_kit.waitUntil(lambda: page.take_in.main_action().enabled, timeout=20_000)
    settle()
    assert page.take_in.main.said() == "Take in 3 people"
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


def test_people_are_given_out_whole(page: PeoplePage, tmp_path: Path, window_kit: QtBot) -> None:
    page.give_out(tmp_path / "people.csv", "csv")
    window_kit.waitUntil(lambda: messages.current() is not None, timeout=20_000)
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        assert [row["family_name"] for row in csv.DictReader(file)] == ["Ткаченко", "", "Шевченко", ""]
    assert tuple(spreadsheets.EXPORT_FIELDS)[:3] == ("external_id", "household", "relation")
