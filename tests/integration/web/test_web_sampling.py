from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from recorder.rulings import Outcome
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.unit.recorder.review.test_listened import believed

Form = Callable[..., dict[str, str]]


@pytest.fixture
def app(store: Store) -> FastAPI:
    """Of it every approved note is drawn."""
    return create_app(store, team="Evolve", timezone="Europe/London", listen_again_percent=100)


@pytest.fixture
def second(store: Store) -> Member:
    """A supervisor with no part in the note."""
    return store.people.add(Member("", "supervisor", "sam", "Sam Bell", None), "test")


@pytest.fixture
def sam(enter: Callable[[Member], TestClient], second: Member) -> TestClient:
    """Their browser."""
    return enter(second)


@pytest.fixture
def approved(store: Store, note: Note, practitioner: Member, supervisor: Member) -> Note:
    Desk(store, practitioner).submit(note.id, 1)
    Desk(store, supervisor).approve(note.id, 1)
    return store.notes.get(note.id)


def hear(store: Store, second: Member, note: Note) -> None:
    desk = Desk(store, second)
    for each in desk.sampling(100).look(note.id).statements:
        desk.listening.keep(note.id, 1, each.id, believed)


def test_a_drawn_note_is_listed_and_heard_and_what_came_of_it_is_asked(
    store: Store, ruth: TestClient, sam: TestClient, second: Member, approved: Note
) -> None:
    address = f"/listen-again/{approved.id}"
    assert address not in ruth.get("/listen-again").text
    page = sam.get("/listen-again").text
    assert address in page
    assert "Jordan" not in page.partition("<main")[2]  # whose it is has no part in it
    assert "Amara" not in page.partition("<main")[2]
    page = sam.get(address).text
    assert page.count("Listen first") == 4
    assert "data-approve novalidate hidden" in page
    hear(store, second, approved)
    page = sam.get(address).text
    assert "Listen first" not in page
    assert page.count("You listened") == 4


def test_what_is_missing_is_asked_for_at_its_field_and_what_was_typed_stays(
    store: Store, sam: TestClient, second: Member, approved: Note, form: Form
) -> None:
    address, typed = f"/listen-again/{approved.id}", {"text-what": "It was <Terrell>."}
    early = sam.post(address, data=form(sam, number="1", outcome="right"))
    assert (early.status_code, "Listen to every sentence first" in early.text) == (409, True)
    hear(store, second, approved)
    for sent, status, where in (
        (typed, 422, "#outcome"),
        (typed | {"outcome": "whatever"}, 422, "#outcome"),
        ({"outcome": "matters"}, 409, "#what"),
    ):
        answer = sam.post(address, data=form(sam, number="1") | sent)
        assert (answer.status_code, f'href="{where}"' in answer.text) == (status, True)
        assert ("It was &lt;Terrell&gt;." in answer.text) is ("text-what" in sent)
    assert store.notes.get(approved.id).state == "approved"


def test_a_wrong_word_that_matters_sends_it_back_and_whoever_is_late_is_told(
    store: Store, sam: TestClient, second: Member, approved: Note, form: Form
) -> None:
    hear(store, second, approved)
    sent = form(sam, number="1", outcome="matters") | {"text-what": "It was Terrell."}
    answer = sam.post(f"/listen-again/{approved.id}", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notes/{approved.id}")
    assert store.notes.get(approved.id).state == "returned"
    late = sam.post(f"/listen-again/{approved.id}", data=sent)
    assert late.status_code == 409
    assert "What you had typed" in late.text


def test_counts_are_told_from_five_up(
    store: Store, sam: TestClient, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert note.kind == "case_note"
    rows = [("case_note", b'{"outcome":"right","what":""}')] * 6
    rows += [("case_note", b'{"outcome":"matters","what":"x"}')] * 4
    monkeypatch.setattr(type(store.relistenings), "all", lambda _: rows)
    table = sam.get("/listen-again").text.partition("<tbody")[2].partition("</tbody>")[0]
    assert table.count("under 5") == len(Outcome) - 1
    assert ">6<" in table
    assert ">4<" not in table
    assert ">10<" not in table
