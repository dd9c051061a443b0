"""What stands before the window and over it: first run, sign-in in each form, the locked screen, a pause, trouble, the big screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aidtrack.demo.centre import DAY
from aidtrack.domain.days import DayState
from aidtrack.errors import StoreTrouble, Text
from aidtrack.services import overview
from aidtrack.services.public_board import public_board
from aidtrack.ui import crash, jobs, messages
from aidtrack.ui.camera_panel import CameraPanel
from aidtrack.ui.dashboard import DashboardScreen
from aidtrack.ui.first_run import FirstRun
from aidtrack.ui.pages.queue.public_screen import PublicScreen
from aidtrack.ui.recovery import RecoveryPane
from aidtrack.ui.sign_in import Lock, ShutDoor, SignIn
from tests.screenshots.day import LATE_MORNING

if TYPE_CHECKING:
    from aidtrack.ui.big_screen import BigScreen
    from tests.screenshots.studio import Studio


def fault(studio: Studio) -> None:
    """Ours: red, and told in words."""
    studio.page("desk")
    messages.fault(Text("The disk is full: nothing was saved. Free some space, then press the key again."))
    studio.shoot("fault")
    messages.clear()


def attention(studio: Studio) -> None:
    """One sentence, and what can be pressed."""
    words = Text("Battery {n} %: print the paper kit before the screen goes dark.", n=14)
    messages.attention(words, action=(Text("Print the kit"), lambda: None), icon="zap")
    studio.shoot("attention")
    messages.clear()


def mistake(studio: Studio) -> None:
    """A bug, with its report."""
    crash.CrashDialog(studio.window, crash.report_of(ZeroDivisionError())).open()
    studio.shoot("crash", "crash")
    studio.tidy()


def camera(studio: Studio) -> None:
    """In place of a scanner; where there is no camera it says so."""
    panel = CameraPanel(studio.window, studio.window.scanner)
    panel.open()
    studio.shoot("camera", "camera")
    studio.tidy()


def pause(studio: Studio) -> None:
    """The page gives way."""
    state = studio.window.state()
    studio.window.show_state(replace(state, state=DayState.PAUSED, paused_since=LATE_MORNING))
    studio.shoot("pause", "pause_screen")
    studio.window.show_state(state)


def board(studio: Studio) -> None:
    """What everybody in the room reads, at its own size; in a pause one sentence."""
    shown = PublicScreen()
    _big(studio, shown, "board")
    now = jobs.database().read(lambda session: public_board(session, jobs.actor()))
    shown.show_board(replace(now, is_paused=True))
    studio.keep(shown.grab(), "board-pause")
    _gone(studio, shown)


def dashboard(studio: Studio) -> None:
    """The shift at a glance."""
    shown = DashboardScreen()
    _big(studio, shown, "dashboard")
    _gone(studio, shown)


def _big(studio: Studio, shown: BigScreen, name: str) -> None:
    shown.resize(1920, 1080)
    shown.load()
    shown.show()
    studio.settle()
    studio.seen.add(type(shown).__name__)
    studio.keep(shown.grab(), name)


def _gone(studio: Studio, shown: BigScreen) -> None:
    shown.close()
    studio.shell.activateWindow()  # as a window manager does
    studio.settle()


def doors(studio: Studio) -> None:
    """Locked, signing in by choosing, by name and password, by badge, with the recovery code; a file that cannot be opened."""
    _covered(studio, "lock", Lock())
    choosing = SignIn(str(studio.moments["morning"].path))
    _covered(studio, "sign-in", choosing)
    typing = SignIn(str(studio.moments["morning"].path))
    typing.show_pane(typing.password, Text("Type your name and your password or PIN"))
    typing.show_encrypted(True)
    typing.forgotten.show()
    _covered(studio, "sign-in-password", typing, then=lambda: typing.password.focus())
    _badges(studio)
    recovering = SignIn(str(studio.moments["morning"].path))
    pane = RecoveryPane("", recovering._stranger())
    recovering.add_pane(pane)
    recovering.show_pane(pane, Text("Type the recovery code that was printed at the first run"))
    _covered(studio, "sign-in-recovery", recovering, then=pane.focus)
    trouble = StoreTrouble("too-new", Text("This database is of a newer version. Open it with the newer AidTrack."))
    _covered(studio, "cannot-open", ShutDoor(trouble))
    studio.window.uncover(jobs.actor())


def _badges(studio: Studio) -> None:
    """A new badge asks a name, a worn one four digits."""
    figures = jobs.database().read(lambda session: overview.day_badges(session, jobs.actor(), DAY))
    lock = Lock()
    _covered(studio, "badge-new", lock, then=lambda: lock.on_scan(figures.badges[0].code))


def _covered(studio: Studio, name: str, door: QWidget, *, then: Callable[[], object] | None = None) -> None:
    studio.window.cover(door)
    studio.settle()
    if then is not None:
        then()
    studio.shoot(name)


def first_run(studio: Studio) -> None:
    """Every step, without founding anything."""
    first = FirstRun(str(studio.folder / "nowhere.db"))
    studio.window.cover(first)
    for number in range(len(first.steps)):
        first._show_step(number)
        studio.shoot(f"first-run-{number + 1}")
    studio.window.uncover(jobs.actor())


SHOWN: dict[str, Callable[[Studio], None]] = {
    "fault": fault, "attention": attention, "crash": mistake, "camera": camera, "pause": pause, "board": board, "dashboard": dashboard,
    "sign-in lock badge recovery": doors, "first-run": first_run,
}  # fmt: skip
"""By the names of the pictures they make."""
