"""Whether a thing that a young person keeps may still be seen, whatever became of where it stood.

What they said or drew stays until they take it back themselves. A sentence of a summary that is shown no
more stays if it names nobody and puts nobody at risk. A picture that somebody shared stays
until it is taken away: what is on it nobody has looked through since.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from recorder.review import saying as said_so
from recorder.review.named import around
from recorder.review.prepared import AT_RISK, NO_RISK, PREPARED, Prepared, content, let_go, marked
from recorder.review.saying import Said
from recorder.review.states import State
from recorder.review.summary import Shared, key_of, pictures_of
from store.errors import NotFoundError
from store.keepsakes import PICTURE, Keepsake
from store.notes import Entry, Note
from store.people import Member
from store.store import Store


class Still:
    """Opened for one young person, on what they are shown just now."""

    def __init__(self, store: Store, person: Member, shown: Sequence[Shared]) -> None:
        self._store = store
        self._person = person
        self._lines = {line.text for each in shown for line in each.lines}
        self._pictures = {each.recording for one in shown for each in one.pictures}
        self._replies: dict[str, list[Said]] = {}

    def stands(self, kept: Keepsake) -> bool:
        """Whether it may be seen."""
        if kept.kind == PICTURE:
            return self._picture(kept)
        if kept.subject_id == kept.note_id:
            return kept.words in self._lines or self._harmless(kept)
        return any(each.id == kept.subject_id for each in self._said(kept.note_id))

    # --- within ---

    def _picture(self, kept: Keepsake) -> bool:
        recording = self._store.recordings.get(kept.subject_id)
        if not recording.is_there:
            return False
        drawn = {each.saying.picture for each in self._said(kept.note_id)}
        return kept.subject_id in self._pictures | drawn or self._is_released(kept)

    def _is_released(self, kept: Keepsake) -> bool:
        """Whether it was let go with a version of its note and not taken away since."""
        note = self._note(kept.note_id)
        if note is None or note.state == State.MERGED.value:
            return False
        if kept.subject_id not in {each.id for each in pictures_of(self._store, note)}:
            return False
        last = let_go(self._store.notes.decisions(note.id), note.id)
        if isinstance(last, Prepared):
            return kept.subject_id in last.pictures
        return last is not None and key_of(kept.subject_id) in last

    def _harmless(self, kept: Keepsake) -> bool:
        """Whether a sentence that is shown no more names nobody, and was never said to be a risk."""
        note = self._note(kept.note_id)
        if note is None or _plain(kept.words) in self._never:
            return False
        case = self._store.cases.get(kept.case_id)
        # A model looked for names before it was let go; since then only who is known can be new.
        near = around(self._store, case.details, note.practitioner_id, lambda _: ())
        return not near.found(kept.words)

    @cached_property
    def _never(self) -> frozenset[str]:
        """Sentences with a name that somebody let stand, and those that could put someone at risk."""
        risky = {_plain(words) for words, still in self._marks() if still}
        lines = [line for each in self._decided(PREPARED) for line in content(each).lines]
        named = {
            _plain(line.text) for line in lines if line.cleared or _plain(line.original) in risky
        }
        return frozenset(risky | named)

    def _marks(self) -> list[tuple[str, bool]]:
        by_note: dict[str, list[Entry]] = {}
        for each in self._decided(AT_RISK, NO_RISK):
            by_note.setdefault(each.note_id, []).append(each)
        return [mark for entries in by_note.values() for mark in marked(entries).values()]

    def _decided(self, *kinds: str) -> list[Entry]:
        """Of all the case's notes: sentences move from one into another."""
        return self._store.listing.decided(self._person.case_id or "", kinds)

    def _said(self, note_id: str) -> list[Said]:
        """What they say of a note and did not take back."""
        if note_id not in self._replies:
            found = said_so.said(self._store.notes.replies(note_id), ())
            mine = [each for each in found if each.person_id == self._person.id]
            self._replies[note_id] = [each for each in mine if each.taken_back is None]
        return self._replies[note_id]

    def _note(self, note_id: str) -> Note | None:
        try:
            return self._store.notes.get(note_id)
        except NotFoundError:  # its keepsakes are gone with it, or are about to be
            return None


def _plain(words: str) -> str:
    return " ".join(words.split())
