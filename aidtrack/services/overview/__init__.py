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
]
