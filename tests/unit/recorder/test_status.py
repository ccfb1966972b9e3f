from __future__ import annotations

from recorder.status import _left
from store.hearings import Progress
from tests.unit.recorder.test_turns import recording

MINUTE = 60_000


def test_what_is_left_is_told_at_the_pace_so_far() -> None:
    # The first part took a model's loading along, so the pace is counted from its end.
    progress = Progress(heard_ms=22 * MINUTE, since=0, until=2 * MINUTE, first_ms=2 * MINUTE)
    assert _left(recording("a", "amara", 1), progress) is None
    long = recording("a", "amara", 1, length_ms=62 * MINUTE)
    assert _left(long, progress) == 4
    assert _left(long, None) is None
    assert _left(long, Progress(2 * MINUTE, 0, 0, 2 * MINUTE)) is None
