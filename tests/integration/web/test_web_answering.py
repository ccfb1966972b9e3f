"""What a young person says, and the answer that somebody owes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.review.answering import Answering
from recorder.review.desk import Desk
from recorder.review.saying import (
    ADD,
    CHANGED,
    NOT_RIGHT,
    RIGHT,
    TAKEN_BACK,
    Saying,
    encode_saying,
)
from store.notes import Note
from store.people import Member
from store.store import Store

Form = Callable[..., dict[str, str]]
Say = Callable[[Saying], str]

THEIRS = "I wasn't <told> that. It was my idea."
LABEL = "Jordan sees this differently, in their words"


@pytest.fixture
def say(store: Store, shared: Note, young_person: Member) -> Say:
    """Has the young person say something of the note they were shown; its id."""

    def said(saying: Saying) -> str:
        store.notes.reply(shared, 1, young_person.id, encode_saying(saying))
        return store.notes.replies(shared.id)[-1].id

    return said


@pytest.fixture
def answering(store: Store, practitioner: Member) -> Answering:
    return Desk(store, practitioner).answering


@pytest.fixture
def at(store: Store, shared: Note) -> Callable[[], int]:
    """When they last said something."""
    return lambda: store.notes.replies(shared.id)[-1].created_at


def test_it_is_the_first_thing_in_the_work_until_it_is_answered_and_then_nowhere_there(
    amara: TestClient, ruth: TestClient, shared: Note, say: Say, at: Callable[[], int], form: Form
) -> None:
    said = say(Saying(NOT_RIGHT, THEIRS, "s2"))
    for browser, where in ((amara, "/work"), (ruth, "/work"), (ruth, "/queue")):
        page = browser.get(where).text
        assert page.index("Young people have written back") < page.index(shared.id)
        assert "Waits for an answer" in page
    sent = form(amara, at=str(at())) | {"text-answer": "You are right. I am sorry."}
    answer = amara.post(f"/notes/{shared.id}/said/{said}/answer", data=sent)
    assert answer.headers["location"] == f"/notes/{shared.id}#said-{said}"
    for browser, where in ((amara, "/work"), (ruth, "/work"), (ruth, "/queue")):
        assert "written back" not in browser.get(where).text
    page = amara.get(f"/notes/{shared.id}").text
    assert "You are right. I am sorry." in page
    assert "The young person was answered by Amara Cole" in page


def test_of_several_things_each_waits_for_its_own_answer(
    amara: TestClient, say: Say, at: Callable[[], int], answering: Answering, shared: Note
) -> None:
    first = say(Saying(NOT_RIGHT, THEIRS, "s2"))
    then = at()
    second = say(Saying(ADD, "We also talked about Nan."))
    answering.answer(shared.id, first, then, "Thank you.")
    assert "Waits for an answer" in amara.get("/work").text
    answering.answer(shared.id, second, at(), "I will write that down.")
    assert "written back" not in amara.get("/work").text


def test_a_disagreement_stands_next_to_the_sentence_wherever_that_is_shown(
    amara: TestClient, shared: Note, say: Say, form: Form
) -> None:
    say(Saying(NOT_RIGHT, THEIRS, "s2"))
    search = amara.post("/search", data=form(amara) | {"text-words": "walked"})
    pages = {
        where: amara.get(where).text
        for where in (
            f"/notes/{shared.id}",
            f"/notes/{shared.id}/versions",
            f"/cases/{shared.case_id}",
            search.headers["location"],
        )
    }
    for where, page in pages.items():
        assert LABEL in page, where
        stands = page.index(LABEL)
        assert "I wasn&#39;t &lt;told&gt; that." in page[stands : stands + 400], where
    edit = amara.get(f"/notes/{shared.id}/edit").text
    assert "Jordan sees this differently" in edit


def test_what_was_taken_back_is_shown_nowhere_but_that_it_was(
    amara: TestClient, shared: Note, say: Say, form: Form, store: Store
) -> None:
    first = say(Saying(NOT_RIGHT, THEIRS, "s2"))
    say(Saying(TAKEN_BACK, instead_of=first))
    page = amara.get(f"/notes/{shared.id}").text
    assert "Jordan took back something they had said" in page
    assert "It was my idea" not in page
    assert LABEL not in page
    assert "Waits for an answer" not in amara.get("/work").text
    last = store.notes.replies(shared.id)[-1].id
    sent = form(amara, last=last)
    assert amara.post(f"/notes/{shared.id}/replies/read", data=sent).status_code == 303


def test_words_they_changed_while_somebody_answered_are_read_first(
    amara: TestClient, shared: Note, say: Say, at: Callable[[], int], form: Form
) -> None:
    said = say(Saying(NOT_RIGHT, "No.", "s2"))
    before = at()
    say(Saying(NOT_RIGHT, "No. It was Sunday.", "s2", instead_of=said))
    sent = form(amara, at=str(before)) | {"text-answer": "Which day was it?"}
    late = amara.post(f"/notes/{shared.id}/said/{said}/answer", data=sent)
    assert late.status_code == 409
    assert "said something else meanwhile" in late.text
    assert "No. It was Sunday." in late.text
    assert "Which day was it?" in late.text


def test_a_correction_is_said_to_be_made_only_once_it_was_and_goes_through_approval(
    amara: TestClient, ruth: TestClient, shared: Note, say: Say, form: Form, store: Store
) -> None:
    said = say(Saying(NOT_RIGHT, THEIRS, "s2"))
    said_at = store.notes.replies(shared.id)[-1].created_at
    where = f"/notes/{shared.id}/said/{said}/answer"
    sent = {"at": str(said_at), "text-answer": "We put it right.", "outcome": CHANGED}
    early = amara.post(where, data=form(amara) | sent)
    assert early.status_code == 422
    assert "The note still says what they were shown" in early.text
    assert f'href="/notes/{shared.id}/edit#text-s2"' in amara.get(f"/notes/{shared.id}").text
    changed = {"number": "1", "text-s2": "He said that it was his idea."}
    assert amara.post(f"/notes/{shared.id}/edit", data=form(amara) | changed).status_code == 303
    assert store.notes.get(shared.id).state == "draft"
    assert amara.post(where, data=form(amara) | sent).status_code == 303
    page = amara.get(f"/notes/{shared.id}").text
    assert "The note was changed." in page
    assert "About: “He said no &amp; walked away.”" in page
    amara.post(f"/notes/{shared.id}/submit", data=form(amara, number="2"))
    approved = ruth.post(f"/notes/{shared.id}/approve", data=form(ruth, number="2"))
    assert approved.status_code == 303


def test_only_what_has_left_the_house_is_said_to_be_added_there(
    amara: TestClient, shared: Note, say: Say, at: Callable[[], int], form: Form, store: Store
) -> None:
    said = say(Saying(NOT_RIGHT, THEIRS, "s2"))
    where = f"/notes/{shared.id}/said/{said}/answer"
    sent = {"at": str(at()), "text-answer": "It is beside it now.", "outcome": "appended"}
    assert "has not gone to Mosaic" in amara.post(where, data=form(amara) | sent).text
    store.notes.exported(shared.id, 1, "test")
    page = amara.get(f"/notes/{shared.id}").text
    assert "I added their words in Mosaic" in page
    assert "We changed the note" in page
    assert amara.post(where, data=form(amara) | sent).status_code == 303


def test_nobody_else_answers_and_nothing_else_is_answered(
    ben: TestClient, amara: TestClient, shared: Note, say: Say, at: Callable[[], int], form: Form
) -> None:
    said = say(Saying(RIGHT, "Yes.", "s2"))
    where = f"/notes/{shared.id}/said/{said}/answer"
    sent = {"at": str(at()), "text-answer": "Hello."}
    assert ben.post(where, data=form(ben) | sent).status_code == 404
    other = f"/notes/{shared.id}/said/{'0' * 32}/answer"
    assert amara.post(other, data=form(amara) | sent).status_code == 404
    assert amara.post(where, data=form(amara) | sent).status_code == 303


def test_what_they_say_is_found_answered_and_shown_to_them_with_what_came_of_it(
    jordan: TestClient, amara: TestClient, shared: Note, form: Form, store: Store
) -> None:
    spoken = form(jordan) | {"kind": "not_right", "about": "s2", "text-reply": THEIRS}
    where = jordan.post(f"/summary/{shared.id}/reply", data=spoken).headers["location"]
    work = amara.get("/work").text
    assert "Waits for an answer" in work
    assert f'href="/notes/{shared.id}#replies"' in work
    (entry,) = store.notes.replies(shared.id)
    answer = {"at": str(entry.created_at), "text-answer": "Thank you.", "outcome": "beside"}
    sent = amara.post(f"/notes/{shared.id}/said/{entry.id}/answer", data=form(amara) | answer)
    assert sent.status_code == 303
    for page in (jordan.get(where).text, jordan.get(f"/summary/{shared.id}").text):
        assert "Thank you." in page
        assert "What you said stands next to what we wrote." in page
