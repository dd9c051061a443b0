"""The aid form is changed in the window by keyboard; an edition never changes forms that are filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.domain.intake import Choice, Question, QuestionKind
from aidtrack.services import intake
from aidtrack.services.intake import FormDraft, SubmissionDraft
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Panelled
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.page import Key
from aidtrack.ui.pages.settings import SettingsPage
from aidtrack.ui.pages.settings.form import FormSection
from aidtrack.ui.pages.settings.question import QuestionDialog, choices_from
from aidtrack.ui.preview import Preview
from tests.aid import make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.lost import lose_next_answer
from tests.ui.typing import press, type_text

CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Shown:
    page: SettingsPage
    section: FormSection
    database: Database
    by: Team

    def settle(self) -> None:
        assert jobs.wait_all(60_000)

    def dialog(self) -> QuestionDialog:
        found = self.page.window().findChild(QuestionDialog, "question_dialog")
        assert found is not None
        return found

    def current(self) -> intake.FormRow:
        form = self.database.read(lambda s: intake.current_form(s, self.by.coordinator))
        assert form is not None
        return form

    def asked(self) -> list[str]:
        return [question.key for question in self.section.table.rows()]

    def add(self, ru: str, uk: str, en: str, choices: str = "") -> None:
        new = self.page.keys()[Key.NEW]
        new.run()
        dialog = self.dialog()
        for lang, words in (("ru", ru), ("uk", uk), ("en", en)):
            type_text(dialog.form.field(f"words_{lang}").input, words)
        if choices:
            dialog.form.field("choices").input.set_value(choices)
        else:
            dialog.form.field("kind").input.set_value(QuestionKind.TEXT)
        dialog.accept_now()


@pytest.fixture
def shown(jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team) -> Iterator[Shown]:
    """The section over the form a centre starts with."""
    sqlite_database.write(lambda s: intake.load_form(s, by.coordinator, request_id=new_id()))
    jobs_on(sqlite_database, by.coordinator)
    window = MainWindow([PageEntry("settings", SettingsPage.title, "settings", SettingsPage)])
    window_kit.addWidget(window)
    window.show()
    window.start(by.coordinator)
    assert jobs.wait_all()
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    page.show_section("form")
    section = page.section()
    assert isinstance(section, FormSection)
    yield Shown(page, section, sqlite_database, by)
    window.close()


def test_a_question_is_added_and_the_next_edition_asks_it(shown: Shown) -> None:
    before = shown.current()
    assert not shown.section.is_touched
    shown.add("Есть ли кошка", "Чи є кіт", "Is there a cat", "да | так | yes\nнет | ні | no")
    assert shown.current().edition == before.edition
    assert shown.page.run_main()
    shown.settle()
    after = shown.current()
    assert after.edition == before.edition + 1
    (added,) = [q for q in after.questions if q.key not in {old.key for old in before.questions}]
    assert (added.words["uk"], [c.words["ru"] for c in added.choices]) == ("Чи є кіт", ["да", "нет"])
    assert not shown.section.is_touched


def test_an_empty_form_offers_a_question(shown: Shown) -> None:
    shown.section.table.show_rows(())
    said = [label.text() for label in shown.section.table.findChildren(QLabel)]
    assert {"This form has no questions", "F3 adds a question"} <= set(said)


def test_filled_forms_keep_their_questions(shown: Shown) -> None:
    database, by = shown.database, shown.by
    form = shown.current()
    family = database.write(lambda s: make_family(s, by.registrar)).household_id
    first = next(q for q in form.questions if q.kind.has_choices and q.when is None)
    draft = SubmissionDraft(family, form.id, {first.key: first.choices[0].key})
    filled = database.write(lambda s: intake.fill_in(s, by.registrar, request_id=new_id(), draft=draft))
    shown.section.table.select_key(first.key)
    press(shown.section.table.view, Qt.Key.Key_Return)
    dialog = shown.dialog()
    field = dialog.form.field("words_en").input
    field.selectAll()
    type_text(field, "Said in other words")
    dialog.accept_now()
    shown.page.run_main()
    shown.settle()
    assert next(q for q in shown.current().questions if q.key == first.key).words["en"] == "Said in other words"
    again = database.read(lambda s: intake.submission(s, by.registrar, filled.id))
    assert again.form.edition == form.edition
    assert next(q for q in again.form.questions if q.key == first.key).words == first.words


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(shown: Shown) -> None:
    shown.page.keys()[Key.NEW].run()
    dialog = shown.dialog()
    type_text(dialog.form.field("words_ru").input, "Только по-русски")
    dialog.accept_now()
    assert "languages" in dialog.form.field("words_uk").problem_text()
    assert "two answers" in dialog.form.field("choices").problem_text()
    assert dialog.form.field("words_ru").input.value() == "Только по-русски"
    assert dialog.main_button.isEnabled()


def test_questions_are_moved_and_left_out_by_keys_and_put_back(shown: Shown) -> None:
    keys = shown.asked()
    free = [q.key for q in shown.section.table.rows()][:2]
    shown.section.table.select_key(free[0])
    shown.section.table.view.setFocus()
    shown.section._move(1)
    assert shown.asked()[:2] == [free[1], free[0]]
    shown.section._leave_out()
    assert free[0] not in shown.asked()
    assert messages.undo()
    assert sorted(shown.asked()) == sorted(keys)
    shown.page.more()[1].run()
    assert shown.asked() == keys


def test_a_condition_that_lost_its_question_is_said_and_not_saved(shown: Shown) -> None:
    dependent = next((q for q in shown.section.table.rows() if q.when is not None), None)
    assert dependent is not None
    assert dependent.when is not None
    shown.section.table.select_key(dependent.when.question)
    shown.section._leave_out()
    action = shown.page.main_action()
    assert action is not None
    assert not action.enabled
    assert shown.section._question_cell(dependent).tone == "att"


def test_the_draft_is_seen_on_paper_before_it_is_saved(shown: Shown, window_kit: QtBot) -> None:
    shown.add("Есть ли кошка", "Чи є кіт", "Is there a cat")
    shown.page.more()[0].run()
    shown.settle()
    dialog = shown.page.window().findChild(Panelled, "form_on_paper")
    assert dialog is not None
    preview = dialog.findChild(Preview)
    assert preview is not None
    assert preview.pages >= 1


def test_an_edition_made_elsewhere_is_a_conflict_and_a_lost_answer_none(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown.add("Есть ли кошка", "Чи є кіт", "Is there a cat")
    lose_next_answer(monkeypatch, shown.database)
    shown.page.run_main()
    shown.settle()
    shown.page.run_main()
    shown.settle()
    form = shown.current()
    assert form.edition == 2
    shown.add("Есть ли собака", "Чи є собака", "Is there a dog")
    draft = FormDraft(form.names, form.questions, form.edition)
    shown.database.write(lambda s: intake.save_form(s, shown.by.coordinator, request_id=new_id(), draft=draft))
    shown.page.run_main()
    shown.settle()
    message = messages.current()
    assert message is not None
    assert "meanwhile" in str(message.text)
    assert shown.section.is_touched


def test_answers_keep_their_keys() -> None:
    before = (
        Choice("yes", {"ru": "да", "uk": "так", "en": "yes"}),
        Choice("no", {"ru": "нет", "uk": "ні", "en": "no"}),
    )
    made = choices_from("нет | ні | no\nда, конечно | так | yes\nне знаю | не знаю | unknown", before)
    assert [choice.key for choice in made] == ["no", "yes", "a1"]
    assert made[1].words["ru"] == "да, конечно"
    assert Question("q1", QuestionKind.ONE, {}, choices=made).choice_words("a1")["en"] == "unknown"
