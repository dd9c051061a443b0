"""Families and the people in them: code lists with their words, drafts of what is typed, and what is wrong with a draft.

Owns no storage. Dates and ages are read in `domain.birth`, phones and papers in `domain.contacts`, names are folded in `domain.names`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from aidtrack.domain.birth import Birth, Unclear, read_birth
from aidtrack.errors import NotFound, Problem, Text

ADULT = 18
LONGEST_NAME = 400
LONGEST_WORD = 200
LONGEST_NOTE = 4000
MOST_MEMBERS = 60


def no_family() -> NotFound:
    """Said wherever an id names no family of this database."""
    return NotFound("no-family", Text("This family is not in this database."))


class Sex(StrEnum):
    """As it is written in a document or said; unknown is None."""

    FEMALE = "f"
    MALE = "m"
    OTHER = "x"

    @property
    def text(self) -> Text:
        return _SEX[self]


_SEX = {Sex.FEMALE: Text("female"), Sex.MALE: Text("male"), Sex.OTHER: Text("other sex")}


class Presence(StrEnum):
    """Where a member is now; nobody is asked why."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    APART = "apart"

    @property
    def text(self) -> Text:
        return _PRESENCE[self]


_PRESENCE = {
    Presence.HERE: Text("here"),
    Presence.ELSEWHERE: Text("elsewhere"),
    Presence.APART: Text("not living with us now"),
}


class Lodging(StrEnum):
    """Where a family lives now (domain.md §2.6)."""

    HOME = "home"
    RELATIVES = "relatives"
    RENT = "rent"
    SHELTER = "pvr"
    OTHER = "other"
    HOTEL = "hotel"
    CHURCH = "church"
    STREET = "vehicle_street"
    TRANSIT = "transit"

    @property
    def text(self) -> Text:
        return _LODGING[self]

    @property
    def short(self) -> Text:
        """The word where there is little room."""
        return _LODGING_SHORT.get(self, self.text)


_LODGING_SHORT = {
    Lodging.HOME: Text("own"),
    Lodging.RELATIVES: Text("relatives"),
    Lodging.SHELTER: Text("shelter"),
    Lodging.OTHER: Text("other"),
}
_LODGING = {
    Lodging.HOME: Text("own home"),
    Lodging.RELATIVES: Text("with relatives"),
    Lodging.RENT: Text("renting"),
    Lodging.SHELTER: Text("in a shelter"),
    Lodging.OTHER: Text("other lodging"),
    Lodging.HOTEL: Text("in a hotel"),
    Lodging.CHURCH: Text("at a church"),
    Lodging.STREET: Text("in a car or outdoors"),
    Lodging.TRANSIT: Text("passing through"),
}
LODGING_DIGITS = (Lodging.HOME, Lodging.RELATIVES, Lodging.RENT, Lodging.SHELTER, Lodging.OTHER)
"""What the digits 1 to 5 choose at the desk."""


class Relation(StrEnum):
    """To the person the card is for (UNICEF HOPE's keys, domain.md §2.3); unknown is None."""

    HEAD = "HEAD"
    SPOUSE = "WIFE_HUSBAND"
    CHILD = "SON_DAUGHTER"
    PARENT = "MOTHER_FATHER"
    SIBLING = "BROTHER_SISTER"
    GRANDPARENT = "GRANDMOTHER_GRANDFATHER"
    GRANDCHILD = "GRANDDAUGHTER_GRANDSON"
    PARENT_IN_LAW = "MOTHERINLAW_FATHERINLAW"
    CHILD_IN_LAW = "DAUGHTERINLAW_SONINLAW"
    SIBLING_IN_LAW = "SISTERINLAW_BROTHERINLAW"
    AUNT_UNCLE = "AUNT_UNCLE"
    NEPHEW_NIECE = "NEPHEW_NIECE"
    COUSIN = "COUSIN"
    FOSTER_CHILD = "FOSTER_CHILD"
    PARTNER = "FREE_UNION"
    COLLECTOR_ONLY = "NON_BENEFICIARY"
    OTHER = "OTHER"

    @property
    def text(self) -> Text:
        return _RELATION[self]


