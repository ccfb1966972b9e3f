"""What data protection sees: who opened which case and why, and what was done to a case. No record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recorder.errors import StateError, UnknownError
from recorder.review import emergency
from recorder.review.circling import name_of
from recorder.review.emergency import NOT_THERE, Notice
from recorder.review.states import Role
from recorder.review.whosees import Seeing, seeing
from store.audit import SYSTEM
from store.errors import ErasedError, NotFoundError
from store.people import Member
from store.store import Store

MOST = 500  # events of a trail, the newest


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done to a case or to what belongs to it."""

    at: int  # ms
    who: str
    action: str


@dataclass(frozen=True, slots=True)
class Trail:
    """What was done to a case."""

    ref: str
    steps: Sequence[Step]  # newest first
    cut: bool  # there are older ones
    who: Seeing  # can read it now


class Oversight:
    """Opened for one person of data protection; to anybody else there is no such page."""

    def __init__(self, store: Store, person: Member) -> None:
        if Role(person.role) is not Role.DATA_PROTECTION:
            raise UnknownError
        self._store = store
        self._person = person

    def emergencies(self) -> list[Notice]:
        """Every case that was opened in an emergency, newest first; reading them is audited."""
        found = self._store.emergencies.all()
        self._store.audit.record(self._person.id, "emergencies read", self._person.id)
        return [emergency.notice(self._store, each, by_ref=True) for each in found]

    def reviewer(self, notice: Notice) -> str:
        """Who has looked into it; empty for nobody yet."""
        by = notice.emergency.reviewed_by
        return "" if by is None else name_of(self._store, by)

    def review(self, emergency_id: str) -> None:
        """This person has looked into it: the notices go. StateError."""
        emergency.review(self._store, emergency_id, self._person.id)

    def end(self, emergency_id: str) -> None:
        """Shut a case again before its time; StateError if it is shut."""
        emergency.end(self._store, emergency_id, self._person.id)

    def trail(self, ref: str) -> Trail:
        """What was done to a case, with its notes and recordings, and by whom; StateError."""
        try:
            case = self._store.cases.by_ref(ref)
        except (NotFoundError, ErasedError) as error:
            raise StateError(NOT_THERE, field="ref") from error
        self._store.audit.record(self._person.id, "audit trail read", case.id)
        found = self._store.audit.of_case(case.id, MOST + 1)
        names = {each: self._name(each) for each in {event.actor for event in found}}
        steps = [Step(each.at, names[each.actor], each.action) for each in found[:MOST]]
        return Trail(case.details.ref, steps, len(found) > MOST, seeing(self._store, case))

    def _name(self, actor: str) -> str:
        return "Recorder itself" if actor == SYSTEM else name_of(self._store, actor)
