from __future__ import annotations

from dataclasses import replace

from recorder.progress import Figures, figures
from store.hearings import Progress
from store.records import PROBED, RECEIVED, TRANSCRIBED
from tests.unit.recorder.test_turns import recording

MINUTE = 60_000
LONG = replace(recording("a", "amara", 1, length_ms=62 * MINUTE), state=PROBED)


def test_what_is_left_is_told_at_the_pace_so_far() -> None:
    assert figures(LONG, None) == Figures(0, None)
    assert figures(LONG, Progress(2 * MINUTE, None)) == Figures(3, None)
    assert figures(LONG, Progress(22 * MINUTE, 0.1)) == Figures(35, 4)
    assert figures(LONG, Progress(61 * MINUTE, 0.1)) == Figures(98, 1)


def test_it_is_never_said_to_be_done_before_it_is() -> None:
    assert figures(LONG, Progress(62 * MINUTE, 0.1)) == Figures(99, 1)
    assert figures(LONG, Progress(70 * MINUTE, 0.1)) == Figures(99, 1)


def test_nothing_is_made_up() -> None:
    nothing = Figures(None, None)
    assert figures(replace(LONG, length_ms=None), Progress(2 * MINUTE, 0.1)) == nothing
    for state in (RECEIVED, TRANSCRIBED):
        assert figures(replace(LONG, state=state), None) == nothing
