"""Packs on both databases: looked at, taken in whole or not at all, written and taken in at another centre."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from aidtrack import i18n
from aidtrack.domain.actor import Actor
from aidtrack.domain.campaigns import CampaignDraft
from aidtrack.domain.handover import SignOff
from aidtrack.domain.ids import new_id
from aidtrack.domain.packs import read_pack
from aidtrack.errors import InvalidInput, NotAllowed, NotFound, Refused
from aidtrack.services import campaigns, settlements, stock
from aidtrack.services.campaigns import PackPlan, PackReceipt
from aidtrack.services.stock.catalogue import PACK
from aidtrack.store.campaigns import Campaign
from aidtrack.store.database import Database
from aidtrack.store.stock import Item
from tests.aid import make_aid
from tests.factories import Centre, Team

OURS = """
names = { ru = "Горячее питание", uk = "Гаряче харчування", en = "Hot meals" }
places = ["RU-KRS-38640000"]
donor = "Фонд «Кухня»"
sign_off = "none"

[[item]]
code = "MEAL"
names = { ru = "Обед", uk = "Обід", en = "Meal" }
unit = "kit"
kit = true

[[item]]
code = "SOUP"
names = { ru = "Суп", uk = "Суп", en = "Soup" }

[[item]]
code = "BOOTS"
names = { ru = "Сапоги", uk = "Чоботи", en = "Boots" }
sizes = ["38", "40"]

[[kit]]
code = "MEAL"
parts = { SOUP = 2 }

[[rule]]
item = "MEAL"
basis = "person"
quantity = 1
renew = 1

