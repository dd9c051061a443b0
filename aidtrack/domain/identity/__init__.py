"""Whether two records are one person: what is known of each, how likely it is, and why, in words.

Pure: it sees records with their families and nothing else. `facts` says what is known, `crowd` how common it is, `evidence` what
it weighs, `families` what the people around say, `compare` the verdict on two, `blocks` and `pairs` find all pairs of a file,
`reasons` has the words. Who may see whom is decided in services.
"""

from aidtrack.domain.identity.compare import PERHAPS_FROM, SAME_FROM, Likeness, Verdict, compare
from aidtrack.domain.identity.crowd import Crowd
from aidtrack.domain.identity.facts import Known
from aidtrack.domain.identity.pairs import Alike, similar_people

__all__ = [
    "PERHAPS_FROM",
    "SAME_FROM",
    "Alike",
    "Crowd",
    "Known",
    "Likeness",
    "Verdict",
    "compare",
    "similar_people",
]
