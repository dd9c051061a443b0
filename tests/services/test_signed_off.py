"""A day that is signed off, on both databases: its papers stay as they were, carry its hash, say what did not agree, and have revisions."""

from __future__ import annotations

import re
from functools import partial

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from aidtrack import i18n
from aidtrack.domain.ids import new_id
from aidtrack.domain.stock import CountDraft, SeenLine
from aidtrack.errors import NotAllowed, NotFound, Refused
from aidtrack.reports import catalogue
from aidtrack.reports.catalogue import Format
from aidtrack.services import days, overview, stock
from aidtrack.services.overview.daily import COUNTED, TOLD
from aidtrack.services.overview.distribution import count_distribution
from aidtrack.store import journal
from aidtrack.store.days import ReportIssue
from aidtrack.store.people import Person
from tests.aid import TODAY
from tests.services.test_overview import LANGUAGES, PRINTED, Day, day

__all__ = ["day"]


def everybody_is_a_man(session: Session) -> None:
    """What becomes known later about people who were served."""
    for person in session.scalars(select(Person)):
        person.sex = "m"


def forget(day: Day) -> None:
    def do(session: Session) -> None:
        with journal.operation(session, day.lead, new_id(), "make_aid"):
            everybody_is_a_man(session)

    day.database.write(do)


def test_a_signed_off_day_says_the_same_whatever_becomes_known(day: Day) -> None:
    day.give(2)
    day.close()
    day.sign_off()
    printed = {
        lang: catalogue.make("distribution", Format.PDF, day.distribution(), PRINTED, lang) for lang in LANGUAGES
    }
    counted = day.database.read(lambda s: count_distribution(s, day.lead, TODAY))
    forget(day)
    assert day.database.read(lambda s: count_distribution(s, day.lead, TODAY)).cohorts != counted.cohorts
    assert day.distribution().cohorts == counted.cohorts
    again = {lang: catalogue.make("distribution", Format.PDF, day.distribution(), PRINTED, lang) for lang in LANGUAGES}
    assert again == printed


def test_later_facts_make_a_revision_beside_the_old_report(day: Day) -> None:
    day.give(2)
    day.close()
    day.sign_off()
    before = day.distribution()
    day.clock.forward(minutes=1)
    assert day.revise("Ничего нового") == 0
    forget(day)
    assert day.revise("Пол записан неверно") == 3  # R1, R2, R3
    after = day.distribution()
    assert (before.heading.revision, after.heading.revision) == (1, 2)
    assert after.cohorts != before.cohorts
    assert day.database.read(lambda s: overview.distribution_report(s, day.lead, TODAY, 1)) == before
    assert day.database.read(lambda s: overview.revisions(s, day.lead, TODAY, "distribution")) == (1, 2)
    assert day.database.read(lambda s: overview.revisions(s, day.lead, TODAY, "queue")) == (1,)
    with pytest.raises(NotFound, match="no-revision"):
        day.database.read(lambda s: overview.stock_report(s, day.lead, TODAY, 3))


def test_papers_of_a_signed_off_day_all_carry_its_hash_and_a_revision_that_of_its_own_moment(day: Day) -> None:
    """A paper without it proves nothing; one that becomes known later says so by another hash."""
    day.give(2)
    day.close()
    day.clock.forward(minutes=1)
    before = day.distribution().heading.chain
    assert re.fullmatch("[0-9A-F]{4} [0-9A-F]{4}", before)
    day.sign_off()
    day.clock.forward(minutes=1)
    for report in [one for one in catalogue.REPORTS if one.is_kept or one.name in ("door", "served", "waiting", "sheets")]:
        figures = day.database.read(lambda s, one=report: one.figures(s, day.lead, TODAY))  # type: ignore[misc]
        assert figures.heading.chain == before, report.name
    forget(day)
    assert day.revise("Пол записан неверно") == 3
    assert day.distribution().heading.chain not in (before, "")
    first = day.database.read(lambda s: overview.distribution_report(s, day.lead, TODAY, 1))
    assert first.heading.chain == day.queue().heading.chain == before


def test_a_later_sentence_about_a_count_takes_the_place_of_the_first_on_paper_too(day: Day) -> None:
    soap, lot = day.aid.soap.item_id, day.aid.soap.lots[0]
    seen = CountDraft((SeenLine(soap, lot, 40, "десять не найдены"),), day.centre.shelf)
    day.database.write(lambda s: stock.count(s, day.by.storekeeper, request_id=new_id(), draft=seen))
    assert [one.explanation for one in day.stock().differences] == ["десять не найдены"]
    day.explain(days.count_topic(soap), "Нашли под столом, акт завтра.")
    assert [one.explanation for one in day.stock().differences] == ["Нашли под столом, акт завтра."]


def test_every_difference_of_the_evening_stands_on_page_one_with_its_sentence(day: Day) -> None:
    """What was said about signatures and papers is on no shelf: it would be on no paper else."""
    day.give(2)
    soap, lot = day.aid.soap.item_id, day.aid.soap.lots[0]
    seen = CountDraft((SeenLine(soap, lot, 40),), day.centre.shelf)
    day.database.write(lambda s: stock.count(s, day.by.storekeeper, request_id=new_id(), draft=seen))
    count_up = partial(days.count_up, by=day.lead, request_id=new_id(), day_id=day.day_id, topic="named", number=3)  # type: ignore[arg-type]
    day.database.write(count_up)
    assert day.distribution().differences == ()
    said = {"named": "Один лист испорчен.", "not_counted": "Считаем утром."}
    for topic, sentence in said.items():
        day.explain(topic, sentence)
    day.close()
    shown = [(i18n.render(one.what, "en").split(":")[0], one.sentence) for one in day.distribution().differences]
    assert shown == [
        ("Papers with names, boxed or shredded", said["named"]), ("Soap", ""), ("2 kinds of goods were not counted", said["not_counted"]),
    ]  # fmt: skip
    day.sign_off()
    assert [one.sentence for one in day.distribution().differences] == [sentence for _, sentence in shown]
    shift = day.database.read(lambda s: overview.shift_report(s, day.lead, TODAY))
    assert {one.sentence for one in shift.explained} == set(said.values())
    page = catalogue.make("distribution", Format.PDF, day.distribution(), PRINTED, "en")
    with pypdfium2.PdfDocument(page) as pages:
        text = " ".join(pages[0].get_textpage().get_text_range().split())
    assert all(sentence in text for sentence in (*said.values(), "not explained yet"))


def test_a_revision_wants_a_reason_and_a_signed_off_day(day: Day) -> None:
    with pytest.raises(Refused, match="day-not-signed-off"):
        day.revise("рано")
    day.close()
    day.sign_off()
    with pytest.raises(Refused, match="no-reason"):
        day.revise("  ")


def test_only_who_leads_the_day_signs_it_off(day: Day) -> None:
    day.close()
    with pytest.raises(NotAllowed):
        day.database.write(lambda s: overview.sign_off(s, day.by.registrar, request_id=new_id()))


def test_signing_off_twice_keeps_once(day: Day) -> None:
    day.close()
    request = new_id()
    for _ in range(2):
        day.database.write(lambda s: overview.sign_off(s, day.lead, request_id=request))
    kept = day.database.read(lambda s: sorted(s.scalars(select(ReportIssue.report))))
    assert kept == sorted({*COUNTED, *TOLD})
