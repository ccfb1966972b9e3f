"""What a young person chooses to keep: their own words, what goes well, pictures; all of it to take home.

What they said or drew is theirs. What somebody else shared with them stays for as long as it may be
seen (`recorder.review.still`); a thing that may not be seen just now is in no list and in no file.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recorder.errors import StateError, UnknownError
from recorder.pictures import shown as picture_of
from recorder.review.still import Still
from recorder.review.summary import Shared
from recorder.review.theirsay import Own
from store.derived import COPY, STRAIGHTENED
from store.errors import NotFoundError
from store.keepsakes import PICTURE, SUCCESS, WORDS, Keepsake
from store.people import Member
from store.store import Store

KEPT = {"young_person_words": WORDS, "strength": SUCCESS}
"""The sections of a summary whose sentences can be kept, and as what."""

MOST = 60
"""Things that one person keeps: as many as fit into one file to take home."""

FULL = "you keep as many things as there is room for: take one out first"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a file says nothing of when somebody took it home


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is kept."""

    id: str
    kind: str  # PICTURE, WORDS or SUCCESS
    at: int  # ms: since when
    words: str
    note_id: str
    recording: str  # id of the picture; empty for words
    own: bool  # whether they said or drew it themselves


@dataclass(frozen=True, slots=True)
class File:
    """A thing as it is taken home."""

    ending: str
    mime: str
    content: bytes


class Keeping:
    """Opened for one young person."""

    def __init__(
        self,
        store: Store,
        person: Member,
        shown: Callable[[], Sequence[Shared]],
        said: Callable[[str, str], Own],
    ) -> None:
        """`shown` gives what they are shown just now, `said` one thing that they say."""
        self._store = store
        self._person = person
        self._shown = shown
        self._said = said

    # --- reading ---

    def all(self) -> list[Thing]:
        """What they keep and may see, newest first."""
        found = self._seen()
        if found:
            self._store.audit.record(self._person.id, "keepsakes read", self._person.id)
        return found

    def one(self, thing_id: str) -> tuple[list[Thing], int]:
        """All of them, and the place of this one among them; UnknownError."""
        found = self._seen()
        at = [place for place, each in enumerate(found) if each.id == thing_id]
        if not at:
            raise UnknownError
        self._store.audit.record(self._person.id, "keepsakes read", self._person.id)
        return found, at[0]

    def hidden(self, things: Sequence[Thing]) -> bool:
        """Whether they keep more than these, which cannot be shown just now."""
        return len(self._mine()) > len(things)

    def kept(self, note_id: str) -> frozenset[str]:
        """What they keep of a note: words of its sentences, ids of pictures and of what they said."""
        of = [each for each in self._mine() if each.note_id == note_id]
        return frozenset(_mark(each) for each in of)

    def picture(self, thing_id: str) -> bytes:
        """A JPEG of a picture that they keep; UnknownError, or a MediaError if it cannot be made."""
        return self._jpeg(self._one(thing_id))

    # --- keeping ---

    def line(self, note_id: str, line_id: str) -> None:
        """Keep a sentence of what they were shown; UnknownError, StateError."""
        line = next((each for each in self._shared(note_id).lines if each.id == line_id), None)
        if line is None or line.section not in KEPT:
            raise UnknownError
        self._keep(note_id, KEPT[line.section], note_id, line.text)

    def shared_picture(self, note_id: str, recording_id: str) -> None:
        """Keep a picture that they were shown; as `line`."""
        if recording_id not in {each.recording for each in self._shared(note_id).pictures}:
            raise UnknownError
        self._keep(note_id, PICTURE, recording_id)

    def said(self, note_id: str, said_id: str) -> None:
        """Keep what they drew, or else what they said; as `line`."""
        own = self._said(note_id, said_id)
        saying = own.said.saying
        if saying.picture:
            self._keep(note_id, PICTURE, saying.picture)
        elif words := (saying.words or own.heard).strip():
            self._keep(note_id, WORDS, said_id, words)
        else:
            raise UnknownError

    def drop(self, thing_id: str) -> None:
        """Keep it no longer; UnknownError."""
        try:
            self._store.young.keepsakes.drop(thing_id, self._person.id)
        except NotFoundError as error:
            raise UnknownError from error

    # --- taking home ---

    def file(self, thing_id: str) -> File:
        """One thing; UnknownError, or a MediaError."""
        made = self._file(self._one(thing_id))
        self._store.audit.record(self._person.id, "keepsake saved", thing_id)
        return made

    def everything(self) -> bytes:
        """All of it as a zip, whose names and times tell nothing; UnknownError without any."""
        files = [self._file(each) for each in self.all()]
        if not files:
            raise UnknownError
        self._store.audit.record(self._person.id, "keepsakes saved", self._person.id)
        return _zipped(files)

    # --- within ---

    def _mine(self) -> list[Keepsake]:
        found = self._store.young.keepsakes.of(self._person.id)
        return [each for each in found if each.case_id == self._person.case_id]

    def _seen(self) -> list[Thing]:
        mine = self._mine()
        if not mine:
            return []
        still = Still(self._store, self._person, self._shown())
        return [_thing(each) for each in mine if still.stands(each)]

    def _one(self, thing_id: str) -> Thing:
        found = [each for each in self._seen() if each.id == thing_id]
        if not found:
            raise UnknownError
        return found[0]

    def _shared(self, note_id: str) -> Shared:
        found = next((each for each in self._shown() if each.note_id == note_id), None)
        if found is None:
            raise UnknownError
        return found

    def _keep(self, note_id: str, kind: str, subject_id: str, words: str = "") -> None:
        me = self._person
        if me.case_id is None:
            raise UnknownError
        what = (kind, subject_id, words)
        mine = self._mine()
        there = {(each.kind, each.subject_id, each.words) for each in mine}
        if what not in there and len(mine) >= MOST:
            raise StateError(FULL)
        self._store.young.keepsakes.keep(me.id, me.case_id, note_id, what)

    def _file(self, thing: Thing) -> File:
        if thing.recording:
            return File("jpg", "image/jpeg", self._jpeg(thing))
        return File("txt", "text/plain", thing.words.encode())

    def _jpeg(self, thing: Thing) -> bytes:
        if not thing.recording:
            raise UnknownError
        recording = self._store.recordings.get(thing.recording)
        self._store.audit.record(self._person.id, "recording played", recording.id)
        shown = [each for shared in self._shown() for each in shared.pictures]
        straight = any(p.recording == thing.recording and p.straightened for p in shown)
        return picture_of(self._store, recording, STRAIGHTENED if straight else COPY)


def _thing(kept: Keepsake) -> Thing:
    drawn = kept.kind == PICTURE
    own = kept.kind == WORDS and kept.subject_id != kept.note_id
    recording = kept.subject_id if drawn else ""
    return Thing(kept.id, kept.kind, kept.at, kept.words, kept.note_id, recording, own)


def _mark(kept: Keepsake) -> str:
    return kept.words if kept.subject_id == kept.note_id else kept.subject_id


def _zipped(files: Sequence[File]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, each in enumerate(files, start=1):
            entry = zipfile.ZipInfo(f"{number}.{each.ending}", _EARLIEST)
            entry.external_attr = 0o600 << 16  # else nobody may open it where it is unpacked
            archive.writestr(entry, each.content)
    return made.getvalue()
