"""Every page there is, as everybody sees it who may: by axe, on small screens, zoomed and spaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, product
from string import Formatter

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from recorder.review.web.app import create_app
from store.people import Member
from store.store import Store
from tests.e2e.looks import everything_wrong
from tests.e2e.scripted import Scripted
from tests.e2e.test_scripts import Watched, app_of, entered
from tests.integration.web.matrix import browser, routes
from tests.integration.web.served import Server

WORDS = "Riverside"

_NO_PAGES = {  # what is fetched by a page, and never looked at by itself
    "/notes/{note_id}/sentences/{statement_id}/sound",
    "/recordings/{recording_id}/film",
    "/recordings/{recording_id}/media",
    "/handing/{case_id}/pictures/{recording_id}",
    "/handing/{case_id}/recordings/{recording_id}/sound",
    "/oversight/certificates",  # a file
    "/listen-again/{note_id}",  # only of what was drawn: test_listening_page.py looks at it
    "/recordings/{recording_id}/peaks",
    "/recordings/{recording_id}/picture",
    "/recordings/{recording_id}/poster/{number}",
    "/recordings/{recording_id}/straightened",
    "/recordings/{recording_id}/thumbnail",
    "/sign-in/provider/back",  # test_provider.py comes back to it
    "/static",
    "/summary/things/all",  # files to take home
    "/summary/things/{thing_id}/file",
    "/summary/things/{thing_id}/picture",
    "/summary/{note_id}/pictures/{recording_id}",
    "/summary/{note_id}/said/{said_id}/picture",
    "/summary/{note_id}/said/{said_id}/sound",
    "/work/progress",
    "/calls/now",
}
_ON_THE_WAY = {"/"}  # answered with another address
_STATES = {  # what more a page shows when it is asked for
    "/cases/{case_id}": ("", "?version=1"),
    "/record": ("", "?onto={note_id}"),
    "/typed/new": ("", "?kind=case_note", "?kind=supervision"),
    "/notes/{note_id}/versions": ("?before=1&after=2",),
    "/recordings/{recording_id}": ("", "?words=0", "?who=1"),
    "/summary/{note_id}/reply": ("?kind=not_right&about=s1", "?instead={said_id}"),
    "/summary/{note_id}/say": ("", "?about=s1"),
}
_ALL = {
    "/notes/{note_id}",
    "/recordings/{recording_id}",
    "/typed/new",
}  # of these every example; two of the rest
_DIFFER = {"/work", "/cases/{case_id}/access"}  # otherwise to a practitioner than a supervisor


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's browser, and the same session without one."""

    watched: Watched
    client: TestClient
    token: str

    def is_shown(self, address: str) -> bool:
        """Whether there is a page at `address` for them."""
        answer = self.client.get(address, headers={"cookie": f"session={self.token}"})
        page = answer.headers.get("content-type", "").startswith("text/html")
        return page and answer.status_code == 200

    def search(self, csrf: str) -> str:
        """The number of a search of theirs."""
        form = {"csrf": csrf, "text-words": WORDS}
        headers = {"cookie": f"session={self.token}"}
        answer = self.client.post("/search", data=form, headers=headers)
        return answer.headers.get("location", "").rpartition("/")[2]


@pytest.fixture
def world(store: Store) -> Scripted:
    return Scripted(store, WORDS)


def named(world: Scripted, search: str) -> dict[str, list[str]]:
    """All that the parts of an address can name here."""
    notes = (
        world.note,
        world.shared,
        world.returned,
        world.loose,
        world.together,
        world.stopped,
        world.own,
    )
    recordings = (world.voice, world.picture, world.pending, world.unagreed, world.drawing)
    return {
        "note_id": [each.id for each in notes],
        "recording_id": [each.id for each in recordings],
        "statement_id": ["s1"],
        "person_id": [world.practitioner.id],
        "case_id": [world.case.id],
        "number": [search, "1"],
        "story_id": [each.id for each in world.store.young.stories.of(world.case.id)],
        "thing_id": [each.id for each in world.store.young.keepsakes.of(world.young_person.id)],
        "said_id": [each.id for each in world.store.notes.replies(world.shared.id)],
    }


def addresses(path: str, names: dict[str, list[str]]) -> list[str]:
    """Every address of a route that can be made of `names`."""
    return [each for state in _STATES.get(path, ("",)) for each in _filled(path + state, names)]


def _filled(address: str, names: dict[str, list[str]]) -> list[str]:
    wanted = [name for _, name, _, _ in Formatter().parse(address) if name is not None]
    assert set(wanted) <= names.keys(), f"say above what {address} can name"
    parts = [dict(zip(wanted, each, strict=True)) for each in product(*(names[w] for w in wanted))]
    return [address.format(**each) for each in parts]


def pages(app: FastAPI) -> list[str]:
    """The paths of all routes that a browser shows."""
    none = _NO_PAGES | _ON_THE_WAY
    found = {path for method, path in routes(app) if method == "GET"} - none
    return sorted(path for path in found if not path.startswith("/api/"))


@contextmanager
def visiting(
    chromium: Browser, server: Server, app: FastAPI, store: Store, person: Member | None
) -> Iterator[Visitor]:
    """Somebody who goes from page to page."""
    with entered(chromium, store, server.port, person) as watched:
        cookies = watched.context.cookies()
        token = cookies[0].get("value", "") if cookies else ""
        yield Visitor(watched, browser(app), token)
    assert watched.seen == []


def looked_at(visitor: Visitor, shown: Sequence[str]) -> list[str]:
    """What is wrong with these pages."""
    page, found = visitor.watched.context.new_page(), list[str]()
    page.emulate_media(reduced_motion="reduce")
    for address in shown:
        page.goto(address)
        found += everything_wrong(page)
    page.close()
    return found


def test_every_page_can_be_used_by_everybody(chromium: Browser, world: Scripted) -> None:
    app, store, seen, found = app_of(world, by_account=True), world.store, set[str](), list[str]()
    server = Server(app)
    people = (
        None,
        world.data_protection,
        world.administrator,
        world.supervisor,
        world.young_person,
        world.practitioner,
    )
    try:
        for person in people:
            with visiting(chromium, server, app, store, person) as visitor:
                search = visitor.search(store.access.csrf(visitor.token)) if person else "none"
                shown = []
                for path in pages(app):
                    if path in seen - (_DIFFER if person == world.practitioner else set()):
                        continue
                    there = filter(visitor.is_shown, addresses(path, named(world, search)))
                    some = list(islice(there, None if path in _ALL else 2))
                    shown += some
                    seen |= {path} if some else set()
                found += looked_at(visitor, shown)
    finally:
        server.stop()
    assert sorted(set(pages(app)) - seen) == [], "nobody was shown these"
    assert "\n".join(found) == ""


def test_so_can_pages_on_which_there_is_nothing_yet(
    chromium: Browser, store: Store, practitioner: Member, supervisor: Member, young_person: Member
) -> None:
    app = create_app(store, team="Evolve", timezone="Europe/London")
    server, found = Server(app), list[str]()
    try:
        for person in (practitioner, supervisor, young_person):
            with visiting(chromium, server, app, store, person) as visitor:
                shown = [path for path in pages(app) if "{" not in path and visitor.is_shown(path)]
                found += looked_at(visitor, shown)
    finally:
        server.stop()
    assert "\n".join(found) == ""
