"""Rings when somebody saved something, at this desk or another. What was saved the journal tells; the bell says only that it is time.

On a file it looks at SQLite's `data_version`; on a server it listens on a connection of its own. A bell that is broken is no loss: then
`wait` simply lasts as long as it was told to, and the bell is made again.
"""

from __future__ import annotations

import logging
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger(__name__)
SAVED = "aidtrack_saved"
"""What a server calls out to every desk that listens, when a transaction that wrote is committed."""
POLL_S = 0.1


class _Bell(Protocol):
    def wait(self, hand: socket.socket, seconds: float) -> None: ...


class Doorbell:
    """One thread waits, any thread may `ring`. Nothing is asked of the database before the first `wait`."""

    def __init__(self, connect: Callable[[], Any], driver_error: type[Exception], *, is_file: bool) -> None:
        self._connect, self._is_file = connect, is_file
        self._broken = (driver_error, SQLAlchemyError, OSError)
        self._driver: Any = None
        self._bell: _Bell | None = None
        self._is_told = False
        self._hand, self._ringing = socket.socketpair()
        self._hand.setblocking(False)

    def wait(self, seconds: float) -> None:
        """Returns when somebody saved or rang, at the latest after `seconds`; at once after the bell was made (again)."""
        try:
            if self._bell is None:
                self._make()
            else:
                self._bell.wait(self._hand, seconds)
        except self._broken as error:
            self._say_broken(error)
            self.mend()
            self.rest(seconds)
        self._quiet()

    def rest(self, seconds: float) -> None:
        """Waits for a hand alone: whoever just looked lets others work."""
        select.select([self._hand], [], [], seconds)

    def ring(self) -> None:
        """Ends the waiting now."""
        self._ringing.send(b"!")

    def mend(self) -> None:
        """Lets go of the connection; the next `wait` makes another."""
        driver, self._driver, self._bell = self._driver, None, None
        if driver is not None:
            driver.close()

    def close(self) -> None:
        """No more waiting; only after the thread that waits has ended."""
        self.mend()
        self._hand.close()
        self._ringing.close()

    def _make(self) -> None:
        self._driver = self._connect()
        self._bell = _FileBell(self._driver) if self._is_file else _ServerBell(self._driver)
        self._is_told = False

    def _say_broken(self, error: Exception) -> None:
        """Once, not at every try: what reads meanwhile says it to people."""
        if not self._is_told:
            self._is_told = True
            _log.info("news come a little later: the bell is broken", exc_info=error)

    def _quiet(self) -> None:
        with suppress(BlockingIOError):  # then nobody rang: the time is over, or somebody saved
            self._hand.recv(4096)


class _FileBell:
    """SQLite counts what other connections committed; asking costs microseconds and locks nothing."""

    def __init__(self, driver: Any) -> None:
        self._cursor = driver.cursor()
        self._version = self._now()

    def wait(self, hand: socket.socket, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self._now() == self._version and (left := until - time.monotonic()) > 0:
            if select.select([hand], [], [], min(POLL_S, left))[0]:
                break
        self._version = self._now()

    def _now(self) -> int:
        version: int = self._cursor.execute("PRAGMA data_version").fetchone()[0]
        return version


class _ServerBell:
    """The server tells whoever listens; several saves may come as one."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        driver.autocommit = True
        driver.execute(f"LISTEN {SAVED}")

    def wait(self, hand: socket.socket, seconds: float) -> None:
        if self._driver in select.select([self._driver, hand], [], [], seconds)[0]:
            for _ in self._driver.notifies(timeout=0):
                pass
