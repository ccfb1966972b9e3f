"""What `recorder run` does to a home, in a process that is to be killed.

Started as a program it loads everything once, then forks a process for every life: threads, home
and database are each life's own. It prints one line of JSON: how the lives ended.
"""

from __future__ import annotations

import faulthandler
import functools
import hashlib
import itertools
import json
import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event

from recorder import scheduler
from recorder.commands import serve
from recorder.commands.running import alone
from recorder.home import Home, open_home
from recorder.logs import to_stderr
from recorder.pipeline import STAGES, Work
from recorder.scheduler import work_through
from store.fs import Disk
from tests.crash.mail import Mail
from transcribe.engine import Parameters
from transcribe.model import Part, Segment, Transcript, Word

_CALLS = ("make_folder", "create", "write", "sync", "close", "rename", "remove", "sync_folder")
_LONGEST = 0.5  # seconds that a life may last before it is cut off from outside
_PATIENCE = 120  # seconds after which a life has gone wrong
_STEPS = 250  # calls to disk and database after which it is cut off from inside, at most


class Digesting:
    """Hears nothing, and says which samples it was given: every word is checked afterwards."""

    def parameters(self, hotwords: str | None) -> Parameters:  # noqa: ARG002 - the Protocol's
        return {"how": "digest"}

    def hear(
        self,
        pcm: Iterable[bytes],
        *,
        language: str,
        hotwords: str | None,
        parts: Sequence[Part] = (),
        keep: Callable[[Part], None] | None = None,
    ) -> Transcript:
        samples = b"".join(pcm)
        said = hashlib.sha256(samples).hexdigest()
        heard = list(parts)
        for number in range(len(parts), 2):  # two windows, each stored by itself
            heard.append(_window(number, f"He told me about {said} at the station."))
            if keep is not None:
                keep(heard[-1])
        segments = tuple(segment for part in heard for segment in part.segments)
        return Transcript("digest", "0" * 64, language, self.parameters(hotwords), 500, segments)


def _window(number: int, said: str) -> Part:
    start = number * 200
    words = tuple(
        Word(start + 10 * place, start + 10 * place + 9, f" {each}", 0.9)
        for place, each in enumerate(said.split())
    )
    return Part(3200 * (number + 1), (Segment(start, words[-1].end_ms, said, words=words),))


class Threads:
    """Workers in this process: it is this one that is killed."""

    room = 1

    def __init__(self, home: Home) -> None:
        self._work = Work(home, Digesting)
        self._executor = ThreadPoolExecutor(self.room)

    def submit(self, recording_id: str) -> Future[str]:
        return self._executor.submit(work_through, self._work, recording_id)

    def close(self) -> None:
        self._executor.shutdown()


@dataclass
class Tally:
    """How the lives ended."""

    killed: int = 0
    finished: int = 0  # with nothing left to do
    sent: list[dict[str, Any]] = field(default_factory=list)


def main(folder: Path, seed: str, kills: int) -> None:
    """Live and die `kills` times, then once to the end."""
    rng = random.Random(seed)
    home = open_home(folder)
    mail = Mail(home.settings.intake, rng, home.store.laptops.recipients()[:1])
    intake = home.settings.intake
    home.close()  # a fork must not inherit a database connection
    tally = Tally()
    while tally.killed < kills:
        mail.grow()
        if sum(1 for path in intake.rglob("*") if path.is_file()) < 3:
            mail.drop_batch()
        _live_once(folder, rng, tally)
    while mail.arriving:
        mail.grow()
    _end(folder, tally)
    tally.sent = [{k: v for k, v in asdict(each).items() if k != "content"} for each in mail.sent]
    print(json.dumps(asdict(tally)))  # noqa: T201 - what it is asked for


def _live_once(folder: Path, rng: random.Random, tally: Tally) -> None:
    inside = rng.random() < 0.5
    steps, seconds = rng.randrange(1, _STEPS), rng.uniform(0.0, _LONGEST)
    child = _born(folder, steps if inside else None)
    if not inside:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0, "a process ended by itself"
        tally.finished += 1
    else:
        tally.killed += 1


def _end(folder: Path, tally: Tally) -> None:
    _, status = os.waitpid(_born(folder, None), 0)
    assert status == 0, "the last process did not end well"
    tally.finished += 1


def _born(folder: Path, steps: int | None) -> int:
    child = os.fork()
    if child:
        return child
    try:
        _live(folder, steps)
        os._exit(0)
    except BaseException:
        logging.getLogger(__name__).exception("died of itself")
        os._exit(1)


def _live(folder: Path, steps: int | None) -> None:
    """Watch, work and sign like `recorder run`, until nothing is left to do."""
    faulthandler.dump_traceback_later(_PATIENCE, exit=True)  # it hangs: say where
    to_stderr(logging.ERROR)
    home = open_home(folder)
    if steps is not None:
        _die_after(home, steps)
    scheduler._FRESH_SECONDS = 0.02  # lives are short here
    with alone(home.folder), serve.going_on(home, Threads(home)):
        while not _idle(home):
            time.sleep(0.02)
    home.close()


def _idle(home: Home) -> bool:
    files = any(path.is_file() for path in home.settings.intake.rglob("*"))
    return not files and not home.store.recordings.all(*STAGES)


def _die_after(home: Home, steps: int) -> None:
    """Be killed at a call to the disk or the database: before it, or when it has just returned."""
    count = itertools.count(1)

    def step(*_: object, **__: object) -> None:
        if next(count) == steps:
            _die()

    for name in _CALLS:
        setattr(Disk, name, _counted(getattr(Disk, name), step))
    for path_call in ("unlink",):
        setattr(Path, path_call, _counted(getattr(Path, path_call), step))
    engine = home.store.database.engine
    event.listen(engine, "after_cursor_execute", step)
    event.listen(engine, "commit", step)


def _counted(call: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    @functools.wraps(call)
    def counted(*args: Any, **kwargs: Any) -> Any:
        step()
        result = call(*args, **kwargs)
        step()
        return result

    return counted


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives this")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
