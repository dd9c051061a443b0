"""Packs: what a file may say, everything wrong with it said at once, and the examples of Kursk and Belgorod as tables of families."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidtrack import i18n
from aidtrack.domain.campaigns import RuleDraft, rule_of
from aidtrack.domain.categories import FamilyKind
from aidtrack.domain.entitlement import (
    Allowance,
    Band,
    Basis,
    Covering,
    Family,
    Filters,
    Member,
    Shared,
    Windows,
    allowance,
)
from aidtrack.domain.handover import SignOff
from aidtrack.domain.packs import Pack, PackItem, PackRule, read_pack, write_pack
from aidtrack.domain.people import Lodging, Need
from aidtrack.domain.stock import ItemDraft, ItemMode, Unit

PACKS = Path(__file__).resolve().parents[2] / "resources" / "packs"
SHIPPED = [PACKS / "catalogue.toml", *sorted((PACKS / "programmes").glob("*.toml"))]

# ── a file and back ──────────────────────────────────────────────────────────────────────────────

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).map(str.strip).filter(bool)
codes = st.text("ABCDEF-0123456789", min_size=1, max_size=8)
names = st.dictionaries(st.sampled_from(["ru", "uk", "en"]), words, min_size=1)
few = st.none() | st.integers(1, 99)


@st.composite
def drafts(draw: st.DrawFn) -> RuleDraft:
    """Rules nothing is wrong with."""
    basis = draw(st.sampled_from(list(Basis)))
    is_family = basis is Basis.HOUSEHOLD
    often = draw(st.sampled_from(["once", "days", "monthly", "loan"]))
    low, high = sorted(draw(st.tuples(st.integers(1, 60), st.integers(1, 60))))
    filters = Filters(
        age_from=low if basis is Basis.MATCHING else None, age_to=draw(st.sampled_from([None, high])) if basis is Basis.MATCHING else None,
        sex=draw(st.sampled_from([None, "f", "m"])), needs=frozenset(draw(st.sets(st.sampled_from([n.value for n in Need])))),
        lodgings=frozenset(draw(st.sets(st.sampled_from([one.value for one in Lodging])))),
        without_lodgings=frozenset(draw(st.sets(st.sampled_from([one.value for one in Lodging])))),
        size_from=draw(st.sampled_from([None, low])), size_to=draw(st.sampled_from([None, high])),
        registered_from=draw(st.none() | st.just(date(2024, 8, 1))), registered_to=draw(st.none() | st.just(date(2024, 9, 1))),
        kinds=frozenset(draw(st.sets(st.sampled_from([one.value for one in FamilyKind])))),
    )  # fmt: skip
    bands = (Band(3, 2), Band(6, 3)) if is_family and draw(st.booleans()) else ()
    return RuleDraft(
        None, basis, draw(st.integers(1, 99)), draw(st.integers(1, 366)) if often == "days" else None, filters, bands,
        monthly=often == "monthly", windows=None if is_family else draw(st.none() | st.sampled_from(list(Windows))),
        shared=draw(st.sampled_from(list(Shared))), group=draw(st.just("") | words), cap=draw(few), daily_cap=draw(few),
        loan_days=30 if often == "loan" else None,
    )  # fmt: skip


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    """Packs nothing is wrong with."""
    own = draw(st.lists(codes, max_size=4, unique=True))
    items = []
    for code in own:
        is_kit = draw(st.booleans())
        rule = draw(st.none() | st.builds(PackRule, st.just(code), drafts(), starts=st.booleans()))
        draft = ItemDraft(draw(names), code, draw(st.sampled_from(list(Unit))), draw(st.sampled_from(["", "food"])),
                          draw(st.booleans()), is_kit, ItemMode.COUNTED, is_numbered=draw(st.booleans()))  # fmt: skip
        sizes = () if is_kit else tuple(draw(st.lists(st.sampled_from(["3", "4", "XL"]), unique=True)))
        parts = tuple(draw(st.dictionaries(codes, st.integers(1, 9), max_size=3)).items()) if is_kit else ()
        items.append(PackItem(draft, sizes, parts, rule))
    places = st.lists(codes, max_size=3, unique=True).map(tuple)
    rules = tuple(draw(st.lists(st.builds(PackRule, codes, drafts(), places), min_size=0 if items else 1, max_size=4)))
    return Pack(draw(names), tuple(items), rules, draw(st.just("") | words), draw(st.sampled_from(list(SignOff))))


@given(packs())
def test_what_is_written_is_read_again(pack: Pack) -> None:
    assert read_pack(write_pack(pack)) == (pack, [])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_pack_that_ships_is_right_and_goes_round(path: Path) -> None:
    pack, problems = read_pack(path.read_text(encoding="utf-8"))
    assert problems == []
    assert read_pack(write_pack(pack)) == (pack, [])
    assert set(pack.names) == {"ru", "uk", "en"}


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────

HEAD = 'names = { en = "Aid" }\n'
FINE = '[[rule]]\nitem = "SOAP"\nbasis = "person"\nquantity = 1\nrenew = 30\n'
WRONG = [
    ("", "the whole file: there is no item and no rule in it"),
    (FINE, "the whole file: “names” is missing"),
    (HEAD + FINE.replace("renew", "renwe"), "rule 1 (SOAP): the word “renwe” is not known here"),
    (HEAD + FINE.replace("renew = 30", ""), "rule 1 (SOAP): how often is missing: “renew” in days (0: once), “monthly” or “loan_days”"),
    (HEAD + FINE.replace('item = "SOAP"', ""), "rule 1: “item” is missing"),
    (HEAD + FINE.replace("person", "everybody"), "rule 1 (SOAP): “everybody” is none of: household, person, matching"),
    (HEAD + FINE.replace('basis = "person"', ""), "rule 1 (SOAP): “basis” is missing"),
    (HEAD + FINE.replace("= 1\n", '= "one"\n'), "rule 1 (SOAP): “quantity” is to be a whole number"),
    (HEAD + FINE.replace("= 1\n", "= true\n"), "rule 1 (SOAP): “quantity” is to be a whole number"),
    (HEAD + FINE.replace("= 1\n", "= 0\n"), "rule 1 (SOAP): The quantity must be more than zero."),
    (HEAD + FINE.replace("30", "400"), "rule 1 (SOAP): Between 1 and 366 days."),
    (HEAD + FINE + "age_from = 9\nage_to = 3\n", "rule 1 (SOAP): The second age is lower than the first."),
    (HEAD + FINE + 'needs = ["blind"]\n', "rule 1 (SOAP): “blind” is none of: pregnant, lactating, "),
    (HEAD + FINE + 'without_lodgings = "pvr"\n', "rule 1 (SOAP): “without_lodgings” is to be a list in square brackets"),
    (HEAD + FINE + "places = [46]\n", "rule 1 (SOAP): “places” is to be a list of texts in quotes"),
    (HEAD + FINE + "bands = [3, 2]\n", "rule 1 (SOAP): “bands” is to be like [[3, 2], [6, 3]]"),
    (HEAD + FINE + "bands = [[3, 2]]\n", "rule 1 (SOAP): Sizes of families belong to rules per family."),
    (HEAD + FINE + "monthly = 1\n", "rule 1 (SOAP): “monthly” is to be true or false"),
    (HEAD + FINE + 'registered_from = "August"\n', "rule 1 (SOAP): “registered_from” is to be a day like 2024-08-31"),
    (HEAD + FINE + FINE.replace("person", "matching"), "rule 2 (SOAP): Say who fits: age, sex or what helps."),
    ('sign_off = "thumb"\n' + HEAD + FINE, "the whole file: “thumb” is none of: none, sheet, witnesses"),
    ('names = { de = "Hilfe" }\n' + FINE, "the whole file: “names” is to be like "),
    ('rule = [1]\nnames = { en = "Aid" }', "the whole file: “rule” is to be written as [[rule]]"),
    ('[[item]]\ncode = "A"\nunit = "sack"\nnames = { en = "A" }', "item A: “sack” is none of: pcs, kit, "),
    ('[[item]]\ncode = "A"\n', "item A: Give the item a name."),
    ('[[item]]\nnames = { en = "A" }', "item 1: “code” is missing"),
    ('[[item]]\ncode = "A"\nnames = { en = "A" }\n' * 2, "item A: the code A stands in the file twice"),
    ('[[item]]\ncode = "A"\nnames = { en = "A" }\nsizes = ["0123456789abc"]', "item A: Too long: 12 letters at most."),
    ('[[kit]]\ncode = "K"\nparts = { A = 0 }', "kit 1: The quantity must be more than zero."),
    ('[[kit]]\ncode = "K"\nparts = { A = 1 }', "the whole file: K has parts and is no item with “kit = true” in this file"),
    ("names = ", "This is no pack: "),
    ("\x00", "This is no pack: "),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said[:60] for _, said in WRONG])
def test_each_fault_of_a_file_is_said_with_its_place(text: str, said: str) -> None:
    found = [i18n.render(problem.text, "en") for problem in read_pack(text)[1]]
    assert any(one.startswith(said) for one in found), found


def test_all_faults_of_a_file_are_said_at_once_in_every_language() -> None:
    text = HEAD + FINE.replace("person", "everybody") + "colour = 1\n" + FINE.replace("30", "400")
    problems = read_pack(text)[1]
    assert len(problems) == 3
    for lang in ("ru", "uk"):
        assert all("rule" not in i18n.render(one.text, lang) for one in problems)


def test_a_file_without_end_is_no_pack() -> None:
    assert [i18n.render(one.text, "en") for one in read_pack("#" * 1_000_001)[1]] == ["This file is too long for a pack."]


@given(st.text(max_size=200))
def test_no_file_breaks_the_reading(text: str) -> None:
    read_pack(text)
    read_pack(HEAD + FINE + text)


# ── Kursk and Belgorod: family → what, how many, why not, from when ──────────────────────────────

DAY = date(2024, 8, 26)
_IDS = UUID(int=46)
ABOVE = {"RU-BEL": (), "RU-BRY": (), "GN559034": ("RU-BEL",), "GN578072": ("RU-BEL",), "RU-KRS-38640000": ("RU-KRS",),
         "RU-KRS-38618000": ("RU-KRS",), "RU-KRS-38620000": ("RU-KRS",)}  # fmt: skip
"""What each home lies in: Grayvoron, Belgorod itself, and districts of Kursk Oblast."""


def id_of(code: str) -> UUID:
    return uuid5(_IDS, code)


@cache
def example(code: str) -> Pack:
    return read_pack((PACKS / "programmes" / f"{code}.toml").read_text(encoding="utf-8"))[0]


class Had(NamedTuple):
    """These members had the item so many days ago, with this card."""

    item: str
    days_ago: int
    members: tuple[int, ...]
    card: int = 1


class Case(NamedTuple):
    """A family that stands at the window, and what the table says of one item."""

    who: str
    home: str
    lodging: Lodging
    ages: tuple[int | None, ...]
    item: str
    due: int
    said: str
    next_day: date | None = None
    had: tuple[Had, ...] = ()
    care: frozenset[int] = frozenset()
    new_home: bool = False


def answers(pack: Pack, case: Case) -> dict[str, Allowance]:
    rules = [
        rule_of(id_of(f"rule {n}"), replace(
            one.draft, item_id=id_of(one.item),
            filters=replace(one.draft.filters, settlements=frozenset(map(id_of, one.places))),
        ))
        for n, one in enumerate(pack.rules)
    ]  # fmt: skip
    members = tuple(
        Member(UUID(int=n), age=age, needs=frozenset({"older_care"}) if n in case.care else frozenset())
        for n, age in enumerate(case.ages, 1)
    )
    family = Family(members, frozenset(map(id_of, (case.home, *ABOVE[case.home]))), case.lodging.value)
    found = allowance(rules, family, list(_covered(pack, case)), DAY)
    return {one.item: answer for one, answer in zip(pack.rules, found, strict=True)}


def _covered(pack: Pack, case: Case) -> Iterable[Covering]:
    groups = {one.item: one.draft.group for one in pack.rules}
    for had in case.had:
        for member in had.members:
            day = DAY - timedelta(days=had.days_ago)
            yield Covering(UUID(int=member), id_of(had.item), day, groups[had.item], UUID(int=had.card), case.new_home)


L, R, S = Lodging.RELATIVES, Lodging.RENT, Lodging.SHELTER
BIG = (34, 36, 8, 5, 2)
BELGOROD = [
    Case("four of Grayvoron in a rented flat", "GN559034", R, (34, 36, 8, 3), "FOOD-KIT-P7", 4, "per person"),
    Case("one person alone", "GN559034", L, (71,), "FOOD-KIT-P7", 1, "per person"),
    Case("age of nobody known", "GN559034", L, (None, None), "FOOD-KIT-P7", 2, "per person"),
    Case("a shelter feeds them", "GN559034", S, (34, 36), "FOOD-KIT-P7", 0, "not for this way of living"),
    Case("of Belgorod itself", "GN578072", R, (34, 36), "FOOD-KIT-P7", 0, "for families from other places"),
    Case("of another oblast", "RU-BRY", R, (34, 36), "FOOD-KIT-P7", 0, "for families from other places"),
    Case("all had it three days ago", "GN559034", R, (34, 36), "FOOD-KIT-P7", 0, "not today, from 30 Aug 2024", date(2024, 8, 30),
         (Had("FOOD-KIT-P7", 3, (1, 2)),)),
    Case("all had it six days ago", "GN559034", R, (34, 36), "FOOD-KIT-P7", 0, "not today, from 27 Aug 2024", date(2024, 8, 27),
         (Had("FOOD-KIT-P7", 6, (1, 2)),)),
    Case("all had it a week ago", "GN559034", R, (34, 36), "FOOD-KIT-P7", 2, "per person · last time 19 Aug 2024", None,
         (Had("FOOD-KIT-P7", 7, (1, 2)),)),
    Case("a grandmother came to them who had nothing", "GN559034", R, (34, 36, 71), "FOOD-KIT-P7", 1,
         "for 1 of 3 · last time 23 Aug 2024", date(2024, 8, 30), (Had("FOOD-KIT-P7", 3, (1, 2)),)),
    Case("a grandmother came to them who had hers", "GN559034", R, (34, 36, 71), "FOOD-KIT-P7", 2,
         "for 2 of 3 · last time 25 Aug 2024", date(2024, 9, 1), (Had("FOOD-KIT-P7", 1, (3,), 2),)),
    Case("five of them: the winter gift", "GN578072", R, BIG, "BLANKET", 2, "per family"),
    Case("five of them in a shelter all the same", "GN559034", S, BIG, "BLANKET", 2, "per family"),
    Case("four of them: no winter gift", "GN559034", R, BIG[:4], "BLANKET", 0, "for families of another size"),
    Case("the gift is given once", "GN559034", R, BIG, "BLANKET", 0, "given once, on 1 Aug 2024", None,
         (Had("BLANKET", 25, (1, 2, 3, 4, 5)),)),
    Case("two of five had it elsewhere: the new family is not blocked", "GN559034", R, BIG, "BLANKET", 2,
         "per family · last time 1 Aug 2024", None, (Had("BLANKET", 25, (1, 2), 2),)),
    Case("three of five had it: the family is not fed twice", "GN559034", R, BIG, "BLANKET", 0, "given once, on 1 Aug 2024", None,
         (Had("BLANKET", 25, (1, 2, 3), 2),)),
    Case("somebody needs care", "GN578072", S, (71, 45), "DIAP-A", 1, "per person who fits", care=frozenset({1})),
    Case("nobody needs care", "GN559034", R, (71, 45), "DIAP-A", 0, "for nobody in this family"),
    Case("two need care, one had hers on Saturday", "GN559034", R, (71, 73), "DIAP-A", 1, "for 1 of 2 · last time 24 Aug 2024",
         date(2024, 8, 31), (Had("DIAP-A", 2, (1,)),), frozenset({1, 2})),
]  # fmt: skip

SUDZHA, KORENEVO, KURSKY = "RU-KRS-38640000", "RU-KRS-38618000", "RU-KRS-38620000"
KURSK = [
    Case("four of Sudzha with relatives", SUDZHA, L, (34, 36, 8, 3), "FOOD-KIT-P7", 4, "per person"),
    Case("four of Korenevo", KORENEVO, R, (34, 36, 8, 3), "FOOD-KIT-P7", 4, "per person"),
    Case("of a district nobody had to leave", KURSKY, R, (34, 36), "FOOD-KIT-P7", 0, "for families from other places"),
    Case("a shelter feeds them", SUDZHA, S, (34, 36), "FOOD-KIT-P7", 0, "not for this way of living"),
    Case("a kit is due, so the ration is not", SUDZHA, L, (34, 36), "FOOD-RTE5", 0, "not today, from 2 Sep 2024", date(2024, 9, 2)),
    Case("they had the ration: no kit in the same week", SUDZHA, L, (34, 36), "FOOD-KIT-P7", 0, "not today, from 29 Aug 2024",
         date(2024, 8, 29), (Had("FOOD-RTE5", 4, (1, 2)),)),
    Case("one of three had the ration", SUDZHA, L, (34, 36, 8), "FOOD-KIT-P7", 2, "for 2 of 3 · last time 22 Aug 2024",
         date(2024, 8, 29), (Had("FOOD-RTE5", 4, (3,)),)),
    Case("bedding for each, in a shelter too", SUDZHA, S, (34, 36, 8), "BED-SET", 3, "per person"),
    Case("bedding is given once", SUDZHA, L, (34, 36), "BED-SET", 0, "given once, on 12 Aug 2024", None, (Had("BED-SET", 14, (1, 2)),)),
    Case("a child is born: one set more", SUDZHA, L, (34, 36, 0), "BED-SET", 1, "for 1 of 3 · last time 12 Aug 2024", None,
         (Had("BED-SET", 14, (1, 2)),)),
    Case("hygiene for a family", SUDZHA, L, (34, 36, 8, 3), "HYG-F", 1, "per family"),
    Case("hygiene for five", SUDZHA, L, BIG, "HYG-F", 2, "per family"),
    Case("hygiene again with the new month", SUDZHA, L, BIG, "HYG-F", 0, "not today, from 1 Sep 2024", date(2024, 9, 1),
         (Had("HYG-F", 1, (1, 2, 3, 4, 5)),)),
    Case("hygiene of the month before is no hindrance", SUDZHA, L, BIG, "HYG-F", 2, "per family · last time 31 Jul 2024", None,
         (Had("HYG-F", 26, (1, 2, 3, 4, 5)),)),
    Case("a kitchen for a home", SUDZHA, R, (34, 36), "KITCHEN", 1, "per family"),
    Case("a kitchen is given once", SUDZHA, R, (34, 36), "KITCHEN", 0, "given once, on 12 Aug 2024", None, (Had("KITCHEN", 14, (1, 2)),)),
    Case("who moved into a home of their own has a kitchen too", SUDZHA, R, (34, 36), "KITCHEN", 1, "per family", None,
         (Had("KITCHEN", 14, (1, 2)),), new_home=True),
    Case("moving once more brings no third kitchen", SUDZHA, R, (34,), "KITCHEN", 0, "given once, on 19 Aug 2024", None,
         (Had("KITCHEN", 14, (1,)), Had("KITCHEN", 7, (1,), 2)), new_home=True),
]  # fmt: skip

TABLES = [("belgorod", case) for case in BELGOROD] + [("kursk", case) for case in KURSK]


@pytest.mark.parametrize(("code", "case"), TABLES, ids=[f"{code}: {case.who}" for code, case in TABLES])
def test_kursk_and_belgorod_give_what_the_table_says(code: str, case: Case) -> None:
    answer = answers(example(code), case)[case.item]
    assert (answer.due, i18n.render(answer.reason, "en"), answer.next_day) == (case.due, case.said, case.next_day)
    assert all(i18n.render(answer.reason, lang) for lang in ("ru", "uk"))


def test_sixteen_towns_and_villages_have_the_food_of_belgorod() -> None:
    food = example("belgorod").rules[0]
    assert len(food.places) == 16
    assert [rule.places for rule in example("belgorod").rules[1:]] == [("RU-BEL",)] * 2
