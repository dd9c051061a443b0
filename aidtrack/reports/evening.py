"""Papers that go to the printer together, each a file and all of them one job: the evening's, and the kit for a power cut.

Owns no figures: they were read before, and each paper is made as the catalogue makes it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pypdfium2

from aidtrack.errors import NotFound
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import DAILY, REPORTS, Format, Printed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report of the catalogue and its figures."""

    name: str
    figures: Any


@dataclass(frozen=True, slots=True)
class Paper:
    """A report as a file; `code` is how people call it: R5."""

    code: str
    file_name: str
    pdf: bytes


BESIDE = ("promises", "request", "door", "served")
"""What goes with the daily reports in the evening, where the catalogue has it: who waits, what to order, whom to call, who was served."""
KIT = ("roll", "served", "sheets", "quick", "form", "waiting", "promises", "door")
"""What a window needs to go on without power, where the catalogue has it."""


def sheets_of(session: Session, by: Actor, day: date) -> tuple[Sheet, ...]:
    """The figures of every daily report, in the order of the catalogue, then what goes with them; NotFound when there was no such day."""
    daily = tuple(Sheet(report.name, report.figures(session, by, day)) for report in DAILY)
    return daily + _those_there_are(session, by, day, BESIDE, {sheet.name for sheet in daily})


def kit_of(session: Session, by: Actor, day: date) -> tuple[Sheet, ...]:
    """The figures of the paper kit; a paper there is nothing for is left out."""
    return _those_there_are(session, by, day, KIT, set())


def _those_there_are(
    session: Session, by: Actor, day: date, names: Sequence[str], but: set[str]
) -> tuple[Sheet, ...]:
    known = {report.name: report for report in REPORTS}
    found = []
    for name in names:
        if name in known and name not in but:
            try:
                found.append(Sheet(name, known[name].figures(session, by, day)))
            except NotFound:
                continue  # nothing waits, nothing was promised: there is no such paper today
    return tuple(found)


def make_pack(
    sheets: Sequence[Sheet], printed: Printed, progress: Callable[[int, int], object] | None = None
) -> tuple[Paper, ...]:
    """Every paper in the first public language of the centre; runs in a process of its own."""
    made = []
    for n, sheet in enumerate(sheets):
        pdf = catalogue.make(sheet.name, Format.PDF, sheet.figures, printed, sheet.figures.heading.languages[0])
        name = catalogue.file_name(sheet.name, Format.PDF, sheet.figures)
        made.append(Paper(catalogue.report(sheet.name).code, name, pdf))
        if progress is not None:
            progress(n + 1, len(sheets))
    return tuple(made)


def one_job(papers: Sequence[Paper]) -> bytes:
    """All pages behind one another, for one print job."""
    whole = pypdfium2.PdfDocument.new()
    for paper in papers:
        with pypdfium2.PdfDocument(paper.pdf) as part:
            whole.import_pages(part)
    out = io.BytesIO()
    whole.save(out)
    whole.close()
    return out.getvalue()
