"""What a rule erased is said where it would else be played, and opens nowhere."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from recorder.review.desk import Desk
from store.disposal import SOUND, VERSION, Judged, Thing
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.session import now_ms
from store.store import Store
from store.tables import note_versions


@pytest.fixture
def gone(store: Store, note: Note, voice: Recording, practitioner: Member) -> Note:
    """The note, of which the sound and the first version went by their rules."""
    Desk(store, practitioner).save(note.id, 1, {"s2": "He said yes and walked away."})
    first = select(note_versions.c.id).where(note_versions.c.number == 1)
    with store.database.read() as connection:
        draft = connection.scalars(first).one()
    sound, version = Thing(SOUND, voice.id, "sound"), Thing(VERSION, draft, "drafts")
    store.disposing.tell([sound, version])
    judged = Judged(store.disposing.standing([note.id]), frozenset({note.scope}), now_ms())
    store.disposing.sounds([sound], judged, "test")
    store.disposing.versions([version], judged, "test")
    store.erasing.sweep()
    return note


def test_the_pages_say_plainly_that_the_sound_was_erased(
    amara: TestClient, gone: Note, voice: Recording
) -> None:
    for address in (f"/notes/{gone.id}", f"/recordings/{voice.id}"):
        page = amara.get(address).text
        assert "The sound was erased on" in page, address
        assert "by the rule “sound”" in page, address
        assert "<audio" not in page, address
        assert "data-play=" not in page or "play.js" not in page, address
    assert "What was heard in it" in amara.get(f"/notes/{gone.id}").text
    asked = {"sec-fetch-dest": "audio"}
    answer = amara.get(f"/recordings/{voice.id}/media", headers=asked)
    assert answer.status_code == 409
    assert "erased by a rule" in answer.text


def test_a_draft_that_went_is_not_compared_with(amara: TestClient, gone: Note) -> None:
    page = amara.get(f"/notes/{gone.id}/versions")
    assert page.status_code == 200
    assert "erased by the rule “drafts”" in page.text
    answer = amara.get(f"/notes/{gone.id}/versions?before=1&after=2")
    assert answer.status_code == 409
    assert "time for keeping drafts was over" in answer.text
