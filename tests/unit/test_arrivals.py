"""Which operations were seen: each number is told once, in whatever order desks finish."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.arrivals import KEPT, Seen


@given(
    st.permutations(range(1, 30)), st.lists(st.integers(1, 6), min_size=30, max_size=30), st.sets(st.integers(1, 29))
)
def test_each_number_is_asked_for_until_it_came_and_never_again(
    order: list[int], steps: list[int], given_up: set[int]
) -> None:
    """The desks finish in any order, some give up; whoever looks asks for the missing and for what is beyond the newest."""
    saved: list[int] = []
    told: list[int] = []
    seen = Seen()
    coming = [one for one in order if one not in given_up]
    for step in steps:
        saved, coming = saved + coming[:step], coming[step:]
        found = [one for one in saved if one > seen.newest or one in seen.missing]
        told += found
        seen = seen.having(found)
    assert sorted(told) == sorted(set(order) - given_up)


def test_what_is_still_being_saved_at_the_start_is_news_when_it_comes() -> None:
    seen = Seen.beginning([3, 4, 7])
    assert seen == Seen(7, frozenset({5, 6}))
    assert seen.having([5]).missing == {6}


def test_numbers_given_up_are_not_remembered_for_ever() -> None:
    seen = Seen().having([10_000])
    assert seen.missing == frozenset(range(10_000 - KEPT, 10_000))


def test_nothing_new_changes_nothing() -> None:
    assert Seen(5, frozenset({2})).having([]) == Seen(5, frozenset({2}))
    assert Seen.beginning([]) == Seen()
