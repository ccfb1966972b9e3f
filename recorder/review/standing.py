"""The living summary of a case: drawn anew with each decision about its notes, and shown.

What is shown is looked at again: a line whose note is not approved any more, or that stands on a
recording that was erased or withdrawn, is left out at once, in old versions too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from recorder.codec import decode_draft, decode_living, encode
from recorder.errors import StateError, UnknownError
from recorder.living import ACTION, KIND, Done, Living, Taken, drawn, key_of
from recorder.review.model import NoteRow
from recorder.review.rows import Rows
from recorder.review.sight import Sight
from recorder.review.states import State
from recorder.review.theirs import Theirs, of_several
from recorder.review.writing import writing
from store.cases import Case
from store.errors import NotFoundError, TamperedError
from store.notes import Note
from store.numbered import Numbered
from store.paging import Mark
from store.people import Member
from store.records import ERASED, WITHDRAWN
from store.session import Connection, now_ms
from store.store import Store
from templates import Section, note_type

_SHOWN_DONE = 10
_PAGE = 25  # notes
OVERTAKEN = "this summary changed while you had it open: look at it again first"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the summary and the lines under it."""

    section: Section
    lines: Sequence[tuple[int, Taken]]  # with the place of each in the summary


@dataclass(frozen=True, slots=True)
class Standing:
    """A version of a case's living summary, and what stands beside it."""

    case: Case
    parts: Sequence[Part]
    number: int  # of this version; 0 while no note was approved
    at: int  # ms: when it was made
    newest: int
    fallen: int  # lines that do not stand any more
    beside: Mapping[str, Mapping[str, Sequence[Theirs]]]  # disagreements, by note and sentence
    versions: Sequence[Numbered]  # oldest first
    names: Mapping[str, str]  # by person id, of who changed it
    done: Sequence[tuple[str, Taken]]  # the last that were said to be done, by name, newest first
    notes: Sequence[NoteRow]  # of the case, newest first: a page of them
    further: Mark | None  # from where they go on, if they do


def follow(store: Store, connection: Connection, note: Note, state: str, actor: str) -> None:
    """Draw the summary of a note's case anew if the note is not approved any more, or only now.

    `note` as it was read, `state` what becomes of it within this transaction.
    """
    counted = note.state != state and State.APPROVED.value in (note.state, state)
    if note.case_id is not None and counted:
        _refresh(store, connection, note.case_id, actor)


def _refresh(store: Store, connection: Connection, case_id: str, actor: str) -> None:

    def made(before: bytes | None) -> bytes | None:
        old = Living() if before is None else decode_living(before)
        new = _drawn(store, connection, case_id, old)
        return None if new == old else encode(new)

    store.summaries.add(connection, case_id, actor, made)


def _drawn(store: Store, connection: Connection, case_id: str, living: Living) -> Living:
    """The lines drawn anew, without what is done."""
    notes = store.summaries.notes(connection, case_id, State.APPROVED.value)
    done = {(each.note, each.mark) for each in living.done}
    lines = drawn([(note, decode_draft(payload)) for note, payload in notes], done)
    return replace(living, lines=tuple(lines))


def name_of(done: Done) -> str:
    """What a form calls an action that is done, without its words."""
    return f"{done.note}-{done.mark[:16]}"


