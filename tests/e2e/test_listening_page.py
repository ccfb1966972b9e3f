"""Listening to a note in a real browser: before it is approved, and along with what was said."""

from __future__ import annotations

import io
import math
import re
import struct
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from recorder.codec import encode
from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from store.cases import Case
from store.derived import PEAKS, New
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.store import Store
from tests.e2e.looks import everything_wrong
from tests.integration.web.served import Server
from tests.parts import parted
from tests.unit.recorder.review.test_listened import believed
from transcribe.model import Contact, Draft, Origin, Segment, Source, Statement, Transcript, Word

SECONDS, RATE = 8, 8000
PATIENCE = 60_000  # ms: a busy machine plays late
SAID = "He said that he would stab him if he came near his sister again".split()


def _sound() -> bytes:
    """A tone that swells and fades."""
    found = io.BytesIO()
    with wave.open(found, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        loud = (math.sin(at / RATE * math.pi / SECONDS) for at in range(SECONDS * RATE))
        tone = (math.sin(at * 0.2) for at in range(SECONDS * RATE))
        values = (int(9000 * a * b) for a, b in zip(loud, tone, strict=True))
        out.writeframes(b"".join(struct.pack("<h", value) for value in values))
    return found.getvalue()


@pytest.fixture
def recording(store: Store, arrival: Arrival) -> Recording:
    sound = replace(arrival, kind="audio", media_type="wav", name="note.wav")
    found, _ = store.recordings.register(store.recordings.seal(sound.scope, [_sound()]), sound)
    words = tuple(
        Word(1000 + 400 * place, 1380 + 400 * place, f" {word}", 0.9)
        for place, word in enumerate(SAID)
    )
    said = Segment(1000, words[-1].end_ms, " ".join(SAID), None, 0.9, words)
    first = Segment(0, 900, "We met.", None, 0.9, (Word(0, 900, " We met.", 0.9),))
    heard = Transcript("base", "0" * 64, "en", {}, SECONDS * 1000, (first, said))
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, found, encode(heard))
        store.recordings.advance(connection, found, DRAFTED, length_ms=SECONDS * 1000)
    return store.recordings.get(found.id)


