"""The aid form as data: questions with types, choices, conditions and words in three languages, and what is a valid
answer.

Types and names follow XLSForm, so that one form can live on screen, on paper and on phones. Owns no storage and no
widgets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from aidtrack.domain.dates import past_day
from aidtrack.domain.text import clean, clean_note
from aidtrack.errors import Problem, Text

Words: TypeAlias = Mapping[str, str]
Answer: TypeAlias = str | int | list[str]

LONGEST_LINE = 200
LONGEST_NOTE = 2000
LARGEST_NUMBER = 1_000_000
_WORDS_WANTED = Text("Type the answer in words.")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class QuestionKind(StrEnum):
    """How a question is answered. SECTION is a heading, NOTE is a sentence to say; neither has an answer."""

    SECTION = "section"
    NOTE = "note"
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "integer"
    DAY = "date"
    ONE = "select_one"
    SEVERAL = "select_multiple"

    @property
    def has_answer(self) -> bool:
        return self not in {QuestionKind.SECTION, QuestionKind.NOTE}

    @property
    def has_choices(self) -> bool:
        return self in {QuestionKind.ONE, QuestionKind.SEVERAL}


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer; `key` is stored, `words` are shown."""

    key: str
    words: Words


@dataclass(frozen=True, slots=True)
class Condition:
    """The question is asked only if an earlier one was answered with one of these choices."""

    question: str
    any_of: tuple[str, ...]

    def holds(self, answers: Mapping[str, Answer]) -> bool:
        given = answers.get(self.question)
        chosen = given if isinstance(given, list) else [str(given)]
        return given is not None and any(key in self.any_of for key in chosen)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one edition of a form."""

    key: str
    kind: QuestionKind
    words: Words
    hint: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    when: Condition | None = None
    least: int = 0
    most: int = LARGEST_NUMBER

    def choice_words(self, key: str) -> Words:
        """The words of a choice; an unknown key speaks for itself."""
        return next((choice.words for choice in self.choices if choice.key == key), {"en": key})


# ── questions as data ────────────────────────────────────────────────────────────────────────────


def question_from(data: Mapping[str, Any]) -> Question:
    """A question as it is stored or read from a pack. Raises KeyError, ValueError or TypeError on what is no
    question."""
    when = data.get("when")
    return Question(
        key=str(data["key"]),
        kind=QuestionKind(data["type"]),
        words=dict(data["label"]),
        hint=dict(data.get("hint") or {}),
        choices=tuple(Choice(str(c["key"]), dict(c["label"])) for c in data.get("choices", ())),
        is_required=bool(data.get("required", False)),
        when=Condition(str(when["question"]), tuple(map(str, when["any_of"]))) if when else None,
        least=int(data.get("least", 0)),
        most=int(data.get("most", LARGEST_NUMBER)),
    )


def question_data(question: Question) -> dict[str, Any]:
    """The same question as data; `question_from` gives it back."""
    data: dict[str, Any] = {"key": question.key, "type": str(question.kind), "label": dict(question.words)}
    if question.hint:
        data["hint"] = dict(question.hint)
    if question.choices:
        data["choices"] = [{"key": c.key, "label": dict(c.words)} for c in question.choices]
    if question.is_required:
        data["required"] = True
    if question.when is not None:
        data["when"] = {"question": question.when.question, "any_of": list(question.when.any_of)}
    if question.kind is QuestionKind.NUMBER:
        data |= {"least": question.least, "most": question.most}
    return data


def form_problems(questions: Sequence[Question], languages: Iterable[str]) -> list[Problem]:
    """Everything that makes a form unusable: keys, missing words, choices, conditions that look forward."""
    problems: list[Problem] = []
    seen: dict[str, Question] = {}
    for question in questions:
        problems += [Problem(question.key, text) for text in _question_problems(question, seen, tuple(languages))]
        seen[question.key] = question
    if not any(question.kind.has_answer for question in questions):
        problems.append(Problem("", Text("A form needs at least one question.")))
    return problems


def _question_problems(question: Question, before: Mapping[str, Question], languages: Sequence[str]) -> list[Text]:
    problems: list[Text] = []
    if not _KEY.fullmatch(question.key):
        problems.append(Text("The key of a question is small Latin letters, digits and _."))
    if question.key in before:
        problems.append(Text("Two questions have the same key."))
    if any(not words.get(lang) for words in _all_words(question) for lang in languages):
        problems.append(Text("Words are missing in one of the languages."))
    return problems + _choice_problems(question) + _condition_problems(question, before)


def _all_words(question: Question) -> list[Words]:
    return [question.words, *(choice.words for choice in question.choices)]


def _choice_problems(question: Question) -> list[Text]:
    keys = [choice.key for choice in question.choices]
    if question.kind.has_choices and len(keys) < 2:
        return [Text("A choice needs at least two answers.")]
    if len(set(keys)) != len(keys):
        return [Text("Two answers have the same key.")]
    return [] if question.kind.has_choices or not keys else [Text("Only choices have answers to choose from.")]


def _condition_problems(question: Question, before: Mapping[str, Question]) -> list[Text]:
    if question.when is None:
        return []
    source = before.get(question.when.question)
    if source is None or not source.kind.has_choices:
        return [Text("A condition asks an earlier choice.")]
    known = {choice.key for choice in source.choices}
    return [] if set(question.when.any_of) <= known else [Text("The condition names an answer that does not exist.")]


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def asked(questions: Sequence[Question], answers: Mapping[str, Answer]) -> list[Question]:
    """The questions to ask given the answers so far, in order. A hidden question's old answer opens nothing."""
    shown: list[Question] = []
    counting: dict[str, Answer] = {}
    for question in questions:
        if question.when is not None and not question.when.holds(counting):
            continue
        shown.append(question)
        if question.key in answers:
            counting[question.key] = answers[question.key]
    return shown


