"""To the printer: a paper after the dialog, a slip at once. What did not come out stays *not printed* and is said so.

Owns the printer and the pictures sent to it; papers are made in the other process. A page asks `print_…` and is told how it went.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from aidtrack.errors import Text
from aidtrack.reports import catalogue
from aidtrack.services import overview
from aidtrack.ui import jobs, messages, printers, saving
from aidtrack.ui.preview import POINTS_AN_INCH, Pages

Told = Callable[[bool], None]

_log = logging.getLogger(__name__)
_DPI = 300
_DPI_OF_A_ROLL = 203
_ROLL_POINTS = 240
_NO_PRINTER = Text("No printer is set up on this computer. Save the paper as PDF, or set a printer up.")
_NO_SLIP_PRINTER = Text(
    "The printer of slips is not there: {name}. Connect it, or let the coordinator choose another in the settings, under My screen."
)
_NOT_PRINTED = Text("The printer did not take it: {what} is not printed. Look at paper and cable, then print again.")


def has_printer() -> bool:
    """Whether the system knows any printer."""
    return bool(printers.names())


# ── papers ───────────────────────────────────────────────────────────────────────────────────────


def print_with_dialog(parent: QWidget, pdf: bytes, what: str, told: Told) -> None:
    """Asks for printer and copies, then prints. `told(True)` when everything went out, `told(False)` when not."""
    if not has_printer():
        messages.attention(_NO_PRINTER, icon="printer")
        told(False)
        return
    pages = Pages(pdf)
    printer = _printer_for(pages)
    dialog = QPrintDialog(printer, parent)
    dialog.setObjectName("print_dialog")
    dialog.setMinMax(1, len(pages))
    dialog.accepted.connect(lambda: _send(printer, pages, what, told))
    dialog.rejected.connect(lambda: told(False))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()


def print_or_keep(parent: QWidget, pdf: bytes, what: str, told: Told) -> None:
    """Of a paper that names no family: where no printer is, it goes as a file on a stick to one."""
    if has_printer():
        print_with_dialog(parent, pdf, what, told)
    else:
        saving.ask_where(parent, "pdf", f"{what}.pdf", lambda path: saving.keep(path, pdf))


def print_at_once(pdf: bytes, what: str, told: Told, printer: str = "") -> None:
    """Without a question, to the printer of that name, else to the usual one."""
    if not has_printer():
        messages.attention(_NO_PRINTER, icon="printer")
        told(False)
        return
    pages = Pages(pdf)
    _send(_printer_for(pages, printer), pages, what, told)


def print_slip(pdf: bytes, what: str, told: Told) -> None:
    """To the printer of slips; to no other if that one is away, for nobody would look for the slip there."""
    if printers.is_slip_printer_away():
        again = Text("Print again"), partial(_slip_again, pdf, what, told)
        messages.fault(Text(_NO_SLIP_PRINTER.msgid, name=printers.for_slips()), action=again)
        told(False)
        return
    print_at_once(pdf, what, told, printers.for_slips())


def _slip_again(pdf: bytes, what: str, told: Told) -> None:
    messages.clear()
    print_slip(pdf, what, told)


def _printer_for(pages: Pages, name: str = "") -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if name:
        printer.setPrinterName(name)
    printer.setPageLayout(_layout_of(pages, 0))
    printer.setFullPage(True)
    printer.setResolution(_DPI_OF_A_ROLL if pages.sizes[0][0] < _ROLL_POINTS else _DPI)
    return printer


def _layout_of(pages: Pages, page: int) -> QPageLayout:
    """The sheet a page wants: papers of one job may stand upright and across."""
    wide, tall = pages.sizes[page]
    size = QPageSize(
        QSizeF(min(wide, tall), max(wide, tall)), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch
    )
    across = QPageLayout.Orientation.Landscape if wide > tall else QPageLayout.Orientation.Portrait
    return QPageLayout(size, across, QMarginsF(0, 0, 0, 0))


def _send(printer: QPrinter, pages: Pages, what: str, told: Told) -> None:
    """Paints the pages; anything the printer refuses leaves the paper unprinted."""
    if _paint(printer, pages):
        told(True)
        return
    _log.warning("a paper was not printed")
    messages.fault(
        Text(_NOT_PRINTED.msgid, what=what), action=(Text("Print again"), partial(_again, printer, pages, what, told))
    )
    told(False)


def _again(printer: QPrinter, pages: Pages, what: str, told: Told) -> None:
    messages.clear()
    _send(printer, pages, what, told)


def _paint(printer: QPrinter, pages: Pages) -> bool:
    painter = QPainter()
    wanted = _wanted(printer, len(pages))
    if not painter.begin(printer):
        return False
    went = True
    for n in wanted:
        if n != wanted[0]:
            if pages.sizes[n] != pages.sizes[n - 1]:
                printer.setPageLayout(_layout_of(pages, n))
            went = went and printer.newPage()
        if went:
            image = pages.image(n, printer.resolution() / POINTS_AN_INCH, grey=True)
            painter.drawImage(QRectF(printer.paperRect(QPrinter.Unit.DevicePixel)), image)
    return (
        painter.end()
        and went
        and printer.printerState() not in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)
    )


def _wanted(printer: QPrinter, pages: int) -> range:
    first, last = printer.fromPage() or 1, printer.toPage() or pages
    return range(max(first, 1) - 1, min(last, pages))


# ── slips, cards, forms ──────────────────────────────────────────────────────────────────────────


def nobody(_: bool) -> None:
    """Nobody wants to know how the print went."""


def print_ticket(owner: QWidget, ticket_id: UUID, told: Told = nobody) -> None:
    """The slip of a queue number; a failed print leaves the number *not printed*, to be printed again."""
    _print(owner, "ticket", partial(overview.ticket_slip, ticket_id=ticket_id), lambda slip: slip.label, told)


def print_come_back(owner: QWidget, household_id: UUID) -> None:
    """From when a family that comes too early may have what."""
    _print(owner, "come_back", partial(overview.come_back_slip, household_id=household_id), lambda slip: slip.card_tail)


def print_hand_over(owner: QWidget, hand_over_id: UUID) -> None:
    """The slip of a hand-over."""
    ask = partial(overview.hand_over_slip, hand_over_id=hand_over_id)
    _print(owner, "hand_over", ask, lambda slip: f"{slip.sheet}/{slip.line:02}")


def print_wait(owner: QWidget, entry_id: UUID) -> None:
    """The slip of a place in the wait list."""
    _print(owner, "owed", partial(overview.wait_slip, entry_id=entry_id), lambda slip: slip.card_tail)


def print_promise(owner: QWidget, promise_id: UUID) -> None:
    """The slip of a promise, with its date."""
    _print(owner, "owed", partial(overview.promise_slip, promise_id=promise_id), lambda slip: slip.card_tail)


def print_delivery(owner: QWidget, sheet_id: UUID) -> None:
    """A copy of the home-delivery sheet that was signed out."""
    _print(owner, "delivery", partial(overview.delivery_paper, sheet_id=sheet_id), lambda paper: paper.code)


def print_family_card(owner: QWidget, household_id: UUID) -> None:
    """The card of one family, on a sheet to cut out."""
    _print(owner, "card", partial(overview.family_card, household_id=household_id), lambda sheet: sheet.cards[0].number)


def print_form(owner: QWidget, household_id: UUID | None = None) -> None:
    """The aid form: of a family, or blank."""
    if household_id is None:
        _print(owner, "form", overview.blank_form, lambda _: "")
    else:
        _print(owner, "form", partial(overview.filled_form, household_id=household_id), lambda form: form.number)


def _print(owner: QWidget, kind: str, ask: jobs.Ask[Any], what: Callable[[Any], str], told: Told = nobody) -> None:
    """Asks for what stands on it; `what` names it should it not come out."""
    jobs.read(ask, owner=owner, then=lambda figures: _make(owner, kind, figures, what(figures), told))


def _make(owner: QWidget, kind: str, figures: Any, what: str, told: Told) -> None:
    lang = figures.heading.languages[0]
    if kind in catalogue.SLIPS:
        out = partial(print_slip, what=what, told=told)
        jobs.paper(catalogue.make_slip, kind, figures, lang, printers.slip_size(), owner=owner, then=out)
        return
    show = partial(print_with_dialog, owner, what=what, told=told)
    jobs.paper(catalogue.make_single, kind, figures, catalogue.Printed.by(jobs.actor()), lang, owner=owner, then=show)
