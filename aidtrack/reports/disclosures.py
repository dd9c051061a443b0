"""Names on their way out: the locked workbook of a copy, with its mark on every page; and R18, the register of all copies."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any

from aidtrack import i18n
from aidtrack.domain.disclosures import fields_in_words
from aidtrack.errors import Text
from aidtrack.reports import outline
from aidtrack.reports.fonts import NARROW
from aidtrack.reports.outline import Outline
from aidtrack.reports.page import A4_ACROSS, Figure, Sheet, Stamp
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row
from aidtrack.services.disclosures import Disclosed
from aidtrack.services.overview import DisclosureFigures, DisclosureReport

_MARK = Text("Copy {mark} for {asked_by}, paper {paper}. Personal data: not to be passed on.")
_FIRST_ROW = 3


# ── the locked file ──────────────────────────────────────────────────────────────────────────────


def locked_workbook(copy: Disclosed, password: str, lang: str) -> bytes:
    """The people of a copy as a workbook that only opens with the password (AES-256, as office programs lock it).

    The mark of the copy stands in the first line, above every printed page and in the properties of the file.
    """
    import msoffcrypto.format.ooxml

    locked = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(_workbook(copy, lang))).encrypt(password, locked)
    return locked.getvalue()


def _workbook(copy: Disclosed, lang: str) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **plain})
    words = i18n.render(Text(_MARK.msgid, mark=copy.mark, asked_by=copy.asked_by, paper=copy.paper), lang)
    book.set_properties({"author": "AidTrack", "comments": words, "created": datetime.combine(copy.day, time())})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, words, bold)
    for n, field in enumerate(copy.sheet.fields):
        sheet.write_string(_FIRST_ROW - 1, n, field, bold)
    for r, row in enumerate(copy.sheet.rows, _FIRST_ROW):
        for n, cell in enumerate(row):
            sheet.write_string(r, n, cell)
    _marked(sheet, words)
    book.close()
    return out.getvalue()


def _marked(sheet: Any, words: str) -> None:
    """On every page that is printed; `&` begins a command there, and 255 characters are all a head can hold."""
    head = words.replace("&", "&&")[:240]
    sheet.set_landscape()
    sheet.set_header("&C&12" + head)
    sheet.set_footer("&L" + head + "&R&P / &N")
    sheet.freeze_panes(_FIRST_ROW, 0)


# ── R18 ──────────────────────────────────────────────────────────────────────────────────────────


def register_pdf(report: DisclosureReport, stamp: Stamp, lang: str) -> bytes:
    """The register: a line a copy. It names who asked and who answered, never who stands in the lists."""
    paper = Outline(
        title=Text("Register of disclosures"),
        context=Text("Every list of names that left the program, in the order of its number."),
        figures=lambda sheet: _figures(report, sheet),
        parts=(_copies(report, lang),),
        terms=Text(
            "Names go out by a coordinator and a second person who both sign in for it, on a written request. The file is locked by a "
            "password; its mark tells every copy from the others. Totals without names are offered first."
        ),
        signed_by=(Text("Coordinator of the centre"), Text("Second person"), Text("Checked by")),
        paper=A4_ACROSS,
    )
    return outline.make_pdf(paper, stamp, lang)


def _figures(report: DisclosureReport, sheet: Sheet) -> tuple[Figure, ...]:
    open_ones = sum(not row.is_locked for row in report.rows)
    askers = len({row.asked_by for row in report.rows if row.asked_by})
    n = len(report.rows)
    return (
        Figure(sheet.number(n), Text.plural("copy given out", "copies given out", n=n), Text("each with a mark of its own")),
        Figure(
            sheet.number(report.people),
            Text.plural("line of a person", "lines of people", n=report.people),
            Text("all copies together"),
        ),
        Figure(
            sheet.number(askers),
            Text.plural("organisation asked", "organisations asked", n=askers),
            Text("copies that were not locked: {n}", n=open_ones),
        ),
    )


_LEAST = 8.0
_COPIES = (
    Column(Text("number"), 30),
    Column(Text("day"), 20),
    Column(Text("who asked"), 46, smallest=_LEAST),
    Column(Text("on what paper"), 34, face=NARROW, smallest=_LEAST),
    Column(Text("for what"), 46, face=NARROW, smallest=_LEAST),
    Column(Text("fields"), 40, face=NARROW, smallest=_LEAST),
    Column(Text("people"), 14, right=True, bold=True),
    Column(Text("given by, second person"), 42, face=NARROW, smallest=_LEAST),
)


def _copies(report: DisclosureReport, lang: str) -> Section:
    return outline.part(Text("Copies"), _COPIES, [_copy(row, lang) for row in report.rows], lang)


def _copy(row: DisclosureFigures, lang: str) -> Row:
    fields = ", ".join(i18n.render(words, lang) for words in fields_in_words(row.fields))
    return Row((
        row.number, i18n.day_short(row.day, lang), row.asked_by or NONE, row.paper or NONE, row.purpose or NONE, fields,
        i18n.number(row.people, lang), ", ".join(name for name in (row.given_by, row.second) if name),
    ))  # fmt: skip
