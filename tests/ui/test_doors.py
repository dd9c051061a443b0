"""First run, sign-in and lock screen as a person meets them: by keyboard, with mistakes, and nothing typed lost."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QCoreApplication, QSettings, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from aidtrack import i18n, settings
from aidtrack.clock import wall_clock
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft, UserDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.errors import StoreTrouble
from aidtrack.services import accounts, addresses, founding, signing_in, stock
from aidtrack.store import migrate
from aidtrack.store.database import Database, create_database, open_database
from aidtrack.store.versions import head
from aidtrack.ui import jobs, recovery, shell
from aidtrack.ui.door import Door
from aidtrack.ui.first_run import FirstRun
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.main_window import MainWindow, PageEntry, switch_language
from aidtrack.ui.page import Key, Page
from aidtrack.ui.recovery import draw_code, print_code
from aidtrack.ui.sign_in import Lock, ShutDoor, SignIn
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text

NAME, PASSWORD = "Ольга К.", "три слова вместе"
ROOT = Actor(None, "console:root", frozenset(Role), wall_clock)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's settings of these tests."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def waiting(window_kit: QtBot) -> Iterator[QtBot]:
    """Workers end with the test."""
    yield window_kit
    jobs.wait_all()
    jobs.stop()


def _encrypted(address: Path) -> str:
    """An encrypted database with a coordinator; its recovery code."""
    begun = founding.begin(str(address), name=NAME, password=PASSWORD)
    database = create_database(begun.address, key=begun.key)
    found = partial(founding.found_centre, by=ROOT, request_id=new_id(), draft=CentreDraft("Школа № 12"))
    database.write(partial(found, coordinator=NAME, user_id=begun.user_id, password=PASSWORD))
    database.close()
    founding.finish(begun, str(address))
    return begun.code


def _child(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    assert found is not None, name
    return found


def _type(parent: QWidget, name: str, text: str) -> None:
    field = _child(parent, name)
    field.setFocus()
    if isinstance(field, QLineEdit):
        field.selectAll()
    type_text(field, text)


def _said(door: Door) -> str:
    return door.trouble.text() if door.trouble.isVisibleTo(door) else ""


def _note(came: list[Actor], database: Database, actor: Actor) -> None:
    came.append(actor)
    database.close()


def _show(qtbot: QtBot, door: QWidget) -> None:
    qtbot.addWidget(door)
    door.resize(1366, 768)
    door.show()
    door.setFocus()


# ── sign-in ──────────────────────────────────────────────────────────────────────────────────────


def test_name_and_password_open_an_encrypted_file(waiting: QtBot, tmp_path: Path) -> None:
    _encrypted(tmp_path / "a.db")
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    came: list[tuple[Database, Actor]] = []
    door.opened.connect(lambda database, actor: came.append((database, actor)))
    _type(door, "sign_in_name", "ольга к.")
    press(_child(door, "sign_in_name"), Qt.Key.Key_Return)
    _type(door, "sign_in_password", PASSWORD)
    press(_child(door, "sign_in_password"), Qt.Key.Key_Return)
    assert jobs.wait_all()
    ((database, actor),) = came
    assert (actor.name, database.is_encrypted) == (NAME, True)
    database.close()


def test_a_wrong_password_is_a_sentence_and_keeps_the_name(waiting: QtBot, tmp_path: Path) -> None:
    _encrypted(tmp_path / "a.db")
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    _type(door, "sign_in_name", NAME)
    _type(door, "sign_in_password", "nonsense")
    assert door.run_main()
    assert jobs.wait_all()
    assert "not right" in _said(door)
    assert door.password.name.input.value() == NAME
    assert door.button.isEnabled()


def test_the_name_is_mended_and_the_wrong_password_is_typed_over(waiting: QtBot, tmp_path: Path) -> None:
    """Behind dots nobody sees that the new password was typed behind the old one."""
    _encrypted(tmp_path / "a.db")
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    _type(door, "sign_in_password", "nonsense")
    door.run_main()
    assert _said(door) == "Type your name and your password or PIN"
    waiting.waitUntil(door.password.name.input.hasFocus)
    type_text(None, NAME)
    press(door.password.name.input, Qt.Key.Key_Return)
    type_text(None, PASSWORD)
    assert door.password.password.input.value() == PASSWORD


@pytest.mark.parametrize(("harm", "words"), [("missing", "is missing"), ("damaged", "is damaged")])
def test_trouble_with_the_keys_says_what_to_do(waiting: QtBot, tmp_path: Path, harm: str, words: str) -> None:
    _encrypted(tmp_path / "a.db")
    if harm == "missing":
        (tmp_path / "keys.json").unlink()
    else:
        (tmp_path / "keys.json").write_text("{")
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    _type(door, "sign_in_name", NAME)
    _type(door, "sign_in_password", PASSWORD)
    door.run_main()
    assert jobs.wait_all()
    assert words in _said(door)


def test_the_door_says_one_moment_until_the_page_is_there(
    waiting: QtBot, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    door = SignIn(str(sqlite_database.path))
    _show(waiting, door)
    assert jobs.wait_all()
    with waiting.waitSignal(door.opened):
        press(door.choose.people, Qt.Key.Key_Return)
    assert not door.run_main(), "a second press does nothing"
    waiting.waitUntil(lambda: door.button.said() == "One moment…")
    door.release()
    assert door.button.said() == "Sign in"
    assert door.button.isEnabled()


def test_people_of_a_plain_file_are_chosen(waiting: QtBot, sqlite_database: Database, centre: Centre, by: Team) -> None:
    door = SignIn(str(sqlite_database.path))
    _show(waiting, door)
    assert jobs.wait_all()
    came: list[Actor] = []
    door.opened.connect(lambda database, actor: _note(came, database, actor))
    assert by.coordinator.user_id is not None
    door.choose.people.select(by.coordinator.user_id)
    press(door.choose.people, Qt.Key.Key_Return)
    assert jobs.wait_all()
    assert [actor.name for actor in came] == ["coordinator"]


def test_what_people_do_is_said_in_the_language_chosen_at_the_door(
    waiting: QtBot, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    door = SignIn(str(sqlite_database.path))
    _show(waiting, door)
    assert jobs.wait_all()
    door.choose.people.select(by.storekeeper.user_id)
    switch_language("uk")
    QApplication.processEvents()
    (row,) = [item for item in door.choose.people.items() if item.data == by.storekeeper.user_id]
    assert (row.right, door.choose.chosen()) == ("склад", by.storekeeper.user_id)
    assert door._database is not None
    door._database.close()


def test_the_recovery_code_lets_in_with_a_new_password(waiting: QtBot, tmp_path: Path) -> None:
    code = _encrypted(tmp_path / "a.db")
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    came: list[Actor] = []
    door.opened.connect(lambda database, actor: _note(came, database, actor))
    door.forgotten.click()
    assert door.recovery is not None
    _type(door, "recovery_code", "12345")
    door.run_main()
    assert "50 digits" in door.recovery.code.problem_text()
    door.recovery.code.input.set_value(code)
    door.run_main()
    assert jobs.wait_all()
    _type(door, "password", "другие три слова")
    _type(door, "again", "другие три слова")
    door.run_main()
    assert jobs.wait_all()
    assert [actor.name for actor in came] == [NAME]
    assert signing_in.unlock(str(tmp_path / "a.db"), name=NAME, password="другие три слова").user_id is not None


def test_broken_settings_of_the_machine_are_said(waiting: QtBot, tmp_path: Path, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[[[")
    _encrypted(tmp_path / "a.db")
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    assert "settings of this computer" in _said(door)


def test_the_language_changes_with_everything_typed_still_there(waiting: QtBot, tmp_path: Path) -> None:
    _encrypted(tmp_path / "a.db")
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    _type(door, "sign_in_name", NAME)
    _child(door, "language_ru").click()  # type: ignore[attr-defined]
    assert door.title.text() == "Кто за этим окном?"
    assert door.password.name.input.value() == NAME
    assert settings.read().settings.language == "ru"


def test_a_database_that_cannot_be_looked_at_is_a_sentence_and_one_key(window_kit: QtBot, tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble) as error:
        addresses.kind_of(str(tmp_path))
    door = ShutDoor(error.value)
    _show(window_kit, door)
    tried: list[bool] = []
    door.tried_again.connect(lambda: tried.append(True))
    assert "cannot be read" in door.second.text()
    assert door.run_main()
    assert tried == [True]


# ── lock ─────────────────────────────────────────────────────────────────────────────────────────


class FormPage(Page):
    """A form that is half filled."""

    name = "desk"

    def __init__(self) -> None:
        super().__init__()
        self.field = TextInput(name="half_typed")
        self.root.addWidget(self.field)


def _locked_window(qtbot: QtBot) -> tuple[MainWindow, FormPage]:
    def make() -> Lock:
        lock = Lock()
        lock.unlocked.connect(jobs.use_actor)
        lock.unlocked.connect(lambda actor: window.uncover(actor))
        return lock

    page = FormPage()
    window = MainWindow([PageEntry("desk", page.title, "scan-line", lambda: page)], make)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.start(jobs.actor())
    page.field.setFocus()
    type_text(page.field, "Ткаченко Мария")
    window.lock()
    assert jobs.wait_all()
    return window, page


def _lock_of(window: MainWindow) -> Lock:
    lock = window.findChild(Lock)
    assert lock is not None
    return lock


def test_locked_nothing_of_anybody_is_visible_and_the_form_waits(
    jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    jobs_on(sqlite_database, by.registrar)
    window, page = _locked_window(window_kit)
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert not [text for text in shown if "Ткаченко" in text]
    assert not page.field.isVisible()
    assert window.press(Key.MAIN)
    assert jobs.wait_all()
    assert not window.is_locked()
    assert page.field.text() == "Ткаченко Мария"
    assert page.field.isVisible()


def test_another_person_goes_on_with_the_same_form(
    jobs_on: JobsOn, window_kit: QtBot, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    jobs_on(sqlite_database, by.at(by.registrar, centre.windows[1]))
    window, page = _locked_window(window_kit)
    lock = _lock_of(window)
    assert by.shift_lead.user_id is not None
    lock.choose.people.select(by.shift_lead.user_id)
    window.press(Key.MAIN)
    assert jobs.wait_all()
    assert (jobs.actor().name, jobs.actor().desk_id) == ("shift_lead", centre.windows[1])
    assert page.field.text() == "Ткаченко Мария"


def test_on_an_encrypted_file_the_lock_asks_for_the_pin_and_counts_tries(
    jobs_on: JobsOn, window_kit: QtBot, tmp_path: Path
) -> None:
    _encrypted(tmp_path / "a.db")
    unlocked = signing_in.unlock(str(tmp_path / "a.db"), name=NAME, password=PASSWORD)
    database = open_database(tmp_path / "a.db", key=unlocked.key)
    assert unlocked.user_id is not None
    enter = partial(signing_in.enter, by=addresses.stranger(wall_clock), request_id=new_id())
    actor = database.write(partial(enter, user_id=unlocked.user_id)).actor
    draft = UserDraft("Марина", frozenset({Role.REGISTRAR}))
    database.write(partial(accounts.add_user, by=actor, request_id=new_id(), draft=draft, password="4711"))
    jobs_on(database, actor)
    window, _page = _locked_window(window_kit)
    lock = _lock_of(window)
    _type(lock, "sign_in_name", "марина")
    _type(lock, "sign_in_password", "0000")
    window.press(Key.MAIN)
    assert jobs.wait_all()
    assert "4 tries are left" in _said(lock)
    _type(lock, "sign_in_password", "4711")
    window.press(Key.MAIN)
    assert jobs.wait_all()
    assert jobs.actor().name == "Марина"


# ── the first run ────────────────────────────────────────────────────────────────────────────────


def test_the_first_run_makes_a_centre_by_keyboard(waiting: QtBot, tmp_path: Path) -> None:
    address = tmp_path / "data" / "aidtrack.db"
    run = FirstRun(str(address))
    _show(waiting, run)
    came: list[tuple[Database, Actor]] = []
    run.opened.connect(lambda database, actor: came.append((database, actor)))
    run.run_main()
    _type(run, "name", "Школа № 12")
    run.run_main()
    _type(run, "coordinator", NAME)
    _type(run, "password", PASSWORD)
    _type(run, "again", PASSWORD)
    run.run_main()
    type_text(run, "1")
    run.run_main()
    assert jobs.wait_all(60_000)
    shown = _child(run, "recovery_code_shown")
    assert isinstance(shown, QLabel)
    assert signing_in.unlock_by_code(str(address), shown.text()).key
    assert not run.main_button.isEnabled()
    run.code.kept.click()
    run.run_main()
    ((database, actor),) = came
    assert (actor.name, database.is_encrypted) == (NAME, True)
    assert len(database.read(lambda s: stock.item_rows(s, actor))) > 20
    here = settings.read().settings
    assert (here.database, here.site_id, here.site_name) == (str(address), actor.site_id, "Школа № 12")
    database.close()


def test_problems_of_a_step_stand_beside_its_fields_all_at_once(waiting: QtBot, tmp_path: Path) -> None:
    run = FirstRun(str(tmp_path / "aidtrack.db"))
    _show(waiting, run)
    run.run_main()
    run.run_main()
    assert "name" in run.centre.form.field("name").problem_text()
    _type(run, "name", "Школа")
    run.run_main()
    _type(run, "password", "short")
    _type(run, "again", "other")
    run.run_main()
    assert all(run.coordinator.form.field(name).problem_text() for name in ("coordinator", "password", "again"))
    assert not (tmp_path / "aidtrack.db").exists()


def test_going_back_and_another_language_lose_nothing(waiting: QtBot, tmp_path: Path) -> None:
    run = FirstRun(str(tmp_path / "aidtrack.db"))
    _show(waiting, run)
    run.run_main()
    _type(run, "name", "Школа № 12")
    press(run, Qt.Key.Key_Escape)
    type_text(run, "2")
    assert i18n.language() == "uk"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Скасувати", "a printer asks in the same language"
    run.run_main()
    assert run.centre.draft().name == "Школа № 12"


def test_a_folder_that_cannot_be_written_is_said_and_nothing_typed_is_lost(waiting: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    run = FirstRun(str(tmp_path / "file" / "aidtrack.db"))
    _show(waiting, run)
    run.centre.form.fill({"name": "Школа"})
    run.coordinator.form.fill({"coordinator": NAME, "password": PASSWORD, "again": PASSWORD})
    for _ in range(4):
        run.run_main()
    assert jobs.wait_all(60_000)
    trouble = _child(run, "first_run_trouble")
    assert trouble.isVisible()
    assert run.coordinator.name_and_password() == (NAME, PASSWORD)
    assert run.main_button.isEnabled()


def test_the_printed_code_fills_a_page(window_kit: QtBot) -> None:
    paper = QImage(800, 1100, QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    draw_code(paper, "0123456789" * 5, "Школа № 12")
    dark = sum(paper.pixelColor(x, y).lightness() < 128 for x in range(0, 800, 4) for y in range(0, 1100, 4))
    assert dark > 200
    assert QPainter(paper).end()


def test_the_printer_of_the_code_lives_as_long_as_its_dialog(
    window_kit: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first thing a coordinator presses: a printer that was gone by then ended the program, and the code was lost."""
    made: list[weakref.ref[QPrinter]] = []

    class Watched(QPrinter):
        def __init__(self, mode: QPrinter.PrinterMode) -> None:
            super().__init__(mode)
            made.append(weakref.ref(self))

    monkeypatch.setattr(recovery, "QPrinter", Watched)
    parent = QWidget()
    window_kit.addWidget(parent)
    dialog = print_code(parent, "0123456789" * 5, "Школа № 12")
    gc.collect()
    printer = made[0]()
    assert printer is not None
    printer.setOutputFileName(str(tmp_path / "code.pdf"))
    dialog.accepted.emit(printer)
    assert (tmp_path / "code.pdf").stat().st_size > 1000
    dialog.close()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_step_fits_the_smallest_window(waiting: QtBot, tmp_path: Path, lang: str) -> None:
    i18n.use(lang)
    run = FirstRun(str(tmp_path / "aidtrack.db"))
    waiting.addWidget(run)
    hint = run.minimumSizeHint()
    assert (hint.width() <= 1024, hint.height() <= 700) == (True, True)
    QApplication.processEvents()


