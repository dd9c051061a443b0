"""What may stand before the frame: sign-in, lock, first run. Owns what the frame asks of it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Cover(Protocol):
    """A door in front of the work has one thing to do: coming in."""

    def run_main(self) -> bool:
        """Does what F9 does here; False when it cannot be done now."""
        ...
