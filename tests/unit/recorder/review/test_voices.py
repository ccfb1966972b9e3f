"""Voices of a supervision are named by people; nobody's work on the note is lost by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recorder.codec import decode_draft, encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.noting import told
from recorder.review.desk import Desk
from recorder.review.sight import Sight
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from transcribe.corrected import Correction
from transcribe.model import Draft, Segment, Transcript
from transcribe.spoken import UNSURE, label

ZONE = "Europe/London"
LINES = (
    (0, "Let's start then, how are you doing in yourself?"),
    (1, "I'm tired, I haven't been sleeping."),
    (0, "So my decision is we don't close this yet, because the police are still looking into it."),
    (None, "Somebody is at the door."),
)


@pytest.fixture
def talk(store: Store, arrival: Arrival, supervisor: Member) -> Recording:
    """A supervision in which nobody says a name, and its note as the machine made it."""
    assert supervisor.name == "Ruth Adeyemi"
    kind = replace(arrival, note_kind="supervision")
    recording, _ = store.recordings.register(store.recordings.seal(kind.scope, [b"talk"]), kind)
    segments = tuple(
        Segment(5000 * n, 5000 * n + 4000, text, label(voice))
        for n, (voice, text) in enumerate(LINES)
    )
    with store.database.write() as connection:
        heard = encode(Transcript("base", "0" * 64, "en", {}, 20_000, segments))
        store.recordings.keep_transcript(connection, recording, heard)
    made, at = told(store, recording, "supervision", ZONE)
    scope = (recording.scope, recording.case_id, recording.practitioner_id)
    with store.database.write() as connection:
        new = Note("", *scope, "supervision", "draft", 0, at, 0)
        note_id = store.notes.create(connection, new, encode(made), None)
        store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    return store.recordings.get(recording.id)


def noted(store: Store, talk: Recording) -> tuple[Note, Draft]:
    assert talk.note_id is not None
    note = store.notes.get(talk.note_id)
    return note, decode_draft(store.notes.version(note.id, note.number).payload)


def speakers(store: Store, talk: Recording) -> list[str | None]:
    return [each.speaker for each in noted(store, talk)[1].statements]


def writers_of(store: Store, talk: Recording) -> frozenset[str]:
    reader = store.people.get(talk.practitioner_id)
    return Sight(store, reader).standing(noted(store, talk)[0]).writers


def voice(place: int, name: str, *, every: bool = True) -> Correction:
    return Correction(place, None, speaker=name, every=every)


def test_each_voice_is_shown_with_where_it_speaks_some_seconds(desk: Desk, talk: Recording) -> None:
    found = desk.naming.of(talk.id)
    assert [(each.label, each.name, each.by) for each in found.found] == [
        ("Speaker 1", "Speaker 1", None),
        ("Speaker 2", "Speaker 2", None),
    ]
    assert found.found[1].start_ms == 5000
    assert found.lines == ["Speaker 1", "Speaker 2", "Speaker 1", UNSURE]
    assert {"Amara Cole", "Ruth Adeyemi"} <= set(found.people)
    assert (found.number, found.refused, found.edited) == (0, None, False)


def test_a_name_files_the_note_again_and_the_machines_label_stays(
    store: Store, desk: Desk, talk: Recording
) -> None:
    assert set(speakers(store, talk)) == {"Speaker 1", "Speaker 2", UNSURE}
    before = store.recordings.transcript(talk.id)
    desk.naming.say(talk.id, 0, voice(0, " Ruth   Adeyemi "), ZONE)
    desk.naming.say(talk.id, 1, voice(1, "Amara Cole"), ZONE)
    note, made = noted(store, talk)
    assert set(speakers(store, talk)) == {"Ruth Adeyemi", "Amara Cole", UNSURE}
    whose = {each.text: each.speaker for each in made.statements}
    assert whose[LINES[1][1]] == "Amara Cole"
    assert whose[LINES[2][1]] == "Ruth Adeyemi"
    assert store.notes.authors(note.id, note.number) == [None, None, None]
    assert [each.by for each in desk.naming.of(talk.id).found] == ["Amara Cole", "Amara Cole"]
    assert store.recordings.transcript(talk.id) == before
    marked = [each.speaker for each in made.statements if each.checks]
    assert marked == [UNSURE]


def test_one_line_can_be_given_to_somebody_else(store: Store, desk: Desk, talk: Recording) -> None:
    desk.naming.say(talk.id, 0, voice(3, "Tyrell", every=False), ZONE)
    found = desk.naming.of(talk.id)
    assert found.lines == ["Speaker 1", "Speaker 2", "Speaker 1", "Tyrell"]
    assert found.by_hand == {3}
    assert "Tyrell" in speakers(store, talk)


def test_what_somebody_changed_in_the_note_stays_until_it_is_filed_again(
    store: Store, desk: Desk, talk: Recording
) -> None:
    note, made = noted(store, talk)
    desk.save(note.id, note.number, {made.statements[0].id: "We began."})
    desk.naming.say(talk.id, 0, voice(0, "Ruth Adeyemi"), ZONE)
    after, kept = noted(store, talk)
    assert after.number == note.number + 1
    assert kept.statements[0].text == "We began."
    assert desk.naming.of(talk.id).edited
    desk.naming.file_again(talk.id, after.number, ZONE)
    again, filed = noted(store, talk)
    assert again.number == after.number + 1
    assert "Ruth Adeyemi" in {each.speaker for each in filed.statements}
    assert "We began." not in {each.text for each in filed.statements}
    assert store.notes.authors(again.id, again.number)[-1] == desk.person.id


def test_what_was_typed_into_the_note_is_there_after_it_is_filed_again(
    store: Store, desk: Desk, talk: Recording
) -> None:
    note, _ = noted(store, talk)
    desk.save(note.id, note.number, {}, [("what_happened", "Typed by hand.")])
    desk.naming.file_again(talk.id, 2, ZONE)
    assert "Typed by hand." in {each.text for each in noted(store, talk)[1].statements}


def test_what_was_taken_out_stays_kept_when_what_was_said_is_filed_again(
    store: Store, desk: Desk, talk: Recording
) -> None:
    note, made = noted(store, talk)
    desk.save(note.id, note.number, {}, removed={made.statements[0].id: "Said twice."})
    desk.naming.file_again(talk.id, 2, ZONE)
    assert [(e.statement, e.why) for e in noted(store, talk)[1].removed] == [
        (made.statements[0], "Said twice.")
    ]


def test_what_somebody_changed_since_the_page_was_read_is_not_filed_away(
    store: Store, desk: Desk, supervisors_desk: Desk, talk: Recording
) -> None:
    note, made = noted(store, talk)
    desk.save(note.id, 1, {made.statements[0].id: "We began."})
    seen = desk.naming.of(talk.id).note_number
    supervisors_desk.save(note.id, seen, {made.statements[0].id: "We began late."})
    with pytest.raises(StateError, match="changed while you had it open"):
        desk.naming.file_again(talk.id, seen, ZONE)
    assert noted(store, talk)[1].statements[0].text == "We began late."


def test_what_went_into_notes_of_their_own_is_not_filed_back_into_the_whole(
    store: Store, desk: Desk, case: Case, talk: Recording
) -> None:
    note, made = noted(store, talk)
    desk.save(note.id, 1, {made.statements[1].id: f"{case.details.name} was seen."})
    desk.dividing.divide(note.id, 2, [case.id], [])
    whole, own = noted(store, talk)
    with pytest.raises(StateError, match="note of their own"):
        desk.naming.file_again(talk.id, whole.number, ZONE)
    assert noted(store, talk) == (whole, own)


def test_of_two_at_once_the_second_is_told(
    desk: Desk, supervisors_desk: Desk, talk: Recording
) -> None:
    desk.naming.say(talk.id, 0, voice(0, "Ruth Adeyemi"), ZONE)
    with pytest.raises(StateError):
        supervisors_desk.naming.say(talk.id, 0, voice(0, "Somebody"), ZONE)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, UNSURE])
def test_no_name_is_no_answer(desk: Desk, talk: Recording, name: str) -> None:
    with pytest.raises(StateError):
        desk.naming.say(talk.id, 0, voice(0, name), ZONE)


@pytest.mark.parametrize("place", [-1, 4, 99])
def test_a_place_that_is_none_is_not_found(desk: Desk, talk: Recording, place: int) -> None:
    with pytest.raises(UnknownError):
        desk.naming.say(talk.id, 0, voice(place, "Ruth"), ZONE)


def test_nobody_from_outside_names_a_voice(
    store: Store, colleague: Member, talk: Recording
) -> None:
    with pytest.raises((UnknownError, NotAllowedError)):
        Desk(store, colleague).naming.say(talk.id, 0, voice(0, "Ruth"), ZONE)


def test_who_named_a_voice_stands_in_the_audit_log(
    store: Store, desk: Desk, talk: Recording
) -> None:
    desk.naming.say(talk.id, 0, voice(0, "Ruth Adeyemi"), ZONE)
    events = [each for each in store.audit.events() if each.action == "transcript corrected"]
    assert [(each.actor, each.object) for each in events] == [(desk.person.id, talk.id)]


def test_a_dictation_has_no_voices(store: Store, desk: Desk, recording: Recording) -> None:
    with store.database.write() as connection:
        heard = Transcript("base", "0" * 64, "en", {}, 900, (Segment(0, 900, "It was Monday."),))
        store.recordings.keep_transcript(connection, recording, encode(heard))
    found = desk.naming.of(recording.id)
    assert (found.found, found.lines) == ([], [None])
    with pytest.raises(UnknownError):
        desk.naming.say(recording.id, 0, voice(0, "Amara Cole"), ZONE)


@pytest.mark.usefixtures("every_look_later")
def test_whose_words_it_was_filed_from_has_written_some_of_it(
    store: Store, desk: Desk, supervisors_desk: Desk, supervisor: Member, talk: Recording
) -> None:
    supervisors_desk.transcripts.put_right(talk.id, 0, 1, "I'm fine, I have been sleeping.")
    assert supervisor.id not in writers_of(store, talk)  # it says what it said before
    desk.naming.say(talk.id, 1, voice(0, "Ruth Adeyemi"), ZONE)
    assert "I'm fine, I have been sleeping." in {s.text for s in noted(store, talk)[1].statements}
    assert supervisor.id in writers_of(store, talk)


@pytest.mark.usefixtures("every_look_later")
def test_so_has_whose_words_it_was_filed_from_again(
    store: Store, desk: Desk, supervisors_desk: Desk, supervisor: Member, talk: Recording
) -> None:
    note, _ = noted(store, talk)
    desk.save(note.id, 1, {}, [("what_happened", "Typed by hand.")])
    supervisors_desk.transcripts.put_right(talk.id, 0, 1, "I'm fine, I have been sleeping.")
    assert supervisor.id not in writers_of(store, talk)
    desk.naming.file_again(talk.id, 2, ZONE)
    assert supervisor.id in writers_of(store, talk)
    (filed,) = [each for each in desk.read(note.id).decisions if each.kind == "filed"]
    assert (filed.actor_id, filed.number) == (desk.person.id, 3)
