"""A voice note is recorded in a real browser; the server is killed under it, then the page."""

from __future__ import annotations

import random
import signal
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route

from recorder.home import Home, create_home, open_home
from recorder.intake.sent import Sent
from recorder.media import sound
from recorder.media.sniff import TYPES
from recorder.review.web.app import create_app
from recorder.sample import enrol
from tests.contacts import NOON, furnish
from tests.e2e.conftest import Browsers, House, Running
from tests.integration.web.served import Server

LOST_AT_MOST = 5_000  # ms
_PATIENCE = 120_000  # ms


@dataclass
class Answers:
    """What the server answered for, as the page heard it."""

    offsets: list[int] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.on("response", self._heard)

    def _heard(self, answer: Response) -> None:
        if answer.request.method == "PATCH" and answer.status == 204:
            self.offsets.append(int(answer.headers["upload-offset"]))


@pytest.fixture(scope="module")
def made(house: Callable[[str], House]) -> House:
    made = house("recorded")
    made.said("init", "--team", "Evolve")
    made.said("people", "add", "amara", "--name", "Amara Cole", "--role", "practitioner")
    made.said("cases", "add", "EV-1001", "--name", "Jordan", "--by", "amara")
    return made


def seconds(page: Page) -> int:
    """How long the page says that it has recorded."""
    minutes, rest = page.inner_text("[data-time]").split(":")
    return 60 * int(minutes) + int(rest)


