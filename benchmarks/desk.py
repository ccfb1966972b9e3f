"""How long every page of the review desk takes with a council's worth of notes, on this machine.

Usage: python -m benchmarks.desk [--notes 100000] [--cases 20000] [--times 20] [--home FOLDER] [--only PATH]
    [--database postgresql+psycopg://USER@HOST/DATABASE]

A home of made-up notes, sealed as real ones are, is filled once and kept in FOLDER (by default the
folder for temporary files); its rows are in a SQLite file there, or in an empty database that is named. Every address that the app answers with GET is asked for through the
whole app, signed in, about another note each time; one that the table below does not know, and one
that fails, ends the run. The first request of each line is told apart: it opens keys that the
process keeps from then on, beside which no word of a note is kept between two requests. Milliseconds by the wall
clock and by the processor's: on a busy machine the first say how busy it is. Bytes of the page, and
as they are sent.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from starlette.testclient import TestClient

from benchmarks.deskhome import Home, found
from recorder.review.web.app import create_app, settle
from recorder.review.web.session import STAFF_LIFE, YOUNG_LIFE
from store.store import Store
from tests.integration.web.matrix import ADDRESS, routes

_OWN_PAGE = {"sec-fetch-site": "same-origin", "accept-encoding": "gzip"}  # as a browser says
At = Callable[[Home, int], str]
LIMIT_MS, LIMIT_BYTES = 150, 30_000
BOTH, BOSS, OWN, YOUNG = (
    ("practitioner", "supervisor"),
    ("supervisor",),
    ("practitioner",),
    ("young_person",),
)


class Took(NamedTuple):
    """What a request took, in ms, and its answer's bytes: as they are read, and as they were sent."""

    wall: float
    processor: float
    size: int
    sent: int


def note(path: str) -> At:
    return lambda home, n: path.format(home.notes[n % len(home.notes)])


def written(path: str) -> At:
    """Of those that are being written: every fourth, but for the first."""
    return lambda home, n: path.format(home.notes[4 + 4 * n % (len(home.notes) - 4)])


def recording(path: str) -> At:
    return lambda home, n: path.format(home.recordings[n % len(home.recordings)])


def shared(path: str) -> At:
    """Of the one that was shared."""
    return lambda home, _: path.format(home.shared)


def same(path: str) -> At:
    return lambda _home, _n: path


