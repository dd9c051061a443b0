"""What is best done with a batch that has a last day, said alike on the papers that list such batches (R5, R7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from aidtrack.domain.stock import SOON_DAYS
from aidtrack.errors import Names, Text


class Batch(Protocol):
    """A batch of an item and its days left, below zero when they are over."""

    @property
    def names(self) -> Names: ...

    @property
    def lot(self) -> str: ...

    @property
    def days(self) -> int: ...


def advice(batch: Batch, all_of_them: Iterable[Batch], left: int = 0) -> Text:
    """`all_of_them` first expiring first; `left` units would still lie there after the last day."""
    if batch.days < 0:
        return Text("do not give, set aside")
    if left:
        return Text("pass on {n} in time", n=left)
    before = next((other for other in all_of_them if other.names == batch.names and other.days >= 0), batch)
    if before is not batch:
        return Text("after {lot}", lot=before.lot)
    return Text("give first") if batch.days <= SOON_DAYS else Text("in the usual order")
