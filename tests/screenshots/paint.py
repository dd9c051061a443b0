"""Paints every scene in every look, then what stands before and over the window; tells what does not fit and what no picture shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from aidtrack import i18n
from tests.screenshots import before, gallery, papers
from tests.screenshots.day import kept_day, whole_day
from tests.screenshots.scenes import Scene, scenes
from tests.screenshots.studio import SMALL, WHOLE, Studio


@dataclass(frozen=True)
class Look:
    """A language, a theme, a size of letters and of the window. `folded`: only scenes that change with the room."""

    name: str
    lang: str
    theme: str = "light"
    is_large: bool = False
    size: tuple[int, int] = WHOLE
    folded: bool = False


def _looks() -> Iterable[Look]:
    """Words differ by language, colours do not: dark is painted in one."""
    for lang in i18n.LANGUAGES:
        yield Look(f"{lang}-light", lang)
    yield Look("ru-dark", "ru", "dark")
    for lang in i18n.LANGUAGES:
        for large, size, name in ((False, SMALL, "1024x700"), (True, WHOLE, "large"), (True, SMALL, "large-1024x700")):
            yield Look(f"{lang}-{name}", lang, "light", large, size, folded=True)


LOOKS = tuple(_looks())


def look_named(name: str) -> Look:
    """One of those, or any other put together of a language, a theme, `large` and a size; such a one is painted whole."""
    known = next((look for look in LOOKS if look.name == name), None)
    lang, *others = name.split("-")
    sizes = [size for size in (SMALL, WHOLE) if "x".join(map(str, size)) in others]
    strange = set(others) - {"light", "dark", "large", *("x".join(map(str, size)) for size in sizes)}
    if strange or lang not in i18n.LANGUAGES:
        raise SystemExit(f"no such look: {name}")
    return known or Look(name, lang, "dark" if "dark" in others else "light", "large" in others, (*sizes, WHOLE)[0])


@dataclass(frozen=True)
class Wanted:
    """What is to be painted: names of looks and parts of names of scenes, all of them where none is said."""

    looks: Sequence[str] = ()
    only: Sequence[str] = ()
    keeps_day: bool = False

    @property
    def is_all(self) -> bool:
        """Whether this is the whole gallery."""
        return not (self.looks or self.only)

    @property
    def has_papers(self) -> bool:
        """Whether what is printed belongs to it; `papers` asks for that alone."""
        return self.is_all or "papers" in self.only

    def scenes(self, look: Look) -> list[Scene]:
        """Those that are painted in this look, by who sits at the window at which moment."""
        found = [one for one in scenes() if one.folded or not look.folded]
        named = [one for one in found if not self.only or any(part in one.path for part in self.only)]
        return sorted(named, key=lambda one: (one.at, one.who))


def everything(folder: Path, wanted: Wanted = Wanted()) -> Studio:
    """All pictures that are wanted; the studio knows what it made and what was wrong."""
    looks = [look_named(name) for name in wanted.looks] or LOOKS
    kept = kept_day(folder / "day") if wanted.keeps_day else {}
    studio = Studio(folder, kept or whole_day(folder / "day"))
    for look in looks:
        _paint(studio, look, wanted)
    studio.close()
    if wanted.is_all:
        for theme in ("light", "dark"):
            studio.made += gallery.paint(folder, theme)
    if wanted.has_papers:
        studio.made += papers.paint(studio.moments, folder)
    return studio


def _paint(studio: Studio, look: Look, wanted: Wanted) -> None:
    ratio = studio.shell.devicePixelRatioF()
    studio.under = look.name if ratio == 1 else f"{look.name}@{ratio:g}"
    studio.work_as("Ольга К.")
    studio.look(look.lang, look.theme, look.is_large, look.size)
    for (at, who), some in groupby(wanted.scenes(look), key=lambda one: (one.at, one.who)):
        studio.work_as(who, at)
        for one in some:
            _play(studio, one)
    studio.work_as("Ольга К.", "morning")
    for name, show in before.SHOWN.items():
        if not wanted.only or any(part in name for part in wanted.only):
            show(studio)


def _play(studio: Studio, one: Scene) -> None:
    """One scene; what goes wrong is told, and the next one is played."""
    try:
        one.run(studio)
        studio.shoot(one.path, *one.shows)
    except Exception as error:  # noqa: BLE001  the other pictures are painted all the same
        studio.tell(f"{studio.under}/{one.path}", [f"not painted: {type(error).__name__}: {error}"])
    studio.tidy()
