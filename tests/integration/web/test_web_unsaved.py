"""What is typed and not saved: kept, given back to its writer, and laid over what others did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from recorder.codec import decode_draft
from recorder.review.desk import Desk
from recorder.review.web.security import CALL_HEADER
from store.cases import Case
from store.errors import BusyError
from store.notes import Note
from store.people import Member
from store.store import Store
from transcribe.model import Draft

Form = Callable[..., dict[str, str]]
PAGE = "0123456789abcdef"
LONG = "A sentence of some length, for a note that is worked on all afternoon. "


def now(store: Store, note: Note) -> Draft:
    newest = store.notes.get(note.id)
    return decode_draft(store.notes.version(note.id, newest.number).payload)


@pytest.fixture
def put(store: Store, note: Note) -> Callable[..., Any]:
    """Sends what an open page of this browser's would."""

    def sent(browser: TestClient, number: int = 1, turn: int = 1, **texts: str) -> Response:
        token = store.access.csrf(browser.cookies["session"])
        named = {f"text-{name.replace('_', '-')}": text for name, text in texts.items()}
        body = {"number": number, "page": PAGE, "turn": turn, "texts": named}
        where = f"/api/notes/{note.id}/unsaved"
        return browser.put(where, json=body, headers={CALL_HEADER: token})

    return sent


def test_what_was_typed_is_in_its_box_again_for_its_writer_alone(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, put: Callable[..., Any]
) -> None:
    answer = put(amara, s1="Half a <sen", new_worry="And th", why_s3="Hears")
    assert answer.status_code == 200
    assert len(answer.json()["at"]) == len("14:02")
    page = amara.get(f"/notes/{note.id}/edit").text
    for words in ("Half a &lt;sen</textarea>", "And th</textarea>", "Hears</textarea>"):
        assert words in page, words
    assert "You typed this and did not save it" in page
    assert "You typed something into this note" in amara.get(f"/notes/{note.id}").text
    theirs = ruth.get(f"/notes/{note.id}/edit").text
    assert "Amara Cole has been at work on this note since" in theirs
    assert "Half a" not in theirs + ruth.get(f"/notes/{note.id}").text
    assert store.notes.get(note.id).number == 1


@pytest.fixture
def put_new(store: Store) -> Callable[..., Response]:
    """Sends what an open page of a note that does not exist yet would."""

    def sent(browser: TestClient, kind: str, turn: int = 1, **texts: str) -> Response:
        token = store.access.csrf(browser.cookies["session"])
        named = {f"text-{name}": text for name, text in texts.items()}
        body = {"number": 1, "page": PAGE, "turn": turn, "texts": named, "kind": kind}
        return browser.put("/api/typed/unsaved", json=body, headers={CALL_HEADER: token})

    return sent


@pytest.mark.parametrize(
    ("kind", "box"),
    [("case_note", "worry"), ("supervision", "decision"), ("attempted_contact", "did")],
)
def test_what_is_typed_into_a_note_that_is_none_yet_is_there_again_for_its_writer_alone(
    amara: TestClient,
    ruth: TestClient,
    form: Form,
    put_new: Callable[..., Response],
    kind: str,
    box: str,
) -> None:
    where = "/attempts/new" if kind == "attempted_contact" else f"/typed/new?kind={kind}"
    assert f'name="text-{box}"' in amara.get(where).text
    answer = put_new(amara, kind, **{box: "Half a <sen", "date": "1/11/2025", "place": " "})
    assert len(answer.json()["at"]) == len("14:02")
    put_new(amara, kind, 0, **{box: "overtaken"})
    page = amara.get(where).text
    for part in ("Half a &lt;sen</textarea>", 'value="1/11/2025"', "did not save it"):
        assert part in page, part
    for other in ("/work", "/typed/new"):
        assert "did not save it" in amara.get(other).text
        assert "did not save it" not in ruth.get(other).text
    assert "Half a" not in ruth.get(where).text
    gone = amara.post("/typed/unsaved", data=form(amara, kind=kind))
    assert gone.headers["location"] == where
    assert "Half a" not in amara.get(where).text
    assert put_new(amara, kind, 2, **{box: " "}).json()["at"] == ""
    assert put_new(amara, "made_up", **{box: "x"}).status_code == 404


