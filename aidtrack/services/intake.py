"""The aid form at work: the centre's questions in editions, and what families answered.

An edition never changes once it is made, so an old answer always stands beside the question it was given to. A
corrected form is a new one that names the old one; nothing is overwritten.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.domain.ids import new_id
from aidtrack.domain.intake import (
    Answer,
    Question,
    asked,
    form_problems,
    question_data,
    question_from,
    read_answers,
)
from aidtrack.domain.people import no_family
from aidtrack.domain.text import clean
from aidtrack.errors import Conflict, InvalidInput, Names, NotFound, Problem, Text
from aidtrack.i18n import LANGUAGES
from aidtrack.services.today import current_day
from aidtrack.shipped import RESOURCES
from aidtrack.store import journal
from aidtrack.store.days import Site, draw
from aidtrack.store.intake import Form, Submission
from aidtrack.store.people import Household

PACK = RESOURCES / "packs" / "forms" / "aid.toml"
AID_FORM = "aid"


@dataclass(frozen=True, slots=True)
class FormRow:
    """One edition of a form."""

    id: UUID
    code: str
    edition: int
    names: Names
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The next edition; `edition` is the one it was made from (0: the first)."""

    names: Names
    questions: tuple[Question, ...]
    edition: int = 0
    code: str = AID_FORM


@dataclass(frozen=True, slots=True)
class SubmissionDraft:
    """What was typed for a family, by the keys of the questions; `replaces_id` is the filled form it corrects."""

    household_id: UUID
    form_id: UUID
    answers: Mapping[str, Any]
    replaces_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A filled form with the edition it was filled in."""

    id: UUID
    household_id: UUID
    form: FormRow
    number: str
    answers: Mapping[str, Answer]
    day: date
    at: datetime
    is_replaced: bool

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that were asked, given the answers."""
        return tuple(asked(self.form.questions, self.answers))


# ── the questions ────────────────────────────────────────────────────────────────────────────────


def current_form(session: Session, by: Actor, code: str = AID_FORM) -> FormRow | None:
    """The newest edition of a form of this centre; None before it has one."""
    query = select(Form).where(Form.site_id == by.site, Form.code == code).order_by(Form.edition.desc()).limit(1)
    form = session.scalar(query)
    return _form_row(form) if form is not None else None


def save_form(session: Session, by: Actor, *, request_id: UUID, draft: FormDraft) -> FormRow:
    """Makes the next edition. Conflict when somebody made one since this draft was begun."""
    by.require(Permission.SETTINGS)
    problems = form_problems(draft.questions, LANGUAGES)
    if not all(clean(draft.names.get(lang)) for lang in LANGUAGES):
        problems.append(Problem("names", Text("Give the form a name in each language.")))
    if problems:
        raise InvalidInput(problems)
    with journal.operation(session, by, request_id, "save_form", draft=draft) as op:
        if op.is_repeat:
            return _form_row(session.get_one(Form, op.only("form")))
        newest = current_form(session, by, draft.code)
        if draft.edition != (newest.edition if newest else 0):
            raise Conflict("form-changed", Text("Somebody changed this form meanwhile. Look at the new one first."))
        form = Form(
            id=new_id(),
            site_id=by.site,
            code=draft.code,
            edition=draft.edition + 1,
            names={lang: clean(draft.names[lang]) for lang in LANGUAGES},
            questions=[question_data(question) for question in draft.questions],
            made_at=by.now(),
        )
        session.add(form)
        session.flush()
        return _form_row(form)


def load_form(session: Session, by: Actor, *, request_id: UUID) -> FormRow:
    """The form a centre starts with; one that has a form already keeps it."""
    by.require(Permission.SETTINGS)
    with journal.operation(session, by, request_id, "load_form") as op:
        if op.is_repeat:
            return _form_row(session.get_one(Form, op.only("form")))
        return current_form(session, by) or save_form(session, by, request_id=request_id, draft=pack())


@cache
def pack() -> FormDraft:
    """The default form, read from the pack."""
    data = tomllib.loads(PACK.read_text(encoding="utf-8"))
    return FormDraft(data["names"], tuple(question_from(entry) for entry in data["question"]), code=data["code"])


