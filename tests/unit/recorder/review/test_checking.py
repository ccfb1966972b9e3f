"""What people write is checked against what was said; what a check stops, a person may answer for."""

from dataclasses import replace

import pytest

from recorder.codec import decode_draft, encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.desk import Desk
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from tests.listening import hear_all
from tests.sharing import show_them
from transcribe.model import (
    Check,
    Contact,
    Draft,
    Origin,
    Segment,
    Source,
    Statement,
    Transcript,
)

BLOCK = Check("harm_added", "block", "“gun” was not said here.")


@pytest.fixture
def note(
    store: Store, case: Case, practitioner: Member, recording: Recording, draft: Draft
) -> Note:
    """A note whose recording was heard: its statements stand on the second segment."""
    segments = (
        Segment(0, 900, "Right, he had a knife on Friday.", probability=0.9),
        Segment(1000, 2000, "Then Tyrell said he was not hit.", probability=0.9),
    )
    heard = Transcript("base", "0" * 64, "en", {}, 2000, segments)
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
        store.recordings.keep_transcript(connection, recording, encode(heard))
        store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    return store.notes.get(note_id)


def statement(store: Store, note: Note, number: int, statement_id: str = "s3") -> Statement:
    draft = decode_draft(store.notes.version(note.id, number).payload)
    return next(each for each in draft.statements if each.id == statement_id)


def codes(store: Store, note: Note, number: int, statement_id: str = "s3") -> list[str]:
    return [each.code for each in statement(store, note, number, statement_id).checks]


def test_a_change_that_says_what_was_said_is_let_be(store: Store, desk: Desk, note: Note) -> None:
    number = desk.save(note.id, 1, {"s3": "Tyrell said that he was not hit."})
    assert codes(store, note, number) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tyrell said he was hit.", "negation"),
        ("Darren said he was not hit.", "name"),
        ("Tyrell said he was not hit and had a gun.", "harm_added"),
        ("Tyrell was putting himself at risk, and was not hit.", "wording"),
    ],
)
def test_a_change_that_says_something_else_is_marked(
    store: Store, desk: Desk, note: Note, text: str, code: str
) -> None:
    number = desk.save(note.id, 1, {"s3": text})
    assert code in codes(store, note, number)
    assert codes(store, note, number, "s2") == []  # what nobody changed stays as it was


def test_a_persons_own_sentence_is_checked_for_its_wording_alone(
    store: Store, desk: Desk, note: Note
) -> None:
    number = desk.save(note.id, 1, {}, [("worry", "He absconded with a gun.")])
    assert codes(store, note, number, f"v{number}-1") == ["wording"]


def test_what_cannot_be_compared_says_so(
    store: Store, desk: Desk, case: Case, practitioner: Member, draft: Draft
) -> None:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        bare = store.notes.create(connection, new, encode(draft), None)
    number = desk.save(bare, 1, {"s3": "Tyrell was hit."})
    assert codes(store, store.notes.get(bare), number) == ["unheard"]


def test_harm_that_was_said_and_is_nowhere_in_the_note_is_told(desk: Desk, note: Note) -> None:
    (left_out,) = [each for each in desk.read(note.id).remarks if each.code == "omission"]
    assert "knife" in left_out.message
    assert left_out.source is not None
    assert (left_out.source.start_ms, left_out.source.end_ms) == (0, 900)
    number = desk.save(note.id, 1, {}, [("worry", "He had a knife on Friday.")])
    assert desk.read(note.id).note.number == number
    assert "omission" not in [each.code for each in desk.read(note.id).remarks]


def test_a_sentence_that_is_stopped_stops_the_note_until_it_is_mended(
    store: Store, desk: Desk, note: Note
) -> None:
    number = desk.save(note.id, 1, {"s3": "Tyrell said he was not hit and had a gun."})
    with pytest.raises(StateError, match="one sentence must be put right"):
        desk.submit(note.id, number)
    number = desk.save(note.id, number, {"s3": "Tyrell said he was not hit."})
    desk.submit(note.id, number)
    assert store.notes.get(note.id).state == "submitted"


def test_a_sentence_that_somebody_answers_for_may_stand_and_that_is_kept(
    store: Store, desk: Desk, supervisors_desk: Desk, note: Note, practitioner: Member
) -> None:
    number = desk.save(note.id, 1, {"s3": "Tyrell said he was not hit and had a gun."})
    number = desk.checking.confirm(note.id, number, "s3", "Tyrell showed it to me.")
    desk.submit(note.id, number)
    page = supervisors_desk.read(note.id)
    (answered,) = [c for c in statement(store, note, number).checks if c.confirmed]
    assert answered.confirmed is not None
    assert answered.confirmed.by == practitioner.id
    assert answered.confirmed.why == "Tyrell showed it to me."
    kept = [each for each in page.decisions if each.kind == "confirmed"]
    assert [(each.actor_id, each.payload) for each in kept] == [
        (practitioner.id, b"Tyrell showed it to me.")
    ]
    assert f"note confirmed at version {number}" in [e.action for e in store.audit.events()]
    hear_all(supervisors_desk, note.id)
    supervisors_desk.approve(note.id, number)


