"""What every test of the window gets: the theme, the three languages, a database behind `jobs`, and no state of the test before."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aidtrack import i18n
from aidtrack.domain.actor import Actor
from aidtrack.store.database import Database
from aidtrack.ui import jobs, messages, qt_words, sound, theme

JobsOn = Callable[[Database, Actor], None]


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The name Qt knows the program by."""
    return ["aidtrack"]


@pytest.fixture(autouse=True)
def rings_in_this_thread(few_to_look_at: None) -> Iterator[None]:
    """As in the program, widgets in rings are collected in the thread of the window, never in a worker; and none outlives its test."""
    gc.disable()
    yield
    left = _bury_widgets()
    gc.enable()
    assert left == [], "these windows outlive their test: close them, or let go of what holds them"


def _bury_widgets() -> list[str]:
    """Destroys every widget of the test, and says which of them were windows that nobody had closed for good.

    Nothing in a test runs the event loop that would carry out `deleteLater`; a window that stays is polished again by every theme of
    the tests that follow, each slower than the one before.
    """
    _destroy_closed()
    left = QApplication.topLevelWidgets()
    windows = [f"{type(one).__name__} {one.objectName()}".strip() for one in left if one.windowHandle() is not None]
    for one in left:  # parts that were never shown, and windows already told of
        one.deleteLater()
    del left
    _destroy_closed()
    return windows


def _destroy_closed() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


@pytest.fixture(scope="module")
def few_to_look_at() -> None:
    """What lived before these tests need not be looked at after each of them."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def window_kit(qtbot: QtBot, qapp: QApplication) -> Iterator[QtBot]:
    """Theme, English, and no message of the test before."""
    i18n.use("en")
    theme.apply(qapp, "light")
    messages.forget()
    yield qtbot
    messages.forget()
    i18n.use("en")
    qt_words.speak("en")


@pytest.fixture(autouse=True)
def heard() -> Iterator[list[bytes]]:
    """What a test would have heard; no test asks a real sound device."""
    sounds: list[bytes] = []
    sound.use(sounds.append)
    yield sounds
    sound.use(sounds.append)


@pytest.fixture
def jobs_on(window_kit: QtBot) -> Iterator[JobsOn]:
    """`jobs_on(database, actor)`: questions of the window go there; everything is waited for at the end of the test."""

    def start(database: Database, actor: Actor) -> None:
        jobs.start(database, actor, watch=True)

    yield start
    jobs.wait_all()
    jobs.stop()
