"""What a family may have: windows that follow the people, and the faults that would feed twice or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain import entitlement
from aidtrack.domain.entitlement import (
    Allowance,
    Band,
    Basis,
    Covering,
    Family,
    Filters,
    Member,
    Rule,
    Shared,
    Windows,
)

DAY = date(2024, 8, 26)
FOOD, SOAP, LINEN = UUID(int=101), UUID(int=102), UUID(int=103)

Judge = Callable[[Sequence[Rule], Family, Iterable[Covering], date], tuple[Allowance, ...]]


def person(n: int) -> UUID:
    return UUID(int=n)


def family(*members: int | Member, places: Iterable[UUID] = (), lodging: str | None = None) -> Family:
    given = tuple(m if isinstance(m, Member) else Member(person(m)) for m in members)
    return Family(given, frozenset(places), lodging)


def rule(
    basis: Basis, quantity: int = 1, renew: int | None = 7, item: UUID = FOOD, filters: Filters | None = None
) -> Rule:
    return Rule(UUID(int=item.int * 10), item, basis, quantity, renew, filters or Filters())


def ask(
    one: Rule, of: Family, covered: Iterable[Covering] = (), day: date = DAY, judge: Judge = entitlement.allowance
) -> Allowance:
    return judge([one], of, list(covered), day)[0]


def handed(answer: Allowance, day: date, quantity: int | None = None) -> list[Covering]:
    persons = answer.covers(answer.due if quantity is None else quantity)
    return [Covering(p, answer.rule.item_id, day) for p in persons]


# ── examples a coordinator would give ────────────────────────────────────────────────────────────


def test_food_per_person_is_due_for_everybody_here_and_again_after_the_window() -> None:
    food = rule(Basis.PERSON)
    four = family(1, 2, 3, 4)
    first = ask(food, four)
    assert (first.due, first.persons, first.next_day) == (4, tuple(map(person, (1, 2, 3, 4))), None)
    history = handed(first, DAY)
    later = ask(food, four, history, DAY + timedelta(days=6))
    assert (later.due, later.next_day, later.last_day) == (0, DAY + timedelta(days=7), DAY)
    assert ask(food, four, history, DAY + timedelta(days=7)).due == 4


def test_grandmother_who_moved_is_neither_fed_twice_nor_blocks_the_new_family() -> None:
    food, linen = rule(Basis.PERSON), rule(Basis.HOUSEHOLD, renew=30, item=LINEN)
    grandmother = [Covering(person(9), FOOD, DAY), Covering(person(9), LINEN, DAY)]
    new_home = family(1, 2, 3, 9)
    assert ask(food, new_home, grandmother).due == 3
    assert ask(linen, new_home, grandmother).due == 1
    assert ask(linen, family(1, 9), grandmother).due == 0


def test_a_family_in_two_halves_gets_its_household_item_once_until_half_of_those_here_were_not_covered() -> None:
    linen = rule(Basis.HOUSEHOLD, renew=30, item=LINEN)
    covered = [Covering(person(n), LINEN, DAY) for n in (1, 2)]
    assert ask(linen, family(1, 2, 3, 4), covered).due == 0
    assert ask(linen, family(1, 2, 3, 4, 5), covered).due == 1


def test_the_window_of_a_family_ends_when_the_covered_fall_below_half() -> None:
    soap = rule(Basis.HOUSEHOLD, renew=30, item=SOAP)
    covered = [Covering(person(n), SOAP, DAY - timedelta(days=n)) for n in (1, 2, 3)]
    answer = ask(soap, family(1, 2, 3, 4), covered)
    # Of four people one covered is less than half: the window ends when the second oldest of three runs out.
    assert answer.next_day == DAY - timedelta(days=2) + timedelta(days=30)
    assert answer.next_day is not None
    assert ask(soap, family(1, 2, 3, 4), covered, answer.next_day).due == 1
    assert ask(soap, family(1, 2, 3, 4), covered, answer.next_day - timedelta(days=1)).due == 0


def test_members_elsewhere_are_not_counted_and_unnamed_ones_are() -> None:
    food = rule(Basis.PERSON)
    assert ask(food, family(1, Member(person(2), is_here=False), 3)).due == 2
    assert ask(food, family(Member(person(2), is_here=False))).fits is False


def test_a_rule_for_matching_members_counts_only_them() -> None:
    hygiene = rule(Basis.MATCHING, 2, 30, SOAP, Filters(age_from=12, age_to=49, sex="F"))
    women = family(
        Member(person(1), sex="F", age=12),
        Member(person(2), sex="F", age=50),
        Member(person(3), sex="M", age=30),
        Member(person(4), sex="F"),
        Member(person(5), sex="F", age=49),
    )
    answer = ask(hygiene, women)
    assert (answer.due, answer.persons) == (4, (person(1), person(5)))
    assert not ask(hygiene, family(Member(person(3), sex="M", age=30))).fits


def test_needs_home_place_and_lodging_decide_whether_a_rule_fits() -> None:
    sudzha, korenevo = UUID(int=1), UUID(int=2)
    wanted = Filters(settlements=frozenset({sudzha}), without_lodgings=frozenset({"pvr"}))
    food = rule(Basis.HOUSEHOLD, filters=wanted)
    assert ask(food, family(1, places=[sudzha], lodging="rent")).due == 1
    assert not ask(food, family(1, places=[korenevo], lodging="rent")).fits
    assert not ask(food, family(1, places=[sudzha], lodging="pvr")).fits
    chair = rule(Basis.MATCHING, filters=Filters(needs=frozenset({"wheelchair", "bedridden"})))
    assert ask(chair, family(Member(person(1), needs=frozenset({"bedridden"})), 2)).persons == (person(1),)


def test_once_means_once() -> None:
    linen = rule(Basis.PERSON, renew=None, item=LINEN)
    history = [Covering(person(1), LINEN, date(2020, 1, 1))]
    answer = ask(linen, family(1), history)
    assert (answer.due, answer.next_day, answer.last_day) == (0, None, date(2020, 1, 1))
    assert ask(linen, family(1, 2), history).due == 1


def test_two_rules_for_one_item_never_count_a_person_twice() -> None:
    first, second = rule(Basis.PERSON), replace(rule(Basis.MATCHING, filters=Filters(sex="F")), id=UUID(int=5))
    answers = entitlement.allowance([first, second], family(Member(person(1), sex="F"), 2), [], DAY)
    assert [a.due for a in answers] == [2, 0]


def test_a_family_has_the_quantity_of_its_size() -> None:
    kit = replace(rule(Basis.HOUSEHOLD), bands=(Band(3, 2), Band(6, 3)))
    sizes = {n: ask(kit, family(*range(1, n + 1))).due for n in (1, 2, 3, 5, 6, 9)}
    assert sizes == {1: 1, 2: 1, 3: 2, 5: 2, 6: 3, 9: 3}


def test_less_than_due_covers_only_as_many_people_as_it_is_enough_for() -> None:
    food = rule(Basis.PERSON, 2)
    answer = ask(food, family(1, 2, 3))
    assert answer.covers(3) == (person(1), person(2))
    assert answer.covers(0) == ()
    rest = ask(food, family(1, 2, 3), handed(answer, DAY, 4))
    assert (rest.due, rest.next_day) == (2, DAY + timedelta(days=7))


# ── truths for every family, and the faults they must catch ──────────────────────────────────────

rules = st.builds(
    rule, st.sampled_from((Basis.HOUSEHOLD, Basis.PERSON)), st.integers(1, 4), st.none() | st.integers(1, 40)
)
people = st.lists(st.integers(1, 12), min_size=1, max_size=8, unique=True)
histories = st.lists(
    st.builds(
        Covering,
        st.integers(1, 12).map(person),
        st.sampled_from((FOOD, SOAP)),
        st.integers(-60, 5).map(lambda n: DAY + timedelta(days=n)),
    ),
    max_size=12,
)


def never_twice(judge: Judge, one: Rule, members: list[int], history: list[Covering]) -> None:
    """After a hand-over nothing is due before the window has ended, and then it is."""
    of = family(*members)
    answer = ask(one, of, history, judge=judge)
    after = history + handed(answer, DAY)
    for wait in range(one.renew_days or 50):
        day = DAY + timedelta(days=wait)
        assert not set(ask(one, of, after, day, judge).persons) & set(answer.persons)
    if one.renew_days and answer.due:
        again = DAY + timedelta(days=one.renew_days)
        assert set(ask(one, of, after, again, judge).persons) >= set(answer.persons)


def next_day_is_true(judge: Judge, one: Rule, members: list[int], history: list[Covering]) -> None:
    """Whoever is told a day finds something on it, and nothing on the day before."""
    answer = ask(one, family(*members), history, judge=judge)
    if answer.due or answer.next_day is None:
        return
    assert answer.next_day > DAY
    assert ask(one, family(*members), history, answer.next_day, judge).due > 0
    assert ask(one, family(*members), history, answer.next_day - timedelta(days=1), judge).due == 0


def split_gives_no_more(judge: Judge, one: Rule, members: list[int], history: list[Covering]) -> None:
    """Per person, a family that separates has together what it had as one."""
    half = len(members) // 2
    parts = [ask(one, family(*part), history, judge=judge).due for part in (members[:half], members[half:]) if part]
    assert sum(parts) == ask(one, family(*members), history, judge=judge).due


def a_separated_half_gets_no_second_one(judge: Judge, one: Rule, members: list[int], history: list[Covering]) -> None:
    """Per family, people who were all covered yesterday are covered in every new grouping today."""
    after = history + [Covering(person(n), one.item_id, DAY - timedelta(days=1)) for n in members]
    if one.renew_days is None or one.renew_days > 1:
        assert all(ask(one, family(n), after, judge=judge).due == 0 for n in members)


def history_only_takes_away(judge: Judge, one: Rule, members: list[int], history: list[Covering]) -> None:
    """Nobody is given more because of what they had, and the order in which it is told does not matter."""
    full = ask(one, family(*members), history, judge=judge).due
    assert full <= ask(one, family(*members), history[1:], judge=judge).due
    assert full == ask(one, family(*members), history[::-1], judge=judge).due


TRUTHS = (never_twice, next_day_is_true, a_separated_half_gets_no_second_one, history_only_takes_away)


@pytest.mark.parametrize("truth", TRUTHS)
@given(one=rules, members=people, history=histories)
def test_for_every_family(truth: Callable[..., None], one: Rule, members: list[int], history: list[Covering]) -> None:
    truth(entitlement.allowance, one, members, history)


@given(members=people, history=histories, quantity=st.integers(1, 3), renew=st.none() | st.integers(1, 40))
def test_a_separated_family_has_together_what_it_had_as_one(
    members: list[int], history: list[Covering], quantity: int, renew: int | None
) -> None:
    split_gives_no_more(entitlement.allowance, rule(Basis.PERSON, quantity, renew), members, history)


def one_day_early(rules: Sequence[Rule], of: Family, covered: Iterable[Covering], day: date) -> tuple[Allowance, ...]:
    return entitlement.allowance(rules, of, covered, day + timedelta(days=1))


def forgets_the_others(
    rules: Sequence[Rule], of: Family, covered: Iterable[Covering], day: date
) -> tuple[Allowance, ...]:
    return entitlement.allowance(rules, of, [c for c in covered if c.person_id == of.members[0].person_id], day)


def forgets_the_window(
    rules: Sequence[Rule], of: Family, covered: Iterable[Covering], day: date
) -> tuple[Allowance, ...]:
    return entitlement.allowance([replace(r, renew_days=None) for r in rules], of, covered, day)


def knows_only_today(
    rules: Sequence[Rule], of: Family, covered: Iterable[Covering], day: date
) -> tuple[Allowance, ...]:
    return entitlement.allowance(rules, of, [c for c in covered if c.day == day], day)


@pytest.mark.parametrize("faulty", [one_day_early, forgets_the_others, forgets_the_window, knows_only_today])
def test_a_faulty_judge_is_caught(faulty: Judge) -> None:
    caught = []
    for truth in TRUTHS:
        for one in (rule(Basis.PERSON), rule(Basis.HOUSEHOLD)):
            try:
                truth(faulty, one, [1, 2, 3], [Covering(person(1), FOOD, DAY - timedelta(days=3))])
            except AssertionError:
                caught.append(truth)
    assert caught, f"{faulty.__name__} passed every truth"


# ── what else a coordinator may ask ──────────────────────────────────────────────────────────────


def full(basis: Basis = Basis.PERSON, **asked: Any) -> Rule:
    return replace(rule(basis), **asked)


def test_monthly_begins_again_with_the_calendar() -> None:
    once_a_month = full(renew_days=None, monthly=True)
    answer = ask(once_a_month, family(1), [Covering(person(1), FOOD, date(2024, 12, 31))], date(2024, 12, 31))
    assert (answer.due, answer.next_day) == (0, date(2025, 1, 1))
    assert ask(once_a_month, family(1), [Covering(person(1), FOOD, date(2024, 12, 31))], date(2025, 1, 1)).due == 1


def test_a_kit_and_its_substitute_share_one_window() -> None:
    kit, instead = full(group="food"), full(group="food", item_id=SOAP, id=UUID(int=7))
    had = [Covering(person(1), FOOD, DAY, "food")]
    assert [answer.due for answer in entitlement.allowance([kit, instead], family(1, 2), had, DAY)] == [1, 0]
    no_kits = entitlement.allowance([kit, instead], family(1, 2), had, DAY, frozenset({FOOD}))
    assert [answer.due for answer in no_kits] == [1, 1], "without kits the substitute is due in their place"
    after = [*had, Covering(person(2), SOAP, DAY, "food")]
    assert [answer.due for answer in entitlement.allowance([kit, instead], family(1, 2), after, DAY)] == [0, 0]


def test_per_head_with_a_cap_and_the_window_of_the_whole_family() -> None:
    bread = full(windows=Windows.HOUSEHOLD, cap=3)
    assert ask(bread, family(1, 2)).due == 2
    answer = ask(bread, family(1, 2, 3, 4, 5))
    assert (answer.due, answer.covers(1)) == (3, tuple(map(person, (1, 2, 3, 4, 5))))
    assert ask(bread, family(1, 2, 3, 4), handed(ask(bread, family(1, 2)), DAY)).due == 0


def test_a_cap_counts_what_the_others_of_the_family_had() -> None:
    soap = full(cap=3)
    answer = ask(soap, family(1, 2, 3, 4), [Covering(person(1), FOOD, DAY), Covering(person(2), FOOD, DAY)])
    assert (answer.due, answer.persons) == (1, (person(3), person(4)))
    assert answer.covers(1) == (person(3), person(4)), "the cap is reached: all of them had their share"
    assert ask(soap, family(1, 2, 3, 4), [Covering(person(n), FOOD, DAY) for n in (1, 2, 3)]).due == 0


def test_under_a_cap_the_next_day_is_when_few_enough_still_wait() -> None:
    soap = full(cap=2, renew_days=2)
    had = [Covering(person(1), FOOD, DAY - timedelta(days=1)), *(Covering(person(n), FOOD, DAY) for n in (2, 3))]
    answer = ask(soap, family(1, 2, 3), had)
    assert (answer.due, answer.next_day) == (0, DAY + timedelta(days=2))


def test_families_by_size_and_by_day_of_registration() -> None:
    large = full(Basis.HOUSEHOLD, filters=Filters(size_from=3, size_to=4))
    assert [ask(large, family(*range(1, n + 1))).due for n in (2, 3, 4, 5)] == [0, 1, 1, 0]
    newcomers = full(filters=Filters(registered_from=DAY, registered_to=DAY + timedelta(days=7)))
    due = [ask(newcomers, replace(family(1), registered=DAY + timedelta(days=n))).due for n in (-1, 0, 7, 8)]
    assert due == [0, 1, 1, 0]


def test_a_new_home_has_its_own_but_only_once() -> None:
    linen = full(Basis.HOUSEHOLD, renew_days=30, shared=Shared.OWN_HOME)
    old, new = UUID(int=500), UUID(int=501)
    from_old = Covering(person(9), FOOD, DAY, household_id=old, other_home=True)
    alone = ask(linen, family(9), [from_old])
    assert (alone.due, alone.by_new_home) == (1, True), "grandmother lives by herself now"
    assert not ask(linen, family(9)).by_new_home, "whoever had nothing needs no new home for it"
    assert not ask(linen, family(9), [replace(from_old, day=DAY - timedelta(days=30))]).by_new_home, "it was due again anyway"
    assert not ask(linen, family(1, 2, 9), [from_old]).by_new_home, "one of three does not make the family wait"
    in_new = Covering(person(9), FOOD, DAY, household_id=new)
    assert ask(linen, family(9), [from_old, in_new]).due == 0
    third = [from_old, replace(in_new, other_home=True)]
    assert ask(linen, family(9), third).due == 0, "moving once more brings nothing"


def test_any_member_who_had_it_makes_the_family_wait() -> None:
    stove = full(Basis.HOUSEHOLD, renew_days=30, shared=Shared.ANY)
    had = [Covering(person(1), FOOD, DAY), Covering(person(2), FOOD, DAY - timedelta(days=9))]
    answer = ask(stove, family(1, 2, 3, 4, 5), had)
    assert (answer.due, answer.next_day) == (0, DAY + timedelta(days=30))


wide_rules = st.builds(
    full,
    st.sampled_from(list(Basis)),
    quantity=st.integers(1, 3),
    renew_days=st.none() | st.integers(1, 40),
    monthly=st.booleans(),
    windows=st.none() | st.sampled_from(list(Windows)),
    shared=st.sampled_from(list(Shared)),
    group=st.sampled_from(["", "food"]),
    cap=st.none() | st.integers(1, 9),
)


@given(one=wide_rules, members=people, history=histories)
def test_every_rule_gives_nothing_more_right_after_it_gave(
    one: Rule, members: list[int], history: list[Covering]
) -> None:
    answer = ask(one, family(*members), history)
    assert answer.due <= (one.cap if one.cap is not None else answer.due)
    if answer.due:
        after = ask(one, family(*members), [*history, *handed(answer, DAY)])
        assert after.due == 0
        if after.next_day is not None:
            assert ask(one, family(*members), [*history, *handed(answer, DAY)], after.next_day).due > 0
            before = after.next_day - timedelta(days=1)
            assert ask(one, family(*members), [*history, *handed(answer, DAY)], before).due == 0


# ── people who move ──────────────────────────────────────────────────────────────────────────────

moves = st.tuples(st.just("move"), st.integers(1, 7), st.integers(0, 2))
visits = st.tuples(st.just("visit"), st.integers(0, 2), st.integers(0, 5))
lives = st.lists(moves | visits, max_size=30)


def families_that_move(one: Rule, events: list[tuple[str, int, int]]) -> Iterable[tuple[Allowance, list[UUID], set[UUID], date]]:
    """Seven people in three homes move and come: for each visit the answer, who is here, and who of them had it within its time."""
    homes: dict[int, set[int]] = {0: {1, 2, 3, 4}, 1: {5, 6}, 2: {7}}
    history: list[Covering] = []
    day = DAY
    for what, a, b in events:
        if what == "move":
            for members in homes.values():
                members.discard(a)
            homes[b].add(a)
            continue
        day += timedelta(days=b)
        here = [person(n) for n in sorted(homes[a])]
        had = {c.person_id for c in history if c.person_id in here and one.due_again(c.day) > day}
        answer = ask(one, family(*sorted(homes[a])), history, day)
        yield answer, here, had, day
        history += handed(answer, day)


@given(lives, st.integers(1, 14))
def test_nobody_is_served_twice_and_nobody_kept_waiting_by_moving(events: list[tuple[str, int, int]], renew: int) -> None:
    for answer, here, had, _ in families_that_move(rule(Basis.PERSON, renew=renew), events):
        assert set(answer.persons) == set(here) - had


@given(lives, st.integers(1, 14))
def test_a_grandmother_who_moves_neither_brings_a_second_one_nor_blocks_a_family(
    events: list[tuple[str, int, int]], renew: int
) -> None:
    for answer, here, had, day in families_that_move(rule(Basis.HOUSEHOLD, renew=renew), events):
        assert (answer.due > 0) == (bool(here) and 2 * len(had) < len(here))
        if answer.next_day is not None and not answer.due:
            assert answer.next_day > day


# ── what another centre stamped ──────────────────────────────────────────────────────────────────


def stamped(*people: int, item: UUID = LINEN, day: date = DAY) -> list[Covering]:
    return [Covering(person(n), item, day, is_declared=True) for n in people]


def test_a_stamp_withholds_nothing_unless_the_rule_counts_it() -> None:
    linen, two = rule(Basis.HOUSEHOLD, renew=30, item=LINEN), family(1, 2)
    assert ask(linen, two, stamped(1, 2), DAY + timedelta(days=1)) == ask(linen, two, (), DAY + timedelta(days=1))
    counted = ask(replace(linen, counts_declared=True), two, stamped(1, 2), DAY + timedelta(days=1))
    assert (counted.due, counted.next_day) == (0, DAY + timedelta(days=30))
    assert str(counted.reason) == "another centre gave it on 2024-08-26, by the stamp on the card; from 2024-09-25"


def test_what_was_given_here_is_said_as_ever_beside_a_stamp() -> None:
    linen = replace(rule(Basis.HOUSEHOLD, renew=30, item=LINEN), counts_declared=True)
    here = [Covering(person(n), LINEN, DAY) for n in (1, 2)]
    answer = ask(linen, family(1, 2), [*here, *stamped(1, 2, day=DAY - timedelta(days=3))], DAY + timedelta(days=1))
    assert str(answer.reason) == "not today, from 2024-09-25"


@given(
    st.sampled_from(Basis),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 40), st.booleans()), max_size=8),
    st.integers(0, 45),
    st.sampled_from(Shared),
)
def test_a_stamp_counts_like_a_hand_over_where_the_rule_says_so_and_like_nothing_where_not(
    basis: Basis, had: list[tuple[int, int, bool]], later: int, shared: Shared
) -> None:
    filters = Filters(age_from=0) if basis is Basis.MATCHING else Filters()
    four = family(*(Member(person(n), age=30) for n in range(1, 5)))
    one = replace(rule(basis, renew=14, item=LINEN, filters=filters), shared=shared)
    day = DAY + timedelta(days=later)
    covered = [Covering(person(n), LINEN, DAY + timedelta(days=ago), is_declared=told) for n, ago, told in had]
    given_here = [entry for entry in covered if not entry.is_declared]
    as_given = [replace(entry, is_declared=False) for entry in covered]
    assert ask(one, four, covered, day) == ask(one, four, given_here, day)
    counted, like = ask(replace(one, counts_declared=True), four, covered, day), ask(one, four, as_given, day)
    assert (counted.due, counted.persons, counted.next_day) == (like.due, like.persons, like.next_day)
    assert counted.due <= ask(one, four, given_here, day).due
