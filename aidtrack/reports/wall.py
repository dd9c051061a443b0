"""The rule of the queue for the wall: who is called when, in words and numbers that come from the rule itself. A page a public language.

Fairness must be seen: what hangs here is what `domain.queueing` does, and the reason on the screen is one of these sentences.
"""

from __future__ import annotations

from functools import partial

from aidtrack import i18n
from aidtrack.domain.queueing import CALLS_BEFORE_MISSED, FEW_FAMILIES, KEPT_FOR, MAX_WAIT, TICKETS_BEFORE_RETURN, Lane
from aidtrack.errors import Text
from aidtrack.reports.fonts import BOLD, TEXT
from aidtrack.reports.page import A4, HEAVY, Draw, Sheet, Stamp, document
from aidtrack.services.overview import WallRule

TITLE = Text("How numbers are called")
_LETTER, _WORDS_X = 34.0, 24.0


def make_pdf(rule: WallRule, stamp: Stamp, lang: str) -> bytes:
    """One page in each public language of the centre; in another language, if that one is asked for, alone."""
    public = rule.heading.languages
    said = public if lang in public else (lang,)
    pages: list[Draw] = [partial(_page, rule, stamp, one) for one in said]
    return document(A4, lang, f"AidTrack {stamp.number}", pages)


def _page(rule: WallRule, stamp: Stamp, lang: str, sheet: Sheet) -> None:
    sheet.lang = lang
    sheet.head(stamp)
    sheet.fitted(A4.left, 29, TITLE, A4.usable, BOLD, 30)
    down = 44.0
    for lane in Lane:
        down = _lane(lane, down, sheet)
    sheet.rule(A4.left, down - 4, A4.edge, HEAVY)
    down += 5
    for words in _for_everybody():
        down = sheet.block(A4.left, down, words, A4.usable, TEXT, 15, 6.6) + 3.6
    sheet.block(A4.left, down + 3, _free(rule.heading.phone), A4.usable, BOLD, 15, 6.6)
    sheet.foot(stamp)


def _lane(lane: Lane, down: float, sheet: Sheet) -> float:
    """The letter as large as on a slip, its name, and what it means."""
    sheet.text(A4.left, down + 9, str(lane), BOLD, _LETTER)
    x, room = A4.left + _WORDS_X, A4.usable - _WORDS_X
    sheet.fitted(x, down + 1, lane.text, room, BOLD, 18)
    end = sheet.block(x, down + 9, _meaning(lane, sheet.lang), room, TEXT, 14, 6.2)
    return max(end, down + 13) + 6


def _meaning(lane: Lane, lang: str) -> Text:
    whole = int(lane.weight)
    weight = i18n.number(whole, lang) if whole == lane.weight else i18n.decimal(lane.weight, lang)
    match lane:
        case Lane.A:
            return Text("In the order of the numbers. Every third call goes to this line, however many wait in the others.")
        case Lane.K:
            return Text(
                "Over 65, pregnant, with a baby, unable to stand: say so at the door, no proof is asked. "
                "A minute of waiting counts {weight} times.",
                weight=weight,
            )
        case Lane.M:
            return Text("Who comes again, also with a number of yesterday: short visits. A minute counts {weight} times.", weight=weight)
    return Text("Who collects for more than {n} families. A minute counts {weight} times.", n=FEW_FAMILIES, weight=weight)


def _for_everybody() -> tuple[Text, ...]:
    return (
        Text("Next is the number whose minutes count most."),
        Text("Whoever has waited {minutes} minutes is next, in whichever line: nobody is forgotten.", minutes=_minutes(MAX_WAIT)),
        Text(
            "Not there when called? You come up again after {others} others, after {longest} minutes of waiting after one. "
            "Called {calls} times, the number keeps its place for {minutes} minutes.",
            others=TICKETS_BEFORE_RETURN,
            longest=_minutes(MAX_WAIT),
            calls=CALLS_BEFORE_MISSED,
            minutes=_minutes(KEPT_FOR),
        ),
        Text("Alarm or pause: the clock stands still, every number keeps its place."),
        Text("Who cannot wait at all is fetched by our people. Otherwise a number is called before others only with a written reason."),
    )


def _minutes(span: object) -> int:
    return int(span.total_seconds() // 60)  # type: ignore[attr-defined]


def _free(phone: str) -> Text:
    if phone:
        return Text("Help is free of charge. A complaint, not to us: {phone}", phone=phone.replace(" ", "\u00a0"))
    return Text("Help is free of charge.")
