"""What kind of thing a change is about, so that a page knows whether to look again. Derived from the tables that were touched."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Kind(StrEnum):
    """One noun of the desk."""

    PEOPLE = "people"
    INTAKE = "intake"
    QUEUE = "queue"
    STOCK = "stock"
    CAMPAIGNS = "campaigns"
    HANDOVERS = "handovers"
    PROMISES = "promises"
    DAYS = "days"
    ACCOUNTS = "accounts"


_TABLES = {
    Kind.PEOPLE: "household person household_member card declared_receipt person_document person_need collector privacy_notice settlement "
    "import_batch person_link similar_pair child_alone",
    Kind.INTAKE: "form submission",
    Kind.QUEUE: "ticket ticket_event number_block slot turned_away dispute dispute_undo",
    Kind.STOCK: "item kit_recipe lot stock_place document movement count_line stock_level",
    Kind.CAMPAIGNS: "campaign campaign_rule item_switch",
    Kind.HANDOVERS: "hand_over hand_over_person hand_over_line hand_over_number hand_over_decline hand_over_void approval "
    "delivery_sheet delivery_return loan_return paper_entry",
    Kind.PROMISES: "announcement announcement_line promise promise_person reservation wait_entry wait_end",
    Kind.DAYS: "day day_event day_note site desk report_issue disclosure day_count",
    Kind.ACCOUNTS: "user_account role_grant setting draft badge family_opening",
}
_KIND_OF = {table: kind for kind, tables in _TABLES.items() for table in tables.split()}


def kinds_of(tables: Iterable[str]) -> frozenset[Kind]:
    """The kinds the tables belong to; a table nobody knows here concerns everybody."""
    kinds: set[Kind] = set()
    for table in tables:
        kinds |= {_KIND_OF[table]} if table in _KIND_OF else set(Kind)
    return frozenset(kinds)
