"""Naming the voices of a supervision on a recording's page, without a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from transcribe.model import Contact, Draft, Origin, Segment, Source, Statement, Transcript

Form = Callable[..., dict[str, str]]


@pytest.fixture
def talk(store: Store, arrival: Arrival) -> Recording:
    kind = replace(arrival, note_kind="supervision")
    made, _ = store.recordings.register(store.recordings.seal(kind.scope, [b"t"]), kind)
    segments = (
        Segment(0, 4800, "How are you <today>, Amara?", "Speaker 1"),
        Segment(5000, 9000, "Tired.", "Speaker 2"),
    )
    with store.database.write() as connection:
        heard = encode(Transcript("base", "0" * 64, "en", {}, 9000, segments))
        store.recordings.keep_transcript(connection, made, heard)
        store.recordings.advance(connection, made, "transcribed")
    return store.recordings.get(made.id)


def test_a_guess_says_that_it_is_one_and_each_voice_can_be_heard(
    amara: TestClient, talk: Recording
) -> None:
    page = amara.get(f"/recordings/{talk.id}").text
    assert "The machine told 2 voices apart." in page
    assert "(Speaker 2; a guess from what is said)" in page
    assert page.count('data-start="5000" data-end="9000"') == 2  # its example, and its line
    assert "Who is Speaker 1?" in page


def test_a_voice_is_named_throughout_and_who_said_so_stands_there(
    amara: TestClient, form: Form, talk: Recording
) -> None:
    where = f"/recordings/{talk.id}"
    sent = {"number": "0", "place": "0", "every": "yes", "text-name": "Ruth <A>"}
    answer = amara.post(f"{where}/voices", data=form(amara, **sent))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{where}#voices")
    page = amara.get(where).text
    assert "(Speaker 1, named by Amara Cole)" in page
    assert "<strong>Ruth &lt;A&gt;:</strong>" in page


def test_one_line_is_given_to_somebody_else(amara: TestClient, form: Form, talk: Recording) -> None:
    where = f"/recordings/{talk.id}"
    assert amara.get(f"{where}?who=1").text.count("Who says this line?") == 1
    sent = {"number": "0", "place": "1", "every": "no", "text-name": "Speaker 1"}
    answer = amara.post(f"{where}/voices", data=form(amara, **sent))
    assert answer.headers["location"] == f"{where}#w1"
    page = amara.get(where).text
    assert "A person said whose line this is. The machine put it to “Speaker 2”." in page


def test_the_second_to_name_a_voice_is_told(
    amara: TestClient, ruth: TestClient, form: Form, talk: Recording
) -> None:
    where = f"/recordings/{talk.id}/voices"
    sent = {"number": "0", "place": "0", "every": "yes", "text-name": "Ruth"}
    assert amara.post(where, data=form(amara, **sent)).status_code == 303
    again = ruth.post(where, data=form(ruth, **sent))
    assert again.status_code == 409
    assert "somebody put these words right" in again.text.lower()


def test_nonsense_is_not_found(amara: TestClient, form: Form, talk: Recording) -> None:
    where = f"/recordings/{talk.id}/voices"
    for place in ("", "x", "7"):
        sent = {"number": "0", "place": place, "every": "yes", "text-name": "Ruth"}
        assert amara.post(where, data=form(amara, **sent)).status_code == 404


def test_a_dictation_shows_no_voices(amara: TestClient, store: Store, arrival: Arrival) -> None:
    made, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"d"]), arrival)
    page = amara.get(f"/recordings/{made.id}")
    assert page.status_code == 200
    assert "Who speaks" not in page.text


def test_a_note_that_was_worked_on_is_filed_again_as_it_was_seen(
    amara: TestClient, store: Store, form: Form, talk: Recording, practitioner: Member
) -> None:
    own = Statement("s1", "header", "We met.", Origin.PRACTITIONER, None, (Source(typed_by="a"),))
    payload = encode(Draft("supervision", Contact(), (own,)))
    whose = (talk.scope, talk.case_id, practitioner.id)
    new = Note("", *whose, "supervision", "submitted", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, payload, practitioner.id)
        store.recordings.advance(connection, talk, "drafted", note_id=note_id)
    where = f"/recordings/{talk.id}"
    assert "to be submitted and approved once more" in amara.get(where).text
    for number, status in (("0", 409), ("1", 303), ("1", 409)):
        answer = amara.post(f"{where}/voices/again", data=form(amara, number=number))
        assert answer.status_code == status
    note = store.notes.get(note_id)
    assert (note.state, note.number) == ("draft", 2)
    assert f'name="number" value="{note.number}"' in amara.get(where).text


@pytest.mark.parametrize(("every", "field"), [("yes", "text-name-0"), ("no", "text-name-0-line")])
def test_a_name_that_is_not_taken_stays_typed(
    amara: TestClient, form: Form, talk: Recording, every: str, field: str
) -> None:
    sent = {"number": "0", "place": "0", "every": every, "text-name": "<x>" * 40}
    answer = amara.post(f"/recordings/{talk.id}/voices", data=form(amara, **sent))
    assert answer.status_code == 409
    assert "<title>Error:" in answer.text
    assert f'href="#{field}"' in answer.text
    box = answer.text.partition(f'id="{field}"')[2].partition(">")[0]
    assert "&lt;x&gt;" * 40 in box


def test_the_notes_page_says_who_speaks_as_people_said(
    amara: TestClient, store: Store, form: Form, talk: Recording, practitioner: Member
) -> None:
    payload = encode(Draft("supervision", Contact(), ()))
    whose = (talk.scope, talk.case_id, practitioner.id)
    new = Note("", *whose, "supervision", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, payload, practitioner.id)
        store.recordings.advance(connection, talk, "drafted", note_id=note_id)
    sent = {"number": "0", "place": "0", "every": "yes", "text-name": "Ruth <A>"}
    amara.post(f"/recordings/{talk.id}/voices", data=form(amara, **sent))
    page = amara.get(f"/notes/{note_id}").text
    assert "<strong>Ruth &lt;A&gt;:</strong>" in page
    assert "Speaker 1:" not in page
