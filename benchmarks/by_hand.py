"""How long a short note takes to type through its page, at a given speed of typing.

Usage: python -m benchmarks.by_hand [--words 40]

A real browser on a new home; a press of the pointer is given two seconds beside what the page takes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from recorder.review.web.app import create_app
from store.cases import CaseDetails
from store.people import Member
from store.store import create
from tests.e2e.by_hand import write
from tests.e2e.test_scripts import entered
from tests.integration.web.served import Server

_LETTERS = 5  # in a word, as typing speeds count them
_PRESS_SECONDS = 2.0


def main() -> int:
    """Print the keys, the presses and the seconds."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--words", type=int, default=40, help="words a minute")
    pause_ms = 60_000 // (reader.parse_args().words * _LETTERS)
    found = shutil.which("chromium")
    if found is None:
        sys.exit("Chromium is not installed")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        store = create(f"sqlite:///{home / 'recorder.db'}", home / "vault", home / "keys")
        maker = store.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "x")
        store.cases.add(CaseDetails("EV-1001", "Jordan"), maker.id, "x")
        server = Server(create_app(store, team="Evolve", timezone="Europe/London"))
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        with entered(browser, store, server.port, maker) as watched:
            page = watched.context.new_page()
            page.goto("/work")
            began = time.perf_counter()
            work = write(page, "Jordan (EV-1001)", pause_ms)
            took = time.perf_counter() - began
        browser.close()
        server.stop()
        store.close()
    whole = took + work.presses * _PRESS_SECONDS
    print(f"{work.keys} keys, {work.presses} presses: {took:.1f} s typed, {whole:.1f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
