"""Making one recording of the chapters of a film, once they are there or were waited for.

Whoever is looked at last finds all others. What is decided on is committed in one step, each file
compared with how it was found: looked at by two at once, or cut off, a film is joined once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from recorder.chapters import goes_on, in_order, missing, numbers_of, one_film
from recorder.errors import ChaptersAwaited
from recorder.hearing import waits
from recorder.home import Home
from recorder.media import gopro
from store.audit import SYSTEM
from store.captures import Part
from store.errors import ConflictError
from store.journal import ARRIVING
from store.records import (
    AGREEMENT_NEEDED,
    CHAPTER,
    DRAFTED,
    GATHERING,
    PROBED,
    RECEIVED,
    TRANSCRIBED,
    Recording,
)
from store.session import now_ms

_LOOK_AGAIN_MS = 60_000
_OPEN = (GATHERING, AGREEMENT_NEEDED)  # nothing was made from it yet
_CLOSED = (PROBED, TRANSCRIBED, DRAFTED)


@dataclass(frozen=True, slots=True)
class _Film:
    """The chapters that are there and may still be joined, and what they are to be joined to."""

    parts: list[Part]  # in order
    closed: list[Part]  # of the same film, and worked on already
    arriving: bool  # another file of it was taken in and not looked at yet

    @property
    def whole(self) -> bool:
        """Whether no chapter is missing, and none may follow."""
        together = in_order((*self.closed, *self.parts))
        return not missing(numbers_of(together)) and not goes_on(together)


def ready(home: Home, recording: Recording, kind: str) -> str:
    """The state of a recording that can be worked on, unless somebody in it has to agree first."""
    return AGREEMENT_NEEDED if waits(home, recording, kind) else PROBED


def gather(home: Home, recording: Recording) -> None:
    """Join the film that `recording` is a chapter of, or put it off for more of it to come."""
    film = _film(home, recording)
    if film.arriving or (not film.whole and not _waited_for(home, film)):
        reason = ChaptersAwaited.__name__
        home.store.recordings.put_off(recording, reason, now_ms() + _LOOK_AGAIN_MS)
        return
    _join(home, film)


def go_without(home: Home, part: Part, reason: str) -> None:
    """Set a chapter aside, by itself, so that the film goes on without it."""
    with home.store.database.write() as connection:
        home.store.recordings.set_aside(connection, part.recording, reason, SYSTEM)
        home.store.captures.join(connection, part, None)


def _waited_for(home: Home, film: _Film) -> bool:
    """Whether the time is over in which missing chapters may still come."""
    latest = max(part.recording.received_at for part in film.parts)
    since = now_ms() - latest
    longest = home.settings.chapter_wait_minutes * 60_000
    # A clock that was put back says nothing of how long it was.
    return not -longest <= since < longest


def _film(home: Home, recording: Recording) -> _Film:
    store = home.store
    with store.database.read() as connection:
        near = store.captures.near(connection, recording)
        unexamined = store.captures.unexamined(connection, recording, RECEIVED)
    own = next((part for part in near if part.recording.id == recording.id), None)
    if own is None or own.recording.state != GATHERING or own.capture.chapter is None:
        raise ConflictError(f"recording {recording.id} has moved on already")
    lies = _folders(home, recording.id)
    others = [
        part
        for part in near
        if one_film(own, part) and not lies.isdisjoint(_folders(home, part.recording.id))
    ]
    firsts = {part.recording.id: part.recording.state for part in near if part.part_of is None}
    states = [(firsts.get(part.part_of or part.recording.id), part) for part in others]
    joinable = [part for state, part in states if state in _OPEN]
    return _Film(
        parts=in_order((own, *joinable)),
        closed=[part for state, part in states if state in _CLOSED],
        arriving=_arriving(home, own.capture.chapter.film, lies, unexamined),
    )


def _folders(home: Home, recording_id: str) -> set[str]:
    """The folders that a recording's file was found in."""
    return {str(PurePath(path).parent) for path, _ in home.store.journal.sources(recording_id)}


def _arriving(home: Home, film: str, lies: set[str], unexamined: Sequence[str]) -> bool:
    """Whether a file that nobody looked into yet is of the film, by its name and folder."""
    paths = [path for each in unexamined for path, _ in home.store.journal.sources(each)]
    paths += [seen.path for seen in home.store.journal.waiting() if seen.state == ARRIVING]
    near = [PurePath(path) for path in paths if str(PurePath(path).parent) in lies]
    found = [gopro.chapter(path.name) for path in near]
    return any(each is not None and each.film == film for each in found)


def _join(home: Home, film: _Film) -> None:
    """The first becomes the recording; the others go with it."""
    first, *others = film.parts
    asked = any(part.recording.state == AGREEMENT_NEEDED for part in film.parts)
    state = AGREEMENT_NEEDED if asked else ready(home, first.recording, first.recording.kind)
    late_for = _first_of(film.closed)
    first = replace(first, capture=replace(first.capture, late_for=late_for))
    with home.store.database.write() as connection:
        home.store.recordings.advance(connection, first.recording, state)
        home.store.captures.join(connection, first, None)
        for part in others:
            if part.recording.state != CHAPTER:
                home.store.recordings.advance(connection, part.recording, CHAPTER)
            home.store.captures.join(connection, part, first.recording.id)


def _first_of(closed: list[Part]) -> str | None:
    """The recording that was made of the chapters that came in time."""
    return next((part.part_of or part.recording.id for part in closed), None)
