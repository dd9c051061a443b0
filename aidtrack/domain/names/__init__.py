"""Folding of written names into forms that can be compared: across case, script, spelling, look-alikes and keyboard layout.

The pipeline, in order: `words` splits a name and keeps double names as parts and joined; `folding` gives each word its `plain` (letter
by letter, so that what is typed so far is a prefix of what is stored) and its `sound` (one symbol a sound, so that schemes of
romanisation meet); `likeness` compares words and names. `layouts` reads what was typed with the other keyboard layout. It knows no
tables of the store and no people.
"""

from aidtrack.domain.names.folding import MAX_WORD, delete_keys, plain, sound
from aidtrack.domain.names.layouts import other_layouts
from aidtrack.domain.names.likeness import likeness, word_likeness
from aidtrack.domain.names.words import MAX_WORDS, NameWord, initials, name_words, query_words

EDITION = 1
"""Counts up whenever a fold that is stored changes; an index of another edition is made anew."""

__all__ = [
    "EDITION",
    "MAX_WORD",
    "MAX_WORDS",
    "NameWord",
    "delete_keys",
    "initials",
    "likeness",
    "name_words",
    "other_layouts",
    "plain",
    "query_words",
    "sound",
    "word_likeness",
]
