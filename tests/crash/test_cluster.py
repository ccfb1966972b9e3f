"""Machines of one team: workers and leaders are killed, and every recording is drafted once."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from recorder.home import Home, open_home
from recorder.intake.adopter import Adopter
from recorder.intake.receive import watcher
from recorder.pipeline import STAGES
from recorder.scheduler import Scheduler
from store.records import DRAFTED, RECEIVED, Arrival, Recording
from store.switches import PAUSED
from tests import object_stores
from tests.attacks.oracle import Attacks
from tests.crash.mail import CASES, Mail
from tests.crash.stages import SOURCE
from tests.crash.test_kill import ROOT, furnish, nothing_lost_nothing_doubled
from tests.crash.victim import drafting
from tests.object_stores import ACCOUNT, ACCOUNT_KEY, BUCKET

_FEWEST = 7  # kills in a small run
_ROUND = 50  # kills of one team


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_machines_are_killed_and_every_recording_is_drafted_once(
    url: str, tmp_path: Path, attack: Attacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        object_stores.azurite(tmp_path / "azurite") as address,
        attack("27 kill -9, workers and leaders of a cluster", 200) as kills,
    ):
        settings = {
            "DATABASE": url,
            "VAULT": f"azure://{ACCOUNT}/{BUCKET}",
            "VAULT_ENDPOINT": address,
            "INTAKE": str(tmp_path / "intake"),
            "AGREEMENT": "",
            "SETTLE_SECONDS": "0",
            "SETTLE_LOOKS": "2",
            "SCAN_SECONDS": "0.05",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"RECORDER_{name}", value)
        monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", ACCOUNT_KEY)
        plan = _plan(tmp_path)
        wanted = max(_FEWEST, kills.planned)
        sent: list[dict[str, Any]] = []
        for start in range(0, wanted, _ROUND):
            plan |= {
                "database": url,
                "seed": f"{kills.seed}/{start}",
                "kills": min(_ROUND, wanted - start),
            }
            tally = _killed(plan)
            sent += tally["sent"]
            nothing_lost_nothing_doubled(Path(plan["worker"]), sent)
            kinds = ("workers_killed", "leaders_killed", "leaders_cut")
            kills.attempts += sum(tally[kind] for kind in kinds)


def _plan(folder: Path) -> dict[str, Any]:
    """Three homes on one database and vault, and an address for each that may lead."""
    first, *ports = folder / "first", *_free_ports(4)
    (folder / "intake").mkdir()
    furnish(first)
    others = [Path(shutil.copytree(first, folder / name)) for name in ("second", "worker")]
    addresses = [f"tcp://127.0.0.1:{port}" for port in ports[:2]]
    for home, address in zip((first, others[0]), addresses, strict=True):
        with (home / "config.toml").open("a") as config:
            config.write(f'cluster = "{address}"\n')
    leaders = [(str(first), ports[2]), (str(others[0]), ports[3])]
    return {"leaders": leaders, "worker": str(others[1]), "addresses": addresses}


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        doors = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [door.getsockname()[1] for door in doors]


def _killed(plan: dict[str, Any]) -> dict[str, Any]:
    argv = [sys.executable, "-m", "tests.crash.cluster", json.dumps(plan)]
    ended = subprocess.run(
        argv, cwd=ROOT, capture_output=True, check=False, text=True, env=dict(os.environ)
    )
    assert ended.returncode == 0, f"seed {plan['seed']}: {ended.stderr[-8000:]}"
    tally: dict[str, Any] = json.loads(ended.stdout)
    return tally


def test_two_schedulers_at_once_do_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the moment in which one has lost the hold and does not know it yet."""
    for name, value in {"SETTLE_SECONDS": "0", "SETTLE_LOOKS": "2", "AGREEMENT": ""}.items():
        monkeypatch.setenv(f"RECORDER_{name}", value)
    monkeypatch.setattr("recorder.scheduler._FRESH_SECONDS", 0.0)
    furnish(tmp_path / "home")
    home = open_home(tmp_path / "home")
    mail = Mail(home.settings.intake, random.Random(1), home.store.laptops.recipients()[:1])
    mail.drop_batch()
    while mail.arriving:
        mail.grow()
    looking = watcher(home)
    for _ in range(3):
        looking.look()
    home.store.switches.turn_on(PAUSED, "test")  # until both are at it
    stop = threading.Event()
    both = [
        threading.Thread(target=Scheduler(home, drafting(home)).run, args=(stop, 0.01))
        for _ in range(2)
    ]
    for each in both:
        each.start()
    home.store.switches.turn_off(PAUSED, "test")
    while home.store.recordings.all(*STAGES) or home.store.arrivals.ids():
        stop.wait(0.05)
        looking.look()
        Adopter(home).look()
    stop.set()
    for each in both:
        each.join()
    home.close()
    sent = [{k: v for k, v in asdict(each).items() if k != "content"} for each in mail.sent]
    nothing_lost_nothing_doubled(tmp_path / "home", sent)


def test_who_may_not_give_out_work_gives_out_none(tmp_path: Path) -> None:
    furnish(tmp_path / "home")
    home = open_home(tmp_path / "home")
    recording = _taken_in(home)
    workers = drafting(home)
    may = iter([False, True, False])
    scheduler = Scheduler(home, workers, lambda: next(may))
    scheduler.look()
    assert home.store.recordings.get(recording.id).state == RECEIVED
    scheduler.look()
    workers.close()
    assert home.store.recordings.get(recording.id).state == DRAFTED
    home.close()


def _taken_in(home: Home) -> Recording:
    maker = home.store.people.by_handle("amara")
    case = home.store.cases.by_ref(CASES[0])
    arrival = Arrival(
        scope=case.id,
        case_id=case.id,
        practitioner_id=maker.id,
        media_type="wav",
        kind="audio",
        name="note.wav",
        recorded_at=1_762_362_300_000,
        recorded_from="file",
    )
    return home.store.recordings.register(home.store.recordings.seal(case.id, [SOURCE]), arrival)[0]
