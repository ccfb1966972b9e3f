from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review.desk import Desk
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from transcribe.model import Draft

Form = Callable[..., dict[str, str]]


def test_before_anything_is_shared_there_is_nothing_to_read(jordan: TestClient, note: Note) -> None:
    page = jordan.get("/summary")
    assert "There is nothing here to read yet." in page.text
    assert jordan.get(f"/summary/{note.id}").status_code == 404


def test_their_own_words_come_first(jordan: TestClient, shared: Note) -> None:
    page = jordan.get("/summary").text
    assert shared.state == "approved"
    assert page.index("What you said") < page.index("Why we met") < page.index("Who can see this?")


def test_the_page_shows_nothing_of_the_team_the_record_or_the_recording(
    jordan: TestClient, shared: Note, practitioner: Member
) -> None:
    page = jordan.get(f"/summary/{shared.id}").text
    for word in ("Evolve", practitioner.name, "Tyrell", "messages", "EV-1001", "/notes/", "media"):
        assert word not in page, word


def test_the_way_out_tells_the_other_site_nothing(jordan: TestClient) -> None:
    page = jordan.get("/summary").text
    assert 'href="https://www.bbc.co.uk/weather" rel="nofollow noreferrer"' in page
    assert page.count("https://") == 1


def test_their_words_are_kept_and_shown_back_with_the_date(
    store: Store, jordan: TestClient, amara: TestClient, shared: Note, form: Form
) -> None:
    said = "  nah <b>that's</b> not it\r\nI went with Nan  "
    answer = jordan.post(f"/summary/{shared.id}/reply", data=form(jordan) | {"text-reply": said})
    assert answer.headers["location"] == f"/summary/{shared.id}#said"
    (kept,) = store.notes.replies(shared.id)
    assert kept.payload.decode() == said
    page = jordan.get(f"/summary/{shared.id}").text
    assert "nah &lt;b&gt;that&#39;s&lt;/b&gt; not it" in page
    assert "What you told us" in page
    assert "nah &lt;b&gt;" in amara.get(f"/notes/{shared.id}").text
    assert "Young people have written back" in amara.get("/work").text


@pytest.mark.parametrize("words", ["", "   ", "x" * 20_001])
def test_words_that_cannot_be_sent_stay_in_the_box_with_the_reason(
    store: Store, jordan: TestClient, shared: Note, form: Form, words: str
) -> None:
    answer = jordan.post(f"/summary/{shared.id}/reply", data=form(jordan) | {"text-reply": words})
    assert answer.status_code == 422
    assert 'href="#reply"' in answer.text
    assert words in answer.text
    assert store.notes.replies(shared.id) == []


def test_summaries_are_shown_one_at_a_time(
    store: Store, jordan: TestClient, shared: Note, draft: Draft, case: Case, supervisor: Member
) -> None:
    new = Note("", case.id, case.id, shared.practitioner_id, "case_note", "draft", 0, 5_000, 0)
    with store.database.write() as connection:
        older = store.notes.create(connection, new, encode(draft), None)
    desk = Desk(store, store.people.get(shared.practitioner_id))
    desk.submit(older, 1)
    Desk(store, supervisor).approve(older, 1)
    desk.share(older, 1, ["s1"])
    newest = jordan.get("/summary").text
    assert f'href="/summary/{older}"' in newest
    assert "He said no" in newest
    before = jordan.get(f"/summary/{older}").text
    assert f'href="/summary/{shared.id}"' in before
    assert "He said no" not in before


def test_another_young_person_sees_and_answers_none_of_it(
    store: Store, enter: Callable[[Member], TestClient], shared: Note, form: Form
) -> None:
    theirs = store.cases.add(CaseDetails("EV-2", "Sky"), shared.practitioner_id, "test")
    sky = enter(store.people.add(Member("", "young_person", "sky", "Sky", theirs.id), "test"))
    assert "There is nothing here to read yet." in sky.get("/summary").text
    assert sky.get(f"/summary/{shared.id}").status_code == 404
    answer = sky.post(f"/summary/{shared.id}/reply", data=form(sky) | {"text-reply": "hi"})
    assert answer.status_code == 404
    assert store.notes.replies(shared.id) == []


def test_words_about_what_is_shared_no_more_are_shown_back(
    store: Store, amara: TestClient, jordan: TestClient, shared: Note, form: Form
) -> None:
    amara.post(f"/notes/{shared.id}/unshare", data=form(amara, number="1"))
    sent = form(jordan) | {"text-reply": "That is <not> right."}
    answer = jordan.post(f"/summary/{shared.id}/reply", data=sent)
    assert answer.status_code == 404
    assert "That is &lt;not&gt; right." in answer.text
    assert store.notes.replies(shared.id) == []
