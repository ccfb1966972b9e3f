"""A note about several young people made into one note each, on the record of each.

The note itself then goes on nobody's record: a group's is put away as it was; of a supervision
stays what is the worker's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from recorder import drawings
from recorder.codec import encode
from recorder.errors import StateError, UnknownError
from recorder.members import Member as YoungPerson
from recorder.members import Share, is_named_in_full, named, of_staff_alone, share_of
from recorder.review.choosing import Choosing
from recorder.review.saving import at
from recorder.review.sight import Sight
from recorder.review.states import Move, Role, State, next_state
from recorder.review.writing import writing
from recorder.supervising import ONE_MEMBERS, file_away
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.session import Connection
from store.store import Store
from transcribe.model import Draft, Statement

DIVIDED, MEMBERS = "divided", ONE_MEMBERS
"""The decisions that say so: of the note that was divided, and of each that was made."""
ABOUT_NOBODY = "about_nobody"
"""The decision that a supervision is about no young person: there is nothing to divide."""

SEVERAL = ("group_session", "supervision")
"""The kinds of note that are about several young people."""

_OPEN = {State.DRAFT.value, State.RETURNED.value}

TOGETHER = "this note is about several young people: make each one's own note first"
_UNLIKE = "one of the two is about several young people: make each one's own note first"
WORKERS_OWN = "a supervision is the worker's own and goes on no young person's record"


@dataclass(frozen=True, slots=True)
class Preview:
    """What each would get."""

    shares: Sequence[tuple[Case, Share]]
    nowhere: Sequence[Statement]  # in nobody's note


class Dividing:
    """Opened for one person on the staff, with the young people they may write about."""

    def __init__(self, store: Store, person: Member, sight: Sight, choosing: Choosing) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._choosing = choosing

    def named(self, note_id: str) -> list[Case]:
        """Those of the young people that can be listed whom the note seems to name."""
        note = self._sight.note(note_id)
        draft, near = self._draft(note), self._choosing.near(note.practitioner_id)
        keys = named(draft, map(_young, near))
        marked = self._choosing.of(drawings.members(draft))
        found = {case.id: case for case in near if case.id in keys}
        return list((found | marked).values())

    def names_anybody(self, note_id: str) -> bool:
        """Whether the note seems to name any young person at all.

        The worker's own by any spelling that sounds like theirs; of all the others, who share their
        first names with half the town, somebody by a whole name.
        """
        note = self._sight.note(note_id)
        draft, worker = self._draft(note), note.practitioner_id
        beside = self._store.circles.named_on(worker)
        near = dict(self._store.cases.near(worker, beside).cases)
        near |= {case.id: case for case in self._choosing.near(worker)}
        if drawings.members(draft) or named(draft, map(_young, near.values())):
            return True
        return is_named_in_full(draft, map(_young, self._everybody))

    def preview(self, note_id: str, case_ids: Sequence[str], also: Sequence[str]) -> Preview:
        """What each of the chosen would get, with the other names that were given; StateError."""
        note = self._sight.note(note_id)
        self._next(note)
        draft, chosen = self._draft(note), self._chosen(case_ids)
        _require_marked(draft, chosen)
        shares = [(case, self._share(note, draft, case, chosen, also)) for case in chosen]
        kept = {statement.id for _, share in shares for statement in share.draft.statements}
        return Preview(shares, [s for s in draft.statements if s.id not in kept])

    def divide(
        self, note_id: str, number: int, case_ids: Sequence[str], also: Sequence[str]
    ) -> list[str]:
        """Make a note for each of the chosen, in one transaction; their ids.

        StateError, NotAllowedError, UnknownError.
        """
        note = at(self._sight, note_id, number)
        self._next(note)
        draft, chosen = self._draft(note), self._chosen(case_ids)
        _require_marked(draft, chosen)
        with writing(self._store) as connection:
            made = [
                self._made(connection, note, case, self._share(note, draft, case, chosen, also))
                for case in chosen
            ]
            self._put_away(connection, note, of_staff_alone(draft, self._all(note, chosen, also)))
        file_away(self._store, note.id)  # where it was not yet
        return made

    def _chosen(self, case_ids: Sequence[str]) -> list[Case]:
        if not case_ids:
            raise StateError("choose the young people whom it is about", field="member")
        found = self._choosing.of(case_ids)
        if not set(case_ids) <= found.keys():
            raise UnknownError
        return [found[each] for each in dict.fromkeys(case_ids)]

    def _share(
        self, note: Note, draft: Draft, case: Case, chosen: Sequence[Case], also: Sequence[str]
    ) -> Share:
        share = share_of(draft, _young(case), self._all(note, chosen, also))
        if not share.draft.statements:
            raise StateError(
                "nothing in this note can stand on one of these records: check whom you chose",
                field="member",
            )
        return share

    def _all(self, note: Note, chosen: Sequence[Case], also: Sequence[str]) -> list[YoungPerson]:
        """Everybody who must not be named on somebody else's record.

        The chosen, whoever else of this person's young people comes up, and those whose names were
        given. Somebody with a name like a worker's is only taken for them when they were chosen.
        """
        staff = {self._person.name, self._store.people.get(note.practitioner_id).name}
        parts = {part.casefold() for name in staff for part in name.split()}
        by_id = {case.id for case in chosen}
        others = [
            case
            for case in self._everybody
            if case.id in by_id or not parts & set(case.details.name.casefold().split())
        ]
        given = [YoungPerson(f"name {name}", (name,)) for name in also if name.strip()]
        return [*map(_young, others), *given]

    @cached_property
    def _everybody(self) -> Sequence[Case]:
        # However many, and those that are only read: who is passed over here is named on another
        # child's record.
        return list(self._sight.caseload.cases.values())

    def _made(self, connection: Connection, note: Note, case: Case, share: Share) -> str:
        """One note, whose versions have every author that the whole had: none may approve it."""
        wrote = self._sight.standing(note).writers
        authors = sorted(wrote - {self._person.id, note.practitioner_id})
        draft_state, payload = State.DRAFT.value, encode(share.draft)
        new = replace(note, scope=case.id, case_id=case.id, state=draft_state, number=0)
        first, *rest = [*authors, self._person.id]
        note_id = self._store.notes.create(connection, new, payload, first)
        new = replace(new, id=note_id, number=1)
        for author in rest:
            number = self._store.notes.add_version(connection, new, payload, author, draft_state)
            new = replace(new, number=number)
        entry = (MEMBERS, self._person.id, b"")
        self._store.notes.decide(connection, new, entry, draft_state)
        for each in drawings.of_member(self._draft(note), case.id):
            self._store.assigning.hand_over(
                connection, each.recording, (note, new), self._person.id
            )
        return note_id

    def _put_away(self, connection: Connection, note: Note, own: Draft) -> None:
        entry = (DIVIDED, self._person.id, b"")
        if note.kind != "supervision":
            self._store.notes.decide(connection, note, entry, State.MERGED.value)
            return
        draft, me = State.DRAFT.value, self._person.id
        number = self._store.notes.add_version(connection, note, encode(own), me, draft)
        left = replace(note, number=number, state=draft)
        self._store.notes.decide(connection, left, entry, draft)

    def _next(self, note: Note) -> None:
        """StateError or NotAllowedError if this person may not divide it now."""
        if not is_for_several(self._store, note):
            raise StateError("this note is about one young person already")
        role = Role(self._person.role)
        next_state(self._sight.standing(note), Move.SPLIT, self._person.id, role)

    def _draft(self, note: Note) -> Draft:
        return self._sight.draft(note, note.number)


def _require_marked(draft: Draft, chosen: Sequence[Case]) -> None:
    """StateError if a drawing is somebody's who gets no note: it can stay with nobody else."""
    if drawings.members(draft) - {case.id for case in chosen}:
        raise StateError(
            "a drawing is marked as that of a young person who is not chosen here: choose them too,"
            " or say first that the drawing is not theirs",
            field="member",
        )


