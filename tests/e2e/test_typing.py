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
OFFLINE = "Not saved yet: Recorder did not answer"
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


def says(page: Page, words: str | re.Pattern[str]) -> None:
    """The page tells whoever types that it is so."""
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=WAIT)


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
    says(page, KEPT)
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
    says(page, KEPT)
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
    typed(page, note, "Before the power cut.")
    says(page, KEPT)
    serving.kill()
    page.get_by_role("button", name="Save").click()
    says(page, OFFLINE)
    expect(page.locator("#text-s1")).to_have_value("Before the power cut.")
    page.locator("#text-s1").fill("While it was away.")
    serving.start()
    says(page, KEPT)
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
    typed(page, note, "On the train.")
    context.set_offline(True)
    page.locator("#text-s1").fill("In the tunnel.")
    says(page, OFFLINE)
    with page.expect_event("dialog"):
        page.evaluate("location.href = '/work'")
    assert asked == ["beforeunload"]
    context.set_offline(False)
    says(page, KEPT)

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


def test_facts_that_were_typed_outlive_a_reload_and_a_network_that_is_gone(
    chromium: Browser, enter: Callable[..., BrowserContext], note: Note, store: Store
) -> None:
    page = enter(chromium).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    address = f"/notes/{note.id}/facts"
    page.goto(address)
    page.get_by_label("Where").fill("The hub")
    page.get_by_role("group", name="seen alone").get_by_label("Yes").check()
    says(page, KEPT)
    page.reload()
    expect(page.get_by_role("heading", name="You typed this and did not save it")).to_be_visible()
    expect(page.get_by_label("Where")).to_have_value("The hub")
    expect(page.get_by_role("group", name="seen alone").get_by_label("Yes")).to_be_checked()
    page.context.set_offline(True)
    page.get_by_label("Where").fill("The park")
    says(page, OFFLINE)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Where")).to_have_value("The park")
    page.context.set_offline(False)
    says(page, KEPT)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/notes/{note.id}")
    newest = store.notes.get(note.id)
    contact = decode_draft(store.notes.version(note.id, newest.number).payload).contact
    assert (contact.place, contact.seen_alone) == ("The park", True)
    expect(page.get_by_text("did not save")).to_have_count(0)
    assert store.unsaved.of(note.id, newest.practitioner_id) is None
    page.context.close()


def test_whoever_is_signed_out_while_they_type_is_told_what_is_kept_and_finds_it_again(
    chromium: Browser, enter: Callable[..., BrowserContext], note: Note, store: Store
) -> None:
    page = enter(chromium).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    typed(page, note, "Before.")
    says(page, KEPT)
    person = store.notes.get(note.id).practitioner_id
    store.access.sign_out_everywhere(person, "test")
    page.locator("#text-s1").fill("Before. Since.")
    told = re.compile(r"Not kept. You have been signed out. .* until \d\d:\d\d is kept")
    says(page, told)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    expect(page.get_by_label("What you had typed, 1")).to_have_value("Before. Since.")
    again = page.get_by_role("link", name="Sign in again (opens in a new tab)")
    with page.context.expect_page() as opened:
        again.click()
    assert opened.value.url.endswith("/sign-in")
    expect(page.get_by_label("What you had typed, 1")).to_have_value("Before. Since.")
    token = store.access.begin(person, 10**7)
    address = page.url.partition("/notes")[0]
    page.context.add_cookies([{"name": "session", "value": token, "url": address}])
    there_again(opened.value, note, "Before.")
    page.context.close()


def test_what_is_typed_into_a_note_that_is_none_yet_outlives_a_reload_and_a_dead_network(
    chromium: Browser, enter: Callable[..., BrowserContext], case: Case, store: Store
) -> None:
    context = enter(chromium)
    page = context.new_page()
    page.goto("/typed/new?kind=case_note")
    page.on("dialog", lambda dialog: dialog.accept())
    status = page.get_by_role("status")
    page.locator("#text-case").select_option(case.id)
    page.locator("#text-worry").fill("He was cold.")
    expect(status.filter(has_text=KEPT)).to_be_visible(timeout=WAIT)
    page.reload()
    expect(page.get_by_role("heading", name="You typed this and did not save it")).to_be_visible()
    expect(page.locator("#text-worry")).to_have_value("He was cold.")
    expect(page.locator("#text-case")).to_have_value(case.id)
    context.set_offline(True)
    page.locator("#text-worry").fill("He was cold and wet.")
    expect(status.filter(has_text=OFFLINE)).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("#text-worry")).to_have_value("He was cold and wet.")
    context.set_offline(False)
    expect(status.filter(has_text=KEPT)).to_be_visible(timeout=WAIT)
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_url("**/notes/*")
    (made,) = store.notes.all()
    assert "He was cold and wet." in texts(store, made)
    assert store.unsaved.new(made.practitioner_id) == {}
    context.close()


def test_an_attempt_that_is_sent_into_a_network_that_is_gone_stays_on_its_page(
    chromium: Browser, enter: Callable[..., BrowserContext], case: Case, store: Store
) -> None:
    context = enter(chromium)
    page = context.new_page()
    page.goto("/attempts/new")
    page.get_by_label("Young person").select_option(case.id)
    page.get_by_role("radio", name="Visit").check()
    words = page.locator("#text-did")
    words.fill("Knocked twice.")
    page.locator("#text-next").fill("Try again on Monday.")
    context.set_offline(True)
    page.get_by_role("button", name="Save as a draft").click()
    says(page, "Not saved yet")
    expect(words).to_have_value("Knocked twice.")
    context.set_offline(False)
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_url("**/notes/*")
    (made,) = store.notes.all()
    assert (made.kind, made.state) == ("attempted_contact", "draft")
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
    says(page, KEPT)
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
