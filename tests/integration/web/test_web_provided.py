"""Coming in by an account at an identity provider, as browsers do, and as thieves would."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.review.web.app import create_app
from recorder.review.web.session import STAFF_IDLE, STAFF_LIFE
from recorder.signin.bindings import Bindings
from recorder.signin.provider import Agreed, Provider
from store.people import Member
from store.store import Store
from tests.identity import BACK, CLIENT, HOME, SHARED, SUBJECT, Idp, answer, provider_here
from tests.integration.web.conftest import ADDRESS

Form = Callable[..., dict[str, str]]
DAY = 86_400_000
EMPTY = {"nothing": ""}  # so that it is sent as a form
NAME = "your council account"


@pytest.fixture
def idp() -> Iterator[Idp]:
    with provider_here() as found:
        yield found


def pages(store: Store, idp: Idp, local: list[str] | None = None) -> FastAPI:
    provider = Provider(Agreed(NAME, idp.issuer, CLIENT, BACK, HOME, SHARED))
    return create_app(
        store,
        team="Evolve",
        timezone="Europe/London",
        by_account=True,
        provider=provider,
        local=local,
    )


@pytest.fixture
def app(store: Store, idp: Idp) -> FastAPI:
    return pages(store, idp)


@pytest.fixture
def bindings(store: Store, idp: Idp) -> Bindings:
    return Bindings(store, idp.issuer)


def browser(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


def onward(page: str) -> str:
    """Where a page forwards its browser."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def there(browser: TestClient, idp: Idp) -> dict[str, str]:
    """Somebody presses the button, proves who they are, and is about to come back with this."""
    sent = browser.post("/sign-in/provider", data=EMPTY)
    assert sent.status_code == 200
    return idp.visit(onward(sent.text))


def back(browser: TestClient, query: dict[str, str]) -> tuple[int, str]:
    """They come back: the status, and where it leads on or what is said."""
    answered = browser.get("/sign-in/provider/back", params=query)
    if answered.status_code == 200:
        return 200, onward(answered.text)
    said = re.search(
        r'error-summary.*?<a href="#\w*">([^<]+)|error-summary__body">(.+?)</div',
        answered.text,
        re.DOTALL,
    )
    assert said, answered.text
    return answered.status_code, " ".join(
        re.sub(r"<[^>]+>", " ", said[0].partition(">")[2]).split()
    )


def test_a_button_with_the_providers_name_leads_there_and_back_in_without_a_script(
    stranger: TestClient, idp: Idp, bindings: Bindings, practitioner: Member
) -> None:
    bindings.join(practitioner, SUBJECT, "test")
    assert f"Sign in with {NAME}" in stranger.get("/sign-in").text
    query = there(stranger, idp)
    answered = stranger.get("/sign-in/provider/back", params=query)
    assert onward(answered.text) == "/work"
    assert stranger.get("/work").status_code == 200
    assert "form-action 'self';" in answered.headers["content-security-policy"]
    cookies = answered.headers.get_list("set-cookie")
    assert any(
        c.startswith("session=") and "SameSite=strict" in c and "HttpOnly" in c for c in cookies
    )
    assert any(c.startswith('going=""') for c in cookies)


def test_it_is_the_same_session_as_any_other(
    stranger: TestClient, idp: Idp, bindings: Bindings, practitioner: Member, store: Store
) -> None:
    bindings.join(practitioner, SUBJECT, "test")
    assert back(stranger, there(stranger, idp)) == (200, "/work")
    token = stranger.cookies["session"]
    assert store.access.person(token, STAFF_IDLE) == practitioner.id
    assert store.access.age(token, STAFF_LIFE) < 60_000
    store.access.sign_out_everywhere(practitioner.id, "test")
    assert stranger.get("/work").headers["location"] == "/sign-in"


