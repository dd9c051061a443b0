"""Where a scanned code goes: to the door in front of the work, as a badge to whoever waits for one, else to the page shown or the Desk.

F1 takes it from a camera.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidtrack.domain.badges import token_of

if TYPE_CHECKING:
    from aidtrack.ui.main_window import MainWindow


def route(window: MainWindow, code: str) -> None:
    """Gives the code to the one that takes it; in a pause only badges are taken."""
    page = window.page()
    if window.is_locked():
        _at_door(window, code)
    elif token_of(code) is not None:
        if page is None or window.state().is_paused or not page.on_badge(code):
            window.lock()  # another operator wants to work here: what is half typed is kept
            _at_door(window, code)
    elif page is not None and not window.state().is_paused and not page.on_scan(code):
        desk = window.page("desk")
        if desk is not None and desk is not page:
            window.go("desk")
            desk.on_scan(code)


def by_camera(window: MainWindow) -> None:
    """Opens the camera: what it reads goes the way of every scan."""
    from aidtrack.ui.camera_panel import look  # only whoever has a camera waits for it

    look(window, window.scanner)


def _at_door(window: MainWindow, code: str) -> None:
    """The door takes it, if it is one where somebody comes in."""
    scanned = getattr(window.door(), "on_scan", None)
    if scanned is not None:
        scanned(code)
