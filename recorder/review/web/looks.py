"""How a young person's pages look to them: in this process's memory alone, for as long as they are here.

Nothing of it is on their phone, and none of it outlives their session ([adr/0051]).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TypeVar

from templates.tongues import FIRST, tongues

SIZES = ("1", "2", "3")
T = TypeVar("T")
_MOST = 1_000  # sessions that are remembered; the oldest are forgotten first


@dataclass(frozen=True, slots=True)
class Look:
    """What they chose."""

    tongue: str = FIRST
    size: str = SIZES[0]
    dark: bool = False


class Looks:
    """What was chosen in each session, and what is to be said on its next page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looks: OrderedDict[str, Look] = OrderedDict()
        self._told: OrderedDict[str, None] = OrderedDict()

    def of(self, session: str, tongue: str = FIRST) -> Look:
        """What was chosen, or what is usual, in the language that the browser asks for."""
        with self._lock:
            return self._looks.get(session, Look(tongue))

    def choose(self, session: str, tongue: str, size: str, *, dark: bool) -> None:
        """Remember it; what there is not stays as it was."""
        with self._lock:
            look = replace(self._looks.get(session, Look()), dark=dark)
            look = replace(look, tongue=tongue) if tongue in tongues() else look
            self._looks[session] = replace(look, size=size) if size in SIZES else look
            _keep(self._looks, session)

    def tell(self, session: str) -> None:
        """Their next page says that something was passed on."""
        with self._lock:
            self._told[session] = None
            _keep(self._told, session)

    def told(self, session: str) -> bool:
        """Whether it is to be said, once."""
        with self._lock:
            there = session in self._told
            self._told.pop(session, None)
            return there


def _keep(known: OrderedDict[str, T], session: str) -> None:
    """This one is the newest; the oldest are forgotten."""
    known.move_to_end(session)
    while len(known) > _MOST:
        known.popitem(last=False)
