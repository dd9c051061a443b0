"""Papers that go to the printer together: the evening pack with a checked backup beside it, and the paper kit for a power cut.

Owns the order of the steps, how far they are, and how they are stopped. Which papers there are, the catalogue of reports says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from aidtrack import files, settings
from aidtrack.domain.ids import new_id
from aidtrack.errors import Refused, StoreTrouble, Text
from aidtrack.reports import evening
from aidtrack.reports.catalogue import Printed
from aidtrack.services import backup, days, on_paper
from aidtrack.ui import jobs, messages, printing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor

_DRAWN = 0.5
"""Where the bar stands when the papers are made and the backup begins."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the folder now; no receipt where the server makes the backups."""

    papers: tuple[evening.Paper, ...]
    folder: Path
    receipt: backup.BackupReceipt | None


def folder_of(day: date) -> Path:
    """Where the pack of a day goes: a folder of the day in the folder for backups."""
    chosen = settings.read().settings.backup_folder
    return (Path(chosen).expanduser() if chosen else settings.data_folder() / "backup") / day.isoformat()


class EveningPack(QObject):
    """Makes one pack at a time. `moved` tells how much is done (0 to 1), `ended` that the pack is made, failed or stopped."""

    moved = Signal(float)
    ended = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._job: jobs.Job | None = None
        self._stop: Event | None = None

    @property
    def is_running(self) -> bool:
        return self._stop is not None

    def figures(self) -> Callable[..., tuple[evening.Sheet, ...]]:
        """What reads the papers of this pack."""
        return evening.sheets_of

    def make(self, day: date) -> None:
        """Everything of this day; a second call while one is being made is nothing."""
        if self.is_running:
            return
        self._stop = Event()
        self.moved.emit(0.0)
        then = partial(self._draw, folder_of(day))
        self._job = jobs.read(partial(self.figures(), day=day), owner=self, then=then, failed=self._on_failed)

    def stop(self) -> None:
        """No more of it; a file that is whole stays in the folder, a half one does not."""
        if self._stop is None:
            return
        self._stop.set()
        if self._job is not None:  # a backup under way hears the event and cleans up; anything else is dropped
            self._job.cancel()
            self._on_failed(Refused("cancelled", Text("Stopped. What is in the folder already stays there.")))

    def _draw(self, folder: Path, sheets: tuple[evening.Sheet, ...]) -> None:
        self._job = jobs.paper(
            evening.make_pack, sheets, Printed.by(jobs.actor()), owner=self, then=partial(self._keep, folder),
            failed=self._on_failed, progress=lambda done, of: self.moved.emit(_DRAWN * done / of),
        )  # fmt: skip

    def _keep(self, folder: Path, papers: tuple[evening.Paper, ...]) -> None:
        assert self._stop is not None
        self._job = None
        jobs.read(self._keeping(papers, folder, self._stop), owner=self, then=self._print, failed=self._on_failed)

    def _keeping(self, papers: tuple[evening.Paper, ...], folder: Path, stop: Event) -> Callable[..., Kept]:
        return partial(_keep_all, papers=papers, folder=folder, is_cancelled=stop.is_set)

    def _print(self, kept: Kept) -> None:
        self.moved.emit(1.0)
        if printing.has_printer():
            codes = _codes(kept.papers)
            printing.print_at_once(evening.one_job(kept.papers), codes, partial(self._on_printed, kept))
        else:
            self._finish(kept, Text("no printer here, nothing printed"))

    def _on_printed(self, kept: Kept, went: bool) -> None:
        """What the printer refused is said by the printer's own message, with a way to print again."""
        if went:
            self._finish(kept, Text("printed {papers}", papers=_codes(kept.papers)))
        else:
            self._record(kept)
            self._end()

    def _finish(self, kept: Kept, printed: Text) -> None:
        proved = Text("the server makes the backup")
        if kept.receipt is not None:
            proved = Text("backup opened and counted, {rows} rows", rows=kept.receipt.rows)
        pdf = Text("{papers} as PDF in {folder}", papers=_codes(kept.papers), folder=str(kept.folder))
        self._record(kept)
        messages.done(Text("Evening pack: {printed}; {pdf}; {proved}.", printed=printed, pdf=pdf, proved=proved), icon="printer")
        self._end()

    def _record(self, kept: Kept) -> None:
        if kept.receipt is not None:
            jobs.write(partial(backup.record, request_id=new_id(), receipt=kept.receipt), owner=self)

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, Refused) and error.code == "cancelled":
            messages.attention(error.text, icon="x")
        else:
            messages.show_error(error)
        self._end()

    def _end(self) -> None:
        self._stop = self._job = None
        self.ended.emit()


class PaperKit(EveningPack):
    """The kit a centre goes on with when power fails: rolls, lists and blank sheets in one job. No backup; when it was made is noted."""

    def figures(self) -> Callable[..., tuple[evening.Sheet, ...]]:
        return evening.kit_of

    def make(self, day: date) -> None:
        """First a roll with enough numbers on it, then the papers."""
        if not self.is_running:
            make = partial(EveningPack.make, self, day)
            ready = partial(on_paper.ready_roll, request_id=new_id())
            jobs.write(ready, owner=self, then=lambda _roll: make(), failed=lambda _error: make())

    def _keeping(self, papers: tuple[evening.Paper, ...], folder: Path, stop: Event) -> Callable[..., Kept]:
        return partial(_keep_papers, papers=papers, folder=folder)

    def _finish(self, kept: Kept, printed: Text) -> None:
        words = Text("Paper kit: {printed}; also as PDF in {folder}.", printed=printed, folder=str(kept.folder))
        jobs.write(partial(days.kit_printed, request_id=new_id()), owner=self)
        messages.done(words, icon="printer")
        self._end()


def _keep_papers(session: Session, by: Actor, *, papers: tuple[evening.Paper, ...], folder: Path) -> Kept:
    """In a worker: the papers as files."""
    for paper in papers:
        _write_whole(folder / paper.file_name, paper.pdf)
    return Kept(papers, folder, None)


def _codes(papers: tuple[evening.Paper, ...]) -> str:
    return ", ".join(paper.code for paper in papers)


def _keep_all(
    session: Session, by: Actor, *, papers: tuple[evening.Paper, ...], folder: Path, is_cancelled: Callable[[], bool]
) -> Kept:
    """In a worker: the papers as files, then the backup, opened and counted before it takes its name."""
    _expect_stick(folder.parent)
    _keep_papers(session, by, papers=papers, folder=folder)
    target = folder / backup.default_name(by.now().astimezone(jobs.zone()))
    try:
        receipt = backup.back_up(session, by, target=target, overwrite=True, is_cancelled=is_cancelled)
    except Refused as refused:
        if refused.code != "backup-on-server":
            raise
        receipt = None
    return Kept(papers, folder, receipt)


def _expect_stick(chosen: Path) -> None:
    """The folder somebody chose is not made anew: with the stick pulled out it would lie on the laptop and be taken for the stick's."""
    if settings.read().settings.backup_folder and not chosen.is_dir():
        text = Text("{folder} is not there or cannot be written. Put the stick in.", folder=str(chosen))
        raise StoreTrouble("stick-not-there", text)


def _write_whole(path: Path, content: bytes) -> None:
    """The folder too, if it is not there; why not and what to do when it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.beside(path) as part:
            part.write_bytes(content)
    except OSError as error:
        text = Text(
            "Not written: {why}. Another stick or folder is needed: Settings, Backup and recovery. {folder}",
            folder=str(path.parent), why=files.why_not(error),
        )  # fmt: skip
        raise StoreTrouble("evening-not-written", text) from error
