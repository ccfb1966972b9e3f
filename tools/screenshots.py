"""Take the pictures of the pages that the documentation shows, from a fresh demo.

Needs Debian's chromium and the development packages. It takes a minute or two:

    python tools/screenshots.py

Everything on the pictures is made up: it is the demo's own team and sample.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
RECORDER = Path(sys.executable).with_name("recorder")
SIZES = {"desktop": (1280, 900), "phone": (320, 640)}
MOST_BYTES = 150_000
TICKED = (
    "safety plan",
    "walk home without",
    "in college every day",
    "ring his tutor",
    "see Jordan",
)
LOOKED_FOR = 'tutor "safety plan"'
REPLY = "Yes that is right. I rang Nan on the bus."


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo."""

    home: Path
    links: dict[str, str]  # role of staff: sign-in link, good for several sign-ins

    def run(self, *words: str) -> str:
        """What a command printed."""
        command = [str(RECORDER), *words, "--home", str(self.home)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is missing. Install it with: sudo apt-get install -y chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        demo(Path(scratch)) as running,
        sync_playwright() as playwright,
    ):
        args = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        take(running, browser)
        browser.close()


@contextmanager
def demo(scratch: Path) -> Iterator[Demo]:
    """`recorder demo`, until its note is drafted and its links are printed."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    command = [str(RECORDER), "demo", "--home", str(scratch / "home"), "--port", port]
    environ = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        try:
            yield Demo(scratch / "home", dict(_links(process)))
        finally:
            process.send_signal(signal.SIGTERM)


def _links(process: subprocess.Popen[str]) -> Iterator[tuple[str, str]]:
    role = ""
    for line in process.stdout or ():
        if found := re.fullmatch(r"  .+, (practitioner|supervisor):\n", line):
            role = found[1]
        elif "/sign-in#" in line:
            yield role, line.strip()
        elif "Ctrl-C" in line:
            return


def take(running: Demo, browser: Browser) -> None:
    """Every page in both sizes, then what comes next in the story."""
    (note,) = json.loads(running.run("notes", "list", "--by", "amara", "--json"))
    address = f"/notes/{note['id']}"
    workers = _enter(browser, running.links["practitioner"])
    managers = _enter(browser, running.links["supervisor"])
    _shoot_draft(workers, address)
    for page in workers.values():
        page.goto("/search")
        page.get_by_label("Words in notes").fill(LOOKED_FOR)
        page.get_by_role("button", name="Search").click()
    shoot(workers, "search")
    running.run("notes", "submit", note["id"], "--by", "amara")
    shoot(managers, "queue", "/queue")
    shoot(managers, "team", "/team")
    shoot(managers, "supervisor-note", address)
    shoot(managers, "supervisor-decision", f"{address}#decide")
    running.run("notes", "approve", note["id"], "--by", "ruth")
    shoot(workers, "share", f"{address}/share")
    _prepare(workers["desktop"])
    shoot(workers, "release", f"{address}/release")
    _let_see(managers["desktop"], f"{address}/release")
    for size in SIZES:  # the phone comes last
        young = _invite(running, browser, size)
        shoot({size: young}, "summary", "/summary")
    _reply(young)
    shoot(workers, "note-reply", address)


def _reply(phone: Page) -> None:
    phone.get_by_role("link", name="Read it bit by bit").click()
    shoot({"phone": phone}, "summary-step")
    phone.get_by_role("link", name="Say something about this").click()
    shoot({"phone": phone}, "say")
    phone.get_by_role("link", name="Add something").click()
    phone.get_by_role("textbox").fill(REPLY)
    phone.get_by_role("button", name="Send").click()
    shoot({"phone": phone}, "reply")


def _shoot_draft(workers: dict[str, Page], address: str) -> None:
    shoot(workers, "my-work", "/work")
    shoot(workers, "note", address)
    shoot(workers, "edit", f"{address}/edit")
    shoot(workers, "changed", f"{address}/versions")
    shoot(workers, "record", "/record")
    shoot(workers, "arrived", "/arrived")
    shoot(workers, "keys", "/keys")
    for page in workers.values():
        page.goto(address)
        page.get_by_role("link", name="Where the work stands").click()
    shoot(workers, "case")


def shoot(pages: dict[str, Page], name: str, path: str = "") -> None:
    """One page in each size, as small a file as will do; without a path, as it stands."""
    for size, page in pages.items():
        if path:
            page.goto(path)
        page.wait_for_load_state("networkidle")
        target = IMAGES / f"{name}-{size}.png"
        page.screenshot(path=target)
        _shrink(target)
        print(f"{target.name}: {target.stat().st_size} bytes")


def _enter(browser: Browser, link: str) -> dict[str, Page]:
    """Somebody's pages on a desk and on a phone, signed in."""
    return {size: _open(browser, link, size) for size in SIZES}


def _open(browser: Browser, link: str, size: str) -> Page:
    width, height = SIZES[size]
    phone: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size == "phone" else {}
    page = browser.new_context(
        base_url="/".join(link.split("/")[:3]),
        viewport={"width": width, "height": height},
        locale="en-GB",
        **phone,
    ).new_page()
    page.goto(link)
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def _invite(running: Demo, browser: Browser, size: str) -> Page:
    """A young person's page, by an invitation and its numbers; where they were before, they are out."""
    here = running.links["practitioner"].partition("/sign-in")[0]
    link, numbers = running.run("people", "link", "jordan").split()
    page = _open(browser, f"{here}/r#{link.partition('#')[2]}", size)
    page.get_by_label("Six numbers").fill(numbers)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Go on").or_(page.get_by_role("button", name="Go on")).click()
    page.wait_for_url("**/summary*")
    return page


def _prepare(page: Page) -> None:
    """Choose what the young person is to see; a colleague has to read it first."""
    for words in TICKED:
        line = page.locator(".app-worded").filter(has_text=words)
        line.get_by_role("checkbox", name="They are to see this").check()
        for name in line.get_by_role("checkbox", name="may be seen").all():
            name.check()
    page.get_by_role("button", name="Check how it reads").click()
    page.get_by_role("button", name="Ask a colleague to read it").click()


def _let_see(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Let Jordan see this").click()


def _shrink(path: Path) -> None:
    """Few colours, which pages of text do not miss."""
    with Image.open(path) as full:
        few = full.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} is too large: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
