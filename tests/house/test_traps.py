"""Measured traps that a reader cannot see: each is forbidden where it would bite."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source import dotted, modules, place, tree

KEYS_TYPED_BY_QT = "key" + "Clicks"


@pytest.mark.parametrize("path", modules("aidtrack", "tests"), ids=place)
def test_nobody_types_text_by_key_clicks(path: Path) -> None:
    """With Cyrillic text it aborts the interpreter; `tests.ui.typing.type_text` sends the letters instead."""
    assert [place(path, n) for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and n.attr == KEYS_TYPED_BY_QT] == []


@pytest.mark.parametrize("path", modules("aidtrack/ui"), ids=place)
def test_dialogs_open_and_never_exec(path: Path) -> None:
    """A nested event loop lets a second click into a half-done first one; only the application itself runs a loop."""
    calls = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "exec"]
    allowed = {"QApplication", "app", "application", "QGuiApplication", "self.application", "loop"}
    assert [place(path, call) for call in calls if dotted(call.func).rpartition(".")[0] not in allowed] == []


@pytest.mark.parametrize("path", modules("aidtrack/ui", "tests"), ids=place)
def test_nobody_asks_a_layout_for_an_item(path: Path) -> None:
    """PySide keeps what it gave for as long as the layout lives, Qt ends it with its widget: the next thing at that address is taken for
    it, and the program ends. Ask for the place of a widget, `indexOf`, or take the item out."""
    asked = [n for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and n.attr == "itemAt"]
    assert [place(path, n) for n in asked] == []


@pytest.mark.parametrize("path", modules("aidtrack", "tests/bench", "tests/e2e"), ids=place)
def test_nobody_takes_the_day_of_another_time_zone(path: Path) -> None:
    """UTC's date is yesterday's in Kursk until three in the morning: the day is the open day, `services.today.current_day`."""
    dates = [n.value for n in ast.walk(tree(path)) if isinstance(n, ast.Attribute) and n.attr == "date"]
    of_the_clock = [n for n in dates if isinstance(n, ast.Call) and dotted(n.func).rpartition(".")[2] == "now"]
    assert [place(path, call) for call in of_the_clock] == []


@pytest.mark.parametrize("path", modules("tests"), ids=place)
def test_tests_wait_for_something(path: Path) -> None:
    """A fixed pause is too short on a slow machine and too long on a fast one."""
    pauses = {"time.sleep", "sleep", "qtbot.wait", "QTest.qWait", "QTest.qSleep"}
    assert [place(path, n) for n in ast.walk(tree(path)) if isinstance(n, ast.Call) and dotted(n.func) in pauses] == []
