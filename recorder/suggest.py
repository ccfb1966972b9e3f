"""Whom a recording may be about, and whose it may be, by its opening words: for a person to confirm.

Nothing of it is stored: it is worked out from what is sealed whenever somebody looks. Only the
cases of the practitioner whose folder the recording came from, or who says that they speak, are ever
suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from recorder.around import makers
from recorder.codec import decode_transcript
from store.cases import Case
from store.errors import ErasedError, TamperedError
from store.notes import Note
from store.people import Member
from store.records import WITHDRAWN, Recording
from store.store import Store
from transcribe.model import Segment
from transcribe.subject import Known, speakers, subjects

_SHOWN = 25  # words of the opening


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a recording's opening says, as far as it was understood."""

    words: str  # the opening, as it was written down
    recording: str  # id
    until_ms: int  # where these words end in it
    cases: tuple[Case, ...]  # that it may be about, the likeliest first
    speakers: tuple[
        Member, ...
    ]  # others of the team than the note's practitioner who say they speak


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a file that is nobody's may be, by its opening."""

    maker: Member
    cases: tuple[Case, ...]  # of theirs that it may be about, the likeliest first


class Suggesting:
    """Reads openings; what it needs of people and cases is read once.

    `sees` says which cases whoever looks may be told of; `team` is whoever records, where that is
    known already.
    """

    def __init__(
        self,
        store: Store,
        sees: Callable[[str], bool] = lambda _: True,
        team: Sequence[Member] | None = None,
    ) -> None:
        self._store = store
        self._sees = sees
        self._makers = team
        self._cases: dict[str, dict[str, Case]] = {}

    def of(self, note: Note) -> Suggestion | None:
        """What is suggested for a note; None for one that has a case or does not say.

        Nobody's case is suggested when somebody else than the note's practitioner speaks: whose
        young people they mean is not known.
        """
        if note.case_id is not None:
            return None
        for recording in self._store.recordings.of_note(note.id):
            segments = self._heard(recording)
            if segments and (found := self._read(note, recording, segments)):
                return found
        return None

    def claims(self, words: str) -> list[Claim]:
        """Whose a file may be that begins with `words`: whoever says in them that they speak.

        All who share the name that was said. Nobody, where nobody says who they are: the young
        people of a whole team are too many to tell by one name.
        """
        said = {each.id for each in speakers(words, self._known_staff)}
        makers = [each for each in self._staff if each.id in said]
        return [Claim(maker, self._about(words, maker.id)) for maker in makers]

    def _about(self, words: str, practitioner_id: str) -> tuple[Case, ...]:
        own = self._own(practitioner_id)
        known = [Known(c.id, c.details.name, c.details.known_as) for c in own.values()]
        return tuple(own[each.id] for each in subjects(words, known, self._known_staff))

    def _read(
        self, note: Note, recording: Recording, segments: Sequence[Segment]
    ) -> Suggestion | None:
        words = " ".join(each.text.strip() for each in segments)
        said = {each.id for each in speakers(words, self._known_staff)}
        shown, until = _opening(segments)
        if said and note.practitioner_id not in said:
            others = tuple(each for each in self._staff if each.id in said)
            return Suggestion(shown, recording.id, until, (), others)
        cases = self._about(words, note.practitioner_id)
        return Suggestion(shown, recording.id, until, cases, ()) if cases else None

    def _heard(self, recording: Recording) -> Sequence[Segment]:
        if recording.reason == WITHDRAWN:
            return ()
        try:
            payload = self._store.recordings.transcript(recording.id)
            return () if payload is None else decode_transcript(payload).segments
        except (ErasedError, TamperedError):  # told where it was found; no reason to show no list
            return ()

    def _own(self, practitioner_id: str) -> dict[str, Case]:
        if practitioner_id not in self._cases:
            found = self._store.cases.readable(practitioner_id).cases
            self._cases[practitioner_id] = {k: c for k, c in found.items() if self._sees(k)}
        return self._cases[practitioner_id]

    @cached_property
    def _staff(self) -> Sequence[Member]:
        return makers(self._store) if self._makers is None else self._makers

    @cached_property
    def _known_staff(self) -> Sequence[Known]:
        return [Known(each.id, each.name) for each in self._staff]


def _opening(segments: Sequence[Segment]) -> tuple[str, int]:
    """The words to show, and where in the recording the last of them is (ms)."""
    shown: list[str] = []
    until = 0
    for segment in segments:
        if len(shown) < _SHOWN:
            shown += segment.text.split()
            until = segment.end_ms or until
    return " ".join(shown[:_SHOWN]), until
