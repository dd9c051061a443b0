"""The poster on the wall: the rules of the moment in few words, what there is none of, and yesterday's poster as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pypdfium2 import PdfDocument

from aidtrack import i18n
from aidtrack.domain import wall
from aidtrack.domain.campaigns import Giving, RuleDraft, Switch
from aidtrack.domain.entitlement import Band, Basis, Filters
from aidtrack.domain.ids import new_id
from aidtrack.domain.people import Need
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft
from aidtrack.errors import Text
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format, Printed
from aidtrack.services import campaigns, days, overview, promises
from aidtrack.services.overview import Poster
from aidtrack.store.database import Database
from tests.aid import TODAY, Aid, make_aid
from tests.factories import Centre, Team

ITEM = new_id()


@pytest.fixture
def aid(database: Database, centre: Centre, by: Team) -> Aid:
    return database.write(lambda s: make_aid(s, by, centre))


def told(database: Database, by: Team, day: date = TODAY) -> Poster:
    return database.read(lambda s: overview.poster(s, by.coordinator, day))


def printed(poster: Poster, by: Team, lang: str) -> str:
    pdf = catalogue.make("poster", Format.PDF, poster, Printed.by(by.coordinator), lang)
    document = PdfDocument(pdf)
    words = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    return words


def quantities(poster: Poster) -> list[int]:
    return [row.quantity for row in poster.rows]


def double_the_food(database: Database, by: Team, aid: Aid) -> None:
    row = database.read(lambda s: campaigns.rule_rows(s, by.coordinator, aid.campaign_id))[0]
    draft = replace(row.draft, quantity=2)
    save = campaigns.save_rule
    database.write(
        lambda s: save(
            s, by.coordinator, request_id=new_id(), campaign_id=aid.campaign_id, draft=draft, no=row.no, edition=row.edition
        )
    )


def test_the_poster_says_how_many_for_whom_and_when_again(database: Database, by: Team, aid: Aid) -> None:
    words = printed(told(database, by), by, "ru")
    assert "Что может получить ваша семья" in words
    assert "Бесплатно." in words
    assert "на каждого" in words
    assert "через 7 дней" in words
    assert "на семью" in words
    assert "Сегодня нет." not in words
    assert "Free of charge." in printed(told(database, by), by, "en")
    assert "Безоплатно." in printed(told(database, by), by, "uk")


def test_a_change_of_a_rule_never_changes_the_poster_of_before(database: Database, by: Team, aid: Aid) -> None:
    before = told(database, by)
    database.write(lambda s: days.close_day(s, by.coordinator, request_id=new_id()))
    by.clock.forward(days=1)
    database.write(lambda s: days.open_day(s, by.coordinator, request_id=new_id()))
    double_the_food(database, by, aid)
    now, then = told(database, by, TODAY + timedelta(days=1)), told(database, by)
    assert (quantities(before), quantities(then), quantities(now)) == ([1, 1, 1], [1, 1, 1], [2, 1, 1])
    assert (then.changes, now.changes) == (before.changes, before.changes + 1)
    assert now.since is not None
    assert then.since == before.since != now.since


def test_what_is_out_today_stands_in_a_frame_with_the_day_it_is_expected(
    database: Database, by: Team, aid: Aid
) -> None:
    switch = campaigns.switch_item
    none = Switch(Giving.NONE)
    database.write(
        lambda s: switch(s, by.coordinator, request_id=new_id(), item_id=aid.blanket.item_id, switch=none)
    )
    coming = AnnouncementDraft("Фонд", TODAY + timedelta(days=2), (AnnouncedLine(aid.blanket.item_id, 300),))
    database.write(lambda s: promises.announce(s, by.storekeeper, request_id=new_id(), draft=coming))
    poster = told(database, by)
    assert [row.is_out for row in poster.rows] == [False, False, True]
    words = printed(poster, by, "ru")
    assert "Сегодня нет." in words
    assert "Ждём 14 августа, 300 шт" in words
    assert "Это не обещание." in words
    assert poster.since == by.clock()


def test_a_ration_of_today_stands_beside_the_rule(database: Database, by: Team, aid: Aid) -> None:
    ration = Switch(Giving.RATION, 2)
    switch = campaigns.switch_item
    database.write(
        lambda s: switch(s, by.coordinator, request_id=new_id(), item_id=aid.food.item_id, switch=ration)
    )
    assert "today: 2 for a family today" in printed(told(database, by), by, "en")


@pytest.mark.parametrize(
    ("draft", "whom", "again"),
    [
        (RuleDraft(ITEM, Basis.PERSON, 1, 7), "на каждого", "через 7 дней"),
        (RuleDraft(ITEM, Basis.PERSON, 1, 1), "на каждого", "каждый день"),
        (RuleDraft(ITEM, Basis.HOUSEHOLD, 1), "на семью", "один раз"),
        (RuleDraft(ITEM, Basis.MATCHING, 4, 7, Filters(age_to=1)), "на ребёнка до 2 лет", "через 7 дней"),
        (RuleDraft(ITEM, Basis.MATCHING, 2, 30, Filters(sex="f", age_from=12, age_to=49)), "женщинам 12–49 лет", "через 30 дней"),
        (RuleDraft(ITEM, Basis.MATCHING, 1, 21, Filters(age_from=60)), "на каждого от 60 лет", "через 21 день"),
    ],
)  # fmt: skip
def test_for_whom_and_when_again_in_few_words(draft: RuleDraft, whom: str, again: str) -> None:
    assert i18n.render(wall.whom(draft), "ru") == whom
    assert i18n.render(wall.again(draft), "ru") == again


def test_what_else_is_asked_stands_in_small_letters() -> None:
    wanted = Filters(size_from=3, without_lodgings=frozenset({"pvr"}))
    draft = RuleDraft(ITEM, Basis.HOUSEHOLD, 1, 14, wanted, (Band(6, 2),), cap=2)
    said = [i18n.render(line, "en") for line in wall.only(draft, [{"en": "Sudzha"}])]
    assert said == [
        "from 6 people: 2", "2 at most for a family", "for families of 3 people and more", "for families from Sudzha",
        "not for those living: in a shelter",
    ]  # fmt: skip
    needy = RuleDraft(ITEM, Basis.MATCHING, 1, 7, Filters(needs=frozenset({Need.OLDER_CARE.value})))
    assert isinstance(wall.whom(needy), Text)
