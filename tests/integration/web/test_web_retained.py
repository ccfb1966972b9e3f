"""What a rule erased is said where it would else be played, and opens nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from recorder.config import Settings
from recorder.home import Home
from recorder.retention.going import run
from recorder.retention.shown import Retaining
from recorder.review.desk import Desk
from recorder.review.summary import pictures_of
from recorder.review.web.app import create_app
from store.disposal import SOUND, VERSION, Judged, Thing
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.session import now_ms
from store.store import Store
from store.tables import note_versions
from tests.integration.web.conftest import ADDRESS


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


def test_data_protection_sees_what_goes_and_takes_the_certificates(
    gone: Note, voice: Recording, store: Store, tmp_path: Path
) -> None:
    settings = Settings(retention=True, keep_failed_days=5, keep_nobodys_days=0)
    home = Home(tmp_path, settings, store)
    arrival = Arrival(
        gone.scope, gone.case_id, gone.practitioner_id, "wav", "audio", "x.wav", 1, ""
    )
    broken, _ = store.recordings.register(store.recordings.seal(gone.scope, [b"noise"]), arrival)
    store.recordings.quarantine(broken, "NoSpeech")
    run(home, "test")
    site = create_app(store, team="Evolve", timezone="Europe/London", retention=Retaining(home))
    protector = store.people.add(Member("", "data_protection", "dpo", "Dee", None), "test")
    browser = TestClient(site, base_url=ADDRESS)
    browser.post("/sign-in", data={"code": store.access.new_link(protector.id, "test", 60_000)})
    page = browser.get("/oversight/retention")
    assert page.status_code == 200
    assert "Retention is switched on" in page.text
    assert f"failed, {broken.id[:8]}" in page.text
    assert "Told of since" in page.text
    assert "5 days after they were set aside. 1 has a day, 0 stay" in page.text
    assert "x.wav" not in page.text
    file = browser.get("/oversight/certificates")
    assert file.headers["content-disposition"].startswith("attachment")
    kinds = {each["kind"]: each["object"] for each in file.json()["certificates"]}
    assert kinds[SOUND] == voice.id


def test_a_picture_that_went_is_in_no_export_and_no_summary(
    amara: TestClient, store: Store, note: Note
) -> None:
    arrival = Arrival(
        note.scope, note.case_id, note.practitioner_id, "png", "picture", "p.png", 1, ""
    )
    arrival = replace(arrival, note_id=note.id)
    picture, _ = store.recordings.register(store.recordings.seal(note.scope, [b"a page"]), arrival)
    assert [each.id for each in pictures_of(store, note)] == [picture.id]
    thing = Thing(SOUND, picture.id, "pictures")
    store.disposing.tell([thing])
    judged = Judged(store.disposing.standing([note.id]), frozenset({note.scope}), now_ms())
    store.disposing.sounds([thing], judged, "test")
    assert pictures_of(store, note) == []
    assert "The picture was erased on" in amara.get(f"/notes/{note.id}").text
    assert amara.get(f"/recordings/{picture.id}").status_code == 200


def test_a_draft_that_went_is_not_compared_with(amara: TestClient, gone: Note) -> None:
    page = amara.get(f"/notes/{gone.id}/versions")
    assert page.status_code == 200
    assert "erased by the rule “drafts”" in page.text
    answer = amara.get(f"/notes/{gone.id}/versions?before=1&after=2")
    assert answer.status_code == 409
    assert "time for keeping drafts was over" in answer.text
