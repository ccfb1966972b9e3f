"""The page of a recording, where misheard words are put right without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from store.notes import Note
from store.records import Arrival, Recording
from store.store import Store
from transcribe.model import Segment, Transcript, Word

Form = Callable[..., dict[str, str]]


@pytest.fixture
def spoken(store: Store, arrival: Arrival) -> Recording:
    """A recording of two segments, in one of which the machine was not sure of a name."""
    made, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"s"]), arrival)
    words = [("He", 0.9), ("met", 0.9), ("<Tyrel>", 0.2), ("there.", 0.8)]
    timed = tuple(
        Word(1000 + 100 * n, 1090 + 100 * n, f" {w}", p) for n, (w, p) in enumerate(words)
    )
    segments = (
        Segment(0, 900, "It was Monday."),
        Segment(1000, 1400, "He met <Tyrel> there.", words=timed),
    )
    with store.database.write() as connection:
        heard = encode(Transcript("base", "0" * 64, "en", {}, 2000, segments))
        store.recordings.keep_transcript(connection, made, heard)
        store.recordings.advance(connection, made, "transcribed")
    return store.recordings.get(made.id)


def test_words_that_the_machine_was_not_sure_of_are_shaded(
    amara: TestClient, spoken: Recording
) -> None:
    page = amara.get(f"/recordings/{spoken.id}").text
    assert page.count('<mark class="app-unsure"><span') == 1
    assert "unsure: </span>&lt;Tyrel&gt;</mark>" in page
    assert 'data-start="1000"' in page


def test_words_are_put_right_in_place_and_the_machines_stay_beside_them(
    amara: TestClient, form: Form, spoken: Recording
) -> None:
    where = f"/recordings/{spoken.id}"
    page = amara.get(f"{where}?words=1").text
    assert page.count('name="text-words"') == 1
    assert "He met &lt;Tyrel&gt; there.</textarea>" in page
    sent = {"number": "0", "place": "1", "text-words": "He met Tyrell there."}
    answer = amara.post(f"{where}/words", data=form(amara, **sent))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{where}#w1")
    page = amara.get(where).text
    assert '<ins class="app-put-right">Tyrell</ins>' in page
    assert "The machine heard “&lt;Tyrel&gt;” for “Tyrell”. Put right by Amara Cole" in page
    assert 'name="text-words"' not in page


def test_the_second_to_save_is_told_and_keeps_what_was_typed(
    amara: TestClient, ruth: TestClient, form: Form, spoken: Recording
) -> None:
    where = f"/recordings/{spoken.id}/words"
    first = {"number": "0", "place": "1", "text-words": "He met Tyrell there."}
    assert amara.post(where, data=form(amara, **first)).status_code == 303
    second = first | {"text-words": "He met Tyrone there."}
    answer = ruth.post(where, data=form(ruth, **second))
    assert answer.status_code == 409
    assert "Somebody put these words right while you had them open" in answer.text
    assert "He met Tyrone there.</textarea>" in answer.text
    assert "It now reads: He met Tyrell there." in answer.text
    assert 'name="number" value="1"' in answer.text


def test_who_may_only_read_gets_no_form(
    ben: TestClient, form: Form, store: Store, spoken: Recording, amara: TestClient
) -> None:
    where = f"/recordings/{spoken.id}"
    assert ben.get(where).status_code == 404
    sent = {"number": "0", "place": "1", "text-words": "x"}
    assert ben.post(f"{where}/words", data=form(ben, **sent)).status_code == 404
    assert store.corrections.of(spoken.id) == []
    assert "Put right<" in amara.get(where).text


@pytest.mark.parametrize("place", ["", "x", "-1", "2", "99999999", "1.0"])
def test_a_place_that_is_none_is_no_page(
    amara: TestClient, form: Form, spoken: Recording, place: str
) -> None:
    sent = {"number": "0", "place": place, "text-words": "x"}
    answer = amara.post(f"/recordings/{spoken.id}/words", data=form(amara, **sent))
    assert answer.status_code == 404
    assert amara.get(f"/recordings/{spoken.id}?words={place}").status_code == 200


def test_the_note_page_shows_what_was_put_right(
    amara: TestClient, form: Form, note: Note, voice: Recording
) -> None:
    sent = {"number": "0", "place": "0", "text-words": "Um, hallo."}
    where = f"/recordings/{voice.id}/words"
    assert amara.post(where, data=form(amara, **sent)).status_code == 303
    page = amara.get(f"/notes/{note.id}").text
    assert '<ins class="app-put-right">hallo.</ins>' in page


def test_what_was_set_aside_for_too_few_words_shows_them_and_why(
    amara: TestClient, form: Form, store: Store, spoken: Recording
) -> None:
    where = f"/recordings/{spoken.id}"
    assert "No note was drafted from this" not in amara.get(where).text
    store.recordings.quarantine(spoken, "TooLittleSpeech")
    page = amara.get(where).text
    assert "&lt;TooLittleSpeech explained&gt;" in page
    assert "It was Monday." in page
    assert f'action="{where}/again"' in page
    answer = amara.post(f"{where}/again", data=form(amara))
    assert answer.status_code == 303
    assert store.recordings.get(spoken.id).state == "transcribed"
