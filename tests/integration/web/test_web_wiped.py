"""Their maker is told what to wipe from card and phone, once it is sealed, until they say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.testclient import TestClient

from store.captures import WIPED
from store.records import Arrival
from store.store import Store


def test_what_is_sealed_is_to_be_wiped_where_it_was_made_until_that_is_said(
    amara: TestClient,
    ruth: TestClient,
    store: Store,
    arrival: Arrival,
    form: Callable[..., dict[str, str]],
) -> None:
    names = ("GX010034.MP4", "memo.m4a", "voice-note-2026-11-01-101010.webm")
    made = []
    for number, name in enumerate(names):
        sealed = store.recordings.seal(arrival.scope, [name.encode() + bytes(number)])
        made.append(store.recordings.register(sealed, replace(arrival, name=name))[0].id)
    page = amara.get("/work").text
    assert "You can wipe these now" in page
    assert "On the camera’s card: 1 file" in page
    assert "On the phone or device: 1 file" in page
    assert made[2] not in page.partition("You can wipe")[2].partition("</section>")[0]
    assert "You can wipe these now" not in ruth.get("/work").text
    ruth.post("/work/wiped", data=form(ruth, recording=made[0]))
    assert "On the camera’s card: 1 file" in amara.get("/work").text
    answer = amara.post("/work/wiped", data=form(amara, recording=made[0]))
    assert answer.status_code == 303
    page = amara.get("/work").text
    assert "camera’s card" not in page
    assert "On the phone or device: 1 file" in page
    said = [event for event in store.audit.events() if event.action == WIPED]
    assert [event.object for event in said] == [made[0]]
