from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from store.cases import Case
from store.notes import Note
from store.records import AGREEMENT_NEEDED, PROBED, QUARANTINED, Arrival, Recording
from store.store import Store

Form = Callable[..., dict[str, str]]


@pytest.fixture
def film(store: Store, arrival: Arrival, case: Case) -> Recording:
    """A recording that waits for agreement."""
    made, _ = store.recordings.register(store.recordings.seal(case.id, [b"film"]), arrival)
    store.agreements.ask(made, "test")
    return store.recordings.get(made.id)


def said(browser: TestClient, form: Form, **values: str) -> dict[str, str]:
    whole = {"text-who": "Jordan", "how": "in_person", "text-when": "5/11/2026"}
    return form(browser, **whole | values)


def test_it_is_written_down_who_agreed_and_the_work_goes_on(
    amara: TestClient, film: Recording, store: Store, form: Form
) -> None:
    assert f"/recordings/{film.id}/agreement" in amara.get("/work").text
    assert "Who agreed" in amara.get(f"/recordings/{film.id}/agreement").text
    where = f"/recordings/{film.id}/agreement"
    assert amara.post(where, data=said(amara, form)).status_code == 303
    assert store.recordings.get(film.id).state == PROBED
    page = amara.get(where).text
    assert "by Jordan: They said so, in person" in page
    assert "5/11/2026" in page


@pytest.mark.parametrize("missing", ["text-who", "how", "text-when"])
def test_who_how_and_when_are_all_wanted(
    amara: TestClient, film: Recording, store: Store, form: Form, missing: str
) -> None:
    where = f"/recordings/{film.id}/agreement"
    answer = amara.post(where, data=said(amara, form, **{missing: " "}))
    assert answer.status_code == 422
    assert "Not saved yet" in answer.text
    assert store.recordings.get(film.id).state == AGREEMENT_NEEDED


def test_taken_back_nobody_hears_it_and_what_was_made_is_listed(
    amara: TestClient, ruth: TestClient, voice: Recording, note: Note, store: Store, form: Form
) -> None:
    where = f"/recordings/{voice.id}/agreement"
    taken = form(amara, **{"text-who": "Jordan", "text-how": "no more", "text-when": "today"})
    assert amara.post(f"{where}/withdraw", data=taken).status_code == 303
    assert store.recordings.get(voice.id).state == QUARANTINED
    page = amara.get(where).text
    assert "Nobody hears or sees this recording now" in page
    assert f"/notes/{note.id}" in page
    for browser in (amara, ruth):
        assert browser.get(f"/recordings/{voice.id}/media").status_code == 403
        assert browser.get(f"/recordings/{voice.id}").status_code == 403
    assert f"/recordings/{voice.id}/again" not in amara.get("/work").text


def test_what_went_into_a_note_unasked_can_be_taken_back_on_its_page(
    amara: TestClient, voice: Recording, note: Note
) -> None:
    where = f"/recordings/{voice.id}/agreement"
    page = amara.get(where).text
    assert note.id in page
    assert "Somebody in it does not agree to it" in page
    assert f'action="{where}/withdraw"' in page
    assert f'action="{where}/ask"' not in page


def test_a_practitioner_can_ask_for_it_before_a_note_is_made(
    amara: TestClient, store: Store, arrival: Arrival, case: Case, form: Form
) -> None:
    made, _ = store.recordings.register(store.recordings.seal(case.id, [b"talk"]), arrival)
    answer = amara.post(f"/recordings/{made.id}/agreement/ask", data=form(amara))
    assert answer.status_code == 303
    assert store.recordings.get(made.id).state == AGREEMENT_NEEDED


def test_agreement_to_anothers_recording_is_nobodys_to_give(
    ben: TestClient, film: Recording, store: Store, form: Form
) -> None:
    where = f"/recordings/{film.id}/agreement"
    assert ben.get(where).status_code == 404
    assert ben.post(where, data=said(ben, form)).status_code == 404
    assert store.recordings.get(film.id).state == AGREEMENT_NEEDED
