"""R15, the home-delivery sheet: one numbered copy, a door a line, to be signed out, signed at the door, and signed back in."""

from __future__ import annotations

from functools import partial

from aidtrack import i18n
from aidtrack.errors import Text
from aidtrack.reports import tables
from aidtrack.reports.fonts import NARROW, TEXT
from aidtrack.reports.page import A4_ACROSS, Draw, Sheet, Stamp, document
from aidtrack.reports.tables import Column, Row
from aidtrack.services.overview.deliveries import DeliveryLine, DeliveryPaper

_TOP, _FLOOR = 44.0, 168.0
_HIGH = 10.0
_COLUMNS = (  # read at arm's length on a staircase: long words are wrapped, never small
    Column(Text("card"), 18, bold=True),
    Column(Text("first name"), 32),
    Column(Text("street, door"), 74, smallest=9),
    Column(Text("what is brought"), 84, smallest=9),
    Column(Text("time"), 18),
    Column(Text("signature"), 46),
)


def make_pdf(paper: DeliveryPaper, stamp: Stamp, lang: str) -> bytes:
    """As many pages as there are doors; each says which copy it is."""
    rows = [_row(line, lang) for line in paper.lines]
    top = _TOP + tables.head_room(_COLUMNS, lang, stamp.other(lang))
    parts = tables.split(_COLUMNS, rows, (_FLOOR - top,), _HIGH)
    pages: list[Draw] = [partial(_page, paper, stamp, part, top) for part in parts]
    return document(A4_ACROSS, lang, f"AidTrack {stamp.number}", pages, other=stamp.other(lang))


def _row(line: DeliveryLine, lang: str) -> Row:
    goods = i18n.together(f"{i18n.pick(names, lang)} × {i18n.number(n, lang)}" for names, n, _ in line.goods)
    return Row((f"… {line.card_tail}", line.first_name, line.address, goods, "", ""))


def _page(paper: DeliveryPaper, stamp: Stamp, rows: list[Row], top: float, sheet: Sheet) -> None:
    sheet.head(stamp)
    title = Text("Home delivery, copy {n}", n=str(paper.number))
    who = Text("carried by {who}", who=paper.carrier)
    used = sheet.title(30, title, A4_ACROSS.usable - 60)
    sheet.fitted(A4_ACROSS.edge, 30, who, A4_ACROSS.usable - used - 6, TEXT, 10, "right")
    words = Text("No surnames here: ask for the card. This copy is signed out and back in; a lost one is said at once.")
    sheet.fitted(A4_ACROSS.left, 35.6, words, A4_ACROSS.usable, NARROW, 9)
    end = tables.table(sheet, A4_ACROSS.left, top, _COLUMNS, tables.closed(rows), _HIGH)
    x = A4_ACROSS.edge
    for column in reversed(_COLUMNS[-2:]):  # where somebody writes
        x -= column.width
        sheet.upright(x - 1, top, end)
    sheet.watermark(Text("Personal data · copy {n} · {who}", n=str(paper.number), who=paper.carrier))
    sheet.signatures((Text("Signed out"), Text("Signed back in"), Text("Leader of the shift")), Text("name, time, signature"))
    sheet.foot(stamp)
