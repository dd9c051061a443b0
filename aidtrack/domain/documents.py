"""Papers people show: which kind a number looks like, what is doubtful about it, and how much of it may be shown.

Formats and checks of domain.md §2.7. A doubt is told and never blocks: people misremember, papers burnt. Nothing is read out of a
number: that a РНОКПП holds a birth date and a sex makes it a secret as a whole, so no digit of it is shown.
"""

from __future__ import annotations

import re
from datetime import date

from aidtrack.domain.contacts import document_key
from aidtrack.domain.people import DocumentDraft, DocumentKind
from aidtrack.errors import Text

SHOWN_SIGNS = 3
SHORTEST_SHOWN = 6
_HIDDEN = "···"

_FIRST_SNILS = 1_001_998
"""Numbers up to 001-001-998 were given out without a check number."""
_RNOKPP_WEIGHTS = (-1, 5, 7, 9, 4, 6, 10, 5, 7)

# Letters as `document_key` leaves them: look-alikes are Latin, the others Cyrillic.
_LETTERS = "[A-ZА-ЯҐЄІЇ]"
_ROMAN = r"[IVXLC1]{1,5}"
_BIRTH = rf"{_ROMAN}{_LETTERS}{{2}}\d{{6}}"
_SHAPES = {
    DocumentKind.RU_PASSPORT: r"\d{10}",
    DocumentKind.RU_BIRTH: _BIRTH,
    DocumentKind.RU_FOREIGN: r"\d{9}",
    DocumentKind.RU_MILITARY: rf"{_LETTERS}{{2}}\d{{6,7}}",
    DocumentKind.RU_DRIVING: rf"\d{{10}}|\d{{2}}{_LETTERS}{{2}}\d{{6}}",
    DocumentKind.SNILS: r"\d{11}",
    DocumentKind.UA_PASSPORT: rf"{_LETTERS}{{2}}\d{{6}}",
    DocumentKind.UA_ID_CARD: r"\d{9}|\d{13}",
    DocumentKind.UA_FOREIGN: rf"{_LETTERS}{{2}}\d{{6}}",
    DocumentKind.UA_BIRTH: _BIRTH,
    DocumentKind.UA_RNOKPP: r"\d{10}",
}
_EXPECTED = {
    DocumentKind.RU_PASSPORT: Text("A passport of Russia has ten digits: look again."),
    DocumentKind.RU_BIRTH: Text("A birth certificate is written like II-ЖТ 123456: look again."),
    DocumentKind.RU_FOREIGN: Text("A foreign passport of Russia has nine digits: look again."),
    DocumentKind.RU_MILITARY: Text("A military card has two letters and seven digits: look again."),
    DocumentKind.RU_DRIVING: Text("A driving licence has ten signs: look again."),
    DocumentKind.SNILS: Text("A SNILS has eleven digits: look again."),
    DocumentKind.UA_PASSPORT: Text("A passport of Ukraine has two letters and six digits: look again."),
    DocumentKind.UA_ID_CARD: Text("An identity card of Ukraine has nine digits: look again."),
    DocumentKind.UA_FOREIGN: Text("A foreign passport of Ukraine has two letters and six digits: look again."),
    DocumentKind.UA_BIRTH: Text("A birth certificate is written like II-ЖТ 123456: look again."),
    DocumentKind.UA_RNOKPP: Text("A tax number of Ukraine has ten digits: look again."),
}
_CHECK = Text("The check digit does not fit: look again.")


def doubt(paper: DocumentDraft) -> Text | None:
    """What is doubtful about a number of its kind, in one sentence; None where nothing is, or where any number may be right."""
    shape = _SHAPES.get(paper.kind) if paper.kind else None
    if shape is None or paper.kind is None or not paper.number:
        return None
    key = document_key(paper.number)
    if not re.fullmatch(shape, key, re.ASCII):
        return _EXPECTED[paper.kind]
    fits = {DocumentKind.SNILS: snils_fits, DocumentKind.UA_RNOKPP: rnokpp_fits, DocumentKind.UA_ID_CARD: _unzr_fits}
    return None if fits.get(paper.kind, bool)(key) else _CHECK


def kind_of(number: str) -> DocumentKind | None:
    """The kind a number can only be; None where several kinds are written like that."""
    key = document_key(number)
    if re.fullmatch(r"\s*\d{3}-\d{3}-\d{3}[\s-]\d{2}\s*", number, re.ASCII):
        return DocumentKind.SNILS
    if re.fullmatch(r"\s*(\d{2}\s?\d{2}[\s№-]+\d{6})\s*", number, re.ASCII):
        return DocumentKind.RU_PASSPORT
    if re.fullmatch(r"\d{10}", key, re.ASCII):
        return None if rnokpp_fits(key) else DocumentKind.RU_PASSPORT
    if re.fullmatch(_SHAPES[DocumentKind.UA_PASSPORT], key, re.ASCII):
        return DocumentKind.UA_PASSPORT if re.search("[А-Яа-яҐґЄєІіЇї]", number) else None
    return None


def with_kind(paper: DocumentDraft) -> DocumentDraft:
    """The paper with the kind its number shows, where nobody said one."""
    return paper if paper.kind else DocumentDraft(paper.number, kind_of(paper.number))


def tail_of(paper: DocumentDraft) -> str:
    """What a list may show of a number: the last signs of a long one; of what is, or may be, a РНОКПП nothing at all."""
    key = document_key(paper.number)
    if len(key) < SHORTEST_SHOWN or _may_be_rnokpp(paper, key):
        return ""
    return key[-SHOWN_SIGNS:]


def masked(paper: DocumentDraft | None) -> str:
    """The number as a screen may show it again: “··· 456”; empty where there is no paper."""
    return f"{_HIDDEN} {tail_of(paper)}".strip() if paper is not None and paper.number else ""


def _may_be_rnokpp(paper: DocumentDraft, key: str) -> bool:
    if paper.kind is DocumentKind.UA_RNOKPP:
        return True
    return (
        paper.kind in (None, DocumentKind.OTHER) and bool(re.fullmatch(r"\d{10}", key, re.ASCII)) and rnokpp_fits(key)
    )


def snils_fits(digits: str) -> bool:
    """The check number of a SNILS: nine digits times their place from the end, by 101 (order 152п of the Pension Fund)."""
    body, control = digits[:9], int(digits[9:])
    if int(body) <= _FIRST_SNILS:
        return True
    total = sum(int(digit) * place for digit, place in zip(body, range(9, 0, -1), strict=True))
    return total % 101 % 100 == control


def rnokpp_fits(digits: str) -> bool:
    """The check digit of a РНОКПП: weighted sum by 11, then by 10 (Ministry of Finance of Ukraine, order 822)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], _RNOKPP_WEIGHTS, strict=True))
    return total % 11 % 10 == int(digits[9])


def _unzr_fits(digits: str) -> bool:
    """A record number of the register begins with a day; a card's own nine digits say nothing."""
    if len(digits) != 13:
        return True
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return born >= date(1900, 1, 1)
