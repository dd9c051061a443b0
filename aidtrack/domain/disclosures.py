"""Names that leave the program: what must be said first, and which fields may go (field.md 15).

Owns the rule of two people, the sets of fields and the words for them. Nobody is named here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from aidtrack.domain.access import Permission
from aidtrack.domain.actor import Actor
from aidtrack.errors import Problem, Refused, Text

FIELDS = (
    "external_id", "household", "relation", "family_name", "given_name", "patronymic", "sex", "birth_date", "phone",
    "document_number", "address", "origin", "lodging", "needs", "note", "card",
)  # fmt: skip
"""Everything a list of people can hold, in the order of its columns."""
SHORTEST_PASSWORD = 10
LONGEST = 200


class Extent(StrEnum):
    """How much of everybody goes out; the order is that of the digits."""

    NAMES = "names"
    ADDRESSES = "addresses"
    ALL = "all"

    @property
    def text(self) -> Text:
        return _EXTENT_WORDS[self]

    @property
    def fields(self) -> tuple[str, ...]:
        return _EXTENT_FIELDS[self]


_EXTENT_WORDS = {
    Extent.NAMES: Text("Names and cards"),
    Extent.ADDRESSES: Text("With birth, telephone, address"),
    Extent.ALL: Text("Everything, papers too"),
}
_WHO = ("household", "relation", "family_name", "given_name", "patronymic", "card")
_EXTENT_FIELDS = {
    Extent.NAMES: tuple(field for field in FIELDS if field in _WHO),
    Extent.ADDRESSES: tuple(field for field in FIELDS if field in (*_WHO, "sex", "birth_date", "phone", "address", "origin")),
    Extent.ALL: FIELDS,
}


@dataclass(frozen=True, slots=True)
class DisclosureDraft:
    """Who asks for names, on what paper (its number), for what, and for which fields."""

    asked_by: str
    paper: str
    purpose: str
    fields: tuple[str, ...] = Extent.ALL.fields


def problems(draft: DisclosureDraft) -> list[Problem]:
    """Everything that must be said before a name goes out and is not."""
    wanted = {
        "asked_by": Text("Who asks? Organisation, name and office."),
        "paper": Text("On what paper? Its number and date."),
        "purpose": Text("For what? One sentence."),
    }
    found = [Problem(field, text) for field, text in wanted.items() if not getattr(draft, field)]
    too_long = Text("Too long: {most} letters at most.", most=LONGEST)
    found += [Problem(field, too_long) for field in wanted if len(getattr(draft, field)) > LONGEST]
    if not draft.fields or not set(draft.fields) <= set(FIELDS):
        found.append(Problem("fields", Text("Which fields? Those there are: {names}.", names=", ".join(FIELDS))))
    return found


def password_problems(password: str) -> list[Problem]:
    """The password of a file with names; whoever receives it is told it by another way."""
    if len(password) >= SHORTEST_PASSWORD:
        return []
    text = Text("At least {n} characters. Tell it by another way than the file.", n=SHORTEST_PASSWORD)
    return [Problem("password", text)]


def expect_second(first: Actor, second: Actor | None) -> Actor:
    """The second person, another one than the first and with the right to stand beside; Refused otherwise."""
    if second is None or second.user_id is None or second.user_id == first.user_id:
        raise Refused("second-person", Text("Names go out by two people only: ask a second one to sign in here too."))
    second.require(Permission.WITNESS_NAMES)
    return second


def copy_mark(number: str, request_id: UUID) -> str:
    """What tells one copy from every other: KRS-D-2024-3 · 7F2A."""
    return f"{number} · {request_id.hex[-4:].upper()}"


def fields_in_words(fields: Sequence[str]) -> tuple[Text, ...]:
    """The fields as people read them."""
    return tuple(_FIELD_WORDS[field] for field in fields)


_FIELD_WORDS = {
    "external_id": Text("own number"),
    "household": Text("family"),
    "relation": Text("relation"),
    "family_name": Text("surname"),
    "given_name": Text("name"),
    "patronymic": Text("patronymic"),
    "sex": Text("sex"),
    "birth_date": Text("date of birth"),
    "phone": Text("phone"),
    "document_number": Text("number of a paper"),
    "address": Text("address"),
    "origin": Text("where from"),
    "lodging": Text("where living now"),
    "needs": Text("what helps"),
    "note": Text("note"),
    "card": Text("card"),
}
