"""A badge at the window: the first scan asks a name, the next ones four digits; work that was begun stays; five wrong tries end it."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.domain.badges import badge_code
from aidtrack.domain.ids import new_id
from aidtrack.services import badges
from aidtrack.services.badges import BadgeRow
from aidtrack.store.accounts import Badge
from aidtrack.store.database import Database
from aidtrack.ui import jobs
from aidtrack.ui.inputs import TextInput
from aidtrack.ui.main_window import MainWindow, PageEntry
from aidtrack.ui.page import Key, Page
from aidtrack.ui.scanner import as_scanned
from aidtrack.ui.sign_in import Lock
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import scan, type_text

RU = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?#",
    "йцукенгшщзхъфывапролджэячсмитьбю.ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,№",
)
UK = str.maketrans(
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?#",
    "йцукенгшщзхїфівапролджєячсмитьбю.ЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮ,№",
)


class HalfTyped(Page):
    """A page with a form somebody is in the middle of."""

    name = "desk"

    def __init__(self) -> None:
        super().__init__()
        self.field = TextInput(name="half")
        self.root.addWidget(self.field)


class Window:
    """A window at work, and a badge in somebody's hand."""

    def __init__(self, database: Database, by: Team) -> None:
        self.database, self.by = database, by
        self.window = MainWindow([PageEntry("desk", HalfTyped.title, "info", HalfTyped)], self._lock)
        self.came: list[Actor] = []
        self._moment = 0.0
        self.window.scanner.pace.clock = lambda: self._moment  # a busy machine must not turn a scan into typing

    def _lock(self) -> QWidget:
        lock = Lock()
        lock.unlocked.connect(self._unlocked)
        return lock

    def _unlocked(self, actor: Actor) -> None:
        self.came.append(actor)
        jobs.use_actor(actor)
        self.window.uncover(actor)

    def badge(self, role: Role = Role.DISTRIBUTOR) -> tuple[BadgeRow, str]:
        make = partial(badges.make_badges, by=self.by.coordinator, request_id=new_id(), role=role, count=1)
        (badge,) = self.database.write(make)
        return badge, badge_code(self.database.read(lambda s: s.get_one(Badge, badge.id).token))

    def lock(self) -> Lock:
        cover = self.window.findChild(Lock)
        assert cover is not None
        return cover

    def scan(self, code: str) -> None:
        self._moment += 1
        scan(None, code)
        jobs.wait_all()

    def type(self, field: QWidget, text: str) -> None:
        """A hand is slower than a scanner."""
        for letter in text:
            self._moment += 1
            type_text(field, letter)

    def type_pin(self, pin: str) -> None:
        self.type(self.lock().badge.pin.input, pin)
        jobs.wait_all()

    def trouble(self) -> str:
        return self.lock().trouble.text()


@pytest.fixture
def work(window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team) -> Window:
    jobs_on(sqlite_database, by.registrar)
    work = Window(sqlite_database, by)
    window_kit.addWidget(work.window)
    work.window.show()
    work.window.start(by.registrar)
    jobs.wait_all()
    page = work.window.page()
    assert isinstance(page, HalfTyped)
    page.field.setFocus()
    work.type(page.field, "Ткач")
    return work


def test_another_badge_takes_over_and_the_half_filled_form_stays(work: Window) -> None:
    _badge, code = work.badge()
    work.scan(code)
    assert work.window.is_locked()
    assert work.lock().badge.whose.text() == "Badge 01 · hand-over"
    work.type(work.lock().badge.name.input, "Ольга К.")
    work.type_pin("4821")
    assert [(one.name, set(one.roles)) for one in work.came] == [("Ольга К.", {Role.DISTRIBUTOR})]
    assert not work.window.is_locked()
    page = work.window.page()
    assert isinstance(page, HalfTyped)
    assert page.field.text() == "Ткач"


@pytest.mark.parametrize("layout", [str.maketrans({}), RU, UK], ids=["en", "ru", "uk"])
def test_the_same_badge_opens_the_locked_screen_under_any_layout(work: Window, layout: dict[int, int]) -> None:
    _badge, code = work.badge()
    work.scan(code)
    work.type(work.lock().badge.name.input, "Ольга К.")
    work.type_pin("4821")
    work.window.press(Key.LOCK)
    assert as_scanned(code.translate(layout)) == code
    work.scan(code.translate(layout))
    assert work.lock().badge.whose.text() == "Ольга К. · hand-over"
    work.type_pin("4821")
    assert len(work.came) == 2


def test_wrong_digits_are_counted_in_sight_and_the_fifth_ends_the_badge(work: Window) -> None:
    _badge, code = work.badge()
    work.scan(code)
    work.type(work.lock().badge.name.input, "Ольга К.")
    work.type_pin("4821")
    work.window.press(Key.LOCK)
    work.scan(code)
    for left in ("4 tries are left", "3 tries are left", "2 tries are left", "1 try is left", "0 tries are left"):
        work.type_pin("0000")
        assert left in work.trouble()
    work.type_pin("4821")
    assert "dead after 5 wrong tries" in work.trouble()
    assert len(work.came) == 1


def test_a_guessable_pin_keeps_the_name(work: Window) -> None:
    _badge, code = work.badge()
    work.scan(code)
    work.type(work.lock().badge.name.input, "Ольга К.")
    work.type_pin("1234")
    assert "harder to guess" in work.trouble()
    assert work.lock().badge.name.input.text() == "Ольга К."
    work.type_pin("4821")
    assert len(work.came) == 1


def test_a_card_at_the_locked_screen_is_no_badge(work: Window) -> None:
    work.window.press(Key.LOCK)
    work.scan("482117905570")
    assert "not a badge" in work.trouble()
    assert work.window.is_locked()
