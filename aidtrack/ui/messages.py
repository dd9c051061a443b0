"""The only door to the person at the window: what was done, what wants attention, what is our fault.

Owns what is said and its treatment; the line at the bottom of the window shows it. A page never opens a box of its own for this.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from aidtrack.clock import wall_clock
from aidtrack.errors import (
    AidTrackError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refused,
    StoreTrouble,
    SyncRefused,
    Text,
)
from aidtrack.ui import jobs, sound

Run = Callable[[], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """One thing said. `tone`: done · attention · fault (fills the line until it is answered)."""

    text: Text | str
    tone: str = "done"
    icon: str = "circle-check"
    word: Text | str = ""
    key: str = ""
    run: Run | None = None
    at: datetime | None = None


class _Line(QObject):
    """Who shows messages listens here."""

    said = Signal(object)
    bug = Signal(object)


line = _Line()
_earlier: deque[Message] = deque(maxlen=30)
_current: Message | None = None


def done(text: Text | str, *, undo: Run | None = None, icon: str = "circle-check") -> None:
    """Something was done; with `undo`, Ctrl+Z takes it back."""
    word, key = (Text("Undo"), "Ctrl+Z") if undo else ("", "")
    _say(Message(text, "done", icon, word, key, undo, wall_clock()))


def attention(text: Text | str, *, action: tuple[Text | str, Run] | None = None, icon: str = "message-square-text") -> None:
    """Something wants a look; nobody did anything wrong."""
    word, run = action or ("", None)
    _say(Message(text, "attention", icon, word, "", run, wall_clock()))


def fault(text: Text | str, *, action: tuple[Text | str, Run] | None = None, icon: str = "triangle-alert") -> None:
    """Something of ours failed; it stays until somebody answers."""
    sound.play(sound.Tone.LOW)
    word, run = action or (Text("Understood"), clear)
    _say(Message(text, "fault", icon, word, "", run, wall_clock()))


def show_error(error: BaseException, retry: Run | None = None) -> None:
    """The one treatment of each family of errors."""
    again: tuple[Text | str, Run] | None = (Text("Once more"), retry) if retry else None
    match error:
        case StoreTrouble() | SyncRefused():
            fault(error.text, action=again, icon="hard-drive")
        case InvalidInput():
            attention(error.text, icon="circle-alert")
        case Conflict():
            attention(error.text, action=again, icon="refresh-cw")
        case NotAllowed():
            attention(error.text, icon="lock")
        case Refused() | NotFound() | AidTrackError():
            attention(error.text, action=again)
        case _:
            _log.error("a fault of ours", exc_info=error)
            line.bug.emit(error)


def clear() -> None:
    """Nothing to say."""
    global _current
    _current = None
    line.said.emit(None)


def current() -> Message | None:
    """What is said now."""
    return _current


def earlier() -> list[Message]:
    """What was said before, newest first."""
    return list(_earlier)


def undo() -> bool:
    """Runs the undo of what was said last; False if there is none. It can be run once."""
    message = _current
    if message is None or message.tone != "done" or message.run is None:
        return False
    clear()
    message.run()
    return True


def forget() -> None:
    """Nothing said, nothing kept: somebody else sits here now."""
    _earlier.clear()
    clear()


def _say(message: Message) -> None:
    global _current
    _current = message
    _earlier.appendleft(message)
    line.said.emit(message)


jobs.on_error = show_error
