"""Whose a file is, by the folder it lies in."""

from __future__ import annotations

from dataclasses import dataclass

from recorder.review.states import WRITERS, Role
from store.errors import ErasedError, NotFoundError
from store.people import Member
from store.store import Store
from store.tables import TEAM


@dataclass(frozen=True, slots=True)
class Owner:
    """Who made a file, and for whose case."""

    practitioner_id: str
    case_id: str | None
    own: bool = False  # it goes into the practitioner's own record, whichever folder it lies in

    @property
    def scope(self) -> str:
        """The identity it is sealed to."""
        return self.practitioner_id if self.own else self.case_id or TEAM


def supervised(store: Store, practitioner_id: str) -> Owner:
    """The owner of a supervision; ErasedError once the practitioner's own record was erased."""
    return Owner(store.own_records.of(practitioner_id), None, own=True)


def is_maker(member: Member) -> bool:
    """Whether recordings can be this person's: nobody else could work on the notes made of them."""
    return member.left_at is None and Role(member.role) in WRITERS


def owner(store: Store, practitioner: str | None, case_ref: str | None) -> Owner | None:
    """The owner that a path names, None if its first folder is of nobody who writes notes.

    A reference that is no known case leaves the file unassigned, in its practitioner's list.
    """
    if practitioner is None:
        return None
    try:
        member = store.people.by_handle(practitioner)
    except (NotFoundError, ErasedError):
        return None
    if not is_maker(member):
        return None
    if case_ref is None:
        return Owner(member.id, None)
    try:
        return Owner(member.id, store.cases.by_ref(case_ref).id)
    except (NotFoundError, ErasedError):
        return Owner(member.id, None)