def read_answers(
    questions: Sequence[Question], typed: Mapping[str, Any], today: date
) -> tuple[dict[str, Answer], list[Problem]]:
    """The answers as they are stored, and all problems at once. Empty answers and those of hidden questions are left
    out."""
    answers: dict[str, Answer] = {}
    problems: list[Problem] = []
    for question in questions:
        if not question.kind.has_answer or (question.when is not None and not question.when.holds(answers)):
            continue
        answer, problem = read_answer(question, typed.get(question.key), today)
        if problem is not None:
            problems.append(Problem(question.key, problem))
        elif answer is not None:
            answers[question.key] = answer
    known = {question.key for question in questions}
    problems += [Problem(key, Text("This form has no such question.")) for key in typed if key not in known]
    return answers, problems


def read_answer(question: Question, typed: Any, today: date) -> tuple[Answer | None, Text | None]:
    """One answer as stored, or what to do about it; nothing typed is no answer."""
    if typed is None or typed == "" or typed == [] or (isinstance(typed, str) and not clean(typed)):
        return None, Text("An answer is needed here.") if question.is_required else None
    return _READERS[question.kind](question, typed, today)


def _read_text(question: Question, typed: Any, today: date) -> tuple[Answer | None, Text | None]:
    return _not_longer(clean(typed), LONGEST_LINE) if isinstance(typed, str) else (None, _WORDS_WANTED)


def _read_note(question: Question, typed: Any, today: date) -> tuple[Answer | None, Text | None]:
    return _not_longer(clean_note(typed), LONGEST_NOTE) if isinstance(typed, str) else (None, _WORDS_WANTED)


def _not_longer(text: str, most: int) -> tuple[Answer | None, Text | None]:
    if len(text) > most:
        return None, Text.plural("At most {n} letter, please shorten.", "At most {n} letters, please shorten.", n=most)
    return text, None


def _read_number(question: Question, typed: Any, today: date) -> tuple[Answer | None, Text | None]:
    digits = "".join(str(typed).split())
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        return None, Text("Type a whole number.")
    number = int(digits)
    if question.least <= number <= question.most:
        return number, None
    return None, Text("A number from {least} to {most}.", least=question.least, most=question.most)


def _read_day(question: Question, typed: Any, today: date) -> tuple[Answer | None, Text | None]:
    day = typed if isinstance(typed, date) else past_day(str(typed), today)
    if day is None:
        return None, Text("Type a date, for example 12.8.24.")
    return (day.isoformat(), None) if day <= today else (None, Text("This date is still to come."))


def _read_one(question: Question, typed: Any, today: date) -> tuple[Answer | None, Text | None]:
    known = {choice.key for choice in question.choices}
    return (str(typed), None) if str(typed) in known else (None, Text("Choose one of the answers."))


def _read_several(question: Question, typed: Any, today: date) -> tuple[Answer | None, Text | None]:
    chosen = {typed} if isinstance(typed, str) else set(map(str, typed))
    if not chosen <= {choice.key for choice in question.choices}:
        return None, Text("Choose among the answers.")
    return [choice.key for choice in question.choices if choice.key in chosen], None


_READERS = {
    QuestionKind.TEXT: _read_text,
    QuestionKind.LONG_TEXT: _read_note,
    QuestionKind.NUMBER: _read_number,
    QuestionKind.DAY: _read_day,
    QuestionKind.ONE: _read_one,
    QuestionKind.SEVERAL: _read_several,
}
