"""Drawings beside a supervision, sent by a plain form, and what becomes of them on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from recorder.export.leaving import export
from recorder.home import Home
from recorder.intake.sent import Sent
from recorder.media import picture
from recorder.review.desk import Desk
from recorder.review.summary import key_of
from recorder.review.web import drawings
from recorder.review.web.app import create_app
from recorder.review.web.security import MAX_SENT
from recorder.sample import give_codes
from recorder.supervising import file_away
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.hostile.pictures import saved
from tests.sharing import show_them
from tests.unit.recorder.review.test_dividing import several

MARK = "zyqvaxun"
JPEG = saved("JPEG", (40, 30))


@pytest.fixture
def store(home: Home) -> Store:
    return home.store


@pytest.fixture
def app(home: Home) -> FastAPI:
    return create_app(home.store, team="Evolve", timezone="Europe/London", uploads=Sent(home))


@pytest.fixture
def own(store: Store, practitioner: Member) -> Note:
    whole = several(store, practitioner, "supervision")
    file_away(store, whole.id)
    return store.notes.get(whole.id)


@dataclass(frozen=True, slots=True)
class Beside:
    """A supervision, and plain forms with a picture as a browser without scripts sends them."""

    home: Home
    note: Note
    amara: TestClient

    @property
    def store(self) -> Store:
        return self.home.store

    @property
    def desk(self) -> Desk:
        return Desk(self.store, self.store.people.get(self.note.practitioner_id))

    def form(self, browser: TestClient, **said: str) -> dict[str, str]:
        number = str(self.store.notes.get(self.note.id).number)
        fields = {"csrf": self.store.access.csrf(browser.cookies["session"]), "number": number}
        return fields | {key.replace("_", "-"): value for key, value in said.items()}

    def send(
        self, browser: TestClient, file: bytes | None = JPEG, name: str = "a.jpg", /, **said: str
    ) -> Response:
        fields = {"text-caption": "A grey cloud"} | self.form(browser, **said)
        parts = [(key, (None, value.encode())) for key, value in fields.items()]
        chosen = ("file", ("" if file is None else name, file or b""))
        return browser.post(f"/send/drawings/{self.note.id}", files=[*parts, chosen])


@pytest.fixture
def beside(home: Home, amara: TestClient, own: Note) -> Beside:
    return Beside(home, own, amara)


def recording_of(answer: Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("-")[2]


def lying(store: Store) -> set[str]:
    return set(store.vault.ids())


def test_a_picture_is_sent_shown_spoken_of_moved_and_taken_out_without_scripts(
    beside: Beside, ruth: TestClient
) -> None:
    store, amara, note = beside.store, beside.amara, f"/notes/{beside.note.id}"
    said = {"text_what": "drawing", "text_maker": "Amara Cole", "text_on": "5/11/2025"}
    first = recording_of(beside.send(amara, JPEG, **said))
    photo = {"text_caption": 'A "house" & <b>rain</b>', "text_what": "photo"}
    second = recording_of(beside.send(ruth, saved("HEIF", (64, 48)), "IMG_0001.HEIC", **photo))
    kept, worker = store.recordings.get(second), beside.note.practitioner_id
    assert (kept.scope, kept.case_id, kept.media_type) == (worker, None, "heic")
    for page in (note, f"{note}/drawings"):
        shown = amara.get(page).text
        assert 'alt="A grey cloud"' in shown
        assert "Drawing by Amara Cole, on 5 November 2025" in shown
        assert 'alt="A &#34;house&#34; &amp; &lt;b&gt;rain&lt;/b&gt;"' in shown
        assert shown.index(first) < shown.index(second)
    seen = ruth.get(f"/recordings/{second}/picture")
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    here = f"{note}/drawings/{second}"
    assert ruth.get(here).status_code == 200
    assert amara.post(f"{here}/move", data=beside.form(amara, by="up")).status_code == 303
    shown = amara.get(note).text
    assert shown.index(second) < shown.index(first)
    changed = beside.form(amara, text_caption="A house", text_what="photo")
    assert amara.post(here, data=changed).status_code == 303
    gone = beside.form(ruth, text_why="Not mine.")
    assert ruth.post(f"{here}/remove", data=gone).status_code == 303
    page = amara.get(f"{note}/drawings").text
    assert "Not mine." in page
    assert 'alt="A house"' not in page
    assert "taken out by Ruth Adeyemi" in amara.get(f"{note}/versions?before=3&after=6").text
    assert amara.get("/record").status_code == 200
    assert b"".join(store.recordings.open(second))[4:12] == b"ftypheic"


SOUND = (Path(drawings.__file__).parents[2] / "sample" / "voice-note.ogg").read_bytes()
NOT_TAKEN = (
    (None, "", "Choose a picture"),
    (b"", "a.jpg", "This file is empty"),
    (b"no picture at all", "a.jpg", "This is a text file"),
    (JPEG[:300], "a.jpg", "its end is missing"),
    (saved("PNG").replace(b"IDAT", b"IDAX"), "a.png", "picture cannot be opened"),
    (b"MZ" + JPEG, "a.exe", "This kind of file is not taken"),
    (SOUND, "a.ogg", "This file is not a picture"),
    (bytes(9 * 1024 * 1024), "a.jpg", "larger than 64 MB"),
)


def test_what_cannot_be_shown_is_refused_in_a_sentence_and_nothing_of_it_stays(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, typed = beside.store, f"{MARK} kept for another try"
    monkeypatch.setattr(drawings, "MAX_BYTES", 5 * 1024 * 1024)
    for file, name, sentence in NOT_TAKEN:
        answer = beside.send(beside.amara, file, name, text_caption=typed)
        assert answer.status_code == 422
        (said,) = re.findall(r'<a href="#file">(.*?)</a>', answer.text)
        assert sentence in said, said
        assert typed in answer.text
        assert lying(store) == set()
    assert store.notes.get(beside.note.id).number == 1
    assert store.uploads.of(beside.note.practitioner_id) == []
    assert store.recordings.all() == []


def test_a_picture_that_came_is_kept_where_its_caption_is_missing(beside: Beside) -> None:
    amara, note = beside.amara, beside.note
    answer = beside.send(amara, text_caption=" ", text_maker="Amara")
    assert (answer.status_code, beside.store.notes.get(note.id).number) == (422, 1)
    assert "The picture came and is kept here" in answer.text
    assert 'href="#text-caption"' in answer.text
    (kept,) = beside.store.recordings.of_note(note.id)
    assert f'action="/notes/{note.id}/drawings/{kept.id}"' in answer.text
    said = beside.form(amara, text_caption="A cloud")
    assert amara.post(f"/notes/{note.id}/drawings/{kept.id}", data=said).status_code == 303
    assert 'alt="A cloud"' in amara.get(f"/notes/{note.id}").text
    desk = beside.desk
    desk.drawings.take_out(note.id, 2, kept.id, "For the test.")
    desk.save(note.id, 3, {}, removed={f"s{n}": "Off." for n in range(6)})
    desk.supervision.about_nobody(note.id, 4)
    assert recording_of(beside.send(amara, text_caption="Another")) == kept.id
    desk.supervision.sign(note.id, 5)
    assert "takes the signatures away" in amara.get(f"/notes/{note.id}/drawings").text
    recording_of(beside.send(amara, saved("PNG"), "b.png"))
    assert beside.store.notes.get(note.id).state == "draft"


def test_a_picture_that_is_sent_twice_hangs_once_and_one_that_was_erased_may_come_again(
    beside: Beside,
) -> None:
    store, amara, note = beside.store, beside.amara, beside.note
    first = recording_of(beside.send(amara))
    again = beside.send(amara, text_caption=f"{MARK} twice")
    assert (again.status_code, store.notes.get(note.id).number) == (422, 2)
    assert "in the gallery already" in again.text
    assert [each.id for each in store.recordings.of_note(note.id)] == [first]
    assert len(lying(store)) == 1
    store.erasing.recording(first, "test")
    for page in (f"/notes/{note.id}/drawings", f"/notes/{note.id}/drawings/{first}"):
        shown = amara.get(page)
        assert (shown.status_code, "This picture was erased." in shown.text) == (200, True)
    assert amara.get(f"/recordings/{first}/picture").status_code == 404
    second = recording_of(beside.send(amara, text_caption="Drawn anew"))
    assert second != first
    captions = [each.drawing.caption for each in beside.desk.drawings.of(note.id).shown]
    assert captions == ["A grey cloud", "Drawn anew"]


BOUND = "x1x2x3"


def body(token: str, *, first: bool = True, whole: bool = True, more: bytes = b"") -> bytes:
    field = f'--{BOUND}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'.encode()
    head = f'--{BOUND}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    file = head.encode() + JPEG + b"\r\n"
    ends = f"--{BOUND}--\r\n".encode() if whole else b""
    return (field + file if first else file + field) + more + ends


def test_nothing_of_a_file_is_taken_before_the_forms_token_was_seen_or_if_it_is_not_whole(
    store: Store, amara: TestClient, ben: TestClient, own: Note
) -> None:
    token = store.access.csrf(amara.cookies["session"])
    kind = {"content-type": f"multipart/form-data; boundary={BOUND}"}
    many = f'--{BOUND}\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n'.encode() * 60
    wide = f'--{BOUND}\r\nContent-Disposition: form-data; name="x"\r\n\r\n'.encode()
    wide += b"y" * 300_000 + b"\r\n"
    for address in (f"/send/drawings/{own.id}", "/send/recording"):
        for sent, status in (
            (body(token, first=False), 403),
            (body("other"), 403),
            (body(token, whole=False), 409),
            (body(token, more=many), 409),
            (body(token, more=wide), 409),
            (b"no form", 409),
        ):
            answer = amara.post(address, content=sent, headers=kind)
            assert (answer.status_code, lying(store)) == (status, set()), sent[:200]
        assert amara.post(address, content=b"", headers=kind).status_code == 409
        plain = {"content-type": "multipart/form-data"}
        assert amara.post(address, content=body(token), headers=plain).status_code == 409
        assert amara.post(address, data={"csrf": token}).status_code == 415
        announced = kind | {"content-length": str(MAX_SENT + 1)}
        assert amara.post(address, content=b"", headers=announced).status_code == 413
        elsewhere = kind | {"sec-fetch-site": "cross-site"}
        assert amara.post(address, content=body(token), headers=elsewhere).status_code == 403
    theirs = store.access.csrf(ben.cookies["session"])
    answer = ben.post(f"/send/drawings/{own.id}", content=body(theirs), headers=kind)
    assert (answer.status_code, lying(store)) == (404, set())
    assert store.recordings.all() == []


def test_of_a_form_that_breaks_off_or_comes_too_late_nothing_lies_anywhere_in_clear(
    app: FastAPI, beside: Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    token = beside.store.access.csrf(beside.amara.cookies["session"])
    kind = {"content-type": f"multipart/form-data; boundary={BOUND}"}
    start = body(token, whole=False) + MARK.encode() * 900_000

    def in_clear() -> bool:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files
        return any(MARK.encode() in path.read_bytes() for path in files)

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(start), 1024 * 1024):
            assert not in_clear()
            yield start[at : at + 1024 * 1024]

    address = f"/send/drawings/{beside.note.id}"
    late = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    assert late.post(address, content=start, headers=kind).status_code == 401
    assert beside.amara.post(address, content=pieces(), headers=kind).status_code == 409
    assert lying(beside.store) == set()
    assert not in_clear()


@dataclass(frozen=True, slots=True)
class Shared:
    """A supervision with pictures that was divided, and the young person's own note, shared."""

    mine: str  # ids of pictures
    theirs: str
    out: str
    note: str  # id of the young person's


