"""A supervision is the worker's own record: signed by both, and seen by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it

import pytest
from sqlalchemy import event, update

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.desk import Desk
from recorder.review.typed import Written
from recorder.supervising import file_all, file_away
from store.cases import Case
from store.notes import Note, is_own
from store.people import Member
from store.store import Store
from store.tables import TEAM, note_versions
from tests.unit.recorder.review.test_dividing import several, texts
from transcribe.model import Contact, Origin


@pytest.fixture
def own(store: Store, desk: Desk, practitioner: Member, case: Case) -> Note:
    """What is left of a divided supervision, in the worker's own record."""
    whole = several(store, practitioner, "supervision")
    desk.dividing.divide(whole.id, 1, [case.id], ["Kwame", "Leila"])
    return store.notes.get(whole.id)


def test_a_supervision_of_a_case_folder_is_put_into_the_workers_own_record(
    store: Store, practitioner: Member, colleague: Member, case: Case
) -> None:
    notes = [
        several(store, practitioner, kind, case.id) for kind in ("supervision", "group_session")
    ]
    notes.append(several(store, practitioner, "supervision"))
    file_away(store, notes[1].id)
    file_all(store)
    found = [store.notes.get(each.id) for each in notes]
    assert [is_own(each) for each in found] == [True, False, True]
    assert [each.case_id for each in found] == [None, case.id, None]
    with pytest.raises(UnknownError):
        Desk(store, colleague).read(notes[0].id)
    file_all(store)
    assert found == [store.notes.get(each.id) for each in notes]


def test_what_was_made_for_one_young_person_stays_in_their_case(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner, "supervision", case.id)
    (made,) = desk.dividing.divide(whole.id, 1, [case.id], ["Kwame", "Leila"])
    file_all(store)
    assert store.notes.get(made).case_id == case.id
    assert is_own(store.notes.get(whole.id))
    desk.submit(made, store.notes.get(made).number)


def test_what_cannot_be_filed_keeps_no_other_from_it(
    store: Store, supervisor: Member, practitioner: Member
) -> None:
    gone = several(store, supervisor, "supervision")
    store.own_records.of(supervisor.id)
    store.erasing.own_record(supervisor.id, "test")
    other = several(store, practitioner, "supervision")
    assert file_all(store) == [gone.id]
    assert store.notes.get(gone.id).scope == TEAM
    assert is_own(store.notes.get(other.id))


