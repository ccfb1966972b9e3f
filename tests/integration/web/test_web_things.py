"""A young person's things, in a browser: kept with one tap, looked at, taken out, taken home."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from recorder.home import Home
from recorder.intake.sent import Sent
from recorder.review import keeping
from recorder.review.web.app import create_app
from store.cases import CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from templates.tongues import tongues

Form = Callable[..., dict[str, str]]
PLACE = {1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)}  # what a phone writes of where
MAKER, SAID, COMMENT = "Somebody's phone", "Us two in the park", b"home from school"


@pytest.fixture
def store(home: Home) -> Store:
    return home.store


@pytest.fixture
def app(home: Home) -> FastAPI:
    return create_app(home.store, team="Evolve", timezone="Europe/London", uploads=Sent(home))


@pytest.fixture
def keep(jordan: TestClient, shared: Note, form: Form) -> Callable[..., str]:
    def kept(**what: str) -> str:
        answer = jordan.post(f"/summary/{shared.id}/keep", data=form(jordan, **what))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    return kept


def things(browser: TestClient) -> list[str]:
    """Where each of their things stands."""
    page = browser.get("/summary/things").text
    return re.findall(r'href="(/summary/things/[0-9a-f]{32})"', page)


def photo() -> bytes:
    """A picture that says where and by what it was taken."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F], exif[0x010E] = MAKER, SAID
    exif.get_ifd(0x8825).update(PLACE)
    Image.new("RGB", (60, 40), "teal").save(
        made, "JPEG", exif=exif, comment=COMMENT, icc_profile=b"a profile"
    )
    return made.getvalue()


def segments(jpeg: bytes) -> set[int]:
    """The markers of all segments before the picture itself."""
    at, found = 2, set[int]()
    while jpeg[at + 1] != 0xDA:
        assert jpeg[at] == 0xFF
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def written_beside(jpeg: bytes) -> set[int]:
    """Markers under which a file says more than its picture: EXIF, GPS, XMP, profiles, comments."""
    return segments(jpeg) & {*range(0xE1, 0xF0), 0xFE}


def test_a_quote_is_kept_with_one_tap_and_they_are_where_they_were(
    jordan: TestClient, shared: Note, keep: Callable[..., str]
) -> None:
    step = f"/summary/{shared.id}/steps/1"
    for where in (step, f"/summary/{shared.id}"):
        assert jordan.get(where).text.count('name="line" value="s2"') == 1
        assert 'name="line" value="s1"' not in jordan.get(where).text  # why they met is no keepsake
    assert keep(line="s2", step="1") == step
    page = jordan.get(step).text
    assert 'name="line" value="s2"' not in page
    assert 'href="/summary/things"' in page
    assert keep(line="s2") == f"/summary/{shared.id}"
    (where,) = things(jordan)
    assert "He said no &amp; walked away." in jordan.get(where).text


def test_one_is_looked_at_at_a_time_and_taken_out(
    jordan: TestClient, shared: Note, keep: Callable[..., str], form: Form
) -> None:
    assert "Nothing here yet" in jordan.get("/summary/things").text
    keep(line="s2")
    sent = form(jordan) | {"text-reply": "I like <b>football</b>"}
    own = jordan.post(f"/summary/{shared.id}/reply", data=sent).headers["location"]
    assert keep(said=own.rpartition("/")[2]) == own
    newer, older = things(jordan)
    assert "I like &lt;b&gt;football" in jordan.get(newer).text
    assert f'href="{older}"' in jordan.get(newer).text
    assert f'href="{newer}"' in jordan.get(older).text
    answer = jordan.post(f"{newer}/drop", data=form(jordan))
    assert (answer.status_code, answer.headers["location"]) == (303, "/summary/things")
    assert things(jordan) == [older]
    assert jordan.get(newer).status_code == 404


