"""A part of a note about several: its approver is played its own sentences, to the very sample."""

from __future__ import annotations

import array
import io
import wave
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.review.desk import Desk
from recorder.review.web.served import Served
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Arrival
from store.store import Store
from tests.integration.web.test_web_heard import Clock
from tests.parts import RATE, loudness, parted

PLAYED = {"sec-fetch-dest": "audio"}


@pytest.fixture
def part(store: Store, practitioner: Member, case: Case, arrival: Arrival) -> Note:
    return parted(store, practitioner, case, arrival)[0]


def address(part: Note, key: str) -> str:
    return f"/notes/{part.id}/sentences/{key}/sound?version={part.number}"


def test_the_approver_is_played_a_sentence_and_nothing_around_it(
    store: Store, ruth: TestClient, supervisor: Member, part: Note
) -> None:
    answer = ruth.get(address(part, "s1"), headers=PLAYED)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert "no-store" in answer.headers["cache-control"]
    with wave.open(io.BytesIO(answer.content)) as found:
        assert (found.getframerate(), found.getnchannels()) == (RATE, 1)
        samples = array.array("h", found.readframes(found.getnframes()))
    # From 2 s to 3.5 s: of what lies before and after, which is as loud as no other, nothing.
    assert list(samples) == [loudness(2)] * RATE + [loudness(3)] * (RATE // 2)
    some = ruth.get(address(part, "s1"), headers=PLAYED | {"range": "bytes=0-43"})
    assert (some.status_code, some.content) == (206, answer.content[:44])
    played = [e for e in store.audit.events() if e.action == "sentence played"]
    assert [(e.actor, e.object) for e in played] == [(supervisor.id, part.id)]
    assert Desk(store, supervisor).read(part.id).unheard  # nobody said that it was heard


def test_others_words_and_other_people_are_answered_with_nothing(
    ruth: TestClient, amara: TestClient, part: Note
) -> None:
    for key in ("s2", "s3", "s9"):
        assert ruth.get(address(part, key), headers=PLAYED).status_code == 404
    for version in ("", "9", "x", "9" * 30):
        where = f"/notes/{part.id}/sentences/s1/sound?version={version}"
        assert ruth.get(where, headers=PLAYED).status_code == 404
    assert amara.get(address(part, "s1"), headers=PLAYED).status_code == 404
    assert ruth.get(address(part, "s1"), headers={"sec-fetch-dest": "script"}).status_code == 404


def test_a_claim_is_believed_only_of_what_was_sent_and_played(
    app: FastAPI, store: Store, ruth: TestClient, part: Note, form: Callable[..., dict[str, str]]
) -> None:
    clock = Clock()
    app.state.served = Served(clock)
    page = ruth.get(f"/notes/{part.id}").text
    assert "Open the sound of this sentence" in page
    assert "data-player" in page
    version = form(ruth, number=str(part.number))

    def claimed() -> int:
        sent = version | {"statement": "s1"}
        return ruth.post(f"/notes/{part.id}/heard", data=sent).status_code

    assert claimed() == 409
    ruth.get(address(part, "s0"), headers=PLAYED)
    clock.now += 60
    assert claimed() == 409  # of another sentence
    ruth.get(address(part, "s1"), headers=PLAYED)
    assert claimed() == 409  # too soon
    assert ruth.post(f"/notes/{part.id}/approve", data=version).status_code == 409
    clock.now += 1
    assert claimed() == 303
    ruth.post(f"/notes/{part.id}/approve", data=version)
    assert store.notes.get(part.id).state == "approved"


def test_what_was_typed_for_the_workers_own_record_is_refused_here_and_given_back(
    amara: TestClient, ruth: TestClient, part: Note, form: Callable[..., dict[str, str]]
) -> None:
    typed = form(amara, number=str(part.number)) | {"text-new-wellbeing": "I cannot sleep."}
    answer = amara.post(f"/notes/{part.id}/edit", data=typed)
    assert answer.status_code == 409
    assert "own may stand" in answer.text
    assert "I cannot sleep." in answer.text
    assert 'name="text-new-wellbeing"' not in answer.text
    assert "text-new-worry" in answer.text
    assert "I cannot sleep." not in ruth.get(f"/notes/{part.id}").text
