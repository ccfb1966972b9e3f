"""How soon a young person's page is blank and their session over; whether a link's answers tell by time.

Usage: python -m benchmarks.leaving [--times N]

In a real browser, over the loopback. First: from a press on Exit until the page is blank, and until
the server knows no such session. Then, of a link that holds, was used, ran out and was made up: how long
its page takes, and the answer to wrong numbers. Medians in ms, and the spread of the middle half.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import httpx2 as httpx
from playwright.sync_api import Browser, Route, sync_playwright

from recorder.review.web.app import create_app, settle
from recorder.review.web.session import YOUNG_LIFE
from store.cases import CaseDetails
from store.errors import NotFoundError
from store.people import Member
from store.store import Store, create
from tests.integration.web.served import Server

_DAY = 86_400_000
_PATIENCE = 10.0  # seconds
_PRESS = """() => {
  const began = performance.now();
  document.querySelector("[data-exit]").click();
  if (document.body.childElementCount || document.title) throw new Error("it is not blank");
  return performance.now() - began;
}"""


@dataclass(frozen=True, slots=True)
class Place:
    """A home with one young person, and its pages behind a server."""

    store: Store
    case_id: str
    young: Member
    address: str

    def link(self, lifetime: int = _DAY) -> str:
        """A fresh secret; the one before holds no more."""
        mine = self.store.young.invitations
        return mine.new(self.young.id, self.case_id, "benchmark", lifetime).secret


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--times", type=int, default=50)
    times = reader.parse_args().times
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        store, server, place = made_place(Path(folder))
        with sync_playwright() as playwright:
            arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            path = shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=path, args=arguments)
            took = [_left(browser, place) for _ in range(times)]
            browser.close()
        say("Exit pressed, page blank", [each[0] for each in took])
        say("Exit pressed, session over", [each[1] for each in took])
        _links(place, times)
        server.stop()
        store.close()


def made_place(folder: Path) -> tuple[Store, Server, Place]:
    """A home made in `folder`, its server (to be stopped) and where it answers."""
    store = create(f"sqlite:///{folder / 'recorder.db'}", folder / "vault", folder / "keys")
    worker = store.people.add(Member("", "practitioner", "amara", "Amara", None), "benchmark")
    case = store.cases.add(CaseDetails("EV-1", "Jordan"), worker.id, "benchmark")
    young = store.people.add(Member("", "young_person", "jordan", "Jordan", case.id), "benchmark")
    app = create_app(store, team="Evolve", timezone="Europe/London")
    settle(app)
    server = Server(app)
    return store, server, Place(store, case.id, young, f"http://127.0.0.1:{server.port}")


def _left(browser: Browser, place: Place) -> tuple[float, float]:
    """From a press to a blank page, and to a session that is over (ms)."""
    token = place.store.access.begin(place.young.id, YOUNG_LIFE)
    context = browser.new_context(base_url=place.address)
    context.add_cookies([{"name": "session", "value": token, "url": place.address}])

    def weather(route: Route) -> None:
        route.fulfill(content_type="text/html", body="<p>Sunny</p>")

    context.route("https://**", weather)
    page = context.new_page()
    page.goto("/r/before")
    began = time.monotonic()
    blank = float(page.evaluate(_PRESS))
    over = until_over(place.store, token, began)
    context.close()
    return blank, over


def until_over(store: Store, token: str, began: float) -> float:
    """Waits until no session has `token`: ms since `began`; TimeoutError when that never comes."""
    while not _is_over(store, token):
        if time.monotonic() - began > _PATIENCE:
            raise TimeoutError("the session goes on")
    return (time.monotonic() - began) * 1000


def _is_over(store: Store, token: str) -> bool:
    try:
        store.access.person(token, _DAY, winds=False)
    except NotFoundError:
        return True
    return False


def _links(place: Place, times: int) -> None:
    ran_out, used = place.link(0), place.link()
    links = {
        "made up": "A" * len(used),
        "ran out": ran_out,
        "replaced": used,
        "holds": place.link(),
    }
    with httpx.Client(base_url=place.address) as client:
        for name, secret in links.items():
            say(f"page of a link that {name}", _timed(times, lambda: client.get("/r")))
            # Fewer than what would end it.
            wrong = {"secret": secret, "pin": "x"}
            asked = partial(client.post, "/r", data=wrong)
            say(f"wrong numbers for one that {name}", _timed(4, asked))


def _timed(times: int, ask: Callable[[], object]) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return took


def say(what: str, took: Sequence[float]) -> None:
    """A line of medians and spread (ms)."""
    low, _, high = quantiles(took, n=4)
    print(
        f"{what}: median {median(took):.1f} ms, middle half {low:.1f} to {high:.1f}, slowest {max(took):.1f}"
    )


if __name__ == "__main__":
    main()
