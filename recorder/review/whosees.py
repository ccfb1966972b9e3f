"""Who sees a case, for the page on which a supervisor says so; by the rules of `circling`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

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
        """Everybody who sees it, each once."""
        team = [] if self.restriction else self.supervisors
        found = {each.id: each for each in (self.practitioner, *self.named, *team)}
        return list(found.values())


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
        circling.name(self._store, self._mine(case_id), person_id, self._person.id)

    def may_unname(self, case_id: str, person_id: str) -> None:
        """StateError where somebody cannot be taken off it."""
        circling.may_unname(self._store, self._mine(case_id), person_id)

    def unname(self, case_id: str, person_id: str) -> None:
        """Share it with them no longer; StateError."""
        circling.unname(self._store, self._mine(case_id), person_id, self._person.id)

    def may_give(self, case_id: str, person_id: str) -> Member:
        """Whoever it would be handed over to; StateError for somebody who cannot have it."""
        case = self._mine(case_id)
        if person_id == case.practitioner_id:
            raise StateError("they are its practitioner already", field="to")
        return circling.may_give(self._store, person_id)

    def give(self, case_id: str, person_id: str) -> tuple[str, str]:
        """Hand it over: the handle of its practitioner from now on, and its reference; StateError."""
        self.may_give(case_id, person_id)
        case = self._mine(case_id)
        found = circling.give(self._store, case, person_id, self._person.id)
        return found.handle, case.details.ref

    def may_restrict(self, case_id: str, person_ids: Collection[str], reason: str) -> list[Member]:
        """Who would see it once it is restricted, and before that is done; StateError."""
        case = self._mine(case_id)
        circling.may_restrict(self._store, case, person_ids, reason)
        named = [*self._store.circles.of(case.id).named, *person_ids]
        found = self._store.people.some({case.practitioner_id, *named})
        order = dict.fromkeys((case.practitioner_id, *named))
        return [found[each] for each in order if each in found]

    def restrict(self, case_id: str, person_ids: Collection[str], reason: str) -> None:
        """Shut it to all but its practitioner and those named on it; StateError."""
        case = self._mine(case_id)
        circling.restrict(self._store, case, person_ids, reason, self._person.id)

    def may_lift(self, case_id: str, reason: str) -> list[Member]:
        """Who would see it again, and before that is done; StateError."""
        case = self._mine(case_id)
        circling.may_lift(self._store, case, reason)
        return circling.supervisors(self._store, case)

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
