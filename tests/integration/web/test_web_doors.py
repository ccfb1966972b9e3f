from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.review.web import session
from recorder.review.web.app import create_app
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.session import now_ms
from store.store import Store

Form = Callable[..., dict[str, str]]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the store's clock so many minutes on."""
    start = now_ms()

    def later(minutes: int) -> None:
        monkeypatch.setattr("store.access.now_ms", lambda: start + minutes * 60_000)

    return later


@pytest.mark.parametrize(
    ("role", "home"),
    [("practitioner", "/work"), ("supervisor", "/queue"), ("administrator", "/people")],
)
def test_staff_come_in_by_link_to_their_own_first_page(
    store: Store, stranger: TestClient, role: str, home: str
) -> None:
    member = store.people.add(Member("", role, "x", "X", None), "test")
    code = store.access.new_link(member.id, "test", 60_000)
    answer = stranger.post("/sign-in", data={"code": code})
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    assert stranger.get(home).status_code == 200


def test_a_young_person_comes_in_to_their_summary(jordan: TestClient) -> None:
    assert jordan.get("/").headers["location"] == "/summary"
    assert jordan.get("/summary").status_code == 200


def test_a_whole_link_may_be_pasted(
    store: Store, stranger: TestClient, practitioner: Member
) -> None:
    code = store.access.new_link(practitioner.id, "test", 60_000)
    answer = stranger.post("/sign-in", data={"code": f" http://127.0.0.1/sign-in#{code}\n"})
    assert answer.status_code == 303


def test_looking_at_the_sign_in_page_uses_nothing_up_and_shows_no_name(
    store: Store, stranger: TestClient, practitioner: Member
) -> None:
    code = store.access.new_link(practitioner.id, "test", 60_000)
    pages = {stranger.get(f"/sign-in{tail}").text for tail in ("", f"?{code}", "?made-up")}
    assert len(pages) == 1
    page = pages.pop()
    assert all(word not in page for word in ("Amara", "Evolve", code))
    assert stranger.head("/sign-in").status_code == 200
    assert stranger.post("/sign-in", data={"code": code}).status_code == 303


def test_every_code_that_does_not_hold_is_answered_alike(
    store: Store,
    stranger: TestClient,
    practitioner: Member,
    case: Case,
    young_person: Member,
    at: Callable[[int], None],
) -> None:
    expired = store.access.new_link(practitioner.id, "test", 60_000)
    replaced = store.access.new_link(young_person.id, "test", 600_000_000)
    erased = store.access.new_link(young_person.id, "test", 600_000_000)
    store.erasing.case(case.id, "test")
    at(2)
    codes = [expired, replaced, erased, "made-up", "", "#", "x" * 10_000, "\x00", "é" * 40]
    answers = [stranger.post("/sign-in", data={"code": code}) for code in codes]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    store: Store, stranger: TestClient, practitioner: Member
) -> None:
    code = store.access.new_link(practitioner.id, "test", 60_000)
    cookie = stranger.post("/sign-in", data={"code": code}).headers["set-cookie"]
    name, *rest = (part.strip().lower() for part in cookie.split(";"))
    assert name.startswith("session=")
    assert set(rest) == {"httponly", "path=/", "samesite=strict"}


def test_over_https_the_cookie_is_bound_to_the_host(store: Store, practitioner: Member) -> None:
    app = create_app(store, team="T", timezone="Europe/London", https=True)
    browser = TestClient(app, base_url="https://localhost", follow_redirects=False)
    code = store.access.new_link(practitioner.id, "test", 60_000)
    answer = browser.post("/sign-in", data={"code": code})
    assert answer.headers["set-cookie"].startswith("__Host-session=")
    assert "; Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert browser.get("/work").status_code == 200


def test_signing_out_ends_the_session_and_clears_the_browser(
    jordan: TestClient, form: Form
) -> None:
    token = jordan.cookies["session"]
    answer = jordan.post("/sign-out", data=form(jordan))
    assert answer.headers["location"] == "/r/done"
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "session" not in jordan.cookies
    jordan.cookies.set("session", token)
    assert jordan.get("/summary").headers["location"] == "/sign-in"


@pytest.mark.parametrize(("idle", "inside"), [(59, True), (61, False)])
def test_staff_are_signed_out_after_an_hour_of_nothing(
    amara: TestClient, at: Callable[[int], None], idle: int, *, inside: bool
) -> None:
    at(idle)
    assert (amara.get("/work").status_code == 200) is inside


@pytest.mark.parametrize(("idle", "inside"), [(9, True), (11, False)])
def test_a_young_person_is_signed_out_after_ten_minutes_of_nothing(
    jordan: TestClient, at: Callable[[int], None], idle: int, *, inside: bool
) -> None:
    at(idle)
    assert (jordan.get("/summary").status_code == 200) is inside
    at(idle)  # asking again does not wake it
    assert (jordan.get("/summary").status_code == 200) is inside


def test_a_young_persons_session_ends_after_half_an_hour_of_use(
    jordan: TestClient, at: Callable[[int], None]
) -> None:
    for minute in (8, 16, 24, 29):
        at(minute)
        assert jordan.get("/summary").status_code == 200
    at(31)
    assert jordan.get("/summary").status_code == 303


def test_a_staff_session_ends_after_twelve_hours_of_use(
    amara: TestClient, at: Callable[[int], None]
) -> None:
    for minute in range(45, 12 * 60, 45):
        at(minute)
        assert amara.get("/work").status_code == 200
    at(12 * 60 + 1)
    assert amara.get("/work").status_code == 303


def test_an_erased_young_person_is_signed_out(store: Store, jordan: TestClient, case: Case) -> None:
    store.erasing.case(case.id, "test")
    assert jordan.get("/summary").headers["location"] == "/sign-in"


def test_words_sent_too_late_are_shown_back_and_not_kept(
    stranger: TestClient, app: FastAPI
) -> None:
    assert isinstance(app.state.site, session.Site)
    answer = stranger.post(
        "/notes/x/edit", data={"text-s1": "Typed <too> late", "csrf": "?", "text-s2": " "}
    )
    assert answer.status_code == 401
    assert "Typed &lt;too&gt; late" in answer.text
    assert answer.text.count("<textarea") == 1
    assert 'target="_blank"' in answer.text.partition("Sign in again (opens")[0]
    plain = stranger.post("/notes/x/submit", data={"csrf": "?"})
    assert (plain.status_code, "_blank" in plain.text, "/sign-in" in plain.text) == (
        401,
        False,
        True,
    )


def test_who_has_left_is_signed_out_and_their_case_goes_on(
    amara: TestClient, ben: TestClient, store: Store, note: Note, practitioner: Member
) -> None:
    assert ben.get(f"/notes/{note.id}").status_code == 404
    assert note.case_id is not None
    store.cases.give(note.case_id, store.people.by_handle("ben").id, "test")
    store.people.leave(practitioner.id, "test")
    assert amara.get("/work").headers["location"] == "/sign-in"
    # Not even by a session that another process began at that moment.
    amara.cookies.clear()
    amara.cookies.set("session", store.access.begin(practitioner.id, 60_000))
    assert amara.get("/work").headers["location"] == "/sign-in"
    assert f'action="/notes/{note.id}/submit"' in ben.get(f"/notes/{note.id}").text
