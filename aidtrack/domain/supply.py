"""How goods last: what of a batch is left on its last day, what is best done with it, and how many units so many families will need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from aidtrack.domain.stock import SOON_DAYS
from aidtrack.errors import Names, Text


@dataclass(frozen=True, slots=True)
class LotAhead:
    """A batch on the shelf and its last day, if it has one."""

    quantity: int
    use_by: date | None


def left_over(lots: Sequence[LotAhead], a_day: int, day: date) -> tuple[int, ...]:
    """Of each batch what will still lie there after its last day, when `a_day` units leave every day from tomorrow on, first expiring
    first. A batch past its day is left whole; one without a day leaves nothing over. In the order of `lots`.
    """
    order = sorted(range(len(lots)), key=lambda n: (lots[n].use_by is None, lots[n].use_by or date.max, n))
    found, gone = [0] * len(lots), 0
    for n in order:
        last = lots[n].use_by
        if last is not None:
            can_leave = max(a_day * max((last - day).days, 0) - gone, 0)
            found[n] = max(lots[n].quantity - can_leave, 0)
        gone += lots[n].quantity - found[n]
    return tuple(found)


class Batch(Protocol):
    """A batch of an item and its days left, below zero when they are over."""

    @property
    def names(self) -> Names: ...

    @property
    def lot(self) -> str: ...

    @property
    def days(self) -> int: ...


def advice(batch: Batch, in_order: Iterable[Batch], left: int = 0) -> Text:
    """What is best done with a batch that has a last day, `in_order` first expiring first; `left` units would still lie there after it."""
    if batch.days < 0:
        return Text("do not give, set aside")
    if left:
        return Text("pass on {n} in time", n=left)
    before = next((other for other in in_order if other.names == batch.names and other.days >= 0), batch)
    if before is not batch:
        return Text("after {lot}", lot=before.lot)
    return Text("give first") if batch.days <= SOON_DAYS else Text("in the usual order")


def to_ask_for(families: int, units: int, of_families: int) -> int:
    """The units so many families need, where `of_families` together take `units`; rounded up, and nothing where nobody is known."""
    return -(-families * units // of_families) if of_families else 0