def is_for_several(store: Store, note: Note) -> bool:
    """Whether a note is about several young people and was not divided yet."""
    return note.kind in SEVERAL and not is_one_members(store, note)


def is_one_members(store: Store, note: Note) -> bool:
    """Whether a note was made for one young person out of one about several, or divided itself."""
    return bool(_marks(store, note))


def is_workers_own(store: Store, note: Note) -> bool:
    """Whether a note is what was left of one that was divided, or is about no young person."""
    return note.kind in SEVERAL and bool({DIVIDED, ABOUT_NOBODY} & _marks(store, note))


def takes_more(store: Store, note: Note) -> bool:
    """Whether what its maker records now may still go into a note of one contact."""
    return note.state in _OPEN and not is_one_members(store, note)


def apart(store: Store, note: Note, other: Note) -> str | None:
    """Why two notes of a kind that is about several must not become one; None if they may."""
    one, two = _marks(store, note), _marks(store, other)
    if {DIVIDED, ABOUT_NOBODY} & (one | two):
        return WORKERS_OWN
    return None if one == two else _UNLIKE


def _marks(store: Store, note: Note) -> set[str]:
    return {entry.kind for entry in store.notes.decisions(note.id)} & {
        *(DIVIDED, MEMBERS, ABOUT_NOBODY)
    }


def _young(case: Case) -> YoungPerson:
    return YoungPerson(case.id, (case.details.name, *case.details.known_as))
