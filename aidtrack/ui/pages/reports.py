"""Shows the papers that can be asked for, and the chosen one as it will be printed. Does: print, save as PDF, XLSX, CSV.

Listens to: queue, stock, hand-overs, days. A paper is made in the other process; while one is being made, the last one stays in sight.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.days import Period
from aidtrack.errors import AidTrackError, NotFound, Text
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import REPORTS, Format, Printed, Report
from aidtrack.services import overview
from aidtrack.ui import jobs, messages, printing, saving
from aidtrack.ui.dialogs import FormDialog, TotalsDialog
from aidtrack.ui.inputs import DateInput, SearchInput, TextInput
from aidtrack.ui.page import Action, Key, Kind, Page
from aidtrack.ui.parts import (
    Button,
    Caption,
    Field,
    HourChart,
    Level,
    LevelChart,
    Note,
    Pair,
    Panel,
    RowItem,
    RowList,
    Segmented,
    Words,
)
from aidtrack.ui.parts.chips import FlowLayout
from aidtrack.ui.preview import Preview
from aidtrack.ui.request import Request
from aidtrack.ui.theme import is_large, px

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

_LANGUAGES = (("ru", Text("Russian")), ("uk", Text("Ukrainian")), ("en", Text("English")))
_SAVES = {
    Format.PDF: ("file-down", Text("PDF")),
    Format.XLSX: ("file-spreadsheet", Text("XLSX")),
    Format.CSV: ("file-text", Text("CSV, HXL")),
}
TOTALS = "totals"
"""What else may be asked of a report: its sums as words and code."""
_TOTALS = Text("Totals only. No names on this paper.")
_NO_NAMES = Text("Numbers only. No names on this paper.")
_SOON_MS, _LATER_MS = 250, 5000


def _revised(count: int) -> Text:
    if not count:
        return Text("The figures are the same: there is nothing to revise.")
    return Text.plural("{n} report was revised", "{n} reports were revised", n=count)


def _hours_of(figures: Any) -> list[Pair]:
    if not isinstance(figures, overview.QueueReport):
        return []
    return [Pair(f"{hour.hour % 24:02}", hour.issued, hour.served) for hour in figures.hours]


def _levels_of(figures: Any) -> list[Level]:
    """Goods whose use is known, in days like today."""
    if not isinstance(figures, overview.StockReport):
        return []
    lang = i18n.language()
    known = [item for item in figures.items if item.families is not None]
    return [Level(Text("{item}", item=item.names), item.days, _days_left(item, lang)) for item in known]


def _days_left(item: overview.ItemFigures, lang: str) -> str:
    if item.days is None:
        return i18n.tr("none left")
    return i18n.tr("{n} days", n=i18n.decimal(item.days, lang))


class ReportsPage(Page):
    """The papers of the centre."""

    name = "reports"
    title = Text("Reports")
    icon = "file-text"
    shows = frozenset({Kind.QUEUE, Kind.STOCK, Kind.HANDOVERS, Kind.DAYS, Kind.PROMISES})

    def __init__(self) -> None:
        super().__init__()
        self._report: Report = REPORTS[0]
        self._figures: Any = None
        self._pdf: bytes | None = None
        self._revisions: tuple[int, ...] = ()
        self._request = Request()
        self._making: jobs.Job | None = None
        self._made_for: tuple[object, ...] = ()  # whose paper is being made,
        self._made_of: Any = None  # and of which figures
        self._asked: tuple[object, ...] = ()
        self._wants_totals = False
        self._soon = QTimer(self, singleShot=True)
        self.made_of(self._build())

    # ── building ──

    def _build(self) -> Iterator[None]:
        self._search = SearchInput(Text("report or figure"), name="reports_search")
        self._list = RowList(36, name="reports_list")
        self._code = Words("", "h2", tone="ink3", name="report_code")
        self._name = Words("", "h2", wrap=True, name="report_title")
        self._about = Words("", "small", tone="ink3", wrap=True, name="report_about")
        self._day_input = DateInput(name="report_day", optional=False)
        self._day = Field(Text("Day"), self._day_input, name="report_day")
        self._since_input = DateInput(name="report_since")
        self._since = Field(Text("From, if several days"), self._since_input, name="report_since", reserve=False)
        self._language = Segmented(name="report_language")
        self._which = Caption(Text("Revision"))
        self._revision = Segmented(name="report_revision")
        yield
        self._note = Note(_TOTALS, "shield-check", name="report_note")
        self._saves = {kind: Button(words, icon, name=f"save_{kind}") for kind, (icon, words) in _SAVES.items()}
        self._hours = HourChart(Text("issued"), Text("served"))
        self._levels = LevelChart()
        self._preview = Preview()
        row = QHBoxLayout()
        row.setSpacing(16)
        self.root.addLayout(row, 1)
        yield
        self._left = self._list_side()
        yield
        self._middle = self._asking_side()
        row.addWidget(self._left)
        row.addWidget(self._middle, 5)
        yield
        row.addWidget(self._preview, 6)
        yield
        self._connect()
        self._show_list()
        self._choose(self._report)

    def _list_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(Words(self.title, "h1"))
        column.addWidget(self._search)
        column.addWidget(self._list, 1)
        return side

    def _asking_side(self) -> QWidget:
        panel = Panel(padding=20, name="report_panel")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._name, 1)
        panel.body.addLayout(head)
        panel.body.addWidget(self._about)
        panel.body.addSpacing(8)
        panel.body.addWidget(self._since)
        panel.body.addWidget(self._day)
        panel.body.addWidget(Caption(Text("Language on paper")))
        panel.body.addWidget(self._language)
        panel.body.addWidget(self._which)
        panel.body.addWidget(self._revision)
        panel.body.addSpacing(8)
        for chart in (self._hours, self._levels):
            panel.body.addWidget(chart)
        panel.body.addStretch(1)
        panel.body.addWidget(self._note)
        saves = QWidget()
        flow = FlowLayout(saves, 8)
        for button in self._saves.values():
            flow.addWidget(button)
        panel.body.addSpacing(4)
        panel.body.addWidget(saves)
        return panel

    def _connect(self) -> None:
        self._language.show_choices(_LANGUAGES)
        self._own = ""
        self._language.set_value(i18n.language())
        self._search.edited.connect(self._show_list)
        self._search.entered.connect(self._list.setFocus)
        self._search.went_down.connect(self._list.setFocus)
        self._list.moved.connect(self._on_list_moved)
        self._list.chosen.connect(lambda _: self._day_input.setFocus())
        for day in (self._day_input, self._since_input):
            day.edited.connect(lambda: self._ask_soon(_SOON_MS))
        self._language.edited.connect(self._on_language)
        self._revision.edited.connect(lambda _: self._ask_soon(0))
        self._soon.timeout.connect(self._ask)
        for kind, button in self._saves.items():
            button.clicked.connect(partial(self._save, kind))

    # ── what the frame asks ──

    def load(self) -> None:
        """The day first, when none was typed; then the paper, not more often than eyes can follow."""
        if self._day_input.value() is None:
            jobs.follow(overview.last_day, owner=self, then=self._show_day, name="last day")
        elif not self._soon.isActive():
            self._ask_soon(_LATER_MS if self._pdf else _SOON_MS)

    def main_action(self) -> Action | None:
        return Action(Text("Print"), self._print, enabled=self._pdf is not None)

    def keys(self) -> dict[Key, Action]:
        return {Key.FIND: Action(None, self._search.setFocus)}

    def more(self) -> Sequence[Action]:
        ready = self._figures is not None
        saves = [
            Action(Text("Save as {format}", format=kind.upper()), partial(self._save, kind), enabled=ready)
            for kind in self._report.formats
        ]
        if self._report.has_tables:
            saves.append(Action(Text("Totals as words and QR code"), self._show_totals, enabled=ready))
        if self._revisions and jobs.actor().may(Permission.DAY):
            saves.append(Action(Text("Revise the reports of this day"), self._ask_why_revised))
        return saves

    def retranslate(self) -> None:
        self._show_list()
        for day in (self._day_input, self._since_input):
            day.set_value(day.value())

    def on_narrow(self, narrow: bool) -> None:
        self._left.setFixedWidth(px(236 if narrow else 252))
        self._middle.setMinimumWidth(px(312) if narrow else 0)
        self._middle.setMaximumWidth(px(320) if narrow else 16_777_215)
        self._about.setVisible(not (narrow and is_large()))
        self._language.show_choices(tuple(i18n.LABELS.items()) if narrow else _LANGUAGES)
        for kind, button in self._saves.items():
            icon, word = _SAVES[kind]
            button.say(Text("CSV") if narrow and kind is Format.CSV else word, "" if narrow and is_large() else icon)
        self._preview.fold(narrow)
        self._show_list()

    def receive(self, what: object) -> None:
        """`go("reports", "queue")` or `go("reports", ("queue", day))` shows that paper, `("queue", "totals")` its totals as well."""
        name, day = what if isinstance(what, tuple) else (what, None)
        self._wants_totals = day == TOTALS
        if isinstance(day, date):
            self._day_input.set_value(day)
        if isinstance(name, str):
            self._choose(catalogue.report(name))
            self._list.select(self._report.name)

    # ── the list ──

    def _show_list(self) -> None:
        wanted = self._search.value().lower()
        lang = i18n.language()
        found = [r for r in REPORTS if wanted in self._searched(r, lang)]
        items: list[RowItem] = []
        for group, reports in groupby(found, key=lambda r: r.group.msgid):
            items.append(RowItem(i18n.tr(group), is_section=True))
            items += [
                RowItem(i18n.render(r.title, lang), prefix="" if self.is_narrow() else r.code, data=r.name, wraps=True)
                for r in reports
            ]
        self._list.show_rows(items)
        self._list.select(self._report.name)

    @staticmethod
    def _searched(report: Report, lang: str) -> str:
        words = (report.code, report.name, i18n.render(report.title, lang), i18n.render(report.about, lang))
        return " ".join(words).lower()

    def _on_list_moved(self, name: object) -> None:
        if isinstance(name, str) and name != self._report.name:
            self._choose(catalogue.report(name))

    def _choose(self, report: Report) -> None:
        self._report = report
        self._stop_making()
        self._figures = None
        self._pdf = None
        self._code.say(report.code)
        self._name.say(report.title)
        self._about.say(report.about)
        self._since.setVisible(report.is_of_period)
        self._show_revisions(())
        self._show_chart()
        self._note.say(report.caution or (_TOTALS if report.has_tables else _NO_NAMES))
        for kind, button in self._saves.items():
            button.setVisible(kind in report.formats)
        self._show_ready()
        self._ask_soon(0)

    # ── the paper ──

    def _show_day(self, day: date | None) -> None:
        if day is None:
            self._preview.show_words(
                Text("No day was opened yet"), Text("Open the day on the page Day; its papers are here then.")
            )
            return
        self._day_input.today = self._since_input.today = day
        self._day_input.set_value(day)
        self._ask_soon(0)

    def _ask_soon(self, wait_ms: int) -> None:
        self._soon.start(wait_ms)

    def _period(self) -> Period | None:
        """The days typed; None while they make no sense yet, and the field says so."""
        last = self._day_input.value()
        first = self._since_input.value() if self._report.is_of_period else None
        if last is None:
            return None
        if first is not None and first > last:
            self._since.show_problem(Text("This day is after the last one."))
            return None
        self._since.clear_problem()
        return Period(first or last, last)

    def _ask(self) -> None:
        period = self._period()
        if period is None:
            self._stop_making()
            self._figures = self._pdf = None
            self._show_ready()
            return
        report, wanted = self._report, self._revision.value() if self._revisions else None

        def read(session: Session, by: Actor) -> tuple[Any, tuple[int, ...]]:
            there = report.revisions(session, by, period)
            return report.figures(session, by, period, wanted if wanted in there else None), there

        asked, then = (report.name, period, wanted), partial(self._on_figures, report.name)
        if asked == self._asked:  # what other desks save must not keep the answer away
            jobs.follow(read, owner=self, then=then, failed=self._on_failed, name="figures")
        else:
            jobs.read(read, owner=self, then=then, failed=self._on_failed, latest="figures")
        self._asked = asked

    def _on_figures(self, name: str, answer: tuple[Any, tuple[int, ...]]) -> None:
        """Equal figures make the same paper: it is not made again."""
        figures, there = answer
        if name == self._report.name:
            self._show_revisions(there)
        if name != self._report.name or (figures == self._figures and self._pdf is not None):
            return
        if self._figures is None:
            self._fit_language(figures.heading.languages)
        self._figures = figures
        self._show_chart()
        self._draw()
        if self._wants_totals:
            self._wants_totals = False
            self._show_totals()

    def _fit_language(self, public: Sequence[str]) -> None:
        """A paper for the public begins in a language the public reads, the next one of our own in ours again; whoever wants another one
        picks it.
        """
        if self._report.is_public and self._lang() not in public:
            self._own = self._lang()
            self._language.set_value(public[0])
        elif self._own and not self._report.is_public:
            self._language.set_value(self._own)
            self._own = ""

    def _on_language(self, _: object) -> None:
        self._own = ""
        self._draw()

    def _show_chart(self) -> None:
        """The shape of the day beside its paper, where there is one: hours of the queue, days left on the shelves."""
        hours, levels = _hours_of(self._figures), _levels_of(self._figures)
        self._hours.setVisible(bool(hours) and not is_large())
        self._levels.setVisible(bool(levels) and not is_large())
        self._hours.show_pairs(hours)
        self._levels.show_levels(levels)

    def _show_revisions(self, there: tuple[int, ...]) -> None:
        """One revision needs no choosing; the newest is chosen until another one is."""
        chosen = self._revision.value()
        if there != self._revisions:
            is_older = chosen in self._revisions[:-1]
            self._revisions = there
            self._revision.show_choices(tuple((n, str(n)) for n in there))
            self._revision.set_value(chosen if is_older else max(there, default=None))
        for part in (self._which, self._revision):
            part.setVisible(len(there) > 1)

    def _ask_why_revised(self) -> None:
        dialog = FormDialog(
            self,
            title=Text("Revise the reports of this day"),
            main=Text("Make the revision"),
            facts=Text("The reports that were signed off stay as they are; the new ones stand beside them."),
            name="revise_dialog",
        )
        what = Field(Text("What became known later, in one sentence"), TextInput(), name="because")
        dialog.body.addWidget(dialog.form.add(what))
        dialog.accepted_values.connect(partial(self._revise, dialog))
        self.ask(dialog)

    def _revise(self, dialog: FormDialog, values: dict[str, Any]) -> None:
        day, because = self._day_input.value(), str(values["because"])
        if day is None:
            return
        request = self._request.id_of((day, because))

        def ended(error: BaseException | None = None) -> None:
            self._request.ended(error)
            if error is not None:
                dialog.failed(error)

        def done(count: int) -> None:
            ended()
            dialog.done_close()
            self._revisions = ()
            self._ask_soon(0)
            messages.done(_revised(count), icon="file-text")

        use_case = partial(overview.revise, request_id=request, day=day, because=because)
        jobs.write(use_case, owner=self, then=done, failed=ended)

    def _draw(self) -> None:
        """Makes the paper. One of the same report and days that is being made comes to its end, however often the figures change."""
        if self._figures is None:
            return
        made_for = (*self._asked, self._lang())
        if self._is_making() and made_for == self._made_for:
            return
        self._stop_making()
        if self._pdf is None:
            self._preview.show_words(Text("The paper is being made"))
        self._made_for, self._made_of = made_for, self._figures
        arguments = (self._report.name, Format.PDF, self._figures, Printed.by(jobs.actor()), self._lang())
        self._making = jobs.paper(catalogue.make, *arguments, owner=self, then=self._on_pdf, failed=self._on_failed)

    def _is_making(self) -> bool:
        return self._making is not None and not self._making.is_done and not self._making.is_cancelled

    def _stop_making(self) -> None:
        if self._making is not None and self._is_making():
            self._making.cancel()

    def _lang(self) -> str:
        return str(self._language.value() or i18n.language())

    def _on_pdf(self, pdf: bytes) -> None:
        self._pdf = pdf
        self._preview.show_pdf(pdf)
        if self._made_of != self._figures:
            self._draw()
        self._show_ready()

    def _on_failed(self, error: BaseException) -> None:
        """Nothing to report is no fault: it is said where the paper would be."""
        self._figures = self._pdf = None
        if isinstance(error, NotFound):
            self._preview.show_words(error.text, "", "clock")
        else:
            words = error.text if isinstance(error, AidTrackError) else Text("The paper could not be made")
            self._preview.show_words(words, "", "circle-alert")
            messages.show_error(error)
        self._show_ready()

    def _show_ready(self) -> None:
        for button in self._saves.values():
            button.setEnabled(self._figures is not None)
        self.refresh_actions()

    def _show_totals(self) -> None:
        """Sums that may be sent on, without names."""
        from aidtrack.reports import summaries

        text = summaries.totals(self._figures, self._lang())
        self.ask(TotalsDialog(self, text, summaries.modules(text)))

    # ── print and save ──

    def _print(self) -> None:
        if self._pdf is not None:
            printing.print_with_dialog(self, self._pdf, self._report.code, self._on_printed)

    def _on_printed(self, went: bool) -> None:
        if went and self._figures is not None:
            day = self._figures.heading.day
            messages.done(
                Text("{paper} of {day} went to the printer", paper=self._report.code, day=day), icon="printer"
            )

    def _save(self, kind: Format) -> None:
        if self._figures is None:
            return
        name = catalogue.file_name(self._report.name, kind, self._figures)
        saving.ask_where(self, str(kind), name, lambda path: self.save_to(path, kind))

    def save_to(self, path: Path, kind: Format) -> None:
        """Writes the chosen report into a file."""
        arguments = (self._report.name, kind, self._figures, Printed.by(jobs.actor()), self._lang())
        jobs.paper(catalogue.make, *arguments, owner=self, then=partial(saving.keep, path))
