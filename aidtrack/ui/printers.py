"""Which printers this computer has, which of them gives slips, and on what paper.

A slip comes out at once, without a question, often from a small printer beside the one for papers. Owns what was chosen in the
settings of the machine, and what holds where nothing was chosen.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinterInfo

from aidtrack import settings
from aidtrack.reports.catalogue import SlipSize

BROADEST_ROLL_MM = 90
"""What is made for broader paper is a printer of sheets."""


def names() -> list[str]:
    """The printers the system knows."""
    return list(QPrinterInfo.availablePrinterNames())


def usual() -> str:
    """The usual printer, else any; empty where there is none."""
    return QPrinterInfo.defaultPrinterName() or next(iter(names()), "")


def for_slips() -> str:
    """The printer chosen for slips on this computer; empty where they go to the usual one."""
    return settings.read().settings.slip_printer


def is_slip_printer_away() -> bool:
    """Whether slips were given a printer the system does not know any more."""
    return bool(for_slips()) and for_slips() not in names()


def slip_size() -> SlipSize:
    """The paper slips are made for: the one chosen, else what their printer is made for."""
    kept = settings.read().settings.slip_paper
    return SlipSize(kept) if kept in set(SlipSize) else size_for(for_slips() or usual())


def size_for(printer: str) -> SlipSize:
    """What a printer is made for, by the paper it takes if nobody says which; a roll where that is not known."""
    width = QPrinterInfo.printerInfo(printer).defaultPageSize().size(QPageSize.Unit.Millimeter).width()
    return SlipSize.A6 if width > BROADEST_ROLL_MM else SlipSize.ROLL


def choose_for_slips(printer: str, paper: SlipSize) -> None:
    """Keeps both for this computer; an empty printer is the usual one. `StoreTrouble` where the settings cannot be written."""
    settings.write(replace(settings.read().settings, slip_printer=printer, slip_paper=paper))
