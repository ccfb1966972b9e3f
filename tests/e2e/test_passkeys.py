"""Passkeys, by a real browser with a fingerprint reader that always says yes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from recorder.review.web.app import create_app
from store.people import Member
from store.store import Store
from tests.integration.web.served import Server


@pytest.fixture
def app(store: Store) -> FastAPI:
    return create_app(store, team="Evolve", timezone="Europe/London", by_account=True)


@pytest.fixture
def server(app: FastAPI) -> Iterator[Server]:
    running = Server(app)
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """A page of a browser with a fingerprint reader, at a name: passkeys are for names."""
    context = chromium.new_context(base_url=f"http://localhost:{server.port}")
    page = context.new_page()
    bus = context.new_cdp_session(page)
    bus.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    bus.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def test_a_passkey_is_made_at_the_first_visit_and_lets_her_in_from_then_on(
    page: Page, store: Store, practitioner: Member
) -> None:
    link = store.access.new_link(practitioner.id, "test", 60_000)
    page.goto(f"/sign-in#{link}")
    page.wait_for_url("**/account")
    page.get_by_label("What to call it").fill("Work phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Work phone, added").wait_for()
    page.get_by_role("link", name="Back to your work").click()
    page.wait_for_url("**/work")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/work")
    actions = [each.action for each in store.audit.events() if each.object == practitioner.id]
    assert actions[-5:] == [
        "signed in",
        "passkey added",
        "signed out everywhere",
        "signed out",
        "signed in",
    ]
    page.goto("/account")
    page.get_by_role("button", name="Remove the passkey Work phone").click()
    page.get_by_text("This is your only way to sign in").wait_for()


def test_a_passkey_that_nobody_here_made_says_so(page: Page, store: Store) -> None:
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("That did not work").wait_for()
    assert not [each for each in store.audit.events() if each.action == "signed in"]
