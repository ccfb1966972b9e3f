"""Everybody a recording or note may name: its maker, the young person, who stands around them."""

from __future__ import annotations

from store.notes import is_own
from store.people import Member
from store.records import Recording
from store.store import Store
from transcribe.model import Person

SUPERVISION = "supervision"  # the kind of note
_MAKERS = ("practitioner", "supervisor")


def people_of(store: Store, practitioner_id: str, case_id: str | None) -> tuple[Person, ...]:
    """The people of a case, and the practitioner."""
    maker = store.people.get(practitioner_id)
    people = [Person(maker.name, maker.role)]
    if case_id is not None:
        case = store.cases.get(case_id).details
        people.append(Person(case.name, "young_person"))
        people += [Person(each.name, each.role) for each in case.people]
    return tuple(person for person in people if person.name)


def makers(store: Store) -> list[Member]:
    """Whoever records and writes notes: practitioners, then supervisors, each by handle."""
    return sorted(store.people.all(*_MAKERS), key=lambda each: _MAKERS.index(each.role))


def people_around(store: Store, recording: Recording) -> tuple[Person, ...]:
    """Everyone a recording may name: in supervision all their young people, and the supervisors."""
    people = people_of(store, recording.practitioner_id, recording.case_id)
    if recording.note_kind != SUPERVISION and not is_own(recording):
        return people
    if recording.case_id is None:  # all their young people come up
        caseload = store.cases.readable(recording.practitioner_id).cases
        found = (people_of(store, recording.practitioner_id, case_id) for case_id in caseload)
        people = tuple(dict.fromkeys((*people, *(each for some in found for each in some))))
    others = (each for each in store.people.all("supervisor") if each.name)
    there = (Person(each.name, each.role) for each in others)
    return tuple(dict.fromkeys((*people, *there)))
