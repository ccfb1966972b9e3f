"""The note page by its own keys, in a real browser, and with those of one letter switched off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from recorder.codec import decode_draft
from recorder.review.web.app import create_app
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.records import Arrival
from store.store import Store
from tests.e2e.test_keyboard import drafted
from tests.integration.web.served import Server

WAIT = 60_000  # ms: the machine may be busy
PLAYS = "() => !document.querySelector('[data-player] audio').paused"
AT = "() => document.querySelector('[data-player] audio').currentTime"
SEEK = "(at) => { document.querySelector('[data-player] audio').currentTime = at; }"


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member, arrival: Arrival) -> Note:
    return drafted(store, case, practitioner, arrival)


@pytest.fixture
def page(store: Store, chromium: Browser, practitioner: Member) -> Iterator[Page]:
    server = Server(create_app(store, team="Evolve", timezone="Europe/London"))
    address = f"http://127.0.0.1:{server.port}"
    context = chromium.new_context(base_url=address, viewport={"width": 320, "height": 640})
    context.set_default_timeout(WAIT)
    token = store.access.begin(practitioner.id, 10**7)
    context.add_cookies([{"name": "session", "value": token, "url": address}])
    yield context.new_page()
    context.close()
    server.stop()


def test_everything_on_the_note_page_has_a_key(page: Page, store: Store, note: Note) -> None:
    page.goto(f"/notes/{note.id}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys on this page")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Escape")

    for key, focused in (("n", "s0"), ("n", "s1"), ("p", "s0"), ("p", "s0"), ("n", "s1")):
        page.keyboard.press(key)
        expect(page.locator(f"#s-{focused}")).to_be_focused()
    page.keyboard.press("l")
    page.wait_for_function(f"() => ({PLAYS})() && ({AT})() >= 1")
    page.keyboard.press("l")
    page.wait_for_function(f"() => !({PLAYS})()")
    page.evaluate(SEEK, 3.5)
    page.keyboard.press("b")
    assert page.evaluate(AT) == pytest.approx(0.5)
    page.keyboard.press("k")
    page.wait_for_function(PLAYS)
    page.keyboard.press("k")
    page.wait_for_function(f"() => !({PLAYS})()")

    page.keyboard.press("e")
    box = page.get_by_role("textbox", name="The sentence")
    expect(box).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("He banked a cake?")  # every letter of it is a key of the page, too
    expect(box).to_have_value("He banked a cake?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"#s-s1$"))
    newest = store.notes.get(note.id)
    draft = decode_draft(store.notes.version(note.id, newest.number).payload)
    assert [each.text for each in draft.statements][1] == "He banked a cake?"


def test_a_note_is_handed_in_only_after_a_question(page: Page, store: Store, note: Note) -> None:
    page.goto(f"/notes/{note.id}")
    asked = page.get_by_role("dialog", name="Submit to a supervisor?")
    for _ in range(2):
        page.keyboard.press("a")
        expect(asked).to_be_visible()
        page.keyboard.press("Enter")  # the answer that stands first is no
        expect(asked).to_be_hidden()
    assert store.notes.get(note.id).state == "draft"
    page.keyboard.press("a")
    asked.get_by_role("button", name="Yes").click()
    expect(page.locator(".govuk-tag")).to_have_text("With a supervisor")


def test_single_letters_can_be_switched_off_and_on_again(page: Page, note: Note) -> None:
    page.goto("/keys")
    page.get_by_role("button", name="Switch single letters off").click()
    page.goto(f"/notes/{note.id}")
    for key in "nea?":
        page.keyboard.press(key)
    expect(page.locator(":focus")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("textbox", name="The sentence")).to_have_count(0)
    page.goto("/keys")
    page.get_by_role("button", name="Switch single letters on").click()
    page.goto(f"/notes/{note.id}")
    page.keyboard.press("n")
    expect(page.locator("#s-s0")).to_be_focused()
