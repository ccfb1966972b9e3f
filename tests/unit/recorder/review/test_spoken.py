"""Putting right what was misheard: who may, who was first, and what stood on the old words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recorder import correcting
from recorder.codec import encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.desk import Desk
from store.agreements import Said
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from transcribe.model import Segment, Transcript, Word

TEXT = "Then a boy called Tyrell came up."


@pytest.fixture
def heard(store: Store, note: Note, recording: Recording) -> Recording:
    """The note's recording: what its sentences stand on was heard from 1 to 2 seconds."""
    words = [Word(1000 + 100 * n, 1090 + 100 * n, f" {w}", 0.9) for n, w in enumerate(TEXT.split())]
    segments = (
        Segment(0, 900, "We met to go over the plan."),
        Segment(1000, 2000, TEXT, words=tuple(words)),
    )
    with store.database.write() as connection:
        payload = encode(Transcript("base", "0" * 64, "en", {}, 3000, segments))
        store.recordings.keep_transcript(connection, recording, payload)
        store.recordings.advance(connection, recording, "drafted", note_id=note.id)
    return store.recordings.get(recording.id)


def test_a_statement_on_misheard_words_is_flagged_and_nothing_is_rewritten(
    store: Store, desk: Desk, supervisors_desk: Desk, note: Note, heard: Recording
) -> None:
    supervisors_desk.transcripts.put_right(heard.id, 0, 1, TEXT.replace("Tyrell", "Darrell"))
    page = desk.read(note.id)
    flagged = {s.id: s.checks[0] for s in page.draft.statements if s.checks}
    assert list(flagged) == ["s3"]
    assert (flagged["s3"].code, flagged["s3"].level) == ("corrected", "look")
    assert flagged["s3"].message.endswith("put right by Ruth Adeyemi: look again.")
    assert page.note.number == 1
    mended = desk.save(note.id, 1, {"s3": "Then a boy called Darrell came up."})
    assert mended == 2
    assert not any(s.checks for s in desk.read(note.id).draft.statements)
    assert store.recordings.transcript(heard.id) is not None


def test_the_machines_words_stay_and_who_put_them_right_stands_beside_them(
    desk: Desk, practitioner: Member, heard: Recording
) -> None:
    desk.transcripts.put_right(heard.id, 0, 1, TEXT.replace("Tyrell", "Darrell"))
    spoken = desk.transcripts.of(heard.id)
    assert spoken is not None
    assert spoken.transcript.segments[1].text == TEXT
    (word,) = spoken.lines[1].put_right
    assert (word.heard, word.text, word.by) == ("Tyrell", "Darrell", practitioner.id)
    assert spoken.names == {practitioner.id: practitioner.name}


def test_the_second_of_two_is_told_and_overwrites_nothing(
    desk: Desk, supervisors_desk: Desk, heard: Recording
) -> None:
    desk.transcripts.put_right(heard.id, 0, 1, "Then Darrell came up.")
    with pytest.raises(StateError, match="put these words right while"):
        supervisors_desk.transcripts.put_right(heard.id, 0, 1, "Then Tyrone came up.")
    spoken = supervisors_desk.transcripts.of(heard.id)
    assert spoken is not None
    assert spoken.lines[1].text == "Then Darrell came up."


def test_other_words_of_the_recording_are_in_nobodys_way(
    desk: Desk, supervisors_desk: Desk, heard: Recording
) -> None:
    desk.transcripts.put_right(heard.id, 0, 1, "Then Darrell came up.")
    supervisors_desk.transcripts.put_right(heard.id, 0, 0, "We met to make a plan.")
    spoken = desk.transcripts.of(heard.id)
    assert spoken is not None
    assert [line.text for line in spoken.lines] == [
        "We met to make a plan.",
        "Then Darrell came up.",
    ]


def test_saving_what_stands_there_already_changes_nothing(
    store: Store, desk: Desk, heard: Recording
) -> None:
    desk.transcripts.put_right(heard.id, 0, 1, f"  {TEXT}\n")
    assert store.corrections.of(heard.id) == []


def test_who_may_only_read_is_told_so(
    store: Store, desk: Desk, colleague: Member, arrival: Arrival, heard: Recording
) -> None:
    with pytest.raises(UnknownError):  # of no case of theirs
        Desk(store, colleague).transcripts.put_right(heard.id, 0, 1, "x")
    theirs = replace(arrival, practitioner_id=colleague.id)  # on a case of this desk's
    made, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"other"]), theirs)
    said = Transcript("base", "0" * 64, "en", {}, 900, (Segment(0, 900, "We met."),))
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, made, encode(said))
    spoken = desk.transcripts.of(made.id)
    assert spoken is not None
    assert spoken.refused is not None
    with pytest.raises(NotAllowedError, match="another practitioner's recording"):
        desk.transcripts.put_right(made.id, 0, 0, "x")
    assert store.corrections.of(made.id) == []


@pytest.mark.parametrize("place", [-1, 2, 10**6])
def test_a_place_that_is_none_is_not_there(desk: Desk, heard: Recording, place: int) -> None:
    with pytest.raises(UnknownError):
        desk.transcripts.put_right(heard.id, 0, place, "x")


def test_nothing_is_put_right_once_the_agreement_was_taken_back(
    store: Store, desk: Desk, heard: Recording
) -> None:
    store.agreements.take_back(heard, Said("Jordan", "no", "today"), "test")
    with pytest.raises(NotAllowedError):
        desk.transcripts.put_right(heard.id, 0, 1, "x")


def test_the_audit_log_says_that_and_not_what(store: Store, desk: Desk, heard: Recording) -> None:
    desk.transcripts.put_right(heard.id, 0, 1, "Then Darrell came up.")
    (event,) = [e for e in store.audit.events() if e.action == "transcript corrected"]
    assert event.object == heard.id
    assert store.audit.verify()


def test_past_corrections_are_the_words_of_people_newest_first(
    store: Store, desk: Desk, case: Case, heard: Recording
) -> None:
    assert list(correcting.corrections_of(store, case.id)) == []
    desk.transcripts.put_right(heard.id, 0, 1, TEXT.replace("Tyrell", "Darrell"))
    desk.transcripts.put_right(heard.id, 1, 0, "We met to go over the pathway plan.")
    assert list(correcting.corrections_of(store, case.id)) == ["pathway", "Darrell"]
    whole = correcting.heard(store, heard.id)
    assert whole is not None
    assert whole.segments[1].text == "Then a boy called Darrell came up."


def test_what_was_put_right_is_checked_against_and_may_stop_a_note_until_somebody_answers(
    desk: Desk, note: Note, heard: Recording
) -> None:
    knife = "Then a boy called Tyrell came up with a knife."
    desk.transcripts.put_right(heard.id, 0, 1, knife)
    number = desk.save(note.id, 1, {"s3": knife})
    before = {s.id: s.checks for s in desk.read(note.id).draft.statements}["s3"]
    assert not any(check.blocks for check in before)
    desk.transcripts.put_right(heard.id, 1, 1, TEXT)  # it was no knife after all
    flagged = {s.id: s.checks for s in desk.read(note.id).draft.statements}["s3"]
    assert "corrected" in {check.code for check in flagged}
    assert any(check.blocks for check in flagged)
    with pytest.raises(StateError, match="must be put right first"):
        desk.submit(note.id, number)
    number = desk.checking.confirm(note.id, number, "s3", "I was there and saw it")
    again = {s.id: s.checks for s in desk.read(note.id).draft.statements}["s3"]
    assert [check.code for check in again] == [check.code for check in flagged]
    assert not any(check.blocks for check in again)
    desk.submit(note.id, number)
