"""Small counts of a crossed table: none is told, and none is found by taking the told ones away from the totals."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.small_counts import FEWEST, Place, hidden

Table = dict[Place, int]
tables = st.dictionaries(
    st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("uvwxyz")), st.integers(1, 40), min_size=1, max_size=30
)


def reckoned(told_not: frozenset[Place]) -> list[Place]:
    """The hidden places whose number follows from the totals: by elimination, with exact fractions."""
    places = sorted(told_not, key=str)
    rows = [
        [Fraction(place[axis] == name) for place in places]
        for axis in (0, 1)
        for name in sorted({place[axis] for place in places}, key=str)
    ]
    done = 0
    for column in range(len(places)):
        pivot = next((n for n in range(done, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [value / rows[done][column] for value in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[column]:
                rows[n] = [a - row[column] * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return [places[row.index(Fraction(1))] for row in rows[:done] if sum(bool(value) for value in row) == 1]


@given(tables)
def test_no_small_count_is_told_and_none_can_be_reckoned(table: Table) -> None:
    found = hidden(table)
    assert {place for place, people in table.items() if people < FEWEST} <= found <= table.keys()
    if found < table.keys():
        assert reckoned(found) == []
        for axis in (0, 1):
            for name in {place[axis] for place in found}:
                assert sum(table[place] for place in found if place[axis] == name) >= FEWEST


@given(tables)
def test_the_order_of_a_table_changes_nothing(table: Table) -> None:
    assert hidden(table) == hidden(dict(reversed(table.items())))


@given(st.dictionaries(st.tuples(st.sampled_from("AB"), st.sampled_from("uv")), st.integers(FEWEST, 40)))
def test_where_nothing_is_small_all_is_told(table: Table) -> None:
    assert hidden(table) == frozenset()


def test_a_lone_small_count_takes_three_others_with_it() -> None:
    table: Table = {("A", "u"): 2, ("A", "v"): 9, ("A", "w"): 30, ("B", "u"): 8, ("B", "v"): 7, ("B", "w"): 50}
    assert hidden(table) == {("A", "u"), ("A", "v"), ("B", "u"), ("B", "v")}


def test_one_district_alone_is_told_only_by_its_totals() -> None:
    table: Table = {("A", "u"): 2, ("A", "v"): 90}
    assert hidden(table) == {("A", "u"), ("A", "v")}
