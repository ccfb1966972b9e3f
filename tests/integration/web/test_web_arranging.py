"""Moving a note's sentences about and taking them out, by plain forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.codec import decode_draft, encode
from recorder.review.desk import Desk
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Arrival
from store.store import Store
from transcribe.model import Contact, Draft, Origin, Segment, Source, Statement, Transcript, Word

Form = Callable[..., dict[str, str]]


def now(store: Store, note: Note) -> Draft:
    newest = store.notes.get(note.id)
    return decode_draft(store.notes.version(note.id, newest.number).payload)


@pytest.fixture
def approved(store: Store, note: Note, practitioner: Member, supervisor: Member) -> Note:
    Desk(store, practitioner).submit(note.id, 1)
    Desk(store, supervisor).approve(note.id, 1)
    return store.notes.get(note.id)


def test_a_sentence_put_under_another_heading_takes_the_approval_away_and_stays_whose_it_was(
    store: Store, amara: TestClient, approved: Note, form: Form, practitioner: Member
) -> None:
    where = f"/notes/{approved.id}/sentences/s3"
    page = amara.get(where).text
    assert "Any change makes this a draft again" in page
    assert '<option value="worry">Worries and safety</option>' in page
    answer = amara.post(f"{where}/move", data=form(amara, number="1", under="worry"))
    assert answer.headers["location"] == f"/notes/{approved.id}?moved=s3#s-s3"
    moved = next(each for each in now(store, approved).statements if each.id == "s3")
    assert (moved.section, moved.origin.value) == ("worry", "machine")
    assert store.notes.get(approved.id).state == "draft"
    assert store.notes.authors(approved.id, 2) == [None, practitioner.id]
    shown = amara.get(f"/notes/{approved.id}?moved=s3").text
    assert shown.count('<details class="app-ways" open>') == 1
    assert "(was under What happened)" in amara.get(f"/notes/{approved.id}/versions").text


def test_sentences_change_places_by_a_button_on_the_note(
    store: Store, amara: TestClient, note: Note, form: Form
) -> None:
    amara.post(f"/notes/{note.id}/sentences/s3/move", data=form(amara, number="1", under="worry"))
    page = amara.get(f"/notes/{note.id}").text
    down = f'formaction="/notes/{note.id}/sentences/s3/move" name="by" value="down"'
    assert down in page
    assert f'formaction="/notes/{note.id}/sentences/s3/move" name="by" value="up"' not in page
    amara.post(f"/notes/{note.id}/sentences/s3/move", data=form(amara, number="2", by="down"))
    assert [each.id for each in now(store, note).statements] == ["s1", "s2", "s4", "s3"]


def test_what_is_taken_out_is_shown_with_the_reason_to_whoever_approves(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    where = f"/notes/{note.id}/sentences/s2"
    empty = amara.post(f"{where}/remove", data=form(amara, number="1") | {"text-why": " "})
    assert empty.status_code == 422
    assert 'id="why-error"' in empty.text
    why = {"text-why": "Said by his <brother>."}
    answer = amara.post(f"{where}/remove", data=form(amara, number="1") | why)
    assert answer.status_code == 303
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="2"))
    page = ruth.get(f"/notes/{note.id}").text
    assert '<details class="govuk-details" id="taken-out" open>' in page
    for words in ("He said no &amp; walked away.", "Said by his &lt;brother&gt;.", "Amara Cole"):
        assert words in page.partition('id="taken-out"')[2], words
        assert words in ruth.get(f"/notes/{note.id}/versions").text, words
    # A later version still says so.
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="2") | {"text-s1": "We met."})
    assert "Said by his &lt;brother&gt;." in ruth.get(f"/notes/{note.id}/versions").text
    assert [each.why for each in now(store, note).removed] == ["Said by his <brother>."]


def test_a_change_over_an_older_version_is_not_made_and_the_reason_is_shown_back(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    why = {"text-why": "Said twice."}
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="1") | {"text-s1": "We met."})
    late = amara.post(f"/notes/{note.id}/sentences/s2/remove", data=form(amara, number="1") | why)
    assert late.status_code == 409
    assert "changed while you had it open" in late.text
    assert "Said twice." in late.text
    ruth.post(f"/notes/{note.id}/sentences/s2/remove", data=form(ruth, number="2") | why)
    gone = amara.post(
        f"/notes/{note.id}/sentences/s2/remove", data=form(amara, number="2") | {"text-why": "No."}
    )
    assert gone.status_code == 409
    assert ">No.</textarea>" in gone.text.replace("\n", "")
    moved = amara.post(f"/notes/{note.id}/sentences/s1/move", data=form(amara, number="1", by="up"))
    assert moved.status_code == 409
    assert store.notes.get(note.id).number == 3


def test_no_heading_is_an_error_beside_the_choice(
    amara: TestClient, note: Note, form: Form
) -> None:
    where = f"/notes/{note.id}/sentences/s1"
    answer = amara.post(f"{where}/move", data=form(amara, number="1"))
    assert (answer.status_code, 'id="under-error"' in answer.text) == (422, True)
    nowhere = amara.post(f"{where}/move", data=form(amara, number="1", under="nowhere"))
    assert nowhere.status_code == 404
    assert amara.get(f"/notes/{note.id}/sentences/s9").status_code == 404


def test_words_that_the_machine_was_not_sure_of_are_shaded_and_put_right_from_the_sentence(
    store: Store, amara: TestClient, arrival: Arrival, practitioner: Member, case: Case
) -> None:
    voice, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"v"]), arrival)
    words = (Word(0, 400, "He", 0.9), Word(400, 800, " owes", 0.9), Word(800, 1200, " <Kai>", 0.2))
    heard = (Segment(0, 1200, "He owes <Kai>", words=words),)
    text, sources = "He owes <Kai>.", (Source(voice.id, 0, 1200),)
    said = Statement("s1", "worry", text, Origin.MACHINE, "Amara Cole", sources)
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        payload = encode(Draft("case_note", Contact(), (said,)))
        note_id = store.notes.create(connection, new, payload, None)
        transcript = encode(Transcript("base", "0" * 64, "en", {}, 1200, heard))
        store.recordings.keep_transcript(connection, voice, transcript)
        store.recordings.advance(connection, voice, "drafted", note_id=note_id)
    page = amara.get(f"/notes/{note_id}").text
    sentence = page.partition('<p class="app-sentence__text">')[2].partition("</p>")[0]
    unsure = '<mark class="app-unsure"><span class="govuk-visually-hidden">unsure: </span>'
    assert sentence == f"He owes {unsure}&lt;Kai&gt;.</mark>"
    assert f'href="/recordings/{voice.id}?words=0#w0">Put right what was heard</a>' in page
