"""Moving a note's sentences: each change is a version of whoever makes it, as any other edit."""

from __future__ import annotations

from dataclasses import dataclass

from recorder.errors import StateError
from recorder.review import arrange
from recorder.review.dividing import is_for_several
from recorder.review.onrecord import ON_RECORD, is_on_record
from recorder.review.saving import at, saved
from recorder.review.sight import Sight
from recorder.supervising import is_supervision
from store.notes import Note
from store.people import Member
from store.store import Store
from templates import Section
from transcribe.model import Draft

IN_ORDER = (
    "this note is about several young people, and whom a sentence is about can hang on the one "
    "before it: make each one's own note first"
)


@dataclass(frozen=True, slots=True)
class Headings:
    """Where one sentence may go."""

    open: tuple[Section, ...]
    refused: dict[str, tuple[str, ...]]  # headings' titles, by why it may not stand there


class Arranging:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def headings(self, note: Note, draft: Draft, statement_id: str) -> Headings:
        """The headings that a sentence can be put under, and why not under the others."""
        statement = arrange.found(draft, statement_id)
        free: list[Section] = []
        shut: dict[str, tuple[str, ...]] = {}
        for section in arrange.headings(draft).values():
            if section.key == statement.section:
                continue
            why = self._why_not(note, draft, statement_id, section)
            if why is None:
                free.append(section)
            else:
                shut[why] = (*shut.get(why, ()), section.heading)
        return Headings(tuple(free), shut)

    def under(self, note_id: str, number: int, statement_id: str, section: str) -> int:
        """Put a sentence under another heading; the new version's number, or the old one's.

        StateError where a rule forbids it, NotAllowedError, UnknownError.
        """
        note = at(self._sight, note_id, number)
        draft = self._sight.draft(note, number)
        moved = arrange.under(draft, statement_id, section)
        if moved == draft:
            return number
        why = self._why_not(note, draft, statement_id, arrange.headings(draft)[section])
        if why is not None:
            raise StateError(why)
        return saved(self._store, self._sight, self._person, note, moved)

    def shift(self, note_id: str, number: int, statement_id: str, *, up: bool) -> int:
        """Put a sentence before or after its neighbour under the same heading; as `under`."""
        note = at(self._sight, note_id, number)
        draft = self._sight.draft(note, number)
        moved = arrange.shifted(draft, statement_id, up=up)
        if moved == draft:
            return number
        if is_for_several(self._store, note):
            raise StateError(IN_ORDER)
        return saved(self._store, self._sight, self._person, note, moved)

    def _why_not(self, note: Note, draft: Draft, statement_id: str, to: Section) -> str | None:
        statement = arrange.found(draft, statement_id)
        why = arrange.refusal(draft, statement, to.key)
        if why is None and to.staff_only:
            own = is_supervision(self._store, note)
            return ON_RECORD if is_on_record(note, own=own) else None
        return why