def test_an_answer_falls_away_with_the_words_that_it_was_for(
    store: Store, desk: Desk, note: Note
) -> None:
    number = desk.save(note.id, 1, {"s3": "Tyrell said he was not hit and had a gun."})
    number = desk.checking.confirm(note.id, number, "s3", "He showed it to me.")
    number = desk.save(note.id, number, {"s2": "He said no."})
    assert [c.confirmed is not None for c in statement(store, note, number).checks if c.level == "block"] == [True]  # fmt: skip
    number = desk.save(note.id, number, {"s3": "Tyrell said he was not hit and had two guns."})
    with pytest.raises(StateError, match="put right"):
        desk.submit(note.id, number)


def test_nothing_is_answered_without_a_reason_without_a_block_or_on_an_older_version(
    desk: Desk, note: Note
) -> None:
    number = desk.save(note.id, 1, {"s3": "Tyrell said he was not hit and had a gun."})
    with pytest.raises(StateError, match="write something"):
        desk.checking.confirm(note.id, number, "s3", "  ")
    for wrong in ("s1", "none"):
        with pytest.raises(StateError, match="nothing to answer for"):
            desk.checking.confirm(note.id, number, wrong, "I was there.")
    with pytest.raises(StateError, match="changed while"):
        desk.checking.confirm(note.id, 1, "s3", "I was there.")


def test_only_who_may_change_a_note_may_answer_for_it(
    store: Store, desk: Desk, note: Note, colleague: Member, young_person: Member
) -> None:
    number = desk.save(note.id, 1, {"s3": "Tyrell said he was not hit and had a gun."})
    with pytest.raises((NotAllowedError, UnknownError)):
        Desk(store, colleague).checking.confirm(note.id, number, "s3", "I say so.")
    with pytest.raises(UnknownError):
        _ = Desk(store, young_person).checking


def test_a_supervisor_who_answers_has_written_and_cannot_approve(
    desk: Desk, supervisors_desk: Desk, note: Note
) -> None:
    number = desk.save(note.id, 1, {"s3": "Tyrell said he was not hit and had a gun."})
    number = supervisors_desk.checking.confirm(note.id, number, "s3", "The police told me.")
    desk.submit(note.id, number)
    with pytest.raises(NotAllowedError, match="some of it is yours"):
        supervisors_desk.approve(note.id, number)


def test_a_note_that_is_stopped_cannot_be_approved_however_it_was_handed_in(
    store: Store, supervisors_desk: Desk, case: Case, practitioner: Member, draft: Draft
) -> None:
    flagged = replace(draft.statements[0], checks=(BLOCK,))
    payload = encode(replace(draft, statements=(flagged, *draft.statements[1:])))
    new = Note("", case.id, case.id, practitioner.id, "case_note", "submitted", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, payload, None)
    with pytest.raises(StateError, match="put right"):
        supervisors_desk.approve(note_id, 1)


def test_what_was_put_right_after_the_approval_is_not_offered_to_the_young_person(
    store: Store, desk: Desk, supervisors_desk: Desk, case: Case, note: Note, recording: Recording
) -> None:
    said = Statement("s1", "what_happened", "Then Jordan said he was not hit.", Origin.MACHINE, None, (Source(recording.id, 1000, 2000),))  # fmt: skip
    new = Note("", case.id, case.id, note.practitioner_id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        made = store.notes.create(
            connection, new, encode(Draft("case_note", Contact(), (said,))), None
        )
    desk.submit(made, 1)
    hear_all(supervisors_desk, made)
    supervisors_desk.approve(made, 1)
    assert [each.id for each in desk.preparing.offered(made).lines] == ["s1"]
    desk.transcripts.put_right(recording.id, 0, 1, "Then Jordan said he was now hit.")
    assert desk.preparing.offered(made).held_back == (("s1", "it has something to check"),)
    with pytest.raises(NotAllowedError):
        show_them(store, desk, made, 1, ["s1"])


def test_an_answer_for_one_word_is_none_for_another_that_was_put_right_since(
    desk: Desk, note: Note, recording: Recording
) -> None:
    desk.transcripts.put_right(recording.id, 0, 1, "Then Tyrell said he was not hit by the knife.")
    number = desk.save(
        note.id, 1, {"s3": "Tyrell said he was not hit by the knife, and had a gun."}
    )
    number = desk.checking.confirm(note.id, number, "s3", "He showed me the gun.")
    desk.transcripts.put_right(recording.id, 1, 1, "Then Tyrell said he was not hit by the knight.")
    with pytest.raises(StateError, match="put right"):
        desk.submit(note.id, number)