def more(page: Page, answers: Answers) -> None:
    """Wait until two further pieces were answered for."""
    before = len(answers.offsets)
    for _ in range(_PATIENCE // 250):
        if len(answers.offsets) >= before + 2:
            return
        page.wait_for_timeout(250)
    pytest.fail("nothing more was answered for")


def begin(page: Page) -> None:
    """Record a young person, who has to agree first."""
    page.goto(urljoin(page.url, "/record"))
    page.select_option("#case", label="Jordan (EV-1001)")
    page.check("input[name=heard][value=others]")
    page.click("text=Start recording")
    page.wait_for_selector("text=Write whose word it is")  # so nothing is recorded yet
    page.fill("#who", "Jordan")
    page.check("text=They said so, in person")
    page.fill("#when", "today")
    page.click("text=Start recording")


def test_a_killed_server_and_a_dead_browser_lose_no_more_than_seconds(
    made: House, start: Callable[[House], Running], browsers: Browsers
) -> None:
    running = start(made)
    page, answers = browsers.enter(made.link("amara")), Answers()
    answers.watch(page.context)
    begin(page)
    more(page, answers)

    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    page.wait_for_selector("text=There is no connection just now", timeout=_PATIENCE)
    kept = answers.offsets[-1]
    running = start(made)
    more(page, answers)
    assert answers.offsets == sorted(answers.offsets)
    assert answers.offsets[-1] > kept

    spoken = seconds(page)
    page.context.close()  # as when a battery runs out: nothing of the page runs any more
    other = browsers.enter(made.link("amara"))
    other.click("text=Finish it")
    other.wait_for_url("**/record")
    assert running.stop() == 0
    holds(made, answers.offsets[-1], 1000 * spoken - LOST_AT_MOST)


def holds(house: House, size: int, length_ms: int) -> None:
    """What was recorded is there, from its beginning to where it broke off."""
    home = open_home(house.home)
    try:
        (recording,) = home.store.recordings.all()
        reader = home.store.recordings.open(recording.id)
        length = sound.measured(reader, TYPES[recording.media_type])
        assert reader.size >= size
        assert length is not None
        assert length >= length_ms
        assert home.store.agreements.stands(recording.id)
        assert len(set(home.store.vault.ids())) == 1  # no piece is left
    finally:
        home.close()


def lasts(home: Home) -> int:
    """How long (ms) the only recording is."""
    (recording,) = home.store.recordings.all()
    reader = home.store.recordings.open(recording.id)
    return sound.measured(reader, TYPES[recording.media_type]) or 0


def test_what_is_said_while_there_is_nowhere_to_send_it_is_sent_later(
    home: Home, sending: Server, browsers: Browsers
) -> None:
    amara = enrol(home).practitioner
    link = home.store.access.new_link(amara.id, "test", 60_000)
    page = browsers.enter(f"http://localhost:{sending.port}/sign-in#{link}")
    answers = Answers()
    refused: list[str] = []
    answers.watch(page.context)

    def nowhere(route: Route) -> None:
        """Twice there is no way to begin another upload; then there is."""
        if route.request.method == "POST" and len(refused) < 2:
            refused.append(route.request.url)
            route.abort()
        else:
            route.fallback()

    page.goto(urljoin(page.url, "/record"))
    page.check("input[name=heard][value=me]")
    page.click("text=Start recording")
    more(page, answers)
    page.route("**/api/uploads", nowhere)
    (upload,) = home.store.uploads.of(amara.id)
    home.store.uploads.remove(upload.id, amara.id)
    begun = seconds(page)
    more(page, answers)
    assert len(refused) == 2
    page.click("text=Stop")
    spoken = seconds(page)
    page.wait_for_selector("text=All of it is kept safe", timeout=_PATIENCE)
    # What came before went with what was removed.
    assert lasts(home) >= 1000 * (spoken - begun) > 0


def test_a_disk_without_room_is_called_that(
    home: Home,
    sending: Server,
    browsers: Browsers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recorder.intake.sent.LITTLE", 1 << 60)  # as if the disk were full
    amara = enrol(home).practitioner
    link = home.store.access.new_link(amara.id, "test", 60_000)
    page = browsers.enter(f"http://localhost:{sending.port}/sign-in#{link}")
    page.goto(urljoin(page.url, "/record"))
    page.check("input[name=heard][value=me]")
    page.set_input_files("#file", noise(tmp_path / "mine.wav", 1000))
    page.wait_for_selector("[data-problem]:visible")
    assert "not enough room" in page.inner_text("[data-said]")


def test_a_page_sends_nothing_as_somebody_who_signed_in_since(
    home: Home, sending: Server, browsers: Browsers, tmp_path: Path
) -> None:
    team = enrol(home)
    people = (team.practitioner, team.supervisor)
    links = [home.store.access.new_link(each.id, "test", 60_000) for each in people]
    where = f"http://localhost:{sending.port}/sign-in"
    page = browsers.enter(f"{where}#{links[0]}")
    page.goto(urljoin(page.url, "/record"))
    page.check("input[name=heard][value=me]")
    other = page.context.new_page()
    other.goto(f"{where}#{links[1]}")
    other.wait_for_url(lambda address: "/sign-in" not in address)
    page.set_input_files("#file", noise(tmp_path / "mine.wav", 1000))
    page.wait_for_selector("text=Somebody else is signed in here now")
    assert [home.store.uploads.of(each.id) for each in people] == [[], []]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = create_home(tmp_path / "home", "Evolve")
    yield made
    made.close()


@pytest.fixture
def sending(home: Home) -> Iterator[Server]:
    app = create_app(home.store, team="Evolve", timezone="Europe/London", uploads=Sent(home))
    server = Server(app)
    yield server
    server.stop()


def noise(path: Path, size: int) -> Path:
    """A recording of so many bytes."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(random.Random(1).randbytes(size))
    return path


def test_a_file_that_is_chosen_again_after_a_reload_goes_on_where_it_broke_off(
    home: Home, sending: Server, browsers: Browsers, tmp_path: Path
) -> None:
    amara = enrol(home).practitioner
    film = noise(tmp_path / "long.wav", 9 * 1024 * 1024)
    link = home.store.access.new_link(amara.id, "test", 60_000)
    page = browsers.enter(f"http://localhost:{sending.port}/sign-in#{link}")
    page.goto(urljoin(page.url, "/record"))
    asked: list[str] = []

    def once(route: Route) -> None:
        """The first piece arrives; then the network is gone."""
        if route.request.method != "PATCH":
            route.fallback()
            return
        asked.append(route.request.headers["upload-offset"])
        if asked == ["0"]:
            route.fallback()
        else:
            route.abort()

    page.route("**/api/uploads/*", once)
    page.check("input[name=heard][value=me]")
    page.set_input_files("#file", film)
    page.wait_for_selector("text=Waiting for the connection")
    page.unroute("**/api/uploads/*")
    (upload,) = home.store.uploads.of(amara.id)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    with page.expect_request(lambda request: request.method == "PATCH") as going_on:
        page.set_input_files("#file", film)  # without saying again what was said: it is known
    assert going_on.value.headers["upload-offset"] == str(upload.offset) == str(8 * 1024 * 1024)
    page.wait_for_selector("text=All of it is kept safe")
    (recording,) = home.store.recordings.all()
    assert b"".join(home.store.recordings.open(recording.id)) == film.read_bytes()


def test_more_is_recorded_into_a_note_from_its_page(
    home: Home, sending: Server, browsers: Browsers, tmp_path: Path
) -> None:
    world = furnish(home)
    first = world.come(NOON, "I met Jordan at the hub. He told me that he was fine.")
    link = home.store.access.new_link(world.practitioner.id, "test", 60_000)
    page = browsers.enter(f"http://localhost:{sending.port}/sign-in#{link}")
    page.goto(urljoin(page.url, f"/notes/{first.note_id}"))
    page.click("text=Record more into it")
    assert page.inner_text("h1") == "Record more into this note"
    assert "Jordan" in page.inner_text("main")
    page.wait_for_selector("text=Start recording")  # the script is there
    page.check("input[name=heard][value=me]")
    page.set_input_files("#file", noise(tmp_path / "more.wav", 96_000))
    page.wait_for_selector("text=It is added to the note by itself")
    page.click("text=back to the note")
    page.wait_for_url(f"**/notes/{first.note_id}")
    (more,) = [each for each in home.store.recordings.all() if each.id != first.id]
    assert (more.case_id, more.note_kind) == (world.case.id, "case_note")
    assert home.store.recordings.details(more.id).onto == first.note_id
