"""Everybody a recording or note may name: its maker, the young person, who stands around them."""

from __future__ import annotations

from store.records import Recording
from store.store import Store
from transcribe.model import Person

SUPERVISION = "supervision"  # the kind of note


def people_of(store: Store, practitioner_id: str, case_id: str | None) -> tuple[Person, ...]:
    """The people of a case, and the practitioner."""
    maker = store.people.get(practitioner_id)
    people = [Person(maker.name, maker.role)]
    if case_id is not None:
        case = store.cases.get(case_id).details
        people.append(Person(case.name, "young_person"))
        people += [Person(each.name, each.role) for each in case.people]
    return tuple(person for person in people if person.name)


def people_around(store: Store, recording: Recording) -> tuple[Person, ...]:
    """Everyone a recording may name: in supervision the supervisors, too, one of whom is there."""
    people = people_of(store, recording.practitioner_id, recording.case_id)
    if recording.note_kind != SUPERVISION:
        return people
    others = (each for each in store.people.all("supervisor") if each.name)
    there = (Person(each.name, each.role) for each in others)
    return tuple(dict.fromkeys((*people, *there)))