def _form_row(form: Form) -> FormRow:
    questions = tuple(question_from(data) for data in form.questions)
    return FormRow(form.id, form.code, form.edition, form.names, questions)


# ── what families answered ───────────────────────────────────────────────────────────────────────


def fill_in(session: Session, by: Actor, *, request_id: UUID, draft: SubmissionDraft) -> SubmissionRow:
    """Keeps the answers of a family. All problems come at once, each beside its question; nothing has to be answered
    that the form does not ask for."""
    by.require(Permission.REGISTER)
    with journal.operation(session, by, request_id, "fill_in", draft=draft) as op:
        if op.is_repeat:
            return submission(session, by, op.only("submission"))
        form, day = _form_of(session, by, draft), current_day(session, by)
        answers, problems = read_answers(form.questions, draft.answers, day)
        if not answers and not problems:
            problems = [Problem("", Text("Nothing is answered yet."))]
        if problems:
            raise InvalidInput(problems)
        row = Submission(
            id=new_id(),
            form_id=form.id,
            household_id=draft.household_id,
            replaces_id=_checked_replaced(session, draft),
            number=_number(session, by, day),
            answers=answers,
            day=day,
            at=by.now(),
        )
        session.add(row)
        session.flush()
        return submission(session, by, row.id)


def submission(session: Session, by: Actor, submission_id: UUID) -> SubmissionRow:
    """One filled form."""
    rows = _rows(session, by, Submission.id == submission_id)
    if not rows:
        raise NotFound("submission", Text("This form is not in the database."))
    return rows[0]


def submissions(session: Session, by: Actor, household_id: UUID) -> tuple[SubmissionRow, ...]:
    """All filled forms of a family, the newest first; corrected ones are marked."""
    return tuple(_rows(session, by, Submission.household_id == household_id))


def latest(session: Session, by: Actor, household_id: UUID) -> SubmissionRow | None:
    """The filled aid form that counts."""
    rows = submissions(session, by, household_id)
    return next((row for row in rows if row.form.code == AID_FORM and not row.is_replaced), None)


def _rows(session: Session, by: Actor, where: ColumnElement[bool]) -> list[SubmissionRow]:
    by.require(Permission.REGISTER)
    newer = aliased(Submission)
    replaced = select(newer.id).where(newer.replaces_id == Submission.id).exists()
    query = select(Submission, Form, replaced).join(Form, Form.id == Submission.form_id).where(where)
    found = session.execute(query.order_by(Submission.at.desc(), Submission.id.desc()))
    return [_row(submission, form, is_replaced) for submission, form, is_replaced in found]


def _row(row: Submission, form: Form, is_replaced: bool) -> SubmissionRow:
    answers: Mapping[str, Answer] = row.answers
    return SubmissionRow(row.id, row.household_id, _form_row(form), row.number, answers, row.day, row.at, is_replaced)


def _form_of(session: Session, by: Actor, draft: SubmissionDraft) -> FormRow:
    form = session.get(Form, draft.form_id)
    if form is None or form.site_id != by.site:
        raise NotFound("form", Text("This form is not in the database."))
    if session.get(Household, draft.household_id) is None:
        raise no_family()
    return _form_row(form)


def _checked_replaced(session: Session, draft: SubmissionDraft) -> UUID | None:
    """A filled form is corrected once; the next correction names the newer one."""
    if draft.replaces_id is None:
        return None
    old = session.get(Submission, draft.replaces_id, with_for_update={"key_share": True})
    if old is None or old.household_id != draft.household_id:
        raise NotFound("submission", Text("This form is not in the database."))
    if session.scalar(select(Submission.id).where(Submission.replaces_id == old.id).limit(1)) is not None:
        raise Conflict("form-corrected", Text("Somebody corrected this form meanwhile. Look at the new answers first."))
    return old.id


def _number(session: Session, by: Actor, day: date) -> str:
    code = session.scalars(select(Site.code).where(Site.id == by.site)).one()
    return f"{code}-FORM-{day.year}-{draw(session, by.site, f'form/{day.year}')}"
