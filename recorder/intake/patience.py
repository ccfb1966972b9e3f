"""What could not be taken in just now is left for a while, and what was tampered with for good.

Each try may read and seal all of it, and stands in the audit log where something is not as it was
written. So nothing is tried at every look.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection

from store.errors import TamperedError

SECONDS = 60.0
"""Until it is tried again."""


class Patience:
    """Remembers what has to wait, for as long as this process runs."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}  # seconds of the monotonic clock

    def among(self, ids: Collection[str]) -> set[str]:
        """Those of `ids` that have to wait still; everything else is forgotten."""
        now = time.monotonic()
        known = {each: self._until[each] for each in ids if each in self._until}
        self._until = {each: until for each, until in known.items() if until > now}
        return set(self._until)

    def later(self, each: str, error: Exception | None = None) -> None:
        """It waits a while; where it was tampered with, as `error` says, until a new process looks."""
        patience = math.inf if isinstance(error, TamperedError) else SECONDS
        self._until[each] = time.monotonic() + patience