def test_ids_of_people_are_chosen_not_names(window_kit: QtBot) -> None:
    from aidtrack.services.signing_in import PersonRow
    from aidtrack.ui.sign_in import ChoosePane

    pane = ChoosePane()
    window_kit.addWidget(pane)
    one, two = UUID(int=1), UUID(int=2)
    pane.show_people([PersonRow(one, "Ольга", (Role.AUDITOR,)), PersonRow(two, "Ольга", (Role.AUDITOR,))], two)
    assert pane.chosen() == two


# ── a file of the version before ──


def _of_before(database: Database) -> None:
    """The tables as the version before this one left them."""
    migrate.upgrade(database, to=f"{int(head()) - 1:04}")


def test_a_plain_file_of_the_version_before_is_upgraded_by_one_key(
    waiting: QtBot, sqlite_database: Database, centre: Centre, by: Team
) -> None:
    path = sqlite_database.path
    assert path is not None
    _of_before(sqlite_database)
    sqlite_database.close()
    door = SignIn(str(path))
    _show(waiting, door)
    assert jobs.wait_all()
    assert "earlier AidTrack" in _said(door)
    assert door.button.said() == "Upgrade"
    assert door.run_main()
    assert jobs.wait_all(60_000)
    assert _said(door) == ""
    assert len(door.choose.people.items()) > 0
    assert list(path.parent.glob("*.before-*"))


