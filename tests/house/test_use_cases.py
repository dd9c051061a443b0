"""The law of use cases: services never end a transaction, read a clock, print or swallow; only scope owners open the store."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source import ROOT, dotted, functions, modules, place, tree

ENDS_OF_TRANSACTION = {"commit", "rollback", "begin", "begin_nested"}
CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time", "datetime.datetime.now", "datetime.date.today"}
MAY_CATCH_ALL = {"aidtrack/ui/jobs.py", "aidtrack/ui/overrides.py", "aidtrack/cli/main.py"}
ONE_COMMIT = "aidtrack/store/database.py"


def breaches(source: ast.Module) -> list[str]:
    """What a use case must not do, each with its line."""
    found = []
    for node in ast.walk(source):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in CLOCKS or name in {"print", "breakpoint"} or name.rpartition(".")[2] in ENDS_OF_TRANSACTION:
                found.append(f"{node.lineno}: {name}()")
    return found


def unlawful_writers(source: ast.Module) -> list[str]:
    """Functions that take a request id without opening an operation with it, or in another order than (session, by, *, …)."""
    found = []
    for function in functions(source):
        keyword_only = [arg.arg for arg in function.args.kwonlyargs]
        positional = [arg.arg for arg in function.args.args]
        if "request_id" not in keyword_only + positional or function.name.startswith("_"):
            continue
        hands_on = any(isinstance(node, ast.Name) and node.id == "request_id" for node in ast.walk(function))
        if positional[:2] != ["session", "by"] or "request_id" not in keyword_only or not hands_on:
            found.append(f"{function.lineno}: {function.name}")
    return found


def catches_everything(source: ast.Module) -> list[int]:
    """Lines of handlers that would swallow a bug; one that tidies up and raises again swallows nothing."""
    wide = {"Exception", "BaseException", ""}
    handlers = [node for node in ast.walk(source) if isinstance(node, ast.ExceptHandler)]
    return [h.lineno for h in handlers if wide & set(_caught(h)) and not _raises_again(h)]


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _caught(handler: ast.ExceptHandler) -> list[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [dotted(kind) if kind is not None else "" for kind in kinds]


@pytest.mark.parametrize("path", modules("aidtrack/services", "aidtrack/domain"), ids=place)
def test_services_and_rules_keep_the_law(path: Path) -> None:
    if place(path) != "aidtrack/services/journal.py":
        assert breaches(tree(path)) == []


@pytest.mark.parametrize("path", modules("aidtrack/services"), ids=place)
def test_every_writer_opens_one_operation(path: Path) -> None:
    assert unlawful_writers(tree(path)) == []


@pytest.mark.parametrize("path", modules(), ids=place)
def test_only_the_outermost_places_catch_everything(path: Path) -> None:
    if place(path) not in MAY_CATCH_ALL:
        assert catches_everything(tree(path)) == []


def test_a_commit_stands_in_one_line_of_the_program() -> None:
    commits = [
        place(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and dotted(node.func).endswith(".commit")
    ]
    assert [line.partition(":")[0] for line in commits] == [ONE_COMMIT]


def test_a_breach_would_be_seen() -> None:
    source = ast.parse(
        "def issue(session, by, *, request_id):\n    session.commit()\n    x = datetime.now()\n    print(x)\n"
        "try: ...\nexcept Exception: ...\n"
    )
    assert breaches(source) == ["2: session.commit()", "3: datetime.now()", "4: print()"]
    assert unlawful_writers(source) == ["1: issue"]
    assert catches_everything(source) == [6]


def test_the_program_is_where_these_rules_look() -> None:
    assert (ROOT / ONE_COMMIT).is_file()
