"""Whether two records are one person: what is known of each, how likely it is, and why, in words.

`compare` is pure: it sees two records with their families and nothing else. Who may see whom is decided in services.
"""

from aidtrack.domain.identity.compare import Likeness, Verdict, compare
from aidtrack.domain.identity.facts import Known

__all__ = ["Known", "Likeness", "Verdict", "compare"]
