"""Whoever fails again and again has to wait, and is told how long."""

from __future__ import annotations

from collections.abc import Mapping

from recorder.errors import NotAllowedError
from store.tries import Tries

_MINUTE_MS = 60_000


def require_patience(tries: Tries, names: Mapping[str, int]) -> None:
    """NotAllowedError while there is waiting to be done; `names` as in `Tries.wait`."""
    if wait := tries.wait(names):
        minutes = -(-wait // _MINUTE_MS)
        long = "1 minute" if minutes == 1 else f"{minutes} minutes"
        raise NotAllowedError(f"There were too many tries. Wait {long}, then try again")
