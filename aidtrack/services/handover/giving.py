"""Handing over: one press books everything a family takes away, or several families by one collector, under the locks of all of them.

Owns `hand_over` and `hand_over_together`. The allowance is read again under the lock, never taken from the window; goods move through
`services.stock`, numbers through `services.queueing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.entitlement import AllowanceState, Member
from aidtrack.domain.handover import (
    Counted,
    HandOverDraft,
    LineDraft,
    LinesRefused,
    LineTrouble,
    MoreDraft,
    SheetLine,
    SignOff,
    allowed_per_line,
    cohorts,
    draft_problems,
    over_allowance,
    sheet_series,
    strictest,
    ticket_is_settled,
)
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import no_family
from aidtrack.domain.queueing import OPEN, Lane, TicketState
from aidtrack.domain.text import clean
from aidtrack.errors import InvalidInput, NotAllowed, NotFound, Problem, Refused, Text
from aidtrack.services import queueing
from aidtrack.services.campaigns import AllowanceRow, Home, WindowRow, allowances, home_of, windows_of
from aidtrack.services.handover import collecting, taking
from aidtrack.services.handover.limits import limits
from aidtrack.services.handover.receipts import HandOverReceipt, receipt
from aidtrack.services.handover.taking import Wanted
from aidtrack.services.identity.classes import lock_family
from aidtrack.services.promises import fetching
from aidtrack.services.promises.fetching import Shelf
from aidtrack.services.promises.waiting import end_by_hand_over
from aidtrack.services.stock import ledger, spot_count
from aidtrack.services.stock.counting import spot_units_before, units_of
from aidtrack.services.today import hold_open_day, require_open_day
from aidtrack.store import journal
from aidtrack.store.base import table_of
from aidtrack.store.campaigns import Campaign
from aidtrack.store.days import draw
from aidtrack.store.handover import Approval, HandOver, HandOverDecline, HandOverPerson, HandOverVoid
from aidtrack.store.people import HouseholdMember, Person
from aidtrack.store.queueing import Ticket

_S = AllowanceState
_OPEN_HERE = (_S.GIVE, _S.NONE_LEFT, _S.PUT_ASIDE, _S.PROMISED, _S.WAITING)
_NOT_NOW = (_S.NOT_TODAY, _S.NONE_LEFT, _S.PROMISED, _S.WAITING)

# Statements made once: building one anew costs more than running it.
_HAND, _DECLINE, _VOID, _CAMPAIGN, _PERSON, _MEMBER = map(
    table_of, (HandOver, HandOverDecline, HandOverVoid, Campaign, Person, HouseholdMember)
)
_HOLD_CAMPAIGNS = (
    select(_CAMPAIGN.c.id)
    .where(_CAMPAIGN.c.id.in_(bindparam("campaigns", expanding=True)))
    .order_by(_CAMPAIGN.c.id)
    .with_for_update()
)
_PEOPLE = (
    select(_PERSON.c.id)
    .where(
        _PERSON.c.id.in_(
            select(_MEMBER.c.person_id).where(
                _MEMBER.c.household_id.in_(bindparam("households", expanding=True)), _MEMBER.c.until_day.is_(None)
            )
        )
    )
    .order_by(_PERSON.c.id)
)
_DECLINED_BEFORE = (
    select(_DECLINE.c.rule_id)
    .join_from(_DECLINE, _HAND, _HAND.c.id == _DECLINE.c.hand_over_id)
    .outerjoin(_VOID, _VOID.c.hand_over_id == _HAND.c.id)
    .where(
        _HAND.c.ticket_id == bindparam("ticket"), _HAND.c.household_id == bindparam("household"), _VOID.c.id.is_(None)
    )
)

Rows = Mapping[UUID, AllowanceRow]


@dataclass(frozen=True, slots=True)
class Window:
    """Where a hand-over takes place: the desk, its number on the sheets, the shelf it gives from, the day.

    `place` is the line it was signed on when it is typed in from paper, `again` how often that line was typed before and taken back.
    `windows` are all of the centre, where they were read.
    """

    desk_id: UUID
    number: int
    shelf_id: UUID
    day: date
    place: SheetLine | None = None
    again: int = 0
    windows: tuple[WindowRow, ...] | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """The people of a household under their locks, and those of them a hand-over of today covers."""

    household_id: UUID
    members: frozenset[UUID]
    home: Home

    @property
    def here(self) -> tuple[Member, ...]:
        """Those who live with this family now."""
        return self.home.family.here


@dataclass(frozen=True, slots=True)
class Visit:
    """One family of a press: what it is to be given, who it is, its number."""

    draft: HandOverDraft
    family: Family
    ticket: Ticket | None

    @property
    def is_served_first(self) -> bool:
        return self.ticket is not None and self.ticket.lane == Lane.K


def hand_over(
    session: Session, by: Actor, *, request_id: UUID, draft: HandOverDraft, approver: Actor | None = None
) -> HandOverReceipt:
    """Books a hand-over with everything that belongs to it, or nothing.

    Idempotent by `request_id`. InvalidInput for the draft itself; LinesRefused `more-than-allowed`, `short`, `numbers` or `number-given`
    names each line that cannot be given as asked. `approver` is the shift lead who allows more at this window; without one `by` is asked.
    """
    by.require(Permission.HAND_OVER)
    draft = _cleaned(draft)
    with journal.operation(session, by, request_id, "hand_over", draft=draft, approver=_who(approver)) as op:
        if op.is_repeat:
            return receipt(session, op.only("hand_over"))
        return _give_all(session, by, (draft,), approver)[0]


def hand_over_together(
    session: Session,
    by: Actor,
    *,
    request_id: UUID,
    drafts: tuple[HandOverDraft, ...],
    approver: Actor | None = None,
) -> tuple[HandOverReceipt, ...]:
    """Several families by one collector in one press: a hand-over and a line of the sheet for each, or nothing at all.

    Idempotent by `request_id`; errors as `hand_over`, lines named with their family. Refused `same-people` where two of the cards are of
    one family, `too-many-families` beyond what one person may collect for in a day.
    """
    by.require(Permission.HAND_OVER)
    drafts = tuple(_cleaned(draft) for draft in drafts)
    with journal.operation(session, by, request_id, "hand_over_together", drafts=drafts, approver=_who(approver)) as op:
        if op.is_repeat:
            return tuple(receipt(session, one) for one in op.ids("hand_over"))
        if not drafts or len({draft.household_id for draft in drafts}) < len(drafts):
            raise InvalidInput([Problem("families", Text("Each family can stand in the list once."))])
        return _give_all(session, by, drafts, approver)


def _cleaned(draft: HandOverDraft) -> HandOverDraft:
    lines = tuple(replace(line, numbers=tuple(map(clean, line.numbers))) for line in draft.lines)
    more = replace(draft.more, note=clean(draft.more.note)) if draft.more else None
    return replace(draft, lines=lines, collector_text=clean(draft.collector_text), more=more)


def _who(approver: Actor | None) -> UUID | None:
    return approver.user_id if approver else None


def window_of(session: Session, by: Actor, *, hold: bool = False) -> Window:
    """The actor's window on the open day; Refused when no day is open or no window is chosen.

    With `hold` nobody closes the day before the commit.
    """
    day = hold_open_day(session, by) if hold else require_open_day(session, by).day
    windows = windows_of(session, by.site)
    (here,) = (one for one in windows if one.id == by.desk)
    return Window(by.desk, here.number, here.shelf_id or ledger.shelf_of(session, by), day, windows=windows)


def locked_family(session: Session, household_id: UUID, day: date) -> Family:
    """Locks all people of the household in the order of their ids (data.md §4), then reads who of them is here."""
    return read_family(session, household_id, lock_people(session, household_id), day)


def read_family(session: Session, household_id: UUID, members: Iterable[UUID], day: date) -> Family:
    """A household whose people are locked already. NotFound where it has none."""
    people = frozenset(members)
    if not people:
        raise no_family()
    return Family(household_id, people, home_of(session, household_id, day))


def lock_people(session: Session, *household_ids: UUID, collectors: Iterable[UUID] = ()) -> tuple[UUID, ...]:
    """The people of these households; they, every record joined with theirs and who collects for them are locked in the order of ids
    until the commit.
    """
    lock_family(session, *household_ids, people=collectors)
    return people_in(session, *household_ids)


def people_in(session: Session, *household_ids: UUID) -> tuple[UUID, ...]:
    """The people of these households now, in the order of ids."""
    return tuple(session.connection().execute(_PEOPLE, {"households": list(household_ids)}).scalars())


# ── one press ────────────────────────────────────────────────────────────────────────────────────


def _give_all(
    session: Session, by: Actor, drafts: Sequence[HandOverDraft], approver: Actor | None
) -> tuple[HandOverReceipt, ...]:
    """All locks first, in their order: people, collector, numbers of the queue, promises, programmes, balances; then family after
    family.
    """
    window = window_of(session, by, hold=True)
    visits = _visits(session, by, drafts, window)
    collecting.expect_not_stopped(session, by, [one.draft for one in visits], approver)
    collecting.expect_within_cap(session, by, window.day, [one.draft for one in visits], approver)
    rows = [_allowed(session, by, window, one) for one in visits]
    lines = [line for draft in drafts for line in draft.lines]
    known = {rule: row for some in rows for rule, row in some.items()}
    promised = [row for some in rows for row in some.values() if row.promises]
    fetching.hold(session, promised)
    is_counted = _count_on_the_spot(session, by, lines, known, window, approver)
    is_stale = _hold_daily(session, lines, known) or is_counted
    shelf = taking.lay_out(session, window.shelf_id, _items(lines, known), [one for row in promised for one in row.promises])
    done: list[UUID] = []
    for visit, asked in zip(visits, rows, strict=True):
        seen = _allowed(session, by, window, visit) if is_stale or done else asked
        done.append(_give(session, by, visit, (window, shelf), seen, approver))
    return tuple(receipt(session, one) for one in done)


def _visits(session: Session, by: Actor, drafts: Sequence[HandOverDraft], window: Window) -> list[Visit]:
    """The families under their locks, each with its number; all problems of all drafts at once."""
    households = [draft.household_id for draft in drafts]
    collectors = {draft.collector_person_id for draft in drafts if draft.how_known} - {None}
    everybody = lock_people(session, *households, collectors=(one for one in collectors if one))
    if len(drafts) == 1:
        members = {households[0]: everybody}
    else:
        members = {one: people_in(session, one) for one in households}
        collecting.expect_other_people(session, households)
    families = [read_family(session, one, members[one], window.day) for one in households]
    problems = [p for draft, family in zip(drafts, families, strict=True) for p in draft_problems(draft, family.members)]
    if problems:
        raise InvalidInput(problems)
    drafts = [_own(draft, family) for draft, family in zip(drafts, families, strict=True)]
    tickets = {one: _ticket(session, by, one, window) for one in sorted({d.ticket_id for d in drafts if d.ticket_id})}
    return [
        Visit(draft, family, tickets[draft.ticket_id] if draft.ticket_id else None)
        for draft, family in zip(drafts, families, strict=True)
    ]


def _own(draft: HandOverDraft, family: Family) -> HandOverDraft:
    """Whoever collects for the own family needs nobody's word."""
    return replace(draft, how_known=None) if draft.collector_person_id in family.members else draft


