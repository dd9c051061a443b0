"""The find box of the Desk: answered at every key, a family once however many cards it has."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.services import people
from aidtrack.services.identity import links
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.desk.find import FindBox, list_of_hits
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text


class Bench:
    """The box in a window of its own."""

    def __init__(self, qtbot: QtBot, database: Database, by: Team) -> None:
        self.database, self.by = database, by
        self.find = FindBox(list_of_hits())
        self.chosen: list[object] = []
        self.find.chosen.connect(self.chosen.append)
        qtbot.addWidget(self.find)
        self.find.resize(360, 640)
        self.find.show()
        self.find.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.find)
        self.find.focus()

    def register(self, family: str, given: str) -> UUID:
        draft = HouseholdDraft(members=(MemberDraft(family_name=family, given_name=given),))
        return self.database.write(
            lambda s: people.register_household(s, self.by.registrar, request_id=new_id(), draft=draft)
        ).household_id

    def head(self, household: UUID) -> people.HouseholdView:
        return self.database.read(lambda s: people.household_view(s, self.by.registrar, household))

    def type(self, text: str) -> None:
        """Letters where the cursor is."""
        type_text(None, text)
        self.settle()

    def settle(self) -> None:
        """Waits until nothing is under way."""
        assert jobs.wait_all()
        QApplication.processEvents()


@pytest.fixture
def bench(jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team) -> Iterator[Bench]:
    jobs_on(sqlite_database, by.registrar)
    yield Bench(window_kit, sqlite_database, by)
    switch_language("en")


def test_folded_it_says_where_the_hits_drop_down_that_nobody_was_found(bench: Bench) -> None:
    bench.register("Ткаченко", "Мария")
    bench.find.set_folded(True)
    bench.type("хз")
    assert [item.title for item in bench.find.hits.items()] == ["Three letters at least, or the last digits."]
    bench.type("цф")
    assert [item.title for item in bench.find.hits.items()] == ["Nobody found. F3: new family, what was typed goes along."]
    assert bench.find.hits.isVisible()
    bench.find.field.editingFinished.emit()
    assert not bench.find.hits.isVisible()


def test_it_answers_at_every_key_and_enter_takes_the_first(bench: Bench) -> None:
    for given in ("Мария", "Марта"):
        bench.register("Ткаченко", given)
    bench.type("тк")
    assert bench.find.hits.items() == []
    bench.type("ач март")
    assert [item.title for item in bench.find.hits.items()] == ["Ткаченко М."] * 2  # Мария is one slip away
    press(bench.find.field, Qt.Key.Key_Return)
    assert bench.head(bench.chosen[0].household_id).head_name == "Ткаченко Марта"  # type: ignore[attr-defined]
    bench.find.clear()
    assert (bench.find.typed(), bench.find.hits.items()) == ("", [])


def test_enter_before_the_answer_still_opens_the_first(bench: Bench) -> None:
    bench.register("Шевченко", "Олег")
    type_text(None, "шевч")
    press(bench.find.field, Qt.Key.Key_Return)
    bench.settle()
    assert len(bench.chosen) == 1


def test_a_family_with_two_cards_is_one_row_that_says_so(bench: Bench) -> None:
    a, b = (bench.head(bench.register(name, "Мария")).members[0].person_id for name in ("Ткаченко", "Tkachenko"))
    bench.type("ткаченко м")
    assert len(bench.find.hits.items()) == 2
    bench.database.write(lambda s: links.join(s, bench.by.coordinator, request_id=new_id(), a=a, b=b))
    bench.type("а")
    for lang, words in (("en", "2 cards"), ("ru", "2 карты"), ("uk", "2 картки")):
        switch_language(lang)
        (item,) = bench.find.hits.items()
        assert (item.title, item.right_second) == ("Ткаченко М.", words)
