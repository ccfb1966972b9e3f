from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review import theirsay
from recorder.review.desk import Desk
from recorder.review.saying import (
    ANSWERED,
    BESIDE,
    KEEP_BACK,
    NOT_RIGHT,
    RIGHT,
    encode_answer,
    saying_of,
)
from store.calls import TALK, UNSAFE
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from templates.tongues import tongues
from tests.sharing import show_them
from transcribe.model import Draft

Form = Callable[..., dict[str, str]]


def say(browser: TestClient, form: Form, note: Note, **fields: str) -> str:
    """Say something; where that stands then."""
    named = {("text-reply" if name == "words" else name): value for name, value in fields.items()}
    answer = browser.post(f"/summary/{note.id}/reply", data=form(browser) | named)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_before_anything_is_shared_there_is_nothing_to_read(jordan: TestClient, note: Note) -> None:
    page = jordan.get("/summary")
    assert "There is nothing here to read yet." in page.text
    assert jordan.get(f"/summary/{note.id}").status_code == 404


def test_their_own_words_come_first(jordan: TestClient, shared: Note) -> None:
    page = jordan.get(f"/summary/{shared.id}").text
    assert page.index("What you said") < page.index("Why we met") < page.index("Who can see this?")


def test_it_is_read_a_sentence_at_a_time_too(jordan: TestClient, shared: Note) -> None:
    first, second, last = (
        jordan.get(f"/summary/{shared.id}/steps/{number}").text for number in (1, 2, 3)
    )
    assert "He said no" in first
    assert "go over the plan" not in first
    assert "go over the plan" in second
    assert "That is all of it" in last
    for number in ("0", "4", "x", "1000000000000"):
        assert jordan.get(f"/summary/{shared.id}/steps/{number}").status_code == 404


def test_the_page_shows_nothing_of_the_team_the_record_or_the_recording(
    jordan: TestClient, shared: Note, practitioner: Member
) -> None:
    for where in ("/summary", f"/summary/{shared.id}", f"/summary/{shared.id}/steps/1"):
        page = jordan.get(where).text
        assert re.findall("<title>(.*)</title>", page) == ["My page"]
        for word in ("Evolve", practitioner.name, "Tyrell", "messages", "EV-1001", "/notes/"):
            assert word not in page, word


def test_the_way_out_tells_the_other_site_nothing(jordan: TestClient) -> None:
    page = jordan.get("/summary").text
    assert 'href="https://www.bbc.co.uk/weather" rel="nofollow noreferrer"' in page
    assert page.count("https://") == 1


def test_their_words_are_kept_and_shown_back_with_the_date(
    store: Store, jordan: TestClient, amara: TestClient, shared: Note, form: Form
) -> None:
    said = "  nah <b>that's</b> not it\r\nI went with Nan  "
    where = say(jordan, form, shared, words=said)
    (kept,) = store.notes.replies(shared.id)
    assert kept.payload.decode() == said
    for page in (jordan.get(where).text, jordan.get(f"/summary/{shared.id}").text):
        assert "nah &lt;b&gt;that&#39;s&lt;/b&gt; not it" in page
    assert "nah &lt;b&gt;" in amara.get(f"/notes/{shared.id}").text


def test_they_say_what_they_think_of_one_sentence(
    store: Store, jordan: TestClient, shared: Note, form: Form
) -> None:
    page = jordan.get(f"/summary/{shared.id}/say?about=s2").text
    assert "He said no" in page
    for text in ("right", "not_right", "add", "keep_back", "talk", "unsafe"):
        assert tongues()["en"](text) in page
    say(jordan, form, shared, kind="right", about="s1")
    say(jordan, form, shared, kind="not_right", about="s2", words="I never said no.")
    say(jordan, form, shared, kind="keep_back", about="s2")
    found = [saying_of(each) for each in store.notes.replies(shared.id)]
    assert [(each.kind, each.statement, each.words) for each in found] == [
        (RIGHT, "s1", ""),
        (NOT_RIGHT, "s2", "I never said no."),
        (KEEP_BACK, "s2", ""),
    ]


def test_words_that_look_like_what_we_keep_are_words(
    store: Store, jordan: TestClient, shared: Note, form: Form
) -> None:
    say(jordan, form, shared, words='{"saying":1')
    (kept,) = store.notes.replies(shared.id)
    assert saying_of(kept).words == '{"saying":1'


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "taken back"},
        {"kind": "x"},
        {"about": "s4"},
        {"about": "picture x"},
        {"instead": "x"},
    ],
)
def test_what_no_page_offers_is_not_kept(
    store: Store, jordan: TestClient, shared: Note, form: Form, fields: dict[str, str]
) -> None:
    sent = form(jordan) | {"text-reply": "x"} | fields
    assert jordan.post(f"/summary/{shared.id}/reply", data=sent).status_code == 404
    assert store.notes.replies(shared.id) == []


