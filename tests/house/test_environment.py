"""What the program stands on: versions with known faults are refused, and the locks say what pyproject asks for."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import version

import sqlcipher3
from PySide6 import __version_info__ as qt

from tests.house.source import ROOT


def pins(name: str) -> dict[str, str]:
    """Packages and versions of a lock file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))


def asked(extra: str = "") -> set[str]:
    """Packages pyproject names, as lock files write them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {re.split(r"[<>=\[; ]", line)[0].lower().replace("_", "-") for line in wanted}


def test_python_is_new_enough() -> None:
    assert sys.version_info >= (3, 11)


def test_the_sqlite_inside_does_not_corrupt_files() -> None:
    assert sqlcipher3.sqlite_version_info >= (3, 51, 3)


def test_qt_keeps_its_references() -> None:
    assert (6, 11, 3) <= qt[:3] < (6, 12)


def test_the_locks_hold_what_is_asked_for() -> None:
    assert asked() <= pins("requirements.txt").keys()
    assert asked("dev") | asked() <= pins("requirements-dev.txt").keys()
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_the_environment_is_the_locked_one() -> None:
    locked = pins("requirements-dev.txt")
    assert {name: version(name) for name in asked() | asked("dev")} == {name: locked[name] for name in asked() | asked("dev")}
