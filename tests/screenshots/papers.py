"""Every page of every report of the day as PNG, made by the same command a person would use."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from aidtrack import i18n
from aidtrack.cli.main import run
from aidtrack.demo import DAY
from aidtrack.reports import catalogue
from aidtrack.reports.store_papers import document_pdf
from aidtrack.services import stock
from aidtrack.ui.pages.stock.printing import ask_document
from tests.screenshots.day import Moment

SCALE = 1.5
"""108 dots an inch: enough to read every word."""


def paint(moment: Moment, folder: Path) -> list[Path]:
    """All reports in all languages; the files made."""
    made = []
    for name in (report.name for report in catalogue.REPORTS):
        for lang in i18n.LANGUAGES:
            pdf = folder / "papers" / f"{name}-{lang}.pdf"
            pdf.parent.mkdir(parents=True, exist_ok=True)
            words = ["--database", str(moment.path), "report", name, "--day", DAY.isoformat(), "--lang", lang, "--out", str(pdf)]
            assert run(words, shows_window=lambda _address, _lang: 0) == 0
            made += _pages(pdf)
    return [*made, *_of_the_store(moment, folder)]


def _of_the_store(moment: Moment, folder: Path) -> list[Path]:
    """Each kind of paper the store wrote that day, in all languages."""
    database, by = moment.open(), moment.people["Виктор Т."]
    made = []
    rows = {row.kind: row for row in database.read(lambda s: stock.document_rows(s, by))}
    for kind, row in rows.items():
        paper = database.read(lambda s, row=row: ask_document(s, by, row=row))
        for lang in i18n.LANGUAGES:
            pdf = folder / "papers" / f"store-{kind.value.lower()}-{lang}.pdf"
            pdf.write_bytes(document_pdf(paper, catalogue.Printed.by(by), lang))
            made += _pages(pdf)
    database.close()
    return made


def _pages(pdf: Path) -> list[Path]:
    made = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            path = pdf.with_name(f"{pdf.stem}-{number}.png")
            page.render(scale=SCALE).to_pil().save(path)
            made.append(path)
    return made
