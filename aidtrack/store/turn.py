"""Several processes on one SQLite file take turns: a lock on `<file>.turn`, asked for before the database is.

The database's own busy handler lets one process wait for seconds while others pass; in a line everybody waits a little (measured).
Windows has no such lock here: there the busy timeout alone decides.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_STEP = 0.001


class Turn:
    """The right to write to one file, one process at a time. Without a file (a server) every turn is free."""

    def __init__(self, database: Path | None) -> None:
        self._path = Path(f"{database}.turn") if database and sys.platform != "win32" else None
        self._handle: int | None = None

    @contextmanager
    def taken(self, seconds: float, refusal: Callable[[], Exception]) -> Iterator[None]:
        """Holds the turn; raises `refusal()` when it does not come within `seconds`."""
        if self._path is None or not self._wait(seconds):
            if self._path is not None:
                raise refusal()
            yield
            return
        try:
            yield
        finally:
            self._release()

    def _wait(self, seconds: float) -> bool:
        import fcntl

        until = time.monotonic() + seconds
        handle = self._open()
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() > until:
                    return False
                time.sleep(_STEP)

    def _open(self) -> int:
        if self._handle is None:
            self._handle = os.open(str(self._path), os.O_RDWR | os.O_CREAT, 0o600)
        return self._handle

    def _release(self) -> None:
        import fcntl

        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Lets go of the lock file; it stays beside the database, empty."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
