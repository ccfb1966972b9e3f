"""How long it takes from a press on a sentence until it is heard, in Chromium, on this machine.

Usage: python -m benchmarks.playing [--minutes 60] [--times 20]

A sealed recording and a sealed film of that length, each with a note of which sentences stand in their
middle. Every press is made on a page of a browser that has nothing of them yet; then another sentence,
a quarter further on, is pressed on the same page. Measured in the page, from the press to the
player's own `playing` at the sentence; and beside it, without a browser, from a request for a range in the
middle to its first byte. Sound is coded once for a minute and repeated, as is the film.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from recorder.codec import encode
from recorder.media.index import MEDIA_TYPE, index_of, packed
from recorder.review.web.app import create_app, settle
from store.cases import Case, CaseDetails
from store.derived import INDEX, PROXY, New
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.sealing import Sealed
from store.store import Store, create
from tests.integration.web.served import Server
from transcribe.model import Contact, Draft, Origin, Source, Statement

LIFE_MS = 12 * 60 * 60 * 1000
WAIT_MS = 60_000
SPAN_MS = 3000
_FRAGMENTS = "frag_keyframe+empty_moov+default_base_moof"  # as films are made to be looked at
_TONE = ("-f", "lavfi", "-i", "anoisesrc=c=pink:a=0.3:r=44100")
_BARS = ("-f", "lavfi", "-i", "testsrc=size=640x360:rate=25")
_PRESS = """([id, wait]) => new Promise((done, failed) => {
  const player = document.querySelector("[data-player] audio, [data-player] video");
  const button = document.querySelector(`#s-${id} [data-play]`);
  const start = Number(button.dataset.start) / 1000;
  const began = performance.now();
  setTimeout(() => failed(new Error("nothing was heard")), wait);
  const look = () => {
    if (player.seeking || player.currentTime < start - 0.05) return;
    player.removeEventListener("playing", look);
    player.removeEventListener("seeked", look);
    player.removeEventListener("timeupdate", look);
    done(performance.now() - began);
  };
  for (const name of ["playing", "seeked", "timeupdate"]) player.addEventListener(name, look);
  button.click();
})"""
"""Presses a sentence's button; ms until the player plays there."""


