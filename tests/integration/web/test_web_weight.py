"""What the pages weigh on the way: at most 250 kB first, with all that is ours, and 30 kB after.

Recordings and pictures are not counted: they are as large as they are.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from benchmarks.desk import BESIDE, PAGES
from recorder.codec import encode
from recorder.review.web.render import STATIC
from recorder.review.web.security import API
from store.notes import Note
from store.records import DRAFTED, Recording
from store.store import Store
from tests.integration.web.matrix import World, routes
from transcribe.model import Check, Contact, Draft, Origin, Segment, Source, Statement, Transcript

FIRST, AFTER = 250_000, 30_000  # bytes
SENTENCES, LINES = 20, 60  # an ordinary note: of five minutes
SAID = "We went to the park with nan and talked about the tutor and the bus home, number {}."
BROWSERS = {"sec-fetch-site": "same-origin", "accept-encoding": "gzip, deflate, br"}
WHO = ("amara", "ruth", "jordan")
STATES = {"amara": "draft", "ruth": "submitted"}
PICTURES = "/pictures/"


@pytest.fixture(scope="module")
def ordinary(world: World) -> Mapping[str, str]:
    """Ids of an ordinary note that is being written, one that waits, and their recording."""
    ids = world.sides[0].ids
    store, first = world.store, world.store.recordings.get(ids["voice"])
    made = {
        state: _note(store, replace(first, id=ids[recording]), state)
        for state, recording in (("draft", "waiting"), ("submitted", "film"))
    }
    return made | {"recording": ids["waiting"]}


def _note(store: Store, about: Recording, state: str) -> str:
    recording = store.recordings.get(about.id)
    said = tuple(_statement(recording, number) for number in range(SENTENCES))
    lines = tuple(Segment(5_000 * n, 5_000 * n + 4_500, SAID.format(n)) for n in range(LINES))
    heard = Transcript("base", "0" * 64, "en", {}, 300_000, lines)
    case, maker = recording.case_id, recording.practitioner_id
    new = Note("", recording.scope, case, maker, "case_note", state, 0, recording.recorded_at, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(
            connection, new, encode(Draft("case_note", Contact(), said)), None
        )
        store.recordings.keep_transcript(connection, recording, encode(heard))
        store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    return note_id


def _statement(recording: Recording, number: int) -> Statement:
    section = ("purpose", "what_happened", "young_person_words", "worry")[number % 4]
    checks = (Check("unclear", "look", "The machine was not sure of this. Listen to it."),)
    return Statement(
        f"s{number}",
        section,
        SAID.format(number),
        Origin.MACHINE,
        "Amara Cole",
        (Source(recording.id, 5_000 * number, 5_000 * number + 4_500),),
        checks if number % 3 == 0 else (),
    )


def sent(client: TestClient, path: str, token: str) -> tuple[int, str]:
    """Bytes on the way, headers among them, and the page; nothing where there is no such page."""
    headers = BROWSERS | ({"cookie": f"session={token}"} if token else {})
    with client.stream("GET", path, headers=headers) as answer:
        body = b"".join(answer.iter_raw())
        if answer.status_code != 200 or "text/" not in answer.headers["content-type"]:
            return 0, ""
        packed = answer.headers.get("content-encoding") == "gzip"
        page = (gzip.decompress(body) if packed else body).decode()
        return len(body) + sum(len(a) + len(b) + 4 for a, b in answer.headers.items()), page


def paths(world: World, ordinary: Mapping[str, str], who: str) -> list[str]:
    """Every page there is, about an ordinary note; for a young person, those that are theirs."""
    ids = world.sides[0].ids
    named = ids | {"number": "1", "statement_id": "s1"}
    if who != "jordan":
        named |= {"note_id": ordinary[STATES[who]], "recording_id": ordinary["recording"]}
    asked = {path for method, path in routes(world.app) if method == "GET"}
    asked -= {path for path in asked if path.startswith((API, "/static")) or PICTURES in path}
    if who == "jordan":
        asked = {path for path in asked if path.startswith(("/summary", "/visits"))}
    return sorted(path.format(**named) for path in asked)


@pytest.mark.parametrize("who", WHO)
def test_no_page_is_heavier_than_it_may_be(
    world: World, anyone: TestClient, ordinary: Mapping[str, str], who: str
) -> None:
    # A module brings others with it: counted is all that any page of ours could need.
    own = sum(sent(anyone, f"/static/{each.name}", "")[0] for each in STATIC.iterdir())
    assert own > 20_000
    weights = {path: sent(anyone, path, world.tokens[who]) for path in paths(world, ordinary, who)}
    pages = {path: size for path, (size, page) in weights.items() if "<html" in page}
    assert len(pages) > (2 if who == "jordan" else 20)
    assert {path: size for path, size in pages.items() if size > AFTER} == {}
    assert own + max(pages.values()) <= FIRST


def test_an_ordinary_note_has_all_that_it_should_and_is_sent_in_a_third(
    world: World, anyone: TestClient, ordinary: Mapping[str, str]
) -> None:
    for who, state in STATES.items():
        size, page = sent(anyone, f"/notes/{ordinary[state]}", world.tokens[who])
        shown = [n for n in range(SENTENCES) if f'id="s-s{n}"' in page]
        assert len(shown) == SENTENCES
        assert page.count(SAID.format(LINES - 1)) == 1
        assert size < len(page) / 3


@pytest.mark.parametrize("begun", [None, "cross-site", "same-site"])
def test_a_page_that_another_site_asks_for_is_sent_as_it_is(
    world: World, anyone: TestClient, begun: str | None
) -> None:
    headers = BROWSERS | {"cookie": f"session={world.tokens['amara']}"}
    asked = {n: v for n, v in headers.items() if n != "sec-fetch-site"}
    answer = anyone.get("/work", headers=asked | ({"sec-fetch-site": begun} if begun else {}))
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    assert anyone.get("/work", headers=headers).headers["content-encoding"] == "gzip"


def test_the_same_page_is_never_sent_in_the_same_bytes_twice(
    world: World, anyone: TestClient
) -> None:
    headers = BROWSERS | {"cookie": f"session={world.tokens['amara']}"}
    answers = [anyone.get("/work", headers=headers) for _ in range(8)]
    assert len({len(each.headers["x-room"]) for each in answers}) > 1
    tokens = [re.findall(r'name="csrf" value="([^"]+)"', each.text)[0] for each in answers]
    assert len(set(tokens)) == len(answers)
    left = answers[0].text.replace(tokens[0], "")
    assert all(each.text.replace(t, "") == left for each, t in zip(answers, tokens, strict=True))


def test_what_is_no_page_is_never_compressed(world: World, anyone: TestClient) -> None:
    headers = BROWSERS | {"cookie": f"session={world.tokens['amara']}"}
    for path in ("/api/uploads", f"/recordings/{world.sides[0].ids['voice']}/media"):
        answer = anyone.get(path, headers=headers)
        assert answer.status_code in {200, 206}
        assert "content-encoding" not in answer.headers


def test_the_benchmark_knows_how_every_page_is_asked_for(world: World) -> None:
    there = {path for method, path in routes(world.app) if method == "GET"}
    assert there == PAGES.keys() | BESIDE
    assert not PAGES.keys() & BESIDE