def _allowed(session: Session, by: Actor, window: Window, visit: Visit) -> dict[UUID, AllowanceRow]:
    rows = allowances(
        session, by, visit.family.household_id, day=window.day, home=visit.family.home, windows=window.windows,
        is_served_first=visit.is_served_first,
    )  # fmt: skip
    return {row.rule_id: row for row in rows}


def _items(lines: Iterable[LineDraft], rows: Rows) -> list[UUID]:
    """What is really taken off the shelf."""
    wanted = (line.other_id or (rows[line.rule_id].item_id if line.rule_id in rows else None) for line in lines)
    return [item for item in wanted if item is not None]


def _give(
    session: Session,
    by: Actor,
    visit: Visit,
    where: tuple[Window, Shelf],
    rows: Rows,
    approver: Actor | None,
) -> UUID:
    window, shelf = where
    draft, family = visit.draft, visit.family
    is_more = _expect_allowed(visit, rows)
    if is_more:
        expect_approved(by, approver)
    absent = absent_of(draft.lines, rows, family)
    wanted = _wanted(session, visit, rows, absent)
    taking.expect_there(session, shelf, window.shelf_id, window.day, wanted)
    taking.expect_numbers(session, wanted)
    served = visit.ticket is not None and _is_settled(session, draft, rows.values())
    taken = Taken(
        draft.ticket_id, served, draft.collector_person_id, draft.collector_text, draft.how_known or "",
        strictest(rows[line.rule_id].sign_off for line in draft.lines), absent=absent,
    )  # fmt: skip
    hand_over_id = new_hand_over(session, by, window, family.household_id, family.here, taken)
    if is_more and draft.more is not None:
        write_approval(session, by, hand_over_id, draft.more, approver or by)
    taking.take(session, by, hand_over_id, wanted, shelf, (window.shelf_id, window.day))
    end_by_hand_over(session, by, hand_over_id, given_rows(draft.lines, rows))
    _decline(session, hand_over_id, draft.lines, rows)
    if visit.ticket is not None:
        _settle_ticket(session, by, visit.ticket, draft.household_id, served)
    return hand_over_id


