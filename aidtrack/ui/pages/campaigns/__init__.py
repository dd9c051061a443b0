"""Shows programmes and their rules as sentences, whom each fits, and how far the shelf goes for it; tries them on a
family. Does: new and changed programmes and rules, stop and go on. Listens to: programmes, stock.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.campaigns import about_families
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import FEW_FAMILIES
from aidtrack.errors import Text
from aidtrack.services import campaigns, stock
from aidtrack.services.campaigns import CampaignRow, RuleReach, RuleRow, SiteRow
from aidtrack.services.stock import ItemRow
from aidtrack.ui import jobs, messages, theme
from aidtrack.ui.dialogs import Answer, Question
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.pages.campaigns.dialogs import CampaignDialog, RuleDialog
from aidtrack.ui.pages.campaigns.packs import Packs
from aidtrack.ui.pages.campaigns.poster import print_poster
from aidtrack.ui.pages.campaigns.terms import TermsDialog
from aidtrack.ui.pages.campaigns.today import TodayDialog
from aidtrack.ui.pages.campaigns.trial import Trial
from aidtrack.ui.parts import Button, Caption, EmptyState, KeyCap, Line, Panel, RowItem, RowList, Words
from aidtrack.ui.record_table import Cell, Column, RecordTable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

LIST_WIDTH, SIDE_WIDTH = 260, 330


def ask_reach(session: Session, by: Actor, *, campaign_id: UUID) -> tuple[RuleReach, ...]:
    """The rules of a programme against families and shelf."""
    return campaigns.reach(session, by, campaign_id)


class CampaignsPage(Page):
    """Programmes of aid."""

    name = "campaigns"
    title = Text("Programmes")
    icon = "clipboard-list"
    shows = frozenset({Kind.CAMPAIGNS, Kind.STOCK})

    def __init__(self) -> None:
        super().__init__()
        self._programmes: tuple[CampaignRow, ...] = ()
        self._list = RowList(56, name="campaign_list")
        self._rules = RecordTable(
            _columns(), row_height=52, key=lambda r: (r.row.campaign_id, r.row.no), name="rules_table"
        )
        self._title = Words("", "h2", elide=True, name="campaign_title")
        self._dates = Words("", "small", tone="ink3", name="campaign_dates")
        self._sentences = {lang: Words("", "small", wrap=True, name=f"sentence_{lang}") for lang in i18n.LANGUAGES}
        self._reach = Words("", "small", wrap=True, name="rule_reach")
        self._no_rule = Words(
            Text("A rule that is chosen stands here as people read it."),
            "small",
            wrap=True,
            tone="ink3",
            name="no_rule",
        )
        self.trial = Trial()
        self.packs = Packs(self)
        self.made_of(self._build())

    # ── building ──

    def _build(self) -> Iterator[None]:
        head = self.head()
        self._stop = Button(Text("Stop"), "circle-pause", name="campaign_stop")
        self._edit = Button(Text("Change"), "pencil", name="campaign_edit")
        self._new = Button(Text("New programme"), "plus", name="campaign_new")
        self._poster = Button(Text("Poster"), "printer", name="campaign_poster")
        for button in (self._poster, self._stop, self._edit, self._new):
            head.add_right(button)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.root.addLayout(row, 1)
        yield
        row.addWidget(self._left())
        row.addWidget(self._middle(), 1)
        yield
        row.addWidget(self._right())
        self._connect()

    def _left(self) -> QWidget:
        panel = Panel(padding=8, name="campaign_panel")
        self._none = EmptyState("clipboard-list", Text("No programme yet"), Text("F9 makes one: who gets what, how often"))
        panel.body.addWidget(self._none, 1)
        panel.body.addWidget(self._list, 1)
        self._left_panel = panel
        return panel

    def _middle(self) -> QWidget:
        panel = Panel(padding=8, name="rules_panel")
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 4)
        top.addWidget(self._title, 1)
        top.addWidget(self._dates)
        panel.body.addLayout(top)
        panel.body.addWidget(self._rules, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 4)
        foot.setSpacing(8)
        foot.addStretch(1)
        self._enter = (KeyCap("Enter"), Words(Text("change the rule"), "small"))
        for part in self._enter:
            foot.addWidget(part)
        panel.body.addLayout(foot)
        return panel

    def _right(self) -> QWidget:
        self._side = Panel(Text("The rule in words"), name="rule_side")
        self._langs = {lang: Caption(i18n.LABELS[lang]) for lang in self._sentences}
        for lang, words in self._sentences.items():
            self._side.body.addWidget(self._langs[lang])
            self._side.body.addWidget(words)
        self._side.body.addWidget(self._no_rule)
        self._lines = (Line(), Line())
        self._side.body.addWidget(self._lines[0])
        self._side.body.addWidget(self._reach)
        self._side.body.addWidget(self._lines[1])
        self._side.body.addWidget(self.trial, 1)
        return self._side

    def _connect(self) -> None:
        self._list.moved.connect(self._on_programme)
        self._rules.moved.connect(lambda _row: self._show_rule())
        self._rules.chosen.connect(self._ask_rule)
        self._new.clicked.connect(lambda: self._show_campaign(None))
        self._edit.clicked.connect(lambda: self._show_campaign(self._current()))
        self._stop.clicked.connect(self._ask_stop)
        self._poster.clicked.connect(self._print_poster)

    # ── what the frame asks ──

    def load(self) -> None:
        """Programmes, then the rules of the chosen one."""
        jobs.follow(campaigns.campaign_rows, owner=self, then=self._show, name="programmes")

    def main_action(self) -> Action | None:
        """F9 adds a rule; without a programme it makes the first one."""
        row = self._current()
        if row is None:
            return Action(Text("New programme"), partial(self._show_campaign, None))
        return Action(Text("New rule"), partial(self._ask_rule, None), row.is_ours)

    def keys(self) -> dict[Key, Action]:
        """F2 tries the rules on a family, F3 makes a programme."""
        return {
            Key.FIND: Action(None, self._try),
            Key.NEW: Action(Text("New programme"), partial(self._show_campaign, None)),
        }

    def more(self) -> Sequence[Action]:
        """F7: what is done less often."""
        row, rule = self._current(), self._rules.current() is not None
        ours = row is not None and row.is_ours
        return (
            Action(Text("Change the rule"), lambda: self._ask_rule(self._rules.current()), rule and ours),
            Action(Text("More conditions"), self._ask_terms, rule and ours),
            Action(Text("How is it given today?"), self._ask_today, rule),
            Action(Text("Take the rule out"), self._ask_out, rule and ours),
            Action(Text("Poster"), self._print_poster, row is not None),
            Action(Text("Change the programme"), lambda: self._show_campaign(self._current()), ours),
            Action(Text("Start with the rules of the catalogue"), self._start_pack),
            Action(Text("Take in an example"), self.packs.ask_example),
            Action(Text("Take in a file of rules or goods"), self.packs.ask_file),
            Action(Text("Write the programme into a file"), self._ask_where, row is not None),
        )

    def retranslate(self) -> None:
        """Names and sentences in another language."""
        self._show(self._programmes)
        self._show_languages()
        self.trial.retranslate()

    def on_narrow(self, narrow: bool) -> None:
        """With little room the side opens by F2 in place of the list of programmes, and closes by Esc."""
        self._left_panel.setFixedWidth(theme.px(LIST_WIDTH))
        self._side.setFixedWidth(theme.px(SIDE_WIDTH))
        self._show_side(not narrow)

    def _show_side(self, shown: bool) -> None:
        self._side.setVisible(shown)
        kept = _ALL if not self.is_narrow() else _BESIDE if shown else _LARGE if theme.is_large() else _ALL
        columns = [column for n, column in enumerate(_columns()) if n in kept]
        if len(columns) != len(self._rules.columns()):
            self._rules.show_columns(columns)
        self._left_panel.setVisible(not (shown and self.is_narrow()))

        self._show_languages()

    def _show_languages(self) -> None:
        """Large letters in a small window leave room for one language beside the family it is tried on."""
        is_chosen = self._rules.current() is not None
        for lang, words in self._sentences.items():
            is_read = is_chosen and (not (self.is_narrow() and theme.is_large()) or lang == i18n.language())
            words.setVisible(is_read)
            self._langs[lang].setVisible(is_read)

    def _try(self) -> None:
        self._show_side(True)
        self.trial.input.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_narrow() and self._side.isVisible():
            self._show_side(False)
            self._rules.setFocus()
        else:
            super().keyPressEvent(event)

    # ── showing ──

    def _current(self) -> CampaignRow | None:
        row = self._list.current()
        return row if isinstance(row, CampaignRow) else None

    def _show(self, rows: tuple[CampaignRow, ...]) -> None:
        chosen = self._current()
        self._programmes = rows
        self._list.show_rows([_item(row) for row in rows])
        self._none.setVisible(not rows)
        self._list.setVisible(bool(rows))
        self._rules.set_empty("list-plus", Text("No rules yet"), Text("F9 adds the first one") if rows else Text("A programme comes first"))
        row = next((row for row in rows if chosen is not None and row.id == chosen.id), rows[0] if rows else None)
        if row is not None:
            self._list.select(row)
        self._on_programme(row)

    def _on_programme(self, row: CampaignRow | None) -> None:
        self._title.say(i18n.pick(row.names, i18n.language()) if row else "")
        self._dates.say(_dates(row) if row else "")
        is_ours = row is not None and row.is_ours
        self._poster.setEnabled(row is not None)
        self._edit.setEnabled(is_ours)
        self._stop.setEnabled(is_ours)
        running = row is None or row.is_running
        self._stop.say(Text("Stop") if running else Text("Go on"), "circle-pause" if running else "refresh-cw")
        self.trial.use(row.id if row else None)
        self.refresh_actions()
        if row is None:
            self._show_rules(())
        else:
            jobs.read(partial(ask_reach, campaign_id=row.id), owner=self, then=self._show_read, latest="rules")

    def _show_read(self, rows: tuple[RuleReach, ...]) -> Generator[None]:
        """The table, and in the next turn of the window the chosen rule in words."""
        self._rules.show_rows(rows)
        yield
        self._choose_rule()

    def _show_rules(self, rows: tuple[RuleReach, ...]) -> None:
        self._rules.show_rows(rows)
        self._choose_rule()

    def _choose_rule(self) -> None:
        if self._rules.rows() and self._rules.current() is None:
            self._rules.select_row(0)
        self._show_rule()

    def _show_rule(self) -> None:
        found: RuleReach | None = self._rules.current()
        for lang, words in self._sentences.items():
            words.say(i18n.render(found.row.sentence, lang) if found else "")
        self._reach.say(_reach_words(found) if found else "")
        self._show_languages()
        self._no_rule.setVisible(found is None)
        for part in (self._reach, self._lines[0], *self._enter):
            part.setVisible(found is not None)
        self.refresh_actions()

    # ── doing ──

    def _ask_rule(self, chosen: RuleReach | None) -> None:
        campaign = self._current()
        if campaign is None or not campaign.is_ours:
            return
        row = chosen.row if chosen is not None else None
        jobs.read(stock.item_rows, owner=self, then=partial(self._show_rule_dialog, row))

    def _show_rule_dialog(self, row: RuleRow | None, items: tuple[ItemRow, ...]) -> None:
        campaign = self._current()
        if campaign is None:
            return
        items = tuple(item for item in items if item.variant_of is None)
        no, edition = (row.no, row.edition) if row else (None, 0)
        save = partial(campaigns.save_rule, campaign_id=campaign.id, no=no, edition=edition)
        self._save_rule(RuleDialog(self, items, row), save)

    def _ask_terms(self) -> None:
        found: RuleReach | None = self._rules.current()
        if found is not None:
            row = found.row
            save = partial(campaigns.save_rule, campaign_id=row.campaign_id, no=row.no, edition=row.edition)
            self._save_rule(TermsDialog(self, row), save)

    def _ask_today(self) -> None:
        found: RuleReach | None = self._rules.current()
        if found is None:
            return
        dialog = TodayDialog(self, found)
        switch = partial(campaigns.switch_item, item_id=dialog.item_id)
        said = Text("In force at every window now.")
        dialog.accepted_values.connect(
            lambda _values: self._write(dialog, partial(switch, request_id=new_id(), switch=dialog.switch()), said)
        )
        self.ask(dialog)

    def _save_rule(self, dialog: RuleDialog | TermsDialog, save: partial[UUID]) -> None:
        dialog.accepted_values.connect(
            lambda _values: self._write(
                dialog, partial(save, request_id=new_id(), draft=dialog.draft()), Text("The rule is in force now.")
            )
        )
        self.ask(dialog)

    def _ask_out(self) -> None:
        found: RuleReach | None = self._rules.current()
        if found is None:
            return
        question = Question(
            self, title=Text("Take the rule out?"), facts=found.row.sentence,
            answers=[Answer("out", Text("take it out: nobody gets it from now on")), Answer("", Text("leave it"))],
            foot=Text("What was handed over stays counted."), name="rule_out",
        )  # fmt: skip
        question.answered.connect(lambda answer: self._take_out(found.row) if answer else None)
        self.ask(question)

    def _take_out(self, row: RuleRow) -> None:
        draft = campaigns.taken_out(row)
        save = partial(campaigns.save_rule, campaign_id=row.campaign_id, draft=draft, no=row.no, edition=row.edition)
        jobs.write(
            partial(save, request_id=new_id()), owner=self, then=lambda _: messages.done(Text("The rule is taken out."))
        )

    def _show_campaign(self, row: CampaignRow | None) -> None:
        jobs.read(campaigns.other_sites, owner=self, then=partial(self._show_campaign_dialog, row))

    def _show_campaign_dialog(self, row: CampaignRow | None, sites: tuple[SiteRow, ...]) -> None:
        dialog = CampaignDialog(self, row, sites)
        save = partial(campaigns.save_campaign, campaign_id=row.id if row else None)
        dialog.accepted_values.connect(
            lambda _values: self._write(
                dialog, partial(save, request_id=new_id(), draft=dialog.draft()), Text("The programme is saved.")
            )
        )
        self.ask(dialog)

    def _ask_stop(self) -> None:
        row = self._current()
        if row is None:
            return
        do = campaigns.stop_campaign if row.is_running else campaigns.run_campaign
        said = Text("The programme is stopped: it gives nothing.") if row.is_running else Text("The programme goes on.")
        jobs.write(
            partial(do, request_id=new_id(), campaign_id=row.id, version=row.version),
            owner=self, then=lambda _: messages.done(said), busy=self._stop,
        )  # fmt: skip

    def _start_pack(self) -> None:
        jobs.write(
            partial(campaigns.load_programme, request_id=new_id()), owner=self,
            then=lambda _: messages.done(Text("The programme is saved.")),
        )  # fmt: skip

    def _ask_where(self) -> None:
        row = self._current()
        if row is not None:
            self.packs.ask_where(row)

    def _print_poster(self) -> None:
        row = self._current()
        if row is not None:
            print_poster(self, row.id)

    def _write(self, dialog: Any, do: Any, said: Text) -> None:
        def then(_answer: object) -> None:
            dialog.done_close()
            messages.done(said)

        jobs.write(do, owner=self, then=then, failed=dialog.failed)


def _item(row: CampaignRow) -> RowItem:
    lang = i18n.language()
    rules = i18n.trn("{n} rule", "{n} rules", row.rules)
    second = f"{rules} · {i18n.render(_dates(row), lang)}" if row.is_running else i18n.tr("stopped")
    tone = "ink" if row.is_running else "ink3"
    return RowItem(title=i18n.pick(row.names, lang), second=second, tone=tone, data=row, wraps=True)


def _dates(row: CampaignRow) -> Text:
    if row.ends_on is None:
        return Text("from {a}", a=row.starts_on)
    return Text("{a} – {b}", a=row.starts_on, b=row.ends_on)


_ALL, _LARGE, _BESIDE = (0, 1, 2, 3), (0, 2, 3), (0, 3)
"""Of the columns: with less room only what decides stays beside the words of a rule."""


def _columns() -> Sequence[Column]:
    return (
        Column(Text("Who gets what"), _rule_cell, stretch=True, width=170, strong=True, wrap=True),
        Column(Text("Families"), lambda found: found.fits.families, align="right", width=76),
        Column(Text("Can be given"), lambda found: found.can_be_given, align="right", width=96),
        Column(Text("Enough for"), _enough, width=132),
    )


def _rule_cell(found: RuleReach) -> Cell:
    lang = i18n.language()
    rule = found.row.sentence.facts["rule"]
    return Cell(i18n.pick(found.row.item_names, lang), second=i18n.render(rule, lang))


def _enough(found: RuleReach) -> Cell:
    if found.switch is not None:
        return Cell(found.switch.text, icon="circle-slash", tone="ink3")
    if found.enough is None:
        return Cell(None)
    if not found.can_be_given:
        return Cell(Text("none today"), icon="circle-slash", tone="ink3")
    short = found.enough < min(found.fits.families, FEW_FAMILIES)
    words = Text.plural("{n} family", "{n} families", n=about_families(found.enough))
    return Cell(words, icon="triangle-alert" if short else "circle-check", tone="att" if short else "ink2")


def _reach_words(found: RuleReach) -> Text:
    fits = found.fits
    if not fits.families:
        return Text("It fits no registered family yet.")
    return Text(
        "Fits {families} with {people}. One round takes {units}, {held} can be given.",
        families=Text.plural("{n} family", "{n} families", n=fits.families), people=Text.plural("{n} person", "{n} people", n=fits.people),
        units=fits.units, held=found.can_be_given,
    )  # fmt: skip
