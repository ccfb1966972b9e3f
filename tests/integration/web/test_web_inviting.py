"""A young person is invited, comes in by a link and a PIN, and leaves nothing behind."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from recorder.review.web import entering
from store.cases import Case
from store.invitations import TRIES
from store.notes import Note
from store.people import Member
from store.store import Store
from templates.tongues import tongues
from tests.integration.web.matrix import browser, routes

Form = Callable[..., dict[str, str]]

# What a message, address or page before the PIN must not tell to who looks over a shoulder.
TELLING = re.compile(
    r"social|council|wandsworth|evolve|case|record|young|worker|safeguard|jordan|amara|summary|care\b",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers take no longer than they must."""
    monkeypatch.setattr(entering, "_ALIKE", 0.0)


def made(answer: Response) -> tuple[str, str]:
    """The secret and the PIN that a page of staff shows."""
    pin = re.search(r"<strong>(\d{3}) (\d{3})</strong>", answer.text)
    secret = re.search(r"/r#([\w-]+)", answer.text)
    assert pin, answer.text
    assert secret, answer.text
    return secret[1], pin[1] + pin[2]


@pytest.fixture
def invited(amara: TestClient, case: Case, form: Form) -> tuple[str, str]:
    where = f"/cases/{case.id}/invite"
    return made(amara.post(where, data=form(amara, lifetime="day")))


def enter(who: TestClient, secret: str, pin: str) -> Response:
    return who.post("/r", data={"secret": secret, "pin": pin})


def test_an_invitation_and_its_numbers_open_their_pages_on_one_device(
    app: FastAPI, stranger: TestClient, invited: tuple[str, str], shared: Note
) -> None:
    secret, pin = invited
    answer = enter(stranger, secret, f"{pin[:3]} {pin[3:]}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/r/before")
    assert "Exit" in stranger.get("/r/before").text
    assert "when we met" in stranger.get("/summary").text
    assert shared.id in stranger.get("/summary").text
    assert stranger.get("/work").status_code == 404
    again = enter(browser(app), secret, pin)
    assert again.status_code == 403


def test_whoever_had_no_way_in_is_given_one_with_the_first_invitation(
    store: Store, amara: TestClient, case: Case, form: Form, stranger: TestClient
) -> None:
    assert store.people.of_case(case.id) is None
    where = f"/cases/{case.id}/invite"
    secret, pin = made(amara.post(where, data=form(amara, lifetime="week")))
    assert enter(stranger, secret, pin).status_code == 303
    young = store.people.of_case(case.id)
    assert young is not None
    assert (young.role, young.name) == ("young_person", case.details.name)
    made(amara.post(where, data=form(amara, lifetime="day")))
    assert store.people.of_case(case.id) == young


@pytest.mark.usefixtures("young_person")
def test_a_code_to_scan_holds_ten_minutes_and_shows_no_message(
    store: Store, amara: TestClient, case: Case, form: Form, young_person: Member
) -> None:
    page = amara.post(f"/cases/{case.id}/invite", data=form(amara, lifetime="here"))
    assert "<svg" in page.text
    assert "/r#" not in page.text
    (stands,) = store.young.invitations.of(young_person.id)
    assert stands.expires_at - stands.at == pytest.approx(600_000, abs=1000)


