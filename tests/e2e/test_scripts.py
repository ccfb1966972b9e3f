"""What people write, say and name is words on every page, and nothing that a browser runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request
from starlette.responses import HTMLResponse, PlainTextResponse

from recorder.intake.hand import Hand
from recorder.review.query import MAX_LENGTH
from recorder.review.web.app import create_app
from recorder.review.web.live import Live
from recorder.review.web.security import Guard
from recorder.review.web.session import STAFF_LIFE
from store.people import Member
from store.store import Store, create
from tests.attacks.oracle import Attacks
from tests.attacks.scripts import ESSENTIAL, MORE
from tests.databases import Databases
from tests.e2e.scripted import Scripted
from tests.integration.web.served import Server

_MANY = 64
"""Strings in one store."""

_PAINTED_MS = 100
"""Until what runs by itself has run."""

_LOOKS = 50
"""So many times as long, until a busy machine has run it too."""

_PATIENCE_MS = 60_000

_ADDRESSED = 1_000
"""Characters of the longest string that is put into an address."""

# Whatever came to stand in the page that no template of ours has.
_FOREIGN = """() => [...document.querySelectorAll("*")].filter((each) =>
  [...each.attributes].some(({ name, value }) => name.startsWith("on") || name === "srcdoc" ||
    /^(href|src|action|formaction|data|srcset)$/.test(name) &&
    !/^(\\/|#|\\?|https:\\/\\/www\\.bbc\\.co\\.uk\\/weather$)/.test(value)) ||
  each.matches("svg, math, iframe, object, embed, base, style, plaintext, script:not([src])")
).map((each) => each.outerHTML.slice(0, 200))"""
_SEND = """([place, words]) => {
  const form = document.querySelectorAll("main form[method=post]")[place];
  const typed = "input:not([type]), input[type=text], input[type=search], textarea";
  form.noValidate = true;
  for (const each of form.querySelectorAll(typed)) each.value = words;
  HTMLFormElement.prototype.submit.call(form);
}"""
_FORMS = """() => [...document.querySelectorAll("main form[method=post]")].flatMap((form, place) =>
  form.querySelector("input:not([type]), input[type=text], input[type=search], textarea")
    ? [place] : [])"""


@dataclass
class Watched:
    """What a browser did that no page of ours asks for."""

    context: BrowserContext
    host: str
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.expose_binding("__xss", lambda _source, *_words: self.seen.append("ran"))
        self.context.on("dialog", self._dialog)
        self.context.on("console", self._console)
        self.context.on("request", self._request)
        self.context.on("weberror", lambda error: self.seen.append(str(error.error)))

    def has_run(self) -> bool:
        """Whether something ran that is no script of ours."""
        return any(what == "ran" or what.startswith("dialog") for what in self.seen)

    def _dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":  # ours: what was typed there is not saved
            dialog.accept()
            return
        self.seen.append(f"dialog {dialog.type}")
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        # A page that refuses something is an answer, and the browser says so of it.
        if message.type == "error" and "the server responded with a status of 4" in message.text:
            return
        if message.type in ("error", "warning"):
            self.seen.append(message.text)

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.host:
            self.seen.append(f"asked {request.url[:80]}")


def app_of(world: Scripted, *, by_account: bool = False) -> FastAPI:
    return create_app(
        world.store,
        team=world.words,
        timezone="Europe/London",
        explain=lambda _code: world.words,
        hand=Hand(world.store),
        notice=lambda: world.words,
        by_account=by_account,
    )


def addresses(world: Scripted, strings: Sequence[str]) -> list[str]:
    """Every page of staff's."""
    notes = [each.id for each in (world.note, world.shared, world.returned, world.loose)]
    voice, picture, pending = world.voice.id, world.picture.id, world.pending.id
    said = quote("".join(each for each in strings if len(each) <= _ADDRESSED), safe="")
    return [
        *("/work", "/arrived", "/search", "/attempts/new", "/account", "/people", "/wall"),
        *(f"/notes/{each}" for each in notes),
        *(
            f"/notes/{world.note.id}/{each}"
            for each in ("versions", "edit", "facts", "contact", "members")
        ),
        *(f"/notes/{world.shared.id}/{each}" for each in ("share", "release", "risk")),
        *("/mosaic", f"/mosaic/{world.shared.id}", f"/mosaic/cases/{world.case.id}"),
        f"/cases/{world.case.id}/chronology",
        f"/notes/{world.note.id}/pictures/{picture}",
        *(f"/cases/{world.case.id}{each}" for each in ("", "/access", "/stories", "?version=1")),
        *(f"/stories/{each.id}" for each in world.store.young.stories.of(world.case.id)),
        *(f"/recordings/{voice}{each}" for each in ("", "?words=0", "?who=1")),
        *(f"/recordings/{each}" for each in (picture, pending, f"{pending}/agreement")),
        *(f"/{said}", f"/notes/{said}", f"/cases/{world.case.id}?version={said}"),
        f"/arrived?show={said}&page={said}&{said}={said}",
        f"/notes/{world.note.id}/versions?before={said}&after={said}",
        *(f"/recordings/{voice}?words={said}&who={said}", f"/search/{said}?page={said}"),
    ]


def handed_over(world: Scripted) -> list[str]:
    """Every page of data protection's."""
    entries = [f"/handing/{world.case.id}/entries/{number}" for number in range(8)]
    return ["/oversight", "/oversight/retention", "/handing", f"/handing/{world.case.id}", *entries]


WRITTEN_ON = (
    "/access",
    "/attempts/new",
    "/edit",
    "/facts",
    "/search",
    "/stories",
    "/agreement",
    "=0",
    "/pictures/",
)
"""Parts of the addresses of pages that come back with what was typed, if it cannot be taken."""


@contextmanager
def entered(chromium: Browser, store: Store, port: int, person: Member | None) -> Iterator[Watched]:
    """A watched browser of somebody who is signed in, or of nobody yet."""
    host = f"127.0.0.1:{port}"
    context = chromium.new_context(base_url=f"http://{host}")
    context.set_default_timeout(_PATIENCE_MS)
    if person is not None:
        token = store.access.begin(person.id, STAFF_LIFE)
        context.add_cookies([{"name": "session", "value": token, "url": f"http://{host}"}])
    yield Watched(context, host)
    context.close()


def looked_at(watched: Watched, page: Page, what: str) -> None:
    """See what became of a page once it has settled and been painted."""
    page.evaluate("() => new Promise((met) => requestAnimationFrame(() => setTimeout(met)))")
    watched.seen += [f"{what}: {each}" for each in page.evaluate(_FOREIGN)]


def looked_for(words: str) -> str:
    """As much of the words as the search takes, and finds in notes."""
    return f"{words.partition('>')[0]}>"[:MAX_LENGTH]


def opened(watched: Watched, where: Sequence[str], words: str) -> int:
    """Open every page, and send back what can be typed there; how many showed the words."""
    page, shown = watched.context.new_page(), 0
    for address in where:
        page.goto(address)
        looked_at(watched, page, address[:80])
        shown += words.strip()[:12] in page.inner_text("html")
        if not any(part in address for part in WRITTEN_ON):
            continue
        for place in page.evaluate(_FORMS):
            page.goto(address)
            with page.expect_navigation():
                page.evaluate(_SEND, [place, looked_for(words) if address == "/search" else words])
            looked_at(watched, page, f"sent {address[:80]}")
    return shown


def everywhere(chromium: Browser, world: Scripted, strings: Sequence[str]) -> list[str]:
    """What browsers did that they should not, on all pages there are."""
    server, seen = Server(app_of(world)), list[str]()
    shared = f"/summary/{world.shared.id}"
    pages = ("", "/steps/1", "/steps/2", "/say?about=s1", "/reply", "/voice", "/draw", "/said/last")
    things = [each.id for each in world.store.young.keepsakes.of(world.young_person.id)]
    own = ["", "/view", "/agreed", "/more", "/wall", "/things"]
    own += [f"/things/{each}" for each in things]
    theirs = [*(f"/summary{each}" for each in own), *(shared + each for each in pages)]
    visits = [
        (world.practitioner, addresses(world, strings)),
        (world.data_protection, handed_over(world)),
        (world.supervisor, ["/unclaimed", "/queue", "/work", f"/cases/{world.case.id}"]),
        (world.young_person, theirs),
        (None, ["/sign-in", "/"]),
    ]
    try:
        for person, where in visits:
            with entered(chromium, world.store, server.port, person) as watched:
                shown = opened(watched, where, world.words)
                assert shown or person is None, "the pages do not show what was put into them"
            seen += watched.seen
    finally:
        server.stop()
    return seen


def test_no_string_runs_or_leaves_its_place_wherever_it_is_shown(
    chromium: Browser, databases: Databases, tmp_path: Path, attack: Attacks
) -> None:
    with attack("21 a script in every field, on every page", len(MORE)) as tried:
        chosen = [*ESSENTIAL, *tried.some_of(MORE)]
        for start in range(0, len(chosen), _MANY):
            strings, folder = chosen[start : start + _MANY], tmp_path / str(start)
            store = create(databases.new(), folder / "vault", folder / "keys")
            seen = everywhere(chromium, Scripted(store, "".join((ESSENTIAL[0], *strings))), strings)
            store.close()
            for each in strings:
                tried.check((each[:80], seen), well=not seen)


def unescaped(strings: Sequence[str], *, guarded: bool) -> FastAPI:
    """A page for each string that shows it as no page should."""
    app = FastAPI()
    app.state.live = Live()

    @app.get("/{number}")
    def page(number: int) -> HTMLResponse:
        words = strings[number]
        return HTMLResponse(f'<!DOCTYPE html><p>{words}<p title="{words}"><a href="{words}">x</a>')

    if guarded:
        said = PlainTextResponse
        app.add_middleware(Guard, page=lambda status, words: said(words, status), https=False)
    return app


def ran(chromium: Browser, store: Store, strings: Sequence[str], *, guarded: bool) -> list[str]:
    """The strings that a browser ran, each shown unescaped."""
    server, found = Server(unescaped(strings, guarded=guarded)), []
    try:
        with entered(chromium, store, server.port, None) as watched:
            for number, each in enumerate(strings):
                page = watched.context.new_page()
                page.goto(f"/{number}", wait_until="commit")
                for _ in range(1 if guarded else _LOOKS):
                    page.wait_for_timeout(_PAINTED_MS)
                    if watched.has_run():
                        found.append(each)
                        break
                page.close()
                watched.seen.clear()
    finally:
        server.stop()
    return found


def test_the_policy_alone_stops_what_is_not_escaped(
    chromium: Browser, store: Store, attack: Attacks
) -> None:
    with attack("21 a script that is not escaped, under the policy", len(MORE)) as tried:
        chosen = [*ESSENTIAL, *tried.some_of(MORE)]
        found = ran(chromium, store, chosen, guarded=True)
        for each in chosen:
            tried.check(each[:80], well=each not in found)


def test_without_escaping_and_without_the_policy_they_run(chromium: Browser, store: Store) -> None:
    """Or the two tests above would prove nothing."""
    *run, pressed = ESSENTIAL
    assert pressed.startswith("javascript:")  # nobody presses the link
    assert ran(chromium, store, ESSENTIAL, guarded=False) == run
