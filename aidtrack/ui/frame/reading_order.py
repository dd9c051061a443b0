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
        if focus is None or not focus.isVisible():
            return super().focusNextPrevChild(forward)  # nobody pressed Tab: what had the cursor was put away, it stands in no order
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
    children = [child for child in whole.children() if isinstance(child, QWidget)]
    layout = whole.layout()
    held = list(_laid_out(layout, children)) if layout is not None else []
    known = set(held)
    return held + [child for child in children if child not in known and not child.isWindow()]


def _laid_out(layout: QLayout, children: list[QWidget]) -> Iterator[QWidget]:
    """Those of the children that stand in this layout and in the layouts inside of it.

    It is asked where each of them stands, never for its items: PySide holds an item as long as the layout lives, Qt ends it with its
    widget, and what comes to its place in memory is then taken for it.
    """
    parts: list[tuple[int, QWidget | QLayout]] = [(layout.indexOf(child), child) for child in children]
    parts += [(layout.indexOf(one), one) for one in layout.children() if isinstance(one, QLayout)]
    held = [(_place(layout, at), one) for at, one in parts if at >= 0]
    for _at, one in sorted(held, key=lambda both: both[0]):
        if isinstance(one, QLayout):
            yield from _laid_out(one, children)
        else:
            yield one


def _place(layout: QLayout, at: int) -> tuple[int, ...]:
    """Where the eye comes to it: those of a grid row by row."""
    return layout.getItemPosition(at)[:2] if isinstance(layout, QGridLayout) else (at,)  # type: ignore[index]  # Qt's stubs say object
