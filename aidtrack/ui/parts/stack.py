"""Things of which one is shown at a time, and parts that change together: what is around them is laid out once, and for what is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QStackedWidget, QWidget


class Stack(QStackedWidget):
    """One of several over the whole place. Qt's own asks each of them, also those nobody sees, how high it would be in this width, whenever
    anything around it is laid out; here they fill the place there is."""

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(0, 0)


@contextmanager
def at_once(whole: QWidget) -> Iterator[None]:
    """While parts of `whole` appear, vanish or change their words: Qt would lay everything around them out anew at each of them."""
    layout = whole.layout()
    if layout is None or not layout.isEnabled():
        yield
        return
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(True)
        layout.invalidate()
        QCoreApplication.postEvent(whole, QEvent(QEvent.Type.LayoutRequest))
