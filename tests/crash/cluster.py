"""Machines that work for one team, of which one after the other is killed.

Started as a program it loads everything once, then forks a process for every machine: two that run
`recorder run --standby`, of which one leads, and some that run `recorder worker`. It prints one line
of JSON: what was sent and how the machines ended.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from recorder import cluster, doctor, retrying, scheduler, workers
from recorder import home as homes
from recorder.commands import running, serve
from recorder.commands.worker import worker
from recorder.home import Home, open_home
from recorder.logs import to_stderr
from recorder.pipeline import STAGES
from recorder.status import status_of
from store.hold import Running
from store.postgres import _RUNNING
from store.session import Database
from tests.crash.mail import Mail
from tests.crash.victim import Digesting, _die_after

WORKERS = 3
_PATIENCE = 1200  # seconds after which a machine has gone wrong
_LONGEST = 0.8  # seconds between two kills
_STEPS = 150  # calls to disk and database after which a worker is killed from inside, at most
_LEADERS_KILLED, _LEADERS_CUT = 0.2, 0.15  # of all attacks; the others kill workers
_CUT = text(
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks "
    "WHERE locktype = 'advisory' AND objid::bigint = :half"
)
_HELD = text(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid::bigint = :half"
)
_LOOKS, _LOOK = 300, 0.1  # how often it is looked whether somebody leads, and the seconds between
_IDLE_LOOKS = 600


@dataclass(frozen=True, slots=True)
class Leader:
    """A machine that may lead."""

    folder: Path
    port: int  # where its pages answer, once it leads


@dataclass
class Tally:
    """How the machines ended."""

    workers_killed: int = 0
    leaders_killed: int = 0
    leaders_cut: int = 0  # off from their lock; they live on
    most_looks: int = 0  # until another one led
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def attacks(self) -> int:
        return self.workers_killed + self.leaders_killed + self.leaders_cut


class Team:
    """All machines of one team, and which of them runs as which process."""

    def __init__(self, leaders: list[Leader], worker_folder: Path, addresses: list[str]) -> None:
        self._leaders = leaders
        self._worker_folder = worker_folder
        self._doors = [part for each in addresses for part in ("--scheduler", each)]
        self._leading: dict[int, int] = {}  # a leader's place: its process
        self._working: list[int] = []

    def start(self) -> None:
        """Everybody begins."""
        for place in range(len(self._leaders)):
            self._start_leader(place)
        for _ in range(WORKERS):
            self._start_worker(None)

    def kill_worker(self, chance: random.Random) -> None:
        """One worker is killed and another one joins, whose moment may be set already."""
        one = self._working.pop(chance.randrange(len(self._working)))
        _end(one, signal.SIGKILL)
        self._start_worker(chance.randrange(1, _STEPS) if chance.random() < 0.5 else None)

    def replace_dead(self) -> int:
        """Others join for workers that were killed from inside; how many there were."""
        for one in self._leading.values():
            assert os.waitpid(one, os.WNOHANG) == (0, 0), "a leader ended by itself"
        dead = [one for one in self._working if os.waitpid(one, os.WNOHANG)[0]]
        self._working = [one for one in self._working if one not in dead]
        for _ in dead:
            self._start_worker(None)
        return len(dead)

    def kill_leader(self) -> int:
        """Whoever leads is killed, and joins again; how many looks it took until another one led."""
        place = self.leader()
        _end(self._leading.pop(place), signal.SIGKILL)
        looks = self._looks_until_another_leads(place)
        self._start_leader(place)
        return looks

    def cut_leader(self, database: str) -> int:
        """Whoever leads loses the connection that holds its lock; how many looks until one has it.

        That may be the same machine: what was cut off is the connection alone.
        """
        before = _holder(database)
        _in_passing(lambda: _cut(database))
        for look in range(1, _LOOKS):
            time.sleep(_LOOK)
            if _holder(database) not in ("", before):
                return look
        raise AssertionError("nobody took the lock again")

    def _looks_until_another_leads(self, place: int) -> int:
        for look in range(1, _LOOKS):
            time.sleep(_LOOK)
            with suppress(LookupError):
                if self.leader() != place:
                    return look
        raise AssertionError("nobody took over")

    def leader(self) -> int:
        """The place of who leads; LookupError while nobody does."""
        for place, each in enumerate(self._leaders):
            with suppress(OSError), socket.create_connection(("127.0.0.1", each.port)):
                return place
        raise LookupError

    def stop(self) -> None:
        """Everybody ends, as they are told to."""
        for process in (*self._leading.values(), *self._working):
            _end(process, signal.SIGTERM)

    def kill(self) -> None:
        """Nobody lives on."""
        for process in (*self._leading.values(), *self._working):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _start_leader(self, place: int) -> None:
        each = self._leaders[place]
        arguments = ["--home", str(each.folder), "--port", str(each.port), "--standby"]
        self._leading[place] = _born(lambda: serve.run.main(arguments, standalone_mode=False))

    def _start_worker(self, steps: int | None) -> None:
        arguments = ["--home", str(self._worker_folder), *self._doors]

        def work() -> None:
            _open_counted(steps)
            worker.main(arguments, standalone_mode=False)

        self._working.append(_born(work))


def _open_counted(steps: int | None) -> None:
    """A worker's home, once it opens it for its jobs, counts down to its end."""

    def opened(folder: Path, asked: homes.Asked | None = None) -> Home:
        found = open_home(folder, asked)
        _die_after(found.store.database, steps)
        return found

    pytest.MonkeyPatch().setattr(workers, "open_home", opened)


