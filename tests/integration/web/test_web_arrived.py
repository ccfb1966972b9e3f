from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from store.cases import Case
from store.journal import ATTENTION, SEALED, Look
from store.people import Member
from store.records import QUARANTINED, RECEIVED, Arrival, Recording
from store.store import Store

Form = Callable[..., dict[str, str]]


@pytest.fixture
def waiting(store: Store, arrival: Arrival, case: Case, practitioner: Member) -> Recording:
    """A voice note that was taken in, and a file that was not."""
    made, _ = store.recordings.register(store.recordings.seal(case.id, [b"sound"]), arrival)
    taken = Look("amara/EV-1001/a.wav", case.id, practitioner.id, SEALED, 5, recording_id=made.id)
    left = Look("amara/EV-1001/b.exe", case.id, practitioner.id, ATTENTION, 9, "not_taken", "No.")
    store.journal.note(taken)
    store.journal.note(left)
    return made


def test_every_file_is_listed_with_what_became_of_it(amara: TestClient, waiting: Recording) -> None:
    page = amara.get("/arrived").text
    assert "amara/EV-1001/a.wav" in page
    assert "Kept safe; still in the folder" in page
    assert "waiting to be opened" in page
    assert "amara/EV-1001/b.exe" in page
    assert "Needs you" in page
    assert f"/recordings/{waiting.id}/cancel" in page
    assert f"/recordings/{waiting.id}/again" not in page


def test_work_is_stopped_and_tried_again(
    amara: TestClient, waiting: Recording, store: Store, form: Form
) -> None:
    where = f"/recordings/{waiting.id}"
    assert amara.post(f"{where}/cancel", data=form(amara)).headers["location"] == "/arrived"
    assert store.recordings.get(waiting.id).state == QUARANTINED
    page = amara.get("/arrived").text
    assert "Cancelled explained" in page
    assert f"{where}/again" in page
    assert f"{where}/again" in amara.get("/work").text
    assert amara.post(f"{where}/again", data=form(amara)).status_code == 303
    assert store.recordings.get(waiting.id).state == RECEIVED
    assert waiting.practitioner_id in {each.actor for each in store.audit.events()}


def test_what_is_in_a_note_already_is_not_tried_again(
    amara: TestClient, waiting: Recording, store: Store, form: Form
) -> None:
    with store.database.write() as connection:
        store.recordings.advance(connection, waiting, "drafted")
    for move in ("again", "cancel"):
        answer = amara.post(f"/recordings/{waiting.id}/{move}", data=form(amara))
        assert answer.status_code == 409
        assert "That was not done" in answer.text


def test_another_practitioner_sees_and_stops_nothing_of_it(
    ben: TestClient, waiting: Recording, store: Store, form: Form
) -> None:
    assert "EV-1001" not in ben.get("/arrived").text
    answer = ben.post(f"/recordings/{waiting.id}/cancel", data=form(ben))
    assert answer.status_code == 404
    assert store.recordings.get(waiting.id).state == RECEIVED


def test_a_supervisor_sees_everyones_and_a_young_person_none(
    ruth: TestClient, jordan: TestClient, waiting: Recording
) -> None:
    assert waiting.id in ruth.get("/arrived").text
    assert jordan.get("/arrived").status_code in (303, 403, 404)


@pytest.mark.parametrize("page", ["x", "-1", "0", "", "1.5", "9" * 5000])
def test_a_page_that_is_none_is_the_first(amara: TestClient, page: str) -> None:
    answer = amara.get(f"/arrived?page={page}")
    assert answer.status_code == 200
    assert "<h1" in answer.text
