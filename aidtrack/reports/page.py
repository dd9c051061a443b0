"""The page of every paper: sizes, head and foot, big figures, signatures, and the few strokes they are drawn with.

Measures are millimetres from the upper left corner, type is in points. Owns furniture only; what stands between it is each paper's own.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import atan2, degrees, hypot

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import fonts
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.services.overview import Heading

Words = Text | str

HEAVY = 1.2
LINE = 0.75
BOX = 0.8
_HATCH = 0.6
_WATERMARK = 60.0
_HATCH_STEP = 1.1
_LEAST_TITLE = 25.0
"""Millimetres beside a title, and beside a heading for its note, below which the other language is left out."""
_LEAST_NOTE = 40.0
_LEAST_UNIT = 9.0
"""Points of what a big figure counts: two lines rather than one that is not read with it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper and what stays free around the print; a roll is as long as what stands on it."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def usable(self) -> float:
        return self.width - self.left - self.right

    @property
    def edge(self) -> float:
        """Where the print ends on the right."""
        return self.width - self.right

    @property
    def floor(self) -> float:
        """Where the print ends below."""
        return self.height - self.bottom


A4 = Paper(210, 297, 20, 10, 12, 10)
A4_ACROSS = Paper(297, 210, 15, 10, 18, 8)
A3 = Paper(297, 420, 20, 15, 15, 9)
A6 = Paper(105, 148, 14, 7, 4, 4)
CARDS = Paper(210, 297, 19.4, 19.4, 5, 5)


