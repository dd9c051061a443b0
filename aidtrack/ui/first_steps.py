"""The questions of the first run, one a step; each keeps what was typed in it and says its problems beside its fields."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain import recovery
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft, UserDraft, centre_problems, password_problems, user_problems
from aidtrack.errors import Problem, Text
from aidtrack.ui import zones
from aidtrack.ui.form import Form
from aidtrack.ui.inputs import CheckInput, ChoiceInput, PasswordInput, TextInput
from aidtrack.ui.parts import Button, ChoiceCard, Field, Note, Panel, Words
from aidtrack.ui.recovery import print_code
from aidtrack.ui.ticks import TicksInput

LANGUAGE_NAMES = {"ru": "Русский", "uk": "Українська", "en": "English"}


class Step(QWidget):
    """One question. `main` is the word of F9 here."""

    title: ClassVar[Text]
    question: ClassVar[Text]
    second: ClassVar[Text]
    main: ClassVar[Text] = Text("Next step")

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)

    def check(self) -> bool:
        """Whether it is answered; problems stand beside the fields."""
        return True

    def is_ready(self) -> bool:
        """Whether F9 can be pressed at all."""
        return True

    def on_digit(self, digit: int) -> bool:
        """A digit outside of a field; True when it chose something."""
        return False

    def focus(self) -> None:
        """The cursor goes to the first field."""
        fields = self.form.fields()
        (fields[0].input if fields else self).setFocus()

    def add(self, *fields: Field) -> None:
        """Fields in a column, at most as wide as one reads."""
        for field in fields:
            self.form.add(field)
            field.setMaximumWidth(520)
            self.column.addWidget(field)


class _Cards(Step):
    """A step that is answered by one card."""

    def __init__(self, cards: list[ChoiceCard], chosen: int) -> None:
        super().__init__()
        self.cards = cards
        for n, card in enumerate(cards):
            card.setAutoExclusive(True)
            card.clicked.connect(lambda _=False, n=n: self.on_chosen(n))
            self.column.addWidget(card)
        self.column.addStretch(1)
        cards[chosen].setChecked(True)

    def on_chosen(self, at: int) -> None:
        """A card was pressed."""

    def on_digit(self, digit: int) -> bool:
        if not 1 <= digit <= len(self.cards):
            return False
        self.cards[digit - 1].setChecked(True)
        self.cards[digit - 1].setFocus()
        self.on_chosen(digit - 1)
        return True

    def chosen(self) -> int:
        """The place of the chosen card."""
        return next(n for n, card in enumerate(self.cards) if card.isChecked())

    def focus(self) -> None:
        self.cards[self.chosen()].setFocus()


class LanguageStep(_Cards):
    """The language of the window; it changes at once."""

    title = Text("Language")
    question = Text("Which language do you work in?")
    second = Text("Everybody chooses their own later. What is typed stays as it is.")
    switched = Signal(str)

    def __init__(self) -> None:
        words = {
            "ru": "Окно, сообщения и бумага",
            "uk": "Вікно, повідомлення та папір",
            "en": "Window, messages and paper",
        }
        cards = [
            ChoiceCard(LANGUAGE_NAMES[lang], words[lang], "globe", n, name=f"card_{lang}")
            for n, lang in enumerate(i18n.LANGUAGES, 1)
        ]
        super().__init__(cards, i18n.LANGUAGES.index(i18n.language()))

    def on_chosen(self, at: int) -> None:
        self.switched.emit(i18n.LANGUAGES[at])


class CentreStep(Step):
    """The centre: name, place, clock on the wall, languages of its papers."""

    title = Text("Centre")
    question = Text("What is the centre called?")
    second = Text("The name stands on every paper. All of it can be changed later in Settings.")

    def __init__(self) -> None:
        super().__init__()
        zone = ChoiceInput()
        zone.show_choices(zones.choices())
        languages = TicksInput([(lang, LANGUAGE_NAMES[lang]) for lang in i18n.LANGUAGES])
        self.add(
            Field(Text("Name of the centre"), TextInput(Text("for example: School No. 12")), name="name"),
            Field(Text("Town or village"), TextInput(), name="place"),
            Field(Text("Clock on the wall"), zone, name="timezone"),
            Field(Text("Languages of board, slips and papers"), languages, name="public_languages"),
        )
        self.column.addStretch(1)
        self.form.fill({"timezone": zones.of_this_machine()})
        self.use_language(i18n.language())

    def use_language(self, lang: str) -> None:
        """The papers speak the language of the window, until somebody ticks another one."""
        if not self.form.is_touched:
            self.form.fill({"public_languages": (lang,)})

    def draft(self) -> CentreDraft:
        """What was typed."""
        typed = self.form.values()
        return CentreDraft(
            typed["name"], typed["place"], typed["timezone"] or "", public_languages=typed["public_languages"]
        )

    def check(self) -> bool:
        problems = centre_problems(self.draft())
        self.form.show_problems(problems)
        return not problems


class CoordinatorStep(Step):
    """Who runs the centre, and the password that opens the file."""

    title = Text("Coordinator")
    question = Text("Who runs the centre?")
    second = Text(
        "The password opens the encrypted file. Nobody can look it up: a recovery code is printed at the end."
    )

    def __init__(self) -> None:
        super().__init__()
        self.add(
            Field(
                Text("Name to sign in with"), TextInput(Text("for example: Olha K."), 60), name="coordinator", lines=2
            ),
            Field(Text("Password"), PasswordInput(), Text("10 letters or more"), name="password", lines=2),
            Field(Text("The same password again"), PasswordInput(), name="again"),
        )
        self.column.addStretch(1)

    def name_and_password(self) -> tuple[str, str]:
        """What was typed."""
        return self.form.field("coordinator").input.value(), self.form.field("password").input.value()

    def check(self) -> bool:
        name, password = self.name_and_password()
        again = self.form.field("again").input.value()
        named = user_problems(UserDraft(name, frozenset({Role.COORDINATOR})), taken=(), today=date.min)
        problems = [Problem("coordinator", problem.text) for problem in named] + password_problems(password, again)
        self.form.show_problems(problems)
        return not problems


class GoodsStep(_Cards):
    """What the centre gives: the usual goods and rules, or an empty shelf."""

    title = Text("What we give")
    question = Text("What does the centre give?")
    second = Text("Goods and rules can be added and changed at any time.")
    main = Text("Make the centre")

    def __init__(self) -> None:
        super().__init__(
            [
                ChoiceCard(
                    Text("The usual goods and rules"),
                    Text("Food kits, water, hygiene, bedding and more, with who gets what and how often."),
                    "package-check", 1, name="card_programme",
                ),
                ChoiceCard(
                    Text("The usual goods only"), Text("The list of goods; you write the rules yourself."), "package", 2,
                    name="card_goods",
                ),
                ChoiceCard(Text("Nothing yet"), Text("You enter goods and rules yourself."), "circle-slash", 3, name="card_none"),
            ],
            0,
        )  # fmt: skip

    def wanted(self) -> tuple[bool, bool]:
        """Whether goods, and whether a programme."""
        return self.chosen() < 2, self.chosen() == 0


class CodeStep(Step):
    """The recovery code, shown once."""

    title = Text("Recovery code")
    question = Text("Print the recovery code")
    second = Text("It gives a coordinator a new password when the old one is forgotten. It is shown only now.")
    main = Text("Begin work")
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._code, self._centre = "", ""
        self._words = Words("", "h2", name="recovery_code_shown")
        panel = Panel(padding=24)
        panel.body.addWidget(self._words)
        self.column.addWidget(panel)
        row = QHBoxLayout()
        self._print = Button(Text("Print"), "printer", name="print_recovery_code")
        self._print.clicked.connect(lambda: print_code(self, self._code, self._centre))
        row.addWidget(self._print)
        row.addStretch(1)
        self.column.addLayout(row)
        self.kept = CheckInput(Text("The code is on paper and kept away from this computer"), name="code_is_kept")
        self.kept.edited.connect(self.changed)
        self.column.addWidget(self.kept)
        self.column.addWidget(
            Note(Text("Without password and without code nobody can open the data, nor can we."), "info")
        )
        self.column.addStretch(1)

    def show_code(self, code: str, centre: str) -> None:
        """The code of the new file."""
        self._code, self._centre = code, centre
        self._words.say(recovery.show(code))

    def is_ready(self) -> bool:
        return self.kept.value()

    def focus(self) -> None:
        self._print.setFocus()
