"""What a family carries away from a window: its number in the queue, and what it received.

No name stands on either. Where the public reads two languages, the second one stands small under each sentence. Owns the layouts for the
80 mm roll and A6; numbers, waits and dates are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from reportlab.lib.units import mm

from aidtrack import i18n
from aidtrack.domain.queueing.slots import slot_text
from aidtrack.errors import Names, Text
from aidtrack.reports import fonts
from aidtrack.reports.catalogue import SlipSize
from aidtrack.reports.fonts import BOLD, NARROW, TEXT
from aidtrack.reports.page import A6, HEAVY, Draw, Paper, Sheet, Stamp, Words, document, roll, stamp_of, unseen
from aidtrack.services.overview import ComeBackSlip, HandOverSlip, OwedSlip, SlipLine, TicketSlip

_ROLL_MM = 72.0
_MEASURING = 600.0
_ALSO, _ALSO_STEP = 8.5, 3.7
"""Size and step of the second language: the least that stays readable after a week in a pocket."""
_CLOSEST = 0.94
"""Of the size on a roll, so close may a sheet be set: its smallest letters are 8 points then."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words as the family reads them: in the language of the slip, and in the other public one where there is one and it differs."""

    own: str
    also: str = ""


def ticket_pdf(slip: TicketSlip, lang: str, size: SlipSize = SlipSize.ROLL) -> bytes:
    """The slip of a number."""
    stamp = stamp_of(slip.heading, f"T-{slip.label.replace(' ', '')}")
    return _slip(partial(_ticket, slip, stamp), stamp, lang, size)


def hand_over_pdf(slip: HandOverSlip, lang: str, size: SlipSize = SlipSize.ROLL) -> bytes:
    """The slip of a hand-over."""
    stamp = stamp_of(slip.heading, f"H-{slip.sheet}/{slip.line:02}")
    return _slip(partial(_hand_over, slip, stamp), stamp, lang, size)


def owed_pdf(slip: OwedSlip, lang: str, size: SlipSize = SlipSize.ROLL) -> bytes:
    """The slip of a place in the wait list, or of a promise."""
    stamp = stamp_of(slip.heading, "W" if slip.until is None else "P")
    return _slip(partial(_owed, slip, stamp), stamp, lang, size)


