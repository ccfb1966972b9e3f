"""How far a stage has come, and how long it will take: for the terminal and the pages."""

from __future__ import annotations

import math
from dataclasses import dataclass

from store.hearings import Progress
from store.records import PROBED, Recording


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the stage that is due. Only hearing takes long enough to be told in figures."""

    percent: int | None  # 0 to 99; None while there is no telling
    left_minutes: int | None  # at the pace so far, rounded up; None while there is no telling


def figures(recording: Recording, heard: Progress | None) -> Figures:
    """How far the hearing of a recording is. `heard`: what was stored of it, if anything was."""
    length = recording.length_ms
    if recording.state != PROBED or length is None:
        return Figures(None, None)
    if heard is None:
        return Figures(0, None)
    # Never 100: what is heard to its end is in another state. A file's own word may be too short.
    percent = min(heard.heard_ms * 100 // length, 99)
    if heard.pace is None:
        return Figures(percent, None)
    left = max(length - heard.heard_ms, 0) * heard.pace
    return Figures(percent, max(math.ceil(left / 60_000), 1))
