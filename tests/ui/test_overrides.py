"""An error in what Qt calls of ours is told like any other, and the program goes on."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import aidtrack.ui
from aidtrack.errors import Text
from aidtrack.ui import crash
from aidtrack.ui.crash import CrashDialog
from aidtrack.ui.overrides import overrides
from aidtrack.ui.parts import Words
from tests.conftest import ExpectedLogs
from tests.ui.typing import press


class Trouble(Exception):
    """A mistake of ours."""


def trouble(*_args: object) -> None:
    raise Trouble


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What came where faults go that nobody caught."""
    errors: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: errors.append(error))
    return errors


def broken(kit: QtBot, **methods: Any) -> QWidget:
    """A part of the window that makes a mistake, between others."""
    made = type("Broken", (QWidget,), {"__module__": "aidtrack.ui.broken", **methods})
    whole = QWidget()
    column = QVBoxLayout(whole)
    for part in (QLabel("before"), made(), Words(Text("Day")), made(), QLabel("after")):
        part.setObjectName("broken" if isinstance(part, made) else "whole")
        column.addWidget(part)
    kit.addWidget(whole)
    return whole


def everything(whole: QWidget) -> None:
    """Shown, made larger, painted, told of other letters, pressed, hidden."""
    for width in range(300, 360, 20):
        whole.resize(width, 300)
        whole.show()
        QApplication.processEvents()
        assert not whole.grab().isNull()
        font = whole.font()
        font.setPointSize(width // 20)
        whole.setFont(font)
        for part in whole.findChildren(QWidget, "broken"):
            press(part, Qt.Key.Key_Down)
        whole.hide()
        QApplication.processEvents()


@pytest.mark.parametrize(
    "name", ["resizeEvent", "paintEvent", "showEvent", "hideEvent", "changeEvent", "keyPressEvent", "moveEvent"]
)
def test_an_error_while_an_event_is_handled_is_told(window_kit: QtBot, told: list[BaseException], name: str) -> None:
    everything(broken(window_kit, **{name: trouble}))
    assert told
    assert {type(error) for error in told} == {Trouble}


@pytest.mark.parametrize("name", ["sizeHint", "minimumSizeHint", "hasHeightForWidth", "event", "eventFilter"])
def test_where_qt_wants_an_answer_it_gets_its_own(window_kit: QtBot, told: list[BaseException], name: str) -> None:
    whole = broken(window_kit, **{name: trouble})
    part = whole.findChild(QWidget, "broken")
    assert part is not None
    part.installEventFilter(part)
    everything(whole)
    assert part.sizeHint() == QSize(-1, -1)
    assert {type(error) for error in told} == {Trouble}


def test_an_event_handled_in_part_is_not_handled_again(window_kit: QtBot, told: list[BaseException]) -> None:
    """A letter must not stand twice in a field."""
    typed: list[int] = []

    def once(_self: QWidget, event: Any) -> None:
        typed.append(event.key())
        raise Trouble

    whole = broken(window_kit, keyPressEvent=once)
    part = whole.findChild(QWidget, "broken")
    assert part is not None
    press(part, Qt.Key.Key_7)
    assert typed == [Qt.Key.Key_7]
    assert len(told) == 1


def test_a_fault_that_comes_with_every_picture_opens_one_panel(
    window_kit: QtBot, monkeypatch: pytest.MonkeyPatch, logs: ExpectedLogs
) -> None:
    logs.allow("a fault nobody caught")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    whole = broken(window_kit, paintEvent=trouble)
    crash.install(whole)
    everything(whole)
    whole.show()
    QApplication.processEvents()
    (panel,) = whole.findChildren(CrashDialog)
    assert panel.isVisible()
    panel.close()


def _classes(of: type[QObject] = QObject) -> Iterator[type[QObject]]:
    for cls in of.__subclasses__():
        yield cls
        yield from _classes(cls)


def test_everything_qt_calls_of_ours_is_guarded() -> None:
    for module in pkgutil.walk_packages(aidtrack.ui.__path__, "aidtrack.ui."):
        importlib.import_module(module.name)
    ours = [cls for cls in set(_classes()) if cls.__module__.startswith("aidtrack.") and cls.__module__ in sys.modules]
    found = {f"{cls.__name__}.{name}": hasattr(one, "__wrapped__") for cls in ours for name, one in overrides(cls)}
    assert "Words.sizeHint" in found
    assert [name for name, is_guarded in found.items() if not is_guarded] == []
