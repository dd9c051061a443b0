"""The log tells what happened and where, and no name ever reaches it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aidtrack import logs as machine_log
from aidtrack.domain.access import Role
from aidtrack.domain.ids import new_id
from aidtrack.errors import Refused, Text
from tests.conftest import ExpectedLogs

NAME = "Ткаченко Мария"


@pytest.fixture
def log(tmp_path: Path, logs: ExpectedLogs) -> Iterator[Path]:
    logs.allow(".")
    path = machine_log.start(tmp_path / "log")
    assert path is not None
    yield path
    machine_log.stop()


def _fail(name: str) -> None:
    birth = {"name": name}
    raise ValueError(f"cannot save {name} {birth}")


def test_a_name_in_an_exception_does_not_reach_the_log(log: Path) -> None:
    try:
        try:
            _fail(NAME)
        except ValueError as error:
            raise Refused("taken", Text("{name} is taken", name=NAME)) from error
    except Refused:
        logging.getLogger("aidtrack.test").exception("saving failed")
    written = log.read_text(encoding="utf-8")
    assert "Ткаченко" not in written
    assert "Мария" not in written
    assert "aidtrack.errors.Refused (taken)" in written
    assert "builtins.ValueError" in written
    assert "test_logs.py" in written
    assert "_fail" in written


def test_a_name_as_an_argument_does_not_reach_the_log(log: Path) -> None:
    logger = logging.getLogger("aidtrack.test")
    logger.warning("saved %s for %s as %s", 3, NAME, [NAME])
    logger.warning("saved %(who)s", {"who": NAME})
    logger.warning(ValueError(NAME))
    written = log.read_text(encoding="utf-8")
    assert NAME not in written
    assert "saved 3 for <str of 14> as <list>" in written


def test_arguments_that_do_not_fit_are_left_out() -> None:
    record = logging.LogRecord("aidtrack.test", logging.WARNING, __file__, 1, "counts do not fit %d", (NAME,), None)
    assert machine_log.NamelessFormatter().format(record).endswith("counts do not fit %d")


def test_what_is_harmless_is_written(log: Path) -> None:
    row = new_id()
    logging.getLogger("aidtrack.test").info(
        "%s %s %s %s %s %s",
        row,
        7,
        machine_log.Word("day"),
        Role.AUDITOR,
        Path,
        Refused("short", Text("No {x}.", x=NAME)),
    )
    assert f"{row} 7 day AUDITOR Path short" in log.read_text(encoding="utf-8")


def test_other_libraries_are_heard_from_warnings_on(log: Path) -> None:
    logging.getLogger("sqlalchemy.engine").info("INSERT")
    logging.getLogger("sqlalchemy.engine").warning("slow")
    assert "INSERT" not in log.read_text(encoding="utf-8")
    assert "slow" in log.read_text(encoding="utf-8")


def test_files_rotate_and_old_ones_go(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, machine_log.NamelessFormatter))
    monkeypatch.setattr(handler, "maxBytes", 500)
    for n in range(200):
        logging.getLogger("aidtrack.test").info("line %d of many", n)
    assert len(list(log.parent.iterdir())) == machine_log.KEPT + 1


def test_begun_twice_each_line_is_written_once(log: Path) -> None:
    """The window that a command opens began the log again."""
    machine_log.start(log.parent)
    logging.getLogger("aidtrack.test").info("the window stands")
    assert log.read_text(encoding="utf-8").count("the window stands") == 1


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert machine_log.start(tmp_path / "file" / "log") is None


def test_trace_survives_a_circle_of_causes() -> None:
    one, two = ValueError("a"), KeyError("b")
    one.__cause__, two.__cause__ = two, one
    assert machine_log.trace_of(one).splitlines() == ["builtins.ValueError", "builtins.KeyError"]


def test_trace_has_no_home_folder() -> None:
    try:
        _fail(NAME)
    except ValueError:
        error = sys.exc_info()[1]
    assert error is not None
    assert str(Path.home()) not in machine_log.trace_of(error)
