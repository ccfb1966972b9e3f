"""What a young person says of what they were shown, in words, by voice or with a drawing.

All of it stands beside the record as they sent it. They may say it anew or take it back; what has left
in an export cannot be taken back, because nobody could make that true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from recorder.codec import decode_transcript
from recorder.errors import StateError, UnknownError
from recorder.pictures import shown as picture_of
from recorder.review import saying as said_so
from recorder.review.revise import MAX_TEXT
from recorder.review.saying import ADD, KEEP_BACK, NOT_RIGHT, RIGHT, TAKEN_BACK, Said, Saying
from recorder.review.summary import Shared
from store.age import Reader
from store.calls import TALK, UNSAFE
from store.notes import Note
from store.people import Member
from store.records import ERASED, QUARANTINED, WITHDRAWN, Recording
from store.session import now_ms
from store.store import Store

KINDS = (RIGHT, NOT_RIGHT, ADD, KEEP_BACK)
CALLS = (TALK, UNSAFE)
_ONE_PRESS = 10_000  # ms in which the same call is one
MAX_NAME = 40
"""Characters in what they want to be called."""

EMPTY = "write something first, then send it"
LONG = "that is too long to send in one go: send it in two parts"
GONE_OUT = "this has been sent on already, so it cannot be taken back"
NO_NAME = "write what you want to be called, in no more than 40 letters"
NO_WORDS = "the words are not written down yet: look again in a minute"


@dataclass(frozen=True, slots=True)
class Own:
    """One thing they said, as they see it."""

    said: Said
    about: str = ""  # the sentence it is about; empty for all of it, or if that is shown no more
    heard: str = ""  # what was heard in what they recorded
    waits: bool = False  # for its words to be written down
    unheard: bool = False  # nobody could make words of it
    final: bool = False  # it has left in an export
    stopped: bool = False  # they took back that its recording or picture is used
    gone: frozenset[str] = frozenset()  # ids of what they recorded or drew and is not kept any more


class TheirSay:
    """Opened for one young person."""

    def __init__(self, store: Store, person: Member, shown: Callable[[], Sequence[Shared]]) -> None:
        """`shown` gives what they are shown just now."""
        self._store = store
        self._person = person
        self._shown = shown

    # --- reading ---

    def of(self, note_id: str) -> list[Own]:
        """All that they said of a note and did not take back, newest first; UnknownError."""
        found = [self._own(each) for each in self._of(note_id) if each.taken_back is None]
        return sorted(found, key=lambda each: each.said.at, reverse=True)

    def one(self, note_id: str, said_id: str) -> Own:
        """One of them; UnknownError for one that is not there, or was taken back."""
        for each in self.of(note_id):
            if each.said.id == said_id:
                return each
        raise UnknownError

    def picture(self, note_id: str, said_id: str) -> bytes:
        """A JPEG of what they drew; UnknownError, or a MediaError if it cannot be shown."""
        recording = self._media(self.one(note_id, said_id).said.saying.picture)
        self._store.audit.record(self._person.id, "recording played", recording.id)
        return picture_of(self._store, recording)

    def sound(self, note_id: str, said_id: str) -> tuple[Recording, Reader]:
        """What they recorded, for them to hear again; UnknownError."""
        recording = self._media(self.one(note_id, said_id).said.saying.recording)
        self._store.audit.record(self._person.id, "recording played", recording.id)
        return recording, self._store.recordings.open(recording.id)

    # --- saying ---

    def say(self, note_id: str, saying: Saying) -> str:
        """Keep it beside what they were shown, unaltered; its id. UnknownError, StateError."""
        note, shown, saying = self.begun(note_id, saying)
        if not saying.words.strip() and saying.kind == ADD:
            raise StateError(EMPTY, field="reply")
        payload = said_so.encode_saying(saying)
        entry_id = self._store.notes.reply(note, shown, self._person.id, payload)
        return saying.instead_of or entry_id

    def begun(self, note_id: str, saying: Saying) -> tuple[Note, int, Saying]:
        """What they may say of a note: it, the version they were shown, and what they say.

        UnknownError for what they were not shown or is no saying of theirs; StateError.
        """
        shown = self._shared(note_id)
        if saying.kind not in KINDS:
            raise UnknownError
        if saying.statement and saying.statement not in {line.id for line in shown.lines}:
            raise UnknownError
        if saying.instead_of:
            before = self.one(note_id, saying.instead_of).said.saying
            saying = replace(saying, kind=before.kind, statement=before.statement)
        if len(saying.words) > MAX_TEXT:
            raise StateError(LONG, field="reply")
        return self._store.notes.get(note_id), shown.number, saying

    def take_back(self, note_id: str, said_id: str) -> None:
        """They do not say it any more; StateError once it has left in an export."""
        own = self.one(note_id, said_id)
        if own.final:
            raise StateError(GONE_OUT)
        gone = said_so.encode_whole(Saying(TAKEN_BACK, instead_of=said_id))
        note = self._store.notes.get(note_id)
        self._store.notes.reply(note, own.said.number, self._person.id, gone)

    def agree(self, note_id: str, said_id: str) -> None:
        """What was heard is what they said: their words from now on, beside the recording."""
        own = self.one(note_id, said_id)
        if not own.heard:
            raise StateError(NO_WORDS)
        if own.said.saying.words == own.heard:
            return
        anew = replace(own.said.saying, words=own.heard, instead_of=said_id)
        self.say(note_id, anew)

    # --- asking for somebody ---

    def call(self, kind: str, words: str = "", note_id: str = "") -> None:
        """Tell their people at once; nothing of it stands on their own pages. UnknownError."""
        me = self._person
        if kind not in CALLS or me.case_id is None:
            raise UnknownError
        if len(words) > MAX_TEXT:
            raise StateError(LONG, field="words")
        about = note_id if note_id in {each.note_id for each in self._shown()} else None
        if not self._pressed_twice(kind, words, about):
            self._store.young.calls.make(me.id, me.case_id, kind, words, about)

    def be_called(self, name: str) -> None:
        """What they want to be called, on their pages and beside what they say; StateError."""
        plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
        if not plain or len(plain) > MAX_NAME:
            raise StateError(NO_NAME, field="name")
        if plain != self._person.name:
            self._store.people.call(self._person.id, plain, self._person.id)

    # --- within ---

    def _pressed_twice(self, kind: str, words: str, about: str | None) -> bool:
        """Whether the very same call was made a moment ago and stands: a thumb that pressed twice."""
        return any(
            (each.person_id, each.kind, each.words, each.note_id)
            == (self._person.id, kind, words, about)
            and now_ms() - each.at < _ONE_PRESS
            for each in self._store.young.calls.unseen()
        )

    def _shared(self, note_id: str) -> Shared:
        for each in self._shown():
            if each.note_id == note_id:
                return each
        raise UnknownError

    def _of(self, note_id: str) -> list[Said]:
        self._shared(note_id)
        notes = self._store.notes
        found = said_so.said(notes.replies(note_id), notes.decisions(note_id))
        return [each for each in found if each.person_id == self._person.id]

    def _own(self, said: Said) -> Own:
        lines = {line.id: line.text for line in self._shared(said.note_id).lines}
        own = Own(
            said,
            about=lines.get(said.saying.statement, ""),
            final=self._store.notes.last_export(said.note_id) > said.at,
            gone=self._gone(said),
        )
        media = said.saying.recording or said.saying.picture
        if media and self._store.recordings.get(media).reason == WITHDRAWN:
            return replace(own, stopped=True)
        if not said.saying.recording:
            return own
        heard, failed = self._heard(said.saying.recording)
        return replace(own, heard=heard, waits=not heard and not failed, unheard=failed)

    def _gone(self, said: Said) -> frozenset[str]:
        ids = filter(None, (said.saying.recording, said.saying.picture))
        found = (self._store.recordings.get(each) for each in ids)
        return frozenset(each.id for each in found if each.gone_at is not None)

    def _heard(self, recording_id: str) -> tuple[str, bool]:
        """What was heard in a recording, and whether nothing will be."""
        recording = self._store.recordings.get(recording_id)
        if recording.state in (QUARANTINED, ERASED):
            return "", True
        payload = self._store.recordings.transcript(recording_id)
        if payload is None:
            return "", recording.gone_at is not None
        lines = (each.text.strip() for each in decode_transcript(payload).segments)
        heard = " ".join(line for line in lines if line)
        return heard, not heard

    def _media(self, recording_id: str) -> Recording:
        if not recording_id:
            raise UnknownError
        recording = self._store.recordings.get(recording_id)
        if not recording.is_there:
            raise UnknownError
        return recording