def divided(beside: Beside, supervisor: Member, case: Case) -> Shared:
    store, desk, note = beside.store, beside.desk, beside.note
    said = {"text_caption": f"My {MARK} storm", "text_maker": f"{MARK} me"}
    mine = recording_of(beside.send(beside.amara, JPEG, **said))
    said = {"text_caption": "Jordan's house", "text_member": case.id}
    theirs = recording_of(beside.send(beside.amara, saved("PNG"), "b.png", **said))
    said = {"text_caption": f"{MARK} out"}
    out = recording_of(beside.send(beside.amara, saved("WEBP"), "c.webp", **said))
    desk.drawings.take_out(note.id, 4, out, f"{MARK} why")
    page = beside.amara.get(f"/notes/{note.id}/members").text
    assert re.search(f'value="{case.id}"[^>]* checked', page)
    (made,) = desk.dividing.divide(note.id, 5, [case.id], ["Kwame", "Leila"])
    child = store.notes.get(made)
    desk.submit(child.id, child.number)
    Desk(store, supervisor).approve(child.id, child.number)
    show_them(store, desk, child.id, child.number, [key_of(theirs)])
    store.cases.give(case.id, store.people.by_handle("ben").id, "test")
    return Shared(mine, theirs, out, made)


def test_a_drawing_of_the_workers_wellbeing_reaches_nothing_of_any_child(
    beside: Beside,
    ben: TestClient,
    jordan: TestClient,
    supervisor: Member,
    case: Case,
    tmp_path: Path,
) -> None:
    made, own, copy = divided(beside, supervisor, case), beside.note.id, picture.derive(JPEG).jpeg
    pages = [f"/notes/{made.note}{more}" for more in ("", "/versions", "/share", "/contact")]
    pages += [f"/cases/{case.id}", "/work", "/arrived", f"/summary/{made.note}", "/summary"]
    hidden = [f"/notes/{own}", f"/notes/{own}/drawings", f"/notes/{own}/drawings/{made.mine}"]
    for each in (made.mine, made.out):
        more = ("", "/media", "/picture", "/thumbnail", "/agreement")
        hidden += [f"/recordings/{each}{end}" for end in more]
    for browser in (ben, jordan):
        answers = {address: browser.get(address) for address in (*pages, *hidden)}
        assert {answers[address].status_code for address in hidden} == {404}
        for answer in answers.values():
            assert not any(each in answer.content for each in (MARK.encode(), copy))
            assert made.mine not in answer.text
    assert made.theirs in ben.get(f"/notes/{made.note}").text
    assert ben.get(f"/recordings/{made.theirs}/picture").status_code == 200
    assert list(Desk(beside.store, beside.store.people.by_handle("ben")).search(MARK)) == []
    left = beside.amara.get(f"/notes/{own}").text
    assert (f"My {MARK} storm" in left, made.theirs in left) == (True, False)
    nothing_leaves(beside, made, case, tmp_path)


