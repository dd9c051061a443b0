"""The log of this machine: rotating files that tell what happened and where in the code, and nothing about any person.

Words that come as arguments, and messages of exceptions, may hold a name: they are written only as their kind and
length. What is written are the constant words of the code, numbers, ids, codes and the places of a traceback.
"""

from __future__ import annotations

import logging
import os
import traceback
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from uuid import UUID

import platformdirs

from aidtrack.errors import AidTrackError

LARGEST = 1_000_000
KEPT = 5
OURS = "aidtrack"


class Word(str):
    """A word the code itself chose (a table, a page, a format): it may be written as it is."""

    __slots__ = ()


class Elsewhere(RuntimeError):
    """A fault in another process, whose traceback does not cross: its kinds and places as `trace_of` wrote them there."""

    def __init__(self, places: str) -> None:
        super().__init__(places)
        self.places = places


def log_folder() -> Path:
    """Where the log files lie."""
    home = os.environ.get("AIDTRACK_HOME")
    return Path(home) / "log" if home else Path(platformdirs.user_log_dir("AidTrack", appauthor=False))


def start(folder: Path | None = None, *, level: int = logging.INFO) -> Path | None:
    """Logs to a rotating file from now on, once however often it is called; None when it cannot be written, which stops nobody."""
    folder = folder or log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "aidtrack.log", maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    except OSError:
        return None
    stop()
    handler.setFormatter(NamelessFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level)
    logging.captureWarnings(True)
    return folder / "aidtrack.log"


def stop() -> None:
    """Closes the log files this module opened."""
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h.formatter, NamelessFormatter)]:
        root.removeHandler(handler)
        handler.close()
    logging.captureWarnings(False)


class NamelessFormatter(logging.Formatter):
    """Writes a record without anything that could be a person's."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One record: its constant message with harmless arguments, then the places of its exception."""
        safe = logging.makeLogRecord(record.__dict__)
        safe.msg, safe.args = _message(record), None
        safe.exc_info, safe.exc_text, safe.stack_info = None, None, None
        lines = [super().format(safe)]
        if record.exc_info and record.exc_info[1] is not None:
            lines.append(trace_of(record.exc_info[1]))
        return "\n".join(lines)


def trace_of(error: BaseException) -> str:
    """Kinds and places of an exception and its causes, for log and crash report: no values, no messages."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(_kind(current))
        lines.extend(f"  {_place(frame)}" for frame in traceback.extract_tb(current.__traceback__))
        if isinstance(current, Elsewhere):
            lines.append(current.places)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines)


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name} ({error.code})" if isinstance(error, AidTrackError) else name


def _place(frame: traceback.FrameSummary) -> str:
    """File, line and function; only the end of the path, for the beginning holds the name of the machine's user."""
    return f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"


def _message(record: logging.LogRecord) -> str:
    message = record.msg if isinstance(record.msg, str) else f"<{type(record.msg).__name__}>"
    if not record.args:
        return message
    try:
        return str(message % _harmless_all(record.args))
    except (TypeError, ValueError, KeyError):
        return message


def _harmless_all(arguments: Any) -> Any:
    if isinstance(arguments, dict):
        return {key: _harmless(value) for key, value in arguments.items()}
    return tuple(_harmless(value) for value in arguments)


def _harmless(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | UUID | Word):
        return value
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, type):
        return value.__qualname__
    if isinstance(value, AidTrackError):
        return value.code
    if isinstance(value, str | bytes):
        return f"<{type(value).__name__} of {len(value)}>"
    return f"<{type(value).__name__}>"