def test_an_encrypted_file_of_the_version_before_is_upgraded_and_entered(waiting: QtBot, tmp_path: Path) -> None:
    _encrypted(tmp_path / "a.db")
    unlocked = signing_in.unlock(str(tmp_path / "a.db"), name=NAME, password=PASSWORD)
    database = open_database(tmp_path / "a.db", key=unlocked.key)
    _of_before(database)
    database.close()
    door = SignIn(str(tmp_path / "a.db"))
    _show(waiting, door)
    came: list[tuple[Database, Actor]] = []
    door.opened.connect(lambda database, actor: came.append((database, actor)))
    _type(door, "sign_in_name", NAME)
    _type(door, "sign_in_password", PASSWORD)
    assert door.run_main()
    assert jobs.wait_all(60_000)
    assert came == []
    assert door.run_main()
    assert jobs.wait_all(60_000)
    waiting.waitUntil(lambda: bool(came), timeout=20_000)
    ((database, actor),) = came
    assert actor.name == NAME
    database.close()


@pytest.mark.parametrize(
    ("screen", "has"), [((1366, 768), False), ((1366, 728), False), ((1024, 768), False), ((1920, 1080), True)]
)
def test_a_window_too_large_for_the_screen_takes_the_whole_of_it(screen: tuple[int, int], has: bool) -> None:
    """A title bar pushed the keys at the bottom under the edge of an old laptop."""
    assert shell.has_room(QSize(*screen), shell.USUAL) == has


def test_the_first_window_of_a_small_screen_is_as_large_as_the_screen(
    window_kit: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shell, "_kept", lambda: QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    asked: list[QSize] = []
    for has in (True, False, True):

        def has_room(_screen: QSize, window: QSize, *, has: bool = has) -> bool:
            asked.append(window)
            return has

        monkeypatch.setattr(shell, "has_room", has_room)
        made = shell.Shell("#FFFFFF")
        window_kit.addWidget(made)
        assert made.isMaximized() != has
        made.showNormal()
        made.resize(1024, 710)
        made.close()
    assert asked == [shell.USUAL, QSize(1024, 710), QSize(1024, 710)], "what was kept may be of a larger screen"
