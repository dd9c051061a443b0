"""Every page is told in the same order, so that whoever has read one can read all."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.house.source import modules, place, tree

ORDER = (("__init__",), ("_build",), ("load",))
QT_OVERRIDE = re.compile(r"^[a-z]+[A-Z]\w*$")


def pages(source: ast.Module) -> list[ast.ClassDef]:
    """Classes that are pages of the window."""
    based = [n for n in ast.walk(source) if isinstance(n, ast.ClassDef)]
    return [n for n in based if any(isinstance(base, ast.Name) and base.id == "Page" for base in n.bases)]


def untidy(source: ast.Module, page: ast.ClassDef) -> list[str]:
    """What is missing from a page or stands in another order than in the others."""
    told = f"{ast.get_docstring(source) or ''} {ast.get_docstring(page) or ''}"
    faults = [word for word in ("Shows", "Does") if word not in told]
    names = {n.target.id if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name) else "" for n in page.body}
    names |= {t.id for n in page.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    faults += [name for name in ("name", "title", "shows") if name not in names]
    return faults + out_of_order([n.name for n in page.body if isinstance(n, ast.FunctionDef)])


def out_of_order(methods: list[str]) -> list[str]:
    """Making comes first, then loading, then what the page answers to; Qt's overrides come last."""
    ranked = [(rank(name), name) for name in methods if rank(name) >= 0]
    return [name for (before, _), (now, name) in pairwise(ranked) if now < before]


def rank(name: str) -> int:
    if QT_OVERRIDE.match(name):
        return len(ORDER)
    return next((n for n, starts in enumerate(ORDER) if name.startswith(starts)), -1)


PAGES = [(path, page.name) for path in modules("aidtrack/ui/pages") for page in pages(tree(path))]


@pytest.mark.parametrize(("path", "name"), PAGES, ids=[name for _, name in PAGES])
def test_a_page_is_told_in_the_usual_order(path: Path, name: str) -> None:
    page = next(page for page in pages(tree(path)) if page.name == name)
    assert (place(path), untidy(tree(path), page)) == (place(path), [])


def test_an_untidy_page_would_be_seen() -> None:
    source = ast.parse('class A(Page):\n    """Shows a thing."""\n    title = 1\n    def load(self): ...\n    def __init__(self): ...')
    assert untidy(source, pages(source)[0]) == ["Does", "name", "shows", "__init__"]
