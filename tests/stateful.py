"""The frame of random lives: a machine of rules over a fresh database of either kind, asked after every step whether it agrees with its
model; and stories that are told with and without a planted fault.

Owns how a run begins and ends. What can happen, and what must hold, is each model's own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test

from aidtrack.domain.ids import new_id
from aidtrack.store.database import Database, open_database
from tests import cluster

Open = Callable[[], AbstractContextManager[Database]]


class Model(Protocol):
    """What is known of the world without the program."""

    def agree(self) -> None: ...


class Against(RuleBasedStateMachine):
    """Rules over one fresh database. `begin` in each machine sets `model`; it is asked after every step."""

    fresh: Open
    model: Any

    def opened(self) -> Database:
        """The database of this run; it goes with the run."""
        self._opened = type(self).fresh()
        return self._opened.__enter__()

    @invariant()
    def agrees(self) -> None:
        if hasattr(self, "model"):
            self.model.agree()

    def teardown(self) -> None:
        if hasattr(self, "_opened"):
            self._opened.__exit__(None, None, None)


def run(machine: type[Against], fresh: Open, *, examples: int, steps: int) -> None:
    """So many runs of so many steps over databases that `fresh` opens."""
    over = type(machine.__name__, (machine,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(
        over,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,), print_blob=False,
        ),
    )  # fmt: skip


def tell(model: Model, steps: Iterable[Callable[[], Any]]) -> None:
    """Step after step, and the model is asked before the first and after each."""
    model.agree()
    for step in steps:
        step()
        model.agree()


@pytest.fixture
def sqlite(template_file: Path, tmp_path: Path) -> Open:
    """Opens a fresh file."""

    @contextmanager
    def fresh() -> Iterator[Database]:
        database = open_database(Path(shutil.copyfile(template_file, tmp_path / f"{new_id().hex}.db")))
        yield database
        database.close()

    return fresh


@pytest.fixture
def server(postgres: Path) -> Open:
    """Opens a fresh database of the server, dropped afterwards."""

    @contextmanager
    def fresh() -> Iterator[Database]:
        name = f"m_{new_id().hex}"
        cluster.ask(postgres, f"CREATE DATABASE {name} TEMPLATE aidtrack_template STRATEGY file_copy")
        database = open_database(cluster.address_of(postgres, name))
        yield database
        database.close()
        cluster.ask(postgres, f"DROP DATABASE {name} WITH (FORCE)")

    return fresh
