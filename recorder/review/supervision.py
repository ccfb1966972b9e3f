"""Supervision: the worker's own record, signed by worker and supervisor, with their next date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from typing import Protocol

from recorder.around import SUPERVISION, makers
from recorder.codec import encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.authors import FILED_FOR
from recorder.review.checking import Checking, require_clear
from recorder.review.choosing import Choosing
from recorder.review.dividing import ABOUT_NOBODY, TOGETHER, Dividing, is_for_several
from recorder.review.following import Before, Coming, Following
from recorder.review.revise import clean
from recorder.review.saving import at
from recorder.review.sight import Sight
from recorder.review.states import WRITERS, Move, Role, State, next_state
from recorder.review.typed import Typed, Written, drafted
from recorder.review.writing import writing
from recorder.supervising import DISAGREED, SIGNED, is_supervision
from store.errors import ErasedError, NotFoundError
from store.notes import Entry, Note
from store.people import Member
from store.store import Store
from transcribe.model import Draft

_ERASED = "this worker's own record was erased, so nothing can be put into it"
_NOT_ONE = "only a supervision has a worker whose record it is"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed the version that stands, and as what."""

    name: str
    at: int  # ms
    worker: bool  # else as the supervisor


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The worker's own words beside the record; no later version takes them away."""

    words: Entry
    name: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a supervision's note."""

    worker: Member
    before: Before | None
    signatures: Sequence[Signature]
    disagreements: Sequence[Disagreement]
    workers: Sequence[Member]  # in whose record this reader may put it instead


@dataclass(frozen=True, slots=True)
class Record:
    """A worker's own record."""

    worker: Member
    notes: Sequence[Note]  # newest first


class Shared(Protocol):
    """The other rooms of the same person that this one leans on."""

    @property
    def checking(self) -> Checking:
        """Answering for sentences."""

    @property
    def dividing(self) -> Dividing:
        """Notes about several."""

    @property
    def typed(self) -> Typed:
        """Notes that nobody recorded."""

    @property
    def young_people(self) -> Choosing:
        """Whom this person may write about."""


