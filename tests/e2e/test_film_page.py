"""A film that came in several files is one film on its page, in a real browser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from recorder.codec import encode
from recorder.review.web.app import create_app
from store.captures import Capture, Chapter, Part
from store.derived import PROXY, New
from store.original import CopyDetails
from store.people import Member
from store.records import CHAPTER, DRAFTED, Arrival, Recording
from store.store import Store
from tests.integration.web.served import Server
from transcribe.model import Segment, Transcript

COLOURS = ("red", "green", "blue")
SECONDS = 1
SHOWN = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.drawImage(document.querySelector("video"), 0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}"""
"""The colour that the player shows."""


def _shot(folder: Path, colour: str) -> bytes:
    """A film as they are made to be looked at."""
    path = folder / f"{colour}.mp4"
    picture = ("-f", "lavfi", "-i", f"color=c={colour}:s=160x90:r=10:d={SECONDS}")
    sound = ("-f", "lavfi", "-i", f"sine=frequency=300:duration={SECONDS}")
    coded = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "frag_keyframe")
    subprocess.run(["ffmpeg", "-v", "error", *picture, *sound, *coded, str(path)], check=True)
    return path.read_bytes()


def _file(store: Store, arrival: Arrival, number: int) -> Recording:
    shot = replace(arrival, kind="video", media_type="mp4", name=f"GX0{number}0034.MP4")
    original = store.recordings.seal(shot.scope, [b"the original", bytes([number])])
    found, _ = store.recordings.register(original, shot)
    with store.database.write() as connection:
        start = (number - 1) * SECONDS * 1000
        capture = Capture("the camera", Chapter("GX0034", number, "", None, start))
        store.captures.keep(connection, found, capture)
        store.recordings.advance(connection, found, DRAFTED if number == 1 else CHAPTER)
    return store.recordings.get(found.id)


@pytest.fixture
def files(store: Store, arrival: Arrival, tmp_path: Path) -> list[Recording]:
    """Three files of one film, each of its own colour, and what plays in the place of each."""
    content = [_shot(tmp_path, colour) for colour in COLOURS]
    found = [_file(store, arrival, number) for number in (1, 2, 3)]
    first, said = found[0], Segment(SECONDS * 1000 + 300, 2 * SECONDS * 1000, "In the second.")
    with store.database.write() as connection:
        heard = Transcript("base", "0" * 64, "en", {}, 3 * SECONDS * 1000, (said,))
        store.recordings.keep_transcript(connection, first, encode(heard))
        for each in found[1:]:
            capture = store.captures.of(each.id)
            assert capture is not None
            store.captures.join(connection, Part(each, None, capture), first.id)
    assert {each.id for each in store.makings.due(["video"])} == {each.id for each in found}
    for each, film in zip(found, content, strict=True):
        sealed = store.recordings.seal(each.scope, [film])
        store.makings.keep(
            each, [New(PROXY, 1, sealed, CopyDetails.of(sealed, "video/mp4", 160, 90))]
        )
    return found


@pytest.fixture
def page(chromium: Browser, store: Store, practitioner: Member) -> Iterator[Page]:
    """The browser of somebody who is signed in."""
    token = store.access.sign_in(store.access.new_link(practitioner.id, "test", 60_000), 10**7)
    server = Server(create_app(store, team="Evolve", timezone="Europe/London"))
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    address = f"http://127.0.0.1:{server.port}"
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    made = context.new_page()
    made.goto(address)
    yield made
    context.close()
    server.stop()


def test_its_files_are_played_one_after_another_in_one_player(
    page: Page, files: list[Recording]
) -> None:
    page.goto(f"{page.url.split('/work')[0]}/recordings/{files[1].id}")  # leads to the first
    expect(page.get_by_text("The camera made 3 files of it.")).to_be_visible()
    expect(page.locator("video")).to_have_count(1)
    player, now = page.locator("video"), page.locator("[data-now]")
    expect(player).to_have_attribute("src", f"/recordings/{files[0].id}/film")
    page.get_by_role("link", name=f"Play from 0:0{SECONDS}").click()
    expect(now).to_have_text("File 2 of 3")
    expect(now).to_have_text("File 3 of 3")  # by itself
    expect(player).to_have_attribute("src", f"/recordings/{files[2].id}/film")
    expect(player).to_have_js_property("ended", value=True)
    assert max(range(3), key=page.evaluate(SHOWN).__getitem__) == COLOURS.index("blue")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_press_on_a_sentence_plays_it_and_no_more(page: Page, files: list[Recording]) -> None:
    page.goto(f"{page.url.split('/work')[0]}/recordings/{files[0].id}")
    press = page.locator("[data-play]")
    press.click()
    expect(page.locator("video")).to_have_attribute("src", f"/recordings/{files[1].id}/film")
    expect(press).to_contain_text("Stop")
    expect(press).to_contain_text("Play")
    expect(page.locator("video")).to_have_js_property("paused", value=True)
    assert max(range(3), key=page.evaluate(SHOWN).__getitem__) == COLOURS.index("green")
    expect(page.locator("[data-now]")).to_have_text("File 2 of 3")
