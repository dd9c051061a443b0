"""The find box and the new-family form by keyboard: the key scripts of the desk, problems beside fields, nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, Lodging, MemberDraft, Need, Presence, Relation, Sex
from aidtrack.services import drafts, people, settlements
from aidtrack.services.people import HouseholdReceipt, HouseholdView
from aidtrack.store.database import Database
from aidtrack.store.people import Household
from aidtrack.ui import jobs
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.desk.find import FindBox
from aidtrack.ui.pages.desk.register import RegisterPanel
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.lost import lose_next_answer
from tests.ui.typing import press, type_text


class Bench:
    """The form in a window of its own, and what it told."""

    def __init__(self, qtbot: QtBot, database: Database, by: Team) -> None:
        self.database, self.by, self.keys = database, by, 0
        self.window = QWidget()
        self.find, self.form = FindBox(), RegisterPanel()
        row = QHBoxLayout(self.window)
        row.addWidget(self.find)
        row.addWidget(self.form, 1)
        self.saved: list[object] = []
        self.form.saved.connect(self.saved.append)
        qtbot.addWidget(self.window)
        self.window.resize(1278, 640)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)

    def type(self, text: str) -> None:
        """Letters where the cursor is."""
        type_text(None, text)
        self.settle()

    def enter(self, *, times: int = 1) -> None:
        """Enter where the cursor is."""
        for _ in range(times):
            press(QApplication.focusWidget() or self.window, Qt.Key.Key_Return)
            self.settle()

    def save(self) -> None:
        """F9, as the frame does it."""
        action = self.form.main_action()
        assert action.enabled
        action.run()
        self.settle()

    def settle(self) -> None:
        """Waits until nothing is under way."""
        assert jobs.wait_all()
        QApplication.processEvents()

    def family(self) -> HouseholdView:
        """The family that was saved last."""
        household_id = self.saved[-1].household_id  # type: ignore[attr-defined]
        return self.database.read(lambda s: people.household_view(s, self.by.registrar, household_id))

    def problem(self, field: str) -> str:
        label = self.form.findChild(QLabel, f"{field}_problem")
        assert isinstance(label, QLabel)
        return label.text()


@pytest.fixture
def bench(jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team) -> Iterator[Bench]:
    sqlite_database.write(lambda s: settlements.load_settlements(s, by.coordinator, request_id=new_id()))
    jobs_on(sqlite_database, by.registrar)
    made = Bench(window_kit, sqlite_database, by)
    yield made
    made.form._keep_timer.stop()


def test_a_family_of_four_by_the_quick_script(bench: Bench) -> None:
    bench.form.start("ткаченко мария")
    bench.settle()
    bench.enter()
    bench.type("35")
    bench.enter()
    bench.type("суд")
    bench.enter()
    bench.type("2")
    bench.type("м36 ж8 м3")
    bench.enter()
    assert bench.form.on_digit(1)
    bench.save()
    family = bench.family()
    assert (family.head_name, family.settlement["ru"], family.lodging) == ("Ткаченко Мария", "Суджа", Lodging.RELATIVES)
    assert [(m.sex, m.age) for m in family.members] == [
        (Sex.FEMALE, 35),
        (Sex.MALE, 36),
        (Sex.FEMALE, 8),
        (Sex.MALE, 3),
    ]
    assert family.unnamed == 3
    assert bench.form._typed().is_empty


def test_the_full_script_writes_members_out(bench: Bench) -> None:
    bench.form.start("")
    bench.form.switch()
    bench.settle()
    for text in ("Ткаченко Мария Петровна", "12.8.89", "суд"):
        bench.type(text)
        bench.enter()
    bench.type("2")
    bench.type("9101234567")
    bench.enter()
    for name, age, digit in (("Ткаченко Пётр", "71", "3"), ("Ткаченко Олег", "12.8.2012", "2")):
        bench.type(name)
        bench.enter()
        bench.type(age)
        bench.enter()
        bench.type(digit)
    bench.enter()
    assert QApplication.focusWidget() is bench.form.told
    bench.save()
    family = bench.family()
    assert [(m.name, m.age, m.relation) for m in family.members] == [
        ("Ткаченко Мария Петровна", 35, Relation.HEAD),
        ("Ткаченко Пётр", 71, Relation.PARENT),
        ("Ткаченко Олег", 12, Relation.CHILD),
    ]
    assert family.phone_masked == "··· 67"


def test_problems_stand_beside_their_fields_all_at_once(bench: Bench) -> None:
    bench.form.start("")
    bench.form.fields.birth.input.set_value("31.2.61")
    bench.form.line.input.set_value("м36 ж")
    bench.save()
    assert bench.saved == []
    assert bench.problem("full_name").startswith("Write the surname")
    assert bench.problem("birth").startswith("There is no such day")
    assert bench.problem("members") == "“ж”: add the age or take it out."
    assert bench.form.fields.full_name.input.hasFocus()


def test_a_language_switch_loses_nothing_typed(bench: Bench, qapp: QApplication) -> None:
    bench.form.start("Їжакевич Галина")
    bench.settle()
    bench.enter()
    bench.type("63")
    before = bench.form._typed()
    for lang in ("uk", "ru", "en"):
        switch_language(lang)
        bench.settle()
        assert bench.form._typed() == before
        assert i18n.language() == lang


def test_what_was_typed_is_kept_and_comes_back(bench: Bench) -> None:
    bench.form.start("Ткаченко Мария")
    bench.settle()
    bench.form.line.input.set_value("м36 ж8")
    bench.form._keep()
    bench.settle()
    assert bench.database.read(lambda s: drafts.kept_draft(s, bench.by.registrar, kind="register")) is not None
    other = RegisterPanel()
    bench.window.layout().addWidget(other)  # type: ignore[union-attr]
    other.start("")
    bench.settle()
    assert (other._typed().full_name, other._typed().line) == ("Ткаченко Мария", "м36 ж8")
    other._save()
    bench.settle()
    assert bench.database.read(lambda s: drafts.kept_draft(s, bench.by.registrar, kind="register")) is None


def test_a_family_is_changed_and_the_unnamed_get_names(bench: Bench) -> None:
    draft = HouseholdDraft(
        members=(MemberDraft(family_name="Гончар", given_name="Анна"), MemberDraft(sex=Sex.MALE)), note="дом"
    )
    receipt = bench.database.write(
        lambda s: people.register_household(s, bench.by.registrar, request_id=new_id(), draft=draft)
    )
    bench.form.edit(receipt.household_id)
    bench.settle()
    bench.form._open_member((2, None, None))
    bench.type("Гончар Иван")
    bench.enter()
    bench.type("12")
    bench.form.member.presence.set_value(Presence.ELSEWHERE)
    bench.form.more_fields.needs[Need.MOBILITY].set_value(True)
    bench.enter(times=2)
    bench.save()
    family = bench.family()
    assert [(m.name, m.age, m.presence) for m in family.members] == [
        ("Гончар Анна", None, Presence.HERE),
        ("Гончар Иван", 12, Presence.ELSEWHERE),
    ]
    assert [m.needs for m in family.members] == [(), (Need.MOBILITY,)]
    assert (family.note, family.version) == ("дом", 2)


def known_family(bench: Bench) -> HouseholdReceipt:
    draft = HouseholdDraft(members=(MemberDraft(family_name="Гончар", given_name="Анна"),))
    return bench.database.write(
        lambda s: people.register_household(s, bench.by.registrar, request_id=new_id(), draft=draft)
    )


def half_type(bench: Bench) -> None:
    """A new family, typed a moment ago and not yet kept."""
    bench.form.start("Ткаченко Мария")
    bench.settle()
    bench.form.line.input.set_value("м36 ж8")
    bench.form._on_edited()


def test_changing_a_family_puts_the_new_one_aside_and_brings_it_back(bench: Bench) -> None:
    half_type(bench)
    typed = bench.form._typed()
    bench.form.edit(known_family(bench).household_id)
    assert not bench.form.main_action().enabled, "the family to change is not there yet"
    bench.form._save()
    bench.settle()
    assert bench.saved == []
    assert bench.form._typed().full_name == "Гончар Анна"
    bench.form.more_fields.note.input.set_value("дом")
    bench.save()
    assert bench.family().note == "дом"
    assert bench.form._typed() == typed
    kept = bench.database.read(lambda s: drafts.kept_draft(s, bench.by.registrar, kind="register"))
    assert kept is not None
    assert kept["line"] == "м36 ж8"


def test_giving_a_change_up_brings_the_new_family_back(bench: Bench) -> None:
    half_type(bench)
    typed = bench.form._typed()
    household_id = known_family(bench).household_id
    bench.form.edit(household_id)
    press(bench.form, Qt.Key.Key_Escape)
    bench.settle()
    assert bench.form._typed() == typed, "given up before it was there"
    bench.form.edit(household_id)
    bench.settle()
    press(bench.form, Qt.Key.Key_Escape)
    bench.settle()
    assert bench.form._typed() == typed


def test_a_family_that_cannot_be_read_is_not_changed(bench: Bench) -> None:
    half_type(bench)
    typed = bench.form._typed()
    given_up: list[bool] = []
    bench.form.given_up.connect(lambda: given_up.append(True))
    bench.form.edit(new_id())
    bench.settle()
    assert given_up == [True]
    assert bench.form._typed() == typed
    assert bench.form.main_action().enabled


def test_saving_again_after_a_lost_answer_registers_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.form.start("Ткаченко Мария")
    bench.settle()
    lose_next_answer(monkeypatch, bench.database)
    bench.save()
    assert bench.saved == []
    bench.save()
    assert bench.family().head_name == "Ткаченко Мария"
    assert bench.database.read(lambda s: s.scalar(select(func.count()).select_from(Household))) == 1


def test_who_may_be_the_same_stands_beside(bench: Bench) -> None:
    draft = HouseholdDraft(members=(MemberDraft(family_name="Ижакевич", given_name="Галина"),))
    receipt = bench.database.write(
        lambda s: people.register_household(s, bench.by.registrar, request_id=new_id(), draft=draft)
    )
    same: list[object] = []
    bench.form.same_family.connect(same.append)
    bench.form.start("")
    bench.type("Їжакевич Галина")
    assert bench.form.findChild(QWidget, "candidate_1") is not None
    bench.form._choose_candidate(0)
    assert same == [receipt.household_id]
    assert bench.form._typed().full_name == "Їжакевич Галина"


def test_find_answers_at_every_key_and_enter_takes_the_first(bench: Bench) -> None:
    for given in ("Мария", "Марта"):
        draft = HouseholdDraft(members=(MemberDraft(family_name="Ткаченко", given_name=given),))
        bench.database.write(
            lambda s, draft=draft: people.register_household(s, bench.by.registrar, request_id=new_id(), draft=draft)
        )
    chosen: list[object] = []
    bench.find.chosen.connect(chosen.append)
    bench.find.focus()
    bench.type("тк")
    assert bench.find.hits.items() == []
    bench.type("ач март")
    assert [item.title for item in bench.find.hits.items()] == ["Ткаченко М."] * 2  # Мария is one slip away
    bench.enter()
    opened = chosen[0].household_id  # type: ignore[attr-defined]
    assert (
        bench.database.read(lambda s: people.household_view(s, bench.by.registrar, opened)).head_name
        == "Ткаченко Марта"
    )
    bench.find.clear()
    assert (bench.find.typed(), bench.find.hits.items()) == ("", [])


def test_enter_before_the_answer_still_opens_the_first(bench: Bench) -> None:
    draft = HouseholdDraft(members=(MemberDraft(family_name="Шевченко", given_name="Олег"),))
    bench.database.write(lambda s: people.register_household(s, bench.by.registrar, request_id=new_id(), draft=draft))
    chosen: list[object] = []
    bench.find.chosen.connect(chosen.append)
    bench.find.focus()
    type_text(None, "шевч")
    press(bench.find.field, Qt.Key.Key_Return)
    bench.settle()
    assert len(chosen) == 1
