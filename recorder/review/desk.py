"""The desk: everything a signed-in person can do to notes, with the rules applied.

The web app and the command line both work through here, so no page and no command can do what the
rules forbid. Every reading of a note or recording is written to the audit log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recorder.codec import decode_draft, decode_transcript, encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review import revise, summary
from recorder.review.states import Move, Role, Standing, State, next_state, writers
from store.age import Reader
from store.cases import Case
from store.errors import ConflictError, ErasedError, NotFoundError
from store.notes import Entry, Note
from store.people import Member
from store.records import Recording
from store.store import Store
from templates import note_type
from transcribe.model import Draft, Origin, Source, Statement, Transcript

_STAFF = {Role.PRACTITIONER, Role.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note in a list."""

    note: Note
    case: Case | None  # None while unassigned
    practitioner: Member


@dataclass(frozen=True, slots=True)
class NotePage:
    """A note as a reader sees it, with everything that stands beside it."""

    note: Note
    case: Case | None
    practitioner: Member
    draft: Draft
    author_id: str | None  # of this version; None: the machine
    recordings: Sequence[Recording]
    decisions: Sequence[Entry]
    replies: Sequence[Entry]
    shared: summary.Shared | None  # what the young person sees, once shared
    exported: bool
    moves: frozenset[Move]  # what this reader may do now


