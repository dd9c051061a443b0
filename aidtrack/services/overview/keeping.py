"""The figures of a signed-off day stand: kept as they were, read again for every later print, and revised only beside the old ones.

Owns how figures are written as plain values and read back. A dataclass is written with its name and fields; a field added in a later
version needs a default, so that older days are read for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import DayState
from aidtrack.domain.text import clean
from aidtrack.errors import Refused, Text
from aidtrack.services import days
from aidtrack.services.overview import evening_figures, figures, period_figures
from aidtrack.store import journal
from aidtrack.store.days import Day, ReportIssue

Reader = Callable[[Session, Actor, date], Any]

_KIND, _NAMES = "_", "_names"
_ATOMS = {"date": date, "datetime": datetime, "time": time, "uuid": UUID}


def sign_off(
    session: Session, by: Actor, *, request_id: UUID, readers: Mapping[str, Reader], day: date | None = None
) -> days.DayRow:
    """Signs the closed day off and keeps the figures of its reports, so that they are printed the same for ever (truth T9)."""
    by.require(Permission.SIGN_OFF)
    with journal.operation(session, by, request_id, "sign_off", day=day) as op:
        row = days.sign_off(session, by, request_id=request_id, day=day)
        if not op.is_repeat:
            for name, read in readers.items():
                _keep(session, by, row.day, name, 1, read(session, by, row.day), "")
        return row


def revise(
    session: Session, by: Actor, *, request_id: UUID, readers: Mapping[str, Reader], day: date, because: str
) -> int:
    """A new revision of every report of a signed-off day whose figures differ now; how many there are. Says why.

    The older revisions stay as they are.
    """
    by.require(Permission.DAY)
    reason = clean(because)
    with journal.operation(session, by, request_id, "revise_reports", because=reason, day=day, reason=reason) as op:
        if op.is_repeat:
            return len(op.ids("report_issue"))
        if not reason:
            raise Refused("no-reason", Text("Say in one sentence what became known later."))
        _must_be_signed_off(session, by, day)
        changed = [name for name, read in readers.items() if _differs(session, by, day, name, read)]
        for name in changed:
            last = _last(session, by, day, name)
            _keep(session, by, day, name, last + 1, readers[name](session, by, day), reason)
        return len(changed)


def kept(session: Session, by: Actor, day: date, name: str, revision: int | None = None) -> Any:
    """The figures of a signed-off day as they were kept, the newest revision unless one is named; None where nothing was kept."""
    by.require(Permission.REPORT)
    query = select(ReportIssue.figures).where(*_of(by, day, name))
    if revision is not None:
        query = query.where(ReportIssue.revision == revision)
    found = session.scalar(query.order_by(ReportIssue.revision.desc()).limit(1))
    return None if found is None else read_figures(found)


def revisions(session: Session, by: Actor, day: date, name: str) -> tuple[int, ...]:
    """The revisions of a report of a day, rising; empty for a day that is not signed off."""
    by.require(Permission.REPORT)
    return tuple(
        session.scalars(select(ReportIssue.revision).where(*_of(by, day, name)).order_by(ReportIssue.revision))
    )


def _of(by: Actor, day: date, name: str) -> tuple[Any, ...]:
    return ReportIssue.site_id == by.site, ReportIssue.day == day, ReportIssue.report == name


def _last(session: Session, by: Actor, day: date, name: str) -> int:
    return max(revisions(session, by, day, name), default=0)


def _differs(session: Session, by: Actor, day: date, name: str, read: Reader) -> bool:
    """Whether the figures are others than those kept; the head of the paper is not a figure."""
    now, then = read(session, by, day), kept(session, by, day, name)
    return then is None or replace(now, heading=then.heading) != then


def _keep(session: Session, by: Actor, day: date, name: str, revision: int, counted: Any, because: str) -> None:
    """A revision carries the head of the chain of its own moment: later facts of the day stand in it."""
    chain = journal.chain_head(session, by.site, (day, day))
    whole = replace(counted, heading=replace(counted.heading, revision=revision, chain=chain))
    session.add(
        ReportIssue(
            site_id=by.site, day=day, report=name, revision=revision, figures=plain(whole), because=because, at=by.now()
        )
    )
    session.flush()


def _must_be_signed_off(session: Session, by: Actor, day: date) -> None:
    state = session.scalar(select(Day.state).where(Day.site_id == by.site, Day.day == day))
    if state != DayState.SIGNED_OFF:
        raise Refused("day-not-signed-off", Text("The day is not signed off: its figures still follow what happens."))


# ── figures as plain values ──────────────────────────────────────────────────────────────────────


def plain(value: Any) -> Any:
    """The value as JSON knows it; `read_figures` gives back an equal one."""
    if is_dataclass(value) and not isinstance(value, type):
        return {_KIND: type(value).__name__} | {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {_KIND: _NAMES, "of": {key: plain(one) for key, one in value.items()}}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, date | time | UUID):
        return {_KIND: type(value).__name__.lower(), "is": str(value) if isinstance(value, UUID) else value.isoformat()}
    return value


def read_figures(value: Any) -> Any:
    """What `plain` was given: tuples for lists, dataclasses by their names."""
    if isinstance(value, list):
        return tuple(read_figures(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value[_KIND]
    if kind == _NAMES:
        return {key: read_figures(one) for key, one in value["of"].items()}
    if kind in _ATOMS:
        return UUID(value["is"]) if kind == "uuid" else _ATOMS[kind].fromisoformat(value["is"])  # type: ignore[attr-defined]
    return _made(kind, {key: read_figures(one) for key, one in value.items() if key != _KIND})


def _made(kind: str, facts: dict[str, Any]) -> Any:
    if kind != Text.__name__:
        return _classes()[kind](**facts)
    return Text(facts["msgid"], _many=facts["many"], _count=facts["count"], **facts["facts"])


@cache
def _classes() -> dict[str, type]:
    """The dataclasses of figures by their names; nothing else is ever made from what a file says."""
    rooms = [pair for room in (figures, period_figures, evening_figures) for pair in vars(room).items()]
    return {name: one for name, one in rooms if isinstance(one, type) and is_dataclass(one)}
