"""Making one recording of the chapters of a film, once they are there or were waited for.

Whoever is looked at last finds all others. What is decided on is committed in one step, each file
compared with how it was found: looked at by two at once, or cut off, a film is joined once.
"""

from __future__ import annotations

from dataclasses import replace

from recorder.errors import ChaptersAwaited
from recorder.filming import Film, film_of
from recorder.hearing import waits
from recorder.home import Home
from store.audit import SYSTEM
from store.captures import Part
from store.records import AGREEMENT_NEEDED, CHAPTER, PROBED, Recording
from store.session import Connection, now_ms

_LOOK_AGAIN_MS = 60_000


def ready(home: Home, recording: Recording, kind: str) -> str:
    """The state of a recording that can be worked on, unless somebody in it has to agree first."""
    return AGREEMENT_NEEDED if waits(home, recording, kind) else PROBED


def gather(home: Home, recording: Recording) -> None:
    """Join the film that `recording` is a chapter of, or put it off for more of it to come."""
    film = film_of(home.store, recording)
    if not film.hurried and (film.arriving or (not film.whole and not _waited_for(home, film))):
        reason = ChaptersAwaited.__name__
        home.store.recordings.put_off(recording, reason, now_ms() + _LOOK_AGAIN_MS)
        return
    _join(home, film)


def go_without(home: Home, part: Part, reason: str) -> None:
    """Set a chapter aside, by itself, so that the film goes on without it.

    Where it led the film, the next does from now on; whoever agreed to the film agreed to that.
    """
    store, led = home.store, part.part_of is None
    with store.database.write() as connection:
        rest = store.captures.parts_within(connection, part.recording.id)[1:] if led else []
        film = rest[0].recording.id if rest else part.part_of
        store.recordings.set_aside(connection, part.recording, reason, SYSTEM)
        apart = replace(part, capture=replace(part.capture, late_for=film))
        store.captures.join(connection, apart, None)
        if rest:
            _lead(home, connection, part, rest)


def _lead(home: Home, connection: Connection, before: Part, rest: list[Part]) -> None:
    """Have the first of `rest` do the work of the film, which began when `before` did."""
    store, (first, *others) = home.store, rest
    began = before.recording.recorded_at
    store.recordings.advance(connection, first.recording, PROBED, recorded_at=began)
    origin = replace(first.capture, origin=before.capture.origin)
    store.captures.join(connection, replace(first, capture=origin), None)
    for each in others:
        store.captures.join(connection, each, first.recording.id)
    for each in store.captures.apart_from(connection, before.recording):
        belongs = replace(each.capture, late_for=first.recording.id)
        store.captures.join(connection, replace(each, capture=belongs), each.part_of)
    store.agreements.pass_on(connection, before.recording, first.recording)
    store.hearings.forget(connection, before.recording.id)


def _waited_for(home: Home, film: Film) -> bool:
    """Whether the time is over in which missing chapters may still come."""
    latest = max(part.recording.received_at for part in film.parts)
    since = now_ms() - latest
    longest = home.settings.chapter_wait_minutes * 60_000
    # A clock that was put back says nothing of how long it was.
    return not -longest <= since < longest


def _join(home: Home, film: Film) -> None:
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
