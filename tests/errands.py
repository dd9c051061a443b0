"""What else happens on the simulated day besides the line: blankets announced, waited for and promised; more than the rule, goods without
registration, disputes, a family told "not today", badges, a home delivery, names given out. Each stands on one of the papers.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aidtrack.demo.centre import DAY, GIVES, on
from aidtrack.demo.families import families
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import WindowDraft
from aidtrack.domain.disclosures import DisclosureDraft, Extent
from aidtrack.domain.disputes import Outcome
from aidtrack.domain.handover import GoodsDraft, HandOverDraft, LineDraft, MoreDraft, UnregisteredDraft, WhyMore
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import HouseholdDraft, MemberDraft, Need
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseDraft
from aidtrack.domain.queueing import Lane, Stage
from aidtrack.services import (
    accounts,
    badges,
    campaigns,
    disclosures,
    disputes,
    handover,
    overview,
    people,
    promises,
    queueing,
    stock,
)
from aidtrack.services.door import DoorAnswer, DoorState, ask_at_door
from aidtrack.services.queueing import Said
from aidtrack.services.stock.catalogue import pack
from tests import recount_evening
from tests.recount import Raw
from tests.visits import COORDINATOR, GIVERS, LEAD, NEXT_DAY, REGISTRAR, STORE, Visit

if TYPE_CHECKING:
    from tests.simulation import Simulation

UNREGISTERED = 12
WAITING, PROMISED = 3, 2


class Errands:
    """Errands of one day; `announced` is the delivery of blankets, `promised` are the families some of them were promised to."""

    def __init__(self, day: Simulation) -> None:
        self.day, self.centre = day, day.centre
        self.announced: UUID | None = None
        self.promised: list[Visit] = []
        self._blankets_exist()

    def plan(self) -> None:
        for moment, happen in (
            (on(DAY, 8, 5), self._announce),
            (on(DAY, 8, 6), self._make_badges),
            (on(DAY, 8, 30), self._promise_linen),
            (on(DAY, 8, 40), self._without_registration),
            (on(DAY, 11, 40), self._keep_places),
            (on(DAY, 11, 45), self._promise),
            (on(DAY, 13, 30), self._give_more),
            (on(DAY, 13, 35), self._see_on_the_shelf),
            (on(DAY, 13, 40), self._tell_at_the_door),
            (on(DAY, 14, 10), self._settle_disputes),
            (on(DAY, 14, 20), self._look_up),
            (on(DAY, 17, 15), self._deliver_home),
            (on(DAY, 18, 10), self._fetch),
            (on(DAY, 18, 20), self._give_names_out),
        ):
            self.day.exactly(moment, happen)

    # ── blankets: none yet ───────────────────────────────────────────────────────────────────────

    def _blankets_exist(self) -> None:
        """An item window 2 gives and the shelf does not have; one for each person, once."""
        draft = next(one.draft for one in pack().items if one.code == "BLANKET")
        item = self.centre.items["BLANKET"] = self.centre.do("founder", stock.save_item, draft=draft)
        (programme, *_) = self.centre.ask(COORDINATOR, campaigns.campaign_rows)
        rule = campaigns.usual_rule("BLANKET", item)
        self.rule: UUID = self.centre.do(COORDINATOR, campaigns.save_rule, campaign_id=programme.id, draft=rule)
        row = next(row for row in self.centre.ask("founder", accounts.windows) if row.draft.number == 2)
        gives = tuple(self.centre.items[code] for code in (*GIVES[1], "BLANKET"))
        window = WindowDraft(2, "", ("hand_over",), gives, version=row.draft.version)
        self.centre.do("founder", accounts.change_window, window_id=row.id, draft=window)

    def _announce(self) -> None:
        """Blankets for today, food for tomorrow."""
        self.announced = self._announced("Фонд «Тепло»", DAY, "BLANKET", self.day.number + 20)
        self._announced("Красный Крест", NEXT_DAY, "FOOD-KIT-P7", 100)

    def _announced(self, supplier: str, expected_on: date, code: str, quantity: int) -> UUID:
        lines = (AnnouncedLine(self.centre.items[code], quantity),)
        return self.centre.do(STORE, promises.announce, draft=AnnouncementDraft(supplier, expected_on, lines))

    def _served(self, first: int, number: int = 1) -> list[Visit]:
        """Families that were at both windows, in the order of coming."""
        found = self._all_served()
        assert len(found) >= first + number, "enough families were served by then"
        return found[first : first + number]

    def _all_served(self) -> list[Visit]:
        return [one for one in self.day.visits.values() if one.seen == {1, 2} and one.given and not one.is_on_paper]

    def _keep_places(self) -> None:
        """Three families wait for blankets; nothing is owed to them."""
        for visit in self._served(0, WAITING):
            self.centre.do(GIVERS[2], promises.keep_place, household_id=visit.household_id, rule_id=self.rule)

    def _promise(self) -> None:
        """Two families are promised blankets of the delivery."""
        (delivery, *_) = self.centre.ask(LEAD, promises.announced)
        line = next(line for line in delivery.lines if line.item_id == self.centre.items["BLANKET"])
        for visit in self._served(WAITING, PROMISED):
            draft = PromiseDraft(self._household(visit), self.rule, 1, line_id=line.line_id)
            self.centre.do(LEAD, promises.promise, draft=draft)
            self.promised.append(visit)

    def _promise_linen(self) -> None:
        """A family that is not here yet is promised bed linen off the shelf, by today; it does not come."""
        absent = self._somebody("Ждан")
        rows = self.centre.ask(LEAD, campaigns.allowances, absent)
        linen = next(row for row in rows if row.item_id == self.centre.items["BED-SET"])
        self.centre.do(LEAD, promises.promise, draft=PromiseDraft(absent, linen.rule_id, 1, until=DAY))

    def _fetch(self) -> None:
        """The blankets came: the first of the two fetches hers, the other one's stand ready."""
        assert self.day.give(2, self.promised[0], by_ticket=False)

    def _household(self, visit: Visit) -> UUID:
        assert visit.household_id is not None
        return visit.household_id

    def _somebody(self, surname: str, *with_her: MemberDraft, **more: Any) -> UUID:
        one = MemberDraft(family_name=surname, given_name="Нина", needs=frozenset({Need.OLDER_ALONE}))
        return self.centre.do(REGISTRAR, people.register_household, draft=HouseholdDraft((one, *with_her), **more)).household_id

    # ── hand-overs out of the ordinary ───────────────────────────────────────────────────────────

    def _without_registration(self) -> None:
        goods = (GoodsDraft(self.centre.items["WATER-5L"], 6),)
        self.centre.do(GIVERS[1], handover.hand_over_unregistered, draft=UnregisteredDraft(goods, UNREGISTERED, "ПВР, школа № 5"))

    def _give_more(self) -> None:
        """One more food kit than the rule, by the shift lead's word."""
        (visit,) = self._served(1)
        rows = self.centre.ask(GIVERS[1], campaigns.allowances, self._household(visit))
        food = next(row for row in rows if row.item_id == self.centre.items["FOOD-KIT-P7"])
        more = MoreDraft(WhyMore.NEED, "младенец трёх недель")
        draft = HandOverDraft(self._household(visit), (LineDraft(food.rule_id, food.due + 1),), collector_text="мать", more=more)
        self.centre.do(GIVERS[1], handover.hand_over, draft=draft, approver=self.centre.people[LEAD])

    def _see_on_the_shelf(self) -> None:
        """Two more food kits lie there than the book knows; one of them is given."""
        here = self._somebody("Заика")
        rows = self.centre.ask(GIVERS[1], campaigns.allowances, here)
        food = next(row for row in rows if row.item_id == self.centre.items["FOOD-KIT-P7"])
        line = LineDraft(food.rule_id, 1, seen=food.available + 2)
        self.centre.do(GIVERS[1], handover.hand_over, draft=HandOverDraft(here, (line,), collector_text="сама"))

    def _tell_at_the_door(self) -> None:
        """A family that was served in the morning comes again, and is told when it may before it waits."""
        visit, answer = self._told_later()
        facts = {"household_id": visit.household_id, "said": Said.LATER, "next_day": answer.next_day}
        self.centre.do(REGISTRAR, queueing.turn_away, **facts)

    def _told_later(self) -> tuple[Visit, DoorAnswer]:
        """The first family that has all it may have today and holds no number."""
        asked = ((visit, self.centre.ask(REGISTRAR, ask_at_door, visit.card)) for visit in self._all_served())
        return next((visit, answer) for visit, answer in asked if answer.state is DoorState.LATER)

    def _look_up(self) -> None:
        (self.looked_at,) = (visit,) = self._served(0)
        self.centre.do(COORDINATOR, people.open_household, household_id=visit.household_id, card=visit.card)

    # ── disputes ─────────────────────────────────────────────────────────────────────────────────

    def _settle_disputes(self) -> None:
        """One of ours, a signature that was shown, one in good faith."""
        ours, shown, good = self._served(0, 3)
        self._settle(ours, Outcome.OUR_ERROR, self._standing(ours))
        self.day.give(1, ours, by_ticket=False)
        self.day.give(2, ours, by_ticket=False)
        self._to_lead(shown)
        self._settle(shown, Outcome.SIGNATURE, self._standing(shown))
        self._settle(good, Outcome.GOOD_FAITH, None)

    def leave_one_open(self) -> None:
        """The last one to come is sent to the shift lead, and the day is closed over it."""
        self._to_lead(Visit(new_id(), families(DAY)[0], self._somebody("Спорная")))

    def _standing(self, visit: Visit) -> UUID:
        return next(one for one in visit.given if not self.day.is_cancelled(one))

    def _to_lead(self, visit: Visit) -> None:
        facts = {"lane": Lane.A, "household_id": visit.household_id, "stage": Stage.SHIFT_LEAD}
        ticket = self.centre.do(REGISTRAR, queueing.issue_ticket, **facts)
        if ticket.id not in self.day.visits:  # a family that holds a number gets that one again
            self.day.expect(ticket.id, visit.family).is_on_paper = True

    def _settle(self, visit: Visit, outcome: Outcome, hand_over_id: UUID | None) -> None:
        facts = {"household_id": visit.household_id, "outcome": outcome, "hand_over_id": hand_over_id}
        self.centre.do(LEAD, disputes.settle_dispute, **facts)

    # ── papers ───────────────────────────────────────────────────────────────────────────────────

    def _make_badges(self) -> None:
        self.centre.do(COORDINATOR, badges.make_badges, role=Role.REGISTRAR, count=3)

    def _deliver_home(self) -> None:
        """A copy goes out and comes back; what it brought is typed in as a hand-over. Whoever was served, is protected, gave no address
        or can come stands on no copy."""
        at_home = self._somebody("Гончар", address="ул. Школьная, 7, кв. 12")
        half = self._somebody("Ярош", MemberDraft(family_name="Ярош", given_name="Пётр"), address="ул. Ленина, 3")
        done = self._somebody("Лысак", address="ул. Ленина, 5")
        hidden = self._somebody("Коваль", address="ул. Ленина, 9")
        self.centre.do(LEAD, people.protect_household, household_id=hidden, reason="просит не называть")
        for window, household in ((1, half), (1, done), (2, done)):
            assert self.day.give(window, self._visit_of(household), by_ticket=False)
        sheet = self.centre.do(LEAD, handover.sign_out_sheet, carrier="бейдж 14")
        self.delivery = self.centre.ask(LEAD, partial(overview.delivery_paper, sheet_id=sheet.id))
        self.at_doors = self.centre.scopes.read(lambda s: recount_evening.to_the_door(Raw(s, DAY, DAY)))
        self.centre.do(LEAD, handover.sign_in_sheet, sheet_id=sheet.id, note="две двери")
        self.day.give(1, self._visit_of(at_home), by_ticket=False)

    def _visit_of(self, household_id: UUID) -> Visit:
        return Visit(new_id(), families(DAY)[0], household_id)

    def _give_names_out(self) -> None:
        draft = DisclosureDraft("Администрация района, секретарь", "исх. 114 от 12.08", "Сверка списков ПВР", Extent.NAMES.fields)
        self.centre.do(COORDINATOR, disclosures.disclose, draft=draft, second=self.centre.people[LEAD])