def test_whoever_is_not_known_is_told_the_same_whatever_the_reason(
    stranger: TestClient,
    idp: Idp,
    bindings: Bindings,
    store: Store,
    supervisor: Member,
) -> None:
    said = {back(stranger, there(stranger, idp))}
    bindings.join(supervisor, SUBJECT, "test")
    store.people.leave(supervisor.id, "test")
    said.add(back(stranger, there(stranger, idp)))
    idp.claims = {"email": "ruth@council.example", "email_verified": True}
    said.add(back(stranger, there(stranger, idp)))
    ((status, sentence),) = said
    assert status == 403
    assert "not known here" in sentence
    assert "session" not in stranger.cookies
    assert SUBJECT not in stranger.get("/sign-in").text


def test_a_way_back_is_good_once_in_one_browser_and_for_minutes(
    app: FastAPI,
    idp: Idp,
    bindings: Bindings,
    practitioner: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bindings.join(practitioner, SUBJECT, "test")
    hers, thiefs = browser(app), browser(app)
    query, kept = there(hers, idp), dict(hers.cookies)
    # In a browser that was not sent, or was sent by another sign-in.
    assert back(thiefs, query)[0] == 403
    there(thiefs, idp)
    assert back(thiefs, query)[0] == 403
    # With a state that is another's, or none. It costs her nothing.
    for state in ("", "x", there(thiefs, idp)["state"], "é"):
        assert back(hers, query | {"state": state})[0] == 403
    idp.visit(onward(browser(app).post("/sign-in/provider", data=EMPTY).text))
    query2 = there(hers, idp)
    assert back(hers, query2) == (200, "/work")
    # Once more, with all that it took.
    again = browser(app)
    again.cookies.update(kept | {"going": hers.cookies.get("going", "") or "x"})
    assert back(again, query2)[0] == 403
    # Too late.
    query, late = there(again, idp), "store.tries.now_ms"
    from store.session import now_ms  # noqa: PLC0415 - the real one, before it is replaced

    monkeypatch.setattr(late, lambda: now_ms() + 11 * 60_000)
    assert back(again, query)[0] == 403


def test_a_replay_with_the_cookie_that_went_with_it_is_refused(
    app: FastAPI, idp: Idp, bindings: Bindings, practitioner: Member
) -> None:
    bindings.join(practitioner, SUBJECT, "test")
    hers, copy = browser(app), browser(app)
    query = there(hers, idp)
    copy.cookies.set("going", hers.cookies["going"])
    assert back(hers, query) == (200, "/work")
    assert back(copy, query)[0] == 403


def test_what_is_said_twice_is_refused(stranger: TestClient, idp: Idp) -> None:
    query = there(stranger, idp)
    twice = f"/sign-in/provider/back?state={query['state']}&code=a&code=b"
    assert stranger.get(twice).status_code == 403
    assert "/token" not in idp.asked


def test_tokens_that_do_not_hold_let_nobody_in_and_show_nothing(
    stranger: TestClient,
    idp: Idp,
    bindings: Bindings,
    practitioner: Member,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, logger="recorder")
    bindings.join(practitioner, SUBJECT, "test")
    for claims in ({"nonce": "x"}, {"aud": "x"}, {"iss": "https://x"}, {"exp": 1}):
        idp.claims = claims
        assert back(stranger, there(stranger, idp))[0] == 403
    idp.claims = {}
    query = there(stranger, idp) | {"error": "<b>bad</b>", "error_description": "Amara Cole"}
    status, said = back(stranger, query)
    assert (status, said[:9]) == (403, "You were ")
    assert {each.reason for each in caplog.records if hasattr(each, "reason")} == {
        *("nonce", "aud", "iss", "expired", "sent_back")
    }
    for secret in (SUBJECT, "Amara", query["state"], "a-code", SHARED):
        assert secret not in caplog.text


def test_a_provider_that_is_down_says_so_and_stops_nothing_else(
    stranger: TestClient, amara: TestClient, idp: Idp
) -> None:
    idp.act["/.well-known/openid-configuration"] = lambda h: answer(h, 503, {})
    answered = stranger.post("/sign-in/provider", data=EMPTY)
    assert answered.status_code == 503
    assert "does not answer just now" in answered.text
    assert amara.get("/account").status_code == 200
    del idp.act["/.well-known/openid-configuration"]
    idp.act["/token"] = lambda h: answer(h, 502, b"<html>")
    assert back(stranger, there(stranger, idp))[0] == 503


def test_too_many_tries_have_to_wait(
    stranger: TestClient, idp: Idp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.review.web.provided._FREE", 2)
    for _ in range(2):
        assert "not known" in back(stranger, there(stranger, idp))[1]
    assert "too many tries" in back(stranger, there(stranger, idp))[1]


# --- joining an account ---------------------------------------------------------------------------


def test_a_newcomer_with_a_link_joins_an_account_and_comes_in_by_it_from_then_on(
    app: FastAPI, amara: TestClient, idp: Idp, form: Form, store: Store, practitioner: Member
) -> None:
    assert amara.get("/work").headers["location"] == "/account"
    assert f"Use {NAME}" in amara.get("/account").text
    elsewhere = browser(app)
    elsewhere.cookies.set("session", store.access.begin(practitioner.id, STAFF_LIFE))
    sent = amara.post("/account/provider", data=form(amara))
    amara.cookies.delete("session")  # no other site's answer brings it along: it is SameSite=Strict
    assert back(amara, idp.visit(onward(sent.text))) == (200, "/work")
    assert f"You sign in with {NAME}" in amara.get("/account").text
    assert elsewhere.get("/account").headers["location"] == "/sign-in"
    link = store.access.new_link(practitioner.id, "test", 60_000)
    other = browser(app)
    assert other.post("/sign-in", data={"code": link}).status_code == 403
    assert back(other, there(other, idp)) == (200, "/work")


@pytest.mark.parametrize("again", [False, True])
def test_a_join_ends_with_the_session_that_it_was_begun_in(
    amara: TestClient, idp: Idp, form: Form, store: Store, practitioner: Member, *, again: bool
) -> None:
    sent = amara.post("/account/provider", data=form(amara))
    query = idp.visit(onward(sent.text))
    store.access.sign_out_everywhere(practitioner.id, "test")
    if again:  # the one who was put out goes on; she herself is in by a new link
        store.access.begin(practitioner.id, STAFF_LIFE)
    assert back(amara, query)[0] == 403
    assert not store.credentials.of(practitioner.id)


def test_what_any_page_can_make_a_browser_ask_for_keeps_nobody_out(
    stranger: TestClient, idp: Idp, bindings: Bindings, practitioner: Member
) -> None:
    bindings.join(practitioner, SUBJECT, "test")
    for _ in range(40):
        answer = stranger.get("/sign-in/provider/back", params={"state": "x"})
        assert answer.status_code == 403
    assert back(stranger, there(stranger, idp)) == (200, "/work")


def test_an_account_is_one_persons_and_a_person_has_one(
    amara: TestClient, ruth: TestClient, idp: Idp, form: Form
) -> None:
    def joins(who: TestClient) -> tuple[int, str]:
        sent = who.post("/account/provider", data=form(who))
        return back(who, idp.visit(onward(sent.text)))

    assert joins(amara) == (200, "/work")
    status, said = joins(ruth)
    assert (status, "joined to somebody else" in said) == (403, True)
    answer = amara.post("/account/provider", data=form(amara))
    assert (answer.status_code, "joined already" in answer.text) == (409, True)


def test_a_way_to_join_is_no_way_to_join_another(
    amara: TestClient, idp: Idp, form: Form, supervisor: Member
) -> None:
    sent = amara.post("/account/provider", data=form(amara))
    kept = amara.cookies["going"].partition(".")[2]
    query = idp.visit(onward(sent.text))
    for who in (supervisor.id, ""):
        amara.cookies.delete("going")
        amara.cookies.set("going", f"{who}.{kept}")
        assert back(amara, query)[0] == 403


def test_joining_takes_a_fresh_session(
    amara: TestClient, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.review.web.session._FRESH", 0)
    assert amara.post("/account/provider", data=form(amara)).status_code == 403


def test_an_address_lets_its_person_in_once_where_that_was_allowed(
    app: FastAPI, idp: Idp, bindings: Bindings, practitioner: Member, supervisor: Member
) -> None:
    bindings.expect(practitioner, "Amara@Council.example", DAY, "test")
    hers = browser(app)
    idp.claims = {"email": "amara@council.example"}  # which nobody verified
    assert back(hers, there(hers, idp))[0] == 403
    idp.claims |= {"email_verified": True}
    assert back(hers, there(hers, idp)) == (200, "/work")
    assert back(hers, there(hers, idp)) == (200, "/work")
    # The address was handed on: another account has it now.
    idp.claims |= {"sub": "a-successor"}
    assert back(browser(app), there(hers, idp))[0] == 403
    assert not bindings.expects_any()
    assert bindings.part(practitioner, "test")
    assert back(hers, there(hers, idp))[0] == 403
    bindings.expect(supervisor, "amara@council.example", -1, "test")  # it is over
    assert back(hers, there(hers, idp))[0] == 403


def test_the_address_is_asked_for_only_while_somebody_is_waited_for(
    stranger: TestClient, bindings: Bindings, practitioner: Member
) -> None:
    def scope() -> str:
        found = re.search(
            r"scope=([\w+]+)", onward(stranger.post("/sign-in/provider", data=EMPTY).text)
        )
        assert found
        return found[1]

    assert scope() == "openid"
    bindings.expect(practitioner, "amara@council.example", DAY, "test")
    assert scope() == "openid+email"


# --- without accounts here ------------------------------------------------------------------------


def test_where_the_provider_is_the_only_way_one_person_keeps_a_key_to_the_back_door(
    store: Store, idp: Idp, practitioner: Member, supervisor: Member, form: Form
) -> None:
    app = pages(store, idp, local=["Ruth"])
    assert "I have a passkey or a password here" in browser(app).get("/sign-in").text
    amara, ruth = browser(app), browser(app)
    for each, person in ((amara, practitioner), (ruth, supervisor)):
        link = store.access.new_link(person.id, "test", 60_000)
        assert each.post("/sign-in", data={"code": link}).status_code == 303
    assert "Passkeys" not in amara.get("/account").text
    assert amara.get("/account/password").status_code == 404
    sent = {"password": "copper lantern thursday", "again": "copper lantern thursday"}
    assert amara.post("/account/password", data=form(amara, **sent)).status_code == 403
    assert amara.post("/account/passkeys", data=form(amara, answer="{}")).status_code == 422
    assert ruth.get("/account/password").status_code == 200


def test_with_nobody_there_who_may_the_forms_are_gone(store: Store, idp: Idp) -> None:
    nobodys = browser(pages(store, idp, local=[]))
    assert "password" not in nobodys.get("/sign-in").text.lower()
    for path in ("/sign-in/account", "/sign-in/passkey", "/sign-in/passkey/ask"):
        assert nobodys.post(path, data=EMPTY).status_code == 404


# --- going out ------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_and_offers_to_sign_out_there(
    stranger: TestClient, idp: Idp, bindings: Bindings, practitioner: Member, form: Form
) -> None:
    bindings.join(practitioner, SUBJECT, "test")
    assert back(stranger, there(stranger, idp)) == (200, "/work")
    answered = stranger.post("/sign-out", data=form(stranger))
    assert answered.status_code == 200
    assert '"cookies"' in answered.headers["clear-site-data"]
    assert (
        f'href="{idp.issuer}/end?client_id={CLIENT}&amp;post_logout_redirect_uri=' in answered.text
    )
    assert stranger.get("/work").headers["location"] == "/sign-in"


def test_without_a_provider_there_is_no_such_door(store: Store) -> None:
    plain = browser(create_app(store, team="Evolve", timezone="Europe/London", by_account=True))
    assert plain.get("/sign-in/provider/back").status_code == 404
    assert plain.post("/sign-in/provider", data=EMPTY).status_code == 404
