"""Notes as lines in lists. Names are opened once for all of them, and kept no longer than a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from recorder.review.model import NoteRow
from recorder.review.returned import sentence_of
from recorder.review.saying import Said
from recorder.review.sight import Sight
from recorder.review.states import Role, State
from recorder.review.theirs import of_note
from recorder.review.timescale import expected
from store.cases import Case, CaseDetails
from store.errors import TamperedError
from store.notes import Note
from store.people import Member
from store.store import Store
from templates import note_type, note_type_keys
from transcribe.model import Contact

T = TypeVar("T")

UNREADABLE = "cannot be read"
"""Stands in a list for what does not open as it was written."""

_BEING_WRITTEN = {State.DRAFT.value, State.RETURNED.value}


class Rows:
    """Makes rows for one person, in one request."""

    def __init__(self, store: Store, sight: Sight, timezone: str) -> None:
        self._store = store
        self._sight = sight
        self._timezone = timezone
        self._cases: dict[str, Case] = {}
        self._people: dict[str, Member] = {}

    def of(self, notes: Sequence[Note]) -> list[NoteRow]:
        """A row for each note; what of one does not open hides no other line."""
        self.know(notes)
        replies = self._store.listing.replies([note.id for note in notes])
        return [self._row(note, replies.get(note.id, 0)) for note in notes]

    def know(self, notes: Iterable[Note]) -> None:
        """Open the names that rows of these notes need, in one look."""
        listed = list(notes)
        self.cases({note.case_id for note in listed if note.case_id is not None})
        self.people({note.practitioner_id for note in listed})

    def cases(self, ids: Iterable[str]) -> dict[str, Case]:
        """Cases by id; one that does not open stands there without its name."""
        wanted = set(ids) - self._cases.keys()
        found = self._store.cases.some(wanted) if wanted else {}
        for case_id in wanted:
            nameless = Case(case_id, "", CaseDetails("", UNREADABLE))
            self._cases[case_id] = found.get(case_id, nameless)
        return self._cases

    def people(self, ids: Iterable[str]) -> dict[str, Member]:
        """Likewise people."""
        wanted = set(ids) - self._people.keys()
        found = self._store.people.some(wanted) if wanted else {}
        for person_id in wanted:
            nobody = Member(person_id, Role.PRACTITIONER.value, "", UNREADABLE, None)
            self._people[person_id] = found.get(person_id, nobody)
        return self._people

    def asked(self, row: NoteRow) -> NoteRow:
        """The row with since when something that the young person said of it waits for an answer."""
        said: list[Said] = _or([], lambda: of_note(self._store, row.note.id))
        return replace(row, waits_since=min((each.at for each in said if each.waits), default=None))

    def _row(self, note: Note, replies: int) -> NoteRow:
        return NoteRow(
            note=note,
            case=None if note.case_id is None else self._cases[note.case_id],
            practitioner=self._people[note.practitioner_id],
            reason=_or(UNREADABLE, lambda: self._reason(note)),
            replies=replies,
            contact=_or(None, lambda: self._clocked(note)),
            expected=expected(note, self._timezone),
        )

    def _clocked(self, note: Note) -> Contact | None:
        if note.state not in _BEING_WRITTEN or note.kind not in note_type_keys():
            return None
        clocked = note_type(note.kind).clock is not None
        return self._sight.draft(note, note.number).contact if clocked else None

    def _reason(self, note: Note) -> str:
        if note.state != State.RETURNED.value:
            return ""
        returned = [e for e in self._store.notes.decisions(note.id) if e.kind == "returned"]
        return sentence_of(returned[-1].payload) if returned else ""


def _or(instead: T, read: Callable[[], T]) -> T:
    """What was read; `instead` of what does not open, which the alarm remembers."""
    with suppress(TamperedError):
        return read()
    return instead