class Supervisions:
    """Opened for one person on the staff."""

    def __init__(
        self,
        store: Store,
        person: Member,
        sight: Sight,
        rooms: Shared,
    ) -> None:
        self._store = store
        self._person = person
        self._role = Role(person.role)
        self._sight = sight
        self._rooms = rooms
        self._following = Following(store, person, sight)

    def record(self, person_id: str) -> Record:
        """Somebody's own record; UnknownError unless it is this person's to read."""
        worker = self._worker(person_id)
        self._store.audit.record(self._person.id, "own record read", worker.id)
        return Record(worker, self._store.own_records.notes(worker.id))

    def begin(self, person_id: str, written: Written, case_ids: Sequence[str]) -> tuple[str, bool]:
        """A supervision in somebody's own record, with what was typed and whom it is to be about.

        Its id, and whether it is new: a form may be sent again. UnknownError, StateError.
        """
        worker, cases = self._worker(person_id), self._rooms.young_people.of(case_ids)
        if not set(case_ids) <= cases.keys():
            raise UnknownError
        young = ", ".join(cases[each].details.name for each in case_ids)
        header = written.texts.get("header", "")
        if young:
            header = f"Young people to talk about: {young}.\n{header}"
        there = tuple(dict.fromkeys((worker.name, self._person.name)))
        contact = replace(written.contact, present=written.contact.present or there)
        texts = {**written.texts, "header": header}
        draft = drafted(self._person, replace(written, contact=contact, texts=texts))
        scope = self._own_record(worker)
        new = Note("", scope, None, worker.id, SUPERVISION, State.DRAFT.value, 0, written.at, 0)
        return self._rooms.typed.keep(new, draft)

    def coming(self, today: Date) -> list[Coming]:
        """Supervisions that are near or late: of this person, or of whoever they supervise."""
        return self._following.coming(today)

    def follow(self, note_id: str, number: int, mark: str, outcome: str) -> None:
        """Say what became of an action of the supervision before; StateError."""
        note = at(self._sight, note_id, number)
        state = self._next(note, Move.EDIT).value
        draft = self._sight.draft(note, note.number)
        payload = encode(self._following.told(note, draft, mark, outcome))
        with writing(self._store) as connection:
            self._store.notes.add_version(connection, note, payload, self._person.id, state)

    def beside(self, note: Note, draft: Draft) -> Beside:
        """What stands beside a supervision."""
        entries = self._store.notes.decisions(note.id)
        signed = [e for e in entries if e.kind == SIGNED and e.number == note.number]
        get = self._store.people.get
        return Beside(
            get(note.practitioner_id),
            self._following.before(note, draft),
            [
                Signature(get(e.actor_id).name, e.created_at, e.actor_id == note.practitioner_id)
                for e in signed
            ],
            [Disagreement(e, get(e.actor_id).name) for e in entries if e.kind == DISAGREED],
            self._others(note),
        )

    def sign(self, note_id: str, number: int) -> None:
        """Sign version `number`: the first of the two, or the second, who closes it."""
        note = at(self._sight, note_id, number)
        first = note.state != State.SIGNED.value
        state = self._next(note, Move.SIGN if first else Move.COUNTERSIGN)
        if is_for_several(self._store, note):
            raise StateError(TOGETHER)
        draft = self._sight.draft(note, note.number)
        require_clear(self._rooms.checking.looked_at(note, draft))
        self._decide(note, SIGNED, state)

    def disagree(self, note_id: str, number: int, words: str) -> None:
        """Keep the worker's disagreement beside version `number`, in their own words, for ever."""
        self._next(self._sight.note(note_id), Move.DISAGREE)  # theirs to say, whatever the version
        note = at(self._sight, note_id, number)
        self._decide(note, DISAGREED, self._next(note, Move.DISAGREE), clean(words, "words"))

    def about_nobody(self, note_id: str, number: int) -> None:
        """Say that a supervision is about no young person, so that there is nothing to divide."""
        note = at(self._sight, note_id, number)
        self._next(note, Move.SPLIT)
        if not is_for_several(self._store, note):
            raise StateError("this was said already")
        if self._rooms.dividing.names_anybody(note.id):
            raise StateError("it names a young person: make each one's own note first")
        self._decide(note, ABOUT_NOBODY, State(note.state))

    def file_for(self, note_id: str, number: int, person_id: str) -> None:
        """Say whose supervision it is: it goes into that worker's own record."""
        found = self._sight.note(note_id)
        if not is_supervision(self._store, found):
            raise StateError(_NOT_ONE)
        if self._role is not Role.SUPERVISOR:
            raise NotAllowedError("a supervisor says whose supervision it is")
        note = at(self._sight, note_id, number)
        if not person_id:
            raise StateError("choose whose supervision this is", field="worker")
        self._next(note, Move.EDIT)
        if note.state != State.DRAFT.value:
            raise StateError("it was signed already: change it first")
        scope = self._own_record(self._worker(person_id))
        # Its row forgets whose it was: who recorded it, or files it, approves nothing made of it.
        entry = (FILED_FOR, self._person.id, note.practitioner_id.encode())
        with writing(self._store) as connection:
            self._store.notes.decide(connection, note, entry, note.state)
            self._store.assigning.file_within(connection, note, scope, self._person.id)

    def _own_record(self, worker: Member) -> str:
        try:
            return self._store.own_records.of(worker.id)
        except ErasedError as error:
            raise StateError(_ERASED) from error

    def _others(self, note: Note) -> list[Member]:
        if self._role is not Role.SUPERVISOR or note.state != State.DRAFT.value:
            return []
        return [each for each in self.workers() if each.id != note.practitioner_id]

    def workers(self) -> list[Member]:
        """Whose own records this person may read, themselves among them."""
        if self._role is not Role.SUPERVISOR:
            return [self._person]
        return [each for each in makers(self._store) if self._sight.reach.holds(each.id, None)]

    def _worker(self, person_id: str) -> Member:
        try:
            worker = self._store.people.get(person_id)
        except (NotFoundError, ErasedError) as error:
            raise UnknownError from error
        if Role(worker.role) not in WRITERS or not self._sight.reach.holds(worker.id, None):
            raise UnknownError
        return worker

    def _next(self, note: Note, move: Move) -> State:
        return next_state(self._sight.standing(note), move, self._person.id, self._role)

    def _decide(self, note: Note, kind: str, state: State, words: str = "") -> None:
        entry = (kind, self._person.id, words.encode())
        with writing(self._store) as connection:
            self._store.notes.decide(connection, note, entry, state.value)
