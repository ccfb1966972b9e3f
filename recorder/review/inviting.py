"""Inviting a young person to read what is shared with them: once, from one device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recorder.errors import StateError, UnknownError
from recorder.review.sight import Sight
from recorder.review.states import Role
from store.cases import Case
from store.invitations import Invitation, New
from store.people import Member
from store.store import Store

_MINUTE = 60_000
_DAY = 24 * 60 * _MINUTE
HERE = "here"
LIFETIMES = {HERE: 10 * _MINUTE, "day": _DAY, "week": 7 * _DAY}
"""How long an invitation holds (ms): scanned from the worker's screen, or sent as a link."""

_GONE = "this young person's way in was closed with their record"


@dataclass(frozen=True, slots=True)
class Invited:
    """A case, and the invitations to it, newest first."""

    case: Case
    invitations: Sequence[Invitation]

    @property
    def open(self) -> bool:
        """Whether somebody can still come in by the newest."""
        return bool(self.invitations) and self.invitations[0].open


class Inviting:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def of(self, case_id: str) -> Invited:
        """How the invitations of a case stand; UnknownError for one that is not theirs to see."""
        case = self._case(case_id)
        young = self._store.people.of_case(case.id)
        mine = self._store.young.invitations
        return Invited(case, mine.of(young.id) if young else [])

    def invite(self, case_id: str, lifetime: str) -> New:
        """A new invitation; earlier ones, and what was begun by them, are over.

        StateError, NotAllowedError, UnknownError.
        """
        if lifetime not in LIFETIMES:
            raise StateError("choose how they get it", field="lifetime")
        case = self._mine(case_id)
        mine, me = self._store.young.invitations, self._person.id
        return mine.new(self._young(case).id, case.id, me, LIFETIMES[lifetime])

    def together(self, case_id: str, lifetime_ms: int) -> str:
        """A session of the young person's on this very device; its token. As `invite`."""
        new = self.invite(case_id, HERE)
        return self._store.young.invitations.enter(new.secret, new.pin, lifetime_ms)

    def cancel(self, case_id: str) -> None:
        """End invitations, and what was begun by them; nothing to end is fine."""
        case = self._mine(case_id)
        young = self._store.people.of_case(case.id)
        if young is not None:
            self._store.young.invitations.cancel(young.id, self._person.id)

    def _case(self, case_id: str) -> Case:
        if not self._sight.sees(case_id):
            raise UnknownError
        case = self._sight.case(case_id)
        if case is None:
            raise UnknownError
        return case

    def _mine(self, case_id: str) -> Case:
        case = self._case(case_id)
        self._sight.may_change(case.id)
        return case

    def _young(self, case: Case) -> Member:
        """Whoever the case is about, as somebody who can come in."""
        there = self._store.people.of_case(case.id)
        if there is not None:
            if there.left_at is not None:
                raise StateError(_GONE)
            return there
        new = Member("", Role.YOUNG_PERSON.value, f"young-{case.id}", case.details.name, case.id)
        return self._store.people.add(new, self._person.id)
