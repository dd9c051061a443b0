"""Families at the desk: registering and changing them, finding them at every key, and seeing one whole.

The entry points stand here; each is in the module of its name.
"""

from aidtrack.services.people.by_name import rebuild_search
from aidtrack.services.people.cards import other_cards
from aidtrack.services.people.change import change_household, reissue_card, withdraw_household
from aidtrack.services.people.families import MoveDraft, SeparationDraft, move_member, separate_card
from aidtrack.services.people.find import FoundRow, find, get_ready, household_by_code, is_own_card
from aidtrack.services.people.foreign_cards import declared_of_day, take_over_card
from aidtrack.services.people.listing import FamilyRow, families, family_count
from aidtrack.services.people.openings import LookupRow, Opened, lookups_without_action, open_household
from aidtrack.services.people.protection import lift_protection, may_see, protect_household
from aidtrack.services.people.register import HouseholdReceipt, household_receipt, register_household
from aidtrack.services.people.view import HouseholdView, MemberRow, household_draft, household_view, masked_name

__all__ = [
    "FamilyRow",
    "FoundRow",
    "HouseholdReceipt",
    "HouseholdView",
    "LookupRow",
    "MemberRow",
    "MoveDraft",
    "Opened",
    "SeparationDraft",
    "change_household",
    "declared_of_day",
    "families",
    "family_count",
    "find",
    "get_ready",
    "household_by_code",
    "household_draft",
    "household_receipt",
    "household_view",
    "is_own_card",
    "lift_protection",
    "lookups_without_action",
    "masked_name",
    "may_see",
    "move_member",
    "open_household",
    "other_cards",
    "protect_household",
    "rebuild_search",
    "register_household",
    "reissue_card",
    "separate_card",
    "take_over_card",
    "withdraw_household",
]