def test_they_say_it_anew_and_take_it_back(
    store: Store, jordan: TestClient, shared: Note, form: Form
) -> None:
    where = say(jordan, form, shared, kind="not_right", about="s2", words="First words.")
    own = where.rpartition("/")[2]
    assert "First words." in jordan.get(f"/summary/{shared.id}/reply?instead={own}").text
    assert say(jordan, form, shared, instead=own, words="Second words.") == where
    page = jordan.get(where).text
    assert page.index("Second words.") < page.index("What you said before")
    assert page.index("What you said before") < page.index("First words.")
    answer = jordan.post(f"{where}/back", data=form(jordan))
    assert answer.headers["location"] == f"/summary/{shared.id}"
    assert jordan.get(where).status_code == 404
    assert "Second words." not in jordan.get(f"/summary/{shared.id}").text
    kinds = [saying_of(each).kind for each in store.notes.replies(shared.id)]
    assert kinds == [NOT_RIGHT, NOT_RIGHT, "taken back"]


def test_what_was_sent_on_cannot_be_taken_back(
    store: Store, jordan: TestClient, shared: Note, form: Form
) -> None:
    where = say(jordan, form, shared, words="Gone out.")
    store.notes.exported(shared.id, 1, "test")
    assert "sent on to others" in jordan.get(where).text
    answer = jordan.post(f"{where}/back", data=form(jordan))
    assert answer.status_code == 409
    assert "cannot be taken back" in answer.text
    later = say(jordan, form, shared, words="Said since.")
    assert jordan.post(f"{later}/back", data=form(jordan)).status_code == 303
    assert len(store.notes.replies(shared.id)) == 3


def test_they_see_what_was_answered(
    store: Store, jordan: TestClient, shared: Note, form: Form, practitioner: Member
) -> None:
    where = say(jordan, form, shared, words="Why?")
    note = store.notes.get(shared.id)
    payload = encode_answer(where.rpartition("/")[2], "Because <i>you</i> asked.", BESIDE)
    with store.database.write() as connection:
        entry = (ANSWERED, practitioner.id, payload)
        store.notes.decide(connection, note, entry, note.state)
    for page in (jordan.get(where).text, jordan.get(f"/summary/{shared.id}").text):
        assert "Because &lt;i&gt;you&lt;/i&gt; asked." in page
        assert "What you said stands next to what we wrote." in page