_RELATION = {
    Relation.HEAD: Text("card holder"),
    Relation.SPOUSE: Text("wife or husband"),
    Relation.CHILD: Text("daughter or son"),
    Relation.PARENT: Text("mother or father"),
    Relation.SIBLING: Text("sister or brother"),
    Relation.GRANDPARENT: Text("grandmother or grandfather"),
    Relation.GRANDCHILD: Text("granddaughter or grandson"),
    Relation.PARENT_IN_LAW: Text("mother-in-law or father-in-law"),
    Relation.CHILD_IN_LAW: Text("daughter-in-law or son-in-law"),
    Relation.SIBLING_IN_LAW: Text("sister-in-law or brother-in-law"),
    Relation.AUNT_UNCLE: Text("aunt or uncle"),
    Relation.NEPHEW_NIECE: Text("niece or nephew"),
    Relation.COUSIN: Text("cousin"),
    Relation.FOSTER_CHILD: Text("foster child"),
    Relation.PARTNER: Text("unmarried partner"),
    Relation.COLLECTOR_ONLY: Text("not of the family, only collects"),
    Relation.OTHER: Text("other relative"),
}
RELATION_DIGITS = (
    Relation.SPOUSE,
    Relation.CHILD,
    Relation.PARENT,
    Relation.SIBLING,
    Relation.GRANDPARENT,
    Relation.GRANDCHILD,
    Relation.OTHER,
)
"""What the digits 1 to 7 choose at the desk."""


class Need(StrEnum):
    """What helps this person (domain.md §2.2, the desk list); a service, never a diagnosis."""

    PREGNANT = "pregnant"
    LACTATING = "lactating"
    INFANT = "infant"
    OLDER_ALONE = "older_alone"
    OLDER_CARE = "older_care"
    MOBILITY = "mobility"
    SENSES = "sens_comm"
    ILL_INJURED = "ill_injured"
    SINGLE_CAREGIVER = "single_caregiver"
    CHILD_ALONE = "child_alone"
    NO_DOCUMENTS = "no_docs"
    FAMILY_SEARCH = "family_search"

    @property
    def text(self) -> Text:
        return _NEED[self][0]

    @property
    def advice(self) -> Text:
        """What to do at the desk, in place of the condition."""
        return _NEED[self][1]

    @property
    def served_first(self) -> bool:
        """Whether the desk serves this person without waiting."""
        return self not in (Need.NO_DOCUMENTS, Need.FAMILY_SEARCH, Need.SINGLE_CAREGIVER)


_NEED = {
    Need.PREGNANT: (Text("pregnant"), Text("served first")),
    Need.LACTATING: (Text("breastfeeding"), Text("served first")),
    Need.INFANT: (Text("with a baby"), Text("served first")),
    Need.OLDER_ALONE: (Text("older person living alone"), Text("bring to the door")),
    Need.OLDER_CARE: (Text("needs care"), Text("bring to the door")),
    Need.MOBILITY: (Text("hard to walk, wheelchair"), Text("chair")),
    Need.SENSES: (Text("hard to see, hear or speak"), Text("speak slowly, show")),
    Need.ILL_INJURED: (Text("illness or wound"), Text("chair")),
    Need.SINGLE_CAREGIVER: (Text("one adult with children"), Text("help to carry")),
    Need.CHILD_ALONE: (Text("child without parents"), Text("call the shift lead")),
    Need.NO_DOCUMENTS: (Text("no papers with them"), Text("do not ask for papers")),
    Need.FAMILY_SEARCH: (Text("looking for relatives"), Text("leaflet on finding relatives")),
}


class DocumentKind(StrEnum):
    """Kinds of papers (domain.md §2.6)."""

    RU_PASSPORT = "ru_pass"
    RU_BIRTH = "ru_birth"
    RU_TEMPORARY = "ru_tmp_id"
    SNILS = "snils"
    RU_FOREIGN = "ru_intl"
    RU_MILITARY = "ru_mil"
    RU_DRIVING = "ru_drv"
    RU_RESIDENCE = "ru_res"
    UA_PASSPORT = "ua_pass_book"
    UA_ID_CARD = "ua_id"
    UA_FOREIGN = "ua_intl"
    UA_BIRTH = "ua_birth"
    UA_RNOKPP = "ua_rnokpp"
    UA_DISPLACED = "ua_idp"
    OTHER = "other_id"

    @property
    def text(self) -> Text:
        return _DOCUMENT[self]


_DOCUMENT = {
    DocumentKind.RU_PASSPORT: Text("passport of Russia"),
    DocumentKind.RU_BIRTH: Text("birth certificate (Russia)"),
    DocumentKind.RU_TEMPORARY: Text("temporary identity paper"),
    DocumentKind.SNILS: Text("SNILS"),
    DocumentKind.RU_FOREIGN: Text("foreign passport (Russia)"),
    DocumentKind.RU_MILITARY: Text("military card"),
    DocumentKind.RU_DRIVING: Text("driving licence"),
    DocumentKind.RU_RESIDENCE: Text("residence permit"),
    DocumentKind.UA_PASSPORT: Text("passport of Ukraine, booklet"),
    DocumentKind.UA_ID_CARD: Text("identity card of Ukraine"),
    DocumentKind.UA_FOREIGN: Text("foreign passport (Ukraine)"),
    DocumentKind.UA_BIRTH: Text("birth certificate (Ukraine)"),
    DocumentKind.UA_RNOKPP: Text("tax number (Ukraine)"),
    DocumentKind.UA_DISPLACED: Text("certificate of a displaced person (Ukraine)"),
    DocumentKind.OTHER: Text("another paper"),
}


