"""What a day comes to: the figures of the queue and of the shelves, by the centre's open day."""

from aidtrack.services.overview.figures import (
    DifferenceFigures,
    DocumentFigures,
    ExpiryFigures,
    Flow,
    Heading,
    HourFigures,
    ItemFigures,
    LaneFigures,
    LotFigures,
    Names,
    PauseFigures,
    QueueReport,
    Reconciliation,
    StockReport,
    Waits,
    WindowFigures,
)
from aidtrack.services.overview.heading import last_day, site_of_code
from aidtrack.services.overview.queue import queue_report
from aidtrack.services.overview.stock import stock_report

__all__ = [
    "DifferenceFigures",
    "DocumentFigures",
    "ExpiryFigures",
    "Flow",
    "Heading",
    "HourFigures",
    "ItemFigures",
    "LaneFigures",
    "LotFigures",
    "Names",
    "PauseFigures",
    "QueueReport",
    "Reconciliation",
    "StockReport",
    "Waits",
    "WindowFigures",
    "last_day",
    "queue_report",
    "site_of_code",
    "stock_report",
]
