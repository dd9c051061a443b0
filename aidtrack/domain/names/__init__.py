"""Folding of written names into forms that can be compared: across case, script, spelling, look-alikes and keyboard layout.

The pipeline, in order:

1. `words` splits a name into words; apostrophes fall away, double names are kept as parts and joined.
2. `folding.letters` makes a word small, each letter one sign (NFC), and puts look-alikes of another script right («Mapія»).
3. `folding.plain` spells it in ASCII letter by letter, so that what is typed so far is a prefix of what is stored: ё is е, і, ї, и and
   й are i, є is е, ґ is г, soft and hard signs fall away, «Łukasz» is lukasz; letters of other scripts by `anyascii`.
4. `folding.sound` has one symbol a sound, so that schemes of romanisation meet: ICAO 9303, GOST, KMU 55, BGN, ISO 9, French, German.
5. `readings` knows what a Latin spelling that follows no scheme may stand for: «schmidt» шмидт, «moore» мур.
6. `variants` knows forms of one name that no letters tell: Микола and Николай, Саша and Александр, Иванова and Иванов.
7. `keys` says by which keys an index meets a typed word; `likeness` compares words and names; `layouts` reads what was typed with
   the other keyboard layout.

It knows no tables of the store and no people.
"""

from aidtrack.domain.names.folding import MAX_WORD, delete_keys, first_sound, letters_of, plain, sound
from aidtrack.domain.names.keys import kept_keys, sought_keys
from aidtrack.domain.names.layouts import other_layouts
from aidtrack.domain.names.likeness import likeness, spelling_likeness, word_fit, word_likeness
from aidtrack.domain.names.readings import is_cyrillic, is_latin, reading_sounds, readings
from aidtrack.domain.names.variants import forms_likeness, is_given_name, other_forms
from aidtrack.domain.names.words import MAX_WORDS, NameWord, initials, name_words, query_words


def read_tables() -> None:
    """Reads the tables of names and spellings now, which the first name that is looked for would wait for."""
    forms_likeness("", "")
    readings("a")
    letters_of("a")


EDITION = 4
"""Counts up whenever a fold, a key that is stored or a table they are made from changes; an index of another edition is made anew."""

__all__ = [
    "EDITION",
    "MAX_WORD",
    "MAX_WORDS",
    "NameWord",
    "delete_keys",
    "first_sound",
    "forms_likeness",
    "initials",
    "is_cyrillic",
    "is_given_name",
    "is_latin",
    "kept_keys",
    "letters_of",
    "likeness",
    "name_words",
    "other_forms",
    "other_layouts",
    "plain",
    "query_words",
    "read_tables",
    "reading_sounds",
    "readings",
    "sought_keys",
    "sound",
    "spelling_likeness",
    "word_fit",
    "word_likeness",
]
