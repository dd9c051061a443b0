"""The centre of the demonstration: its windows, people, goods and programme, and the day before, when the shelves were filled.

Everything is done by the use cases the window uses, with a clock that is set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from aidtrack.domain.access import Role
from aidtrack.domain.accounts import CentreDraft, UserDraft, WindowDraft
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import ReceiveDraft, ReceiveLine
from aidtrack.services import accounts, campaigns, days, founding, intake, settlements, stock
from aidtrack.services.stock.catalogue import pack

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")

ZONE = ZoneInfo("Europe/Moscow")
DAY = date(2024, 8, 12)
GIVES = (("FOOD-KIT-P7", "WATER-5L"), ("HYG-F", "SOAP-250", "BED-SET"))
"""What the first and the second window give."""

PEOPLE = (
    ("Ольга К.", Role.COORDINATOR), ("Марина С.", Role.REGISTRAR), ("Андрей П.", Role.DISTRIBUTOR), ("Наталья В.", Role.DISTRIBUTOR),
    ("Виктор Т.", Role.STOREKEEPER), ("Ирина Л.", Role.SHIFT_LEAD),
)  # fmt: skip


class Scopes(Protocol):
    """What the demonstration needs of an open database."""

    def read(self, ask: Callable[[Session], T], /) -> T: ...

    def write(self, do: Callable[[Session], T], /) -> T: ...


@dataclass
class SetClock:
    """The clock of the demonstration: it stands where it was set."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class Centre:
    """The centre at work: who stands where, and the goods by their codes."""

    scopes: Scopes
    clock: SetClock
    people: dict[str, Actor] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    windows: dict[int, UUID] = field(default_factory=dict)

    def do(self, who: str, use_case: Callable[..., T], /, **arguments: Any) -> T:
        """One use case that writes, by somebody of the centre, now."""
        by = self.people[who]
        return self.scopes.write(lambda session: use_case(session, by, request_id=new_id(), **arguments))

    def ask(self, who: str, use_case: Callable[..., T], /, *arguments: Any) -> T:
        """One use case that reads."""
        by = self.people[who]
        return self.scopes.read(lambda session: use_case(session, by, *arguments))


def on(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock on the centre's wall."""
    return datetime.combine(day, time(hour, minute), ZONE)


def founded(scopes: Scopes) -> Centre:
    """A new centre with windows, people, five kinds of goods and a programme; its shelves filled the day before."""
    eve = DAY - timedelta(days=1)
    centre = Centre(scopes, SetClock(on(eve, 9)))
    _found(centre)
    _open_windows(centre)
    _start_programme(centre, eve)
    centre.do("founder", intake.load_form)
    _fill_shelves(centre, eve)
    return centre


def _found(centre: Centre) -> None:
    founder = Actor(None, "console", frozenset(Role), centre.clock)
    centre.people["founder"] = founder
    draft = CentreDraft("Пункт выдачи на Гоголя", "Курск", "Europe/Moscow", ("ru", "uk"), outside_phone="+7 900 000-00-00")
    site = centre.do("founder", founding.found_centre, draft=draft, coordinator=PEOPLE[0][0]).site_id
    centre.people["founder"] = Actor(None, "console", frozenset(Role), centre.clock, site)
    centre.do("founder", settlements.load_settlements)
    for name, role in PEOPLE[1:]:
        centre.do("founder", accounts.add_user, draft=UserDraft(name, frozenset({role})))
    known = {row.draft.name: row.id for row in centre.ask("founder", accounts.users)}
    for name, role in PEOPLE:
        centre.people[name] = Actor(known[name], name, frozenset({role}), centre.clock, site)


def _open_windows(centre: Centre) -> None:
    """Two windows that give different things, a third one that registers."""
    centre.do("founder", stock.prepare_places)
    for code in (code for window in GIVES for code in window):
        draft = next(item.draft for item in pack().items if item.code == code)
        centre.items[code] = centre.do("founder", stock.save_item, draft=draft)
    rows = {row.draft.number: row for row in centre.ask("founder", accounts.windows)}
    for number, codes in enumerate(GIVES, 1):
        gives = tuple(centre.items[code] for code in codes)
        window = WindowDraft(number, "", ("hand_over",), gives, version=rows[number].draft.version)
        centre.do("founder", accounts.change_window, window_id=rows[number].id, draft=window)
    centre.do("founder", accounts.add_window, draft=WindowDraft(3, "", ("register", "shift_lead")))
    centre.windows = {row.draft.number: row.id for row in centre.ask("founder", accounts.windows)}
    for name, number in (("Марина С.", 3), ("Андрей П.", 1), ("Наталья В.", 2), ("Ирина Л.", 3), ("Ольга К.", 1), ("Виктор Т.", 1)):
        actor = centre.people[name]
        centre.people[name] = Actor(actor.user_id, name, actor.roles, actor.clock, actor.site_id, centre.windows[number])


def _start_programme(centre: Centre, day: date) -> None:
    names = {"en": "First aid for evacuated families", "ru": "Первая помощь эвакуированным", "uk": "Перша допомога евакуйованим"}
    programme = centre.do("Ольга К.", campaigns.save_campaign, draft=CampaignDraft(names, day, donor="Красный Крест"))
    for code, item in centre.items.items():
        centre.do("Ольга К.", campaigns.save_rule, campaign_id=programme, draft=campaigns.usual_rule(code, item))


def _fill_shelves(centre: Centre, day: date) -> None:
    """Two deliveries of the day before: opening balances are never nothing."""
    centre.do("Ольга К.", days.open_day)
    centre.clock.moment = on(day, 10, 20)
    item = centre.items
    food = (
        ReceiveLine(item["FOOD-KIT-P7"], 96, date(2024, 8, 31), "0807-A"),
        ReceiveLine(item["FOOD-KIT-P7"], 340, date(2025, 2, 1), "0810-B"),
        ReceiveLine(item["WATER-5L"], 520, date(2025, 7, 1), "W-118"),
    )  # fmt: skip
    centre.do("Виктор Т.", stock.receive, draft=ReceiveDraft("Красный Крест", food, "ТН-4417", "Красный Крест"))
    centre.clock.moment = on(day, 14, 5)
    home = (
        ReceiveLine(item["HYG-F"], 190, lot="H-22"), ReceiveLine(item["SOAP-250"], 720, lot="S-7"),
        ReceiveLine(item["BED-SET"], 560, lot="B-3"),
    )  # fmt: skip
    centre.do("Виктор Т.", stock.receive, draft=ReceiveDraft("Фонд «Соседи»", home, "118", "Фонд «Соседи»"))
    centre.clock.moment = on(day, 18)
    centre.do("Ольга К.", days.close_day)
    centre.do("Ольга К.", days.sign_off)
