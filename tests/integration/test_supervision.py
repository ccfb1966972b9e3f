"""What a worker says of themselves in supervision, from the recording to all that comes of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient

from recorder.errors import UnknownError
from recorder.export.leaving import export
from recorder.home import create_home
from recorder.review.desk import Desk
from recorder.review.finding import Hit
from recorder.review.typed import Written
from recorder.review.web.app import create_app
from recorder.review.web.session import YOUNG_LIFE
from store.errors import ErasedError
from store.notes import Note, is_own
from store.people import Member
from store.records import Recording
from tests.contacts import MINUTE, NOON, Visits, furnish
from tests.leaks.needles import Needles
from tests.sharing import show_them
from transcribe.model import Contact

MARK = "zyqvaxun"
OWN = Needles([MARK])
SAID = (
    "This is supervision with Ruth on Wednesday the fifth of November. "
    f"I have been feeling worn out and I am not sleeping, I am on {MARK}tablets. "
    f"My workload is too much and I want to take leave for my {MARK}operation. "
    "Turning to Jordan. Jordan went back to school on Monday. "
    "Jordan told me that he likes the new tutor. "
    "I decided with Ruth that Jordan stays with the same tutor because it is going well. "
    "I will ring Jordan's tutor on Friday."
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Visits]:
    home = create_home(tmp_path / "home", "Test team")
    yield furnish(home)
    home.close()


@dataclass(frozen=True, slots=True)
class Divided:
    """A supervision, and what was made out of it."""

    recording: Recording
    own: Note  # the worker's
    child: Note  # Jordan's


def divide(world: Visits) -> Divided:
    """A supervision that came into Jordan's folder, heard, drafted and divided."""
    store, amara = world.home.store, Desk(world.home.store, world.practitioner)
    recording = world.work_on(world.arrive(NOON, SAID, kind="supervision"))
    whole = store.notes.get(recording.note_id or "")
    assert is_own(whole)
    assert is_own(recording)
    (made,) = amara.dividing.divide(whole.id, whole.number, [world.case.id], [])
    return Divided(recording, store.notes.get(whole.id), store.notes.get(made))


def approve(world: Visits, child: Note) -> None:
    """Jordan's note is approved by Ruth and shared with Jordan; then Ben has the case."""
    store, amara = world.home.store, Desk(world.home.store, world.practitioner)
    people = [
        store.people.add(Member("", "supervisor", "ruth", "Ruth Adeyemi", None), "test"),
        store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test"),
        store.people.add(Member("", "young_person", "jordan", "Jordan", world.case.id), "test"),
    ]
    amara.submit(child.id, child.number)
    Desk(store, people[0]).approve(child.id, child.number)
    show_them(
        store,
        amara,
        child.id,
        child.number,
        [e.id for e in amara.preparing.offered(child.id).lines],
    )
    store.cases.give(world.case.id, people[1].id, "test")


def browser(world: Visits, handle: str) -> TestClient:
    store = world.home.store
    app = create_app(store, team="Evolve", timezone="Europe/London")
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    token = store.access.begin(store.people.by_handle(handle).id, YOUNG_LIFE)
    client.cookies.set("session", token, domain="127.0.0.1", path="/")
    return client


def all_of(folder: Path) -> Iterator[bytes]:
    """Names and contents of all files, and of what is packed in them."""
    for path in folder.rglob("*"):
        yield str(path).encode()
        if path.is_file():
            yield path.read_bytes()
        if path.suffix == ".docx":
            with ZipFile(path) as packed:
                yield from map(packed.read, packed.namelist())


def test_what_is_the_workers_own_stays_whole_in_their_record(world: Visits) -> None:
    made = divide(world)
    left = " ".join(each.text for each in world.draft(made.own).statements)
    assert left.count(MARK) == 2
    assert "tutor" not in left
    amara = Desk(world.home.store, world.practitioner)
    found = [each for each in amara.search(f"{MARK}tablets") if isinstance(each, Hit)]
    assert [each.note.id for each in found] == [made.own.id]


