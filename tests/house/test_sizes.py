"""Smallness: files one can read whole, functions one can see at once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source import functions, modules, parameters, place, tree

MODULE_LINES = 600
MAIN_WINDOW_LINES = 400
FUNCTION_P95 = 35
FUNCTION_LONGEST = 80
PARAMETERS = 8
OPTIONS = 10
"""Of a command: nobody calls it, and each option explains itself."""


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, the docstring not counted: a promise may be long."""
    docstring = function.body[0] if ast.get_docstring(function) else None
    own = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - own


@pytest.mark.parametrize("path", modules("aidtrack", "tests"), ids=place)
def test_a_module_can_be_read_whole(path: Path) -> None:
    allowed = MAIN_WINDOW_LINES if path.name == "main_window.py" else MODULE_LINES
    assert len(path.read_text(encoding="utf-8").splitlines()) <= allowed


def test_nineteen_functions_of_twenty_fit_a_screen() -> None:
    lengths = sorted(length(function) for path in modules() for function in functions(tree(path)))
    assert lengths[int(len(lengths) * 0.95)] <= FUNCTION_P95


def test_no_function_is_a_wall() -> None:
    walls = [
        f"{place(path, function)} {function.name} {length(function)}"
        for path in modules()
        for function in functions(tree(path))
        if length(function) > FUNCTION_LONGEST
    ]
    assert walls == []


def test_no_function_asks_for_more_than_it_can_explain() -> None:
    greedy = [
        f"{place(path, function)} {function.name} {len(parameters(function))}"
        for path in modules()
        for function in functions(tree(path))
        if len(parameters(function)) > (OPTIONS if parameters(function)[:1] == ["context"] else PARAMETERS)
    ]
    assert greedy == []


def test_a_long_function_would_be_seen() -> None:
    source = ast.parse('def f(self, a):\n    """Promise.\n\n    Longer.\n    """\n    x = 1\n    return x\n')
    function = next(functions(source))
    assert length(function) == 3
    assert parameters(function) == ["a"]
