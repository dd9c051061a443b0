"""Parts that are made piece by piece, so that nobody waits for more than one."""

from __future__ import annotations

from collections.abc import Iterator


def all_of(pieces: Iterator[None]) -> None:
    """All of it now, for whoever does not go through the pieces one by one.

    A part that is made in its place needs the least: what is put together first and moved there has all of it styled anew.
    """
    for _ in pieces:
        pass
