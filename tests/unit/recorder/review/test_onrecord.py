"""Nothing of the worker's own comes onto a young person's record, by whatever way it is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recorder.errors import StateError
from recorder.review.desk import Desk
from recorder.review.typed import Written
from recorder.review.web.notes import headings
from recorder.supervising import file_all
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.unit.recorder.review.test_dividing import several, texts
from transcribe.model import Contact

OWN = "nothing of the worker's own"
MINE = "I cannot sleep."


@pytest.fixture
def whole(store: Store, desk: Desk, practitioner: Member, case: Case) -> Note:
    """A supervision that was divided."""
    note = several(store, practitioner, "supervision")
    file_all(store)
    desk.dividing.divide(note.id, 1, [case.id], ["Kwame", "Leila"])
    return store.notes.get(note.id)


@pytest.fixture
def made(store: Store, case: Case, whole: Note) -> Note:
    """What one young person has of it."""
    (note,) = store.notes.all(case_id=case.id)
    assert note.kind == whole.kind
    return note


def _typed(desk: Desk, note: Note) -> object:
    return desk.save(note.id, note.number, {}, [("wellbeing", MINE)])


def _moved(desk: Desk, note: Note) -> object:
    return desk.arranging.under(note.id, note.number, "s1", "service")


def _written(desk: Desk, note: Note) -> object:
    written = Written("supervision", Contact(), {"wellbeing": MINE}, 1000)
    return desk.typed.write(note.case_id, written)


@pytest.mark.parametrize("way", [_typed, _moved, _written])
def test_the_workers_own_comes_onto_no_young_persons_record(
    store: Store, desk: Desk, made: Note, way: Callable[[Desk, Note], object]
) -> None:
    before = texts(store, made.id)
    with pytest.raises(StateError, match=OWN):
        way(desk, made)
    assert texts(store, made.id) == before
    assert [each.id for each in store.notes.all(case_id=made.case_id)] == [made.id]


def test_its_headings_are_offered_in_the_workers_own_record_alone(
    desk: Desk, whole: Note, made: Note
) -> None:
    own = {"wellbeing", "service"}
    assert own <= {each.section.key for each in headings(desk.read(whole.id))}
    assert not own & {each.section.key for each in headings(desk.read(made.id))}


def test_in_the_workers_own_record_it_is_written_and_moved(
    store: Store, desk: Desk, whole: Note
) -> None:
    number = desk.save(whole.id, whole.number, {}, [("wellbeing", MINE)])
    (key,) = (each.id for each in desk.read(whole.id).draft.statements if each.text == MINE)
    desk.arranging.under(whole.id, number, key, "service")
    assert MINE in texts(store, whole.id)
