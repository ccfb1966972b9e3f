"""Listening before approving, as the pages ask for it and the server believes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review.desk import Desk
from recorder.review.web.served import Served
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from tests.integration.web.conftest import SOUND
from transcribe.model import Draft, Origin, Source, Statement

Form = Callable[..., dict[str, str]]
GRAVE = "He said he would stab him."


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(app: FastAPI) -> Clock:
    """Of what the app has sent to whom."""
    made = Clock()
    app.state.served = Served(made)
    return made


@pytest.fixture
def grave(store: Store, note: Note, draft: Draft, voice: Recording, practitioner: Member) -> Note:
    """Submitted, with one sentence that speaks of serious harm."""
    source = Source(voice.id, 1_000, 2_500)
    new = Statement("s9", "worry", GRAVE, Origin.MACHINE, "Amara Cole", (source,))
    kept = tuple(replace(each, checks=()) for each in draft.statements)
    with store.database.write() as connection:
        payload = encode(replace(draft, statements=(*kept, new)))
        store.notes.add_version(connection, note, payload, None, "draft")
    Desk(store, practitioner).submit(note.id, 2)
    return store.notes.get(note.id)


def claim(
    store: Store, browser: TestClient, note: Note, statement: str = "s9"
) -> tuple[int, dict[str, Any]]:
    """What the server says to the player."""
    token = store.access.csrf(browser.cookies["session"])
    answer = browser.post(
        f"/api/notes/{note.id}/heard",
        json={"number": 2, "statement": statement},
        headers={"x-csrf-token": token},
    )
    return answer.status_code, answer.json()


def test_the_page_says_what_is_to_be_heard_first_and_approving_is_refused_until_then(
    ruth: TestClient, amara: TestClient, grave: Note, form: Form
) -> None:
    page = ruth.get(f"/notes/{grave.id}").text
    assert page.count("Listen first") == 1
    assert "data-approve hidden>" in page
    assert "Listen first" not in amara.get(f"/notes/{grave.id}").text
    answer = ruth.post(f"/notes/{grave.id}/approve", data=form(ruth, number="2"))
    assert answer.status_code == 409
    assert "Listen first to sentence 2 under" in answer.text


def test_the_players_word_is_taken_once_the_recording_was_sent_and_time_has_passed(
    store: Store, ruth: TestClient, grave: Note, voice: Recording, clock: Clock
) -> None:
    status, said = claim(store, ruth, grave)
    assert (status, list(said)) == (409, ["problem"])
    assert ruth.get(f"/recordings/{voice.id}/media").content == SOUND
    assert claim(store, ruth, grave)[1]["problem"].startswith("That was too soon")
    clock.now += 1
    status, said = claim(store, ruth, grave)
    assert (status, list(said)) == (200, ["said"])
    assert said["said"].startswith("You listened ")
    page = ruth.get(f"/notes/{grave.id}").text
    assert "Listen first" not in page
    assert "You listened " in page
    token = store.access.csrf(ruth.cookies["session"])
    answer = ruth.post(f"/notes/{grave.id}/approve", data={"csrf": token, "number": "2"})
    assert answer.status_code == 303
    assert store.notes.get(grave.id).state == "approved"


def test_without_a_script_there_is_a_link_and_a_button_that_works_after_it(
    ruth: TestClient, grave: Note, voice: Recording, clock: Clock, form: Form
) -> None:
    page = ruth.get(f"/notes/{grave.id}").text
    assert f'href="/recordings/{voice.id}/media#t=1.0,2.5"' in page
    assert "I have listened to it" in page
    fields = form(ruth, number="2", statement="s9")
    refused = ruth.post(f"/notes/{grave.id}/heard", data=fields)
    assert refused.status_code == 409
    assert "Play this sentence first" in refused.text
    ruth.get(
        f"/recordings/{voice.id}/media", headers={"range": "bytes=0-", "sec-fetch-dest": "document"}
    )
    clock.now += 2
    answer = ruth.post(f"/notes/{grave.id}/heard", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notes/{grave.id}#s-s9")


@pytest.fixture
def elsewhere(enter: Callable[[Member], TestClient], supervisor: Member) -> TestClient:
    """Another browser of the same supervisor."""
    return enter(supervisor)


def test_what_another_session_was_sent_is_no_proof(
    store: Store, ruth: TestClient, elsewhere: TestClient, grave: Note, voice: Recording
) -> None:
    assert elsewhere.get(f"/recordings/{voice.id}/media").status_code == 200
    assert claim(store, ruth, grave)[0] == 409


@pytest.mark.parametrize("sent", ['{"number": 0, "statement": "s9"}', '{"number": 2}', "[]"])
def test_what_no_player_of_ours_says_is_not_understood(
    store: Store, ruth: TestClient, grave: Note, sent: str
) -> None:
    headers = {
        "x-csrf-token": store.access.csrf(ruth.cookies["session"]),
        "content-type": "application/json",
    }
    answer = ruth.post(f"/api/notes/{grave.id}/heard", content=sent, headers=headers)
    assert (answer.status_code, list(answer.json())) == (422, ["problem"])


def test_a_sentence_that_is_not_there_and_a_note_of_somebody_else_are_unknown(
    store: Store, ruth: TestClient, ben: TestClient, grave: Note
) -> None:
    assert claim(store, ruth, grave, "s99")[0] == 404
    assert claim(store, ben, grave)[0] == 404
