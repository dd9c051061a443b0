"""The public board: numbers and windows, what is given today, about how long. No names, in the centre's public languages.

Reads only; composed from queue, programmes and shelf. In a pause it says that every number keeps its place, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import Giving, Switch, how_often
from aidtrack.errors import Names, Text
from aidtrack.services import campaigns, door, queueing
from aidtrack.services.today import current_day
from aidtrack.store.days import Site

CALLS = 4
GIVEN = 4


@dataclass(frozen=True, slots=True)
class CallRow:
    """A number and the window it goes to; called again it is another call."""

    label: str
    window: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GivenRow:
    """An item of today and how often; `is_there` False: none today."""

    names: Names
    how: Text
    is_there: bool


@dataclass(frozen=True, slots=True)
class PublicBoard:
    """Everything on the second screen, in the centre's public `languages` by turns."""

    site: str
    timezone: str
    languages: tuple[str, ...]
    is_open: bool
    is_paused: bool
    calls: tuple[CallRow, ...]
    given: tuple[GivenRow, ...]
    wait_minutes: int | None


def public_board(session: Session, by: Actor) -> PublicBoard:
    """The board now, the newest call first."""
    name, timezone, languages = session.execute(
        select(Site.name, Site.timezone, Site.public_languages).where(Site.id == by.site)
    ).one()
    board = queueing.board(session, by)
    at_windows = [w.ticket for w in board.at_windows if w.ticket is not None]
    newest = sorted(at_windows, key=lambda ticket: ticket.called_at or ticket.issued_at, reverse=True)
    return PublicBoard(
        site=name,
        timezone=timezone,
        languages=tuple(languages) or ("ru",),
        is_open=board.day is not None,
        is_paused=board.paused_since is not None,
        calls=tuple(CallRow(ticket.label, ticket.desk_number or 0, ticket.called_at) for ticket in newest[:CALLS]),
        given=_given(session, by),
        wait_minutes=board.wait_minutes,
    )


def _given(session: Session, by: Actor) -> tuple[GivenRow, ...]:
    """Each item once, in the order of the rules."""
    families = {row.item_id: row.families for row in door.enough(session, by).rows}
    found = {}
    day = current_day(session, by)
    today = campaigns.switches(session, by.site, day)
    for row in campaigns.running_rules(session, by, day):
        item = row.rule.item_id
        if item in families and item not in found:
            how = Text("{how}, {whom}", how=how_often(row.rule.renew_days, monthly=row.rule.monthly), whom=row.rule.basis.text)
            switch = today.get(item, Switch())
            is_there = families[item] > 0 and switch.giving is not Giving.NONE
            found[item] = GivenRow(row.item_names, how if switch.giving is Giving.ALL else switch.text, is_there)
    return tuple(found.values())[:GIVEN]
