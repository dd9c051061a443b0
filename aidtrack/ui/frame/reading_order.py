"""Tab goes as the eye does: from part to part as they are laid out, also to those that were made later.

Qt goes in the order in which parts were made: a row that came after the button below it would follow that button.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QGridLayout, QLayout, QWidget

_REASONS = {True: Qt.FocusReason.TabFocusReason, False: Qt.FocusReason.BacktabFocusReason}


class ReadingOrder(QWidget):
    """A widget through which Tab and Shift+Tab go in the order of its layouts, round and round."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        focus = QApplication.focusWidget()
        stops = [part for part in _in_order(self) if part is focus or _is_stop(part)]
        if focus not in stops:
            return super().focusNextPrevChild(forward)
        at = stops.index(focus) + (1 if forward else -1)
        stops[at % len(stops)].setFocus(_REASONS[forward])
        return True


def _is_stop(part: QWidget) -> bool:
    is_by_tab = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return is_by_tab and part.isEnabled() and part.focusProxy() is None


def _in_order(whole: QWidget) -> Iterator[QWidget]:
    """Every part that is shown; what stands inside of a list is the list's own."""
    for part in _parts(whole):
        if not part.isHidden():
            yield part
            if not isinstance(part, QAbstractItemView):
                yield from _in_order(part)


def _parts(whole: QWidget) -> list[QWidget]:
    """What stands directly in it: as it is laid out, then what no layout holds."""
    layout = whole.layout()
    held = list(_laid_out(layout)) if layout is not None else []
    known = set(held)
    loose = (child for child in whole.children() if isinstance(child, QWidget) and child not in known)
    return held + [child for child in loose if not child.isWindow()]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for item in map(layout.itemAt, _places(layout)):
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield widget
        elif (inner := item.layout()) is not None:
            yield from _laid_out(inner)


def _places(layout: QLayout) -> list[int]:
    """The numbers of its places; those of a grid row by row."""
    numbers = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        numbers.sort(key=lambda at: layout.getItemPosition(at)[:2])  # type: ignore[index]  # Qt's stubs say object
    return numbers
