from __future__ import annotations

import pytest

from store.store import Store

MINUTE = 60_000
NAMES = {"amara from here": 2, "here": 4}


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    clock = [1_762_362_300_000]
    monkeypatch.setattr("store.tries.now_ms", lambda: clock[0])
    return clock


@pytest.mark.usefixtures("now")
def test_waiting_begins_after_the_tries_that_are_free_and_doubles(store: Store) -> None:
    waits = []
    for _ in range(5):
        waits.append(store.tries.wait(NAMES))
        store.tries.failed(list(NAMES))
    assert waits == [0, 0, 15_000, 30_000, 60_000]


def test_waiting_ends_with_time_and_is_never_longer_than_a_quarter_of_an_hour(
    store: Store, now: list[int]
) -> None:
    for _ in range(40):
        store.tries.failed(["here"])
    assert store.tries.wait({"here": 4}) == 15 * MINUTE
    now[0] -= 60 * MINUTE  # the clock was set back
    assert store.tries.wait({"here": 4}) == 15 * MINUTE
    now[0] += 75 * MINUTE
    assert store.tries.wait({"here": 4}) == 0


def test_who_got_in_is_forgotten_and_nobody_else(store: Store) -> None:
    for _ in range(9):
        store.tries.failed(list(NAMES))
    store.tries.forget("amara from here")
    assert store.tries.wait({"amara from here": 2}) == 0
    assert store.tries.wait({"here": 4}) > 0
    assert store.tries.wait({"there": 0}) == 0


def test_what_is_a_day_old_is_forgotten(store: Store, now: list[int]) -> None:
    for _ in range(9):
        store.tries.failed(["here"])
    now[0] += 25 * 60 * MINUTE
    store.tries.failed(["there"])
    now[0] -= 25 * 60 * MINUTE
    assert store.tries.wait({"here": 4}) == 0


def test_a_challenge_is_good_once_for_its_purpose(store: Store) -> None:
    secret = store.challenges.new("one thing", MINUTE)
    assert not store.challenges.spend("another thing", secret)
    assert store.challenges.spend("one thing", secret)
    assert not store.challenges.spend("one thing", secret)


def test_a_challenge_that_is_over_or_made_up_is_good_for_nothing(
    store: Store, now: list[int]
) -> None:
    secret = store.challenges.new("one thing", MINUTE)
    now[0] += 2 * MINUTE
    assert not store.challenges.spend("one thing", secret)
    for made_up in ("", "x", f"{now[0] + MINUTE}.made up"):
        assert not store.challenges.spend("one thing", made_up)
