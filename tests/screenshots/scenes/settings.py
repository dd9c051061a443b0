"""The Settings: each section, and each of its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aidtrack.ui.page import Key
from aidtrack.ui.pages.settings import SettingsPage
from tests.screenshots.scenes import scene

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio


def _section(studio: Studio, name: str) -> Any:
    page = cast("SettingsPage", studio.page("settings"))
    page.show_section(name)
    studio.settle()
    return next(section for section in page.sections if section.name == name)


@scene("settings/")
def here(studio: Studio) -> None:
    _section(studio, "here")


@scene("settings/sounds", "sounds_dialog")
def sounds(studio: Studio) -> None:
    _section(studio, "here")
    studio.click("ask_sounds")


@scene("settings/slips", "slips_dialog")
def slips(studio: Studio) -> None:
    _section(studio, "here")
    studio.click("ask_slips")


@scene("settings/own-password", "own_password_dialog")
def own_password(studio: Studio) -> None:
    _section(studio, "here")._ask_password()


@scene("settings/centre")
def centre(studio: Studio) -> None:
    _section(studio, "centre")


@scene("settings/windows")
def windows(studio: Studio) -> None:
    _section(studio, "windows")


@scene("settings/window", "window_dialog")
def window(studio: Studio) -> None:
    section = _section(studio, "windows")
    section._change(section.table.rows()[0])


@scene("settings/limits")
def limits(studio: Studio) -> None:
    _section(studio, "limits")


@scene("settings/users")
def users(studio: Studio) -> None:
    _section(studio, "users")


@scene("settings/user-question", "user_question")
def user_question(studio: Studio) -> None:
    section = _section(studio, "users")
    section._ask(section.table.rows()[1])


@scene("settings/user", "user_dialog")
def user(studio: Studio) -> None:
    user_question(studio)
    studio.answer(1)


@scene("settings/password", "password_dialog")
def password(studio: Studio) -> None:
    section = _section(studio, "users")
    section._new_password(section.table.rows()[1])


@scene("settings/form")
def form(studio: Studio) -> None:
    _section(studio, "form")


@scene("settings/form-empty", at="empty", folded=False)
def form_empty(studio: Studio) -> None:
    _section(studio, "form")


@scene("settings/question", "question_dialog")
def question(studio: Studio) -> None:
    section = _section(studio, "form")
    section._change(next(one for one in section._questions if one.kind.has_choices))


@scene("settings/form-more", "more", folded=False)
def form_more(studio: Studio) -> None:
    _section(studio, "form")
    studio.press(Key.MORE)


@scene("settings/form-on-paper", "form_on_paper")
def form_on_paper(studio: Studio) -> None:
    _section(studio, "form")
    studio.more("Look at it printed")


@scene("settings/safety")
def safety(studio: Studio) -> None:
    _section(studio, "safety")


@scene("settings/restore", "restore_dialog")
def restore(studio: Studio) -> None:
    _section(studio, "safety")
    studio.more("Bring a backup back into a new file")


@scene("settings/new-code", "new_code_question", folded=False)
def new_code(studio: Studio) -> None:
    _section(studio, "safety")._ask_new_code()


@scene("settings/code", "code_dialog", folded=False)
def code(studio: Studio) -> None:
    _section(studio, "safety")._show_code("ABCDEFGHJKMNPQRSTUVWXYZ23456")


@scene("settings/about")
def about(studio: Studio) -> None:
    _section(studio, "about")
