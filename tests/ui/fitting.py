"""Looks over a window for words that are cut, pushed out of sight or written over one another."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QWidget,
)

from aidtrack.ui.inputs import DateInput, NumberInput
from aidtrack.ui.parts import Panel
from aidtrack.ui.parts.drawn import Drawn

SLACK = 2
"""Pixels a letter may hang over; less than the side bearing of any letter."""

PADDING = 26
"""Of a field, both sides together."""


def misfits(window: QWidget) -> list[str]:
    """Every visible word that does not fit, with its place; empty when all is well."""
    found = [*_cut(window), *_cut_fields(window), *_written_over(window), *_squeezed(window)]
    return sorted(set(found))


def _cut(window: QWidget) -> Iterator[str]:
    for label in window.findChildren(QLabel):
        if _is_read(label, window):
            yield from _cut_label(label, window)
    for button in window.findChildren(QAbstractButton):
        if button.isVisibleTo(window) and button.text() and button.width() + SLACK < button.minimumSizeHint().width():
            yield f"{_place(button, window)}: button “{button.text()}” {button.width()} of {button.minimumSizeHint().width()}"
    for drawn in window.findChildren(QWidget):
        if isinstance(drawn, Drawn) and drawn.isVisibleTo(window) and drawn.window() is window.window():
            yield from _cut_drawn(drawn, window)
    for field in window.findChildren(QLineEdit):
        if field.isVisibleTo(window) and not field.text() and field.placeholderText():
            wide = field.fontMetrics().horizontalAdvance(field.placeholderText())
            room = field.width() - (54 if field.property("icon") == "yes" else 28)
            if wide > room + SLACK and not (field.placeholderText().endswith("…") and field.toolTip()):
                yield f"{_place(field, window)}: hint “{field.placeholderText()}” {room} of {wide}"


def _cut_drawn(drawn: QWidget, window: QWidget) -> Iterator[str]:
    """What shows its words without a label."""
    assert isinstance(drawn, Drawn)
    need = drawn.need()
    if need.width() > drawn.width() + SLACK or need.height() > drawn.height() + SLACK:
        yield f"{_place(drawn, window)}: “{drawn.said()}” {drawn.width()} × {drawn.height()} of {need.width()} × {need.height()}"


def _cut_fields(window: QWidget) -> Iterator[str]:
    """Days and numbers are read whole; what a person types of a name may be longer than its field."""
    for field in window.findChildren(QLineEdit):
        if field.isVisibleTo(window) and isinstance(field, DateInput | NumberInput):
            wide = field.fontMetrics().horizontalAdvance(field.text())
            room = field.width() - (PADDING if field.property("cls") != "quantity" else 10)
            if wide > room + SLACK:
                yield f"{_place(field, window)}: “{field.text()}” {room} of {wide}"


def _cut_label(label: QLabel, window: QWidget) -> Iterator[str]:
    text, room = label.text(), label.contentsRect()
    if text.endswith("…") and label.toolTip():
        return
    if label.wordWrap():
        need = label.heightForWidth(label.width())
        if need > label.height() + SLACK:
            yield f"{_place(label, window)}: “{text}” {label.height()} high of {need}"
        longest = max((label.fontMetrics().horizontalAdvance(word) for word in text.split()), default=0)
        if longest > room.width() + SLACK:
            yield f"{_place(label, window)}: a word of “{text}” {room.width()} of {longest}"
    else:
        need = max(label.fontMetrics().horizontalAdvance(line) for line in text.split("\n"))
        if need > room.width() + SLACK:
            yield f"{_place(label, window)}: “{text}” {room.width()} of {need}"
        if label.fontMetrics().height() > label.height() + SLACK:
            yield f"{_place(label, window)}: “{text}” {label.height()} high of {label.fontMetrics().height()}"
    yield from _out_of_sight(label, window)


def _out_of_sight(label: QLabel, window: QWidget) -> Iterator[str]:
    """Beyond the edge of something that holds it; what scrolls may hide lines, never halves of words."""
    rect = QRect(label.mapTo(window, QPoint(0, 0)), label.size())
    holder = label.parentWidget()
    while holder is not None and holder is not window:
        edge = QRect(holder.mapTo(window, QPoint(0, 0)), holder.size())
        scrolls = isinstance(holder.parentWidget(), QAbstractScrollArea)
        if rect.left() < edge.left() - SLACK or rect.right() > edge.right() + SLACK:
            yield f"{_place(label, window)}: “{label.text()}” beyond the side of {_name(holder)}"
            return
        if scrolls:
            return
        if rect.top() < edge.top() - SLACK or rect.bottom() > edge.bottom() + SLACK:
            yield f"{_place(label, window)}: “{label.text()}” above or below {_name(holder)}"
            return
        holder = holder.parentWidget()


def _squeezed(window: QWidget) -> Iterator[str]:
    """Lower than what stands in it needs: something inside is cut, or lies over its neighbour."""
    for panel in window.findChildren(Panel):
        layout = panel.layout()
        if panel.findChild(QStackedLayout) is not None:
            continue  # as high as the highest of what it may show, whatever it shows now
        if panel.isVisibleTo(window) and layout is not None and not _scrolls(panel, window):
            need = max(layout.minimumSize().height(), layout.minimumHeightForWidth(panel.width()))
            if panel.height() + SLACK < need:
                yield f"{_place(panel, window)}: {panel.height()} high of {need}"


def _written_over(window: QWidget) -> Iterator[str]:
    labels = [one for one in window.findChildren(QLabel) if _is_read(one, window) and not _scrolls(one, window)]
    rects = [(QRect(one.mapTo(window, QPoint(0, 0)), one.size()).adjusted(2, 2, -2, -2), one) for one in labels]
    for n, (rect, one) in enumerate(rects):
        for other_rect, other in rects[n + 1 :]:
            if rect.intersects(other_rect) and one.window() is other.window():
                yield f"{_place(one, window)}: “{one.text()}” over “{other.text()}”"


def _scrolls(label: QWidget, window: QWidget) -> bool:
    holder = label.parentWidget()
    while holder is not None and holder is not window:
        if isinstance(holder, QAbstractScrollArea):
            return True
        holder = holder.parentWidget()
    return False


def _is_read(label: QLabel, window: QWidget) -> bool:
    shown = label.isVisibleTo(window) and label.window() is window.window()
    return bool(shown and label.text().strip() and label.textFormat() is not Qt.TextFormat.RichText)


def _place(widget: QWidget, window: QWidget) -> str:
    """The names on the way to it, the nearest last."""
    names = [_name(widget)]
    holder = widget.parentWidget()
    while holder is not None and holder is not window and len(names) < 4:
        if (holder.objectName() and not holder.objectName().startswith("qt_")) or isinstance(holder, QPushButton):
            names.append(_name(holder))
        holder = holder.parentWidget()
    return " > ".join(reversed(names))


def _name(widget: QWidget) -> str:
    return widget.objectName() or type(widget).__name__
