"""Names are the field's words: no drawer for leftovers, no class that only manages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import functions, modules, place, tree

DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "shared", "stuff"}
EMPTY_SUFFIX = re.compile(r"(Manager|Helper|Utils?|Service|Controller|Impl)$")
EMPTY_PREFIX = re.compile(r"^_?(process|handle|manage)_")
GIVEN = {"process_bind_param", "process_result_value"}
"""Names that a library gives to what it calls."""
CAMEL = re.compile(r"^[a-z]+[A-Z]")


def empty_names(source: ast.Module) -> list[str]:
    """Names that say nothing about the work."""
    classes = [n.name for n in ast.walk(source) if isinstance(n, ast.ClassDef) and EMPTY_SUFFIX.search(n.name)]
    return classes + [f.name for f in functions(source) if EMPTY_PREFIX.match(f.name) and f.name not in GIVEN]


@pytest.mark.parametrize("path", modules("aidtrack", "tests"), ids=place)
def test_a_module_is_named_after_what_it_owns(path: Path) -> None:
    assert path.stem not in DRAWERS


@pytest.mark.parametrize("path", modules(), ids=place)
def test_names_say_what_is_done(path: Path) -> None:
    assert empty_names(tree(path)) == []


def test_an_empty_name_would_be_seen() -> None:
    source = ast.parse("class StockManager: ...\ndef handle_click(): ...\ndef hand_over(): ...\nclass Handover: ...")
    assert empty_names(source) == ["StockManager", "handle_click"]


@pytest.mark.parametrize("path", modules("aidtrack", "tests", "migrations"), ids=place)
def test_a_module_opens_with_what_it_owns(path: Path) -> None:
    if path.stat().st_size:
        assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", [p for p in modules() if "ui" not in p.parts], ids=place)
def test_only_the_window_overrides_camel_case(path: Path) -> None:
    assert [f.name for f in functions(tree(path)) if CAMEL.match(f.name)] == []