# ── what may be given ────────────────────────────────────────────────────────────────────────────


def _expect_allowed(visit: Visit, rows: Rows) -> bool:
    """Raises for every line that asks for more than may be given at this window now. True where a shift lead is to allow more."""
    lines = visit.draft.lines
    allowed = {rule: row.due for rule, row in rows.items() if row.state in _OPEN_HERE}
    troubles = over_allowance(lines, allowed, {rule: row.item_names for rule, row in rows.items()})
    may_be_more = {rule for rule, row in rows.items() if row.state in (*_OPEN_HERE, _S.NOT_TODAY)}
    if any(trouble.rule_id not in may_be_more or visit.draft.more is None for trouble in troubles):
        raise LinesRefused(
            "more-than-allowed", [replace(one, household_id=visit.family.household_id) for one in troubles]
        )
    if any(line.rule_id not in rows for line in lines):
        raise Refused("rule-changed", Text("The programme was changed meanwhile. Look at the list again."))
    return bool(troubles)


def expect_approved(by: Actor, approver: Actor | None) -> None:
    """Whoever allows more is a shift lead of this centre."""
    who = approver or by
    if not who.may(Permission.APPROVE) or who.site_id != by.site_id:
        raise NotAllowed("not-approved", Text("More than is due needs the shift lead, at this window."))