@pytest.fixture
def note(store: Store, practitioner: Member, recording: Recording) -> Note:
    """Submitted, with two sentences of serious harm among three."""

    def said(key: str, text: str, start: int, end: int) -> Statement:
        source = Source(recording.id, start, end)
        return Statement(key, "worry", text, Origin.MACHINE, None, (source,))

    draft = Draft(
        "case_note",
        Contact(),
        (
            said("s1", "We met.", 0, 900),
            said("s2", "He said that he would stab him.", 1000, 3000),
            said("s3", "He had a knife.", 5000, 6000),
        ),
    )
    scope = recording.scope
    new = Note("", scope, scope, practitioner.id, "case_note", "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
        store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    Desk(store, practitioner).submit(note_id, 1)
    return store.notes.get(note_id)


@contextmanager
def opened(chromium: Browser, store: Store, person: Member, path: str) -> Iterator[Page]:
    """A page before somebody, of an app that draws every approved note."""
    token = store.access.begin(person.id, 10**7)
    app = create_app(store, team="Evolve", timezone="Europe/London", listen_again_percent=100)
    server = Server(app)
    context = chromium.new_context(viewport={"width": 1280, "height": 700})
    address = f"http://127.0.0.1:{server.port}"
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    made.goto(f"{address}{path}")
    yield made
    context.close()
    server.stop()


@pytest.fixture
def page(chromium: Browser, store: Store, supervisor: Member, note: Note) -> Iterator[Page]:
    """The note, open before a supervisor."""
    with opened(chromium, store, supervisor, f"/notes/{note.id}") as made:
        yield made


@pytest.fixture
def sample(chromium: Browser, store: Store, supervisor: Member, note: Note) -> Iterator[Page]:
    """What there is to listen to again, open before another supervisor, once it was approved."""
    desk = Desk(store, supervisor)
    for key in ("s2", "s3"):
        desk.listening.keep(note.id, 1, key, believed)
    desk.approve(note.id, 1)
    other = store.people.add(Member("", "supervisor", "sam", "Sam Bell", None), "test")
    with opened(chromium, store, other, "/listen-again") as made:
        yield made


def test_an_approved_note_is_heard_again_and_a_wrong_word_that_matters_sends_it_back(
    sample: Page, store: Store, note: Note
) -> None:
    assert everything_wrong(sample) == []
    sample.get_by_role("link", name="Case note, ").click()
    expect(sample.get_by_text("Listen first")).to_have_count(3)
    assert everything_wrong(sample) == []
    for key in ("s1", "s3", "s2"):
        sentence(sample, key).locator(".app-play").click()
        expect(sentence(sample, key)).to_contain_text("You listened", timeout=PATIENCE)
    sample.get_by_role("radio", name="A word is wrong, and it matters").check()
    sample.get_by_role("textbox").fill("He said “Dan”, not “him”.")
    assert everything_wrong(sample) == []
    sample.get_by_role("button", name="Save").click()
    expect(sample.locator(".govuk-tag")).to_have_text("Returned")
    expect(sample.get_by_text("He said “Dan”").first).to_be_visible()
    assert store.notes.get(note.id).state == "returned"


def test_what_was_said_is_followed_and_the_sound_is_drawn(
    page: Page, store: Store, recording: Recording
) -> None:
    drawn = struct.pack("<I", SECONDS * 1000) + bytes(range(10, 90))
    sealed = store.recordings.seal(recording.scope, [drawn])
    details = CopyDetails.of(sealed, "application/octet-stream", 84, 1)
    expect(page.locator(".app-wave")).to_be_hidden()  # there is none yet, and nothing is missing
    now = store.recordings.get(recording.id)
    store.makings.keep(now, [New(PEAKS, 1, sealed, details)])
    page.reload()
    wave, box = page.locator(".app-wave"), page.locator("[data-beside] details")
    expect(wave).to_be_visible()
    expect(wave).to_contain_text("0:00 of 0:08")
    assert page.evaluate(COLOURS_DRAWN) > 2
    expect(box).not_to_have_attribute("open", "")
    sentence(page, "s2").locator(".app-play").click()
    expect(box).to_have_attribute("open", "")
    line = page.locator(".app-transcript li").nth(1)
    expect(line).to_have_attribute("aria-current", "true", timeout=PATIENCE)
    expect(page.locator(".app-word--now")).to_have_text(re.compile("|".join(SAID)))
    expect(sentence(page, "s2").locator(".app-play")).to_contain_text("Play", timeout=PATIENCE)
    # A press on a word plays from there; one on the picture goes there.
    player = page.locator("audio")
    line.locator(".app-word", has_text="sister").click()
    expect(player).to_have_js_property("paused", value=False)
    at = (1000 + 400 * SAID.index("sister")) / 1000
    assert at - 0.1 <= player.evaluate("player => player.currentTime") < SECONDS
    player.evaluate("player => player.pause()")
    size = page.locator("canvas").bounding_box()
    assert size is not None
    page.locator("canvas").click(position={"x": size["width"] / 4, "y": 10})
    assert abs(player.evaluate("player => player.currentTime") - SECONDS / 4) < 0.1
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


COLOURS_DRAWN = """() => {
  const canvas = document.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
"""How many colours stand on the picture of the sound."""


def sentence(page: Page, key: str) -> Locator:
    return page.locator(f"#s-{key}")


def test_a_supervisor_hears_what_speaks_of_harm_and_then_approves(
    page: Page, store: Store, note: Note
) -> None:
    expect(page.get_by_text("Listen first")).to_have_count(2)
    expect(page.get_by_role("button", name="Approve")).to_be_hidden()
    expect(page.get_by_role("button", name="I have listened")).to_have_count(0)
    player = page.locator("audio")
    # With its sound off, or cut short, nothing was heard.
    player.evaluate("player => { player.muted = true; }")
    play = sentence(page, "s3").locator(".app-play")
    play.click()
    expect(play).to_contain_text("Stop")
    expect(play).to_contain_text("Play", timeout=PATIENCE)
    player.evaluate("player => { player.muted = false; }")
    long = sentence(page, "s2").locator(".app-play")
    long.click()
    expect(long).to_contain_text("Stop")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1.2")
    long.click()
    expect(page.get_by_text("Listen first")).to_have_count(2)
    # One by its button, the other in the player itself.
    play.click()
    expect(sentence(page, "s3")).to_contain_text("You listened", timeout=PATIENCE)
    player.evaluate("player => { player.currentTime = 0.8; return player.play(); }")
    expect(sentence(page, "s2")).to_contain_text("You listened", timeout=PATIENCE)
    expect(page.get_by_text("Listen first")).to_have_count(0)
    page.get_by_role("button", name="Approve this version").click()
    expect(page.locator(".govuk-tag")).to_have_text("Approved")
    assert store.notes.get(note.id).state == "approved"


def test_of_a_part_of_a_supervision_its_own_sentences_are_heard_and_it_is_approved(
    chromium: Browser,
    store: Store,
    practitioner: Member,
    supervisor: Member,
    case: Case,
    arrival: Arrival,
) -> None:
    part, recording = parted(store, practitioner, case, arrival)
    with opened(chromium, store, supervisor, f"/notes/{part.id}") as page:
        assert recording.id not in page.content()
        assert everything_wrong(page) == []
        expect(page.get_by_text("Listen first")).to_have_count(1)
        expect(page.get_by_role("button", name="Approve")).to_be_hidden()
        sentence(page, "s0").locator(".app-play").click()
        expect(sentence(page, "s0").locator(".app-play")).to_contain_text("Play", timeout=PATIENCE)
        sentence(page, "s1").locator(".app-play").click()
        expect(sentence(page, "s1")).to_contain_text("You listened", timeout=PATIENCE)
        page.get_by_role("button", name="Approve this version").click()
        expect(page.locator(".govuk-tag")).to_have_text("Approved")