def test_no_word_of_it_is_in_an_export_a_log_or_a_file_of_the_home(
    world: Visits, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    approve(world, divide(world).child)
    pack = export(world.home, tmp_path / "out", "test")
    assert pack is not None
    assert len(pack.written) == 1
    exported = list(all_of(tmp_path / "out"))
    assert any(b"tutor" in each for each in exported), "nothing was looked at"
    for data in (*exported, caplog.text.encode(), *all_of(tmp_path)):
        assert not OWN.in_bytes(data)


def test_no_word_of_it_is_on_a_page_of_anybody_who_sees_the_young_persons_file(
    world: Visits,
) -> None:
    made = divide(world)
    approve(world, made.child)
    child, own, recording = made.child.id, made.own.id, made.recording.id
    theirs = [f"/notes/{child}", f"/notes/{child}/versions", f"/cases/{world.case.id}", "/work"]
    theirs += ["/arrived", "/summary", f"/summary/{child}"]
    hidden = [f"/notes/{own}", f"/notes/{own}/versions", f"/notes/{own}/facts"]
    hidden += [f"/supervision/{world.practitioner.id}", f"/recordings/{recording}"]
    hidden += [f"/recordings/{recording}/media", f"/recordings/{recording}/agreement"]
    for handle in ("ben", "jordan"):
        client = browser(world, handle)
        answers = {page: client.get(page) for page in (*theirs, *hidden)}
        assert not any(OWN.in_bytes(each.content) for each in answers.values())
        assert {answers[page].status_code for page in hidden} == {404}
        assert any("tutor" in answers[page].text for page in theirs)
    desk = Desk(world.home.store, world.home.store.people.by_handle("ben"))
    assert list(desk.search(f"{MARK}tablets")) == []
    with pytest.raises(UnknownError):
        desk.play(recording)


def test_once_the_workers_own_record_is_erased_nothing_anywhere_says_it(world: Visits) -> None:
    store, made = world.home.store, divide(world)
    store.erasing.own_record(world.practitioner.id, "test")
    assert store.recordings.transcript(made.recording.id) is None
    with pytest.raises(ErasedError):
        store.recordings.open(made.recording.id)
    (left,) = store.notes.all()
    assert left == made.child
    said = [each.payload for each in store.notes.versions(left.id, left.number)]
    assert b"tutor" in said[-1]
    said += [each.payload for each in store.notes.decisions(left.id)]
    assert not any(map(OWN.in_bytes, said))
    assert store.recordings.all() == []
    assert store.journal.sources(made.recording.id) == []


def test_what_was_begun_on_a_page_is_joined_by_its_recording(world: Visits) -> None:
    desk = Desk(world.home.store, world.practitioner)
    contact = Contact(date=date(2025, 11, 5), start_time="12:00")
    typed = Written("supervision", contact, {"wellbeing": "How was leave?"}, NOON)
    note_id, _ = desk.supervision.begin(world.practitioner.id, typed, [])
    came = [
        world.work_on(world.arrive(NOON + MINUTE, SAID, kind="supervision", to="worker")),
        world.work_on(world.arrive(NOON + 2 * MINUTE, to="worker", kind="supervision")),
    ]
    assert {each.note_id for each in came} == {note_id}
    draft = world.draft(note_id)
    assert draft.statements[0].text == "How was leave?"
    assert MARK in " ".join(each.text for each in draft.statements)
    later = world.arrive(NOON + 6000 * MINUTE, SAID, kind="supervision", to="worker")
    assert world.work_on(later).note_id != note_id


def test_what_was_signed_takes_in_nothing_more(world: Visits) -> None:
    desk = Desk(world.home.store, world.practitioner)
    typed = Written("supervision", Contact(), {"wellbeing": "How was leave?"}, NOON)
    note_id, _ = desk.supervision.begin(world.practitioner.id, typed, [])
    desk.supervision.about_nobody(note_id, 1)
    desk.supervision.sign(note_id, 1)
    came = world.work_on(world.arrive(NOON, SAID, kind="supervision", to="worker"))
    assert came.note_id != note_id
