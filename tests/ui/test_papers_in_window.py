"""The papers of the demonstration day, asked for in the window: the same figures as the command line gives, and the whole evening in one
key with a backup that is brought back and proved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from aidtrack.cli.main import run
from aidtrack.demo import DAY
from aidtrack.demo.centre import on
from aidtrack.domain.access import Role
from aidtrack.domain.actor import Actor
from aidtrack.reports.catalogue import REPORTS, Format
from aidtrack.services import overview
from aidtrack.store.database import Database, open_database
from aidtrack.store.days import Site
from aidtrack.ui import jobs, messages
from aidtrack.ui.pages.day import DayPage
from aidtrack.ui.pages.reports import ReportsPage
from tests.factories import SettableClock
from tests.ui.conftest import JobsOn
from tests.ui.typing import press

PATIENCE = 90_000
EVENING = on(DAY, 20, 34)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Papers and backups of these tests go there."""
    monkeypatch.setenv("AIDTRACK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def day(demo_file: Path) -> Iterator[Database]:
    database = open_database(demo_file)
    yield database
    database.close()


@pytest.fixture
def lead(day: Database) -> Actor:
    site = day.read(lambda s: s.scalar(select(Site.id)))
    return Actor(None, "console", frozenset({Role.COORDINATOR}), SettableClock(EVENING), site)


def same(content: bytes, kind: Format) -> object:
    """What must be equal: the bytes of a table; the words of every page but for the moment and the role that printed it."""
    if kind is not Format.PDF:
        return content
    with pypdfium2.PdfDocument(content) as pages:
        said = [page.get_textpage().get_text_range() for page in pages]
    return [re.sub(r"(напечатано|надруковано|printed) .*", "", page) for page in said]


def test_window_and_command_line_give_the_same_papers(
    window_kit: QtBot, jobs_on: JobsOn, day: Database, lead: Actor, demo_file: Path, tmp_path: Path
) -> None:
    """R1 to R19, each in each of its formats. What is for the wall and to fill in says how things stand when it is asked for."""
    jobs_on(day, lead)
    page = ReportsPage()
    window_kit.addWidget(page)
    page.show()
    page._language.set_value("uk")
    reports = [report for report in REPORTS if report.code.startswith("R")]
    assert {report.code for report in reports} == {f"R{n}" for n in (*range(1, 15), 16, 17, 18, 19)}
    for report in reports:
        page.receive((report.name, DAY))
        window_kit.waitUntil(lambda: page._figures is not None, timeout=PATIENCE)
        for kind in report.formats:
            mine, theirs = tmp_path / f"window-{report.name}.{kind}", tmp_path / f"line-{report.name}.{kind}"
            page.save_to(mine, kind)
            window_kit.waitUntil(mine.exists, timeout=PATIENCE)
            words = ["report", report.code, "--day", DAY.isoformat(), "--format", kind, "--lang", "uk", "--out", str(theirs)]
            assert run(["--database", str(demo_file), *words], shows_window=lambda *_: 0) == 0
            assert same(mine.read_bytes(), kind) == same(theirs.read_bytes(), kind), (report.code, kind)


def test_the_evening_in_one_key_and_its_backup_brought_back(
    window_kit: QtBot, jobs_on: JobsOn, day: Database, lead: Actor, home: Path, tmp_path: Path
) -> None:
    """Papers as files, the backup beside them; brought back into another file it proves itself and prints the same."""
    jobs_on(day, lead)
    page = DayPage()
    window_kit.addWidget(page)
    page.show()
    page.load()
    jobs.wait_all(PATIENCE)
    said: list[messages.Message] = []
    messages.line.said.connect(said.append)
    pack = page.findChild(QWidget, "evening_pack")
    assert pack is not None
    press(pack, Qt.Key.Key_Return)
    window_kit.waitUntil(lambda: any("Evening pack" in str(one.text) for one in said), timeout=PATIENCE)
    jobs.wait_all(PATIENCE)
    (folder,) = (home / "backup").iterdir()
    assert folder.name == DAY.isoformat()
    codes = {path.name.split("-")[0] for path in folder.glob("*.pdf")}
    assert codes == {"R1", "R5", "R9", "R10", "R11", "R13", "R19", "L", "N"}
    (backup,) = (path for path in folder.iterdir() if path.suffix != ".pdf")
    assert not list(folder.glob("*.part"))
    _brought_back(day, lead, backup, tmp_path / "back.db")


def _brought_back(day: Database, lead: Actor, backup: Path, target: Path) -> None:
    def said(*words: str) -> int:
        return run(["--database", str(target), *words], shows_window=lambda *_: 0)

    assert said("restore", str(backup)) == 0
    assert said("check") == 0
    again = open_database(target)
    try:
        for read in (overview.distribution_report, overview.stock_report, overview.queue_report):
            now, then = again.read(lambda s, read=read: read(s, lead, DAY)), day.read(lambda s, read=read: read(s, lead, DAY))
            assert replace(now, heading=then.heading) == then  # the chain went on: what was backed up, and what was brought back
    finally:
        again.close()
