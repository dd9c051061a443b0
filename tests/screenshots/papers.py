"""Every page of every report of the day as PNG, made by the same command a person would use."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

from aidtrack import i18n
from aidtrack.cli.main import run
from aidtrack.demo import DAY
from aidtrack.reports import catalogue
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
    return made


def _pages(pdf: Path) -> list[Path]:
    made = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            path = pdf.with_name(f"{pdf.stem}-{number}.png")
            page.render(scale=SCALE).to_pil().save(path)
            made.append(path)
    return made