def write_approval(session: Session, by: Actor, hand_over_id: UUID, more: MoreDraft, approver: Actor) -> None:
    """Who allowed more, and why."""
    row = {
        "hand_over_id": hand_over_id, "approver_id": approver.user_id, "approver_name": approver.name,
        "reason": more.reason.value, "note": more.note, "at": by.now(),
    }  # fmt: skip
    journal.add_many(session, Approval, [row])


def given_rows(lines: Iterable[LineDraft], rows: Rows) -> list[AllowanceRow]:
    """The rows of the lines something is given of, each once."""
    given = dict.fromkeys(line.rule_id for line in lines if line.quantity)
    return [rows[rule] for rule in given]


def asked_by_rule(lines: Iterable[LineDraft]) -> Counter[UUID]:
    """How many units are to be given by each rule, all sizes together."""
    asked = Counter[UUID]()
    for line in lines:
        asked[line.rule_id] += line.quantity
    return asked


def absent_of(lines: Sequence[LineDraft], rows: Rows, family: Family) -> tuple[UUID, ...]:
    """Whom fetched promises were made for and who is not with the family any more: they are covered as well, wherever they live."""
    here, asked = {member.person_id for member in family.here}, asked_by_rule(lines)
    covered = (person for row in given_rows(lines, rows) for person in row.covers(asked[row.rule_id]))
    return tuple(dict.fromkeys(person for person in covered if person not in here))


def _wanted(session: Session, visit: Visit, rows: Rows, absent: Sequence[UUID]) -> list[Wanted]:
    """The lines as they leave the shelf; what several sizes of one rule may be together is spread over them."""
    lines = [line for line in visit.draft.lines if line.quantity]
    _expect_sizes([(line, rows[line.rule_id]) for line in lines], visit)
    found = taking.pieces(session, _items(lines, rows))
    taking.expect_active(found, _items(lines, rows))
    asked, wanted = asked_by_rule(lines), []
    due = {rule: row.due for rule, row in rows.items()}
    for line, allowed in zip(lines, allowed_per_line([(line.rule_id, line.quantity) for line in lines], due), strict=True):
        row = rows[line.rule_id]
        piece = found[line.other_id or row.item_id]
        wanted.append(
            Wanted(
                line.rule_id, piece, line.quantity, allowed, line.rule_id,
                _for_whom(row, asked[line.rule_id], visit, absent), row.item_id if line.instead_id else None, line.numbers,
                visit.family.household_id, row.promises, row.rule.loan_days is not None, row.by_new_home,
            )
        )  # fmt: skip
    return wanted


