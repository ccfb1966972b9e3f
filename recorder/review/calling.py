"""Young people who ask for somebody: told to their people on every page until one has seen to it.

Told are the practitioner, whoever is named on the case and the supervisors of its team. If none of them
has seen to it in time, every supervisor is told, too: whose case it is not learns the worker to be
reached, and no young person's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recorder.errors import StateError, UnknownError
from recorder.review.sight import Sight
from recorder.review.states import WRITERS, Role
from store.calls import UNSAFE, Call
from store.cases import Case
from store.errors import ConflictError, NotFoundError
from store.invitations import Invitation
from store.people import Member
from store.session import now_ms
from store.store import Store

_MINUTE = 60_000
_LOCKED_FOR = 7 * 24 * 60 * _MINUTE  # how long it is told of that an invitation was locked


@dataclass(frozen=True, slots=True)
class Notice:
    """A call as somebody is told of it."""

    call: Call
    name: str  # of the young person; empty for whom the case is not to see
    worker: str  # whose case it is
    late: bool  # nobody has seen to it in time

    @property
    def unsafe(self) -> bool:
        """Whether they do not feel safe."""
        return self.call.kind == UNSAFE

    @property
    def mine(self) -> bool:
        """Whether this reader sees to it: whoever knows who it is."""
        return bool(self.name)


@dataclass(frozen=True, slots=True)
class Locked:
    """An invitation that wrong PINs have locked."""

    invitation: Invitation
    name: str  # of the young person


class Calling:
    """Opened for one person; only staff are told anything."""

    def __init__(self, store: Store, person: Member, sight: Sight, minutes: int) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._late_ms = minutes * _MINUTE

    def told(self) -> Sequence[Notice]:
        """The calls that this person is to be told of, the unsafe first, then the oldest."""
        if Role(self._person.role) not in WRITERS:
            return []
        unseen = self._store.young.calls.unseen()
        found = [self._notice(each) for each in unseen]
        told = [each for each in found if each is not None]
        return sorted(told, key=lambda each: (not each.unsafe, each.call.at))

    def read(self) -> Sequence[Notice]:
        """The same with what was said, which is in the audit log as read."""
        found = self.told()
        for each in found:
            if each.mine:
                self._store.audit.record(self._person.id, "call read", each.call.case_id)
        return found

    def see(self, call_id: str) -> None:
        """Say that this person has seen to it; StateError if somebody had."""
        try:
            call = self._store.young.calls.get(call_id)
        except NotFoundError as error:
            raise UnknownError from error
        if not self._is_near(call.case_id):
            raise UnknownError
        try:
            self._store.young.calls.see(call.id, self._person.id)
        except ConflictError as error:
            raise StateError("somebody has seen to that already") from error

    def locked(self) -> Sequence[Locked]:
        """Invitations of this person's that wrong PINs have locked, until there is a newer one."""
        if Role(self._person.role) not in WRITERS:
            return []
        found = self._store.young.invitations.locked(now_ms() - _LOCKED_FOR)
        told = [self._locked(each) for each in found]
        return [each for each in told if each is not None]

    def _notice(self, call: Call) -> Notice | None:
        late = call.at + self._late_ms < now_ms()
        near = self._is_near(call.case_id)
        if not near and not (late and Role(self._person.role) is Role.SUPERVISOR):
            return None
        case = self._case(call.case_id)
        worker = "" if case is None else self._name_of(case.practitioner_id)
        name = "a young person" if case is None else case.details.name
        return Notice(call, name if near else "", worker, late)

    def _locked(self, invitation: Invitation) -> Locked | None:
        case = self._case(invitation.case_id)
        if case is None or self._person.id not in {invitation.actor_id, case.practitioner_id}:
            return None
        newest = self._store.young.invitations.of(invitation.person_id)[0]
        told = newest.id == invitation.id and self._is_near(case.id)
        return Locked(invitation, case.details.name) if told else None

    def _is_near(self, case_id: str) -> bool:
        return self._sight.sees(case_id) and case_id not in self._sight.only_reads

    def _case(self, case_id: str) -> Case | None:
        return self._store.cases.some({case_id}).get(case_id)  # a damaged one hides no notice

    def _name_of(self, person_id: str) -> str:
        found = self._store.people.some({person_id}).get(person_id)
        return "" if found is None else found.name
