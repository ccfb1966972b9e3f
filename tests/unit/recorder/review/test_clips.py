"""What one young person's note stands on can be heard, and nothing else of the recording."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.desk import Desk
from store.cases import Case
from store.errors import TamperedError
from store.notes import Note
from store.people import Member
from store.records import WITHDRAWN, Arrival, Recording
from store.store import Store
from store.tables import captures
from tests.listening import hear_all
from tests.parts import goes_on, parted
from tests.unit.recorder.review.test_listened import believed


@pytest.fixture
def kept(store: Store, practitioner: Member, case: Case, arrival: Arrival) -> Recording:
    _, recording = parted(store, practitioner, case, arrival)
    return recording


@pytest.fixture
def part(store: Store, case: Case, kept: Recording) -> Note:
    assert (kept.case_id, kept.scope) == (None, kept.practitioner_id)
    (note,) = store.notes.all("submitted", case_id=case.id)
    return note


def test_who_approves_it_hears_exactly_its_own_sentences(
    supervisors_desk: Desk, part: Note
) -> None:
    page = supervisors_desk.read(part.id)
    assert page.recordings == []
    assert {key: (each.shown_ms, each.length_ms) for key, each in page.clips.items()} == {
        "s0": (0, 1000),
        "s1": (2000, 1500),
    }
    assert [each.id for each in page.unheard] == ["s1"]


def test_it_is_approved_once_that_was_heard_and_not_before(
    store: Store, supervisors_desk: Desk, part: Note
) -> None:
    with pytest.raises(StateError, match="listen first"):
        supervisors_desk.approve(part.id, part.number)
    asked: list[tuple[str, int | None, tuple[int, int]]] = []
    supervisors_desk.listening.keep(part.id, part.number, "s1", lambda *each: asked.append(each))
    clip = supervisors_desk.read(part.id).clips["s1"]
    assert asked == [(clip.id, 1500, (0, 1500))]
    supervisors_desk.approve(part.id, part.number)
    assert store.notes.get(part.id).state == "approved"


def test_nobody_else_hears_any_of_it_from_there(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, part: Note
) -> None:
    assert desk.read(part.id).clips == {}
    with pytest.raises(StateError):
        desk.listening.keep(part.id, part.number, "s1", believed)
    for own in (desk, Desk(store, colleague)):
        with pytest.raises(UnknownError):
            own.clips.sound(part.id, part.number, "s1")
    for number, key in ((part.number + 1, "s1"), (part.number, "s2"), (part.number, "s3")):
        with pytest.raises(UnknownError):
            supervisors_desk.clips.sound(part.id, number, key)
    supervisors_desk.return_(part.id, part.number, "Which school?")
    assert supervisors_desk.read(part.id).clips == {}


def test_who_may_only_read_the_case_hears_nothing_of_it(
    store: Store, part: Note, case: Case
) -> None:
    other = store.people.add(Member("", "supervisor", "sam", "Sam Ito", None), "test")
    named = store.people.add(Member("", "supervisor", "lee", "Lee Ito", None), "test")
    store.circles.name(case.id, named.id, "test")
    store.circles.restrict(case.id, "why", "test")
    store.emergencies.open(case.id, other.id, "missing tonight", 3_600_000)
    reading = Desk(store, other)
    assert reading.read(part.id).clips == {}
    with pytest.raises(UnknownError):
        reading.clips.sound(part.id, part.number, "s1")
    with pytest.raises(NotAllowedError):
        reading.approve(part.id, part.number)


def test_another_note_has_no_such_clips(
    store: Store, desk: Desk, supervisors_desk: Desk, note: Note
) -> None:
    desk.submit(note.id, 1)
    assert supervisors_desk.read(note.id).clips == {}
    with pytest.raises(UnknownError):
        supervisors_desk.clips.sound(note.id, 1, "s1")
    assert store.notes.get(note.id).state == "submitted"


def test_what_nobody_can_hear_any_more_stops_nothing(
    store: Store, supervisors_desk: Desk, part: Note, kept: Recording
) -> None:
    store.erasing.recording(kept.id, "test")
    page = supervisors_desk.read(part.id)
    assert (page.clips, page.unheard) == ({}, ())
    with pytest.raises(UnknownError):
        supervisors_desk.clips.sound(part.id, part.number, "s1")


def test_a_sentence_is_not_offered_to_be_heard_where_only_its_beginning_is_left(
    store: Store, supervisors_desk: Desk, part: Note, kept: Recording
) -> None:
    second = goes_on(store, kept, 3000)
    page = supervisors_desk.read(part.id)
    assert [*page.clips] == ["s0", "s1"]
    assert [each.id for each in page.unheard] == ["s1"]
    with store.database.write() as connection:
        store.recordings.set_aside(connection, second, WITHDRAWN, "test")
    page = supervisors_desk.read(part.id)
    assert [*page.clips] == ["s0"]
    assert page.unheard == ()
    with pytest.raises(UnknownError):
        supervisors_desk.clips.sound(part.id, part.number, "s1")
    with pytest.raises(StateError, match="no recording that can be heard"):
        supervisors_desk.listening.keep(part.id, part.number, "s1", believed)


def test_a_film_whose_files_cannot_be_told_keeps_its_sentence_waiting(
    store: Store, supervisors_desk: Desk, part: Note, kept: Recording
) -> None:
    goes_on(store, kept, 3000)
    with store.database.write() as connection:
        connection.execute(update(captures).values(sealed=b"noise"))
    page = supervisors_desk.read(part.id)
    assert [each.id for each in page.unheard] == ["s1"]
    with pytest.raises(TamperedError):
        supervisors_desk.clips.sound(part.id, part.number, "s1")
    with pytest.raises(StateError, match="listen first"):
        supervisors_desk.approve(part.id, part.number)


def test_an_approved_one_can_be_listened_to_again(
    store: Store, supervisors_desk: Desk, part: Note
) -> None:
    hear_all(supervisors_desk, part.id)
    supervisors_desk.approve(part.id, part.number)
    second = Desk(store, store.people.add(Member("", "supervisor", "s", "Sam Ito", None), "test"))
    found = second.sampling(100).look(part.id)
    assert {each.id for each in found.left} == {"s0", "s1"}
    assert set(second.read(part.id).clips) == {"s0", "s1"}
