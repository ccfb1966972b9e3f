from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from store.tables import TEAM
from transcribe.model import Contact, Draft


@pytest.fixture
def loose(store: Store, practitioner: Member) -> Note:
    """A note of no case."""
    new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        payload = encode(Draft("case_note", Contact(), ()))
        note_id = store.notes.create(connection, new, payload, None)
    return store.notes.get(note_id)


def _send(browser: TestClient, note: Note, case_id: str) -> int:
    page = browser.get(f"/notes/{note.id}").text
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    form = {"csrf": found.group(1), "number": str(note.number), "case": case_id}
    return browser.post(f"/notes/{note.id}/assign", data=form).status_code


def test_a_note_is_linked_to_the_case_that_was_chosen(
    store: Store, amara: TestClient, loose: Note, case: Case
) -> None:
    assert "Jordan (EV-1001)" in amara.get(f"/notes/{loose.id}").text
    assert _send(amara, loose, case.id) == 303
    assert store.notes.get(loose.id).case_id == case.id
    assert "Who is this note about?" not in amara.get(f"/notes/{loose.id}").text


def test_choosing_nobody_says_so_and_changes_nothing(
    store: Store, amara: TestClient, loose: Note
) -> None:
    assert _send(amara, loose, "") == 422
    assert store.notes.get(loose.id).case_id is None


def test_another_practitioners_case_cannot_be_chosen(
    store: Store, amara: TestClient, loose: Note
) -> None:
    other = store.people.add(Member("", "practitioner", "dele", "Dele", None), "test")
    theirs = store.cases.add(CaseDetails("EV-2", "Sam"), other.id, "test")
    assert "EV-2" not in amara.get(f"/notes/{loose.id}").text
    assert _send(amara, loose, theirs.id) == 404
    assert store.notes.get(loose.id).case_id is None
