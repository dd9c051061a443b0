"""R10: what was out of the ordinary that day, each with its reason: cancelled, allowed more, similar records, deeds to answer for.

Reads hand-overs, words about pairs and the journal of the day. No family is named; reasons stand as they were written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.actor import Actor
from aidtrack.domain.deeds import DEEDS, OUT_OF_THE_ORDINARY
from aidtrack.domain.disputes import Outcome
from aidtrack.domain.handover import GoodsAre, SheetLine, VoidKind, WhyMore
from aidtrack.errors import Text
from aidtrack.services.days.still_cancelled import still_cancelled
from aidtrack.services.overview.exception_figures import (
    CancelledFigures,
    DeclaredFigures,
    DeedFigures,
    LookUpFigures,
    MoreFigures,
    NewHomeFigures,
    TurnedAwayFigures,
)
from aidtrack.services.overview.figures import (
    ExceptionReport,
)
from aidtrack.services.overview.heading import Frame, frame_of
from aidtrack.services.people import declared_of_day, lookups_without_action
from aidtrack.services.queueing import turned_away
from aidtrack.store.days import Desk
from aidtrack.store.handover import Approval, HandOver, HandOverLine, HandOverVoid
from aidtrack.store.identity import PersonLink, SimilarPair
from aidtrack.store.journal import Operation
from aidtrack.store.on_paper import PaperEntry, on_the_spot
from aidtrack.store.queueing import Dispute
from aidtrack.store.stock import Document, Item

_SAME, _DIFFERENT = "same", "different"
_Moved = aliased(HandOverVoid)
_PAPER, _WITH_FAMILY = Text("given on paper"), Text("was with the family already")
_TYPED_WRONGLY = Text("typed in wrongly from paper")
_ON_PAPER = select(PaperEntry.hand_over_id).where(PaperEntry.hand_over_id == HandOver.id).exists()
_MOVED = select(_Moved.id).where(_Moved.replaced_by_id == HandOver.id, _Moved.goods == GoodsAre.OTHER_FAMILY.value).exists()


def count_exceptions(session: Session, by: Actor, day: date) -> ExceptionReport:
    """What was out of the ordinary on a day; of a closed day as it was closed."""
    frame = frame_of(session, by, day)
    links = _words(session, frame)
    return ExceptionReport(
        heading=frame.heading,
        cancelled=tuple(_cancelled(session, frame)),
        more=tuple(_more(session, frame)),
        deeds=tuple(_deeds(session, frame)),
        to_give_again=tuple(str(line) for line in still_cancelled(session, frame.site_id, frame.day, frame.until)),
        joined=links[_SAME],
        told_apart=links[_DIFFERENT],
        left_open=_left_open(session, frame),
        look_ups=tuple(_look_ups(session, by, frame)),
        turned_away=tuple(_turned_away(session, by, frame)),
        declared=tuple(DeclaredFigures(*row) for row in declared_of_day(session, by, frame.day)),
        new_homes=tuple(_new_homes(session, frame)),
    )


def _cancelled(session: Session, frame: Frame) -> Iterable[CancelledFigures]:
    """Those that were cancelled on this day, whenever they were handed over."""
    units = select(func.coalesce(func.sum(HandOverLine.quantity), 0)).where(HandOverLine.hand_over_id == HandOver.id)
    query = (
        select(HandOverVoid.at, HandOverVoid.goods, HandOverVoid.reason, HandOver.sheet, HandOver.line, Desk.number,
               units.scalar_subquery().label("units"), _ON_PAPER.label("on_paper"), _ended_by().label("ended_by"))
        .join(HandOver, HandOver.id == HandOverVoid.hand_over_id)
        .join(Desk, Desk.id == HandOver.desk_id)
        .where(HandOver.site_id == frame.site_id, HandOverVoid.day == frame.day)
        .where(HandOverVoid.kind != VoidKind.EXCHANGED)
        .order_by(HandOverVoid.at, HandOverVoid.id)
    )  # fmt: skip
    for row in session.execute(query):
        signed = SheetLine(str(row.number), row.sheet, row.line)
        at = frame.local(row.at).time().replace(microsecond=0)
        part_of = Outcome(row.ended_by).text if row.ended_by else _TYPED_WRONGLY if row.on_paper else None
        yield CancelledFigures(at, str(row.number), str(signed), int(row.units), GoodsAre(row.goods).text, row.reason, part_of)


def _ended_by() -> ScalarSelect[str]:
    """How the dispute ended that cancelled the hand-over."""
    takes_back = (Outcome.OUR_ERROR.value, Outcome.WRONG_FAMILY.value)
    mine = (Dispute.hand_over_id == HandOver.id, Dispute.outcome.in_(takes_back), Dispute.at <= HandOverVoid.at)
    return select(Dispute.outcome).where(*mine).order_by(Dispute.at.desc()).limit(1).scalar_subquery()


def _more(session: Session, frame: Frame) -> Iterable[MoreFigures]:
    line = HandOverLine
    query = (
        select(HandOver.at, Desk.number, Item.names, line.allowed, line.quantity, Approval, _ON_PAPER, _MOVED)
        .join(HandOver, HandOver.id == line.hand_over_id)
        .join(Desk, Desk.id == HandOver.desk_id)
        .join(Item, Item.id == line.item_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .outerjoin(Approval, Approval.hand_over_id == HandOver.id)
        .where(HandOver.site_id == frame.site_id, HandOver.day == frame.day, line.quantity > line.allowed)
        .where(HandOverVoid.id.is_(None) | (HandOverVoid.day > frame.day))
        .order_by(HandOver.at, line.no)
    )
    for at, window, names, allowed, given, approval, on_paper, moved in session.execute(query):
        when = frame.local(at).time().replace(microsecond=0)
        happened = _PAPER if on_paper else _WITH_FAMILY if moved else None
        yield MoreFigures(when, str(window), names, allowed, given, *_why(approval), happened)


def _new_homes(session: Session, frame: Frame) -> Iterable[NewHomeFigures]:
    """What was given in a new home's own window, batches of one line together."""
    line = HandOverLine
    query = (
        select(HandOver.at, Desk.number, HandOver.sheet, HandOver.line, Item.names, func.sum(line.quantity).label("given"))
        .join(HandOver, HandOver.id == line.hand_over_id)
        .join(Desk, Desk.id == HandOver.desk_id)
        .join(Item, Item.id == line.item_id)
        .outerjoin(HandOverVoid, HandOverVoid.hand_over_id == HandOver.id)
        .where(HandOver.site_id == frame.site_id, HandOver.day == frame.day, line.by_new_home)
        .where(HandOverVoid.id.is_(None) | (HandOverVoid.day > frame.day))
        .group_by(HandOver.id, HandOver.at, Desk.number, HandOver.sheet, HandOver.line, Item.id, Item.names)
        .order_by(HandOver.at, HandOver.id, Item.id)
    )
    for row in session.execute(query):
        at = frame.local(row.at).time().replace(microsecond=0)
        signed = SheetLine(str(row.number), row.sheet, row.line)
        yield NewHomeFigures(at, str(row.number), str(signed), row.names, int(row.given))


