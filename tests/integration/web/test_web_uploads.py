"""Uploads by the protocol tus 1.0.0, driven from its own text, and what becomes of them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from importlib import resources
from pathlib import Path

import httpx2 as httpx
import msgspec
import pytest
from starlette.testclient import TestClient

from recorder.home import Home
from recorder.intake.sent import Sent
from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from store.agreements import Said
from store.cases import Case, CaseDetails
from store.journal import DUPLICATE, REMOVED
from store.notes import Note
from store.people import Member
from store.session import now_ms
from store.store import Store
from store.tables import uploads

DRAWING = (resources.files("recorder.sample") / "drawing.jpg").read_bytes()
VOICE = (resources.files("recorder.sample") / "voice-note.ogg").read_bytes()
PIECE = "application/offset+octet-stream"
PATH = "/api/uploads"


@pytest.fixture
def store(home: Home) -> Store:
    return home.store


@pytest.fixture
def sent(home: Home) -> Sent:
    return Sent(home)


@pytest.fixture
def app(home: Home, sent: Sent) -> object:
    return create_app(home.store, team="Evolve", timezone="Europe/London", uploads=sent)


Call = Callable[..., httpx.Response]


@pytest.fixture
def call(store: Store, amara: TestClient) -> Call:
    """A request as the protocol has it, from a page of this person's."""
    return caller(store, amara)


def caller(store: Store, browser: TestClient) -> Call:
    def made(
        method: str, path: str, content: bytes | Iterator[bytes] = b"", **said: str
    ) -> httpx.Response:
        headers = {
            "tus-resumable": "1.0.0",
            "x-csrf-token": store.access.csrf(browser.cookies["session"]),
        }
        if method == "PATCH":
            headers["content-type"] = PIECE
        headers |= {name.replace("_", "-"): value for name, value in said.items()}
        return browser.request(method, path, content=content, headers=headers)

    return made


def metadata(**said: str) -> str:
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())


PHOTO = metadata(kind="photo", filename="drawing.jpg")


def begun(call: Call, size: int | None, said: str = PHOTO) -> str:
    length = {"upload_defer_length": "1"} if size is None else {"upload_length": str(size)}
    answer = call("POST", PATH, upload_metadata=said, **length)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def more(call: Call, where: str, offset: int, content: bytes, **said: str) -> httpx.Response:
    return call("PATCH", where, content, upload_offset=str(offset), **said)


def offset(call: Call, where: str) -> int:
    answer = call("HEAD", where)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return int(answer.headers["upload-offset"])


# --- the protocol's own examples ---


def test_a_file_goes_on_where_it_broke_off(call: Call) -> None:
    where = begun(call, 100)
    answer = more(call, where, 0, b"x" * 70)
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "70")
    answer = call("HEAD", where)
    assert answer.status_code == 200
    assert (answer.headers["upload-offset"], answer.headers["upload-length"]) == ("70", "100")
    assert answer.headers["upload-metadata"] == PHOTO
    answer = more(call, where, 70, b"x" * 30)
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "100")
    assert offset(call, where) == 100


def test_what_the_server_can_do_is_told(call: Call, sent: Sent) -> None:
    answer = call("OPTIONS", PATH)
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(sent.most)
    assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")
    assert set(answer.headers["tus-extension"].split(",")) == {
        *("creation", "creation-defer-length", "termination", "checksum", "expiration")
    }


def test_another_version_is_told_which_one_this_is(call: Call) -> None:
    where = begun(call, 9)
    for method, path in (("HEAD", where), ("PATCH", where), ("POST", PATH), ("DELETE", where)):
        answer = call(method, path, tus_resumable="0.2.2", upload_offset="0")
        assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")
    assert offset(call, where) == 0


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"upload_offset": "4"}, 409),
        ({"upload_offset": "-1"}, 400),
        ({"upload_offset": "x"}, 400),
        ({}, 400),
        ({"upload_offset": "0", "content_type": "text/plain"}, 415),
        ({"upload_offset": "0", "upload_checksum": "crc32 AAAA"}, 400),
        ({"upload_offset": "0", "upload_checksum": "sha1 ?"}, 400),
        ({"upload_offset": "0", "upload_checksum": "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="}, 460),
        ({"upload_offset": "0", "upload_length": "7"}, 409),
    ],
)
def test_what_does_not_fit_changes_nothing(call: Call, said: dict[str, str], status: int) -> None:
    where = begun(call, 9)
    answer = call("PATCH", where, b"hello", **said)
    assert answer.status_code == status
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert offset(call, where) in ({0, 5} if "upload_length" in said else {0})