class Desk:
    """Opened for one person; every call checks what that person may do."""

    def __init__(self, store: Store, person: Member) -> None:
        self._store = store
        self.person = person
        self.role = Role(person.role)

    # --- lists ---

    def my_work(self) -> list[NoteRow]:
        """The practitioner's own notes, newest contact first; a supervisor sees everyone's."""
        self._require(_STAFF)
        notes = [note for note in self._store.notes.all() if self._may_read(note)]
        return [self._row(note) for note in reversed(notes)]

    def queue(self) -> list[NoteRow]:
        """Notes waiting for a supervisor, oldest contact first."""
        self._require({Role.SUPERVISOR})
        return [self._row(note) for note in self._store.notes.all(State.SUBMITTED.value)]

    # --- one note ---

    def read(self, note_id: str) -> NotePage:
        """The note as it stands; UnknownError if it is not this person's to see."""
        note = self._note(note_id)
        page = self._page(note)
        self._store.audit.record(self.person.id, "note read", note.id)
        return page

    def transcript(self, recording_id: str) -> Transcript | None:
        """What was heard in a recording, or None."""
        recording = self._recording(recording_id)
        payload = self._store.recordings.transcript(recording.id)
        self._store.audit.record(self.person.id, "transcript read", recording.id)
        return None if payload is None else decode_transcript(payload)

    def play(self, recording_id: str) -> tuple[Recording, Reader]:
        """The original, for playing or looking at."""
        recording = self._recording(recording_id)
        reader = self._store.recordings.open(recording.id)
        self._store.audit.record(self.person.id, "recording played", recording.id)
        return recording, reader

    def edit(self, note_id: str, number: int, edits: Mapping[str, str | None]) -> int:
        """New words for statements of version `number`, None to take one out; the new number."""
        note = self._at(note_id, number)
        draft = self._draft(note)
        revised = revise.revise(draft, edits, self._origin())
        return note.number if revised == draft else self._save(note, revised)

    def add_statement(self, note_id: str, number: int, section: str, text: str) -> int:
        """Add this person's own sentence under a heading; the new version's number."""
        note = self._at(note_id, number)
        if section not in {each.key for each in note_type(note.kind).sections}:
            raise UnknownError
        statement = Statement(
            id=f"v{note.number + 1}",
            section=section,
            text=revise.clean(text),
            origin=self._origin(),
            speaker=self.person.name,
            sources=(Source(typed_by=self.person.id),),
        )
        return self._save(note, revise.add(self._draft(note), statement))

    def submit(self, note_id: str, number: int) -> None:
        """Hand version `number` to a supervisor."""
        note = self._at(note_id, number)
        if note.case_id is None:
            raise StateError("this note belongs to no case yet: assign it to a case first")
        blocking = [c for s in self._draft(note).statements for c in s.checks if c.level == "block"]
        if blocking:
            raise StateError(f"{len(blocking)} sentences must be put right before you can submit")
        self._decide(note, Move.SUBMIT, "submitted")

    def approve(self, note_id: str, number: int) -> None:
        """Approve exactly version `number`."""
        self._decide(self._at(note_id, number), Move.APPROVE, "approved")

    def return_(self, note_id: str, number: int, reason: str) -> None:
        """Send version `number` back, saying why."""
        self._decide(self._at(note_id, number), Move.RETURN, "returned", revise.clean(reason))

    # --- the young person ---

    def summary_of(self, note_id: str) -> summary.Summary:
        """What would be shared of the current version, and what would be left out and why."""
        note = self._note(note_id)
        case = self._case(note)
        if case is None:
            raise StateError("this note belongs to no case yet")
        return summary.of(self._draft(note), case.details, self._member(note.practitioner_id).name)

    def share(self, note_id: str, number: int, statement_ids: Sequence[str]) -> None:
        """Show the chosen statements of an approved version to the young person."""
        note = self._at(note_id, number)
        offered = {line.id for line in self.summary_of(note.id).lines}
        if not statement_ids or not set(statement_ids) <= offered:
            raise NotAllowedError("choose at least one of the sentences offered")
        self._decide(note, Move.SHARE, "shared", summary.encode_choice(statement_ids))

    def shared_with_me(self) -> list[summary.Shared]:
        """What a young person has been shown, newest first."""
        self._require({Role.YOUNG_PERSON})
        notes = self._store.notes.all(State.APPROVED.value, case_id=self.person.case_id)
        shared = [summary.shared(self._store, note) for note in notes]
        found = [each for each in shared if each is not None]
        self._store.audit.record(self.person.id, "summary read", self.person.id)
        return sorted(found, key=lambda each: each.contact_at, reverse=True)

    def reply(self, note_id: str, text: str) -> None:
        """Keep a young person's words beside the summary they were shown, unaltered."""
        self._require({Role.YOUNG_PERSON})
        shown = {each.note_id: each for each in self.shared_with_me()}
        if note_id not in shown:
            raise UnknownError
        if not text.strip():
            raise StateError("write something first, then send it")
        if len(text) > revise.MAX_TEXT:
            raise StateError("that is too long to send in one go: send it in two parts")
        note = self._store.notes.get(note_id)
        self._store.notes.reply(note, shown[note_id].number, self.person.id, text.encode())

    # --- within ---

    def _require(self, roles: set[Role]) -> None:
        if self.role not in roles:
            raise UnknownError

    def _may_read(self, note: Note) -> bool:
        if self.role is Role.SUPERVISOR:
            return True
        return self.role is Role.PRACTITIONER and note.practitioner_id == self.person.id

    def _note(self, note_id: str) -> Note:
        try:
            note = self._store.notes.get(note_id)
        except NotFoundError as error:
            raise UnknownError from error
        if not self._may_read(note):
            raise UnknownError
        return note

    def _at(self, note_id: str, number: int) -> Note:
        note = self._note(note_id)
        if note.number != number:
            raise StateError(
                "this note was changed while you had it open: look at the newest version first"
            )
        return note

    def _recording(self, recording_id: str) -> Recording:
        try:
            recording = self._store.recordings.get(recording_id)
        except NotFoundError as error:
            raise UnknownError from error
        own = recording.practitioner_id == self.person.id
        if self.role is Role.SUPERVISOR or (self.role is Role.PRACTITIONER and own):
            return recording
        raise UnknownError

    def _draft(self, note: Note) -> Draft:
        try:
            return decode_draft(self._store.notes.version(note.id, note.number).payload)
        except ErasedError as error:
            raise UnknownError from error

    def _case(self, note: Note) -> Case | None:
        return None if note.case_id is None else self._store.cases.get(note.case_id)

    def _member(self, person_id: str) -> Member:
        return self._store.people.get(person_id)

    def _row(self, note: Note) -> NoteRow:
        return NoteRow(note, self._case(note), self._member(note.practitioner_id))

    def _page(self, note: Note) -> NotePage:
        version = self._store.notes.version(note.id, note.number)
        standing = self._standing(note)
        return NotePage(
            note=note,
            case=self._case(note),
            practitioner=self._member(note.practitioner_id),
            draft=decode_draft(version.payload),
            author_id=version.author_id,
            recordings=self._store.recordings.of_note(note.id),
            decisions=self._store.notes.decisions(note.id),
            replies=self._store.notes.replies(note.id),
            shared=summary.shared(self._store, note),
            exported=standing.exported,
            moves=frozenset(move for move in Move if self._can(standing, move)),
        )

    def _can(self, standing: Standing, move: Move) -> bool:
        try:
            next_state(standing, move, self.person.id, self.role)
        except (NotAllowedError, StateError):
            return False
        return True

    def _standing(self, note: Note) -> Standing:
        authors = self._store.notes.authors(note.id, note.number)
        return Standing(
            State(note.state),
            note.practitioner_id,
            writers(note.practitioner_id, authors),
            exported=bool(self._store.notes.exported_versions(note.id)),
        )

    def _next(self, note: Note, move: Move) -> str:
        return next_state(self._standing(note), move, self.person.id, self.role).value

    def _save(self, note: Note, draft: Draft) -> int:
        state = self._next(note, Move.EDIT)
        try:
            with self._store.database.write() as connection:
                return self._store.notes.add_version(
                    connection, note, encode(draft), self.person.id, state
                )
        except ConflictError as error:
            raise StateError(
                "somebody else changed this note just now: look at the newest version first"
            ) from error

    def _decide(self, note: Note, move: Move, kind: str, words: str = "") -> None:
        state = self._next(note, move)
        entry = (kind, self.person.id, words.encode())
        try:
            with self._store.database.write() as connection:
                self._store.notes.decide(connection, note, entry, state)
        except ConflictError as error:
            raise StateError(
                "somebody else changed this note just now: look at the newest version first"
            ) from error

    def _origin(self) -> Origin:
        return Origin.SUPERVISOR if self.role is Role.SUPERVISOR else Origin.PRACTITIONER
