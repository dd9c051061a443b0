"""What the same keys give in another keyboard layout: English, Russian and Ukrainian."""

from __future__ import annotations

import re

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")
_KEYS_EN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_KEYS_RU = "ёйцукенгшщзхъфывапролджэячсмитьбю."
_KEYS_UK = "ʼйцукенгшщзхїфівапролджєячсмитьбю."


def other_layouts(typed: str) -> tuple[str, ...]:
    """What the same keys give in the other keyboard layouts: «nrfx» → «ткач»."""
    low = typed.lower()
    if _CYRILLIC.search(low):
        return tuple({low.translate(str.maketrans(keys, _KEYS_EN)): None for keys in (_KEYS_RU, _KEYS_UK)})
    if not _LATIN.search(low):
        return ()
    return tuple({low.translate(str.maketrans(_KEYS_EN, keys)): None for keys in (_KEYS_RU, _KEYS_UK)})
