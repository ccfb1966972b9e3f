"""The living summary: lines of approved notes and of nothing else, newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import update

from recorder.codec import decode_living, encode
from recorder.errors import StateError, UnknownError
from recorder.living import drawn
from recorder.review.desk import Desk
from recorder.review.standing import Standing
from store.agreements import Said
from store.cases import Case
from store.errors import ErasedError
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from store.tables import notes
from tests.listening import hear_all
from tests.sharing import show_them
from transcribe.model import (
    Action,
    Contact,
    Draft,
    Origin,
    Segment,
    Source,
    Statement,
    Transcript,
)

Approve = Callable[..., Note]


@pytest.fixture
def approve(
    store: Store, case: Case, practitioner: Member, desk: Desk, supervisors_desk: Desk
) -> Approve:
    """Makes a note of sentences by section, and has it approved."""

    def made(day: int, source: Source | None = None, **said: str) -> Note:
        stands = source or Source(typed_by=practitioner.id)
        statements = tuple(
            Statement(f"s{n}", section, text, Origin.PRACTITIONER, None, (stands,))
            for n, (section, text) in enumerate(said.items())
        )
        actions = tuple(
            Action(s.text, "Amara", date(2026, 11, 20 - day), s.sources)
            for s in statements
            if s.section == "action"
        )
        draft = Draft("case_note", Contact(), statements, actions)
        new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, day, 0)
        with store.database.write() as connection:
            note_id = store.notes.create(connection, new, encode(draft), None)
        desk.submit(note_id, 1)
        hear_all(supervisors_desk, note_id)
        supervisors_desk.approve(note_id, 1)
        return store.notes.get(note_id)

    return made


def lines(found: Standing) -> dict[str, list[str]]:
    return {part.section.key: [line.text for _, line in part.lines] for part in found.parts}


def test_nothing_stands_before_a_note_is_approved(desk: Desk, case: Case, note: Note) -> None:
    found = desk.summaries.of(case.id)
    assert found.number == 0
    assert not any(lines(found).values())
    assert [row.note.id for row in found.notes] == [note.id]


def test_each_line_is_a_line_of_an_approved_note_the_newest_first(
    desk: Desk, case: Case, note: Note, approve: Approve
) -> None:
    first = approve(1, purpose="College.", worry="Messages.", young_person_words="I hate it.")
    second = approve(2, worry="A new phone.", strength="He is at college.", analysis="I think so.")
    found = desk.summaries.of(case.id)
    assert lines(found) == {
        "working_on": ["College."],
        "changed": ["He is at college."],
        "safety": ["A new phone.", "Messages."],
        "open_actions": [],
        "their_words": ["I hate it."],
    }
    assert found.number == found.newest == 2
    taken = {line.text: line.note for part in found.parts for _, line in part.lines}
    assert (taken["Messages."], taken["A new phone."]) == (first.id, second.id)
    assert note.id not in taken.values()


def test_it_is_bounded_but_for_what_is_still_to_be_done(
    desk: Desk, case: Case, approve: Approve
) -> None:
    for day in range(1, 10):
        approve(day, worry=f"Worry {day}.", action=f"Ring {day}.")
    found = lines(desk.summaries.of(case.id))
    assert found["safety"] == [f"Worry {day}." for day in range(9, 3, -1)]
    assert found["open_actions"] == [f"Ring {day}." for day in range(9, 0, -1)]  # due first


def test_what_is_done_falls_off_and_stays_off(
    store: Store, desk: Desk, case: Case, approve: Approve
) -> None:
    approve(1, action="Ring his tutor.")
    approve(2, action="See his nan.")
    found = desk.summaries.of(case.id)
    places = {line.text: place for part in found.parts for place, line in part.lines}
    desk.summaries.done(case.id, found.number, places["Ring his tutor."])
    approve(3, worry="Messages.")
    after = desk.summaries.of(case.id)
    assert lines(after)["open_actions"] == ["See his nan."]
    assert after.number == 4
    newest = store.summaries.newest(case.id)
    assert newest is not None
    (done,) = decode_living(newest.payload).done
    assert "tutor" not in done.mark


def test_who_comes_second_is_told(
    desk: Desk, supervisors_desk: Desk, case: Case, approve: Approve
) -> None:
    approve(1, action="Ring his tutor.")
    approve(2, action="See his nan.")
    desk.summaries.done(case.id, 2, 0)
    with pytest.raises(StateError, match="changed while you had it open"):
        supervisors_desk.summaries.done(case.id, 2, 0)
    with pytest.raises(UnknownError):
        supervisors_desk.summaries.done(case.id, 3, 7)


def test_what_was_said_to_be_done_can_be_put_back(
    desk: Desk, supervisors_desk: Desk, case: Case, approve: Approve
) -> None:
    approve(1, action="Ring his tutor.")
    before = desk.summaries.of(case.id)
    (place,) = (at for part in before.parts for at, line in part.lines if "tutor" in line.text)
    assert before.done == []
    desk.summaries.done(case.id, before.number, place)
    now = desk.summaries.of(case.id)
    ((name, line),) = now.done
    assert line.text == "Ring his tutor."
    assert "tutor" not in name
    with pytest.raises(StateError, match="changed while you had it open"):
        desk.summaries.undone(case.id, before.number, name)
    with pytest.raises(UnknownError):
        desk.summaries.undone(case.id, now.number, "x")
    supervisors_desk.summaries.undone(case.id, now.number, name)
    again = desk.summaries.of(case.id)
    assert (again.done, again.number) == ([], now.number + 1)
    assert [each.lines for each in again.parts] == [each.lines for each in before.parts]


def test_only_actions_can_be_done(desk: Desk, case: Case, approve: Approve) -> None:
    approve(1, worry="Messages.")
    with pytest.raises(UnknownError):
        desk.summaries.done(case.id, 1, 0)


@pytest.mark.parametrize("how", ["edited", "returned"])
def test_a_note_that_is_not_approved_any_more_drops_out_at_once(
    desk: Desk, supervisors_desk: Desk, case: Case, approve: Approve, how: str
) -> None:
    made = approve(1, worry="Messages.")
    if how == "edited":
        desk.save(made.id, 1, {"s0": "Two messages."})
    else:
        supervisors_desk.return_(made.id, 1, "Not so.")
    assert lines(desk.summaries.of(case.id))["safety"] == []
    old = desk.summaries.of(case.id, 1)
    assert lines(old)["safety"] == []
    assert old.fallen == 1


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
def test_what_stands_on_a_recording_that_is_gone_drops_out_at_once(
    store: Store, desk: Desk, case: Case, approve: Approve, recording: Recording, how: str
) -> None:
    approve(1, Source(recording.id, 0, 900), worry="Messages.")
    if how == "withdrawn":
        store.agreements.take_back(recording, Said("Jordan", "no", "today"), "test")
    else:
        store.erasing.recording(recording.id, "dpo")
    found = desk.summaries.of(case.id)
    assert lines(found)["safety"] == []
    assert found.fallen == 1


def test_sharing_an_approved_note_is_no_new_version(
    store: Store, desk: Desk, case: Case, approve: Approve
) -> None:
    made = approve(1, purpose="We met.")
    show_them(store, desk, made.id, 1, ["s0"])
    assert desk.summaries.of(case.id).newest == 1


def test_it_is_seen_by_the_cases_practitioner_and_supervisors_alone(
    store: Store, colleague: Member, young_desk: Desk, case: Case, approve: Approve
) -> None:
    approve(1, purpose="We met.")
    with pytest.raises(UnknownError):
        Desk(store, colleague).summaries.of(case.id)
    with pytest.raises(UnknownError):
        assert young_desk.summaries


def test_a_case_that_is_none_or_erased_has_none(
    store: Store, supervisors_desk: Desk, case: Case, approve: Approve
) -> None:
    with pytest.raises(UnknownError):
        supervisors_desk.summaries.of("0" * 32)
    approve(1, purpose="We met.")
    store.erasing.case(case.id, "dpo")
    with pytest.raises(UnknownError):
        supervisors_desk.summaries.of(case.id)
    with pytest.raises(ErasedError):
        store.summaries.of(case.id)


def test_its_reading_is_in_the_audit_log(store: Store, desk: Desk, case: Case) -> None:
    desk.summaries.of(case.id)
    assert [e.object for e in store.audit.events() if e.action == "living summary read"] == [
        case.id
    ]


def test_an_answer_for_a_sentence_takes_the_note_out_of_the_next_version(
    store: Store, desk: Desk, case: Case, approve: Approve, recording: Recording
) -> None:
    segment = Segment(0, 900, "He had a knife.", probability=0.9)
    with store.database.write() as connection:
        heard = encode(Transcript("base", "0" * 64, "en", {}, 900, (segment,)))
        store.recordings.keep_transcript(connection, recording, heard)
    made = approve(1, Source(recording.id, 0, 900), worry="He had a knife.")
    desk.transcripts.put_right(recording.id, 0, 0, "He had a life.")
    desk.checking.confirm(made.id, 1, "s0", "I saw it myself.")
    found = desk.summaries.of(case.id)
    assert (found.newest, found.fallen) == (2, 0)
    assert lines(found)["safety"] == []


def test_a_note_that_is_filed_again_is_not_in_the_next_version(
    store: Store, desk: Desk, case: Case, approve: Approve, recording: Recording
) -> None:
    made = approve(1, Source(recording.id, 0, 900), worry="He had a knife.")
    segment = Segment(0, 900, "He had a knife.", "Speaker 1", probability=0.9)
    with store.database.write() as connection:
        heard = encode(Transcript("base", "0" * 64, "en", {}, 900, (segment,)))
        store.recordings.keep_transcript(connection, recording, heard)
        store.recordings.advance(connection, recording, "drafted", note_id=made.id)
    desk.naming.file_again(recording.id, 1, "Europe/London")
    assert store.notes.get(made.id).state == "draft"
    found = desk.summaries.of(case.id)
    assert (found.newest, found.fallen) == (2, 0)


def test_that_there_is_a_picture_is_no_change_in_the_work(note: Note) -> None:
    def said(text: str, source: Source) -> Statement:
        return Statement("s", "what_happened", text, Origin.MACHINE, None, (source,))

    pictures = [said(f"A picture was added, {n}.", Source(f"r{n}")) for n in range(9)]
    drew = said("He drew his home.", Source("r0", 0, 900))
    lines = drawn([(note, Draft("case_note", Contact(), (*pictures, drew)))], set())
    assert [line.text for line in lines] == ["He drew his home."]


def test_a_note_that_does_not_open_hides_only_its_own_lines(
    store: Store, desk: Desk, case: Case, approve: Approve
) -> None:
    broken, whole = approve(1, purpose="College."), approve(2, worry="Messages.")
    with store.database.write() as connection:
        connection.execute(update(notes).where(notes.c.id == broken.id).values(number=7))
    found = desk.summaries.of(case.id)
    assert lines(found)["safety"] == ["Messages."]
    assert found.fallen == 1
    assert [row.note.id for row in found.notes] == [whole.id, broken.id]


def test_a_case_with_many_notes_is_read_a_page_at_a_time_each_note_once(
    store: Store, desk: Desk, case: Case, practitioner: Member
) -> None:
    with store.database.write() as connection:
        for number in range(60):
            at = 1000 * (number // 2)  # two of each moment
            new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, at, 0)
            store.notes.create(connection, new, encode(Draft("case_note", Contact(), ())), None)
    read, before, pages = list[Note](), None, 0
    while pages == 0 or before is not None:
        found = desk.summaries.of(case.id, before=before)
        read += [row.note for row in found.notes]
        before, pages = found.further, pages + 1
    assert pages == 3
    assert len({each.id for each in read}) == len(read) == 60
    assert [each.contact_at for each in read] == sorted(
        (each.contact_at for each in read), reverse=True
    )
