"""The card of another centre, typed once: its number becomes the family's, its stamps are written down; nothing typed is lost."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import check_digit
from aidtrack.services import overview, people
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.pages.people import foreign_card
from tests.aid import TODAY, make_aid, make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn

ELSEWHERE = "12345678901" + check_digit("12345678901")


def test_number_and_stamps_are_typed_once(
    window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    sqlite_database.write(lambda s: make_aid(s, by, centre))
    family = sqlite_database.write(lambda s: make_family(s, by.registrar))
    jobs_on(sqlite_database, by.registrar)
    page = QWidget()
    window_kit.addWidget(page)
    page.resize(1024, 700)
    page.show()
    foreign_card.ask(page, family.household_id)
    jobs.wait_all()
    dialog = page.findChild(FormDialog, "foreign_card")
    assert dialog is not None
    for stamps, problem in (("9 12.8", "Example: 1 12.8"), ("1 11.8", "")):
        dialog.form.field("number").input.set_value(ELSEWHERE)
        dialog.form.field("stamps").input.set_value(stamps)
        dialog.accept_now()
        assert problem in dialog.form.field("stamps").problem_text()
        jobs.wait_all()
    find = partial(people.household_by_code, by=by.registrar, code=ELSEWHERE)
    assert sqlite_database.read(find) == family.household_id
    report = sqlite_database.read(partial(overview.exception_report, by=by.coordinator, day=TODAY))
    assert [row.families for row in report.declared] == [1]
