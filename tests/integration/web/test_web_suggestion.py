"""The pages of a note that belongs to no case, whose recording says whom it is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from recorder.codec import encode
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.records import Arrival
from store.store import Store
from store.tables import TEAM
from transcribe.model import Contact, Draft, Segment, Transcript

Form = Callable[..., dict[str, str]]


@pytest.fixture
def loose(store: Store, arrival: Arrival, practitioner: Member) -> Callable[[str], Note]:
    """Makes an unassigned note whose recording says something."""

    def made(words: str) -> Note:
        unassigned = replace(arrival, scope=TEAM, case_id=None)
        sealed = store.recordings.seal(TEAM, [words.encode()])
        recording, _ = store.recordings.register(sealed, unassigned)
        heard = Transcript("base", "0" * 64, "en", {}, 900, (Segment(0, 900, words),))
        new = Note("", TEAM, None, practitioner.id, "case_note", "draft", 0, 1_762_362_300_000, 0)
        with store.database.write() as connection:
            note_id = store.notes.create(
                connection, new, encode(Draft("case_note", Contact(), ())), None
            )
            store.recordings.keep_transcript(connection, recording, encode(heard))
            store.recordings.advance(connection, recording, "drafted", note_id=note_id)
        return store.notes.get(note_id)

    return made


def test_a_suggestion_is_one_click_and_so_near_to_every_other_choice(
    *, amara: TestClient, form: Form, store: Store, case: Case, loose: Callable[[str], Note]
) -> None:
    note = loose("Case note for Jordan, it's <b>Tuesday</b>.")
    page = amara.get(f"/notes/{note.id}").text
    assert "It begins: “Case note for Jordan, it&#39;s &lt;b&gt;Tuesday&lt;/b&gt;.”" in page
    assert re.search(r"Yes: Jordan \(EV-1001\)", page)
    assert f'name="case" value="{case.id}"' in page
    assert "Or somebody else" in page
    assert "Jordan" not in (re.search(r"<title>(.*?)</title>", page) or [""])[0]
    assert store.notes.get(note.id).case_id is None
    answer = amara.post(f"/notes/{note.id}/assign", data=form(amara, number="1", case=case.id))
    assert answer.headers["location"] == f"/notes/{note.id}"
    assert store.notes.get(note.id).case_id == case.id
    assert "It begins" not in amara.get(f"/notes/{note.id}").text


def test_two_of_one_name_are_both_offered_and_the_list_says_so(
    amara: TestClient,
    store: Store,
    practitioner: Member,
    loose: Callable[[str], Note],
) -> None:
    for ref, name in (("EV-2", "Jo Bell"), ("EV-3", "Joe Mensah")):
        store.cases.add(CaseDetails(ref, name), practitioner.id, "test")
    note = loose("This is for Jo.")
    page = amara.get(f"/notes/{note.id}").text
    assert "Perhaps it is about one of these" in page
    assert len(re.findall(r"Yes: Joe? \w+ \(EV-\d\)", page)) == 2
    listed = amara.get("/work").text
    assert "Perhaps about Jo Bell (EV-2) or Joe Mensah (EV-3)" in " ".join(listed.split())
    assert f'href="/notes/{note.id}#whose"' in listed


def test_where_nothing_is_suggested_the_page_is_as_it_was(
    amara: TestClient, case: Case, loose: Callable[[str], Note]
) -> None:
    note = loose(f"I met {case.details.name} at the hub.")
    page = amara.get(f"/notes/{note.id}").text
    assert "It begins" not in page
    assert "Yes: " not in page
    assert "Who is this note about?" in page
    assert "Perhaps" not in amara.get("/work").text


def test_a_colleagues_voice_in_somebodys_folder_is_told_to_a_supervisor(
    ruth: TestClient, ben: TestClient, case: Case, loose: Callable[[str], Note]
) -> None:
    assert case.details.name == "Jordan"
    note = loose("Ben here, case note for Jordan.")
    page = ruth.get(f"/notes/{note.id}").text
    assert "That sounds like Ben Okoro speaking, and it came from Amara Cole’s folder" in page
    assert "Yes: " not in page
    assert ben.get(f"/notes/{note.id}").status_code == 404
