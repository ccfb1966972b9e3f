"""Commands at a real terminal: what it asks, what it shows, and what it does not."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store import shares
from store.keystore import FILE

if TYPE_CHECKING:
    from tests.e2e.conftest import House

WORDS = "correct horse battery staple"
PROMPT = "Passphrase of "
CLEARED = "\x1b[3J"  # what a terminal keeps to scroll back to
_PATIENCE = 120  # seconds until what is never said is given up as failed

pytestmark = pytest.mark.skipif(
    shutil.which("setsid") is None, reason="setsid is not installed, so nothing has a terminal"
)


class Terminal:
    """A command with a terminal of its own, and somebody at it."""

    def __init__(self, house: House, recorder: Path, *words: str) -> None:
        self._keys, screen = pty.openpty()
        environ = house.environ | {"RECORDER_HOME": str(house.home), "TERM": "xterm"}
        argv = ["setsid", "--ctty", "--wait", str(recorder), *words]
        self.process = subprocess.Popen(
            argv, stdin=screen, stdout=screen, stderr=screen, env=environ, cwd=house.scratch
        )
        os.close(screen)
        self.seen = ""  # everything, as it came
        self._at = 0

    def until(self, text: str) -> str:
        """What is shown up to and with `text`."""
        end = time.monotonic() + _PATIENCE
        while text not in self.seen[self._at :]:
            self._more()
            assert time.monotonic() < end, f"{text!r} never came: {self.seen}"
        start, self._at = self._at, self.seen.index(text, self._at) + len(text)
        return self.seen[start : self._at]

    def type(self, text: str, end: str = "\n") -> None:
        os.write(self._keys, (text + end).encode())

    def press(self, key: str) -> None:
        """One key, once the command waits for one: what comes earlier is thrown away."""
        while termios.tcgetattr(self._keys)[3] & termios.ICANON:
            time.sleep(0.05)
        self.type(key, end="")

    def code(self) -> int:
        """Its exit code, once it has said all."""
        while self.process.poll() is None:
            self._more()
        self._more()
        os.close(self._keys)
        return self.process.returncode

    def _more(self) -> None:
        if select.select([self._keys], [], [], 0.2)[0]:
            with suppress(OSError):  # the other end is closed
                self.seen += os.read(self._keys, 65536).decode("utf-8", "replace")


Sit = Callable[..., Terminal]


@pytest.fixture
def sit(recorder: Path) -> Sit:
    return lambda house, *words: Terminal(house, recorder, *words)


def _entries(house: House) -> list[dict[str, str]]:
    content = json.loads((house.home / "keys" / FILE).read_text())
    found: list[dict[str, str]] = content["roots"][0]["entries"]
    return found


@pytest.fixture(scope="module")
def by_passphrase(house: Callable[[str], House], recorder: Path) -> House:
    """A home that nothing but a passphrase opens, made at a terminal."""
    made = house("by passphrase")
    made.said("init", "--team", "Evolve")
    made.said("people", "add", "amara", "--name", "Amara Cole", "--role", "practitioner")
    made.said("cases", "add", "EV-1001", "--name", "Jordan", "--by", "amara")
    adding = Terminal(made, recorder, "keys", "wrap", "add", "passphrase")
    for prompt in ("New passphrase", "Repeat for confirmation"):
        adding.until(prompt)
        adding.type(WORDS)
    assert adding.code() == 0
    assert WORDS not in adding.seen
    removing = Terminal(made, recorder, "keys", "wrap", "remove", _entries(made)[0]["id"])
    removing.until(PROMPT)  # another wrapper must open, here and now
    removing.type(WORDS)
    assert removing.code() == 0
    assert [each["kind"] for each in _entries(made)] == ["passphrase"]
    return made


def test_a_command_asks_for_the_passphrase_and_shows_none_of_it(
    by_passphrase: House, sit: Sit
) -> None:
    asking = sit(by_passphrase, "status")
    asking.until(PROMPT)
    asking.type("not these words at all")
    asking.until("That does not open it. Try again.")
    asking.until(PROMPT)
    asking.type(WORDS)
    assert asking.code() == 0
    assert "Recordings: none" in asking.seen
    assert WORDS not in asking.seen
    assert "not these words" not in asking.seen


def test_three_wrong_passphrases_are_enough(by_passphrase: House, sit: Sit) -> None:
    asking = sit(by_passphrase, "audit", "verify")
    for _ in range(3):
        asking.until(PROMPT)
        asking.type("not these words at all")
    assert asking.code() == 2
    assert "what was given does not open it" in asking.seen


def test_nothing_typed_is_no_passphrase(by_passphrase: House, sit: Sit) -> None:
    asking = sit(by_passphrase, "doctor")
    asking.until(PROMPT)
    asking.type("")
    assert asking.code() == 1
    assert "no passphrase was given" in asking.seen


def test_without_a_terminal_the_way_is_said(by_passphrase: House, recorder: Path) -> None:
    done = subprocess.run(
        ["setsid", "--wait", recorder, "status", "--home", by_passphrase.home],
        env=by_passphrase.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no terminal to ask for the passphrase at: set passphrase_file" in done.stderr
    assert done.stderr.count("\n") == 1


def _status(house: House, recorder: Path) -> dict[str, dict[str, int]]:
    """As another program would ask, with the passphrase through a pipe."""
    done = subprocess.run(
        [recorder, "status", "--json", "--home", house.home],
        env=house.environ | {"RECORDER_PASSPHRASE_FILE": "/dev/stdin"},
        input=WORDS + "\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


def test_run_asks_once_and_its_workers_need_not(
    by_passphrase: House, sit: Sit, recorder: Path
) -> None:
    made = by_passphrase
    whole, note = made.scratch / "whole.ogg", made.home / "intake" / "amara" / "EV-1001" / "n.wav"
    whole.write_bytes((resources.files("recorder.sample") / "voice-note.ogg").read_bytes())
    argv = ["ffmpeg", "-v", "error", "-ss", "42.8", "-t", "7", "-i", str(whole), str(note)]
    subprocess.run(argv, check=True)
    with _running(sit, made) as running:
        made.until(lambda: made.states("notes") == {"draft": 1}, "the note to be drafted")
        assert _status(made, recorder)["notes"] == {"draft": 1}
    assert running.seen.count(PROMPT) == 1
    assert WORDS not in running.seen


@contextmanager
def _running(sit: Sit, made: House) -> Iterator[Terminal]:
    running = sit(made, "run", "--port", str(made.port))
    try:
        running.until(PROMPT)
        running.type(WORDS)
        running.until("ready")
        yield running
    finally:
        os.killpg(os.getpgid(_child(running.process.pid)), signal.SIGTERM)
    assert running.code() == 0


def _child(pid: int) -> int:
    """The command that setsid started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else pid