def test_once_it_is_a_note_nothing_is_kept_beside_it_and_a_form_that_comes_back_is_kept(
    store: Store, amara: TestClient, case: Case, form: Form, practitioner: Member
) -> None:
    sent = form(amara, kind="case_note") | {
        "text-case": case.id,
        "text-date": "1/11/2025",
        "text-start": "10:00",
        "text-worry": "He was cold.",
    }
    assert amara.post("/typed/new", data=sent | {"text-case": ""}).status_code == 422
    assert "He was cold.</textarea>" in amara.get("/typed/new?kind=case_note").text
    assert amara.post("/typed/new", data=sent).status_code == 303
    assert store.unsaved.new(practitioner.id) == {}
    assert "He was cold." not in amara.get("/typed/new?kind=case_note").text


def test_a_sentence_with_words_that_are_not_saved_is_not_edited_where_it_stands(
    amara: TestClient, note: Note, put: Callable[..., Any]
) -> None:
    there = amara.get(f"/notes/{note.id}").text
    assert 'data-edit="s1"' in there
    put(amara, s1="Half of it.")
    page = amara.get(f"/notes/{note.id}").text
    assert 'data-edit="s1"' not in page  # what is kept would be written over
    assert f'href="/notes/{note.id}/edit#text-s1"' in page
    assert 'data-edit="s4"' in page


def test_a_saved_version_takes_it_along_and_leaves_what_it_did_not_hold(
    store: Store, amara: TestClient, note: Note, put: Callable[..., Any], form: Form
) -> None:
    put(amara, s1="We met at the hub.", s4="He still gets")
    sent = form(amara, number="1", at="s1") | {"text-s1": "We met at the hub."}
    answer = amara.post(f"/notes/{note.id}/edit", data=sent)
    assert answer.headers["location"] == f"/notes/{note.id}#s-s1"
    page = amara.get(f"/notes/{note.id}/edit").text
    assert "He still gets</textarea>" in page
    assert "It now reads" not in page  # nobody changed that one
    rest = form(amara, number="2") | {"text-s4": "He still gets them."}
    amara.post(f"/notes/{note.id}/edit", data=rest)
    assert "did not save" not in amara.get(f"/notes/{note.id}/edit").text
    assert {"We met at the hub.", "He still gets them."} <= {
        each.text for each in now(store, note).statements
    }


def test_what_others_changed_meanwhile_stands_beside_it(
    amara: TestClient, ruth: TestClient, note: Note, put: Callable[..., Any], form: Form
) -> None:
    put(amara, s1="Amara's.", s2="Homeless.", s4="Alone.")
    theirs = {"text-s1": "Ruth's.", "text-why-s2": "Twice."}
    ruth.post(f"/notes/{note.id}/edit", data=form(ruth, number="1") | theirs)
    page = amara.get(f"/notes/{note.id}/edit").text
    for words in ("Amara&#39;s.", "It now reads: Ruth&#39;s.", "Homeless.", "Alone."):
        assert words in page, words
    assert page.count("It now reads") == 1
    assert "no longer there" in page
    assert 'name="number" value="2"' in page


def test_what_is_in_the_note_already_is_not_given_back_again(
    store: Store,
    amara: TestClient,
    note: Note,
    practitioner: Member,
    put: Callable[..., Any],
) -> None:
    put(amara, s1="We met.", new_worry="New.", why_s3="Hearsay.")
    # As if the server had gone down just after it saved the version.
    added, removed = [("worry", "New.")], {"s3": "Hearsay."}
    Desk(store, practitioner).save(note.id, 1, {"s1": "We met."}, added, removed)
    assert "did not save" not in amara.get(f"/notes/{note.id}/edit").text
    assert store.unsaved.of(note.id, practitioner.id) is None


def test_a_box_that_reads_as_before_is_not_kept(
    store: Store, amara: TestClient, note: Note, practitioner: Member, put: Callable[..., Any]
) -> None:
    put(amara, s1="We met to", turn=1)
    assert put(amara, s1="We met to go over the plan.", turn=2).json() == {"at": ""}
    assert store.unsaved.of(note.id, practitioner.id) is None