# Who asks, and for what; several addresses of one path are lines of their own.
PAGES: dict[str, list[tuple[Sequence[str], At]]] = {
    "/work": [
        (BOTH, same("/work")),
        (BOSS, same("/work?show=draft&page=2")),
        (BOTH, same("/work?show=approved")),
        (BOTH, same("/work?show=replies")),
    ],
    "/work/progress": [(BOTH, same("/work/progress"))],
    "/cases/{case_id}/invite": [
        (BOTH, lambda home, n: f"/cases/{home.cases[n % len(home.cases)]}/invite")
    ],
    "/calls": [(BOTH, same("/calls"))],
    "/calls/now": [(BOTH, same("/calls/now"))],
    "/queue": [(BOSS, same("/queue")), (BOSS, same("/queue?late=yes&page=2"))],
    "/team": [(BOSS, same("/team"))],
    "/arrived": [(BOTH, same("/arrived")), (BOTH, same("/arrived?page=20"))],
    "/unclaimed": [(BOSS, same("/unclaimed"))],
    "/attempts/new": [(BOTH, same("/attempts/new"))],
    "/search": [(BOTH, same("/search"))],
    "/account": [(BOTH, same("/account"))],
    "/account/password": [(BOTH, same("/account/password"))],
    "/cases": [(BOTH, same("/cases"))],
    "/cases/{case_id}": [(BOTH, lambda home, n: f"/cases/{home.cases[n % len(home.cases)]}")],
    "/cases/{case_id}/access": [
        (BOTH, lambda home, n: f"/cases/{home.cases[n % len(home.cases)]}/access")
    ],
    "/cases/{case_id}/chronology": [
        (BOTH, lambda home, n: f"/cases/{home.cases[n % len(home.cases)]}/chronology")
    ],
    "/mosaic/cases/{case_id}": [
        (BOTH, lambda home, n: f"/mosaic/cases/{home.cases[n % len(home.cases)]}")
    ],
    "/mosaic": [(BOTH, same("/mosaic"))],
    "/mosaic/{note_id}": [(BOTH, shared("/mosaic/{}"))],
    "/people": [(BOSS, same("/people"))],
    "/notes/{note_id}": [(BOTH, note("/notes/{}"))],
    "/notes/{note_id}/contact": [(BOTH, written("/notes/{}/contact"))],
    "/notes/{note_id}/edit": [(BOTH, written("/notes/{}/edit"))],
    "/notes/{note_id}/facts": [(BOTH, written("/notes/{}/facts"))],
    "/notes/{note_id}/members": [(BOTH, note("/notes/{}/members"))],
    "/notes/{note_id}/sentences/{statement_id}": [(BOTH, written("/notes/{}/sentences/s0"))],
    "/notes/{note_id}/release": [(BOTH, lambda home, _: f"/notes/{home.shared}/release")],
    "/notes/{note_id}/risk": [(BOTH, lambda home, _: f"/notes/{home.shared}/risk")],
    "/notes/{note_id}/share": [(BOTH, lambda home, _: f"/notes/{home.shared}/share")],
    "/notes/{note_id}/versions": [(BOTH, note("/notes/{}/versions"))],
    "/recordings/{recording_id}": [(BOTH, recording("/recordings/{}"))],
    "/recordings/{recording_id}/agreement": [(BOTH, recording("/recordings/{}/agreement"))],
    "/recordings/{recording_id}/media": [(BOTH, recording("/recordings/{}/media"))],
    "/summary": [(YOUNG, same("/summary"))],
    "/summary/agreed": [(YOUNG, same("/summary/agreed"))],
    "/summary/more": [(YOUNG, same("/summary/more"))],
    "/summary/things": [(YOUNG, same("/summary/things"))],
    "/summary/wall": [(YOUNG, same("/summary/wall"))],
    "/wall": [(BOTH, same("/wall"))],
    "/cases/{case_id}/stories": [
        (BOTH, lambda home, n: f"/cases/{home.cases[n % len(home.cases)]}/stories")
    ],
    "/summary/view": [(YOUNG, same("/summary/view"))],
    "/summary/{note_id}": [(YOUNG, shared("/summary/{}"))],
    "/summary/{note_id}/draw": [(YOUNG, shared("/summary/{}/draw"))],
    "/summary/{note_id}/reply": [(YOUNG, shared("/summary/{}/reply"))],
    "/summary/{note_id}/say": [(YOUNG, shared("/summary/{}/say"))],
    "/summary/{note_id}/voice": [(YOUNG, shared("/summary/{}/voice"))],
    "/summary/{note_id}/steps/{number}": [(YOUNG, shared("/summary/{}/steps/1"))],
    "/supervision/{person_id}": [(BOTH, lambda home, _: f"/supervision/{home.practitioner}")],
    "/record": [(BOTH, same("/record"))],
    "/typed/new": [(BOTH, same("/typed/new?kind=case_note"))],
    "/keys": [(BOTH, same("/keys"))],
    "/api/uploads": [(BOTH, same("/api/uploads"))],
    "/sign-in": [(OWN, same("/sign-in"))],
    "/accessibility": [(OWN, same("/accessibility"))],
    "/visits": [(OWN, same("/visits"))],
    "/emergency": [(BOTH, same("/emergency"))],
}
# No pages of the desk, or there are none of such in this home.
BESIDE = {
    "/r",  # what an invitation leads to
    "/r/before",
    "/r/done",
    "/",  # sends on
    "/static",
    "/api/uploads/{upload_id}",
    "/listen-again",  # only where a sample is drawn
    "/listen-again/{note_id}",
    "/notes/{note_id}/drawings",  # of supervisions
    "/notes/{note_id}/drawings/{recording_id}",
    "/notes/{note_id}/pictures/{recording_id}",
    "/notes/{note_id}/sentences/{statement_id}/sound",  # of no note about several
    "/oversight",  # data protection's, of whom there is none
    "/oversight/certificates",
    "/handing",
    "/handing/{case_id}",
    "/handing/{case_id}/entries/{number}",
    "/handing/{case_id}/pictures/{recording_id}",
    "/handing/{case_id}/recordings/{recording_id}/sound",
    "/oversight/retention",
    "/recordings/{recording_id}/film",
    "/recordings/{recording_id}/peaks",  # a part of the note page, made once and kept sealed
    "/recordings/{recording_id}/picture",
    "/recordings/{recording_id}/poster/{number}",
    "/recordings/{recording_id}/straightened",
    "/recordings/{recording_id}/thumbnail",
    "/search/{number}",
    "/sign-in/provider/back",  # comes from elsewhere
    "/stories/{story_id}",  # nobody has told any
    "/summary/things/all",  # nobody keeps anything
    "/summary/things/{thing_id}",
    "/summary/things/{thing_id}/file",
    "/summary/things/{thing_id}/picture",
    "/summary/{note_id}/pictures/{recording_id}",
    "/summary/{note_id}/said/{said_id}",  # nobody has said anything
    "/summary/{note_id}/said/{said_id}/picture",
    "/summary/{note_id}/said/{said_id}/sound",
}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--notes", type=int, default=100_000)
    reader.add_argument("--cases", type=int, default=20_000)
    reader.add_argument("--times", type=int, default=20)
    reader.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "desk")
    reader.add_argument("--only", default="")
    reader.add_argument("--database", default="")
    asked = reader.parse_args()
    store, home = found(asked.home, asked.notes, asked.cases, asked.database)
    print(
        f"{store.database.describe()}; load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors"
    )
    print(
        f"{'page, who':58} {'wall, ms':>13}  {'processor':>13}  {'first':>6} {'kB':>7} {'sent':>6}"
    )
    print(f"{'':58} {'p50':>6} {'p95':>6}  {'p50':>6} {'p95':>6}")
    slow = measure(store, home, asked.times, asked.only)
    store.close()
    print(f"over {LIMIT_MS} ms of the processor's at p95: {', '.join(slow) or 'none'}")


