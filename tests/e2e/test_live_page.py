"""An open page that keeps up with the work, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from recorder.review.web import live
from recorder.review.web.app import create_app
from store.people import Member
from store.records import DRAFTED, Arrival
from store.store import Store
from tests.integration.web.served import Server, begin, hear


@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_shows_what_changes_while_it_is_looked_at(
    width: int,
    chromium: Browser,
    store: Store,
    practitioner: Member,
    arrival: Arrival,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "_LOOK_SECONDS", 0.05)
    voice, _ = store.recordings.register(store.recordings.seal(arrival.scope, [b"x"]), arrival)
    token = store.access.sign_in(store.access.new_link(practitioner.id, "test", 60_000), 10**7)
    server = Server(create_app(store, team="Evolve", timezone="Europe/London"))
    address = f"http://127.0.0.1:{server.port}"
    context = chromium.new_context(viewport={"width": width, "height": 700})
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{address}/work")
    place, news = page.locator("[data-on-the-way]"), page.get_by_text("There is something new.")
    expect(place).to_have_text("Waiting to be opened")
    due = begin(store, voice)
    hear(store, due, 5, monkeypatch)
    expect(place).to_have_text("Being written down: 25 %, about 15 minutes left")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(news).to_be_hidden()
    with store.database.write() as connection:
        store.recordings.advance(connection, due, DRAFTED)
    expect(news).to_be_visible()
    expect(place).to_have_text("Not on its way any more")
    page.get_by_role("link", name="Show it").click()
    expect(place).to_have_count(0)
    server.stop()  # with the page still open
    context.close()
    assert [text for text in complaints if "ERR_" not in text] == []
