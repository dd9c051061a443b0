"""Similar records on the coordinator's page: side by side, joined, told apart and taken apart by keyboard; rows and words agree."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from aidtrack.domain.birth import Birth, Precision
from aidtrack.domain.ids import new_id
from aidtrack.domain.links import Said, pair_of
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need, Sex
from aidtrack.errors import Text
from aidtrack.services import people
from aidtrack.services.identity import links
from aidtrack.services.identity.links import PairToSettle
from aidtrack.store.database import Database
from aidtrack.store.journal import Operation
from aidtrack.store.people import Card, Household, HouseholdMember
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import FormDialog, Panelled, Question
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.pages.people import PeoplePage
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text


@dataclass
class Stage:
    """The page, and the two records of Maria under two cards; Oleg belongs to nobody else."""

    page: PeoplePage
    database: Database
    by: Team
    ours: tuple[UUID, ...]
    theirs: tuple[UUID, ...]
    other: tuple[UUID, ...]

    def said(self, a: UUID, b: UUID) -> Said | None:
        return self.database.read(lambda s: links.answered(s, [(a, b)]).get(pair_of(a, b)))

    def titles(self) -> list[str]:
        return [item.title for item in self.page.settle.rows.items()]

    def facts(self) -> dict[str, tuple[str, str, str]]:
        rows = self.page.settle.comparison.table.rows()
        return {fact.caption: (fact.left, fact.sign, fact.right) for fact in rows if fact.caption != "family"}

    def panel(self) -> Panelled:
        return next(one for one in self.page.window().findChildren(Panelled) if one.isVisible())


def settle() -> None:
    assert jobs.wait_all(20_000)
    QApplication.processEvents()


def family(database: Database, by: Team, surname: str, given: str, *mates: MemberDraft) -> tuple[UUID, ...]:
    """The people of a new family, its card holder first."""
    born = Birth(by.clock().date().replace(year=1961, month=3, day=9), Precision.DAY)
    head = MemberDraft(family_name=surname, given_name=given, sex=Sex.FEMALE, birth=born)
    draft = HouseholdDraft(members=(head, *mates))
    receipt = database.write(lambda s: people.register_household(s, by.registrar, request_id=new_id(), draft=draft))
    by.clock.forward(minutes=1)
    query = select(HouseholdMember.person_id).where(HouseholdMember.household_id == receipt.household_id)
    return database.read(lambda s: tuple(s.scalars(query.order_by(HouseholdMember.no))))


@pytest.fixture
def stage(jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team) -> Stage:
    """Maria is on the evening list with her second card; the page shows it."""
    child = MemberDraft(sex=Sex.MALE, birth=Birth(by.clock().date().replace(year=2016, month=1, day=1), Precision.YEAR))
    ours = family(sqlite_database, by, "Ткаченко", "Мария", child)
    theirs = family(sqlite_database, by, "Tkachenko", "Maria", child)
    other = family(sqlite_database, by, "Шевченко", "Олег")
    left = [PairToSettle(ours[0], theirs[0], 0.8, (Text("same surname"),)), PairToSettle(ours[0], other[0], 0.6)]
    sqlite_database.write(lambda s: links.leave_for_evening(s, by.registrar, request_id=new_id(), pairs=left))
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([PageEntry("people", Text("People"), "users", PeoplePage)], QWidget)
    window_kit.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.start(by.coordinator)
    window.activateWindow()
    window_kit.waitUntil(lambda: QApplication.activeWindow() is window)
    settle()
    page = window.page()
    assert isinstance(page, PeoplePage)
    page.settle_button.click()
    settle()
    return Stage(page, sqlite_database, by, ours, theirs, other)


def test_two_records_stand_side_by_side_with_their_differences(stage: Stage) -> None:
    assert stage.titles() == ["Left for the evening", "Ткаченко Мария, 1961", "Ткаченко Мария, 1961"]
    assert stage.page.settle.rows.items()[1].second == "Tkachenko Maria, 1961 · 3 records"
    facts = stage.facts()
    assert facts["surname"] == ("Ткаченко", "≠", "Tkachenko")
    assert facts["born"] == ("09.03.1961", "=", "09.03.1961")
    assert "same surname" in stage.page.settle.comparison.why.text()
    assert stage.page.settle.with_family.text() == "with 1 more person of the family"
    assert stage.page.settle.main.said() == "Join"


def test_joined_by_one_key_with_the_family_and_taken_back_by_another(stage: Stage) -> None:
    stage.page.run_main()
    settle()
    assert stage.said(stage.ours[0], stage.theirs[0]) is Said.SAME
    assert stage.said(stage.ours[1], stage.theirs[1]) is Said.SAME
    assert stage.titles()[-2:] == ["Joined", "Ткаченко Мария, 1961"]
    message = messages.current()
    assert message is not None
    assert str(message.text) == "Joined: 2 people stand once now"
    assert messages.undo()
    settle()
    assert stage.said(stage.ours[1], stage.theirs[1]) is Said.OPEN
    assert "Joined" not in stage.titles()


def test_only_the_two_when_the_family_is_not_ticked(stage: Stage) -> None:
    stage.page.settle.with_family.click()
    stage.page.run_main()
    settle()
    assert stage.said(stage.ours[0], stage.theirs[0]) is Said.SAME
    assert stage.said(stage.ours[1], stage.theirs[1]) is None


def test_other_people_by_a_digit_and_the_next_pair_by_space(stage: Stage) -> None:
    first = stage.page.settle.rows.current()
    assert stage.page.on_space()
    settle()
    assert stage.page.settle.rows.current() != first
    assert stage.page.on_digit(0)
    settle()
    assert stage.said(stage.ours[0], stage.other[0]) is Said.DIFFERENT
    assert stage.titles() == ["Left for the evening", "Ткаченко Мария, 1961"]
    assert not stage.page.on_digit(7)


def test_taking_apart_asks_what_they_are(stage: Stage) -> None:
    stage.page.run_main()
    settle()
    data = [item.data for item in stage.page.settle.rows.items() if item.data][-1]
    stage.page.settle.rows.select(data)
    stage.page.settle.rows.moved.emit(data)
    settle()
    assert stage.page.settle.main.said() == "Un-join"
    stage.page.run_main()
    question = stage.panel()
    assert isinstance(question, Question)
    question.answer_digit(2)
    settle()
    assert stage.said(stage.ours[0], stage.theirs[0]) is Said.DIFFERENT
    assert stage.titles() == ["Left for the evening", "Ткаченко Мария, 1961"]


def test_a_contradiction_is_settled_by_naming_the_wrong_joining(stage: Stage) -> None:
    a, b, c = stage.ours[0], stage.theirs[0], stage.other[0]
    for one, two in ((a, b), (b, c)):
        stage.database.write(
            lambda s, one=one, two=two: links.join(s, stage.by.coordinator, request_id=new_id(), a=one, b=two)
        )
    stage.database.write(lambda s: links.say_different(s, stage.by.registrar, request_id=new_id(), pairs=[(a, c)]))
    stage.page.settle.load()
    settle()
    assert stage.titles()[0] == "Contradictions"
    data = ("pair", pair_of(a, c))
    stage.page.settle.rows.select(data)
    stage.page.settle.rows.moved.emit(data)
    settle()
    assert stage.page.settle.main.said() == "One person"
    assert stage.page.on_digit(0)
    settle()
    question = stage.panel()
    assert isinstance(question, Question)
    question.answer_digit(1)
    settle()
    assert "Contradictions" not in stage.titles()
    assert stage.said(b, c) is Said.DIFFERENT
    assert stage.said(a, b) is Said.SAME


def test_a_child_without_parents_is_joined_only_when_somebody_says_why(stage: Stage, window_kit: QtBot) -> None:
    alone = MemberDraft(family_name="Ткаченко", given_name="Оля", needs=frozenset({Need.CHILD_ALONE}))
    draft = HouseholdDraft(members=(alone,))
    receipt = stage.database.write(
        lambda s: people.register_household(s, stage.by.registrar, request_id=new_id(), draft=draft)
    )
    child = stage.database.read(
        lambda s: s.scalars(
            select(HouseholdMember.person_id).where(HouseholdMember.household_id == receipt.household_id)
        ).one()
    )
    left = [PairToSettle(child, stage.theirs[1], 0.99)]
    stage.database.write(lambda s: links.leave_for_evening(s, stage.by.shift_lead, request_id=new_id(), pairs=left))
    stage.page.settle.load()
    settle()
    data = ("pair", pair_of(child, stage.theirs[1]))
    assert stage.page.settle.rows.select(data)
    stage.page.settle.rows.moved.emit(data)
    settle()
    stage.page.run_main()
    settle()
    form = stage.panel()
    assert isinstance(form, FormDialog)
    type_text(next(iter(form.form.fields())).input, "мать узнана")
    form.accept_now()
    settle()
    assert stage.said(child, stage.theirs[1]) is Said.SAME
    reasons = stage.database.read(
        lambda s: s.scalars(select(Operation.reason).where(Operation.kind == "join_records")).all()
    )
    assert list(reasons) == ["мать узнана"]


def test_the_whole_file_is_looked_through_in_the_background(stage: Stage, window_kit: QtBot) -> None:
    search = stage.page.settle.file
    search.start()
    assert search.stop_button.isVisible()
    window_kit.waitUntil(lambda: search.button.isVisible(), timeout=60_000)
    settle()
    assert all(stage.said(pair.a, pair.b) is None for pair in search.pairs())
    search.start()
    search.stop()
    assert search.words.text() == "stopped"
    assert search.button.isVisible()
    settle()


def test_escape_leads_back_to_the_families(stage: Stage) -> None:
    press(stage.page.settle.rows, Qt.Key.Key_Escape)
    settle()
    assert stage.page.table.isVisible()
    assert stage.page.import_button.isVisible()


def choose(stage: Stage, at: int = 0) -> UUID:
    """A family of the list, shown whole."""
    press(stage.page.settle.rows, Qt.Key.Key_Escape)
    settle()
    stage.page.table.select_row(at)
    stage.page.table.moved.emit(stage.page.table.current())
    settle()
    view = stage.page.detail.view
    assert view is not None
    return view.id


def test_a_lost_card_is_replaced(stage: Stage) -> None:
    household = choose(stage)
    stage.page.detail.new_card.click()
    question = stage.panel()
    assert isinstance(question, Question)
    question.answer_digit(1)
    settle()
    states = stage.database.read(lambda s: sorted(s.scalars(select(Card.state).where(Card.household_id == household))))
    assert states == ["active", "revoked"]
    message = messages.current()
    assert message is not None
    assert "print it" in str(message.text)


def test_protection_is_set_and_lifted_with_a_reason(stage: Stage) -> None:
    household = choose(stage)

    def is_protected() -> bool:
        return bool(
            stage.database.read(lambda s: s.scalar(select(Household.is_protected).where(Household.id == household)))
        )

    _say_why(stage, "просьба семьи")
    assert is_protected()
    assert stage.page.detail.protect.said() == "Lift protection"
    _say_why(stage, "опасность прошла")
    assert not is_protected()
    kinds = stage.database.read(lambda s: list(s.scalars(select(Operation.kind).order_by(Operation.arrival)))[-2:])
    assert kinds == ["protect_household", "lift_protection"]


def _say_why(stage: Stage, reason: str) -> None:
    stage.page.detail.protect.click()
    form = stage.panel()
    assert isinstance(form, FormDialog)
    form.accept_now()
    settle()
    assert form.isVisible(), "without a reason nothing is saved, and nothing typed is lost"
    type_text(next(iter(form.form.fields())).input, reason)
    form.accept_now()
    settle()


def test_little_room_shows_the_list_alone_and_one_family_over_it(stage: Stage) -> None:
    press(stage.page.settle.rows, Qt.Key.Key_Escape)
    stage.page.window().resize(1024, 700)
    settle()
    assert stage.page.table.isVisible()
    assert not stage.page.detail.isVisible()
    stage.page.table.select_row(0)
    stage.page.table.chosen.emit(stage.page.table.current())
    settle()
    assert stage.page.detail.isVisible()
    assert not stage.page.table.isVisible()
    press(stage.page.detail.journal, Qt.Key.Key_Escape)
    settle()
    assert stage.page.table.isVisible()
    assert not stage.page.detail.isVisible()