def test_a_note_that_is_gone_or_does_not_open_keeps_no_other_from_it(
    store: Store, practitioner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = several(store, practitioner, "supervision")
    gone = replace(store.notes.get(whole.id), id="0" * 32)
    found = store.own_records.astray
    monkeypatch.setattr(store.own_records, "astray", lambda *said: [gone, *found(*said)])
    file_all(store)
    assert is_own(store.notes.get(whole.id))


@pytest.mark.parametrize("first", ["worker", "supervisor"])
def test_both_sign_the_very_same_version_in_either_order(
    store: Store, desk: Desk, supervisors_desk: Desk, own: Note, first: str
) -> None:
    one, other = (desk, supervisors_desk) if first == "worker" else (supervisors_desk, desk)
    one.supervision.sign(own.id, own.number)
    assert store.notes.get(own.id).state == "signed"
    with pytest.raises(NotAllowedError, match="you have signed this version"):
        one.supervision.sign(own.id, own.number)
    other.supervision.sign(own.id, own.number)
    assert store.notes.get(own.id).state == "agreed"
    signed = desk.supervision.beside(store.notes.get(own.id), desk.read(own.id).draft).signatures
    assert [each.worker for each in signed] == [first == "worker", first != "worker"]


def test_two_supervisors_do_not_sign_for_the_worker(
    store: Store, supervisors_desk: Desk, own: Note
) -> None:
    another = store.people.add(Member("", "supervisor", "sam", "Sam Ito", None), "test")
    supervisors_desk.supervision.sign(own.id, own.number)
    with pytest.raises(NotAllowedError, match="now the worker signs it"):
        Desk(store, another).supervision.sign(own.id, own.number)


def test_a_later_edit_voids_both_signatures(
    store: Store, desk: Desk, supervisors_desk: Desk, own: Note
) -> None:
    for each in (desk, supervisors_desk):
        each.supervision.sign(own.id, own.number)
    number = desk.save(own.id, own.number, {}, [("wellbeing", "I am sleeping better.")])
    now = store.notes.get(own.id)
    assert (now.state, now.number) == ("draft", number)
    assert desk.supervision.beside(now, desk.read(now.id).draft).signatures == []
    with pytest.raises(StateError, match="changed while you had it open"):
        supervisors_desk.supervision.sign(own.id, own.number)
    desk.supervision.sign(own.id, number)
    assert store.notes.get(own.id).state == "signed"


def test_the_workers_disagreement_stays_whatever_becomes_of_the_note(
    store: Store, desk: Desk, supervisors_desk: Desk, own: Note, practitioner: Member
) -> None:
    for each in (desk, supervisors_desk):
        each.supervision.sign(own.id, own.number)
    desk.supervision.disagree(own.id, own.number, "I did ask for cover, twice.")
    assert store.notes.get(own.id).state == "agreed"
    desk.save(own.id, own.number, {}, [("wellbeing", "Cover was found.")])
    (kept,) = desk.supervision.beside(
        store.notes.get(own.id), desk.read(own.id).draft
    ).disagreements
    assert kept.words.payload == b"I did ask for cover, twice."
    assert (kept.words.number, kept.words.actor_id) == (own.number, practitioner.id)
    with pytest.raises(NotAllowedError, match="only the worker"):
        supervisors_desk.supervision.disagree(own.id, own.number + 1, "They are wrong.")
    with pytest.raises(StateError, match="write something"):
        desk.supervision.disagree(own.id, own.number + 1, "  ")


def test_one_that_is_still_about_several_is_not_signed(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    assert case.details.name == "Jordan"
    whole = several(store, practitioner, "supervision")
    file_all(store)
    with pytest.raises(StateError, match="make each one's own note first"):
        desk.supervision.sign(whole.id, 1)
    with pytest.raises(StateError, match="it names a young person"):
        desk.supervision.about_nobody(whole.id, 1)
    named = dict.fromkeys(("s0", "s1", "s2", "s3"), "It is on their own records.")
    number = desk.save(whole.id, 1, {}, (), named)
    desk.supervision.about_nobody(whole.id, number)
    with pytest.raises(StateError, match="said already"):
        desk.supervision.about_nobody(whole.id, number)
    assert desk.read(whole.id).workers_own
    desk.supervision.sign(whole.id, number)
    assert texts(store, whole.id) == ["Everybody had pizza.", "I was worn out."]


def test_a_supervisor_puts_what_they_recorded_into_the_workers_record(
    store: Store, desk: Desk, supervisors_desk: Desk, practitioner: Member, supervisor: Member
) -> None:
    whole = several(store, supervisor, "supervision")
    file_all(store)
    with pytest.raises(UnknownError):
        desk.read(whole.id)
    read = supervisors_desk.read(whole.id)
    page = supervisors_desk.supervision.beside(read.note, read.draft)
    assert practitioner.id in {each.id for each in page.workers}
    supervisors_desk.supervision.file_for(whole.id, 1, practitioner.id)
    assert store.notes.get(whole.id).practitioner_id == practitioner.id
    assert desk.read(whole.id).own
    with pytest.raises(NotAllowedError, match="a supervisor says"):
        desk.supervision.file_for(whole.id, 1, practitioner.id)


def test_who_recorded_or_filed_it_may_approve_nothing_that_is_made_of_it(
    store: Store, desk: Desk, supervisors_desk: Desk, practitioner: Member, case: Case
) -> None:
    other = store.people.add(Member("", "supervisor", "sam", "Sam Ito", None), "test")
    whole = several(store, other, "supervision")
    file_all(store)
    supervisors_desk.supervision.file_for(whole.id, 1, practitioner.id)
    (made,) = desk.dividing.divide(whole.id, 1, [case.id], ["Kwame", "Leila"])
    note = store.notes.get(made)
    desk.submit(made, note.number)
    for each in (Desk(store, other), supervisors_desk):
        with pytest.raises(NotAllowedError, match="some of it is yours"):
            each.approve(made, note.number)


def test_it_goes_into_no_record_that_is_not_there(
    store: Store, supervisors_desk: Desk, own: Note, note: Note, young_person: Member
) -> None:
    room = supervisors_desk.supervision
    for nobody in (young_person.id, "0" * 32):
        with pytest.raises(UnknownError):
            room.file_for(own.id, own.number, nobody)
    with pytest.raises(StateError, match="only a supervision"):
        room.file_for(note.id, note.number, own.practitioner_id)
    gone = store.people.add(Member("", "practitioner", "left", "Lee Left", None), "test")
    store.own_records.of(gone.id)
    store.erasing.own_record(gone.id, "test")
    with pytest.raises(StateError, match="was erased"):
        room.file_for(own.id, own.number, gone.id)
    room.sign(own.id, own.number)
    with pytest.raises(StateError, match="signed already"):
        room.file_for(own.id, own.number, own.practitioner_id)


def test_only_the_worker_and_a_supervisor_read_a_workers_own_record(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, own: Note
) -> None:
    worker = own.practitioner_id
    for each in (desk, supervisors_desk):
        assert [note.id for note in each.supervision.record(worker).notes] == [own.id]
    theirs = Desk(store, colleague)
    with pytest.raises(UnknownError):
        theirs.supervision.record(worker)
    assert theirs.supervision.record(colleague.id).notes == []
    assert [each.id for each in theirs.supervision.workers()] == [colleague.id]
    assert {each.id for each in supervisors_desk.supervision.workers()} >= {worker, colleague.id}


def test_a_supervisor_of_another_team_does_not_open_a_workers_own_record(
    store: Store, supervisor: Member, practitioner: Member, own: Note
) -> None:
    other = store.people.add(Member("", "supervisor", "sam", "Sam Ito", None), "test")
    store.teams.add("North", [practitioner.id, supervisor.id], "test")
    store.teams.add("South", [other.id], "test")
    ours, theirs = Desk(store, supervisor), Desk(store, other)
    assert [each.id for each in ours.supervision.record(practitioner.id).notes] == [own.id]
    assert practitioner.id not in {each.id for each in theirs.supervision.workers()}
    tries = (
        lambda: theirs.read(own.id),
        lambda: theirs.supervision.record(practitioner.id),
        lambda: theirs.supervision.sign(own.id, own.number),
        lambda: theirs.supervision.file_for(own.id, own.number, other.id),
    )
    for each in tries:
        with pytest.raises(UnknownError):
            each()


def test_another_kind_of_note_is_not_signed(desk: Desk, note: Note) -> None:
    with pytest.raises(StateError, match="only a supervision is signed"):
        desk.supervision.sign(note.id, note.number)


def test_the_facts_of_a_supervision_can_be_put_right(desk: Desk, own: Note) -> None:
    number = desk.set_contact(own.id, own.number, Contact(place="the office"))
    assert desk.read(own.id).draft.contact.place == "the office"
    assert number == own.number + 1


def started(desk: Desk, worker: Member, at: int, *lines: str, next_on: Date | None = None) -> str:
    contact = Contact(date=Date(2025, 11, 5), start_time="12:00", next_on=next_on)
    texts = {"action": "\n".join(lines), "wellbeing": "I am well."}
    written = Written("supervision", contact, texts, at)
    note_id, new = desk.supervision.begin(worker.id, written, [])
    assert new
    return note_id


def test_a_supervision_begins_from_its_headings_in_the_workers_own_record(
    store: Store, supervisors_desk: Desk, practitioner: Member, case: Case
) -> None:
    contact = Contact(date=Date(2025, 11, 5), start_time="12:00")
    texts = {"wellbeing": "How was leave?\nHow is the caseload?"}
    written = Written("supervision", contact, texts, 1000)
    room = supervisors_desk.supervision
    note_id, new = room.begin(practitioner.id, written, [case.id])
    assert (note_id, False) == room.begin(practitioner.id, written, [case.id])
    note = store.notes.get(note_id)
    assert new
    assert is_own(note)
    assert note.practitioner_id == practitioner.id
    draft = supervisors_desk.read(note_id).draft
    assert [each.text for each in draft.statements] == [
        "Young people to talk about: Jordan.",
        "How was leave?",
        "How is the caseload?",
    ]
    assert {each.origin for each in draft.statements} == {Origin.SUPERVISOR}
    assert draft.contact.present == ("Amara Cole", "Ruth Adeyemi")
    with pytest.raises(UnknownError):
        room.begin(practitioner.id, written, ["0" * 32])


def test_last_times_actions_are_open_until_somebody_says_what_became_of_them(
    store: Store, desk: Desk, supervisors_desk: Desk, practitioner: Member
) -> None:
    first = started(desk, practitioner, 1000, "Book the course", "Take leave", "Ask for cover")
    note_id, room = started(desk, practitioner, 2000), desk.supervision
    page = desk.read(note_id)
    assert room.beside(store.notes.get(first), desk.read(first).draft).before is None
    before = room.beside(page.note, page.draft).before
    assert before is not None
    assert [each.action.what for each in before.open] == [
        "Book the course",
        "Take leave",
        "Ask for cover",
    ]
    said = zip(before.open, ("done", "not_done", "carried"), strict=True)
    for number, (each, outcome) in enumerate(said, start=1):
        supervisors_desk.supervision.follow(note_id, number, each.mark, outcome)
        with pytest.raises(StateError, match="said already"):
            room.follow(note_id, number + 1, each.mark, outcome)
    now = desk.read(note_id)
    left = room.beside(now.note, now.draft).before
    assert left is not None
    assert left.open == []
    assert [each.outcome for each in now.draft.followed] == ["done", "not_done", "carried"]
    third = desk.read(started(desk, practitioner, 3000))
    again = room.beside(third.note, third.draft).before
    assert again is not None
    assert [each.action.what for each in again.open] == ["Ask for cover"]
    with pytest.raises(StateError, match="choose what became"):
        room.follow(third.note.id, 1, again.open[0].mark, "forgotten")


def test_saying_what_became_of_an_action_voids_the_signatures(
    store: Store, desk: Desk, supervisors_desk: Desk, practitioner: Member
) -> None:
    started(desk, practitioner, 1000, "Book the course")
    note_id = started(desk, practitioner, 2000)
    desk.supervision.about_nobody(note_id, 1)
    for each in (desk, supervisors_desk):
        each.supervision.sign(note_id, 1)
    page = desk.read(note_id)
    before = desk.supervision.beside(page.note, page.draft).before
    assert before is not None
    desk.supervision.follow(note_id, 1, before.open[0].mark, "done")
    assert store.notes.get(note_id).state == "draft"


def test_the_next_supervision_is_told_to_both_when_it_is_near_or_late(
    desk: Desk, supervisors_desk: Desk, colleague: Member, store: Store, practitioner: Member
) -> None:
    started(desk, practitioner, 1000, next_on=Date(2025, 12, 3))
    for each in (desk, supervisors_desk):
        room = each.supervision
        assert room.coming(Date(2025, 11, 25)) == []
        for day, late in ((26, False), (30, False)):
            (found,) = room.coming(Date(2025, 11, day))
            assert (found.worker, found.late) == (practitioner, late)
        assert [found.late for found in room.coming(Date(2025, 12, 4))] == [True]
    assert Desk(store, colleague).supervision.coming(Date(2026, 1, 1)) == []
    started(desk, practitioner, 2000)
    assert desk.supervision.coming(Date(2026, 1, 1)) == []


def test_a_next_supervision_that_cannot_be_read_hides_no_other(
    store: Store, supervisors_desk: Desk, practitioner: Member, colleague: Member
) -> None:
    broken = started(Desk(store, practitioner), practitioner, 1000, next_on=Date(2025, 12, 3))
    started(Desk(store, colleague), colleague, 1000, next_on=Date(2025, 12, 4))
    mine = note_versions.c.note_id == broken
    with store.database.write() as connection:
        connection.execute(update(note_versions).where(mine).values(sealed=b"row2 no"))
    found = supervisors_desk.supervision.coming(Date(2025, 12, 1))
    assert [each.worker for each in found] == [colleague]
    assert store.database.alarm.damaged


def test_next_supervisions_are_found_in_as_many_looks_for_two_workers_as_for_one(
    store: Store, supervisor: Member, practitioner: Member, colleague: Member
) -> None:
    asked: list[str] = []
    event.listen(
        store.database.engine, "before_cursor_execute", lambda *each: asked.append(each[2])
    )
    counts = []
    for worker in (practitioner, colleague):
        started(Desk(store, worker), worker, 1000, next_on=Date(2025, 12, 3))
        asked.clear()
        found = Desk(store, supervisor).supervision.coming(Date(2025, 12, 1))
        counts.append((len(found), len(asked)))
    (one, looks), (two, again) = counts
    assert (one, two) == (1, 2)
    assert looks == again


def test_a_damaged_supervision_is_named_on_the_next_one_and_keeps_nobody_from_it(
    store: Store, desk: Desk, practitioner: Member
) -> None:
    first = started(desk, practitioner, 1000, "Book the course")
    page = desk.read(started(desk, practitioner, 2000))
    with store.database.write() as connection:
        mine = note_versions.c.note_id == first
        connection.execute(update(note_versions).where(mine).values(sealed=bytes(300)))
    before = desk.supervision.beside(page.note, page.draft).before
    assert before is not None
    assert (before.note.id, before.damaged, before.open) == (first, True, [])
    with pytest.raises(StateError, match="said already"):
        desk.supervision.follow(page.note.id, 1, "0" * 16, "done")
