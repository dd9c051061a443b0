"""The centre's questions on paper: one question a line, the form of the answer shown, an answer written in where there is one.

Owns how much room each kind of question takes and how it is drawn; which questions there are is data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.domain.intake import Answer, Question, QuestionKind
from aidtrack.errors import Text
from aidtrack.reports import fonts
from aidtrack.reports.boxes import TICK, cells, digit, tick
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import Draw, Paper, Sheet

_TOP, _FLOOR = 27.0, 277.0
_IN = 7.1
_STEP = 6.2
_LABEL_STEP = 4.4
_ANSWER_STEP = 4.3

Answers = Mapping[str, Answer]


def question_pages(questions: Sequence[Question], answers: Answers | None, lang: str, paper: Paper) -> list[Draw]:
    """A drawing for each page; headings are numbered from 10, after the nine sections of the first page."""
    pages: list[list[tuple[float, Question, int]]] = []
    down, section = _FLOOR + 1, 9
    for n, question in enumerate(questions):
        section += question.kind is QuestionKind.SECTION
        tall = _height(question, answers, lang, paper)
        follows = _height(questions[n + 1], answers, lang, paper) if n + 1 < len(questions) else 0.0
        if down + tall + (follows if question.kind is QuestionKind.SECTION else 0) > _FLOOR:
            pages.append([])
            down = _TOP
        pages[-1].append((down, question, section))
        down += tall
    return [partial(_page, placed, questions, answers) for placed in pages]


def _page(
    placed: Sequence[tuple[float, Question, int]],
    all_of_them: Sequence[Question],
    answers: Answers | None,
    sheet: Sheet,
) -> None:
    for down, question, section in placed:
        _question(sheet, down, question, (section, all_of_them, answers))


def _height(question: Question, answers: Answers | None, lang: str, paper: Paper) -> float:
    label = (len(_label(question, lang, paper)) - 1) * _LABEL_STEP
    if question.kind is QuestionKind.SECTION:
        return 9.5 + label
    if question.kind is QuestionKind.NOTE:
        return 5.5 + label
    if question.kind.has_choices:
        return 7.0 + label + len(_choice_rows(question, lang, paper)) * _STEP
    if question.kind is QuestionKind.LONG_TEXT:
        return 8 + label + max(2 * 8.0, len(_written(question, answers, lang, paper)) * _ANSWER_STEP)
    return 9.5 + label


def _label(question: Question, lang: str, paper: Paper) -> tuple[str, ...]:
    bold = question.kind is QuestionKind.SECTION
    beside = question.kind in {QuestionKind.NUMBER, QuestionKind.DAY, QuestionKind.TEXT}
    room = (paper.usable - _IN) * (0.55 if beside else 1)
    return fonts.wrap(i18n.pick(question.words, lang), BOLD if bold else TEXT, 11 if bold else 10, room * mm)


def _choice_rows(question: Question, lang: str, paper: Paper) -> list[list[tuple[float, int]]]:
    """Where each choice stands: rows of (distance from the left, number of the choice)."""
    rows: list[list[tuple[float, int]]] = [[]]
    x = 0.0
    for n, choice in enumerate(question.choices):
        wide = TICK + 1.4 + fonts.width(i18n.pick(choice.words, lang), TEXT, 9.5) / mm
        if x and x + wide > paper.usable - _IN:
            rows.append([])
            x = 0.0
        rows[-1].append((x, n))
        x += wide + 6
    return rows


def _written(question: Question, answers: Answers | None, lang: str, paper: Paper) -> tuple[str, ...]:
    answer = (answers or {}).get(question.key)
    return fonts.wrap(str(answer), BOLD, 10, (paper.usable - _IN) * mm) if answer not in (None, "") else ()


_Context = tuple[int, Sequence[Question], Answers | None]


def _question(sheet: Sheet, down: float, question: Question, context: _Context) -> None:
    section, all_of_them, answers = context
    x = sheet.paper.left + _IN
    kind = question.kind
    if kind is QuestionKind.SECTION:
        _heading(sheet, down, question, section)
        return
    lines = _label(question, sheet.lang, sheet.paper)
    for n, line in enumerate(lines):
        sheet.text(x, down + 4.2 + n * _LABEL_STEP, line, TEXT, 10)
    below = down + 4.2 + (len(lines) - 1) * _LABEL_STEP
    _hint(sheet, x + sheet.wide(lines[-1], TEXT, 10) + 2.5, below, question, all_of_them)
    if kind.has_choices:
        _choices(sheet, below, question, answers)
    elif kind is QuestionKind.LONG_TEXT:
        _long_text(sheet, below, question, answers)
    elif kind is not QuestionKind.NOTE:
        _short_answer(sheet, below, question, answers)


def _heading(sheet: Sheet, down: float, question: Question, section: int) -> None:
    left = sheet.paper.left
    digit(sheet, left, down + 1.6, section)
    for n, line in enumerate(_label(question, sheet.lang, sheet.paper)):
        sheet.text(left + _IN, down + 5.5 + n * _LABEL_STEP, line, BOLD, 11)


def _hint(sheet: Sheet, x: float, base: float, question: Question, all_of_them: Sequence[Question]) -> None:
    """Several answers, on which condition the question is asked, and the hint of the form itself."""
    parts = [sheet.say(Text("several answers"))] if question.kind is QuestionKind.SEVERAL else []
    if question.when is not None:
        parts.append(_condition(sheet, question, all_of_them))
    if hint := i18n.pick(question.hint, sheet.lang):
        parts.append(hint)
    beside = question.kind in {QuestionKind.NUMBER, QuestionKind.DAY, QuestionKind.TEXT}
    edge = sheet.paper.left + _IN + (sheet.paper.usable - _IN) * 0.58 if beside else sheet.paper.edge
    if parts and edge - x > 8:
        sheet.fitted(x, base, "; ".join(parts), edge - x, NARROW, 8.5)


def _condition(sheet: Sheet, question: Question, all_of_them: Sequence[Question]) -> str:
    when = question.when
    source = next((q for q in all_of_them if when is not None and q.key == when.question), None)
    if when is None or source is None:
        return ""
    said = ", ".join(i18n.pick(source.choice_words(key), sheet.lang) for key in when.any_of)
    return sheet.say(Text("only if: {answers}", answers=said))


def _choices(sheet: Sheet, base: float, question: Question, answers: Answers | None) -> None:
    given = (answers or {}).get(question.key)
    chosen = set(given) if isinstance(given, list) else {given}
    for row, places in enumerate(_choice_rows(question, sheet.lang, sheet.paper)):
        for x, n in places:
            choice = question.choices[n]
            words, is_on = i18n.pick(choice.words, sheet.lang), choice.key in chosen
            at = sheet.paper.left + _IN + x
            tick(sheet, at, base + 6 + row * _STEP, words, is_on=is_on, face=BOLD if is_on else TEXT, size=9.5)


def _long_text(sheet: Sheet, base: float, question: Question, answers: Answers | None) -> None:
    x = sheet.paper.left + _IN
    written = _written(question, answers, sheet.lang, sheet.paper)
    for n, line in enumerate(written):
        sheet.text(x, base + 5.5 + n * _ANSWER_STEP, line, BOLD, 10)
    if not written:
        sheet.rule(x, base + 8, sheet.paper.edge, 0.8)
        sheet.rule(x, base + 16, sheet.paper.edge, 0.8)


def _short_answer(sheet: Sheet, base: float, question: Question, answers: Answers | None) -> None:
    start = sheet.paper.left + _IN + (sheet.paper.usable - _IN) * 0.6
    answer = (answers or {}).get(question.key)
    if question.kind is QuestionKind.NUMBER:
        digits = len(str(question.most)) if question.most < 100_000 else 4
        cells(
            sheet, start, base - 4.4, (digits,), "" if answer is None else str(answer).rjust(digits), wide=4.8, tall=5.8
        )
    elif question.kind is QuestionKind.DAY:
        digits_of_day = f"{date.fromisoformat(str(answer)):%d%m%Y}" if answer else ""
        end = cells(sheet, start, base - 4.4, (2, 2, 4), digits_of_day, wide=4.8, tall=5.8, between="..")
        sheet.text(end + 1.5, base, Text("DD.MM.YYYY"), NARROW, 8)
    else:
        sheet.rule(start, base + 1.2, sheet.paper.edge, 0.8)
        if answer:
            sheet.fitted(start + 0.5, base, str(answer), sheet.paper.edge - start - 1, BOLD, 10)