def test_the_message_and_everything_before_the_numbers_are_neutral(
    amara: TestClient, stranger: TestClient, case: Case, form: Form
) -> None:
    page = amara.post(f"/cases/{case.id}/invite", data=form(amara, lifetime="day")).text
    (message,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert "/r#" in message
    assert not TELLING.search(message)
    for address in ("/r", "/r/done"):
        found = stranger.get(address).text
        shown = re.sub(r"<[^>]+>|\s+", " ", found.partition("<main")[2].partition("</main")[0])
        title = re.search(r"<title>(.*?)</title>", found)
        assert title
        assert not TELLING.search(f"{shown} {title[1]}")


def title_and_icons(answer: Response) -> tuple[str, list[str]]:
    """What a tab, a bookmark and a phone's list of pages show of a page."""
    title = re.search(r"<title>(.*?)</title>", answer.text, re.DOTALL)
    assert title, answer.url
    icons = re.findall(r'<link rel="[^"]*icon[^"]*" href="([^"]+)"', answer.text)
    return html.unescape(title[1]), icons


def theirs(app: FastAPI, note: Note, said_id: str) -> list[str]:
    """Addresses of every page that a young person comes by, and of some that are not there."""
    known = {"note_id": note.id, "said_id": said_id, "number": "1"}
    known |= {"recording_id": "none", "thing_id": "none", "story_id": "none"}
    paths = {path for method, path in routes(app) if method == "GET"}
    own = sorted(each for each in paths if each == "/r" or each.startswith(("/r/", "/summary")))
    assert len(own) > 12
    return [*(each.format(**known) for each in own), "/accessibility", "/visits", "/work", "/none"]


@pytest.mark.parametrize("tongue", ["en", "pl"])
def test_no_title_or_icon_of_theirs_tells_what_it_is(
    app: FastAPI, store: Store, jordan: TestClient, shared: Note, form: Form, tongue: str
) -> None:
    fields = {"text-reply": "It was all right.", "kind": "add"}
    assert jordan.post(f"/summary/{shared.id}/reply", data=form(jordan) | fields).is_redirect
    jordan.post("/summary/view", data=form(jordan, tongue=tongue, size="1"))
    (said_id,) = [each.id for each in store.notes.replies(shared.id)]
    found = [jordan.get(each) for each in theirs(app, shared, said_id)]
    found.append(jordan.post(f"/summary/{shared.id}/reply", data=form(jordan)))  # nothing is said
    found += [jordan.post("/sign-out", data=form(jordan)), jordan.get("/summary")]
    shown = [each for each in found if "<title>" in each.text]
    assert len(shown) > 12
    own = {"en": "My page", "pl": "Moja strona"}[tongue]
    assert sum(title_and_icons(each)[0] == own for each in shown) > 6
    for answer in shown:
        title, icons = title_and_icons(answer)
        assert title, answer.url
        assert not TELLING.search(title), (answer.url, title)
        assert len(icons) == 1, answer.url
        icon = jordan.get(icons[0])
        assert icon.status_code == 200
        assert not re.search("<(text|title|desc|image)", icon.text)
        assert not TELLING.search(icons[0] + icon.text)


@pytest.mark.usefixtures("young_person")
def test_every_link_is_answered_alike_and_looking_uses_none_up(
    app: FastAPI, store: Store, amara: TestClient, case: Case, form: Form, stranger: TestClient
) -> None:
    where = f"/cases/{case.id}/invite"
    used, pin = made(amara.post(where, data=form(amara, lifetime="day")))
    assert enter(stranger, used, pin).status_code == 303
    replaced, _ = made(amara.post(where, data=form(amara, lifetime="day")))
    valid, right = made(amara.post(where, data=form(amara, lifetime="day")))
    scanner = browser(app)
    seen = {scanner.get("/r").content for _ in range(500)}
    seen |= {scanner.get(f"/r?{each}").content for each in (used, replaced, valid, "made-up")}
    assert len(seen) == 1
    assert {scanner.head("/r").status_code for _ in range(500)} == {200}
    young = store.people.of_case(case.id)
    assert young
    assert store.young.invitations.of(young.id)[0].open
    wrong = f"{(int(right) + 1) % 10**6:06}"
    answers = {
        re.sub(r'name="secret" value="[^"]*"', "", answer.text): answer.status_code
        for answer in (
            enter(scanner, used, pin),
            enter(scanner, replaced, right),
            enter(scanner, valid, wrong),
            enter(scanner, "A" * 22, "000000"),
            enter(scanner, "A" * 5000, right),
        )
    }
    assert list(answers.values()) == [403]
    assert enter(scanner, valid, right).status_code == 303


def test_ten_thousand_numbers_from_a_hundred_addresses_are_five_tries(
    app: FastAPI,
    store: Store,
    case: Case,
    invited: tuple[str, str],
    amara: TestClient,
    request: pytest.FixtureRequest,
) -> None:
    secret, pin = invited
    addresses = [
        TestClient(app, base_url="http://127.0.0.1", client=(f"10.0.0.{n}", 50_000))
        for n in range(100)
    ]
    wrong = (f"{number:06}" for number in range(10**6) if f"{number:06}" != pin)
    for count in range(max(1_000, request.config.getoption("--attacks"))):
        assert enter(addresses[count % 100], secret, next(wrong)).status_code == 403
    young = store.people.of_case(case.id)
    assert young
    (stands,) = store.young.invitations.of(young.id)
    assert (stands.tries, stands.ending) == (TRIES, "locked")
    assert enter(addresses[0], secret, pin).status_code == 403
    assert "wrong numbers were typed five times" in amara.get(f"/cases/{case.id}/invite").text
    actions = [event.action for event in store.audit.events()]
    assert actions.count("wrong PIN") == TRIES
    assert actions.count("invitation locked") == 1


@pytest.mark.usefixtures("shared")
def test_cancelling_closes_what_is_open(
    amara: TestClient, case: Case, form: Form, stranger: TestClient, invited: tuple[str, str]
) -> None:
    assert enter(stranger, *invited).status_code == 303
    assert stranger.get("/summary").status_code == 200
    assert amara.post(f"/cases/{case.id}/invite/cancel", data=form(amara)).status_code == 303
    assert stranger.get("/summary").status_code != 200


@pytest.mark.usefixtures("shared")
def test_a_phone_that_is_handed_over_opens_nothing_of_the_workers(
    app: FastAPI, amara: TestClient, case: Case, form: Form
) -> None:
    before = amara.cookies["session"]
    page = amara.post(f"/cases/{case.id}/together", data=form(amara))
    assert page.status_code == 200
    assert "Hand the phone over now" in page.text
    assert "when we met" in amara.get("/summary").text
    for address in ("/work", "/queue", f"/cases/{case.id}", "/account"):
        assert amara.get(address).status_code == 404, address
    old = browser(app)
    old.cookies.set("session", before)
    assert old.get("/work").status_code != 200
    done = amara.post("/sign-out", data=form(amara))
    assert done.headers["location"] == "/r/done"
    assert "give it back" in amara.get("/r/done").text


def test_nobody_invites_whom_they_do_not_see(
    store: Store, ben: TestClient, case: Case, form: Form
) -> None:
    for what in ("invite", "invite/cancel", "together"):
        answer = ben.post(f"/cases/{case.id}/{what}", data=form(ben, lifetime="day"))
        assert answer.status_code == 404, what
    assert ben.get(f"/cases/{case.id}/invite").status_code == 404
    assert store.people.of_case(case.id) is None


def test_how_long_it_holds_has_to_be_chosen(amara: TestClient, case: Case, form: Form) -> None:
    answer = amara.post(f"/cases/{case.id}/invite", data=form(amara))
    assert answer.status_code == 422
    assert "Choose how they get it" in answer.text


POLISH = {"accept-language": "uk, pl-PL;q=0.9, en;q=0.8"}


def test_every_page_is_in_the_language_that_their_browser_asks_for(
    stranger: TestClient, invited: tuple[str, str], form: Form
) -> None:
    stranger.headers |= POLISH
    t = tongues()["pl"]
    assert t("enter_heading") in stranger.get("/r").text
    secret, pin = invited
    assert html.escape(t("enter_refused")) in html.escape(enter(stranger, secret, "1").text)
    assert enter(stranger, secret, pin).status_code == 303
    assert t("before_heading") in stranger.get("/r/before").text
    start = stranger.get("/summary").text
    assert '<html lang="pl"' in start
    assert t("nothing") in start
    gone = stranger.get("/summary/nothing-here")
    assert (gone.status_code, t("error_missing_heading") in gone.text) == (404, True)
    stranger.post("/sign-out", data=form(stranger))
    assert t("done_heading") in stranger.get("/r/done").text
    late = stranger.post("/summary/name", data={"text-name": "Jay"})
    assert (late.status_code, t("error_over_heading") in late.text) == (401, True)
    assert "Jay" in late.text


def test_whoever_asks_for_no_language_of_ours_gets_the_first(stranger: TestClient) -> None:
    for asked in ("", "de", "pl;q=0", "pl;q=x, en", "*"):
        page = stranger.get("/r", headers={"accept-language": asked}).text
        assert '<html lang="en-GB"' in page, asked
