from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.intake.settle import Look, State, Tracker

MIB = 1024 * 1024
FULL = Look(size=MIB, mtime_ns=5, ctime_ns=6, inode=7, blocks=MIB // 512)
PATH = "a"


def tracker(quiet: float = 30.0, looks: int = 3, sparse: float = 300.0) -> Tracker[str]:
    return Tracker(quiet_seconds=quiet, looks=looks, sparse_seconds=sparse)


def states(tracked: Tracker[str], *seen: tuple[Look, float]) -> list[State]:
    return [tracked.look(PATH, look, now).state for look, now in seen]


def test_a_file_is_stable_after_enough_looks_and_quiet() -> None:
    seen = states(tracker(), *((FULL, now) for now in (0, 10, 20, 29.9, 30)))
    assert seen == [State.ARRIVING, *[State.SETTLING] * 3, State.STABLE]


def test_quiet_alone_is_not_enough() -> None:
    assert states(tracker(), (FULL, 0), (FULL, 1000), (FULL, 1001)) == [
        State.ARRIVING,
        State.SETTLING,
        State.STABLE,
    ]


def test_a_drive_of_other_machines_is_given_twice_the_time() -> None:
    tracked = tracker()
    for now in (0, 20, 40, 59):
        assert tracked.look(PATH, FULL, now, shared=True).state is not State.STABLE
    assert tracked.look(PATH, FULL, 60, shared=True).state is State.STABLE


@pytest.mark.parametrize(
    "changed", [{"size": MIB + 1}, {"mtime_ns": 6}, {"ctime_ns": 7}, {"inode": 8}]
)
def test_any_change_starts_the_wait_anew(changed: dict[str, int]) -> None:
    tracked = tracker()
    other = replace(FULL, blocks=2 * MIB // 512, **changed)
    assert states(tracked, (FULL, 0), (FULL, 20), (FULL, 40))[-1] is State.STABLE
    assert states(tracked, (other, 41), (other, 60), (other, 70))[-1] is State.SETTLING
    assert tracked.look(PATH, other, 71).state is State.STABLE


def test_a_file_that_grows_for_hours_is_never_given_up_on() -> None:
    tracked = tracker()
    for step in range(2_000):
        grown = replace(FULL, size=MIB + step, blocks=2 * MIB // 512)
        assert tracked.look(PATH, grown, step * 10.0).state is State.ARRIVING
    assert states(tracked, *((grown, 20_000 + more) for more in (0, 10, 20)))[-1] is State.STABLE


def test_an_empty_file_is_empty_however_long() -> None:
    empty = Look(0, 5, 6, 7, 0)
    assert set(states(tracker(), *((empty, now * 100.0) for now in range(9)))) == {State.EMPTY}
    tracked = tracker()
    tracked.look(PATH, empty, 0)
    assert tracked.look(PATH, empty, 700).unchanged_seconds == 700


def test_a_reserved_file_is_held_back_while_it_fills() -> None:
    tracked = tracker()
    for step in range(100):
        filling = replace(FULL, blocks=step)
        state = tracked.look(PATH, filling, step * 20.0).state
        assert state is State.ARRIVING  # each new block starts the wait anew


def test_a_sparse_file_at_rest_is_taken_in_the_end() -> None:
    sparse = replace(FULL, blocks=8)
    seen = states(tracker(), (sparse, 0), (sparse, 100), (sparse, 299), (sparse, 300))
    assert seen == [State.ARRIVING, State.SETTLING, State.SPARSE, State.STABLE]


@pytest.mark.parametrize("look", [Look(3000, 5, 6, 7, 0), Look(MIB, 5, 6, 7, None)])
def test_inline_files_and_systems_without_blocks_are_not_sparse(look: Look) -> None:
    assert not look.sparse


def test_blocks_that_settle_late_do_not_matter_once_allocated() -> None:
    more = replace(FULL, blocks=MIB // 512 + 8)
    assert states(tracker(), (FULL, 0), (more, 20), (FULL, 30))[-1] is State.STABLE


def test_a_clock_that_steps_back_does_no_harm() -> None:
    tracked = tracker()
    seen = states(tracked, *((FULL, now) for now in (1000, 1020, 5, 10)))
    assert seen[-1] is State.SETTLING
    assert tracked.look(PATH, FULL, 15).state is State.STABLE


def test_a_file_that_comes_back_starts_anew() -> None:
    tracked = tracker()
    states(tracked, (FULL, 0), (FULL, 20), (FULL, 40))
    tracked.forget_all_but(set())
    assert tracked.look(PATH, FULL, 50).state is State.ARRIVING


def test_doubt_forgets_what_was_found_and_nothing_else() -> None:
    tracked = tracker()
    tracked.look(PATH, FULL, 0)
    tracked.keep_verdict(PATH, "refused")
    tracked.doubt()
    assert tracked.verdict(PATH) is None
    assert tracked.look(PATH, FULL, 9).unchanged_seconds == 9


def test_trust_lasts_until_the_file_changes() -> None:
    tracked = tracker()
    tracked.trust(PATH)
    assert not tracked.trusted(PATH)
    tracked.look(PATH, FULL, 0)
    tracked.trust(PATH)
    tracked.look(PATH, FULL, 1)
    assert tracked.trusted(PATH)
    tracked.look(PATH, replace(FULL, ctime_ns=9), 2)
    assert not tracked.trusted(PATH)


def test_a_verdict_lasts_until_the_file_changes() -> None:
    tracked = tracker()
    tracked.keep_verdict(PATH, "of nothing")
    assert tracked.verdict(PATH) is None
    tracked.look(PATH, FULL, 0)
    tracked.keep_verdict(PATH, "taken")
    tracked.look(PATH, FULL, 1)
    assert tracked.verdict(PATH) == "taken"
    tracked.look(PATH, replace(FULL, inode=8), 2)
    assert tracked.verdict(PATH) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 1), st.integers(-50, 50)),
        max_size=60,
    )
)
def test_stable_always_means_the_same_over_three_looks_and_thirty_seconds(
    steps: list[tuple[int, int, int, int]],
) -> None:
    tracked, now, run = tracker(), 0.0, list[tuple[Look, float]]()
    for size, mtime, inode, passed in steps:
        now += passed
        look = Look(size, mtime, 0, inode, None)
        run = [*run, (look, now)] if run and run[-1][0] == look else [(look, now)]
        gained = sum(max(0.0, b[1] - a[1]) for a, b in pairwise(run))
        expected = bool(size) and len(run) >= 3 and gained >= 30
        assert (tracked.look(PATH, look, now).state is State.STABLE) == expected
