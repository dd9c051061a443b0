"""The aid form on both databases: editions, filled forms, corrections; an old answer keeps its question."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.intake import Question, QuestionKind, form_problems
from aidtrack.domain.people import HouseholdDraft, MemberDraft
from aidtrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from aidtrack.i18n import LANGUAGES
from aidtrack.services import intake, people
from aidtrack.services.intake import FormDraft, FormRow, SubmissionDraft, SubmissionRow
from aidtrack.store.database import Database
from tests.factories import SettableClock, Team

SOME = {"needs": ["food", "diapers"], "diaper_size": ["4"], "left_on": "8.8.24", "remarks": "приехали с кошкой"}


@pytest.fixture
def form(database: Database, by: Team) -> FormRow:
    return database.write(partial(intake.load_form, by=by.coordinator, request_id=new_id()))


@pytest.fixture
def family(database: Database, by: Team) -> UUID:
    draft = HouseholdDraft(members=(MemberDraft(family_name="Ткаченко", given_name="Мария"),))
    return database.write(
        partial(people.register_household, by=by.registrar, request_id=new_id(), draft=draft)
    ).household_id


def fill(database: Database, by: Actor, draft: SubmissionDraft, request: UUID | None = None) -> SubmissionRow:
    return database.write(partial(intake.fill_in, by=by, request_id=request or new_id(), draft=draft))


def test_the_pack_is_a_usable_form_in_every_language() -> None:
    draft = intake.pack()
    assert form_problems(draft.questions, LANGUAGES) == []
    assert all(words.get(lang) for q in draft.questions for words in (q.words, q.hint) if words for lang in LANGUAGES)
    assert not any(question.is_required for question in draft.questions)


def test_a_centre_starts_with_the_form_and_keeps_its_own(database: Database, by: Team, form: FormRow) -> None:
    assert form.edition == 1
    again = database.write(partial(intake.load_form, by=by.coordinator, request_id=new_id()))
    assert again.id == form.id


def test_what_was_answered_is_kept_plainly(database: Database, by: Team, form: FormRow, family: UUID) -> None:
    row = fill(database, by.registrar, SubmissionDraft(family, form.id, SOME))
    assert row.answers == {
        "left_on": "2024-08-08",
        "needs": ["food", "diapers"],
        "diaper_size": ["4"],
        "remarks": "приехали с кошкой",
    }
    assert row.number == "KRS-FORM-2024-1"
    assert "clothes_sizes" not in {question.key for question in row.asked}
    assert database.read(partial(intake.latest, by=by.registrar, household_id=family)) == row


def test_the_same_save_twice_is_one_form(database: Database, by: Team, form: FormRow, family: UUID) -> None:
    request, draft = new_id(), SubmissionDraft(family, form.id, SOME)
    assert fill(database, by.registrar, draft, request) == fill(database, by.registrar, draft, request)
    assert len(database.read(partial(intake.submissions, by=by.registrar, household_id=family))) == 1
    with pytest.raises(Conflict):
        fill(database, by.registrar, replace(draft, answers={"cook": "no"}), request)


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"needs": ["gold"], "left_on": "soon", "cook": "maybe"}, ["left_on", "needs", "cook"]),
        ({}, [""]),
        ({"remarks": "  "}, [""]),
        ({"unheard_of": "x"}, ["unheard_of"]),
    ],
)
def test_all_problems_come_at_once(
    database: Database, by: Team, form: FormRow, family: UUID, answers: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as invalid:
        fill(database, by.registrar, SubmissionDraft(family, form.id, answers))
    assert [problem.field for problem in invalid.value.problems] == fields


def test_a_correction_stands_beside_what_it_corrects(
    database: Database, by: Team, form: FormRow, family: UUID, clock: SettableClock
) -> None:
    first = fill(database, by.registrar, SubmissionDraft(family, form.id, SOME))
    clock.forward(minutes=5)
    second = fill(database, by.registrar, SubmissionDraft(family, form.id, {"cook": "no"}, first.id))
    rows = database.read(partial(intake.submissions, by=by.registrar, household_id=family))
    assert [(row.id, row.is_replaced) for row in rows] == [(second.id, False), (first.id, True)]
    with pytest.raises(Conflict):
        fill(database, by.registrar, SubmissionDraft(family, form.id, {"cook": "yes"}, first.id))


def test_a_new_edition_never_changes_old_answers(
    database: Database, by: Team, form: FormRow, family: UUID, clock: SettableClock
) -> None:
    old = fill(database, by.registrar, SubmissionDraft(family, form.id, SOME))
    extra = Question("pets", QuestionKind.NUMBER, {"ru": "Животные", "uk": "Тварини", "en": "Animals"}, most=9)
    draft = FormDraft(form.names, (*form.questions[4:6], extra), form.edition)
    newer = database.write(partial(intake.save_form, by=by.coordinator, request_id=new_id(), draft=draft))
    assert (newer.edition, len(newer.questions)) == (2, 3)
    current = database.read(partial(intake.current_form, by=by.registrar))
    assert current == newer
    assert database.read(partial(intake.submission, by=by.registrar, submission_id=old.id)) == old
    with pytest.raises(Conflict):
        database.write(partial(intake.save_form, by=by.coordinator, request_id=new_id(), draft=draft))


def test_an_unusable_form_is_refused_with_everything_that_is_wrong(database: Database, by: Team, form: FormRow) -> None:
    bad = Question("Bad key", QuestionKind.ONE, {"en": "only English"})
    draft = FormDraft({"en": "x"}, (bad,), form.edition)
    with pytest.raises(InvalidInput) as invalid:
        database.write(partial(intake.save_form, by=by.coordinator, request_id=new_id(), draft=draft))
    assert len(invalid.value.problems) == 4


def test_only_the_coordinator_changes_the_questions(database: Database, by: Team) -> None:
    with pytest.raises(NotAllowed):
        database.write(partial(intake.load_form, by=by.shift_lead, request_id=new_id()))


def test_the_storekeeper_reads_no_answers(database: Database, by: Team, family: UUID) -> None:
    with pytest.raises(NotAllowed):
        database.read(partial(intake.submissions, by=by.storekeeper, household_id=family))


def test_an_unknown_family_or_form_is_not_found(database: Database, by: Team, form: FormRow, family: UUID) -> None:
    for household, form_id in ((new_id(), form.id), (family, new_id())):
        with pytest.raises(NotFound):
            fill(database, by.registrar, SubmissionDraft(household, form_id, SOME))
