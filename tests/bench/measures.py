"""What is measured: each measure returns rows of the table, figure and limit side by side."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import select

from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane
from aidtrack.reports import catalogue
from aidtrack.services import overview, people, queueing
from aidtrack.services.today import current_day
from aidtrack.store.people import Person
from tests.bench import population
from tests.bench.floor import Floor, Recording
from tests.e2e.console import ROOT

REGISTRATIONS = 300
PEOPLE_SOUGHT = 150
TICKETS = 800
STARTS = 5
QUIET_AFTER = 20
"""Families saved in one go before a pause of two seconds, in which the window moves the log into the file."""


@dataclass(frozen=True)
class Figure:
    """One line of the table. A figure over its limit is shown, not hidden."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def holds(self) -> bool:
        return self.limit is None or self.value <= self.limit


def percentile(times: Sequence[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def timed(do: Callable[[], object]) -> float:
    begin = time.perf_counter()
    do()
    return time.perf_counter() - begin


def registering(people_file: Path, folder: Path, number: int) -> list[Figure]:
    """A family of four through the service, against the same rows by the bare driver, turn about on two copies."""
    ours, bare = (Path(shutil.copyfile(people_file, folder / name)) for name in ("service.db", "floor.db"))
    database, by = population.opened(ours)
    chance = Random(2)
    today = database.read(lambda s: current_day(s, by))
    drafts = [population.family(chance, today) for _ in range(REGISTRATIONS + 20)]

    def register(n: int) -> object:
        return database.write(lambda s: people.register_household(s, by, request_id=new_id(), draft=drafts[n]))

    for n in range(20):
        register(n)
    with Recording(database._writers) as heard:
        register(19)
    floor = Floor(bare, heard.statements)
    service_times, floor_times = [], []
    for n in range(20, REGISTRATIONS + 20):
        if n % QUIET_AFTER == 0:
            database.checkpoint()
            floor.checkpoint()
        service_times.append(timed(lambda n=n: register(n)))  # type: ignore[misc]
        floor_times.append(floor.write())
    floor.close()
    without_pause = [timed(lambda n=n: register(n)) for n in range(20, REGISTRATIONS + 20)]  # type: ignore[misc]
    database.close()
    ratio = statistics.median(service_times) / statistics.median(floor_times)
    return [
        Figure(f"floor: {floor.rows} rows by the bare driver, p50", percentile(floor_times, 0.5), "ms"),
        Figure(
            f"register a family of four, {number:,} people in the file, p50", percentile(service_times, 0.5), "ms", 5
        ),
        Figure("… p99", percentile(service_times, 0.99), "ms", 15),
        Figure("… p99 when nobody ever pauses, as in an import", percentile(without_pause, 0.99), "ms"),
        Figure("… p50 as times the floor", ratio, "×", 6),
    ]


def searching(people_file: Path, number: int) -> list[Figure]:
    """Names typed letter by letter from the third letter on, as they are, with a slip, and in Latin letters."""
    database, by = population.opened(people_file)
    names = database.read(lambda s: s.execute(select(Person.family_name, Person.given_name).limit(20_000)).all())
    chance = Random(3)
    times: list[float] = []
    for family_name, given_name in chance.sample(list(names), PEOPLE_SOUGHT):
        typed = f"{family_name} {given_name}".lower()
        if chance.random() < 0.3:
            typed = typed.replace(typed[2], "", 1)
        for length in range(3, min(len(typed), 14) + 1):
            times.append(timed(lambda t=typed[:length]: database.read(lambda s: people.find(s, by, t))))  # type: ignore[misc]
    database.close()
    return [
        Figure(f"find at every key, {number:,} people, p50", percentile(times, 0.5), "ms"),
        Figure(f"… p99 of {len(times):,} keys", percentile(times, 0.99), "ms", 10),
    ]


def reporting(folder: Path) -> list[Figure]:
    """The queue report of a day with 800 numbers: read and printed."""
    path = population.populated(folder, 1000)
    copy = Path(shutil.copyfile(path, folder / "queue.db"))
    database, by = population.opened(copy)
    for _ in range(TICKETS):
        database.write(lambda s: queueing.issue_ticket(s, by, request_id=new_id(), lane=Lane.A))
    for _ in range(TICKETS // 2):
        ticket = database.write(lambda s: queueing.call_next(s, by, request_id=new_id()))
        if ticket is not None:
            database.write(lambda s, i=ticket.id: queueing.serve(s, by, request_id=new_id(), ticket_id=i))  # type: ignore[misc]
    day = database.read(lambda s: current_day(s, by))
    report = catalogue.report("queue")
    figures = database.read(lambda s: report.read(s, by, day))
    read = timed(lambda: database.read(lambda s: overview.queue_report(s, by, day)))
    printed = timed(lambda: catalogue.make("queue", catalogue.Format.PDF, figures, catalogue.Printed.by(by), "ru"))
    database.close()
    return [Figure(f"queue report of {TICKETS} numbers, read and printed", read + printed, "s", 1)]


def starting(people_file: Path, folder: Path) -> list[Figure]:
    """From nothing to the first painted window, and to the sign-in that can be used; a bare Qt window beside it."""
    locked = population.encrypted(folder)
    runs = [
        (*_start("bare", locked)[:1], *_start("aidtrack", locked), _start("aidtrack", people_file)[1])
        for _ in range(STARTS)
    ]
    bare, first, usable, chosen = (statistics.median(column) for column in zip(*runs, strict=True))
    return [
        Figure("bare Qt window, from the start of the process", bare, "s"),
        Figure("first window of the program", first, "s"),
        Figure("… as times the bare window", first / bare, "×", 2),
        Figure("usable: name and password can be typed (encrypted file)", usable, "s", 1),
        Figure(
            f"usable: who there is can be chosen (plain file, {people_file.stat().st_size >> 20} MB)", chosen, "s", 1
        ),
    ]


def _start(which: str, people_file: Path) -> tuple[float, float]:
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    command = [sys.executable, "-m", "tests.bench.startup", which, str(people_file), repr(time.time())]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    first, usable = done.stdout.split()[-2:]
    return float(first), float(usable)
