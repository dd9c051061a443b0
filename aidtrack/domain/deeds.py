"""What each kind of operation is called when people read the journal. The kind itself is a code and never shown."""

from __future__ import annotations

from aidtrack.errors import Text

DEEDS: dict[str, Text] = {
    "add_shelf": Text("Shelf added"),
    "add_user": Text("Person who works here added"),
    "add_window": Text("Window added"),
    "assemble_kits": Text("Kits assembled"),
    "backup": Text("Backup made"),
    "break_up_kits": Text("Kits broken up"),
    "call_next": Text("Next number called"),
    "call_ticket": Text("Number called"),
    "cancel_document": Text("Stock paper cancelled"),
    "cancel_hand_over": Text("Hand-over cancelled"),
    "change_centre": Text("Centre changed"),
    "change_household": Text("Family changed"),
    "change_looks": Text("Own look changed"),
    "change_own_password": Text("Own password changed"),
    "change_user": Text("Person who works here changed"),
    "change_window": Text("Window changed"),
    "close_day": Text("Day closed"),
    "count": Text("Shelf counted"),
    "explain": Text("Difference explained"),
    "export_people": Text("People given out as a table"),
    "found_centre": Text("Centre founded"),
    "hand_over": Text("Handed over"),
    "issue_ticket": Text("Number given"),
    "load_catalogue": Text("Catalogue loaded"),
    "load_programme": Text("Aid programme loaded"),
    "load_settlements": Text("List of places loaded"),
    "move_goods": Text("Goods moved to another shelf"),
    "open_day": Text("Day opened"),
    "pause": Text("Pause"),
    "prepare_places": Text("Stock places prepared"),
    "receive": Text("Goods received"),
    "register_household": Text("Family registered"),
    "reissue_card": Text("Card reissued"),
    "reopen_day": Text("Day opened again"),
    "resume": Text("Pause ended"),
    "save_campaign": Text("Aid programme saved"),
    "save_item": Text("Item saved"),
    "save_recipe": Text("Kit contents saved"),
    "save_rule": Text("Rule saved"),
    "set_aside": Text("Goods set aside to check"),
    "set_password": Text("Password set"),
    "sign_in": Text("Signed in"),
    "sign_off": Text("Day signed off"),
    "spot_count": Text("It is on the shelf"),
    "tie_ticket": Text("Number tied to a family"),
    "transfer": Text("Goods sent to another centre"),
    "undo_ticket": Text("Step of a number undone"),
    "start_import": Text("List taken in"),
    "withdraw_household": Text("Imported family withdrawn"),
    "write_off": Text("Goods written off"),
}


def deed(kind: str) -> Text:
    """The words for an operation's kind; a kind of a newer version is shown as its code."""
    return DEEDS.get(kind) or Text(kind)