class _Roll:
    """A slip being written from above downwards, everything in the proportions of its paper.

    A rule ends a part (`cuts`: where, in mm); head and foot stand around them. Given `parts`, only those are seen, one under the other.
    """

    def __init__(self, sheet: Sheet, closer: float = 1.0, parts: range | None = None) -> None:
        self.sheet = sheet
        self.cuts: list[float] = []
        self._parts, self._canvas, self._seen_down = parts, sheet.canvas, 0.0
        self.scale = sheet.paper.usable / _ROLL_MM * closer
        self.left = sheet.paper.left
        self.edge = sheet.paper.edge
        self.down = sheet.paper.top

    def step(self, by: float) -> float:
        """Goes down and says where it is now."""
        self.down += by * self.scale
        return self.down

    def both(self, words: Words | Said) -> Said:
        """The words in both languages; a string says the same in each."""
        return words if isinstance(words, Said) else Said(self.sheet.say(words), self.sheet.also(words))

    def said(self, make: Callable[[str], str]) -> Said:
        """What is put together in each language by itself: a day, a name."""
        own, other = make(self.sheet.lang), self.sheet.other
        also = make(other) if other else ""
        return Said(own, "" if also == own else also)

    def name(self, names: Names) -> Said:
        """The name of an item."""
        return self.said(partial(i18n.pick, names))

    def line(self, words: Words | Said, face: str = TEXT, size: float = 9.5, step: float = 4.5) -> None:
        """Words over the whole width, wrapped."""
        said = self.both(words)
        self.down += (step - 4.5) * self.scale
        for line in self._wrapped(said.own, face, size, self.edge - self.left):
            self.sheet.text(self.left, self.step(4.5), line, face, size * self.scale)
        self.also(said.also)

    def also(self, words: str) -> None:
        """The second language over the whole width, wrapped; nothing where there is none."""
        for line in self._wrapped(words, NARROW, _ALSO, self.edge - self.left) if words else ():
            self.sheet.text(self.left, self.step(_ALSO_STEP), line, NARROW, _ALSO * self.scale)

    def block(self, x: float, down: float, words: Words, room: float) -> float:
        """A paragraph of both languages beside something else; returns the foot of the line that would follow."""
        k, said = self.scale, self.both(words)
        down = self.sheet.block(x, down, said.own, room, TEXT, 9 * k, 4.2 * k)
        return self.sheet.block(x, down - 0.4 * k, said.also, room, NARROW, _ALSO * k, _ALSO_STEP * k) + 0.5 * k if said.also else down

    def _wrapped(self, words: str, face: str, size: float, room: float) -> tuple[str, ...]:
        return fonts.wrap(words, face, size * self.scale, room * mm)

    def pair(self, words: Words | Said, value: Words | Said, step: float = 5.9, size: float = 10.5) -> None:
        """A label on the left and its answer, bold, on the right; the second language of both under them, of the label alone beside it
        where there is room."""
        said, answer, at, k = self.both(words), self.both(value), self.step(step), self.scale
        room = self.edge - self.left - self.sheet.wide(answer.own, BOLD, size * k) - 2
        self.sheet.text(self.edge, at, answer.own, BOLD, size * k, "right")
        smaller = self.sheet.fitted(self.left, at, said.own, room, TEXT, (size - 0.5) * k)
        used = self.sheet.wide(said.own, TEXT, smaller)
        if not answer.also and said.also and used + 2 + self.sheet.wide(said.also, NARROW, _ALSO * k) <= room:
            self.sheet.text(self.left + used + 2, at, said.also, NARROW, _ALSO * k)
        elif said.also or answer.also:
            self._pair_under(said.also, answer.also)

    def _pair_under(self, label: str, answer: str) -> None:
        at, size = self.step(_ALSO_STEP), _ALSO * self.scale
        used = self.sheet.text(self.edge, at, answer, NARROW, size, "right") if answer else 0.0
        self.sheet.fitted(self.left, at, label, self.edge - self.left - used - 2, NARROW, size)

    def rule(self, step: float, thick: float = 0.8) -> None:
        self.sheet.rule(self.left, self.step(step), self.edge, thick)
        self._end_part()

    def _end_part(self) -> None:
        self.cuts.append(self.down)
        self._be_seen(self._parts is None or len(self.cuts) in self._parts)

    def _be_seen(self, is_seen: bool) -> None:
        """What stands on another sheet is written where nobody sees it; what is seen again goes on where it stopped."""
        was_seen = self.sheet.canvas is self._canvas
        if was_seen and not is_seen:
            self._seen_down, self.sheet.canvas = self.down, unseen()
        elif is_seen and not was_seen:
            self.down, self.sheet.canvas = self._seen_down, self._canvas

    def head(self, stamp: Stamp) -> None:
        """Centre and day."""
        at = self.step(4)
        day = i18n.day_short(stamp.day, self.sheet.lang)
        used = self.sheet.wide(day, BOLD, 10 * self.scale)
        self.sheet.text(self.edge, at, day, BOLD, 10 * self.scale, "right")
        self.sheet.fitted(self.left, at, stamp.site, self.edge - self.left - used - 3, BOLD, 10 * self.scale)
        self.rule(1.9, HEAVY)

    def code(self, content: str, beside: Callable[[float, float, float], None]) -> None:
        """The QR with words beside it."""
        top, size = self.step(4.4), 20.5 * self.scale
        self.sheet.qr(self.left, top, size, content)
        beside(self.left + size + 4 * self.scale, top, self.edge - self.left - size - 4 * self.scale)
        self.down = max(self.down, top + size)

    def foot(self, stamp: Stamp, window: str) -> None:
        """Ends the last part, and stands on every sheet."""
        self._end_part()
        self._be_seen(True)
        self.sheet.rule(self.left, self.step(3.6), self.edge, 0.8)
        at = self.step(3.7)
        chain = " · " + self.sheet.say(Text("day {chain}", chain=stamp.chain)) if stamp.chain else ""
        where = self.sheet.say(Text("window {n}", n=window)) + " · " if window else ""
        right = where + self.sheet.sheet_of()
        used = self.sheet.wide(right, NARROW, 8 * self.scale)
        self.sheet.text(self.edge, at, right, NARROW, 8 * self.scale, "right")
        self.sheet.fitted(self.left, at, stamp.number + chain, self.edge - self.left - used - 2, NARROW, 8 * self.scale)


