"""Opening a case in an emergency: never silently, for a time, and to read only.

What was opened stands as a notice before everybody whom it concerns, until data protection has
looked into it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from recorder.errors import StateError
from recorder.patience import require_patience
from recorder.review.circling import name_of, said
from recorder.review.sight import Sight
from recorder.review.states import WRITERS, Role
from store.cases import CaseDetails
from store.emergencies import Emergency
from store.errors import ConflictError, ErasedError, NotFoundError
from store.people import Member
from store.session import now_ms
from store.store import Store

HOURS = 4
_LIFETIME_MS = HOURS * 3_600_000
_FREE_TRIES = 5
NOT_THERE = (
    "there is no case with that reference, or it is not open any more: check it letter by letter"
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """An emergency as people are told of it."""

    emergency: Emergency
    who: str  # opened it
    case: str  # the young person's name; for data protection the case's reference
    going_on: bool


def notice(store: Store, each: Emergency, *, by_ref: bool = False) -> Notice:
    """What is said of an emergency."""
    found = store.cases.some({each.case_id}).get(each.case_id)  # one that is damaged hides no page
    details = CaseDetails("a case", "a young person") if found is None else found.details
    who = name_of(store, each.person_id)
    return Notice(each, who, details.ref if by_ref else details.name, each.over_at > now_ms())


class Emergencies:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def open(self, ref: str, reason: str) -> str:
        """Open the case with this reference; its id. StateError for one that is not there.

        What this person sees anyhow is not opened again.
        """
        why, person_id = said(reason), self._person.id
        names = {f"emergency {person_id}": _FREE_TRIES}
        require_patience(self._store.tries, names)
        try:
            case = self._store.cases.by_ref(ref)
        except (NotFoundError, ErasedError) as error:
            self._store.tries.failed(list(names))
            # Never what was typed: it may be somebody's name.
            self._store.audit.record(person_id, "case asked for in vain", person_id)
            raise StateError(NOT_THERE, field="ref") from error
        if not self._sight.sees(case.id):
            self._store.emergencies.open(case.id, person_id, why, _LIFETIME_MS)
            log.warning("case opened in an emergency", extra={"object": case.id})
        return case.id

    def end(self, emergency_id: str) -> None:
        """Shut again what this person opened; StateError if it is shut."""
        if emergency_id not in {each.id for each in self._sight.emergencies}:
            raise StateError("that is not open to you any more")
        end(self._store, emergency_id, self._person.id)

    def mine(self) -> list[Notice]:
        """What is open to this person in an emergency just now."""
        return [notice(self._store, each) for each in self._sight.emergencies]


def told(store: Store, person: Member, sight: Sight) -> Sequence[Notice]:
    """What this person is to be told of: cases of theirs that somebody else opened."""
    role = Role(person.role)
    protects = role is Role.DATA_PROTECTION
    if role not in WRITERS and not protects:
        return []
    unseen = [each for each in store.emergencies.unseen() if each.person_id != person.id]
    mine = (
        each
        for each in unseen
        if protects or (sight.sees(each.case_id) and each.case_id not in sight.only_reads)
    )
    return [notice(store, each, by_ref=protects) for each in mine]


def end(store: Store, emergency_id: str, actor: str) -> None:
    """Shut a case again before its time; StateError if it is shut."""
    try:
        store.emergencies.end(emergency_id, actor)
    except ConflictError as error:
        raise StateError("that is over already") from error


def review(store: Store, emergency_id: str, actor: str) -> None:
    """Somebody has looked into it; StateError if somebody had, or it is not there."""
    try:
        store.emergencies.review(emergency_id, actor)
    except ConflictError as error:
        raise StateError("somebody has looked into that already") from error
