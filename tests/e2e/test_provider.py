"""Signing in by a real provider, in a real browser: there, back, and out again."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from recorder.review.web.app import create_app
from recorder.signin.provider import Agreed, Provider
from store.people import Member
from store.store import Store
from tests.e2e.looks import everything_wrong
from tests.integration.web.served import Server
from tests.programs import TOOLS, installed, running

NAME = "your council account"


@pytest.fixture
def provider() -> Iterator[Provider]:
    """What is agreed with a provider that is new every time, and knows everybody by what they type."""
    argv = ["node", str(TOOLS / "oidc-provider" / "server.mjs"), str(installed("oidc-provider"))]
    with running(argv, r"listens on (http://127\.0\.0\.1:\d+)") as issuer:
        yield Provider(Agreed(NAME, issuer, "", "", ""))


@pytest.fixture
def server(store: Store, provider: Provider) -> Iterator[Server]:
    app: FastAPI = create_app(
        store, team="Evolve", timezone="Europe/London", provider=provider, by_account=True
    )
    found = Server(app)
    # Another site than the provider's, as in a council: cookies of ours do not travel with its answers.
    ours = f"http://localhost:{found.port}"
    back, home = f"{ours}/sign-in/provider/back", f"{ours}/sign-in"
    agreed = _registered(provider.agreed.issuer, back, home)
    provider.agreed = replace(
        provider.agreed,
        redirect=back,
        home=home,
        client_id=agreed["client_id"],
        secret=agreed["client_secret"],
    )
    yield found
    found.stop()


def _registered(issuer: str, back: str, home: str) -> dict[str, str]:
    """Who we are there, as it says (OpenID Connect Dynamic Client Registration 1.0)."""
    said = {"redirect_uris": [back], "post_logout_redirect_uris": [home]}
    request = urllib.request.Request(  # noqa: S310 - an address on this machine
        f"{issuer}/reg",
        json.dumps(said).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - likewise
        found: dict[str, str] = json.load(answer)
    return found


@contextmanager
def visiting(chromium: Browser, server: Server, *, scripts: bool = True) -> Iterator[Page]:
    """Somebody's browser. On pages of ours it has nothing to complain of but that they were refused."""
    ours = f"http://localhost:{server.port}"
    context = chromium.new_context(base_url=ours, java_script_enabled=scripts)
    page, seen = context.new_page(), list[ConsoleMessage]()
    page.on("console", lambda said: seen.append(said))  # noqa: PLW0108 - playwright marks it
    yield page
    context.close()
    errors = (each for each in seen if each.type == "error")
    wrong = [each.text for each in errors if each.location["url"].startswith(ours)]
    assert [each for each in wrong if "403 (Forbidden)" not in each] == []


def prove(page: Page, who: str) -> None:
    """On the provider's own pages."""
    page.get_by_placeholder("Enter any login").fill(who)
    page.get_by_placeholder("and password").fill("anything")
    page.get_by_role("button", name=re.compile("sign-in", re.IGNORECASE)).click()
    page.get_by_role("button", name="Continue").click()


def leave(page: Page, by: str) -> None:
    """Sign out there, and come back."""
    page.get_by_role("link", name=by).click()
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url("**/sign-in*")


def test_an_account_is_joined_comes_in_and_goes_out_and_nobody_elses_does(
    chromium: Browser, server: Server, store: Store, practitioner: Member
) -> None:
    link = store.access.new_link(practitioner.id, "test", 60_000)
    with visiting(chromium, server) as page:
        page.goto(f"/sign-in#{link}")
        page.wait_for_url("**/account")
        page.get_by_role("button", name=f"Use {NAME}").click()
        prove(page, "amara-at-the-council")
        page.wait_for_url("**/work")
        page.goto("/account")
        expect(page.get_by_text(f"You sign in with {NAME}")).to_be_visible()
        assert everything_wrong(page) == []
        page.goto("/work")
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.get_by_role("heading", name="You are signed out of Recorder")).to_be_visible()
        assert everything_wrong(page) == []
        leave(page, "Sign out there as well")
        # Whoever comes next on this device is not taken for her, and is not held fast either.
        page.get_by_role("button", name=f"Sign in with {NAME}").click()
        prove(page, "ben-at-the-council")
        expect(page.get_by_text("That account is not known here").first).to_be_visible()
        assert everything_wrong(page) == []
        leave(page, "Sign out of that account")
    with visiting(chromium, server, scripts=False) as page:
        page.goto("/sign-in")
        page.get_by_role("button", name=f"Sign in with {NAME}").click()
        prove(page, "amara-at-the-council")
        page.wait_for_url("**/work")
    actions = [each.action for each in store.audit.events() if each.object == practitioner.id]
    assert actions[-5:] == [
        "provider added",
        "signed out everywhere",
        "signed in",
        "signed out",
        "signed in",
    ]
