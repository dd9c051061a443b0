"""What stands in the new-family form, as plain values that can be kept and shown again.

Owns no widgets: the form fills from it and is read into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from aidtrack.domain.birth import Birth, Precision, Unclear, read_birth
from aidtrack.domain.documents import masked, with_kind
from aidtrack.domain.people import (
    DocumentDraft,
    DocumentKind,
    HouseholdDraft,
    HowConfirmed,
    Lodging,
    MemberDraft,
    Need,
    Presence,
    Relation,
    Sex,
    name_of,
    read_members,
    split_full_name,
    with_guesses,
)
from aidtrack.errors import Problem, Text


@dataclass(frozen=True, slots=True)
class HalfMember:
    """A member that stands in the line of the full form and is not taken over yet; `at` is the place of one that is changed."""

    name: str = ""
    birth: str = ""
    relation: Relation | None = None
    presence: Presence = Presence.HERE
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """The form: texts as typed, choices as values. `line` is the quick members line, `others` the members written out.

    `refused` are the families that were said to be other people.
    """

    full_name: str = ""
    birth: str = ""
    settlement: UUID | None = None
    settlement_text: str = ""
    lodging: Lodging | None = None
    phone: str = ""
    line: str = ""
    others: tuple[MemberDraft, ...] = ()
    half: HalfMember = HalfMember()
    address: str = ""
    document: str = ""
    document_kind: DocumentKind | None = None
    needs: frozenset[Need] = frozenset()
    how_confirmed: HowConfirmed | None = None
    collector: str = ""
    authority: str = ""
    note: str = ""
    came_with: str = ""
    found_at: str = ""
    is_told: bool = False
    is_full: bool = False
    refused: frozenset[UUID] = frozenset()
    head: MemberDraft = field(default_factory=MemberDraft)
    """What the person of an edited card holder has that the form does not show."""

    @property
    def is_empty(self) -> bool:
        """Nothing anybody would miss."""
        return self == Typed(is_full=self.is_full)

    def members(self, day: date) -> tuple[tuple[MemberDraft, ...], list[Problem]]:
        """The card holder and the others, as far as they can be read; and what cannot."""
        problems: list[Problem] = []
        line = read_members(self.line, day)
        problems += [Problem("members", text) for text in line.problems[:1]]
        family, given, patronymic = self._head_name()
        birth = self.head.birth if self.head.birth and self.birth == self.head.birth.typed else None
        try:
            birth = birth or read_birth(self.birth, day)
        except Unclear as unclear:
            problems.append(Problem("birth", unclear.text))
        named = (family, given, patronymic)
        same = named == (self.head.family_name, self.head.given_name, self.head.patronymic)
        head = replace(
            self.head, family_name=family, given_name=given, patronymic=patronymic, birth=birth, needs=self.needs,
            relation=Relation.HEAD, sex=self.head.sex if same else None,
            document=self.paper(),
        )  # fmt: skip
        return (with_guesses(head), *self.others, *line.members), problems

    def paper(self) -> DocumentDraft | None:
        """The paper, with the kind its number shows; one that stands there masked is the one that was written down before."""
        known = self.head.document
        if not self.document or self.document == "0":
            return None
        if known is not None and self.document == masked(known):
            return replace(known, kind=self.document_kind)
        return with_kind(DocumentDraft(self.document, self.document_kind))

    def _head_name(self) -> tuple[str, str, str]:
        """A name nobody touched stays as it was written: “Салтыков Щедрин Иван” cannot be told apart from its look."""
        head = self.head
        if self.full_name and self.full_name == name_of(head):
            return head.family_name, head.given_name, head.patronymic
        return split_full_name(self.full_name)

    def draft(self, day: date, language: str, version: int = 0) -> tuple[HouseholdDraft, list[Problem]]:
        """The family to save, and what keeps it from being saved."""
        members, problems = self.members(day)
        draft = HouseholdDraft(
            members=members,
            settlement_id=self.settlement,
            origin_text=self.settlement_text,
            lodging=self.lodging,
            address=self.address,
            phone=self.phone,
            how_confirmed=self.how_confirmed,
            notice_language=language if self.is_told else "",
            collector_name=self.collector,
            collector_authority=self.authority,
            note=self.note,
            came_with=self.came_with,
            found_at=self.found_at,
            version=version,
        )
        return draft, problems


def typed_from(draft: HouseholdDraft) -> Typed:
    """A family that is there, as the full form shows it."""
    head = draft.members[0]
    return Typed(
        full_name=name_of(head),
        birth=head.birth.typed if head.birth else "",
        settlement=draft.settlement_id,
        settlement_text=draft.origin_text,
        lodging=draft.lodging,
        phone=draft.phone,
        others=draft.members[1:],
        address=draft.address,
        document=masked(head.document),
        document_kind=head.document.kind if head.document else None,
        needs=head.needs,
        how_confirmed=draft.how_confirmed,
        note=draft.note,
        came_with=draft.came_with,
        found_at=draft.found_at,
        is_told=bool(draft.notice_language),
        is_full=True,
        head=head,
    )


# ── keeping ──────────────────────────────────────────────────────────────────────────────────────

_TEXTS = (
    "full_name",
    "birth",
    "settlement_text",
    "phone",
    "line",
    "address",
    "document",
    "collector",
    "authority",
    "note",
    "came_with",
    "found_at",
)
_MEMBER_TEXTS = ("family_name", "given_name", "patronymic", "phone", "address", "origin_text", "note", "external_id")


def to_body(typed: Typed) -> dict[str, Any]:
    """As JSON keeps it; only new families are kept, an edited one is in the database."""
    return {name: getattr(typed, name) for name in _TEXTS} | {
        "settlement": typed.settlement.hex if typed.settlement else "",
        "lodging": typed.lodging or "",
        "needs": sorted(typed.needs),
        "how_confirmed": typed.how_confirmed or "",
        "is_told": typed.is_told,
        "is_full": typed.is_full,
        "others": [_member_body(member) for member in typed.others],
        "half": _half_body(typed.half),
        "document_kind": typed.document_kind or "",
        "refused": sorted(one.hex for one in typed.refused),
    }


def _half_body(half: HalfMember) -> dict[str, Any]:
    texts = {"name": half.name, "birth": half.birth, "relation": half.relation or "", "presence": half.presence}
    return texts | {"at": half.at}


def _half_from(body: Mapping[str, Any]) -> HalfMember:
    relation, presence = body.get("relation"), body.get("presence")
    return HalfMember(
        name=str(body.get("name", "")), birth=str(body.get("birth", "")), at=body.get("at"),
        relation=Relation(relation) if relation else None, presence=Presence(presence or Presence.HERE),
    )  # fmt: skip


def _member_body(member: MemberDraft) -> dict[str, Any]:
    return {name: getattr(member, name) for name in _MEMBER_TEXTS} | {
        "sex": member.sex or "",
        "birth": [member.birth.first.isoformat(), member.birth.precision] if member.birth else None,
        "relation": member.relation or "",
        "presence": member.presence,
        "needs": sorted(member.needs),
    }


def from_body(body: Mapping[str, Any]) -> Typed:
    """What `to_body` was given."""
    texts: dict[str, Any] = {name: str(body.get(name, "")) for name in _TEXTS}
    return Typed(
        **texts,
        settlement=UUID(hex=body["settlement"]) if body.get("settlement") else None,
        lodging=Lodging(body["lodging"]) if body.get("lodging") else None,
        needs=frozenset(Need(need) for need in body.get("needs", ())),
        how_confirmed=HowConfirmed(body["how_confirmed"]) if body.get("how_confirmed") else None,
        is_told=bool(body.get("is_told")),
        is_full=bool(body.get("is_full")),
        others=tuple(_member_from(one) for one in body.get("others", ())),
        half=_half_from(body.get("half") or {}),
        document_kind=DocumentKind(body["document_kind"]) if body.get("document_kind") else None,
        refused=frozenset(UUID(hex=one) for one in body.get("refused", ())),
    )


def _member_from(body: Mapping[str, Any]) -> MemberDraft:
    birth = body.get("birth")
    texts: dict[str, Any] = {name: str(body.get(name, "")) for name in _MEMBER_TEXTS}
    return MemberDraft(
        **texts,
        sex=Sex(body["sex"]) if body.get("sex") else None,
        birth=Birth(date.fromisoformat(birth[0]), Precision(birth[1])) if birth else None,
        relation=Relation(body["relation"]) if body.get("relation") else None,
        presence=Presence(body.get("presence") or Presence.HERE),
        needs=frozenset(Need(need) for need in body.get("needs", ())),
    )


def place_of_problem(problem: Problem) -> Problem:
    """The problem at the field of this form it belongs to."""
    name = problem.field
    if name.startswith("members.0."):
        name = {"birth": "birth", "phone": "phone", "document": "document"}.get(name[10:], "full_name")
    elif name.startswith("members"):
        name = "members"
    names = {"settlement_id": "settlement", "origin_text": "settlement", "collector_name": "collector"}
    return Problem(names.get(name, name), problem.text)


def member_of(name: str, birth: str, relation: Relation | None, day: date) -> MemberDraft:
    """One member written out. Raises Unclear when the date cannot be read."""
    if not name and not birth:
        raise Unclear(Text("Write the name or the age."))
    family, given, patronymic = split_full_name(name)
    if not given:  # of a child people say the name only: the surname is the family's
        family, given = "", family
    member = MemberDraft(
        family_name=family, given_name=given, patronymic=patronymic, birth=read_birth(birth, day), relation=relation
    )
    return with_guesses(member)