def _expect_sizes(lines: Sequence[tuple[LineDraft, AllowanceRow]], visit: Visit) -> None:
    """Raises where a size must be said, or is none of this item."""
    troubles = [
        LineTrouble(row.rule_id, row.due, Text("{item}: which size?", item=row.item_names), visit.family.household_id)
        for line, row in lines
        if not _is_size_clear(line, row)
    ]
    if troubles:
        raise LinesRefused("which-size", troubles)


def _is_size_clear(line: LineDraft, row: AllowanceRow) -> bool:
    if line.size_id is not None:
        return any(line.size_id == one.item_id for one in row.sizes)
    return line.instead_id is not None or not row.sizes or line.quantity <= row.without_size


def _for_whom(row: AllowanceRow, quantity: int, visit: Visit, absent: Sequence[UUID]) -> list[str] | None:
    """Whom it is for. What is given beyond the rule while the family still waits starts no time anew; else it is everybody's."""
    if row.due:
        return person_ids(row.covers(quantity), visit.family.here, absent)
    return None if row.last_day is None and not absent else []


def _hold_daily(session: Session, lines: Iterable[LineDraft], rows: Rows) -> bool:
    """Locks the programmes whose daily share these lines take from: two windows cannot both give the last of it."""
    wanted = [rows[line.rule_id] for line in lines if line.rule_id in rows]
    campaigns = {row.campaign_id for row in wanted if row.rule.daily_cap is not None}
    if campaigns:
        session.connection().execute(_HOLD_CAMPAIGNS, {"campaigns": list(campaigns)}).all()
    return bool(campaigns)


def _count_on_the_spot(
    session: Session, by: Actor, lines: Iterable[LineDraft], rows: Rows, window: Window, approver: Actor | None
) -> bool:
    """What was seen on the shelf is counted before it is given: the book must never be worked around."""
    operation, counted = journal.current(session).id, False
    for line in lines:
        if line.seen is not None and line.rule_id in rows:
            item = line.other_id or rows[line.rule_id].item_id
            answered = (approver or by).may(Permission.APPROVE)
            facts: dict[str, Any] = {"item_id": item, "seen": line.seen, "shelf_id": window.shelf_id, "is_answered": answered}
            paper = spot_count(session, by, request_id=operation, **facts)
            if not answered:
                _expect_within_limit(session, by, rows[line.rule_id], item, paper)
            counted = True
    return counted


def _expect_within_limit(session: Session, by: Actor, row: AllowanceRow, item_id: UUID, paper: UUID) -> None:
    """A difference greater than the centre set, at once or little by little in a day, is a matter for the shift lead; refused, the count
    is undone with the rest.
    """
    within, before = limits(session, by), spot_units_before(session, paper, item_id)
    if within.allows_beside_book(units_of(session, paper), before):
        return
    most = within.spot_count or 0
    if before:
        words = Text("{item}: today already {before} beside the book, {n} are allowed. Call the shift lead.", item=row.item_names,
                     before=before, n=most)  # fmt: skip
    else:
        words = Text("{item}: more than {n} beside the book. Call the shift lead.", item=row.item_names, n=most)
    raise Refused("spot-count", words)


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Taken:
    """Who took it and under what: the number, the collector and how we know, how it is signed for, from which day it counts.

    `people` is said only where nobody is registered; `absent` are covered too, because what was promised to them is fetched.
    """

    ticket_id: UUID | None = None
    served_ticket: bool = False
    collector_id: UUID | None = None
    collector_text: str = ""
    how_known: str = ""
    sign_off: SignOff = SignOff.SHEET
    counts_from: date | None = None
    people: int | None = None
    absent: tuple[UUID, ...] = ()


