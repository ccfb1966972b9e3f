from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review.query import MAX_LENGTH
from recorder.review.web.searching import Looking
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import note_versions
from transcribe.model import Draft

Form = Callable[..., dict[str, str]]


def looked(browser: TestClient, form: Form, words: str) -> str:
    """The address of the hits."""
    answer = browser.post("/search", data=form(browser) | {"text-words": words})
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.fixture
def many(store: Store, case: Case, practitioner: Member, draft: Draft) -> list[str]:
    """The ids of 45 notes of one word each beside a common one, newest contact first."""
    ids = []
    with store.database.write() as connection:
        for number in range(45):
            note = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, number, 0)
            words = replace(draft.statements[0], text=f"Zebra {number} <b>met</b>.")
            said = replace(draft, statements=(words,))
            ids.append(store.notes.create(connection, note, encode(said), None))
    return ids[::-1]


def test_a_note_is_found_by_its_words_and_shown_with_its_heading(
    amara: TestClient, form: Form, note: Note
) -> None:
    page = amara.get(looked(amara, form, 'BOY "came up"'))
    assert page.status_code == 200
    assert f'href="/notes/{note.id}"' in page.text
    assert 'a <mark class="app-mark">boy</mark> called' in page.text
    assert '<mark class="app-mark">came up</mark>' in page.text
    assert "<strong>What happened</strong>" in page.text
    assert "version 1" in page.text


def test_what_notes_say_is_escaped(amara: TestClient, form: Form, many: list[str]) -> None:
    assert many
    page = amara.get(looked(amara, form, "zebra <b>met</b>")).text
    assert "<b>" not in page
    assert '<mark class="app-mark">&lt;b&gt;met&lt;/b&gt;</mark>' in page
    assert 'value="zebra &lt;b&gt;met&lt;/b&gt;"' in page


def test_the_words_stand_in_no_address_and_no_title(
    amara: TestClient, form: Form, note: Note
) -> None:
    address = looked(amara, form, "Tyrell")
    assert re.fullmatch("/search/[0-9a-f]{32}", address)
    page = amara.get(address)
    assert note.id in page.text
    assert "<title>Search</title>" in page.text
    assert "yrell" not in str(page.request.url) + str(page.headers)


def test_browsers_are_asked_not_to_remember_what_is_typed(amara: TestClient) -> None:
    page = amara.get("/search").text
    (field,) = re.findall(r'<input[^>]*id="words"[^>]*>', page)
    assert 'autocomplete="off"' in field
    assert 'spellcheck="false"' in field
    assert page.count('autocomplete="off"') == 2


def test_hits_come_in_pages(amara: TestClient, form: Form, many: list[str]) -> None:
    address = looked(amara, form, "zebra")
    pages = [amara.get(address), *(amara.get(f"{address}?page={n}") for n in (2, 3, 4))]
    shown = [re.findall(r'href="/notes/(\w+)"', page.text) for page in pages]
    assert shown == [many[:20], many[20:40], many[40:], []]
    links = [re.findall(r'href="(/search/[^"]+)"', page.text) for page in pages]
    assert links == [
        [f"{address}?page=2"],
        [f"{address}?page=1", f"{address}?page=3"],
        [f"{address}?page=2"],
        [f"{address}?page=3"],
    ]


@pytest.mark.parametrize("page", ["0", "-1", "501", "x", "", "1" * 400, "²"])
def test_a_page_that_cannot_be_leads_to_the_field(
    amara: TestClient, form: Form, note: Note, page: str
) -> None:
    assert note.number == 1
    answer = amara.get(looked(amara, form, "boy"), params={"page": page})
    assert (answer.status_code, answer.headers["location"]) == (303, "/search")


@pytest.mark.parametrize("words", ["", "  ", '""', "x" * (MAX_LENGTH + 1)])
def test_nothing_to_look_for_is_said_beside_the_field(
    store: Store, amara: TestClient, form: Form, words: str
) -> None:
    before = len(list(store.audit.events()))
    answer = amara.post("/search", data=form(amara) | {"text-words": words})
    assert answer.status_code == 422
    assert 'href="#words"' in answer.text
    assert "<title>Error: Search</title>" in answer.text
    assert len(list(store.audit.events())) == before


def test_each_page_of_hits_is_one_reading_in_the_log(
    store: Store, amara: TestClient, form: Form, many: list[str]
) -> None:
    assert many
    address = looked(amara, form, "zebra")
    before = len(list(store.audit.events()))
    amara.get(address)
    amara.get(f"{address}?page=2")
    assert [e.action for e in store.audit.events()][before:] == ["notes searched"] * 2


def test_one_session_cannot_see_what_another_looked_for(
    amara: TestClient, ruth: TestClient, form: Form, note: Note
) -> None:
    address = looked(amara, form, "boy")
    assert ruth.get(address).headers["location"] == "/search"
    assert note.id in amara.get(address).text


def test_nobody_finds_what_they_may_not_read(
    ben: TestClient, ruth: TestClient, form: Form, note: Note
) -> None:
    assert "No notes found" in ben.get(looked(ben, form, "boy")).text
    assert note.id in ruth.get(looked(ruth, form, "boy")).text


def test_a_note_that_cannot_be_read_is_named_beside_the_hits(
    store: Store, amara: TestClient, form: Form, many: list[str]
) -> None:
    with store.database.write() as connection:
        bad = note_versions.c.note_id == many[2]
        connection.execute(update(note_versions).where(bad).values(sealed=bytes(300)))
    page = amara.get(looked(amara, form, "zebra")).text
    assert f"Tell whoever looks after Recorder: {many[2]}" in page
    assert re.findall(r'href="/notes/(\w+)"', page) == [*many[:2], *many[3:21]]


def test_the_words_of_somebody_who_was_away_too_long_are_not_lost(
    store: Store, amara: TestClient, form: Form
) -> None:
    fields = form(amara) | {"text-words": "zebra crossing"}
    store.access.sign_out(amara.cookies["session"])
    answer = amara.post("/search", data=fields)
    assert answer.status_code == 401
    assert "zebra crossing" in answer.text


def test_only_the_latest_searches_are_remembered() -> None:
    looking = Looking()
    first = looking.keep("session", "words")
    assert looking.get("session", first) == "words"
    assert looking.get("other", first) is None
    for _ in range(1000):
        last = looking.keep("session", "more")
    assert looking.get("session", first) is None
    assert looking.get("session", last) == "more"