def roll(height: float) -> Paper:
    """An 80 mm roll cut after `height`."""
    return Paper(80, height, 4, 4, 4, 4)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the head and foot of a paper say: where, which day, which paper, printed when and by which role. Never a name."""

    site: str
    code: str
    day: date
    paper: str
    chain: str = ""
    printed: Words = ""
    revision: int = 1
    since: date | None = None
    languages: tuple[str, ...] = ()

    def other(self, lang: str) -> str:
        """The second public language of the centre beside this one; empty where it prints in one."""
        return next((code for code in self.languages if code != lang), "")

    @property
    def number(self) -> str:
        """R5-К1-240812-1: paper, site, day, revision; of several days the first one stands before the last."""
        first = f"{self.since:%y%m%d}" if self.since else ""
        parts = (self.paper, self.code, first, f"{self.day:%y%m%d}", str(self.revision))
        return "-".join(part for part in parts if part)

    def days(self, lang: str) -> str:
        """The day, or the days from the first to the last, in words."""
        return i18n.span_long(self.since, self.day, lang) if self.since else i18n.day_long(self.day, lang)


def stamp_of(heading: Heading, paper: str, printed: Words = "") -> Stamp:
    """The head and foot of a paper of this centre and day."""
    head = (heading.site, heading.code, heading.day, paper, heading.chain, printed)
    return Stamp(*head, heading.revision, heading.since, tuple(heading.languages))


class Sheet:
    """One page being drawn in one language; `other` is the second public one, in which titles, heads and signatures stand once more."""

    def __init__(self, canvas: Canvas, paper: Paper, lang: str, page: int = 1, pages: int = 1, other: str = "") -> None:
        self.canvas = canvas
        self.paper = paper
        self.lang = lang
        self.other = other
        self.page = page
        self.pages = pages

    def say(self, words: Words) -> str:
        """The words in the language of the paper."""
        return words if isinstance(words, str) else i18n.render(words, self.lang)

    def also(self, words: Words) -> str:
        """The words in the other language of the paper; empty where there is none, or where it says the same."""
        return in_other(words, self.lang, self.other)

    def both(self, words: Words, between: str = " / ") -> str:
        """The words in both languages of the paper side by side: особисто / in person."""
        return between.join(part for part in (self.say(words), self.also(words)) if part)

    def number(self, n: int) -> str:
        """A count as it is printed in this language."""
        return i18n.number(n, self.lang)

    def y(self, down: float) -> float:
        """Points from the lower edge, as the canvas wants them."""
        return (self.paper.height - down) * mm

    # ── letters ──────────────────────────────────────────────────────────────────────────────────

    def text(
        self, x: float, down: float, words: Words, face: str = TEXT, size: float = 9, align: str = "left"
    ) -> float:
        """One line with its foot at `down`; returns its width in mm. `align` says what `x` is: left, right or middle."""
        string = self.say(words)
        wide = fonts.width(string, face, size)
        at = x * mm - {"left": 0.0, "right": wide, "middle": wide / 2}[align]
        for where, part in fonts.runs(string, face):
            self.canvas.setFont(where, size)
            self.canvas.drawString(at, self.y(down), part)
            at += self.canvas.stringWidth(part, where, size)
        return wide / mm

    def fitted(
        self, x: float, down: float, words: Words, room: float, face: str = TEXT, size: float = 9, align: str = "left",
        smallest: float = fonts.SMALLEST,
    ) -> float:  # fmt: skip
        """Like `text`, but kept within `room` mm: down to `smallest` first, then on lines that end at `down`. Returns the size used."""
        at, lines = fonts.fit(self.say(words), face, size, room * mm, smallest)
        step = at * 1.15 / mm
        for n, line in enumerate(lines):
            self.text(x, down - (len(lines) - 1 - n) * step, line, face, at, align)
        return at

    def block(
        self, x: float, down: float, words: Words, room: float, face: str = TEXT, size: float = 9, step: float = 4.1
    ) -> float:
        """A paragraph wrapped to `room` mm, its first foot at `down`; returns the foot of the line that would follow."""
        for line in fonts.wrap(self.say(words), face, size, room * mm):
            self.text(x, down, line, face, size)
            down += step
        return down

    def wide(self, words: Words, face: str = TEXT, size: float = 9) -> float:
        """The width of one line in mm."""
        return fonts.width(self.say(words), face, size) / mm

    # ── strokes ──────────────────────────────────────────────────────────────────────────────────

    def rule(self, x: float, down: float, until: float, thick: float = LINE) -> None:
        """A level line."""
        self.canvas.setLineWidth(thick)
        self.canvas.line(x * mm, self.y(down), until * mm, self.y(down))

    def upright(self, x: float, down: float, until: float, thick: float = LINE) -> None:
        """A line from above to below."""
        self.canvas.setLineWidth(thick)
        self.canvas.line(x * mm, self.y(down), x * mm, self.y(until))

    def box(
        self, x: float, down: float, width: float, height: float, *, thick: float = BOX, fill: bool = False
    ) -> None:
        """A frame, or a solid block."""
        self.canvas.setLineWidth(thick)
        self.canvas.rect(x * mm, self.y(down + height), width * mm, height * mm, stroke=1, fill=int(fill))

    def hatched(self, x: float, down: float, width: float, height: float) -> None:
        """A frame filled with strokes at 45°."""
        canvas = self.canvas
        canvas.saveState()
        clip = canvas.beginPath()
        clip.rect(x * mm, self.y(down + height), width * mm, height * mm)
        canvas.clipPath(clip, stroke=0, fill=0)
        canvas.setLineWidth(_HATCH)
        strokes = canvas.beginPath()
        for n in range(int((width + height) / _HATCH_STEP / 1.4142) + 2):
            start = n * _HATCH_STEP * 1.4142
            strokes.moveTo((x + start - height) * mm, self.y(down + height))
            strokes.lineTo((x + start) * mm, self.y(down))
        canvas.drawPath(strokes, stroke=1, fill=0)
        canvas.restoreState()
        self.box(x, down, width, height)

    def dotted(self, x: float, down: float, until_x: float, until_down: float, gap: float = 1.2) -> None:
        """A dotted line, for cutting along or reading across."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setLineWidth(0.7)
        canvas.setDash(0.8, gap * 1.6)
        canvas.line(x * mm, self.y(down), until_x * mm, self.y(until_down))
        canvas.restoreState()

    def qr(self, x: float, down: float, size: float, content: str) -> None:
        """A QR code of level M; `size` is at least 18, or a worn print does not read."""
        modules = qr_modules(content)
        cell = size * mm / len(modules)
        path = self.canvas.beginPath()
        for row, line in enumerate(modules):
            for start, length in line:
                path.rect(x * mm + start * cell, self.y(down) - (row + 1) * cell, length * cell, cell)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def watermark(self, words: Words) -> None:
        """Large letters in thin outline from corner to corner: a copy says whose it is, and what stands on it is still read."""
        string, canvas, paper = self.say(words), self.canvas, self.paper
        size = min(_WATERMARK, 0.72 * hypot(paper.width, paper.height) * mm / (fonts.width(string, TEXT, 1) or 1))
        canvas.saveState()
        canvas.translate(paper.width * mm / 2, paper.height * mm / 2)
        canvas.rotate(degrees(atan2(paper.height, paper.width)))
        canvas.setLineWidth(0.3)
        canvas.setDash(0.7, 1.1)
        line = canvas.beginText(-fonts.width(string, TEXT, size) / 2, -size / 3)
        line.setTextRenderMode(1)
        for face, part in fonts.runs(string, TEXT):
            line.setFont(face, size)
            line.textOut(part)
        canvas.drawText(line)
        canvas.restoreState()

    # ── furniture ────────────────────────────────────────────────────────────────────────────────

    def head(self, stamp: Stamp) -> float:
        """Centre on the left, day on the right, a heavy rule; returns where the rule lies."""
        paper, top = self.paper, self.paper.top
        day = stamp.days(self.lang)
        self.text(paper.edge, top + 2.9, day, BOLD, 9, "right")
        self.fitted(paper.left, top + 2.9, stamp.site, paper.usable - self.wide(day, BOLD, 9) - 5, BOLD, 9)
        self.rule(paper.left, top + 4.8, paper.edge, HEAVY)
        return top + 4.8

    def foot(self, stamp: Stamp) -> None:
        """Which paper of which day, which sheet, printed when and by which role."""
        paper = self.paper
        base = paper.floor - 3.4
        self.rule(paper.left, base - 3.3, paper.edge)
        chain = " · " + self.say(Text("day {chain}", chain=stamp.chain)) if stamp.chain else ""
        self.text(paper.left, base, stamp.number + chain, NARROW, 8.5)
        self.text((paper.left + paper.edge) / 2, base, self.sheet_of(), NARROW_BOLD, 8.5, "middle")
        self.text(paper.edge, base, stamp.printed, NARROW, 8.5, "right")

    def sheet_of(self) -> str:
        """лист 1 из 2"""
        return self.say(Text("page {n} of {all}", n=self.page, all=self.pages))

    def title(self, down: float, title: Words, room: float = 0, size: float = 17) -> float:
        """What the paper is, large; beside it once more in the other language. Returns the width of the first."""
        left, room = self.paper.left, room or self.paper.usable
        words, also = _begun(self.say(title)), _begun(self.also(title))
        at = self.fitted(left, down, words, room, BOLD, size)
        used = min(self.wide(words, BOLD, at), room)
        if also and room - used > _LEAST_TITLE:
            self.fitted(left + used + 5, down, also, room - used - 5, TEXT, 12)
            used += 5 + min(self.wide(also, TEXT, 12), room - used - 5)
        return used

    def section(self, x: float, down: float, title: Words, note: Words = "", room: float = 0) -> None:
        """A heading with its note on the same line; both languages where there are two and the room allows it."""
        room = room or self.paper.edge - x
        used = self.text(x, down, title, BOLD, 11)
        also = self.also(title)
        if also and used + 2 + self.wide(also, NARROW, 9.5) + (_LEAST_NOTE if note else 0) <= room:
            used += 2 + self.text(x + used + 2, down, also, NARROW, 9.5)
            note = f"· {self.say(note)}" if note else note
        if note and room - used > 2.7:
            self.fitted(x + used + 2.7, down, note, room - used - 2.7, NARROW, 9.5)

    def big(self, down: float, figures: Sequence[Figure], gap: float = 5) -> float:
        """At most three big figures side by side, each with its sentence; returns where they end."""
        width = (self.paper.usable - 2 * gap) / 3
        for n, figure in enumerate(figures):
            x = self.paper.left + n * (width + gap)
            self.rule(x, down, x + width)
            used = self.text(x, down + 11.4, figure.value, BOLD, 32)
            self.fitted(x + used + 2.2, down + 11.4, figure.unit, width - used - 2.2, BOLD, 11, smallest=_LEAST_UNIT)
            for k, line in enumerate(self.say(figure.sentence).split("\n")):
                self.fitted(x, down + 17 + k * 4.15, line, width, TEXT, 9)
        return down + 22

    def signatures(self, labels: Sequence[Words], caption: Words, gap: float = 6) -> None:
        """Lines to sign on, above the foot."""
        paper = self.paper
        width = (paper.usable - gap * (len(labels) - 1)) / len(labels)
        base = paper.floor - 17
        for n, label in enumerate(labels):
            x = paper.left + n * (width + gap)
            self._signed_by(x, base - 9.2, label, width)
            self.rule(x, base, x + width)
            self.fitted(x, base + 2.8, self.both(caption), width, NARROW, 8)

    def _signed_by(self, x: float, down: float, label: Words, room: float) -> None:
        """Who signs, in both languages: beside each other, or one below the other where the line is short."""
        used = self.wide(label, TEXT, 9)
        self.fitted(x, down, label, room, TEXT, 9)
        also = self.also(label)
        if also:
            is_beside = used + 2 + self.wide(also, NARROW, 8.5) <= room
            self.fitted(x + (used + 2 if is_beside else 0), down + (0 if is_beside else 3.4), also, room, NARROW, 8.5)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number a clerk reads first, its unit and a sentence of two short lines."""

    value: str
    unit: Words
    sentence: Words


Draw = Callable[[Sheet], None]


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def in_other(words: Words, lang: str, other: str) -> str:
    """The words in the other language of a paper; empty where there is none, or where it says the same."""
    if not other or isinstance(words, str):
        return ""
    said = i18n.render(words, other)
    return "" if said == i18n.render(words, lang) else said


def document(
    paper: Paper, lang: str, title: str, pages: Sequence[Draw], papers: Sequence[Paper] | None = None, other: str = ""
) -> bytes:
    """The PDF: the same pages give the same bytes. `papers` when the pages differ in size, `other` for a paper of two languages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(paper.width * mm, paper.height * mm), invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor("AidTrack")
    for n, draw in enumerate(pages):
        size = papers[n] if papers else paper
        canvas.setPageSize((size.width * mm, size.height * mm))
        draw(Sheet(canvas, size, lang, n + 1, len(pages), other))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def unseen() -> Canvas:
    """Paper nobody will see: to find out how much room something takes."""
    return Canvas(io.BytesIO())


@lru_cache(maxsize=512)
def qr_modules(content: str, is_worn: bool = True) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Rows of the code, each as (start, length) of its dark runs. One that is never worn, on a screen, needs fewer modules."""
    code = QRCode(None, QRErrorCorrectLevel.M if is_worn else QRErrorCorrectLevel.L)
    code.addData(content)
    code.make()
    return tuple(_dark_runs(row) for row in code.modules)


def _dark_runs(row: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for n, dark in enumerate(row):
        if dark and found and sum(found[-1]) == n:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((n, 1))
    return tuple(found)
