"""Two records beside each other, line by line, with a sign and a word where they differ. Shows rows, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

from aidtrack import i18n
from aidtrack.domain.birth import Precision
from aidtrack.domain.contacts import masked_phone
from aidtrack.errors import Text
from aidtrack.i18n import day_short, tr, trn
from aidtrack.ui.parts import EmptyState, Panel, Words
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from aidtrack.services.identity.records import Record
    from aidtrack.services.identity.settling import SideBySide

SAME, DIFFERS, ONE = "=", "≠", ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison, said in the language of the window."""

    caption: str
    left: str
    right: str

    @property
    def sign(self) -> str:
        """Whether both say the same, other things, or only one says anything."""
        if not (self.left and self.right):
            return ONE
        return SAME if self.left.casefold() == self.right.casefold() else DIFFERS


class Comparison(Panel):
    """Empty until a pair is chosen."""

    def __init__(self) -> None:
        super().__init__(padding=16, name="comparison")
        self._beside: SideBySide | None = None
        self._reasons: Sequence[Text] = ()
        self._by: Text | None = None
        self.body.setSpacing(4)
        self.title_words = Words("", "h3", elide=True, name="comparison_title")
        self.score = Words("", "small", tone="ink2", elide=True, name="comparison_score")
        self.why = Words("", "small", tone="ink3", wrap=True, name="comparison_reasons")
        self.table = RecordTable(
            [
                Column(Text("What"), lambda fact: Cell(fact.caption, tone="ink3"), width=118, wrap=True),
                Column(Text("One record"), lambda fact: _cell(fact, fact.left), stretch=True, width=150),
                Column(Text(""), lambda fact: Cell(fact.sign, strong=fact.sign == DIFFERS), width=30),
                Column(Text("Other record"), lambda fact: _cell(fact, fact.right), stretch=True, width=150),
            ],
            row_height=32,
            key=lambda fact: (fact.caption, fact.left, fact.right),
            name="facts",
        )
        self.nothing = EmptyState("circle-check", Text("Nothing to settle"), _HINT, name="nothing_to_settle")
        for part in (self.title_words, self.score, self.why):
            self.body.addWidget(part)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.nothing, 1)
        self.show_nothing(is_empty=True)

    def show_two(self, beside: SideBySide, reasons: Sequence[Text], by: Text | None = None) -> None:
        """These two, with what speaks for one person, and who left or joined them."""
        self._beside, self._reasons, self._by = beside, reasons, by
        self._say()

    def show_nothing(self, *, is_empty: bool) -> None:
        """No pair is chosen; `is_empty` when there is none."""
        self._beside = None
        for part in (self.title_words, self.score, self.why, self.table):
            part.setVisible(not is_empty)
        self.nothing.setVisible(is_empty)

    def _say(self) -> None:
        beside = self._beside
        if beside is None:
            return
        for part in (self.title_words, self.score, self.why, self.table):
            part.show()
        self.nothing.hide()
        self.title_words.say(beside.a.name or beside.b.name or tr("without name"))
        self.score.say(_how_likely(beside, self._by))
        lang = i18n.language()
        self.why.say(" · ".join(i18n.render(reason, lang) for reason in self._reasons))
        self.table.show_rows(tuple(facts_of(beside)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()


_HINT = Text("What may be the same and was passed by at a window comes here; the whole file can be looked through")


def _how_likely(beside: SideBySide, by: Text | None) -> Text:
    """How alike they are and who left them; of joined ones who joined them."""
    if beside.are_joined:
        return by or Text("joined: one person under two records")
    how = Text("one person, by what is written: {n} of 100", n=round(beside.score * 100))
    return Text("{how} · {by}", how=how, by=by) if by else how


def _cell(fact: Fact, said: str) -> Cell:
    return Cell(said or None, tone="" if fact.sign == DIFFERS else "ink2", strong=fact.sign == DIFFERS)


def facts_of(beside: SideBySide) -> Iterator[Fact]:
    """Everything both say, then their families: who is there twice first."""
    a, b = beside.a, beside.b
    for caption, left, right in zip(_CAPTIONS, _facts(a), _facts(b), strict=True):
        if left or right:
            yield Fact(i18n.render(caption, i18n.language()), left, right)
    family = tr("family")
    matched = {person for pair in beside.also for person in (pair[0].person_id, pair[1].person_id)}
    for ours, theirs in beside.also:
        yield Fact(family, _member(ours), _member(theirs))
    for member in beside.family_a:
        if member.person_id not in matched:
            yield Fact(family, _member(member), "")
    for member in beside.family_b:
        if member.person_id not in matched:
            yield Fact(family, "", _member(member))


_CAPTIONS = (
    Text("surname"),
    Text("name"),
    Text("patronymic"),
    Text("born"),
    Text("sex"),
    Text("relation"),
    Text("document"),
    Text("phone"),
    Text("where from"),
    Text("where living now"),
    Text("address"),
    Text("card"),
    Text("registered"),
    Text("received"),
)


def _facts(record: Record) -> tuple[str, ...]:
    lang = i18n.language()
    return (
        *record.names,
        _born(record),
        i18n.render(record.sex.text, lang) if record.sex else "",
        i18n.render(record.relation.text, lang) if record.relation else "",
        ", ".join(_paper(paper.kind.text if paper.kind else None, paper.tail) for paper in record.papers),
        ", ".join(masked_phone(phone) for phone in record.phones),
        i18n.pick(record.settlement, lang) or record.origin_text,
        i18n.render(record.lodging.text, lang) if record.lodging else "",
        record.address,
        f"·{record.card_number[-4:]}" if record.card_number else "",
        day_short(record.registered_day, lang),
        _received(record),
    )


def _born(record: Record) -> str:
    """12.08.1961; a guess by an age said says so."""
    if record.birth is None:
        return ""
    is_guess = record.birth.precision is Precision.AGE
    return tr("about {year}", year=record.birth.typed) if is_guess else record.birth.typed


def _paper(kind: Text | None, tail: str) -> str:
    return " ".join(
        part for part in (i18n.render(kind, i18n.language()) if kind else "", tail and f"··· {tail}") if part
    )


def _received(record: Record) -> str:
    if not record.received or record.last_received is None:
        return ""
    times = trn("{n} time", "{n} times", record.received)
    return tr("{times}, last {day}", times=times, day=record.last_received)


def _member(record: Record) -> str:
    parts = (record.name or tr("without name"), _born(record))
    return ", ".join(part for part in parts if part)
