"""Forms with files of which not all is taken: what is kept, what the page says, what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from html import unescape
from http.client import HTTPConnection

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from recorder.home import Home
from recorder.intake.sent import Sent
from recorder.review.web import recording_here
from recorder.review.web.app import create_app
from recorder.review.web.security import MAX_SENT
from recorder.supervising import file_away
from store.errors import StoreError
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from store.uploads import REFUSED
from tests.hostile.pictures import saved
from tests.integration.web.served import Server
from tests.unit.recorder.review.test_dividing import several

JPEG, PNG = saved("JPEG", (40, 30)), saved("PNG", (50, 30))
TYPED = "zyqvaxun drew this"
BOUND = "x1x2x3"
KIND = {"content-type": f"multipart/form-data; boundary={BOUND}"}
DONE = f"--{BOUND}--\r\n".encode()
File = tuple[str, str, bytes]  # its field, its name, what is in it


class Busy(Sent):
    """Takes nothing in while somebody waits; what is whole is taken in at the next look."""

    busy = False

    def take(self, upload_id: str) -> Recording | None:
        """See `Intake`."""
        if self.busy:
            raise StoreError("the vault is away")
        return super().take(upload_id)


@pytest.fixture
def store(home: Home) -> Store:
    return home.store


@pytest.fixture
def intake(home: Home) -> Busy:
    return Busy(home)


@pytest.fixture
def app(home: Home, intake: Busy) -> FastAPI:
    return create_app(home.store, team="Evolve", timezone="Europe/London", uploads=intake)


@pytest.fixture
def own(store: Store, practitioner: Member) -> Note:
    whole = several(store, practitioner, "supervision")
    file_away(store, whole.id)
    return store.notes.get(whole.id)


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    named = "" if filename is None else f'; filename="{filename}"'
    head = f'--{BOUND}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def body(store: Store, browser: TestClient, *files: File, **said: str) -> bytes:
    fields = {"csrf": store.access.csrf(browser.cookies["session"]), "number": "1"} | said
    parts = [part(key.replace("_", "-"), value.encode()) for key, value in fields.items()]
    return b"".join([*parts, *(part(field, data, name) for field, name, data in files)])


def send(store: Store, browser: TestClient, path: str, *files: File, **said: str) -> Response:
    content = body(store, browser, *files, **said) + DONE
    return browser.post(path, content=content, headers=KIND)


def told(answer: Response) -> str:
    """What the page says at its head of what went wrong."""
    said = answer.text.partition('class="govuk-error-summary')[2].partition("</ul>")[0]
    return " ".join(unescape(said).split())


# --- beside a supervision ---


def test_a_picture_that_is_taken_in_later_is_said_to_have_come(
    store: Store, amara: TestClient, own: Note, intake: Busy
) -> None:
    here, intake.busy = f"/notes/{own.id}/drawings", True
    one = ("file", "a.jpg", JPEG)
    answer = send(store, amara, f"/send/drawings/{own.id}", one, text_caption=TYPED)
    assert (answer.status_code, "hoose a picture" in told(answer)) == (422, False)
    assert "The picture came, but it could not be put into the gallery at once" in told(answer)
    assert "under “Or one that is here already”" in told(answer)
    for said in (TYPED, "Or one that is here already</h2>", f'href="{here}#waiting"'):
        assert said in answer.text
    intake.busy = False
    intake.look()
    (kept,) = store.recordings.of_note(own.id)
    assert f'href="{here}/{kept.id}"' in amara.get(here).text


def test_of_several_pictures_at_once_none_is_given_the_others_words_and_none_is_lost(
    store: Store, amara: TestClient, own: Note
) -> None:
    both = (("file", "a.jpg", JPEG), ("file", "b.png", PNG))
    answer = send(store, amara, f"/send/drawings/{own.id}", *both, text_caption=TYPED)
    assert "what you typed can be said of one alone" in told(answer)
    assert "The 2 pictures that came are kept here" in told(answer)
    kept = store.recordings.of_note(own.id)
    assert len(kept) == 2
    for each in kept:
        assert f'href="/notes/{own.id}/drawings/{each.id}"' in answer.text
    assert (store.notes.get(own.id).number, TYPED in answer.text) == (1, True)


BAD = (
    ((("file", "a.exe", b"MZ"),), "This kind of file is not taken"),
    ((("file", "c.jpg", JPEG[:300]),), "its end is missing"),
    ((("file", "c.jpg", b""),), "This file is empty"),
    ((("file", "c.jpg", JPEG[:300]), ("file", "d.jpg", b"")), "its end is missing"),
)


@pytest.mark.parametrize(("bad", "says"), BAD)
@pytest.mark.parametrize("first", [True, False])
def test_a_bad_picture_takes_no_good_one_with_it(
    store: Store, amara: TestClient, own: Note, bad: tuple[File, ...], says: str, *, first: bool
) -> None:
    good = ("file", "b.png", PNG)
    files = (good, *bad) if first else (*bad, good)
    answer = send(store, amara, f"/send/drawings/{own.id}", *files, text_caption=TYPED)
    assert says in told(answer)
    assert "The picture that came is kept here" in told(answer)
    (kept,) = store.recordings.of_note(own.id)
    assert b"".join(store.recordings.open(kept.id)) == PNG
    assert [each.recording_id for each in store.uploads.of(own.practitioner_id)] == [kept.id]


# --- the page to record ---

PHOTO, SOUND = "“Photo of a drawing” ", "“Film, sound or photo” "
KEPT, NOT = "came and is kept here", "was not taken. "
ALONE = {"heard": "me"}


def test_of_two_files_each_is_taken_or_not_for_itself_and_the_page_says_which(
    store: Store, amara: TestClient, practitioner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_here, "MAX_SENT", 5 * 1024 * 1024)
    good, path = ("photo", "a.jpg", JPEG), "/send/recording"
    for bad, says in (
        (("file", "b.exe", b"MZ"), "This kind of file is not taken"),
        (("file", "b.png", bytes(6 * 1024 * 1024)), "This file is larger than is taken in one go"),
        (("file", "b.png", b""), "This file is empty"),
    ):
        for files in ((good, bad), (bad, good)):
            answer = send(store, amara, path, *files, **ALONE)
            assert (answer.status_code, "Not all of it was taken" in told(answer)) == (422, True)
            assert f"{PHOTO}{KEPT}" in told(answer)
            assert f"{SOUND}{NOT}{says}" in told(answer)
            (kept,) = store.recordings.all()
            assert b"".join(store.recordings.open(kept.id)) == JPEG
            assert 'value="me" checked' in answer.text
    cut = ("photo", "a.jpg", JPEG[:300])
    answer = send(store, amara, path, cut, ("file", "b.png", b""), **ALONE)
    assert "That did not work" in told(answer)
    assert f"{PHOTO}{NOT}Only part of this file is here" in told(answer)
    assert f"{SOUND}{NOT}This file is empty" in told(answer)
    states = [each.state for each in store.uploads.of(practitioner.id)]
    assert states.count(REFUSED) == 1  # it may be the only copy
    assert send(store, amara, path, good, ("file", "b.png", PNG), **ALONE).status_code == 303
    assert len(store.recordings.all()) == 2


# --- what was typed into a form that is refused ---


@pytest.fixture
def server(app: FastAPI) -> Iterator[Server]:
    found = Server(app)
    yield found
    found.stop()


def announced(server: Server, token: str, path: str, start: bytes) -> tuple[int, str]:
    """Status and page for the beginning of a form that is announced as longer than is taken."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:
        line.putrequest("POST", path)
        length = {"content-length": str(MAX_SENT + 1)}
        for name, value in (KIND | length | {"cookie": f"session={token}"}).items():
            line.putheader(name, value)
        line.endheaders()
        line.send(start)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def test_a_form_that_is_announced_as_too_large_comes_back_with_what_was_typed(
    store: Store, amara: TestClient, own: Note, server: Server
) -> None:
    large = ("file", "a.jpg", JPEG + bytes(3 * 1024 * 1024))
    said = {"text_caption": TYPED, "who": TYPED}
    start, token = body(store, amara, large, **said), amara.cookies["session"]
    for path, field in ((f"/send/drawings/{own.id}", "file"), ("/send/recording", "")):
        status, page = announced(server, token, path, start)
        assert (status, TYPED in page) == (422, True)
        assert "That was too much to send in one go, so none of it was taken" in page
        assert (f'href="#{field}"' in page) == bool(field)
        status, page = announced(server, token, path, start.replace(b'"csrf"', b'"else"'))
        assert (status, TYPED in page) == (403, True)
    assert set(store.vault.ids()) == set()
    assert store.uploads.of(own.practitioner_id) == []


