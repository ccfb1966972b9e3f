"""A machine that fails for a while, at every stage: nothing lost, said plainly, and it goes on."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, redirect_stderr
from io import StringIO
from pathlib import Path

import pytest

from recorder import cli
from recorder.home import create_home
from store import sqlite
from tests.attacks.oracle import Attacks
from tests.crash.machine import FAULTS, Clock, Machine, small_disk
from tests.crash.stages import STAGES_TRIED, furnish, template, whole

_TIMES = 7  # that it is tried while the fault lasts: more than any try that is counted
_PATIENCE_MS = 20 * 60_000  # longer than anything waits before its next try
_UNFORESEEN = 70  # the exit code of what nobody thought of

Fault = Callable[[Machine], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    with small_disk() as folder:
        yield folder


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A home for every stage, where it begins."""
    with pytest.MonkeyPatch.context() as quickly:
        for name, value in {"SETTLE_SECONDS": "0", "SETTLE_LOOKS": "2"}.items():
            quickly.setenv(f"RECORDER_{name}", value)
        first = tmp_path_factory.mktemp("homes") / "first"
        home = create_home(first)
        furnish(home)
        home.close()
        yield {
            name: template(Path(shutil.copytree(first, first.with_name(name))), stage)
            for name, stage in STAGES_TRIED.items()
        }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("stage", STAGES_TRIED)
def test_a_fault_loses_nothing_is_said_plainly_and_heals_when_it_ends(
    stage: str,
    fault: Fault,
    disk: Path,
    templates: dict[str, Path],
    attack: Attacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setattr(time, "time_ns", clock.time_ns)
    # Nobody waits half a minute in a test for a database that is held.
    impatient = tuple(each for each in sqlite._PRAGMAS if "busy_timeout" not in each)
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*impatient, "busy_timeout=10"))
    with attack(f"29 {fault.__name__.replace('_', ' ')}, {stage}", 20) as trials:
        while trials.attempts < trials.planned:
            machine = Machine(disk, trials.chance, clock)
            shutil.copytree(templates[stage], machine.folder)
            try:
                _suffer_and_recover(machine, stage, fault)
            finally:
                machine.home.store.database.engine.dispose()
                shutil.rmtree(machine.folder)
            trials.attempts += 1


def _suffer_and_recover(machine: Machine, stage: str, fault: Fault) -> None:
    home, tried = machine.open(), STAGES_TRIED[stage]
    with fault(machine):
        for _ in range(_TIMES):
            _attempt(machine, stage)
            machine.clock.ahead_ms += _PATIENCE_MS
    for _ in range(_TIMES):
        if tried.finished(home):
            break
        machine.clock.ahead_ms += _PATIENCE_MS
        tried.attempt(home)
    assert tried.finished(home), "it did not go on when the cause had ended"
    home.store.database.engine.dispose()
    whole(machine.open())


def _attempt(machine: Machine, stage: str) -> None:
    """Try; an error must be one that is said in a plain sentence."""
    try:
        STAGES_TRIED[stage].attempt(machine.home)
    except Exception as error:
        with redirect_stderr(
            StringIO()
        ):  # pytest's own is a file, for which the fault would hold too
            said = cli._explain(error)
        if said == _UNFORESEEN:
            raise
