"""The aid form on paper, blank or filled: the family on the first page, the centre's own questions after it.

Owns the layout. Questions come as data from `domain.intake`; a filled form is a value handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.domain.birth import Precision
from aidtrack.domain.people import LODGING_DIGITS, RELATION_DIGITS, HowConfirmed, Need, Relation, Sex
from aidtrack.errors import Names, Text
from aidtrack.reports import fonts
from aidtrack.reports.boxes import cells, digit, tick, ticks
from aidtrack.reports.fonts import BOLD, NARROW, NARROW_BOLD, TEXT
from aidtrack.reports.page import HEAVY, Draw, Paper, Sheet, Stamp, Words, document
from aidtrack.reports.questions import question_pages
from aidtrack.services.overview import AidForm, FilledForm, FormMember

FORM = Paper(210, 297, 20, 10, 9.2, 10)
MEMBERS = 8
_IN = 27.1
_LETTERS = {"ru": "АБВГДЕЖЗИКЛМ", "uk": "АБВГДЕЖЗИКЛМ", "en": "ABCDEFGHIJKL"}
_CONFIRMED = (
    HowConfirmed.DOCUMENT,
    HowConfirmed.LIST,
    HowConfirmed.WITNESS,
    HowConfirmed.OWN_WORD,
    HowConfirmed.SHIFT_LEAD,
)


def form_pdf(paper: AidForm, stamp: Stamp, lang: str) -> bytes:
    """The form as PDF: one page for the family, and the pages the questions need. A blank one comes in each public language, one after
    the other, so that a family is given the one it reads.
    """
    public = paper.heading.languages
    is_for_all = paper.filled is None and lang in public
    said = (lang, *(one for one in public if one != lang)) if is_for_all else (lang,)
    pages = [page for one in said for page in _in_language(paper, stamp, one)]
    return document(FORM, lang, f"AidTrack {stamp.number}", pages)


def _in_language(paper: AidForm, stamp: Stamp, lang: str) -> list[Draw]:
    answers = paper.filled.answers if paper.filled else None
    members = paper.filled.members if paper.filled else ()
    sheets = [members[n : n + MEMBERS] for n in range(0, max(len(members), 1), MEMBERS)]
    pages: list[Draw] = [partial(_family_page, paper, stamp, eight) for eight in sheets]
    pages += [partial(_question_page, paper, stamp, draw) for draw in question_pages(paper.questions, answers, lang, FORM)]
    return [partial(_said_in, lang, (n, len(pages)), page) for n, page in enumerate(pages, 1)]


def _said_in(lang: str, place: tuple[int, int], draw: Draw, sheet: Sheet) -> None:
    """The page in this language; each form counts its own pages."""
    sheet.lang, (sheet.page, sheet.pages) = lang, place
    draw(sheet)


def _question_page(paper: AidForm, stamp: Stamp, draw: Draw, sheet: Sheet) -> None:
    _head(paper, stamp, sheet, is_first=False)
    draw(sheet)


def _family_page(paper: AidForm, stamp: Stamp, members: Sequence[FormMember], sheet: Sheet) -> None:
    filled = paper.filled or FilledForm()
    _head(paper, stamp, sheet, is_first=True)
    _card(filled, sheet)
    _holder(filled, sheet)
    _origin(filled, sheet)
    _lodging(filled, sheet)
    _members(members, sheet)
    _papers(filled, sheet)
    _given(paper.items, sheet)
    _told(sheet)
    _typed_in(sheet)


_WATERMARK = Text("Personal data")


def _head(paper: AidForm, stamp: Stamp, sheet: Sheet, *, is_first: bool) -> None:
    if paper.filled is not None:
        words = sheet.say(_WATERMARK)
        sheet.watermark(f"{words} · {sheet.say(stamp.printed)}" if stamp.printed else words)
    top = FORM.top
    day = i18n.day_short(paper.filled.day, sheet.lang) if paper.filled and paper.filled.day else ""
    said = day or sheet.say(Text("day")) + "  ___ . ___ . 20___"
    sheet.text(FORM.edge, top + 3.2, said, BOLD, 9, "right")
    sheet.fitted(FORM.left, top + 3.2, stamp.site, 120, BOLD, 9)
    sheet.rule(FORM.left, top + 5.4, FORM.edge, HEAVY)
    title: Words = Text("The family’s form") if is_first else i18n.pick(paper.names, sheet.lang)
    used = sheet.fitted(FORM.left, 22.2, title, 120, BOLD, 17)
    wide = sheet.wide(title, BOLD, used)
    sheet.fitted(
        FORM.left + wide + 6, 22.2, _ONE_FAMILY if is_first else _VOLUNTARY, FORM.usable - wide - 42, TEXT, 9.5
    )
    _number(paper, sheet)
    _foot(paper, stamp, sheet)


_ONE_FAMILY = Text("one family, up to 8 people; more: a second sheet")
_VOLUNTARY = Text("the family’s answers; every answer is voluntary")


def _number(paper: AidForm, sheet: Sheet) -> None:
    """The number of the form, or a line to write it on."""
    if paper.number:
        sheet.fitted(FORM.edge, 22.2, "№ " + paper.number, 34, BOLD, 14, "right")
        return
    sheet.text(FORM.edge - 26, 22.2, "№", BOLD, 14, "right")
    sheet.rule(FORM.edge - 24, 22.6, FORM.edge, 0.8)


def _foot(paper: AidForm, stamp: Stamp, sheet: Sheet) -> None:
    base = FORM.floor - 3.4
    sheet.rule(FORM.left, base - 3.3, FORM.edge)
    edition = sheet.say(Text("form, edition {n}", n=paper.edition))
    chain = " · " + sheet.say(Text("day {chain}", chain=stamp.chain)) if stamp.chain else ""
    sheet.fitted(FORM.left, base, f"{stamp.number}{chain} · {edition}", 75, NARROW, 8.5)
    sheet.text((FORM.left + FORM.edge) / 2, base, sheet.sheet_of(), NARROW_BOLD, 8.5, "middle")
    sheet.fitted(FORM.edge, base, stamp.printed, 75, NARROW, 8.5, "right")


# ── small parts ──────────────────────────────────────────────────────────────────────────────────


def _section(sheet: Sheet, n: int, top: float, title: Words, note: Words = "") -> float:
    """The digit white on black and the heading; returns where the heading ends."""
    digit(sheet, FORM.left, top, n)
    used = sheet.text(_IN, top + 3.9, title, BOLD, 11)
    if note:
        used += 2.7 + sheet.text(_IN + used + 2.7, top + 3.9, note, NARROW, 8.5)
    return _IN + used


def _lines(sheet: Sheet, base: float, parts: Sequence[tuple[float, float, Words, str]]) -> None:
    """Lines to write on, each with its label under it and its answer on it."""
    for left, right, label, answer in parts:
        sheet.rule(left, base, right, 0.8)
        sheet.text(left, base + 3.2, label, NARROW, 8)
        if answer:
            sheet.fitted(left + 0.5, base - 1.2, answer, right - left - 1, BOLD, 11)


# ── the nine sections ────────────────────────────────────────────────────────────────────────────


def _card(form: FilledForm, sheet: Sheet) -> None:
    _section(sheet, 1, 26.3, Text("Card and number in the queue"), Text("the volunteer fills this in"))
    sheet.fitted(_IN, 37.3, Text("card"), 10, TEXT, 9)
    cells(sheet, 37.8, 32.5, (4, 4, 4), form.card.replace(" ", ""))
    sheet.fitted(121, 37.3, Text("number"), 14, TEXT, 9, "right")
    letter, number = form.ticket[:1], form.ticket[1:].strip()
    cells(sheet, 122.4, 32.5, (1, 3), letter + number.rjust(3) if form.ticket else "", between="-")
    sheet.fitted(160.2, 37.3, Text("time"), 12, TEXT, 9, "right")
    cells(sheet, 161.5, 32.5, (2, 2), form.at.replace(":", ""), between=":")


def _holder(form: FilledForm, sheet: Sheet) -> None:
    _section(sheet, 2, 42.5, Text("Whom the card is for"), Text("in capital letters"))
    parts = (
        (_IN, 81.5, Text("surname"), form.family_name),
        (85.4, 131.0, Text("given name"), form.given_name),
        (135.0, 200.0, Text("patronymic"), form.patronymic),
    )
    _lines(sheet, 55.8, parts)


def _origin(form: FilledForm, sheet: Sheet) -> None:
    _section(sheet, 3, 62.4, Text("Where from"))
    parts = (
        (_IN, 81.5, Text("district"), i18n.pick(form.district, sheet.lang)),
        (85.4, 149.0, Text("village, settlement, town"), i18n.pick(form.settlement, sheet.lang) or form.origin),
        (153.0, 200.0, Text("street, if you like"), ""),
    )
    _lines(sheet, 75.6, parts)


def _lodging(form: FilledForm, sheet: Sheet) -> None:
    end = _section(sheet, 4, 82.3, Text("Living now"))
    choices = [(kind.text, form.lodging is kind) for kind in LODGING_DIGITS]
    ticks(sheet, max(end + 8, 63.9), 86.2, choices, 200)
    _lines(sheet, 95.5, ((_IN, 131.0, Text("address or landmark"), form.address),))
    sheet.fitted(147.5, 94.2, Text("telephone"), 15, TEXT, 9, "right")
    digits = "".join(c for c in form.phone if c.isdigit())[-10:]
    cells(sheet, 149.6, 89.1, (3, 3, 2, 2), digits, wide=4.5, tall=6.4)


_SEX_X, _BIRTH_X, _AGE_X, _RELATION_X, _NEEDS_X, _ELSEWHERE_X = 84.0, 102.0, 148.4, 163.5, 173.5, 192.5
_ROW = 8.7


def _members(members: Sequence[FormMember], sheet: Sheet) -> None:
    _section(
        sheet,
        5,
        102.6,
        Text("Who is in the family"),
        Text("first line: whom the card is for; write the age if the date is not known"),
    )
    _member_heads(sheet, 115.6)
    for n in range(MEMBERS):
        member = members[n] if n < len(members) else None
        _member(sheet, n + 1, 115.6 + n * _ROW, member)
        sheet.rule(FORM.left, 115.6 + (n + 1) * _ROW, FORM.edge, HEAVY if n == MEMBERS - 1 else 0.75)
    down = 115.6 + MEMBERS * _ROW + 3.8
    down = _code_line(sheet, down, Text("Relation"), [(str(n), kind.text) for n, kind in enumerate(RELATION_DIGITS, 1)])
    letters = _LETTERS[sheet.lang]
    _code_line(sheet, down + 0.3, Text("What helps"), [(letters[n], need.text) for n, need in enumerate(Need)])


def _member_heads(sheet: Sheet, rule: float) -> None:
    heads: tuple[tuple[float, Words, str], ...] = (
        (22.0, "№", "left"),
        (_IN, Text("surname, name, patronymic"), "left"),
        (_SEX_X + 8, Text("sex"), "middle"),
        (_BIRTH_X + 21, Text("date of birth, DD.MM.YYYY"), "middle"),
        (_AGE_X + 4.7, Text("or age"), "middle"),
        (_RELATION_X + 2.4, Text("relation"), "middle"),
        (_NEEDS_X + 7.2, Text("what helps"), "middle"),
        (_ELSEWHERE_X + 2, Text("lives elsewhere"), "middle"),
    )
    for x, words, align in heads:
        lines = sheet.say(words).rsplit(" ", 1) if x > _AGE_X + 5 else [sheet.say(words)]
        for n, line in enumerate(reversed(lines)):
            sheet.fitted(x, rule - 1.4 - 3.2 * n, line, 46 if x < _AGE_X else 14.5, NARROW, 8.5, align)
    sheet.rule(FORM.left, rule, FORM.edge, HEAVY)


def _member(sheet: Sheet, n: int, top: float, member: FormMember | None) -> None:
    base = top + 6
    sheet.text(22.2, base, str(n), BOLD, 10)
    if member and member.name:
        sheet.fitted(_IN, base, member.name, _SEX_X - _IN - 1.5, BOLD, 10)
    sex = member.sex if member else None
    tick(sheet, _SEX_X, base + 0.3, Text("m"), is_on=sex is Sex.MALE)
    tick(sheet, _SEX_X + 8.7, base + 0.3, Text("f"), is_on=sex is Sex.FEMALE)
    cells(sheet, _BIRTH_X, top + 1.7, (2, 2, 4), _birth_digits(member), wide=4.8, tall=5.8, between="..")
    age = "" if member is None or member.age is None else f"{member.age:2}"
    cells(sheet, _AGE_X, top + 1.7, (2,), age, wide=4.8, tall=5.8)
    _relation(sheet, n, top, member)
    letters = _LETTERS[sheet.lang]
    needs = "".join(letters[list(Need).index(need)] for need in member.needs[:3]) if member else ""
    cells(sheet, _NEEDS_X, top + 1.7, (3,), needs, wide=4.8, tall=5.8)
    tick(sheet, _ELSEWHERE_X, base + 0.3, "", is_on=bool(member and member.elsewhere))


def _relation(sheet: Sheet, n: int, top: float, member: FormMember | None) -> None:
    if n == 1:
        sheet.fitted(_RELATION_X + 2.4, top + 6, Text("card"), 9, NARROW, 8.5, "middle")
        return
    kind = member.relation if member else None
    code = str(RELATION_DIGITS.index(kind if kind in RELATION_DIGITS else Relation.OTHER) + 1) if kind else ""
    cells(sheet, _RELATION_X, top + 1.7, (1,), code, wide=4.8, tall=5.8)


def _birth_digits(member: FormMember | None) -> str:
    birth = member.birth if member else None
    if birth is None or birth.precision is Precision.AGE:
        return ""
    digits = f"{birth.first:%d%m%Y}"
    known = {Precision.DAY: 0, Precision.MONTH: 2, Precision.YEAR: 4}[birth.precision]
    return " " * known + digits[known:]


def _code_line(sheet: Sheet, base: float, label: Words, codes: Sequence[tuple[str, Words]]) -> float:
    used = sheet.text(FORM.left, base, label, NARROW_BOLD, 8.5)
    line = "   ".join(f"{code} {sheet.say(words).lower()}".replace(" ", "\u00a0") for code, words in codes)
    start = FORM.left + max(used + 2.5, 20)
    return sheet.block(start, base, line, FORM.edge - start, NARROW, 8.5, 3.4)


def _papers(form: FilledForm, sheet: Sheet) -> None:
    end = _section(sheet, 6, 201.8, Text("How we know"))
    sheet.text(_IN, 209.0, Text("a document is not required"), NARROW, 8)
    ticks(sheet, end + 6, 205.7, [(how.text, form.how_confirmed is how) for how in _CONFIRMED], 200)


def _given(items: Sequence[Names], sheet: Sheet) -> None:
    _section(sheet, 7, 210, Text("Handed over now"), Text("on this paper; typed into the program the same day"))
    for n in range(10):
        x, top = _IN + n % 5 * 34.6, 216.6 + n // 5 * 8.2
        after = cells(sheet, x, top, (2,), wide=4.7, tall=6.2) + 1
        if n < len(items):
            _item(sheet, after, top + 4.3, i18n.pick(items[n], sheet.lang))
        else:
            sheet.rule(after, top + 5.4, after + 22, 0.8)
    used = sheet.text(_IN, 237.3, Text("people received"), TEXT, 9)
    x = cells(sheet, _IN + used + 3, 233, (2,), wide=4.9, tall=6.2) + 5
    x += sheet.text(x, 237.3, Text("sign-off sheet, line"), TEXT, 9) + 2.5
    x = cells(sheet, x, 233, (1, 2, 2), wide=4.6, tall=6.2, between="--") + 2
    x += sheet.text(x, 237.3, Text("the family’s signature"), TEXT, 9) + 3
    sheet.rule(min(x, 165), 239, FORM.edge, 0.8)


def _item(sheet: Sheet, x: float, base: float, name: str) -> None:
    """Beside its cells, on two lines rather than in letters nobody reads in a tent."""
    room = 34.6 - 11
    lines = len(fonts.fit(name, NARROW, 8.5, room * mm, _LABEL)[1])
    sheet.fitted(x, base + (lines - 1) * 1.6, name, room, NARROW, 8.5, smallest=_LABEL)


_LABEL = 8.0
"""Points of a label, at least."""


def _told(sheet: Sheet) -> None:
    _section(
        sheet,
        8,
        243.4,
        Text("Told to the family"),
        Text("why we write this down; they need not answer, the help does not depend on it"),
    )
    words = (Text("read aloud"), Text("poster shown"), Text("the family does not want the data passed on"))
    ticks(sheet, _IN, 253.7, [(text, False) for text in words], 200)


def _typed_in(sheet: Sheet) -> None:
    _section(sheet, 9, 258.2, Text("Typed into the program"), Text("when the power is back"))
    used = sheet.text(_IN, 269.2, Text("date"), TEXT, 9)
    x = cells(sheet, _IN + used + 3, 264.8, (2, 2), wide=4.7, tall=6.2, between=".") + 4
    x += sheet.text(x, 269.2, Text("who"), TEXT, 9) + 2
    sheet.rule(x, 271, 115, 0.8)
    ticks(
        sheet,
        120,
        269.2,
        [(Text("the family was here before"), False), (Text("question for the shift lead"), False)],
        200,
    )