def test_what_was_typed_beside_files_comes_back_where_the_form_is_refused(
    store: Store, amara: TestClient, ben: TestClient, own: Note, stranger: TestClient
) -> None:
    path = f"/send/drawings/{own.id}"
    file = ("file", "a.jpg", JPEG)
    start = body(store, amara, file, text_caption=TYPED)
    cut, other = start, start.replace(b'"csrf"', b'"else"') + DONE
    theirs = body(store, ben, file, text_caption=TYPED) + DONE
    before = b"".join((part("file", JPEG, "a.jpg"), part("text-caption", TYPED.encode()), DONE))
    for browser, content, status, back in (
        (amara, cut, 409, True),
        (amara, other, 403, True),
        (ben, theirs, 404, True),
        (stranger, start + DONE, 401, True),
        (stranger, before, 401, False),  # nothing of a file is read to find it
        (stranger, b"no form", 401, False),
        (stranger, b"", 401, False),
        (stranger, part("text-caption", TYPED.encode() * 20_000), 401, False),
    ):
        answer = browser.post(path, content=content, headers=KIND)
        assert (answer.status_code, TYPED in answer.text) == (status, back), content[:300]
        assert set(store.vault.ids()) == set()
    plain = {"content-type": "multipart/form-data"}
    assert stranger.post(path, content=start, headers=plain).status_code == 401