class Took(NamedTuple):
    """Milliseconds by the clock, and of this process's processor, which is the server's."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Desk:
    """A home with two notes, and its pages behind a server."""

    store: Store
    port: int
    token: str
    notes: dict[str, tuple[str, str]]  # by what it is: the note's id, and where its bytes are


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--minutes", type=int, default=60)
    reader.add_argument("--times", type=int, default=20)
    asked = reader.parse_args()
    print(f"load at the start: {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors")
    with desk(asked.minutes) as found, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
        )
        for name, (note, path) in found.notes.items():
            presses = [pressed(browser, found, note) for _ in range(asked.times)]
            for number, what in enumerate(("first press", "another sentence")):
                said(f"{name}, {what}", [each[number] for each in presses])
            said(f"{name}, first byte", [first_byte(found, path) for _ in range(asked.times)])
        browser.close()


def said(what: str, times: Sequence[Took]) -> None:
    """Percentiles of times in ms, and how long the server was at it."""
    ordered = sorted(each.wall for each in times)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    served = sorted(each.processor for each in times)[len(times) // 2]
    print(
        f"{what}: median {middle:.0f} ms, 95 of 100 {late:.0f} ms, slowest {ordered[-1]:.0f} ms; "
        f"processor {served:.0f} ms",
        flush=True,
    )


def pressed(browser: Browser, found: Desk, note: str) -> tuple[Took, Took]:
    """From a press to sound, of a browser that knows nothing yet; and of the next press."""
    address = f"http://127.0.0.1:{found.port}"
    context = browser.new_context()
    context.add_cookies([{"name": "session", "value": found.token, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/notes/{note}")
    page.wait_for_load_state("networkidle")
    took = []
    for statement in ("s1", "s2"):
        before = time.process_time()
        wall = float(page.evaluate(_PRESS, [statement, WAIT_MS]))
        took.append(Took(wall, (time.process_time() - before) * 1000))
    context.close()
    return took[0], took[1]


def first_byte(found: Desk, path: str) -> Took:
    """From a request for the middle of a recording to its first byte."""
    line = http.client.HTTPConnection("127.0.0.1", found.port)
    headers = {"Cookie": f"session={found.token}", "Range": "bytes=0-0"}
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    size = int(answer.headers["Content-Range"].rpartition("/")[2])
    answer.read()
    began, before = time.perf_counter(), time.process_time()
    line.request("GET", path, headers=headers | {"Range": f"bytes={size // 2}-"})
    answer = line.getresponse()
    answer.read(1)
    wall, processor = time.perf_counter() - began, time.process_time() - before
    line.close()
    return Took(wall * 1000, processor * 1000)


@contextmanager
def desk(minutes: int) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store = create(f"sqlite:///{home / 'recorder.db'}", home / "vault", home / "keys")
        ruth = store.people.add(Member("", "supervisor", "ruth", "Ruth", None), "bench")
        case = store.cases.add(CaseDetails("EV-1", "Jordan"), ruth.id, "bench")
        notes = {
            "sound": _note(store, case, _recording(store, case, home, minutes, "audio")),
            "film": _note(store, case, _recording(store, case, home, minutes, "video")),
        }
        app = create_app(store, team="Evolve", timezone="Europe/London")
        settle(app)
        server = Server(app)
        try:
            yield Desk(store, server.port, store.access.begin(ruth.id, LIFE_MS), notes)
        finally:
            server.stop()
            store.close()


def _note(store: Store, case: Case, found: Recording) -> tuple[str, str]:
    """A note of two sentences: in the recording's middle, and at three quarters."""
    length = found.length_ms or 0
    spans = [Source(found.id, at, at + SPAN_MS) for at in (length // 2, length * 3 // 4)]
    statements = tuple(
        Statement(f"s{number}", "purpose", "We met.", Origin.MACHINE, None, (span,))
        for number, span in enumerate(spans, start=1)
    )
    new = Note("", case.id, case.id, case.practitioner_id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        payload = encode(Draft("case_note", Contact(), statements))
        note_id = store.notes.create(connection, new, payload, None)
        store.recordings.advance(connection, found, DRAFTED, note_id=note_id)
    kind = "film" if found.kind == "video" else "media"
    return note_id, f"/recordings/{found.id}/{kind}"


def _recording(store: Store, case: Case, folder: Path, minutes: int, kind: str) -> Recording:
    path = _coded(folder, minutes, kind)
    media_type = "mp4" if kind == "video" else "m4a"
    arrival = Arrival(case.id, case.id, case.practitioner_id, media_type, kind, "x", 1000, "file")
    found, _ = store.recordings.register(store.recordings.seal(case.id, _blocks(path)), arrival)
    with store.database.write() as connection:
        store.recordings.advance(connection, found, DRAFTED, length_ms=minutes * 60_000)
    found = store.recordings.get(found.id)
    if kind == "video":
        sealed = store.recordings.seal(case.id, _blocks(path))
        details = CopyDetails.of(sealed, "video/mp4", 1280, 720)
        store.makings.keep(found, [New(PROXY, 1, sealed, details), *_indexed(store, found, sealed)])
    print(f"{kind}: {path.stat().st_size / 1e6:.0f} MB, {minutes} minutes")
    path.unlink()
    return found


def _indexed(store: Store, found: Recording, sealed: Sealed) -> list[New]:
    """What is kept with a film when it is made, to find its middle by."""
    made = index_of(store.makings.reader(found, sealed))
    if made is None:
        return []
    kept = store.recordings.seal(found.scope, [packed(made)])
    return [New(INDEX, 1, kept, CopyDetails.of(kept, MEDIA_TYPE, 1, 1))]


def _coded(folder: Path, minutes: int, kind: str) -> Path:
    """A minute, coded, and repeated: sound as phones record it, a film as it is made to be looked at."""
    minute, whole = folder / f"minute-{kind}.mp4", folder / f"whole-{kind}.mp4"
    sound = ("-c:a", "aac", "-b:a", "64k")
    coded: tuple[str, ...] = (*_TONE, *sound)
    how: tuple[str, ...] = ()
    if kind == "video":
        picture = ("-c:v", "libx264", "-preset", "ultrafast", "-b:v", "1M", "-g", "50")
        coded, how = (*_BARS, *_TONE, *picture, *sound), ("-movflags", _FRAGMENTS)
    _ffmpeg(*coded, "-t", "60", str(minute))
    _ffmpeg("-stream_loop", str(minutes - 1), "-i", str(minute), "-c", "copy", *how, str(whole))
    minute.unlink()
    return whole


def _ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *words], check=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(1024 * 1024):
            yield block


if __name__ == "__main__":
    main()