[[rule]]
item = "BOOTS"
basis = "matching"
quantity = 1
renew = 0
age_to = 14
places = []
"""


def plan(database: Database, by: Actor, text: str) -> PackPlan:
    return database.read(lambda s: campaigns.plan_pack(s, by, text=text))


def take_in(database: Database, by: Actor, text: str) -> PackReceipt:
    return database.write(lambda s: campaigns.import_pack(s, by, request_id=new_id(), text=text))


def load_places(database: Database, by: Team) -> None:
    database.write(lambda s: settlements.load_settlements(s, by.coordinator, request_id=new_id()))


def said(plan: PackPlan) -> list[str]:
    return [i18n.render(problem.text, "en") for problem in plan.problems]


def sentences(database: Database, by: Actor, campaign: object) -> list[str]:
    rows = database.read(lambda s: campaigns.rule_rows(s, by, campaign))  # type: ignore[arg-type]
    return [i18n.render(row.sentence, "en") for row in rows]


def test_a_file_is_looked_at_before_it_is_taken_in(database: Database, by: Team, centre: Centre) -> None:
    load_places(database, by)
    seen = plan(database, by.coordinator, OURS)
    assert said(seen) == []
    assert [i18n.render(one, "en") for one in seen.sentences] == [
        "Meal: 1 kit per person every day; for families from Sudzhansky District",
        "Boots: 1 piece per person who fits once; who fits: aged 14 or younger",
    ]
    assert ([names["en"] for names in seen.new_items], seen.known_items) == (["Meal", "Soup", "Boots"], 0)
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Item))) == 0


def test_what_is_taken_in_stands_still_until_somebody_lets_it_run(database: Database, by: Team, centre: Centre) -> None:
    load_places(database, by)
    done = take_in(database, by.coordinator, OURS)
    assert done.items == 3
    assert done.campaign_id is not None
    assert sentences(database, by.coordinator, done.campaign_id) == [
        i18n.render(one, "en") for one in plan(database, by.coordinator, OURS).sentences
    ]
    (row,) = database.read(lambda s: campaigns.campaign_rows(s, by.coordinator))
    assert (row.is_running, row.names["en"], row.donor, row.sign_off) == (False, "Hot meals", "Фонд «Кухня»", SignOff.NONE)
    sizes = database.read(lambda s: sorted(s.scalars(select(Item.size).where(Item.variant_of_id.is_not(None)))))
    assert sizes == ["38", "40"]
    kit = database.read(lambda s: s.scalars(select(Item).where(Item.code == "MEAL")).one())
    assert [part.quantity for part in database.read(lambda s: stock.newest_recipe(s, kit.id))[1]] == [2]


def test_what_is_here_already_stays_as_it_is(database: Database, by: Team, centre: Centre) -> None:
    load_places(database, by)
    mine = '[[item]]\ncode = "SOUP"\nnames = { en = "Our own soup" }\nunit = "bottle"\n'
    take_in(database, by.coordinator, mine)
    seen = plan(database, by.coordinator, OURS)
    assert (len(seen.new_items), seen.known_items) == (2, 1)
    assert take_in(database, by.coordinator, OURS).items == 2
    soup = database.read(lambda s: s.scalars(select(Item).where(Item.code == "SOUP")).one())
    assert (soup.names, soup.unit) == ({"en": "Our own soup"}, "bottle")


def test_a_pack_of_goods_alone_makes_no_programme(database: Database, by: Team, centre: Centre) -> None:
    done = take_in(database, by.coordinator, PACK.read_text(encoding="utf-8"))
    assert (done.campaign_id, done.items) == (None, 37)
    assert database.read(lambda s: campaigns.campaign_rows(s, by.coordinator)) == ()


def test_everything_that_is_not_known_here_is_said_and_nothing_comes_in(database: Database, by: Team, centre: Centre) -> None:
    text = OURS.replace("RU-KRS-38640000", "RU-NO").replace("SOUP = 2", "BREAD = 1").replace('item = "BOOTS"', 'item = "SHOES"')
    wanted = [
        "rule 1: the place RU-NO is not in the list of places here",
        "rule 2: the item SHOES is neither here nor in the file",
        "item MEAL: the item BREAD is neither here nor in the file",
    ]
    assert said(plan(database, by.coordinator, text)) == wanted
    with pytest.raises(InvalidInput) as refused:
        take_in(database, by.coordinator, text)
    assert [i18n.render(problem.text, "en") for problem in refused.value.problems] == wanted
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Item))) == 0
    assert database.read(lambda s: s.scalar(select(func.count()).select_from(Campaign))) == 0


def test_a_rule_of_one_size_is_refused(database: Database, by: Team, centre: Centre) -> None:
    load_places(database, by)
    take_in(database, by.coordinator, OURS)
    size = database.read(lambda s: s.scalars(select(Item.code).where(Item.size == "38")).one())
    text = f'names = {{ en = "Boots" }}\n[[rule]]\nitem = "{size}"\nbasis = "person"\nquantity = 1\nrenew = 0\n'
    assert said(plan(database, by.coordinator, text)) == [f"rule 1: {size} is one size: name the item itself"]


def test_the_same_request_brings_one_programme(database: Database, by: Team, centre: Centre) -> None:
    load_places(database, by)
    request = new_id()
    first, again = (
        database.write(lambda s: campaigns.import_pack(s, by.coordinator, request_id=request, text=OURS)) for _ in range(2)
    )
    assert first == again
    assert len(database.read(lambda s: campaigns.campaign_rows(s, by.coordinator))) == 1


def test_only_the_coordinator_looks_at_packs_and_takes_them_in(database: Database, by: Team, centre: Centre) -> None:
    for work in (plan, take_in):
        with pytest.raises(NotAllowed):
            work(database, by.shift_lead, OURS)


# ── out, and in again ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("code", [one.code for one in campaigns.programme_packs()])
def test_what_is_written_here_is_the_same_programme_there(database: Database, by: Team, centre: Centre, code: str) -> None:
    load_places(database, by)
    database.write(lambda s: stock.load_catalogue(s, by.coordinator, request_id=new_id()))
    text = next(one.text for one in campaigns.programme_packs() if one.code == code)
    first = take_in(database, by.coordinator, text).campaign_id
    assert first is not None
    written = database.read(lambda s: campaigns.export_programme(s, by.coordinator, campaign_id=first))
    again = take_in(database, by.coordinator, written)
    assert again.items == 0
    assert sentences(database, by.coordinator, again.campaign_id) == sentences(database, by.coordinator, first)
    assert written == database.read(lambda s: campaigns.export_programme(s, by.coordinator, campaign_id=again.campaign_id))  # type: ignore[arg-type]


def test_a_written_programme_brings_its_goods_along(database: Database, by: Team, centre: Centre) -> None:
    load_places(database, by)
    done = take_in(database, by.coordinator, OURS)
    written = database.read(lambda s: campaigns.export_programme(s, by.coordinator, campaign_id=done.campaign_id))  # type: ignore[arg-type]
    pack, problems = read_pack(written)
    assert problems == []
    assert (pack.donor, pack.sign_off) == ("Фонд «Кухня»", SignOff.NONE)
    assert {item.code: (item.sizes, item.parts) for item in pack.items} == {
        "BOOTS": (("38", "40"), ()), "MEAL": ((), (("SOUP", 2),)), "SOUP": ((), ()),
    }  # fmt: skip


def test_a_programme_without_rules_is_no_file(database: Database, by: Team, centre: Centre) -> None:
    aid = database.write(lambda s: make_aid(s, by, centre))
    empty = CampaignDraft({"en": "Empty"}, date(2024, 8, 1))
    campaign = database.write(lambda s: campaigns.save_campaign(s, by.coordinator, request_id=new_id(), draft=empty))
    with pytest.raises(Refused, match="no rules"):
        database.read(lambda s: campaigns.export_programme(s, by.coordinator, campaign_id=campaign))
    with pytest.raises(NotFound):
        database.read(lambda s: campaigns.export_programme(s, by.coordinator, campaign_id=new_id()))
    assert database.read(lambda s: campaigns.export_programme(s, by.coordinator, campaign_id=aid.campaign_id))


# ── the file itself ──────────────────────────────────────────────────────────────────────────────


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"Cannot read none\.toml"):
        campaigns.pack_text(tmp_path / "none.toml")
    picture = tmp_path / "picture.toml"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(Refused, match="no text in UTF-8"):
        campaigns.pack_text(picture)
    marked = tmp_path / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + OURS.encode())
    assert campaigns.pack_text(marked) == OURS
