"""The programmes' page: rules as sentences in three languages, a new rule, one taken out, a family tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.domain.campaigns import Giving, Switch
from aidtrack.domain.entitlement import Filters, Shared, Windows
from aidtrack.domain.ids import new_id
from aidtrack.domain.packs import read_pack
from aidtrack.domain.people import Need
from aidtrack.domain.stock import ItemDraft
from aidtrack.services import campaigns, settlements, stock
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages
from aidtrack.ui.dialogs import Question
from aidtrack.ui.main_window import switch_language
from aidtrack.ui.pages.campaigns import CampaignsPage
from aidtrack.ui.pages.campaigns.dialogs import CampaignDialog, RuleDialog
from aidtrack.ui.pages.campaigns.packs import PackDialog
from aidtrack.ui.pages.campaigns.terms import TermsDialog
from aidtrack.ui.pages.campaigns.today import TodayDialog
from tests.aid import Aid, make_aid, make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import type_text


@pytest.fixture
def aid(sqlite_database: Database, centre: Centre, by: Team) -> Aid:
    return sqlite_database.write(lambda s: make_aid(s, by, centre))


@pytest.fixture
def page(sqlite_database: Database, by: Team, aid: Aid, jobs_on: JobsOn, qtbot: QtBot) -> CampaignsPage:
    sqlite_database.write(lambda s: make_family(s, by.registrar))
    jobs_on(sqlite_database, by.coordinator)
    shown = CampaignsPage()
    qtbot.addWidget(shown)
    shown.resize(1366, 700)
    shown.show()
    shown.activateWindow()
    shown.load()
    assert jobs.wait_all()
    return shown


def rules(database: Database, by: Team, aid: Aid) -> list[str]:
    rows = database.read(lambda s: campaigns.rule_rows(s, by.coordinator, aid.campaign_id))
    return [i18n.render(row.sentence.facts["rule"], "en") for row in rows]


def test_rules_stand_as_sentences_in_three_languages_with_whom_they_fit(page: CampaignsPage) -> None:
    found = page._rules.rows()
    assert [(one.fits.families, one.fits.people) for one in found] == [(1, 4), (1, 4), (1, 4)]
    assert page._sentences["en"].text() == "Food kit: 1 piece per person every 7 days"
    assert page._sentences["ru"].text() == "Продуктовый набор: 1 штука на человека раз в 7 дней"
    switch_language("uk")
    assert page._rules.copy_text().startswith("Продуктовый набор")
    switch_language("en")


def test_a_long_rule_is_read_whole_in_its_row(page: CampaignsPage) -> None:
    """Whom it is for stands at the end of the sentence, where it was cut."""
    found, view = page._rules.rows()[0], page._rules.view
    wide = replace(found.row.draft, filters=Filters(age_from=3, age_to=17, needs=frozenset(need.value for need in Need)))
    page._rules.show_rows([found, replace(found, row=replace(found.row, draft=wide))])
    assert view.rowHeight(1) > view.rowHeight(0) + 10


def test_where_no_rule_is_chosen_no_caption_stands_over_nothing(page: CampaignsPage) -> None:
    page._show_rules(())
    shown = [label.text() for label in page._side.findChildren(QLabel) if label.isVisible() and label.text()]
    assert shown[:3] == ["The rule in words", "A rule that is chosen stands here as people read it.", "Try it on a family"]


def test_the_key_of_an_empty_page_makes_a_programme_first(
    sqlite_database: Database, centre: Centre, by: Team, jobs_on: JobsOn, qtbot: QtBot
) -> None:
    """F9 makes the programme while there is none: a table that promised it a rule would say what is not so."""
    jobs_on(sqlite_database, by.coordinator)
    page = CampaignsPage()
    qtbot.addWidget(page)
    page.resize(1366, 700)
    page.show()
    page.load()
    assert jobs.wait_all()
    said = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert {"F9 makes one: who gets what, how often", "A programme comes first"} <= set(said)
    assert "F9 adds the first one" not in said
    action = page.main_action()
    assert action is not None
    assert str(action.word) == "New programme"


def test_a_rule_is_added_with_all_its_problems_told_first(
    page: CampaignsPage, sqlite_database: Database, by: Team, aid: Aid, qtbot: QtBot
) -> None:
    page.run_main()
    assert jobs.wait_all()
    dialog = page.window().findChild(RuleDialog)
    assert dialog is not None
    dialog.form.fill({"quantity": 2, "every_days": 400, "age_from": 9, "age_to": 3})
    dialog.accept_now()
    assert jobs.wait_all()
    assert dialog.form.field("item").problem_text() == "Which item? Type three letters of it."
    assert dialog.form.field("every_days").problem_text() == "Between 1 and 366 days."
    assert dialog.form.field("age_to").problem_text() == "The second age is lower than the first."
    dialog.form.field("item").input.show_item(aid.soap.item_id)
    dialog.form.fill({"every_days": 30, "age_from": None, "age_to": 3})
    dialog.accept_now()
    assert jobs.wait_all()
    assert rules(sqlite_database, by, aid)[-1] == "2 pieces per person every 30 days; who fits: aged 3 or younger"
    assert len(rules(sqlite_database, by, aid)) == 4


def test_a_rule_is_taken_out_after_a_question(
    page: CampaignsPage, sqlite_database: Database, by: Team, aid: Aid
) -> None:
    page._ask_out()
    question = page.window().findChild(Question)
    assert question is not None
    question.answer_digit(1)
    assert jobs.wait_all()
    assert len(rules(sqlite_database, by, aid)) == 2


def test_a_family_is_tried_and_every_rule_answers(page: CampaignsPage) -> None:
    page.trial.input.setFocus()
    type_text(page.trial.input, "ткач")
    assert jobs.wait_all()
    assert page.trial.input.list_is_open()
    page.trial.input._take(page.trial.input._list.current())
    assert jobs.wait_all()
    shown = [(item.title, item.second, item.right) for item in page.trial.answers.model().items]  # type: ignore[attr-defined]
    assert shown == [
        ("Food kit", "per person", "4 pieces"),
        ("Soap", "per person", "4 pieces"),
        ("Blanket", "per family", "1 piece"),
    ]


def test_a_programme_is_made_and_stopped(page: CampaignsPage, sqlite_database: Database, by: Team) -> None:
    page._show_campaign(None)
    assert jobs.wait_all()
    dialog = page.window().findChild(CampaignDialog)
    assert dialog is not None
    dialog.form.fill({"names.ru": "Осень"})
    dialog.form.field("starts_on").input.setText("1.9.24")
    dialog.accept_now()
    assert jobs.wait_all()
    rows = sqlite_database.read(lambda s: campaigns.campaign_rows(s, by.coordinator))
    assert rows[0].names == {"ru": "Осень"}
    page.load()
    assert jobs.wait_all()
    page._ask_stop()
    assert jobs.wait_all()
    rows = sqlite_database.read(lambda s: campaigns.campaign_rows(s, by.coordinator))
    assert [row.is_running for row in rows] == [True, False]


def test_everything_a_rule_may_ask_is_typed_kept_and_shown_again(
    page: CampaignsPage, sqlite_database: Database, by: Team, aid: Aid
) -> None:
    page._rules.select_row(1)
    page._ask_terms()
    dialog = page.window().findChild(TermsDialog)
    assert dialog is not None
    asked = {
        "monthly": True, "cap": 3, "daily_cap": 40, "group": "food", "size_from": 3, "size_to": 6,
        "windows": Windows.HOUSEHOLD, "shared": Shared.ANY,
    }  # fmt: skip
    dialog.form.fill(asked)
    dialog.form.field("registered_from").input.setText("1.8.24")
    dialog.accept_now()
    assert jobs.wait_all()
    assert rules(sqlite_database, by, aid)[1] == (
        "1 piece per person, 3 at most once a month; for families of 3 to 6 people; registered from 1 Aug 2024 on; the time runs"
        " for the whole family together; it counts as received when anybody here had it; in turn with everything marked"
        " food; 40 a day at most"
    )
    page.load()
    assert jobs.wait_all()
    page._rules.select_row(1)
    page._ask_terms()
    values = page.window().findChildren(TermsDialog)[-1].form.values()
    assert {key: values[key] for key in asked} == asked
    assert values["registered_from"] == date(2024, 8, 1)


def test_stamps_of_other_centres_count_for_blankets_and_never_for_what_could_be_food(
    page: CampaignsPage, sqlite_database: Database, by: Team, aid: Aid
) -> None:
    def ticked() -> TermsDialog:
        page._rules.select_row(2)
        page._ask_terms()
        dialog = page.window().findChildren(TermsDialog)[-1]
        dialog.form.fill({"counts_declared": True})
        dialog.accept_now()
        assert jobs.wait_all()
        return dialog

    refused = ticked()
    assert "Food, water, hygiene and what babies need are given whatever the card says." in refused.form.field(
        "counts_declared"
    ).problem_text()
    refused.close()
    item = next(row for row in sqlite_database.read(lambda s: stock.item_rows(s, by.storekeeper)) if row.id == aid.blanket.item_id)
    draft = ItemDraft(item.names, item.code, item.unit, "bedding", version=item.version)
    sqlite_database.write(partial(stock.save_item, by=by.coordinator, request_id=new_id(), draft=draft, item_id=item.id))
    ticked()
    assert rules(sqlite_database, by, aid)[2] == "1 piece per family once; what another centre stamped on the card counts"
    page.load()
    assert jobs.wait_all()
    page._rules.select_row(2)
    assert page._sentences["en"].text().endswith("what another centre stamped on the card counts")
    assert page._sentences["ru"].text().endswith("отметки другого пункта на карте учитываются")


def test_the_plain_form_of_a_rule_keeps_its_further_conditions(
    page: CampaignsPage, sqlite_database: Database, by: Team, aid: Aid
) -> None:
    row = page._rules.rows()[0].row
    capped = replace(row.draft, cap=3, group="food")
    save = partial(campaigns.save_rule, request_id=new_id(), campaign_id=aid.campaign_id, draft=capped, no=row.no)
    sqlite_database.write(lambda s: save(s, by.coordinator, edition=row.edition))
    page.load()
    assert jobs.wait_all()
    page._ask_rule(page._rules.rows()[0])
    assert jobs.wait_all()
    dialog = page.window().findChild(RuleDialog)
    assert dialog is not None
    dialog.form.fill({"quantity": 2})
    dialog.accept_now()
    assert jobs.wait_all()
    shown = "2 pieces per person, 3 at most every 7 days; in turn with everything marked food"
    assert rules(sqlite_database, by, aid)[0] == shown


def test_how_an_item_is_given_today_is_set_and_shown(page: CampaignsPage, sqlite_database: Database, by: Team) -> None:
    page._rules.select_row(0)
    page._ask_today()
    dialog = page.window().findChild(TodayDialog)
    assert dialog is not None
    dialog.form.fill({"giving": Giving.RATION})
    dialog.accept_now()
    assert jobs.wait_all()
    assert dialog.form.field("ration").problem_text() != "", "a ration needs its number"
    dialog.form.fill({"ration": 2})
    dialog.accept_now()
    assert jobs.wait_all()
    page.load()
    assert jobs.wait_all()
    found = page._rules.rows()[0]
    assert found.switch == Switch(Giving.RATION, 2)
    assert "2 for a family today" in page._rules.copy_text()


def test_an_example_comes_stopped(page: CampaignsPage, sqlite_database: Database, by: Team) -> None:
    sqlite_database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    sqlite_database.write(lambda s: settlements.load_settlements(s, by.coordinator, request_id=new_id()))
    page.packs.ask_example()
    question = page.window().findChildren(Question)[-1]
    question.answer_digit(1)
    assert jobs.wait_all()
    seen = page.window().findChildren(PackDialog)[-1]
    assert [label.text() for label in seen.list.findChildren(QLabel)][1].startswith("Blanket: 2 pieces per family once; for families of 5")
    seen.accept_now()
    assert jobs.wait_all()
    page.load()
    assert jobs.wait_all()
    shown = [(row.names["en"], row.is_running) for row in page._programmes]
    assert ("Families from Belgorod Oblast", False) in shown
    current = messages.current()
    assert current is not None
    assert str(current.text) == "The programme is here, stopped. Read its rules, then let it run."


# ── packs from any file ──────────────────────────────────────────────────────────────────────────

PACK = '''names = { en = "Hot meals", ru = "Горячее питание" }
[[item]]
code = "MEAL"
names = { en = "Meal", ru = "Обед" }
[[rule]]
item = "MEAL"
basis = "person"
quantity = 1
renew = 1
'''


def chosen(page: CampaignsPage, dialog_name: str, path: Path) -> None:
    """The file somebody chooses in the open file dialog."""
    dialog = page.findChild(QFileDialog, dialog_name)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.close()
    assert jobs.wait_all()


def more(page: CampaignsPage, word: str) -> None:
    next(action for action in page.more() if str(action.word) == word).run()
    assert jobs.wait_all()


def test_a_file_is_looked_at_and_taken_in(page: CampaignsPage, tmp_path: Path) -> None:
    path = tmp_path / "meals.toml"
    path.write_text(PACK, encoding="utf-8")
    more(page, "Take in a file of rules or goods")
    chosen(page, "pack_file", path)
    seen = page.window().findChildren(PackDialog)[-1]
    words = [label.text() for label in seen.findChildren(QLabel)]
    assert "meals.toml" in words
    assert "Rules: 1. New items: 1. Here already, they stay as they are: 0." in words
    assert [label.text() for label in seen.list.findChildren(QLabel)] == ["Meal: 1 piece per person every day", "new item: Meal"]
    seen.accept_now()
    assert jobs.wait_all()
    page.load()
    assert jobs.wait_all()
    assert ("Hot meals", False) in [(row.names["en"], row.is_running) for row in page._programmes]


def test_every_fault_of_a_file_stands_in_the_window_and_nothing_comes_in(page: CampaignsPage, tmp_path: Path) -> None:
    path = tmp_path / "meals.toml"
    path.write_text(PACK.replace("renew", "renwe").replace('"person"', '"all"'), encoding="utf-8")
    page.packs.look_at(path)
    assert jobs.wait_all()
    seen = page.window().findChildren(PackDialog)[-1]
    assert [label.text() for label in seen.list.findChildren(QLabel) if label.text()] == [
        "rule 1 (MEAL): how often is missing: “renew” in days (0: once), “monthly” or “loan_days”",
        "rule 1 (MEAL): “all” is none of: household, person, matching",
        "rule 1 (MEAL): the word “renwe” is not known here",
    ]
    assert seen.title.text() == "This file cannot be taken in yet"
    seen.accept_now()
    assert jobs.wait_all()
    assert len(page._programmes) == 1


def test_a_file_that_is_no_text_is_told(page: CampaignsPage, tmp_path: Path) -> None:
    path = tmp_path / "photo.toml"
    path.write_bytes(b"\xff\xd8\xff")
    page.packs.look_at(path)
    assert jobs.wait_all()
    current = messages.current()
    assert current is not None
    assert str(current.text) == "photo.toml is no text in UTF-8: this is no pack."


def test_a_programme_is_written_into_a_file(page: CampaignsPage, tmp_path: Path) -> None:
    more(page, "Write the programme into a file")
    chosen(page, "pack_save", tmp_path / "august.toml")
    pack, problems = read_pack((tmp_path / "august.toml").read_text(encoding="utf-8"))
    assert problems == []
    assert [rule.item for rule in pack.rules] == ["food", "soap", "blanket"]
    current = messages.current()
    assert current is not None
    assert str(current.text) == "Saved: august.toml"
