"""What single papers say: a queue number, a hand-over, family cards, the aid form. Values only; they are drawn in `reports`.

Owns reading them. Slips and cards carry no name; the filled form does, and asks for the right to register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.birth import Birth
from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.ids import show_card
from aidtrack.domain.intake import Answer, Question, question_from
from aidtrack.domain.people import HowConfirmed, Lodging, MemberDraft, Need, Presence, Relation, Sex
from aidtrack.domain.queueing import Stage, TicketState
from aidtrack.domain.stock import Unit
from aidtrack.errors import Names, NotFound, Text
from aidtrack.services import intake, people, queueing
from aidtrack.services.campaigns import AllowanceRow, allowances, running_rules
from aidtrack.services.handover import HandOverReceipt, lent_for, receipt
from aidtrack.services.overview.figures import Heading
from aidtrack.services.overview.heading import heading_of
from aidtrack.services.today import current_day
from aidtrack.store.days import Desk
from aidtrack.store.handover import HandOver
from aidtrack.store.intake import Form, Submission
from aidtrack.store.people import Card, Household, Settlement
from aidtrack.store.stock import Item

MOST_ITEMS = 10


# ── slips ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class TicketSlip:
    """A number in the queue. `code` is what its QR says; `minutes` is the wait people are told, None when nobody knows."""

    heading: Heading
    label: str
    lane: Text
    issued: str
    ahead: int
    minutes: int | None
    code: str
    window: str = ""
    slot: tuple[date, int | None] | None = None
    """The day it goes on, and the hour where it was given one."""
    at_window: str = ""
    """The window a shift lead sees the family at: it need not queue again."""


@dataclass(frozen=True, slots=True)
class ComeBackSlip:
    """What a family is told that comes too early: what it may have from which day, by the end of its card."""

    heading: Heading
    card_tail: str
    at: str
    again: tuple[tuple[Names, date], ...]


@dataclass(frozen=True, slots=True)
class SlipLine:
    """So many units of an item; what is lent the family brings back by a day."""

    names: Names
    quantity: int
    unit: Text
    back_by: date | None = None


@dataclass(frozen=True, slots=True)
class HandOverSlip:
    """What a family received: card tail, people, goods, what was missing, what it waits for and was promised until when, when again,
    where it was signed.
    """

    heading: Heading
    card_tail: str
    people: int
    at: str
    given: tuple[SlipLine, ...]
    collector: Text
    sheet: str
    line: int
    code: str
    missing: tuple[SlipLine, ...] = ()
    again: tuple[tuple[Names, date], ...] = ()
    window: str = ""
    waiting: tuple[SlipLine, ...] = ()
    owed: tuple[tuple[SlipLine, date], ...] = ()
    stamp: int = 0


def ticket_slip(session: Session, by: Actor, *, ticket_id: UUID) -> TicketSlip:
    """The slip of a number, with how many are before it now."""
    by.require(Permission.ISSUE_TICKET)
    ticket = queueing.ticket_row(session, ticket_id)
    heading = heading_of(session, by, ticket.day)
    ahead, minutes = queueing.ahead_of(session, by, ticket_id)
    issued = i18n.clock_time(ticket.issued_at, ZoneInfo(heading.zone))
    code, window = f"T:{ticket_id.hex}", _window_number(session, by)
    slot = queueing.slot_of(session, ticket_id) or _first_tomorrow(ticket)
    lead = _window_of_lead(session, by) if ticket.stage is Stage.SHIFT_LEAD else ""
    return TicketSlip(heading, ticket.label, ticket.lane.text, issued, ahead, minutes, code, window, slot, lead)


def _first_tomorrow(ticket: queueing.TicketRow) -> tuple[date, int | None] | None:
    """A number the closing of the day left over has no hour: it is called first."""
    return (ticket.day + timedelta(days=1), None) if ticket.state is TicketState.TOMORROW else None


def _window_of_lead(session: Session, by: Actor) -> str:
    """The first window where the shift lead sees families; empty where none is named."""
    query = select(Desk.number, Desk.stages).where(Desk.site_id == by.site, Desk.is_active).order_by(Desk.number)
    return next((str(number) for number, stages in session.execute(query) if Stage.SHIFT_LEAD in stages), "")


@dataclass(frozen=True, slots=True)
class WallRule:
    """The sheet for the wall; the rule itself is `domain.queueing`'s."""

    heading: Heading


def wall_rule(session: Session, by: Actor, day: date) -> WallRule:
    """The rule of the queue to hang up."""
    by.require(Permission.REPORT)
    return WallRule(heading_of(session, by, day))


