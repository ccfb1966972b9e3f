"""What a young person says out loud or draws: sealed, written down, theirs, and no note of anything."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.home import Home
from recorder.intake.sent import Sent
from recorder.pipeline import Work
from recorder.review.saying import ADD, NOT_RIGHT, Saying, saying_of
from recorder.review.uploading import MOST_SAID
from recorder.review.web.app import create_app
from recorder.scheduler import work_off
from store.cases import CaseDetails
from store.notes import Note
from store.people import Member
from store.records import DRAFTED, Recording
from store.store import Store
from store.uploads import OPEN
from tests.hostile.pictures import saved
from tests.integration.web.conftest import SOUND
from transcribe.engine import Engine

Form = Callable[..., dict[str, str]]
Settle = Callable[[], int]
PNG = saved("PNG", (50, 30))


@pytest.fixture
def store(home: Home) -> Store:
    return home.store


@pytest.fixture
def app(home: Home) -> FastAPI:
    return create_app(home.store, team="Evolve", timezone="Europe/London", uploads=Sent(home))


@pytest.fixture
def settle(home: Home, engine: Engine, voice: Recording) -> Settle:
    """Work off what came; the note's own recording, which is no sound, was done before."""
    assert home.store.recordings.get(voice.id).state == DRAFTED
    return lambda: work_off(Work(home, lambda: engine))


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Seven seconds of the sample."""
    whole = tmp_path_factory.mktemp("spoken") / "whole.ogg"
    whole.write_bytes((resources.files("recorder.sample") / "voice-note.ogg").read_bytes())
    cut = whole.with_name("cut.ogg")
    argv = ["ffmpeg", "-v", "error", "-ss", "42.8", "-t", "7", "-i", str(whole), str(cut)]
    subprocess.run(argv, check=True)
    return cut.read_bytes()


class Phone:
    """Sends as the page's script does."""

    def __init__(self, browser: TestClient, store: Store) -> None:
        self._browser = browser
        csrf = store.access.csrf(browser.cookies["session"])
        self._own = {"tus-resumable": "1.0.0", "x-csrf-token": csrf}

    def begin(self, **said: str) -> tuple[int, str]:
        """Status, and where the upload is."""
        pairs = (f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
        own = {"upload-defer-length": "1", "upload-metadata": ",".join(pairs)}
        answer = self._browser.post("/api/uploads", headers=self._own | own)
        return answer.status_code, answer.headers.get("location", "")

    def send(self, where: str, data: bytes) -> int:
        """All of it in two pieces."""
        half, size = len(data) // 2, len(data)
        kind = {"content-type": "application/offset+octet-stream"}
        for start, piece in ((0, data[:half]), (half, data[half:])):
            own = kind | {"upload-offset": str(start)}
            own |= {"upload-length": str(size)} if start else {}
            answer = self._browser.patch(where, content=piece, headers=self._own | own)
        return answer.status_code

    def say(self, data: bytes, **said: str) -> None:
        """Say it out loud."""
        status, where = self.begin(kind="voice", **said)
        assert status == 201
        assert self.send(where, data) == 204


def drawn(browser: TestClient, form: Form, note: Note, picture: bytes, **fields: str) -> str:
    """Send a picture; where that stands then."""
    parts = [(name, (None, value)) for name, value in (form(browser) | fields).items()]
    file = ("photo", ("drawing.png", picture))
    answer = browser.post(f"/send/said/{note.id}", files=[*parts, file])
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).headers["location"]


def test_what_they_say_is_written_down_and_becomes_their_words(
    store: Store,
    jordan: TestClient,
    shared: Note,
    spoken: bytes,
    settle: Settle,
    form: Form,
) -> None:
    notes = store.notes.all()
    phone = Phone(jordan, store)
    phone.say(spoken, of=shared.id, says="not_right", about="s2")
    (entry,) = store.notes.replies(shared.id)
    said = saying_of(entry)
    assert said == Saying(NOT_RIGHT, "", "s2", recording=said.recording)
    recording = store.recordings.get(said.recording)
    assert (recording.scope, recording.case_id) == (shared.case_id, shared.case_id)
    assert recording.practitioner_id == shared.practitioner_id
    assert store.recordings.details(recording.id).said_by == entry.actor_id
    assert store.agreements.stands(recording.id)
    where = jordan.get(f"/summary/{shared.id}/said/last").headers["location"]
    assert "We are writing down what you said." in jordan.get(where).text

    settle()
    recording = store.recordings.get(recording.id)
    assert (recording.state, recording.note_id) == (DRAFTED, None)
    assert store.notes.all() == notes  # nothing was made of it, and no note took it in
    page = jordan.get(where).text
    assert "This is what we heard:" in page
    assert jordan.post(f"{where}/words", data=form(jordan)).status_code == 303
    before, now = (saying_of(each) for each in store.notes.replies(shared.id))
    assert before.words == ""
    assert len(now.words.split()) > 5
    assert now == Saying(NOT_RIGHT, now.words, "s2", recording.id, "", entry.id)
    assert "This is what we heard:" not in jordan.get(where).text
    sound = jordan.get(f"{where}/sound")
    assert sound.content == spoken
    assert sound.headers["cache-control"] == "no-store"


