"""What the pages refuse, and how: no answer to a mistake repeats what it was about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import update
from starlette.testclient import TestClient

from recorder.errors import MediaError
from recorder.review.web.app import create_app
from recorder.review.web.security import MAX_BODY
from recorder.review.web.session import YOUNG_LIFE
from store.people import YOUNG_PERSON, Member
from store.tables import note_versions
from tests.leaks.conftest import Watch
from tests.leaks.needles import Needles
from tests.leaks.world import MARKED, World

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def app(world: World) -> FastAPI:
    return create_app(world.home.store, team="Team", timezone="Europe/London")


@pytest.fixture
def enter(world: World, app: FastAPI) -> Callable[[Member], TestClient]:
    """Signs somebody in, in a browser of their own."""

    def signed_in(person: Member) -> TestClient:
        browser = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        if person.role == YOUNG_PERSON:
            token = world.home.store.access.begin(person.id, YOUNG_LIFE)
            browser.cookies.set("session", token, domain="127.0.0.1", path="/")
            return browser
        code = world.home.store.access.new_link(person.id, "console", 60_000)
        assert browser.post("/sign-in", data={"code": code}).status_code == 303
        return browser

    return signed_in


@pytest.fixture
def amara(world: World, enter: Callable[[Member], TestClient]) -> TestClient:
    return enter(world.practitioner)


def _form(world: World, browser: TestClient, **fields: str) -> dict[str, str]:
    return {"csrf": world.home.store.access.csrf(browser.cookies["session"])} | fields


def test_pages_that_are_shown_put_nothing_into_addresses_headers_logs_or_files(
    world: World,
    enter: Callable[[Member], TestClient],
    silent: Callable[[], None],
) -> None:
    store, note = world.home.store, world.note
    young = store.people.of_case(world.case.id)
    assert young is not None
    worker, supervisor, child = (enter(p) for p in (world.practitioner, world.supervisor, young))
    looked = _form(world, worker, **{"text-words": world.canaries.word()})
    hits = worker.post("/search", data=looked).headers["location"]
    shown = 0
    for browser, path in (
        (worker, "/work"),
        (worker, f"/notes/{note.id}"),
        (worker, f"/notes/{note.id}/edit"),
        (worker, f"/notes/{note.id}/facts"),
        (worker, f"/recordings/{world.recording.id}"),
        (worker, hits),
        (supervisor, "/queue"),
        (supervisor, "/work"),
        (child, "/summary"),
    ):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert not MARKED.in_text(f"{answer.url} {answer.headers}"), path
        assert not MARKED.in_text(answer.text.partition("</title>")[0]), path
        shown += MARKED.in_text(answer.text)
    assert shown > 5
    silent()


def test_every_refusal_repeats_nothing(
    world: World, amara: TestClient, watch: Watch, silent: Callable[[], None]
) -> None:
    word, note, form = world.canaries.word(), world.note, _form(world, amara)
    large = {"content-length": str(MAX_BODY + 1)} | FORM
    answers = {
        400: amara.get("/work", headers={"host": f"{word}.example"}),
        403: amara.post(f"/notes/{note.id}/edit", data={"csrf": word, "text-s1": "typed"}),
        404: amara.get(f"/notes/{word}?{word}={word}"),
        409: amara.post(f"/notes/{note.id}/submit", data=form | {"number": "7", word: word}),
        413: amara.post(f"/notes/{word}/edit", content=b"", headers=large),
        415: amara.post(f"/notes/{note.id}/edit", json={word: word}),
    }
    assert {status: each.status_code for status, each in answers.items()} == {
        status: status for status in answers
    }
    for status, path in ((404, f"/{word}"), (404, f"/static/{word}"), (404, f"/search/../{word}")):
        answers[status] = amara.get(path)
        assert answers[status].status_code == status
    answers[405] = amara.request("DELETE", f"/notes/{word}")
    assert "typed" in answers[403].text  # into a box: that alone comes back, so that it is not lost
    sent = Needles([word])
    for status, answer in answers.items():
        assert not sent.in_text(f"{answer.headers} {answer.text}"), status
        assert watch.spoken() == [], status
    silent()


def test_a_form_for_somebody_elses_note_is_refused_without_a_word_of_it(
    world: World, enter: Callable[[Member], TestClient], silent: Callable[[], None]
) -> None:
    other = world.home.store.people.all("practitioner")[1]
    browser = enter(other)
    for move in (
        "edit",
        "facts",
        "submit",
        "approve",
        "return",
        "share",
        "unshare",
        "release",
        "risk",
        "assign",
    ):
        fields = {"number": "1", "text-reason": "My own words.", "line": "s1", "case": "x"}
        data = _form(world, browser, **fields)
        answer = browser.post(f"/notes/{world.note.id}/{move}", data=data)
        assert answer.status_code == 404, move
        assert not MARKED.in_text(f"{answer.headers} {answer.text}"), move
    silent()


@pytest.mark.parametrize("kind", [ValueError, OSError, KeyError, UnicodeError])
def test_an_unforeseen_error_is_a_number_and_a_class(
    world: World,
    app: FastAPI,
    amara: TestClient,
    silent: Callable[[], None],
    kind: type[Exception],
) -> None:
    words = world.canaries.phrase()

    def fails() -> None:
        raise kind(words) from MediaError(words)

    app.add_api_route("/fails", fails)
    answer = amara.get("/fails")
    assert answer.status_code == 500
    assert not MARKED.in_text(f"{answer.headers} {answer.text}")
    silent()


def test_a_damaged_note_is_a_number_and_a_class(
    world: World, amara: TestClient, watch: Watch, silent: Callable[[], None]
) -> None:
    note = world.note
    with world.home.store.database.write() as connection:
        mine = note_versions.c.note_id == note.id
        connection.execute(update(note_versions).where(mine).values(sealed=bytes(300)))
    for path in (f"/notes/{note.id}", f"/notes/{note.id}/edit"):
        answer = amara.get(path)
        assert answer.status_code == 500
        assert not MARKED.in_text(answer.text)
    (first, _) = [each for each in watch.caplog.records if each.message == "request failed"]
    assert vars(first)["error"] == "TamperedError"
    silent()
