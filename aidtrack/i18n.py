"""Words and formats of the three languages: catalogues, plurals, numbers, dates.

Owns rendering of `errors.Text` and the language of the window. It knows no screens and no paper.
"""

from __future__ import annotations

import gettext
import hashlib
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from aidtrack.errors import LANGUAGES as LANGUAGES
from aidtrack.errors import Names, Text
from aidtrack.shipped import RESOURCES

LABELS = {"ru": "Рус", "uk": "Укр", "en": "Eng"}
LOCALES = RESOURCES / "locale"

_window_language = "en"

_MONTHS_OF = {
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "uk": [
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_WEEKDAYS = {
    "ru": ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    "uk": ["понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота", "неділя"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_WEEKDAYS_SHORT = {
    "ru": ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    "uk": ["пн", "вт", "ср", "чт", "пт", "сб", "нд"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}


def use(lang: str) -> None:
    """The window speaks `lang` from now on (an unknown one falls back to English)."""
    global _window_language
    _window_language = lang if lang in LANGUAGES else "en"


def language() -> str:
    """The language of the window: ru, uk or en."""
    return _window_language


def tr(msgid: str, /, **facts: Any) -> str:
    """`msgid` in the language of the window, with its facts filled in."""
    return render(Text(msgid, **facts), _window_language)


def trn(one: str, many: str, n: int, /, **facts: Any) -> str:
    """A counted sentence in the language of the window."""
    return render(Text.plural(one, many, n=n, **facts), _window_language)


def render(text: Text, lang: str) -> str:
    """The sentence in `lang`. A message id without a translation is shown in English."""
    words = catalogue(lang)
    if text.many and text.count is not None:
        pattern = words.ngettext(text.msgid, text.many, text.count)
    else:
        pattern = words.gettext(text.msgid) if text.msgid else ""
    return pattern.format_map({k: _fact(v, lang) for k, v in text.facts.items()}) if text.facts else pattern


def _fact(value: Any, lang: str) -> str:
    if isinstance(value, Text):
        return render(value, lang)
    if isinstance(value, Mapping):
        return pick(value, lang)
    if isinstance(value, bool) or not isinstance(value, int | date | time | tuple | list):
        return str(value)
    if isinstance(value, int):
        return number(value, lang)
    if isinstance(value, tuple | list):
        return together(_fact(v, lang) for v in value)
    return value.strftime("%H:%M") if isinstance(value, time) else day_short(value, lang)


def pick(names: Names, lang: str) -> str:
    """The name in `lang`, else in the first language that has one, else empty."""
    return names.get(lang) or next((names[key] for key in LANGUAGES if names.get(key)), "")


_ALPHABET = {"ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"}


def by_alphabet(word: str, lang: str) -> tuple[tuple[int, int], ...]:
    """A key to sort words by as a person of this language looks for them: ґ after г, і after и, ё after е."""
    letters = _ALPHABET.get(lang, "")
    return tuple((1, letters.index(letter)) if letter in letters else (0, ord(letter)) for letter in word.casefold())


def together(words: Iterable[str]) -> str:
    """Words beside one another; where one of them holds a comma itself, as goods often do, semicolons part them."""
    said = tuple(words)
    return ("; " if any("," in one for one in said) else ", ").join(said)


# ── formats ──────────────────────────────────────────────────────────────────────────────────────


def number(n: int, lang: str) -> str:
    """2987 → «2 987» (no-break space) or “2,987”; a true minus sign."""
    grouped = f"{abs(n):,}"
    return ("−" if n < 0 else "") + (grouped if lang == "en" else grouped.replace(",", "\u00a0"))


def decimal(value: float, lang: str, digits: int = 1) -> str:
    """27.14 → «27,1» or “27.1”."""
    whole, _, part = f"{abs(value):.{digits}f}".partition(".")
    sign = "−" if value < 0 and float(f"{abs(value):.{digits}f}") else ""
    return sign + number(int(whole), lang) + (("." if lang == "en" else ",") + part if part else "")


def share(part: int, whole: int, lang: str, digits: int | None = None) -> str:
    """A part of a whole with its sign: «27,1 %»; one that is not all never prints as 100 %, one that is something never as 0 %; of
    nothing there is no share. In a column all have as many `digits`; in a sentence small ones have one.
    """
    if not whole:
        return "–"
    percent = 100 * part / whole
    if digits is None:
        digits = 0 if percent >= 10 or not part else 1
    said, least = decimal(percent, lang, digits), 0.1**digits
    if part < whole and said == decimal(100, lang, digits):
        said = f"> {decimal(100 - least, lang, digits)}"
    elif part and said == decimal(0, lang, digits):
        said = f"< {decimal(least, lang, digits)}"
    return said + "\u00a0%"


def day_brief(day: date, lang: str) -> str:
    """«19.08» or “19 Aug”, where the year goes without saying."""
    return f"{day.day} {_MONTHS_OF['en'][day.month - 1][:3]}" if lang == "en" else f"{day.day:02}.{day.month:02}"


def day_short(day: date, lang: str) -> str:
    """12.08.2024, in English 12 Aug 2024."""
    if lang == "en":
        return f"{day.day} {_MONTHS_OF['en'][day.month - 1][:3]} {day.year}"
    return f"{day.day:02}.{day.month:02}.{day.year}"


def day_long(day: date, lang: str) -> str:
    """понедельник, 12 августа 2024 · Monday 12 August 2024."""
    comma = "" if lang == "en" else ","
    return f"{_WEEKDAYS[lang][day.weekday()]}{comma} {day_in_words(day, lang)} {day.year}"


def span_long(first: date, last: date, lang: str) -> str:
    """12–18 августа 2024 · 29 июля – 4 августа 2024 · 30 декабря 2024 – 2 января 2025."""
    if first.year != last.year:
        return f"{day_in_words(first, lang)} {first.year} – {day_in_words(last, lang)} {last.year}"
    begin = f"{first.day}–" if first.month == last.month else f"{day_in_words(first, lang)} – "
    return f"{begin}{day_in_words(last, lang)} {last.year}"


def day_in_words(day: date, lang: str) -> str:
    """3 сентября · 3 вересня · 3 September."""
    return f"{day.day} {_MONTHS_OF[lang][day.month - 1]}"


def weekday_and_day(day: date, lang: str) -> str:
    """ср, 26 августа · Wed 26 August."""
    comma = "" if lang == "en" else ","
    return f"{_WEEKDAYS_SHORT[lang][day.weekday()]}{comma} {day_in_words(day, lang)}"


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """13:40 by the clock on the centre's wall."""
    return moment.astimezone(zone).strftime("%H:%M")


# ── catalogues ───────────────────────────────────────────────────────────────────────────────────


def po_files(lang: str) -> list[Path]:
    """The catalogues of a language, one a room of the house, in a stable order."""
    return sorted((LOCALES / lang / "LC_MESSAGES").glob("*.po"))


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """All catalogues of `lang` as one; compiled into the cache when a .po file is newer than the last compilation."""
    sources = po_files(lang)
    if not sources:
        return gettext.NullTranslations()
    contents = [path.read_bytes() for path in sources]
    compiled = _cache_file(lang, contents)
    try:
        return gettext.GNUTranslations(io.BytesIO(compiled.read_bytes()))
    except OSError:
        data = _compile(contents, lang)
        _keep(compiled, data)
        return gettext.GNUTranslations(io.BytesIO(data))


def _cache_file(lang: str, contents: Iterable[bytes]) -> Path:
    digest = hashlib.sha256(b"\0".join(contents)).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("AidTrack", appauthor=False)) / f"{lang}-{digest}.mo"


def _compile(contents: Iterable[bytes], lang: str) -> bytes:
    from babel.messages.catalog import Catalog  # Babel takes 100 ms to import: only when a catalogue changed
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = Catalog(locale=lang, charset="utf-8")
    for content in contents:
        for message in read_po(io.BytesIO(content), locale=lang):
            if message.id:
                whole[message.id] = message
    out = io.BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def _keep(path: Path, data: bytes) -> None:
    """The compiled catalogue is a convenience: a read-only home only costs time at the next start."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{id(data)}.part")
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        return
