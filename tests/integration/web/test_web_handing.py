"""Somebody of data protection hands a record over: opened for a reason, decided place by place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from recorder.access.pack import write_access_pack
from recorder.errors import StateError
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Arrival
from store.redactions import OPENED, PICTURE
from store.store import Store
from store.tables import notes

Form = Callable[..., dict[str, str]]


@pytest.fixture
def dora(enter: Callable[[Member], TestClient], store: Store) -> TestClient:
    """Data protection."""
    return enter(store.people.add(Member("", "data_protection", "dora", "Dora", None), "test"))


@pytest.fixture
def record(dora: TestClient, case: Case, form: Form) -> str:
    """Where a record that was asked for is opened."""
    sent = form(dora) | {"text-ref": case.details.ref, "text-reason": "request of 3 November"}
    answer = dora.post("/handing", data=sent)
    assert answer.status_code == 303
    return answer.headers["location"]


def places(page: str) -> list[str]:
    return re.findall(r'name="(place-[^"]+)" type="radio" value="goes"', page)


def decide_all(dora: TestClient, form: Form, record: str, said: str) -> None:
    for number in range(len(re.findall(r"/entries/\d+", dora.get(record).text))):
        where = f"{record}/entries/{number}"
        page = dora.get(where).text
        if found := places(page):
            (based_on,) = re.findall(r'name="number" value="(\d+)"', page)
            sent = form(dora, number=based_on) | dict.fromkeys(found, said)
            assert dora.post(where, data=sent).status_code == 303


def test_a_record_opens_to_who_said_why_and_it_is_in_the_trail(
    store: Store, dora: TestClient, case: Case, form: Form
) -> None:
    assert dora.get(f"/handing/{case.id}").status_code == 404
    for field, sent in (
        ("ref", {"text-ref": "EV-0", "text-reason": "asked"}),
        ("reason", {"text-ref": case.details.ref}),
    ):
        answer = dora.post("/handing", data=form(dora) | sent)
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True)
    sent = form(dora) | {"text-ref": case.details.ref, "text-reason": "request of 3 November"}
    where = dora.post("/handing", data=sent).headers["location"]
    assert "place" in dora.get(where).text
    (opened,) = store.redactions.of(case.id)
    assert (opened.kind, opened.why) == (OPENED, "request of 3 November")
    actions = [each.action for each in store.audit.of_case(case.id, 9)]
    assert {"record opened to hand it over", "record read to hand it over"} <= {*actions}


@pytest.mark.usefixtures("note")
def test_what_goes_is_in_no_file_and_nothing_is_handed_over_before_all_is_decided(
    store: Store, dora: TestClient, case: Case, record: str, form: Form, tmp_path: Path
) -> None:
    with pytest.raises(StateError, match=r"nobody has decided yet in [1-9]"):
        write_access_pack(store, case, tmp_path / "out", "Europe/London", "test", redacted=True)
    assert not (tmp_path / "out").exists()
    decide_all(dora, form, record, "goes")
    assert "Everything that is marked is decided" in dora.get(record).text
    write_access_pack(store, case, tmp_path / "out", "Europe/London", "test", redacted=True)
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "[removed: about somebody else]" in page
    others = [each.name for each in case.details.people if each.role != "practitioner"]
    assert others
    assert [name for name in others if re.search(rf"\b{name}\b", page)] == []


@pytest.mark.usefixtures("note")
def test_the_same_is_decided_of_the_same_words_elsewhere_and_never_over_a_decision(
    dora: TestClient, record: str, form: Form
) -> None:
    listed = re.findall(r"/entries/(\d+)", dora.get(record).text)
    pages = {each: dora.get(f"{record}/entries/{each}").text for each in listed}
    said = {each: set(re.findall(r"“([^”]+)” \(a name\)", page)) for each, page in pages.items()}
    twice = [(a, b) for a in listed for b in listed if a < b and said[a] & said[b]]
    assert twice, "no name is in two entries"
    first, second = twice[0]
    before = len(places(pages[second]))
    sent = form(dora, number="1") | dict.fromkeys(places(pages[first]), "stays")
    answer = dora.post(f"{record}/entries/{first}", data=sent | {"everywhere": "yes"})
    assert answer.status_code == 303
    after = dora.get(f"{record}/entries/{second}").text
    assert len(places(after)) == before
    assert after.count(" checked") > pages[second].count(" checked")


@pytest.mark.usefixtures("note")
def test_what_stays_stays_and_further_words_go(
    store: Store, dora: TestClient, case: Case, record: str, form: Form, tmp_path: Path
) -> None:
    decide_all(dora, form, record, "stays")
    page = dora.get(f"{record}/entries/0").text
    more = re.findall(r'name="(text-more-\w+)"', page)
    (based_on,) = re.findall(r'name="number" value="(\d+)"', page)
    sent = form(dora, number=based_on) | {more[1]: "Jor", "text-why": "as agreed"}
    assert dora.post(f"{record}/entries/0", data=sent).status_code == 303
    wrong = form(dora, number=str(int(based_on) + 1)) | {more[1]: "No such words"}
    answer = dora.post(f"{record}/entries/0", data=wrong)
    assert answer.status_code == 422
    assert "No such words" in answer.text
    late = form(dora, number=based_on) | {more[1]: "dan"}
    assert dora.post(f"{record}/entries/0", data=late).status_code == 409
    write_access_pack(store, case, tmp_path / "out", "Europe/London", "test", redacted=True)
    written = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "[removed: about somebody else]dan" in written
    others = [each.name for each in case.details.people]
    assert all(name in written for name in others)


def test_part_of_a_picture_goes_by_its_edges(
    store: Store, dora: TestClient, case: Case, drawing: bytes, record: str, form: Form
) -> None:
    arrival = Arrival(case.id, case.id, case.practitioner_id, "jpeg", "picture", "d.jpg", 1, "file")
    store.recordings.register(store.recordings.seal(case.id, [drawing]), arrival)
    listed = dora.get(record).text
    numbers = re.findall(r"/entries/(\d+)\">Picture", listed)
    where = f"{record}/entries/{numbers[0]}"
    page = dora.get(where).text
    (based_on,) = re.findall(r'name="number" value="(\d+)"', page)
    (src,) = re.findall(r'src="(/handing/[^"]+)"', page)
    assert dora.get(src).headers["content-type"] == "image/jpeg"
    edges = {"text-left": "10", "text-top": "20", "text-right": "5", "text-bottom": "40"}
    answer = dora.post(where, data=form(dora, number=based_on) | edges)
    assert answer.status_code == 422
    edges["text-right"] = "50"
    assert dora.post(where, data=form(dora, number=based_on) | edges).status_code == 303
    last = store.redactions.of(case.id)[-1]
    assert [(each.kind, each.place) for each in last.rulings] == [(PICTURE, (100, 200, 500, 400))]
    assert "Filled: from 10 % left" in dora.get(where).text


def test_a_recording_is_heard_by_ranges_as_one_reading_and_none_that_is_about_several_people(
    store: Store, dora: TestClient, case: Case, record: str, note: Note
) -> None:
    (voice,) = [each for each in store.recordings.of_note(note.id) if each.kind == "audio"]
    listed = re.findall(r"/entries/(\d+)\">Sound", dora.get(record).text)
    pages = [dora.get(f"{record}/entries/{each}").text for each in listed]
    where = f"{record}/recordings/{voice.id}/sound"
    assert any(f'src="{where}"' in page for page in pages)
    before = len(store.audit.of_case(case.id, 999))
    whole = b"".join(store.recordings.open(voice.id))
    assert dora.get(where).content == whole
    part = dora.get(where, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole[2:6])
    assert len(store.audit.of_case(case.id, 999)) == before + 1
    with store.database.write() as connection:
        connection.execute(update(notes).where(notes.c.id == note.id).values(kind="group_session"))
    assert dora.get(where).status_code == 404
