"""The papers of the simulated evening against what the raw tables come to, paper by paper; `test_simulated_day` asks for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import ceil
from typing import Any, TypeVar

from sqlalchemy import select

from aidtrack.demo import DAY
from aidtrack.domain.days import Period
from aidtrack.domain.deeds import OUT_OF_THE_ORDINARY
from aidtrack.domain.disputes import Outcome
from aidtrack.domain.queueing import Lane, label
from aidtrack.services import disclosures, overview
from aidtrack.store.database import Database
from aidtrack.store.stock import Item
from tests import recount, recount_evening
from tests.errands import PROMISED, UNREGISTERED, WAITING
from tests.recount import Raw
from tests.recount_evening import INWARDS, OUTWARDS
from tests.simulation import Simulation

T = TypeVar("T")


class Evening:
    """One evening's papers beside the raw tables."""

    def __init__(self, database: Database, day: Simulation) -> None:
        self.database, self.day = database, day
        self.codes = {str(names): code for code, names in database.read(lambda s: s.execute(select(Item.code, Item.names)).all())}

    def raw(self, count: Callable[..., T], *more: Any) -> T:
        return self.database.read(lambda s: count(Raw(s, DAY, DAY), *more))

    def paper(self, read: Callable[..., Any], of: Any = DAY) -> Any:
        return self.database.read(lambda s: read(s, self.day.coordinator, of))

    def code(self, names: Mapping[str, str]) -> str:
        return self.codes[str(names)]

    def prove(self) -> None:
        """R1, R5–R7, R9–R11, R13, R15, R17–R19 and the lists that go with them."""
        for proof in (
            self._distribution, self._stock, self._queue, self._exceptions, self._promises, self._complaints, self._shift,
            self._disclosures, self._forecasts, self._request, self._lists, self._doors,
        ):  # fmt: skip
            proof()

    # ── R1, R5 ───────────────────────────────────────────────────────────────────────────────────

    def _distribution(self) -> None:
        report, numbers = self.paper(overview.distribution_report), self.raw(recount.numbers)
        ages = self.raw(recount.people_by_age)
        lines, _ = self.raw(recount.more)
        assert (report.families, report.new) == (self.raw(recount.families), self.raw(recount.new_families))
        assert report.people == sum(ages.values())
        assert report.children == ages["0-4"] + ages["5-11"] + ages["12-17"]
        assert report.older == ages["60+"]
        assert report.unregistered == UNREGISTERED == self.raw(recount.unregistered)
        assert (report.numbers, report.numbers_served) == (len(numbers), sum(one.stands == "served" for one in numbers))
        assert report.left_unserved == sum(one.stands in ("left", "expired") for one in numbers)
        assert report.served_first == sum(one.lane == "K" and one.stands == "served" for one in numbers)
        assert (report.allowed_more, report.cancelled) == (lines, self.raw(recount.cancelled))
        assert report.issued == self.raw(recount.moved, "issue", True)
        assert report.returned == self.raw(recount.moved, "return", False)
        given = {self.code(row.names): (row.given, row.held_back, row.not_wanted) for row in report.items if row.due}
        assert given == self.raw(recount.given)
        waiting = {self.code(row.names): row.waiting for row in report.items if row.waiting}
        assert waiting == self.raw(recount_evening.places_kept)
        assert sum(row.families for row in report.lodgings) == sum(row.families for row in report.origins) == report.families

    def _stock(self) -> None:
        report, columns, aside = self.paper(overview.stock_report), self.raw(recount_evening.columns), self.raw(recount_evening.put_aside)
        for item in report.items:
            code = self.code(item.names)
            told = {name: getattr(item.flow, name) for name in (INWARDS | OUTWARDS).values()}
            assert {name: n for name, n in told.items() if n} == {name: n for name, n in columns[code].items() if n}, code
            assert item.put_aside == aside[code], code
            assert (item.flow.opening, item.flow.closing) == self.raw(recount.shelves)[code]
        assert report.unexplained == 0
        assert report.reconciliation.difference == 0

    # ── R9, R10 ──────────────────────────────────────────────────────────────────────────────────

    def _queue(self) -> None:
        report, numbers, waits = self.paper(overview.queue_report), self.raw(recount.numbers), self.raw(recount.waits)
        assert report.total.issued == len(numbers) == self.day.issued
        assert report.total.waits is not None
        assert report.total.waits.longest == waits[-1]
        assert report.total.waits.nine_in_ten == waits[ceil(0.9 * len(waits)) - 1]
        assert report.total.waits.half == waits[len(waits) // 2]
        assert sum(hour.issued for hour in report.hours) == len(numbers)
        assert sum(hour.served for hour in report.hours) == sum(one.served is not None for one in numbers)
        assert sum(window.served for window in report.windows if window.hands_over) >= report.total.served
        assert [pause.started_at for pause in report.pauses] == [since for since, _ in self.raw(recount.pauses)]

    def _exceptions(self) -> None:
        report, deeds = self.paper(overview.exception_report), self.raw(recount.deeds)
        lines, units = self.raw(recount.more)
        assert (len(report.more), sum(row.given - row.allowed for row in report.more)) == (lines, units)
        told = Counter({str(row.name): row.count for row in report.deeds})
        assert told["Typed in from paper"] == deeds["enter_paper_line"] == len(self.day.cut.typed) + self.day.cut.taken_back
        assert told["Goods given on paper explained by their receipt"] == deeds["came_with"] == 1
        assert told["It is on the shelf"] == deeds["spot_count"] == 1
        assert sum(told.values()) == sum(deeds[kind] for kind in OUT_OF_THE_ORDINARY)
        assert len(report.turned_away) == self.raw(recount.told_not_today) == 1
        assert [row.card_tail for row in report.look_ups] == [self.day.errands.looked_at.card[-4:]]

    # ── R11, R13 ─────────────────────────────────────────────────────────────────────────────────

    def _promises(self) -> None:
        report = self.paper(overview.promise_report)
        told = {self.code(row.names): (row.promises, row.units, row.ready) for row in report.items if row.promises}
        assert told == self.raw(recount_evening.promises)
        assert {self.code(row.names): row.waiting for row in report.items if row.waiting} == self.raw(recount_evening.waiting)
        assert sum(row.made_today for row in report.items) == PROMISED + 1
        assert sum(row.kept_today for row in report.items) == 1
        assert report.waiting == WAITING
        assert [self.code(row.names) for row in report.overdue] == ["BED-SET", "BLANKET"]
        assert [self.code(row.names) for row in report.announced] == ["FOOD-KIT-P7"]

    def _complaints(self) -> None:
        report, raw = self.paper(overview.complaint_report), self.raw(recount_evening.disputes)
        assert [row.today for row in report.rows] == [raw[outcome.value] for outcome in Outcome]
        assert report.today == sum(raw.values()) == 3
        assert report.waiting == self.raw(recount_evening.with_the_lead) == 1

    # ── R17, R18 ─────────────────────────────────────────────────────────────────────────────────

    def _shift(self) -> None:
        report, missing = self.paper(overview.shift_report), self.raw(recount_evening.missing_lines)
        assert {row.window: row.hand_overs for row in report.windows if row.hand_overs} == self.raw(recount_evening.by_window)
        assert {row.window: row.missing for row in report.windows if row.missing} == {1: (self.day.cut.spoiled,)}
        assert {window: lines for window, lines in missing.items() if lines} == {1: {self.day.cut.spoiled_place}}
        for row in report.windows:
            lines = [one for one in self.day.cut.lines if one.window == row.window]
            assert all(row.last >= one.place for one in lines), "the windows went on below the paper"
        assert report.total == self.paper(overview.queue_report).total
        rolls = [
            (label(Lane.A, first), label(Lane.A, last), label(Lane.A, to) if to else "", last - (to or first - 1))
            for first, last, to in self.raw(recount_evening.rolls)
        ]
        assert [(one.first, one.last, one.given_to, one.left) for one in report.rolls] == rolls
        assert sum(one.made for one in report.badges) == self.raw(recount_evening.badges)
        assert len(report.kits) == 2

    def _disclosures(self) -> None:
        report = self.paper(disclosures.register, Period.of(DAY))
        assert report.people == self.raw(recount_evening.disclosed)
        assert 0 < report.people <= self.raw(recount_evening.members)
        assert report.rows[0].families <= self.raw(recount_evening.households)

    # ── R6, R7, R19 ──────────────────────────────────────────────────────────────────────────────

    def _forecasts(self) -> None:
        enough, expiring, free = self.paper(overview.supply), self.paper(overview.expiring), self.raw(recount_evening.can_be_given)
        for line in enough.lines:
            code = self.code(line.names)
            assert line.can_be_given == max(free.get(code, 0), 0), code
            assert line.families <= max(line.can_be_given * line.of_families // max(line.units, 1), 0)
        everybody = self.database.read(lambda s: recount_evening.households(Raw(s, DAY, DAY)))
        food = next(line for line in enough.lines if self.code(line.names) == "FOOD-KIT-P7")
        assert food.to_come == everybody - self.raw(recount_evening.had, "FOOD-KIT-P7")
        assert Counter({(row.lot, str(row.use_by)): row.quantity for row in expiring.lines}) == self.raw(recount_evening.expiring)
        assert all(0 <= row.left <= row.quantity for row in expiring.lines)

    def _request(self) -> None:
        """expected × ration − what can be given − what is announced, and never below nothing."""
        report, free = self.paper(overview.goods_request), self.raw(recount_evening.can_be_given)
        numbers = self.raw(recount.numbers)
        assert report.served == self.raw(recount.families)
        assert report.moved == sum(one.stands == "waiting" for one in numbers)
        for line in report.lines:
            code = self.code(line.names)
            shelf, coming = max(free.get(code, 0), 0), self.raw(recount_evening.coming, code)
            assert (line.can_be_given, line.announced) == (shelf, coming), code
            assert line.ask == max(line.needed - shelf - coming, 0), code
        food = next(line for line in report.lines if self.code(line.names) == "FOOD-KIT-P7")
        assert food.announced == 100
        assert food.needed == self.day.needed_then["FOOD-KIT-P7"]

    def _lists(self) -> None:
        """The door calls who has goods ready; the paper for the next cut names every card that is not due food."""
        door, served = self.paper(overview.door_list), self.paper(overview.served_cards)
        ready = self.raw(recount_evening.promises)
        assert len(door.calls.ready) == sum(stands > 0 for _, _, stands in ready.values())
        food = next(n for n, names in enumerate(served.items, 1) if self.code(names) == "FOOD-KIT-P7")
        with_food = sum(any(item == food for item, _ in card.again) for card in served.cards)
        assert with_food == self.raw(recount_evening.had, "FOOD-KIT-P7")

    # ── R15 ──────────────────────────────────────────────────────────────────────────────────────

    def _doors(self) -> None:
        """The copy that went out, against what the raw tables came to at that moment."""
        paper, raw = self.day.errands.delivery, self.day.errands.at_doors
        told = {
            line.card_tail: (line.first_name, line.address, {self.code(names): n for names, n, _ in line.goods}) for line in paper.lines
        }
        assert told == raw
        assert [line.address for line in paper.lines] == ["ул. Ленина, 3", "ул. Школьная, 7, кв. 12"]
        half, whole = (set(goods) for _, _, goods in raw.values())
        assert {"FOOD-KIT-P7", "WATER-5L"} == whole - half, "a family that was at one window is brought what the other one gives"
