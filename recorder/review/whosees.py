"""Who sees a case, for the page on which a supervisor says so; by the rules of `circling`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review import circling
from recorder.review.sight import Sight
from recorder.review.states import Role
from store.cases import Case
from store.circles import Restriction
from store.people import Member
from store.store import Store

DECIDES = "a supervisor decides who sees a young person's record: ask yours"


@dataclass(frozen=True, slots=True)
class Seeing:
    """Who sees a case, and who could."""

    case: Case
    practitioner: Member
    named: Sequence[Member]  # in the order they were named
    supervisors: Sequence[Member]  # of its team; of a restricted case they see it only if named
    restriction: Restriction | None
    restricted_by: str  # a name; empty where it is not restricted
    refused: str  # why this person changes none of it; empty where they may
    others: Sequence[Member]  # who could be named
    practitioners: Sequence[Member]  # to whom it could be handed over

    @property
    def readers(self) -> list[Member]:
        """Everybody who is here and sees it, each once; who opened it in an emergency is not among them."""
        team = [] if self.restriction else self.supervisors
        found = {each.id: each for each in (self.practitioner, *self.named, *team)}
        return [each for each in found.values() if each.left_at is None]


@dataclass(frozen=True, slots=True)
class Change:
    """Who sees a case now, and who would once something is done to it."""

    now: Seeing
    then: Seeing

    @property
    def gains(self) -> list[Member]:
        """Who would see it and does not now."""
        return _without(self.then.readers, self.now.readers)

    @property
    def loses(self) -> list[Member]:
        """Who sees it now and would not then."""
        return _without(self.now.readers, self.then.readers)


class WhoSees:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def is_restricted(self, case_id: str) -> bool:
        """Whether its team sees nothing of a case."""
        return case_id in self._store.circles.restricted()

    def of(self, case_id: str) -> Seeing:
        """Who sees a case; UnknownError for one that is not theirs to see."""
        case = self._case(case_id)
        self._store.audit.record(self._person.id, "who sees it read", case.id)
        return seeing(self._store, case, self._refused(case))

    def name(self, case_id: str, person_id: str) -> None:
        """Share a case with a colleague; StateError."""
        case = self._mine(case_id)
        if not person_id:
            raise StateError("choose a colleague", field="person")
        circling.name(self._store, case, person_id, self._person.id)

    def may_unname(self, case_id: str, person_id: str) -> Change:
        """What taking somebody off it would do; StateError where they cannot be."""
        case = self._mine(case_id)
        circling.may_unname(self._store, case, person_id)
        now = seeing(self._store, case)
        return Change(now, replace(now, named=[e for e in now.named if e.id != person_id]))

    def unname(self, case_id: str, person_id: str) -> None:
        """Share it with them no longer; StateError."""
        circling.unname(self._store, self._mine(case_id), person_id, self._person.id)

    def may_give(self, case_id: str, person_id: str) -> Change:
        """What handing it over to somebody would do; StateError for somebody who cannot have it."""
        case = self._mine(case_id)
        if not person_id:
            raise StateError("choose who has it now", field="to")
        if person_id == case.practitioner_id:
            raise StateError("they are its practitioner already", field="to")
        return given(self._store, case, circling.may_give(self._store, person_id))

    def give(self, case_id: str, person_id: str) -> tuple[str, str]:
        """Hand it over: the handle of its practitioner from now on, and its reference; StateError."""
        self.may_give(case_id, person_id)
        case = self._mine(case_id)
        found = circling.give(self._store, case, person_id, self._person.id)
        return found.handle, case.details.ref

    def may_restrict(self, case_id: str, person_ids: Collection[str], reason: str) -> Change:
        """What restricting it would do; StateError where it cannot be."""
        case = self._mine(case_id)
        circling.may_restrict(self._store, case, person_ids, reason)
        now, found = seeing(self._store, case), self._store.people.some(set(person_ids))
        named = [*now.named, *(found[each] for each in person_ids)]
        return Change(now, replace(now, named=named, supervisors=[]))

    def restrict(self, case_id: str, person_ids: Collection[str], reason: str) -> None:
        """Shut it to all but its practitioner and those named on it; StateError."""
        case = self._mine(case_id)
        circling.restrict(self._store, case, person_ids, reason, self._person.id)

    def may_lift(self, case_id: str, reason: str) -> Change:
        """What lifting its restriction would do; StateError where there is none."""
        case = self._mine(case_id)
        circling.may_lift(self._store, case, reason)
        now = seeing(self._store, case)
        return Change(now, replace(now, restriction=None))

    def lift(self, case_id: str, reason: str) -> None:
        """Open it to its team again; StateError."""
        circling.lift(self._store, self._mine(case_id), reason, self._person.id)

    def still_sees(self, case_id: str) -> bool:
        """Whether this person sees it after what they have just done."""
        return Sight(self._store, self._person).sees(case_id)

    def _case(self, case_id: str) -> Case:
        if not self._sight.sees(case_id):
            raise UnknownError
        return self._store.cases.get(case_id)

    def _mine(self, case_id: str) -> Case:
        case = self._case(case_id)
        if refused := self._refused(case):
            raise NotAllowedError(refused)
        return case

    def _refused(self, case: Case) -> str:
        if Role(self._person.role) is not Role.SUPERVISOR:
            return DECIDES
        try:
            self._sight.may_change(case.id)
        except NotAllowedError as error:
            return error.sentence
        return ""


def given(store: Store, case: Case, person: Member) -> Change:
    """What handing a case over to somebody would do."""
    now, then = seeing(store, case), replace(case, practitioner_id=person.id)
    # Of a case that was given to a team the supervisors stay; of any other they are its practitioner's.
    team = circling.supervisors(store, then)
    return Change(now, replace(now, case=then, practitioner=person, supervisors=team))


def seeing(store: Store, case: Case, refused: str = "") -> Seeing:
    """Who sees a case, and who could."""
    circle = store.circles.of(case.id)
    known = store.people.some(circle.named)
    able = circling.able(store)
    here = {case.practitioner_id, *circle.named}
    shut = circle.restriction
    return Seeing(
        case=case,
        practitioner=store.people.get(case.practitioner_id),
        named=[known[each] for each in circle.named if each in known],
        supervisors=circling.supervisors(store, case),
        restriction=shut,
        restricted_by="" if shut is None else circling.name_of(store, shut.actor_id),
        refused=refused,
        others=[each for each in able if each.id not in here],
        practitioners=[
            each
            for each in able
            if each.role == Role.PRACTITIONER.value and each.id != case.practitioner_id
        ],
    )


def _without(some: Sequence[Member], others: Sequence[Member]) -> list[Member]:
    gone = {each.id for each in others}
    return [each for each in some if each.id not in gone]
