"""What a person may see. Whatever they may not is, to them, not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from recorder.codec import decode_draft, decode_transcript
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.authors import authors
from recorder.review.films import Film
from recorder.review.states import ONLY_READS, WRITERS, Role, Standing, State, writers
from recorder.supervising import is_supervision, signed_by
from store.age import Reader
from store.cases import Case, Caseload
from store.emergencies import Emergency
from store.errors import ErasedError, NotFoundError, SoundErasedError
from store.notes import Note, Version
from store.people import Member
from store.reach import Reach
from store.records import ERASED, WITHDRAWN, Recording
from store.store import Store
from transcribe.model import Draft, Transcript

GONE_BY_RULE = (
    "this recording was erased by a rule, because the time for keeping it was over: what was heard "
    "in it is kept in writing"
)
DRAFT_GONE = (
    "what this version said was erased by a rule, because the time for keeping drafts was over: who "
    "wrote it and when is kept, and so is what was approved"
)


@dataclass(frozen=True, slots=True)
class Media:
    """A recording and how it came."""

    recording: Recording
    film: Film  # its files
    origin: str  # who says when it was made; empty where that is not kept


class Sight:
    """The store through one person's eyes; UnknownError for what is not theirs to see."""

    def __init__(self, store: Store, person: Member) -> None:
        self._store = store
        self._person = person
        self._role = Role(person.role)
        self._asked: tuple[str | None, Reach] | None = None

    def may_read(self, note: Note) -> bool:
        """Whether this note is this person's to read."""
        return self._within(note.case_id).holds(note.practitioner_id, note.case_id)

    def may_hear(self, recording: Recording) -> bool:
        """Whether this recording is this person's to hear or look at."""
        return self._within(recording.case_id).holds(recording.practitioner_id, recording.case_id)

    def sees(self, case_id: str) -> bool:
        """Whether this case is this person's to see."""
        return self._within(case_id).holds(None, case_id)

    def note(self, note_id: str) -> Note:
        """The note's row."""
        try:
            note = self._store.notes.get(note_id)
        except NotFoundError as error:
            raise UnknownError from error
        if not self.may_read(note):
            raise UnknownError
        return note

    def version(self, note: Note, number: int) -> Version:
        """Version `number` of the note."""
        try:
            return self._store.notes.version(note.id, number)
        except (NotFoundError, ErasedError) as error:
            raise UnknownError from error

    def draft(self, note: Note, number: int) -> Draft:
        """What the note says at version `number`; StateError where a rule erased that."""
        payload = self.version(note, number).payload
        if not payload:
            raise StateError(DRAFT_GONE)
        return decode_draft(payload)

    def recording(self, recording_id: str, *, to_change: bool = False) -> Recording:
        """The recording's row; NotAllowedError where this person may only read."""
        try:
            recording = self._store.recordings.get(recording_id)
        except NotFoundError as error:
            raise UnknownError from error
        if recording.state == ERASED or not self.may_hear(recording):
            raise UnknownError
        if to_change:
            self.may_change(recording.case_id)
        return recording

    def may_change(self, case_id: str | None) -> None:
        """NotAllowedError for what is of a case that they opened in an emergency."""
        if case_id in self.only_reads:
            raise NotAllowedError(ONLY_READS)

    def media(self, recording: Recording) -> Media:
        """How a recording came."""
        parts = self._store.captures.film(recording.id)
        origin = next((each.capture.origin for each in parts if each.part_of is None), "")
        return Media(recording, Film.of(recording, parts), origin)

    def made_from(self, note: Note) -> list[Media]:
        """What a note was made from, in the order it was made; a film in several files is one."""
        found = [self.media(each) for each in self._store.recordings.of_note(note.id)]
        later = {name for each in found for name, _ in each.film.files[1:]}
        return [each for each in found if each.recording.id not in later]

    def elsewhere(self, recordings: Iterable[Recording]) -> list[str]:
        """Ids of notes with other files of these films, which came earlier or later."""
        ids = set()
        for each in recordings:
            capture = self._store.captures.of(each.id) if each.kind == "video" else None
            if capture is None or capture.chapter is None:
                continue
            others = self._store.captures.came_late(each)
            if capture.late_for is not None:
                others.append(self._store.recordings.get(capture.late_for))
            ids |= {o.note_id for o in others if o.note_id and o.state != ERASED}
            ids -= {each.note_id}
        return sorted(name for name in ids if name and self.may_read(self._store.notes.get(name)))

    def transcript(self, recording: Recording) -> Transcript | None:
        """What was heard in the recording; None until it was written down.

        NotAllowedError once an agreement to it was taken back.
        """
        still_agreed(recording)
        try:
            payload = self._store.recordings.transcript(recording.id)
        except ErasedError as error:
            raise UnknownError from error
        return None if payload is None else decode_transcript(payload)

    def open(self, recording: Recording) -> Reader:
        """The recording's original; NotAllowedError once an agreement to it was taken back."""
        still_agreed(recording)
        try:
            return self._store.recordings.open(recording.id)
        except SoundErasedError as error:
            raise StateError(GONE_BY_RULE) from error
        except ErasedError as error:
            raise UnknownError from error

    def case(self, case_id: str | None) -> Case | None:
        """The case of a note or recording; None while it has none."""
        if case_id is None:
            return None
        try:
            return self._store.cases.get(case_id)
        except ErasedError as error:
            raise UnknownError from error

    def standing(self, note: Note) -> Standing:
        """What the rules need to know of the note."""
        found = self.written(note)
        return replace(
            found,
            exported=bool(self._store.notes.exported_versions(note.id)),
            handed_to=self._handed_to(note),
            signed=signed_by(self._store, note) if found.own else frozenset(),
            stands_in=note.case_id in self._named,
        )

    def written(self, note: Note) -> Standing:
        """As much of that as says whether this person may approve it."""
        try:
            wrote = authors(self._store, note)
        except ErasedError as error:
            raise UnknownError from error
        return Standing(
            State(note.state),
            note.practitioner_id,
            writers(note.practitioner_id, wrote),
            own=is_supervision(self._store, note),
            only_reads=note.case_id in self.only_reads,
        )

    def _handed_to(self, note: Note) -> str | None:
        """Who finishes a note whose maker has left: the practitioner whose case it is."""
        if self._store.people.get(note.practitioner_id).left_at is None:
            return None
        case = self.case(note.case_id)
        return None if case is None else case.practitioner_id

    @cached_property
    def reach(self) -> Reach:
        """What this person may see; store/reach.py has the rule."""
        return self._reach(frozenset(self._near.cases))

    @cached_property
    def caseload(self) -> Caseload:
        """The open cases that this person sees."""
        if self._role is Role.SUPERVISOR:
            return self._store.cases.within(self.reach)
        return self._near

    @cached_property
    def only_reads(self) -> frozenset[str]:
        """Ids of the cases that are open to them in an emergency alone."""
        if not self.emergencies:
            return frozenset()
        near, me = self._near.cases, self._person.id
        opened = {each.case_id for each in self.emergencies} & near.keys()
        own = {c.id for c in near.values() if c.practitioner_id == me or c.id in self._named}
        reach = self._reach(frozenset(own))
        return frozenset(each for each in opened if not reach.holds(None, each))

    @cached_property
    def emergencies(self) -> list[Emergency]:
        """Cases that they opened in an emergency, and that are open still."""
        return self._store.emergencies.open_to(self._person.id)

    def _within(self, case_id: str | None) -> Reach:
        """`reach` as far as one case goes: a page about one thing need not open a whole caseload."""
        if "reach" in vars(self) or self._role not in WRITERS:
            return self.reach
        if self._asked is None:
            near = {} if case_id is None else self._nearby(case_id).cases
            self._asked = case_id, self._reach(frozenset(near))
        asked, found = self._asked
        return found if asked == case_id else self.reach

    def _reach(self, near: frozenset[str]) -> Reach:
        if self._role not in WRITERS:
            return Reach()
        supervises = self._role is Role.SUPERVISOR
        return self._store.circles.reach(self._person.id, near, supervises=supervises)

    @cached_property
    def _near(self) -> Caseload:
        """Cases that are open to them by themselves: their own, and those named or opened."""
        if self._role not in WRITERS:
            return Caseload({}, ())
        return self._nearby()

    def _nearby(self, only: str | None = None) -> Caseload:
        opened = {each.case_id for each in self.emergencies}
        return self._store.cases.near(self._person.id, self._named | opened, only)

    @cached_property
    def _named(self) -> frozenset[str]:
        return self._store.circles.named_on(self._person.id)


def still_agreed(recording: Recording) -> None:
    """NotAllowedError once an agreement to the recording was taken back."""
    if recording.reason == WITHDRAWN:
        raise NotAllowedError(
            "the agreement to this recording was taken back, so nobody hears or sees it"
        )
