"""Which chapters make one film, in what order, and whether more of them may come. Pure.

A camera cuts a film when a file is full: 4 GB or 12 GB on most, 2 GB on small ones. So a chapter
that is clearly shorter than those before it is the last. Numbers alone prove nothing: they begin
anew when they run out, and with every other camera.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from store.captures import Chapter, Part

FULL_BYTES = 1_900_000_000
"""No camera cuts a film before a file has this size."""
_ALIKE = 0.95  # of the longest: as full as a file of that camera gets
_SLACK_MS = 10_000  # between two clocks that start and stop with a film
_UNEVEN = 2  # one full chapter may play this many times as long as another


def one_film(mine: Part, other: Part) -> bool:
    """Whether two files are chapters of one film, by camera, number and time."""
    a, b = mine.capture.chapter, other.capture.chapter
    if a is None or b is None or a.film != b.film or a.number == b.number:
        return False
    if a.camera and b.camera and a.camera != b.camera:
        return False
    return _run_on(mine, other) if a.number < b.number else _run_on(other, mine)


def _run_on(earlier: Part, later: Part) -> bool:
    """Whether one file's time goes on from the other's. Many cameras write the film's into each."""
    a, b = _chapter(earlier), _chapter(later)
    if a.began is None or b.began is None:
        return False
    apart = b.began - a.began
    if abs(apart) <= _SLACK_MS:
        return True
    lengths = [part.recording.length_ms for part in (earlier, later)]
    if None in lengths:
        return False
    first, second = (length or 0 for length in lengths)
    longest = (b.number - a.number) * max(first, second) * _UNEVEN
    return first - _SLACK_MS <= apart <= longest + _SLACK_MS


def in_order(parts: Iterable[Part]) -> list[Part]:
    """One file for each number, by number; of two that claim one, who came first."""
    found: dict[int, Part] = {}
    for part in sorted(parts, key=lambda each: each.recording.received_at):
        found.setdefault(_chapter(part).number, part)
    return [found[number] for number in sorted(found)]


def missing(numbers: Collection[int]) -> list[int]:
    """The chapters that are not there, before the last that is."""
    return [number for number in range(1, max(numbers)) if number not in numbers]


def goes_on(parts: Sequence[Part]) -> bool:
    """Whether the last of these is as full as its camera's files get, so that another may follow."""
    *before, last = (part.recording.size for part in parts)
    return last >= (max(before) * _ALIKE if before else FULL_BYTES)


def numbers_of(parts: Iterable[Part]) -> set[int]:
    """The chapters that are there."""
    return {_chapter(part).number for part in parts}


def _chapter(part: Part) -> Chapter:
    if part.capture.chapter is None:
        raise LookupError("this recording is no chapter of a film")
    return part.capture.chapter