def test_the_checksum_of_the_protocols_example_fits(call: Call, store: Store) -> None:
    where = begun(call, 99)
    said = "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="
    assert more(call, where, 0, b"hello world", upload_checksum=said).status_code == 204
    digest = base64.b64encode(hashlib.sha256(b"again").digest()).decode()
    assert more(call, where, 11, b"again", upload_checksum=f"sha256 {digest}").status_code == 204
    wrong = more(call, where, 16, b"other", upload_checksum=f"sha256 {digest}")
    assert wrong.status_code == 460
    assert offset(call, where) == 16
    assert store.strays.orphans() == set()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"upload_length": "9", "upload_defer_length": "1"},
        {"upload_defer_length": "2"},
        {"upload_length": "-9"},
        {"upload_length": "9", "upload_metadata": "kind ?"},
        {"upload_length": "9", "upload_metadata": "kind dm9pY2U=,kind dm9pY2U="},
        {"upload_length": "9", "upload_metadata": metadata(kind="other")},
    ],
)
def test_a_beginning_that_makes_no_sense_is_refused(call: Call, said: dict[str, str]) -> None:
    assert call("POST", PATH, **said).status_code == 400


def test_what_is_ended_is_gone_and_its_pieces_with_it(call: Call, store: Store) -> None:
    where = begun(call, 9)
    more(call, where, 0, b"hello")
    assert call("DELETE", where).status_code == 204
    for method in ("HEAD", "PATCH", "DELETE"):
        assert call(method, where, upload_offset="5").status_code == 404
    assert set(store.vault.ids()) == set()


def test_when_a_file_nobody_goes_on_with_is_removed_is_told(call: Call, sent: Sent) -> None:
    answer = more(call, begun(call, 9), 0, b"hello")
    left = parsedate_to_datetime(answer.headers["upload-expires"]).timestamp() - now_ms() / 1000
    assert sent.days * 86_400 - 60 < left <= sent.days * 86_400 + 60


def test_more_than_was_said_is_not_taken(call: Call) -> None:
    where = begun(call, 3)
    assert more(call, where, 0, b"hello").status_code == 409
    assert offset(call, where) == 0


def test_a_large_body_is_sealed_in_pieces_on_its_way(call: Call, store: Store) -> None:
    size = 9 * 1024 * 1024
    where = begun(call, size + 1)
    assert more(call, where, 0, b"x" * size).status_code == 204
    found = store.uploads.content(where.rpartition("/")[2])
    assert (found.size, found.count) == (size, 3)


def test_too_large_a_file_and_one_there_is_no_room_for(call: Call, sent: Sent) -> None:
    assert call("POST", PATH, upload_length=str(sent.most + 1)).status_code == 413
    assert not sent.has_room(2**60)
    assert sent.has_room(1)


# --- what becomes of them ---


def given(store: Store, member: Member) -> Case:
    return store.cases.add(CaseDetails("EV-1001", "Jordan"), member.id, "test")


def test_a_photo_becomes_a_recording_of_its_case_as_if_it_had_come_by_the_folder(
    call: Call, store: Store, practitioner: Member, case: Case
) -> None:
    where = begun(
        call, len(DRAWING), metadata(kind="photo", filename="C:\\x\\drawing.jpg", case=case.id)
    )
    for start in range(0, len(DRAWING), 50_000):
        answer = more(call, where, start, DRAWING[start : start + 50_000])
        assert answer.status_code == 204
    stands = call("GET", where).json()
    found = store.recordings.get(stands["recording"])
    assert (stands["state"], found.kind, found.case_id) == ("taken", "picture", case.id)
    assert found.practitioner_id == practitioner.id
    assert b"".join(store.recordings.open(found.id)) == DRAWING
    assert store.recordings.details(found.id).name == "drawing.jpg"
    (entry,) = store.journal.recent()
    assert (entry.state, entry.recording_id) == (REMOVED, found.id)
    assert entry.path == f"{practitioner.handle}/{case.details.ref}/drawing.jpg"
    assert len(set(store.vault.ids())) == 1  # its own: no piece is left
    assert offset(call, where) == len(DRAWING)  # for who did not hear the last answer
    actions = [event.action for event in store.audit.events()]
    assert [a for a in actions if a.startswith("upload")] == [
        *("upload begun", "upload whole", "upload taken in")
    ]

    again = begun(call, len(DRAWING), metadata(kind="photo", filename="b.jpg", case=case.id))
    more(call, again, 0, DRAWING)
    assert call("GET", again).json()["recording"] == found.id
    assert store.journal.recent()[0].state == DUPLICATE
    assert len(set(store.vault.ids())) == 1
    assert store.audit.verify()


