"""What words about pairs come to: classes, contradictions, one family under two cards, who is who."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.links import (
    Pair,
    Said,
    are_one_family,
    best_matches,
    classes,
    components,
    count_families,
    disputes,
    pair_of,
)

PEOPLE = [UUID(int=n) for n in range(1, 8)]
pairs = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda two: two[0] != two[1])
words = st.dictionaries(pairs.map(lambda two: pair_of(*two)), st.sampled_from(Said), max_size=12)


@given(words)
def test_a_class_is_a_partition(last: dict[Pair, Said]) -> None:
    found = classes(last)
    for person, records in found.items():
        assert person in records
        assert all(found[other] == records for other in records)
    for (a, b), said in last.items():
        if said is Said.SAME:
            assert found[a] == found[b]


@given(words)
def test_nobody_is_joined_without_a_word(last: dict[Pair, Said]) -> None:
    joined = {person for pair, said in last.items() if said is Said.SAME for person in pair}
    assert classes(last).keys() == joined


@given(words, pairs)
def test_one_more_word_joins_and_the_word_before_takes_apart(last: dict[Pair, Said], two: tuple[UUID, UUID]) -> None:
    pair = pair_of(*two)
    before = last.get(pair, Said.OPEN)
    joined = last | {pair: Said.SAME}
    assert classes(joined)[pair[0]] == classes(joined)[pair[1]]
    assert classes(joined | {pair: before}) == classes(last)
    assert set(disputes(joined | {pair: before})) == set(disputes(last))


@given(words)
def test_a_dispute_is_a_different_that_its_class_contradicts(last: dict[Pair, Said]) -> None:
    found = classes(last)
    for a, b in disputes(last):
        assert last[a, b] is Said.DIFFERENT
        assert b in found[a]


@given(st.lists(pairs, max_size=10))
def test_what_hangs_together_is_found_whole_and_once(edges: list[tuple[UUID, UUID]]) -> None:
    found = components(edges)
    assert sorted(one for group in found for one in group) == sorted({one for edge in edges for one in edge})
    for a, b in edges:
        assert any(a in group and b in group for group in found)


def _as(*people: int) -> dict[UUID, UUID]:
    return {UUID(int=100 + n): UUID(int=n) for n in people}


def test_two_cards_are_one_family_by_their_holder_or_by_most_of_the_smaller_one() -> None:
    nobody = (None, None)
    assert are_one_family(_as(1, 2, 3), _as(1, 2, 9), nobody)
    assert not are_one_family(_as(1, 2, 3), _as(1, 8, 9), nobody), "a grandmother who is with both"
    assert not are_one_family(_as(1, 2), _as(1, 9), nobody), "half is not most"
    assert are_one_family(_as(1, 2, 3, 4), _as(1), nobody), "somebody registered alone"
    assert are_one_family(_as(1, 2, 3), _as(1, 8, 9), (UUID(int=101), UUID(int=101)))
    assert not are_one_family({}, {}, nobody)


@given(st.lists(st.tuples(st.floats(0, 2), st.sampled_from(PEOPLE[:3]), st.sampled_from(PEOPLE[3:])), max_size=9))
def test_nobody_is_two_people(scores: list[tuple[float, UUID, UUID]]) -> None:
    found = best_matches(scores)
    assert len({ours for ours, _ in found}) == len({theirs for _, theirs in found}) == len(found)
    if scores:
        assert max(scores, key=lambda one: one[0])[1:] in found or len({s for s, *_ in scores}) < len(scores)


CARDS = [UUID(int=100 + n) for n in range(8)]
joins = st.lists(st.tuples(st.sampled_from(CARDS), st.sampled_from(CARDS)), max_size=8)


@given(st.frozensets(st.sampled_from(CARDS)), joins)
def test_a_family_counts_once_however_many_cards_it_holds(cards: frozenset[UUID], met: list[tuple[UUID, UUID]]) -> None:
    joined = components(met)
    holder = {card: card for card in CARDS} | {card: min(family) for family in joined for card in family}
    assert count_families(cards, joined) == len({holder[card] for card in cards})
