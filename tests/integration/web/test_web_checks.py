"""What has to be looked at stands at the note's head and beside each sentence, and can be answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review.desk import Desk
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from tests.listening import hear_all
from transcribe.model import Check, Draft, Segment, Transcript

Form = Callable[..., dict[str, str]]
GUN = Check("harm_added", "block", "“gun” (a weapon) was not said here. Listen, and put it right.")
HARD = Check("unclear", "look", "This was hard to hear. Listen to it before you rely on it.")


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member, voice: Recording, draft: Draft) -> Note:
    """A note with a stopped sentence, doubts, and something said that is not in it."""
    flags = {"s1": (HARD,), "s2": (HARD,), "s3": (GUN,), "s4": (HARD,)}
    statements = tuple(replace(each, checks=flags[each.id]) for each in draft.statements)
    said = (Segment(0, 900, "He had a <b>knife</b>."), Segment(1000, 2500, "We met."))
    heard = Transcript("base", "0" * 64, "en", {}, 61_000, said)
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        payload = encode(replace(draft, statements=statements))
        note_id = store.notes.create(connection, new, payload, None)
        store.recordings.keep_transcript(connection, voice, encode(heard))
        store.recordings.advance(connection, voice, "drafted", note_id=note_id)
    return store.notes.get(note_id)


def test_the_head_says_what_to_do_and_where(
    amara: TestClient, note: Note, voice: Recording
) -> None:
    page = amara.get(f"/notes/{note.id}").text
    head = page.partition('aria-labelledby="todo"')[2].partition("</section>")[0]
    assert "Before you submit" in head
    assert 'href="#s-s3"' in head
    assert "Perhaps left out:" in head
    assert f'data-play="{voice.id}" data-start="0" data-end="900"' in head
    assert f"/notes/{note.id}/facts" in head
    assert f"/notes/{note.id}/edit#text-new-" not in head.partition("Not said:")[0]
    assert head.count("hard to hear") == 0  # that stands beside each sentence


def test_what_was_said_in_full_above_is_said_in_short(amara: TestClient, note: Note) -> None:
    for path in ("", "/edit"):
        page = amara.get(f"/notes/{note.id}{path}").text
        assert page.count("This was hard to hear.") == 3
        assert page.count("Listen to it before you rely on it.") == 1


def test_a_stopped_sentence_is_answered_with_who_knows_and_then_goes_through(
    amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    answer = amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    assert answer.status_code == 409
    assert "One sentence must be put right first" in answer.text
    sent = form(amara, number="1") | {"statement": "s3", "text-why": "Tyrell <showed> me."}
    answer = amara.post(f"/notes/{note.id}/confirm", data=sent)
    assert answer.headers["location"] == f"/notes/{note.id}#s-s3"
    assert amara.post(f"/notes/{note.id}/submit", data=form(amara, number="2")).status_code == 303
    page = ruth.get(f"/notes/{note.id}").text
    assert "Kept as it stands:" in page
    assert page.count("Tyrell &lt;showed&gt; me.") == 2  # beside it, and in the history
    assert "To look at" in page


def test_an_answer_without_a_reason_is_asked_for_again(
    amara: TestClient, note: Note, form: Form
) -> None:
    sent = form(amara, number="1") | {"statement": "s3", "text-why": " "}
    answer = amara.post(f"/notes/{note.id}/confirm", data=sent)
    assert answer.status_code == 422
    assert 'href="#why-s3"' in answer.text
    assert 'id="why-s3"' in answer.text
    assert "<title>Error:" in answer.text


def test_an_answer_to_what_is_not_stopped_is_refused(
    amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    sent = form(amara, number="1") | {"statement": "s1", "text-why": "I was there."}
    assert amara.post(f"/notes/{note.id}/confirm", data=sent).status_code == 409
    assert "It is right as it stands" in ruth.get(f"/notes/{note.id}").text


def test_an_approved_note_has_no_list_of_things_to_do(
    store: Store, amara: TestClient, note: Note, practitioner: Member, supervisor: Member
) -> None:
    desk = Desk(store, practitioner)
    number = desk.checking.confirm(note.id, 1, "s3", "He showed me.")
    desk.submit(note.id, number)
    theirs = Desk(store, supervisor)
    hear_all(theirs, note.id)
    theirs.approve(note.id, number)
    assert 'aria-labelledby="todo"' not in amara.get(f"/notes/{note.id}").text


def test_a_reason_that_comes_too_late_is_shown_again(
    amara: TestClient, ruth: TestClient, note: Note, form: Form
) -> None:
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="1") | {"text-s1": "We talked."})
    sent = form(amara, number="1") | {"statement": "s3", "text-why": "Tyrell <showed> me."}
    answer = amara.post(f"/notes/{note.id}/confirm", data=sent)
    assert answer.status_code == 409
    box = answer.text.partition('id="why-s3"')[2].partition("</textarea>")[0]
    assert "Tyrell &lt;showed&gt; me." in box
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="2") | {"text-why-s3": "Hearsay."})
    answer = amara.post(f"/notes/{note.id}/confirm", data=sent)
    assert answer.status_code == 409
    assert "What you had typed" in answer.text
    assert "Tyrell &lt;showed&gt; me." in answer.text