def _born(live: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os.dup2(2, 1)  # standard output is for the tally
        to_stderr(logging.ERROR)
        faulthandler.dump_traceback_later(_PATIENCE, exit=True)  # it hangs: say where
        live()
        os._exit(0)
    except BaseException:
        logging.getLogger(__name__).exception("died of itself")
        os._exit(1)


def _end(process: int, number: int) -> None:
    os.kill(process, number)
    _, status = os.waitpid(process, 0)
    assert status in (0, signal.SIGKILL), f"a machine ended by itself: {status}"


def _hurry() -> None:
    """Lives are short here, and nothing is heard but how it was sent."""
    patch = pytest.MonkeyPatch()
    patch.setattr(scheduler, "_FRESH_SECONDS", 0.05)
    patch.setattr(retrying, "_FIRST_WAIT_MS", 50)
    patch.setattr(retrying, "_LONGEST_WAIT_MS", 500)
    for module in (running, serve):
        patch.setattr(module, "LOOK_SECONDS", 0.2)
    patch.setattr(cluster, "_PAUSE_SECONDS", 0.1)
    patch.setattr(cluster, "_PATIENCE", "1 s")
    patch.setattr(workers, "load_engine", lambda _settings: Digesting())


def _idle(folder: Path) -> bool:
    found = open_home(folder)
    files = any(path.is_file() for path in found.settings.intake.rglob("*"))
    return not (files or found.store.recordings.all(*STAGES))


def _one_leads_one_stands_by(folder: Path) -> bool:
    """As status and doctor tell it."""
    found = open_home(folder)
    told = {finding.sentence for finding in doctor._running(found)}
    return told == {"one machine runs, 1 standing by"} and status_of(found).running == Running(
        leading=True, standing_by=1
    )


def _soon(met: Callable[[], bool]) -> bool:
    for _ in range(_IDLE_LOOKS):
        if met():
            return True
        time.sleep(_LOOK)
    return False


def _cut(database: str) -> bool:
    with Database(database).read() as connection:
        return bool(connection.scalar(_CUT, {"half": _RUNNING & 0xFFFF_FFFF}))


def _holder(database: str) -> str:
    """The server's process whose connection holds the lock; empty while none does."""
    reading, writing = os.pipe()

    def ask() -> bool:
        with Database(database).read() as connection:
            held = connection.scalars(_HELD, {"half": _RUNNING & 0xFFFF_FFFF}).all()
        os.write(writing, " ".join(map(str, held)).encode())
        return True

    assert _in_passing(ask)
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as answer:
        return answer.read()


def _in_passing(ask: Callable[[], bool]) -> bool:
    """Asked by a process of its own: what is forked later must inherit no connection."""
    child = os.fork()
    if not child:
        os._exit(0 if ask() else 1)
    return os.waitpid(child, 0)[1] == 0


def main(plan: dict[str, Any]) -> None:
    """Kill as often as planned, then wait until nothing is left to do."""
    chance = random.Random(plan["seed"])
    leaders = [Leader(Path(folder), port) for folder, port in plan["leaders"]]
    found = open_home(leaders[0].folder)
    mail = Mail(found.settings.intake, chance, found.store.laptops.recipients()[:1])
    found.close()  # a fork must not inherit a database connection
    _hurry()
    team, tally = Team(leaders, Path(plan["worker"]), plan["addresses"]), Tally()
    try:
        _attacked(team, tally, mail, plan)
    except BaseException:
        team.kill()  # else they would live on, and so would who waits for their last words
        raise
    tally.sent = [{k: v for k, v in asdict(each).items() if k != "content"} for each in mail.sent]
    print(json.dumps(asdict(tally)))  # noqa: T201 - what it is asked for


def _attacked(team: Team, tally: Tally, mail: Mail, plan: dict[str, Any]) -> None:
    chance, (first, *_) = random.Random(f"{plan['seed']}/kills"), plan["leaders"]
    folder, intake = Path(first[0]), mail.intake
    team.start()
    while tally.attacks < plan["kills"]:
        mail.grow()
        if sum(1 for path in intake.rglob("*") if path.is_file()) < 3:
            mail.drop_batch()
        time.sleep(chance.uniform(0.0, _LONGEST))
        tally.workers_killed += team.replace_dead()
        _kill(team, chance, tally, plan["database"])
    while mail.arriving:
        mail.grow()

    def ended() -> bool:
        tally.workers_killed += team.replace_dead()
        return _in_passing(lambda: _idle(folder))

    assert _soon(ended), "the batch did not end"
    assert _soon(lambda: _in_passing(lambda: _one_leads_one_stands_by(folder)))
    team.stop()


def _kill(team: Team, chance: random.Random, tally: Tally, database: str) -> None:
    try:
        team.leader()
    except LookupError:  # nobody leads yet
        time.sleep(_LOOK)
        return
    what = chance.random()
    if what < _LEADERS_KILLED:
        tally.most_looks = max(tally.most_looks, team.kill_leader())
        tally.leaders_killed += 1
    elif what < _LEADERS_KILLED + _LEADERS_CUT:
        tally.most_looks = max(tally.most_looks, team.cut_leader(database))
        tally.leaders_cut += 1
    else:
        team.kill_worker(chance)
        tally.workers_killed += 1


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
