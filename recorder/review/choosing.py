"""Which young people somebody on the staff can choose, and how they are found where there are many.

A list of thousands is no way to choose anybody, and opening each name for it would take seconds. So
only the nearest are listed; anybody else is found by their reference, or by their whole name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from recorder.errors import StateError
from recorder.review.sight import Sight
from recorder.review.states import Role
from store.cases import Case
from store.errors import StoreError
from store.paging import Mark
from store.people import Member, fold
from store.store import Store

MOST = 50
"""More young people than this are not listed to choose from."""


class Choosing:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def all(self) -> list[Case]:
        """Everybody that this person sees and may write about, by reference."""
        return self._ours(self._sight.caseload.cases.values())

    def near(self, practitioner_id: str) -> list[Case]:
        """Whom to list: all, or of very many those of a practitioner; by reference."""
        if not self.many:
            return self.all()
        return self._ours(self._store.cases.readable(practitioner_id).cases.values())

    @property
    def many(self) -> bool:
        """Whether there are more than can be listed."""
        return self._store.cases.more_than(MOST, self._sight.reach)

    def of(self, case_ids: Collection[str]) -> dict[str, Case]:
        """Those of these cases that this person may write about, by id."""
        return {case.id: case for case in self._ours(self._store.cases.some(case_ids).values())}

    def chosen(self, case_id: str, said: str, field: str = "who") -> str:
        """The id of the case that was chosen from a list, or whose young person was written.

        Empty where neither was; StateError for `field` as `find`.
        """
        return case_id or (self.find(said, field).id if said else "")

    def find(self, said: str, field: str) -> Case:
        """The case with this reference, or whose young person is called that; StateError for `field`.

        A name is looked for in every case there is, one after the other.
        """
        case = self._by_ref(said)
        if case is not None:
            return case
        # The whole name: a part of one could be somebody else's.
        found = [each for each in self.called(said) if fold(said) in map(fold, _names(each))]
        if len(found) > 1:
            refs = ", ".join(sorted(each.details.ref for each in found))
            raise StateError(
                f"several young people are called that: write one of {refs}", field=field
            )
        if not found:
            raise StateError(
                "nobody is called that: write the whole name or reference", field=field
            )
        return found[0]

    def called(self, said: str) -> list[Case]:
        """Whoever has this reference, or has this for a name or a part of it, by reference.

        In the audit log without the words: a name that was looked for says something by itself.
        """
        self._store.audit.record(self._person.id, "young people searched", self._person.id)
        case, wanted = self._by_ref(said), fold(said).split()
        if case is not None or not wanted:
            return [] if case is None else [case]
        found = [
            each
            for each in self.all()
            if any(set(wanted) <= set(fold(name).split()) for name in _names(each))
        ]
        return sorted(found, key=lambda case: case.details.ref)

    def page(
        self, limit: int, before: Mark | None, practitioner_id: str = ""
    ) -> tuple[list[Case], Mark | None]:
        """Cases, the newest first, and from where it goes on; of one practitioner, if asked."""
        return self._store.cases.newest(self._sight.reach, limit, before, practitioner_id)

    def workers(self) -> dict[str, str]:
        """The names of practitioners by id, in their order."""
        found = self._store.people.all(Role.PRACTITIONER.value)
        return {each.id: each.name for each in sorted(found, key=lambda one: one.name.casefold())}

    def _by_ref(self, said: str) -> Case | None:
        if not said.strip():
            return None
        try:
            case = self._store.cases.by_ref(said)
        except StoreError:  # there is none, or it does not open: told already
            return None
        return case if self._ours([case]) else None

    def _ours(self, found: Iterable[Case]) -> list[Case]:
        """What of these is within reach, and not to be read alone; by reference."""
        reach, only_read = self._sight.reach, self._sight.only_reads
        ours = (each for each in found if reach.holds(each.practitioner_id, each.id))
        kept = (each for each in ours if each.id not in only_read)
        return sorted(kept, key=lambda case: case.details.ref)


def _names(case: Case) -> tuple[str, ...]:
    return case.details.name, *case.details.known_as
