"""The Programmes: rules as sentences, and every form a coordinator fills for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aidtrack.ui.page import Key
from aidtrack.ui.pages.campaigns import CampaignsPage
from tests.screenshots.scenes import scene
from tests.services.test_packs import OURS

if TYPE_CHECKING:
    from tests.screenshots.studio import Studio


def _programmes(studio: Studio) -> CampaignsPage:
    return cast("CampaignsPage", studio.page("campaigns"))


@scene("campaigns/")
def programmes(studio: Studio) -> None:
    _programmes(studio)


@scene("campaigns/empty", at="empty")
def empty(studio: Studio) -> None:
    _programmes(studio)


@scene("campaigns/more", "more")
def more(studio: Studio) -> None:
    _programmes(studio)
    studio.press(Key.MORE)


@scene("campaigns/rule", "rule_dialog")
def rule(studio: Studio) -> None:
    _programmes(studio)
    studio.press(Key.MAIN)


@scene("campaigns/change-rule", "rule_dialog")
def change_rule(studio: Studio) -> None:
    _programmes(studio)
    studio.more("Change the rule")


@scene("campaigns/terms", "terms_dialog")
def terms(studio: Studio) -> None:
    _programmes(studio)
    studio.more("More conditions")


@scene("campaigns/today", "today_dialog")
def today(studio: Studio) -> None:
    _programmes(studio)
    studio.more("How is it given today?")


@scene("campaigns/rule-out", "rule_out")
def rule_out(studio: Studio) -> None:
    _programmes(studio)
    studio.more("Take the rule out")


@scene("campaigns/programme", "campaign_dialog")
def programme(studio: Studio) -> None:
    _programmes(studio)
    studio.press(Key.NEW)


@scene("campaigns/change-programme", "campaign_dialog")
def change_programme(studio: Studio) -> None:
    _programmes(studio)
    studio.more("Change the programme")


@scene("campaigns/example", "which_example")
def example(studio: Studio) -> None:
    _programmes(studio)
    studio.more("Take in an example")


@scene("campaigns/pack", "pack_dialog")
def pack(studio: Studio) -> None:
    path = studio.folder / "обеды.toml"
    path.write_text(OURS, encoding="utf-8")
    _programmes(studio).packs.look_at(path)


@scene("campaigns/pack-wrong", "pack_dialog", folded=False)
def pack_wrong(studio: Studio) -> None:
    path = studio.folder / "правила.toml"
    path.write_text('[[item]]\ncode = "SOAP"\n', encoding="utf-8")
    _programmes(studio).packs.look_at(path)


@scene("campaigns/tried", "trial_answers")
def tried(studio: Studio) -> None:
    page = _programmes(studio)
    studio.press(Key.FIND)
    page.trial.input.setText("")
    studio.type(page.trial.input.objectName(), "Ткаченко Мария")
    assert page.trial.input._list is not None
    page.trial.input._take(page.trial.input._list.current())
