from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recorder.turns import PATIENCE_MS, Turns
from store.records import RECEIVED, Recording

NOW = 1_762_362_300_000


def recording(
    name: str, who: str, size: int, received_at: int = NOW, length_ms: int | None = None
) -> Recording:
    return Recording(
        id=name,
        scope="team",
        case_id=None,
        practitioner_id=who,
        media_type="wav",
        kind="audio",
        state=RECEIVED,
        reason=None,
        size=size,
        note_id=None,
        note_kind=None,
        recorded_at=received_at,
        received_at=received_at,
        length_ms=length_ms,
        attempts=0,
    )


def names(found: list[Recording]) -> str:
    return "".join(each.id for each in found)


def test_one_persons_shortest_recording_goes_first() -> None:
    waiting = [recording("a", "amara", 3), recording("b", "amara", 1), recording("c", "amara", 2)]
    assert names(Turns().order(waiting, NOW)) == "bca"


def test_a_long_evening_does_not_hold_up_anybody_else() -> None:
    evening = [recording(each, "amara", 1000) for each in "abc"]
    note = recording("x", "ben", 10)
    turns = Turns()
    turns.started(evening[0])
    assert names(turns.order([*evening[1:], note], NOW))[0] == "x"


def test_shares_are_of_work_and_not_of_recordings() -> None:
    many = [recording(each, "amara", 10) for each in "abcdef"]
    few = [recording(each, "ben", 30) for each in "xy"]
    assert names(Turns().order([*many, *few], NOW)) == "axbcdyef"


def test_a_newcomer_starts_level_and_is_owed_nothing() -> None:
    turns = Turns()
    for _ in range(5):
        turns.started(recording("old", "amara", 100))
    turns.started(recording("old", "ben", 700))
    waiting = [
        *(recording(each, "amara", 100) for each in "ab"),
        *(recording(each, "cleo", 100) for each in "xy"),
    ]
    assert names(turns.order(waiting, NOW)) == "xayb"


def test_a_long_recording_is_not_passed_over_for_ever() -> None:
    old = recording("a", "amara", 1_000_000, NOW - PATIENCE_MS)
    short = [recording(each, "amara", 1) for each in "xyz"]
    assert names(Turns().order([*short, old], NOW))[0] == "a"


@given(
    st.lists(
        st.tuples(st.sampled_from("pqr"), st.integers(0, 100), st.integers(0, 2 * PATIENCE_MS)),
        max_size=30,
    )
)
def test_everything_that_waits_is_in_the_order_once(rows: list[tuple[str, int, int]]) -> None:
    waiting = [recording(str(i), who, size, NOW - age) for i, (who, size, age) in enumerate(rows)]
    assert sorted(Turns().order(waiting, NOW), key=lambda r: int(r.id)) == waiting
