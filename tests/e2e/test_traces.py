"""What is left on a shared computer once somebody has signed out of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.responses import HTMLResponse

from recorder.review.web.live import Live
from recorder.review.web.session import STAFF_LIFE
from store.people import Member
from store.store import Store
from tests.e2e.conftest import ARGUMENTS
from tests.e2e.scripted import Scripted
from tests.e2e.test_accessible import addresses, named, pages
from tests.e2e.test_scripts import app_of
from tests.integration.web.served import Server

CANARY = "Wolverhampton-Quokka"
"""In every word of the store, and nowhere else."""

_TYPED = "Budleigh-Salterton-Ibex"
_PAGES = 30
_LOOKS = 2_400  # of 50 ms: the machine may be busy
_KEPT = """async () => ({
  cookies: document.cookie,
  local: Object.keys(localStorage).length,
  session: Object.keys(sessionStorage).length,
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
_NOTHING = {"cookies": "", "local": 0, "session": 0, "caches": 0, "databases": 0, "workers": 0}
_OWN = ("/notes/", "/recordings/", "/cases/", "/work", "/arrived")
_PIECE = slice(9_000, 9_048)  # of a picture


@contextmanager
def computer(chromium: Browser, profile: Path) -> Iterator[BrowserContext]:
    """A browser that keeps what it keeps in a folder, until it is closed."""
    context = chromium.browser_type.launch_persistent_context(
        profile, executable_path=shutil.which("chromium"), args=ARGUMENTS
    )
    yield context
    context.close()


def found_in(profile: Path, needles: Sequence[bytes]) -> list[str]:
    """The files of a profile in which any of these stands."""
    files = [each for each in profile.rglob("*") if each.is_file()]
    assert any(each.name == "History" for each in files), "the browser kept no profile"
    contents = {str(each.relative_to(profile)): each.read_bytes() for each in files}
    return [name for name, kept in contents.items() if any(each in kept for each in needles)]


def needles() -> list[bytes]:
    """What must be nowhere: words as files write them, and a piece of a picture."""
    words = [word for each in (CANARY, _TYPED) for word in (each, each.lower())]
    picture = (resources.files("recorder.sample") / "drawing.jpg").read_bytes()
    encoded = (word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le"))
    return [*encoded, picture[_PIECE]]


def enter(context: BrowserContext, store: Store, server: Server, person: Member) -> Page:
    """A page of somebody who is signed in."""
    where = f"http://127.0.0.1:{server.port}"
    token = store.access.begin(person.id, STAFF_LIFE)
    context.add_cookies([{"name": "session", "value": token, "url": where, "httpOnly": True}])
    page = context.new_page()
    page.goto(f"{where}/")
    return page


def opened(page: Page, where: Sequence[str]) -> int:
    """Open page after page as somebody at work does; how many showed the words of the record."""
    base, shown = page.url.rpartition("/")[0], 0
    for address in where:
        page.goto(f"{base}{address}", wait_until="load")
        shown += CANARY in page.inner_text("body")
    return shown


def typed(page: Page, edit: str, facts: str) -> None:
    """Leave one form as it was typed, and send another."""
    base = page.url.partition("//")[2].partition("/")[0]
    page.goto(f"http://{base}{edit}")
    page.locator("main textarea:visible").first.fill(f"{_TYPED} was said.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"http://{base}{facts}")
    page.fill("#text-place", f"At {_TYPED}")
    with page.expect_navigation():  # it is kept first, and then sent
        page.get_by_role("button", name="Save", exact=True).click()


def goes_back(page: Page) -> list[str]:
    """What the way back shows of the record: nothing."""
    seen = []
    for _ in range(4):
        page.go_back()
        seen.append(page.content())
    return [each for each in seen if CANARY in each or _TYPED in each]


def until_signed_out(page: Page, store: Store, person: Member) -> None:
    """Exit tells the server by a request that outlives the page."""
    for _ in range(_LOOKS):
        if not store.access.open_sessions(person.id):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the session goes on")


def test_nothing_of_the_record_is_left_on_a_computer_after_signing_out(
    chromium: Browser, store: Store, tmp_path: Path
) -> None:
    world, profile = Scripted(store, CANARY), tmp_path / "profile"
    app = app_of(world)
    server = Server(app)
    made = (each for path in pages(app) for each in addresses(path, named(world, "x")))
    where = [each for each in made if each.startswith(_OWN)][:_PAGES]
    try:
        with computer(chromium, profile) as context:
            page = enter(context, store, server, world.practitioner)
            assert opened(page, where) >= _PAGES // 2
            typed(page, f"/notes/{world.note.id}/edit", f"/notes/{world.note.id}/facts")
            assert page.evaluate(_KEPT) == _NOTHING
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_url("**/sign-in")
            assert goes_back(page) == []
            page = enter(context, store, server, world.young_person)
            assert opened(page, ["/summary", f"/summary/{world.shared.id}"]) == 2
            page.get_by_role("link", name="Exit now").click()
            page.wait_for_function("() => location.protocol === 'chrome-error:'")  # no network here
            until_signed_out(page, store, world.young_person)
            assert goes_back(page) == []
    finally:
        server.stop()
    assert found_in(profile, needles()) == []


def reads_and_types(page: Page, where: Sequence[str]) -> None:
    """Every page of a young person's, and words in each that are never sent."""
    base = page.url.partition("//")[2].partition("/")[0]
    titles, fields = set[str](), 0
    for address in where:
        page.goto(f"http://{base}{address}", wait_until="load")
        titles.add(page.title())
        for each in page.locator("main textarea:visible, main input[type=text]:visible").all():
            each.fill(_TYPED)
            fields += 1
    assert fields
    assert not [each for each in titles if CANARY in each]


@pytest.mark.parametrize("way", ["Exit now", "I’m done"])
def test_nothing_a_young_person_read_or_typed_is_left_on_the_phone(
    chromium: Browser, store: Store, tmp_path: Path, way: str
) -> None:
    world, profile = Scripted(store, CANARY), tmp_path / "profile"
    app, who = app_of(world), world.young_person
    server = Server(app)
    names = named(world, "x") | {"note_id": [world.shared.id], "number": ["1", "2"]}
    own = [path for path in pages(app) if path.startswith("/summary")]
    where = [each for path in own for each in addresses(path, names)]
    try:
        with computer(chromium, profile) as context:
            page = enter(context, store, server, who)
            assert opened(page, where) >= len(where) // 2
            reads_and_types(page, where)
            page.goto(f"http://127.0.0.1:{server.port}/summary")
            assert page.evaluate(_KEPT) == _NOTHING
            if way == "Exit now":
                page.get_by_role("link", name=way).click()
                page.wait_for_function("() => location.protocol === 'chrome-error:'")
            else:
                page.get_by_role("button", name=way).click()
                page.wait_for_url("**/r/done")
                assert page.evaluate(_KEPT) == _NOTHING
            until_signed_out(page, store, who)
            assert context.cookies(f"http://127.0.0.1:{server.port}") == []
            assert goes_back(page) == []
    finally:
        server.stop()
    assert found_in(profile, needles()) == []


def test_a_page_that_may_be_kept_is_found_in_the_profile(chromium: Browser, tmp_path: Path) -> None:
    """Or the test above would prove nothing."""
    app, profile = FastAPI(), tmp_path / "profile"
    app.state.live = Live()

    @app.get("/")
    def page() -> HTMLResponse:
        kept = {"cache-control": "max-age=9999"}
        return HTMLResponse(f"<!DOCTYPE html><title>{CANARY}</title><p>{_TYPED}", headers=kept)

    server = Server(app)
    try:
        with computer(chromium, profile) as context:
            context.new_page().goto(f"http://127.0.0.1:{server.port}/")
    finally:
        server.stop()
    assert "Default/History" in found_in(profile, [CANARY.encode()])
    assert any("Cache" in each for each in found_in(profile, [_TYPED.encode()]))
