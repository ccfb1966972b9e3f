"""By when: the day that was said, and none where none was."""

from datetime import date

import pytest

from transcribe.draft.due import due_day

TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("I'll ring by Friday.", "2026-03-13"),
        ("I'll start on Monday and finish by Friday.", "2026-03-13"),
        ("I'll keep a log from Monday until Friday.", "2026-03-13"),
        ("He'll text every day until Friday.", "2026-03-13"),
        ("I'll ring next Wednesday, the eighteenth.", "2026-03-18"),
        ("I'll write up yesterday's visit by Friday.", "2026-03-13"),
        ("I'll let her know tomorrow, and the review is on the twenty fifth.", "2026-03-11"),
        ("I'll ask at tomorrow's meeting.", "2026-03-11"),
        ("I'll not wait, not Monday but Tuesday.", "2026-03-17"),
        ("I'll ask what happened on Thursday by Friday.", "2026-03-13"),
        ("When I've got the form I'll ring him on Monday.", "2026-03-16"),
        ("I'll ring on Monday because court is on Friday.", "2026-03-16"),
        ("We're meeting same time four weeks today.", "2026-04-07"),
    ],
)
def test_a_day_that_was_said_is_by_when(said: str, due: str) -> None:
    found = due_day(said, TUESDAY)
    assert found is not None
    assert found.isoformat() == due


@pytest.mark.parametrize(
    "said",
    [
        "I'll ring next week.",
        "I'll ring at the weekend.",
        "I'll ring before the weekend.",
        "I'll ring next month.",
        "I'll ring in a few days.",
        "I'll ring in a couple of weeks.",
        "I'll ring on Monday or Tuesday.",
        "I'll ring today or tomorrow.",
        "I'll ring between Monday and Wednesday.",
        "I'll ring every Monday.",
        "I'll ask what he did last Friday.",
        "I'll ask what happened on Friday.",
        "I'll write up yesterday's visit.",
        "I'll send Monday's minutes to Lynn.",
        "I'll ring, because court is on Friday.",
    ],
)
def test_no_day_is_made_up(said: str) -> None:
    assert due_day(said, TUESDAY) is None
