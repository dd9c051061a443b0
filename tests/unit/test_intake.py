"""The aid form as data: usable forms, answers as they are typed, conditions that hide and forget."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack.domain.intake import (
    Choice,
    Condition,
    Question,
    QuestionKind,
    asked,
    form_problems,
    question_data,
    question_from,
    read_answer,
    read_answers,
)

TODAY = date(2024, 8, 26)
Q = QuestionKind


def words(text: str) -> dict[str, str]:
    return {"ru": text, "uk": text, "en": text}


def choices(*keys: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, words(key)) for key in keys)


NEEDS = Question("needs", Q.SEVERAL, words("What is needed"), choices=choices("food", "diapers", "bedding"))
SIZE = Question(
    "size", Q.ONE, words("Size"), choices=choices("3", "4"), when=Condition("needs", ("diapers",)), is_required=True
)
LEFT = Question("left_on", Q.DAY, words("When did you leave home"))
COUNT = Question("rooms", Q.NUMBER, words("Rooms"), least=1, most=20)
FORM = (
    Question("now", Q.SECTION, words("Now")),
    NEEDS,
    SIZE,
    LEFT,
    COUNT,
    Question("note", Q.LONG_TEXT, words("Note")),
)


def test_a_form_is_the_same_after_storing_it() -> None:
    assert tuple(question_from(question_data(question)) for question in FORM) == FORM
    assert form_problems(FORM, ("ru", "uk", "en")) == []


@pytest.mark.parametrize(
    ("questions", "word"),
    [
        ((NEEDS, NEEDS), "same key"),
        ((Question("Needs!", Q.TEXT, words("x")),), "Latin"),
        ((Question("x", Q.TEXT, {"ru": "да"}),), "missing"),
        ((Question("x", Q.ONE, words("x"), choices=choices("a")),), "at least two"),
        ((Question("x", Q.ONE, words("x"), choices=choices("a", "a")),), "same key"),
        ((Question("x", Q.TEXT, words("x"), choices=choices("a", "b")),), "Only choices"),
        ((SIZE, NEEDS), "earlier"),
        ((NEEDS, Question("y", Q.TEXT, words("y"), when=Condition("needs", ("tea",)))), "does not exist"),
        ((Question("now", Q.SECTION, words("Now")),), "at least one question"),
    ],
)
def test_every_fault_of_a_form_is_named(questions: tuple[Question, ...], word: str) -> None:
    assert any(word in str(problem.text) for problem in form_problems(questions, ("ru", "uk", "en")))


def test_all_problems_of_the_answers_come_at_once() -> None:
    typed = {"needs": ["diapers"], "left_on": "31.2.24", "rooms": "many", "colour": "red"}
    answers, problems = read_answers(FORM, typed, TODAY)
    assert [problem.field for problem in problems] == ["size", "left_on", "rooms", "colour"]
    assert answers == {"needs": ["diapers"]}


def test_a_hidden_question_is_neither_asked_nor_kept() -> None:
    answers, problems = read_answers(FORM, {"needs": ["food"], "size": "4"}, TODAY)
    assert (answers, problems) == ({"needs": ["food"]}, [])
    assert SIZE not in asked(FORM, answers)
    assert SIZE in asked(FORM, {"needs": ["diapers"]})


def test_a_hidden_answer_opens_nothing_further() -> None:
    more = Question("brand", Q.TEXT, words("Brand"), when=Condition("size", ("4",)))
    assert more not in asked((*FORM, more), {"needs": ["food"], "size": "4"})


def test_answers_are_stored_plainly() -> None:
    typed = {"needs": ["bedding", "food"], "left_on": "8.8", "rooms": " 2 ", "note": " two\r\nlines\x00 "}
    answers, problems = read_answers(FORM, typed, TODAY)
    assert problems == []
    assert answers == {"needs": ["food", "bedding"], "left_on": "2024-08-08", "rooms": 2, "note": "two\nlines"}


@pytest.mark.parametrize(
    ("typed", "fits"), [("1", True), ("20", True), ("0", False), ("21", False), ("2.5", False), ("-1", False)]
)
def test_a_number_lies_between_its_bounds(typed: str, fits: bool) -> None:
    assert (read_answer(COUNT, typed, TODAY)[1] is None) is fits


def test_a_day_to_come_is_asked_again() -> None:
    assert read_answer(LEFT, "27.8.2024", TODAY)[1] is not None
    assert read_answer(LEFT, "26.8.2024", TODAY) == ("2024-08-26", None)


def test_too_long_a_line_says_how_long_it_may_be() -> None:
    line = Question("street", Q.TEXT, words("Street"))
    _, problem = read_answer(line, "x" * 201, TODAY)
    assert problem is not None
    assert "200" in str(problem)


typed_text = st.text("ab12.-/ \n\x00дїґ’\u0301٣é", max_size=12)


@given(
    st.dictionaries(
        st.sampled_from([q.key for q in FORM]),
        st.none() | typed_text | st.lists(typed_text, max_size=4),
    )
)
def test_nothing_typed_breaks_the_reading_and_what_is_kept_reads_the_same_again(typed: dict[str, object]) -> None:
    answers, problems = read_answers(FORM, typed, TODAY)
    again, more = read_answers(FORM, answers, TODAY)
    assert again == answers
    assert {problem.field for problem in more} <= {problem.field for problem in problems}
