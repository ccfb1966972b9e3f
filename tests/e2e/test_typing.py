"""Nothing that is typed into a note is lost, whatever breaks: in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect

from recorder.codec import decode_draft, encode
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.e2e.conftest import free_port
from tests.e2e.serving import Serving
from transcribe.model import Contact, Draft, Origin, Source, Statement

KEPT = re.compile(r"Kept at \d\d:\d\d")
OFFLINE = "Not saved: no connection"
WAIT = 60_000  # ms: the machine may be busy


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member) -> Note:
    def said(key: str, section: str, text: str) -> Statement:
        source = (Source(typed_by=practitioner.id),)
        return Statement(key, section, text, Origin.PRACTITIONER, "Amara Cole", source)

    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1_762_362_300_000, 0)
    made = Draft(
        "case_note", Contact(), (said("s1", "purpose", "We met."), said("s2", "worry", "Texts."))
    )
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(made), practitioner.id)
    return store.notes.get(note_id)


@pytest.fixture
def serving(url: str, store: Store, tmp_path: Path) -> Iterator[Serving]:
    assert store
    running = Serving(url, tmp_path, free_port())
    yield running
    running.kill()


@pytest.fixture
def enter(store: Store, serving: Serving, practitioner: Member) -> Callable[..., BrowserContext]:
    """Signs the practitioner in, in a context of a browser."""
    token = store.access.begin(practitioner.id, 10**7)

    def entered(browser: Browser, **profile: object) -> BrowserContext:
        context = browser.new_context(base_url=serving.address, **profile)  # type: ignore[arg-type] # as given
        context.set_default_timeout(WAIT)
        context.add_cookies([{"name": "session", "value": token, "url": serving.address}])
        return context

    return entered


def texts(store: Store, note: Note) -> list[str]:
    newest = store.notes.get(note.id)
    draft = decode_draft(store.notes.version(note.id, newest.number).payload)
    return [each.text for each in draft.statements]


def typed(page: Page, note: Note, words: str) -> None:
    """Open the editor, and type words for the first sentence."""
    page.goto(f"/notes/{note.id}/edit")
    page.locator("#text-s1").fill(words)


def there_again(page: Page, note: Note, words: str) -> None:
    page.goto(f"/notes/{note.id}/edit")
    expect(page.locator("#text-s1")).to_have_value(words)
    expect(page.get_by_role("heading", name="You typed this and did not save it")).to_be_visible()


def test_what_was_typed_outlives_a_reload_a_page_left_at_once_and_a_browser_that_is_killed(
    chromium: Browser, enter: Callable[..., BrowserContext], note: Note, store: Store
) -> None:
    page = enter(chromium).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    typed(page, note, "Reloaded.")
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible(timeout=WAIT)
    page.reload()
    there_again(page, note, "Reloaded.")
    page.locator("#text-s1").fill("Left at once.")
    page.goto("/work")
    there_again(page, note, "Left at once.")
    page.context.close()
    mark = f"--recorder-{os.getpid()}"
    doomed = chromium.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", mark]
    )
    page = enter(doomed).new_page()
    typed(page, note, "Killed.")
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible(timeout=WAIT)
    for process in _processes(mark):
        os.kill(process, signal.SIGKILL)
    page = enter(chromium).new_page()
    there_again(page, note, "Killed.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/notes/{note.id}")
    assert texts(store, note) == ["Killed.", "Texts."]
    expect(page.get_by_text("did not save")).to_have_count(0)
    page.context.close()


def test_what_was_typed_outlives_a_server_that_is_killed_and_a_network_that_is_gone(
    chromium: Browser,
    enter: Callable[..., BrowserContext],
    serving: Serving,
    note: Note,
    store: Store,
) -> None:
    page = enter(chromium).new_page()
    status = page.get_by_role("status")
    typed(page, note, "Before the power cut.")
    expect(status.filter(has_text=KEPT)).to_be_visible(timeout=WAIT)
    serving.kill()
    page.get_by_role("button", name="Save").click()
    expect(status.filter(has_text=OFFLINE)).to_be_visible(timeout=WAIT)
    expect(page.locator("#text-s1")).to_have_value("Before the power cut.")
    page.locator("#text-s1").fill("While it was away.")
    serving.start()
    expect(status.filter(has_text=KEPT)).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/notes/{note.id}")
    assert texts(store, note)[0] == "While it was away."
    page.context.close()


def test_what_was_typed_outlives_a_network_that_is_gone_and_a_form_that_is_lost_on_its_way(
    chromium: Browser, enter: Callable[..., BrowserContext], note: Note, store: Store
) -> None:
    context = enter(chromium)
    page, asked = context.new_page(), []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    status = page.get_by_role("status")
    typed(page, note, "On the train.")
    context.set_offline(True)
    page.locator("#text-s1").fill("In the tunnel.")
    expect(status.filter(has_text=OFFLINE)).to_be_visible(timeout=WAIT)
    page.evaluate("location.href = '/work'")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    context.set_offline(False)
    expect(status.filter(has_text=KEPT)).to_be_visible(timeout=WAIT)

    def dropped(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/edit", dropped)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save").click(no_wait_after=True)
    page.unroute("**/edit")
    there_again(page, note, "In the tunnel.")
    assert texts(store, note)[0] == "We met."
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_sentence_is_changed_where_it_stands(
    chromium: Browser,
    enter: Callable[..., BrowserContext],
    note: Note,
    store: Store,
    width: int,
) -> None:
    context = enter(chromium, viewport={"width": width, "height": 700})
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"/notes/{note.id}")
    page.get_by_role("link", name=re.compile("Edit.*We met")).click()
    words = page.get_by_role("textbox", name="The sentence")
    expect(words).to_be_focused()
    expect(words).to_have_value("We met.")
    words.fill("Nonsense.")
    expect(page.get_by_role("status").filter(has_text=KEPT)).to_be_visible(timeout=WAIT)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("We met.", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Edit.*Texts")).click()
    words.fill("He still gets texts.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/notes/{note.id}#s-s2")
    assert texts(store, note) == ["We met.", "He still gets texts."]
    expect(page.get_by_text("did not save")).to_have_count(0)
    assert complaints == []
    context.close()
    plain = enter(chromium, java_script_enabled=False).new_page()
    plain.goto(f"/notes/{note.id}")
    plain.get_by_role("link", name=re.compile("Edit.*We met")).click()
    plain.wait_for_url(f"**/notes/{note.id}/edit#text-s1")
    plain.context.close()


def _processes(mark: str) -> list[int]:
    """The processes that have `mark` in their command line."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            try:
                words = (each / "cmdline").read_bytes()
            except OSError:  # it has ended meanwhile
                continue
            if mark.encode() in words.split(b"\0"):
                found.append(int(each.name))
    assert found
    return found