def test_what_is_no_recording_is_refused_in_a_sentence_and_can_be_removed(
    call: Call, amara: TestClient, store: Store, form: Callable[..., dict[str, str]]
) -> None:
    where = begun(call, 11)
    assert more(call, where, 0, b"hello world").status_code == 204
    found = call("GET", where).json()
    assert found["state"] == "refused"
    assert "This kind of file" in found["problem"] or "file" in found["problem"]
    assert found["problem"] in amara.get("/record").text
    upload_id = where.rpartition("/")[2]
    assert amara.post(f"/record/{upload_id}/remove", data=form(amara)).status_code == 303
    assert call("GET", where).status_code == 404
    assert set(store.vault.ids()) == set()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "photo"}, "Choose a file"),
        ({"kind": "photo", "filename": "x.exe"}, "This kind of file is not taken"),
        ({"kind": "voice"}, "Say who can be heard"),
        ({"kind": "voice", "heard": "others"}, "Write whose word it is"),
        ({"kind": "voice", "heard": "others", "who": "Jo"}, "Say how they said it"),
        ({"kind": "voice", "heard": "others", "who": "Jo", "how": "so"}, "Write when it was"),
        ({"kind": "voice", "heard": "me", "note": "nothing"}, "Choose what kind of note"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_sent(
    call: Call, store: Store, said: dict[str, str], sentence: str
) -> None:
    answer = call("POST", PATH, upload_length="9", upload_metadata=metadata(**said))
    assert answer.status_code == 422
    assert answer.json()["problem"].startswith(sentence)
    with store.database.read() as connection:
        assert connection.execute(uploads.select()).all() == []


def test_another_persons_case_and_another_persons_upload_are_not_there(
    call: Call, store: Store, case: Case, ben: TestClient
) -> None:
    other = caller(store, ben)
    said = metadata(kind="voice", heard="me", case=case.id)
    assert other("POST", PATH, upload_defer_length="1", upload_metadata=said).status_code == 404
    where = begun(call, None, said)
    more(call, where, 0, b"hello")
    for method in ("HEAD", "PATCH", "DELETE", "GET"):
        assert other(method, where, upload_offset="5").status_code == 404
    assert other("GET", PATH).json()["uploads"] == []
    assert offset(call, where) == 5


AGREED = metadata(
    kind="voice", heard="others", who="Jordan", how="so", when="today", note="case_note"
)


def test_a_voice_note_is_whole_once_its_length_is_told_and_its_agreement_stands(
    call: Call, store: Store
) -> None:
    where = begun(call, None, AGREED)
    assert call("HEAD", where).headers["upload-defer-length"] == "1"
    half = len(VOICE) // 2
    more(call, where, 0, VOICE[:half])
    more(call, where, half, VOICE[half:])
    answer = more(call, where, len(VOICE), b"", upload_length=str(len(VOICE)))
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(VOICE)))
    found = store.recordings.get(call("GET", where).json()["recording"])
    assert (found.media_type, found.case_id, found.note_kind) == ("ogg", None, "case_note")
    assert store.recordings.details(found.id).name.startswith("voice-note-20")
    assert store.agreements.stands(found.id)
    assert store.agreements.of(found.id)[0].said == Said("Jordan", "so", "today")


def test_more_for_a_note_is_of_its_young_person_and_kind(
    call: Call, store: Store, note: Note, ben: TestClient, amara: TestClient
) -> None:
    said = metadata(kind="voice", heard="me", onto=note.id, case="elsewhere", note="supervision")
    where = begun(call, None, said)
    more(call, where, 0, VOICE, upload_length=str(len(VOICE)))
    found = store.recordings.get(call("GET", where).json()["recording"])
    assert (found.scope, found.case_id) == (note.scope, note.case_id)
    assert (found.note_kind, store.recordings.details(found.id).onto) == (note.kind, note.id)
    assert f"/record?onto={note.id}" in amara.get(f"/notes/{note.id}").text

    other = caller(store, ben)
    answer = other("POST", PATH, upload_defer_length="1", upload_metadata=said)
    assert answer.status_code == ben.get(f"/record?onto={note.id}").status_code == 404


