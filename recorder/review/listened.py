"""What somebody must have heard with their own ears before they approve a note.

A sentence about serious harm stands on what was said. Whoever approves it has played that to its
end: not somebody else, and not other words. What was heard is kept by a fingerprint of the
sentence and its evidence, so it holds in later versions for as long as both are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from recorder.codec import decode_heard, encode, fingerprint
from recorder.errors import StateError, UnknownError
from recorder.review.clips import Clips, is_there, spans_of
from recorder.review.sight import Sight
from recorder.review.states import OVERTAKEN
from recorder.rulings import Heard
from recorder.supervising import is_part
from store.errors import ConflictError
from store.notes import Note
from store.people import Member
from store.store import Store
from templates import type_of
from transcribe.draft.checks import harm
from transcribe.draft.taken import HARM, TAKEN
from transcribe.model import Draft, Source, Statement

_OF_HARM = {"harm_added", "harm_dropped", HARM}
_NO_SOUND = "this sentence stands on no recording that can be heard"

Proof = Callable[[str, int | None, tuple[int, int]], object]
"""Raises StateError unless a stretch (ms) can have been heard of what goes by an id and is as long."""


_Played = tuple[str, int | None, tuple[int, int]]


class Listening:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def heard(self, note: Note, draft: Draft) -> dict[str, int]:
        """When this person listened (ms), by the id of each statement that still is as it was."""
        rows = self._store.listenings.of(note.id, self._person.id)
        times = {decode_heard(row.payload).evidence: row.created_at for row in rows}
        marks = {each.id: _evidence(each) for each in draft.statements}
        return {name: times[mark] for name, mark in marks.items() if mark in times}

    def unheard(self, note: Note, draft: Draft) -> tuple[Statement, ...]:
        """What this person has still to listen to before they may approve it."""
        grave = [each for each in draft.statements if is_grave(each) and self.sounds(each)]
        heard = self.heard(note, draft) if grave else {}
        return tuple(each for each in grave if each.id not in heard)

    def keep(self, note_id: str, number: int, statement_id: str, proof: Proof) -> int:
        """Keep that this person listened to a sentence of version `number`; when (ms).

        StateError where there is nothing to be heard, or as `proof` raises.
        """
        note = self._sight.note(note_id)
        draft = self._sight.draft(note, number)
        found = next((each for each in draft.statements if each.id == statement_id), None)
        if found is None:
            raise UnknownError
        played = self._played(note, draft, found)
        if not played:
            raise StateError(_NO_SOUND)
        for each in played:
            proof(*each)
        if statement_id not in self.heard(note, draft):
            self._keep(note, number, Heard(found.id, _evidence(found)))
        return self.heard(note, draft)[statement_id]

    def _keep(self, note: Note, number: int, heard: Heard) -> None:
        try:
            self._store.listenings.add(note, number, self._person.id, encode(heard))
        except ConflictError as error:
            raise StateError(OVERTAKEN) from error

    def _played(self, note: Note, draft: Draft, statement: Statement) -> list[_Played]:
        """What is played for a sentence: stretches of files, or what was cut out of them for it."""
        if not is_part(self._store, note):
            return [each for source in spans_of(statement) for each in self._stretches(source)]
        cut = Clips(self._store, self._person, self._sight).of(note, draft).get(statement.id)
        return [] if cut is None else [(cut.id, cut.length_ms, (0, cut.length_ms))]

    def _stretches(self, source: Source) -> list[_Played]:
        if not is_there(self._store, self._sight, source):
            return []
        media = self._sight.media(self._sight.recording(source.recording or ""))
        found = media.film.stretches(source.start_ms, source.end_ms)
        lengths = [self._sight.recording(each.recording).length_ms for each in found]
        return [
            (each.recording, length, (each.start_ms, each.end_ms))
            for each, length in zip(found, lengths, strict=True)
        ]

    def sounds(self, statement: Statement) -> bool:
        """Whether a sentence stands on a recording that there is to be heard."""
        return any(is_there(self._store, self._sight, each) for each in spans_of(statement))


def is_grave(statement: Statement) -> bool:
    """Whether a sentence, or what was said where it stands, surely speaks of serious harm."""
    if any(each.code in _OF_HARM for each in statement.checks):
        return True
    taken = [each for each in statement.checks if each.code == TAKEN]  # what was heard under a name
    otherwise = (text for each in taken for text in (each.message, each.instead) if text)
    return any(each.sure for text in (statement.text, *otherwise) for each in harm.found(text))


def places(draft: Draft, statements: Sequence[Statement]) -> tuple[str, ...]:
    """Where statements stand, in words that tell nothing of what they say."""
    headings = {each.key: each.heading for each in type_of(draft.kind).sections}
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for each in draft.statements:
        heading = headings.get(each.section, "Anything else")
        counts[heading] = counts.get(heading, 0) + 1
        names[each.id] = f"sentence {counts[heading]} under “{heading}”"
    return tuple(names[each.id] for each in statements)


def _evidence(statement: Statement) -> str:
    spans = [(each.recording, each.start_ms, each.end_ms) for each in spans_of(statement)]
    return fingerprint([statement.text, spans])