@pytest.mark.parametrize("kind", [TALK, UNSAFE])
def test_a_call_reaches_their_people_and_leaves_no_trace_on_their_pages(
    store: Store, jordan: TestClient, shared: Note, form: Form, kind: str, case: Case
) -> None:
    pages = ["/summary", "/summary/more", f"/summary/{shared.id}", f"/summary/{shared.id}/say"]
    hidden = r'name="csrf" value="[^"]*"|data-csrf="[^"]*"'
    before = [re.sub(hidden, "", jordan.get(page).text) for page in pages]
    fields = {kind: kind, "text-words": "Come <b>now</b>", "about": shared.id}
    answer = jordan.post("/summary/more", data=form(jordan) | fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/summary")
    (call,) = store.young.calls.unseen()
    assert (call.kind, call.case_id, call.words) == (kind, case.id, "Come <b>now</b>")
    assert call.note_id == shared.id
    assert "We have passed it on." in jordan.get("/summary").text  # once
    assert [re.sub(hidden, "", jordan.get(page).text) for page in pages] == before


def test_a_thumb_that_presses_twice_calls_once(
    store: Store, jordan: TestClient, shared: Note, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {UNSAFE: UNSAFE, "about": shared.id}
    for sent in (fields, fields, fields | {"text-words": "Now"}):
        assert jordan.post("/summary/more", data=form(jordan) | sent).status_code == 303
    assert [each.words for each in store.young.calls.unseen()] == ["Now", ""]
    monkeypatch.setattr(theirsay, "_ONE_PRESS", 0)  # as after a while
    jordan.post("/summary/more", data=form(jordan) | fields)
    assert len(store.young.calls.unseen()) == 3


def test_the_page_for_calls_says_what_it_is_not_and_whom_to_ring(jordan: TestClient) -> None:
    page = jordan.get("/summary/more").text
    assert "It is not for emergencies." in page
    assert "999" in page
    assert "Childline 0800 1111" in page


def test_an_unknown_kind_of_call_is_none(store: Store, jordan: TestClient, form: Form) -> None:
    answer = jordan.post("/summary/more", data=form(jordan) | {"talk": "x"})
    assert answer.status_code == 404
    assert store.young.calls.unseen() == []


def test_they_say_what_to_be_called(
    store: Store, jordan: TestClient, young_person: Member, form: Form
) -> None:
    sent = form(jordan) | {"text-name": "  J\u202e <b>Jay</b>\n "}
    assert jordan.post("/summary/name", data=sent).status_code == 303
    assert store.people.get(young_person.id).name == "J <b>Jay</b>"
    assert "Hello J &lt;b&gt;Jay&lt;/b&gt;" in jordan.get("/summary").text
    for name in ("", "  ", "x" * 41):
        sent = form(jordan) | {"text-name": name}
        assert jordan.post("/summary/name", data=sent).status_code == 422
    assert store.people.get(young_person.id).name == "J <b>Jay</b>"


def test_they_choose_language_size_and_colours_and_nothing_is_on_their_phone(
    jordan: TestClient, shared: Note, form: Form
) -> None:
    cookies = dict(jordan.cookies)
    sent = form(jordan) | {"tongue": "pl", "size": "3", "colours": "dark"}
    answer = jordan.post("/summary/view", data=sent)
    assert "set-cookie" not in answer.headers
    page = jordan.get(f"/summary/{shared.id}").text
    assert '<html lang="pl" class="govuk-template app-size-3 app-dark">' in page
    assert "listopada 2025" in page
    assert '<p class="govuk-body-l" lang="en-GB" data-aloud>He said no' in page
    assert dict(jordan.cookies) == cookies
    sent = form(jordan) | {"tongue": "xx", "size": "9", "colours": "light"}
    jordan.post("/summary/view", data=sent)
    page = jordan.get("/summary").text
    assert '<html lang="pl" class="govuk-template app-size-3">' in page


def test_how_it_looks_is_forgotten_with_the_session(
    enter: Callable[[Member], TestClient], young_person: Member, form: Form
) -> None:
    first = enter(young_person)
    first.post("/summary/view", data=form(first) | {"tongue": "pl", "size": "2"})
    assert "Cześć" in first.get("/summary").text
    assert "Hello" in enter(young_person).get("/summary").text


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
    show_them(store, desk, older, 1, ["s1"])
    start = jordan.get("/summary").text
    assert f'href="/summary/{older}"' in start
    assert f'href="/summary/{shared.id}/steps/1"' in start
    assert "He said no" not in jordan.get(f"/summary/{older}").text


def test_another_young_person_sees_and_answers_none_of_it(
    store: Store,
    enter: Callable[[Member], TestClient],
    jordan: TestClient,
    shared: Note,
    form: Form,
) -> None:
    own = say(jordan, form, shared, words="Mine.")
    theirs = store.cases.add(CaseDetails("EV-2", "Sky"), shared.practitioner_id, "test")
    sky = enter(store.people.add(Member("", "young_person", "sky", "Sky", theirs.id), "test"))
    assert "There is nothing here to read yet." in sky.get("/summary").text
    pages = ("", "/steps/1", "/say", "/reply", "/voice", "/draw")
    for where in (*(f"/summary/{shared.id}{page}" for page in pages), own, f"{own}/sound"):
        assert sky.get(where).status_code == 404
    for where in (f"/summary/{shared.id}/reply", f"{own}/back", f"{own}/words"):
        answer = sky.post(where, data=form(sky) | {"text-reply": "hi"})
        assert answer.status_code == 404
    assert len(store.notes.replies(shared.id)) == 1


def test_words_about_what_is_shared_no_more_are_shown_back(
    store: Store, amara: TestClient, jordan: TestClient, shared: Note, form: Form
) -> None:
    amara.post(f"/notes/{shared.id}/unshare", data=form(amara, number="1"))
    sent = form(jordan) | {"text-reply": "That is <not> right."}
    answer = jordan.post(f"/summary/{shared.id}/reply", data=sent)
    assert answer.status_code == 404
    assert "That is &lt;not&gt; right." in answer.text
    assert store.notes.replies(shared.id) == []


def test_where_there_is_no_room_they_are_told_so_and_what_to_do(
    store: Store, jordan: TestClient, shared: Note
) -> None:
    csrf = store.access.csrf(jordan.cookies["session"])
    fields = [("csrf", (None, csrf)), ("kind", (None, "add")), ("text-words", (None, "Mine"))]
    picture = ("picture", ("a.png", b"a picture"))
    answer = jordan.post(f"/send/said/{shared.id}", files=[*fields, picture])
    assert answer.status_code == 422
    assert "There is no room for this just now" in answer.text  # nothing takes files in here
    assert "Mine" in answer.text


def test_words_sent_after_their_time_is_over_stand_there_with_what_to_do(
    store: Store, jordan: TestClient, shared: Note
) -> None:
    csrf = store.access.csrf(jordan.cookies["session"])
    store.access.sign_out(jordan.cookies["session"])
    sent = {"csrf": csrf, "kind": "add", "text-reply": "My own words"}
    answer = jordan.post(f"/summary/{shared.id}/reply", data=sent)
    assert answer.status_code == 401
    assert "ask for a new link" in answer.text
    assert "My own words" in answer.text
    assert "/sign-in" not in answer.text
