"""The id a page sends its work under: the same for the same content until it is known what became of it.

Owns no work: pages ask for the id when they send and tell when an answer came.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aidtrack.domain.ids import new_id
from aidtrack.errors import StoreTrouble


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
