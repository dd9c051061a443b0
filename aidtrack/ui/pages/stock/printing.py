"""The store's papers on their way to the printer: read, drawn in the other process, then handed to the print dialog.

Owns nothing of how they look: that is `reports.store_papers`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from aidtrack import i18n
from aidtrack.domain.stock import DocumentKind
from aidtrack.errors import Text
from aidtrack.services import days, stock
from aidtrack.services.overview.heading import heading_of
from aidtrack.services.stock import DocumentRow, StockCard
from aidtrack.ui import jobs, messages

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from aidtrack.domain.actor import Actor


def ask_document(session: Session, by: Actor, *, row: DocumentRow) -> Any:
    """A document with the centre and the day it stands under."""
    from aidtrack.reports.store_papers import StorePaper  # reportlab is imported at the first paper

    return StorePaper(heading_of(session, by, row.day), stock.document_view(session, by, row.id))


def ask_card(session: Session, by: Actor, *, card: StockCard) -> Any:
    """A stock card with the centre and today."""
    from aidtrack.reports.store_papers import CardPaper

    return CardPaper(heading_of(session, by, days.current_day(session, by)), card)


def print_document(owner: QWidget, row: DocumentRow) -> None:
    """Prints a paper of the store once more."""
    from aidtrack.reports.store_papers import document_pdf

    jobs.read(partial(ask_document, row=row), owner=owner, then=partial(_draw, owner, document_pdf, row.code))


def print_for_driver(owner: QWidget, row: DocumentRow) -> None:
    """The receipt comes out at once, if it can; what was only signed for the driver takes along in any case."""
    from aidtrack.ui.printing import has_printer

    if has_printer() or row.kind is DocumentKind.SIGNED:
        print_document(owner, row)


def print_card(owner: QWidget, card: StockCard) -> None:
    """Prints a stock card."""
    from aidtrack.reports.store_papers import card_pdf

    jobs.read(partial(ask_card, card=card), owner=owner, then=partial(_draw, owner, card_pdf, card.code))


def ask_to_count(session: Session, by: Actor) -> Any:
    """What is to be counted, without the book."""
    from aidtrack.reports.store_papers import CountPaper

    return CountPaper(heading_of(session, by, days.current_day(session, by)), stock.batches_to_count(session, by))


def print_count_sheet(owner: QWidget) -> None:
    """Prints sheets to count on by hand."""
    from aidtrack.reports.store_papers import count_sheet_pdf

    what = i18n.tr("Sheet to count on")
    jobs.read(ask_to_count, owner=owner, then=partial(_draw, owner, count_sheet_pdf, what))


def _draw(owner: QWidget, make: Callable[..., bytes], what: str, figures: Any) -> None:
    from aidtrack.reports.catalogue import Printed

    printed, lang = Printed.by(jobs.actor()), figures.heading.languages[0]  # a driver signs it, not whoever chose this window's language
    jobs.paper(make, figures, printed, lang, owner=owner, then=partial(_send, owner, what))


def _send(owner: QWidget, what: str, pdf: bytes) -> None:
    from aidtrack.ui import printing

    printing.print_or_keep(owner, pdf, what, partial(_told, what))


def _told(what: str, printed: bool) -> None:
    if printed:
        messages.done(Text("Printed: {what}", what=what), icon="printer")
