"""Who sees a case: naming people on it, and shutting it to everybody else.

A restricted case keeps a supervisor among those who see it: nobody else can approve its notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recorder.errors import StateError, UnknownError
from recorder.review.sight import Sight
from recorder.review.states import WRITERS, Role
from store.cases import Case
from store.circles import Circle
from store.emergencies import Emergency
from store.errors import ConflictError, NotFoundError
from store.people import Member
from store.store import Store

LONGEST = 4000  # characters of a reason
NO_SUPERVISOR = "name a supervisor on it first: nobody else could approve its notes"
_STAFF = "only practitioners and supervisors who are here can be named on a case"


@dataclass(frozen=True, slots=True)
class Shown:
    """A case's circle, with names."""

    case: Case
    circle: Circle
    practitioner: Member
    named: Sequence[Member]
    others: Sequence[Member]  # who could be named
    restricted_by: str  # a name; empty where it is not
    emergencies: Sequence[Emergency]  # newest first


class Circling:
    """Opened for one person: a supervisor. To anybody else there is no such page."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        if Role(person.role) is not Role.SUPERVISOR:
            raise UnknownError
        self._store = store
        self._person = person
        self._sight = sight

    def of(self, case_id: str) -> Shown:
        """Who sees a case, and who opened it in an emergency; UnknownError."""
        case = self._case(case_id)
        circle = self._store.circles.of(case.id)
        staff = {each.id: each for each in able(self._store)}
        get = self._store.people.get
        shut = circle.restriction
        return Shown(
            case,
            circle,
            get(case.practitioner_id),
            [get(each) for each in circle.named],
            [m for i, m in staff.items() if i not in {*circle.named, case.practitioner_id}],
            "" if shut is None else name_of(self._store, shut.actor_id),
            [each for each in self._store.emergencies.all() if each.case_id == case.id],
        )

    def name(self, case_id: str, person_id: str) -> None:
        """Name somebody on a case; StateError if they cannot be."""
        name(self._store, self._changing(case_id), person_id, self._person.id)

    def unname(self, case_id: str, person_id: str) -> None:
        """Take somebody off it; StateError if that leaves it without a supervisor."""
        unname(self._store, self._changing(case_id), person_id, self._person.id)

    def restrict(self, case_id: str, reason: str) -> None:
        """Shut it to all but its practitioner, those named on it, and this supervisor."""
        case, me = self._changing(case_id), self._person.id
        restrict(self._store, case, [me], reason, me)

    def lift(self, case_id: str, reason: str) -> None:
        """Open it to its team again."""
        lift(self._store, self._changing(case_id), reason, self._person.id)

    def _changing(self, case_id: str) -> Case:
        case = self._case(case_id)
        self._sight.may_change(case.id)
        return case

    def _case(self, case_id: str) -> Case:
        found = self._sight.caseload.cases.get(case_id)
        if found is None:
            raise UnknownError
        return found


def able(store: Store) -> list[Member]:
    """Who can be named on a case, by name."""
    found = [each for each in store.people.all() if _is_able(each)]
    return sorted(found, key=lambda member: member.name)


def name(store: Store, case: Case, person_id: str, actor: str) -> None:
    """Name somebody on a case; StateError if they cannot be."""
    if person_id not in {each.id for each in able(store)}:
        raise StateError(_STAFF)
    store.circles.name(case.id, person_id, actor)


def unname(store: Store, case: Case, person_id: str, actor: str) -> None:
    """Take somebody off a case; StateError if they are not on it or it would be left without."""
    circle = store.circles.of(case.id)
    left = set(circle.named) - {person_id}
    if circle.restriction is not None and not _has_supervisor(store, left):
        raise StateError(NO_SUPERVISOR)
    try:
        store.circles.unname(case.id, person_id, actor)
    except NotFoundError as error:
        raise StateError("they are not named on this case") from error


def restrict(store: Store, case: Case, person_ids: Sequence[str], reason: str, actor: str) -> None:
    """Shut a case to all but its practitioner and those named on it, now or before; StateError."""
    why = said(reason)
    named = {*store.circles.of(case.id).named, *person_ids}
    if not _has_supervisor(store, named):
        raise StateError(NO_SUPERVISOR)
    for each in person_ids:
        name(store, case, each, actor)
    try:
        store.circles.restrict(case.id, why, actor)
    except ConflictError as error:
        raise StateError("this case is restricted already") from error


def lift(store: Store, case: Case, reason: str, actor: str) -> None:
    """Open a restricted case to its team again; StateError."""
    try:
        store.circles.lift(case.id, said(reason), actor)
    except NotFoundError as error:
        raise StateError("this case is not restricted") from error


def name_of(store: Store, actor_id: str) -> str:
    """Who did something, for a page: the command line has no name of its own."""
    try:
        return store.people.get(actor_id).name
    except NotFoundError:
        return "whoever runs Recorder"


def said(reason: str) -> str:
    """A reason as it is kept; StateError if there is none, or it is too long."""
    cleaned = " ".join(reason.split())
    if not cleaned:
        raise StateError("say why")
    if len(cleaned) > LONGEST:
        raise StateError(f"that is too long: say why in {LONGEST} characters or fewer")
    return cleaned


def _is_able(member: Member) -> bool:
    return member.left_at is None and Role(member.role) in WRITERS


def _has_supervisor(store: Store, person_ids: set[str]) -> bool:
    people = [store.people.get(each) for each in person_ids]
    return any(_is_able(each) and each.role == Role.SUPERVISOR.value for each in people)
