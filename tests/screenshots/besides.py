"""What the demonstration day has besides, so that everything people can open has something in it: goods in sizes, on loan, of which
there are none, a kit that is assembled here; a protected family, a child alone, a dispute, badges, a paper roll, a copy that is out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from aidtrack.demo.centre import DAY, Centre, on
from aidtrack.demo.families import families
from aidtrack.domain.access import Role
from aidtrack.domain.accounts import WindowDraft
from aidtrack.domain.birth import of_age
from aidtrack.domain.campaigns import CampaignDraft, RuleDraft
from aidtrack.domain.disclosures import DisclosureDraft, Extent
from aidtrack.domain.entitlement import Basis, Filters
from aidtrack.domain.handover import HandOverDraft, LineDraft
from aidtrack.domain.on_paper import PaperLine
from aidtrack.domain.people import HouseholdDraft, Lodging, MemberDraft, Need, Presence, Relation, Sex
from aidtrack.domain.promises import AnnouncedLine, AnnouncementDraft, PromiseDraft
from aidtrack.domain.queueing import Lane, Stage
from aidtrack.domain.stock import (
    Destination,
    GoodsLine,
    ItemMode,
    KitPart,
    ReceiveDraft,
    ReceiveLine,
    TransferDraft,
)
from aidtrack.services import (
    accounts,
    badges,
    campaigns,
    days,
    disclosures,
    handover,
    on_paper,
    overview,
    people,
    promises,
    queueing,
    stock,
)
from aidtrack.services.spreadsheets import Table, import_chunk, plan_import, start_import
from aidtrack.services.stock.catalogue import pack
from aidtrack.store.handover import HandOver

COORDINATOR, REGISTRAR, LEAD, STORE, GIVES = "Ольга К.", "Марина С.", "Ирина Л.", "Виктор Т.", "Наталья В."
MORE = ("DIAP-C", "MATTRESS", "HEATER", "BLANKET", "FOOD-KIT-F", "GROATS-1", "SUGAR-1", "OIL-1", "TEA-BREAD")
PARTS = (("GROATS-1", 2), ("SUGAR-1", 1), ("OIL-1", 1))
SIZES = ("3", "4", "5")
WINDOW = 4
"""A window that gives these goods and registers as well."""


def fill(centre: Centre) -> None:
    """Everything, at the moment the clock of the centre shows."""
    centre.clock.moment = on(DAY, 11, 20)
    goods(centre)
    programme(centre)
    served = served_families(centre)
    lend(centre, served[:3])
    owe(centre, served[3:8])
    protected(centre, served[8])
    disputed(centre, served[9])
    child_alone(centre)
    newcomers(centre)
    sized(centre)
    at_home(centre)
    papers_of_the_day(centre)


def goods(centre: Centre) -> None:
    """Goods the first programme does not give, and a fourth window that has them."""
    drafts = {item.code: item.draft for item in pack().items}
    for code in MORE:
        mode = ItemMode.FREE_TABLE if code == "TEA-BREAD" else ItemMode.COUNTED
        centre.items[code] = centre.do(COORDINATOR, stock.save_item, draft=replace(drafts[code], mode=mode))
    sizes = centre.do(COORDINATOR, stock.save_sizes, item_id=centre.items["DIAP-C"], sizes=SIZES)
    centre.items.update({f"DIAP-C-{size}": one for size, one in zip(SIZES, sizes, strict=True)})
    parts = tuple(KitPart(centre.items[code], number) for code, number in PARTS)
    centre.do(COORDINATOR, stock.save_recipe, kit_id=centre.items["FOOD-KIT-F"], parts=parts)
    _receive(centre)
    gives = tuple(centre.items[code] for code in ("DIAP-C", "MATTRESS", "HEATER", "BLANKET", "FOOD-KIT-F"))
    centre.do(COORDINATOR, accounts.add_window, draft=WindowDraft(WINDOW, "", ("register", "hand_over"), gives))
    centre.windows = {row.draft.number: row.id for row in centre.ask(COORDINATOR, accounts.windows)}
    line = GoodsLine(centre.items["GROATS-1"], 20)
    centre.do(STORE, stock.transfer, draft=TransferDraft(Destination.CENTRE, "Пункт выдачи на Магистральном", (line,)))


def _receive(centre: Centre) -> None:
    item = centre.items
    lines = (
        ReceiveLine(item["DIAP-C-3"], 60, lot="D-3"), ReceiveLine(item["DIAP-C-4"], 9, lot="D-4"),
        ReceiveLine(item["DIAP-C-5"], 48, lot="D-5"), ReceiveLine(item["HEATER"], 12),
        ReceiveLine(item["GROATS-1"], 120, date(2025, 3, 1)), ReceiveLine(item["SUGAR-1"], 64, date(2026, 6, 1)),
        ReceiveLine(item["OIL-1"], 70, date(2024, 8, 19)), ReceiveLine(item["TEA-BREAD"], 6, date(2024, 8, 14)),
    )  # fmt: skip
    centre.do(STORE, stock.receive, draft=ReceiveDraft("Фонд «Соседи»", lines, "121", "Фонд «Соседи»"))


def programme(centre: Centre) -> None:
    """Beside the first programme: small children, warmth, sleep."""
    names = {"en": "Warmth and sleep", "ru": "Тепло и сон", "uk": "Тепло і сон"}
    mine = centre.do(COORDINATOR, campaigns.save_campaign, draft=CampaignDraft(names, DAY, donor="Фонд «Соседи»"))
    item, small = centre.items, Filters(age_to=3)
    for draft in (
        RuleDraft(item["DIAP-C"], Basis.MATCHING, 1, 7, small), RuleDraft(item["MATTRESS"], Basis.PERSON),
        RuleDraft(item["HEATER"], Basis.HOUSEHOLD, loan_days=30), RuleDraft(item["FOOD-KIT-F"], Basis.HOUSEHOLD, 1, monthly=True),
        RuleDraft(item["BLANKET"], Basis.PERSON),
    ):  # fmt: skip
        centre.do(COORDINATOR, campaigns.save_rule, campaign_id=mine, draft=draft)


def rule_of(centre: Centre, household: UUID, code: str) -> UUID:
    """The rule that gives this family an item."""
    rows = centre.ask(LEAD, campaigns.allowances, household)
    return next(row.rule_id for row in rows if row.item_id == centre.items[code])


def served_families(centre: Centre) -> list[UUID]:
    """Who was served today, the first first."""
    query = select(HandOver.household_id).where(HandOver.household_id.is_not(None)).order_by(HandOver.id)
    found = centre.scopes.read(lambda session: session.scalars(query).all())
    return list(dict.fromkeys(one for one in found if one is not None))


def lend(centre: Centre, households: list[UUID]) -> None:
    """Heaters that come back."""
    by = centre.people[GIVES]
    centre.people["fourth window"] = replace(by, desk_id=centre.windows[WINDOW])
    for household in households:
        head = centre.ask(REGISTRAR, people.household_view, household).members[0].person_id
        draft = HandOverDraft(
            household, (LineDraft(rule_of(centre, household, "HEATER"), 1),), collector_person_id=head
        )
        centre.do("fourth window", handover.hand_over, draft=draft)


def owe(centre: Centre, households: list[UUID]) -> None:
    """Mattresses are announced: some are promised of them, others wait; blankets nobody has heard of are waited for."""
    line = AnnouncedLine(centre.items["MATTRESS"], 40)
    delivery = centre.do(
        STORE, promises.announce, draft=AnnouncementDraft("Фонд «Соседи»", DAY + timedelta(days=2), (line,))
    )
    (announced,) = [row for row in centre.ask(STORE, promises.announced) if row.id == delivery]
    for household in households[:2]:
        draft = PromiseDraft(household, rule_of(centre, household, "MATTRESS"), 2, announced.lines[0].line_id)
        centre.do(LEAD, promises.promise, draft=draft)
    for household in households[2:]:
        for code in ("MATTRESS", "BLANKET"):
            centre.do(
                "fourth window", promises.keep_place, household_id=household, rule_id=rule_of(centre, household, code)
            )


def protected(centre: Centre, household: UUID) -> None:
    """Found only by its own card."""
    centre.do(LEAD, people.protect_household, household_id=household, reason="просит никому не говорить, где живёт")


def disputed(centre: Centre, household: UUID) -> None:
    """Says it had nothing; stands with its number before the shift lead."""
    centre.do(REGISTRAR, queueing.issue_ticket, lane=Lane.A, household_id=household, stage=Stage.SHIFT_LEAD)


def newcomers(centre: Centre) -> None:
    """Registered and waiting to be served: with names and without, somebody who lives elsewhere, somebody who needs a chair."""
    head = MemberDraft(
        family_name="Ткаченко", given_name="Мария", patronymic="Петровна", sex=Sex.FEMALE, relation=Relation.HEAD
    )
    mother = replace(head, birth=of_age(35, DAY))
    grandfather = MemberDraft(
        family_name="Ткаченко", given_name="Пётр", patronymic="Иванович", sex=Sex.MALE, relation=Relation.PARENT, birth=of_age(71, DAY),
        needs=frozenset({Need.MOBILITY}),
    )  # fmt: skip
    boy = MemberDraft(sex=Sex.MALE, birth=of_age(2, DAY), relation=Relation.CHILD)
    girl = MemberDraft(sex=Sex.FEMALE, birth=of_age(8, DAY), relation=Relation.CHILD, presence=Presence.ELSEWHERE)
    small = HouseholdDraft(
        (mother, grandfather, boy, girl), settlement_id=families(DAY)[0].draft.settlement_id, lodging=Lodging.RELATIVES
    )
    for draft in (small, families(DAY)[-5].draft, families(DAY)[-6].draft, families(DAY)[-8].draft):
        home = centre.do(REGISTRAR, people.register_household, draft=draft).household_id
        centre.do(REGISTRAR, queueing.issue_ticket, lane=Lane.A, household_id=home, stage=Stage.HAND_OVER)


def sized(centre: Centre) -> None:
    """Diapers of a size went out, which can be exchanged."""
    for household in served_families(centre):
        row = next(
            (
                r
                for r in centre.ask("fourth window", campaigns.allowances, household)
                if r.item_id == centre.items["DIAP-C"]
            ),
            None,
        )
        if row is not None and row.due:
            head = centre.ask(REGISTRAR, people.household_view, household).members[0].person_id
            line = LineDraft(row.rule_id, 1, size_id=centre.items["DIAP-C-4"])
            centre.do(
                "fourth window", handover.hand_over, draft=HandOverDraft(household, (line,), collector_person_id=head)
            )
            return


def child_alone(centre: Centre) -> None:
    """The shift lead is called, silently."""
    child = MemberDraft(family_name="Соколов", given_name="Егор", sex=Sex.MALE, birth=of_age(11, DAY), relation=Relation.HEAD)
    draft = HouseholdDraft((child,), origin_text="Плёхово", came_with="сосед по автобусу", found_at="у входа")
    centre.do(REGISTRAR, people.register_household, draft=draft)


def at_home(centre: Centre) -> None:
    """Families who cannot come, and a copy of their sheet that is out."""
    source = families(DAY)[-3:]
    for n, family in enumerate(source, 1):
        head, *others = family.draft.members
        members = (replace(head, needs=frozenset({Need.MOBILITY})), *others)
        draft = replace(family.draft, members=members, lodging=Lodging.RENT, address=f"ул. Садовая, {4 * n}, кв. {n}")
        centre.do(REGISTRAR, people.register_household, draft=draft)
    centre.do(LEAD, handover.sign_out_sheet, carrier="Олег, бейдж 07")


def to_cut_out(centre: Centre) -> None:
    """A roll of numbers and badges, made for the day."""
    centre.do(REGISTRAR, queueing.cut_block, lane=Lane.A, number=100)
    centre.do(COORDINATOR, badges.make_badges, role=Role.DISTRIBUTOR, count=4)


def papers_of_the_day(centre: Centre) -> None:
    """A roll of numbers, badges that are worn, a list that was taken in, names that went out."""
    to_cut_out(centre)
    made = centre.ask(COORDINATOR, overview.day_badges, DAY).badges
    for row, name in zip(made, ("Олег Н.", "Света П.", "Данила"), strict=False):
        centre.do("founder", badges.claim_badge, code=row.code, name=name, pin="4711")
    take_a_list_in(centre)
    draft = DisclosureDraft(
        "Администрация района, отдел по делам семьи",
        "письмо № 114 от 10.08.2024",
        "сверка списков",
        Extent.NAMES.fields,
    )
    centre.do(COORDINATOR, disclosures.disclose, draft=draft, second=centre.people[LEAD])


def take_a_list_in(centre: Centre) -> None:
    """Families of a list that somebody brought."""
    header = ("ФИО", "возраст", "откуда")
    rows = (
        ("Гончарова Ирина Олеговна", "41", "Суджа"),
        ("Лисовский Пётр", "67", "Коренево"),
        ("Шевчук Алла", "29", "Глушково"),
    )
    table = Table((header, *rows), "соседи", "соседи.xlsx")
    by = centre.people[COORDINATOR]
    plan = centre.scopes.read(lambda session: plan_import(session, by, table))
    batch = centre.do(COORDINATOR, start_import, table=table)
    centre.scopes.write(lambda session: import_chunk(session, by, batch_id=batch, families=plan.families))


# ── the evening ──────────────────────────────────────────────────────────────────────────────────


def left_open(centre: Centre) -> None:
    """What has to be explained before the day is closed: a promise of today, a sheet that is still out."""
    goods(centre)
    programme(centre)
    at_home(centre)
    to_cut_out(centre)
    last = served_families(centre)[-3:]
    for household in last[:2]:
        draft = PromiseDraft(household, rule_of(centre, household, "HEATER"), 1, until=DAY)
        centre.do(LEAD, promises.promise, draft=draft)
    disputed(centre, last[2])
    off_the_book(centre)


def off_the_book(centre: Centre) -> None:
    """A line signed on paper for goods the book did not have."""
    household = served_families(centre)[5]
    line = PaperLine(household, ((centre.items["BLANKET"], 4),), on(DAY, 18, 5), centre.windows[WINDOW], DAY)
    centre.do(COORDINATOR, on_paper.enter_paper_line, line=line)


def closed(centre: Centre) -> None:
    """Closed with rows nobody has explained yet."""
    left_open(centre)
    centre.do(COORDINATOR, days.close_day)


def signed_off(centre: Centre) -> None:
    """The figures stand."""
    closed(centre)
    centre.do(COORDINATOR, overview.sign_off)
