"""The find box and the new-family form by keyboard: the key scripts of the desk, problems beside fields, nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from aidtrack import i18n
from aidtrack.domain.birth import read_birth
from aidtrack.domain.identity import Verdict
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import (
    DocumentDraft,
    DocumentKind,
    HouseholdDraft,
    Lodging,
    MemberDraft,
    Need,
    Presence,
    Relation,
    Sex,
)
from aidtrack.errors import Text
from aidtrack.services import drafts, people, settlements
from aidtrack.services.identity import candidates
from aidtrack.services.people import HouseholdReceipt, HouseholdView, children
from aidtrack.store.database import Database
from aidtrack.store.identity import PersonLink, SimilarPair
from aidtrack.store.people import Household
from aidtrack.ui import jobs, messages
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.page import Key
from aidtrack.ui.pages.desk.find import FindBox, list_of_hits
from aidtrack.ui.pages.desk.members import day_here
from aidtrack.ui.pages.desk.register import RegisterPanel
from aidtrack.ui.pages.desk.typed import from_body, member_of, to_body
from aidtrack.ui.parts import Chip
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.lost import lose_next_answer
from tests.ui.typing import press, type_text


class Bench:
    """The form in a window of its own, and what it told."""

    def __init__(self, qtbot: QtBot, database: Database, by: Team) -> None:
        self.database, self.by, self.keys = database, by, 0
        self.window = QWidget()
        self.find, self.form = FindBox(list_of_hits()), RegisterPanel()
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


def test_a_form_that_is_half_made_may_get_another_size(bench: Bench) -> None:
    """Qt lays a half-made page out, too, when the one before it goes: nothing is asked of parts that are not there yet."""
    form = RegisterPanel(bench.window, at_once=False)
    form.show()
    for step, _ in enumerate(form.build()):
        form.resize(700 + step, 600)
        QApplication.processEvents()
    form.fold(True)


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
    bench.form.members.open_member((2, None, None))
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


def test_one_word_of_a_member_is_the_name_and_tells_the_sex() -> None:
    member = member_of("Иван", "3", Relation.CHILD, date(2024, 8, 12))
    assert (member.family_name, member.given_name, member.sex) == ("", "Иван", Sex.MALE)


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


def test_a_change_left_by_escape_comes_back_by_one_key(bench: Bench) -> None:
    household_id = known_family(bench).household_id
    bench.form.edit(household_id)
    bench.settle()
    bench.form.more_fields.note.input.setFocus()
    bench.type("дом у реки")
    press(bench.form, Qt.Key.Key_Escape)
    assert said() == "The change of the family is not saved. What was typed can be brought back."
    assert bench.form._typed().is_empty
    assert messages.undo()
    bench.save()
    assert (bench.family().note, bench.family().id) == ("дом у реки", household_id)


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


# ── who may be the same ──────────────────────────────────────────────────────────────────────────


def family_of(bench: Bench, name: str, birth: str, *others: MemberDraft, given: str = "Галина") -> HouseholdReceipt:
    holder = MemberDraft(family_name=name, given_name=given, birth=read_birth(birth, day_here()))
    draft = HouseholdDraft(members=(holder, *others), origin_text="Суджа")
    return bench.database.write(
        lambda s: people.register_household(s, bench.by.registrar, request_id=new_id(), draft=draft)
    )


def words_of(bench: Bench, name: str) -> str:
    found = bench.form.findChild(QWidget, name)
    return " · ".join(one.text() for one in found.findChildren(QWidget) if isinstance(one, QLabel | Chip) and one.text()) if found else ""


def said() -> str:
    message = messages.current()
    assert message is not None
    return i18n.render(message.text, "en") if isinstance(message.text, Text) else message.text


def type_family(bench: Bench, name: str, birth: str, *, full: bool) -> None:
    bench.form.start("")
    if full:
        bench.form.switch()
    bench.settle()
    bench.type(name)
    bench.enter()
    bench.type(birth)


@pytest.mark.parametrize("full", [False, True], ids=["quick", "full"])
def test_the_same_must_be_answered_before_it_is_saved(bench: Bench, full: bool) -> None:
    known = family_of(bench, "Ижакевич", "12.8.61")
    type_family(bench, "Їжакевич Галина", "12.8.61", full=full)
    assert words_of(bench, "candidate_1").startswith("Ижакевич Г.")
    assert "the same" in words_of(bench, "candidate_1")
    assert "1961" in words_of(bench, "candidate_1")
    assert bench.form.findChild(QWidget, "candidate_1").isVisible()
    bench.save()
    assert bench.saved == []
    assert said() == "Is this Ижакевич Г.? Ctrl+1: this is them. Ctrl+0: other people."
    press(bench.form.fields.full_name.input, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    assert words_of(bench, "candidate_1") == ""
    bench.save()
    (link,) = bench.database.read(lambda s: s.scalars(select(PersonLink)).all())
    head = bench.family().head_id
    old = bench.database.read(lambda s: people.household_view(s, bench.by.registrar, known.household_id)).head_id
    assert ({link.a_id, link.b_id}, link.verdict) == ({head, old}, "different")
    assert bench.database.read(lambda s: s.scalars(select(SimilarPair)).all()) == []


@pytest.mark.parametrize("full", [False, True], ids=["quick", "full"])
def test_this_is_them_opens_the_family_and_what_was_typed_comes_back(bench: Bench, full: bool) -> None:
    known = family_of(bench, "Ижакевич", "12.8.61")
    same: list[object] = []
    bench.form.same_family.connect(same.append)
    type_family(bench, "Їжакевич Галина", "12.8.61", full=full)
    typed = bench.form._typed()
    press(bench.form.fields.birth.input, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    assert same == [known.household_id]
    assert bench.form._typed().is_empty, "the next family finds an empty form"
    assert messages.undo()
    bench.settle()
    assert bench.form._typed() == typed


def test_perhaps_is_shown_holds_nobody_up_and_waits_for_the_evening(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = candidates.candidates

    def only_perhaps(*args: Any, **facts: Any) -> tuple[candidates.CandidateRow, ...]:
        return tuple(replace(row, verdict=Verdict.PERHAPS) for row in known(*args, **facts))

    monkeypatch.setattr(candidates, "candidates", only_perhaps)
    family_of(bench, "Ижакевич", "1961")
    type_family(bench, "Їжакевич Галина", "62", full=False)
    assert "perhaps" in words_of(bench, "candidate_1"), words_of(bench, "candidate_1")
    bench.save()
    assert len(bench.saved) == 1
    (pair,) = bench.database.read(lambda s: s.scalars(select(SimilarPair)).all())
    assert bench.family().head_id in (pair.a_id, pair.b_id)
    assert 0 < pair.score <= 1000


def test_a_pair_is_asked_about_once_whatever_is_typed_after(bench: Bench) -> None:
    family_of(bench, "Ижакевич", "12.8.61")
    type_family(bench, "Їжакевич Галина", "12.8.61", full=False)
    press(bench.form.fields.full_name.input, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    bench.settle()
    bench.form.fields.full_name.input.setFocus()
    bench.form.fields.full_name.input.end(False)
    bench.type(" Петровна")
    assert words_of(bench, "candidate_1") == ""
    kept = from_body(to_body(bench.form._typed()))
    other = RegisterPanel()
    bench.window.layout().addWidget(other)  # type: ignore[union-attr]
    other._fill(kept)
    bench.settle()
    assert other.alike.rows() == (), "the answer is kept with the half-filled form"
    assert len(other.alike.others()) == 1


def test_somebody_who_shares_a_given_name_only_is_not_shown(bench: Bench) -> None:
    family_of(bench, "Шевченко", "12.8.61")
    type_family(bench, "Ткаченко Галина", "35", full=False)
    assert words_of(bench, "candidate_1") == ""


def test_f9_waits_for_the_answer_that_is_under_way(bench: Bench) -> None:
    family_of(bench, "Ижакевич", "12.8.61")
    type_family(bench, "Їжакевич Галина", "", full=False)
    bench.form.fields.birth.input.set_value("12.8.61")
    bench.form._on_edited()
    bench.form._save()
    bench.settle()
    assert bench.saved == []
    assert said().startswith("Is this Ижакевич Г.?")


# ── a child without parents ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("full", [False, True], ids=["quick", "full"])
def test_a_child_alone_turns_the_save_key_into_a_silent_call(bench: Bench, full: bool) -> None:
    type_family(bench, "Коваль Олег", "9", full=full)
    assert bench.form.main_action().word == Text("Call shift lead")
    assert bench.form.main.said() == "Call shift lead"
    assert bench.form.keys()[Key.SHIFT_LEAD].enabled
    assert bench.form.members.child.isVisible()
    bench.form.members.child.came_with.input.setFocus()
    bench.type("соседка Нина")
    bench.enter()
    bench.type("вокзал")
    bench.form.keys()[Key.SHIFT_LEAD].run()
    bench.settle()
    assert said() == "The shift lead is called, without a sound. Food and water can be given now."
    (call,) = bench.database.read(lambda s: children.open_calls(s, bench.by.shift_lead))
    seen = bench.database.read(lambda s: people.household_view(s, bench.by.shift_lead, call.household_id))
    assert (seen.is_protected, seen.came_with, seen.found_at) == (True, "соседка Нина", "вокзал")


def test_a_child_alone_waits_for_no_question(bench: Bench) -> None:
    mother = MemberDraft(family_name="Коваль", given_name="Анна", birth=read_birth("36", day_here()))
    family_of(bench, "Коваль", "12.8.2015", mother, given="Олег")
    type_family(bench, "Коваль Олег", "12.8.2015", full=False)
    assert bench.form.alike.open_questions() != (), "this would hold a grown-up's registration"
    bench.save()
    assert len(bench.saved) == 1
    assert len(bench.database.read(lambda s: s.scalars(select(SimilarPair)).all())) == 1


def test_a_child_with_an_adult_is_a_family_like_any_other(bench: Bench) -> None:
    type_family(bench, "Коваль Олег", "9", full=False)
    bench.form.line.input.setFocus()
    bench.type("ж36")
    assert bench.form.main_action().word == Text("Save")
    calls = bench.form.keys().get(Key.SHIFT_LEAD)
    assert calls is None
    assert not bench.form.members.child.isVisible()


# ── what is half typed, and papers ───────────────────────────────────────────────────────────────


def half_a_member(bench: Bench) -> None:
    type_family(bench, "Ткаченко Мария", "35", full=True)
    bench.form.member.name.input.setFocus()
    bench.type("Ткаченко Пётр")
    bench.enter()
    bench.type("7")


def test_a_half_typed_member_is_kept_and_comes_back(bench: Bench) -> None:
    half_a_member(bench)
    press(bench.form.member.birth.input, Qt.Key.Key_Escape)
    bench.settle()
    body = bench.database.read(lambda s: drafts.kept_draft(s, bench.by.registrar, kind="register"))
    assert body is not None
    other = RegisterPanel()
    bench.window.layout().addWidget(other)  # type: ignore[union-attr]
    other.start("")
    bench.settle()
    assert (other.member.name.input.value(), other.member.birth.input.value()) == ("Ткаченко Пётр", "7")
    switch_language("ru")
    bench.settle()
    assert other.member.name.input.value() == "Ткаченко Пётр"


def test_a_half_typed_member_is_saved_with_the_family(bench: Bench) -> None:
    half_a_member(bench)
    bench.save()
    assert [m.name for m in bench.family().members] == ["Ткаченко Мария", "Ткаченко Пётр"]


def test_a_half_typed_member_comes_back_after_a_change_of_another_family(bench: Bench) -> None:
    half_a_member(bench)
    bench.form.edit(known_family(bench).household_id)
    bench.settle()
    assert bench.form.member.name.input.value() == ""
    press(bench.form, Qt.Key.Key_Escape)
    bench.settle()
    assert bench.form.member.name.input.value() == "Ткаченко Пётр"


def test_what_cannot_be_read_of_the_line_stays_when_the_form_is_switched(bench: Bench) -> None:
    bench.form.start("Ткаченко Мария")
    bench.settle()
    bench.form.line.input.set_value("м36 ж")
    bench.form.switch()
    assert bench.form.line.isVisible()
    assert bench.problem("members") == "“ж”: add the age or take it out."
    assert bench.form._typed().line == "м36 ж"


def test_an_odd_number_is_told_and_saved(bench: Bench) -> None:
    type_family(bench, "Ткаченко Мария", "35", full=True)
    bench.form.more_fields.document.input.setFocus()
    bench.type("38 15 12345")
    bench.form.more_fields.kind.set_value(DocumentKind.RU_PASSPORT)
    bench.form._on_edited()
    assert bench.problem("document") == "A passport of Russia has ten digits: look again."
    bench.save()
    saved = bench.saved[-1].household_id  # type: ignore[attr-defined]
    draft = bench.database.read(lambda s: people.household_draft(s, bench.by.registrar, saved))
    assert draft.members[0].document == DocumentDraft("38 15 12345", DocumentKind.RU_PASSPORT)


def test_a_number_that_is_written_down_is_shown_masked_and_kept(bench: Bench) -> None:
    holder = MemberDraft(family_name="Гончар", given_name="Анна", document=DocumentDraft("3178412340"))
    draft = HouseholdDraft(members=(replace(holder, document=DocumentDraft("3178412340", DocumentKind.UA_RNOKPP)),))
    receipt = bench.database.write(
        lambda s: people.register_household(s, bench.by.registrar, request_id=new_id(), draft=draft)
    )
    bench.form.edit(receipt.household_id)
    bench.settle()
    assert bench.form.more_fields.document.input.text() == "···"
    bench.form.more_fields.note.input.set_value("дом")
    bench.save()
    after = bench.database.read(lambda s: people.household_draft(s, bench.by.registrar, receipt.household_id))
    assert after.members[0].document == DocumentDraft("3178412340", DocumentKind.UA_RNOKPP)


def test_a_short_phone_is_told_and_saved(bench: Bench) -> None:
    bench.form.start("Ткаченко Мария")
    bench.settle()
    bench.form.fields.phone.input.setFocus()
    bench.type("12")
    bench.enter()
    assert bench.problem("phone") == "This phone is short: look again."
    bench.save()
    assert len(bench.saved) == 1