@pytest.mark.parametrize("tongue", tongues())
def test_the_pages_say_what_exit_cannot_do(
    jordan: TestClient, keep: Callable[..., str], form: Form, tongue: str
) -> None:
    chosen = {"size": "2", "colours": "light", "tongue": tongue}
    jordan.post("/summary/view", data=form(jordan) | chosen)
    keep(line="s2")
    t = tongues()[tongue]
    for where in ("/summary/things", *things(jordan)):
        page = jordan.get(where).text
        assert t("things_stay") in page
        assert re.findall("<title>(.*)</title>", page) == [t("title")]


def test_files_are_plain_named_neutrally_and_kept_by_no_browser(
    jordan: TestClient, keep: Callable[..., str]
) -> None:
    keep(line="s2")
    (where,) = things(jordan)
    one, every = jordan.get(f"{where}/file"), jordan.get("/summary/things/all")
    assert one.text == "He said no & walked away."
    assert one.headers["content-disposition"] == 'attachment; filename="thing.txt"'
    assert one.headers["content-type"] == "text/plain; charset=utf-8"
    assert every.headers["content-disposition"] == 'attachment; filename="things.zip"'
    assert zipfile.ZipFile(io.BytesIO(every.content)).namelist() == ["1.txt"]
    for answer in (one, every, jordan.get(where)):
        assert answer.headers["cache-control"] == "no-store"


def test_a_drawing_that_they_take_home_says_nothing_but_its_picture(
    jordan: TestClient, shared: Note, keep: Callable[..., str], form: Form
) -> None:
    original = photo()
    assert written_beside(original) == {0xE1, 0xE2, 0xFE}
    fields = form(jordan, kind="add")
    sent = {"photo": ("me.jpg", original)}
    answer = jordan.post(f"/send/said/{shared.id}", data=fields, files=sent)
    assert answer.status_code == 303
    said = jordan.get(f"/summary/{shared.id}/said/last").headers["location"].rpartition("/")[2]
    keep(said=said)
    (where,) = things(jordan)
    zipped = zipfile.ZipFile(io.BytesIO(jordan.get("/summary/things/all").content))
    taken = [jordan.get(f"{where}/{each}") for each in ("picture", "file")]
    for jpeg in (*(each.content for each in taken), zipped.read("1.jpg")):
        assert Image.open(io.BytesIO(jpeg)).size == (60, 40)
        assert written_beside(jpeg) == set()
        assert Image.open(io.BytesIO(jpeg)).getexif() == {}
        for words in (MAKER.encode(), SAID.encode(), COMMENT):
            assert words not in jpeg
    assert taken[1].headers["content-disposition"] == 'attachment; filename="thing.jpg"'


def test_of_more_than_there_is_room_for_they_are_told(
    jordan: TestClient,
    shared: Note,
    keep: Callable[..., str],
    form: Form,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "MOST", 0)
    answer = jordan.post(f"/summary/{shared.id}/keep", data=form(jordan, line="s2"))
    assert answer.status_code == 409
    assert tongues()["en"]("problem_full") in answer.text
    monkeypatch.undo()
    keep(line="s2")


@pytest.fixture
def sky(enter: Callable[[Member], TestClient], store: Store, practitioner: Member) -> TestClient:
    """The browser of another young person of the same worker."""
    case = store.cases.add(CaseDetails("EV-2", "Sky"), practitioner.id, "test")
    return enter(store.people.add(Member("", "young_person", "sky", "Sky", case.id), "test"))


def test_another_young_person_and_staff_reach_none_of_it(
    jordan: TestClient,
    sky: TestClient,
    amara: TestClient,
    shared: Note,
    keep: Callable[..., str],
    form: Form,
) -> None:
    keep(line="s2")
    (where,) = things(jordan)
    for other in (sky, amara):
        for asked in (where, f"{where}/file", f"{where}/picture", "/summary/things/all"):
            assert other.get(asked).status_code == 404, asked
        for sent, said in ((f"{where}/drop", {}), (f"/summary/{shared.id}/keep", {"line": "s2"})):
            assert other.post(sent, data=form(other, **said)).status_code == 404, sent
    assert things(sky) == []
    assert things(jordan) == [where]
