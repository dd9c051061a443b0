"""Slips come out of the printer chosen for them, on its paper, and of no other."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from pytestqt.qtbot import QtBot

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane
from aidtrack.errors import Text
from aidtrack.reports.catalogue import SlipSize
from aidtrack.services import days, queueing
from aidtrack.services.days import RowState
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages, morning, printers, printing
from aidtrack.ui.inputs import ChoiceInput
from aidtrack.ui.pages.settings.here import HereSection
from aidtrack.ui.pages.settings.slips import SlipsDialog
from aidtrack.ui.parts import Note
from aidtrack.ui.preview import Pages
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn

LASER, ROLL = "Laser", "Rolls by the door"
MM = 72 / 25.4


class Came(NamedTuple):
    """A job that went out: of which printer, and how broad its paper is."""

    printer: str
    broad: int


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The printers that are there: one for sheets, which is the usual one, and one for rolls."""
    there = [LASER, ROLL]
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(printers, "names", lambda: there)
    monkeypatch.setattr(printers, "usual", lambda: LASER)
    return there


@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connected: list[str]) -> list[Came]:
    """What was printed, in order."""
    found: list[Came] = []

    def printer(pages: Pages, name: str = "") -> QPrinter:
        found.append(Came(name or LASER, round(pages.sizes[0][0] / MM)))
        made = QPrinter(QPrinter.PrinterMode.HighResolution)
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(tmp_path / f"{len(found)}.pdf"))
        return made

    monkeypatch.setattr(printing, "_printer_for", printer)
    return found


@pytest.fixture
def section(window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team) -> HereSection:
    sqlite_database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    jobs_on(sqlite_database, by.coordinator)
    made = HereSection()
    window_kit.addWidget(made)
    made.show()
    made.load()
    jobs.wait_all()
    return made


def _printed(section: HereSection, database: Database, by: Team) -> list[bool]:
    """A number is given and its slip printed."""
    row = database.write(lambda s: queueing.issue_ticket(s, by.coordinator, request_id=new_id(), lane=Lane.A))
    told: list[bool] = []
    printing.print_ticket(section, row.id, told.append)
    jobs.wait_all()
    return told


def _asked(section: HereSection) -> SlipsDialog:
    section.slips.click()
    return [one for one in section.findChildren(SlipsDialog) if one.isVisible()][-1]


def _listed(choice: ChoiceInput) -> list[str]:
    return [choice.itemText(n) for n in range(choice.count())]


def test_slips_go_to_the_usual_printer_until_another_is_chosen(
    section: HereSection, came: list[Came], sqlite_database: Database, by: Team
) -> None:
    assert _printed(section, sqlite_database, by) == [True]
    dialog = _asked(section)
    assert _listed(dialog.printer) == ["the usual one: Laser", LASER, ROLL]
    dialog.printer.set_value(ROLL)
    dialog.accept_now()
    assert _printed(section, sqlite_database, by) == [True]
    assert came == [Came(LASER, 80), Came(ROLL, 80)]


def test_where_there_is_no_roll_slips_are_a_sheet_each(
    section: HereSection, came: list[Came], sqlite_database: Database, by: Team
) -> None:
    dialog = _asked(section)
    assert dialog.paper.value() is SlipSize.ROLL
    assert dialog.paper.choose_digit(2)
    dialog.accept_now()
    assert _printed(section, sqlite_database, by) == [True]
    assert came == [Came(LASER, 105)]


def test_a_printer_that_is_away_gets_no_stand_in_and_prints_when_it_is_back(
    section: HereSection, came: list[Came], connected: list[str], sqlite_database: Database, by: Team
) -> None:
    printers.choose_for_slips(ROLL, SlipSize.ROLL)
    connected.remove(ROLL)
    heard: list[messages.Message] = []
    messages.line.said.connect(heard.append)
    assert _printed(section, sqlite_database, by) == [False]
    assert came == []
    assert heard[-1].tone == "fault"
    assert isinstance(heard[-1].text, Text)
    assert heard[-1].text.facts == {"name": ROLL}
    assert _listed(_asked(section).printer)[-1] == "Rolls by the door (not connected)"
    connected.append(ROLL)
    assert heard[-1].run is not None
    heard[-1].run()
    assert came == [Came(ROLL, 80)]


def test_where_the_choice_cannot_be_kept_the_question_says_so_and_stays(
    section: HereSection, came: list[Came], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialog = _asked(section)
    dialog.printer.set_value(ROLL)
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "file"))
    dialog.accept_now()
    assert dialog.isVisible()
    note = dialog.findChild(Note, "dialog_problem")
    assert note is not None
    assert note.isVisible()
    assert "could not be saved" in note.text()
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    dialog.accept_now()
    assert printers.for_slips() == ROLL


@pytest.mark.parametrize(("broad", "paper"), [(58, SlipSize.ROLL), (80, SlipSize.ROLL), (105, SlipSize.A6), (210, SlipSize.A6)])
def test_a_printer_is_taken_for_what_its_own_paper_says(monkeypatch: pytest.MonkeyPatch, broad: int, paper: SlipSize) -> None:
    class Info:
        def defaultPageSize(self) -> QPageSize:  # noqa: N802  # Qt's name
            return QPageSize(QPageSize(QPageSize.PageSizeId.A4).size(QPageSize.Unit.Millimeter) * (broad / 210), QPageSize.Unit.Millimeter)

    monkeypatch.setattr(QPrinterInfo, "printerInfo", lambda _name: Info())
    assert printers.size_for(LASER) is paper


def test_of_a_printer_nobody_knows_a_roll_is_expected() -> None:
    assert QPrinterInfo.printerInfo("none").isNull()
    assert printers.size_for("none") is SlipSize.ROLL


def test_the_morning_check_names_both_printers(connected: list[str]) -> None:
    printers.choose_for_slips(ROLL, SlipSize.ROLL)
    row = morning._printer()
    assert row.state is RowState.DONE
    assert {LASER, ROLL} <= set(row.figures.facts.values())
    connected.remove(ROLL)
    assert morning._printer().state is not RowState.DONE
