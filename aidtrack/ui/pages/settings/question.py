"""One question of the aid form as a form: its words in every language, how it is answered, when it is asked. Owns no storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.intake import Choice, Condition, Question, QuestionKind
from aidtrack.domain.text import clean
from aidtrack.errors import Problem, Text
from aidtrack.ui.dialogs import FormDialog
from aidtrack.ui.first_steps import LANGUAGE_NAMES
from aidtrack.ui.inputs import AreaInput, CheckInput, ChoiceInput, TextInput
from aidtrack.ui.parts import Field

KINDS = {
    QuestionKind.ONE: Text("one of the answers"),
    QuestionKind.SEVERAL: Text("several of the answers"),
    QuestionKind.TEXT: Text("a line of words"),
    QuestionKind.LONG_TEXT: Text("several lines"),
    QuestionKind.NUMBER: Text("a whole number"),
    QuestionKind.DAY: Text("a date"),
    QuestionKind.SECTION: Text("nothing: a heading"),
    QuestionKind.NOTE: Text("nothing: a sentence to say"),
}
_BAR = "|"


class QuestionDialog(FormDialog):
    """`before` are the questions asked earlier: a condition may name their answers."""

    def __init__(self, parent: QWidget, question: Question | None, before: Sequence[Question], key: str) -> None:
        title = Text("New question") if question is None else Text("Question of the form")
        super().__init__(parent, title=title, main=Text("Take over"), width=880, name="question_dialog")
        self._old = question or Question(key, QuestionKind.ONE, {})
        self._choices = AreaInput(lines=4)
        self._kind, self._when = ChoiceInput(), ChoiceInput()
        self._kind.show_choices(list(KINDS.items()))
        self._when.show_choices(self._conditions(before))
        self._lay_out()
        self._fill()
        self._kind.edited.connect(self._on_kind)
        self._on_kind()

    def _lay_out(self) -> None:
        both = QHBoxLayout()
        both.setSpacing(20)
        for start, caption, hint in (
            ("words", Text("Question"), Text("")),
            ("hint", Text("What to do or say, small under it"), Text("")),
        ):
            column = QVBoxLayout()
            column.setSpacing(4)
            for lang in i18n.LANGUAGES:
                said = Text("{caption}: {language}", caption=caption, language=LANGUAGE_NAMES[lang])
                field = Field(said, TextInput(max_length=300), hint, name=f"{start}_{lang}", reserve=False)
                column.addWidget(self.form.add(field))
            both.addLayout(column, 3 if start == "words" else 2)
        how = QHBoxLayout()
        how.setSpacing(20)
        for field, stretch in (
            (Field(Text("Answered by"), self._kind, name="kind", reserve=False), 3),
            (Field(Text("Asked"), self._when, name="when"), 3),
            (Field(Text("Answer"), CheckInput(Text("must be given")), name="is_required", reserve=False), 2),
        ):
            how.addWidget(self.form.add(field), stretch)
        hint = Text("one a line: ru | uk | en")
        self._answers = Field(Text("Answers to choose from"), self._choices, hint, name="choices")
        self.body.addLayout(both)
        self.body.addLayout(how)
        self.body.addWidget(self.form.add(self._answers))

    def _fill(self) -> None:
        old = self._old
        values: dict[str, object] = {"kind": old.kind, "when": old.when, "is_required": old.is_required}
        for lang in i18n.LANGUAGES:
            values |= {f"words_{lang}": old.words.get(lang, ""), f"hint_{lang}": old.hint.get(lang, "")}
        values["choices"] = "\n".join(_line(choice.words) for choice in old.choices)
        self.form.fill(values)

    def _conditions(self, before: Sequence[Question]) -> list[tuple[Condition | None, Text]]:
        """Always, or when an earlier choice was answered so; what stood there before stays a choice."""
        lang = i18n.language()
        found: list[tuple[Condition | None, Text]] = [(None, Text("always"))]
        for question in before:
            for choice in question.choices:
                asked, answer = i18n.pick(question.words, lang), i18n.pick(choice.words, lang)
                said = Text("if {question}: {answer}", question=asked, answer=answer)
                found.append((Condition(question.key, (choice.key,)), said))
        if self._old.when is not None and self._old.when not in [condition for condition, _ in found]:
            found.append((self._old.when, Text("on the condition it has")))
        return found

    def _on_kind(self) -> None:
        kind = self._kind.value()
        self._answers.setVisible(kind.has_choices)
        self.form.field("is_required").setVisible(kind.has_answer)
        if self.isVisible():
            self.fit()

    def question(self) -> Question:
        """What was typed; keys of questions and answers stay as they were, so that old answers find their words."""
        typed = self.form.values()
        kind: QuestionKind = self._kind.value()
        said = {start: {lang: str(typed[f"{start}_{lang}"]) for lang in i18n.LANGUAGES} for start in ("words", "hint")}
        return replace(
            self._old, kind=kind, words=said["words"], hint={lang: words for lang, words in said["hint"].items() if words},
            choices=choices_from(str(typed["choices"]), self._old.choices) if kind.has_choices else (),
            is_required=bool(typed["is_required"]) and kind.has_answer, when=self._when.value(),
        )  # fmt: skip

    def place_of(self, problem: Problem) -> str:
        """The field a problem of the question belongs to."""
        typed = self.form.values()
        if "condition" in problem.text.msgid.lower():
            return "when"
        if "answer" in problem.text.msgid.lower():
            return "choices"
        empty = next((lang for lang in i18n.LANGUAGES if not typed[f"words_{lang}"]), None)
        return f"words_{empty}" if empty else "choices"


def fresh_key(questions: Sequence[Question]) -> str:
    """A key no question has."""
    taken = {question.key for question in questions}
    return next(f"q{n}" for n in range(1, len(taken) + 2) if f"q{n}" not in taken)


def _line(words: Mapping[str, str]) -> str:
    return f" {_BAR} ".join(words.get(lang, "") for lang in i18n.LANGUAGES)


def choices_from(typed: str, before: Sequence[Choice]) -> tuple[Choice, ...]:
    """The answers of the lines. One that keeps its words in any language keeps its key; a new one gets a new key."""
    left, made = list(before), list[Choice]()
    taken = {choice.key for choice in before}
    for line in typed.splitlines():
        parts = [clean(part) for part in line.split(_BAR)]
        words = dict(zip(i18n.LANGUAGES, [*parts, "", ""], strict=False))
        if not any(parts):
            continue
        same = next((old for old in left if any(words[lang] and words[lang] == old.words.get(lang) for lang in words)), None)
        key = same.key if same is not None else next(f"a{n}" for n in range(1, 1000) if f"a{n}" not in taken)
        if same is not None:
            left.remove(same)
        taken.add(key)
        made.append(Choice(key, words))
    return tuple(made)