Write: TypeAlias = Callable[[_Roll], None]


def _slip(write: Write, stamp: Stamp, lang: str, size: SlipSize) -> bytes:
    """A roll is cut where the slip ends, so it is written once to measure it."""
    title, other = f"AidTrack {stamp.number}", stamp.other(lang)
    if size is SlipSize.A6:
        made = _sheets(write, partial(_measured, write, lang, other))
        return document(A6, lang, title, [draw for _, draw in made], [paper for paper, _ in made], other)
    height = _measured(write, lang, other, roll(_MEASURING), 1.0).down + 6
    return document(roll(round(height, 1)), lang, title, [lambda sheet: write(_Roll(sheet))], other=other)


def _measured(write: Write, lang: str, other: str, paper: Paper, closer: float) -> _Roll:
    """Written where nobody sees it: how far down it comes, and where its parts end."""
    at = _Roll(Sheet(unseen(), paper, lang, other=other), closer)
    write(at)
    return at


def _sheets(write: Write, measured: Callable[[Paper, float], _Roll]) -> list[tuple[Paper, Draw]]:
    """On A6 it is set closer to hold everything; what is longer still goes on, part by part, on another sheet with head and foot."""
    edges, long = A6.top + A6.bottom + 2, replace(A6, height=_MEASURING)
    height = measured(long, 1.0).down + A6.bottom + 2
    closer = max(_CLOSEST * _ROLL_MM / A6.usable, min(1.0, (A6.height - edges) / (height - edges)))
    whole = measured(long, closer)
    around = whole.cuts[0] + whole.down - whole.cuts[-1] + A6.bottom + 2
    return [
        (replace(A6, height=max(A6.height, round(around + high, 1))), partial(_draw, write, closer, parts))
        for parts, high in _shared_out(whole.cuts, A6.height - around)
    ]


def _draw(write: Write, closer: float, parts: range, sheet: Sheet) -> None:
    write(_Roll(sheet, closer, parts))


def _shared_out(cuts: Sequence[float], room: float) -> list[tuple[range, float]]:
    """Which parts stand on which sheet, and how high they are together; a part is never torn, its sheet is longer rather."""
    found: list[tuple[range, float]] = [(range(1, 1), 0.0)]
    for part, (begin, end) in enumerate(pairwise(cuts), 1):
        parts, high = found[-1]
        if parts and high + end - begin > room:
            found.append((range(part, part + 1), end - begin))
        else:
            found[-1] = range(parts.start, part + 1), high + end - begin
    return found


def _ticket(slip: TicketSlip, stamp: Stamp, at: _Roll) -> None:
    at.head(stamp)
    at.line(Text("Your number · {lane}", lane=slip.lane), TEXT, 10, 5)
    sheet = at.sheet
    sheet.fitted((at.left + at.edge) / 2, at.step(21.5), slip.label, at.edge - at.left, BOLD, 66 * at.scale, "middle")
    at.rule(4.4)
    at.pair(Text("issued at"), slip.issued, 5.4)
    _when(slip, at)
    at.rule(3)
    at.line(Text("Have ready"), BOLD, 10, 5.2)
    at.line(Text("the family card, if there is one. Documents are not required."))
    at.line(Text("Alarm? Go to the shelter."), BOLD, 10, 5.6)
    at.line(Text("Your number keeps its place. We call it again."))
    at.code(slip.code, partial(_outside, at, slip.heading.phone, Text("No name on this number.")))
    at.foot(stamp, slip.window)


def _when(slip: TicketSlip, at: _Roll) -> None:
    """How long it takes, the hour of tomorrow, or the window of the shift lead."""
    if slip.slot is not None:
        day, hour = slip.slot
        at.line(at.said(lambda lang: i18n.render(Text("Come on {day}", day=i18n.day_in_words(day, lang)), lang)), BOLD, 13, 6.6)
        if hour is not None:
            at.line(slot_text(hour), BOLD, 13, 5.8)
        at.line(Text("Show this paper at the door: your number is among the first."), TEXT, 9.5, 5.2)
        return
    if slip.at_window:
        at.line(Text("Shift lead: window {n}", n=slip.at_window), BOLD, 13, 6.6)
        at.line(Text("You need not queue again. You keep the time of your number."), TEXT, 10, 5.2)
        return
    at.pair(Text("before you"), Text.plural("{n} number", "{n} numbers", n=slip.ahead))
    if slip.minutes is not None:
        at.pair(Text("the wait, about"), _wait(slip.minutes))


