"""What the desk hands over to a page or a command: frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recorder.review.clips import Clip
from recorder.review.films import Film
from recorder.review.onrecord import is_on_record
from recorder.review.returned import Asked
from recorder.review.states import Move
from recorder.review.summary import Shared
from recorder.review.theirs import Theirs, disagreements
from recorder.review.timescale import Expected
from store.cases import Case
from store.notes import Entry, Note
from store.people import Member
from store.records import Recording
from transcribe.model import Contact, Draft, Remark, Statement


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in a list."""

    note: Note
    case: Case | None  # None while unassigned
    practitioner: Member
    reason: str = ""  # why it was returned, while it stands returned
    replies: int = 0  # how often the young person has answered
    waits_since: int | None = None  # ms: since when something they said waits for an answer
    contact: Contact | None = None  # of a kind with a clock, while the note is being written
    expected: Expected | None = None  # what is awaited, and by when


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note as a reader sees it, with everything that stands beside it."""

    note: Note
    case: Case | None
    practitioner: Member
    draft: Draft
    author_id: str | None  # of this version; None: the machine
    recordings: Sequence[Recording]  # of a film in several files, the first
    gone: Sequence[Recording]  # likewise, those whose bytes went by a rule: what was heard stays
    films: Mapping[str, Film]  # by recording id: the files of each
    clips: Mapping[str, Clip]  # by statement id: what is to be heard of it where no film is
    elsewhere: Sequence[str]  # ids of notes with other files of the same films
    origins: Mapping[str, str]  # by recording id: who says when it was made, where that is kept
    decisions: Sequence[Entry]
    asked: Asked | None  # what the last return still asks for
    theirs: Sequence[Theirs]  # what the young person says of it, oldest first
    shared: Shared | None  # what the young person sees, once shared
    waits: Entry | None  # a summary for the young person that a second person is to read
    sent_back: Entry | None  # why they did not let it go
    at_risk: frozenset[
        str
    ]  # ids of statements that somebody marked: they could put someone at risk
    exported: bool
    remarks: Sequence[Remark]  # on the note as a whole
    together: bool  # about several young people, and to be divided
    workers_own: bool  # what was left when it was divided, or about no young person
    own: bool  # a supervision, in the worker's own record
    refused: Mapping[Move, str]  # what this reader may not do now, and why
    listened: Mapping[str, int]  # by statement id: when this reader heard what it stands on (ms)
    unheard: Sequence[Statement]  # what a reader who may approve it has still to listen to

    @property
    def on_record(self) -> bool:
        """Whether it lies, or is to lie, on a young person's record."""
        return is_on_record(self.note, own=self.own)

    @property
    def disagreements(self) -> Mapping[str, Sequence[Theirs]]:
        """What stands next to a sentence wherever that is shown, by the sentence's id."""
        return disagreements(self.theirs)

    @property
    def moves(self) -> frozenset[Move]:
        """What this reader may do now."""
        return frozenset(Move) - self.refused.keys()
