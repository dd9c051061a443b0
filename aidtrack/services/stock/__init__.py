"""Goods of a centre: the book of the shelf, its papers, its catalogue and its lists. Rules of the shelf are
`domain.stock`.
"""

from aidtrack.services.stock.ledger import (
    Step,
    available,
    book,
    issue_to_household,
    lock_items,
    pick_from_shelf,
    place_of,
    return_from_household,
    shelf_of,
    short,
)

__all__ = [
    "Step",
    "available",
    "book",
    "issue_to_household",
    "lock_items",
    "pick_from_shelf",
    "place_of",
    "return_from_household",
    "shelf_of",
    "short",
]
