"""A young person who asks for somebody, on a page that is open: said soon, and naming nobody."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from recorder.review.web.app import create_app
from store.calls import UNSAFE
from store.cases import Case
from store.people import Member
from store.store import Store
from tests.e2e.looks import everything_wrong
from tests.e2e.test_scripts import entered
from tests.integration.web.served import Server

SOON_MS = 20_000


def test_an_open_page_says_it_and_names_nobody_until_somebody_looks(
    chromium: Browser, store: Store, case: Case, practitioner: Member, young_person: Member
) -> None:
    server = Server(create_app(store, team="Evolve", timezone="Europe/London"))
    with entered(chromium, store, server.port, practitioner) as watched:
        page = watched.context.new_page()
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto("/keys")
        expect(page.get_by_text("Somebody needs you now.")).to_have_count(0)
        store.young.calls.make(young_person.id, case.id, UNSAFE, "He is outside.")
        expect(page.get_by_text("Somebody needs you now.")).to_be_visible(timeout=SOON_MS)
        assert young_person.name not in page.inner_text("body") + page.title()
        assert everything_wrong(page) == []
        page.get_by_role("link", name="Show who").click()
        assert young_person.name not in page.title()
        heading = page.get_by_role("heading", name=f"{young_person.name} does not feel safe")
        expect(heading).to_be_visible()
        assert everything_wrong(page) == []
        page.get_by_role("button", name="I have seen to it").click()
        expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
        assert watched.seen == []
    server.stop()
    assert store.young.calls.unseen() == []
