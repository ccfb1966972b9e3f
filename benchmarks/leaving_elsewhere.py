"""How soon Exit blanks a young person's page in Firefox and WebKit, and what Back shows after it.

Usage: python -m benchmarks.leaving_elsewhere [--times N]

`benchmarks.leaving` does the same in Chromium. This one is run by hand, on a screen or under Xvfb: the browsers
and their drivers are no part of the project (Debian's firefox-esr and webkit2gtk-driver, a geckodriver on the
PATH, and selenium in the virtual environment).

Blank: from a scripted press until the page is emptied (ms; painting is not counted). Over: until the server knows
no such session, the driver's own time included. Raises where Back or what is stored shows anything of theirs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.leaving import Place, made_place, say, until_over
from recorder.review.web.session import YOUNG_LIFE

MINI = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
_NAME = "Jordan"
# Exit leads to a page of ours here: no browser of these can be given a made-up weather page.
_PRESS = """
const exit = document.querySelector("[data-exit]");
exit.href = "/accessibility";
const began = performance.now();
exit.click();
if (document.body.childElementCount || document.title) throw new Error("it is not blank");
return performance.now() - began;
"""
_LEFT = "return [document.cookie, localStorage.length, sessionStorage.length].join()"

Driver = Any  # selenium's; it is not installed with the project


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--times", type=int, default=50)
    times = reader.parse_args().times
    print(f"load at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        store, server, place = made_place(Path(folder))
        for name, opened in (("Firefox", _firefox), ("WebKit", _webkit)):
            driver = opened()
            print(f"{name} {driver.capabilities['browserVersion']}")
            took = [_left(driver, place) for _ in range(times)]
            say("Exit pressed, page blank", [each[0] for each in took])
            say("Exit pressed, session over", [each[1] for each in took])
            driver.quit()
        server.stop()
        store.close()


def _firefox() -> Driver:
    from selenium import webdriver  # type: ignore[import-not-found] # noqa: PLC0415 - by hand

    options = webdriver.FirefoxOptions()
    options.add_argument("--headless")
    options.binary_location = shutil.which("firefox-esr") or "firefox"
    service = webdriver.FirefoxService(shutil.which("geckodriver"), log_output=os.devnull)
    return webdriver.Firefox(options=options, service=service)


def _webkit() -> Driver:
    from selenium import webdriver  # noqa: PLC0415 - the same

    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(MINI)
    options.add_argument("--automation")
    service = webdriver.WebKitGTKService(shutil.which("WebKitWebDriver"))
    return webdriver.WebKitGTK(options=options, service=service)


def _left(driver: Driver, place: Place) -> tuple[float, float]:
    """From a press to a blank page, and to a session that is over (ms)."""
    driver.get(f"{place.address}/accessibility")
    token = place.store.access.begin(place.young.id, YOUNG_LIFE)
    driver.add_cookie({"name": "session", "value": token, "path": "/", "httpOnly": True})
    driver.get(f"{place.address}/summary")
    if _NAME not in driver.page_source:
        raise RuntimeError("this is not their page")
    began = time.monotonic()
    blank = float(driver.execute_script(_PRESS))
    over = until_over(place.store, token, began)
    _wait(lambda: driver.current_url.endswith("/accessibility"))
    _nothing_left(driver)
    return blank, over


def _nothing_left(driver: Driver) -> None:
    if (left := driver.execute_script(_LEFT)) != ",0,0":
        raise RuntimeError(f"something is stored: {left}")
    driver.back()
    if _NAME in driver.page_source or _NAME in driver.title:
        raise RuntimeError("Back shows their page")


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("Exit led nowhere")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
