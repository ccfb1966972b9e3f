"""A young person comes in on a phone, leaves at once, and nothing is left on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from recorder.review.web.app import create_app
from recorder.review.web.session import YOUNG_LIFE
from store.errors import NotFoundError
from store.invitations import New
from store.store import Store
from tests.e2e.scripted import Scripted
from tests.integration.web.served import Server

WORDS = "Riverside"
WIDTH = 320
AWAY = "https://www.bbc.co.uk/weather"
DAY = 86_400_000


@pytest.fixture
def world(store: Store) -> Scripted:
    return Scripted(store, WORDS)


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    made = Server(create_app(store, team="Evolve", timezone="Europe/London"))
    yield made
    made.stop()


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{server.port}",
        viewport={"width": WIDTH, "height": 640},
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(60_000)

    def weather(route: Route) -> None:
        route.fulfill(content_type="text/html", body="<title>Weather</title><p>Sunny</p>")

    context.route(f"{AWAY}**", weather)
    yield context
    context.close()


def invited(world: Scripted) -> New:
    return world.store.young.invitations.new(
        world.young_person.id, world.case.id, world.practitioner.id, DAY
    )


def come_in(context: BrowserContext, new: New) -> Page:
    """As far as the first page that is theirs."""
    page = context.new_page()
    page.goto(f"/r#{new.secret}")
    expect(page).to_have_url("/r")  # the secret is out of the address before anything is sent
    page.get_by_label("Six numbers").fill(new.pin)
    page.get_by_role("button", name="Continue").tap()
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible()
    page.get_by_role("button", name="Go on").tap()
    page.wait_for_url("**/summary*")
    expect(page.get_by_text(WORDS).first).to_be_visible()
    return page


def is_over(store: Store, token: str) -> bool:
    try:
        store.access.person(token, DAY, winds=False)
    except NotFoundError:
        return True
    return False


def nothing_is_left(context: BrowserContext, page: Page) -> None:
    assert context.cookies(page.url) == []
    state = context.storage_state(indexed_db=True)
    assert [each for each in state["cookies"] if each.get("name") != ""] == []
    assert state["origins"] == []


@pytest.mark.parametrize("how", ["button", "keys"])
def test_exit_leaves_a_blank_page_a_dead_session_and_nothing_to_go_back_to(
    phone: BrowserContext, world: Scripted, how: str
) -> None:
    page = come_in(phone, invited(world))
    (cookie,) = [each for each in phone.cookies() if each.get("name") == "session"]
    token = cookie.get("value", "")
    assert not is_over(world.store, token)
    if how == "button":
        # In one turn of the script: what was on the page is gone before anything is fetched.
        left = page.evaluate(
            "() => { document.querySelector('[data-exit]').click();"
            " return [document.body.innerText, document.title]; }"
        )
        assert left == ["", ""]
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(f"{AWAY}**")
    page.wait_for_function("document.title === 'Weather'")
    for _ in range(100):
        if is_over(world.store, token):
            break
        page.wait_for_timeout(50)
    assert is_over(world.store, token)
    page.go_back()
    page.wait_for_timeout(300)
    assert WORDS not in page.content()
    assert page.title() != "My page"
    nothing_is_left(phone, page)


def test_without_a_script_exit_is_a_link_that_tells_nothing_of_where_it_was(
    chromium: Browser, world: Scripted, server: Server
) -> None:
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{server.port}", java_script_enabled=False
    )
    token = world.store.access.begin(world.young_person.id, YOUNG_LIFE)
    context.add_cookies(
        [{"name": "session", "value": token, "url": f"http://127.0.0.1:{server.port}"}]
    )
    page = context.new_page()
    for address in ("/r/before", "/summary"):
        page.goto(address)
        link = page.get_by_role("link", name="Exit now")
        assert link.get_attribute("href") == AWAY
        assert link.get_attribute("rel") == "nofollow noreferrer"
    context.close()


def test_whoever_is_done_leaves_nothing_and_going_back_shows_nothing(
    phone: BrowserContext, world: Scripted
) -> None:
    new = invited(world)
    page = come_in(phone, new)
    page.get_by_role("button", name="I’m done").tap()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    assert new.secret not in page.content()
    for _ in range(4):
        page.go_back()
        page.wait_for_timeout(200)
        shown = page.content()
        assert WORDS not in shown
        assert new.secret not in page.url + shown
    nothing_is_left(phone, page)


def test_reading_on_makes_no_entries_in_the_history(phone: BrowserContext, world: Scripted) -> None:
    page = come_in(phone, invited(world))
    before = page.evaluate("history.length")
    older = page.get_by_role("link", name="The one before this")
    if older.count():
        older.first.tap()
        page.wait_for_load_state()
    page.goto("/summary")
    assert page.evaluate("history.length") <= before + 1


def test_every_page_fits_a_small_phone(phone: BrowserContext, world: Scripted) -> None:
    page = phone.new_page()
    for address in ("/r", "/r#abc", "/r/done"):
        page.goto("about:blank")
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == WIDTH, address
    page = come_in(phone, invited(world))
    page.goto("/r/before")
    assert page.evaluate("document.documentElement.scrollWidth") == WIDTH
