"""What the Desk says in words, from frozen rows: facts of a family, what was given, the sentence to say aloud.

Owns no widget. Everything is said in the language of the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from aidtrack import i18n
from aidtrack.domain.entitlement import AllowanceState
from aidtrack.domain.foreign_cards import card_digits
from aidtrack.domain.handover import SheetLine, SignOff
from aidtrack.domain.ids import card_number_ok
from aidtrack.domain.people import Need, Presence
from aidtrack.errors import Names, Text
from aidtrack.i18n import tr, trn
from aidtrack.ui import messages

if TYPE_CHECKING:
    from aidtrack.services.campaigns import AllowanceRow
    from aidtrack.services.handover import CancelReceipt, DeskView, GivenLine, HandOverReceipt, HistoryRow
    from aidtrack.services.people import HouseholdView, MemberRow
    from aidtrack.ui.pages.desk.allowance_line import AllowanceLine

EARLIER = timedelta(days=30)
"""How far back the Desk shows what a family had."""

Chip = tuple[str, str, str]


def item_name(names: Names) -> str:
    """The whole name of an item."""
    return i18n.pick(names, i18n.language())


def short_name(names: Names) -> str:
    """The name up to its first comma, as it stands in a sentence: “food kit” of “Food kit, 7 days”."""
    name = item_name(names).partition(",")[0].strip()
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def on_day(day: date) -> str:
    """3 September."""
    return i18n.day_in_words(day, i18n.language())


def given(lines: Iterable[GivenLine]) -> str:
    """“food kit 4, soap 3”."""
    return ", ".join(f"{short_name(line.item_names)} {i18n.number(line.quantity, i18n.language())}" for line in lines)


def given_first(lines: Iterable[GivenLine]) -> str:
    """The same at the beginning of a cell."""
    words = given(lines)
    return words[:1].upper() + words[1:]


def say_unknown(code: str) -> None:
    """A code nobody here has: the card of another centre is no fault of anybody, any other code is one of ours."""
    if card_number_ok(card_digits(code)):
        messages.attention(
            Text(
                "Card from another centre: find the family by name or register it (F3), "
                "then F7, Card and protection, Card from another centre."
            ),
            icon="ticket",
        )
    else:
        messages.fault(
            Text("This code is not known here. Find the family by name, or register it: F3."), icon="scan-line"
        )


def to_give(lines: Iterable[AllowanceLine]) -> str:
    """“food kit 4, soap 3” of lines that are filled."""
    lang = i18n.language()
    return ", ".join(
        f"{short_name(line.row.item_names)} {i18n.number(quantity, lang)}"
        for line in lines
        if line.is_open and (quantity := line.quantity())
    )


def done(*receipts: HandOverReceipt) -> str:
    """What the message line says after F9."""
    if len(receipts) > 1:
        places = ", ".join(str(one.signed_at) for one in receipts)
        words = trn("Given to {n} family", "Given to {n} families", len(receipts))
        return f"{words} · {tr('signed on {place}', place=places)}"
    (receipt,) = receipts
    if receipt.household_id is None:
        words = trn("Given to {n} person without registration", "Given to {n} people without registration", receipt.people)
        return f"{words}: {given(receipt.given)} · {tr('signed on {place}', place=str(receipt.signed_at))}"
    if receipt.ticket_label:
        words = tr("Given to {ticket}: {what}", ticket=receipt.ticket_label, what=given(receipt.given))
    else:
        words = tr("Given: {what}", what=given(receipt.given))
    if receipt.sign_off is not SignOff.NONE:
        words = f"{words} · {tr('signed on {place}', place=str(receipt.signed_at))}"
    return f"{words} · {tr('stamp box {n}', n=receipt.stamp)}" if receipt.stamp else words


def taken_back(receipt: CancelReceipt) -> str:
    """What the message line says after a hand-over was cancelled."""
    what = given(receipt.cancelled.given)
    if receipt.moved_to is not None:
        return tr("Moved to the other family: {what}", what=what)
    where = i18n.render(receipt.goods.text, i18n.language())
    return tr("Hand-over cancelled: {what} · {where}", what=what, where=where)


# ── the family ───────────────────────────────────────────────────────────────────────────────────


def facts(family: HouseholdView) -> str:
    """“4 people · Суджа · with relatives · since 9 August”; of a child alone, to the shift lead, how it came."""
    parts = [trn("{n} person", "{n} people", len(family.members))]
    parts += [i18n.pick(family.settlement, i18n.language()) or family.origin_text]
    parts += [i18n.render(family.lodging.text, i18n.language())] if family.lodging else []
    parts += [tr("since {day}", day=on_day(family.arrived_on))] if family.arrived_on else []
    parts += [tr("came with: {who}", who=family.came_with)] if family.came_with else []
    parts += [tr("found: {where}", where=family.found_at)] if family.found_at else []
    return " · ".join(part for part in parts if part)


def chips(family: HouseholdView, ticket: str, *, is_day_open: bool) -> list[Chip]:
    """What to do first, then what is missing."""
    found: list[Chip] = []
    if ticket:
        found.append((ticket, "ticket", "sunken"))
    advice = dict.fromkeys(_advice(need) for need in family.needs)
    if any(need.served_first for need in family.needs):
        advice[i18n.tr("served first")] = None
    if advice:
        words = ", ".join(advice)
        icon = "armchair" if any(need.served_first for need in family.needs) else "info"
        found.append((words[:1].upper() + words[1:], icon, "soft"))
    if family.unnamed:
        found.append((trn("{n} name is not written", "{n} names are not written", family.unnamed), "pencil", "sunken"))
    if not is_day_open:
        found.append((tr("the day is not open"), "calendar-check", "att"))
    return found


def _advice(need: Need) -> str:
    return i18n.render(need.advice, i18n.language())


def member_name(member: MemberRow) -> str:
    """Name and patronymic; the surname only where there is nothing else."""
    return " ".join(part for part in (member.given_name, member.patronymic) if part) or member.family_name


def member_needs(member: MemberRow) -> str:
    """What to do for this person, never the condition."""
    return ", ".join(dict.fromkeys(_advice(need) for need in member.needs))


def may_collect(member: MemberRow) -> bool:
    """A teenager sent to collect is ordinary; smaller children are not asked."""
    return member.presence is Presence.HERE and (member.age is None or member.age >= OLD_ENOUGH)


OLD_ENOUGH = 14


def who_collects(view: DeskView, named: UUID | None, *, is_scanned: bool) -> UUID | None:
    """Who was named; where the card was scanned who collected last, else the card holder; never a small child, else nobody."""
    able = [member.person_id for member in view.family.members if may_collect(member)]
    wanted = (named, view.last_collector_id, view.family.head_id) if is_scanned else (named,)
    alone = able[0] if is_scanned and len(able) == 1 else None
    return next((one for one in wanted if one in able), alone)


def signed_at(place: SheetLine, kind: SignOff, before: int = 0) -> Text:
    """Where and how the family signs; of several families from the first line to the last."""
    if kind is SignOff.NONE:
        return kind.text
    if before:
        return Text("{first} to {last}", first=str(place), last=str(place.later(before)))
    return place.text if kind is SignOff.SHEET else Text("{place} · {how}", place=place.text, how=kind.text)


def to_ask(members: Sequence[MemberRow]) -> str:
    """One question only the family can answer; the answer stands in the middle of the Desk."""
    if any(member.age is not None and member.age < GROWN for member in members):
        return tr("Ask: how old is the youngest?")
    return tr("Ask: how many people are in the family?")


GROWN = 18


LONGEST_ON_CHIP = 18


def collectors(members: Sequence[MemberRow], last: UUID | None = None) -> list[tuple[object, str, int]]:
    """Who may be collecting, each with the digit of the family table, who collected last before the others; 0 is somebody else."""
    able = [m for m in members if may_collect(m)] or [m for m in members if m.presence is Presence.HERE]
    chips = [(m.person_id, _on_chip(m.given_name or m.family_name or tr("without name")), m.no) for m in able if m.no <= 9]
    chips.sort(key=lambda chip: chip[0] != last)
    return [*chips, ("other", tr("not of the family"), 0)]


def _on_chip(name: str) -> str:
    """A name that no chip could hold is shortened: the digit says who it is."""
    return name if len(name) <= LONGEST_ON_CHIP else f"{name[:LONGEST_ON_CHIP].rstrip()}…"


# ── what they had ────────────────────────────────────────────────────────────────────────────────


def signed_on(row: HistoryRow) -> str:
    """On which day, sheet and line it was signed for."""
    return tr("{day}, signed {place}", day=on_day(row.day), place=str(row.signed_at))


def earlier(history: Iterable[HistoryRow], day: date) -> list[HistoryRow]:
    """The hand-overs of the last 30 days."""
    return [row for row in history if row.day >= day - EARLIER]


def what_was_given(row: HistoryRow) -> str:
    """The items; a cancelled one says so."""
    words = given_first(row.given)
    return tr("cancelled: {what}", what=given(row.given)) if row.is_cancelled else words


def one_line(rows: Sequence[HistoryRow]) -> str:
    """The folded page: the newest hand-over that counts, in one line."""
    last = next((row for row in rows if not row.is_cancelled), None)
    if last is None:
        return tr("Nothing was given in the last 30 days")
    return tr("Before: {day}, {what}", day=on_day(last.day), what=given(last.given))


# ── aloud ────────────────────────────────────────────────────────────────────────────────────────


def aloud(rows: Sequence[AllowanceRow]) -> str:
    """“Say: …” whenever something is not today: the two days that come next; empty otherwise."""
    days = sorted({row.next_day for row in rows if row.state is AllowanceState.NOT_TODAY and row.next_day})
    if not days:
        return ""
    again = "; ".join(_again(rows, day) for day in days[:TOLD_DAYS])
    now = [short_name(row.item_names) for row in rows if row.state.gives]
    today = tr("Today there is: {items}.", items=", ".join(now)) if now else tr("Nothing more today.")
    return tr("Say: “{later}. {today}”", later=again[:1].upper() + again[1:], today=today)


TOLD_DAYS = 2
"""A sentence said aloud is short: what comes later stands in its row."""


def _again(rows: Sequence[AllowanceRow], day: date) -> str:
    items = [short_name(row.item_names) for row in rows if row.state is AllowanceState.NOT_TODAY and row.next_day == day]
    return tr("{item}: from {day}", item=", ".join(items), day=on_day(day))


def under_name(row: AllowanceRow, quantity: int | None) -> str:
    """The second line of an allowance: per whom, when last, or why not."""
    if row.state.gives:
        says_why = row.promises or row.is_limited
        parts = [i18n.render((row.reason if says_why else row.basis.text), i18n.language())]
        if quantity is not None and quantity < row.due:
            return " · ".join([*parts, tr("less than due")])
        return " · ".join(parts + ([tr("last {day}", day=on_day(row.last_day))] if row.last_day else []))
    if row.state is AllowanceState.NONE_LEFT:
        return tr("book 0")
    if row.state is AllowanceState.WAITING and row.waiting is not None:
        return tr("wait list, {day}", day=on_day(row.waiting.since))
    if row.state is AllowanceState.NOT_TODAY and row.last_day is not None:
        return " · ".join([tr("not today"), tr("last {day}", day=on_day(row.last_day))])
    return i18n.render(row.reason, i18n.language())
