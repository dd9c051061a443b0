"""Phones and papers in the form they are compared in. Checks here never block: evacuees misremember, documents burn (domain.md §2.7)."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from aidtrack.errors import Text

MIN_PHONE_DIGITS = 6
_LONGEST_LOCAL = 7

_NOT_DIGIT = re.compile(r"\D")
_NOT_ALNUM = re.compile(r"[\W_]+")
_DOCUMENT_LETTERS = str.maketrans("АВЕІКМНОРСТУХ", "ABEIKMHOPCTYX")


@lru_cache(maxsize=20_000)
def normal_phone(typed: str) -> str:
    """E.164 where the number is plausible in Russia, Ukraine or as an international one; else as it was typed.

    Remembered: a form that is being typed meets the same phones at every change.
    """
    international = _international(typed) if typed else None
    if international is None:
        return typed
    try:
        number = phonenumbers.parse(international, None)
    except phonenumbers.NumberParseException:
        return typed
    plausible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if plausible else typed


def _international(typed: str) -> str | None:
    """`8 910…` and `910…` are Russian, `050…` is Ukrainian; anything with letters is no number."""
    if any(c.isalpha() for c in typed):
        return None
    digits = _NOT_DIGIT.sub("", typed)
    if typed.lstrip().startswith("+") or (len(digits) == 12 and digits.startswith("380")):
        return "+" + digits
    if len(digits) == 11 and digits[0] in "78":
        return "+7" + digits[1:]
    if len(digits) == 10:
        return "+38" + digits if digits[0] == "0" else "+7" + digits if digits[0] == "9" else None
    return None


def phone_key(phone: str) -> str:
    """The digits from the last to the first, so that the end of a number finds it: +79101234567 → 76543210197. Empty for no number."""
    digits = _NOT_DIGIT.sub("", normal_phone(phone))
    return digits[::-1][:20] if digits.isascii() and len(digits) >= MIN_PHONE_DIGITS else ""


def phone_doubt(typed: str) -> Text | None:
    """What is odd about a phone as it was typed, in one sentence; it is saved whatever it is."""
    digits = _NOT_DIGIT.sub("", typed)
    if not typed:
        return None
    if not digits.isascii() or len(digits) < MIN_PHONE_DIGITS:
        return Text("This phone is short: look again.")
    international = _international(typed)
    try:
        is_usual = international is None or phonenumbers.is_possible_number(phonenumbers.parse(international, None))
    except phonenumbers.NumberParseException:
        is_usual = False
    if not is_usual or (international is None and len(digits) > _LONGEST_LOCAL):
        return Text("No phone has so many digits, or so few: look again.")
    return None


def masked_phone(phone: str) -> str:
    """Only the last two digits, for screens the public may see."""
    digits = _NOT_DIGIT.sub("", phone)
    return f"··· {digits[-2:]}" if len(digits) >= MIN_PHONE_DIGITS else ""


def document_key(number: str) -> str:
    """Upper case, without spaces and signs, look-alike letters as one: «38 15 № 123456», «II-ЖТ 123456», «iі-жт123456»."""
    key = _NOT_ALNUM.sub("", number.upper().translate(_DOCUMENT_LETTERS).replace("№", ""))
    return (key or number.strip())[:64]
