"""A desk that works until it is ended: numbers given, called and served with a thought between them.

`live` lets several of them loose beside the window.

With `--tell` it only gives numbers for the shift lead, and says of each when it was saved.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from threading import Event
from typing import NoReturn

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.queueing import Lane, Stage
from aidtrack.services import queueing
from aidtrack.store.database import Database, open_database
from tests.e2e.desk import actor_at

THOUGHT_S = 0.2
ASKED_BY = os.getppid()


def _think(seconds: float) -> None:
    """And go home when whoever asked for the work has gone: nobody else would end it."""
    Event().wait(seconds)
    if os.getppid() != ASKED_BY:
        sys.exit()


def work(database: Database, by: Actor) -> NoReturn:
    """A number, a call, a family served; until it is ended."""
    while True:
        database.write(partial(queueing.issue_ticket, by=by, request_id=new_id(), lane=Lane.A))
        _think(THOUGHT_S)
        called = database.write(partial(queueing.call_next, by=by, request_id=new_id()))
        _think(THOUGHT_S)
        if called is not None:
            database.write(partial(queueing.serve, by=by, request_id=new_id(), ticket_id=called.id))


def tell(database: Database, by: Actor) -> NoReturn:
    """Numbers nobody here calls, each with the moment it was saved."""
    while True:
        give = partial(queueing.issue_ticket, by=by, request_id=new_id(), lane=Lane.T, stage=Stage.SHIFT_LEAD)
        row = database.write(give)
        print(f"{row.label.replace(' ', '')} {time.time()!r}", flush=True)
        _think(3 * THOUGHT_S)


def _like_anybody() -> None:
    """The desks work beside the window, whatever priority the measuring was started with."""
    if hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def main() -> None:
    _like_anybody()
    database, window = open_database(sys.argv[1]), int(sys.argv[2])
    by = database.read(lambda s: actor_at(s, window))
    print("begun", flush=True)
    (tell if "--tell" in sys.argv else work)(database, by)


if __name__ == "__main__":
    main()
