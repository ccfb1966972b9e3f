"""Drawings and photos beside a supervision: put there, spoken of, put in order, taken out.

They lie in the worker's own record, under its key. One that is said to be one young person's goes
to that young person's own note when the supervision is divided (`recorder.review.dividing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recorder import drawings
from recorder.codec import encode
from recorder.drawings import THERE_ALREADY, Said
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.choosing import Choosing
from recorder.review.dividing import is_for_several
from recorder.review.saving import at, saved
from recorder.review.sight import Sight
from recorder.review.states import Move, Role, State, next_state
from recorder.review.writing import writing
from recorder.supervising import is_supervision
from store.cases import Case
from store.errors import TamperedError
from store.notes import Note, is_own
from store.people import Member
from store.records import ERASED, WITHDRAWN, Recording
from store.session import now_ms
from store.store import Store
from store.tables import TEAM
from transcribe.model import Draft, Drawing, DrawingRemoved, Origin

_NOT_OWN = "this supervision is not in the worker's own record yet: try again in a minute"
_DIVIDED = "the young people's own notes were made already: put this picture into theirs"


@dataclass(frozen=True, slots=True)
class Shown:
    """A drawing as a reader sees it."""

    drawing: Drawing
    whose: str  # in words: "Drawing by ..., on ..."
    gone: str  # why the picture itself cannot be seen; empty where it can
    member: Case | None  # the one young person whose it is


@dataclass(frozen=True, slots=True)
class Wall:
    """All the drawings of a supervision."""

    note: Note
    worker: Member
    shown: Sequence[Shown]  # in their order
    removed: Sequence[DrawingRemoved]
    waiting: Sequence[Recording]  # pictures that could be put there: with it, or in one's tray
    members: Sequence[Case]  # whose a drawing can be said to be; nobody's once it was divided
    refused: str  # why this reader may change nothing; empty if they may


class Drawings:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight, choosing: Choosing) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._choosing = choosing

    def of(self, note_id: str) -> Wall:
        """The drawings of a supervision; UnknownError for any other note."""
        note = self._supervision(note_id)
        draft = self._sight.draft(note, note.number)
        self._store.audit.record(self._person.id, "note read", note.id)
        refused = self._refused(note)
        divided = not is_for_several(self._store, note)
        return Wall(
            note=note,
            worker=self._store.people.get(note.practitioner_id),
            shown=self.shown(draft),
            removed=draft.drawings_removed,
            waiting=[] if refused else list(self._waiting(note, draft)),
            members=[] if divided or refused else self._members(note, draft),
            refused=refused,
        )

    def shown(self, draft: Draft) -> list[Shown]:
        """What of a draft's drawings can be seen, and whose they are."""
        members = drawings.members(draft)
        marked = self._choosing.of(members) if members else {}
        return [
            Shown(
                each,
                drawings.described(each),
                self._gone(each.recording),
                marked.get(each.member or ""),
            )
            for each in draft.drawings
        ]

    def open(self, note_id: str, number: int) -> Note:
        """The supervision at this version, if this person may change it; StateError, UnknownError."""
        self._supervision(note_id)
        note = at(self._sight, note_id, number)
        next_state(self._sight.standing(note), Move.EDIT, self._person.id, Role(self._person.role))
        if not is_own(note):
            raise StateError(_NOT_OWN)
        return note

    def hang(self, note_id: str, number: int, recording_id: str, said: Said) -> int:
        """Show a picture that is there already, with what is said of it; the new version's number."""
        note, draft = self._at(note_id, number)
        if any(each.recording == recording_id for each in draft.drawings):
            raise StateError(THERE_ALREADY)
        found = {each.id: each for each in self._waiting(note, draft)}
        if recording_id not in found:
            raise UnknownError
        said = self._checked(note, said)
        picture = self._store.recordings.details(recording_id)
        made = Drawing(
            recording=recording_id,
            sha256=picture.sha256,
            caption=said.caption,
            by=self._person.id,
            name=self._person.name,
            origin=self._origin(),
            at=now_ms(),
            photo=said.photo,
            made_by=said.made_by,
            made_on=said.made_on,
            member=said.member,
        )
        draft = drawings.put(draft, made)
        if found[recording_id].note_id == note.id:
            return saved(self._store, self._sight, self._person, note, draft)
        return self._from_tray(note, found[recording_id], draft)

    def say(self, note_id: str, number: int, recording_id: str, said: Said) -> int:
        """Say something else of a drawing; the new version's number, or the old if nothing changed."""
        note, draft = self._at(note_id, number)
        if said.member != drawings.found(draft, recording_id).member:
            said = self._checked(note, said)
        return self._saved(note, draft, drawings.say(draft, recording_id, said))

    def shift(self, note_id: str, number: int, recording_id: str, *, up: bool) -> int:
        """Show a drawing a place earlier or later; the version's number."""
        note, draft = self._at(note_id, number)
        return self._saved(note, draft, drawings.shift(draft, recording_id, up=up))

    def take_out(self, note_id: str, number: int, recording_id: str, why: str) -> int:
        """Show a drawing no more; the picture itself and why are kept. The new version's number."""
        note, draft = self._at(note_id, number)
        drawing = drawings.found(draft, recording_id)
        gone = DrawingRemoved(drawing, self._person.id, self._person.name, why, now_ms())
        return self._saved(note, draft, drawings.take_out(draft, recording_id, gone))

    # --- within ---

    def _supervision(self, note_id: str) -> Note:
        note = self._sight.note(note_id)
        if not is_supervision(self._store, note):
            raise UnknownError
        return note

    def _at(self, note_id: str, number: int) -> tuple[Note, Draft]:
        note = self.open(note_id, number)
        return note, self._sight.draft(note, note.number)

    def _refused(self, note: Note) -> str:
        try:
            self.open(note.id, note.number)
        except (NotAllowedError, StateError) as error:
            return error.sentence
        return ""

    def _checked(self, note: Note, said: Said) -> Said:
        """What is said, of a young person whom this one may write about; StateError, UnknownError."""
        if said.member is not None:
            if not is_for_several(self._store, note):
                raise StateError(_DIVIDED, field="member")
            if said.member not in self._choosing.of([said.member]):
                raise UnknownError
        return drawings.checked(said)

    def _saved(self, note: Note, before: Draft, after: Draft) -> int:
        if after == before:
            return note.number
        return saved(self._store, self._sight, self._person, note, after)

    def _from_tray(self, note: Note, picture: Recording, draft: Draft) -> int:
        """As `saved`, and the note that was made of the picture alone is put away."""
        standing, role = self._sight.standing(note), Role(self._person.role)
        state = next_state(standing, Move.EDIT, self._person.id, role).value
        alone = self._store.notes.get(picture.note_id or "")
        gone = ("merged", self._person.id, note.id.encode())
        with writing(self._store) as connection:
            between = (alone, note)
            self._store.assigning.hand_over(connection, picture.id, between, self._person.id)
            self._store.notes.decide(connection, alone, gone, State.MERGED.value)
            payload = encode(draft)
            return self._store.notes.add_version(connection, note, payload, self._person.id, state)

    def _waiting(self, note: Note, draft: Draft) -> Iterator[Recording]:
        """Pictures that came with the supervision, then those of this person that are nobody's yet."""
        there = {each.recording for each in draft.drawings}
        for each in self._store.recordings.of_note(note.id):
            if each.id not in there and _is_seen(each):
                yield each
        made = self._store.grouping.within(TEAM)
        for other in self._store.notes.all(State.DRAFT.value, scope=TEAM):
            of = made.get(other.id, [])
            mine = other.practitioner_id == self._person.id and len(of) == 1 and _is_seen(of[0])
            if mine and self._is_bare(other):
                yield of[0]

    def _is_bare(self, note: Note) -> bool:
        """Whether a note only says that there is a picture."""
        try:
            draft = self._sight.draft(note, note.number)
        except TamperedError:  # told already; it hides no other picture
            return False
        return all(each.tells_of_picture for each in draft.statements) and not draft.pictures

    def _members(self, note: Note, draft: Draft) -> list[Case]:
        near = {each.id: each for each in self._choosing.near(note.practitioner_id)}
        return list((near | self._choosing.of(drawings.members(draft))).values())

    def _gone(self, recording_id: str) -> str:
        found = self._store.recordings.get(recording_id)
        if found.state == ERASED or found.gone_at is not None:
            return "This picture was erased."
        return "The agreement to this picture was taken back." if found.reason == WITHDRAWN else ""

    def _origin(self) -> Origin:
        supervises = self._person.role == Role.SUPERVISOR.value
        return Origin.SUPERVISOR if supervises else Origin.PRACTITIONER


def _is_seen(recording: Recording) -> bool:
    return recording.kind == "picture" and recording.is_there
