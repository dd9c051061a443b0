"""The id a page sends its work under: the same for the same content until it is known what became of it.

Owns no work: pages ask for the id when they send and tell when an answer came.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from aidtrack.domain.ids import new_id
from aidtrack.errors import StoreTrouble

RETRY_S = 60.0
"""A press later than this is another wish, not the same one again."""


class Request:
    """One key pressed again after a lost answer asks for the same thing again, so that nothing is booked twice."""

    def __init__(self) -> None:
        self._id: UUID | None = None
        self._what: Any = None

    @property
    def is_open(self) -> bool:
        """Whether something was sent and nobody knows yet what became of it."""
        return self._id is not None

    def id_of(self, what: Any) -> UUID:
        """The id for this content; other content is another request."""
        if self._id is None or what != self._what:
            self._id, self._what = new_id(), what
        return self._id

    def ended(self, error: BaseException | None = None) -> None:
        """An answer came. When the database was in trouble it may be booked or not, and the id is kept."""
        if not isinstance(error, StoreTrouble):
            self._id = self._what = None


class Requests:
    """Ids where the same key may rightly be pressed twice at once: two numbers at the door are two numbers.

    Only a request whose answer was lost keeps its id for the next press of the same thing, for as long as that is a retry.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lost: list[tuple[Any, UUID, float]] = []

    def id_of(self, what: Any) -> UUID:
        """The id of the lost request for this content, else a new one."""
        self._lost = [one for one in self._lost if self._now() - one[2] < RETRY_S]
        for n, (content, lost, _since) in enumerate(self._lost):
            if content == what:
                del self._lost[n]
                return lost
        return new_id()

    def ended(self, what: Any, request_id: UUID, error: BaseException | None = None) -> None:
        """An answer came; trouble of the database leaves open whether it is booked."""
        if isinstance(error, StoreTrouble):
            self._lost.append((what, request_id, self._now()))
