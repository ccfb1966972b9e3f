"""Who sees a case: naming people on it, and shutting it to everybody else.

A restricted case keeps a supervisor among those who see it: nobody else can approve its notes.
"""

from __future__ import annotations

from collections.abc import Sequence

from recorder.errors import StateError
from recorder.review.states import WRITERS, Role
from store.cases import Case
from store.errors import ConflictError, NotFoundError
from store.people import Member
from store.store import Store

LONGEST = 4000  # characters of a reason
NO_SUPERVISOR = "name a supervisor on it first: nobody else could approve its notes"
_STAFF = "only practitioners and supervisors who are here can be named on a case"


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
        raise StateError("say why", field="reason")
    if len(cleaned) > LONGEST:
        raise StateError(
            f"that is too long: say why in {LONGEST} characters or fewer", field="reason"
        )
    return cleaned


def _is_able(member: Member) -> bool:
    return member.left_at is None and Role(member.role) in WRITERS


def _has_supervisor(store: Store, person_ids: set[str]) -> bool:
    people = [store.people.get(each) for each in person_ids]
    return any(_is_able(each) and each.role == Role.SUPERVISOR.value for each in people)