class HowConfirmed(StrEnum):
    """How we know who they are; never changes food or hygiene by itself (field.md §1, 17)."""

    DOCUMENT = "document"
    LIST = "list"
    WITNESS = "witness"
    OWN_WORD = "own_word"
    SHIFT_LEAD = "shift_lead"

    @property
    def text(self) -> Text:
        return _CONFIRMED[self]


_CONFIRMED = {
    HowConfirmed.DOCUMENT: Text("document seen"),
    HowConfirmed.LIST: Text("on a list"),
    HowConfirmed.WITNESS: Text("neighbour or witness"),
    HowConfirmed.OWN_WORD: Text("own word"),
    HowConfirmed.SHIFT_LEAD: Text("by the shift lead"),
}


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A paper as it was shown or dictated."""

    number: str
    kind: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """One member as typed; names may be empty for somebody counted but not yet named."""

    person_id: UUID | None = None
    family_name: str = ""
    given_name: str = ""
    patronymic: str = ""
    sex: Sex | None = None
    birth: Birth | None = None
    relation: Relation | None = None
    presence: Presence = Presence.HERE
    needs: frozenset[Need] = frozenset()
    document: DocumentDraft | None = None
    phone: str = ""
    address: str = ""
    origin_text: str = ""
    note: str = ""
    external_id: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.family_name or self.given_name or self.patronymic)


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """A family as typed; the first member is the one the card is for. `version` is what an edit was filled from.

    `came_with` and `found_at` are asked of a child without parents only.
    """

    members: tuple[MemberDraft, ...] = ()
    settlement_id: UUID | None = None
    origin_text: str = ""
    lodging: Lodging | None = None
    address: str = ""
    phone: str = ""
    how_confirmed: HowConfirmed | None = None
    notice_language: str = ""
    collector_name: str = ""
    collector_authority: str = ""
    note: str = ""
    external_id: str = ""
    arrived_on: date | None = None
    came_with: str = ""
    found_at: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class MembersLine:
    """What the line `м36 ж8 м3` says: members without names, and what in it cannot be read."""

    members: tuple[MemberDraft, ...] = ()
    problems: tuple[Text, ...] = field(default=())


# ч = чоловік; the Latin signs are the same keys with the layout not switched: v is м, ; is ж, x is ч, a is ф; ь and а are m and f.
_SEX_SIGNS = {
    **dict.fromkeys(("м", "ч", "m", "v", "ь"), Sex.MALE),
    **dict.fromkeys(("ж", "f", "w", ";", "а"), Sex.FEMALE),
}
_TOKEN = re.compile(r"([a-zа-яіїєґ;?]*)\.?([\d.]*)", re.IGNORECASE)


def read_members(typed: str, day: date) -> MembersLine:
    """Members from one line: a sex sign and an age each, `м36 ж8 м3`, `ч36, ж8`, `m36 f8`; a number alone is an age."""
    members: list[MemberDraft] = []
    problems: list[Text] = []
    for token in re.split(r"[\s,]+|;(?!\d)", typed.strip().lower()):
        if token:
            try:
                members.append(_member_of(token, day))
            except Unclear as unclear:
                problems.append(unclear.text)
    return MembersLine(tuple(members), tuple(problems))


def _member_of(token: str, day: date) -> MemberDraft:
    match = _TOKEN.fullmatch(token)
    sign, age = (match[1], match[2]) if match else ("!", "")
    sex = _SEX_SIGNS.get(sign)
    if sex is None and sign not in ("", "?", "x", "ч"):
        raise Unclear(Text("“{token}” is not clear: write sex and age, like m36 f8.", token=token))
    if not age:
        raise Unclear(Text("“{token}”: add the age or take it out.", token=token))
    return MemberDraft(sex=Sex.MALE if sign == "x" else sex, birth=read_birth(age, day))


def split_full_name(full_name: str) -> tuple[str, str, str]:
    """«Ткаченко Мария Петровна» as surname, name, patronymic; more words stay with the patronymic."""
    family, _, rest = full_name.strip().partition(" ")
    given, _, patronymic = rest.strip().partition(" ")
    return family, given, patronymic.strip()


def name_of(member: MemberDraft) -> str:
    """Surname, name, patronymic as far as they are known."""
    return " ".join(part for part in (member.family_name, member.given_name, member.patronymic) if part)


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────


def problems_of(draft: HouseholdDraft, day: date, *, name_needed: bool = True) -> list[Problem]:
    """Everything that keeps `draft` from being saved, each with its field (`members.0.family_name`, `phone`)."""
    found: list[Problem] = []
    if not draft.members:
        found.append(Problem("members", Text("A family has at least one person.")))
    if len(draft.members) > MOST_MEMBERS:
        found.append(Problem("members", Text("More than {n} people on one card: make a second card.", n=MOST_MEMBERS)))
    if name_needed and draft.members and not (draft.members[0].family_name or draft.members[0].given_name):
        found.append(Problem("members.0.family_name", Text("Write the surname or the name of the card holder.")))
    for no, member in enumerate(draft.members):
        found.extend(_member_problems(member, f"members.{no}.", day))
    found.extend(_too_long(draft, ("external_id", "phone", "collector_authority"), "", LONGEST_WORD))
    texts = ("origin_text", "address", "note", "collector_name", "came_with", "found_at")
    found.extend(_too_long(draft, texts, "", LONGEST_NOTE))
    if draft.arrived_on and draft.arrived_on > day:
        found.append(Problem("arrived_on", Text("This day is still to come.")))
    return found


def _member_problems(member: MemberDraft, prefix: str, day: date) -> Iterable[Problem]:
    if member.birth and member.birth.first > day:
        yield Problem(prefix + "birth", Text("This day is still to come."))
    yield from _too_long(member, ("family_name", "given_name", "patronymic"), prefix, LONGEST_NAME)
    yield from _too_long(member, ("external_id", "phone"), prefix, LONGEST_WORD)
    yield from _too_long(member, ("address", "origin_text", "note"), prefix, LONGEST_NOTE)
    if member.document and len(member.document.number) > LONGEST_WORD:
        yield Problem(prefix + "document", Text("Longer than {n} characters: shorten it.", n=LONGEST_WORD))


def _too_long(draft: object, fields: Iterable[str], prefix: str, most: int) -> Iterable[Problem]:
    for name in fields:
        if len(getattr(draft, name)) > most:
            yield Problem(prefix + name, Text("Longer than {n} characters: shorten it.", n=most))


def is_child_alone(draft: HouseholdDraft, day: date) -> bool:
    """A child without parents is ticked, or everybody's age is known and nobody is an adult: the shift lead is called, silently."""
    if any(Need.CHILD_ALONE in member.needs for member in draft.members):
        return True
    ages = [member.birth.age_at(day) for member in draft.members if member.birth]
    return bool(ages) and len(ages) == len(draft.members) and max(ages) < ADULT


