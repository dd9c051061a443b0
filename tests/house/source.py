"""The program's own source as the house rules read it: files, syntax trees, functions. Owns no rule itself."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    """Every Python file below the folders (of the program when none is named), in a stable order."""
    return tuple(sorted(path for folder in folders or ("aidtrack",) for path in (ROOT / folder).rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """`aidtrack/domain/ids.py:12`, as an editor can follow it."""
    shown = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    return shown if node is None else f"{shown}:{getattr(node, 'lineno', 0)}"


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(module):
        if isinstance(node, type_of_function):
            yield node


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """Names of the parameters without self and cls."""
    args = function.args
    names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def dotted(node: ast.AST) -> str:
    """`datetime.now` of an attribute chain; empty when it is not one."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is or will be committed; from a copy without git, every file outside the places for made things."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode == 0:
        names = (ROOT / name for name in listing.stdout.split("\0") if name)
        return tuple(path for path in names if path.is_file())
    made = {".venv", "build", "__pycache__", ".git"}
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.relative_to(ROOT).parts))
