"""The page on which notes are merged and split."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.review.desk import Desk
from recorder.supervising import ONE_MEMBERS, file_away
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.store import Store
from tests.unit.recorder.review.test_dividing import several
from transcribe.model import Contact, Draft, Origin, Source, Statement

Form = Callable[..., dict[str, str]]


@pytest.fixture
def second(store: Store, note: Note, arrival: Arrival) -> Note:
    """A note of the same young person an hour later, of two recordings."""
    statements, recordings = [], list[Recording]()
    for number in (1, 2):
        sealed = store.recordings.seal(arrival.scope, [b"%d" % number])
        later = replace(arrival, recorded_at=note.contact_at + 3_600_000)
        recordings.append(store.recordings.register(sealed, later)[0])
        source = (Source(recordings[-1].id, 0, 900),)
        words = f"Sentence of recording {number}."
        statements.append(
            Statement(f"s{number}", "what_happened", words, Origin.MACHINE, None, source)
        )
    payload = encode(Draft("case_note", Contact(), tuple(statements)))
    new = replace(note, contact_at=note.contact_at + 3_600_000)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, payload, None)
        for recording in recordings:
            store.recordings.advance(connection, recording, "drafted", note_id=note_id)
    return store.notes.get(note_id)


def test_a_note_says_which_other_may_be_of_the_same_contact(
    amara: TestClient, note: Note, second: Note
) -> None:
    for one, other in ((note, second), (second, note)):
        page = amara.get(f"/notes/{one.id}").text
        assert "This may be the same contact as another note." in page
        assert f'href="/notes/{other.id}"' in page
        assert f'href="/notes/{one.id}/contact"' in page


def test_merging_on_the_page_leads_to_the_one_note_and_the_other_says_where_it_went(
    amara: TestClient, form: Form, store: Store, note: Note, second: Note
) -> None:
    page = amara.get(f"/notes/{second.id}/contact")
    assert page.status_code == 200
    assert f'value="{note.id}:1"' in page.text
    fields = form(amara, number="1", other=f"{note.id}:1")
    answer = amara.post(f"/notes/{second.id}/merge", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/notes/{note.id}")
    merged = amara.get(f"/notes/{note.id}").text
    assert "Sentence of recording 2." in merged
    assert "We met to go over the plan." in merged
    assert "This may be the same contact" not in merged
    gone = amara.get(f"/notes/{second.id}").text
    assert "This note was merged" in gone
    assert f'href="/notes/{note.id}"' in gone
    assert not re.search(r'action="/notes/', gone)
    again = amara.post(f"/notes/{second.id}/merge", data=fields)
    assert again.status_code == 409
    assert store.notes.get(note.id).number == 2


def test_splitting_on_the_page_leads_to_the_new_note(
    amara: TestClient, form: Form, store: Store, second: Note
) -> None:
    page = amara.get(f"/notes/{second.id}/contact").text
    chosen = store.recordings.of_note(second.id)[0].id
    assert f'value="{chosen}"' in page
    fields = form(amara, number="1", recording=chosen)
    answer = amara.post(f"/notes/{second.id}/split", data=fields)
    assert answer.status_code == 303
    new = answer.headers["location"]
    assert new != f"/notes/{second.id}"
    assert "Some of it was taken out of" in amara.get(new).text
    assert "put into a note of their own" in amara.get(f"/notes/{second.id}").text


def test_where_nothing_can_be_split_no_page_offers_it(
    amara: TestClient, form: Form, store: Store, note: Note, second: Note
) -> None:
    link = "Merge or split<span"
    assert link in amara.get(f"/notes/{second.id}").text
    assert f'action="/notes/{second.id}/split"' in amara.get(f"/notes/{second.id}/contact").text
    with store.database.write() as connection:  # as a note that was made for one of several
        for each in (note, second):
            entry = (ONE_MEMBERS, each.practitioner_id, b"")
            store.notes.decide(connection, each, entry, each.state)
    shown = amara.get(f"/notes/{second.id}").text
    assert (link in shown, "Merge<span" in shown) == (False, True)
    page = amara.get(f"/notes/{second.id}/contact").text
    assert "out of one about several, is not split" in page
    assert ("/split" in page, "If two visits" in page) == (False, False)
    assert f'value="{note.id}:' in page
    fields = form(amara, number="1", recording=store.recordings.of_note(second.id)[0].id)
    assert amara.post(f"/notes/{second.id}/split", data=fields).status_code == 409


def test_a_supervision_has_no_page_to_merge_or_split(
    amara: TestClient, store: Store, practitioner: Member
) -> None:
    whole = several(store, practitioner, "supervision")
    file_away(store, whole.id)
    assert "/contact" not in amara.get(f"/notes/{whole.id}").text
    answer = amara.get(f"/notes/{whole.id}/contact")
    assert (answer.status_code, "is not split" in answer.text) == (409, True)


@pytest.mark.parametrize(
    "tried",
    [
        ("merge", {"number": "1"}, 422, "Choose the note to merge with"),
        ("merge", {"number": "7", "other": "SECOND:1"}, 409, "look at the newest version"),
        ("merge", {"number": "1", "other": "SECOND:x"}, 409, "look at the newest version"),
        ("merge", {"number": "1", "other": "nowhere:1"}, 404, ""),
        ("split", {"number": "1"}, 409, "Choose the recordings"),
        ("split", {"number": "1", "recording": "x"}, 404, ""),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    amara: TestClient,
    form: Form,
    store: Store,
    note: Note,
    second: Note,
    tried: tuple[str, dict[str, str], int, str],
) -> None:
    move, fields, status, word = tried
    sent = {name: value.replace("SECOND", second.id) for name, value in fields.items()}
    answer = amara.post(f"/notes/{note.id}/{move}", data=form(amara, **sent))
    assert answer.status_code == status
    assert word in answer.text
    assert [store.notes.get(each.id) for each in (note, second)] == [note, second]


def test_an_approved_note_is_shown_with_why_it_cannot_be_merged(
    amara: TestClient, form: Form, store: Store, shared: Note, second: Note, supervisor: Member
) -> None:
    assert Desk(store, supervisor).read(shared.id).note.state == "approved"
    page = amara.get(f"/notes/{second.id}/contact").text
    assert "A supervisor can return it first" in page
    assert f'value="{shared.id}' not in page
    fields = form(amara, number="1", other=f"{shared.id}:{shared.number}")
    assert amara.post(f"/notes/{second.id}/merge", data=fields).status_code == 409
    assert amara.get(f"/notes/{shared.id}/contact").status_code == 409


def test_to_somebody_with_no_part_in_it_there_is_no_such_page(
    ben: TestClient, jordan: TestClient, form: Form, note: Note, second: Note
) -> None:
    for browser in (ben, jordan):
        assert browser.get(f"/notes/{note.id}/contact").status_code == 404
        fields = form(browser, number="1", other=f"{second.id}:1")
        for move in ("merge", "split"):
            assert browser.post(f"/notes/{note.id}/{move}", data=fields).status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 5000])
def test_a_version_that_is_none_merges_nothing(
    amara: TestClient, form: Form, note: Note, version: str
) -> None:
    sent = form(amara, number="1") | {"other": f"{note.id}:{version}"}
    assert amara.post(f"/notes/{note.id}/merge", data=sent).status_code == 409