def new_hand_over(
    session: Session, by: Actor, window: Window, household_id: UUID | None, here: Sequence[Member], taken: Taken
) -> UUID:
    """A hand-over on the next line of the window's sheet, with the people it covers and the snapshot reports count."""
    place = window.place or SheetLine.of(str(window.number), draw(session, by.site, sheet_series(window.day, window.number)))
    hand_over_id = new_id()
    row = {
        "id": hand_over_id, "site_id": by.site, "household_id": household_id, "ticket_id": taken.ticket_id,
        "desk_id": window.desk_id, "day": window.day, "at": by.now(), "collector_id": taken.collector_id,
        "collector_text": taken.collector_text, "sheet": place.sheet, "line": place.line,
        "people": len(here) if taken.people is None else taken.people,
        "cohorts": cohorts(Counted(member.sex or "", member.age) for member in here),
        "served_ticket": taken.served_ticket, "how_known": taken.how_known, "sign_off": taken.sign_off.value,
        "counts_from": taken.counts_from, "again": window.again,
    }  # fmt: skip
    journal.add_many(session, HandOver, [row])
    cover(session, hand_over_id, [*(member.person_id for member in here), *taken.absent])
    return hand_over_id


def cover(session: Session, hand_over_id: UUID, people: Iterable[UUID]) -> None:
    """These people are covered by the hand-over."""
    rows = [{"hand_over_id": hand_over_id, "person_id": person} for person in people]
    journal.add_many(session, HandOverPerson, rows)


def person_ids(
    covered: Sequence[UUID], here: Sequence[Member], absent: Sequence[UUID] = ()
) -> list[str] | None:
    """Whom one item is for as the line keeps it: None when it is everybody the hand-over covers."""
    everybody = {*(member.person_id for member in here), *absent}
    return None if set(covered) == everybody else [person.hex for person in covered]


def _decline(session: Session, hand_over_id: UUID, lines: Iterable[LineDraft], rows: Rows) -> None:
    """What was due and is not wanted today."""
    lines = list(lines)
    given = {line.rule_id for line in lines if line.quantity}
    refused = dict.fromkeys(line.rule_id for line in lines if line.rule_id not in given and rows[line.rule_id].due)
    journal.add_many(
        session,
        HandOverDecline,
        [
            {"hand_over_id": hand_over_id, "rule_id": rule, "item_id": rows[rule].item_id, "allowed": rows[rule].due}
            for rule in refused
        ],
    )


# ── the number ───────────────────────────────────────────────────────────────────────────────────


def _ticket(session: Session, by: Actor, ticket_id: UUID, window: Window) -> Ticket | None:
    """The number this family is served under, if it is still open; an ended one stays as it is."""
    ticket = session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None or ticket.site_id != by.site or ticket.day != window.day:
        raise NotFound("ticket", Text("This number is not one of today."))
    return ticket if ticket.state in OPEN else None


def _is_settled(session: Session, draft: HandOverDraft, rows: Iterable[AllowanceRow]) -> bool:
    """Whether every line due at any window is given or declined now or was, earlier under the same number, or waits for goods."""
    due = {row.rule_id: row.due for row in rows if row.state not in _NOT_NOW and not _only_waits(row)}
    asked = {"ticket": draft.ticket_id, "household": draft.household_id}
    before = session.connection().execute(_DECLINED_BEFORE, asked).scalars()
    return ticket_is_settled(due, {line.rule_id for line in draft.lines} | set(before))


def _only_waits(row: AllowanceRow) -> bool:
    """Whether the family is in the wait list for it and none is here yet."""
    return row.waiting is not None and not row.available


def _settle_ticket(session: Session, by: Actor, ticket: Ticket, household_id: UUID, served: bool) -> None:
    """Ties the number to the family where it is not yet, then ends it, or shows that its family stands at a window."""
    operation = journal.current(session).id
    if ticket.household_id is None:
        queueing.tie_ticket(session, by, request_id=operation, ticket_id=ticket.id, household_id=household_id)
        session.refresh(ticket)
    if ticket.state not in OPEN:
        return
    if served:
        queueing.serve(session, by, request_id=operation, ticket_id=ticket.id)
    elif ticket.state != TicketState.SERVING:
        queueing.start_serving(session, by, request_id=operation, ticket_id=ticket.id)
