"""What an open page is told of work that goes on: by a real server, over real connections."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.review.web import live
from store.errors import NotFoundError
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.store import Store
from tests.integration.web.served import MINUTE, PATIENCE, Server, begin, hear


@pytest.fixture
def server(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(live, "_LOOK_SECONDS", 0.05)
    made = Server(app)
    yield made
    made.stop()


class Telling:
    """An open page's connection."""

    def __init__(self, server: Server, browser: TestClient) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self._connection.request("GET", "/work/progress", headers={"Cookie": cookies})
        self.answer = self._connection.getresponse()
        self.said = b""
        self._now: dict[str, Any] = {}

    def next(self) -> Any:
        """The figures by id after the next news; None when there is no more to come."""
        for line in self.answer:
            if line.startswith(b"data: "):
                self.said = line.removeprefix(b"data: ")
                news = json.loads(self.said)
                assert news.keys() == {"changed", "gone"}
                self._now |= news["changed"]
                for each in news["gone"]:
                    del self._now[each]
                return self._now.copy()
        return None

    def close(self) -> None:
        self.answer.close()
        self._connection.close()


@pytest.fixture
def opened(server: Server) -> Iterator[Callable[[TestClient], Telling]]:
    """Opens the page's connection as somebody who is signed in."""
    made: list[Telling] = []

    def open_as(browser: TestClient) -> Telling:
        made.append(Telling(server, browser))
        return made[-1]

    yield open_as
    for each in made:
        each.close()


def test_the_page_says_how_far_it_is_without_a_script(
    amara: TestClient, voice: Recording, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(store, begin(store, voice), 5, monkeypatch)
    page = amara.get("/work").text
    assert "Being written down: 25 %, about 15 minutes left" in page
    assert "heard 15:00 of 1:00:00" in page


def test_an_open_page_is_told_what_changes_and_nothing_but_figures(
    opened: Callable[[TestClient], Telling],
    amara: TestClient,
    voice: Recording,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    telling = opened(amara)
    assert telling.answer.status == 200
    assert telling.answer.headers["content-type"].startswith("text/event-stream")
    assert telling.answer.headers["cache-control"] == "no-store"
    waiting = {"state": "received", "percent": None, "left_minutes": None}
    assert telling.next() == {voice.id: waiting}
    due = begin(store, voice)
    assert telling.next() == {voice.id: waiting | {"state": "probed", "percent": 0}}
    hear(store, due, 2, monkeypatch)
    heard = {"state": "probed", "percent": 10, "left_minutes": 18}
    while (told := telling.next()) != {voice.id: heard}:
        assert told[voice.id].keys() == waiting.keys()
    with store.database.write() as connection:
        store.recordings.advance(connection, due, DRAFTED)
    assert telling.next() == {}


def test_only_what_has_changed_is_told_again(
    opened: Callable[[TestClient], Telling],
    amara: TestClient,
    voice: Recording,
    store: Store,
    arrival: Arrival,
) -> None:
    sealed = store.recordings.seal(arrival.scope, [b"another"])
    other, _ = store.recordings.register(sealed, arrival)
    telling = opened(amara)
    assert telling.next().keys() == {voice.id, other.id}
    begin(store, voice)
    assert telling.next().keys() == {voice.id, other.id}
    assert other.id.encode() not in telling.said


def test_everybody_is_told_only_what_they_may_see(
    opened: Callable[[TestClient], Telling],
    ruth: TestClient,
    ben: TestClient,
    voice: Recording,
) -> None:
    assert opened(ruth).next().keys() == {voice.id}
    assert opened(ben).next() == {}


def test_nobody_else_is_told_anything(stranger: TestClient, jordan: TestClient) -> None:
    answer = stranger.get("/work/progress")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert jordan.get("/work/progress").status_code == 404


def test_signing_out_ends_what_is_told(
    opened: Callable[[TestClient], Telling], amara: TestClient, form: Callable[..., dict[str, str]]
) -> None:
    telling = opened(amara)
    assert telling.next() == {}
    assert amara.post("/sign-out", data=form(amara)).status_code == 303
    assert telling.next() is None


def test_a_page_that_is_only_left_open_keeps_nobody_signed_in(
    store: Store, practitioner: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = 1_900_000_000_000
    monkeypatch.setattr("store.access.now_ms", lambda: start)
    token = store.access.sign_in(store.access.new_link(practitioner.id, "test", 60_000), 10**9)
    for minute in range(1, 60):
        monkeypatch.setattr("store.access.now_ms", lambda m=minute: start + m * MINUTE)
        assert store.access.person(token, 60 * MINUTE, winds=False) == practitioner.id
    monkeypatch.setattr("store.access.now_ms", lambda: start + 60 * MINUTE)
    with pytest.raises(NotFoundError):
        store.access.person(token, 60 * MINUTE, winds=False)


def test_no_more_pages_are_told_than_the_server_bears(
    opened: Callable[[TestClient], Telling],
    amara: TestClient,
    ruth: TestClient,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "_MOST", 1)
    first = opened(amara)
    assert first.next() == {}
    assert opened(ruth).answer.status == 503
    first.close()
    while server.live.told:
        threading.Event().wait(0.05)
    assert opened(ruth).next() == {}


def test_an_open_page_does_not_keep_the_server_from_ending(app: FastAPI, amara: TestClient) -> None:
    server = Server(app)
    with closing(Telling(server, amara)) as telling:
        assert telling.next() == {}
        server.stop()
        assert telling.next() is None