# ── guesses, always shown before they are saved ──────────────────────────────────────────────────

_EITHER = frozenset("саша женя валя шура слава паша тоша ася валера сашко шурик".split())
_MEN_IN_A = frozenset(
    "никита илья лука фома савва кузьма данила гаврила микита ілля сава хома микола петро павло михайло данило дмитро марко "
    "олекса добрыня фока лёва лева коля толя ваня петя вова дима миша гриша серёжа сережа алёша алеша юра боря костя".split()
)
_WOMEN_IN_CONSONANT = frozenset("любовь любов нинель рахиль эсфирь адель николь руфь".split())
_PATRONYMIC_ENDS = {
    "вна": Sex.FEMALE,
    "чна": Sex.FEMALE,
    "вич": Sex.MALE,
    "ьич": Sex.MALE,
    "мич": Sex.MALE,
    "кич": Sex.MALE,
}
_SURNAME_ENDS = {
    **dict.fromkeys(("ова", "ева", "ёва", "єва", "іна", "ина", "ская", "цкая", "ська", "цька", "зька"), Sex.FEMALE),
    **dict.fromkeys(("ов", "ев", "ёв", "єв", "ский", "цкий", "ський", "цький", "зький"), Sex.MALE),
}


def guess_sex(family_name: str, given_name: str, patronymic: str) -> Sex | None:
    """From the endings of a Cyrillic name; None where it may be either (Саша, Женя): then it is asked."""
    by_patronymic = _by_ending(patronymic.lower(), _PATRONYMIC_ENDS)
    given = given_name.lower()
    if by_patronymic or given in _EITHER:
        return by_patronymic
    return _by_given(given) or _by_ending(family_name.lower(), _SURNAME_ENDS)


def _by_given(given: str) -> Sex | None:
    if not given or not "а" <= given[-1] <= "ї":
        return None
    if given in _MEN_IN_A:
        return Sex.MALE
    return Sex.FEMALE if given[-1] in "ая" or given in _WOMEN_IN_CONSONANT else Sex.MALE


def _by_ending(word: str, ends: dict[str, Sex]) -> Sex | None:
    return next((sex for end, sex in ends.items() if word.endswith(end)), None)


def with_guesses(member: MemberDraft) -> MemberDraft:
    """The member with the sex its name suggests, where none was given."""
    return (
        member
        if member.sex
        else replace(member, sex=guess_sex(member.family_name, member.given_name, member.patronymic))
    )
