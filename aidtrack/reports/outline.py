"""The outline most papers share: the answer first in big figures, then tables under headings, then who signs it.

Owns the page; words and figures are each paper's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import sections, tables
from aidtrack.reports.fonts import NARROW, TEXT
from aidtrack.reports.page import A4, Draw, Figure, Paper, Sheet, Stamp, Words, document
from aidtrack.reports.sections import Section
from aidtrack.reports.tables import NONE, Column, Row

SIGNED_BY = (Text("Leader of the shift"), Text("Coordinator of the centre"), Text("Received by"))
CENTRE_SIGNED_BY = (Text("Leader of the shift"), Text("Coordinator of the centre"))
STORE_SIGNED_BY = (Text("Storekeeper"), Text("Coordinator of the centre"), Text("Received by"))
_TITLE, _CONTEXT, _FIGURES, _TABLES = 12.2, 17.4, 20.6, 52.0
_MORE_TABLES = 21.0
_SIGNATURES, _UNSIGNED = 31.0, 9.0
_TERMS = 3.5
_CAPTION = Text("signature, surname")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a paper says: `context` is one line under the title, `terms` explain above the signatures what strangers may not know,
    `caption` stands under the lines to sign on.
    """

    title: Text
    context: Words
    figures: Callable[[Sheet], Sequence[Figure]]
    parts: tuple[Section, ...]
    terms: Words = ""
    signed_by: tuple[Text, ...] = SIGNED_BY
    paper: Paper = A4
    watermark: Words = ""
    caption: Text = _CAPTION


def make_pdf(outline: Outline, stamp: Stamp, lang: str) -> bytes:
    """The paper: as many pages as its tables need, signatures on the last; titles, heads and signatures once more in the second public
    language of the centre.
    """
    paper, other = outline.paper, stamp.other(lang)
    floor = paper.floor - _UNSIGNED
    rooms = (floor - paper.top - _TABLES, floor - paper.top - _MORE_TABLES)
    signing = _SIGNATURES - _UNSIGNED + _terms_height(outline)
    parts, gap = sections.flow_signed(sections.in_both(outline.parts, lang, other), rooms, signing)
    pages: list[Draw] = [partial(_page, outline, stamp, (part, gap), n) for n, part in enumerate(parts)]
    pages[-1] = partial(_signed, outline, pages[-1])
    return document(paper, lang, f"AidTrack {stamp.number}", pages, other=other)


def _terms_height(outline: Outline) -> float:
    return 3 * _TERMS if outline.terms else 0.0


def _page(outline: Outline, stamp: Stamp, placed: tuple[Sequence[Section], float], n: int, sheet: Sheet) -> None:
    paper = sheet.paper
    sheet.head(stamp)
    sheet.title(paper.top + _TITLE, outline.title)
    if n == 0:
        sheet.fitted(paper.left, paper.top + _CONTEXT, outline.context, paper.usable, TEXT, 9)
        sheet.big(paper.top + _FIGURES, outline.figures(sheet))
    sections.draw(placed[0], paper.left, paper.top + (_MORE_TABLES if n else _TABLES), sheet, placed[1])
    if outline.watermark:
        sheet.watermark(outline.watermark)
    sheet.foot(stamp)


def _signed(outline: Outline, draw: Draw, sheet: Sheet) -> None:
    draw(sheet)
    paper = sheet.paper
    if outline.terms:
        down = paper.floor - _SIGNATURES - 2 * _TERMS + 2
        sheet.block(paper.left, down, outline.terms, paper.usable, NARROW, 8.5, _TERMS)
    sheet.signatures(outline.signed_by, outline.caption)


# ── cells ────────────────────────────────────────────────────────────────────────────────────────


def _nothing(columns: Sequence[Column], lang: str) -> Row:
    """A missing thing is said."""
    return Row((i18n.render(Text("none"), lang), *[NONE] * (len(columns) - 1)))


def part(
    title: Text, columns: tuple[Column, ...], rows: Sequence[Row], lang: str, *,
    total: Row | None = None, note: Words = "", check: Words = "",
) -> Section:  # fmt: skip
    """A table of the paper: its rows closed, or one that says “none” where there are none, and under them the `total`."""
    told = tables.closed(rows or [_nothing(columns, lang)])
    return Section(title, columns, (*told, total) if total else tuple(told), note=note, check=check)


def days_counted(open_days: int) -> Text:
    """The first words of the context line."""
    return Text.plural("{n} day the centre was open", "{n} days the centre was open", n=open_days)
