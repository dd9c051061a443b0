"""Tables that ship with the program under resources/: each is read once, when first asked for, and never changes.

Owns where they lie and how their lines are split; what the columns mean is known to whoever asks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a tab-separated table, «names/given.tsv», without the comments on its source and licence."""
    lines = (RESOURCES / name).read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line and not line.startswith("#"))
