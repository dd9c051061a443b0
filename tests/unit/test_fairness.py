"""The published order keeps its promises on seeded days, and the orders it is compared with do not. `make bench` plays more days."""

from __future__ import annotations

import pytest

from aidtrack.domain.queueing import Lane
from tests.bench.fairness import (
    QUICK,
    Waits,
    compared,
    families,
    first_come,
    play,
    published,
    strict,
    told_right,
)

DAYS = 3


@pytest.fixture(scope="module")
def orders() -> dict[tuple[float, str], Waits]:
    return {(row.share, row.order): row for row in compared(DAYS, (0.2, 0.4))}


@pytest.mark.parametrize("share", [0.2, 0.4])
def test_the_published_order_is_quick_cheap_and_forgets_nobody(orders: dict[tuple[float, str], Waits], share: float) -> None:
    row = orders[share, published.__name__]
    assert row.holds, row


def test_in_the_order_of_coming_the_old_stand_too_long(orders: dict[tuple[float, str], Waits]) -> None:
    assert orders[0.2, first_come.__name__].first_p90 > QUICK


def test_with_everything_for_those_served_first_the_others_pay_more(orders: dict[tuple[float, str], Waits]) -> None:
    theirs, ours = orders[0.4, strict.__name__], orders[0.4, published.__name__]
    assert theirs.ordinary_p90 > ours.ordinary_p90 + 5


def test_everybody_is_called_and_served_once() -> None:
    day = play(families(7, 0.2), published)
    assert all(one.waits and not one.visits and not one.absent for one in day)
    assert {one.lane for one in day} == set(Lane)


def test_what_people_are_told_is_true_for_nine_in_ten() -> None:
    assert 0.85 <= told_right(6) <= 0.95
