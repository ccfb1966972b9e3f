"""Who sees a case: naming people on it, and shutting it to everybody else.

A restricted case keeps a supervisor among those who see it: nobody else can approve its notes.
"""

from __future__ import annotations

from collections.abc import Collection

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
        raise StateError(_STAFF, field="person")
    store.circles.name(case.id, person_id, actor)


def may_unname(store: Store, case: Case, person_id: str) -> None:
    """StateError where somebody cannot be taken off a case."""
    circle = store.circles.of(case.id)
    if person_id not in circle.named:
        raise StateError("they are not named on this case")
    left = set(circle.named) - {person_id}
    if circle.restriction is not None and not _has_supervisor(store, left):
        raise StateError(NO_SUPERVISOR, field="person")


def unname(store: Store, case: Case, person_id: str, actor: str) -> None:
    """Take somebody off a case; StateError if they are not on it or it would be left without."""
    may_unname(store, case, person_id)
    try:
        store.circles.unname(case.id, person_id, actor)
    except NotFoundError as error:
        raise StateError("they are not named on this case") from error


def may_give(store: Store, person_id: str) -> Member:
    """Whoever a case can be handed over to; StateError for anybody else."""
    found = store.people.some({person_id}).get(person_id)
    if found is None or found.role != Role.PRACTITIONER.value or found.left_at is not None:
        raise StateError("a case belongs to a practitioner who is here", field="to")
    return found


def give(store: Store, case: Case, person_id: str, actor: str) -> Member:
    """Hand a case over: who is its practitioner from now on; StateError if they cannot be."""
    found = may_give(store, person_id)
    store.cases.give(case.id, found.id, actor)
    return found


def may_restrict(store: Store, case: Case, person_ids: Collection[str], reason: str) -> str:
    """The reason, where a case can be shut to all but these; StateError where it cannot."""
    shut = store.circles.of(case.id).restriction
    whole = shut is not None and not shut.undone
    if whole and store.circles.restrictions.stands(case.id):
        raise StateError("this case is restricted already")
    if not {each.id for each in able(store)}.issuperset(person_ids):
        raise StateError(_STAFF, field="person")
    if not _has_supervisor(store, {*store.circles.of(case.id).named, *person_ids}):
        raise StateError(NO_SUPERVISOR, field="person")
    return said(reason)


def restrict(
    store: Store, case: Case, person_ids: Collection[str], reason: str, actor: str
) -> None:
    """Shut a case to all but its practitioner and those named on it, now or before; StateError."""
    why = may_restrict(store, case, person_ids, reason)
    try:
        store.circles.restrict(case.id, why, actor, person_ids)
    except ConflictError as error:
        raise StateError("this case is restricted already") from error


def may_lift(store: Store, case: Case, reason: str) -> str:
    """The reason, where a case can be opened to its team again; StateError where it cannot."""
    if case.id not in store.circles.restricted():
        raise StateError("this case is not restricted")
    return said(reason)


def lift(store: Store, case: Case, reason: str, actor: str) -> None:
    """Open a restricted case to its team again; StateError."""
    why = may_lift(store, case, reason)
    try:
        store.circles.lift(case.id, why, actor)
    except NotFoundError as error:
        raise StateError("this case is not restricted") from error


def supervisors(store: Store, case: Case) -> list[Member]:
    """The supervisors of a case's team, by name: those whom a restriction shuts out if not named."""
    found = [each for each in able(store) if each.role == Role.SUPERVISOR.value]
    if not store.teams.any():
        return found
    given = store.circles.of(case.id).team_id
    its = [
        each
        for each in store.teams.all()
        if (each.id == given if given else case.practitioner_id in each.people)
    ]
    return [each for each in found if any(each.id in team.people for team in its)]


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
