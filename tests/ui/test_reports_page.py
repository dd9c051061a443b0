"""The reports page: the paper is in sight before anything is printed, and files hold what the paper says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.domain.ids import new_id
from aidtrack.errors import Text
from aidtrack.reports.catalogue import Format
from aidtrack.services import campaigns, days, handover, overview
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.people import Person
from aidtrack.ui import jobs, messages, printing, theme
from aidtrack.ui.dialogs import FormDialog, TotalsDialog
from aidtrack.ui.dialogs.totals import QrCode
from aidtrack.ui.inputs import DateInput
from aidtrack.ui.pages.reports import ReportsPage
from aidtrack.ui.parts import HourChart, LevelChart, Pair, RowList, Segmented
from aidtrack.ui.parts.charts import grouped
from aidtrack.ui.preview import Pages, Preview
from tests.aid import TODAY, make_aid, make_family
from tests.factories import Centre, Team
from tests.ui.conftest import JobsOn
from tests.ui.typing import press, type_text

PATIENCE = 60_000
"""A paper is made in a process of its own; on a computer with much else to do that takes long to begin."""
W = TypeVar("W", bound=QWidget)


@pytest.fixture
def page(window_kit: QtBot, jobs_on: JobsOn, sqlite_database: Database, centre: Centre, by: Team) -> ReportsPage:
    """The page on a day with goods and no queue."""
    sqlite_database.write(lambda s: make_aid(s, by, centre))
    jobs_on(sqlite_database, by.coordinator)
    made = ReportsPage()
    window_kit.addWidget(made)
    made.resize(1280, 680)
    made.receive("stock")
    made.show()
    made.load()
    return made


def ready(kit: QtBot, page: ReportsPage) -> Preview:
    """The page once its paper is in sight."""
    preview = child(page, Preview)
    kit.waitUntil(lambda: preview.pages > 0, timeout=PATIENCE)
    return preview


def said(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as pages:
        return "\n".join(one.get_textpage().get_text_range() for one in pages).replace("\u00a0", " ")


def child(page: QWidget, kind: type[W], name: str = "") -> W:
    """The part of the page with this name."""
    found = page.findChild(kind, name) if name else page.findChild(kind)
    assert isinstance(found, kind)
    return found


def word(page: ReportsPage, name: str) -> str:
    label = child(page, QLabel, name)
    return label.text()


def test_the_distribution_of_the_day_stands_first(window_kit: QtBot, page: ReportsPage) -> None:
    del page
    fresh = ReportsPage()
    window_kit.addWidget(fresh)
    fresh.load()
    ready(window_kit, fresh)
    assert (word(fresh, "report_code"), word(fresh, "report_title")) == ("R1", "Distribution of the day")


def test_the_last_day_is_there_without_a_key(window_kit: QtBot, page: ReportsPage) -> None:
    preview = ready(window_kit, page)
    assert (word(page, "report_code"), word(page, "report_title")) == ("R5", "Stock of the day")
    assert preview.pages == 2
    assert word(page, "preview_page") == "1 of 2"
    action = page.main_action()
    assert action is not None
    assert action.enabled


def test_pages_are_turned_by_keys_and_enlarged(window_kit: QtBot, page: ReportsPage) -> None:
    preview = ready(window_kit, page)
    press(preview, Qt.Key.Key_PageDown)
    assert (preview.page, word(page, "preview_page")) == (2, "2 of 2")
    press(preview, Qt.Key.Key_PageDown)
    assert preview.page == 2
    press(preview, Qt.Key.Key_PageUp)
    paper = child(page, QLabel, "preview_paper")
    small = paper.pixmap().width()
    child(page, QPushButton, "preview_zoom").click()
    assert paper.pixmap().width() > small * 1.4


def test_another_language_is_another_paper(window_kit: QtBot, page: ReportsPage) -> None:
    ready(window_kit, page)
    assert page._pdf is not None
    assert "The stock of the day" in said(page._pdf)
    language = child(page, Segmented, "report_language")
    language.setFocus()
    press(language, Qt.Key.Key_Left)
    window_kit.waitUntil(lambda: page._pdf is not None and "Склад за день" in said(page._pdf), timeout=PATIENCE)


def test_a_paper_for_the_public_begins_in_a_language_the_public_reads(window_kit: QtBot, page: ReportsPage) -> None:
    """An English window at a centre where people read Russian and Ukrainian; its own papers stay as they were asked for."""
    ready(window_kit, page)
    page.receive("wall")
    window_kit.waitUntil(lambda: page._pdf is not None and "Как вызывают номера" in said(page._pdf), timeout=PATIENCE)
    assert child(page, Segmented, "report_language").value() == "ru"
    page.receive("stock")
    window_kit.waitUntil(lambda: page._pdf is not None and "The stock of the day" in said(page._pdf), timeout=PATIENCE)
    assert child(page, Segmented, "report_language").value() == "en"


def test_news_do_not_stop_the_paper_that_is_being_made(window_kit: QtBot, page: ReportsPage) -> None:
    """On a slow computer a paper takes longer than the next save of another desk."""
    window_kit.waitUntil(lambda: page._making is not None, timeout=PATIENCE)
    making = page._making
    assert making is not None
    asked: list[object] = []
    page._revision.show_choices(())
    for _ in range(3):
        page._ask()
        window_kit.waitUntil(lambda: all(job.is_done or job is making for job in list(jobs._running)), timeout=PATIENCE)
        asked.append(page._making)
    assert (making.is_cancelled, asked) == (False, [making] * 3)
    ready(window_kit, page)


def test_a_paper_of_other_figures_is_made_after_the_one_under_way(window_kit: QtBot, page: ReportsPage) -> None:
    window_kit.waitUntil(lambda: page._making is not None, timeout=PATIENCE)
    first = page._making
    page._figures = replace(page._figures, heading=replace(page._figures.heading, site="Суджа-2"))
    page._draw()
    assert page._making is first
    window_kit.waitUntil(lambda: page._pdf is not None and "Суджа-2" in said(page._pdf), timeout=PATIENCE)


def test_the_paper_of_the_report_before_is_no_longer_made(window_kit: QtBot, page: ReportsPage) -> None:
    """It would stand under the name of the one that was chosen."""
    window_kit.waitUntil(lambda: page._making is not None, timeout=PATIENCE)
    first = page._making
    assert first is not None
    page.receive("queue")
    assert first.is_cancelled


def test_another_report_is_chosen_by_search(window_kit: QtBot, page: ReportsPage) -> None:
    ready(window_kit, page)
    search = page._search
    search.setFocus()
    type_text(search, "queue and")
    rows = child(page, RowList, "reports_list")
    assert [item.title for item in rows.items()] == ["Every day", "Queue and waits"]
    rows.select("queue")
    page._on_list_moved("queue")
    assert word(page, "report_code") == "R9"
    window_kit.waitUntil(lambda: page._pdf is not None and "The queue of the day" in said(page._pdf), timeout=PATIENCE)


def test_a_day_that_never_was_is_said_where_the_paper_would_be(window_kit: QtBot, page: ReportsPage) -> None:
    ready(window_kit, page)
    field = page._day_input
    field.setFocus()
    field.selectAll()
    type_text(field, "1.1.2020")
    preview = child(page, Preview)
    window_kit.waitUntil(lambda: preview.pages == 0, timeout=PATIENCE)
    shown = " ".join(label.text() for label in preview.findChildren(QLabel))
    assert "On 1 Jan 2020 the centre was not open" in shown
    action = page.main_action()
    assert action is not None
    assert not action.enabled


@pytest.mark.parametrize("kind", list(Format))
def test_the_same_figures_are_saved_in_every_format(
    window_kit: QtBot, page: ReportsPage, tmp_path: Path, kind: Format
) -> None:
    ready(window_kit, page)
    path = tmp_path / f"report.{kind}"
    page.save_to(path, kind)
    window_kit.waitUntil(path.exists, timeout=PATIENCE)
    content = path.read_bytes()
    assert content.startswith({Format.PDF: b"%PDF", Format.XLSX: b"PK", Format.CSV: b"\xef\xbb\xbf"}[kind])
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_cannot_be_written_is_said(window_kit: QtBot, page: ReportsPage, tmp_path: Path) -> None:
    ready(window_kit, page)
    heard: list[messages.Message] = []
    messages.line.said.connect(heard.append)
    page.save_to(tmp_path / "no such folder" / "report.pdf", Format.PDF)
    window_kit.waitUntil(lambda: bool(heard), timeout=PATIENCE)
    assert heard[-1].tone == "fault"
    assert "report.pdf" in i18n.render(heard[-1].text, "en") if isinstance(heard[-1].text, Text) else heard[-1].text


def test_the_page_speaks_the_language_of_the_window(window_kit: QtBot, page: ReportsPage) -> None:
    ready(window_kit, page)
    i18n.use("ru")
    page.retranslate()
    rows = child(page, RowList, "reports_list")
    assert [item.title for item in rows.items()][:3] == ["Каждый день", "Выдача за день", "Склад за день"]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_report_is_named_whole(window_kit: QtBot, page: ReportsPage, lang: str) -> None:
    ready(window_kit, page)
    page.resize(1366, 680)
    i18n.use(lang)
    page.retranslate()
    rows = child(page, RowList, "reports_list")
    metrics = QFontMetrics(theme.styled(rows.font(), "row"))
    room = rows.viewport().width() - 28 - theme.px(36)  # what the air at both sides and the code before the name leave
    heights = {n: rows.sizeHintForRow(n) for n, item in enumerate(rows.items()) if not item.is_section}
    long = {n for n in heights if metrics.horizontalAdvance(rows.items()[n].title) > room}
    assert long
    assert {n for n, height in heights.items() if height >= 2 * metrics.height()} == long


# ── the printer ──────────────────────────────────────────────────────────────────────────────────


class Paper:
    """What a test printer was given."""

    def __init__(self) -> None:
        self.told: list[bool] = []


def to_file(printer: QPrinter, path: Path) -> QPrinter:
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_without_a_printer_a_sentence_and_nothing_is_printed(
    window_kit: QtBot, page: ReportsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(window_kit, page)
    monkeypatch.setattr(printing, "has_printer", lambda: False)
    heard: list[messages.Message] = []
    messages.line.said.connect(heard.append)
    page.run_main()
    assert heard[-1].tone == "attention"


@pytest.mark.qt_log_ignore(r"QPainter::begin\(\): Returned false", extend=True)
def test_what_the_printer_refuses_is_not_printed(
    window_kit: QtBot, page: ReportsPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logs: Any
) -> None:
    logs.allow("a paper was not printed")
    ready(window_kit, page)
    assert page._pdf is not None
    paper = Paper()
    broken = printing._printer_for
    monkeypatch.setattr(printing, "has_printer", lambda: True)
    monkeypatch.setattr(printing, "_printer_for", lambda pages, name="": to_file(broken(pages, name), tmp_path / "none" / "x.pdf"))
    heard: list[messages.Message] = []
    messages.line.said.connect(heard.append)
    printing.print_at_once(page._pdf, "A 17", paper.told.append)
    assert paper.told == [False]
    assert heard[-1].tone == "fault"
    monkeypatch.undo()


def test_every_page_goes_to_the_printer(
    window_kit: QtBot, page: ReportsPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ready(window_kit, page)
    assert page._pdf is not None
    made = printing._printer_for
    monkeypatch.setattr(printing, "has_printer", lambda: True)
    monkeypatch.setattr(printing, "_printer_for", lambda pages, name="": to_file(made(pages, name), tmp_path / "out.pdf"))
    told: list[bool] = []
    printing.print_at_once(page._pdf, "R5", told.append)
    assert told == [True]
    printed = Pages((tmp_path / "out.pdf").read_bytes())
    assert len(printed) == 2
    wide, tall = printed.sizes[0]
    assert (round(wide / 72 * 25.4), round(tall / 72 * 25.4)) == (297, 210)


# ── totals ───────────────────────────────────────────────────────────────────────────────────────


def test_totals_are_read_out_copied_and_taken_by_a_telephone(
    window_kit: QtBot, kept: ReportsPage, tmp_path: Path
) -> None:
    window_kit.waitUntil(lambda: men(kept) == "1", timeout=PATIENCE)
    next(a for a in kept.more() if a.word == Text("Totals as words and QR code")).run()
    dialog = child(kept, TotalsDialog, "totals_dialog")
    text = child(dialog, QLabel, "totals_text").text()
    assert "Families: 1, for the first time 1" in text
    assert "Ткаченко" not in text
    code = child(dialog, QrCode, "qr_code")
    code.grab().save(str(tmp_path / "code.png"))
    with Image.open(tmp_path / "code.png") as picture:
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]
    child(dialog, QPushButton, "totals_copy").click()
    assert QApplication.clipboard().text() == text


# ── signed off ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept(page: ReportsPage, sqlite_database: Database, by: Team) -> ReportsPage:
    """The page of a signed-off day on which a mother and her son were served."""
    lead = by.coordinator
    family = sqlite_database.write(lambda s: make_family(s, by.registrar, size=2)).household_id
    rule = sqlite_database.read(lambda s: campaigns.allowances(s, lead, family, day=TODAY))[0].rule_id
    draft = HandOverDraft(family, (LineDraft(rule, 2),), collector_text="соседка")
    sqlite_database.write(lambda s: handover.hand_over(s, lead, request_id=new_id(), draft=draft))
    sqlite_database.write(lambda s: days.close_day(s, lead, request_id=new_id()))
    sqlite_database.write(lambda s: overview.sign_off(s, lead, request_id=new_id()))
    page.receive("distribution")
    return page


def test_what_becomes_known_later_makes_a_revision(
    window_kit: QtBot, kept: ReportsPage, sqlite_database: Database, by: Team
) -> None:
    """The signed-off paper stays; the new one stands beside it and either can be chosen."""
    window_kit.waitUntil(lambda: men(kept) == "1", timeout=PATIENCE)
    choice = child(kept, Segmented, "report_revision")
    assert not choice.isVisible()
    sqlite_database.write(lambda s: mistaken(s, by))
    next(a for a in kept.more() if a.word == Text("Revise the reports of this day")).run()
    dialog = child(kept, FormDialog, "revise_dialog")
    type_text(dialog.form.field("because").input, "Пол записан неверно")
    dialog.main_button.click()
    window_kit.waitUntil(lambda: choice.isVisible() and men(kept) == "2", timeout=PATIENCE)
    assert choice.value() == 2
    assert sqlite_database.read(lambda s: overview.revisions(s, by.coordinator, TODAY, "distribution")) == (1, 2)
    choice.setFocus()
    press(choice, Qt.Key.Key_Left)
    window_kit.waitUntil(lambda: men(kept) == "1", timeout=PATIENCE)
    assert choice.value() == 1


def men(page: ReportsPage) -> str:
    """How many men and boys the paper in sight counts, of all ages."""
    found = re.search(r"Men and boys.*? (\d+) \d+\.\d %", said(page._pdf).replace("\n", " ")) if page._pdf else None
    return found[1] if found else ""


def mistaken(session: Session, by: Team) -> None:
    """Everybody turns out to be a man."""
    with journal.operation(session, by.coordinator, new_id(), "change_household"):
        for person in session.scalars(select(Person)):
            person.sex = "m"


def test_several_days_are_asked_for_where_a_paper_can_say_them(window_kit: QtBot, page: ReportsPage) -> None:
    ready(window_kit, page)
    since = child(page, DateInput, "report_since")
    assert since.isHidden() or not since.isVisible()
    page.receive("ages")
    window_kit.waitUntil(lambda: page._figures is not None, timeout=PATIENCE)
    assert since.isVisible()
    assert page._figures.heading.since is None
    type_text(since, "10.8.2024")
    window_kit.waitUntil(lambda: page._figures is not None and page._figures.heading.since is not None, timeout=PATIENCE)
    assert page._figures.open_days == 1
    since.set_value(TODAY + timedelta(days=3))
    page._ask()
    assert "after the last" in page._since.problem_text()
    assert page._figures is None


def test_the_shape_of_the_day_stands_beside_its_paper(window_kit: QtBot, page: ReportsPage) -> None:
    ready(window_kit, page)
    hours, levels = child(page, HourChart), child(page, LevelChart)
    assert not hours.isVisible()
    assert not levels.isVisible(), "nothing was given: nobody knows how long it lasts"
    item = page._figures.items[0]
    page._figures = replace(page._figures, items=(replace(item, families=40, days=0.5), replace(item, families=90, days=1.4)))
    page._show_chart()
    assert levels.isVisible()
    assert levels.accessibleDescription() == "Blanket: 0.5 days; Blanket: 1.4 days"
    assert levels.grab().toImage().size().height() > 20


def test_many_hours_are_added_up_to_twelve_groups() -> None:
    pairs = [Pair(f"{n:02}", n, 2 * n) for n in range(17)]
    shown = grouped(pairs)
    assert len(shown) == 9
    assert (sum(p.came for p in shown), sum(p.done for p in shown)) == (136, 272)
    assert grouped([]) == []