class Summaries:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight, rows: Rows) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._rows = rows

    def of(self, case_id: str, number: int | None = None, before: Mark | None = None) -> Standing:
        """The newest version for a case, or version `number`; UnknownError.

        And a page of its notes, from behind `before`.
        """
        case = self._case(case_id)
        versions = self._store.summaries.of(case.id)
        if number is not None and not 1 <= number <= len(versions):
            raise UnknownError
        shown = versions[(number or len(versions)) - 1] if versions else None
        living = Living() if shown is None else decode_living(shown.payload)
        stands = cache(self._stands)  # many lines are of one note
        standing = {
            place
            for place, line in enumerate(living.lines)
            if stands(line.note, line.number, line.recordings)
        }
        notes, further = self._notes(case, before)
        self._store.audit.record(self._person.id, "living summary read", case.id)
        people = {each.actor_id for each in versions}
        return Standing(
            case=case,
            parts=_parts(living, standing),
            number=0 if shown is None else shown.number,
            at=0 if shown is None else shown.created_at,
            newest=len(versions),
            fallen=len(living.lines) - len(standing),
            beside=self._beside(living.lines[place].note for place in standing),
            versions=versions,
            names={each: self._store.people.get(each).name for each in people},
            done=_done(living, versions),
            notes=notes,
            further=further,
        )

    def done(self, case_id: str, number: int, place: int) -> None:
        """An action of version `number` is done: it falls off.

        StateError if the summary changed meanwhile; UnknownError for a line that is no action.
        """
        case = self._case(case_id)
        self._sight.may_change(case.id)

        def made(before: bytes | None) -> bytes:
            living = Living() if before is None else decode_living(before)
            if not 0 <= place < len(living.lines) or not _is_action(living.lines[place]):
                raise UnknownError
            note, mark = key_of(living.lines[place])
            lines = living.lines[:place] + living.lines[place + 1 :]
            done = (*living.done, Done(note, mark, self._person.id, now_ms()))
            return encode(Living(lines, done))

        with writing(self._store) as connection:
            versions = self._store.summaries.within(connection, case.id)
            if len(versions) != number:
                raise StateError(OVERTAKEN)
            self._store.summaries.add(connection, case.id, self._person.id, made)

    def undone(self, case_id: str, number: int, mark: str) -> None:
        """An action that was said to be done is open again, as its note still says it; as `done`."""
        case = self._case(case_id)
        self._sight.may_change(case.id)

        def made(before: bytes | None) -> bytes:
            living = Living() if before is None else decode_living(before)
            kept = tuple(each for each in living.done if name_of(each) != mark)
            if len(kept) == len(living.done):
                raise UnknownError
            return encode(_drawn(self._store, connection, case.id, replace(living, done=kept)))

        with writing(self._store) as connection:
            if len(self._store.summaries.within(connection, case.id)) != number:
                raise StateError(OVERTAKEN)
            self._store.summaries.add(connection, case.id, self._person.id, made)

    def _case(self, case_id: str) -> Case:
        if not self._sight.sees(case_id):
            raise UnknownError
        try:
            case = self._sight.case(case_id)
        except NotFoundError as error:
            raise UnknownError from error
        if case is None:
            raise UnknownError
        return case

    def _notes(self, case: Case, before: Mark | None) -> tuple[list[NoteRow], Mark | None]:
        found = self._store.listing.of_case(case.id, _PAGE + 1, before)
        shown = found[:_PAGE]
        further = Mark(shown[-1].contact_at, shown[-1].id) if len(found) > _PAGE else None
        return self._rows.of([note for note in shown if self._sight.may_read(note)]), further

    def _beside(self, note_ids: Iterable[str]) -> dict[str, Mapping[str, Sequence[Theirs]]]:
        return of_several(self._store, [self._store.notes.get(each) for each in set(note_ids)])

    def _stands(self, note_id: str, number: int, recording_ids: tuple[str, ...]) -> bool:
        try:
            note = self._store.notes.get(note_id)
        except TamperedError:  # told already; it hides no other line
            return False
        if (note.state, note.number) != (State.APPROVED.value, number):
            return False
        recordings = [self._store.recordings.get(each) for each in recording_ids]
        return not any(each.state == ERASED or each.reason == WITHDRAWN for each in recordings)


def _parts(living: Living, standing: Collection[int]) -> list[Part]:
    return [
        Part(
            section,
            [
                (place, line)
                for place, line in enumerate(living.lines)
                if line.section == section.key and place in standing
            ],
        )
        for section in note_type(KIND).sections
    ]


def _done(living: Living, versions: Sequence[Numbered]) -> list[tuple[str, Taken]]:
    """What was said to be done and stood in one of these versions, the last first."""
    said = {(each.note, each.mark): name_of(each) for each in living.done[-_SHOWN_DONE:]}
    found: dict[str, Taken] = {}
    for version in reversed(versions) if said else ():
        for line in decode_living(version.payload).lines:
            if key_of(line) in said and _is_action(line):
                found.setdefault(said[key_of(line)], line)
    return [(name, found[name]) for name in reversed(said.values()) if name in found]


def _is_action(line: Taken) -> bool:
    keys = {section.key for section in note_type(KIND).sections if ACTION in section.draws_on}
    return line.section in keys
