"""The desk: everything a signed-in person can do to notes, with the rules applied.

The web app and the command line both work through here, so no page and no command can do what the
rules forbid. Every reading of a note or recording is written to the audit log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from recorder.clock import local, milliseconds
from recorder.codec import decode_draft
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.joining import began
from recorder.pictures import shown
from recorder.review import prepared, revise, standing, summary, theirs
from recorder.review.agreed import TheirAgreements
from recorder.review.checking import require_clear
from recorder.review.dividing import TOGETHER, WORKERS_OWN, is_for_several, is_workers_own
from recorder.review.finding import Finding, Hit
from recorder.review.keeping import Keeping
from recorder.review.listened import places
from recorder.review.model import NotePage, NoteRow
from recorder.review.opinions import TheirOpinion
from recorder.review.query import parse
from recorder.review.queue import marks
from recorder.review.returned import RETURNED, asked, payload_of
from recorder.review.rooms import STAFF, Rooms
from recorder.review.saving import at, saved
from recorder.review.saying import ADD, Saying
from recorder.review.sight import Media
from recorder.review.states import OVERTAKEN, Move, Role, Standing, State, next_state
from recorder.review.theirsay import TheirSay
from recorder.review.writing import writing
from recorder.supervising import is_supervision
from store.age import Reader
from store.derived import COPY, STRAIGHTENED
from store.errors import ConflictError, DuplicateError
from store.notes import Note
from store.records import Recording
from store.search import Damaged
from store.session import now_ms
from templates import type_of
from transcribe.model import Contact, Described, Draft, Origin, Source, Statement


class Desk(Rooms):
    """Opened for one person; every call checks what that person may do."""

    # --- lists ---

    def my_work(self) -> list[NoteRow]:
        """The practitioner's own notes, newest contact first; a supervisor sees everyone's."""
        self._require(STAFF)
        notes = [note for note in self._store.notes.all() if self._sight.may_read(note)]
        return self._rows.of(notes[::-1])

    def starting(self, start: str) -> list[str]:
        """Ids of notes of this person's to read that begin like that; nothing is opened."""
        self._require(STAFF)
        found = (note for note in self._store.notes.all() if note.id.startswith(start))
        return [note.id for note in found if self._sight.may_read(note)]

    def search(self, words: str) -> Iterator[Hit | Damaged]:
        """Notes of this person's to read that say all of `words`, newest contact first.

        In double quotes, words must stand together. What could not be read comes among the hits.
        StateError when there is nothing to look for.
        """
        self._require(STAFF)
        query = parse(words)
        # Never the words: what somebody looks for can say as much as a note.
        self._store.audit.record(self.person.id, "notes searched", self.person.id)
        return Finding(self._store.search, self._sight, query).found()

    # --- one note ---

    def read(self, note_id: str) -> NotePage:
        """The note as it stands; UnknownError if it is not this person's to see."""
        note = self._sight.note(note_id)
        page = self._page(note)
        self._store.audit.record(self.person.id, "note read", note.id)
        return page

    def draft_at(self, note_id: str, number: int) -> Draft:
        """What an earlier version said, to set somebody's late changes against."""
        return self._sight.draft(self._sight.note(note_id), number)

    def recording(self, recording_id: str) -> Recording:
        """A recording's own row; UnknownError if it is not this person's to hear."""
        return self._sight.recording(recording_id)

    def media(self, recording_id: str) -> Media:
        """The recording that this is, or is a part of, and how it came."""
        return self._sight.media(self._sight.recording(self._store.captures.whole(recording_id)))

    def play(self, recording_id: str, *, going_on: bool = False) -> tuple[Recording, Reader]:
        """The original, for playing or looking at.

        `going_on`: this is a further piece of a playing that is in the audit log already.
        """
        recording = self._sight.recording(recording_id)
        reader = self._sight.open(recording)
        if not going_on:
            self._store.audit.record(self.person.id, "recording played", recording.id)
        return recording, reader

    def take_out(self, recording_id: str) -> tuple[Recording, Reader]:
        """The original, to be written to a file outside; in the audit log as that."""
        recording = self._sight.recording(recording_id)
        reader = self._sight.open(recording)
        self._store.audit.record(self.person.id, "recording taken out", recording.id)
        return recording, reader

    def save(
        self,
        note_id: str,
        number: int,
        edits: Mapping[str, str],
        added: Sequence[tuple[str, str]] = (),
        removed: Mapping[str, str] = MappingProxyType({}),
    ) -> int:
        """One new version on top of version `number`; the new number, or the old if nothing changed.

        `edits`: new words by statement id. `added`: (section, words) of this person's own
        sentences. `removed`: why a statement is taken out, by its id; that is kept with the note.
        """
        note = self._at(note_id, number)
        draft = self._sight.draft(note, note.number)
        words = {key: text for key, text in edits.items() if key not in removed}
        revised = revise.revise(draft, words, self._origin())
        revised = revise.take_out(revised, removed, self.person, now_ms()) if removed else revised
        for count, (section, text) in enumerate(added, start=1):
            statement_id = f"v{note.number + 1}-{count}"
            revised = revise.add(revised, self._own(note, statement_id, section, text))
        if revised == draft:
            return note.number
        return self._save(note, self._checking.checked(note, draft, revised))

    def set_contact(self, note_id: str, number: int, contact: Contact) -> int:
        """Put the facts of the contact right; the new version's number, or the old if nothing changed."""
        note = self._at(note_id, number)
        draft = self._sight.draft(note, note.number)
        if contact == draft.contact:
            return note.number
        at = note.contact_at
        if _when(contact) != _when(draft.contact):
            at = milliseconds(began(contact, local(at, self._timezone)), self._timezone)
        return self._save(replace(note, contact_at=at), replace(draft, contact=contact))

    def describe(self, note_id: str, number: int, described: Described) -> int:
        """Say what one of the note's pictures is; the new version's number, or the old one's."""
        note = self._at(note_id, number)
        self._picture(note, described.recording)
        draft = self._sight.draft(note, note.number)
        revised = revise.describe(draft, described)
        return note.number if revised == draft else self._save(note, revised)

    def take_over(
        self, note_id: str, number: int, recording_id: str, section: str, text: str
    ) -> int:
        """Add this person's own sentence, with what they read on a picture; the new version's number."""
        note = self._at(note_id, number)
        self._picture(note, recording_id)
        own = self._own(note, f"v{note.number + 1}-1", section, text)
        read = replace(own, sources=(Source(recording=recording_id, typed_by=self.person.id),))
        draft = self._sight.draft(note, note.number)
        revised = revise.add(draft, read)
        return self._save(note, self._checking.checked(note, draft, revised))

    def assign(self, note_id: str, number: int, case_id: str) -> None:
        """Give a note that belongs to no case to one of their `young_people`."""
        note = self._at(note_id, number)
        if note.case_id is not None:
            raise StateError("this note belongs to a case already")
        if is_supervision(self._store, note):
            raise StateError(WORKERS_OWN)
        if case_id not in self.young_people.of([case_id]):
            raise UnknownError
        try:
            self._store.assigning.assign(note, case_id, self.person.id)
        except ConflictError as error:
            raise StateError(OVERTAKEN) from error
        except DuplicateError as error:
            raise StateError(
                "this young person's record holds that recording already: look at their notes first"
            ) from error

    def submit(self, note_id: str, number: int) -> None:
        """Hand version `number` to a supervisor."""
        note = self._at(note_id, number)
        if is_supervision(self._store, note):
            raise StateError(WORKERS_OWN)
        if note.case_id is None:
            raise StateError("this note is not linked to a young person yet: link it first")
        draft = self._looked_at(note)
        require_clear(draft)
        if is_for_several(self._store, note):
            raise StateError(TOGETHER)
        self._decide(note, Move.SUBMIT, "submitted", marks(draft).encode())

    def approve(self, note_id: str, number: int) -> None:
        """Approve exactly version `number`."""
        note = self._at(note_id, number)
        draft = self._looked_at(note)
        require_clear(draft)
        unheard = places(draft, self._unheard(note, draft))
        self._decide(note, Move.APPROVE, "approved", unheard=unheard)

    def return_(
        self, note_id: str, number: int, reason: str, marks: Mapping[str, str] | None = None
    ) -> None:
        """Send version `number` back, saying why: of the whole, and of sentences by their ids."""
        note = self._at(note_id, number)
        why = payload_of(self._sight.draft(note, number), reason, marks or {})
        self._decide(note, Move.RETURN, RETURNED, why)

    # --- the young person ---

    def shared_with_me(self, note_id: str | None = None) -> list[summary.Shared]:
        """What a young person has been shown, newest first; UnknownError if `note_id` is not of it."""
        self._require({Role.YOUNG_PERSON})
        found = self._shared()
        if note_id is not None and note_id not in {each.note_id for each in found}:
            raise UnknownError
        self._store.audit.record(self.person.id, "summary read", self.person.id)
        return found

    def picture_shared_with_me(self, note_id: str, recording_id: str) -> bytes:
        """A JPEG of a picture that a young person has been shown."""
        self._require({Role.YOUNG_PERSON})
        shared = next((each for each in self._shared() if each.note_id == note_id), None)
        found = {each.recording: each for each in shared.pictures} if shared else {}
        if recording_id not in found:
            raise UnknownError
        recording = self._store.recordings.get(recording_id)
        self._store.audit.record(self.person.id, "recording played", recording.id)
        kind = STRAIGHTENED if found[recording_id].straightened else COPY
        return shown(self._store, recording, kind)

    def reply(self, note_id: str, text: str) -> None:
        """Keep a young person's words beside the summary they were shown, unaltered."""
        self.their_say.say(note_id, Saying(ADD, text))

    @property
    def their_say(self) -> TheirSay:
        """What a young person says of what they were shown; theirs only."""
        self._require({Role.YOUNG_PERSON})
        return TheirSay(self._store, self.person, self._shared)

    @property
    def their_agreements(self) -> TheirAgreements:
        """What a young person agreed to; theirs only."""
        self._require({Role.YOUNG_PERSON})
        known = (self._store, self.person, self._timezone)
        return TheirAgreements(*known, self._shared, self.their_say)

    @property
    def their_opinion(self) -> TheirOpinion:
        """What a young person thinks of what they were shown; theirs only."""
        self._require({Role.YOUNG_PERSON})
        return TheirOpinion(self._store, self.person, self._shared)

    @property
    def keeping(self) -> Keeping:
        """What a young person keeps; theirs only."""
        self._require({Role.YOUNG_PERSON})
        return Keeping(self._store, self.person, self._shared, self.their_say.one)

    # --- within ---

    def _shared(self) -> list[summary.Shared]:
        if self.person.case_id is None:  # of no case: would otherwise be everyone's
            return []
        notes = self._store.notes.all(State.APPROVED.value, case_id=self.person.case_id)
        shared = [summary.shared(self._store, note) for note in notes]
        found = [each for each in shared if each is not None]
        return sorted(found, key=lambda each: each.contact_at, reverse=True)

    def _at(self, note_id: str, number: int) -> Note:
        return at(self._sight, note_id, number)

    def _picture(self, note: Note, recording_id: str) -> None:
        pictures = [r for r in self._store.recordings.of_note(note.id) if r.kind == "picture"]
        if recording_id not in {each.id for each in pictures}:
            raise UnknownError

    def _page(self, note: Note) -> NotePage:
        version = self._sight.version(note, note.number)
        draft = self._checking.looked_at(note, decode_draft(version.payload))
        standing = self._sight.standing(note)
        unheard = () if self.person.id in standing.writers else self._unheard(note, draft)
        made_from, decisions = self._sight.made_from(note), self._store.notes.decisions(note.id)
        waits = prepared.waiting(decisions, note)
        there = [each for each in made_from if each.recording.gone_at is None]
        standing = replace(
            standing,
            unheard=places(draft, unheard),
            prepared_by=waits.actor_id if waits else "",
        )
        return NotePage(
            note=note,
            case=self._sight.case(note.case_id),
            practitioner=self._store.people.get(note.practitioner_id),
            draft=draft,
            author_id=version.author_id,
            recordings=[each.recording for each in there],
            gone=[each.recording for each in made_from if each not in there],
            films={each.recording.id: each.film for each in there},
            clips=self.clips.of(note, draft),
            elsewhere=self._sight.elsewhere(each.recording for each in made_from),
            origins={each.recording.id: each.origin for each in made_from},
            decisions=decisions,
            asked=asked(decisions, draft, self._name_of),
            theirs=theirs.beside(self._store, note, draft),
            shared=summary.shared(self._store, note),
            waits=waits,
            sent_back=prepared.sent_back(decisions, note),
            at_risk=summary.at_risk(self._store, note, draft),
            exported=standing.exported,
            remarks=self._checking.remarks(note, draft),
            together=note.state != State.MERGED.value and is_for_several(self._store, note),
            workers_own=note.state != State.MERGED.value and is_workers_own(self._store, note),
            own=is_supervision(self._store, note),
            refused={move: why for move in Move if (why := self._refusal(standing, move))},
            listened=self.listening.heard(note, draft),
            unheard=unheard,
        )

    def _name_of(self, person_id: str) -> str:
        return self._store.people.get(person_id).name

    def _looked_at(self, note: Note) -> Draft:
        return self._checking.looked_at(note, self._sight.draft(note, note.number))

    def _unheard(self, note: Note, draft: Draft) -> tuple[Statement, ...]:
        """What this person has still to listen to; nothing, while it is not theirs to approve."""
        asked = self.role is Role.SUPERVISOR and note.state == State.SUBMITTED.value
        return self.listening.unheard(note, draft) if asked else ()

    def _refusal(self, standing: Standing, move: Move) -> str | None:
        try:
            next_state(standing, move, self.person.id, self.role)
        except (NotAllowedError, StateError) as error:
            return error.sentence
        return None

    def _next(self, note: Note, move: Move, unheard: tuple[str, ...] = ()) -> str:
        standing = replace(self._sight.standing(note), unheard=unheard)
        return next_state(standing, move, self.person.id, self.role).value

    def _save(self, note: Note, draft: Draft) -> int:
        return saved(self._store, self._sight, self.person, note, draft)

    def _decide(
        self, note: Note, move: Move, kind: str, words: bytes = b"", unheard: tuple[str, ...] = ()
    ) -> None:
        state = self._next(note, move, unheard)
        entry = (kind, self.person.id, words)
        with writing(self._store) as connection:
            self._store.notes.decide(connection, note, entry, state)
            standing.follow(self._store, connection, note, state, self.person.id)

    def _own(self, note: Note, statement_id: str, section: str, text: str) -> Statement:
        if section not in {each.key for each in type_of(note.kind).sections}:
            raise UnknownError
        return Statement(
            id=statement_id,
            section=section,
            text=revise.clean(text, f"new-{section}"),
            origin=self._origin(),
            speaker=self.person.name,
            sources=(Source(typed_by=self.person.id),),
        )

    def _origin(self) -> Origin:
        return Origin.SUPERVISOR if self.role is Role.SUPERVISOR else Origin.PRACTITIONER


def _when(contact: Contact) -> tuple[object, object]:
    return contact.date, contact.start_time
