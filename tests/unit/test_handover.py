"""The pure rules of a hand-over: what may be given, where it is signed, who is counted."""

from __future__ import annotations

import pickle
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.handover import (
    LINES_PER_SHEET,
    Counted,
    GoodsAre,
    HandOverDraft,
    Limits,
    LineDraft,
    LinesRefused,
    SheetLine,
    allowed_per_line,
    allowed_per_pick,
    cohort,
    cohorts,
    draft_problems,
    limits_problems,
    over_allowance,
    ticket_is_settled,
)

FOOD, SOAP, BED = (UUID(int=n) for n in (1, 2, 3))
MARIA, PETR, STRANGER = (UUID(int=n) for n in (11, 12, 99))
NAMES = {FOOD: {"en": "Food kit"}, SOAP: {"en": "Soap"}}


def draft(*lines: tuple[UUID, int], collector: UUID | None = MARIA, other: str = "") -> HandOverDraft:
    return HandOverDraft(
        UUID(int=5), tuple(LineDraft(*line) for line in lines), collector_person_id=collector, collector_text=other
    )


def fields(problem_draft: HandOverDraft) -> list[str]:
    return [problem.field for problem in draft_problems(problem_draft, {MARIA, PETR})]


def test_a_good_draft_has_no_problems() -> None:
    assert fields(draft((FOOD, 4), (SOAP, 0))) == []
    assert fields(draft((FOOD, 4), collector=None, other="neighbour from No 5")) == []


def test_all_problems_of_a_draft_are_named_at_once() -> None:
    assert fields(draft((FOOD, 0), collector=None)) == ["lines", "collector"]
    assert fields(draft((FOOD, -1), collector=STRANGER)) == ["lines", "collector"]
    assert fields(draft((FOOD, 1), (FOOD, 2))) == ["lines"]
    assert fields(draft()) == ["lines"]


def test_more_than_allowed_is_refused_line_by_line() -> None:
    troubles = over_allowance(draft((FOOD, 5), (SOAP, 2), (BED, 1)).lines, {FOOD: 4, SOAP: 2}, NAMES)
    assert [(t.rule_id, t.possible) for t in troubles] == [(FOOD, 4), (BED, 0)]


def test_a_line_given_meanwhile_says_so() -> None:
    (trouble,) = over_allowance(draft((SOAP, 1)).lines, {SOAP: 0}, NAMES)
    assert "not today" in trouble.text.msgid


def test_a_refusal_of_lines_survives_another_process() -> None:
    troubles = over_allowance(draft((FOOD, 5)).lines, {FOOD: 4}, NAMES)
    again = pickle.loads(pickle.dumps(LinesRefused("more-than-allowed", troubles)))
    assert isinstance(again, LinesRefused)
    assert again.lines[0].possible == 4
    assert again.exit_code == 3


def test_a_ticket_is_settled_when_every_due_line_was_given_or_declined() -> None:
    assert ticket_is_settled({FOOD: 4, SOAP: 2, BED: 0}, {FOOD, SOAP})
    assert not ticket_is_settled({FOOD: 4, SOAP: 2}, {FOOD})
    assert ticket_is_settled({}, set())


@pytest.mark.parametrize(
    ("number", "written"), [(1, "2-01/01"), (20, "2-01/20"), (21, "2-02/01"), (52, "2-03/12"), (2001, "2-101/01")]
)
def test_sheet_and_line_are_counted_up(number: int, written: str) -> None:
    assert str(SheetLine.of("2", number)) == written


@given(st.integers(1, 10_000))
def test_no_two_hand_overs_of_a_window_share_a_line(number: int) -> None:
    here, following = SheetLine.of("2", number), SheetLine.of("2", number + 1)
    assert 1 <= here.line <= LINES_PER_SHEET
    assert (here.sheet, here.line) < (following.sheet, following.line)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6), st.integers(0, 20))
def test_the_allowed_quantity_is_kept_over_all_batches(picks: list[int], declined: int) -> None:
    allowed = sum(picks) + declined
    spread = allowed_per_pick(allowed, picks)
    assert sum(spread) == allowed
    assert all(part >= given_here for part, given_here in zip(spread, picks, strict=True))


RULES = ("food", "soap", "boots")


@given(
    st.lists(st.tuples(st.sampled_from(RULES), st.integers(0, 9)), max_size=8),
    st.fixed_dictionaries({rule: st.integers(0, 20) for rule in RULES}),
)
def test_lines_of_one_rule_share_what_it_allows(lines: list[tuple[str, int]], due: dict[str, int]) -> None:
    allowed = allowed_per_line(lines, due)
    for rule in {rule for rule, _ in lines}:
        mine = [(quantity, part) for (of, quantity), part in zip(lines, allowed, strict=True) if of == rule]
        assert sum(part for _, part in mine) == due[rule]
        assert all(0 <= part <= quantity for quantity, part in mine[:-1])


def test_what_a_rule_that_is_not_due_gives_is_allowed_to_nobody() -> None:
    assert allowed_per_line([("food", 3), ("soap", 2), ("food", 1)], {"food": 3}) == [3, 0, 0]


def test_age_groups_meet_without_gap() -> None:
    ages = [0, 4, 5, 11, 12, 17, 18, 59, 60, 104, None]
    groups = "0-4 0-4 5-11 5-11 12-17 12-17 18-59 18-59 60+ 60+ ?"
    assert " ".join(cohort(age) for age in ages) == groups


def test_people_are_counted_by_sex_and_age_group() -> None:
    family = [Counted("f", 37), Counted("m", 71), Counted("m", 3), Counted("m", 4), Counted("f", None)]
    assert cohorts(family) == {"f:18-59": 1, "f:?": 1, "m:0-4": 2, "m:60+": 1}


@given(st.lists(st.builds(Counted, st.sampled_from(["f", "m", "x"]), st.none() | st.integers(0, 110))))
def test_nobody_is_lost_or_counted_twice(people: list[Counted]) -> None:
    assert sum(cohorts(people).values()) == len(people)


def test_each_answer_about_the_goods_has_its_words() -> None:
    assert len({answer.text.msgid for answer in GoodsAre}) == len(GoodsAre) == 4


# ── limits of the windows ────────────────────────────────────────────────────────────────────────


@given(st.integers(0, 100), st.integers(0, 200), st.none() | st.integers(0, 50), st.integers(-100, 100))
def test_limits_hold_up_to_their_number_and_both_ways(most: int, families: int, beside: int | None, found: int) -> None:
    limits = Limits(most, beside)
    assert limits_problems(limits) == []
    assert limits.allows_families(families) == (families <= most)
    assert limits.allows_beside_book(found) == limits.allows_beside_book(-found)
    assert limits.allows_beside_book(found) == (beside is None or -beside <= found <= beside)


def test_limits_that_cannot_be_are_named_by_their_fields() -> None:
    assert [p.field for p in limits_problems(Limits(None, -1))] == ["families", "spot_count"]
    assert [p.field for p in limits_problems(Limits(101))] == ["families"]