def come_back_pdf(slip: ComeBackSlip, lang: str, size: SlipSize = SlipSize.ROLL) -> bytes:
    """What a family is told that comes too early: from which day what."""
    stamp = stamp_of(slip.heading, "Z")
    return _slip(partial(_come_back, slip, stamp), stamp, lang, size)


def _come_back(slip: ComeBackSlip, stamp: Stamp, at: _Roll) -> None:
    at.head(stamp)
    first = slip.again[0][1] if slip.again else None
    at.line(_come_from(at, first) if first else Text("Nothing today"), BOLD, 15, 7.4)
    at.pair(Text("card … {tail}", tail=slip.card_tail), slip.at, 6, 10)
    at.rule(3)
    for names, day in slip.again:
        at.pair(at.name(names), _from(at, day), 5.4, 10)
    at.rule(3)
    at.line(Text("Nobody lost anything: the time since the last visit is not over yet."), TEXT, 9.5, 5.2)
    at.line(Text("Not right? Ask for the shift lead today, with this paper."), TEXT, 9.5, 4.8)
    at.step(1.5)
    _outside(at, slip.heading.phone, None, at.left, at.down, at.edge - at.left)
    at.step(3)
    at.foot(stamp, "")


def _come_from(at: _Roll, day: date) -> Said:
    return at.said(lambda lang: i18n.render(Text("Please come from {day}", day=i18n.day_in_words(day, lang)), lang))


def _from(at: _Roll, day: date) -> Said:
    return at.said(lambda lang: i18n.render(Text("from {day}", day=i18n.day_in_words(day, lang)), lang))


def _wait(minutes: int) -> Text:
    return Text.plural("{n} minute", "{n} minutes", n=minutes) if minutes else Text("no wait")


def _outside(at: _Roll, phone: str, last: Text | None, x: float, top: float, room: float) -> None:
    """Help costs nothing, and a complaint goes to a telephone that is not ours."""
    k = at.scale
    words = (
        Text("Help is free of charge. A complaint or a question, not to us:")
        if phone
        else Text("Help is free of charge.")
    )
    down = at.block(x, top + 3.2 * k, words, room)
    if phone:
        at.sheet.fitted(x, down + 0.5 * k, phone, room, BOLD, 10.5 * k)
        down += 5.2 * k
    if last:
        down = at.sheet.block(x, down, at.sheet.both(last), room, NARROW, _ALSO * k, _ALSO_STEP * k)
    at.down = max(at.down, down - 3 * k)


def _hand_over(slip: HandOverSlip, stamp: Stamp, at: _Roll) -> None:
    at.head(stamp)
    at.line(Text("The family received"), BOLD, 13, 6.2)
    at.pair(at.said(partial(_whose, slip)), slip.at, 5.6, 10)
    _given(slip, at)
    if slip.owed:
        _promised(slip, at)
    if slip.waiting:
        _missing(slip.waiting, at, WAIT_WORDS)
    if slip.missing:
        _missing(slip.missing, at, Text("Ask again when it comes. This is not a promise."))
    if slip.again:
        _again(slip, at)
    at.line(Text("Who collects: {collector}", collector=slip.collector), TEXT, 9, 5.2)
    at.line(Text("Signature: sheet {sheet}, line {line}", sheet=slip.sheet, line=str(slip.line)), TEXT, 9, 4.3)
    if slip.stamp:
        at.line(Text("On the card: stamp box {n}", n=slip.stamp), TEXT, 9, 4.3)
    at.code(slip.code, partial(_mistake, at, slip.heading.phone))
    at.foot(stamp, slip.window)


def _whose(slip: HandOverSlip, lang: str) -> str:
    """карта … 5570 · 4 человека"""
    card, people = Text("card … {tail}", tail=slip.card_tail), Text.plural("{n} person", "{n} people", n=slip.people)
    return f"{i18n.render(card, lang)} · {i18n.render(people, lang)}"