def measure(store: Store, home: Home, times: int, only: str) -> list[str]:
    """What is over the limit."""
    app = create_app(store, team="Evolve", timezone="Europe/London")
    settle(app)
    app.state.live.close()  # what an open page is told ends with its first line
    there = {path for method, path in routes(app) if method == "GET"}
    if unknown := there - PAGES.keys() - BESIDE:
        raise SystemExit(f"nobody said how these are asked for: {', '.join(sorted(unknown))}")
    tokens = {
        who: store.access.begin(getattr(home, who), YOUNG_LIFE if who in YOUNG else STAFF_LIFE)
        for who in ("practitioner", "supervisor", "young_person")
    }
    slow = []
    with TestClient(app, base_url=ADDRESS, follow_redirects=False) as client:
        for path in sorted(there & PAGES.keys()):
            for people, at in PAGES[path] if only in path else []:
                for who in people:
                    what = f"{at(home, 0) if '{' not in path else path}, {who}"
                    if line(client, what, tokens[who], partial(at, home), times):
                        slow.append(what)
    return slow


def line(
    client: TestClient, what: str, token: str, where: Callable[[int], str], times: int
) -> bool:
    """Ask that often and print it; whether it is over the limit."""
    took = [asked(client, what, token, where(0))]  # the first, which finds nothing read yet
    took += [asked(client, what, token, where(number)) for number in range(1, times + 1)]
    walls, processors = [each.wall for each in took[1:]], [each.processor for each in took[1:]]
    size, sent = max(each.size for each in took), max(each.sent for each in took)
    shown = (*(at(walls, p) for p in (50, 95)), *(at(processors, p) for p in (50, 95)))
    numbers = "{:6.0f} {:6.0f}  {:6.0f} {:6.0f}".format(*shown)
    sizes = f"{size / 1000:7.1f} {sent / 1000:6.1f}"
    print(f"{what:58} {numbers}  {took[0].processor:6.0f} {sizes}", flush=True)
    return at(processors, 95) > LIMIT_MS


def asked(client: TestClient, what: str, token: str, where: str) -> Took:
    """One request."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = client.get(where, headers={"cookie": f"session={token}", **_OWN_PAGE})
    took = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - processor)
    if answer.status_code not in (200, 206):
        raise SystemExit(f"{what}: answered {answer.status_code}")
    size = len(answer.content)
    return Took(*took, size, int(answer.headers.get("content-length", size)))


def at(values: Sequence[float], percent: int) -> float:
    """A percentile."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


if __name__ == "__main__":
    main()
