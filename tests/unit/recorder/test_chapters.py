from __future__ import annotations

from dataclasses import replace

import pytest

from recorder.chapters import FULL_BYTES, goes_on, in_order, missing, numbers_of, one_film
from recorder.gaps import gaps, with_gaps
from store.captures import Capture, Chapter, Part
from tests.unit.recorder.test_turns import recording
from transcribe.model import Origin, Source, Statement

MINUTE = 60_000
FULL = 4_000_000_000


def part(number: int, began: int | None = 0, size: int = FULL, camera: str = "ab") -> Part:
    made = recording(f"r{number}", "amara", size, received_at=number, length_ms=18 * MINUTE)
    return Part(made, None, Capture("container", Chapter("GX0034", number, camera, began)))


@pytest.mark.parametrize(
    ("other", "together"),
    [
        (part(2, 0), True),  # many cameras write the film's time into each
        (part(2, 18 * MINUTE), True),
        (part(2, 18 * MINUTE + 9000), True),
        (part(2, 17 * MINUTE), False),  # began before the first had ended
        (part(2, 60 * MINUTE), False),
        (part(4, 54 * MINUTE), True),
        (part(4, 400 * MINUTE), False),
        (part(2, -18 * MINUTE), False),
        (part(2, None), False),
        (part(2, 0, camera="cd"), False),
        (part(2, 0, camera=""), True),
        (part(1, 0), False),
    ],
)
def test_chapters_of_one_film_run_on(other: Part, *, together: bool) -> None:
    assert one_film(part(1), other) is together
    assert one_film(other, part(1)) is together


def test_what_no_camera_named_is_no_chapter() -> None:
    alone = replace(part(2), capture=Capture("name"))
    assert not one_film(part(1), alone)
    assert gaps([alone], MINUTE) == ()


def test_of_two_that_claim_a_number_the_first_to_come_counts() -> None:
    later = replace(part(1), recording=replace(part(1).recording, id="late", received_at=99))
    found = in_order([part(3), later, part(2), part(1)])
    assert [each.recording.id for each in found] == ["r1", "r2", "r3"]


def test_what_is_missing_is_known_up_to_the_last_that_came() -> None:
    assert missing(numbers_of([part(2), part(5)])) == [1, 3, 4]
    assert missing({1, 2, 3}) == []


@pytest.mark.parametrize(
    ("sizes", "more"),
    [
        ([FULL_BYTES - 1], False),
        ([FULL_BYTES], True),
        ([FULL, FULL], True),
        ([FULL, FULL, FULL // 2], False),
        ([5000, 4900], True),
        ([12_000_000_000, FULL], False),
    ],
)
def test_a_chapter_shorter_than_the_others_is_the_last(sizes: list[int], *, more: bool) -> None:
    assert goes_on([part(n, size=size) for n, size in enumerate(sizes, start=1)]) is more


def test_a_note_says_what_is_missing_and_where() -> None:
    film = [part(2), part(5), part(6, size=1)]
    said = gaps(film, 60 * MINUTE)
    assert [each.text for each in said] == [
        "Part 1 of this film is missing. It goes on with part 2.",
        "Parts 3 and 4 of this film are missing. It goes on with part 5.",
    ]
    assert all(each.sources[0].recording == "r2" for each in said)
    assert gaps([part(1), part(2, size=1)], MINUTE) == ()
    (end,) = gaps([part(1), part(2)], 36 * MINUTE)
    assert "may have gone on" in end.text
    assert end.sources[0].end_ms == 36 * MINUTE


def test_what_was_said_beside_a_gap_is_marked() -> None:
    third = part(3, size=1)
    assert third.capture.chapter is not None
    moved = replace(third.capture.chapter, start_ms=MINUTE)
    film = [part(1), replace(third, capture=replace(third.capture, chapter=moved))]
    spans = [(0, 1000), (50_000, 54_000), (62_000, 70_000), (80_000, 81_000)]
    said = [
        Statement(f"s{at}", "worry", "He said so.", Origin.MACHINE, None, (Source("r1", at, end),))
        for at, end in spans
    ]
    gap, *others = with_gaps(said, film, 2 * MINUTE)
    assert "Part 2 of this film is missing" in gap.text
    marked = [[check.code for check in each.checks] for each in others]
    assert marked == [[], ["beside_gap"], ["beside_gap"], []]
    assert with_gaps(said, [part(1), part(2, size=1)], MINUTE) == tuple(said)
