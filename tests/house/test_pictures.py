"""Everything people can open is painted by `make screenshots`: no page and no dialog without a scene, none without its own name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from aidtrack.ui.application import PAGES
from tests.house.source import ROOT, dotted, modules, place, tree
from tests.screenshots import before
from tests.screenshots.scenes import scenes

BASES = {"Panelled", "Question", "FormDialog", "WordDialog"}
"""What every dialog is made of (`aidtrack/ui/dialogs`, and who gives their word)."""


def dialogs(folder: str) -> Iterator[tuple[str, str]]:
    """The place and the name of every dialog that is made in the folder; the name is empty where it has none."""
    for path in modules(folder):
        if path.parent.name != "dialogs":
            yield from ((place(path, call), _name(call)) for call in _made(path))


def _made(path: Path) -> Iterator[ast.Call]:
    """`Question(…)` and the like, and `super().__init__(…)` in a class that is one; what is handed its name is named by its makers."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and dotted(node.func) in BASES and not _hands_on(node) and not _is_of_the_form(node):
            yield node
        elif isinstance(node, ast.ClassDef) and {dotted(base) for base in node.bases} & BASES:
            yield from (one for one in ast.walk(node) if isinstance(one, ast.Call) and _is_init(one) and not _hands_on(one))


def _is_init(call: ast.Call) -> bool:
    own = call.func
    is_super = isinstance(own, ast.Attribute) and isinstance(own.value, ast.Call) and dotted(own.value.func) == "super"
    return is_super and isinstance(own, ast.Attribute) and own.attr == "__init__"


def _is_of_the_form(call: ast.Call) -> bool:
    """The questions of the aid form are called so too; they are no dialogs and have no title."""
    return dotted(call.func) == "Question" and not any(word.arg == "title" for word in call.keywords)


def _hands_on(call: ast.Call) -> bool:
    return any(word.arg == "name" and not isinstance(word.value, ast.Constant) for word in call.keywords)


def _name(call: ast.Call) -> str:
    found = next((word.value for word in call.keywords if word.arg == "name"), None)
    return str(found.value) if isinstance(found, ast.Constant) else ""


SHOWN = {name for one in scenes() for name in one.shows} | set(before.SHOWN)


def test_every_dialog_has_a_name_of_its_own() -> None:
    assert [where for where, name in dialogs("aidtrack/ui") if not name] == []


def test_every_dialog_is_in_a_picture() -> None:
    """Add a scene to tests/screenshots/scenes that opens it and names it."""
    assert sorted({f"{where} {name}" for where, name in dialogs("aidtrack/ui") if name and name not in SHOWN}) == []


def test_every_page_is_in_a_picture() -> None:
    painted = {one.page for one in scenes() if not one.name}
    assert {entry.name for entry in PAGES} - painted == set()


def test_a_dialog_without_a_picture_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text('class One(FormDialog):\n    def __init__(self):\n        super().__init__(name="one")\n\nQuestion(page, title=x)\n')
    assert [_name(call) for call in _made(path)] == ["one", ""]
    assert ROOT.is_dir()
