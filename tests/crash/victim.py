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
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event

from recorder import scheduler
from recorder.commands import serve
from recorder.commands.running import alone, watching
from recorder.home import Home, open_home, open_receiving
from recorder.intake.keyless import Keyless
from recorder.intake.watch import Watcher
from recorder.logs import to_stderr
from recorder.making import make_or_wait
from recorder.pipeline import STAGES, Work
from recorder.scheduler import work_through
from store.fs import Disk
from store.hold import Hold
from store.session import Database
from tests.crash.mail import Mail
from transcribe.engine import Parameters
from transcribe.model import Part, Segment, Transcript, Word

_CALLS = ("make_folder", "create", "write", "sync", "close", "rename", "remove", "sync_folder")
_LONGEST = 0.5  # seconds that a life may last before it is cut off from outside
_PATIENCE = 120  # seconds without a step after which a life has gone wrong
_STEPS = 250  # calls to disk and database after which it is cut off from inside, at most


Role = Callable[[Path, int | None], None]
"""(home, steps after which to be killed) -> ends when there is nothing left to do."""


class Digesting:
    """Hears nothing, and says which samples it was given: every word is checked afterwards."""

    def parameters(
        self,
        hotwords: str | None,  # noqa: ARG002 - the Protocol's
        names: Sequence[str] = (),  # noqa: ARG002 - the Protocol's
        terms: Sequence[str] = (),  # noqa: ARG002 - likewise
    ) -> Parameters:
        return {"how": "digest"}

    def common(self, word: str) -> bool:  # noqa: ARG002 - the Protocol's
        return True

    def hear(  # noqa: PLR0913 - the Protocol's
        self,
        pcm: Iterable[bytes],
        *,
        language: str,
        hotwords: str | None,
        names: Sequence[str] = (),  # noqa: ARG002 - the Protocol's
        terms: Sequence[str] = (),  # noqa: ARG002 - likewise
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

    def __init__(self, job: Callable[[str], str]) -> None:
        self._job = job
        self._executor = ThreadPoolExecutor(self.room)

    def submit(self, recording_id: str) -> Future[str]:
        return self._executor.submit(self._job, recording_id)

    def close(self) -> None:
        self._executor.shutdown()


@dataclass
class Tally:
    """How the lives ended."""

    killed: int = 0
    finished: int = 0  # with nothing left to do
    sent: list[dict[str, Any]] = field(default_factory=list)


def main(folder: Path, seed: str, kills: int) -> None:
    """Live and die until `kills` processes were killed, then live once to the end."""
    rng = random.Random(seed)
    home = open_home(folder)
    mail = Mail(home.settings.intake, rng, home.store.laptops.recipients()[:1])
    intake = home.settings.intake
    roles = (run,) if home.settings.intake_by == "run" else (run, receive)
    home.close()  # a fork must not inherit a database connection
    tally = Tally()
    while tally.killed < kills:
        mail.grow()
        if sum(1 for path in intake.rglob("*") if path.is_file()) < 3:
            mail.drop_batch()
        _live_once(folder, rng, roles, tally)
    while mail.arriving:
        mail.grow()
    _end(folder, roles, tally)
    tally.sent = [{k: v for k, v in asdict(each).items() if k != "content"} for each in mail.sent]
    print(json.dumps(asdict(tally)))  # noqa: T201 - what it is asked for


def _live_once(folder: Path, rng: random.Random, roles: Sequence[Role], tally: Tally) -> None:
    """A process for every role; one of them is killed at a moment of its own, then the others."""
    first, inside = rng.randrange(len(roles)), rng.random() < 0.5
    steps, seconds = rng.randrange(1, _STEPS), rng.uniform(0.0, _LONGEST)
    children = [
        _born(folder, role, steps if inside and number == first else None)
        for number, role in enumerate(roles)
    ]
    children.insert(0, children.pop(first))
    if not inside:
        time.sleep(seconds)
        os.kill(children[0], signal.SIGKILL)
    for number, child in enumerate(children):
        if number:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert status in (0, signal.SIGKILL), "a process ended by itself"
        tally.finished += status == 0
        tally.killed += status == signal.SIGKILL


def _end(folder: Path, roles: Sequence[Role], tally: Tally) -> None:
    last, *others = [_born(folder, role, None) for role in roles]
    _, status = os.waitpid(last, 0)
    for child in others:  # it watches for ever
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert status == 0, "the last process did not end well"
    tally.finished += 1


def _born(folder: Path, role: Role, steps: int | None) -> int:
    child = os.fork()
    if child:
        return child
    try:
        to_stderr(logging.ERROR)
        _going()
        role(folder, steps)
        os._exit(0)
    except BaseException:
        logging.getLogger(__name__).exception("died of itself")
        os._exit(1)


def _going() -> None:
    """This life got on: only if it does not again for long, it hangs, and says where.

    A busy machine may take its time for all that is left at the end.
    """
    faulthandler.dump_traceback_later(_PATIENCE, exit=True)


def run(folder: Path, steps: int | None) -> None:
    """Watch, work and keep up like `recorder run`, until nothing is left to do."""
    home = open_home(folder)
    _die_after(home.store.database, steps)
    scheduler._FRESH_SECONDS = 0.02  # lives are short here
    with alone(home) as hold, _going_on(home, hold):
        before = _left(home)
        while any(before):
            time.sleep(0.02)
            if (now := _left(home)) != before:
                _going()
                before = now
    home.close()


def drafting(home: Home) -> Threads:
    """Workers on the way to a note."""
    work = Work(home, Digesting)
    return Threads(lambda recording_id: work_through(work, recording_id))


def _going_on(home: Home, hold: Hold) -> AbstractContextManager[None]:
    copies = Threads(lambda recording_id: make_or_wait(home, recording_id, lambda: False))
    return serve.going_on(home, drafting(home), copies, hold)


def receive(folder: Path, steps: int | None) -> None:
    """Take files in like `recorder receive`, without the root key, until killed."""
    settings, receiving = open_receiving(folder)
    _die_after(receiving._database, steps)
    with watching(folder):
        Watcher(settings, Keyless(settings, receiving)).run(_Never(os.getppid()))


class _Never(threading.Event):
    """Asked at every look, so that looking is getting on; set only once nobody is left to kill it."""

    def __init__(self, parent: int) -> None:
        super().__init__()
        self._parent = parent

    def is_set(self) -> bool:
        _going()
        return os.getppid() != self._parent


def _left(home: Home) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """What is still to do: files, what waits to be adopted, and recordings with their states."""
    files = sorted(str(path) for path in home.settings.intake.rglob("*") if path.is_file())
    due = home.store.recordings.all(*STAGES)
    return files, list(home.store.arrivals.ids()), [(each.id, each.state) for each in due]


def _die_after(database: Database, steps: int | None) -> None:
    """Be killed at a call to the disk or the database: before it, or when it has just returned."""
    if steps is None:
        return
    count = itertools.count(1)

    def step(*_: object, **__: object) -> None:
        if next(count) == steps:
            _die()

    # Sources are removed by Path itself.
    for owner, name in (*((Disk, name) for name in _CALLS), (Path, "unlink")):
        setattr(owner, name, _counted(getattr(owner, name), step))
    engine = database.engine
    event.listen(engine, "after_cursor_execute", step)
    event.listen(engine, "commit", step)


def die_before(database: Database, steps: int) -> None:
    """Be killed before a call to the disk, or a commit, of this process."""
    count = itertools.count(1)

    def step(*_: object) -> None:
        if next(count) == steps:
            _die()

    for name in _CALLS:
        setattr(Disk, name, _preceded(getattr(Disk, name), step))
    event.listen(database.engine, "commit", step)


def _preceded(call: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    @functools.wraps(call)
    def preceded(*args: Any, **kwargs: Any) -> Any:
        step()
        return call(*args, **kwargs)

    return preceded


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
