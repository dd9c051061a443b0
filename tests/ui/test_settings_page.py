"""The page Settings as a coordinator works it: sections of the role, saving, problems beside fields, backup with proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from aidtrack import i18n, settings
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import UserDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.handover import Limits
from aidtrack.domain.ids import new_id
from aidtrack.services import accounts, backup, handover
from aidtrack.store import copies
from aidtrack.store.database import Database, open_database
from aidtrack.ui import jobs, messages, sound
from aidtrack.ui.dialogs import FormDialog, Question
from aidtrack.ui.looks import looks
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.page import Key
from aidtrack.ui.pages.settings import SettingsPage
from aidtrack.ui.pages.settings.centre import CentreSection, HourInput
from aidtrack.ui.pages.settings.here import HereSection
from aidtrack.ui.pages.settings.limits import LimitsSection
from aidtrack.ui.pages.settings.restoring import RestoreDialog
from aidtrack.ui.pages.settings.safety import SafetySection
from aidtrack.ui.pages.settings.users import UsersSection
from aidtrack.ui.pages.settings.windows import WindowsSection
from aidtrack.ui.ticks import TickList, TicksInput
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's settings of these tests."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def page(
    jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team
) -> Iterator[SettingsPage]:
    """The page of the coordinator, loaded, in its window."""
    window, page = _page(jobs_on, window_kit, sqlite_database, by.coordinator)
    yield page
    window.close()


def _page(jobs_on: JobsOn, qtbot: QtBot, database: Database, by: Actor) -> tuple[MainWindow, SettingsPage]:
    jobs_on(database, by)
    window = MainWindow([PageEntry("settings", SettingsPage.title, "settings", SettingsPage)])
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.start(by)
    assert jobs.wait_all()
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    return window, page


def _section(page: SettingsPage, name: str) -> QWidget:
    page.show_section(name)
    return page.section()


def _dialog(page: SettingsPage, name: str) -> FormDialog:
    found = page.window().findChild(FormDialog, name)
    assert found is not None, name
    return found


def _said() -> str:
    message = messages.current()
    return str(message.text) if message else ""


def test_everybody_sees_the_sections_of_the_role(
    jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, by: Team
) -> None:
    _window, page = _page(jobs_on, window_kit, sqlite_database, by.auditor)
    assert [section.name for section in page.sections] == ["here", "about"]


def test_the_centre_is_saved_by_f9(page: SettingsPage, sqlite_database: Database, by: Team) -> None:
    section = _section(page, "centre")
    assert isinstance(section, CentreSection)
    field = section.form.field("name").input
    field.selectAll()
    type_text(field, "Школа № 12")
    assert page.run_main()
    assert jobs.wait_all()
    assert sqlite_database.read(lambda s: accounts.centre(s, by.coordinator)).name == "Школа № 12"
    assert _said() == "Saved"


def test_problems_of_the_centre_stand_beside_their_fields(page: SettingsPage) -> None:
    section = _section(page, "centre")
    assert isinstance(section, CentreSection)
    section.form.field("name").input.clear()
    section.form.field("public_languages").input.clear()
    page.run_main()
    assert jobs.wait_all()
    assert section.form.field("name").problem_text()
    assert section.form.field("public_languages").problem_text()
    section.form.field("day_starts_at").input.setText("half past four")
    page.run_main()
    assert "4:00" in section.form.field("day_starts_at").problem_text()


def test_a_change_from_elsewhere_takes_nothing_typed_away(
    page: SettingsPage, sqlite_database: Database, by: Team
) -> None:
    section = _section(page, "centre")
    assert isinstance(section, CentreSection)
    type_text(section.form.field("place").input, "Курская область")
    draft = sqlite_database.read(lambda s: accounts.centre(s, by.coordinator))
    sqlite_database.write(lambda s: accounts.change_centre(s, by.coordinator, request_id=new_id(), draft=draft))
    page.load()
    assert jobs.wait_all()
    assert "Курская область" in section.form.field("place").input.value()
    page.run_main()
    assert jobs.wait_all()
    assert "Somebody saved this meanwhile" in _said()


@pytest.mark.parametrize(("typed", "minutes"), [("4", 240), ("4:30", 270), ("04.05", 245), ("24", None), ("x", None)])
def test_an_hour_is_typed_shortly(window_kit: QtBot, typed: str, minutes: int | None) -> None:
    hour = HourInput()
    window_kit.addWidget(hour)
    hour.setText(typed)
    assert hour.value() == minutes


def test_f3_adds_a_window_that_gives_only_what_is_ticked(
    page: SettingsPage, sqlite_database: Database, by: Team
) -> None:
    section = _section(page, "windows")
    assert isinstance(section, WindowsSection)
    assert page.keys()[Key.NEW].enabled
    page.keys()[Key.NEW].run()
    dialog = _dialog(page, "window_dialog")
    assert dialog.form.values()["number"] == 3
    dialog.form.field("gives_all").input.set_value(False)
    dialog.accept_now()
    assert jobs.wait_all()
    assert dialog.form.field("gives").problem_text()
    dialog.form.field("gives_all").input.set_value(True)
    dialog.accept_now()
    assert jobs.wait_all()
    rows = sqlite_database.read(lambda s: accounts.windows(s, by.coordinator))
    assert [row.draft.number for row in rows] == [1, 2, 3]
    assert len(section.table.rows()) == 3


def test_a_person_is_added_and_ended(page: SettingsPage, sqlite_database: Database, by: Team) -> None:
    section = _section(page, "users")
    assert isinstance(section, UsersSection)
    page.keys()[Key.NEW].run()
    dialog = _dialog(page, "user_dialog")
    type_text(dialog.form.field("name").input, "Марина С.")
    dialog.accept_now()
    assert jobs.wait_all()
    row = next(row for row in section.table.rows() if row.draft.name == "Марина С.")
    assert row.draft.roles == {Role.REGISTRAR}
    section.table.select_key(row.id)
    page.run_main()
    question = page.window().findChild(Question, "user_question")
    assert question is not None
    assert question.answer_digit(3)
    assert jobs.wait_all()
    people = sqlite_database.read(lambda s: accounts.users(s, by.coordinator))
    assert not next(one for one in people if one.id == row.id).draft.is_active


def test_a_taken_name_is_said_beside_it_and_stays(page: SettingsPage) -> None:
    _section(page, "users")
    page.keys()[Key.NEW].run()
    dialog = _dialog(page, "user_dialog")
    type_text(dialog.form.field("name").input, "Registrar")
    dialog.accept_now()
    assert jobs.wait_all()
    assert "signs in with this name" in dialog.form.field("name").problem_text()
    assert dialog.form.field("name").input.value() == "Registrar"
    assert dialog.main_button.isEnabled()


def test_the_last_coordinator_is_not_ended(page: SettingsPage) -> None:
    section = _section(page, "users")
    assert isinstance(section, UsersSection)
    row = next(row for row in section.table.rows() if Role.COORDINATOR in row.draft.roles)
    section._do("end", row)
    assert jobs.wait_all()
    assert "last coordinator" in _said()


def test_backup_now_is_proved_and_remembered(
    page: SettingsPage, sqlite_database: Database, by: Team, tmp_path: Path
) -> None:
    section = _section(page, "safety")
    assert isinstance(section, SafetySection)
    assert "No backup yet" in section._age.text()
    section.folder.input.set_value(str(tmp_path / "stick"))
    page.run_main()
    assert jobs.wait_all()
    (file,) = (tmp_path / "stick").glob("*.db")
    assert copies.verify(file, None).rows > 0
    assert file.name in section._age.text()
    assert "checked" in _said()
    assert settings.read().settings.backup_folder == str(tmp_path / "stick")
    assert sqlite_database.read(lambda s: backup.last_backup(s, by.coordinator)) is not None


def test_a_folder_that_takes_nothing_is_said_beside_it(page: SettingsPage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    section = _section(page, "safety")
    assert isinstance(section, SafetySection)
    section.folder.input.set_value(str(tmp_path / "file" / "stick"))
    page.run_main()
    assert "cannot be written" in section.folder.problem_text()
    assert page.main_button.isEnabled()


def test_the_window_of_this_computer_is_chosen(page: SettingsPage, centre: Centre) -> None:
    section = _section(page, "here")
    assert isinstance(section, HereSection)
    section.desk.setCurrentIndex(1)
    section.desk.edited.emit()
    assert jobs.wait_all()
    assert jobs.actor().desk_id == centre.windows[1]
    assert (settings.read().settings.desk, settings.read().settings.site_name) == (2, "Пункт на Гоголя")


def test_colours_and_letters_are_asked_for(page: SettingsPage) -> None:
    wanted: list[tuple[str, bool]] = []
    section = _section(page, "here")
    assert isinstance(section, HereSection)
    looks.wanted.connect(lambda name, large: wanted.append((name, large)))
    section.looks.colours.setFocus()
    press(section.looks.colours, Qt.Key.Key_Right)
    press(section.looks.letters, Qt.Key.Key_Right)
    assert wanted == [("light", False), ("light", True)]


def test_works_and_geonames_are_named(page: SettingsPage) -> None:
    section = _section(page, "about")
    said = section.findChild(QLabel, "geonames")
    assert said is not None
    assert "GeoNames" in said.text()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_section_fits_the_smallest_window(page: SettingsPage, lang: str) -> None:
    i18n.use(lang)
    switch_language(lang)
    hint = page.minimumSizeHint()
    assert (hint.width() <= 1024 - 88, hint.height() <= 700 - 44 - 36 - 56) == (True, True), hint


def test_a_long_list_of_ticks_is_worked_by_keyboard(window_kit: QtBot) -> None:
    ticks = TickList([(n, f"item {n}") for n in range(40)])
    window_kit.addWidget(ticks)
    ticks.show()
    ticks.set_value((3,))
    ticks.select(5)
    press(ticks, Qt.Key.Key_Space)
    assert ticks.value() == (3, 5)
    press(ticks, Qt.Key.Key_Return)
    assert ticks.value() == (3,)


def test_ticks_are_one_value(window_kit: QtBot) -> None:
    ticks = TicksInput([("a", "A"), ("b", "B")])
    window_kit.addWidget(ticks)
    ticks.set_value(("b", "a"))
    assert ticks.value() == ("a", "b")
    ticks.clear()
    assert ticks.value() == ()


def test_a_person_of_an_encrypted_file_needs_a_password(window_kit: QtBot) -> None:
    from aidtrack.ui.pages.settings.users import Team as Everybody
    from aidtrack.ui.pages.settings.users import UserDialog

    parent = QWidget()
    window_kit.addWidget(parent)
    parent.resize(1366, 768)
    dialog = UserDialog(parent, UserDraft("Марина"), Everybody((), frozenset(), True, True), is_new=True)
    dialog.show()
    QApplication.processEvents()
    dialog.form.fill({"password": "123", "may_start": True})
    assert not dialog.check_password()
    dialog.form.fill({"password": "4711", "may_start": True})
    assert not dialog.check_password()
    dialog.form.fill({"password": "4711", "may_start": False})
    assert dialog.check_password()
    assert isinstance(dialog.form.field("password").input, QLineEdit)


def test_a_backup_comes_back_as_a_new_file_and_never_over_another(
    page: SettingsPage, sqlite_database: Database, by: Team, tmp_path: Path
) -> None:
    section = _section(page, "safety")
    assert isinstance(section, SafetySection)
    section.folder.input.set_value(str(tmp_path / "stick"))
    page.run_main()
    assert jobs.wait_all()
    (copy,) = (tmp_path / "stick").glob("*.db")
    page.more()[0].run()
    dialog = page.window().findChild(RestoreDialog, "restore_dialog")
    assert dialog is not None
    dialog.accept_now()
    assert dialog.form.field("source").problem_text() == "Choose a file."
    dialog.take_backup(str(copy))
    dialog.form.field("target").input.set_value(str(copy))
    dialog.accept_now()
    assert jobs.wait_all()
    assert "itself" in dialog.form.field("target").problem_text() + dialog._problem.text()
    new = tmp_path / "stick" / "again.db"
    dialog.form.field("target").input.set_value(str(new))
    dialog.accept_now()
    assert jobs.wait_all()
    assert "Restored and counted" in _said()
    restored = open_database(new)
    assert restored.read(lambda s: accounts.centre(s, by.coordinator)).name == "Пункт на Гоголя"
    restored.close()


def test_what_is_no_backup_is_said_beside_it(page: SettingsPage, tmp_path: Path) -> None:
    (tmp_path / "list.db").write_text("no database at all")
    _section(page, "safety")
    page.more()[0].run()
    dialog = page.window().findChild(RestoreDialog, "restore_dialog")
    assert dialog is not None
    dialog.take_backup(str(tmp_path / "list.db"))
    dialog.accept_now()
    assert jobs.wait_all()
    assert "no AidTrack backup" in dialog.form.field("source").problem_text()
    assert not (tmp_path / "list-restored.db").exists()


def test_a_tone_is_switched_off_and_heard_when_it_comes_back(page: SettingsPage, heard: list[bytes]) -> None:
    section = _section(page, "here")
    assert isinstance(section, HereSection)
    for wanted in (sound.Tone.LOW,), tuple(sound.Tone):
        section.sounds.click()
        (dialog,) = [one for one in page.window().findChildren(FormDialog, "sounds_dialog") if one.isVisible()]
        dialog.form.field("sounds").input.set_value(wanted)  # type: ignore[attr-defined]
        heard.clear()
        dialog.accept_now()
        assert set(sound.Tone) - sound.silent() == set(wanted)
    assert len(heard) == len(sound.Tone) - 1


# ── limits of the windows ────────────────────────────────────────────────────────────────────────


def _type_limits(page: SettingsPage, families: str, spot_count: str) -> LimitsSection:
    section = _section(page, "limits")
    assert isinstance(section, LimitsSection)
    for name, typed in (("families", families), ("spot_count", spot_count)):
        field = section.form.field(name).input
        field.selectAll()
        field.clear()
        type_text(field, typed)
    page.run_main()
    assert jobs.wait_all()
    return section


def test_limits_of_the_windows_are_typed_and_saved_by_f9(page: SettingsPage, sqlite_database: Database, by: Team) -> None:
    assert {label.text() for label in _section(page, "limits").findChildren(QLabel)} >= {
        "Limits of the windows", "Other families one person may collect for in a day",
        "“It is on the shelf”: units of an item beside the book in a day",
    }  # fmt: skip
    _type_limits(page, "3", "20")
    assert _said() == "Saved"
    assert sqlite_database.read(lambda s: handover.limits(s, by.distributor)) == Limits(3, 20, 1)
    section = _type_limits(page, "2", "")
    assert sqlite_database.read(lambda s: handover.limits(s, by.distributor)) == Limits(2, None, 2)
    assert section.form.values() == {"families": 2, "spot_count": None}


def test_limits_that_cannot_be_keep_what_was_typed(page: SettingsPage, sqlite_database: Database, by: Team) -> None:
    section = _type_limits(page, "", "101")
    assert section.form.field("families").problem_text() == "Type a whole number."
    assert section.form.field("spot_count").input.text() == "101"
    assert sqlite_database.read(lambda s: handover.limits(s, by.distributor)) == Limits()


def test_limits_saved_elsewhere_meanwhile_are_no_longer_overwritten(
    page: SettingsPage, sqlite_database: Database, by: Team
) -> None:
    section = _section(page, "limits")
    assert isinstance(section, LimitsSection)
    type_text(section.form.field("spot_count").input, "7")
    save = Limits(1, None, 0)
    sqlite_database.write(lambda s: handover.save_limits(s, by.administrator, request_id=new_id(), draft=save))
    page.load()
    assert jobs.wait_all()
    assert section.form.field("spot_count").input.text() == "7"
    page.run_main()
    assert jobs.wait_all()
    assert _said().startswith("Somebody saved this meanwhile")
    assert sqlite_database.read(lambda s: handover.limits(s, by.distributor)) == Limits(1, None, 1)
