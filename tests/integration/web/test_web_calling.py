"""A young person who asks for somebody: told on every page until somebody has seen to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from store.calls import TALK, UNSAFE
from store.cases import Case
from store.errors import NotFoundError
from store.invitations import TRIES
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.integration.web.served import MINUTE

Form = Callable[..., dict[str, str]]
WORDS = "He is <outside>. Please come."


@pytest.fixture
def call(store: Store, case: Case, young_person: Member, shared: Note) -> str:
    return store.young.calls.make(young_person.id, case.id, UNSAFE, WORDS, shared.id)


def test_everybody_of_theirs_is_told_on_every_page_until_one_has_seen_to_it(
    store: Store, amara: TestClient, ruth: TestClient, ben: TestClient, call: str, form: Form
) -> None:
    for where in ("/work", "/cases", "/search", "/keys"):
        for browser in (amara, ruth):
            page = browser.get(where).text
            assert "Jordan does not feel safe" in page, where
            assert page.index("Jordan does not feel safe") < page.index("<main")
        assert "feel safe" not in ben.get(where).text
    page = amara.get("/calls").text
    assert "He is &lt;outside&gt;. Please come." in page
    assert "Jordan" not in page.partition("<title>")[2].partition("</title>")[0]
    where = f"/calls/{call}/seen"
    assert ben.post(where, data=form(ben)).status_code == 404
    assert amara.post(where, data=form(amara)).headers["location"] == "/calls"
    late = ruth.post(where, data=form(ruth))
    assert late.status_code == 409
    assert "Somebody has seen to that already" in late.text
    for browser in (amara, ruth):
        assert "feel safe" not in browser.get("/work").text
    (kept,) = store.young.calls.of(store.young.calls.get(call).case_id)
    assert kept.seen_by is not None


def test_who_does_not_feel_safe_stands_before_who_wants_to_talk(
    store: Store, case: Case, young_person: Member, amara: TestClient
) -> None:
    for kind in (TALK, UNSAFE):
        store.young.calls.make(young_person.id, case.id, kind)
    page = amara.get("/calls").text
    assert page.index("does not feel safe") < page.index("wants to talk to somebody")


def test_what_nobody_has_seen_to_in_time_every_supervisor_is_told_without_a_name(
    store: Store,
    call: str,
    enter: Callable[[Member], TestClient],
    ben: TestClient,
    supervisor: Member,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = store.cases.get(store.young.calls.get(call).case_id)
    store.circles.restrict(case.id, "Their uncle works here.", "test", [supervisor.id])
    other = enter(store.people.add(Member("", "supervisor", "lee", "Lee Hart", None), "test"))
    assert "feel safe" not in other.get("/work").text
    made = store.young.calls.get(call).at
    monkeypatch.setattr("recorder.review.calling.now_ms", lambda: made + 16 * MINUTE)
    for where in ("/work", "/calls"):
        page = other.get(where).text
        assert "A young person does not feel safe" in page
        assert "Amara Cole" in page
        assert "Jordan" not in page
        assert "outside" not in page
        assert "I have seen to it" not in page
    assert "feel safe" not in ben.get("/work").text


def test_a_locked_invitation_is_told_to_the_worker_until_there_is_a_newer_one(
    store: Store,
    case: Case,
    young_person: Member,
    practitioner: Member,
    amara: TestClient,
    ben: TestClient,
) -> None:
    invitations = store.young.invitations
    made = invitations.new(young_person.id, case.id, practitioner.id, 60 * MINUTE)
    wrong = f"{(int(made.pin) + 1) % 10**6:06}"
    for _ in range(TRIES):
        assert "is locked" not in amara.get("/work").text
        with pytest.raises(NotFoundError):
            invitations.enter(made.secret, wrong, MINUTE)
    assert "Jordan’s invitation is locked" in amara.get("/work").text
    assert "is locked" not in ben.get("/work").text
    invitations.new(young_person.id, case.id, practitioner.id, 60 * MINUTE)
    assert "is locked" not in amara.get("/work").text


def test_an_open_page_learns_that_there_is_something_and_nothing_else(
    store: Store,
    case: Case,
    young_person: Member,
    amara: TestClient,
    ben: TestClient,
    stranger: TestClient,
) -> None:
    assert amara.get("/calls/now").json() == {"open": []}
    made = store.young.calls.make(young_person.id, case.id, UNSAFE, WORDS)
    assert amara.get("/calls/now").json() == {"open": [made]}
    assert ben.get("/calls/now").json() == {"open": []}
    store.young.calls.see(made, young_person.id)
    assert amara.get("/calls/now").json() == {"open": []}
    assert stranger.get("/calls/now").status_code == 303
