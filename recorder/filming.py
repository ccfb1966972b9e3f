"""The files of a film that are there, and what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from recorder.chapters import goes_on, in_order, missing, numbers_of, one_film
from recorder.media import gopro
from store.captures import Part
from store.errors import ConflictError
from store.journal import ARRIVING
from store.records import (
    AGREEMENT_NEEDED,
    DRAFTED,
    GATHERING,
    PROBED,
    RECEIVED,
    TRANSCRIBED,
    Recording,
)
from store.store import Store

_OPEN = (GATHERING, AGREEMENT_NEEDED)  # nothing was made from it yet
_CLOSED = (PROBED, TRANSCRIBED, DRAFTED)


@dataclass(frozen=True, slots=True)
class Film:
    """The chapters that are there and may still be joined, and what they are to be joined to."""

    parts: list[Part]  # in order
    closed: list[Part]  # of the same film, and worked on already
    arriving: bool  # another file of it was taken in and not looked at yet

    @property
    def whole(self) -> bool:
        """Whether no chapter is missing, and none may follow."""
        together = self._together
        return not missing(numbers_of(together)) and not goes_on(together)

    @property
    def hurried(self) -> bool:
        """Whether a person said to go on with what is there."""
        return any(part.capture.hurried for part in self.parts)

    @property
    def wanting(self) -> str:
        """What it waits for, in a sentence for people; empty for nothing."""
        together = self._together
        gone = [str(number) for number in missing(numbers_of(together))]
        said = []
        if gone:
            verb = "is" if len(gone) == 1 else "are"
            said.append(f"{_parts(gone)} of this film {verb} not here.")
        if goes_on(together):
            last = max(numbers_of(together))
            said.append(f"Part {last} is as long as its camera makes them, so another may follow.")
        return " ".join(said)

    @property
    def _together(self) -> list[Part]:
        return in_order((*self.closed, *self.parts))


def film_of(store: Store, recording: Recording) -> Film:
    """The film that `recording`, which is `gathering`, is a chapter of.

    ConflictError if it has moved on.
    """
    with store.database.read() as connection:
        near = store.captures.near(connection, recording)
        unexamined = store.captures.unexamined(connection, recording, RECEIVED)
    own = next((part for part in near if part.recording.id == recording.id), None)
    if own is None or own.recording.state != GATHERING or own.capture.chapter is None:
        raise ConflictError(f"recording {recording.id} has moved on already")
    lies = _folders(store, recording.id)
    others = [
        part
        for part in near
        if one_film(own, part) and not lies.isdisjoint(_folders(store, part.recording.id))
    ]
    firsts = {part.recording.id: part.recording.state for part in near if part.part_of is None}
    states = [(firsts.get(part.part_of or part.recording.id), part) for part in others]
    joinable = [part for state, part in states if state in _OPEN]
    return Film(
        parts=in_order((own, *joinable)),
        closed=[part for state, part in states if state in _CLOSED],
        arriving=_arriving(store, own.capture.chapter.film, lies, unexamined),
    )


def _parts(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"Part {numbers[0]}"
    return f"Parts {', '.join(numbers[:-1])} and {numbers[-1]}"


def _folders(store: Store, recording_id: str) -> set[str]:
    """The folders that a recording's file was found in."""
    return {str(PurePath(path).parent) for path, _ in store.journal.sources(recording_id)}


def _arriving(store: Store, film: str, lies: set[str], unexamined: Sequence[str]) -> bool:
    """Whether a file that nobody looked into yet is of the film, by its name and folder."""
    paths = [path for each in unexamined for path, _ in store.journal.sources(each)]
    paths += [seen.path for seen in store.journal.waiting() if seen.state == ARRIVING]
    near = [PurePath(path) for path in paths if str(PurePath(path).parent) in lies]
    found = [gopro.chapter(path.name) for path in near]
    return any(each is not None and each.film == film for each in found)
