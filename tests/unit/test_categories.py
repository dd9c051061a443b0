"""Kinds of families, read from the ages of those who are here."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.categories import FamilyKind, kinds_of

ages = st.lists(st.none() | st.integers(0, 100), max_size=8)


def test_families_a_coordinator_would_name() -> None:
    assert kinds_of([35, 8, 3]) == {FamilyKind.WITH_CHILDREN, FamilyKind.ONE_ADULT}
    assert kinds_of([35, 36, 17, 3, 0]) == {FamilyKind.WITH_CHILDREN, FamilyKind.LARGE}
    assert kinds_of([60, 71]) == {FamilyKind.OLDER_ONLY}
    assert kinds_of([59, 71]) == frozenset()
    assert kinds_of([18]) == frozenset()
    assert kinds_of([]) == frozenset()


def test_whoever_has_no_age_is_no_child_and_not_old() -> None:
    assert kinds_of([None, 5]) == {FamilyKind.WITH_CHILDREN, FamilyKind.ONE_ADULT}
    assert kinds_of([None, 70]) == frozenset()


@given(ages)
def test_the_order_changes_nothing_and_kinds_agree_with_each_other(told: list[int | None]) -> None:
    found = kinds_of(told)
    assert found == kinds_of(reversed(told))
    if found & {FamilyKind.LARGE, FamilyKind.ONE_ADULT}:
        assert FamilyKind.WITH_CHILDREN in found
    assert not {FamilyKind.WITH_CHILDREN, FamilyKind.OLDER_ONLY} <= found