def _why(approval: Approval | None) -> tuple[Text | None, str, str]:
    """Why more was allowed, in which words, and by whom."""
    return (WhyMore(approval.reason).text, approval.note, approval.approver_name) if approval is not None else (None, "", "")


def _deeds(session: Session, frame: Frame) -> Iterable[DeedFigures]:
    """Every kind that was done, with the reasons given, in the order of the list."""
    query = select(Operation.kind, Operation.reason).where(
        Operation.site_id == frame.site_id,
        Operation.day == frame.day,
        Operation.at <= frame.until,
        Operation.kind.in_(OUT_OF_THE_ORDINARY),
    )
    reasons: dict[str, list[str]] = defaultdict(list)
    for kind, reason in session.execute(query.order_by(Operation.arrival)):
        reasons[kind].append(reason)
    reasons["spot_count"] += [""] * (_spot_counts(session, frame) - len(reasons["spot_count"]))
    for kind in OUT_OF_THE_ORDINARY:
        if reasons[kind]:
            said = tuple(dict.fromkeys(reason for reason in reasons[kind] if reason))
            yield DeedFigures(DEEDS[kind], len(reasons[kind]), said)


def _spot_counts(session: Session, frame: Frame) -> int:
    """How often “it is on the shelf” was said: most of them are a part of a hand-over and no deed of their own."""
    mine = (Document.site_id == frame.site_id, Document.day == frame.day, Document.at <= frame.until, on_the_spot())
    return session.scalar(select(func.count(Document.id)).where(*mine)) or 0


def _look_ups(session: Session, by: Actor, frame: Frame) -> Iterable[LookUpFigures]:
    for row in lookups_without_action(session, by, frame.day):
        if row.at <= frame.until:
            at = frame.local(row.at).time().replace(microsecond=0)
            yield LookUpFigures(at, row.card_tail, row.how.text, row.times)


def _turned_away(session: Session, by: Actor, frame: Frame) -> Iterable[TurnedAwayFigures]:
    for row in turned_away(session, by, frame.day):
        if row.at <= frame.until:
            at = frame.local(row.at).time().replace(microsecond=0)
            yield TurnedAwayFigures(at, row.card_tail, row.said.text, row.next_day, row.came_in)


# ── similar records ──────────────────────────────────────────────────────────────────────────────


def _words(session: Session, frame: Frame) -> dict[str, int]:
    """Pairs joined and told apart that day, by the last word of the day about each."""
    query = (
        select(PersonLink.a_id, PersonLink.b_id, PersonLink.verdict)
        .join(Operation, Operation.id == PersonLink.operation_id)
        .where(Operation.site_id == frame.site_id, PersonLink.day == frame.day, PersonLink.at <= frame.until)
        .order_by(PersonLink.no)
    )
    last = {(a, b): verdict for a, b, verdict in session.execute(query)}
    return {verdict: sum(one == verdict for one in last.values()) for verdict in (_SAME, _DIFFERENT)}


def _left_open(session: Session, frame: Frame) -> int:
    """Pairs left for an evening by the end of that day and never spoken about by then."""
    spoken = select(PersonLink.a_id, PersonLink.b_id).where(PersonLink.at <= frame.until)
    known = {(a, b) for a, b in session.execute(spoken)}
    left = select(SimilarPair.a_id, SimilarPair.b_id).where(SimilarPair.at <= frame.until).distinct()
    return sum((a, b) not in known for a, b in session.execute(left))
