"""Making an account at the first visit, and coming in by it: as browsers do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.review.web.app import create_app
from store.people import Member
from store.session import now_ms
from store.store import Store
from tests.integration.web.conftest import ADDRESS

Form = Callable[..., dict[str, str]]
GOOD = "copper lantern thursday"


@pytest.fixture
def app(store: Store) -> FastAPI:
    return create_app(store, team="Evolve", timezone="Europe/London", by_account=True)


def secret_on(page: str) -> str:
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)
    assert found
    return found.group(1)


def app_says(secret: str) -> str:
    return pyotp.TOTP(secret).now()


@pytest.fixture
def secret(amara: TestClient, form: Form) -> str:
    """Of the account that she has made."""
    page = amara.get("/account/password").text
    assert "<svg" in page  # and not its source, escaped
    made = secret_on(page)
    answer = amara.post(
        "/account/password",
        data=form(amara, password=GOOD, again=GOOD, secret=made, digits=app_says(made)),
    )
    assert answer.status_code == 200
    assert len(re.findall(r"<code>[\w-]{14}</code>", answer.text)) == 8
    return made


def test_a_newcomer_makes_an_account_before_anything_else(amara: TestClient) -> None:
    for page in ("/work", "/search", "/arrived"):
        answer = amara.get(page)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "Welcome" in amara.get("/account").text


def test_with_an_account_her_pages_are_there_and_her_link_is_not(
    amara: TestClient, stranger: TestClient, store: Store, practitioner: Member, secret: str
) -> None:
    assert secret
    assert amara.get("/work").status_code == 200
    link = store.access.new_link(practitioner.id, "test", 60_000)
    answer = stranger.post("/sign-in", data={"code": link})
    assert answer.status_code == 403
    assert "you may have an account already" in answer.text


def test_whoever_else_opened_her_link_is_out_once_she_has_an_account(
    app: FastAPI, store: Store, practitioner: Member, form: Form
) -> None:
    link = store.access.new_link(practitioner.id, "test", 60_000)
    thief, hers = (TestClient(app, base_url=ADDRESS, follow_redirects=False) for _ in range(2))
    for browser in (thief, hers):
        assert browser.post("/sign-in", data={"code": link}).status_code == 303
    made = secret_on(hers.get("/account/password").text)
    sent = form(hers, password=GOOD, again=GOOD, secret=made, digits=app_says(made))
    assert hers.post("/account/password", data=sent).status_code == 200
    assert hers.get("/work").status_code == 200
    assert thief.get("/work").headers["location"] == "/sign-in"


def test_name_password_and_code_let_her_in(
    stranger: TestClient, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = now_ms() + 60_000  # the code of this half minute was used to make the account
    monkeypatch.setattr("recorder.signin.accounts.now_ms", lambda: later)
    sent = {"name": "Amara", "password": GOOD, "digits": pyotp.TOTP(secret).at(later // 1000)}
    answer = stranger.post("/sign-in/account", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "/work")
    assert stranger.get("/work").status_code == 200


def test_what_does_not_hold_keeps_the_name_and_nothing_else(
    stranger: TestClient, secret: str
) -> None:
    sent = {"name": "amara", "password": "wrong " + GOOD, "digits": app_says(secret)}
    answer = stranger.post("/sign-in/account", data=sent)
    assert answer.status_code == 403
    assert 'value="amara"' in answer.text
    assert GOOD not in answer.text


def test_young_people_have_no_account(jordan: TestClient) -> None:
    assert jordan.get("/summary").status_code == 200
    assert jordan.get("/account").status_code == 404


@pytest.mark.usefixtures("secret")
def test_how_she_signs_in_is_changed_only_in_the_first_minutes(
    amara: TestClient, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.review.web.session._FRESH", 0)
    assert "sign out and sign in again" in amara.get("/account").text
    assert amara.get("/account/password").status_code == 403
    for path in ("/account/password", "/account/passkeys", "/account/passkeys/ask"):
        assert amara.post(path, data=form(amara)).status_code == 403


@pytest.mark.usefixtures("secret")
def test_signing_out_everywhere_leaves_her_here_only(
    amara: TestClient, form: Form, app: FastAPI, store: Store, practitioner: Member
) -> None:
    elsewhere = TestClient(app, base_url=ADDRESS, follow_redirects=False)
    elsewhere.cookies.set("session", store.access.begin(practitioner.id, 60_000))
    assert elsewhere.get("/work").status_code == 200
    assert "In 2 places" in amara.get("/account").text
    assert amara.post("/account/everywhere", data=form(amara)).status_code == 303
    assert elsewhere.get("/work").headers["location"] == "/sign-in"
    assert "Only here." in amara.get("/account").text
