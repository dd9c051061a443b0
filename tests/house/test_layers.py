"""Arrows point only down: the contracts of import-linter, and what it cannot say."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.source import ROOT, modules, place, tree

GRID = ("people", "intake", "queueing", "stock", "campaigns", "handover", "days", "accounts")


def test_the_layers_hold(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    kept = os.getcwd()
    status = lint_imports(no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
    assert kept == str(ROOT)


@pytest.mark.parametrize("layer", ["domain", "store", "services"])
@pytest.mark.parametrize("noun", GRID)
def test_a_noun_has_one_name_in_every_layer(layer: str, noun: str) -> None:
    place_of_noun = ROOT / "aidtrack" / layer / noun
    assert place_of_noun.with_suffix(".py").is_file() or (place_of_noun / "__init__.py").is_file()


@pytest.mark.parametrize("path", modules("aidtrack/domain"), ids=place)
def test_rules_are_pure(path: Path) -> None:
    """No files, no network, no clock, no chance but for ids: equal arguments give equal answers."""
    impure = {"os", "io", "pathlib", "socket", "subprocess", "time", "random", "logging", "threading", "asyncio"}
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported & impure == set()


def test_the_top_level_is_tidy() -> None:
    allowed = {"main.py", "pyproject.toml", "aidtrack", "migrations", "resources", "tests", "README.md", "Makefile", "requirements.txt",
               "requirements-dev.txt", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "build"}  # fmt: skip
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith((".", "__"))} <= allowed
