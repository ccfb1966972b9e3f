"""A note with every kind of sentence, and the desks of the people around it."""

from __future__ import annotations

import pytest

from recorder.codec import encode
from recorder.review.desk import Desk
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from tests.databases import on_both
from transcribe.model import Action, Check, Contact, Draft, Origin, Source, Statement


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.endswith(("test_desk", "test_sight")):  # they stand for all
        on_both(metafunc)


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    """A voice note, sealed: three chunks of the payload's format."""
    sealed = store.recordings.seal(arrival.scope, [b"abcdefgh" * 20_000])
    return store.recordings.register(sealed, arrival)[0]


@pytest.fixture
def draft(recording: Recording) -> Draft:
    def said(key: str, section: str, text: str, *checks: Check) -> Statement:
        source = Source(recording.id, 1000, 2000)
        return Statement(key, section, text, Origin.MACHINE, "Amara Cole", (source,), checks)

    tutor = said("s5", "action", "I will ring his tutor tomorrow.")
    return Draft(
        kind="case_note",
        contact=Contact(place="the hub"),
        statements=(
            said("s1", "purpose", "We met to go over the plan."),
            said("s2", "young_person_words", "He said no and walked away."),
            said("s3", "what_happened", "Then a boy called Tyrell came up."),
            said("s4", "worry", "He is still getting messages."),
            tutor,
        ),
        actions=(Action("Ring his tutor", "Amara Cole", None, tutor.sources),),
        quotes=("no",),
    )


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member, draft: Draft) -> Note:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
    return store.notes.get(note_id)


@pytest.fixture
def colleague(store: Store) -> Member:
    """A practitioner with no part in the case."""
    return store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")


@pytest.fixture
def desk(store: Store, practitioner: Member) -> Desk:
    return Desk(store, practitioner)


@pytest.fixture
def supervisors_desk(store: Store, supervisor: Member) -> Desk:
    return Desk(store, supervisor)


@pytest.fixture
def young_desk(store: Store, young_person: Member) -> Desk:
    return Desk(store, young_person)
