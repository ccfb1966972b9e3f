"""Hearing a few approved notes once more, to learn how often the words are right.

Which versions are heard is drawn by a key that nobody sees, from all that were approved lately: nobody
can steer the draw or foresee it, and whose notes they are has no part in it. What comes of it is
counted by kind of note, never by person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recorder.codec import decode_heard_again, encode, encode_returned
from recorder.errors import StateError, UnknownError
from recorder.review import standing
from recorder.review.listened import Listening
from recorder.review.returned import RETURNED
from recorder.review.revise import clean
from recorder.review.sight import Sight
from recorder.review.states import OVERTAKEN, Move, Role, next_state
from recorder.review.writing import writing
from recorder.rulings import HeardAgain, Outcome, Returned
from store.errors import TamperedError
from store.listenings import Approved
from store.notes import Note
from store.people import Member
from store.session import now_ms
from store.store import Store
from transcribe.model import Draft, Statement

FEW = 5
"""Sentences of a note that are heard; drawn likewise."""

FEWEST = 5
"""A smaller count is not shown: it could point at somebody."""

_LATELY_MS = 60 * 24 * 60 * 60 * 1000
_NOT_OFFERED = "this note is not, or not any more, one to listen to again"


@dataclass(frozen=True, slots=True)
class Offered:
    """What one person may hear again."""

    notes: Sequence[Note]  # the first approved first
    damaged: Sequence[str]  # ids of drawn ones that do not open as they were written


@dataclass(frozen=True, slots=True)
class Sampled:
    """A note that is to be heard again."""

    note: Note
    draft: Draft
    statements: tuple[Statement, ...]  # to be heard
    heard: Mapping[str, int]  # by statement id: when this person heard it (ms)

    @property
    def left(self) -> tuple[Statement, ...]:
        """Those that this person has still to hear."""
        return tuple(each for each in self.statements if each.id not in self.heard)


class Sampling:
    """Opened for a supervisor; `per_cent` of the approved versions are drawn."""

    def __init__(self, store: Store, person: Member, sight: Sight, per_cent: float) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._per_cent = per_cent

    def offered(self) -> Offered:
        """Notes that this person may hear again; one that is damaged hides no other."""
        notes: list[Note] = []
        damaged: list[str] = []
        for each in self._waiting():
            try:
                notes += [each.note] if self._is_for_me(each) else []
            except TamperedError:  # the alarm tells of it
                damaged.append(each.note.id)
        return Offered(notes, damaged)

    def look(self, note_id: str) -> Sampled:
        """One of them, with what is to be heard; UnknownError for any other."""
        note = self._sight.note(note_id)
        if not self._is_offered(note_id):
            raise UnknownError
        draft = self._sight.draft(note, note.number)
        chosen = self._chosen(note, draft)
        heard = Listening(self._store, self._person, self._sight).heard(note, draft)
        return Sampled(note, draft, chosen, heard)

    def keep(self, note_id: str, number: int, outcome: Outcome, what: str) -> bool:
        """Keep what came of it; whether the note went back to its practitioner for it.

        It does where a wrong word matters, unless it has left the house. StateError where something
        was not heard, or somebody was first, or it is not said which word is wrong.
        """
        self._sight.may_change(self._sight.note(note_id).case_id)
        if not self._is_offered(note_id):
            raise StateError(_NOT_OFFERED)
        found = self.look(note_id)
        if found.note.number != number:
            raise StateError(OVERTAKEN)
        if found.left:
            raise StateError("listen to every sentence first, then say how it was")
        wrong = outcome is not Outcome.RIGHT
        if wrong and not what.strip():
            raise StateError("say which word is wrong, and what was said", field="what")
        ruled = HeardAgain(outcome, clean(what, "what") if wrong else "")
        return self._keep(found.note, ruled)

    def counts(self) -> dict[str, dict[Outcome, int | None]]:
        """How often each came out, by kind of note; None where that is fewer than `FEWEST`."""
        return told(
            (kind, decode_heard_again(payload).outcome)
            for kind, payload in self._store.relistenings.all()
        )

    def _keep(self, note: Note, ruled: HeardAgain) -> bool:
        now = self._sight.standing(note)
        goes_back = ruled.outcome is Outcome.MATTERS
        with writing(self._store) as connection:
            self._store.relistenings.add(connection, note, self._person.id, encode(ruled))
            if goes_back:
                me, role = self._person.id, Role(self._person.role)
                state = next_state(now, Move.RETURN, me, role).value
                entry = (RETURNED, me, encode_returned(Returned(ruled.what)))
                self._store.notes.decide(connection, note, entry, state)
                standing.follow(self._store, connection, note, state, me)
        return goes_back

    def _waiting(self) -> Sequence[Approved]:
        return self._store.relistenings.waiting(now_ms() - _LATELY_MS)

    def _is_offered(self, note_id: str) -> bool:
        return any(each.note.id == note_id and self._is_for_me(each) for each in self._waiting())

    def _is_for_me(self, approved: Approved) -> bool:
        note, me = approved.note, self._person.id
        drawn = self._store.relistenings.drawn(note.id, note.number, self._per_cent)
        if not drawn or approved.approver_id == me or not self._sight.may_read(note):
            return False
        if me in self._sight.standing(note).writers:
            return False
        return bool(self._chosen(note, self._sight.draft(note, note.number)))

    def _chosen(self, note: Note, draft: Draft) -> tuple[Statement, ...]:
        listening = Listening(self._store, self._person, self._sight)
        sounding = [each for each in draft.statements if listening.sounds(each)]
        rank = self._store.relistenings.rank
        drawn = sorted(sounding, key=lambda each: rank(note.id, note.number, each.id))[:FEW]
        return tuple(each for each in draft.statements if each in drawn)


def told(found: Iterable[tuple[str, Outcome]]) -> dict[str, dict[Outcome, int | None]]:
    """Counts by kind and outcome. No sum is given, from which a small one could be worked out."""
    counts = Counter(found)
    return {
        kind: {each: count if (count := counts[kind, each]) >= FEWEST else None for each in Outcome}
        for kind in sorted({kind for kind, _ in counts})
    }