# --- recovery shares ----------------------------------------------------------------------------


def _sheet_words(shown: str) -> str:
    """What somebody would copy off the screen."""
    plain = [line for line in shown.splitlines() if re.match(r" ?\d+ [a-z]+ ", line)]
    return " ".join(shares.words_in("\n".join(plain)))


def test_shares_are_shown_one_by_one_and_typed_back(
    house: Callable[[str], House], sit: Sit
) -> None:
    made = house("shares")
    made.said("init")
    making, sheets = sit(made, "keys", "init", "--shares", "3", "--threshold", "2"), []
    for then in ("for the next one", "for the next one", "to begin the rehearsal"):
        sheets.append(_sheet_words(making.until(f"Then press a key {then}")))
        making.press(" ")
        making.until(CLEARED)  # each is gone before the next one is shown
    assert [len(sheet.split()) for sheet in sheets] == [33, 33, 33]
    last = sheets[2].split()
    for typed, prompt in (
        (last[:12], "First share, words 1 to 33"),
        (["zebra", *last[12:20]], "words 13 to 33"),  # a slip costs its line alone
        (last[12:], "words 13 to 33"),
        (last, "Share 2 of 2, words 1 to 33"),  # the same sheet twice
        ([word[:4] for word in sheets[0].split()], "Share 2 of 2, words 1 to 33"),
    ):
        making.until(prompt)
        making.type(" ".join(typed))
    assert making.code() == 0
    assert "Word 13 is not one of the words" in making.seen
    assert "this share was given already" in making.seen
    assert making.seen.index("rehearsed: 2 of the 3") > making.seen.rindex(CLEARED)
    _recovered(made, sit, sheets[:2])


def _recovered(made: House, sit: Sit, sheets: list[str]) -> None:
    shutil.move(made.home / "keys", made.scratch / "lost")
    recovering = sit(made, "keys", "recover")
    for sheet, prompt in zip(sheets, ("First share", "Share 2 of 2"), strict=True):
        recovering.until(f"{prompt}, words 1 to 33")
        recovering.type(sheet)
    assert recovering.code() == 0
    assert "recovered: the home opens again" in recovering.seen
    assert made.said("status").startswith("Recordings: none")
