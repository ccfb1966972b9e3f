from __future__ import annotations

from datetime import date

import pytest

from recorder.visits import DAY_MS, Visit, apart
from transcribe.model import Contact

MINUTE = 60_000
GAP = 120 * MINUTE
NOON = 1_762_344_000_000
TODAY, YESTERDAY = date(2025, 11, 5), date(2025, 11, 4)


def visit(
    at: int,
    *,
    until: int = 0,
    said: int | None = None,
    contact: Contact | None = None,
    folder: str = "",
) -> Visit:
    folders = frozenset({folder} if folder else ())
    return Visit(((at, at + until),), said, contact or Contact(), folders)


@pytest.mark.parametrize(
    ("one", "other", "minutes"),
    [
        (visit(NOON), visit(NOON + 30 * MINUTE), 30),
        (visit(NOON + 30 * MINUTE), visit(NOON), 30),
        (visit(NOON), visit(NOON + GAP), 120),
        (visit(NOON, until=20 * MINUTE), visit(NOON + 30 * MINUTE), 10),
        (visit(NOON, until=60 * MINUTE), visit(NOON + 30 * MINUTE), 0),
        # Told in the evening of a visit at noon, and a picture that was taken then.
        (visit(NOON + 8 * 60 * MINUTE, said=NOON), visit(NOON, said=NOON + MINUTE), 1),
    ],
)
def test_what_is_near_is_one_contact(one: Visit, other: Visit, minutes: int) -> None:
    assert apart(one, other, GAP) == apart(other, one, GAP) == minutes * MINUTE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (visit(NOON), visit(NOON + GAP + 1)),
        # Two visits told one after the other.
        (visit(NOON, said=NOON - 26 * 60 * MINUTE), visit(NOON + MINUTE, said=NOON)),
        (
            visit(NOON, contact=Contact(date=TODAY)),
            visit(NOON, contact=Contact(date=YESTERDAY)),
        ),
        (
            visit(NOON, contact=Contact(method="phone call")),
            visit(NOON, contact=Contact(method="home visit")),
        ),
        (visit(NOON, folder="a/1/x"), visit(NOON + DAY_MS + 1, folder="a/1/x")),
        (visit(NOON, folder="a/1/x"), visit(NOON + GAP + 1, folder="a/1/y")),
    ],
)
def test_what_is_far_or_said_to_be_another_is_not(one: Visit, other: Visit) -> None:
    assert apart(one, other, GAP) is None
    assert apart(other, one, GAP) is None


def test_a_gap_of_nothing_joins_nothing() -> None:
    assert apart(visit(NOON), visit(NOON), 0) is None


def test_a_folder_of_its_own_holds_a_day_together() -> None:
    one, other = visit(NOON, folder="a/1/x"), visit(NOON + DAY_MS, folder="a/1/x")
    assert apart(one, other, 0) == DAY_MS
