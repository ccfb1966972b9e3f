"""Whom an unassigned note may be about, and what confirming it does."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from recorder.home import Home
from recorder.review.desk import Desk
from recorder.status import status_of
from recorder.suggest import Suggesting, Suggestion
from store.agreements import Said
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import TEAM
from tests.contacts import NOON, Visits, furnish

TAIL = " We met at the hub and he told me that he was fine."


@pytest.fixture
def world(home: Home) -> Visits:
    return furnish(home)


@pytest.fixture
def store(world: Visits) -> Store:
    return world.home.store


@pytest.fixture
def ben(store: Store) -> Member:
    return store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")


def case(store: Store, whose: Member, ref: str, name: str, *known_as: str) -> Case:
    return store.cases.add(CaseDetails(ref, name, known_as=known_as), whose.id, "test")


def note(world: Visits, words: str) -> Note:
    """The unassigned note of a recording that begins with `words`."""
    recording = world.work_on(world.arrive(NOON, words + TAIL, to="nobody"))
    return world.home.store.notes.get(recording.note_id or "")


def suggested(world: Visits, words: str) -> Suggestion | None:
    return Suggesting(world.home.store).of(note(world, words))


def refs(found: Suggestion | None) -> list[str]:
    return [] if found is None else [each.details.ref for each in found.cases]


def test_the_practitioners_own_case_is_suggested_and_nothing_is_attached(
    world: Visits, store: Store
) -> None:
    made = note(world, "Case note for Jordon.")
    events = list(store.audit.events())
    found = Suggesting(store).of(made)
    assert refs(found) == ["EV-1"]
    assert found is not None
    assert found.words.startswith("Case note for Jordon. We met")
    assert len(found.words.split()) <= 25
    assert list(store.audit.events()) == events
    assert store.notes.get(made.id) == made
    assert (made.case_id, made.scope) == (None, TEAM)


def test_both_of_one_first_name_are_suggested_and_none_of_a_colleagues(
    world: Visits, store: Store, ben: Member
) -> None:
    case(store, world.practitioner, "EV-2", "Jo Bell")
    case(store, world.practitioner, "EV-3", "Joe Mensah")
    case(store, ben, "EV-4", "Jo Adams")
    assert refs(suggested(world, "Case note for Jo.")) == ["EV-2", "EV-3"]
    assert refs(suggested(world, "Case note for Joe Mensah.")) == ["EV-3"]
    assert suggested(world, "Case note for Jo Adams.") is None


def test_a_case_is_known_by_its_other_names(world: Visits, store: Store) -> None:
    case(store, world.practitioner, "EV-2", "Josephine Bell", "Posy")
    assert refs(suggested(world, "Case note for Posey.")) == ["EV-2"]
    assert refs(suggested(world, "Case note for Josephine.")) == ["EV-2"]


def test_when_somebody_else_of_the_team_speaks_nobody_is_suggested_but_who_spoke(
    world: Visits, ben: Member
) -> None:
    found = suggested(world, "Ben here, case note for Jordan.")
    assert found is not None
    assert (found.cases, [each.id for each in found.speakers]) == ((), [ben.id])
    assert refs(suggested(world, "Amara here, case note for Jordan.")) == ["EV-1"]


@pytest.mark.parametrize("words", ["We talked about Jordan.", "This is not for Jordan.", "Hm."])
def test_what_does_not_say_it_is_given_no_suggestion(world: Visits, words: str) -> None:
    assert suggested(world, words) is None


def test_a_note_of_a_case_a_picture_and_what_may_not_be_heard_have_none(
    world: Visits, store: Store
) -> None:
    its = world.come(NOON, "Case note for Jordan." + TAIL)
    picture = world.work_on(world.arrive(NOON, to="nobody"))
    made = note(world, "Case note for Jordan.")
    (recording,) = store.recordings.of_note(made.id)
    said = Said("Jordan", "in person", "today")
    store.agreements.take_back(recording, said, "test")
    for note_id in (its.note_id, picture.note_id, made.id):
        assert Suggesting(store).of(store.notes.get(note_id or "")) is None


def test_a_person_is_shown_suggestions_for_their_own_notes_alone(
    world: Visits, store: Store, ben: Member
) -> None:
    made = note(world, "Case note for Jordan.")
    boss = store.people.add(Member("", "supervisor", "ruth", "Ruth Adeyemi", None), "test")
    assert Desk(store, ben).contacts.suggestions([made]) == {}
    for own in (world.practitioner, boss):
        assert refs(Desk(store, own).contacts.suggestions([made])[made.id]) == ["EV-1"]


def test_status_says_how_many_and_no_more(world: Visits) -> None:
    note(world, "Case note for Jordan.")
    note(world, "Case note for Somebody.")
    now = status_of(world.home)
    assert (now.unassigned, now.suggested) == (2, 1)
    assert now.as_json()["suggested"] == 1
    assert "Jordan" not in str(now.as_json())


def test_confirming_is_the_way_that_notes_are_given_to_cases(world: Visits, store: Store) -> None:
    made = note(world, "Case note for Jordan.")
    found = Suggesting(store).of(made)
    assert found is not None
    Desk(store, world.practitioner).assign(made.id, 1, found.cases[0].id)
    after = store.notes.get(made.id)
    assert (after.case_id, after.scope) == (world.case.id, world.case.id)
    assert ("note assigned", made.id) in [(e.action, e.object) for e in store.audit.events()]
    assert Suggesting(store).of(after) is None


def test_the_team_is_read_once_and_of_what_says_nothing_no_case_is_opened(
    world: Visits, store: Store
) -> None:
    asked: list[str] = []
    event.listen(
        store.database.engine, "before_cursor_execute", lambda *each: asked.append(each[2])
    )
    reading = Suggesting(store)
    (claim,) = reading.claims("Amara here. Case note for Jordan.")
    assert [each.details.name for each in claim.cases] == ["Jordan"]
    reading.claims("Amara here.")
    assert len([each for each in asked if "FROM people" in each]) == 1
    recording = world.arrive(NOON, "", to="nobody")
    new = Note("", TEAM, None, recording.practitioner_id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"{}", None)
        store.recordings.advance(connection, recording, recording.state, note_id=note_id)
    asked.clear()
    assert Suggesting(store).of(store.notes.get(note_id)) is None
    assert not [each for each in asked if "FROM people" in each or "FROM cases" in each]
