"""That one process, on one machine, is the one who runs on a database; others may stand by.

PostgreSQL gives the hold away as soon as the holder's connection is gone. The holder may be the last
to learn of that, so it asks, and what it heard counts for less time than the server lets pass before
it ends a holder who has fallen silent. Should both run for a moment all the same, nothing is done
twice: every stage ends in a compare-and-set.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from store.errors import DatabaseError

LOOK_SECONDS = 2.0
"""Between two looks: whether the hold still stands, or whether it has become free."""

SURE_SECONDS = 15.0
"""How long an answer counts."""

SILENT_SECONDS = 25
"""After how long without a look the server gives the hold to another."""


@dataclass(frozen=True, slots=True)
class Running:
    """Who is on a database, on all machines."""

    leading: bool
    standing_by: int  # processes that take over once nobody leads

    @property
    def sentence(self) -> str:
        """For people."""
        who = "one machine runs" if self.leading else "no machine runs"
        return f"{who}, {self.standing_by or 'none'} standing by"


class Hold:
    """A hold on a database, for as long as `ask` is answered with yes."""

    def __init__(self, ask: Callable[[], bool] | None = None) -> None:
        self._ask = ask  # None: nothing on another machine can take it away
        self._sure_at = time.monotonic()
        self._lost = False

    def look(self) -> bool:
        """Ask the database. Once it was lost it stays lost, whatever is held after that."""
        if self._ask is None:
            return True
        began = time.monotonic()
        try:
            self._lost = self._lost or not self._ask()
        except DatabaseError:  # the connection is gone, and the hold was the connection's
            self._lost = True
        if not self._lost:
            self._sure_at = began
        return not self._lost

    def stands(self) -> bool:
        """Whether the last answer was yes and is fresh; asks nobody, and never waits."""
        if self._ask is None:
            return True
        return not self._lost and time.monotonic() - self._sure_at < SURE_SECONDS