def test_what_is_overtaken_on_its_way_does_not_count(
    amara: TestClient, note: Note, put: Callable[..., Any]
) -> None:
    put(amara, s1="Later.", turn=7)
    put(amara, s1="Earlier.", turn=6)
    page = amara.get(f"/notes/{note.id}/edit").text
    assert ">Later.</textarea>" in page.replace("\n", "")


def test_it_can_be_thrown_away(
    store: Store,
    amara: TestClient,
    note: Note,
    practitioner: Member,
    put: Callable[..., Any],
    form: Form,
) -> None:
    put(amara, s1="Nonsense.")
    amara.post(f"/notes/{note.id}/unsaved", data=form(amara))
    assert "Nonsense" not in amara.get(f"/notes/{note.id}/edit").text
    assert store.unsaved.of(note.id, practitioner.id) is None


def test_throwing_it_away_leaves_what_was_typed_on_another_page(
    store: Store,
    amara: TestClient,
    note: Note,
    practitioner: Member,
    put: Callable[..., Any],
    form: Form,
) -> None:
    put(amara, s1="Nonsense.", place="The hub")
    amara.post(f"/notes/{note.id}/unsaved", data=form(amara))
    assert store.unsaved.of(note.id, practitioner.id) is not None
    assert "Nonsense" not in amara.get(f"/notes/{note.id}/edit").text
    assert "The hub" in amara.get(f"/notes/{note.id}/facts").text


def test_what_was_typed_is_shown_back_when_the_store_fails(
    store: Store, amara: TestClient, case: Case, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise BusyError

    words = {"text-case": case.id, "text-date": "5/11/2025", "text-start": "16:30"}
    words |= {"text-method": "Visit", "text-did": "Knocked <twice>.", "text-next": "Again."}
    with monkeypatch.context() as broken:
        broken.setattr(type(store.notes), "create", fails)
        answer = amara.post("/attempts/new", data=form(amara) | words)
    assert answer.status_code == 500
    assert "Knocked &lt;twice&gt;." in answer.text
    assert "tell whoever looks after Recorder this number" in answer.text


def test_without_a_script_a_fault_while_saving_loses_nothing(
    store: Store, amara: TestClient, note: Note, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(type(store.notes), "add_version", fails)
        words = form(amara, number="1") | {"text-s1": "An hour of work."}
        assert amara.post(f"/notes/{note.id}/edit", data=words).status_code == 500
    assert "An hour of work." in amara.get(f"/notes/{note.id}/edit").text


def test_into_a_note_that_was_closed_meanwhile_it_is_shown_back_on_the_note(
    store: Store, amara: TestClient, note: Note, put: Callable[..., Any]
) -> None:
    put(amara, s1="Too late.")
    with store.database.write() as connection:
        entry = ("merged", note.practitioner_id, note.id.encode())
        store.notes.decide(connection, note, entry, "merged")
    assert put(amara, s1="Too late now.", turn=2).status_code == 200
    assert amara.get(f"/notes/{note.id}/edit").status_code == 409
    assert "Too late now." in amara.get(f"/notes/{note.id}").text


def test_why_a_note_is_sent_back_is_kept_while_it_is_written(
    amara: TestClient, ruth: TestClient, note: Note, put: Callable[..., Any], form: Form
) -> None:
    amara.post(f"/notes/{note.id}/submit", data=form(amara, number="1"))
    put(ruth, reason="Who said <so>?", mark_s2="Which day?")
    assert "did not save" not in ruth.get(f"/notes/{note.id}/edit").text
    page = ruth.get(f"/notes/{note.id}").text
    assert "You typed something into this note" not in page
    for words in ("Who said &lt;so&gt;?</textarea>", "Which day?</textarea>"):
        assert words in page, words
    assert "Which day?" not in amara.get(f"/notes/{note.id}").text
    put(ruth, turn=2, reason="", mark_s2="Which day?")
    back = form(ruth, number="1") | {"text-mark-s2": "Which day?", "text-reason": ""}
    assert ruth.post(f"/notes/{note.id}/return", data=back).status_code == 303
    assert "Which day?</textarea>" not in ruth.get(f"/notes/{note.id}").text
    assert "has been at work on" not in amara.get(f"/notes/{note.id}/edit").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 0},
        {"number": 10**9},
        {"page": "x"},
        {"turn": -1},
        {"texts": {"csrf": "x"}},
        {"texts": {"text-s1": 1}},
        {"texts": {"text-" + "x" * 101: "x"}},
        {"texts": [1]},
    ],
)
def test_nothing_but_what_a_page_of_ours_sends_is_taken(
    store: Store, amara: TestClient, note: Note, practitioner: Member, wrong: dict[str, object]
) -> None:
    token = store.access.csrf(amara.cookies["session"])
    body = {"number": 1, "page": PAGE, "turn": 1, "texts": {"text-s1": "Words."}} | wrong
    headers = {CALL_HEADER: token}
    answer = amara.put(f"/api/notes/{note.id}/unsaved", json=body, headers=headers)
    assert answer.status_code == 422
    assert "Words" not in answer.text
    assert store.unsaved.of(note.id, practitioner.id) is None


