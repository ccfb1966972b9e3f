"""Everybody a recording or note may name: its maker, the young person, who stands around them."""

from __future__ import annotations

from store.store import Store
from transcribe.model import Person


def people_of(store: Store, practitioner_id: str, case_id: str | None) -> tuple[Person, ...]:
    """The people of a case, and the practitioner."""
    maker = store.people.get(practitioner_id)
    people = [Person(maker.name, maker.role)]
    if case_id is not None:
        case = store.cases.get(case_id).details
        people.append(Person(case.name, "young_person"))
        people += [Person(each.name, each.role) for each in case.people]
    return tuple(person for person in people if person.name)