def come_back_slip(session: Session, by: Actor, *, household_id: UUID) -> ComeBackSlip:
    """What the family may have from which day, the nearest first; without a name."""
    by.require(Permission.ISSUE_TICKET)
    day = current_day(session, by)
    heading = heading_of(session, by, day)
    again: dict[str, tuple[Names, date]] = {}
    for row in allowances(session, by, household_id, day=day):
        if row.next_day is not None:
            again.setdefault(str(row.item_names), (row.item_names, row.next_day))
    tail = session.scalar(_card(household_id).with_only_columns(Card.tail)) or ""
    at = i18n.clock_time(by.now(), ZoneInfo(heading.zone))
    return ComeBackSlip(heading, tail, at, tuple(sorted(again.values(), key=lambda one: one[1])))


def hand_over_slip(session: Session, by: Actor, *, hand_over_id: UUID) -> HandOverSlip:
    """The slip of a hand-over, with what was out and when the family may come again."""
    by.require(Permission.HAND_OVER)
    given = receipt(session, hand_over_id)
    heading = heading_of(session, by, given.day)
    family = given.household_id
    rows = allowances(session, by, family, day=given.day) if family else ()
    tail = session.scalar(_card(family).with_only_columns(Card.number)) or "" if family else ""
    return HandOverSlip(
        heading=heading,
        card_tail=tail[-4:],
        people=given.people,
        at=i18n.clock_time(given.at, ZoneInfo(heading.zone)),
        given=_given_lines(session, given),
        collector=_collector(session, hand_over_id),
        sheet=f"{given.signed_at.window}-{given.signed_at.sheet:02}",
        line=given.signed_at.line,
        code=f"H:{hand_over_id.hex}",
        missing=tuple(
            SlipLine(row.item_names, row.due, row.unit) for row in rows if row.state is AllowanceState.NONE_LEFT and row.due
        ),
        waiting=tuple(SlipLine(row.item_names, row.due, row.unit) for row in rows if row.state is AllowanceState.WAITING and row.due),
        owed=tuple(_owed(row) for row in rows if row.promises),
        again=tuple((row.item_names, row.next_day) for row in rows if row.next_day is not None),
        window=given.signed_at.window,
        stamp=given.stamp,
    )


def _given_lines(session: Session, given: HandOverReceipt) -> tuple[SlipLine, ...]:
    units = dict(session.execute(select(Item.id, Item.unit)).all())
    lent = lent_for(session, {one.rule_id for one in given.given if one.rule_id})
    return tuple(
        SlipLine(
            one.item_names, one.quantity, Unit(units[one.item_id]).text,
            given.day + timedelta(days=lent[one.rule_id]) if one.rule_id in lent else None,
        )
        for one in given.given
    )  # fmt: skip


def _owed(row: AllowanceRow) -> tuple[SlipLine, date]:
    """What the family was promised, and until or for when."""
    assert row.until is not None
    return SlipLine(row.item_names, sum(one.owed for one in row.promises), row.unit), row.until


def _collector(session: Session, hand_over_id: UUID) -> Text:
    """Card holder, somebody of the family, or somebody else; never who."""
    row = session.get_one(HandOver, hand_over_id)
    if row.collector_id is None:
        return Text("for another family") if row.collector_text else Text("not written down")
    is_head = session.scalar(select(Household.id).where(Household.head_id == row.collector_id))
    return Text("card holder") if is_head else Text("of the family")


def _window_number(session: Session, by: Actor) -> str:
    number = session.scalar(select(Desk.number).where(Desk.id == by.desk_id)) if by.desk_id else None
    return str(number) if number is not None else ""


# ── cards ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class CardFigures:
    """The number as it is read aloud, `4821 1790 5570`, and the token its QR holds."""

    number: str
    token: str


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards to print, in the order they were issued."""

    heading: Heading
    cards: tuple[CardFigures, ...]


def cards_of_day(session: Session, by: Actor, day: date) -> Cards:
    """The cards of the families registered on a day; NotFound when there are none."""
    by.require(Permission.REGISTER)
    query = (
        select(Card.number, Card.token)
        .join(Household, Household.id == Card.household_id)
        .where(Card.site_id == by.site, Card.is_valid, Household.registered_day == day)
        .order_by(Card.issued_at, Card.number)
    )
    cards = tuple(CardFigures(show_card(number), token) for number, token in session.execute(query))
    if not cards:
        raise NotFound("no-cards", Text("No family was registered on {day}: there are no cards to print.", day=day))
    return Cards(heading_of(session, by, day), cards)


def family_card(session: Session, by: Actor, *, household_id: UUID) -> Cards:
    """The card of one family."""
    by.require(Permission.REGISTER)
    row = session.scalar(_card(household_id))
    if row is None:
        raise NotFound("no-card", Text("This family has no valid card."))
    return Cards(heading_of(session, by, current_day(session, by)), (CardFigures(show_card(row.number), row.token),))


def _card(household_id: UUID) -> Select[Card]:
    query = select(Card).where(Card.household_id == household_id, Card.is_valid)
    return query.order_by(Card.issued_at.desc()).limit(1)


# ── the aid form ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FormMember:
    """A member as it stands on the form."""

    name: str = ""
    sex: Sex | None = None
    birth: Birth | None = None
    age: int | None = None
    relation: Relation | None = None
    needs: tuple[Need, ...] = ()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What a family answered; the first member is the one the card is for."""

    day: date | None = None
    card: str = ""
    ticket: str = ""
    at: str = ""
    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    district: Names = field(default_factory=dict)
    settlement: Names = field(default_factory=dict)
    origin: str = ""
    lodging: Lodging | None = None
    address: str = ""
    phone: str = ""
    members: tuple[FormMember, ...] = ()
    how_confirmed: HowConfirmed | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AidForm:
    """The form to print: the items it may note as given, the centre's questions, and the answers if it is filled."""

    heading: Heading
    number: str
    edition: int
    names: Names
    items: tuple[Names, ...]
    questions: tuple[Question, ...] = ()
    filled: FilledForm | None = None


