"""A young person on a phone: reads, says what they think by voice, by finger and without scripts."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect

from recorder.home import Home, create_home
from recorder.intake.sent import Sent
from recorder.review.saying import NOT_RIGHT, saying_of
from recorder.review.web.app import create_app
from recorder.review.web.session import YOUNG_LIFE
from store.calls import UNSAFE
from store.store import Store
from tests.e2e.looks import everything_wrong
from tests.e2e.scripted import Scripted
from tests.hostile.pictures import saved
from tests.integration.web.served import Server

WORDS = "Riverside"
WIDTH = 320
AWAY = "https://www.bbc.co.uk/weather"
LOOKS = 400  # a quarter of a second each
Phone = Callable[..., BrowserContext]

# What a phone's own speech would do, which this browser has none of: voices, and what was said by which.
_VOICES = """(local) => {
  const voice = (name, localService) => ({ name, lang: "en-GB", localService });
  const voices = [voice("far", false), ...(local ? [voice("near", true)] : [])];
  window.spoken = [];
  const speech = { getVoices: () => voices, cancel() {}, addEventListener() {},
    speak: (said) => window.spoken.push([said.voice.name, said.text]) };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""
_KEPT = """async () => [localStorage.length, sessionStorage.length,
  (await caches.keys()).length, (await indexedDB.databases()).length]"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = create_home(tmp_path / "home", "Evolve")
    yield made
    made.close()


@pytest.fixture
def store(home: Home) -> Store:
    return home.store


@pytest.fixture
def world(store: Store) -> Scripted:
    return Scripted(store, WORDS)


@pytest.fixture
def server(home: Home, world: Scripted) -> Iterator[Server]:
    assert world.store is home.store
    app = create_app(home.store, team="Evolve", timezone="Europe/London", uploads=Sent(home))
    made = Server(app)
    yield made
    made.stop()


@pytest.fixture
def phone(chromium: Browser, server: Server, world: Scripted) -> Iterator[Phone]:
    """Makes a phone that somebody has come in on."""
    made: list[BrowserContext] = []

    def entered(*, scripts: bool = True) -> BrowserContext:
        host = f"http://127.0.0.1:{server.port}"
        context = chromium.new_context(
            base_url=host,
            viewport={"width": WIDTH, "height": 640},
            has_touch=True,
            is_mobile=True,
            java_script_enabled=scripts,
        )
        made.append(context)
        context.set_default_timeout(60_000)
        token = world.store.access.begin(world.young_person.id, YOUNG_LIFE)
        context.add_cookies([{"name": "session", "value": token, "url": host}])
        context.route(f"{AWAY}**", weather)
        return context

    yield entered
    for each in made:
        each.close()


def weather(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<title>Weather</title><p>Sunny</p>")


def to_say(page: Page, way: str) -> None:
    """From the first page to how they want to say that they see it differently."""
    page.goto("/summary")
    page.get_by_role("link", name="Read it bit by bit").tap()
    expect(page.get_by_text("1 of")).to_be_visible()
    page.get_by_role("link", name="Say something about this").tap()
    page.get_by_role("link", name="That’s not how I see it").tap()
    page.get_by_role("link", name=way).tap()


def pieces(page: Page, world: Scripted, count: int) -> None:
    """Wait until so many pieces of what they say are here."""
    for _ in range(LOOKS):
        found = world.store.uploads.of(world.young_person.id)
        if found and found[0].offset >= count:
            return
        page.wait_for_timeout(250)
    pytest.fail("nothing of it came")


def test_they_say_it_out_loud(world: Scripted, phone: Phone) -> None:
    before = len(world.store.notes.replies(world.shared.id))
    page = phone().new_page()
    to_say(page, "Say it out loud")
    page.get_by_role("button", name="Start recording").tap()
    pieces(page, world, 1)
    page.get_by_role("button", name="Stop and send").tap()
    expect(page.get_by_role("heading", name="Thank you. We have it")).to_be_visible()
    expect(page.get_by_text("We are writing down what you said.")).to_be_visible()
    new = world.store.notes.replies(world.shared.id)[before:]
    (said,) = [saying_of(each) for each in new]
    assert said.kind == NOT_RIGHT
    assert said.statement
    assert world.store.recordings.details(said.recording).said_by == world.young_person.id
    assert page.evaluate(_KEPT) == [0, 0, 0, 0]
    assert [each.get("name") for each in page.context.cookies()] == ["session"]
    expect(page.get_by_role("link", name="Record it again")).to_be_visible()


def test_the_way_out_is_not_held_up_by_a_recording(world: Scripted, phone: Phone) -> None:
    before = len(world.store.notes.replies(world.shared.id))
    page, asked = phone().new_page(), list[str]()

    def asks(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", asks)
    to_say(page, "Say it out loud")
    page.get_by_role("button", name="Start recording").tap()
    pieces(page, world, 1)
    page.get_by_role("link", name="Exit now").tap()
    page.wait_for_url(f"{AWAY}**")
    assert asked == []
    assert len(world.store.notes.replies(world.shared.id)) == before


def test_without_a_microphone_they_are_told_of_other_ways(world: Scripted, phone: Phone) -> None:
    context = phone()
    refuse = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no'))"
    context.add_init_script(refuse)
    page = context.new_page()
    to_say(page, "Say it out loud")
    page.get_by_role("button", name="Start recording").tap()
    expect(page.get_by_role("alert")).to_contain_text("The microphone cannot be used.")
    assert world.store.uploads.of(world.young_person.id) == []
    expect(page.get_by_role("link", name="Type it")).to_be_visible()


def test_they_draw_with_a_finger(phone: Phone) -> None:
    page = phone().new_page()
    to_say(page, "Draw it")
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 200, steps=8)
    page.mouse.up()
    page.get_by_label("Do you want to say something about it?").fill("This is me.")
    page.get_by_role("button", name="Send my drawing").tap()
    drawing = page.get_by_role("img", name="Your drawing")
    expect(drawing).to_be_visible()
    dark = """(image) => {
      const pen = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext("2d");
      pen.drawImage(image, 0, 0);
      const { data } = pen.getImageData(0, 0, image.naturalWidth, image.naturalHeight);
      return data.filter((value, place) => place % 4 === 0 && value < 100).length;
    }"""
    page.wait_for_function("() => document.querySelector('main img')?.naturalWidth > 0")
    assert drawing.evaluate(dark) > 500
    expect(page.locator(".app-reply")).to_contain_text("This is me.")


def keeps_it(page: Page) -> None:
    """Keep what the page shows, and take all that is kept home."""
    page.get_by_role("button", name="Keep this").tap()
    page.get_by_role("link", name="In my things").tap()
    expect(page.get_by_role("link", name="A picture")).to_have_count(2)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Save all of it").tap()
    assert taken.value.suggested_filename == "things.zip"
    assert zipfile.ZipFile(taken.value.path()).namelist() == ["1.jpg", "2.txt", "3.jpg"]


def test_all_but_recording_and_drawing_goes_without_scripts(
    world: Scripted, phone: Phone, tmp_path: Path
) -> None:
    before = len(world.store.young.calls.unseen())
    page = phone(scripts=False).new_page()
    to_say(page, "Draw it")
    expect(page.locator("canvas")).to_be_hidden()
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(saved("JPEG", (40, 30)))
    page.get_by_label("Send a photo or picture").set_input_files(photo)
    page.get_by_role("button", name="Send", exact=True).tap()
    expect(page.get_by_role("img", name="Your drawing")).to_be_visible()
    keeps_it(page)
    page.go_back()
    page.get_by_role("link", name="Go on reading").tap()
    expect(page.get_by_text("2 of")).to_be_visible()
    page.goto(f"/summary/{world.shared.id}/steps/8")
    asked = page.get_by_role("group", name="Did it help?")
    asked.get_by_role("button", name="A bit").tap()
    expect(asked.get_by_role("button", pressed=True)).to_have_text("✓ A bit")
    page.get_by_role("link", name="What you said yes to").tap()
    sent = page.get_by_role("region", name="Picture").filter(has_text="You sent it.")
    sent.get_by_role("button", name="Stop using it: Picture").tap()
    expect(page.get_by_text("Nobody hears or sees it.")).to_be_visible()
    expect(sent).to_have_count(0)
    page.get_by_role("link", name="Talk to someone").tap()
    page.get_by_role("button", name="I don’t feel safe").tap()
    expect(page.get_by_role("status")).to_have_text("Thank you. We have passed it on.")
    page.reload()
    expect(page.get_by_text("passed it on")).to_have_count(0)
    newest, *others = world.store.young.calls.unseen()
    assert (newest.kind, len(others)) == (UNSAFE, before)


@pytest.mark.parametrize("local", [True, False])
def test_it_is_read_aloud_by_the_phones_own_voices_or_not_at_all(
    world: Scripted, phone: Phone, *, local: bool
) -> None:
    context = phone()
    context.add_init_script(f"({_VOICES})({str(local).lower()})")
    page = context.new_page()
    page.goto(f"/summary/{world.shared.id}/steps/1")
    button = page.get_by_role("button", name="Listen")
    if not local:
        expect(button).to_be_hidden()
        return
    button.tap()
    spoken = page.evaluate("window.spoken")
    assert {voice for voice, _ in spoken} == {"near"}
    assert WORDS in [text for _, text in spoken]
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


@pytest.mark.parametrize("colours", ["Ciemne na jasnym", "Jasne na ciemnym"])
def test_every_page_holds_in_another_language_with_very_big_letters(
    world: Scripted, phone: Phone, colours: str
) -> None:
    page = phone().new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto("/summary/view")
    page.get_by_label("Polski").check()
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cześć")
    page.goto("/summary/view")
    page.get_by_label("Bardzo duże").check()
    page.get_by_label(colours).check()
    page.get_by_role("button", name="Zapisz", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cześć")
    own = f"/summary/{world.shared.id}"
    (said, *_) = world.store.notes.replies(world.shared.id)
    ways = ("", "/steps/1", "/steps/7", "/say?about=s1", "/reply?kind=not_right", "/voice", "/draw")
    shown = [own + each for each in (*ways, f"/said/{said.id}")]
    things = [each.id for each in world.store.young.keepsakes.of(world.young_person.id)]
    shown += ["/summary/wall", "/summary/things", *(f"/summary/things/{each}" for each in things)]
    found = []
    for address in ("/summary", "/summary/agreed", "/summary/view", "/summary/more", *shown):
        page.goto(address)
        assert page.evaluate("document.documentElement.lang") == "pl"
        found += [f"{address}: {each}" for each in everything_wrong(page)]
    assert "\n".join(found) == ""
