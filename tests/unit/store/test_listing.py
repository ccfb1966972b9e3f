"""Lists of notes: whose, in which order, and a page at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from store.cases import Case, CaseDetails
from store.errors import NotFoundError
from store.listing import READ
from store.notes import Note
from store.paging import Mark
from store.people import Member
from store.reach import Reach
from store.store import Store
from store.tables import decisions, notes

EVERYONE = Reach(everyone=True)


@pytest.fixture
def made(store: Store, case: Case, practitioner: Member) -> list[Note]:
    """Seven approved notes, the last of them first approved and three at one moment."""
    return [_note(store, case, practitioner, number) for number in range(7)]


def _note(store: Store, case: Case, by: Member, number: int, state: str = "approved") -> Note:
    new = Note("", case.id, case.id, by.id, "case_note", state, 0, 1000 * number, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, b"words", None)
        at = 5000 if number in (2, 3, 4) else 10_000 - 1000 * number
        connection.execute(update(notes).where(notes.c.id == note_id).values(since=at))
    return store.notes.get(note_id)


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_pages_together_are_the_whole_list(store: Store, made: list[Note], size: int) -> None:
    found: list[Note] = []
    before: Mark | None = None
    for _ in made:
        page = store.listing.latest(EVERYONE, "approved", size, before)
        if not page:
            break
        assert len(page) <= size
        found += page
        before = Mark(page[-1].since, page[-1].id)
    assert found == sorted(made, key=lambda note: (note.since, note.id), reverse=True)


def test_of_a_case_the_newest_contact_comes_first_and_merged_ones_are_left_out(
    store: Store, case: Case, practitioner: Member, made: list[Note]
) -> None:
    _note(store, case, practitioner, 8, "merged")
    first = store.listing.of_case(case.id, 4)
    assert first == made[:2:-1]
    mark = Mark(first[-1].contact_at, first[-1].id)
    assert store.listing.of_case(case.id, 9, mark) == made[2::-1]


def test_nobody_is_listed_what_is_out_of_reach_or_erased(
    store: Store, case: Case, practitioner: Member
) -> None:
    _note(store, case, practitioner, 1)
    other = store.cases.add(CaseDetails("EV-9", "Sky"), practitioner.id, "test")
    theirs = _note(store, other, practitioner, 9)
    only = Reach(practitioner_id="nobody", case_ids=frozenset({other.id}))
    assert store.listing.latest(only, "approved", 99) == [theirs]
    assert store.listing.latest(Reach(), "approved", 99) == []
    store.erasing.case(case.id, "test")
    assert store.listing.latest(EVERYONE, "approved", 99) == [theirs]
    assert store.listing.standing(EVERYONE, "approved") == [theirs]


@pytest.mark.usefixtures("every_look_later")
def test_since_is_when_it_came_to_stand_so(
    store: Store, case: Case, practitioner: Member, supervisor: Member
) -> None:
    note = store.notes.get(_note(store, case, practitioner, 1, "draft").id)
    with store.database.write() as connection:
        store.notes.add_version(connection, note, b"more", practitioner.id, "draft")
    same = store.notes.get(note.id)
    assert same.since == note.since
    with store.database.write() as connection:
        entry = ("submitted", practitioner.id, b"")
        store.notes.decide(connection, same, entry, "submitted")
    assert store.notes.get(note.id).since > same.created_at
    with store.database.write() as connection:
        entry = ("shared", supervisor.id, b"")
        store.notes.decide(connection, store.notes.get(note.id), entry, "submitted")
    (handed_in, _) = store.notes.decisions(note.id)
    assert store.notes.get(note.id).since <= handed_in.created_at


def _read(store: Store, note: Note, by: Member) -> None:
    with store.database.write() as connection:
        store.notes.decide(connection, note, (READ, by.id, b""), note.state)


def test_a_reply_is_unread_until_somebody_says_to_have_read_it(
    store: Store, case: Case, practitioner: Member, young_person: Member
) -> None:
    note = _note(store, case, practitioner, 1)
    assert store.listing.unread(EVERYONE) == []
    store.notes.reply(note, 1, young_person.id, b"no")
    assert store.listing.unread(EVERYONE) == [note]
    _read(store, note, practitioner)
    assert store.listing.unread(EVERYONE) == []
    store.notes.reply(note, 1, young_person.id, b"and another thing")
    assert store.listing.unread(EVERYONE) == [note]
    assert store.listing.replies([note.id]) == {note.id: 2}


def test_a_clock_that_goes_back_makes_nothing_read_that_is_not(
    store: Store,
    case: Case,
    practitioner: Member,
    young_person: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note = _note(store, case, practitioner, 1)
    store.notes.reply(note, 1, young_person.id, b"no")
    _read(store, note, practitioner)
    monkeypatch.setattr("store.notes.now_ms", lambda: 1_000)
    store.notes.reply(note, 1, young_person.id, b"still no")
    assert store.listing.unread(EVERYONE) == [note]
    _read(store, note, practitioner)
    assert store.listing.unread(EVERYONE) == []


def test_the_last_decision_about_the_version_that_stands_is_opened(
    store: Store, case: Case, practitioner: Member
) -> None:
    note = _note(store, case, practitioner, 1)
    with store.database.write() as connection:
        for words in (b"first", b"second"):
            entry = ("submitted", practitioner.id, words)
            store.notes.decide(connection, note, entry, note.state)
    assert store.listing.last([note.id], "submitted")[note.id].payload == b"second"
    assert store.listing.current([note]) == {note.id: b"words"}
    with store.database.write() as connection:
        store.notes.add_version(connection, note, b"more", practitioner.id, note.state)
    assert store.listing.last([note.id], "submitted") == {}


def test_what_does_not_open_is_left_out_and_told_of(
    store: Store, practitioner: Member, made: list[Note]
) -> None:
    for note in made[:2]:
        with store.database.write() as connection:
            entry = ("submitted", practitioner.id, b"words")
            store.notes.decide(connection, note, entry, note.state)
    with store.database.write() as connection:
        mine = decisions.c.note_id == made[0].id
        connection.execute(update(decisions).where(mine).values(actor_id="0" * 32))
    found = store.listing.last([made[0].id, made[1].id], "submitted")
    assert found.keys() == {made[1].id}
    assert len(store.database.alarm.damaged) == 1


def test_names_of_several_are_opened_at_once(
    store: Store, case: Case, practitioner: Member, supervisor: Member
) -> None:
    assert store.cases.some([case.id, "nothing"]) == {case.id: case}
    people = [practitioner, supervisor]
    assert store.people.some([each.id for each in people]) == {each.id: each for each in people}
    store.erasing.case(case.id, "test")
    assert store.cases.some([case.id]) == {}
    with pytest.raises(NotFoundError):
        store.notes.get("nothing")
