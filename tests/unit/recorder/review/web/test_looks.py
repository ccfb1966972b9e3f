"""What is remembered of a session in memory alone: for so many sessions, and no more."""

from __future__ import annotations

import pytest

from recorder.review.web import looks
from recorder.review.web.looks import Look, Looks


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Of two sessions at most."""
    monkeypatch.setattr(looks, "_MOST", 2)
    return Looks()


def test_what_was_passed_on_is_said_once_and_forgotten_of_the_oldest(few: Looks) -> None:
    for session in ("first", "second", "third"):
        few.tell(session)
    assert [few.told(each) for each in ("first", "second", "third")] == [False, True, True]
    assert not few.told("third")


def test_how_pages_look_is_forgotten_of_the_oldest(few: Looks) -> None:
    for session in ("first", "second", "third"):
        few.choose(session, "pl", "2", dark=True)
    assert few.of("first") == Look()
    assert few.of("third") == Look("pl", "2", dark=True)


def test_until_they_choose_pages_are_in_the_language_of_their_browser(few: Looks) -> None:
    assert few.of("new", "pl").tongue == "pl"
    few.choose("new", "en", "1", dark=False)
    assert few.of("new", "pl").tongue == "en"
