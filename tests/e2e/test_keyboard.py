"""The main tasks with a keyboard alone, on a small screen, and no stop on the way that cannot be seen."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from recorder.codec import encode
from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import DRAFTED, Arrival
from store.store import Store
from tests.e2e.keys import Keys
from tests.e2e.looks import DESK, PHONE
from tests.e2e.test_scripts import Watched, entered
from tests.integration.web.served import Server
from tests.sharing import show_them
from transcribe.model import Contact, Draft, Origin, Segment, Source, Statement, Transcript

People = tuple[Member, Member, Member]

_HEIGHT = 640
_RATE = 8_000
_SAID = ("We met to go over the plan.", "He cooked for everybody.", "He wants to go on with it.")


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member, arrival: Arrival) -> Note:
    """A draft of three sentences, each of them a second of a real recording."""
    return drafted(store, case, practitioner, arrival)


@pytest.fixture
def people(practitioner: Member, supervisor: Member, young_person: Member) -> People:
    return practitioner, supervisor, young_person


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    made = Server(create_app(store, team="Evolve", timezone="Europe/London"))
    yield made
    made.stop()


def _tone(seconds: int) -> bytes:
    """A WAV that a browser plays."""
    written = io.BytesIO()
    with wave.open(written, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        waves = (math.sin(n * 440 * math.tau / _RATE) for n in range(seconds * _RATE))
        sound.writeframes(b"".join(struct.pack("<h", int(each * 9_000)) for each in waves))
    return written.getvalue()


def drafted(store: Store, case: Case, maker: Member, arrival: Arrival) -> Note:
    """A draft of three sentences, each of them a second of a real recording."""
    length_ms = 1_000 * (len(_SAID) + 1)
    sealed = store.recordings.seal(case.id, [_tone(len(_SAID) + 1)])
    recording = store.recordings.register(sealed, arrival)[0]
    spans = [(n * 1_000, (n + 1) * 1_000) for n in range(len(_SAID))]
    sections = ("purpose", "what_happened", "young_person_words")
    statements = tuple(
        Statement(
            f"s{n}", section, said, Origin.MACHINE, maker.name, (Source(recording.id, *span),)
        )
        for n, (section, said, span) in enumerate(zip(sections, _SAID, spans, strict=True))
    )
    heard = tuple(Segment(*span, said) for span, said in zip(spans, _SAID, strict=True))
    transcript = Transcript("base", "0" * 64, "en", {}, length_ms, heard)
    new = Note("", case.id, case.id, maker.id, "case_note", "draft", 0, arrival.recorded_at, 0)
    draft = Draft("case_note", Contact(place="the hub"), statements)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
        store.recordings.keep_transcript(connection, recording, encode(transcript))
        store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    return store.notes.get(note_id)


def _keys(watched: Watched, address: str, width: int = PHONE) -> Keys:
    page = watched.context.new_page()
    page.set_viewport_size({"width": width, "height": _HEIGHT})
    page.goto(address)
    return Keys(page)


def _drafts_and_submits(watched: Watched) -> list[str]:
    keys = _keys(watched, "/work")
    keys.open("a", "Jordan")
    keys.open("a", "Edit")
    keys.write("sentence 1", " He was on time.")
    keys.open("button", "Save")
    expect(keys.page.locator("main")).to_contain_text("He was on time.")
    keys.open("button", "Submit to a supervisor")
    expect(keys.page.locator(".govuk-tag")).to_have_text("With a supervisor")
    return keys.wrong


def _listens_approves_and_returns(watched: Watched) -> list[str]:
    keys = _keys(watched, "/queue")
    keys.open("a", "Jordan")
    keys.to("button", "Play")
    keys.page.keyboard.press("Space")
    expect(keys.page.locator(".app-play--on")).to_have_count(1)
    keys.page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    keys.open("button", "Approve this version")
    expect(keys.page.locator(".govuk-tag")).to_have_text("Approved")
    keys.write("Take the approval back", "Say who cooked with him.")
    keys.to("button", "Return to the practitioner")
    with keys.page.expect_navigation():
        keys.page.keyboard.press("Space")
    expect(keys.page.locator("h1")).to_be_visible()
    return keys.wrong


def _reads_and_replies(watched: Watched) -> list[str]:
    keys = _keys(watched, "/summary")
    keys.open("a", "Read it bit by bit")
    expect(keys.page.locator("main")).to_contain_text("go on with it")
    keys.open("a", "Next")
    keys.open("a", "Say something about this")
    keys.open("a", "Add something")
    keys.open("button", "Send")  # with nothing in it
    assert keys.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    keys.to("a", "Write something")
    keys.page.keyboard.press("Enter")
    assert keys.page.evaluate("document.activeElement.id") == "reply"
    keys.page.keyboard.type("That is right.")
    keys.open("button", "Send")
    expect(keys.page.locator(".app-reply")).to_contain_text("That is right.")
    keys.to("a", "Exit now")
    return keys.wrong


def test_the_main_tasks_are_done_with_a_keyboard_alone(
    chromium: Browser,
    store: Store,
    server: Server,
    note: Note,
    people: People,
) -> None:
    practitioner, supervisor, young_person = people
    with entered(chromium, store, server.port, practitioner) as amara:
        found = _drafts_and_submits(amara)
        walked = [_keys(amara, f"/notes/{note.id}{each}", DESK) for each in ("", "/edit")]
        assert all(len(keys.all_the_way()) > len(_SAID) for keys in walked)
    with entered(chromium, store, server.port, supervisor) as ruth:
        found += _listens_approves_and_returns(ruth)
    number = store.notes.get(note.id).number
    Desk(store, practitioner).submit(note.id, number)
    Desk(store, supervisor).approve(note.id, number)
    show_them(store, Desk(store, practitioner), note.id, number, ["s1", "s2"])
    with entered(chromium, store, server.port, young_person) as jordan:
        found += _reads_and_replies(jordan)
    for each in walked:
        found += each.wrong
    assert "\n".join(found) == ""
    assert [amara.seen, ruth.seen, jordan.seen] == [[], [], []]