def blank_form(session: Session, by: Actor, day: date | None = None) -> AidForm:
    """The newest edition of the centre's form, to be filled in by hand; the default one where the centre has none."""
    on = day or current_day(session, by)
    form = intake.current_form(session, by)
    if form is not None:
        return _form(session, by, on, (form.edition, form.names, form.questions))
    default = intake.pack()
    return _form(session, by, on, (1, default.names, default.questions))


@dataclass(frozen=True, slots=True)
class QuickSheets:
    """Blank sheets for quick registration by hand, and how many."""

    heading: Heading
    sheets: int


def quick_sheets(session: Session, by: Actor, day: date) -> QuickSheets:
    """Two sheets: the copier makes more."""
    return QuickSheets(heading_of(session, by, day), 2)


def filled_form(session: Session, by: Actor, *, household_id: UUID) -> AidForm:
    """What this family answered last; a family that filled in none has its registration on the first page."""
    by.require(Permission.REGISTER)
    query = select(Submission).where(Submission.household_id == household_id).order_by(Submission.at.desc()).limit(1)
    submission = session.scalar(query)
    on = submission.day if submission else current_day(session, by)
    paper = _form(session, by, on, _edition_of(session, submission))
    answers = submission.answers if submission else {}
    return AidForm(
        heading=paper.heading,
        number=submission.number if submission else "",
        edition=paper.edition,
        names=paper.names,
        items=paper.items,
        questions=paper.questions,
        filled=_filled(session, by, household_id, on, answers),
    )


_Edition = tuple[int, Names, tuple[Question, ...]]


def _edition_of(session: Session, submission: Submission | None) -> _Edition:
    """The questions as they were asked; without a filled form there are none."""
    if submission is None:
        return 1, {}, ()
    form = session.get_one(Form, submission.form_id)
    return form.edition, form.names, tuple(question_from(data) for data in form.questions)


def _form(session: Session, by: Actor, day: date, edition: _Edition) -> AidForm:
    number, names, questions = edition
    return AidForm(heading_of(session, by, day), "", number, names, _usual_items(session, by, day), questions)


def _usual_items(session: Session, by: Actor, day: date) -> tuple[Names, ...]:
    """What the running programmes give, at most ten."""
    wanted = {row.rule.item_id for row in running_rules(session, by, day)}
    query = select(Item.names).where(Item.id.in_(wanted)).order_by(Item.code).limit(MOST_ITEMS)
    return tuple(session.scalars(query))


def _filled(session: Session, by: Actor, household_id: UUID, day: date, answers: Mapping[str, Answer]) -> FilledForm:
    view = people.household_view(session, by, household_id)
    draft = people.household_draft(session, by, household_id)
    head = draft.members[0] if draft.members else MemberDraft()
    district = session.scalar(
        select(Settlement.names).where(
            Settlement.id == select(Settlement.parent_id).where(Settlement.id == draft.settlement_id).scalar_subquery()
        )
    )
    return FilledForm(
        day=day,
        card=view.card_number,
        family_name=head.family_name,
        given_name=head.given_name,
        patronymic=head.patronymic,
        district=district or {},
        settlement=view.settlement,
        origin=draft.origin_text,
        lodging=draft.lodging,
        address=draft.address,
        phone=draft.phone,
        members=tuple(_member(member, day) for member in draft.members),
        how_confirmed=draft.how_confirmed,
        answers=answers,
    )


def _member(member: MemberDraft, day: date) -> FormMember:
    return FormMember(
        name=" ".join(name for name in (member.family_name, member.given_name, member.patronymic) if name),
        sex=member.sex,
        birth=member.birth,
        age=member.birth.age_at(day) if member.birth else None,
        relation=member.relation,
        needs=tuple(need for need in Need if need in member.needs),
        elsewhere=member.presence is not Presence.HERE,
    )