def test_where_nothing_was_said_they_are_told_so(
    store: Store, jordan: TestClient, shared: Note, settle: Settle, tmp_path: Path
) -> None:
    quiet = tmp_path / "quiet.wav"
    argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3"]
    subprocess.run([*argv, str(quiet)], check=True)
    Phone(jordan, store).say(quiet.read_bytes(), of=shared.id, says="add")
    settle()
    where = jordan.get(f"/summary/{shared.id}/said/last").headers["location"]
    assert "We could not make out the words." in jordan.get(where).text


def test_what_they_draw_is_shown_to_them_and_stands_beside_the_note(
    store: Store, jordan: TestClient, amara: TestClient, shared: Note, form: Form, settle: Settle
) -> None:
    where = drawn(jordan, form, shared, PNG, **{"kind": "add", "text-words": "Us <i>two</i>"})
    (entry,) = store.notes.replies(shared.id)
    said = saying_of(entry)
    assert said == Saying(ADD, "Us <i>two</i>", picture=said.picture)
    settle()
    recording = store.recordings.get(said.picture)
    assert (recording.state, recording.note_id) == (DRAFTED, None)
    assert recording.id not in {each.id for each in store.recordings.of_note(shared.id)}
    page = jordan.get(where).text
    assert f'src="{where}/picture"' in page
    assert "Us &lt;i&gt;two&lt;/i&gt;" in page
    shown = jordan.get(f"{where}/picture")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.content[:2] == b"\xff\xd8"  # a copy without what the camera wrote
    assert amara.get(f"/recordings/{recording.id}").status_code == 200
    assert "You sent it." in jordan.get("/summary/agreed").text
    stopped = jordan.post(f"/summary/agreed/{recording.id}/back", data=form(jordan))
    assert stopped.headers["location"] == f"/summary/agreed#agreed-{recording.id}"
    page = jordan.get(where).text
    assert "It was taken back." in page
    assert f"{where}/picture" not in page
    assert "Us &lt;i&gt;two&lt;/i&gt;" in page
    assert jordan.get(f"{where}/picture").status_code == 404
    assert amara.get(f"/recordings/{recording.id}").status_code == 403


def test_what_is_no_picture_or_none_is_refused_in_plain_words(
    store: Store, jordan: TestClient, shared: Note, form: Form
) -> None:
    parts = [(name, (None, value)) for name, value in form(jordan, kind="add").items()]
    for files, why in (
        ([], "Choose a picture or a recording first"),
        ([("photo", ("a.exe", b"MZ"))], "We cannot open this"),
        ([("photo", ("a.jpg", b"none"))], "We cannot open this"),
        ([("photo", ("a.jpg", b"\0" * (MOST_SAID + 1)))], "This is too big"),
    ):
        answer = jordan.post(f"/send/said/{shared.id}", files=[*parts, *files])
        assert answer.status_code == 422
        assert why in answer.text
        assert 'href="#photo"' in answer.text
    assert store.notes.replies(shared.id) == []


def test_they_record_again_in_place_of_what_they_said(
    store: Store, jordan: TestClient, shared: Note, spoken: bytes
) -> None:
    phone = Phone(jordan, store)
    phone.say(spoken, of=shared.id, says="not_right", about="s2")
    (first,) = store.notes.replies(shared.id)
    phone.say(spoken[:-1], of=shared.id, instead=first.id, says="add")
    _, second = (saying_of(each) for each in store.notes.replies(shared.id))
    assert (second.kind, second.statement, second.instead_of) == (NOT_RIGHT, "s2", first.id)
    assert second.recording != saying_of(first).recording


def test_they_send_nothing_but_what_they_say_of_what_they_were_shown(
    store: Store, jordan: TestClient, shared: Note, note: Note
) -> None:
    phone = Phone(jordan, store)
    refused = [
        {"kind": "file", "filename": "a.wav", "of": shared.id, "says": "add"},
        {"kind": "voice", "of": shared.id, "says": "taken back"},
        {"kind": "voice", "of": shared.id, "says": "add", "about": "s4"},
        {"kind": "voice", "of": "x", "says": "add"},
        {"kind": "voice", "case": str(note.case_id), "heard": "me"},
    ]
    for said in refused:
        status, _ = phone.begin(**said)
        assert status in {400, 404}, said
    assert store.uploads.whole() == []


def test_what_they_did_not_send_is_let_go(
    home: Home, store: Store, jordan: TestClient, shared: Note, young_person: Member
) -> None:
    phone = Phone(jordan, store)
    _, where = phone.begin(kind="voice", of=shared.id, says="add")
    own = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
    assert jordan.patch(where, content=SOUND, headers=phone._own | own).status_code == 204
    (upload,) = store.uploads.of(young_person.id)
    assert upload.state == OPEN
    Sent(home)._finish(upload.id)
    assert store.uploads.of(young_person.id) == []
    assert store.notes.replies(shared.id) == []


def test_another_young_person_touches_none_of_it(
    store: Store,
    enter: Callable[[Member], TestClient],
    jordan: TestClient,
    shared: Note,
    form: Form,
    practitioner: Member,
) -> None:
    where = drawn(jordan, form, shared, PNG, kind="add")
    _, upload = Phone(jordan, store).begin(kind="voice", of=shared.id, says="add")
    case = store.cases.add(CaseDetails("EV-2", "Sky"), practitioner.id, "test")
    sky = enter(store.people.add(Member("", "young_person", "sky", "Sky", case.id), "test"))
    assert sky.get(f"{where}/picture").status_code == 404
    assert sky.get(upload).status_code == 404
    assert Phone(sky, store).send(upload, SOUND) == 404
    assert Phone(sky, store).begin(kind="voice", of=shared.id, says="add")[0] == 404