def nothing_leaves(beside: Beside, made: Shared, case: Case, tmp_path: Path) -> None:
    """No export, living summary, or row of the child's has any of it."""
    store, copy = beside.store, picture.derive(JPEG).jpeg
    give_codes(beside.home)
    written = export(beside.home, tmp_path / "out", "test")
    assert written is not None
    assert len(written.written) == 1
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    data = [path.read_bytes() for path in files]
    for path in (each for each in files if each.suffix == ".docx"):
        with ZipFile(path) as packed:
            data += map(packed.read, packed.namelist())
    child = store.notes.get(made.note)
    data += [each.payload for each in store.summaries.of(case.id)]
    data += [each.payload for each in store.notes.versions(child.id, child.number)]
    data += [each.payload for each in store.notes.decisions(child.id)]
    assert any(b"house" in each for each in data)
    for each in data:
        assert MARK.encode() not in each
        assert copy not in each
    of_case = [each.id for each in store.recordings.all() if each.scope == case.id]
    assert of_case == [made.theirs]


def test_the_page_to_record_takes_files_without_scripts(
    store: Store, amara: TestClient, practitioner: Member, case: Case
) -> None:
    def sent(files: dict[str, tuple[str, bytes]], **said: str) -> Response:
        fields = {"csrf": store.access.csrf(amara.cookies["session"])} | said
        parts = [(key, (None, value.encode())) for key, value in fields.items()]
        return amara.post("/send/recording", files=[*parts, *files.items()])

    page = amara.get("/record").text
    assert 'action="/send/recording" enctype="multipart/form-data"' in page
    none: dict[str, tuple[str, bytes]] = {"photo": ("", b""), "file": ("", b"")}
    answer = sent(none, case=case.id)
    assert (answer.status_code, "Choose a photo or file first" in answer.text) == (422, True)
    answer = sent(none | {"file": ("a.jpg", JPEG)}, case=case.id)
    assert (answer.status_code, "Say who can be heard" in answer.text) == (422, True)
    assert re.search(f'value="{case.id}" selected', answer.text)
    assert lying(store) == set()
    assert sent(none | {"photo": ("a.jpg", JPEG)}, case=case.id).status_code == 303
    agreed = {"heard": "others", "who": "Jordan", "how": "so", "when": "today"}
    assert sent(none | {"file": ("b.png", saved("PNG"))}, **agreed).status_code == 303
    one, other = sorted(store.recordings.all(), key=lambda each: each.media_type)
    assert (one.case_id, one.practitioner_id, one.state) == (case.id, practitioner.id, "received")
    assert (other.case_id, store.agreements.stands(other.id)) == (None, True)
    assert sent(none | {"photo": ("a.jpg", JPEG)}, case="0" * 32).status_code == 404
    answer = sent(none | {"photo": ("a.jpg", JPEG[:300])})
    assert (answer.status_code, "then removed for good" in answer.text) == (422, True)
    (kept,) = store.uploads.of(practitioner.id)[-1:]
    assert kept.state == "refused"