def _given(slip: HandOverSlip, at: _Roll) -> None:
    sheet, k = at.sheet, at.scale
    number_at = at.left + 50 * k
    sheet.text(number_at, at.step(4.6), sheet.both(_HOW_MANY), NARROW, 8.5 * k, "right")
    at.rule(1.6, HEAVY)
    for line in slip.given:
        base, name = at.step(5.2), at.name(line.names)
        sheet.fitted(at.left, base, name.own, 40 * k, TEXT, 9.5 * k)
        sheet.text(number_at, base, sheet.number(line.quantity), BOLD, 11 * k, "right")
        sheet.fitted(number_at + 2.6 * k, base, line.unit, at.edge - number_at - 2.6 * k, TEXT, 9 * k)
        at.also(name.also)
        if line.back_by:
            at.line(_lent(at, line.back_by), BOLD, 9, 4.3)
        at.rule(1.6)


_HOW_MANY = Text("how many")


def _lent(at: _Roll, day: date) -> Said:
    return at.said(lambda lang: i18n.render(Text("lent, please bring back by {day}", day=i18n.day_in_words(day, lang)), lang))


def _missing(lines: Sequence[SlipLine], at: _Roll, what: Text) -> None:
    at.line(Text("There was none today"), BOLD, 10, 5.4)
    for line in lines:
        at.line(at.said(partial(_named, line)), TEXT, 9.5)
    at.line(what, TEXT, 9, 4.3)
    at.rule(3)


def _named(line: SlipLine, lang: str) -> str:
    """Комплект постельного белья, 4"""
    return f"{i18n.pick(line.names, lang)}, {i18n.number(line.quantity, lang)}"


def _promised(slip: HandOverSlip, at: _Roll) -> None:
    at.line(Text("Put aside or on its way for the family"), BOLD, 10, 5.4)
    for line, until in slip.owed:
        at.pair(at.said(partial(_named, line)), at.said(partial(i18n.day_in_words, until)), 5, 9.5)
    at.rule(2.6)


WAIT_WORDS = Text("We will post your card number here when it comes. This is not a promise.")


def _owed(slip: OwedSlip, stamp: Stamp, at: _Roll) -> None:
    at.head(stamp)
    is_wait = slip.until is None
    title = Text("Wait list") if is_wait else Text("Put aside for the family") if slip.is_aside else Text("Promised to the family")
    at.line(title, BOLD, 13, 6.2)
    at.pair(Text("card … {tail}", tail=slip.card_tail), "", 5.6, 10)
    number = f"{at.sheet.number(slip.quantity)} {at.sheet.say(slip.unit)}"
    at.pair(at.name(slip.names), number, 6.2)
    at.rule(1.8, HEAVY)
    if slip.until is None:
        at.line(WAIT_WORDS, TEXT, 10.5, 6)
    else:
        day = at.said(partial(i18n.weekday_and_day, slip.until))
        at.pair(Text("kept until") if slip.is_aside else Text("comes on"), day, 6.4, 12)
        at.line(_what_to_do(slip.is_aside), TEXT, 9.5, 5)
    at.step(2)
    _outside(at, slip.heading.phone, Text("No name stands here."), at.left, at.down, at.edge - at.left)
    at.step(3)
    at.foot(stamp, "")


def _what_to_do(is_aside: bool) -> Text:
    if is_aside:
        return Text("It stands ready. Come with the family card, no need to wait in line twice.")
    return Text("When it comes your card number is posted here. If the day changes, the new one is posted here too.")


def _again(slip: HandOverSlip, at: _Roll) -> None:
    at.line(Text("When again"), BOLD, 10, 5.4)
    for names, day in slip.again:
        at.pair(at.name(names), _from(at, day), 5, 9.5)
    at.rule(2.6)


def _mistake(at: _Roll, phone: str, x: float, top: float, room: float) -> None:
    k = at.scale
    words = Text("A mistake? Come to the shift lead today with this paper.")
    down = at.block(x, top + 3.2 * k, words, room) + 0.8 * k
    free = (
        Text("Help is free of charge. A complaint, not to us: {phone}", phone=phone.replace(" ", "\u00a0"))
        if phone
        else Text("Help is free of charge.")
    )
    down = at.block(x, down, free, room)
    at.down = max(at.down, down - 3 * k)
