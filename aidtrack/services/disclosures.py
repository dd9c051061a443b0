"""Giving names out: by a coordinator and a second person, with who asked and on what paper; every copy stands in the register.

Owns the one door names leave by. Which people and fields there are, `services.spreadsheets` knows; the locked file is made in `reports`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from aidtrack.domain import disclosures as rules
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.days import Period
from aidtrack.domain.disclosures import DisclosureDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotFound, Refused, Text
from aidtrack.services import badges, signing_in
from aidtrack.services.overview.heading import heading_of
from aidtrack.services.overview.period_figures import DisclosureFigures, DisclosureReport
from aidtrack.services.spreadsheets.exporting import PeopleSheet, people_sheet
from aidtrack.services.today import current_day
from aidtrack.store import journal
from aidtrack.store.accounts import User
from aidtrack.store.database import database_of
from aidtrack.store.days import Day, Site, draw
from aidtrack.store.disclosures import Disclosure


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be written into one file: the people, the number of the copy, its mark, and who it is for."""

    code: str
    mark: str
    day: date
    asked_by: str
    paper: str
    sheet: PeopleSheet


def two_are_needed(session: Session, by: Actor) -> bool:
    """Whether names go out by two people only. Not for the console on a plain file: whoever can read that file can do all."""
    return by.user_id is not None or not _is_plain(session)


def who_signs(session: Session, by: Actor, *, who: str, secret: str) -> Actor:
    """Somebody who proves here who they are: a scanned badge with its PIN, or a name with its password.

    On a plain file nobody has passwords: people are chosen by name there, as at sign-in. Refused as `badges.who_is` does.
    """
    if _is_plain(session) and not secret:
        return _chosen(session, by, who)
    return badges.who_is(session, by, who=who, secret=secret)


def _chosen(session: Session, by: Actor, name: str) -> Actor:
    row = next((row for row in signing_in.people_to_choose(session, by) if row.name == clean(name)), None)
    if row is None or session.get_one(User, row.id).password:
        raise Refused("wrong-password", Text("Name or password is not right. Check the keyboard language and Caps Lock."))
    return signing_in.beside(by, row)


def _is_plain(session: Session) -> bool:
    database = database_of(session)
    return database.is_sqlite and not database.is_encrypted


def disclose(
    session: Session, by: Actor, *, request_id: UUID, draft: DisclosureDraft, second: Actor | None = None
) -> Disclosed:
    """Everybody who is a member now, with the fields of the draft; the copy stands in the register, numbered without gaps.

    `second` is who signed in beside the coordinator (`who_signs`). InvalidInput where something is not said, Refused without a second
    person, NotAllowed for who may not.
    """
    by.require(Permission.EXPORT_NAMES)
    by_two = two_are_needed(session, by)
    who = rules.expect_second(by, second) if by_two else None
    draft = replace(draft, asked_by=clean(draft.asked_by), paper=clean(draft.paper), purpose=clean(draft.purpose))
    wrong = rules.problems(draft)
    if wrong and by_two:
        raise InvalidInput(wrong)
    because, beside = draft.purpose, who.user_id if who else None
    with journal.operation(session, by, request_id, "disclose", because=because, draft=draft, second=beside) as op:
        row = session.get_one(Disclosure, op.only("disclosure")) if op.is_repeat else None
        sheet = people_sheet(session, by, draft.fields)
        row = row or _registered(session, by, request_id, (draft, who, sheet))
        return Disclosed(row.code, row.mark, row.day, row.asked_by, row.paper, sheet)


def _registered(
    session: Session, by: Actor, request_id: UUID, what: tuple[DisclosureDraft, Actor | None, PeopleSheet]
) -> Disclosure:
    draft, second, sheet = what
    day = current_day(session, by)
    number = draw(session, by.site, f"disclosure:{day.year}")
    code = f"{session.get_one(Site, by.site).code}-D-{day.year}-{number}"
    row = Disclosure(
        id=new_id(), site_id=by.site, year=day.year, number=number, code=code, mark=rules.copy_mark(code, request_id), day=day,
        at=by.now(), asked_by=draft.asked_by, paper=draft.paper, purpose=draft.purpose, fields=list(draft.fields),
        people=len(sheet.rows), families=sheet.families, given_by_id=by.user_id, given_by=by.name,
        second_id=second.user_id if second else None, second=second.name if second else "", is_locked=second is not None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


# ── the register ─────────────────────────────────────────────────────────────────────────────────


def register(session: Session, by: Actor, period: Period) -> DisclosureReport:
    """Every copy of those days, in the order of their numbers (R18); NotFound where names never left the centre."""
    by.require(Permission.REPORT)
    query = select(Disclosure).where(Disclosure.site_id == by.site, Disclosure.day.between(period.first, period.last))
    rows = session.scalars(query.order_by(Disclosure.day, Disclosure.year, Disclosure.number)).all()
    opened = select(func.count(Day.id)).where(Day.site_id == by.site, Day.day.between(period.first, period.last))
    open_days = session.scalar(opened) or 0
    if not rows and not open_days:
        text = Text("From {first} to {day} the centre was not open: there is nothing to report.", first=period.first, day=period.last)
        raise NotFound("no-day", text)
    return DisclosureReport(heading_of(session, by, period), open_days, tuple(_figures(row) for row in rows))


def _figures(row: Disclosure) -> DisclosureFigures:
    return DisclosureFigures(
        row.code, row.day, row.asked_by, row.paper, row.purpose, tuple(row.fields), row.people, row.families, row.given_by, row.second,
        row.is_locked,
    )  # fmt: skip
