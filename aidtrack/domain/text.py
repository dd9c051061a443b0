"""The one door for text typed or imported: stripped, NFC, without what breaks lines or cannot be stored; nothing else is lost."""

from __future__ import annotations

import unicodedata


def clean(written: str | None) -> str:
    """NFC, without NUL and lone surrogates, which no database keeps; tabs and line breaks become a space; stripped. None is empty."""
    if not written:
        return ""
    composed = unicodedata.normalize("NFC", written)
    kept = (" " if c in "\t\n\r\v\f\x85\u2028\u2029" else c for c in composed)
    return "".join(c for c in kept if c != "\0" and not "\ud800" <= c <= "\udfff").strip()


def clean_note(written: str | None) -> str:
    """Like `clean`, but a note of several lines keeps its line breaks."""
    if not written:
        return ""
    lines = written.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean(line) for line in lines).strip()
