"""A small store of two centres that knows no table: what the book must say after every paper, count, journey and jump of the clock.

Each step is done twice: once by the use cases, once on a list of changes. `agree` holds both against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import (
    ArrivalLine,
    CountDraft,
    Destination,
    GoodsLine,
    KitPart,
    LossCause,
    MoveDraft,
    ReceiveDraft,
    ReceiveLine,
    SeenLine,
    SignedDraft,
    TransferDraft,
    WriteOffDraft,
)
from aidtrack.errors import Refused
from aidtrack.services import days, stock
from aidtrack.services.check import goods
from aidtrack.store import journal
from aidtrack.store.database import Database
from aidtrack.store.days import Site
from aidtrack.store.stock import Balance, Document, Lot, StockPlace
from tests.factories import SettableClock, make_centre, make_team

T = TypeVar("T")
HERE, THERE = 0, 1
SHELF, ASIDE, ROAD = "shelf", "quarantine", "transit"
SOAP, TOWEL, KIT = 0, 1, 2
RECIPE = {SOAP: 2, TOWEL: 1}

Place = tuple[int, str]
Change = tuple[Place, UUID, int]


@dataclass
class Batch:
    """A lot as the model knows it."""

    item: int
    expiry: date | None
    received: date
    lot: UUID
    inside: list[list[Any]] = field(default_factory=list)
    """Of a batch of kits: what went into it and has not come out, as [batch of the part, units]."""

    @property
    def order(self) -> tuple[bool, date, date, int]:
        return self.expiry is None, self.expiry or date.max, self.received, self.lot.int


@dataclass
class Paper:
    """A document: what it changed, when, and what goes on with it."""

    id: UUID
    site: int
    kind: str
    changes: list[Change]
    at: datetime
    follows: Paper | None = None
    is_back: bool = False
    is_counter: bool = False
    parts: list[tuple[Batch, Batch, int]] = field(default_factory=list)
    """Kits made (+) or taken apart (−): batch of kits, batch of the part, units that went in."""


class Store:
    """Two centres in one database, and centres elsewhere that send signed copies back."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, SettableClock()
        centre = self.write(lambda s: make_centre(s, self.clock))
        self.team = self.write(lambda s: make_team(s, self.clock, centre))
        other = self.write(self._found_other)
        self.sites = (centre.site_id, other)
        one = self.team.storekeeper
        self.keepers = tuple(Actor(one.user_id, one.name, one.roles, self.clock, site) for site in self.sites)
        for keeper in self.keepers:
            self.write(lambda s, k=keeper: stock.prepare_places(s, k, request_id=new_id()))  # type: ignore[misc]
        self.items = self.write(self._catalogue)
        self.batches: dict[UUID, Batch] = {}
        self.changes: list[tuple[datetime, Change]] = []
        self.papers: list[Paper] = []
        self.signed: dict[UUID, Paper] = {}

    def _found_other(self, session: Session) -> UUID:
        with journal.operation(session, self.team.coordinator, new_id(), "found_other"):
            site = Site(code="BEL", name="Пункт на Победы", place="Белгород", public_languages=["ru"])
            session.add(site)
            session.flush()
            return site.id

    def _catalogue(self, session: Session) -> tuple[UUID, ...]:
        lead = self.team.coordinator
        stock.load_catalogue(session, lead, request_id=new_id())
        rows = {row.code: row.id for row in stock.item_rows(session, lead)}
        ids = (rows["SOAP-250"], rows["TOWEL"], rows["HYG-F"])
        parts = tuple(KitPart(ids[item], number) for item, number in RECIPE.items())
        stock.save_recipe(session, lead, request_id=new_id(), kit_id=ids[KIT], parts=parts)
        return ids

    def write(self, do: Callable[[Session], T]) -> T:
        return self.database.write(do)

    def read(self, ask: Callable[[Session], T]) -> T:
        return self.database.read(ask)

    # ── what should be ──

    def held(self, place: Place, lot: UUID, *, until: datetime | None = None) -> int:
        """What lies there of a batch, or lay there at a moment."""
        return sum(
            n for at, (where, which, n) in self.changes if (where, which) == (place, lot) and (not until or at <= until)
        )

    def given(self, site: int, item: int) -> list[Batch]:
        """The batches that may be given from a shelf today, first expiring first."""
        today = self.today(site)
        live = [b for b in self.batches.values() if b.item == item and (b.expiry is None or b.expiry >= today)]
        return sorted((b for b in live if self.held((site, SHELF), b.lot)), key=lambda b: b.order)

    def today(self, site: int) -> date:
        return self.read(lambda s: days.current_day(s, self.keepers[site]))

    def pick(self, site: int, item: int, wanted: int) -> list[tuple[Batch, int]] | None:
        """Which batches go, or None when the shelf has less."""
        taken = []
        for batch in self.given(site, item):
            part = min(wanted, self.held((site, SHELF), batch.lot))
            wanted -= part
            taken += [(batch, part)] if part else []
        return None if wanted else taken

    # ── doing both ──

    def do(self, use_case: Callable[..., T], site: int, **arguments: Any) -> T:
        """The use case, and the same request once more: one effect."""
        request, by = new_id(), self.keepers[site]
        first = self.write(lambda s: use_case(s, by, request_id=request, **arguments))
        again = self.write(lambda s: use_case(s, by, request_id=request, **arguments))
        assert again == first, "T5: the same request has one effect"
        return first

    def expect(self, fits: bool, use_case: Callable[..., T], site: int, **arguments: Any) -> T | None:
        """Done when it fits; refused, with nothing changed, when it does not."""
        try:
            done = self.do(use_case, site, **arguments)
        except Refused as refused:
            if fits:
                raise AssertionError("what lies there can be moved") from refused
            return None
        assert fits, "T3: more was moved than lies there, or a paper went on twice"
        return done

    def note(self, document: UUID, site: int, kind: str, changes: Sequence[Change], **more: Any) -> Paper:
        paper = Paper(document, site, kind, list(changes), self.clock(), **more)
        self.papers.append(paper)
        self.changes += [(paper.at, change) for change in changes]
        return paper

    def new_batches(self, before: set[UUID]) -> list[Batch]:
        rows = self.read(lambda s: [(x.id, x.item_id, x.expires_on, x.received_day) for x in s.scalars(select(Lot))])
        made = [
            Batch(self.items.index(item), expiry, received, lot)
            for lot, item, expiry, received in rows
            if lot not in before and item in self.items
        ]
        self.batches |= {batch.lot: batch for batch in made}
        return made

    # ── goods that come ──

    def receive(self, site: int, item: int, quantity: int, lasts: int | None, short: int) -> None:
        expiry = self.today(site) + timedelta(days=lasts) if lasts is not None else None
        line = ReceiveLine(self.items[item], quantity, expiry, on_waybill=quantity + short)
        self._received(site, ReceiveDraft("Фонд", (line,), donor="Фонд"), None)

    def _received(self, site: int, draft: ReceiveDraft, follows: Paper | None) -> None:
        known = set(self.batches)
        document = self.do(stock.receive, site, draft=draft)
        (batch,) = self.new_batches(known)
        self.note(document, site, "GRN", [((site, SHELF), batch.lot, draft.lines[0].quantity or 0)], follows=follows)

    def sign(self, site: int, item: int, quantity: int) -> None:
        draft = SignedDraft("Фонд", 3, (ReceiveLine(self.items[item], quantity),))
        paper = self.note(self.do(stock.sign_for, site, draft=draft), site, "SF", [])
        self.signed[paper.id] = paper

    def count_signed(self, n: int, quantity: int) -> None:
        """Counted: once; what was counted or taken back is refused."""
        paper = list(self.signed.values())[n % len(self.signed)]
        (expected,) = self.read(lambda s: [s.get_one(Document, paper.id).facts["lines"][0]])
        line = ReceiveLine(UUID(hex=expected["item"]), quantity, on_waybill=expected["on_waybill"])
        draft = ReceiveDraft("Фонд", (line,), follows_id=paper.id)
        if self.is_open(paper):
            self._received(paper.site, draft, paper)
        else:
            self.expect(False, stock.receive, paper.site, draft=draft)

    def is_open(self, paper: Paper) -> bool:
        return not paper.is_back and not any(one.follows is paper and not one.is_back for one in self.papers)

    # ── goods that go ──

    def send(self, site: int, item: int, quantity: int, to: Destination, *, known: bool) -> None:
        """On a waybill: to the other centre of this database, to one elsewhere, to an organisation, or back to the donor."""
        taken = self.pick(site, item, quantity)
        target = self.sites[1 - site] if known and to is Destination.CENTRE else None
        draft = TransferDraft(
            to, "Фонд", (GoodsLine(self.items[item], quantity),), people=9, to_site_id=target
        )  # fmt: skip
        if to is Destination.DONOR and any(not self.is_of_donor(b) for b in self.given(site, item)):
            return
        document = self.expect(taken is not None, stock.transfer, site, draft=draft)
        if document is not None and taken is not None:
            changes: list[Change] = [((site, SHELF), batch.lot, -number) for batch, number in taken]
            if to is Destination.CENTRE:
                changes += [((site, ROAD), batch.lot, number) for batch, number in taken]
            self.note(document, site, f"WB {to.value} {'known' if target else ''}".strip(), changes)

    def is_of_donor(self, batch: Batch) -> bool:
        return self.read(lambda s: s.get_one(Lot, batch.lot).donor) == "Фонд"

    def waybills(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind.startswith("WB centre") and not paper.is_counter]

    def end(self, n: int, less: int) -> None:
        """A waybill ends: the other centre counts it, or its signed copy comes back; so many of the first batch are not there."""
        papers = self.waybills()
        paper = papers[n % len(papers)]
        sent = {lot: number for place, lot, number in paper.changes if place == (paper.site, ROAD)}
        came = dict(sent)
        first = next(iter(came))
        came[first] = max(0, came[first] - less)
        if paper.kind.endswith("known"):
            self._receive_sent(paper, sent, came)
        else:
            lines = tuple(ArrivalLine(lot, number) for lot, number in came.items())
            done = self.expect(self.is_open(paper), stock.arrive, paper.site, waybill_id=paper.id, lines=lines)
            if done:
                changes = [((paper.site, ROAD), lot, -number) for lot, number in sent.items()]
                self.note(done, paper.site, "AR", changes, follows=paper)

    def _receive_sent(self, paper: Paper, sent: Mapping[UUID, int], came: Mapping[UUID, int]) -> None:
        site = 1 - paper.site
        lines = tuple(
            ReceiveLine(self.items[self.batches[lot].item], number, on_waybill=sent[lot], lot_id=lot)
            for lot, number in came.items()
        )
        draft = ReceiveDraft("Курск", lines, follows_id=paper.id)
        done = self.expect(self.is_open(paper), stock.receive, site, draft=draft)
        if done:
            changes = [((paper.site, ROAD), lot, -number) for lot, number in sent.items()]
            changes += [((site, SHELF), lot, number) for lot, number in came.items() if number]
            self.note(done, site, "GRN", changes, follows=paper)

    def write_off(self, site: int, item: int, quantity: int) -> None:
        self._leave(stock.write_off, site, item, quantity, "WO", lambda line: WriteOffDraft(LossCause.WET, (line,)))

    def set_aside(self, site: int, item: int, quantity: int) -> None:
        shelf, aside = (self.place(site, kind) for kind in (SHELF, ASIDE))
        self._leave(
            stock.move_goods, site, item, quantity, "MV", lambda line: MoveDraft(shelf, aside, (line,)), (site, ASIDE)
        )

    def _leave(
        self, use_case: Any, site: int, item: int, quantity: int, kind: str, draft: Any, to: Place | None = None
    ) -> None:
        taken = self.pick(site, item, quantity)
        done = self.expect(taken is not None, use_case, site, draft=draft(GoodsLine(self.items[item], quantity)))
        if done is not None and taken is not None:
            changes: list[Change] = [((site, SHELF), batch.lot, -number) for batch, number in taken]
            changes += [(to, batch.lot, number) for batch, number in taken] if to else []
            self.note(done, site, kind, changes)

    def place(self, site: int, kind: str) -> UUID:
        query = select(StockPlace.id).where(StockPlace.site_id == self.sites[site], StockPlace.kind == kind)
        return self.read(lambda s: s.scalars(query).one())

    # ── kits ──

    def assemble(self, site: int, kits: int) -> None:
        picks = [self.pick(site, item, number * kits) for item, number in RECIPE.items()]
        known = set(self.batches)
        done = self.expect(None not in picks, stock.assemble_kits, site, kit_id=self.items[KIT], kits=kits)
        if done is None:
            return
        (made,) = self.new_batches(known)
        taken = [pair for pick in picks for pair in pick or ()]
        made.inside += [[batch, number] for batch, number in taken]
        assert made.expiry == min((b.expiry for b, _ in taken if b.expiry), default=None), "kits last as their shortest part"
        changes: list[Change] = [((site, SHELF), batch.lot, -number) for batch, number in taken]
        changes.append(((site, SHELF), made.lot, kits))
        self.note(done, site, "KA", changes, parts=[(made, batch, number) for batch, number in taken])

    def break_up(self, site: int, kits: int) -> None:
        taken = self.pick(site, KIT, kits)
        known = set(self.batches)
        done = self.expect(taken is not None, stock.break_up_kits, site, kit_id=self.items[KIT], kits=kits)
        if done is None or taken is None:
            return
        fresh = self.new_batches(known)
        for document, (batch, number) in zip(done, taken, strict=True):
            self._broken(site, document, batch, number, fresh)

    def _broken(self, site: int, document: UUID, kit: Batch, kits: int, fresh: list[Batch]) -> None:
        changes: list[Change] = [((site, SHELF), kit.lot, -kits)]
        parts = []
        for item, each in RECIPE.items():
            wanted = each * kits
            for entry in sorted((e for e in kit.inside if e[0].item == item), key=lambda e: e[0].order):
                out = min(wanted, entry[1])
                entry[1] -= out
                wanted -= out
                if out:
                    changes.append(((site, SHELF), entry[0].lot, out))
                    parts.append((kit, entry[0], -out))
            if wanted:
                unknown = next(batch for batch in fresh if batch.item == item)
                fresh.remove(unknown)
                assert unknown.expiry == kit.expiry, "parts of unknown age last as long as the kit"
                changes.append(((site, SHELF), unknown.lot, wanted))  # nobody put it in, so nothing is inside when this is taken back
        self.note(document, site, "KB", changes, parts=parts)

    # ── counts ──

    def count(self, site: int, n: int, seen: int, minutes_ago: int) -> None:
        """A batch is counted now, or the sheet of some minutes ago is typed in; a later movement is not undone."""
        batch = list(self.batches.values())[n % len(self.batches)]
        moment = self.clock() - timedelta(minutes=minutes_ago) if minutes_ago else None
        then, now = (self.held((site, SHELF), batch.lot, until=at) for at in (moment, None))
        line = SeenLine(self.items[batch.item], batch.lot, seen, counted_at=moment)
        done = self.expect(now + seen - then >= 0, stock.count, site, draft=CountDraft((line,)))
        if done is not None:
            change = [((site, SHELF), batch.lot, seen - then)] if seen != then else []
            self.note(done, site, "CS", change)

    # ── taking back, time ──

    def cancel(self, n: int) -> None:
        """Any paper is taken back, once, unless another goes on with it or the goods are not there any more."""
        paper = self.papers[n % len(self.papers)]
        back: list[Change] = [(place, lot, -number) for place, lot, number in paper.changes]
        after: dict[tuple[Place, UUID], int] = defaultdict(int)
        for place, lot, number in back:
            after[place, lot] += number
        there = all(self.held(place, lot) + number >= 0 for (place, lot), number in after.items())
        fits = not paper.is_counter and self.is_open(paper) and there
        facts = {"document_id": paper.id, "reason": "ошибка"}
        done = self.expect(fits, stock.cancel_document, paper.site, **facts)
        if done is not None:
            paper.is_back = True
            self.note(done, paper.site, paper.kind, back, is_counter=True)
            self._unmake(paper)

    def _unmake(self, paper: Paper) -> None:
        for kit, batch, number in paper.parts:
            entry = next((e for e in kit.inside if e[0] is batch), None)
            if entry is None:
                kit.inside.append(entry := [batch, 0])
            entry[1] -= number

    def jump(self, minutes: int) -> None:
        """Time passes; sometimes somebody sets the clock back."""
        self.clock.forward(minutes=minutes)

    # ── agreement ──

    def agree(self) -> None:
        self.database.read(self._agree)

    def _agree(self, session: Session) -> None:
        broken = [f"{one.truth} {one.about}" for one in goods.failures(session)]
        assert not broken, broken
        query = select(StockPlace.site_id, StockPlace.kind, Balance.lot_id, Balance.quantity).join(
            StockPlace, StockPlace.id == Balance.place_id
        )
        book = {((self.sites.index(site), kind), lot): n for site, kind, lot, n in session.execute(query) if n}
        ours: dict[tuple[Place, UUID], int] = defaultdict(int)
        for _, (place, lot, number) in self.changes:
            ours[place, lot] += number
        assert book == {key: number for key, number in ours.items() if number}, "T2: the book is what lies there"
        self._agree_on_papers(session)

    def _agree_on_papers(self, session: Session) -> None:
        waiting = {paper.id for paper in self.signed.values() if self.is_open(paper)}
        on_the_way = {p.id for p in self.waybills() if p.kind.endswith("known") and self.is_open(p)}
        expected = {row.document_id for keeper in self.keepers for row in stock.expected_deliveries(session, keeper)}
        assert expected == waiting | on_the_way, "what is to be counted is asked for until it is"
        series: dict[tuple[UUID, str, int], list[int]] = defaultdict(list)
        for row in session.scalars(select(Document)):
            series[row.site_id, row.kind, row.year].append(row.number)
        assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in series.values()), "no gaps"
