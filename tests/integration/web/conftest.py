"""The app on a real store, and the browsers of the people around one note."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.export import codes
from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from recorder.review.web.session import YOUNG_LIFE
from store.cases import Case
from store.notes import Note
from store.people import YOUNG_PERSON, Member
from store.records import Arrival, Recording
from store.store import Store
from tests.integration.web.matrix import World, browser, build
from tests.sharing import show_them
from transcribe.model import (
    Action,
    Check,
    Contact,
    Draft,
    LeftOut,
    Origin,
    Segment,
    Source,
    Statement,
    Transcript,
)

ADDRESS = "http://127.0.0.1"
SOUND = bytes(range(256)) * 1000  # 256 000 bytes: four chunks at rest, two pieces on the way


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two sides of everything, for the tests of a module that change none of it."""
    made = build(tmp_path_factory.mktemp("world"))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def anyone(world: World) -> TestClient:
    """A browser for whoever's session is sent with it."""
    return browser(world.app)


@pytest.fixture
def app(store: Store) -> FastAPI:
    return create_app(
        store,
        team="Evolve",
        timezone="Europe/London",
        hosts=["recorder.example"],
        explain=lambda code: f"<{code} explained>",
    )


@pytest.fixture(autouse=True)
def _codes() -> None:
    """What the sample's council calls things in its Mosaic."""
    with resources.as_file(resources.files("recorder.sample") / "mosaic.toml") as path:
        codes.use(path)


@pytest.fixture
def stranger(app: FastAPI) -> TestClient:
    """A browser nobody has signed in with."""
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


@pytest.fixture
def enter(app: FastAPI, store: Store) -> Callable[[Member], TestClient]:
    """Signs a person in, in a browser of their own."""

    def signed_in(person: Member) -> TestClient:
        browser = TestClient(app, base_url=ADDRESS, follow_redirects=False)
        if person.role == YOUNG_PERSON:
            token = store.access.begin(person.id, YOUNG_LIFE)
            browser.cookies.set("session", token, domain="127.0.0.1", path="/")
            return browser
        code = store.access.new_link(person.id, "test", 60_000)
        answer = browser.post("/sign-in", data={"code": code})
        assert answer.status_code == 303
        return browser

    return signed_in


@pytest.fixture
def amara(enter: Callable[[Member], TestClient], practitioner: Member) -> TestClient:
    """The practitioner's browser."""
    return enter(practitioner)


@pytest.fixture
def kit(enter: Callable[[Member], TestClient], store: Store) -> TestClient:
    """The browser of data protection."""
    return enter(store.people.add(Member("", "data_protection", "kit", "Kit Lowe", None), "test"))


@pytest.fixture
def ada(enter: Callable[[Member], TestClient], store: Store) -> TestClient:
    """The administrator's browser."""
    return enter(store.people.add(Member("", "administrator", "ada", "Ada Byrne", None), "test"))


@pytest.fixture
def ruth(enter: Callable[[Member], TestClient], supervisor: Member) -> TestClient:
    """The supervisor's browser."""
    return enter(supervisor)


@pytest.fixture
def jordan(enter: Callable[[Member], TestClient], young_person: Member) -> TestClient:
    """The young person's browser."""
    return enter(young_person)


@pytest.fixture
def ben(enter: Callable[[Member], TestClient], store: Store) -> TestClient:
    """The browser of a practitioner with no part in the case."""
    return enter(store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test"))


@pytest.fixture
def voice(store: Store, arrival: Arrival) -> Recording:
    return store.recordings.register(store.recordings.seal(arrival.scope, [SOUND]), arrival)[0]


@pytest.fixture
def draft(voice: Recording) -> Draft:
    def said(key: str, section: str, text: str, *checks: Check) -> Statement:
        source = Source(voice.id, 1_000, 2_500)
        return Statement(key, section, text, Origin.MACHINE, "Amara Cole", (source,), checks)

    return Draft(
        kind="case_note",
        contact=Contact(place="the <b>hub</b>"),
        statements=(
            said("s1", "purpose", "We met to go over the plan."),
            said("s2", "young_person_words", "He said no & walked away."),
            said("s3", "what_happened", "Then a boy called Tyrell came up."),
            said("s4", "worry", "He gets messages.", Check("unclear", "look", "Listen to this.")),
        ),
        actions=(Action("Ring his tutor", None, None),),
        left_out=(LeftOut("That is all.", "talk to the recorder", 60_000, 61_000),),
    )


@pytest.fixture
def note(store: Store, case: Case, practitioner: Member, voice: Recording, draft: Draft) -> Note:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1_762_362_300_000, 0)
    heard = Transcript("base", "0" * 64, "en", {}, 61_000, (Segment(0, 900, "Um, hello."),))
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(draft), None)
        store.recordings.keep_transcript(connection, voice, encode(heard))
        store.recordings.advance(connection, voice, "drafted", note_id=note_id)
    return store.notes.get(note_id)


@pytest.fixture
def shared(store: Store, note: Note, practitioner: Member, supervisor: Member) -> Note:
    """The note, approved and two of its sentences shared."""
    desk = Desk(store, practitioner)
    desk.submit(note.id, 1)
    Desk(store, supervisor).approve(note.id, 1)
    show_them(store, desk, note.id, 1, ["s1", "s2"])
    return store.notes.get(note.id)


@pytest.fixture
def form(store: Store) -> Callable[..., dict[str, str]]:
    """The fields of a form as a page of this browser would send them."""

    def made(browser: TestClient, **fields: str) -> dict[str, str]:
        return {"csrf": store.access.csrf(browser.cookies["session"])} | fields

    return made


@pytest.fixture
def drawing() -> bytes:
    """The sample's photo of a drawing."""
    path = Path(__file__).parents[3] / "recorder" / "sample" / "drawing.jpg"
    return path.read_bytes()
