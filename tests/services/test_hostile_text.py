"""Text nobody expects in every free field of what people write about goods, promises, disputes and papers: it is kept or answered in one
sentence, nothing half is left behind, the same with plain words goes through, and every paper can still be printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import String, func, select

from aidtrack import i18n
from aidtrack.domain.days import Period
from aidtrack.domain.disclosures import DisclosureDraft, Extent
from aidtrack.domain.handover import (
    GoodsAre,
    GoodsDraft,
    HandOverDraft,
    LineDraft,
    MoreDraft,
    UnregisteredDraft,
    WhyMore,
)
from aidtrack.domain.lending import LoanEnd
from aidtrack.domain.on_paper import PaperLine
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft
from aidtrack.domain.queueing import Lane
from aidtrack.domain.stock import (
    ArrivalLine,
    CountDraft,
    Destination,
    GoodsLine,
    LossCause,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    SignedDraft,
    TransferDraft,
    WriteOffDraft,
)
from aidtrack.errors import AidTrackError, NotFound
from aidtrack.i18n import LANGUAGES
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import REPORTS, Printed
from aidtrack.services import days, disclosures, handover, on_paper, overview, people, promises, queueing, stock
from aidtrack.services.check import check
from aidtrack.services.handover import CorrectionDraft
from aidtrack.services.identity import links
from aidtrack.services.people import MoveDraft, SeparationDraft
from aidtrack.store import schema
from aidtrack.store.database import Database
from aidtrack.store.stock import Movement
from tests.aid import TODAY, draft_of, make_aid
from tests.factories import MORNING, Centre, Team
from tests.services.test_lending import Heaters
from tests.services.test_promises import LATER, Here, _first_receipt_is_written

HOSTILE = (
    "\u202eгород\u202c שלום مرحبا",
    "я" * 10_000,
    "Фонд\0\0Тепло\0",
    "<b>Фонд</b> <img src='file:///etc/passwd'/> &amp; </para><para>",
    "строка\r\nвторая\u2028третья\tчетвёртая",
    "\ud800Фонд\udfff",
    "Z" + "\u0338\u0353\u0344" * 60,
    "=HYPERLINK(\"http://x\";\"y\")",
    "'; DROP TABLE person; -- {name} %s %(x)s {0}",
    "👩‍👩‍👧‍👦🇺🇦",
    " \u200b\ufeff\u00ad ",
)  # fmt: skip
PLAIN = "обычные слова"


class Desk(Here):
    """Everything somebody may write a word about; each field is a function of the text."""

    def __init__(self, database: Database, by: Team, centre: Centre) -> None:
        super().__init__(database, by, database.write(lambda s: make_aid(s, by, centre)))
        database.write(lambda s: _first_receipt_is_written(s, by))
        self.centre = centre
        self.food, self.soap, self.blanket = self.aid.food, self.aid.soap, self.aid.blanket
        self.line = GoodsLine(self.soap.item_id, 1)
        self.receive(self.soap, 2_000)

    def members(self, household: UUID) -> Any:
        return self.database.read(lambda s: people.household_view(s, self.by.shift_lead, household))

    def fields(self) -> Iterator[tuple[str, Callable[[str], object]]]:
        """Name of the field, and what is done with a text in it."""
        yield from self._deliveries()
        yield from self._papers()
        yield from self._hand_overs()
        yield from self._families()
        yield from self._evening()

    # ── deliveries, announced and received ──

    def _deliveries(self) -> Iterator[tuple[str, Callable[[str], object]]]:
        keeper, item = self.by.storekeeper, self.soap.item_id
        told = AnnouncementDraft("Фонд", LATER, (AnnouncedLine(item, 1),))
        for name in ("supplier", "donor", "note"):
            yield f"announce {name}", lambda t, n=name: self.write(promises.announce, keeper, draft=replace(told, **{n: t}))
        yield "cancel an announcement", self._cancel_announcement
        came = ReceiveDraft("Фонд", (ReceiveLine(item, 1),))
        for name in ("supplier", "waybill", "donor", "note"):
            yield f"receive {name}", lambda t, n=name: self.write(stock.receive, keeper, draft=replace(came, **{n: t}))
        yield "receive a lot", lambda t: self.write(
            stock.receive, keeper, draft=replace(came, lines=(ReceiveLine(item, 1, lot=t),))
        )
        signed = SignedDraft("Фонд", 2)
        for name in ("supplier", "waybill", "donor", "note"):
            yield f"sign for {name}", lambda t, n=name: self.write(stock.sign_for, keeper, draft=replace(signed, **{n: t}))

    def _cancel_announcement(self, text: str) -> None:
        row = self.announce(self.soap, 1)
        self.write(
            promises.cancel_announcement, self.by.storekeeper, announcement_id=row.id, reason=text, version=row.version
        )

    # ── other papers of the store ──

    def _papers(self) -> Iterator[tuple[str, Callable[[str], object]]]:
        keeper = self.by.storekeeper
        sent = TransferDraft(Destination.ORGANISATION, "Больница", (self.line,), people=1)
        for to in Destination:
            if to is not Destination.DONOR:
                yield f"transfer {to}", lambda t, d=to: self.write(stock.transfer, keeper, draft=replace(sent, to=d, to_name=t))
        yield "transfer note", lambda t: self.write(stock.transfer, keeper, draft=replace(sent, note=t))
        yield "arrive note", self._arrive
        lost = WriteOffDraft(LossCause.WET, (self.line,))
        yield "write off", lambda t: self.write(stock.write_off, self.by.coordinator, draft=replace(lost, note=t))
        yield "set aside", lambda t: self.write(stock.set_aside, keeper, lines=(self.line,), note=t)
        yield "count", self._count
        yield "cancel a paper", self._cancel_paper

    def _arrive(self, text: str) -> None:
        draft = TransferDraft(Destination.CENTRE, "Обоянь", (self.line,))
        waybill = self.write(stock.transfer, self.by.storekeeper, draft=draft)
        sent = select(Movement.lot_id).where(Movement.document_id == waybill)
        lines = tuple(ArrivalLine(lot, 1) for lot in self.database.read(lambda s: s.scalars(sent).all()))
        self.write(stock.arrive, self.by.storekeeper, waybill_id=waybill, lines=lines, note=text)

    def _count(self, text: str) -> None:
        lying = next(row for row in self._lots() if row.item_id == self.soap.item_id and row.is_given)
        seen = SeenLine(self.soap.item_id, lying.lot_id, lying.quantity - 1, text)
        self.write(stock.count, self.by.storekeeper, draft=CountDraft((seen,), note=text))

    def _lots(self) -> Any:
        return self.database.read(lambda s: stock.lot_rows(s, self.by.storekeeper))

    def _cancel_paper(self, text: str) -> None:
        paper = self.receive(self.soap, 1)
        self.write(stock.cancel_document, self.by.storekeeper, document_id=paper, reason=text)

    # ── hand-overs ──

    def _hand_overs(self) -> Iterator[tuple[str, Callable[[str], object]]]:
        for name in ("collector_text", "more"):
            yield f"hand over {name}", lambda t, n=name: self._hand_over(n, t)
        goods = (GoodsDraft(self.soap.item_id, 1),)
        yield "taken by", lambda t: self.write(
            handover.hand_over_unregistered, self.by.distributor, draft=UnregisteredDraft(goods, 1, t)
        )
        yield "cancel a hand-over", self._cancel
        yield "correct a hand-over", self._correct
        yield "call out of turn", self._call_ticket
        yield "cancel a number", lambda t: self.write(
            queueing.cancel_ticket, self.by.distributor, ticket_id=self._number(), reason=t
        )

    def _number(self) -> UUID:
        ticket: UUID = self.write(queueing.issue_ticket, self.by.registrar, lane=Lane.A).id
        return ticket

    def _hand_over(self, field: str, text: str) -> None:
        draft = draft_of(self.family(1), (self.soap, 2 if field == "more" else 1))
        more = MoreDraft(WhyMore.OTHER, text) if field == "more" else None
        draft = replace(draft, collector_text=text if field == "collector_text" else "мать", more=more)
        self.write(handover.hand_over, self.by.distributor, draft=draft, approver=self.by.shift_lead if more else None)

    def _cancel(self, text: str) -> None:
        given = self.give(self.family(1), self.soap)
        facts = {"hand_over_id": given.id, "where": GoodsAre.BACK_ON_SHELF, "reason": text}
        self.write(handover.cancel_hand_over, self.by.shift_lead, **facts)

    def _correct(self, text: str) -> None:
        given = self.give(self.family(2), self.soap, 2)
        draft = CorrectionDraft(given.id, (LineDraft(self.soap.rule_id, 1),), reason=text)
        self.write(handover.correct_hand_over, self.by.shift_lead, draft=draft)

    def _call_ticket(self, text: str) -> None:
        self.write(queueing.call_ticket, self.by.shift_lead, ticket_id=self._number(), reason=text)

    # ── families ──

    def _families(self) -> Iterator[tuple[str, Callable[[str], object]]]:
        yield "separate", self._separate
        yield "move", self._move
        yield "join", self._join
        yield "protect", lambda t: self.write(people.protect_household, household_id=self.family(), reason=t)
        yield "card of another centre", lambda t: self.write(
            people.take_over_card, self.by.registrar, household_id=self.family(), number=t, stamps=()
        )
        yield "address", lambda t: self._register(address=t, collector_name=t, note=t, came_with=t, found_at=t)

    def _register(self, **texts: str) -> UUID:
        one = MemberDraft(family_name="Гончар", given_name="Нина", needs=frozenset({Need.OLDER_ALONE}))
        draft = HouseholdDraft((one,), **texts)  # type: ignore[arg-type]
        return self.write(people.register_household, self.by.registrar, draft=draft).household_id  # type: ignore[no-any-return]

    def _separate(self, text: str) -> None:
        home = self.family(2)
        view = self.members(home)
        draft = SeparationDraft(home, view.version, frozenset({view.members[1].person_id}), reason=text)
        self.write(people.separate_card, self.by.coordinator, draft=draft)

    def _move(self, text: str) -> None:
        home, other = self.family(2), self.family(1)
        view = self.members(home)
        draft = MoveDraft(home, view.version, frozenset({view.members[1].person_id}), other, text)
        self.write(people.move_member, self.by.coordinator, draft=draft)

    def _join(self, text: str) -> None:
        a, b = (self.members(self.family(1)).members[0].person_id for _ in range(2))
        self.write(links.join, self.by.coordinator, a=a, b=b, reason=text)

    # ── the evening ──

    def _evening(self) -> Iterator[tuple[str, Callable[[str], object]]]:
        yield "carrier", self._carry
        for name in ("asked_by", "paper", "purpose"):
            yield f"disclose {name}", lambda t, n=name: self._disclose(n, t)
        yield "explain", self._explain
        yield "take back a line of paper", self._take_back_line

    def _carry(self, text: str) -> None:
        self._register(address="ул. Школьная, 7")
        sheet = self.write(handover.sign_out_sheet, carrier=text)
        self.write(handover.sign_in_sheet, sheet_id=sheet.id, note=text)

    def _disclose(self, field: str, text: str) -> None:
        draft = DisclosureDraft("Администрация", "исх. 1", "Сверка", Extent.NAMES.fields)
        second = self.by.shift_lead
        typed: dict[str, Any] = {field: text}
        self.write(disclosures.disclose, self.by.coordinator, draft=replace(draft, **typed), second=second)

    def _explain(self, text: str) -> None:
        day = self.database.read(lambda s: days.day_row(s, self.by.coordinator, TODAY))
        self.write(days.explain, day_id=day.id, topic="not_counted", sentence=text)

    def _take_back_line(self, text: str) -> None:
        items = ((self.soap.item_id, 1),)
        line = PaperLine(self.family(1), items, MORNING, self.centre.windows[0], TODAY, because=text)
        entered = self.write(on_paper.enter_paper_line, self.by.distributor, line=line)
        self.write(on_paper.take_back_line, hand_over_id=entered.hand_over.id, because=text)


@pytest.fixture
def desk(database: Database, by: Team, centre: Centre) -> Desk:
    return Desk(database, by, centre)


def answer(do: Callable[[str], object], text: str) -> str:
    """«kept», or the code of a sentence that can be read in each language; anything else is a fault of ours."""
    try:
        do(text)
    except AidTrackError as error:
        for lang in LANGUAGES:
            words = i18n.render(error.text, lang)
            assert words.strip()
            assert len(words) < 600, words[:200] + "…"  # one sentence, whatever was typed
        return error.code
    return "kept"


def test_every_free_field_keeps_it_or_says_why_not(desk: Desk) -> None:
    for name, do in desk.fields():
        for text in HOSTILE:
            answer(do, text)
        if name != "card of another centre":
            assert answer(do, PLAIN) == "kept", name
    assert desk.database.read(lambda s: check(s, desk.by.auditor)).failures == ()
    assert _too_long(desk.database) == []
    _print_everything(desk)


def _too_long(database: Database) -> list[str]:
    """Columns that hold more than they are made for: a file keeps it, a server refuses it."""
    columns = [(table, column) for table in schema.metadata.sorted_tables for column in table.c]
    narrow = [(table, column, kind.length) for table, column in columns if isinstance(kind := column.type, String) and kind.length]
    longest = [database.read(lambda s, c=column: s.scalar(select(func.max(func.length(c))))) for _, column, _ in narrow]
    return [
        f"{table.name}.{column.name} ({most})" for (table, column, most), held in zip(narrow, longest, strict=True) if (held or 0) > most
    ]


def _print_everything(desk: Desk) -> None:
    """What was kept stands on papers: all of them are made, in every format."""
    printed = Printed(MORNING + timedelta(hours=9))
    for report in REPORTS:
        of: Any = Period.of(TODAY) if report.is_of_period else TODAY
        try:
            figures = desk.database.read(lambda s, r=report, o=of: r.figures(s, desk.by.coordinator, o))
        except NotFound:
            assert not report.has_tables
            continue
        for kind in report.formats:
            assert catalogue.make(report.name, kind, figures, printed, "uk")


def test_the_reason_for_keeping_a_loan_too(database: Database, by: Team, centre: Centre) -> None:
    heaters = Heaters(database, by)
    heaters.give()
    for loan in heaters.open():
        line = loan.line_id
        said = [answer(lambda t, line=line: heaters.back(line, LoanEnd.KEPT, by.coordinator, reason=t), t) for t in HOSTILE]
        assert said.count("kept") == 1, "the first reason that was taken ended the loan"
    assert heaters.open() == ()
    assert database.read(lambda s: check(s, by.auditor)).failures == ()


def test_a_sentence_for_a_day_that_is_signed_off(desk: Desk) -> None:
    """The reason stands on the revision, which is printed."""
    families = [desk.family(1) for _ in HOSTILE]
    desk.write(days.close_day, desk.by.coordinator)
    desk.write(overview.sign_off, desk.by.coordinator)
    for family, text in zip(families, HOSTILE, strict=True):
        line = PaperLine(family, ((desk.soap.item_id, 1),), MORNING, desk.centre.windows[0], TODAY, because=text)
        answer(lambda t, line=line: desk.write(on_paper.enter_paper_line, desk.by.coordinator, line=line), text)
    assert desk.database.read(lambda s: check(s, desk.by.auditor)).failures == ()
    _print_everything(desk)


def test_what_is_typed_off_a_card_or_a_sheet_never_falls(desk: Desk) -> None:
    for text in (*HOSTILE, "1x4 2x1", "4821 1790 5570"):
        answer(lambda t: desk.database.read(lambda s: on_paper.family_of_card(s, desk.by.distributor, t, TODAY)), text)
        answer(lambda t: desk.database.read(lambda s: people.household_by_code(s, desk.by.registrar, t)), text)


def test_numbers_on_pieces(desk: Desk) -> None:
    """A voucher's number is scanned, from whatever sticker."""
    for text in HOSTILE:
        goods = (GoodsDraft(desk.soap.item_id, 1, (text,)),)
        answer(
            lambda t, g=goods: desk.write(
                handover.hand_over_unregistered, desk.by.distributor, draft=UnregisteredDraft(g, 1, "школа")
            ),
            text,
        )
        draft = HandOverDraft(desk.family(1), (LineDraft(desk.soap.rule_id, 1, numbers=(text,)),), collector_text="мать")
        answer(lambda t, d=draft: desk.write(handover.hand_over, desk.by.distributor, draft=d), text)
    assert desk.database.read(lambda s: check(s, desk.by.auditor)).failures == ()
