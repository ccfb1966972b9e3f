"""One runs on a database and others stand by; who has lost the hold learns of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count

import pytest
from sqlalchemy import make_url

from store import hold, postgres
from store.errors import BusyError, DatabaseError
from store.hold import Hold, Running
from store.session import Database
from tests.databases import PostgresDatabases

DATABASES = ("postgresql",)
_LOOKS = 100


@pytest.fixture
def pair(url: str) -> Iterator[tuple[Database, Database]]:
    """Two machines on one database."""
    one, two = Database(url), Database(url)
    yield one, two
    one.close()
    two.close()


def test_who_stands_by_takes_over_once_the_first_lets_go(pair: tuple[Database, Database]) -> None:
    one, two = pair
    looks = count(1)
    with ExitStack() as first:
        first.enter_context(one.alone())

        def again() -> bool:
            assert one.running() == Running(leading=True, standing_by=1)
            if next(looks) == 3:
                first.close()
            return True

        with two.alone(again) as held:
            assert held.look()
            assert next(looks) == 4, "it was taken at the first look after it was free"
            assert two.running() == Running(leading=True, standing_by=0)
    assert two.running() == Running(leading=False, standing_by=0)


def test_who_stops_standing_by_leaves_no_trace(pair: tuple[Database, Database]) -> None:
    one, two = pair
    with one.alone():
        with pytest.raises(BusyError), two.alone(lambda: False):
            pytest.fail("both run")
        assert one.running() == Running(leading=True, standing_by=0)


def test_a_hold_whose_connection_was_cut_is_lost_for_good(
    pair: tuple[Database, Database], databases: PostgresDatabases, url: str
) -> None:
    one, two = pair
    with one.alone() as held:
        assert held.look()
        assert held.stands()
        databases.server.cut_off(f"{make_url(url).database}")
        with two.alone() as taken:
            assert not held.look()
            assert not held.stands()
            assert taken.look()
        with pytest.raises(BusyError), two.alone(), one.alone():
            pytest.fail("both run")
        assert not held.look()


def test_the_server_ends_a_holder_that_has_fallen_silent(
    pair: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    monkeypatch.setattr(postgres, "SILENT_SECONDS", 1)
    looks = count(1)

    def again() -> bool:
        time.sleep(0.1)
        return next(looks) < _LOOKS

    with one.alone() as held:
        assert held.look()
        with two.alone(again):
            assert not held.look()


def test_an_answer_counts_for_less_time_than_the_server_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    answers = iter([True, True])
    held = Hold(lambda: next(answers))
    assert held.look()
    now += hold.SURE_SECONDS
    assert not held.stands(), "what was heard so long ago counts for nothing"
    assert held.look()
    assert held.stands(), "a late answer is one all the same: the server has not let go"
    assert hold.LOOK_SECONDS < hold.SURE_SECONDS < hold.SILENT_SECONDS


def test_a_hold_that_cannot_be_asked_for_is_lost() -> None:
    def unreachable() -> bool:
        raise DatabaseError("gone")

    held = Hold(unreachable)
    assert held.stands()
    assert not held.look()
    assert not held.stands()