def test_half_a_letter_is_kept_as_a_form_would_send_it(
    store: Store, amara: TestClient, note: Note
) -> None:
    headers = {
        CALL_HEADER: store.access.csrf(amara.cookies["session"]),
        "content-type": "application/json",
    }
    body = f'{{"number": 1, "page": "{PAGE}", "turn": 1, "texts": {{"text-s1": "a\\ud800b"}}}}'
    where = f"/api/notes/{note.id}/unsaved"
    assert amara.put(where, content=body, headers=headers).status_code == 200
    assert "a\ufffdb</textarea>" in amara.get(f"/notes/{note.id}/edit").text


def test_a_script_without_this_sessions_token_keeps_nothing(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, practitioner: Member
) -> None:
    body = {"number": 1, "page": PAGE, "turn": 1, "texts": {"text-s1": "Words."}}
    where = f"/api/notes/{note.id}/unsaved"
    for token in ("", store.access.csrf(ruth.cookies["session"])):
        assert amara.put(where, json=body, headers={CALL_HEADER: token}).status_code == 403
    assert store.unsaved.of(note.id, practitioner.id) is None


def test_facts_that_were_typed_stand_beside_words_and_go_by_themselves(
    store: Store, amara: TestClient, ruth: TestClient, note: Note, put: Callable[..., Any]
) -> None:
    form = {"csrf": store.access.csrf(amara.cookies["session"]), "number": "1"}
    put(amara, place="The park", seen="yes", s1="Half a sentence.")
    page, there = amara.get(f"/notes/{note.id}/facts").text, f"/notes/{note.id}"
    assert ('value="The park"' in page, "did not save it" in page) == (True, True)
    assert "Half a" not in page
    assert "put facts of this contact right" in amara.get(there).text
    theirs = ruth.get(f"{there}/facts").text
    assert ("The park" in theirs, "did not save it" in theirs) == (False, False)
    assert "The park" not in amara.get(f"{there}/edit").text
    changed = {"csrf": store.access.csrf(ruth.cookies["session"]), "number": "1"}
    assert (
        ruth.post(f"{there}/facts", data=changed | {"text-place": "His nan's"}).status_code == 303
    )
    page = amara.get(f"{there}/facts").text
    assert ('value="The park"' in page, "It now says: His nan" in page) == (True, True)
    assert amara.post(f"{there}/facts/unsaved", data=form).status_code == 303
    assert "did not save it" not in amara.get(f"{there}/facts").text
    assert "Half a sentence." in amara.get(f"{there}/edit").text
    put(amara, place="The bridge", number=2)
    saved = form | {"number": "2", "text-s1": "Half a sentence."}
    assert amara.post(f"{there}/edit", data=saved).status_code == 303
    amara.get(f"{there}/edit")
    assert 'value="The bridge"' in amara.get(f"{there}/facts").text
    saved = form | {"number": "3", "text-place": "The bridge"}
    assert amara.post(f"{there}/facts", data=saved).status_code == 303
    assert store.unsaved.of(note.id, note.practitioner_id) is None