def test_nothing_more_is_recorded_into_a_note_that_was_handed_in(
    call: Call,
    store: Store,
    note: Note,
    practitioner: Member,
    amara: TestClient,
    form: Callable[..., dict[str, str]],
) -> None:
    Desk(store, practitioner).submit(note.id, note.number)
    said = metadata(kind="voice", heard="me", onto=note.id)
    answer = call("POST", PATH, upload_defer_length="1", upload_metadata=said)
    assert answer.status_code == 422
    sentence = "Nothing more can be recorded into this note"
    assert answer.json()["problem"].startswith(sentence)
    page = amara.get(f"/record?onto={note.id}")
    assert page.status_code == 409
    assert sentence in page.text
    assert f"/record?onto={note.id}" not in amara.get(f"/notes/{note.id}").text
    files = {"photo": ("drawing.jpg", DRAWING)}
    sent = amara.post("/send/recording", data=form(amara, onto=note.id, who="Jo"), files=files)
    assert sent.status_code == 422
    assert sentence in sent.text
    assert 'value="Jo"' in sent.text


def test_without_scripts_a_photo_goes_into_its_note_too(
    store: Store, note: Note, amara: TestClient, form: Callable[..., dict[str, str]]
) -> None:
    page = amara.get(f"/record?onto={note.id}").text
    assert f'name="onto" value="{note.id}"' in page
    files = {"photo": ("drawing.jpg", DRAWING)}
    sent = amara.post("/send/recording", data=form(amara, onto=note.id), files=files)
    assert sent.status_code == 303
    (found,) = [each for each in store.recordings.all() if each.kind == "picture"]
    assert store.recordings.details(found.id).onto == note.id


def test_what_was_only_dictated_needs_no_agreement(call: Call, store: Store) -> None:
    where = begun(call, None, metadata(kind="voice", heard="me", who="left over"))
    more(call, where, 0, VOICE, upload_length=str(len(VOICE)))
    assert store.agreements.of(call("GET", where).json()["recording"]) == []


def test_a_recording_that_broke_off_can_be_finished_by_hand(
    call: Call, amara: TestClient, store: Store, form: Callable[..., dict[str, str]]
) -> None:
    where = begun(call, None, AGREED)
    upload_id = where.rpartition("/")[2]
    more(call, where, 0, VOICE[:60_000])
    assert "Finish it" in amara.get("/record").text
    assert amara.post(f"/record/{upload_id}/finish", data=form(amara)).status_code == 303
    (found,) = store.recordings.all()
    assert b"".join(store.recordings.open(found.id)) == VOICE[:60_000]
    assert "Finish it" not in amara.get("/record").text


def test_what_broke_off_is_finished_or_removed_by_itself(
    call: Call, home: Home, store: Store, sent: Sent
) -> None:
    voice, empty, part = begun(call, None, AGREED), begun(call, None, AGREED), begun(call, 99)
    for where in (voice, part):
        more(call, where, 0, VOICE[:90])
    sent.look()
    assert store.recordings.all() == []
    # In the past by more than a clock that is being set may go back while this runs.
    at_once = msgspec.structs.replace(home.settings, unfinished_minutes=-60)
    later = Sent(Home(home.folder, at_once, store, home.asked))
    later.look()
    (found,) = store.recordings.all()
    assert call("GET", voice).json()["recording"] == found.id
    assert (offset(call, part), offset(call, empty)) == (90, 0)
    later.days = -1
    later.look()
    for where in (part, empty):
        assert call("HEAD", where).status_code == 404
    assert len(set(store.vault.ids())) == 1


def test_nothing_of_it_lies_anywhere_in_clear(call: Call, home: Home, tmp_path: Path) -> None:
    canary = b"Tyrell said no to the phone"
    body = VOICE[:30_000] + canary * 100
    where = begun(call, None, AGREED)
    more(call, where, 0, body)

    def lies() -> bool:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return any(canary in path.read_bytes() or b"Jordan" in path.read_bytes() for path in files)

    assert home.folder.is_relative_to(tmp_path)
    assert not lies()
    more(call, where, len(body), b"", upload_length=str(len(body)))
    assert call("GET", where).json()["state"] == "taken"
    assert not lies()
